//===- FusedKernel.cpp - a kernel around its root, tile by tile -------------===//
#include "FusedKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"

using namespace mlir;
using namespace wick::cpu;

static MemRefType asMemRef(RankedTensorType type) { return MemRefType::get(type.getShape(), type.getElementType()); }

/// A memref of identity layout as one of rank one.
static Value flatten(OpBuilder &b, Location loc, Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  if (type.getRank() == 1)
    return memref;
  if (type.getRank() == 0) {
    auto one = MemRefType::get({1}, type.getElementType());
    return memref::ExpandShapeOp::create(b, loc, one, memref, ArrayRef<ReassociationIndices>{},
                                         ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
  }
  ReassociationIndices all(llvm::to_vector<2>(llvm::seq<int64_t>(0, type.getRank())));
  // Zero times a dynamic dim is static to the op's own inference, but not to its verifier.
  auto flat =
      MemRefType::get({type.hasStaticShape() ? type.getNumElements() : ShapedType::kDynamic}, type.getElementType());
  return memref::CollapseShapeOp::create(b, loc, flat, memref, ArrayRef<ReassociationIndices>{all});
}

FusedKernel::FusedKernel(func::FuncOp kernel, const TargetInfo &target) : kernel(kernel) {
  SmallVector<Type> types;
  for (Type type : llvm::concat<const Type>(kernel.getArgumentTypes(), kernel.getResultTypes())) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    types.push_back(tensor ? Type(asMemRef(tensor)) : type);
  }
  MLIRContext *context = kernel.getContext();
  result = func::FuncOp::create(kernel.getLoc(), kernel.getName(), FunctionType::get(context, types, {}));
  Block *block = result->addEntryBlock();
  vectors = std::make_unique<VectorEmitter>(*result, target);
  vectors->builder.setInsertionPointToEnd(block);
  func::ReturnOp::create(vectors->builder, vectors->loc);
  vectors->builder.setInsertionPoint(block->getTerminator());
  for (auto [index, argument] : llvm::enumerate(kernel.getArguments())) {
    hasInPlace |= static_cast<bool>(kernel.getArgAttr(index, "plan.in_place"));
    Value memref = block->getArgument(index);
    scalars[argument] = memref;
    if (!isa<MemRefType>(memref.getType()))
      continue;
    Value flat;
    vectors->inPrologue([&] { flat = flatten(vectors->builder, vectors->loc, memref); });
    bound[argument] = rowMajor(flat, sizes(argument));
  }
}

LogicalResult FusedKernel::checkOps(func::FuncOp kernel, std::string &reason, Operation *except) {
  if (!kernel.getBody().hasOneBlock()) {
    reason = "the kernel is not one block";
    return failure();
  }
  for (Operation &op : kernel.front().without_terminator()) {
    if (isa<linalg::LinalgOp, linalg::UnPackOp, tensor::EmptyOp, tensor::ExpandShapeOp, tensor::CollapseShapeOp,
            tensor::CastOp, tensor::ExtractSliceOp, tensor::PadOp, plan::RestoreFilterOp>(op) ||
        &op == except)
      continue;
    if (auto dim = dyn_cast<tensor::DimOp>(op); dim && dim.getConstantIndex())
      continue;
    bool tensors =
        llvm::any_of(llvm::concat<const Type>(op.getOperandTypes(), op.getResultTypes()), llvm::IsaPred<TensorType>);
    bool constant = op.hasTrait<OpTrait::ConstantLike>();
    if (op.getNumRegions() || !isPure(&op) || (tensors && !constant)) {
      reason = ("no strategy with a root knows '" + op.getName().getStringRef() + "'").str();
      return failure();
    }
  }
  for (Value value : kernel.front().getTerminator()->getOperands())
    if (!value.getDefiningOp()) {
      reason = "a result is an argument";
      return failure();
    }
  return success();
}

//===----------------------------------------------------------------------===//
// Sizes and scalars
//===----------------------------------------------------------------------===//

Value FusedKernel::cloneScalar(Value scalar) {
  if (Value known = scalars.lookup(scalar))
    return known;
  if (auto dim = scalar.getDefiningOp<tensor::DimOp>())
    if (std::optional<int64_t> position = dim.getConstantIndex()) {
      AffineExpr extent = size(dim.getSource(), *position);
      vectors->inPrologue([&] { scalars[scalar] = vectors->emit(extent, {}); });
      return scalars[scalar];
    }
  if (std::optional<int64_t> value = getConstantIntValue(scalar); value && scalar.getType().isIndex())
    return scalars[scalar] = vectors->constant(*value);
  Operation *op = scalar.getDefiningOp();
  IRMapping mapping;
  for (Value operand : op->getOperands())
    mapping.map(operand, cloneScalar(operand));
  Operation *clone = nullptr;
  vectors->inPrologue([&] { clone = vectors->builder.clone(*op, mapping); });
  for (auto [from, to] : llvm::zip(op->getResults(), clone->getResults()))
    scalars[from] = to;
  return scalars[scalar];
}

AffineExpr FusedKernel::indexExpr(Value index) {
  if (auto dim = index.getDefiningOp<tensor::DimOp>())
    if (std::optional<int64_t> position = dim.getConstantIndex())
      return size(dim.getSource(), *position);
  if (auto product = index.getDefiningOp<arith::MulIOp>())
    return indexExpr(product.getLhs()) * indexExpr(product.getRhs());
  if (auto sum = index.getDefiningOp<arith::AddIOp>())
    return indexExpr(sum.getLhs()) + indexExpr(sum.getRhs());
  return vectors->symbol(cloneScalar(index));
}

AffineExpr FusedKernel::foldedIndex(OpFoldResult index) {
  if (auto value = dyn_cast<Value>(index))
    return indexExpr(value);
  return vectors->expr(*getConstantIntValue(index));
}

/// Of all dims of arguments that `plan.dims` calls equal, the first.
static std::pair<Value, unsigned> firstOfEqualDims(BlockArgument argument, unsigned dim) {
  auto kernel = cast<func::FuncOp>(argument.getOwner()->getParentOp());
  auto number = [&](unsigned index, unsigned dim) -> int64_t {
    auto numbers = kernel.getArgAttrOfType<ArrayAttr>(index, "plan.dims");
    return numbers ? cast<IntegerAttr>(numbers[dim]).getInt() : -1;
  };
  int64_t wanted = number(argument.getArgNumber(), dim);
  for (BlockArgument other : kernel.getArguments().take_front(wanted < 0 ? 0 : argument.getArgNumber() + 1))
    if (auto type = dyn_cast<RankedTensorType>(other.getType()))
      for (unsigned d = 0; d < type.getRank(); ++d)
        if (number(other.getArgNumber(), d) == wanted)
          return {other, d};
  return {argument, dim};
}

AffineExpr FusedKernel::size(Value tensor, unsigned dim) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return vectors->expr(type.getDimSize(dim));
  if (isa<BlockArgument>(tensor)) {
    std::tie(tensor, dim) = firstOfEqualDims(cast<BlockArgument>(tensor), dim);
    Value &known = dimValues[{tensor, dim}];
    if (!known)
      vectors->inPrologue([&] {
        Value position = vectors->constant(dim);
        known = memref::DimOp::create(vectors->builder, vectors->loc, scalars[tensor], position);
      });
    return vectors->symbol(known);
  }
  Operation *op = tensor.getDefiningOp();
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return size(linalgOp.getDpsInits()[cast<OpResult>(tensor).getResultNumber()], dim);
  if (auto softmax = dyn_cast<linalg::SoftmaxOp>(op))
    return size(softmax.getInput(), dim);
  if (auto empty = dyn_cast<tensor::EmptyOp>(op))
    return foldedIndex(empty.getMixedSizes()[dim]);
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op))
    return foldedIndex(expand.getMixedOutputShape()[dim]);
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    llvm::SmallBitVector dropped = slice.getDroppedDims();
    for (auto [position, extent] : llvm::enumerate(slice.getMixedSizes()))
      if (!dropped.test(position) && dim-- == 0)
        return foldedIndex(extent);
  }
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
    AffineExpr product = vectors->expr(1);
    SmallVector<ReassociationIndices> groups = collapse.getReassociationIndices();
    for (int64_t source : groups[dim])
      product = product * size(collapse.getSrc(), source);
    return product;
  }
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    return foldedIndex(pad.getMixedLowPad()[dim]) + size(pad.getSource(), dim) +
           foldedIndex(pad.getMixedHighPad()[dim]);
  if (auto cast = dyn_cast<tensor::CastOp>(op))
    return size(cast.getSource(), dim);
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
    return size(insert.getDest(), dim);
  if (auto concat = dyn_cast<tensor::ConcatOp>(op)) {
    AffineExpr total = size(concat.getInputs()[0], dim);
    if (dim == concat.getDim())
      for (Value input : concat.getInputs().drop_front())
        total = vectors->simplify(total + size(input, dim));
    return total;
  }
  if (auto unpack = dyn_cast<linalg::UnPackOp>(op))
    return size(unpack.getDest(), dim);
  if (auto restore = dyn_cast<plan::RestoreFilterOp>(op))
    return vectors->expr(restore.getFilter().getType().getDimSize(dim));
  llvm_unreachable("no rule for the size of this tensor; callers check the ops of a kernel first");
}

SmallVector<AffineExpr> FusedKernel::sizes(Value tensor) {
  SmallVector<AffineExpr> all;
  for (int64_t dim = 0, rank = cast<RankedTensorType>(tensor.getType()).getRank(); dim < rank; ++dim)
    all.push_back(size(tensor, dim));
  return all;
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

View FusedKernel::rowMajor(Value buffer, ArrayRef<AffineExpr> sizes) {
  View view{buffer, SmallVector<AffineExpr>(sizes.size()), vectors->expr(0)};
  AffineExpr stride = vectors->expr(1);
  for (size_t dim = sizes.size(); dim-- > 0; stride = vectors->simplify(stride * sizes[dim]))
    view.strides[dim] = stride;
  return view;
}

Value FusedKernel::scratch(AffineExpr count, Type element) {
  Value buffer;
  auto constant = dyn_cast<AffineConstantExpr>(count);
  vectors->inPrologue([&] {
    auto type = MemRefType::get({constant ? constant.getValue() : ShapedType::kDynamic}, element);
    SmallVector<Value> dynamic;
    if (!constant)
      dynamic.push_back(vectors->emit(count, {}));
    buffer =
        memref::AllocOp::create(vectors->builder, vectors->loc, type, dynamic, vectors->builder.getI64IntegerAttr(64));
  });
  return buffer;
}

SmallVector<AffineExpr> wick::cpu::applyMap(AffineMap map, ArrayRef<AffineExpr> dims) {
  return llvm::map_to_vector(map.getResults(), [&](AffineExpr e) { return e.replaceDims(dims); });
}

bool wick::cpu::isPointwise(linalg::LinalgOp op) {
  return op.getNumLoops() == op.getNumParallelLoops() && llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
           return op.getMatchingIndexingMap(&init).isPermutation();
         });
}

FailureOr<View> FusedKernel::view(Value tensor) {
  if (auto it = bound.find(tensor); it != bound.end())
    return it->second;
  FailureOr<View> computed = computeView(tensor);
  if (succeeded(computed))
    bound[tensor] = *computed;
  return computed;
}

/// An op that only copies elements (transpose, broadcast) is a view of what it copies.
FailureOr<View> FusedKernel::viewOfCopy(linalg::LinalgOp op) {
  if (!isPointwise(op) || op->getNumResults() != 1)
    return failure();
  auto yield = op.getBlock()->getTerminator();
  auto argument = dyn_cast<BlockArgument>(yield->getOperand(0));
  if (!argument || argument.getOwner() != op.getBlock())
    return failure();
  OpOperand *source = op.getMatchingOpOperand(argument);
  AffineMap from = op.getMatchingIndexingMap(source);
  AffineMap to = inversePermutation(op.getIndexingMapsArray()[op.getNumDpsInputs()]);
  FailureOr<View> inner = view(source->get());
  if (failed(inner) || !from.isProjectedPermutation())
    return failure();
  View result{inner->buffer, SmallVector<AffineExpr>(op.getNumLoops(), vectors->expr(0)), inner->offset};
  for (auto [position, e] : llvm::enumerate(from.getResults())) {
    unsigned loop = cast<AffineDimExpr>(e).getPosition();
    for (unsigned out = 0; out < to.getNumInputs(); ++out)
      if (cast<AffineDimExpr>(to.getResult(loop)).getPosition() == out)
        result.strides[out] = inner->strides[position];
  }
  return result;
}

FailureOr<View> FusedKernel::computeView(Value tensor) {
  Operation *op = tensor.getDefiningOp();
  if (!op)
    return failure();
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return viewOfCopy(linalgOp);
  if (auto cast = dyn_cast<tensor::CastOp>(op))
    return view(cast.getSource());
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    FailureOr<View> source = view(expand.getSrc());
    if (failed(source))
      return failure();
    View result{source->buffer, {}, source->offset};
    result.strides.resize(expand.getResultType().getRank());
    for (auto [dim, group] : llvm::enumerate(expand.getReassociationIndices())) {
      AffineExpr stride = source->strides[dim];
      for (int64_t part : llvm::reverse(group)) {
        result.strides[part] = stride;
        stride = vectors->simplify(stride * size(tensor, part));
      }
    }
    return result;
  }
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
    FailureOr<View> source = view(collapse.getSrc());
    if (failed(source))
      return failure();
    View result{source->buffer, {}, source->offset};
    for (const ReassociationIndices &group : collapse.getReassociationIndices()) {
      AffineExpr stride = source->strides[group.back()];
      AffineExpr expected = stride;
      for (int64_t part : llvm::reverse(group)) {
        AffineExpr extent = size(collapse.getSrc(), part);
        if (extent != vectors->expr(1) && source->strides[part] != expected)
          return failure();
        expected = vectors->simplify(expected * extent);
      }
      result.strides.push_back(stride);
    }
    return result;
  }
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    FailureOr<View> source = view(slice.getSource());
    if (failed(source))
      return failure();
    View result{source->buffer, {}, source->offset};
    llvm::SmallBitVector dropped = slice.getDroppedDims();
    for (auto [dim, offset, step] : llvm::enumerate(slice.getMixedOffsets(), slice.getMixedStrides())) {
      result.offset = vectors->simplify(result.offset + foldedIndex(offset) * source->strides[dim]);
      if (!dropped.test(dim))
        result.strides.push_back(vectors->simplify(source->strides[dim] * foldedIndex(step)));
    }
    return result;
  }
  return failure();
}

//===----------------------------------------------------------------------===//
// Consumers of the root
//===----------------------------------------------------------------------===//

LogicalResult FusedKernel::fuseLinalg(linalg::LinalgOp op, std::string &reason) {
  if (!isPointwise(op)) {
    reason = ("'" + op->getName().getStringRef() + "' behind the root is not elementwise").str();
    return failure();
  }
  if (failed(checkBody(op, reason)))
    return failure();
  Position loops;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!fused.contains(operand.get()) || !op.payloadUsesValueFromOperand(&operand))
      continue;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (!map.isPermutation()) {
      reason = "the root's result is broadcast by a fused op";
      return failure();
    }
    Position here = applyMap(inversePermutation(map), fused[operand.get()]);
    if (!loops.empty() && loops != here) {
      reason = "a fused op combines different elements of the root's result";
      return failure();
    }
    loops = here;
  }
  if (loops.size() != op.getNumLoops()) {
    reason = "a fused op has the root's result for an operand that it does not use";
    return failure();
  }
  for (OpOperand &operand : op->getOpOperands())
    if (isa<RankedTensorType>(operand.get().getType()) && op.payloadUsesValueFromOperand(&operand) &&
        !fused.contains(operand.get()) && failed(checkReadable(operand.get(), reason)))
      return failure();
  for (auto [result, init] : llvm::zip(op->getResults(), op.getDpsInitsMutable()))
    fused[result] = applyMap(op.getMatchingIndexingMap(&init), loops);
  fusedOps.push_back({op, loops});
  return success();
}

LogicalResult FusedKernel::fuseConsumers(ValueRange roots, ArrayRef<AffineExpr> position, std::string &reason) {
  VectorEmitter &v = *vectors;
  this->roots.assign(roots.begin(), roots.end());
  for (Value root : roots)
    fused[root] = Position(position);
  for (Operation &op : kernel.front().without_terminator()) {
    if (llvm::none_of(op.getOperands(), [&](Value operand) { return fused.contains(operand); }) ||
        isa<tensor::DimOp>(op))
      continue;
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
      if (failed(fuseLinalg(linalgOp, reason)))
        return failure();
    } else if (auto cast = dyn_cast<tensor::CastOp>(op)) {
      fused[cast] = Position(fused[cast.getSource()]);
    } else if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
      Position from = fused[expand.getSrc()], to(expand.getResultType().getRank(), v.expr(0));
      for (auto [dim, group] : llvm::enumerate(expand.getReassociationIndices())) {
        AffineExpr rest = from[dim];
        for (int64_t part : llvm::reverse(ArrayRef(group).drop_front())) {
          to[part] = v.simplify(rest % size(expand.getResult(), part));
          rest = v.simplify(rest.floorDiv(size(expand.getResult(), part)));
        }
        to[group.front()] = rest;
      }
      fused[expand.getResult()] = to;
    } else if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
      Position from = fused[collapse.getSrc()], to;
      for (const ReassociationIndices &group : collapse.getReassociationIndices()) {
        AffineExpr flat = v.expr(0);
        for (int64_t part : group)
          flat = flat * size(collapse.getSrc(), part) + from[part];
        to.push_back(v.simplify(flat));
      }
      fused[collapse.getResult()] = to;
    } else {
      reason = ("'" + op.getName().getStringRef() + "' behind the root cannot be fused").str();
      return failure();
    }
  }
  for (Value value : kernel.front().getTerminator()->getOperands())
    if (!fused.contains(value)) {
      reason = "a result does not depend on the root";
      return failure();
    }
  bindResults();
  return success();
}

void FusedKernel::bindResults() {
  for (auto [index, value] : llvm::enumerate(kernel.front().getTerminator()->getOperands())) {
    Value memref = result->front().getArgument(kernel.getNumArguments() + index), flat;
    vectors->inPrologue([&] { flat = flatten(vectors->builder, vectors->loc, memref); });
    results.push_back(rowMajor(flat, sizes(value)));
  }
}

LogicalResult FusedKernel::collectConsumerAccesses(SmallVectorImpl<AffineExpr> &accesses, std::string &reason) {
  for (auto &[op, loops] : fusedOps) {
    for (OpOperand &operand : op->getOpOperands())
      if (isa<RankedTensorType>(operand.get().getType()) && op.payloadUsesValueFromOperand(&operand) &&
          !fused.contains(operand.get()) &&
          failed(
              collectAccesses(operand.get(), applyMap(op.getMatchingIndexingMap(&operand), loops), accesses, reason)))
        return failure();
    ArrayRef<AffineExpr> position = loops;
    op.getBlock()->walk([&](linalg::IndexOp index) { accesses.push_back(position[index.getDim()]); });
  }
  for (auto [index, tensor] : llvm::enumerate(kernel.front().getTerminator()->getOperands())) {
    AffineExpr flat = results[index].offset;
    for (auto [at, stride] : llvm::zip(fused[tensor], results[index].strides))
      flat = flat + at * stride;
    accesses.push_back(vectors->simplify(flat));
  }
  return success();
}

void FusedKernel::moveConsumers(ArrayRef<AffineExpr> dims) {
  auto move = [&](Position &position) {
    for (AffineExpr &e : position)
      e = vectors->simplify(e.replaceDims(dims));
  };
  for (auto &[tensor, position] : fused)
    move(position);
  for (auto &[op, position] : fusedOps)
    move(position);
}

SmallVector<Value> FusedKernel::evaluate(ValueRange accumulators, const TilePoint &at) {
  llvm::DenseMap<Value, Value> values;
  for (auto [root, accumulator] : llvm::zip(roots, accumulators))
    values[root] = accumulator;
  // Reshapes and casts move elements without changing them.
  std::function<Value(Value)> find = [&](Value tensor) -> Value {
    if (Value known = values.lookup(tensor))
      return known;
    return find(tensor.getDefiningOp()->getOperand(0));
  };
  for (auto &[op, loops] : fusedOps) {
    SmallVector<Value> results = evaluateBody(op, loops, at, [&](OpOperand &operand) {
      if (fused.contains(operand.get()))
        return find(operand.get());
      return read(operand.get(), applyMap(op.getMatchingIndexingMap(&operand), loops), at);
    });
    for (auto [tensor, vector] : llvm::zip(op->getResults(), results))
      values[tensor] = vector;
  }
  return llvm::map_to_vector(kernel.front().getTerminator()->getOperands(), find);
}

void FusedKernel::storeResults(ArrayRef<Value> values, const TilePoint &at) {
  for (auto [tensor, vector, view] : llvm::zip(kernel.front().getTerminator()->getOperands(), values, results)) {
    AffineExpr flat = view.offset;
    for (auto [index, stride] : llvm::zip(fused[tensor], view.strides))
      flat = flat + index * stride;
    vectors->store(vector, view, flat, at);
  }
}

void FusedKernel::finish(ArrayRef<Value> accumulators, ArrayRef<TilePoint> points) {
  if (!hasInPlace) {
    for (auto [accumulator, at] : llvm::zip(accumulators, points))
      storeResults(evaluate(accumulator, at), at);
    return;
  }
  SmallVector<SmallVector<Value>> values;
  for (auto [accumulator, at] : llvm::zip(accumulators, points))
    values.push_back(evaluate(accumulator, at));
  for (auto [value, at] : llvm::zip(values, points))
    storeResults(value, at);
}

void FusedKernel::commit() {
  SmallVector<DictionaryAttr> attributes;
  for (unsigned index = 0; index < result->getNumArguments(); ++index)
    attributes.push_back(index < kernel.getNumArguments() ? kernel.getArgAttrDict(index)
                                                          : DictionaryAttr::get(kernel.getContext()));
  kernel.getBody().dropAllReferences();
  kernel.getBody().getBlocks().clear();
  kernel.getBody().takeBody(result->getBody());
  kernel.setFunctionType(result->getFunctionType());
  kernel.removeResAttrsAttr();
  kernel.setAllArgAttrs(attributes);
}
