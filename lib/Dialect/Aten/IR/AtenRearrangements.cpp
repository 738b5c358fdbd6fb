//===- AtenRearrangements.cpp - type rules of concatenations and rolls ------===//
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/JoinTypes.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

//===----------------------------------------------------------------------===//
// Concatenations
//===----------------------------------------------------------------------===//

/// The types of a list of tensors and their common dtype, or failure.
static std::optional<SmallVector<ts::TensorType>> findTensors(Facts &facts, Value list, Type &dtype) {
  std::optional<SmallVector<Value>> tensors = facts.getList(list);
  if (!tensors)
    return std::nullopt;
  bool known = true;
  SmallVector<ts::TensorType> types;
  for (Value tensor : *tensors) {
    types.push_back(facts.getTensor(tensor));
    known &= bool(types.back().getDtype());
    dtype = promoteDtypes(dtype, types.back().getDtype());
  }
  if (!known)
    dtype = Type();
  return types;
}

/// The type of what is made of a list whose length is not known, given what `getType` says for elements of one type:
/// one of several types where the elements are, for they are all alike or do not fit. Null where nothing is known of
/// them.
static FailureOr<ts::TensorType>
inferFromElements(Value list, llvm::function_ref<FailureOr<ts::TensorType>(ts::TensorType)> getType) {
  auto type = dyn_cast<ts::ListType>(list.getType());
  auto element = type ? dyn_cast<ts::TensorType>(type.getElementType()) : ts::TensorType();
  if (element && element.isTyped())
    return getType(element);
  ts::TensorType joined;
  ScopedDiagnosticHandler silent(list.getContext(), [](Diagnostic &) { return success(); });
  for (Type alternative : element ? element.getAlternatives() : ArrayRef<Type>())
    if (FailureOr<ts::TensorType> made = getType(cast<ts::TensorType>(alternative)); succeeded(made))
      joined = joined ? ts::joinTensorTypes(joined, *made) : *made;
  return joined;
}

LogicalResult CatOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  Type dtype;
  std::optional<SmallVector<ts::TensorType>> tensors = findTensors(facts, getTensors(), dtype);
  std::optional<int64_t> dim = facts.getConstantInt(getDim());
  ts::TensorType unknown = ts::TensorType::get(getContext(), false, ArrayRef<AffineExpr>(), dtype);
  auto getJoined = [&](ts::TensorType element) -> FailureOr<ts::TensorType> {
    if (element.getRank() == 0)
      return emitOpError() << "zero-dimensional tensor (at position 0) cannot be concatenated";
    FailureOr<int64_t> position = wrapDim(*this, *dim, element.getRank());
    if (failed(position))
      return failure();
    SmallVector<AffineExpr> dims(element.getDims());
    dims[*position] = AffineExpr();
    return withDims(element, dims);
  };
  if (!tensors && dim) {
    FailureOr<ts::TensorType> joined = inferFromElements(getTensors(), getJoined);
    if (failed(joined))
      return failure();
    types.push_back(*joined ? *joined : unknown);
    return success();
  }
  if (!tensors || !dim || llvm::any_of(*tensors, [](ts::TensorType type) { return !type.getHasRank(); })) {
    types.push_back(unknown);
    return success();
  }
  if (tensors->empty())
    return emitOpError() << "torch.cat(): expected a non-empty list of Tensors";
  // Empty tensors of rank one fit any others.
  auto isLegacyEmpty = [](ts::TensorType type) { return type.getRank() == 1 && isConstant(type.getDims()[0], 0); };
  auto first = llvm::find_if(*tensors, [&](ts::TensorType type) { return !isLegacyEmpty(type); });
  if (first == tensors->end())
    first = tensors->begin();
  if (first->getRank() == 0)
    return emitOpError() << "zero-dimensional tensor (at position 0) cannot be concatenated";
  FailureOr<int64_t> position = wrapDim(*this, *dim, first->getRank());
  if (failed(position))
    return failure();
  SmallVector<AffineExpr> dims(first->getDims());
  for (auto it = tensors->begin(); it != tensors->end(); ++it) {
    if (it == first || isLegacyEmpty(*it))
      continue;
    if (it->getRank() != first->getRank())
      return emitOpError() << "Tensors must have same number of dimensions: got " << first->getRank() << " and "
                           << it->getRank();
    for (auto [i, size] : llvm::enumerate(it->getDims())) {
      if (int64_t(i) == *position)
        dims[i] = add(dims[i], size);
      else if (areDistinct(dims[i], size))
        return emitOpError() << "Sizes of tensors must match except in dimension " << *position << ". Expected size "
                             << printSize(dims[i]) << " but got size " << printSize(size) << " for tensor number "
                             << it - tensors->begin() << " in the list.";
      else
        dims[i] = getMoreKnown(dims[i], size);
    }
  }
  types.push_back(withDims(unknown, dims));
  return success();
}

LogicalResult StackOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  Type dtype;
  std::optional<SmallVector<ts::TensorType>> tensors = findTensors(facts, getTensors(), dtype);
  std::optional<int64_t> dim = facts.getConstantInt(getDim());
  ts::TensorType unknown = ts::TensorType::get(getContext(), false, ArrayRef<AffineExpr>(), dtype);
  auto getStacked = [&](ts::TensorType element) -> FailureOr<ts::TensorType> {
    FailureOr<int64_t> position = wrapDim(*this, *dim, element.getRank() + 1);
    if (failed(position))
      return failure();
    SmallVector<AffineExpr> dims(element.getDims());
    dims.insert(dims.begin() + *position, AffineExpr());
    return withDims(element, dims);
  };
  if (!tensors && dim) {
    FailureOr<ts::TensorType> stacked = inferFromElements(getTensors(), getStacked);
    if (failed(stacked))
      return failure();
    types.push_back(*stacked ? *stacked : unknown);
    return success();
  }
  if (!tensors || !dim || llvm::any_of(*tensors, [](ts::TensorType type) { return !type.getHasRank(); })) {
    types.push_back(unknown);
    return success();
  }
  if (tensors->empty())
    return emitOpError() << "stack expects a non-empty TensorList";
  FailureOr<int64_t> position = wrapDim(*this, *dim, tensors->front().getRank() + 1);
  if (failed(position))
    return failure();
  SmallVector<AffineExpr> dims(tensors->front().getDims());
  for (auto [number, type] : llvm::enumerate(*tensors)) {
    bool differs = type.getDims().size() != dims.size();
    for (size_t i = 0; !differs && i < dims.size(); ++i) {
      differs = areDistinct(dims[i], type.getDims()[i]);
      dims[i] = getMoreKnown(dims[i], type.getDims()[i]);
    }
    if (differs)
      return emitOpError() << "stack expects each tensor to be equal size, but got "
                           << printSizes(tensors->front().getDims()) << " at entry 0 and " << printSizes(type.getDims())
                           << " at entry " << number;
  }
  dims.insert(dims.begin() + *position, getAffineConstantExpr(tensors->size(), getContext()));
  types.push_back(withDims(unknown, dims));
  return success();
}

//===----------------------------------------------------------------------===//
// Orders and repetitions
//===----------------------------------------------------------------------===//

LogicalResult FlipOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  types.push_back(type);
  std::optional<SmallVector<int64_t>> dims = facts.getConstantIntList(getDims());
  return success(!dims || !type.getHasRank() || succeeded(wrapDims(*this, *dims, type.getRank())));
}

LogicalResult RollOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  types.push_back(type);
  std::optional<SmallVector<int64_t>> dims = facts.getConstantIntList(getDims());
  std::optional<SmallVector<Value>> shifts = facts.getList(getShifts());
  if (!dims || !type.getHasRank())
    return success();
  if (shifts && shifts->size() != dims->size() && !(dims->empty() && shifts->size() == 1))
    return emitOpError() << "shifts and dimensions must align. shifts: " << shifts->size() << ", dims:" << dims->size();
  for (int64_t dim : *dims)
    if (failed(wrapDim(*this, dim, type.getRank())))
      return failure();
  return success();
}

LogicalResult RepeatOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<SmallVector<AffineExpr>> repeats = facts.getIntList(getRepeats());
  if (!type.getHasRank() || !repeats) {
    types.push_back(withoutRank(type));
    return success();
  }
  int64_t added = int64_t(repeats->size()) - type.getRank();
  if (added < 0)
    return emitOpError()
           << "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor";
  SmallVector<AffineExpr> dims(*repeats);
  for (auto [i, size] : llvm::enumerate(type.getDims())) {
    AffineExpr &dim = dims[added + i];
    dim = dim && size ? simplifySize(dim * size) : AffineExpr();
  }
  types.push_back(withDims(type, dims));
  return success();
}
