//===- AtenAttentionOps.td - scaled dot product attention ---------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENATTENTIONOPS
#define WICK_DIALECT_ATEN_IR_ATENATTENTIONOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

def Aten_ScaledDotProductAttentionOp : Aten_Op<"scaled_dot_product_attention",
    (ins Aten_Tensor:$query, Aten_Tensor:$key, Aten_Tensor:$value, Aten_OptionalTensor:$attn_mask,
      Aten_Float:$dropout_p, Aten_Bool:$is_causal, Aten_OptionalFloat:$scale, Aten_Bool:$enable_gqa),
    ["aten::scaled_dot_product_attention"]> {
  let summary = "softmax(query x key^T * scale + mask) x value";
  let description = [{
    Leading dims are batches and broadcast. A mask of bool keeps where it is true, one
    of floats is added; with `is_causal` position i sees positions up to i. `scale` is 1
    / sqrt(size of the last dim of query) when it is None. With `enable_gqa` each head
    of key and value serves several of query.
    Source: `aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0., bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor`.

    ```mlir
    %y = aten.scaled_dot_product_attention %query, %key, %value, %attn_mask, %dropout_p, %is_causal, %scale, %enable_gqa
        : (!ts.tensor, !ts.tensor, !ts.tensor, !ts.none, f64, i1, !ts.none, i1) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENATTENTIONOPS
