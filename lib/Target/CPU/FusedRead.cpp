//===- FusedRead.cpp - tensors of a kernel evaluated at a position ----------===//
//
// Elementwise expressions are evaluated where they are needed, as vectors along the
// lanes of a tile point. What is read at one point is read once: results are kept
// until the point or the block that code goes to changes.
//
//===----------------------------------------------------------------------===//
#include "FusedKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick::cpu;

/// The scalar that all elements of a tensor are.
static Value filledWith(Value tensor) {
  if (auto fill = tensor.getDefiningOp<linalg::FillOp>())
    return fill.getInputs()[0];
  return {};
}

static bool isSplat(Value tensor, DenseElementsAttr &constant) {
  return matchPattern(tensor, m_Constant(&constant)) && constant.isSplat();
}

LogicalResult FusedKernel::checkBody(linalg::LinalgOp op, std::string &reason) {
  for (Operation &inner : op.getBlock()->without_terminator()) {
    if (isa<linalg::IndexOp>(inner) || OpTrait::hasElementwiseMappableTraits(&inner) ||
        inner.hasTrait<OpTrait::ConstantLike>())
      continue;
    if (auto extract = dyn_cast<tensor::ExtractOp>(inner))
      if (extract.getTensor().getParentBlock() != op.getBlock() && succeeded(view(extract.getTensor())))
        continue;
    reason = ("'" + inner.getName().getStringRef() + "' in a fused body is not elementwise").str();
    return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

LogicalResult FusedKernel::checkReadable(Value tensor, std::string &reason) {
  DenseElementsAttr constant;
  if (rowHomes.contains(tensor) || succeeded(view(tensor)) || filledWith(tensor) || isSplat(tensor, constant))
    return success();
  Operation *def = tensor.getDefiningOp();
  if (isa_and_nonnull<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp, tensor::ExtractSliceOp>(def))
    return checkReadable(def->getOperand(0), reason);
  auto op = dyn_cast_or_null<linalg::LinalgOp>(def);
  if (!op || !isPointwise(op)) {
    reason = "an operand of a fused op is neither an argument nor elementwise in arguments";
    return failure();
  }
  if (failed(checkBody(op, reason)))
    return failure();
  for (OpOperand &operand : op->getOpOperands())
    if (isa<RankedTensorType>(operand.get().getType()) && op.payloadUsesValueFromOperand(&operand) &&
        failed(checkReadable(operand.get(), reason)))
      return failure();
  return success();
}

/// Position in the operand of a reshape, cast or slice for a position in its result.
SmallVector<AffineExpr> FusedKernel::sourcePosition(Operation *op, ArrayRef<AffineExpr> position) {
  VectorEmitter &v = *vectors;
  if (isa<tensor::CastOp>(op))
    return Position(position);
  Position source;
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    llvm::SmallBitVector dropped = slice.getDroppedDims();
    unsigned next = 0;
    for (auto [dim, offset, step] : llvm::enumerate(slice.getMixedOffsets(), slice.getMixedStrides()))
      source.push_back(dropped.test(dim) ? foldedIndex(offset)
                                         : v.simplify(position[next++] * foldedIndex(step) + foldedIndex(offset)));
    return source;
  }
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    for (const ReassociationIndices &group : expand.getReassociationIndices()) {
      AffineExpr flat = v.expr(0);
      for (int64_t part : group)
        flat = flat * size(expand.getResult(), part) + position[part];
      source.push_back(v.simplify(flat));
    }
    return source;
  }
  auto collapse = cast<tensor::CollapseShapeOp>(op);
  source.resize(collapse.getSrcType().getRank(), v.expr(0));
  for (auto [dim, group] : llvm::enumerate(collapse.getReassociationIndices())) {
    AffineExpr rest = position[dim];
    // The outermost part of more than one element needs no remainder.
    unsigned first = 0;
    while (first + 1 < group.size() && size(collapse.getSrc(), group[first]) == v.expr(1))
      ++first;
    for (size_t i = group.size(); i-- > first + 1;) {
      AffineExpr extent = size(collapse.getSrc(), group[i]);
      source[group[i]] = v.simplify(rest % extent);
      rest = v.simplify(rest.floorDiv(extent));
    }
    if (!group.empty())
      source[group[first]] = rest;
  }
  return source;
}

LogicalResult FusedKernel::collectAccesses(Value tensor, ArrayRef<AffineExpr> position,
                                           SmallVectorImpl<AffineExpr> &accesses, std::string &reason) {
  VectorEmitter &v = *vectors;
  if (auto home = rowHomes.find(tensor); home != rowHomes.end()) {
    for (auto [dim, pair] : llvm::enumerate(llvm::zip(home->second, position)))
      if (std::get<0>(pair) != std::get<1>(pair) && size(tensor, dim) != v.expr(1)) {
        reason = "a reduction's result is read at another row";
        return failure();
      }
    return success();
  }
  if (FailureOr<View> known = view(tensor); succeeded(known)) {
    AffineExpr flat = known->offset;
    for (auto [index, stride] : llvm::zip(position, known->strides))
      flat = flat + index * stride;
    accesses.push_back(v.simplify(flat));
    return success();
  }
  DenseElementsAttr constant;
  if (filledWith(tensor) || isSplat(tensor, constant))
    return success();
  Operation *def = tensor.getDefiningOp();
  auto op = dyn_cast<linalg::LinalgOp>(def);
  if (!op)
    return collectAccesses(def->getOperand(0), sourcePosition(def, position), accesses, reason);
  AffineMap out = op.getMatchingIndexingMap(op.getDpsInitOperand(cast<OpResult>(tensor).getResultNumber()));
  if (!out.isPermutation()) {
    reason = "a reduction's result is read as elements are";
    return failure();
  }
  return collectBodyAccesses(op, applyMap(inversePermutation(out), position), accesses, reason);
}

LogicalResult FusedKernel::collectBodyAccesses(linalg::LinalgOp op, ArrayRef<AffineExpr> loops,
                                               SmallVectorImpl<AffineExpr> &accesses, std::string &reason) {
  for (OpOperand &operand : op->getOpOperands())
    if (isa<RankedTensorType>(operand.get().getType()) && op.payloadUsesValueFromOperand(&operand) &&
        !(op.isDpsInit(&operand) && op.getNumReductionLoops()) &&
        failed(collectAccesses(operand.get(), applyMap(op.getMatchingIndexingMap(&operand), loops), accesses, reason)))
      return failure();
  op.getBlock()->walk([&](linalg::IndexOp index) { accesses.push_back(loops[index.getDim()]); });
  return success();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

Value *FusedKernel::cached(Value tensor, ArrayRef<AffineExpr> position, const TilePoint &at) {
  Block *block = vectors->builder.getInsertionBlock();
  bool same = cachePoint.dims == at.dims && cachePoint.mask == at.mask && cachePoint.width == at.width &&
              cachePoint.laneDim == at.laneDim && cacheBlock == block;
  if (!same) {
    cache.clear();
    cachePoint = at;
    cacheBlock = block;
  }
  for (auto &[known, value] : cache[tensor])
    if (known == position)
      return &value;
  cache[tensor].push_back({Position(position), Value()});
  return &cache[tensor].back().second;
}

Value FusedKernel::read(Value tensor, ArrayRef<AffineExpr> position, const TilePoint &at) {
  if (Value known = *cached(tensor, position, at))
    return known;
  Value value = compute(tensor, position, at);
  return *cached(tensor, position, at) = value;
}

Value FusedKernel::compute(Value tensor, ArrayRef<AffineExpr> position, const TilePoint &at) {
  VectorEmitter &v = *vectors;
  if (Value scalar = rowScalars.lookup(tensor))
    return v.splat(scalar, at.width);
  if (FailureOr<View> known = view(tensor); succeeded(known)) {
    AffineExpr flat = known->offset;
    for (auto [index, stride] : llvm::zip(position, known->strides))
      flat = flat + index * stride;
    return v.load(*known, flat, at);
  }
  if (Value scalar = filledWith(tensor))
    return v.splat(cloneScalar(scalar), at.width);
  DenseElementsAttr constant;
  if (isSplat(tensor, constant)) {
    VectorType type = v.vectorType(constant.getElementType(), at.width);
    return arith::ConstantOp::create(v.builder, v.loc, constant.resizeSplat(type));
  }
  Operation *def = tensor.getDefiningOp();
  auto op = dyn_cast<linalg::LinalgOp>(def);
  if (!op)
    return read(def->getOperand(0), sourcePosition(def, position), at);
  unsigned number = cast<OpResult>(tensor).getResultNumber();
  AffineMap out = op.getMatchingIndexingMap(op.getDpsInitOperand(number));
  SmallVector<AffineExpr> loops = applyMap(inversePermutation(out), position);
  SmallVector<Value> values = evaluateBody(op, loops, at, [&](OpOperand &operand) {
    return read(operand.get(), applyMap(op.getMatchingIndexingMap(&operand), loops), at);
  });
  for (auto [other, value] : llvm::enumerate(values))
    if (other != number) {
      AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(other));
      *cached(op->getResult(other), applyMap(map, loops), at) = value;
    }
  return values[number];
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

/// Lets multiplications and additions of fused bodies contract, as the tiles of the root do.
static void allowContraction(Operation *op) {
  auto fastMath = dyn_cast<arith::ArithFastMathInterface>(op);
  if (!fastMath || !isa<arith::MulFOp, arith::AddFOp, arith::SubFOp>(op))
    return;
  arith::FastMathFlags flags = fastMath.getFastMathFlagsAttr().getValue() | arith::FastMathFlags::contract;
  op->setAttr(fastMath.getFastMathAttrName(), arith::FastMathFlagsAttr::get(op->getContext(), flags));
}

namespace {
/// A body replayed on vectors at one point.
struct BodyEvaluator {
  FusedKernel &kernel;
  VectorEmitter &v;
  linalg::LinalgOp op;
  ArrayRef<AffineExpr> loops;
  const TilePoint &at;
  llvm::DenseMap<Value, Value> values = llvm::DenseMap<Value, Value>();

  Value get(Value value) {
    Value &vector = values[value];
    if (!vector)
      vector = v.splat(kernel.scalar(value), at.width);
    return vector;
  }

  Value index(AffineExpr e) {
    e = v.simplify(e);
    bool uniform = v.laneForm(e, at.laneDim, at.width) == LaneForm::Uniform;
    SmallVector<Value> lanes;
    for (int64_t lane = 0; lane < (uniform ? 1 : at.width); ++lane) {
      SmallVector<Value> dims(at.dims);
      if (at.laneDim < dims.size())
        dims[at.laneDim] = v.add(dims[at.laneDim], lane);
      lanes.push_back(v.emit(e, dims));
    }
    if (uniform)
      return v.splat(lanes[0], at.width);
    return vector::FromElementsOp::create(v.builder, v.loc, v.vectorType(v.builder.getIndexType(), at.width), lanes);
  }

  /// How a value of the body varies over the lanes.
  LaneForm form(Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    if (argument && argument.getOwner() == op.getBlock()) {
      OpOperand *operand = op.getMatchingOpOperand(argument);
      if (!isa<RankedTensorType>(operand->get().getType()))
        return LaneForm::Uniform;
      SmallVector<AffineExpr> accesses;
      std::string reason;
      SmallVector<AffineExpr> position = applyMap(op.getMatchingIndexingMap(operand), loops);
      if (failed(kernel.collectAccesses(operand->get(), position, accesses, reason)) ||
          llvm::any_of(accesses,
                       [&](AffineExpr e) { return v.laneForm(e, at.laneDim, at.width) != LaneForm::Uniform; }))
        return LaneForm::Scattered;
      return LaneForm::Uniform;
    }
    Operation *def = value.getDefiningOp();
    if (!def || def->getBlock() != op.getBlock() || def->hasTrait<OpTrait::ConstantLike>())
      return LaneForm::Uniform;
    if (auto index = dyn_cast<linalg::IndexOp>(def))
      return v.laneForm(v.simplify(loops[index.getDim()]), at.laneDim, at.width);
    if (isa<arith::IndexCastOp>(def))
      return form(def->getOperand(0));
    if (llvm::all_of(def->getOperands(), [&](Value operand) { return form(operand) == LaneForm::Uniform; }))
      return LaneForm::Uniform;
    if (isa<arith::AddIOp>(def)) {
      LaneForm lhs = form(def->getOperand(0)), rhs = form(def->getOperand(1));
      if (lhs != LaneForm::Scattered && rhs != LaneForm::Scattered && lhs != rhs)
        return LaneForm::Contiguous;
    }
    return LaneForm::Scattered;
  }

  Value lane(Value vector, int64_t number) { return vector::ExtractOp::create(v.builder, v.loc, vector, number); }

  /// Elements at computed indices: one load where the indices allow, else one per lane.
  Value extract(tensor::ExtractOp extract) {
    View view = *kernel.view(extract.getTensor());
    Value base = v.emit(view.offset, {});
    LaneForm all = LaneForm::Uniform;
    for (auto [index, stride] : llvm::zip(extract.getIndices(), view.strides)) {
      LaneForm here = form(index);
      if (here == LaneForm::Contiguous && (stride != v.expr(1) || all != LaneForm::Uniform))
        here = LaneForm::Scattered;
      all = std::max(all, here);
      if (here == LaneForm::Scattered)
        break;
    }
    auto flatAt = [&](int64_t number) {
      Value flat = base;
      for (auto [index, stride] : llvm::zip(extract.getIndices(), view.strides))
        flat = v.add(flat, v.mul(lane(get(index), number), v.emit(stride, {})));
      return flat;
    };
    Type element = getElementTypeOrSelf(extract.getTensor().getType());
    if (all == LaneForm::Uniform)
      return v.splat(v.loadScalar(view.buffer, flatAt(0)), at.width);
    if (all == LaneForm::Contiguous && !element.isInteger(1))
      return v.loadVector(view.buffer, flatAt(0), at.width, at.mask);
    SmallVector<Value> lanes;
    for (int64_t number = 0; number < at.width; ++number) {
      Value flat = flatAt(number);
      // A lane that does not exist reads what lane 0 reads.
      if (at.mask && number)
        flat = arith::SelectOp::create(v.builder, v.loc, lane(at.mask, number), flat, flatAt(0));
      lanes.push_back(v.loadScalar(view.buffer, flat));
    }
    return vector::FromElementsOp::create(v.builder, v.loc, v.vectorType(element, at.width), lanes);
  }

  void replay(Operation &inner) {
    if (auto indexOp = dyn_cast<linalg::IndexOp>(inner)) {
      values[indexOp] = index(loops[indexOp.getDim()]);
      return;
    }
    if (auto extractOp = dyn_cast<tensor::ExtractOp>(inner)) {
      values[extractOp] = extract(extractOp);
      return;
    }
    if (inner.hasTrait<OpTrait::ConstantLike>()) {
      VectorType type = v.vectorType(inner.getResult(0).getType(), at.width);
      TypedAttr value;
      matchPattern(&inner, m_Constant(&value));
      values[inner.getResult(0)] =
          arith::ConstantOp::create(v.builder, v.loc, DenseElementsAttr::get(type, Attribute(value)));
      return;
    }
    OperationState state(inner.getLoc(), inner.getName());
    state.attributes = inner.getDiscardableAttrDictionary();
    state.propertiesAttr = inner.getPropertiesAsAttribute();
    for (Value use : inner.getOperands())
      state.operands.push_back(get(use));
    for (Type type : inner.getResultTypes())
      state.types.push_back(v.vectorType(type, at.width));
    Operation *vector = v.builder.create(state);
    allowContraction(vector);
    for (auto [from, to] : llvm::zip(inner.getResults(), vector->getResults()))
      values[from] = to;
  }
};
} // namespace

SmallVector<Value> FusedKernel::evaluateBody(linalg::LinalgOp op, ArrayRef<AffineExpr> loops, const TilePoint &at,
                                             llvm::function_ref<Value(OpOperand &)> operand) {
  BodyEvaluator body{*this, *vectors, op, loops, at};
  for (OpOperand &use : op->getOpOperands()) {
    if (!op.payloadUsesValueFromOperand(&use))
      continue;
    bool scalar = !isa<RankedTensorType>(use.get().getType());
    body.values[op.getMatchingBlockArgument(&use)] =
        scalar ? vectors->splat(cloneScalar(use.get()), at.width) : operand(use);
  }
  for (Operation &inner : op.getBlock()->without_terminator())
    body.replay(inner);
  return llvm::map_to_vector(op.getBlock()->getTerminator()->getOperands(),
                             [&](Value value) { return body.get(value); });
}
