// RUN: wick-opt %s --ts-functionalize | FileCheck %s

// What is written is no tensor of another dtype, rank or size: a view of one that a slot holds may be stored as it is.
ts.class @M "module" {
  ts.attr "hidden" : !ts.tensor<[1, 6], f32>
  ts.attr "mean" : !ts.tensor<[4], f32>
  ts.attr "frames" : !ts.list<!ts.tensor<[6], f32>>
}

ts.schema @"aten::append.t" "aten::append.t" arguments ["self", "el"] writes [0] aliases []

// CHECK-LABEL: func.func @push
// CHECK:         ts.write
// CHECK:         ts.get_attr %{{.*}}["hidden"]
// CHECK:         %[[FRAME:.*]] = aten.select
// CHECK:         %[[STORED:.*]] = ts.from_value %[[FRAME]]
// CHECK:         ts.operator @"aten::append.t"(%{{.*}}, %[[STORED]])
// CHECK:         return
func.func @push(%m: !ts.object<@M> {ts.state = 0 : i64}, %x: !ts.tensor<[4], f32>) -> !ts.tensor<[1, 6], f32> {
  %c0 = arith.constant 0 : i64
  %mean = ts.get_attr %m["mean"] : !ts.object<@M> -> !ts.tensor<[4], f32>
  ts.write %mean, %x : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
  %hidden = ts.get_attr %m["hidden"] : !ts.object<@M> -> !ts.tensor<[1, 6], f32>
  %frame = aten.select %hidden, %c0, %c0 : (!ts.tensor<[1, 6], f32>, i64, i64) -> !ts.tensor<[6], f32>
  %frames = ts.get_attr %m["frames"] : !ts.object<@M> -> !ts.list<!ts.tensor<[6], f32>>
  ts.operator @"aten::append.t"(%frames, %frame) : (!ts.list<!ts.tensor<[6], f32>>, !ts.tensor<[6], f32>) -> ()
  return %hidden : !ts.tensor<[1, 6], f32>
}
