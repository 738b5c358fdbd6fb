//===- Random.cpp - lowerings: tensors of random numbers ---------------------===//
//
// Routines of the runtime, which fill i32, i64, f32 and f64: numbers of other dtypes are
// drawn in the next one of these.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenRandomOps.h"

#include "Checks.h"
#include "Patterns.h"
#include "Shapes.h"
#include "Utils.h"

#include "wick/Dialect/Plan/IR/PlanDialect.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

Type getDrawnDtype(Type dtype) {
  MLIRContext *context = dtype.getContext();
  if (isa<FloatType>(dtype))
    return dtype.isF64() ? dtype : Float32Type::get(context);
  return dtype.isInteger(64) ? dtype : IntegerType::get(context, 32);
}

/// Fills a new tensor of some dims.
ShapedValue draw(ShapeBuilder &shapes, StringRef name, ValueRange inputs, Type dtype, ArrayRef<AffineExpr> dims,
                 ArrayRef<OpFoldResult> sizes) {
  Value target = shapes.empty(dtype, sizes);
  auto routine =
      plan::RoutineOp::create(shapes.builder, shapes.loc, target.getType(), shapes.builder.getStringAttr(name), inputs,
                              target, shapes.builder.getUnitAttr());
  return {routine.getResult(0), dtype, SmallVector<AffineExpr>(dims)};
}

/// Draws in the shape of `self`; the other operands are the routine's, the generator last.
template <typename Op> struct DrawLowering : OpConversionPattern<Op> {
  DrawLowering(const TypeConverter &converter, MLIRContext *context, StringRef name)
      : OpConversionPattern<Op>(converter, context), name(name) {}

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue self(op.getSelf(), adaptor.getSelf());
    if (isa<ComplexType>(self.dtype))
      return refuse(op, "complex random numbers are not drawn");
    SmallVector<Value> inputs(adaptor.getOperands().drop_front());
    ShapedValue drawn = draw(shapes, name, inputs, getDrawnDtype(self.dtype), self.dims, shapes.sizesOf(self));
    rewriter.replaceOp(op, toResult(shapes, shapes.convert(drawn, self.dtype), op.getResult()));
    return success();
  }

  StringRef name;
};

struct BernoulliTensorLowering : OpConversionPattern<BernoulliTensorOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(BernoulliTensorOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue self(op.getSelf(), adaptor.getSelf()), p(op.getP(), adaptor.getP());
    if (isa<ComplexType>(self.dtype) || !isa<FloatType>(p.dtype))
      return refuse(op, "the probabilities are no floats");
    if (llvm::is_contained(self.dims, AffineExpr()) || self.dims != p.dims)
      return refuse(op, "the probabilities are not known to have the sizes of the tensor");
    Value chances = shapes.convert(p, getDrawnDtype(p.dtype)).value;
    ShapedValue drawn = draw(shapes, "draw_bernoulli", {chances, adaptor.getGenerator()}, getDrawnDtype(self.dtype),
                             self.dims, shapes.sizesOf(self));
    rewriter.replaceOp(op, toResult(shapes, shapes.convert(drawn, self.dtype), op.getResult()));
    return success();
  }
};

/// As many numbers as the dtype holds exactly.
struct RandomLowering : OpConversionPattern<RandomOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(RandomOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue self(op.getSelf(), adaptor.getSelf());
    if (isa<ComplexType>(self.dtype))
      return refuse(op, "complex random numbers are not drawn");
    int64_t count;
    if (auto number = dyn_cast<FloatType>(self.dtype))
      count = (int64_t(1) << number.getFPMantissaWidth()) + 1;
    else if (self.dtype.isInteger(1) || self.dtype.isUnsignedInteger(8))
      count = int64_t(1) << self.dtype.getIntOrFloatBitWidth();
    else
      count = self.dtype.isInteger(64) ? 0 : int64_t(1) << (self.dtype.getIntOrFloatBitWidth() - 1);
    Value limit = createIntConstant(rewriter, op.getLoc(), rewriter.getI64Type(), count);
    ShapedValue drawn = draw(shapes, "draw_bits", {limit, adaptor.getGenerator()}, getDrawnDtype(self.dtype), self.dims,
                             shapes.sizesOf(self));
    rewriter.replaceOp(op, toResult(shapes, shapes.convert(drawn, self.dtype), op.getResult()));
    return success();
  }
};

struct RandpermLowering : OpConversionPattern<RandpermOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(RandpermOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    RankedTensorType type = getOriginalType(op.getResult());
    Value zero = createIntConstant(rewriter, op.getLoc(), rewriter.getI64Type(), 0);
    raiseIf(shapes, arith::CmpIOp::create(rewriter, op.getLoc(), arith::CmpIPredicate::slt, adaptor.getN(), zero),
            "n must be non-negative");
    AffineExpr size = getDimExprs(type)[0];
    OpFoldResult count =
        size ? OpFoldResult(materializeSize(rewriter, op.getLoc(), size))
             : OpFoldResult(arith::IndexCastOp::create(rewriter, op.getLoc(), rewriter.getIndexType(), adaptor.getN())
                                .getResult());
    ShapedValue drawn =
        draw(shapes, "draw_permutation", adaptor.getGenerator(), getDrawnDtype(type.getElementType()), size, count);
    rewriter.replaceOp(op, toResult(shapes, shapes.convert(drawn, type.getElementType()), op.getResult()));
    return success();
  }
};

struct MultinomialLowering : OpConversionPattern<MultinomialOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(MultinomialOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue self(op.getSelf(), adaptor.getSelf());
    if (!isa<FloatType>(self.dtype) || self.rank() == 0 || self.rank() > 2)
      return refuse(op, "the weights are no floats of one or two dims");
    SmallVector<AffineExpr> dims(getDimExprs(getOriginalType(op.getResult())));
    SmallVector<OpFoldResult> sizes = shapes.sizesOf(self);
    sizes.back() = dims.back() ? OpFoldResult(materializeSize(rewriter, op.getLoc(), dims.back()))
                               : OpFoldResult(arith::IndexCastOp::create(rewriter, op.getLoc(), rewriter.getIndexType(),
                                                                         adaptor.getNumSamples())
                                                  .getResult());
    Value weights = shapes.convert(self, getDrawnDtype(self.dtype)).value;
    ShapedValue drawn = draw(shapes, "draw_multinomial", {weights, adaptor.getReplacement(), adaptor.getGenerator()},
                             rewriter.getI64Type(), dims, sizes);
    rewriter.replaceOp(op, toResult(shapes, drawn, op.getResult()));
    return success();
  }
};

} // namespace

void wick::populateRandomPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<DrawLowering<UniformOp>>(converter, context, "draw_uniform");
  patterns.add<DrawLowering<NormalOp>>(converter, context, "draw_normal");
  patterns.add<DrawLowering<BernoulliOp>>(converter, context, "draw_bernoulli");
  patterns.add<DrawLowering<RandomFromOp>>(converter, context, "draw_integer");
  patterns.add<DrawLowering<ExponentialOp>>(converter, context, "draw_exponential");
  patterns.add<DrawLowering<GeometricOp>>(converter, context, "draw_geometric");
  patterns.add<DrawLowering<CauchyOp>>(converter, context, "draw_cauchy");
  patterns.add<DrawLowering<LogNormalOp>>(converter, context, "draw_log_normal");
  patterns.add<BernoulliTensorLowering, RandomLowering, RandpermLowering, MultinomialLowering>(converter, context);
}
