//===- FusedScratch.cpp - operands of a root that must stand in memory ------===//
//
// A root reads its operands many times, so one that is computed in the kernel is
// written to scratch memory first: zero-padded images row by row, anything else
// elementwise. The analysis decides and allocates; the loops are written once the
// whole kernel is known to fit, before those of the root.
//
//===----------------------------------------------------------------------===//
#include "FusedKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace wick::cpu;

/// Elements that one work item copies at least.
static constexpr int64_t elementsPerItem = 1 << 15;

FailureOr<View> FusedKernel::viewOrScratch(Value tensor, std::string &reason) {
  FailureOr<View> known = view(tensor);
  if (succeeded(known))
    return known;
  auto pad = tensor.getDefiningOp<tensor::PadOp>();
  if (pad) {
    if (!pad.getConstantPaddingValue()) {
      reason = "a pad's value is not constant";
      return failure();
    }
    if (pad.hasZeroLowPad() && pad.hasZeroHighPad())
      return viewOrScratch(pad.getSource(), reason);
  }
  if (Operation *op = tensor.getDefiningOp();
      isa_and_nonnull<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::ExtractSliceOp, tensor::CastOp>(op)) {
    FailureOr<View> source = viewOrScratch(op->getOperand(0), reason);
    if (failed(source))
      return failure();
    if (FailureOr<View> reshaped = view(tensor); succeeded(reshaped))
      return reshaped;
    // Collapsing needs what it collapses to be contiguous.
    if (failed(makeScratch(op->getOperand(0), reason)))
      return failure();
    return view(tensor);
  }
  return makeScratch(tensor, reason);
}

FailureOr<View> FusedKernel::makeScratch(Value tensor, std::string &reason) {
  auto pad = tensor.getDefiningOp<tensor::PadOp>();
  if (failed(checkReadable(pad ? pad.getSource() : tensor, reason)))
    return failure();
  AffineExpr count = vectors->expr(1);
  SmallVector<AffineExpr> extents = sizes(tensor);
  for (AffineExpr extent : extents)
    count = vectors->simplify(count * extent);
  View target = rowMajor(scratch(count, getElementTypeOrSelf(tensor.getType())), extents);
  scratchTensors.push_back({tensor, bound.lookup(tensor)});
  bind(tensor, target);
  return target;
}

namespace {
/// Writes one tensor to scratch. Indices are those of its dims; the lanes run along the last one.
struct ScratchWriter {
  FusedKernel &kernel;
  VectorEmitter &v;
  Value tensor;
  tensor::PadOp pad;
  View target;
  SmallVector<AffineExpr> low, inner, total;
  /// The innermost dim that is padded (or the last one): dims behind it are copied whole.
  size_t split;
  int64_t width;

  ScratchWriter(FusedKernel &kernel, Value tensor)
      : kernel(kernel), v(kernel.emitter()), tensor(tensor), pad(tensor.getDefiningOp<tensor::PadOp>()),
        target(*kernel.view(tensor)), total(kernel.sizes(tensor)) {
    width = v.target.lanes(getElementTypeOrSelf(tensor.getType()).getIntOrFloatBitWidth());
    inner = pad ? kernel.sizes(pad.getSource()) : total;
    for (size_t dim = 0; dim < total.size(); ++dim)
      low.push_back(pad ? kernel.foldedIndex(pad.getMixedLowPad()[dim]) : v.expr(0));
    split = total.size() ? total.size() - 1 : 0;
    while (pad && split > 0 && total[split] == inner[split])
      --split;
  }

  /// Fills elements [from, to) of the scratch buffer with the padding value.
  void fill(Value from, Value to) {
    Value value = kernel.scalar(pad.getConstantPaddingValue());
    Value whole = v.add(from, v.mul(v.floorDiv(v.sub(to, from), v.constant(width)), width));
    v.forLoop(from, whole, width, [&](Value at) {
      vector::StoreOp::create(v.builder, v.loc, v.splat(value, width), target.buffer, ValueRange{at});
    });
    v.forLoop(whole, to, 1,
              [&](Value at) { memref::StoreOp::create(v.builder, v.loc, value, target.buffer, ValueRange{at}); });
  }

  /// Copies `count` consecutive elements where both sides are contiguous.
  void copyRun(const View &source, Value from, Value to, Value count) {
    Value whole = v.mul(v.floorDiv(count, v.constant(width)), width);
    v.forLoop(v.constant(0), whole, width, [&](Value at) {
      Value vector = v.loadVector(source.buffer, v.add(from, at), width);
      vector::StoreOp::create(v.builder, v.loc, vector, target.buffer, ValueRange{v.add(to, at)});
    });
    v.forLoop(whole, count, 1, [&](Value at) {
      Value element = v.loadScalar(source.buffer, v.add(from, at));
      memref::StoreOp::create(v.builder, v.loc, element, target.buffer, ValueRange{v.add(to, at)});
    });
  }

  /// Evaluates the dims from `dim` on, the indices before it being those of the source.
  void evaluate(size_t dim, SmallVector<Value> index) {
    Value source = pad ? pad.getSource() : tensor;
    if (dim + 1 < total.size())
      return v.forLoop(v.constant(0), v.emit(inner[dim], {}), 1, [&](Value at) {
        SmallVector<Value> next(index);
        next.push_back(at);
        evaluate(dim + 1, next);
      });
    TilePoint at;
    at.dims = index;
    at.laneDim = dim;
    at.width = width;
    at.limit = v.emit(inner[dim], {});
    auto lanes = dyn_cast<AffineConstantExpr>(inner[dim]);
    if (lanes && lanes.getValue() < width)
      at.width = llvm::PowerOf2Ceil(lanes.getValue());
    SmallVector<AffineExpr> position;
    AffineExpr flat = target.offset;
    for (size_t d = 0; d < total.size(); ++d) {
      position.push_back(v.dim(d));
      flat = flat + (v.dim(d) + low[d]) * target.strides[d];
    }
    at.dims.push_back(v.constant(0));
    Value whole = v.mul(v.floorDiv(at.limit, v.constant(at.width)), at.width);
    v.forLoop(v.constant(0), whole, at.width, [&](Value lane) {
      at.dims[dim] = lane;
      v.store(kernel.read(source, position, at), target, flat, at);
    });
    v.forLoop(whole, at.limit, at.width, [&](Value lane) {
      at.dims[dim] = lane;
      at.mask = v.laneMask(at.limit, lane, at.width);
      v.store(kernel.read(source, position, at), target, flat, at);
      at.mask = Value();
    });
  }

  /// One row: dims from `split` on, at an index of the dims before it in the scratch tensor.
  void row(ArrayRef<Value> outer, Value rowIndex) {
    AffineExpr rowSize = split ? target.strides[split - 1] : v.expr(1);
    if (!split)
      rowSize = v.simplify(target.strides[0] * total[0]);
    Value begin = v.mul(rowIndex, v.emit(rowSize, {})), end = v.add(begin, v.emit(rowSize, {}));
    Value inside;
    SmallVector<Value> index;
    for (size_t dim = 0; dim < split; ++dim) {
      Value first = v.emit(low[dim], {});
      index.push_back(v.sub(outer[dim], first));
      if (total[dim] == inner[dim])
        continue;
      // One unsigned comparison: an index before the first one wraps around.
      Value here =
          arith::CmpIOp::create(v.builder, v.loc, arith::CmpIPredicate::ult, index.back(), v.emit(inner[dim], {}));
      inside = inside ? Value(arith::AndIOp::create(v.builder, v.loc, inside, here)) : here;
    }
    auto copy = [&] {
      Value first = v.add(begin, v.mul(v.emit(low[split], {}), v.emit(target.strides[split], {})));
      Value last = v.add(first, v.mul(v.emit(inner[split], {}), v.emit(target.strides[split], {})));
      if (pad) {
        fill(begin, first);
        fill(last, end);
      }
      FailureOr<View> source = kernel.view(pad ? pad.getSource() : tensor);
      bool contiguous = pad && succeeded(source) &&
                        ArrayRef(source->strides).drop_front(split) == ArrayRef(target.strides).drop_front(split);
      if (!contiguous)
        return evaluate(split, index);
      AffineExpr from = source->offset;
      SmallVector<Value> dims(index);
      for (size_t dim = 0; dim < split; ++dim)
        from = from + v.dim(dim) * source->strides[dim];
      copyRun(*source, v.emit(v.simplify(from), dims), first, v.sub(last, first));
    };
    if (!inside)
      return copy();
    auto branch = scf::IfOp::create(v.builder, v.loc, inside, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(v.builder);
    v.builder.setInsertionPointToStart(branch.thenBlock());
    copy();
    v.builder.setInsertionPointToStart(branch.elseBlock());
    fill(begin, end);
  }

  void run() {
    Value rows = v.constant(1);
    SmallVector<Value> extents;
    for (size_t dim = 0; dim < split; ++dim) {
      extents.push_back(v.emit(total[dim], {}));
      rows = v.mul(rows, extents.back());
    }
    int64_t rowElements = 1;
    for (size_t dim = split; dim < total.size(); ++dim)
      if (auto constant = dyn_cast<AffineConstantExpr>(total[dim]))
        rowElements *= std::max<int64_t>(constant.getValue(), 1);
    int64_t perItem = llvm::divideCeil(elementsPerItem, rowElements);
    v.workItems(v.ceilDiv(rows, v.constant(perItem)), [&](Value item) {
      Value first = v.mul(item, perItem);
      v.forLoop(first, v.min(v.add(first, perItem), rows), 1, [&](Value linear) {
        SmallVector<Value> outer(split);
        Value rest = linear;
        for (size_t dim = split; dim-- > 0; rest = v.floorDiv(rest, extents[dim]))
          outer[dim] = dim ? v.mod(rest, extents[dim]) : rest;
        row(outer, linear);
      });
    });
  }
};
} // namespace

void FusedKernel::emitInto(Value tensor, const View &target) {
  bind(tensor, target);
  ScratchWriter writer(*this, tensor);
  bound.erase(tensor);
  writer.run();
}

void FusedKernel::emitScratch() {
  // One may be computed from another, in whatever order the root reads them.
  llvm::stable_sort(scratchTensors, [](const auto &a, const auto &b) {
    Operation *first = a.first.getDefiningOp(), *second = b.first.getDefiningOp();
    return second && (!first || first->isBeforeInBlock(second));
  });
  for (auto &[tensor, before] : scratchTensors) {
    ScratchWriter writer(*this, tensor);
    View after = bound.lookup(tensor);
    // While it is written, the tensor is read as it was before.
    if (before.buffer)
      bound[tensor] = before;
    else
      bound.erase(tensor);
    writer.run();
    bound[tensor] = after;
  }
}
