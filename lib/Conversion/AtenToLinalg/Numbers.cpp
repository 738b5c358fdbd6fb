//===- Numbers.cpp - from tensors to numbers and back -----------------------===//
#include "Patterns.h"
#include "Utils.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;

namespace {
/// The only element of a tensor, converted to the kind of number asked for.
struct ItemLowering : public OpConversionPattern<ts::ItemOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(ts::ItemOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getTensor().getType());
    if (!type || !isa<IntegerType, FloatType, ComplexType>(op.getType()))
      return refuse(op, "a reference, or a number whose kind is not known");
    Location loc = op.getLoc();
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    SmallVector<Value> indices(type.getRank(), zero);
    Value element = tensor::ExtractOp::create(rewriter, loc, adaptor.getTensor(), indices);
    Type dtype = type.getElementType();
    element = fromStorage(rewriter, loc, element, dtype);
    rewriter.replaceOp(op, convertScalar(rewriter, loc, element, dtype, op.getType()));
    return success();
  }
};

/// A size that no expression describes is measured.
struct SizeLowering : public OpConversionPattern<ts::SizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(ts::SizeOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(adaptor.getTensor().getType());
    std::optional<int64_t> dim = getConstantIntValue(op.getDim());
    if (!type || !dim || *dim < -type.getRank() || *dim >= type.getRank())
      return refuse(op, "a reference, or a dim that is not known");
    Value size =
        tensor::DimOp::create(rewriter, op.getLoc(), adaptor.getTensor(), *dim < 0 ? *dim + type.getRank() : *dim);
    rewriter.replaceOpWithNewOp<arith::IndexCastOp>(op, op.getType(), size);
    return success();
  }
};

/// The product of all sizes.
struct NumelLowering : public OpConversionPattern<ts::NumelOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(ts::NumelOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(adaptor.getTensor().getType());
    if (!type)
      return refuse(op, "a reference");
    Value count = createIntConstant(rewriter, op.getLoc(), op.getType(), 1);
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      Value size = tensor::DimOp::create(rewriter, op.getLoc(), adaptor.getTensor(), dim);
      size = arith::IndexCastOp::create(rewriter, op.getLoc(), op.getType(), size);
      count = arith::MulIOp::create(rewriter, op.getLoc(), count, size);
    }
    rewriter.replaceOp(op, count);
    return success();
  }
};

struct NumberToTensorLowering : public OpConversionPattern<ts::NumberToTensorOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(ts::NumberToTensorOp op, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getResult().getType());
    if (!type)
      return refuse(op, "a reference");
    FailureOr<Value> number = convertNumber(rewriter, op.getLoc(), op.getNumber(), type.getElementType());
    if (failed(number))
      return refuse(op, "the kind of a number is not known");
    Value element = toStorage(rewriter, op.getLoc(), *number, type.getElementType());
    rewriter.replaceOpWithNewOp<tensor::FromElementsOp>(op, getStorageTensor(type), element);
    return success();
  }
};
} // namespace

void wick::populateNumberPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ItemLowering, SizeLowering, NumelLowering, NumberToTensorLowering>(converter, patterns.getContext());
}
