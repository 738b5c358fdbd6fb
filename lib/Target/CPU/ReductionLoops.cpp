//===- ReductionLoops.cpp - reductions as vector loops ----------------------===//
#include "ReductionLoops.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace wick::cpu;

FailureOr<SmallVector<AffineExpr>> wick::cpu::loopSizes(FusedKernel &kernel, linalg::LinalgOp op) {
  SmallVector<AffineExpr> sizes(op.getNumLoops());
  SmallVector<OpOperand *> order;
  for (OpOperand &init : op.getDpsInitsMutable())
    order.push_back(&init);
  for (OpOperand *input : op.getDpsInputOperands())
    order.push_back(input);
  for (OpOperand *operand : order) {
    if (!isa<RankedTensorType>(operand->get().getType()))
      continue;
    for (auto [dim, e] : llvm::enumerate(op.getMatchingIndexingMap(operand).getResults()))
      if (auto loop = dyn_cast<AffineDimExpr>(e)) {
        AffineExpr &known = sizes[loop.getPosition()], size = kernel.size(operand->get(), dim);
        if (!known || (!isa<AffineConstantExpr>(known) && isa<AffineConstantExpr>(size)))
          known = size;
      }
  }
  if (llvm::is_contained(sizes, AffineExpr()))
    return failure();
  return sizes;
}

SmallVector<Operation *> wick::cpu::findCombiners(linalg::LinalgOp op) {
  SmallVector<Operation *> combiners;
  for (auto [index, yielded] : llvm::enumerate(op.getBlock()->getTerminator()->getOperands())) {
    BlockArgument sum = op.getMatchingBlockArgument(op.getDpsInitOperand(index));
    Operation *combiner = yielded.getDefiningOp();
    if (!isa_and_nonnull<arith::AddFOp, arith::MulFOp, arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp,
                         arith::MinNumFOp, arith::AddIOp, arith::MulIOp, arith::MaxSIOp, arith::MinSIOp, arith::MaxUIOp,
                         arith::MinUIOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp>(combiner) ||
        !sum.hasOneUse() || *sum.getUsers().begin() != combiner)
      return {};
    combiners.push_back(combiner);
  }
  return combiners;
}

SmallVector<Value> wick::cpu::reduceStep(FusedKernel &kernel, const Reduction &reduction, const TilePoint &at,
                                         ValueRange sums) {
  VectorEmitter &v = kernel.emitter();
  linalg::LinalgOp op = reduction.op;
  SmallVector<Value> next = kernel.evaluateBody(op, reduction.loops, at, [&](OpOperand &operand) -> Value {
    if (op.isDpsInit(&operand))
      return sums[operand.getOperandNumber() - op.getNumDpsInputs()];
    return kernel.read(operand.get(), applyMap(op.getMatchingIndexingMap(&operand), reduction.loops), at);
  });
  // Where lanes run along a parallel dim, those that do not exist are never stored.
  if (at.mask && at.laneDim + 1 == at.dims.size())
    for (auto [value, before] : llvm::zip(next, sums))
      value = arith::SelectOp::create(v.builder, v.loc, at.mask, value, before);
  return next;
}

/// The combiner on two values of any width.
static Value combine(VectorEmitter &v, Operation *combiner, Value lhs, Value rhs) {
  OperationState state(combiner->getLoc(), combiner->getName());
  state.propertiesAttr = combiner->getPropertiesAsAttribute();
  state.addOperands({lhs, rhs});
  state.addTypes(lhs.getType());
  return v.builder.create(state)->getResult(0);
}

/// Halves a vector until one lane is left, always in the same order.
static Value combineLanes(VectorEmitter &v, Operation *combiner, Value vector) {
  int64_t width = cast<VectorType>(vector.getType()).getNumElements();
  for (; width > 1; width /= 2) {
    SmallVector<int64_t> low = llvm::to_vector(llvm::seq<int64_t>(0, width / 2)),
                         high = llvm::to_vector(llvm::seq<int64_t>(width / 2, width));
    Value l = vector::ShuffleOp::create(v.builder, v.loc, vector, vector, low);
    Value h = vector::ShuffleOp::create(v.builder, v.loc, vector, vector, high);
    vector = combine(v, combiner, l, h);
  }
  return vector::ExtractOp::create(v.builder, v.loc, vector, int64_t(0));
}

SmallVector<Value> wick::cpu::reduceRow(FusedKernel &kernel, const Reduction &reduction, ArrayRef<Value> row,
                                        int64_t width, llvm::function_ref<void(const TilePoint &)> visit) {
  VectorEmitter &v = kernel.emitter();
  linalg::LinalgOp op = reduction.op;
  unsigned results = op->getNumResults();
  // Several independent sums hide the latency of one.
  auto depth = reduction.sizes.empty() ? AffineConstantExpr() : dyn_cast<AffineConstantExpr>(reduction.sizes.back());
  int64_t sets = width == 1 || (depth && depth.getValue() < 4 * width) ? 1 : 4;
  SmallVector<Value> sums;
  for (int64_t set = 0; set < sets; ++set)
    for (Operation *combiner : reduction.combiners)
      sums.push_back(v.splat(arith::ConstantOp::create(v.builder, v.loc, *arith::getNeutralElement(combiner)), width));

  auto point = [&](ArrayRef<Value> dims, Value lane, Value limit) {
    TilePoint at;
    at.dims.assign(dims.begin(), dims.end());
    at.dims.push_back(lane);
    at.laneDim = dims.size();
    at.width = width;
    at.limit = limit;
    return at;
  };
  std::function<SmallVector<Value>(size_t, SmallVector<Value>, ValueRange)> nest =
      [&](size_t level, SmallVector<Value> dims, ValueRange inner) -> SmallVector<Value> {
    if (level + 1 < reduction.sizes.size())
      return v.forLoop(v.constant(0), v.emit(reduction.sizes[level], {}), 1, inner,
                       [&](Value index, ValueRange carried) {
                         SmallVector<Value> next(dims);
                         next.push_back(index);
                         return nest(level + 1, next, carried);
                       });
    Value limit = reduction.sizes.empty() ? v.constant(1) : v.emit(reduction.sizes.back(), {});
    auto step = [&](const TilePoint &at, MutableArrayRef<Value> carried) {
      if (visit)
        visit(at);
      llvm::copy(reduceStep(kernel, reduction, at, carried), carried.begin());
    };
    SmallVector<Value> carried(inner);
    Value from = v.constant(0);
    for (int64_t points : sets > 1 ? SmallVector<int64_t>{sets, 1} : SmallVector<int64_t>{1}) {
      Value to = v.mul(v.floorDiv(limit, v.constant(width * points)), width * points);
      carried = v.forLoop(from, to, width * points, carried, [&](Value lane, ValueRange values) {
        SmallVector<Value> next(values);
        for (int64_t set = 0; set < points; ++set)
          step(point(dims, v.add(lane, set * width), limit), MutableArrayRef(next).slice(set * results, results));
        return next;
      });
      from = to;
    }
    if (width == 1)
      return carried;
    return v.forLoop(from, limit, width, carried, [&](Value lane, ValueRange values) {
      SmallVector<Value> next(values);
      TilePoint at = point(dims, lane, limit);
      at.mask = v.laneMask(limit, lane, width);
      step(at, MutableArrayRef(next).take_front(results));
      return next;
    });
  };
  sums = nest(0, SmallVector<Value>(row), sums);
  for (int64_t half = sets / 2; half >= 1; half /= 2)
    for (int64_t set = 0; set < half; ++set)
      for (unsigned i = 0; i < results; ++i)
        sums[set * results + i] =
            combine(v, reduction.combiners[i], sums[set * results + i], sums[(set + half) * results + i]);
  // The initial values last; they are read at the row.
  TilePoint at;
  at.dims.assign(row.begin(), row.end());
  for (size_t i = 0; i < std::max<size_t>(reduction.sizes.size(), 1); ++i)
    at.dims.push_back(v.constant(0));
  at.laneDim = at.dims.size() - 1;
  SmallVector<Value> totals;
  for (unsigned i = 0; i < results; ++i) {
    OpOperand *init = op.getDpsInitOperand(i);
    Value first = kernel.read(init->get(), applyMap(op.getMatchingIndexingMap(init), reduction.loops), at);
    totals.push_back(combine(v, reduction.combiners[i], vector::ExtractOp::create(v.builder, v.loc, first, int64_t(0)),
                             combineLanes(v, reduction.combiners[i], sums[i])));
  }
  return totals;
}
