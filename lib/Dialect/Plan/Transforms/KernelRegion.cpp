//===- KernelRegion.cpp - ops of a block that become one kernel -------------===//
#include "KernelRegion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

using namespace mlir;
using namespace wick;
using namespace wick::plan;

//===----------------------------------------------------------------------===//
// Kinds of ops
//===----------------------------------------------------------------------===//

bool plan::isKernelOp(Operation *op) {
  if (!isa<linalg::LinalgOp, linalg::SoftmaxOp, linalg::PackOp, linalg::UnPackOp, tensor::PadOp, tensor::ConcatOp,
           tensor::InsertSliceOp, tensor::ExtractSliceOp, tensor::GenerateOp, tensor::SplatOp>(op))
    return false;
  return op->getNumResults() && llvm::all_of(op->getResultTypes(), llvm::IsaPred<RankedTensorType>);
}

bool plan::isReshape(Operation *op) { return isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(op); }

bool plan::isCopiedIntoKernels(Operation *op) {
  if (isa<tensor::EmptyOp, linalg::FillOp, linalg::UnPackOp, RestoreFilterOp>(op))
    return true;
  if (!op->hasTrait<OpTrait::ConstantLike>() || op->getNumResults() != 1)
    return false;
  DenseElementsAttr elements;
  return !isa<RankedTensorType>(op->getResultTypes()[0]) ||
         (matchPattern(op, m_Constant(&elements)) && elements.isSplat());
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// One value for all ops that give the same symbol of the function.
static Value canonicalSize(Value size) {
  if (auto dim = size.getDefiningOp<tensor::DimOp>())
    if (std::optional<int64_t> position = dim.getConstantIndex())
      if (Value known = plan::knownSize(dim.getSource(), *position))
        return known;
  auto symbol = size.getDefiningOp<ts::SymbolOp>();
  if (!symbol)
    return size;
  Value first = size;
  auto func = symbol->getParentOfType<func::FuncOp>();
  func.walk([&](ts::SymbolOp other) {
    if (other.getNumber() != symbol.getNumber())
      return WalkResult::advance();
    first = other;
    return WalkResult::interrupt();
  });
  return first;
}

Value plan::knownSize(Value tensor, unsigned dim) {
  auto fromFold = [](OpFoldResult size) { return isa<Value>(size) ? canonicalSize(cast<Value>(size)) : Value(); };
  Operation *op = tensor.getDefiningOp();
  if (auto empty = dyn_cast_or_null<tensor::EmptyOp>(op))
    return fromFold(empty.getMixedSizes()[dim]);
  if (auto destination = dyn_cast_or_null<DestinationStyleOpInterface>(op))
    return knownSize(destination.getTiedOpOperand(cast<OpResult>(tensor))->get(), dim);
  if (auto expand = dyn_cast_or_null<tensor::ExpandShapeOp>(op))
    return fromFold(expand.getMixedOutputShape()[dim]);
  if (auto cast = dyn_cast_or_null<tensor::CastOp>(op))
    return knownSize(cast.getSource(), dim);
  if (auto read = dyn_cast_or_null<ts::ReadOp>(op)) {
    auto argument = dyn_cast<BlockArgument>(read.getReference());
    auto func = op->getParentOfType<func::FuncOp>();
    auto symbols = func ? func->getAttrOfType<ArrayAttr>("ts.symbols") : ArrayAttr();
    if (!argument || !symbols || argument.getOwner() != &func.front())
      return {};
    Value result;
    func.walk([&](ts::SymbolOp symbol) {
      if (symbol.getNumber() >= symbols.size())
        return WalkResult::advance();
      auto pair = dyn_cast<ArrayAttr>(symbols[symbol.getNumber()]);
      auto number = [&](unsigned i) { return cast<IntegerAttr>(pair[i]).getInt(); };
      if (!pair || pair.size() != 2 || number(0) != static_cast<int64_t>(argument.getArgNumber()) || number(1) != dim)
        return WalkResult::advance();
      result = symbol;
      return WalkResult::interrupt();
    });
    return result;
  }
  return {};
}

OpFoldResult plan::materializeSize(OpBuilder &b, Value tensor, unsigned dim,
                                   llvm::function_ref<bool(Operation *)> member) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return b.getIndexAttr(type.getDimSize(dim));
  Operation *op = tensor.getDefiningOp();
  Location loc = tensor.getLoc();
  auto value = [&](OpFoldResult size) { return getValueOrCreateConstantIndexOp(b, loc, size); };
  auto sum = [&](OpFoldResult lhs, OpFoldResult rhs) -> OpFoldResult {
    std::optional<int64_t> l = getConstantIntValue(lhs), r = getConstantIntValue(rhs);
    if (l == 0)
      return rhs;
    if (r == 0)
      return lhs;
    return arith::AddIOp::create(b, loc, value(lhs), value(rhs)).getResult();
  };
  if (auto empty = dyn_cast_or_null<tensor::EmptyOp>(op))
    return empty.getMixedSizes()[dim];
  if (auto generate = dyn_cast_or_null<tensor::GenerateOp>(op))
    return generate.getDynamicExtents()[type.getDynamicDimIndex(dim)];
  if (auto splat = dyn_cast_or_null<tensor::SplatOp>(op))
    return splat.getDynamicSizes()[type.getDynamicDimIndex(dim)];
  if (auto destination = dyn_cast_or_null<DestinationStyleOpInterface>(op))
    return materializeSize(b, destination.getTiedOpOperand(cast<OpResult>(tensor))->get(), dim, member);
  if (auto expand = dyn_cast_or_null<tensor::ExpandShapeOp>(op))
    return expand.getMixedOutputShape()[dim];
  if (auto cast = dyn_cast_or_null<tensor::CastOp>(op))
    return materializeSize(b, cast.getSource(), dim, member);
  if (auto insert = dyn_cast_or_null<tensor::InsertSliceOp>(op))
    return materializeSize(b, insert.getDest(), dim, member);
  if (auto slice = dyn_cast_or_null<tensor::ExtractSliceOp>(op)) {
    llvm::SmallBitVector dropped = slice.getDroppedDims();
    for (auto [position, size] : llvm::enumerate(slice.getMixedSizes()))
      if (!dropped.test(position) && dim-- == 0)
        return size;
  }
  if (auto collapse = dyn_cast_or_null<tensor::CollapseShapeOp>(op)) {
    OpFoldResult product = b.getIndexAttr(1);
    SmallVector<ReassociationIndices> groups = collapse.getReassociationIndices();
    for (int64_t source : groups[dim]) {
      OpFoldResult size = materializeSize(b, collapse.getSrc(), source, member);
      if (!size)
        return {};
      if (getConstantIntValue(size) == 1)
        continue;
      product = getConstantIntValue(product) == 1
                    ? size
                    : OpFoldResult(arith::MulIOp::create(b, loc, value(product), value(size)).getResult());
    }
    return product;
  }
  if (auto pad = dyn_cast_or_null<tensor::PadOp>(op)) {
    OpFoldResult inner = materializeSize(b, pad.getSource(), dim, member);
    return inner ? sum(sum(pad.getMixedLowPad()[dim], inner), pad.getMixedHighPad()[dim]) : OpFoldResult();
  }
  if (auto concat = dyn_cast_or_null<tensor::ConcatOp>(op)) {
    if (concat.getDim() != dim)
      return materializeSize(b, concat.getInputs()[0], dim, member);
    OpFoldResult total = b.getIndexAttr(0);
    for (Value input : concat.getInputs()) {
      OpFoldResult part = materializeSize(b, input, dim, member);
      if (!part)
        return {};
      total = sum(total, part);
    }
    return total;
  }
  if (op && member(op))
    return {};
  if (Value known = plan::knownSize(tensor, dim))
    return known;
  return tensor::DimOp::create(b, loc, tensor, dim).getResult();
}

//===----------------------------------------------------------------------===//
// Members and their surroundings
//===----------------------------------------------------------------------===//

KernelRegion KernelRegion::with(ArrayRef<Operation *> more) const {
  KernelRegion larger(*this);
  larger.members.insert(more.begin(), more.end());
  return larger;
}

SmallVector<Operation *> KernelRegion::sorted() const {
  SmallVector<Operation *> order(members.begin(), members.end());
  llvm::sort(order, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  return order;
}

SmallVector<Value> KernelRegion::outputs() const {
  SmallVector<Value> values;
  for (Operation *op : sorted())
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUsers(),
                       [&](Operation *user) { return !contains(op->getBlock()->findAncestorOpInBlock(*user)); }))
        values.push_back(result);
  return values;
}

SmallVector<Value> KernelRegion::externals() const {
  llvm::SetVector<Value> values;
  auto visit = [&](Value value) {
    if (Operation *op = value.getDefiningOp(); !op || !contains(op))
      values.insert(value);
  };
  for (Operation *op : sorted()) {
    llvm::for_each(op->getOperands(), visit);
    llvm::SetVector<Value> captured;
    getUsedValuesDefinedAbove(op->getRegions(), captured);
    llvm::for_each(captured, visit);
  }
  return values.takeVector();
}

/// Ops between the first and the last member that use results of members.
SmallVector<Operation *> KernelRegion::opsToMove(bool &possible) const {
  SmallVector<Operation *> order = sorted(), worklist(order);
  Operation *last = order.back();
  llvm::SetVector<Operation *> users;
  possible = true;
  while (!worklist.empty())
    for (Operation *user : worklist.pop_back_val()->getUsers()) {
      Operation *op = last->getBlock()->findAncestorOpInBlock(*user);
      if (contains(op) || last->isBeforeInBlock(op) || !users.insert(op))
        continue;
      possible &= isMemoryEffectFree(op);
      worklist.push_back(op);
    }
  SmallVector<Operation *> moved = users.takeVector();
  llvm::sort(moved, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  return moved;
}

bool KernelRegion::isFormable() const {
  SmallVector<Operation *> order = sorted();
  bool possible;
  SmallVector<Operation *> moved = opsToMove(possible);
  // Those ops must not be needed by a member.
  llvm::DenseSet<Operation *> after(moved.begin(), moved.end());
  for (Value value : externals())
    if (Operation *op = value.getDefiningOp(); op && after.contains(op))
      return false;
  return possible;
}

//===----------------------------------------------------------------------===//
// Forming
//===----------------------------------------------------------------------===//

namespace {
/// Collects what the members of a region need and clones them into a function.
struct Outliner {
  const KernelRegion &region;
  SmallVectorImpl<Value> &inputs;
  llvm::SetVector<Value> tensors, scalars;
  SmallVector<Operation *> copies;
  llvm::DenseSet<Operation *> copied;
  OpBuilder b;
  IRMapping mapping;

  Outliner(const KernelRegion &region, SmallVectorImpl<Value> &inputs)
      : region(region), inputs(inputs), b(region.ops().front()->getContext()) {}

  void need(Value value) {
    Operation *op = value.getDefiningOp();
    if (op && isCopiedIntoKernels(op) && !region.contains(op)) {
      if (copied.insert(op).second) {
        llvm::for_each(op->getOperands(), [&](Value operand) { need(operand); });
        copies.push_back(op);
      }
    } else if (!op || !region.contains(op)) {
      (isa<RankedTensorType>(value.getType()) ? tensors : scalars).insert(value);
    }
  }

  /// Sizes that the host knows under one name, numbered; tells strategies which dims of arguments are equal.
  ArrayAttr sizesOf(Value tensor, llvm::MapVector<Value, unsigned> &names) {
    SmallVector<int64_t> numbers;
    auto type = cast<RankedTensorType>(tensor.getType());
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      Value size = type.isDynamicDim(dim) ? knownSize(tensor, dim) : Value();
      numbers.push_back(size ? static_cast<int64_t>(names.try_emplace(size, names.size()).first->second) : -1);
    }
    return b.getI64ArrayAttr(numbers);
  }

  OwningOpRef<func::FuncOp> run() {
    for (Value value : region.externals())
      need(value);
    inputs.assign(tensors.begin(), tensors.end());
    // A scalar that is the size of an input needs no argument.
    llvm::DenseMap<Value, std::pair<unsigned, unsigned>> dims;
    for (auto [index, tensor] : llvm::enumerate(tensors))
      for (int64_t dim = 0, rank = cast<RankedTensorType>(tensor.getType()).getRank(); dim < rank; ++dim)
        if (cast<RankedTensorType>(tensor.getType()).isDynamicDim(dim))
          if (Value size = knownSize(tensor, dim))
            dims.try_emplace(size, index, dim);
    auto asDim = [&](Value scalar) -> std::optional<std::pair<unsigned, unsigned>> {
      if (auto dim = scalar.getDefiningOp<tensor::DimOp>())
        if (auto position = llvm::find(inputs, dim.getSource()); position != inputs.end() && dim.getConstantIndex())
          return std::pair<unsigned, unsigned>(position - inputs.begin(), *dim.getConstantIndex());
      auto found = dims.find(canonicalSize(scalar));
      return found == dims.end() ? std::nullopt : std::optional(found->second);
    };
    SmallVector<std::pair<Value, std::pair<unsigned, unsigned>>> derived;
    for (Value scalar : scalars) {
      if (auto dim = asDim(scalar))
        derived.push_back({scalar, *dim});
      else
        inputs.push_back(scalar);
    }

    SmallVector<Value> outputs = region.outputs();
    Location loc = region.ops().front()->getLoc();
    auto func = func::FuncOp::create(loc, "kernel",
                                     b.getFunctionType(ValueRange(inputs).getTypes(), ValueRange(outputs).getTypes()));
    func.setPrivate();
    func->setAttr(kKernelAttr, b.getUnitAttr());
    llvm::MapVector<Value, unsigned> names;
    for (auto [index, input] : llvm::enumerate(inputs))
      if (auto type = dyn_cast<RankedTensorType>(input.getType()); type && !type.hasStaticShape())
        func.setArgAttr(index, "plan.dims", sizesOf(input, names));
    Block *block = func.addEntryBlock();
    b.setInsertionPointToEnd(block);
    mapping.map(inputs, block->getArguments());
    for (auto [scalar, dim] : derived)
      mapping.map(scalar, tensor::DimOp::create(b, loc, block->getArgument(dim.first), dim.second).getResult());
    for (Operation *op : copies)
      b.clone(*op, mapping);
    for (Operation *op : region.sorted())
      b.clone(*op, mapping);
    func::ReturnOp::create(b, loc, llvm::map_to_vector(outputs, [&](Value v) { return mapping.lookup(v); }));
    return func;
  }
};
} // namespace

OwningOpRef<func::FuncOp> KernelRegion::outline(SmallVectorImpl<Value> &inputs) const {
  return Outliner(*this, inputs).run();
}

void KernelRegion::replaceByLaunch(StringRef kernel, ValueRange inputs) {
  SmallVector<Operation *> order = sorted();
  SmallVector<Value> values = outputs();
  Operation *last = order.back();
  bool possible;
  SmallVector<Operation *> moved = opsToMove(possible);
  for (Operation *op : llvm::reverse(moved))
    op->moveAfter(last);
  OpBuilder b(last->getContext());
  b.setInsertionPointAfter(last);
  SmallVector<Value> destinations;
  for (Value value : values) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<Value> dynamic;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (type.isDynamicDim(dim)) {
        OpFoldResult size = materializeSize(b, value, dim, [&](Operation *op) { return contains(op); });
        dynamic.push_back(getValueOrCreateConstantIndexOp(b, value.getLoc(), size));
      }
    destinations.push_back(tensor::EmptyOp::create(b, value.getLoc(), type, dynamic));
  }
  auto launch = LaunchOp::create(b, last->getLoc(), ValueRange(values).getTypes(),
                                 FlatSymbolRefAttr::get(b.getContext(), kernel), inputs, destinations);
  for (auto [value, result] : llvm::zip(values, launch.getResults()))
    value.replaceAllUsesWith(result);
  for (Operation *op : llvm::reverse(order))
    op->erase();
}
