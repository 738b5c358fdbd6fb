//===- ExpandComposites.cpp - --ts-expand-composites ------------------------===//
//
// Operators that PyTorch itself defines by others, and that have no place of their own
// in the prelude because their shape of call depends on constants.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "ObjectImage.h"
#include "OperatorRules.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSEXPANDCOMPOSITESPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace {
/// Builds core operators by their schema names.
class AtenBuilder {
public:
  AtenBuilder(OpBuilder &builder, Location loc)
      : builder(builder), loc(loc), dialect(*builder.getContext()->getLoadedDialect<aten::AtenDialect>()) {}

  /// Arguments by position; the remaining ones are None. Null when there is no such op.
  Value create(StringRef schema, ArrayRef<Value> operands) {
    const aten::SchemaEntry *entry = dialect.lookupSchema(schema);
    if (!entry)
      return {};
    OperationState state(loc, entry->op, operands, ts::TensorType::get(builder.getContext()));
    while (state.operands.size() < entry->operandNames.size())
      state.operands.push_back(NoneOp::create(builder, loc));
    return builder.create(state)->getResult(0);
  }
  Value i64(int64_t value) { return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(value)); }
  Value f64(double value) { return arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(value)); }
  Value i1(bool value) { return arith::ConstantOp::create(builder, loc, builder.getBoolAttr(value)); }
  Value none() { return NoneOp::create(builder, loc); }
  Value size(Value tensor, int64_t dim) { return SizeOp::create(builder, loc, builder.getI64Type(), tensor, i64(dim)); }
  Value list(ArrayRef<Value> elements) {
    return ListConstructOp::create(builder, loc, ts::ListType::get(builder.getContext(), builder.getI64Type()),
                                   elements);
  }
  Value part(Value tensor, int64_t dim, int64_t start, int64_t end) {
    return create("aten::slice.Tensor", {tensor, i64(dim), i64(start), i64(end), i64(1)});
  }

private:
  OpBuilder &builder;
  Location loc;
  aten::AtenDialect &dialect;
};
} // namespace

static std::optional<int64_t> getInt(Value value) {
  IntegerAttr constant;
  return matchPattern(value, m_Constant(&constant)) ? std::optional(constant.getInt()) : std::nullopt;
}

static bool isNone(Value value) { return isa<ts::NoneType>(lookThroughCasts(value).getType()); }

/// Self-attention with its projections, as nn.MultiheadAttention's fast path calls it:
/// (query, key, value, embed_dim, num_head, qkv_weight, qkv_bias, proj_weight, proj_bias,
/// mask, need_weights, average_attn_weights, mask_type). Without a mask and the weights.
static Value expandMultiHeadAttention(OperatorOp op, AtenBuilder &aten) {
  auto arguments = op.getArguments();
  if (arguments.size() != 13 || !op->getResult(1).use_empty() || !isNone(arguments[9]))
    return {};
  std::optional<int64_t> width = getInt(arguments[3]), heads = getInt(arguments[4]),
                         needsWeights = getInt(arguments[10]);
  if (!width || !heads || *heads <= 0 || !needsWeights || *needsWeights)
    return {};
  Value query = arguments[0], weight = arguments[5], bias = arguments[6];
  bool isSelf = query == arguments[1] && query == arguments[2];
  Value joint = isSelf ? aten.create("aten::linear", {query, weight, bias}) : Value();
  SmallVector<Value> projected;
  for (int64_t i = 0; i < 3; ++i) {
    Value input = arguments[i], part;
    int64_t start = i * *width, end = start + *width;
    if (isSelf)
      part = aten.part(joint, 2, start, end);
    else
      part = aten.create("aten::linear", {input, aten.part(weight, 0, start, end), aten.part(bias, 0, start, end)});
    Value shape = aten.list({aten.size(input, 0), aten.size(input, 1), aten.i64(*heads), aten.i64(*width / *heads)});
    Value split = aten.create("aten::reshape", {part, shape});
    projected.push_back(aten.create("aten::transpose.int", {split, aten.i64(1), aten.i64(2)}));
  }
  Value attended =
      aten.create("aten::scaled_dot_product_attention", {projected[0], projected[1], projected[2], aten.none(),
                                                         aten.f64(0), aten.i1(false), aten.none(), aten.i1(false)});
  Value gathered = aten.create("aten::transpose.int", {attended, aten.i64(1), aten.i64(2)});
  Value shape = aten.list({aten.size(query, 0), aten.size(query, 1), aten.i64(*width)});
  Value flat = aten.create("aten::reshape", {gathered, shape});
  return aten.create("aten::linear", {flat, arguments[7], arguments[8]});
}

using Expansion = Value (*)(OperatorOp, AtenBuilder &);
static const llvm::StringMap<Expansion> &getExpansions() {
  static const llvm::StringMap<Expansion> table = {
      {"aten::_native_multi_head_attention", expandMultiHeadAttention},
  };
  return table;
}

bool wick::ts::isComposite(StringRef baseName) { return getExpansions().contains(baseName); }

namespace {
struct TSExpandCompositesPass : wick::ts::impl::TSExpandCompositesPassBase<TSExpandCompositesPass> {
  using TSExpandCompositesPassBase::TSExpandCompositesPassBase;

  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>())
      func.walk([&](OperatorOp op) {
        auto expansion = getExpansions().find(getBaseName(op));
        if (expansion == getExpansions().end())
          return;
        OpBuilder builder(op);
        AtenBuilder aten(builder, op.getLoc());
        Value value = expansion->second(op, aten);
        if (!value)
          return;
        op->getResult(0).replaceAllUsesWith(value);
        op.erase();
      });
  }
};
} // namespace
