// RUN: wick-opt %s --pass-pipeline="builtin.module(func.func(plan-release-iterations))" | FileCheck %s

ts.schema @"aten::__getitem__.t" "aten::__getitem__.t(t[](a) list, int idx) -> t(*)" arguments ["list", "idx"] writes [] aliases [0]
ts.schema @"aten::_set_item.t" "aten::_set_item.t(t[](a!) l, int idx, t(b -> *) el) -> t[](a!)" arguments ["l", "idx", "el"] writes [0] aliases [0]
ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0]
ts.schema @"aten::len.t" "aten::len.t(t[] a) -> int" arguments ["a"] writes [] aliases []

!tensor = !ts.tensor<[4], f32>

// What is carried, references and buffers, survives; numbers need not.
// CHECK-LABEL: func.func @carried
// CHECK:         %[[MARK:.*]] = plan.mark : i64
// CHECK-NEXT:    scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}, %{{.*}} = %{{.*}}, %{{.*}} = %{{.*}})
// CHECK:           %[[LIST:.*]] = ts.list_construct
// CHECK:           %[[BUFFER:.*]] = memref.alloc
// CHECK:           %[[R:.*]]:2 = plan.release %[[MARK]](%[[LIST]], %[[BUFFER]])
// CHECK-NEXT:      scf.yield %[[R]]#0, %{{.*}}, %[[R]]#1
func.func @carried(%l: !ts.list<i64>, %m: memref<?xf32>, %n: i64, %d: index) -> (!ts.list<i64>, i64, memref<?xf32>) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %r:3 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %l, %b = %c0, %c = %m) -> (!ts.list<i64>, i64, memref<?xf32>) : i64 {
    %x = ts.list_construct %i, %b : (i64, i64) -> !ts.list<i64>
    %y = arith.addi %b, %i : i64
    %z = memref.alloc(%d) : memref<?xf32>
    scf.yield %x, %y, %z : !ts.list<i64>, i64, memref<?xf32>
  }
  return %r#0, %r#1, %r#2 : !ts.list<i64>, i64, memref<?xf32>
}

// CHECK-LABEL: func.func @while_loop
// CHECK:         plan.mark
// CHECK:         scf.while
// CHECK:           scf.condition
// CHECK:           %[[S:.*]] = ts.str
// CHECK:           %[[R:.*]] = plan.release %{{.*}}(%{{.*}}) : (!ts.list<!ts.str>) -> !ts.list<!ts.str>
// CHECK-NEXT:      scf.yield %[[R]]
func.func @while_loop(%l: !ts.list<!ts.str>, %c: i1) -> !ts.list<!ts.str> {
  %r = scf.while (%a = %l) : (!ts.list<!ts.str>) -> !ts.list<!ts.str> {
    scf.condition(%c) %a : !ts.list<!ts.str>
  } do {
  ^bb0(%a: !ts.list<!ts.str>):
    %s = ts.str "a"
    %x = ts.list_construct %s : (!ts.str) -> !ts.list<!ts.str>
    scf.yield %x : !ts.list<!ts.str>
  }
  return %r : !ts.list<!ts.str>
}

// Nothing counted is made or taken out of lists of numbers.
// CHECK-LABEL: func.func @numbers
// CHECK-NOT:     plan.mark
// CHECK:         return
func.func @numbers(%l: !ts.list<i64>, %n: i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  scf.for %i = %c0 to %n step %c1 : i64 {
    %x = ts.operator @"aten::__getitem__.t"(%l, %i) : (!ts.list<i64>, i64) -> i64
    %s = ts.operator @"aten::_set_item.t"(%l, %i, %x) : (!ts.list<i64>, i64, i64) -> !ts.list<i64>
    %a = ts.operator @"aten::append.t"(%l, %x) : (!ts.list<i64>, i64) -> !ts.list<i64>
    %k = ts.operator @"aten::len.t"(%l) : (!ts.list<i64>) -> i64
  }
  return
}

// Of what was read before, the call keeps what is used from the loop on.
// CHECK-LABEL: func.func @read_before
// CHECK-DAG:     %[[IN:.*]] = ts.operator @"aten::__getitem__.t"(%arg0, %c0_i64)
// CHECK-DAG:     %[[AFTER:.*]] = ts.operator @"aten::__getitem__.t"(%arg0, %c1_i64)
// CHECK-DAG:     %[[DONE:.*]] = ts.operator @"aten::__getitem__.t"(%arg0, %c2_i64)
// CHECK-DAG:     %[[READ:.*]] = ts.operator @"aten::__getitem__.t"(%arg0, %c3_i64)
// CHECK-DAG:     %[[DATA:.*]] = plan.tensor_data %[[READ]]
// CHECK:         plan.keep %[[IN]], %[[AFTER]], %[[READ]] : !ts.tensor<[4], f32>, !ts.tensor<[4], f32>, !ts.tensor<[4], f32>
// CHECK-NEXT:    plan.mark
// CHECK-NEXT:    scf.for
// CHECK:           plan.release %{{.*}}() : () -> ()
// CHECK:         memref.load %[[DATA]]
func.func @read_before(%l: !ts.list<!tensor>, %n: i64) -> (!tensor, f32) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %c2 = arith.constant 2 : i64
  %c3 = arith.constant 3 : i64
  %zero = arith.constant 0 : index
  %in = ts.operator @"aten::__getitem__.t"(%l, %c0) : (!ts.list<!tensor>, i64) -> !tensor
  %after = ts.operator @"aten::__getitem__.t"(%l, %c1) : (!ts.list<!tensor>, i64) -> !tensor
  %done = ts.operator @"aten::__getitem__.t"(%l, %c2) : (!ts.list<!tensor>, i64) -> !tensor
  %read = ts.operator @"aten::__getitem__.t"(%l, %c3) : (!ts.list<!tensor>, i64) -> !tensor
  %data = plan.tensor_data %read : !tensor -> memref<4xf32>
  %s0 = ts.operator @"aten::append.t"(%l, %done) : (!ts.list<!tensor>, !tensor) -> !ts.list<!tensor>
  scf.for %i = %c0 to %n step %c1 : i64 {
    %s1 = ts.operator @"aten::_set_item.t"(%l, %i, %in) : (!ts.list<!tensor>, i64, !tensor) -> !ts.list<!tensor>
  }
  %x = memref.load %data[%zero] : memref<4xf32>
  return %after, %x : !tensor, f32
}

// What an outer loop has kept is safe in the inner one; what it reads itself is not.
// CHECK-LABEL: func.func @nested
// CHECK:         %[[FIRST:.*]] = ts.operator @"aten::__getitem__.t"(%arg0, %c0_i64)
// CHECK-NEXT:    plan.keep %[[FIRST]] : !ts.tensor
// CHECK-NEXT:    plan.mark
// CHECK-NEXT:    scf.for
// CHECK:           %[[SECOND:.*]] = ts.operator @"aten::__getitem__.t"
// CHECK-NEXT:      plan.keep %[[SECOND]] : !ts.tensor
// CHECK-NEXT:      plan.mark
// CHECK-NEXT:      scf.for
// CHECK:             plan.release
// CHECK:           ts.operator @"aten::append.t"(%arg0, %[[SECOND]])
// CHECK-NEXT:      plan.release
func.func @nested(%l: !ts.list<!tensor>, %n: i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %first = ts.operator @"aten::__getitem__.t"(%l, %c0) : (!ts.list<!tensor>, i64) -> !tensor
  scf.for %i = %c0 to %n step %c1 : i64 {
    %second = ts.operator @"aten::__getitem__.t"(%l, %i) : (!ts.list<!tensor>, i64) -> !tensor
    scf.for %j = %c0 to %n step %c1 : i64 {
      %s1 = ts.operator @"aten::_set_item.t"(%l, %j, %first) : (!ts.list<!tensor>, i64, !tensor) -> !ts.list<!tensor>
    }
    %s2 = ts.operator @"aten::append.t"(%l, %second) : (!ts.list<!tensor>, !tensor) -> !ts.list<!tensor>
  }
  return
}

// Whose the memory is that a branch hands on nobody could tell.
// CHECK-LABEL: func.func @handed_on
// CHECK:         scf.if
// CHECK:           %[[READ:.*]] = ts.operator @"aten::__getitem__.t"
// CHECK-NEXT:      plan.keep %[[READ]] : !ts.tensor<[4], f32>
// CHECK-NEXT:      plan.tensor_data %[[READ]]
func.func @handed_on(%l: !ts.list<!tensor>, %n: i64, %c: i1, %m: memref<4xf32>) -> memref<4xf32> {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %m) -> (memref<4xf32>) : i64 {
    %chosen = scf.if %c -> memref<4xf32> {
      %x = ts.operator @"aten::__getitem__.t"(%l, %i) : (!ts.list<!tensor>, i64) -> !tensor
      %data = plan.tensor_data %x : !tensor -> memref<4xf32>
      scf.yield %data : memref<4xf32>
    } else {
      scf.yield %a : memref<4xf32>
    }
    scf.yield %chosen : memref<4xf32>
  }
  return %r : memref<4xf32>
}

// A part of a buffer does not say where the rest is.
// CHECK-LABEL: func.func @strided
// CHECK-NOT:     plan.mark
// CHECK:         return
func.func @strided(%m: memref<4xf32, strided<[2]>>, %n: i64) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %m) -> (memref<4xf32, strided<[2]>>) : i64 {
    %x = memref.alloc() : memref<8xf32>
    %part = memref.subview %x[0][4][2] : memref<8xf32> to memref<4xf32, strided<[2]>>
    scf.yield %part : memref<4xf32, strided<[2]>>
  }
  return
}

// CHECK-LABEL: func.func private @kernel
// CHECK-NOT:     plan.mark
func.func private @kernel(%n: index) attributes {plan.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %x = memref.alloc() : memref<8xf32>
  }
  return
}

// What tasks give belongs to the call; loops of tasks release as well.
// CHECK-LABEL: func.func @tasks
// CHECK:         %[[MARK:.*]] = plan.mark : i64
// CHECK:           %[[X:.*]] = plan.run_tasks
// CHECK:           plan.release %[[MARK]](%[[X]])
// CHECK-LABEL: func.func private @task
// CHECK:         plan.mark
// CHECK:           plan.release
func.func @tasks(%a: !tensor, %n: index) -> !tensor {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> !tensor {
    %y = plan.run_tasks [@task](%x) counts [1] to [1] : (!tensor) -> !tensor
    scf.yield %y : !tensor
  }
  return %r : !tensor
}
func.func private @task(%a: !tensor) -> !tensor attributes {plan.task} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %c1 step %c1 iter_args(%x = %a) -> !tensor {
    %y, %m = plan.new_tensor() : !tensor, memref<4xf32>
    scf.yield %y : !tensor
  }
  return %r : !tensor
}
