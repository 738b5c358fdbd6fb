//===- AtenIndexingOps.cpp - type rules and folds: gathers, scatters, embeddings ---===//
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Raise.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenIndexingOps.cpp.inc"

void AtenDialect::registerIndexingOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenIndexingOps.cpp.inc"
      >();
}

static LogicalResult checkIndexDtype(Operation *op, ts::TensorType index, StringRef name, bool bools = false) {
  Type dtype = index.getDtype();
  if (!dtype || dtype.isInteger(64) || dtype.isInteger(32) ||
      (bools && (dtype.isInteger(1) || dtype.isUnsignedInteger(8))))
    return success();
  return op->emitOpError() << "expects " << name << " of int64 or int32, but its dtype is " << dtype;
}

//===----------------------------------------------------------------------===//
// Gathers
//===----------------------------------------------------------------------===//

LogicalResult EmbeddingOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType weight = facts.getTensor(getWeight()), indices = facts.getTensor(getIndices());
  if (failed(checkIndexDtype(*this, indices, "indices")))
    return failure();
  if (weight.getHasRank() && weight.getRank() != 2)
    return emitOpError() << "expects a weight of rank 2, but its shape is " << printSizes(weight.getDims());
  if (!indices.getHasRank()) {
    types.push_back(withoutRank(weight));
    return success();
  }
  SmallVector<AffineExpr> dims(indices.getDims());
  dims.push_back(weight.getHasRank() ? weight.getDims()[1] : AffineExpr());
  types.push_back(withDims(weight, dims));
  return success();
}

LogicalResult IndexSelectOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf()), index = facts.getTensor(getIndex());
  if (failed(checkIndexDtype(*this, index, "an index")))
    return failure();
  std::optional<int64_t> dim = facts.getConstantInt(getDim());
  if (!type.getHasRank() || !dim) {
    types.push_back(type.getHasRank() ? withDims(type, SmallVector<AffineExpr>(type.getRank())) : type);
    return success();
  }
  FailureOr<int64_t> position = wrapDim(*this, *dim, type.getRank());
  if (failed(position))
    return failure();
  if (index.getHasRank() && index.getRank() > 1)
    return emitOpError() << "index_select(): Index is supposed to be a vector";
  SmallVector<AffineExpr> dims(type.getDims());
  if (!dims.empty())
    dims[*position] = !index.getHasRank()    ? AffineExpr()
                      : index.getRank() == 0 ? getAffineConstantExpr(1, getContext())
                                             : index.getDims()[0];
  types.push_back(withDims(type, dims));
  return success();
}

/// An error unless `dim` is in range and the ranks of the tensor and of the index agree.
static LogicalResult checkAlongDim(Operation *op, Facts &facts, ts::TensorType type, ts::TensorType index, Value dim) {
  if (failed(checkIndexDtype(op, index, "an index")))
    return failure();
  if (!type.getHasRank())
    return success();
  if (std::optional<int64_t> position = facts.getConstantInt(dim);
      position && failed(wrapDim(op, *position, type.getRank())))
    return failure();
  if (index.getHasRank() && std::max<int64_t>(index.getRank(), 1) != std::max<int64_t>(type.getRank(), 1))
    return op->emitOpError() << "Index tensor must have the same number of dimensions as input tensor";
  return success();
}

LogicalResult GatherOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf()), index = facts.getTensor(getIndex());
  if (failed(checkAlongDim(*this, facts, type, index, getDim())))
    return failure();
  types.push_back(withDtype(index, type.getDtype()));
  return success();
}

LogicalResult TakeAlongDimOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf()), indices = facts.getTensor(getIndices());
  if (facts.isNone(getDim())) {
    if (failed(checkIndexDtype(*this, indices, "indices")))
      return failure();
    AffineExpr count = indices.getHasRank() ? getNumElements(indices.getDims(), getContext()) : AffineExpr();
    types.push_back(withDims(type, count));
    return success();
  }
  if (failed(checkAlongDim(*this, facts, type, indices, getDim())))
    return failure();
  std::optional<int64_t> dim = facts.getConstantInt(getDim());
  if (!type.getHasRank() || !indices.getHasRank() || !dim) {
    types.push_back(withoutRank(type));
    return success();
  }
  FailureOr<int64_t> position = wrapDim(*this, *dim, type.getRank());
  // Along the dim itself nothing is broadcast.
  SmallVector<AffineExpr> own(type.getDims());
  own[*position] = getAffineConstantExpr(1, getContext());
  FailureOr<SmallVector<AffineExpr>> dims = broadcastDims(*this, own, indices.getDims());
  if (failed(dims))
    return failure();
  (*dims)[*position] = indices.getDims()[*position];
  types.push_back(withDims(type, *dims));
  return success();
}

/// There is at most one index for each dim; a mask may stand for several.
static LogicalResult checkNumIndices(Operation *op, ts::TensorType self, ArrayRef<Value> indices) {
  if (static_cast<int64_t>(indices.size()) > self.getRank())
    return op->emitOpError() << "too many indices for tensor of dimension " << self.getRank() << " (got "
                             << indices.size() << ")";
  return success();
}

LogicalResult IndexOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<SmallVector<Value>> indices = facts.getList(getIndices());
  if (!type.getHasRank() || !indices) {
    types.push_back(withoutRank(type));
    return success();
  }
  if (failed(checkNumIndices(*this, type, *indices)))
    return failure();
  // The dims of self that stay, and where the shape of the indices goes.
  SmallVector<AffineExpr> shape;
  SmallVector<AffineExpr> dims;
  int64_t next = 0, place = -1;
  bool adjacent = true, ended = false;
  std::string given;
  for (Value value : *indices) {
    if (facts.isNone(value)) {
      ended |= place != -1;
      if (next < type.getRank())
        dims.push_back(type.getDims()[next]);
      ++next;
      continue;
    }
    ts::TensorType index = facts.getTensor(value);
    if (failed(checkIndexDtype(*this, index, "indices", true)))
      return failure();
    if (!index.isTyped()) {
      types.push_back(withoutRank(type));
      return success();
    }
    adjacent &= !ended;
    if (place == -1)
      place = dims.size();
    // A mask stands for the indices of its dims, of which there are as many as it has true elements.
    bool mask = index.getDtype().isInteger(1) || index.getDtype().isUnsignedInteger(8);
    SmallVector<AffineExpr> own(index.getDims());
    if (mask)
      own.assign(1, AffineExpr());
    next += mask ? index.getRank() : 1;
    given += (given.empty() ? "" : ", ") + printSizes(own);
    for (size_t i = 1; i <= std::min(shape.size(), own.size()); ++i) {
      AffineExpr a = shape[shape.size() - i], b = own[own.size() - i];
      if (areDistinct(a, b) && !isConstant(a, 1) && !isConstant(b, 1))
        return emitOpError() << "shape mismatch: indexing tensors could not be broadcast together with shapes "
                             << given;
    }
    FailureOr<SmallVector<AffineExpr>> joined = broadcastDims(*this, shape, own);
    if (failed(joined))
      return failure();
    shape = *joined;
  }
  if (next > type.getRank() && failed(wrapDim(*this, type.getRank(), type.getRank())))
    return failure();
  llvm::append_range(dims, type.getDims().drop_front(next));
  place = adjacent ? std::max<int64_t>(place, 0) : 0;
  dims.insert(dims.begin() + place, shape.begin(), shape.end());
  types.push_back(withDims(type, dims));
  return success();
}

//===----------------------------------------------------------------------===//
// Scatters
//===----------------------------------------------------------------------===//

template <typename ScatterLikeOp>
static LogicalResult inferScatter(ScatterLikeOp op, Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(op.getSelf());
  types.push_back(type);
  return checkAlongDim(op, facts, type, facts.getTensor(op.getIndex()), op.getDim());
}

LogicalResult ScatterOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return success(succeeded(unifyDtypes(*this, {facts.getTensor(getSelf()), facts.getTensor(getSrc())})) &&
                 succeeded(inferScatter(*this, facts, types)));
}

LogicalResult ScatterValueOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferScatter(*this, facts, types);
}

LogicalResult ScatterAddOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return success(succeeded(unifyDtypes(*this, {facts.getTensor(getSelf()), facts.getTensor(getSrc())})) &&
                 succeeded(inferScatter(*this, facts, types)));
}

static constexpr StringLiteral kReductions[] = {"sum", "prod", "mean", "amax", "amin", "max", "min"};
static constexpr StringLiteral kReductionError = "reduce argument must be either sum, prod, mean, amax or amin, got ";

LogicalResult ScatterReduceOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  if (std::optional<StringRef> reduce = facts.getString(getReduce());
      reduce && !llvm::is_contained(kReductions, *reduce))
    return emitOpError() << kReductionError << *reduce;
  return success(succeeded(unifyDtypes(*this, {facts.getTensor(getSelf()), facts.getTensor(getSrc())})) &&
                 succeeded(inferScatter(*this, facts, types)));
}

/// Gives each reduction the name that its lowering knows; where only run time knows which it is, a branch for each.
FailureOr<SmallVector<Value>> ScatterReduceOp::decompose(OpBuilder &builder, Facts &facts) {
  Location loc = getLoc();
  auto reduceBy = [&](StringRef name) -> Value {
    std::string known = (name.starts_with("m") && name != "mean" ? "a" + name : name).str();
    Value reduce = ts::StrOp::create(builder, loc, builder.getStringAttr(known));
    return create(builder, loc, getType(), getSelf(), getDim(), getIndex(), getSrc(), reduce, getIncludeSelf());
  };
  if (std::optional<StringRef> known = facts.getString(getReduce())) {
    if (*known != "max" && *known != "min")
      return failure();
    return SmallVector<Value>{reduceBy(*known)};
  }
  auto isIt = [&](unsigned i) -> Value {
    Value text = ts::StrOp::create(builder, loc, builder.getStringAttr(kReductions[i]));
    return ts::createOperator(builder, loc, "aten::eq.str", {"a", "b"}, builder.getI1Type(), {getReduce(), text});
  };
  auto reduce = [&](unsigned i) { return SmallVector<Value>{reduceBy(kReductions[i])}; };
  auto raise = [&] {
    Value form = ts::StrOp::create(builder, loc, builder.getStringAttr(kReductionError + "{}"));
    Value message = ts::createOperator(builder, loc, "aten::format", {"self"}, form.getType(), {form, getReduce()});
    ts::RaiseOp::create(builder, loc, message, ts::NoneOp::create(builder, loc));
  };
  return ts::chooseOrRaise(builder, loc, getType(), std::size(kReductions), isIt, reduce, raise);
}

LogicalResult IndexPutOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  types.push_back(type);
  std::optional<SmallVector<Value>> indices = facts.getList(getIndices());
  if (type.getHasRank() && indices && failed(checkNumIndices(*this, type, *indices)))
    return failure();
  return success(succeeded(unifyDtypes(*this, {type, facts.getTensor(getValues())})));
}

LogicalResult SliceScatterOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  types.push_back(facts.getTensor(getSelf()));
  return success();
}

LogicalResult SelectScatterOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<int64_t> dim = facts.getConstantInt(getDim()), index = facts.getConstantInt(getIndex());
  if (type.getHasRank() && dim && index && *dim >= -type.getRank() && *dim < type.getRank()) {
    int64_t position = *dim < 0 ? *dim + type.getRank() : *dim;
    std::optional<int64_t> size = getConstant(type.getDims()[position]);
    if (size && (*index < -*size || *index >= *size))
      return emitOpError() << "select(): index " << *index << " out of range for tensor of size "
                           << printSizes(type.getDims()) << " at dimension " << position;
  }
  types.push_back(facts.getTensor(getSelf()));
  return success();
}

LogicalResult NonzeroOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getSelf());
  AffineExpr rank = type.getHasRank() ? getAffineConstantExpr(type.getRank(), getContext()) : AffineExpr();
  types.push_back(withDtype(withDims(type, {AffineExpr(), rank}), IntegerType::get(getContext(), 64)));
  return success();
}
