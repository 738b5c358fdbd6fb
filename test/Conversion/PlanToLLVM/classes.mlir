// RUN: wick-opt %s --convert-plan-to-llvm --reconcile-unrealized-casts --canonicalize | FileCheck %s

// Classes are numbered in their order; the runtime finds them in the manifest.
ts.class @Color "enum" {
  ts.attr "RED" : i64 {value = 1 : i64}
  ts.attr "BLUE" : i64 {value = 4 : i64}
}
ts.class @Point "class" {
  ts.attr "x" : i64
}
ts.class @Line "class" {
  ts.attr "color" : !ts.enum<@Color>
}

// CHECK-LABEL: llvm.func hidden @make
// CHECK-DAG:     %[[CLASS:.*]] = llvm.mlir.constant(2 : i64)
// CHECK-DAG:     %[[COLOR:.*]] = llvm.mlir.constant(0 : i64)
// CHECK-DAG:     %[[MEMBER:.*]] = llvm.mlir.constant(1 : i64)
// CHECK:         llvm.store %[[CLASS]], %[[ARGUMENTS:.*]] :
// CHECK:         llvm.call
// CHECK:         llvm.store %[[COLOR]],
// CHECK:         llvm.store %[[MEMBER]],
// CHECK:         llvm.call
func.func @make() -> !ts.object<@Line> {
  %line = ts.create_object : !ts.object<@Line>
  %blue = ts.enum "BLUE" : !ts.enum<@Color>
  ts.set_attr %line["color"] = %blue : !ts.object<@Line>, !ts.enum<@Color>
  return %line : !ts.object<@Line>
}

// The tag tells a class that is alone.
// CHECK-LABEL: llvm.func hidden @alone
// CHECK:         llvm.icmp "eq" %{{.*}}, %{{.*}} : i64
// CHECK-NOT:     llvm.call
// CHECK:         llvm.return
func.func @alone(%v: !ts.union<!ts.object<@Point>, !ts.enum<@Color>, i64>) -> i1 {
  %b = ts.isinstance %v [!ts.object<@Point>] : !ts.union<!ts.object<@Point>, !ts.enum<@Color>, i64>
  return %b : i1
}

// The runtime tells which of several it is, unless all of them are meant.
// CHECK-LABEL: llvm.func hidden @one_of
// CHECK:         llvm.call
// CHECK:         llvm.return
func.func @one_of(%v: !ts.union<!ts.object<@Point>, !ts.object<@Line>>) -> i1 {
  %b = ts.isinstance %v [!ts.object<@Line>] : !ts.union<!ts.object<@Point>, !ts.object<@Line>>
  return %b : i1
}
// CHECK-LABEL: llvm.func hidden @both
// CHECK-NOT:     llvm.call
// CHECK:         llvm.return
func.func @both(%v: !ts.union<!ts.object<@Point>, !ts.object<@Line>, i64>) -> i1 {
  %b = ts.isinstance %v [!ts.object<@Line>, !ts.object<@Point>] : !ts.union<!ts.object<@Point>, !ts.object<@Line>, i64>
  return %b : i1
}

// The sizes of a tensor of another rank are not looked at.
// CHECK-LABEL: llvm.func hidden @fits
// CHECK-DAG:     %[[RANK:.*]] = llvm.mlir.constant(2 : i32)
// CHECK-DAG:     %[[SIZE:.*]] = llvm.mlir.constant(4 : i64)
// CHECK:         llvm.icmp "eq" %{{.*}}, %[[RANK]]
// CHECK:         %[[BOTH:.*]] = llvm.and
// CHECK:         %[[SIZES:.*]] = llvm.select %[[BOTH]]
// CHECK:         llvm.getelementptr %[[SIZES]][8]
// CHECK:         %[[SAME:.*]] = llvm.icmp "eq" %{{.*}}, %[[SIZE]]
// CHECK:         llvm.and %[[BOTH]], %[[SAME]]
func.func @fits(%x: !ts.tensor) -> i1 {
  %p = ts.has_type %x : !ts.tensor, !ts.tensor<[?, 4], f32>
  return %p : i1
}
