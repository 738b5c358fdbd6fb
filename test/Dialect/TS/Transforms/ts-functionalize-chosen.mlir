// RUN: wick-opt %s --ts-functionalize | FileCheck %s

module attributes {ts.slots_written_in_place = [["M", "table"]]} {
ts.class @M "module" {
  ts.attr "table" : !ts.tensor
  ts.attr "kept" : !ts.tensor
  ts.attr "part" : !ts.tensor
  ts.attr "apart" : !ts.tensor
}

// What a branch chooses is stored, and another method writes the memory of what it may choose: it is that memory.
// CHECK-LABEL: func.func @chosen
// CHECK: %[[X:.*]] = ts.get_attr %{{.*}}["table"]
// CHECK: %[[Y:.*]] = scf.if %{{.*}} -> (!ts.tensor<[3], f32>) {
// CHECK:   scf.yield %[[X]]
// CHECK: } else {
// CHECK:   %[[N:.*]] = aten.neg
// CHECK:   ts.from_value %[[N]]
// CHECK: }
// CHECK: ts.set_attr %{{.*}}["kept"] = %[[Y]]
func.func @chosen(%m: !ts.object<@M>, %flag: i1) attributes {ts.method = "chosen"} {
  %x = ts.get_attr %m["table"] : !ts.object<@M> -> !ts.tensor<[3], f32>
  %y = scf.if %flag -> !ts.tensor<[3], f32> {
    scf.yield %x : !ts.tensor<[3], f32>
  } else {
    %n = aten.neg %x : (!ts.tensor<[3], f32>) -> !ts.tensor<[3], f32>
    scf.yield %n : !ts.tensor<[3], f32>
  }
  ts.set_attr %m["kept"] = %y : !ts.object<@M>, !ts.tensor<[3], f32>
  return
}

// So does what shows memory of the slot in which that is stored.
// CHECK-LABEL: func.func @viewed
// CHECK: %[[X:.*]] = ts.get_attr %{{.*}}["kept"]
// CHECK: %[[P:.*]] = ts.operator @"wick::select"(%[[X]],
// CHECK: ts.set_attr %{{.*}}["part"] = %[[P]]
func.func @viewed(%m: !ts.object<@M>) attributes {ts.method = "viewed"} {
  %c0 = arith.constant 0 : i64
  %x = ts.get_attr %m["kept"] : !ts.object<@M> -> !ts.tensor<[3], f32>
  %p = aten.select %x, %c0, %c0 : (!ts.tensor<[3], f32>, i64, i64) -> !ts.tensor<[], f32>
  ts.set_attr %m["part"] = %p : !ts.object<@M>, !ts.tensor<[], f32>
  return
}

// A view of what nobody writes is stored as a copy.
// CHECK-LABEL: func.func @apart
// CHECK: %[[P:.*]] = aten.select
// CHECK: %[[Y:.*]] = ts.from_value %[[P]]
// CHECK: ts.set_attr %{{.*}}["apart"] = %[[Y]]
func.func @apart(%m: !ts.object<@M>, %x: !ts.tensor<[3, 3], f32>) attributes {ts.method = "apart"} {
  %c0 = arith.constant 0 : i64
  %y = aten.relu %x : (!ts.tensor<[3, 3], f32>) -> !ts.tensor<[3, 3], f32>
  %p = aten.select %y, %c0, %c0 : (!ts.tensor<[3, 3], f32>, i64, i64) -> !ts.tensor<[3], f32>
  ts.set_attr %m["apart"] = %p : !ts.object<@M>, !ts.tensor<[3], f32>
  return
}
}
