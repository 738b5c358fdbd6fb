// RUN: wick-opt %s --ts-infer-types="inputs=x=4xf32" --split-input-file | FileCheck %s

ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0]
ts.schema @"aten::__getitem__.t" "aten::__getitem__.t(t[](a) list, int idx) -> t(*)" arguments ["list", "idx"] writes [] aliases []

// What is taken out of a value of any kind is what the program has made one of, and so are the lists.
// CHECK-LABEL: func.func @told
// CHECK:         ts.isinstance %{{.*}} [!ts.opaque<"list">] : !ts.any
// CHECK:         ts.unchecked_cast %{{.*}} : !ts.any to !ts.tensor<[4], f32>
// CHECK:         ts.unchecked_cast %{{.*}} : !ts.any to !ts.list<i64>
func.func @told(%x: !ts.tensor {ts.name = "x"}, %n: i64, %some: !ts.list<i64>, %others: !ts.list<f64>) -> (i1, !ts.tensor, !ts.list<i64>) {
  %list = ts.list_construct : () -> !ts.list<!ts.any>
  ts.operator @"aten::append.t"(%list, %x) : (!ts.list<!ts.any>, !ts.tensor) -> ()
  ts.operator @"aten::append.t"(%list, %some) : (!ts.list<!ts.any>, !ts.list<i64>) -> ()
  %v = ts.operator @"aten::__getitem__.t"(%list, %n) : (!ts.list<!ts.any>, i64) -> !ts.any
  %is = ts.isinstance %v [!ts.list<i64>] : !ts.any
  %t = ts.unchecked_cast %v : !ts.any to !ts.tensor
  %l = ts.unchecked_cast %v : !ts.any to !ts.list<i64>
  return %is, %t, %l : i1, !ts.tensor, !ts.list<i64>
}

// -----

ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0]
ts.schema @"aten::__getitem__.t" "aten::__getitem__.t(t[](a) list, int idx) -> t(*)" arguments ["list", "idx"] writes [] aliases []

// Where lists of two types are, the kind does not tell: they are told what they are, and asked. Of dicts there are none.
// CHECK-LABEL: func.func @open
// CHECK-DAG:     %[[FLOATS:.*]] = ts.str "List[float]"
// CHECK-DAG:     ts.operator @"wick::set_type"(%arg3, %[[FLOATS]])
// CHECK-DAG:     %[[INTS:.*]] = ts.str "List[int]"
// CHECK-DAG:     ts.operator @"wick::set_type"(%arg2, %[[INTS]])
// CHECK:         ts.list_construct
// CHECK-DAG:     %[[NO:.*]] = arith.constant false
// CHECK-DAG:     %[[IS:.*]] = ts.operator @"wick::is_type"(%{{.*}}, %{{.*}}) : (!ts.any, !ts.str) -> i1
// CHECK:         return %[[IS]], %[[NO]]
func.func @open(%x: !ts.tensor {ts.name = "x"}, %n: i64, %some: !ts.list<i64>, %others: !ts.list<f64>) -> (i1, i1) {
  %list = ts.list_construct %x, %others : (!ts.tensor, !ts.list<f64>) -> !ts.list<!ts.any>
  ts.operator @"aten::append.t"(%list, %some) : (!ts.list<!ts.any>, !ts.list<i64>) -> ()
  %v = ts.operator @"aten::__getitem__.t"(%list, %n) : (!ts.list<!ts.any>, i64) -> !ts.any
  %is = ts.isinstance %v [!ts.list<i64>] : !ts.any
  %dict = ts.isinstance %v [!ts.dict<!ts.str, i64>] : !ts.any
  return %is, %dict : i1, i1
}

// -----

// A union of two kinds of lists is no other.
// CHECK-LABEL: func.func @choice
// CHECK:         %[[TYPE:.*]] = ts.str "List[str]"
// CHECK:         ts.operator @"wick::is_type"(%arg1, %[[TYPE]])
func.func @choice(%x: !ts.tensor {ts.name = "x"}, %v: !ts.union<!ts.list<i64>, !ts.list<!ts.str>>) -> i1 {
  %is = ts.isinstance %v [!ts.list<!ts.str>] : !ts.union<!ts.list<i64>, !ts.list<!ts.str>>
  return %is : i1
}
