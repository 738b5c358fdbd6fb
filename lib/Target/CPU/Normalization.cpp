//===- Normalization.cpp - the normalization strategy -----------------------===//
//
// Takes kernels that reduce rows and use the results in the same rows: softmax, layer
// norm, RMS norm, and any group of reductions and elementwise ops over common rows. A
// row stays in the first cache level: each reduction is one pass over it and the
// results are the last one. What costs more to compute than to load, as softmax's
// exponentials, is kept where the result will stand until the last pass.
//
// Tile dims are the row's dims, which all reductions keep, then those of the pass.
//
//===----------------------------------------------------------------------===//
#include "ReductionLoops.h"
#include "wick/Target/CPU/Strategy.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick::cpu;

/// Elements that one work item should pass over at least.
static constexpr int64_t elementsPerItem = 1 << 15;

namespace {
/// Results of the kernel with the same inner dims.
struct RowResults {
  SmallVector<unsigned> numbers;
  LoopNest nest;
  SmallVector<AffineExpr> position;
};

struct NormalizationKernel {
  FusedKernel kernel;
  VectorEmitter &v;
  std::string &reason;
  SmallVector<AffineExpr> rows;
  SmallVector<Reduction> reductions;
  SmallVector<RowResults> results;
  /// A tensor that is kept in the memory of a result, from the pass of a reduction on.
  Value kept;
  unsigned keptIn = 0, keptFrom = 0;
  int64_t inner = 1;

  NormalizationKernel(func::FuncOp func, const TargetInfo &target, std::string &reason)
      : kernel(func, target), v(kernel.emitter()), reason(reason) {}

  LogicalResult fail(const Twine &why) {
    reason = why.str();
    return failure();
  }

  ValueRange outputs() { return kernel.tensors().front().getTerminator()->getOperands(); }

  LogicalResult addReduction(linalg::LinalgOp op) {
    Reduction reduction;
    reduction.op = op;
    reduction.combiners = findCombiners(op);
    if (reduction.combiners.empty())
      return fail("a reduction's body is not one combining operation");
    FailureOr<SmallVector<AffineExpr>> sizes = loopSizes(kernel, op);
    if (failed(sizes))
      return fail("the size of a loop does not show in an operand");
    AffineMap out = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
    for (OpOperand &init : op.getDpsInitsMutable())
      if (op.getMatchingIndexingMap(&init) != out || !out.isProjectedPermutation() ||
          out.getNumResults() != op.getNumParallelLoops())
        return fail("the map of a reduction's result is not a projected permutation");
    SmallVector<AffineExpr> loops(op.getNumLoops()), home, rowSizes, reducedSizes, accesses;
    for (AffineExpr e : out.getResults()) {
      unsigned loop = cast<AffineDimExpr>(e).getPosition();
      home.push_back(loops[loop] = v.dim(rowSizes.size()));
      rowSizes.push_back((*sizes)[loop]);
    }
    if (reductions.empty())
      rows = rowSizes;
    if (rows != rowSizes)
      return fail("reductions have different rows");
    SmallVector<unsigned> reduced;
    op.getReductionDims(reduced);
    for (unsigned loop : reduced) {
      loops[loop] = v.dim(rows.size() + reducedSizes.size());
      reducedSizes.push_back((*sizes)[loop]);
    }
    if (failed(kernel.checkBody(op, reason)))
      return failure();
    for (OpOperand &operand : op->getOpOperands())
      if (isa<RankedTensorType>(operand.get().getType()) && op.payloadUsesValueFromOperand(&operand) &&
          failed(kernel.checkReadable(operand.get(), reason)))
        return failure();
    if (failed(kernel.collectBodyAccesses(op, loops, accesses, reason)))
      return failure();
    LoopNest nest = mergeLoops(v, reducedSizes, rows.size(), accesses, rows.size());
    if (nest.sizes.empty())
      nest.sizes.push_back(v.expr(1));
    for (auto [dim, loop] : llvm::enumerate(reduced))
      loops[loop] = nest.position[dim];
    reduction.loops = loops;
    reduction.sizes = nest.sizes;
    accesses.clear();
    (void)kernel.collectBodyAccesses(op, loops, accesses, reason);
    unsigned lane = rows.size() + nest.sizes.size() - 1;
    if (nest.sizes.back() != v.expr(1) && llvm::any_of(accesses, [&](AffineExpr e) {
          std::optional<AffineExpr> step = linearCoefficient(v, e, lane);
          return step != v.expr(0) && step != v.expr(1);
        }))
      return fail("the elements of a row are not contiguous");
    inner = std::max(inner, staticProduct(nest.sizes));
    for (Value result : op->getResults())
      kernel.declareRow(result, home);
    reductions.push_back(reduction);
    return success();
  }

  LogicalResult addResult(unsigned number) {
    Value value = outputs()[number];
    SmallVector<AffineExpr> sizes = kernel.sizes(value), position, accesses;
    if (sizes.size() < rows.size() || ArrayRef(sizes).take_front(rows.size()) != ArrayRef(rows))
      return fail("a result does not consist of rows");
    if (failed(kernel.checkReadable(value, reason)))
      return failure();
    for (unsigned dim = 0; dim < sizes.size(); ++dim)
      position.push_back(v.dim(dim));
    accesses.push_back(flat(number, position));
    if (failed(kernel.collectAccesses(value, position, accesses, reason)))
      return failure();
    LoopNest nest = mergeLoops(v, ArrayRef(sizes).drop_front(rows.size()), rows.size(), accesses, rows.size());
    inner = std::max(inner, staticProduct(nest.sizes));
    for (unsigned dim = rows.size(); dim < sizes.size(); ++dim)
      position[dim] = nest.position[dim - rows.size()];
    for (RowResults &known : results)
      if (known.nest.sizes == nest.sizes && known.position == position) {
        known.numbers.push_back(number);
        return success();
      }
    results.push_back({{number}, nest, position});
    return success();
  }

  AffineExpr flat(unsigned number, ArrayRef<AffineExpr> position) {
    const View &view = kernel.resultView(number);
    AffineExpr e = view.offset;
    for (auto [index, stride] : llvm::zip(position, view.strides))
      e = e + index * stride;
    return v.simplify(e);
  }

  LogicalResult analyze() {
    for (Operation &op : kernel.tensors().front())
      if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op); linalgOp && linalgOp.getNumReductionLoops())
        if (failed(addReduction(linalgOp)))
          return failure();
    if (reductions.empty())
      return fail("the kernel has no reduction");
    kernel.bindResults();
    for (unsigned number = 0; number < outputs().size(); ++number)
      if (failed(addResult(number)))
        return failure();
    if (reductions.size() == 1 && llvm::all_of(results, [](const RowResults &r) { return r.nest.sizes.empty(); }))
      return fail("a single reduction is no normalization");
    chooseKept();
    return success();
  }

  //===--------------------------------------------------------------------===//
  // What is kept between passes
  //===--------------------------------------------------------------------===//

  static bool isExpensive(linalg::LinalgOp op) {
    return llvm::any_of(*op.getBlock(), [](Operation &inner) {
      return inner.getDialect()->getNamespace() == math::MathDialect::getDialectNamespace() &&
             !isa<math::AbsFOp, math::FmaOp>(inner);
    });
  }

  /// Whether all that is computed from the tensor, up to results and reductions along rows, reads the element at its
  /// own index: others may not be there yet, or no longer.
  static bool isReadInPlace(Value tensor) {
    return llvm::all_of(tensor.getUses(), [](OpOperand &use) {
      if (isa<func::ReturnOp>(use.getOwner()))
        return true;
      auto op = dyn_cast<linalg::LinalgOp>(use.getOwner());
      if (!op || !op.getMatchingIndexingMap(&use).isIdentity())
        return false;
      if (op.getNumReductionLoops())
        return prefixMap(op.getMatchingIndexingMap(op.getDpsInitOperand(0)));
      return llvm::all_of(op.getDpsInitsMutable(),
                          [&](OpOperand &init) { return op.getMatchingIndexingMap(&init).isIdentity(); }) &&
             llvm::all_of(op->getResults(), isReadInPlace);
    });
  }

  /// Whether a result is stored before another group of results is computed from the tensor.
  bool isStoredEarly(unsigned number, llvm::function_ref<bool(Value)> isFromTensor) {
    auto group = llvm::find_if(results, [&](const RowResults &r) { return llvm::is_contained(r.numbers, number); });
    return std::any_of(std::next(group), results.end(), [&](const RowResults &later) {
      return llvm::any_of(later.numbers, [&](unsigned other) { return isFromTensor(outputs()[other]); });
    });
  }

  void chooseKept() {
    if (kernel.inPlace())
      return;
    auto reaches = [&](Value from, Value to) {
      std::function<bool(Value)> visit = [&](Value value) {
        if (value == to)
          return true;
        auto op = value.getDefiningOp<linalg::LinalgOp>();
        return op && !op.getNumReductionLoops() && llvm::any_of(op->getOperands(), visit);
      };
      return visit(from);
    };
    for (Operation &op : kernel.tensors().front()) {
      auto producer = dyn_cast<linalg::LinalgOp>(op);
      if (!producer || producer.getNumReductionLoops() || producer->getNumResults() != 1 || !isExpensive(producer) ||
          producer.getNumLoops() <= rows.size())
        continue;
      Value value = producer->getResult(0);
      unsigned passes = llvm::any_of(outputs(), [&](Value output) { return reaches(output, value); });
      std::optional<unsigned> first;
      for (auto [index, reduction] : llvm::enumerate(reductions))
        if (llvm::any_of(reduction.op.getDpsInputs(), [&](Value input) { return reaches(input, value); })) {
          ++passes;
          if (!first)
            first = index;
        }
      if (!first || passes < 2 || !isReadInPlace(value))
        continue;
      // The loops of the first pass must be the tensor's dims.
      if (reductions[*first].op.getNumLoops() != producer.getNumLoops())
        continue;
      for (unsigned number = 0; number < outputs().size(); ++number)
        if (outputs()[number].getType() == value.getType() && kernel.sizes(outputs()[number]) == kernel.sizes(value) &&
            !isStoredEarly(number, [&](Value output) { return reaches(output, value); })) {
          kept = value;
          keptIn = number;
          keptFrom = *first;
          return;
        }
    }
  }

  /// Whether a map's results are its first dims in order.
  static bool prefixMap(AffineMap map) {
    for (auto [index, e] : llvm::enumerate(map.getResults()))
      if (auto dim = dyn_cast<AffineDimExpr>(e); !dim || dim.getPosition() != index)
        return false;
    return true;
  }

  //===--------------------------------------------------------------------===//
  // Code
  //===--------------------------------------------------------------------===//

  int64_t widthFor(AffineExpr size) {
    int64_t bits = 32;
    for (Operation &op : kernel.tensors().front())
      for (Type type : op.getResultTypes())
        if (auto tensor = dyn_cast<RankedTensorType>(type))
          bits = std::max<int64_t>(bits, tensor.getElementTypeBitWidth());
    int64_t known = staticProduct(size);
    return std::min<int64_t>(v.target.lanes(bits), llvm::PowerOf2Ceil(std::max<int64_t>(known, 1)));
  }

  void emitRow(ArrayRef<Value> row) {
    for (auto [index, reduction] : llvm::enumerate(reductions)) {
      bool keeps = kept && keptFrom == index;
      auto keep = [&](const TilePoint &at) {
        if (keeps)
          v.store(kernel.read(kept, reduction.loops, at), kernel.resultView(keptIn), flat(keptIn, reduction.loops), at);
      };
      SmallVector<Value> sums = reduceRow(kernel, reduction, row, widthFor(reduction.sizes.back()), keep);
      for (auto [result, sum] : llvm::zip(reduction.op->getResults(), sums))
        kernel.setRow(result, sum);
      if (keeps)
        kernel.bind(kept, kernel.resultView(keptIn));
    }
    for (const RowResults &group : results) {
      auto store = [&](ArrayRef<TilePoint> points) {
        SmallVector<SmallVector<Value>> values;
        for (const TilePoint &at : points) {
          values.emplace_back();
          for (unsigned number : group.numbers)
            values.back().push_back(kernel.read(outputs()[number], group.position, at));
        }
        for (auto [at, all] : llvm::zip(points, values))
          for (auto [number, value] : llvm::zip(group.numbers, all))
            v.store(value, kernel.resultView(number), flat(number, group.position), at);
      };
      if (group.nest.sizes.empty()) {
        TilePoint at;
        at.dims.assign(row.begin(), row.end());
        at.dims.push_back(v.constant(0));
        at.laneDim = row.size();
        store(at);
        continue;
      }
      AffineExpr last = group.nest.sizes.back();
      int64_t width = widthFor(last);
      emitNest(v, ArrayRef(group.nest.sizes).drop_back(), SmallVector<Value>(row), [&](SmallVector<Value> dims) {
        emitLanes(v, dims, v.constant(0), v.emit(last, {}), width, staticProduct(last) >= 2 * width ? 2 : 1, store);
      });
    }
    if (kept)
      kernel.unbind(kept);
  }

  void emit() {
    int64_t perRow = inner * static_cast<int64_t>(reductions.size() + 1);
    distributeRows(v, rows, std::max<int64_t>(1, elementsPerItem / std::max<int64_t>(perRow, 1)),
                   [&](SmallVector<Value> row) { emitRow(row); });
    kernel.commit();
  }
};
} // namespace

/// Replaces softmax by the reductions and maps that it stands for.
static LogicalResult decompose(func::FuncOp func, std::string &reason) {
  IRRewriter rewriter(func.getContext());
  for (linalg::SoftmaxOp softmax : llvm::make_early_inc_range(func.front().getOps<linalg::SoftmaxOp>())) {
    rewriter.setInsertionPoint(softmax);
    FailureOr<SmallVector<Value>> parts = softmax.decomposeOperation(rewriter);
    if (failed(parts)) {
      reason = "a softmax has no decomposition";
      return failure();
    }
    rewriter.replaceOp(softmax, *parts);
  }
  return success();
}

static LogicalResult run(func::FuncOp func, const TargetInfo &target, std::string &reason, bool emit) {
  if (!func.getBody().hasOneBlock()) {
    reason = "the kernel is not one block";
    return failure();
  }
  OwningOpRef<func::FuncOp> copy(func.clone());
  if (failed(decompose(*copy, reason)) || failed(FusedKernel::checkOps(*copy, reason)))
    return failure();
  NormalizationKernel kernel(*copy, target, reason);
  if (failed(kernel.analyze()))
    return failure();
  if (!emit)
    return success();
  kernel.emit();
  func.getBody().dropAllReferences();
  func.getBody().getBlocks().clear();
  func.getBody().takeBody(copy->getBody());
  func.setFunctionType(copy->getFunctionType());
  func->setAttrs((*copy)->getAttrs());
  return success();
}

Strategy wick::cpu::getNormalizationStrategy() {
  auto bound = [](bool emit) {
    return [=](func::FuncOp func, const TargetInfo &target, std::string &reason) {
      return run(func, target, reason, emit);
    };
  };
  return {"normalization", bound(true), bound(false)};
}
