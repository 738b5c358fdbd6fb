//===- Numbers.cpp - from tensors to numbers and back -----------------------===//
#include "Checks.h"
#include "Patterns.h"
#include "Utils.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;

namespace {
/// The product of all sizes, as an index.
Value countElements(OpBuilder &builder, Location loc, Value tensor) {
  Value count = arith::ConstantIndexOp::create(builder, loc, 1);
  for (int64_t dim = 0; dim < cast<RankedTensorType>(tensor.getType()).getRank(); ++dim)
    count = builder.createOrFold<arith::MulIOp>(loc, count, builder.createOrFold<tensor::DimOp>(loc, tensor, dim));
  return count;
}

/// Raises unless a tensor has one element, and no dims where it stands for a number by itself.
void checkItem(ShapeBuilder &shapes, ts::ItemOp op, Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  auto constant = [&](bool value) {
    return arith::ConstantOp::create(shapes.builder, shapes.loc, shapes.builder.getBoolAttr(value)).getResult();
  };
  if (op.getImplicit() && type.getRank())
    return raiseIf(shapes, constant(true), "Cannot input a tensor of dimension other than 0 as a scalar argument");
  bool isTruth = op.getType().isInteger(1);
  if (type.hasStaticShape()) {
    std::string count = std::to_string(type.getNumElements());
    if (type.getNumElements() != 1)
      raiseIf(shapes, constant(true),
              !isTruth                ? "a Tensor with " + count + " elements cannot be converted to Scalar"
              : type.getNumElements() ? "Boolean value of Tensor with more than one value is ambiguous"
                                      : "Boolean value of Tensor with no values is ambiguous");
    return;
  }
  Value count = countElements(shapes.builder, shapes.loc, tensor);
  auto compare = [&](arith::CmpIPredicate predicate) -> Value {
    return arith::CmpIOp::create(shapes.builder, shapes.loc, predicate, count, shapes.index(1));
  };
  if (!isTruth)
    return raiseIf(shapes, compare(arith::CmpIPredicate::ne), "a Tensor with {} elements cannot be converted to Scalar",
                   count);
  raiseIf(shapes, compare(arith::CmpIPredicate::ult), "Boolean value of Tensor with no values is ambiguous");
  raiseIf(shapes, compare(arith::CmpIPredicate::ugt), "Boolean value of Tensor with more than one value is ambiguous");
}

/// Raises unless a float, in compute form, has an integer part that is an int.
void checkInteger(ShapeBuilder &shapes, Value element, Type dtype) {
  ScalarBuilder s(shapes.builder, shapes.loc, dtype);
  double limit = std::ldexp(1.0, 63);
  Value fits = arith::AndIOp::create(shapes.builder, shapes.loc, s.le(s.constant(-limit), element),
                                     s.lt(element, s.constant(limit)));
  raiseIf(shapes, createNot(shapes.builder, shapes.loc, fits),
          "value cannot be converted to type int64_t without overflow");
}

/// The only element of a tensor, converted to the kind of number asked for.
struct ItemLowering : public OpConversionPattern<ts::ItemOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(ts::ItemOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getTensor().getType());
    if (!type || !isa<IntegerType, FloatType, ComplexType>(op.getType()))
      return refuse(op, "a reference, or a number whose kind is not known");
    Location loc = op.getLoc();
    ShapeBuilder shapes(rewriter, loc);
    checkItem(shapes, op, adaptor.getTensor());
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    SmallVector<Value> indices(type.getRank(), zero);
    Value element = tensor::ExtractOp::create(rewriter, loc, adaptor.getTensor(), indices);
    Type dtype = type.getElementType();
    element = fromStorage(rewriter, loc, element, dtype);
    if (isa<FloatType>(dtype) && op.getType().isInteger(64))
      checkInteger(shapes, element, dtype);
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
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue tensor(op.getTensor(), adaptor.getTensor());
    Value size = shapes.asIndex(shapes.sizeOf(tensor, *dim < 0 ? *dim + type.getRank() : *dim));
    rewriter.replaceOpWithNewOp<arith::IndexCastOp>(op, op.getType(), size);
    return success();
  }
};

struct NumelLowering : public OpConversionPattern<ts::NumelOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(ts::NumelOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    if (!isa<RankedTensorType>(adaptor.getTensor().getType()))
      return refuse(op, "a reference");
    Value count = countElements(rewriter, op.getLoc(), adaptor.getTensor());
    rewriter.replaceOpWithNewOp<arith::IndexCastOp>(op, op.getType(), count);
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
