// RUN: wick-opt %s --ts-infer-types | FileCheck %s

// A slot that begins with a tensor of another rank: run time is asked which it is, and what uses it is for each.
// CHECK: ts.attr "state" : !ts.tensor<*, f32, [!ts.tensor<[0], f32>, !ts.tensor<[?, 4], f32>]>
ts.class @C "module" {
  ts.attr "state" : !ts.tensor
}
func.func @begin(%o: !ts.object<@C>) {
  %value = arith.constant dense<> : tensor<0xf32>
  %x = ts.from_value %value : tensor<0xf32> -> !ts.tensor
  ts.set_attr %o["state"] = %x : !ts.object<@C>, !ts.tensor
  return
}
// CHECK-LABEL: func.func @step
// CHECK:         %[[T:.*]] = ts.get_attr %{{.*}}["state"] : !ts.object<@C> -> !ts.tensor<*, f32, [!ts.tensor<[0], f32>, !ts.tensor<[?, 4], f32>]>
// CHECK:         %[[P:.*]] = ts.has_type %[[T]] : {{.*}}, !ts.tensor<[0], f32>
// CHECK:         scf.if %[[P]]
// CHECK:           ts.refine %[[T]] : {{.*}} to !ts.tensor<[0], f32>
// CHECK:           aten.relu %{{.*}} -> !ts.tensor<[0], f32>
// CHECK:         } else {
// CHECK:           %[[Q:.*]] = ts.has_type %[[T]] : {{.*}}, !ts.tensor<[?, 4], f32>
// CHECK:           scf.if %[[Q]]
// CHECK:             ts.refine %[[T]] : {{.*}} to !ts.tensor<[?, 4], f32>
// CHECK:           ts.str "attribute 'state' holds a tensor for which the model was not compiled"
// CHECK:           aten.relu %{{.*}} -> !ts.tensor<[?, 4], f32>
func.func @step(%o: !ts.object<@C>, %n: i64) -> i64 {
  %c0 = arith.constant 0 : i64
  %t = ts.get_attr %o["state"] : !ts.object<@C> -> !ts.tensor
  %y = aten.relu %t : (!ts.tensor) -> !ts.tensor
  %size = ts.size %y, %c0 : !ts.tensor
  %value = arith.constant dense<1.0> : tensor<2x4xf32>
  %x = ts.from_value %value : tensor<2x4xf32> -> !ts.tensor
  %big = arith.constant dense<1.0> : tensor<3x4xf32>
  %z = ts.from_value %big : tensor<3x4xf32> -> !ts.tensor
  %more = arith.cmpi sgt, %n, %c0 : i64
  scf.if %more {
    ts.set_attr %o["state"] = %x : !ts.object<@C>, !ts.tensor
  } else {
    ts.set_attr %o["state"] = %z : !ts.object<@C>, !ts.tensor
  }
  return %size : i64
}
// Where it is only handed on, nobody asks.
// CHECK-LABEL: func.func @handed
// CHECK-NOT:     ts.has_type
func.func @handed(%o: !ts.object<@C>) -> !ts.tensor {
  %t = ts.get_attr %o["state"] : !ts.object<@C> -> !ts.tensor
  return %t : !ts.tensor
}
