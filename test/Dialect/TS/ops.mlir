// RUN: wick-opt %s | wick-opt | FileCheck %s
// RUN: wick-opt %s --emit-bytecode | wick-opt | FileCheck %s

plan.weight @storage0 file "model.pt" offset 1088 bytes 64

// CHECK: ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0]
ts.schema @"aten::append.t" "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)" arguments ["self", "el"] writes [0] aliases [0]

// CHECK-LABEL: ts.class @__torch__.M "module"
ts.class @__torch__.M "module" {
  // CHECK-NEXT: ts.attr "weight" : !ts.tensor {parameter}
  ts.attr "weight" : !ts.tensor {parameter}
  ts.attr "point" : !ts.namedtuple<"Point", ["x", "y"], (i64, f64)>
  // CHECK: ts.method "forward" = @__torch__.M.forward
  ts.method "forward" = @__torch__.M.forward
  ts.method "hook" = @__torch__.M.forward {role = "hook"}
}

ts.class @__torch__.I "interface" {
  // CHECK: ts.method "run" : (i64) -> i64
  ts.method "run" : (i64) -> i64
}

// CHECK-LABEL: ts.image @root
ts.image @root {
  // CHECK: ts.weight_ref @storage0 offset 0 sizes [4, 4] strides [4, 1] {name = "weight"} : !ts.tensor<[4, 4], f32>
  %w = ts.weight_ref @storage0 offset 0 sizes [4, 4] strides [4, 1] {name = "weight"} : !ts.tensor<[4, 4], f32>
  %m = ts.create_object : !ts.object<@__torch__.M>
  ts.set_attr %m["weight"] = %w : !ts.object<@__torch__.M>, !ts.tensor<[4, 4], f32>
  ts.yield %m : !ts.object<@__torch__.M>
}

// CHECK-LABEL: func.func @__torch__.M.forward
func.func @__torch__.M.forward(%self: !ts.object<@__torch__.M>, %x: !ts.tensor<[s0, 3, (s1 - 1) floordiv 2 + 1, ?], f32>) -> !ts.tensor {
  %w = ts.get_attr %self["weight"] : !ts.object<@__torch__.M> -> !ts.tensor
  %none = ts.none
  %true = arith.constant true
  %n = arith.constant 3 : i64
  // CHECK: ts.loop %{{.*}} while %{{.*}} init(%{{.*}}) : (!ts.tensor) -> !ts.tensor {
  %r = ts.loop %n while %true init(%w) : (!ts.tensor) -> !ts.tensor {
  ^bb0(%i: i64, %v: !ts.tensor):
    %y = aten.relu %v : (!ts.tensor) -> !ts.tensor
    ts.yield %true, %y : i1, !ts.tensor
  }
  %l = ts.list_construct %n, %n : (i64, i64) -> !ts.list<i64>
  // CHECK: ts.literal {dict = ["a", {list = [unit, 1, true]}]} : !ts.any
  %literal = ts.literal {dict = ["a", {list = [unit, 1, true]}]} : !ts.any
  %l2 = ts.operator @"aten::append.t"(%l, %n) : (!ts.list<i64>, i64) -> !ts.list<i64>
  %t = ts.tuple_construct %n, %r : (i64, !ts.tensor) -> !ts.tuple<i64, !ts.tensor>
  %u:2 = ts.tuple_unpack %t : !ts.tuple<i64, !ts.tensor> -> i64, !ts.tensor
  %o = ts.upcast %none : !ts.none to !ts.optional<!ts.tensor>
  %k = ts.str "key"
  %d = ts.dict_construct (%k) to (%n) : (!ts.str) (i64) -> !ts.dict<!ts.str, i64>
  %f = ts.fork (%r) : (!ts.tensor) -> !ts.future<!ts.tensor> {
  ^bb0(%a: !ts.tensor):
    ts.yield %a : !ts.tensor
  }
  %e = ts.tuple_construct : () -> !ts.tuple<>
  return %r : !ts.tensor
}

// CHECK-LABEL: func.func @values
// CHECK-SAME: tensor<?x3x?xf32, #ts.dims<[s0, 3, s1 floordiv 2]>>
// CHECK-SAME: -> !ts.tensor<*, f32, [!ts.tensor<[?], f32>, !ts.tensor<[2, ?], f32>]>
func.func @values(%x: tensor<?x3x?xf32, #ts.dims<[s0, 3, s1 floordiv 2]>>,
                  %y: !ts.tensor<*, f32, [!ts.tensor<[?], f32>, !ts.tensor<[2, ?], f32>]>)
    -> !ts.tensor<*, f32, [!ts.tensor<[?], f32>, !ts.tensor<[2, ?], f32>]> {
  // CHECK: ts.symbol 0
  %s0 = ts.symbol 0
  return %y : !ts.tensor<*, f32, [!ts.tensor<[?], f32>, !ts.tensor<[2, ?], f32>]>
}

// CHECK: ts.source_lines "model.py" [3, 7] ["y = f(x)", "return y"]
ts.source_lines "model.py" [3, 7] ["y = f(x)", "return y"]
