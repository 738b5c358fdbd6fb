// RUN: wick-opt %s --convert-plan-to-llvm --reconcile-unrealized-casts --canonicalize | FileCheck %s

ts.schema @"aten::len.t" "aten::len.t(t[] a) -> int" arguments ["a"] writes [] aliases []
ts.schema @"aten::__getitem__.t" "aten::__getitem__.t(t[](a) list, int idx) -> t(*)" arguments ["list", "idx"] writes [] aliases [0]
ts.schema @"aten::_set_item.t" "aten::_set_item.t(t[](a!) l, int idx, t(b -> *) el) -> t[](a!)" arguments ["l", "idx", "el"] writes [0] aliases [0]
ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0]
ts.schema @"aten::upper" "aten::upper(str self) -> str" arguments ["self"] writes [] aliases []

// CHECK-LABEL: llvm.func hidden @length
// CHECK:         %[[LIST:.*]] = llvm.load
// CHECK:         %[[FIELD:.*]] = llvm.getelementptr %[[LIST]][8]
// CHECK:         llvm.load %[[FIELD]] : !llvm.ptr -> i64
// CHECK-NOT:     llvm.call
// CHECK:         llvm.return
func.func @length(%l: !ts.list<i64>) -> i64 {
  %n = ts.operator @"aten::len.t"(%l) : (!ts.list<i64>) -> i64
  return %n : i64
}

// An index that is out of range is left to the runtime, which raises.
// CHECK-LABEL: llvm.func hidden @get
// CHECK:         %[[INSIDE:.*]] = llvm.icmp "ult"
// CHECK:         llvm.cond_br %[[INSIDE]], ^[[IN:.*]], ^[[OUT:.*]]
// CHECK:       ^[[IN]]:
// CHECK:         llvm.getelementptr {{.*}} -> !llvm.ptr, !llvm.struct<(i64, i64)>
// CHECK:       ^[[OUT]]:
// CHECK:         %[[STATUS:.*]] = llvm.call
// CHECK:         llvm.return %[[STATUS]] : i32
func.func @get(%l: !ts.list<f64>, %i: i64) -> f64 {
  %x = ts.operator @"aten::__getitem__.t"(%l, %i) : (!ts.list<f64>, i64) -> f64
  return %x : f64
}

// Numbers are stored in place; a reference has to be counted, which the runtime does.
// CHECK-LABEL: llvm.func hidden @set
// CHECK:         llvm.icmp "ult"
// CHECK-LABEL: llvm.func hidden @set_text
// CHECK-NOT:     llvm.icmp "ult"
// CHECK:         llvm.call
func.func @set(%l: !ts.list<i64>, %i: i64) {
  %r = ts.operator @"aten::_set_item.t"(%l, %i, %i) : (!ts.list<i64>, i64, i64) -> !ts.list<i64>
  return
}
func.func @set_text(%l: !ts.list<!ts.str>, %i: i64, %s: !ts.str) {
  %r = ts.operator @"aten::_set_item.t"(%l, %i, %s) : (!ts.list<!ts.str>, i64, !ts.str) -> !ts.list<!ts.str>
  return
}

// CHECK-LABEL: llvm.func hidden @append
// CHECK:         %[[ROOM:.*]] = llvm.icmp "slt"
// CHECK:         llvm.cond_br %[[ROOM]], ^[[HERE:.*]], ^[[GROW:.*]]
// CHECK:       ^[[HERE]]:
// CHECK-NOT:     llvm.call
// CHECK:         llvm.br ^[[REST:.*]]
// CHECK:       ^[[GROW]]:
// CHECK:         llvm.call
func.func @append(%l: !ts.list<i64>, %x: i64) {
  %r = ts.operator @"aten::append.t"(%l, %x) : (!ts.list<i64>, i64) -> !ts.list<i64>
  return
}

// CHECK-LABEL: llvm.func hidden @optional
// CHECK:         %[[INT:.*]] = llvm.mlir.constant(2 : i64) : i64
// CHECK:         llvm.store %[[INT]], %arg2
func.func @optional(%n: i64) -> !ts.optional<i64> {
  %o = ts.upcast %n : i64 to !ts.optional<i64>
  return %o : !ts.optional<i64>
}

// A constant string is one of the module's literals.
// CHECK-LABEL: llvm.func hidden @text
// CHECK:         llvm.getelementptr %arg0[24]
func.func @text() -> !ts.str {
  %s = ts.str "wick"
  %u = ts.operator @"aten::upper"(%s) : (!ts.str) -> !ts.str
  return %u : !ts.str
}

// A device is a string of another kind.
// CHECK-LABEL: llvm.func hidden @device
// CHECK:         %[[TAG:.*]] = llvm.mlir.constant(11 : i64)
// CHECK:         llvm.getelementptr {{.*}}[24]
// CHECK:         llvm.store %[[TAG]]
func.func @device() -> !ts.device {
  %d = ts.device "cpu"
  return %d : !ts.device
}

// A container of constants is a literal, too, whose bytes describe it.
// CHECK-LABEL: llvm.func hidden @literal
// CHECK:         llvm.getelementptr %arg0[24]
func.func @literal() -> i64 {
  %l = ts.literal {list = [unit, "a", true, 2]} : !ts.list<!ts.any>
  %n = ts.operator @"aten::len.t"(%l) : (!ts.list<!ts.any>) -> i64
  return %n : i64
}

// CHECK: llvm.mlir.global private constant @wick_literal_0("wick")
// CHECK: llvm.mlir.global private constant @wick_literal_2("\04\00\00\00\00\00\00\00\00\06\01\00\00\00\00\00\00\00a\01\01\02\02\00\00\00\00\00\00\00")
// CHECK: llvm.mlir.constant(7 : i64)
// CHECK-NOT: ts.
