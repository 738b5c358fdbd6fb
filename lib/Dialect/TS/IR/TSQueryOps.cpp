//===- TSQueryOps.cpp - folds of the questions a program asks of tensors ----===//
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace wick::ts;

/// What the type of a reference or value says.
static wick::ts::TensorType getFacts(Value tensor) {
  if (auto value = dyn_cast<RankedTensorType>(tensor.getType()))
    return wick::ts::TensorType::getFromValueType(value);
  return cast<wick::ts::TensorType>(tensor.getType());
}

static IntegerAttr getI64(MLIRContext *context, int64_t value) {
  return IntegerAttr::get(IntegerType::get(context, 64), value);
}

OpFoldResult RankOp::fold(FoldAdaptor) {
  auto type = getFacts(getTensor());
  return type.getHasRank() ? getI64(getContext(), type.getRank()) : OpFoldResult();
}

OpFoldResult HasTypeOp::fold(FoldAdaptor) {
  auto actual = getTensor().getType();
  auto asked = cast<wick::ts::TensorType>(getType());
  if (!actual.isTyped() || !asked.isTyped())
    return {};
  bool isKnown = true;
  bool fits = actual.getRank() == asked.getRank() && actual.getDtype() == asked.getDtype();
  for (int64_t i = 0; fits && i < asked.getRank(); ++i) {
    int64_t size = actual.getStaticDim(i), expected = asked.getStaticDim(i);
    if (ShapedType::isDynamic(expected))
      continue;
    isKnown &= !ShapedType::isDynamic(size);
    fits = ShapedType::isDynamic(size) || size == expected;
  }
  return !fits || isKnown ? BoolAttr::get(getContext(), fits) : OpFoldResult();
}

OpFoldResult SizeOp::fold(FoldAdaptor adaptor) {
  auto type = getFacts(getTensor());
  auto dim = dyn_cast_or_null<IntegerAttr>(adaptor.getDim());
  if (!type.getHasRank() || !dim)
    return {};
  int64_t index = dim.getInt() < 0 ? dim.getInt() + type.getRank() : dim.getInt();
  if (index < 0 || index >= type.getRank())
    return {};
  int64_t size = type.getStaticDim(index);
  return ShapedType::isDynamic(size) ? OpFoldResult() : getI64(getContext(), size);
}

OpFoldResult NumelOp::fold(FoldAdaptor) {
  auto type = getFacts(getTensor());
  if (!type.getHasRank())
    return {};
  int64_t count = 1;
  for (int64_t i = 0; i < type.getRank(); ++i) {
    if (ShapedType::isDynamic(type.getStaticDim(i)))
      return {};
    count *= type.getStaticDim(i);
  }
  return getI64(getContext(), count);
}

OpFoldResult DtypeOp::fold(FoldAdaptor) {
  auto type = getFacts(getTensor());
  if (!type.getDtype())
    return {};
  std::optional<int64_t> number = getScalarTypeNumber(type.getDtype());
  return number ? getI64(getContext(), *number) : OpFoldResult();
}

std::optional<int64_t> wick::ts::getScalarTypeNumber(Type dtype) {
  if (auto complex = dyn_cast<ComplexType>(dtype))
    return complex.getElementType().isF16() ? 8 : complex.getElementType().isF32() ? 9 : 10;
  if (auto integer = dyn_cast<IntegerType>(dtype)) {
    bool isUnsigned = integer.isUnsigned();
    switch (integer.getWidth()) {
    case 1: return 11;
    case 8: return isUnsigned ? 0 : 1;
    case 16: return isUnsigned ? 27 : 2;
    case 32: return isUnsigned ? 28 : 3;
    case 64: return isUnsigned ? 29 : 4;
    default: return std::nullopt;
    }
  }
  if (dtype.isF16())
    return 5;
  if (dtype.isF32())
    return 6;
  if (dtype.isF64())
    return 7;
  if (dtype.isBF16())
    return 15;
  if (isa<Float8E5M2Type>(dtype))
    return 23;
  if (isa<Float8E4M3FNType>(dtype))
    return 24;
  if (isa<Float8E5M2FNUZType>(dtype))
    return 25;
  if (isa<Float8E4M3FNUZType>(dtype))
    return 26;
  return std::nullopt;
}

namespace {
/// `ts.sizes` of a tensor of known rank is a list of its sizes.
struct ExpandSizes : public OpRewritePattern<SizesOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SizesOp op, PatternRewriter &rewriter) const override {
    auto type = getFacts(op.getTensor());
    if (!type.getHasRank())
      return rewriter.notifyMatchFailure(op, "the rank is not known");
    SmallVector<Value> sizes;
    for (int64_t i = 0; i < type.getRank(); ++i) {
      Value dim = arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getI64IntegerAttr(i));
      sizes.push_back(SizeOp::create(rewriter, op.getLoc(), rewriter.getI64Type(), op.getTensor(), dim));
    }
    rewriter.replaceOpWithNewOp<ListConstructOp>(op, op.getType(), sizes);
    return success();
  }
};
} // namespace

void SizesOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<ExpandSizes>(context);
}

void ItemOp::getEffects(SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  if (isa<wick::ts::TensorType>(getTensor().getType()))
    effects.emplace_back(MemoryEffects::Read::get());
}

void NumberToTensorOp::getEffects(SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  if (isa<wick::ts::TensorType>(getType()))
    effects.emplace_back(MemoryEffects::Allocate::get(), getOperation()->getResult(0));
}
