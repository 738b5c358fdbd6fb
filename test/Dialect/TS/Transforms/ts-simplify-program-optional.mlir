// RUN: wick-opt %s --ts-simplify-program | FileCheck %s

ts.schema @"aten::__isnot__" "" arguments ["a", "b"] writes [] aliases []
ts.schema @"aten::__is__" "" arguments ["a", "b"] writes [] aliases []

// An optional that was taken for its value is an optional again, unless it is an index that is known to be there.
// CHECK-LABEL: func.func @back
// CHECK-SAME: (%[[O:.*]]: !ts.optional<!ts.tensor>
// CHECK-NOT: ts.upcast
// CHECK: return %[[O]]
func.func @back(%o: !ts.optional<!ts.tensor>) -> !ts.optional<!ts.tensor> {
  %t = ts.unchecked_cast %o : !ts.optional<!ts.tensor> to !ts.tensor
  %again = ts.upcast %t : !ts.tensor to !ts.optional<!ts.tensor>
  return %again : !ts.optional<!ts.tensor>
}

// CHECK-LABEL: func.func @checked
// CHECK-SAME: (%[[A:.*]]: !ts.optional<!ts.tensor>, %[[B:.*]]: !ts.optional<!ts.tensor>
// CHECK: scf.if
// CHECK: ts.raise
// CHECK: %[[T:.*]] = ts.unchecked_cast %[[B]]
// CHECK: %[[SECOND:.*]] = ts.upcast %[[T]]
// CHECK: ts.list_construct %[[SECOND]]
// CHECK: scf.if
// CHECK: %[[U:.*]] = ts.unchecked_cast %[[A]]
// CHECK: %[[FIRST:.*]] = ts.upcast %[[U]]
// CHECK: ts.list_construct %[[FIRST]]
func.func @checked(%a: !ts.optional<!ts.tensor>, %b: !ts.optional<!ts.tensor>, %p: i1, %x: !ts.tensor) -> (!ts.tensor, !ts.tensor) {
  %none = ts.none
  %false = arith.constant false
  %missing = ts.operator @"aten::__is__"(%b, %none) : (!ts.optional<!ts.tensor>, !ts.none) -> i1
  scf.if %missing {
    %m = ts.str "missing"
    ts.raise %m, %none : !ts.str, !ts.none
  }
  %t = ts.unchecked_cast %b : !ts.optional<!ts.tensor> to !ts.tensor
  %second = ts.upcast %t : !ts.tensor to !ts.optional<!ts.tensor>
  %indices = ts.list_construct %second : (!ts.optional<!ts.tensor>) -> !ts.list<!ts.optional<!ts.tensor>>
  %s = aten.index %x, %indices : (!ts.tensor, !ts.list<!ts.optional<!ts.tensor>>) -> !ts.tensor
  %both = scf.if %p -> (i1) {
    %some = ts.operator @"aten::__isnot__"(%a, %none) : (!ts.optional<!ts.tensor>, !ts.none) -> i1
    scf.yield %some : i1
  } else {
    scf.yield %false : i1
  }
  %r = scf.if %both -> (!ts.tensor) {
    %u = ts.unchecked_cast %a : !ts.optional<!ts.tensor> to !ts.tensor
    %first = ts.upcast %u : !ts.tensor to !ts.optional<!ts.tensor>
    %others = ts.list_construct %first : (!ts.optional<!ts.tensor>) -> !ts.list<!ts.optional<!ts.tensor>>
    %y = aten.index %x, %others : (!ts.tensor, !ts.list<!ts.optional<!ts.tensor>>) -> !ts.tensor
    scf.yield %y : !ts.tensor
  } else {
    scf.yield %x : !ts.tensor
  }
  return %r, %s : !ts.tensor, !ts.tensor
}
