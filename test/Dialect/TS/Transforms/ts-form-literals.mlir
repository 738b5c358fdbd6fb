// RUN: wick-opt %s --ts-form-literals | FileCheck %s

ts.schema @"aten::__getitem__.t" "aten::__getitem__.t(t[](a) list, int idx) -> t(*)" arguments ["list", "idx"] writes [] aliases [0]
ts.schema @"aten::get.default_str" "aten::get.default_str(Dict(str, t) self, str key, t default_value) -> t(*)" arguments ["self", "key", "default_value"] writes [] aliases []
ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0, 1]
ts.schema @"aten::slice.t" "aten::slice.t(t[] l, int? start, int? end, int step) -> t[]" arguments ["l", "start", "end", "step"] writes [] aliases []
ts.schema @"aten::__is__" "aten::__is__(t1 self, t2 obj) -> bool" arguments ["self", "obj"] writes [] aliases []

// A dict that is only read, with a list in it that is.
// CHECK-LABEL: func.func @read
// CHECK-NOT:     construct
// CHECK:         ts.literal {dict = ["a", {list = [1, 2]}, "b", {list = [3]}]} : !ts.dict<!ts.str, !ts.list<i64>>
// CHECK-NOT:     wick::copy
func.func @read(%key: !ts.str, %n: i64, %other: !ts.list<i64>) -> i64 {
  %c1 = arith.constant 1 : i64
  %c2 = arith.constant 2 : i64
  %c3 = arith.constant 3 : i64
  %a = ts.str "a"
  %b = ts.str "b"
  %x = ts.list_construct %c1, %c2 : (i64, i64) -> !ts.list<i64>
  %y = ts.list_construct %c3 : (i64) -> !ts.list<i64>
  %d = ts.dict_construct(%a, %b) to(%x, %y) : (!ts.str, !ts.str) (!ts.list<i64>, !ts.list<i64>) -> !ts.dict<!ts.str, !ts.list<i64>>
  %found = ts.operator @"aten::get.default_str"(%d, %key, %other) : (!ts.dict<!ts.str, !ts.list<i64>>, !ts.str, !ts.list<i64>) -> !ts.list<i64>
  %item = ts.operator @"aten::__getitem__.t"(%found, %n) : (!ts.list<i64>, i64) -> i64
  return %item : i64
}

// A bool, a float, None and a tuple.
// CHECK-LABEL: func.func @kinds
// CHECK:         ts.literal {list = [{tuple = [unit, true, 1.500000e+00]}]}
func.func @kinds(%n: i64) -> f64 {
  %none = ts.none
  %maybe = ts.upcast %none : !ts.none to !ts.optional<i64>
  %true = arith.constant true
  %f = arith.constant 1.5 : f64
  %t = ts.tuple_construct %maybe, %true, %f : (!ts.optional<i64>, i1, f64) -> !ts.tuple<!ts.optional<i64>, i1, f64>
  %l = ts.list_construct %t : (!ts.tuple<!ts.optional<i64>, i1, f64>) -> !ts.list<!ts.tuple<!ts.optional<i64>, i1, f64>>
  %e = ts.operator @"aten::__getitem__.t"(%l, %n) : (!ts.list<!ts.tuple<!ts.optional<i64>, i1, f64>>, i64) -> !ts.tuple<!ts.optional<i64>, i1, f64>
  %r = ts.tuple_index %e[2] : !ts.tuple<!ts.optional<i64>, i1, f64> -> f64
  return %r : f64
}

// What is found in it changes.
// CHECK-LABEL: func.func @inner_changes
// CHECK-NOT:     ts.literal
// CHECK:         return
func.func @inner_changes(%n: i64) {
  %c1 = arith.constant 1 : i64
  %x = ts.list_construct %c1 : (i64) -> !ts.list<i64>
  %l = ts.list_construct %x : (!ts.list<i64>) -> !ts.list<!ts.list<i64>>
  %found = ts.operator @"aten::__getitem__.t"(%l, %n) : (!ts.list<!ts.list<i64>>, i64) -> !ts.list<i64>
  %r = ts.operator @"aten::append.t"(%found, %n) : (!ts.list<i64>, i64) -> !ts.list<i64>
  return
}

// A slice is another list; a default that is given back is not, and callers may change what they get.
// CHECK-LABEL: func.func @handed_out
// CHECK:         %[[SLICED:.*]] = ts.literal {list = [1, 2]}
// CHECK:         %[[DEFAULT:.*]] = ts.list_construct
// CHECK:         ts.operator @"aten::slice.t"(%[[SLICED]]
// CHECK:         ts.operator @"aten::get.default_str"(%{{.*}}, %{{.*}}, %[[DEFAULT]])
func.func @handed_out(%d: !ts.dict<!ts.str, !ts.list<i64>>, %key: !ts.str) -> (!ts.list<i64>, !ts.list<i64>) {
  %c1 = arith.constant 1 : i64
  %c2 = arith.constant 2 : i64
  %none = ts.none
  %l = ts.list_construct %c1, %c2 : (i64, i64) -> !ts.list<i64>
  %default = ts.list_construct %c2 : (i64) -> !ts.list<i64>
  %s = ts.operator @"aten::slice.t"(%l, %none, %none, %c1) : (!ts.list<i64>, !ts.none, !ts.none, i64) -> !ts.list<i64>
  %g = ts.operator @"aten::get.default_str"(%d, %key, %default) : (!ts.dict<!ts.str, !ts.list<i64>>, !ts.str, !ts.list<i64>) -> !ts.list<i64>
  return %s, %g : !ts.list<i64>, !ts.list<i64>
}

// Two lists are two even when they are equal.
// CHECK-LABEL: func.func @identity
// CHECK-NOT:     ts.literal
// CHECK:         return
func.func @identity(%other: !ts.list<i64>) -> i1 {
  %c1 = arith.constant 1 : i64
  %l = ts.list_construct %c1 : (i64) -> !ts.list<i64>
  %is = ts.operator @"aten::__is__"(%l, %other) : (!ts.list<i64>, !ts.list<i64>) -> i1
  return %is : i1
}

// A long one that callers may change is a copy of a literal.
// CHECK-LABEL: func.func @long
// CHECK-NOT:     construct
// CHECK:         %[[LITERAL:.*]] = ts.literal {list = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]} : !ts.list<i64>
// CHECK-NEXT:    %[[COPY:.*]] = ts.operator @"wick::copy"(%[[LITERAL]]) : (!ts.list<i64>) -> !ts.list<i64>
// CHECK-NEXT:    return %[[COPY]]
func.func @long() -> !ts.list<i64> {
  %c0 = arith.constant 0 : i64
  %l = ts.list_construct %c0, %c0, %c0, %c0, %c0, %c0, %c0, %c0, %c0, %c0, %c0, %c0, %c0, %c0, %c0, %c0 : (i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64) -> !ts.list<i64>
  return %l : !ts.list<i64>
}

// What holds one list twice holds no constant.
// CHECK-LABEL: func.func @twice
// CHECK-NOT:     ts.literal {list = [{
// CHECK:         return
func.func @twice(%n: i64) -> i64 {
  %c1 = arith.constant 1 : i64
  %x = ts.list_construct %c1 : (i64) -> !ts.list<i64>
  %l = ts.list_construct %x, %x : (!ts.list<i64>, !ts.list<i64>) -> !ts.list<!ts.list<i64>>
  %found = ts.operator @"aten::__getitem__.t"(%l, %n) : (!ts.list<!ts.list<i64>>, i64) -> !ts.list<i64>
  %item = ts.operator @"aten::__getitem__.t"(%found, %n) : (!ts.list<i64>, i64) -> i64
  return %item : i64
}

// Nor is a list a constant that changes under another name, or one in a tuple that is held twice.
// CHECK-LABEL: func.func @under_another_name
// CHECK-NOT:     ts.literal {list = [{
// CHECK:         return
func.func @under_another_name(%n: i64) -> i64 {
  %c1 = arith.constant 1 : i64
  %x = ts.list_construct %c1 : (i64) -> !ts.list<i64>
  %o = ts.upcast %x : !ts.list<i64> to !ts.optional<!ts.list<i64>>
  %l = ts.list_construct %o : (!ts.optional<!ts.list<i64>>) -> !ts.list<!ts.optional<!ts.list<i64>>>
  %r = ts.operator @"aten::append.t"(%x, %n) : (!ts.list<i64>, i64) -> !ts.list<i64>
  %found = ts.operator @"aten::__getitem__.t"(%l, %n) : (!ts.list<!ts.optional<!ts.list<i64>>>, i64) -> !ts.optional<!ts.list<i64>>
  %y = ts.unchecked_cast %found : !ts.optional<!ts.list<i64>> to !ts.list<i64>
  %item = ts.operator @"aten::__getitem__.t"(%y, %n) : (!ts.list<i64>, i64) -> i64
  return %item : i64
}

// CHECK-LABEL: func.func @tuple_twice
// CHECK-NOT:     ts.literal {list = [{
// CHECK:         return
func.func @tuple_twice(%n: i64) -> !ts.tuple<!ts.list<i64>> {
  %c1 = arith.constant 1 : i64
  %x = ts.list_construct %c1 : (i64) -> !ts.list<i64>
  %t = ts.tuple_construct %x : (!ts.list<i64>) -> !ts.tuple<!ts.list<i64>>
  %l = ts.list_construct %t, %t : (!ts.tuple<!ts.list<i64>>, !ts.tuple<!ts.list<i64>>) -> !ts.list<!ts.tuple<!ts.list<i64>>>
  %found = ts.operator @"aten::__getitem__.t"(%l, %n) : (!ts.list<!ts.tuple<!ts.list<i64>>>, i64) -> !ts.tuple<!ts.list<i64>>
  return %t : !ts.tuple<!ts.list<i64>>
}
