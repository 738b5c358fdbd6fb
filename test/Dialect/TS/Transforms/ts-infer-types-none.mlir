// RUN: wick-opt %s --ts-infer-types="inputs=x=?x5xf32" | FileCheck %s

// A slot that begins with None in the function that reads it: what is computed from its tensor says nothing until that
// of the first call has been seen.
// CHECK: ts.attr "last" : !ts.optional<!ts.tensor<[?, 5], f32>>
ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0]
ts.schema @"aten::__getitem__.t" "aten::__getitem__.t(t[](a) list, int idx) -> t(*)" arguments ["list", "idx"] writes [] aliases []
ts.schema @"aten::__isnot__" "aten::__isnot__(t1 self, t2 obj) -> bool" arguments ["self", "obj"] writes [] aliases []
ts.class @Smooth "class" {
  ts.attr "last" : !ts.optional<!ts.tensor>
}
// CHECK-LABEL: func.func @step
// CHECK:         aten.add {{.*}} -> !ts.tensor<[?, 5], f32>
func.func @step(%x: !ts.tensor {ts.name = "x"}, %list: !ts.list<!ts.object<@Smooth>>, %n: i64) -> !ts.tensor {
  %c1 = arith.constant 1 : i64
  %none = ts.none
  %made = ts.create_object : !ts.object<@Smooth>
  %nothing = ts.upcast %none : !ts.none to !ts.optional<!ts.tensor>
  ts.set_attr %made["last"] = %nothing : !ts.object<@Smooth>, !ts.optional<!ts.tensor>
  %same = ts.operator @"aten::append.t"(%list, %made) : (!ts.list<!ts.object<@Smooth>>, !ts.object<@Smooth>) -> !ts.list<!ts.object<@Smooth>>
  %object = ts.operator @"aten::__getitem__.t"(%list, %n) : (!ts.list<!ts.object<@Smooth>>, i64) -> !ts.object<@Smooth>
  %last = ts.get_attr %object["last"] : !ts.object<@Smooth> -> !ts.optional<!ts.tensor>
  %is = ts.operator @"aten::__isnot__"(%last, %none) : (!ts.optional<!ts.tensor>, !ts.none) -> i1
  %y = scf.if %is -> (!ts.tensor) {
    %tensor = ts.unchecked_cast %last : !ts.optional<!ts.tensor> to !ts.tensor
    %sum = aten.add %x, %tensor, %c1 : (!ts.tensor, !ts.tensor, i64) -> !ts.tensor
    scf.yield %sum : !ts.tensor
  } else {
    scf.yield %x : !ts.tensor
  }
  %stored = ts.upcast %y : !ts.tensor to !ts.optional<!ts.tensor>
  ts.set_attr %object["last"] = %stored : !ts.object<@Smooth>, !ts.optional<!ts.tensor>
  return %y : !ts.tensor
}
