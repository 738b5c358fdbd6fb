//===- Scan.cpp - lowering of running sums, products and extrema ------------===//
//
// A scan is one pass over the dim for every position of the others: loops over scalars
// that carry what the elements so far have come to.
//
//===----------------------------------------------------------------------===//
#include "Parts.h"
#include "Patterns.h"
#include "Reductions.h"
#include "Shapes.h"
#include "wick/Dialect/Aten/IR/AtenReductionOps.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;

namespace {

/// The values carried after an element, of which the first ones are stored at its position, in storage form.
struct Step {
  SmallVector<Value> carried, stored;
};
using StepBody = llvm::function_ref<Step(OpBuilder &, Location, Value element, Value index, ValueRange carried)>;

/// Runs over `dim` of a tensor of some rank. `element` is in storage form.
SmallVector<ShapedValue> scan(ShapeBuilder &shapes, const ShapedValue &source, int64_t dim, ArrayRef<Type> dtypes,
                              ValueRange inits, StepBody body) {
  OpBuilder &builder = shapes.builder;
  SmallVector<OpFoldResult> sizes = shapes.sizesOf(source);
  SmallVector<Value> targets, lower, upper, steps;
  for (Type dtype : dtypes)
    targets.push_back(shapes.empty(dtype, sizes));
  for (int64_t i = 0; i < source.rank(); ++i) {
    if (i == dim)
      continue;
    lower.push_back(shapes.index(0));
    upper.push_back(shapes.asIndex(sizes[i]));
    steps.push_back(shapes.index(1));
  }
  auto runAlong = [&](OpBuilder &b, Location loc, ValueRange outer, ValueRange targets) -> SmallVector<Value> {
    SmallVector<Value> carried(targets);
    llvm::append_range(carried, inits);
    Value zero = arith::ConstantIndexOp::create(b, loc, 0), one = arith::ConstantIndexOp::create(b, loc, 1);
    auto loop = scf::ForOp::create(b, loc, zero, shapes.asIndex(sizes[dim]), one, carried,
                                   [&](OpBuilder &b, Location loc, Value position, ValueRange values) {
                                     SmallVector<Value> at(outer);
                                     at.insert(at.begin() + dim, position);
                                     Value element = tensor::ExtractOp::create(b, loc, source.value, at);
                                     Value index = arith::IndexCastOp::create(b, loc, b.getI64Type(), position);
                                     Step step = body(b, loc, element, index, values.drop_front(targets.size()));
                                     SmallVector<Value> yielded;
                                     for (auto [value, target] : llvm::zip(step.stored, values))
                                       yielded.push_back(tensor::InsertOp::create(b, loc, value, target, at));
                                     llvm::append_range(yielded, step.carried);
                                     scf::YieldOp::create(b, loc, yielded);
                                   });
    return SmallVector<Value>(loop.getResults().take_front(targets.size()));
  };
  SmallVector<Value> results;
  if (lower.empty()) {
    results = runAlong(builder, shapes.loc, {}, targets);
  } else {
    scf::LoopNest nest = scf::buildLoopNest(builder, shapes.loc, lower, upper, steps, targets,
                                            [&](OpBuilder &b, Location loc, ValueRange outer, ValueRange targets) {
                                              return scf::ValueVector(runAlong(b, loc, outer, targets));
                                            });
    results.assign(nest.results.begin(), nest.results.end());
  }
  SmallVector<ShapedValue> shaped;
  for (auto [value, dtype] : llvm::zip(results, dtypes))
    shaped.emplace_back(value, dtype, source.dims);
  return shaped;
}

/// What all scans share: a tensor without dims is its only element, which is what `body` makes of it.
template <typename Op> struct ScanLowering : public OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue source(op.getSelf(), adaptor.getSelf());
    int64_t dim = 0;
    if (source.rank() == 0) {
      source = shapes.reshape(source, shapes.expr(1));
    } else {
      FailureOr<int64_t> known = findPartDim(op, op.getDim(), source.rank());
      if (failed(known))
        return rewriter.notifyMatchFailure(op, "the dim is not known");
      dim = *known;
    }
    SmallVector<Value> replacements;
    for (auto [value, result] : llvm::zip(lower(op, shapes, source, dim), op->getResults())) {
      ShapedValue shaped = value;
      if (getOriginalType(result).getRank() == 0)
        shaped = shapes.reshape(shaped, ArrayRef<AffineExpr>());
      replacements.push_back(toResult(shapes, shaped, result));
    }
    rewriter.replaceOp(op, replacements);
    return success();
  }

  SmallVector<ShapedValue> lower(Op op, ShapeBuilder &shapes, const ShapedValue &source, int64_t dim) const;
};

/// Floats are added up in double precision, as LibTorch does.
Type getScanDtype(Type dtype) { return isa<FloatType>(dtype) ? Type(Float64Type::get(dtype.getContext())) : dtype; }

template <typename Op>
SmallVector<ShapedValue> accumulate(Op op, ShapeBuilder &shapes, const ShapedValue &source, int64_t dim, double init,
                                    llvm::function_ref<Value(ScalarBuilder &, Value, Value)> combine) {
  Type dtype = getOriginalType(op.getResult()).getElementType(), wide = getScanDtype(dtype);
  Value first = createConstant(shapes.builder, shapes.loc, wide, init);
  return scan(shapes, source, dim, dtype, first,
              [&](OpBuilder &b, Location loc, Value element, Value, ValueRange carried) -> Step {
                ScalarBuilder s(b, loc, wide);
                Value value = fromStorage(b, loc, element, source.dtype);
                // Integers take part in the dtype of the result.
                Value next = combine(s, carried[0], convertScalar(b, loc, value, source.dtype, wide));
                return {{next}, {toStorage(b, loc, convertScalar(b, loc, next, wide, dtype), dtype)}};
              });
}

template <>
SmallVector<ShapedValue> ScanLowering<aten::CumSumOp>::lower(aten::CumSumOp op, ShapeBuilder &shapes,
                                                             const ShapedValue &source, int64_t dim) const {
  return accumulate(op, shapes, source, dim, 0, [](ScalarBuilder &s, Value sum, Value x) { return s.add(sum, x); });
}

template <>
SmallVector<ShapedValue> ScanLowering<aten::CumProdOp>::lower(aten::CumProdOp op, ShapeBuilder &shapes,
                                                              const ShapedValue &source, int64_t dim) const {
  return accumulate(op, shapes, source, dim, 1,
                    [](ScalarBuilder &s, Value product, Value x) { return s.mul(product, x); });
}

/// log(exp(a) + exp(b)) is the larger one and a term that does not overflow; of equal infinities it is theirs.
template <>
SmallVector<ShapedValue> ScanLowering<aten::LogCumSumExpOp>::lower(aten::LogCumSumExpOp op, ShapeBuilder &shapes,
                                                                   const ShapedValue &source, int64_t dim) const {
  return accumulate(op, shapes, source, dim, -INFINITY, [](ScalarBuilder &s, Value sum, Value x) {
    Value high = s.max(sum, x), low = s.min(sum, x);
    Value term = s.apply<math::Log1pOp>(s.apply<math::ExpOp>(s.sub(low, high)));
    Value isInfinite = s.eq(s.apply<math::AbsFOp>(low), s.constant(INFINITY));
    Value isSame = arith::AndIOp::create(s.builder, s.loc, isInfinite, s.eq(low, high));
    return s.select(isSame, high, s.add(high, term));
  });
}

template <typename Op, bool isMax>
SmallVector<ShapedValue> runExtremum(Op op, ShapeBuilder &shapes, const ShapedValue &source, int64_t dim) {
  Type i64 = shapes.builder.getI64Type();
  SmallVector<Value> inits = {createConstant(shapes.builder, shapes.loc, source.dtype, 0),
                              createIntConstant(shapes.builder, shapes.loc, i64, 0)};
  return scan(shapes, source, dim, {source.dtype, i64}, inits,
              [&](OpBuilder &b, Location loc, Value stored, Value index, ValueRange carried) -> Step {
                ScalarBuilder s(b, loc, source.dtype), numbers(b, loc, i64);
                Value element = fromStorage(b, loc, stored, source.dtype);
                auto either = [&](Value x, Value y) -> Value { return arith::OrIOp::create(b, loc, x, y); };
                // The first element, whatever it is.
                Value takes = numbers.eq(index, numbers.constant(0));
                takes = either(takes, isMax ? s.ge(element, carried[0]) : s.le(element, carried[0]));
                if (s.isFloat())
                  takes = either(takes, s.isNan(element));
                Value value = s.select(takes, element, carried[0]), at = numbers.select(takes, index, carried[1]);
                return {{value, at}, {toStorage(b, loc, value, source.dtype), at}};
              });
}

template <>
SmallVector<ShapedValue> ScanLowering<aten::CumMaxOp>::lower(aten::CumMaxOp op, ShapeBuilder &shapes,
                                                             const ShapedValue &source, int64_t dim) const {
  return runExtremum<aten::CumMaxOp, true>(op, shapes, source, dim);
}

template <>
SmallVector<ShapedValue> ScanLowering<aten::CumMinOp>::lower(aten::CumMinOp op, ShapeBuilder &shapes,
                                                             const ShapedValue &source, int64_t dim) const {
  return runExtremum<aten::CumMinOp, false>(op, shapes, source, dim);
}

} // namespace

void wick::populateScanPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ScanLowering<aten::CumSumOp>, ScanLowering<aten::CumProdOp>, ScanLowering<aten::LogCumSumExpOp>,
               ScanLowering<aten::CumMaxOp>, ScanLowering<aten::CumMinOp>>(converter, patterns.getContext());
}
