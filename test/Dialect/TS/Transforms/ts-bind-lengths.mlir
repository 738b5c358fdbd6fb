// RUN: wick-opt %s --ts-bind-lengths="inputs=forward:images=[3xHxWxf32;2],written:0=[int;3],chosen:0=[[1,-2],[3,4]],parts:0=(int,[1,0])" | FileCheck %s

ts.schema @"aten::len.t" "aten::len.t" arguments ["a"] writes [] aliases []
ts.schema @"aten::append.t" "aten::append.t" arguments ["self", "el"] writes [0] aliases [0]

// What reads the list reads one of two elements; what keeps it keeps the caller's.
// CHECK-LABEL: func.func @forward
// CHECK-SAME: (%[[X:.*]]: !ts.tensor, %[[L:.*]]: !ts.list<!ts.tensor> {ts.name = "images"})
// CHECK: %[[E:.*]]:2 = ts.list_unpack %[[L]]
// CHECK: %[[M:.*]] = ts.list_construct %[[E]]#0, %[[E]]#1
// CHECK: ts.operator @"aten::len.t"(%[[M]])
// CHECK: ts.tuple_construct %[[L]]
func.func @forward(%x: !ts.tensor, %l: !ts.list<!ts.tensor> {ts.name = "images"})
    -> !ts.tuple<!ts.list<!ts.tensor>, i64> attributes {ts.method = "forward"} {
  %n = ts.operator @"aten::len.t"(%l) : (!ts.list<!ts.tensor>) -> i64
  %t = ts.tuple_construct %l, %n : (!ts.list<!ts.tensor>, i64) -> !ts.tuple<!ts.list<!ts.tensor>, i64>
  return %t : !ts.tuple<!ts.list<!ts.tensor>, i64>
}

// CHECK-LABEL: func.func @written
// CHECK-NOT: ts.list_unpack
func.func @written(%l: !ts.list<i64>, %x: i64) attributes {ts.method = "written"} {
  %m = ts.operator @"aten::append.t"(%l, %x) : (!ts.list<i64>, i64) -> !ts.list<i64>
  return
}

// Lists that are given by their values hold these: others raise.
// CHECK-LABEL: func.func @chosen
// CHECK-SAME: (%[[L:.*]]: !ts.list<!ts.list<i64>>)
// CHECK: %[[R:.*]]:2 = ts.list_unpack %[[L]]
// CHECK: %[[E:.*]]:2 = ts.list_unpack %[[R]]#0
// CHECK: %[[C:.*]] = arith.constant 1 : i64
// CHECK: %[[OTHER:.*]] = arith.cmpi ne, %[[E]]#0, %[[C]]
// CHECK: scf.if %[[OTHER]]
// CHECK: %[[D:.*]] = arith.constant -2 : i64
// CHECK: ts.list_construct %[[C]], %[[D]]
// CHECK: ts.list_unpack %[[R]]#1
func.func @chosen(%l: !ts.list<!ts.list<i64>>) -> i64 attributes {ts.method = "chosen"} {
  %n = ts.operator @"aten::len.t"(%l) : (!ts.list<!ts.list<i64>>) -> i64
  return %n : i64
}

// CHECK-LABEL: func.func @parts
// CHECK: %[[P:.*]]:2 = ts.tuple_unpack
// CHECK: %[[E:.*]]:2 = ts.list_unpack %[[P]]#1
// CHECK: %[[M:.*]] = ts.list_construct
// CHECK: ts.operator @"aten::len.t"(%[[M]])
func.func @parts(%t: !ts.tuple<i64, !ts.list<i64>>) -> i64 attributes {ts.method = "parts"} {
  %a = ts.upcast %t : !ts.tuple<i64, !ts.list<i64>> to !ts.any
  %c = ts.unchecked_cast %a : !ts.any to !ts.tuple<i64, !ts.list<i64>>
  %p:2 = ts.tuple_unpack %c : !ts.tuple<i64, !ts.list<i64>> -> i64, !ts.list<i64>
  %n = ts.operator @"aten::len.t"(%p#1) : (!ts.list<i64>) -> i64
  return %n : i64
}
