// RUN: wick-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func private @aten_scaled_dot_product_attention(
// CHECK: aten.scaled_dot_product_attention %
func.func private @aten_scaled_dot_product_attention(%query: !ts.tensor, %key: !ts.tensor, %value: !ts.tensor,
    %attn_mask: !ts.none, %dropout_p: f64, %is_causal: i1, %scale: !ts.none, %enable_gqa: i1) -> !ts.tensor {
  %y = aten.scaled_dot_product_attention %query, %key, %value, %attn_mask, %dropout_p, %is_causal, %scale,
    %enable_gqa : (!ts.tensor, !ts.tensor, !ts.tensor, !ts.none, f64, i1, !ts.none, i1) -> !ts.tensor
  return %y : !ts.tensor
}
