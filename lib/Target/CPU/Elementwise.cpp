//===- Elementwise.cpp - the elementwise strategy ---------------------------===//
//
// Takes kernels in which each element of a result is computed from single elements:
// maps, broadcasts, transposes, gathers and chains of them, with any number of
// results of one shape; and the kernels that assemble a tensor from others: pads,
// concatenations and inserted slices, whose parts are such expressions.
//
//===----------------------------------------------------------------------===//
#include "FusedKernel.h"
#include "LoopNest.h"
#include "wick/Target/CPU/Strategy.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick::cpu;

/// Cost that one work item should have at least, in elements of a cheap expression.
static constexpr int64_t costPerItem = 1 << 15;

namespace {
/// Tensors of one shape that are computed together, each into a view.
struct Assignment {
  SmallVector<Value> sources;
  SmallVector<View> targets;
};

struct ElementwiseKernel {
  FusedKernel kernel;
  VectorEmitter &v;
  std::string &reason;
  SmallVector<Assignment> assignments;
  /// A pad that is written into the result of this number.
  tensor::PadOp pad;

  ElementwiseKernel(func::FuncOp func, const TargetInfo &target, std::string &reason)
      : kernel(func, target), v(kernel.emitter()), reason(reason) {}

  LogicalResult fail(const Twine &why) {
    reason = why.str();
    return failure();
  }

  ValueRange outputs() { return kernel.tensors().front().getTerminator()->getOperands(); }

  LogicalResult analyze() {
    for (Value value : outputs())
      if (!isa<IntegerType, FloatType>(getElementTypeOrSelf(value.getType())))
        return fail("an element type is neither an integer nor a float");
    kernel.bindResults();
    Operation *only = outputs().size() == 1 ? outputs()[0].getDefiningOp() : nullptr;
    if (auto concat = dyn_cast_or_null<tensor::ConcatOp>(only))
      return analyzeConcat(concat);
    if (auto insert = dyn_cast_or_null<tensor::InsertSliceOp>(only))
      return analyzeInsert(insert);
    if ((pad = dyn_cast_or_null<tensor::PadOp>(only))) {
      if (!pad.getConstantPaddingValue())
        return fail("a pad's value is not constant");
      return kernel.checkReadable(pad.getSource(), reason);
    }
    Assignment all;
    for (auto [index, value] : llvm::enumerate(outputs())) {
      if (kernel.sizes(value) != kernel.sizes(outputs()[0]))
        return fail("results differ in shape");
      all.sources.push_back(value);
      all.targets.push_back(kernel.resultView(index));
    }
    assignments.push_back(all);
    return checkAssignments();
  }

  LogicalResult checkAssignments() {
    for (Assignment &assignment : assignments)
      for (Value source : assignment.sources)
        if (failed(kernel.checkReadable(source, reason)))
          return failure();
    return success();
  }

  LogicalResult analyzeConcat(tensor::ConcatOp concat) {
    View target = kernel.resultView(0);
    for (Value input : concat.getInputs()) {
      assignments.push_back({{input}, {target}});
      AffineExpr extent = kernel.size(input, concat.getDim());
      target.offset = v.simplify(target.offset + extent * target.strides[concat.getDim()]);
    }
    return checkAssignments();
  }

  LogicalResult analyzeInsert(tensor::InsertSliceOp insert) {
    View target = kernel.resultView(0);
    if (!insert.getDest().getDefiningOp<tensor::EmptyOp>())
      assignments.push_back({{insert.getDest()}, {target}});
    View slice{target.buffer, {}, target.offset};
    llvm::SmallBitVector dropped = insert.getDroppedDims();
    for (auto [dim, offset, step] : llvm::enumerate(insert.getMixedOffsets(), insert.getMixedStrides())) {
      slice.offset = v.simplify(slice.offset + kernel.foldedIndex(offset) * target.strides[dim]);
      if (!dropped.test(dim))
        slice.strides.push_back(v.simplify(target.strides[dim] * kernel.foldedIndex(step)));
    }
    assignments.push_back({{insert.getSource()}, {slice}});
    return checkAssignments();
  }

  /// Elements of cheap expressions that one element of the assignment stands for.
  static int64_t cost(Value tensor, llvm::SmallDenseSet<Operation *> &seen) {
    auto op = tensor.getDefiningOp<linalg::LinalgOp>();
    if (!op || isa<linalg::FillOp>(op.getOperation()) || !seen.insert(op).second)
      return 0;
    int64_t total = 0;
    for (Operation &inner : op.getBlock()->without_terminator())
      total += inner.getDialect()->getNamespace() == "math" ? 8 : 1;
    for (Value operand : op->getOperands())
      total += cost(operand, seen);
    return total;
  }

  void emit(const Assignment &assignment) {
    SmallVector<AffineExpr> sizes = kernel.sizes(assignment.sources[0]), accesses, identity;
    for (unsigned dim = 0; dim < sizes.size(); ++dim)
      identity.push_back(v.dim(dim));
    auto flat = [&](const View &view, ArrayRef<AffineExpr> position) {
      AffineExpr e = view.offset;
      for (auto [index, stride] : llvm::zip(position, view.strides))
        e = e + index * stride;
      return v.simplify(e);
    };
    int64_t bits = 8, work = 1;
    llvm::SmallDenseSet<Operation *> seen;
    for (auto [source, target] : llvm::zip(assignment.sources, assignment.targets)) {
      (void)kernel.collectAccesses(source, identity, accesses, reason);
      accesses.push_back(flat(target, identity));
      bits = std::max<int64_t>(bits, getElementTypeOrSelf(source.getType()).getIntOrFloatBitWidth());
      work += cost(source, seen);
    }
    LoopNest nest = mergeLoops(v, sizes, 0, accesses, 0);
    if (nest.sizes.empty())
      nest.sizes.push_back(v.expr(1));
    int64_t inner = staticProduct(nest.sizes.back());
    int64_t width =
        std::min<int64_t>(v.target.lanes(std::max<int64_t>(bits, 32)), llvm::PowerOf2Ceil(std::max<int64_t>(inner, 1)));
    int64_t unroll = work <= 6 && inner >= 4 * width ? 4 : work <= 16 && inner >= 2 * width ? 2 : 1;
    auto body = [&](ArrayRef<TilePoint> points) {
      SmallVector<SmallVector<Value>> values;
      for (const TilePoint &at : points) {
        values.emplace_back();
        for (Value source : assignment.sources)
          values.back().push_back(kernel.read(source, nest.position, at));
      }
      for (auto [at, row] : llvm::zip(points, values))
        for (auto [value, target] : llvm::zip(row, assignment.targets))
          v.store(value, target, flat(target, nest.position), at);
    };
    ArrayRef<AffineExpr> outer = ArrayRef(nest.sizes).drop_back();
    if (outer.empty()) {
      int64_t chunk = llvm::alignTo(std::max<int64_t>(costPerItem / work, 1), width * unroll);
      Value count = v.emit(nest.sizes.back(), {});
      auto constant = dyn_cast<AffineConstantExpr>(nest.sizes.back());
      if (constant && constant.getValue() <= chunk)
        return emitLanes(v, {}, v.constant(0), count, width, unroll, body);
      return v.workItems(v.ceilDiv(count, v.constant(chunk)), [&](Value item) {
        Value first = v.mul(item, chunk);
        emitLanes(v, {}, first, v.min(v.add(first, chunk), count), width, unroll, body);
      });
    }
    int64_t rows = costPerItem / std::max<int64_t>(1, work * std::max<int64_t>(inner, width));
    distributeRows(v, outer, std::max<int64_t>(rows, 1), [&](SmallVector<Value> dims) {
      emitLanes(v, dims, v.constant(0), v.emit(nest.sizes.back(), {}), width, unroll, body);
    });
  }

  void emit() {
    if (pad)
      kernel.emitInto(pad.getResult(), kernel.resultView(0));
    for (const Assignment &assignment : assignments)
      emit(assignment);
    kernel.commit();
  }
};
} // namespace

/// Whether the ops are known, including those that assemble a result.
static LogicalResult checkOps(func::FuncOp func, std::string &reason) {
  if (func.getBody().hasOneBlock())
    if (Operation *terminator = func.front().getTerminator(); terminator->getNumOperands() == 1)
      if (Operation *op = terminator->getOperand(0).getDefiningOp();
          isa_and_nonnull<tensor::ConcatOp, tensor::InsertSliceOp>(op) && op->hasOneUse())
        return FusedKernel::checkOps(func, reason, op);
  return FusedKernel::checkOps(func, reason);
}

static LogicalResult run(func::FuncOp func, const TargetInfo &target, std::string &reason, bool emit) {
  if (failed(checkOps(func, reason)))
    return failure();
  ElementwiseKernel kernel(func, target, reason);
  if (failed(kernel.analyze()))
    return failure();
  if (emit)
    kernel.emit();
  return success();
}

Strategy wick::cpu::getElementwiseStrategy() {
  auto bound = [](bool emit) {
    return [=](func::FuncOp func, const TargetInfo &target, std::string &reason) {
      return run(func, target, reason, emit);
    };
  };
  return {"elementwise", bound(true), bound(false)};
}
