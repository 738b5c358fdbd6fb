//===- Sorting.cpp - lowerings: orders and selections by order --------------===//
//
// Routines of the runtime, which know few dtypes: others travel as a wider one, in the
// same order.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenSortingOps.h"

#include "Checks.h"
#include "Parts.h"
#include "Patterns.h"

#include "wick/Dialect/Plan/IR/PlanDialect.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

Type getRoutineDtype(Type dtype) {
  if (dtype.isF16() || dtype.isBF16())
    return Float32Type::get(dtype.getContext());
  if (isa<IntegerType>(dtype) && dtype.getIntOrFloatBitWidth() < 32)
    return IntegerType::get(dtype.getContext(), 32);
  return dtype;
}

/// A call of a routine that finds values and indices along a dim of a tensor.
struct OrderRoutine {
  ShapeBuilder &shapes;
  ShapedValue self, source;
  int64_t dim = 0;

  OrderRoutine(ShapeBuilder &shapes, Value original, Value converted)
      : shapes(shapes), self(original, converted), source(shapes.convert(self, getRoutineDtype(self.dtype))) {
    if (self.rank() == 0)
      source = shapes.reshape(source, shapes.expr(1));
  }

  LogicalResult find(Operation *op, Value dimOperand) {
    if (isa<ComplexType>(self.dtype))
      return refuse(op, "complex numbers have no order");
    FailureOr<int64_t> known = self.rank() == 0 ? FailureOr<int64_t>(0) : findPartDim(op, dimOperand, self.rank());
    if (failed(known))
      return refuse(op, "the dim is not known");
    dim = *known;
    return success();
  }

  /// Values and indices whose size along the dim is `count`.
  std::pair<ShapedValue, ShapedValue> call(StringRef name, ValueRange options, AffineExpr count, OpFoldResult size) {
    Type i64 = shapes.builder.getI64Type();
    SmallVector<AffineExpr> dims = source.dims;
    SmallVector<OpFoldResult> sizes = shapes.sizesOf(source);
    dims[dim] = count;
    sizes[dim] = size;
    SmallVector<Value> targets = {shapes.empty(source.dtype, sizes), shapes.empty(i64, sizes)};
    SmallVector<Value> inputs = {source.value, createIntConstant(shapes.builder, shapes.loc, i64, dim)};
    llvm::append_range(inputs, options);
    auto routine = plan::RoutineOp::create(shapes.builder, shapes.loc, ValueRange(targets).getTypes(),
                                           shapes.builder.getStringAttr(name), inputs, targets, /*draws=*/nullptr);
    return {{routine.getResult(0), source.dtype, dims}, {routine.getResult(1), i64, dims}};
  }

  /// Results in the dtype of the op and with `dims`, of which only some of size one may be missing.
  void replace(ConversionPatternRewriter &rewriter, Operation *op, std::pair<ShapedValue, ShapedValue> found) {
    SmallVector<Value> results;
    for (auto [value, dtype, result] : {std::tuple(found.first, self.dtype, op->getResult(0)),
                                        std::tuple(found.second, found.second.dtype, op->getResult(1))}) {
      SmallVector<AffineExpr> dims = value.dims;
      SmallVector<OpFoldResult> sizes = shapes.sizesOf(value);
      if (cast<RankedTensorType>(result.getType()).getRank() < value.rank()) {
        dims.erase(dims.begin() + dim);
        sizes.erase(sizes.begin() + dim);
        value = shapes.reshape(value, dims, sizes);
      }
      results.push_back(toResult(shapes, shapes.convert(value, dtype), result));
    }
    rewriter.replaceOp(op, results);
  }
};

struct SortLowering : OpConversionPattern<SortOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(SortOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    OrderRoutine routine(shapes, op.getSelf(), adaptor.getSelf());
    if (failed(routine.find(op, op.getDim())))
      return failure();
    auto found = routine.call("sort", adaptor.getDescending(), routine.source.dims[routine.dim],
                              shapes.sizeOf(routine.source, routine.dim));
    routine.replace(rewriter, op, found);
    return success();
  }
};

struct TopkLowering : OpConversionPattern<TopkOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(TopkOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    OrderRoutine routine(shapes, op.getSelf(), adaptor.getSelf());
    if (failed(routine.find(op, op.getDim())))
      return failure();
    Value k = arith::IndexCastOp::create(rewriter, op.getLoc(), rewriter.getIndexType(), adaptor.getK());
    Value size = shapes.asIndex(shapes.sizeOf(routine.source, routine.dim));
    raiseIf(shapes, arith::CmpIOp::create(rewriter, op.getLoc(), arith::CmpIPredicate::ugt, k, size),
            "selected index k out of range");
    AffineExpr count;
    if (routine.self.rank() == 0)
      count = shapes.expr(1);
    else
      count = getDimExprs(getOriginalType(op.getValues()))[routine.dim];
    OpFoldResult chosen = count ? materializeSize(rewriter, op.getLoc(), count) : OpFoldResult(k);
    routine.replace(rewriter, op, routine.call("topk", {adaptor.getLargest(), adaptor.getSorted()}, count, chosen));
    return success();
  }
};

template <typename MedianOp> struct MedianLowering : OpConversionPattern<MedianOp> {
  using OpConversionPattern<MedianOp>::OpConversionPattern;
  LogicalResult matchAndRewrite(MedianOp op, typename MedianOp::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    OrderRoutine routine(shapes, op.getSelf(), adaptor.getSelf());
    if (failed(routine.find(op, op.getDim())))
      return failure();
    Value isEmpty =
        routine.source.rank() ? findSmaller(shapes, shapes.sizeOf(routine.source, routine.dim), 1) : Value();
    if (isEmpty)
      raiseIf(shapes, isEmpty,
              "median(): Expected reduction dim " + std::to_string(routine.dim) + " to have non-zero size.");
    Value skipsNan =
        arith::ConstantIntOp::create(rewriter, op.getLoc(), std::is_same_v<MedianOp, NanMedianDimOp>, /*width=*/1);
    routine.replace(rewriter, op,
                    routine.call("median", skipsNan, shapes.expr(1), OpFoldResult(rewriter.getIndexAttr(1))));
    return success();
  }
};

} // namespace

void wick::populateSortingPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<SortLowering, TopkLowering, MedianLowering<MedianDimOp>, MedianLowering<NanMedianDimOp>>(
      converter, patterns.getContext());
}
