//===- FFT.cpp - lowerings: discrete Fourier transforms ----------------------===//
//
// A routine of the runtime for each dim, one after the other. Which transform it is follows
// from the dtypes of what it reads and writes, and how many points from their sizes.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenFFTOps.h"

#include "Checks.h"
#include "Patterns.h"
#include "wick/Dialect/Aten/IR/Facts.h"

#include "wick/Dialect/Plan/IR/PlanDialect.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

/// Writes the transforms of a tensor along some dims.
struct TransformWriter {
  ShapeBuilder &shapes;
  Value normalization;
  SmallVector<int64_t> dims;

  TransformWriter(ShapeBuilder &shapes, Value normalization) : shapes(shapes), normalization(normalization) {}

  /// Fails unless the dims are constants.
  LogicalResult find(Operation *op, Value list, int64_t rank) {
    StaticFacts facts;
    std::optional<SmallVector<int64_t>> known = facts.getConstantIntList(list);
    if (!known)
      return refuse(op, "the dims are not known");
    FailureOr<SmallVector<int64_t>> wrapped = wrapDims(op, *known, rank);
    if (failed(wrapped))
      return failure();
    dims = *wrapped;
    return success();
  }

  /// The transform along a dim into elements of a dtype, of which there are `count` along the dim.
  ShapedValue write(const ShapedValue &source, int64_t dim, Value forward, Type dtype, AffineExpr count,
                    OpFoldResult size) {
    SmallVector<AffineExpr> exprs = source.dims;
    SmallVector<OpFoldResult> sizes = shapes.sizesOf(source);
    exprs[dim] = count;
    sizes[dim] = size;
    Value target = shapes.empty(dtype, sizes);
    Value place = createIntConstant(shapes.builder, shapes.loc, shapes.builder.getI64Type(), dim);
    auto routine =
        plan::RoutineOp::create(shapes.builder, shapes.loc, target.getType(), shapes.builder.getStringAttr("fft"),
                                ValueRange{source.value, place, normalization, forward}, target,
                                /*draws=*/nullptr);
    return {routine.getResult(0), dtype, exprs};
  }
  /// Along some dims, each complex number by a complex one.
  ShapedValue writeAll(ShapedValue source, ArrayRef<int64_t> along, Value forward) {
    for (int64_t dim : along)
      source = write(source, dim, forward, source.dtype, source.dims[dim], shapes.sizeOf(source, dim));
    return source;
  }
  Value constant(bool value) { return arith::ConstantIntOp::create(shapes.builder, shapes.loc, value, /*width=*/1); }
};

struct FFTC2CLowering : OpConversionPattern<FFTC2COp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(FFTC2COp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf());
    TransformWriter writer(shapes, adaptor.getNormalization());
    if (failed(writer.find(op, op.getDim(), source.rank())))
      return failure();
    ShapedValue result = writer.writeAll(source, writer.dims, adaptor.getForward());
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

struct FFTR2CLowering : OpConversionPattern<FFTR2COp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(FFTR2COp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf());
    TransformWriter writer(shapes, adaptor.getNormalization());
    if (failed(writer.find(op, op.getDim(), source.rank())))
      return failure();
    std::optional<bool> onesided = facts.getBool(op.getOnesided());
    if (!onesided || writer.dims.empty())
      return refuse(op, "there are no dims, or it is not known whether all of the results are asked for");
    int64_t last = writer.dims.pop_back_val();
    AffineExpr count = source.dims[last];
    OpFoldResult size = shapes.sizeOf(source, last);
    if (*onesided) {
      count = count ? simplifySize(count.floorDiv(2) + 1) : count;
      Value half = rewriter.createOrFold<arith::DivUIOp>(op.getLoc(), shapes.asIndex(size), shapes.index(2));
      size = count ? materializeSize(rewriter, op.getLoc(), count)
                   : getAsOpFoldResult(rewriter.createOrFold<arith::AddIOp>(op.getLoc(), half, shapes.index(1)));
    }
    Value forward = writer.constant(true);
    ShapedValue result = writer.write(source, last, forward, ComplexType::get(source.dtype), count, size);
    result = writer.writeAll(result, writer.dims, forward);
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

struct FFTC2RLowering : OpConversionPattern<FFTC2ROp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(FFTC2ROp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf());
    TransformWriter writer(shapes, adaptor.getNormalization());
    if (failed(writer.find(op, op.getDim(), source.rank())))
      return failure();
    if (writer.dims.empty())
      return refuse(op, "there are no dims");
    int64_t last = writer.dims.pop_back_val();
    AffineExpr count = getDimExprs(getOriginalType(op.getResult()))[last];
    Value given = arith::IndexCastOp::create(rewriter, op.getLoc(), rewriter.getIndexType(), adaptor.getLastDimSize());
    if (!count)
      checkNotNegative(shapes, getAsOpFoldResult(given), getAsOpFoldResult(given));
    OpFoldResult size = count ? materializeSize(rewriter, op.getLoc(), count) : getAsOpFoldResult(given);
    Value backward = writer.constant(false);
    ShapedValue result = writer.writeAll(source, writer.dims, backward);
    result = writer.write(result, last, backward, cast<ComplexType>(source.dtype).getElementType(), count, size);
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

} // namespace

void wick::populateFFTPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<FFTC2CLowering, FFTR2CLowering, FFTC2RLowering>(converter, patterns.getContext());
}
