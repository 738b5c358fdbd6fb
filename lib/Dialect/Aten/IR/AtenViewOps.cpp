//===- AtenViewOps.cpp - type rules and folds: other views of the same elements ---===//
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenViewOps.cpp.inc"

void AtenDialect::registerViewOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenViewOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Other shapes
//===----------------------------------------------------------------------===//

static LogicalResult inferView(Operation *op, Facts &facts, Value self, Value size, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(self);
  std::optional<SmallVector<AffineExpr>> sizes = facts.getIntList(size);
  if (!sizes) {
    types.push_back(withoutRank(type));
    return success();
  }
  if (!type.getHasRank()) {
    for (AffineExpr &e : *sizes)
      if (isConstant(e, -1))
        e = AffineExpr();
    types.push_back(withDims(type, *sizes));
    return success();
  }
  FailureOr<SmallVector<AffineExpr>> dims = inferViewDims(op, type.getDims(), *sizes);
  if (failed(dims))
    return failure();
  types.push_back(withDims(type, *dims));
  return success();
}

LogicalResult ViewAsSizeOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferView(*this, facts, getSelf(), getSize(), types);
}

LogicalResult ReshapeToOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferView(*this, facts, getSelf(), getShape(), types);
}

LogicalResult ViewAsOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf()), other = facts.getTensor(getOther());
  if (!other.getHasRank()) {
    types.push_back(withoutRank(type));
    return success();
  }
  if (type.getHasRank() && failed(inferViewDims(*this, type.getDims(), other.getDims())))
    return failure();
  types.push_back(withDims(type, other.getDims()));
  return success();
}

LogicalResult FlattenOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<int64_t> first = facts.getConstantInt(getStartDim()), last = facts.getConstantInt(getEndDim());
  if (!type.getHasRank() || !first || !last) {
    types.push_back(withoutRank(type));
    return success();
  }
  FailureOr<int64_t> start = wrapDim(*this, *first, type.getRank()), end = wrapDim(*this, *last, type.getRank());
  if (failed(start) || failed(end))
    return failure();
  if (*start > *end)
    return emitOpError() << "flatten() has invalid args: start_dim cannot come after end_dim";
  SmallVector<AffineExpr> dims(type.getDims());
  if (dims.empty())
    dims.push_back(getAffineConstantExpr(1, getContext()));
  AffineExpr merged = getNumElements(ArrayRef(dims).slice(*start, *end - *start + 1), getContext());
  dims.erase(dims.begin() + *start, dims.begin() + *end + 1);
  dims.insert(dims.begin() + *start, merged);
  types.push_back(withDims(type, dims));
  return success();
}

LogicalResult UnflattenOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<int64_t> dim = facts.getConstantInt(getDim());
  std::optional<SmallVector<AffineExpr>> sizes = facts.getIntList(getSizes());
  if (!type.getHasRank() || !dim || !sizes) {
    types.push_back(withoutRank(type));
    return success();
  }
  FailureOr<int64_t> position = wrapDim(*this, *dim, type.getRank());
  if (failed(position))
    return failure();
  AffineExpr whole = type.getDims()[*position], product = getAffineConstantExpr(1, getContext());
  bool infers = false;
  for (AffineExpr size : *sizes) {
    infers |= isConstant(size, -1);
    product = product && size && !isConstant(size, -1) ? product * size : isConstant(size, -1) ? product : AffineExpr();
  }
  std::optional<int64_t> count = getConstant(whole), known = getConstant(product);
  if (count && known && (infers ? *known != 0 && *count % *known != 0 : *count != *known))
    return emitOpError() << "unflatten: Provided sizes " << printSizes(*sizes)
                         << " don't multiply up to the size of dim " << *position << " (" << *count
                         << ") in the input tensor";
  FailureOr<SmallVector<AffineExpr>> parts = inferViewDims(*this, whole, *sizes);
  if (failed(parts))
    return failure();
  SmallVector<AffineExpr> dims(type.getDims());
  dims.erase(dims.begin() + *position);
  dims.insert(dims.begin() + *position, parts->begin(), parts->end());
  types.push_back(withDims(type, dims));
  return success();
}

LogicalResult UnsqueezeOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<int64_t> dim = facts.getConstantInt(getDim());
  if (!type.getHasRank() || !dim) {
    types.push_back(withoutRank(type));
    return success();
  }
  FailureOr<int64_t> position = wrapDim(*this, *dim, type.getRank() + 1);
  if (failed(position))
    return failure();
  SmallVector<AffineExpr> dims(type.getDims());
  dims.insert(dims.begin() + *position, getAffineConstantExpr(1, getContext()));
  types.push_back(withDims(type, dims));
  return success();
}

LogicalResult SqueezeOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<SmallVector<int64_t>> given;
  if (!facts.isNone(getDim()) && !(given = facts.getConstantIntList(getDim()))) {
    types.push_back(withoutRank(type));
    return success();
  }
  if (!type.getHasRank()) {
    types.push_back(type);
    return success();
  }
  SmallVector<int64_t> candidates = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  if (given) {
    FailureOr<SmallVector<int64_t>> wrapped = wrapDims(*this, *given, type.getRank());
    if (failed(wrapped))
      return failure();
    candidates = *wrapped;
  }
  SmallVector<AffineExpr> dims;
  for (auto [i, size] : llvm::enumerate(type.getDims())) {
    if (!llvm::is_contained(candidates, i)) {
      dims.push_back(size);
      continue;
    }
    if (isConstant(size, 1))
      continue;
    if (!getConstant(size) && (!getLowerBound(size) || *getLowerBound(size) < 2)) {
      types.push_back(withoutRank(type));
      return success();
    }
    dims.push_back(size);
  }
  types.push_back(withDims(type, dims));
  return success();
}

//===----------------------------------------------------------------------===//
// Other orders of dims
//===----------------------------------------------------------------------===//

/// `source[i]` goes to place `destination[i]`, the other dims fill the rest in order.
static FailureOr<SmallVector<int64_t>> moveDims(Operation *op, ArrayRef<int64_t> source, ArrayRef<int64_t> destination,
                                                int64_t rank) {
  FailureOr<SmallVector<int64_t>> from = wrapDims(op, source, rank), to = wrapDims(op, destination, rank);
  if (failed(from) || failed(to))
    return failure();
  if (from->size() != to->size())
    return op->emitOpError() << "moves " << from->size() << " dims to " << to->size() << " places";
  SmallVector<int64_t> result(rank, -1);
  for (auto [a, b] : llvm::zip(*from, *to))
    result[b] = a;
  int64_t next = 0;
  for (int64_t &dim : result) {
    if (dim != -1)
      continue;
    while (llvm::is_contained(*from, next))
      ++next;
    dim = next++;
  }
  return result;
}

FailureOr<Permutation> wick::aten::getPermutation(Operation *op, Facts &facts) {
  ts::TensorType type = facts.getTensor(op->getOperand(0));
  if (!type.getHasRank())
    return Permutation();
  int64_t rank = type.getRank();
  SmallVector<int64_t> identity = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  using Result = FailureOr<Permutation>;
  auto exchange = [&](Value a, Value b) -> Result {
    std::optional<int64_t> first = facts.getConstantInt(a), second = facts.getConstantInt(b);
    if (!first || !second)
      return Permutation();
    FailureOr<int64_t> i = wrapDim(op, *first, rank), j = wrapDim(op, *second, rank);
    if (failed(i) || failed(j))
      return failure();
    if (rank)
      std::swap(identity[*i], identity[*j]);
    return Permutation(identity);
  };
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](TransposeOp transpose) { return exchange(transpose.getDim0(), transpose.getDim1()); })
      .Case([&](SwapaxesOp swap) { return exchange(swap.getAxis0(), swap.getAxis1()); })
      .Case([&](TOp t) -> Result {
        if (rank > 2)
          return t.emitOpError() << "t() expects a tensor with <= 2 dimensions, but self is " << rank << "D";
        std::reverse(identity.begin(), identity.end());
        return Permutation(identity);
      })
      .Case([&](NumpyTOp) -> Result {
        std::reverse(identity.begin(), identity.end());
        return Permutation(identity);
      })
      .Case([&](MTOp t) -> Result {
        if (rank < 2)
          return t.emitOpError() << "expects a tensor of rank at least 2, but self has rank " << rank;
        std::swap(identity[rank - 2], identity[rank - 1]);
        return Permutation(identity);
      })
      .Case(
          [&](PermuteOp permute) -> Result {
            std::optional<SmallVector<int64_t>> dims = facts.getConstantIntList(permute.getDims());
            if (!dims)
              return Permutation();
            if (int64_t(dims->size()) != rank)
              return permute.emitOpError()
                     << "permute(sparse_coo): number of dimensions in the tensor input does not match "
                        "the length of the desired ordering of dimensions i.e. input.dim() = "
                     << rank << " is not equal to len(dims) = " << dims->size();
            SmallVector<bool> seen(rank);
            for (int64_t dim : *dims)
              if (int64_t at = dim < 0 ? dim + rank : dim; at >= 0 && at < rank && std::exchange(seen[at], true))
                return permute.emitOpError() << "permute(): duplicate dims are not allowed.";
            FailureOr<SmallVector<int64_t>> wrapped = wrapDims(op, *dims, rank);
            return failed(wrapped) ? Result(failure()) : Result(Permutation(*wrapped));
          })
      .Case([&](MovedimOp move) -> Result {
        std::optional<SmallVector<int64_t>> from = facts.getConstantIntList(move.getSource()),
                                            to = facts.getConstantIntList(move.getDestination());
        if (!from || !to)
          return Permutation();
        FailureOr<SmallVector<int64_t>> moved = moveDims(op, *from, *to, rank);
        return failed(moved) ? Result(failure()) : Result(Permutation(*moved));
      })
      .Default([](Operation *) -> Result { return Permutation(); });
}

static LogicalResult inferPermuted(Operation *op, Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(op->getOperand(0));
  if (!type.getHasRank()) {
    types.push_back(type);
    return success();
  }
  FailureOr<Permutation> permutation = getPermutation(op, facts);
  if (failed(permutation))
    return failure();
  // The rank stays whatever the order.
  SmallVector<AffineExpr> dims(type.getRank());
  if (*permutation)
    for (auto [dim, source] : llvm::zip(dims, **permutation))
      dim = type.getDims()[source];
  types.push_back(withDims(type, dims));
  return success();
}

#define WICK_PERMUTED(OP)                                                                                              \
  LogicalResult OP::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {                                     \
    return inferPermuted(*this, facts, types);                                                                         \
  }
WICK_PERMUTED(TransposeOp)
WICK_PERMUTED(SwapaxesOp)
WICK_PERMUTED(TOp)
WICK_PERMUTED(NumpyTOp)
WICK_PERMUTED(MTOp)
WICK_PERMUTED(PermuteOp)
WICK_PERMUTED(MovedimOp)
#undef WICK_PERMUTED

//===----------------------------------------------------------------------===//
// Parts and repetitions
//===----------------------------------------------------------------------===//

static LogicalResult inferExpanded(Operation *op, ts::TensorType type, ArrayRef<AffineExpr> sizes,
                                   SmallVectorImpl<Type> &types) {
  if (!type.getHasRank()) {
    // -1 keeps a size.
    types.push_back(withDims(
        type, llvm::map_to_vector(sizes, [](AffineExpr size) { return isConstant(size, -1) ? AffineExpr() : size; })));
    return success();
  }
  int64_t added = int64_t(sizes.size()) - type.getRank();
  if (added < 0) {
    InFlightDiagnostic error = op->emitOpError();
    if (type.getDtype())
      error << "expand(CPU" << getScalarTypeName(type.getDtype()) << "Type{" << printSizes(type.getDims())
            << "}, size=" << printSizes(sizes) << "): ";
    return error << "the number of sizes provided (" << sizes.size()
                 << ") must be greater or equal to the number of dimensions in the tensor (" << type.getRank() << ")";
  }
  SmallVector<AffineExpr> dims(sizes);
  for (int64_t i = dims.size() - 1; i >= 0; --i) {
    AffineExpr &size = dims[i];
    if (i < added) {
      if (getConstant(size) && *getConstant(size) < 0)
        return op->emitOpError() << "The expanded size of the tensor (" << printSize(size)
                                 << ") isn't allowed in a leading, non-existing dimension " << i;
      continue;
    }
    AffineExpr own = type.getDims()[i - added];
    if (isConstant(size, -1))
      size = own;
    else if (areDistinct(size, own) && !isConstant(own, 1))
      return op->emitOpError() << "The expanded size of the tensor (" << printSize(size)
                               << ") must match the existing size (" << printSize(own)
                               << ") at non-singleton dimension " << i << ".  Target sizes: " << printSizes(sizes)
                               << ".  Tensor sizes: " << printSizes(type.getDims());
  }
  types.push_back(withDims(type, dims));
  return success();
}

LogicalResult ExpandOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  if (std::optional<SmallVector<AffineExpr>> sizes = facts.getIntList(getSize()))
    return inferExpanded(*this, type, *sizes, types);
  types.push_back(withoutRank(type));
  return success();
}

LogicalResult ExpandAsOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf()), other = facts.getTensor(getOther());
  if (other.getHasRank())
    return inferExpanded(*this, type, other.getDims(), types);
  types.push_back(withoutRank(type));
  return success();
}

/// The dim of a part of a tensor, or failure with an error. A tensor without dims has none.
static FailureOr<int64_t> wrapPartDim(Operation *op, int64_t dim, int64_t rank) {
  if (rank == 0)
    return op->emitOpError() << op->getName().stripDialect() << "() cannot be applied to a 0-dim tensor.";
  return wrapDim(op, dim, rank);
}

LogicalResult ViewAsRealOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  auto complex = dyn_cast_or_null<ComplexType>(type.getDtype());
  if (type.getDtype() && !complex)
    return emitOpError() << "takes complex tensors, but found " << type.getDtype();
  SmallVector<AffineExpr> dims(type.getDims());
  if (type.getHasRank())
    dims.push_back(getAffineConstantExpr(2, getContext()));
  types.push_back(
      ts::TensorType::get(getContext(), type.getHasRank(), dims, complex ? complex.getElementType() : Type()));
  return success();
}

LogicalResult ViewAsComplexOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  Type dtype = type.getDtype();
  if (dtype && !isa<FloatType>(dtype))
    return emitOpError() << "takes tensors of floats, but found " << dtype;
  SmallVector<AffineExpr> dims(type.getDims());
  if (type.getHasRank()) {
    if (dims.empty() || getConstant(dims.back()).value_or(2) != 2)
      return emitOpError() << "expects a last dim of size 2";
    dims.pop_back();
  }
  types.push_back(
      ts::TensorType::get(getContext(), type.getHasRank(), dims, dtype ? Type(ComplexType::get(dtype)) : Type()));
  return success();
}

LogicalResult SelectOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<int64_t> dim = facts.getConstantInt(getDim()), index = facts.getConstantInt(getIndex());
  if (!type.getHasRank()) {
    types.push_back(type);
    return success();
  }
  if (!dim) {
    types.push_back(withDims(type, SmallVector<AffineExpr>(std::max<int64_t>(type.getRank() - 1, 0))));
    return success();
  }
  FailureOr<int64_t> position = wrapPartDim(*this, *dim, type.getRank());
  if (failed(position))
    return failure();
  SmallVector<AffineExpr> dims(type.getDims());
  if (std::optional<int64_t> size = getConstant(dims[*position]); size && index && (*index < -*size || *index >= *size))
    return emitOpError() << "select(): index " << *index << " out of range for tensor of size "
                         << printSizes(type.getDims()) << " at dimension " << *position;
  dims.erase(dims.begin() + *position);
  types.push_back(withDims(type, dims));
  return success();
}

LogicalResult SliceOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<int64_t> dim = facts.getConstantInt(getDim()), step = facts.getConstantInt(getStep());
  if (!type.getHasRank()) {
    types.push_back(type);
    return success();
  }
  if (step && *step <= 0)
    return emitOpError() << "slice step must be positive";
  if (!dim) {
    types.push_back(withDims(type, SmallVector<AffineExpr>(type.getRank())));
    return success();
  }
  FailureOr<int64_t> position = wrapPartDim(*this, *dim, type.getRank());
  if (failed(position))
    return failure();
  SmallVector<AffineExpr> dims(type.getDims());
  AffineExpr zero = getAffineConstantExpr(0, getContext());
  AffineExpr start = facts.isNone(getStart()) ? zero : facts.getInt(getStart());
  AffineExpr end = facts.isNone(getEnd()) ? dims[*position] : facts.getInt(getEnd());
  dims[*position] = step ? inferSliceSize(dims[*position], start, end, *step) : AffineExpr();
  types.push_back(withDims(type, dims));
  return success();
}

LogicalResult NarrowOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<int64_t> dim = facts.getConstantInt(getDim()), start = facts.getConstantInt(getStart());
  if (!type.getHasRank()) {
    types.push_back(type);
    return success();
  }
  if (!dim) {
    types.push_back(withDims(type, SmallVector<AffineExpr>(type.getRank())));
    return success();
  }
  FailureOr<int64_t> position = wrapPartDim(*this, *dim, type.getRank());
  if (failed(position))
    return failure();
  SmallVector<AffineExpr> dims(type.getDims());
  AffineExpr length = facts.getInt(getLength());
  if (std::optional<int64_t> size = getConstant(dims[*position]), count = getConstant(length); size && count && start) {
    int64_t first = *start < 0 ? *start + *size : *start;
    if (*count < 0)
      return emitOpError() << "narrow(): length must be non-negative.";
    if (first < 0 || first > *size)
      return emitOpError() << "start out of range (expected to be in range of [" << -*size << ", " << *size
                           << "], but got " << *start << ")";
    if (first < 0 || *count < 0 || first + *count > *size)
      return emitOpError() << "start (" << *start << ") + length (" << *count << ") exceeds dimension size (" << *size
                           << ").";
  }
  dims[*position] = length;
  types.push_back(withDims(type, dims));
  return success();
}

LogicalResult UnfoldOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<int64_t> dim = facts.getConstantInt(getDimension());
  if (!type.getHasRank() || !dim) {
    auto rank = std::max<int64_t>(type.getHasRank() ? type.getRank() + 1 : 0, 1);
    types.push_back(type.getHasRank() ? withDims(type, SmallVector<AffineExpr>(rank)) : type);
    return success();
  }
  FailureOr<int64_t> position = wrapDim(*this, *dim, type.getRank());
  if (failed(position))
    return failure();
  SmallVector<AffineExpr> dims(type.getDims());
  AffineExpr whole = dims.empty() ? getAffineConstantExpr(1, getContext()) : dims[*position];
  AffineExpr size = facts.getInt(getSize());
  std::optional<int64_t> limit = getConstant(whole), window = getConstant(size), step = facts.getConstantInt(getStep());
  if (window && *window < 0)
    return emitOpError() << "size is " << *window << " but must be >= 0";
  if (limit && window && *window > *limit)
    return emitOpError() << "maximum size for tensor at dimension " << *position << " is " << *limit << " but size is "
                         << *window;
  if (step && *step <= 0)
    return emitOpError() << "step is " << *step << " but must be > 0";
  AffineExpr rest = subtract(whole, size);
  if (!dims.empty())
    dims[*position] = rest && step ? simplifySize(rest.floorDiv(*step) + 1) : AffineExpr();
  dims.push_back(size);
  types.push_back(withDims(type, dims));
  return success();
}
