//===- AtenSortingOps.td - orders and selections by order ---------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENSORTINGOPS
#define WICK_DIALECT_ATEN_IR_ATENSORTINGOPS

include "wick/Dialect/Aten/IR/AtenDialect.td"

/// Elements along one dim, chosen or ordered by their values, and where they were. NaN is beyond all numbers.
class Aten_OrderOp<string mnemonic, dag more, list<string> schemas_, string what>
    : Aten_Op<mnemonic, !con((ins Aten_Tensor:$self), more), schemas_> {
  let results = (outs Aten_Tensor:$values, Aten_Tensor:$indices);
  let summary = what;
}

def Aten_SortOp : Aten_OrderOp<"sort", (ins Aten_Int:$dim, Aten_Bool:$descending), ["aten::sort.stable", "aten::sort"],
    "Elements in order along a dim, and where they were"> {
  let description = [{
    Equal elements keep their order, whether that is asked for or not. NaN is beyond all numbers.
    Source: `aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)`.

    ```mlir
    %v, %i = aten.sort %x, %dim, %descending : (!ts.tensor, i64, i1) -> (!ts.tensor, !ts.tensor)
    ```
  }];
}

def Aten_TopkOp : Aten_OrderOp<"topk", (ins Aten_Int:$k, Aten_Int:$dim, Aten_Bool:$largest, Aten_Bool:$sorted),
    ["aten::topk"], "The k largest or smallest elements along a dim, and where they were"> {
  let description = [{
    In order where `sorted` is true. NaN is beyond all numbers. `k` is at most the size of the dim.
    Source: `aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)`.

    ```mlir
    %v, %i = aten.topk %x, %k, %dim, %largest, %sorted : (!ts.tensor, i64, i64, i1, i1) -> (!ts.tensor, !ts.tensor)
    ```
  }];
}

class Aten_MedianOp<string mnemonic, string schema, string nan> : Aten_OrderOp<mnemonic,
    (ins Aten_Int:$dim, Aten_Bool:$keepdim), [schema], "The element in the middle along a dim, and where it was"> {
  let description = "The lower one of two in the middle. " # nan # [{
    Source: `}] # schema # [{(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`.
  }];
}

def Aten_MedianDimOp : Aten_MedianOp<"median_dim", "aten::median.dim", "The first NaN where there is one.">;
def Aten_NanMedianDimOp : Aten_MedianOp<"nanmedian_dim", "aten::nanmedian.dim", "NaN does not count.">;

#endif // WICK_DIALECT_ATEN_IR_ATENSORTINGOPS
