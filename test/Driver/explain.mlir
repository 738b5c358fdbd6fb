// Operators by home, without shapes and with them.
// RUN: wick explain %s --from program | FileCheck %s --check-prefixes=HOMES,SHAPELESS
// RUN: wick explain %s --from program --input x=4x4xf32 | FileCheck %s --check-prefixes=HOMES,PLAN

// HOMES: Operators with native code:
// HOMES-NEXT: 1 aten.relu
// HOMES-NEXT: Operators of the runtime:
// HOMES-NEXT: 1 aten::lower
// HOMES-NEXT: Operators that LibTorch runs, through libwick_aten.so:
// HOMES-NEXT: 1 aten::special_log_ndtr at model.py:7
// SHAPELESS-NOT: launches
// SHAPELESS: Kernels, guards and the memory plan depend on the inputs: give shapes and dtypes with --input or
// PLAN: Kernels (launches, strategy, name):
// PLAN-NEXT: 1 elementwise map_0
// PLAN: Method forward(word: str, x: Tensor<f32>[4, 4]) -> Tuple[Tensor<f32>[4, 4], str]
ts.schema @"aten::lower" "aten::lower(str self) -> str" arguments ["self"] writes [] aliases []
func.func @forward(%word: !ts.str {ts.name = "word"}, %x: !ts.tensor {ts.name = "x"}) -> !ts.tuple<!ts.tensor, !ts.str> attributes {ts.method = "forward"} {
  %y = aten.relu %x : (!ts.tensor) -> !ts.tensor
  %z = ts.fallback ["aten::special_log_ndtr"] ["self"](%y) aliases [] : (!ts.tensor) -> !ts.tensor loc("model.py":7:5)
  %lower = ts.operator @"aten::lower"(%word) : (!ts.str) -> !ts.str
  %result = ts.tuple_construct %z, %lower : (!ts.tensor, !ts.str) -> !ts.tuple<!ts.tensor, !ts.str>
  return %result : !ts.tuple<!ts.tensor, !ts.str>
}
