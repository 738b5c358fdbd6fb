// What is given or not is decided by a branch, in which code is for one or the other.
// RUN: wick-opt %s --ts-simplify-program --ts-infer-types | FileCheck %s

ts.schema @"aten::__isnot__" "aten::__isnot__(t1 self, t2 obj) -> bool" arguments ["self", "obj"] writes [] aliases []
