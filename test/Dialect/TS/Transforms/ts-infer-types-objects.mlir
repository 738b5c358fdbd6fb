// RUN: wick-opt %s --ts-infer-types="inputs=weigh:0=Box(weight=2x3xf32,parts=[?x4xf32],inner=Leaf(w=8xf64),other=none,name=str),several:0=[Leaf(w=_)],several:1=Leaf(w=7xf64),open:0=Leaf(),open:1=Color(),fields:p=Pair(b=int,a=2x?xf32)" | FileCheck %s

ts.schema @"aten::__getitem__.t" "aten::__getitem__.t" arguments ["list", "idx"] writes [] aliases []
ts.schema @"aten::append.t" "aten::append.t" arguments ["self", "el"] writes [0] aliases []

// What examples say of attributes, and what the program stores there, holds of the class: sizes that differ are dynamic.
// CHECK: ts.class @Leaf
// CHECK:   ts.attr "w" : !ts.tensor<[?], f64>
ts.class @Leaf "class" {
  ts.attr "w" : !ts.tensor
}
// CHECK: ts.class @Box
// CHECK:   ts.attr "weight" : !ts.tensor<[?, 3], f32>
// CHECK:   ts.attr "parts" : !ts.list<!ts.tensor<[?, 4], f32>>
// CHECK:   ts.attr "inner" : !ts.object<@Leaf>
// CHECK:   ts.attr "other" : !ts.optional<!ts.tensor>
ts.class @Box "class" {
  ts.attr "weight" : !ts.tensor
  ts.attr "parts" : !ts.list<!ts.tensor>
  ts.attr "inner" : !ts.object<@Leaf>
  ts.attr "other" : !ts.optional<!ts.tensor>
  ts.attr "name" : !ts.str
}

// CHECK-LABEL: func.func @weigh
// CHECK-SAME:    -> (!ts.tensor<[?, 3], f32>, !ts.tensor<[?, 4], f32>, !ts.tensor<[?], f64>)
func.func @weigh(%box: !ts.object<@Box>) -> (!ts.tensor, !ts.tensor, !ts.tensor) {
  %c0 = arith.constant 0 : i64
  %weight = ts.get_attr %box["weight"] : !ts.object<@Box> -> !ts.tensor
  %parts = ts.get_attr %box["parts"] : !ts.object<@Box> -> !ts.list<!ts.tensor>
  %part = ts.operator @"aten::__getitem__.t"(%parts, %c0) : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  %leaf = ts.get_attr %box["inner"] : !ts.object<@Box> -> !ts.object<@Leaf>
  %w = ts.get_attr %leaf["w"] : !ts.object<@Leaf> -> !ts.tensor
  %both = ts.list_construct %weight, %weight : (!ts.tensor, !ts.tensor) -> !ts.list<!ts.tensor>
  %two = aten.cat %both, %c0 : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  ts.set_attr %box["weight"] = %two : !ts.object<@Box>, !ts.tensor
  return %weight, %part, %w : !ts.tensor, !ts.tensor, !ts.tensor
}

ts.class @Color "enum" {
  ts.attr "RED" : i64 {value = 1 : i64}
}
// An example says what Any is, by the name of its class.
// CHECK-LABEL: func.func @open
// CHECK-SAME:    (%{{.*}}: !ts.object<@Leaf>, %{{.*}}: !ts.enum<@Color>)
func.func @open(%a: !ts.any, %b: !ts.any) {
  return
}

// A named tuple is told by its fields, too.
// CHECK-LABEL: func.func @fields
// CHECK-SAME:    -> !ts.tensor<[2, s0], f32>
func.func @fields(%p: !ts.namedtuple<"__torch__.Pair", ["a", "b"], (!ts.tensor, i64)> {ts.name = "p"}) -> !ts.tensor {
  %a, %b = ts.tuple_unpack %p : !ts.namedtuple<"__torch__.Pair", ["a", "b"], (!ts.tensor, i64)> -> !ts.tensor, i64
  return %a : !ts.tensor
}

// What is stored in a slot may have been computed from it: what else is stored says what it is. So in named tuples, too.
// CHECK: ts.class @Track
// CHECK:   ts.attr "velocity" : !ts.tensor<[4], f32>
// CHECK:   ts.attr "pair" : !ts.optional<!ts.namedtuple<"Pair", ["a", "b"], (!ts.tensor<[4], f32>, i64)>>
ts.class @Track "class" {
  ts.attr "velocity" : !ts.tensor
  ts.attr "pair" : !ts.optional<!ts.namedtuple<"Pair", ["a", "b"], (!ts.tensor, i64)>>
}
// CHECK-LABEL: func.func @track
// CHECK-SAME:    -> !ts.tensor<[4], f32>
func.func @track(%track: !ts.object<@Track>, %other: !ts.object<@Track>, %n: i64) -> !ts.tensor {
  %v = ts.get_attr %track["velocity"] : !ts.object<@Track> -> !ts.tensor
  %w = aten.relu %v : (!ts.tensor) -> !ts.tensor
  ts.set_attr %track["velocity"] = %w : !ts.object<@Track>, !ts.tensor
  %value = arith.constant dense<1.0> : tensor<4xf32>
  %x = ts.from_value %value : tensor<4xf32> -> !ts.tensor
  %none = ts.none
  %nothing = ts.upcast %none : !ts.none to !ts.optional<!ts.namedtuple<"Pair", ["a", "b"], (!ts.tensor, i64)>>
  %pair = ts.tuple_construct %x, %n : (!ts.tensor, i64) -> !ts.namedtuple<"Pair", ["a", "b"], (!ts.tensor, i64)>
  %made = ts.upcast %pair : !ts.namedtuple<"Pair", ["a", "b"], (!ts.tensor, i64)> to !ts.optional<!ts.namedtuple<"Pair", ["a", "b"], (!ts.tensor, i64)>>
  ts.set_attr %track["pair"] = %nothing : !ts.object<@Track>, !ts.optional<!ts.namedtuple<"Pair", ["a", "b"], (!ts.tensor, i64)>>
  ts.set_attr %track["pair"] = %made : !ts.object<@Track>, !ts.optional<!ts.namedtuple<"Pair", ["a", "b"], (!ts.tensor, i64)>>
  ts.set_attr %other["velocity"] = %x : !ts.object<@Track>, !ts.tensor
  %y = ts.get_attr %track["velocity"] : !ts.object<@Track> -> !ts.tensor
  return %y : !ts.tensor
}

func.func @several(%leaves: !ts.list<!ts.object<@Leaf>>, %leaf: !ts.object<@Leaf>) {
  return
}
