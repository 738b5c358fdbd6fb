// RUN: wick-opt %s --ts-infer-types="inputs=unbind:0=?x4xf32,split:0=Nx4xf32,unpacked:0=Nx4xf32" --ts-expand-splits | FileCheck %s

ts.schema @"aten::stack" "aten::stack" arguments ["tensors", "dim"] writes [] aliases []

// The parts of a dim of any size are appended one by one; what the list holds is inferred again.
// CHECK-LABEL: func.func @unbind
// CHECK-SAME: -> !ts.tensor<[?, 4], f32>
// CHECK: %[[N:.*]] = arith.index_cast
// CHECK: %[[L:.*]] = ts.list_construct : () -> !ts.list<!ts.tensor<[4], f32>>
// CHECK: ts.loop %[[N]] while %{{.*}} {
// CHECK: %[[Y:.*]] = aten.select {{.*}} -> !ts.tensor<[4], f32>
// CHECK: ts.operator @"aten::append.t"(%[[L]], %[[Y]])
func.func @unbind(%x: !ts.tensor) -> !ts.tensor attributes {ts.method = "unbind"} {
  %c0 = arith.constant 0 : i64
  %l = aten.unbind %x, %c0 : (!ts.tensor, i64) -> !ts.list<!ts.tensor>
  %y = aten.stack %l, %c0 : (!ts.list<!ts.tensor>, i64) -> !ts.tensor
  return %y : !ts.tensor
}

// Parts of sizes that a list gives start where the one before ended, and use up the dim.
// CHECK-LABEL: func.func @split
// CHECK: %[[COUNT:.*]] = ts.operator @"aten::len.t"
// CHECK: %[[END:.*]] = ts.loop %[[COUNT]]
// CHECK: ^bb0(%[[I:.*]]: i64, %[[START:.*]]: i64):
// CHECK: %[[LENGTH:.*]] = ts.operator @"aten::__getitem__.t"(%{{.*}}, %[[I]])
// CHECK: %[[NEXT:.*]] = arith.addi %[[START]], %[[LENGTH]]
// CHECK: aten.slice %{{.*}}, %{{.*}}, %[[START]], %[[NEXT]]
// CHECK: ts.yield %{{.*}}, %[[NEXT]]
// CHECK: arith.cmpi ne, %[[END]]
// CHECK: ts.raise
func.func @split(%x: !ts.tensor, %sizes: !ts.list<i64>) -> !ts.list<!ts.tensor> attributes {ts.method = "split"} {
  %c0 = arith.constant 0 : i64
  %l = aten.split_with_sizes %x, %sizes, %c0 : (!ts.tensor, !ts.list<i64>, i64) -> !ts.list<!ts.tensor>
  return %l : !ts.list<!ts.tensor>
}

// As many parts as are unpacked need no list.
// CHECK-LABEL: func.func @unpacked
// CHECK-NOT: ts.list_construct
// CHECK: %[[LENGTH:.*]] = arith.ceildivsi %[[N:.*]], %c2
// CHECK: %[[SHORT:.*]] = arith.cmpi sge, %[[LENGTH]], %[[N]]
// CHECK: %[[SOME:.*]] = arith.cmpi ne, %[[N]], %c0
// CHECK: arith.andi %[[SHORT]], %[[SOME]]
// CHECK: "Expected chunk to return at least {} outputs, but got only {}"
// CHECK: ts.raise
// CHECK: %[[A:.*]] = aten.slice %{{.*}}, %c0{{[^,]*}}, %c0{{[^,]*}}, %[[LENGTH]], %c1
// CHECK: %[[B:.*]] = aten.slice %{{.*}}, %c0{{[^,]*}}, %[[LENGTH]], %[[N]], %c1
// CHECK: return %[[A]], %[[B]]
func.func @unpacked(%x: !ts.tensor) -> (!ts.tensor, !ts.tensor) attributes {ts.method = "unpacked"} {
  %c0 = arith.constant 0 : i64
  %c2 = arith.constant 2 : i64
  %l = aten.chunk %x, %c2, %c0 : (!ts.tensor, i64, i64) -> !ts.list<!ts.tensor>
  %a, %b = ts.list_unpack %l : !ts.list<!ts.tensor> -> !ts.tensor, !ts.tensor
  return %a, %b : !ts.tensor, !ts.tensor
}
