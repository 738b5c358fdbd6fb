//===- AtenNormalizationOps.cpp - type rules and folds: batch, layer and group norms, softmax ---===//
#include "wick/Dialect/Aten/IR/AtenNormalizationOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenNormalizationOps.cpp.inc"

void AtenDialect::registerNormalizationOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenNormalizationOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Norms
//===----------------------------------------------------------------------===//

/// An error unless a per-channel operand is None or has one element a channel.
static LogicalResult checkChannels(Operation *op, Facts &facts, Value operand, StringRef name, AffineExpr channels) {
  if (facts.isNone(operand))
    return success();
  ts::TensorType type = facts.getTensor(operand);
  if (!type.getHasRank() || (type.getRank() == 1 && !areDistinct(type.getDims()[0], channels)))
    return success();
  if (isa<GroupNormOp>(op))
    return op->emitOpError() << "Expected " << name
                             << " to be a vector of size equal to the number of channels in input, but got " << name
                             << " of shape " << printSizes(type.getDims()) << " and input of shape "
                             << printSizes(facts.getTensor(op->getOperand(0)).getDims());
  AffineExpr count = getNumElements(type.getDims(), op->getContext());
  // Instance norm is a batch norm of all channels of all samples.
  AffineExpr samples = getAffineConstantExpr(1, op->getContext());
  if (isa<InstanceNormOp>(op))
    samples = facts.getTensor(op->getOperand(0)).getDims()[0];
  auto times = [&](AffineExpr size) { return size && samples ? simplifySize(size * samples) : AffineExpr(); };
  return op->emitOpError() << name << " should contain " << printSize(times(channels)) << " elements not "
                           << printSize(times(count));
}

/// The type of a norm over channels, which is that of its input.
template <typename NormOp>
static LogicalResult inferChannelNorm(NormOp op, Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(op.getInput());
  types.push_back(type);
  if (!type.getHasRank())
    return success();
  if (type.getRank() < 2)
    return op.emitOpError() << "expects an input of rank at least 2, but its shape is " << printSizes(type.getDims());
  AffineExpr channels = type.getDims()[1];
  return success(succeeded(checkChannels(op, facts, op.getWeight(), "weight", channels)) &&
                 succeeded(checkChannels(op, facts, op.getBias(), "bias", channels)));
}

/// As above, for norms that may use running statistics.
template <typename NormOp>
static LogicalResult inferRunningNorm(NormOp op, Facts &facts, SmallVectorImpl<Type> &types) {
  if (failed(inferChannelNorm(op, facts, types)))
    return failure();
  auto type = cast<ts::TensorType>(types.back());
  if (!type.getHasRank())
    return success();
  AffineExpr channels = type.getDims()[1];
  return success(succeeded(checkChannels(op, facts, op.getRunningMean(), "running_mean", channels)) &&
                 succeeded(checkChannels(op, facts, op.getRunningVar(), "running_var", channels)));
}

LogicalResult BatchNormOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferRunningNorm(*this, facts, types);
}

LogicalResult InstanceNormOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferRunningNorm(*this, facts, types);
}

LogicalResult GroupNormOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  if (failed(inferChannelNorm(*this, facts, types)))
    return failure();
  auto type = cast<ts::TensorType>(types.back());
  std::optional<int64_t> groups = facts.getConstantInt(getNumGroups());
  std::optional<int64_t> channels = type.getHasRank() ? getConstant(type.getDims()[1]) : std::nullopt;
  if (groups && *groups <= 0)
    return emitOpError() << "Expected num groups to be greater than 0, got " << *groups;
  if (groups && channels && *channels % *groups != 0)
    return emitOpError()
           << "Expected number of channels in input to be divisible by num_groups, but got input of shape "
           << printSizes(type.getDims()) << " and num_groups=" << *groups;
  return success();
}

/// An error unless the normalised dims are the last ones of the input; `dims` receives the input's with ones for them.
template <typename NormOp>
static LogicalResult checkNormalizedShape(NormOp op, Facts &facts, ts::TensorType type,
                                          SmallVectorImpl<AffineExpr> &dims) {
  std::optional<SmallVector<AffineExpr>> shape = facts.getIntList(op.getNormalizedShape());
  if (!shape)
    return success();
  ArrayRef<AffineExpr> own = type.getDims();
  bool fits = !shape->empty() && shape->size() <= own.size() &&
              llvm::none_of(llvm::zip(*shape, own.take_back(shape->size())),
                            [](auto pair) { return areDistinct(std::get<0>(pair), std::get<1>(pair)); });
  if (!fits)
    return op.emitOpError() << "Given normalized_shape=" << printSizes(*shape) << ", expected input with shape [*, "
                            << StringRef(printSizes(*shape)).drop_front() << ", but got input of size"
                            << printSizes(own);
  for (auto [value, name] : {std::pair(op.getWeight(), "weight"), std::pair(op.getBias(), "bias")}) {
    ts::TensorType operand = facts.getTensor(value);
    if (facts.isNone(value) || !operand.getHasRank())
      continue;
    if (operand.getDims().size() != shape->size() || llvm::any_of(llvm::zip(operand.getDims(), *shape), [](auto pair) {
          return areDistinct(std::get<0>(pair), std::get<1>(pair));
        }))
      return op.emitOpError() << "Expected " << name << " to be of same shape as normalized_shape, but got " << name
                              << " of shape " << printSizes(operand.getDims())
                              << " and normalized_shape = " << printSizes(*shape);
  }
  dims.assign(own.begin(), own.end());
  std::fill(dims.end() - shape->size(), dims.end(), getAffineConstantExpr(1, op.getContext()));
  return success();
}

LogicalResult LayerNormOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getInput());
  types.push_back(type);
  SmallVector<AffineExpr> dims;
  return type.getHasRank() ? checkNormalizedShape(*this, facts, type, dims) : success();
}

LogicalResult NativeLayerNormOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(getInput());
  SmallVector<AffineExpr> dims;
  if (type.getHasRank() && failed(checkNormalizedShape(*this, facts, type, dims)))
    return failure();
  bool known = type.getHasRank() && dims.size() == type.getDims().size();
  ts::TensorType statistics = known ? withDims(type, dims) : withoutRank(type);
  types.append({type, statistics, statistics});
  return success();
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

template <typename SoftmaxLikeOp>
static LogicalResult inferSoftmax(SoftmaxLikeOp op, Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(op.getSelf());
  Type dtype = getDtypeOr(facts, op.getDtype(), type.getDtype());
  if (dtype && !isa<FloatType>(dtype))
    return op.emitOpError() << "is defined for floats only, but the dtype is " << dtype;
  if (!type.getHasRank()) {
    types.push_back(ts::TensorType::get(op.getContext(), false, ArrayRef<AffineExpr>(), dtype));
    return success();
  }
  if (std::optional<int64_t> dim = facts.getConstantInt(op.getDim()); dim && failed(wrapDim(op, *dim, type.getRank())))
    return failure();
  types.push_back(ts::TensorType::get(op.getContext(), type.getDims(), dtype));
  return success();
}

LogicalResult SoftmaxOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferSoftmax(*this, facts, types);
}

LogicalResult LogSoftmaxOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferSoftmax(*this, facts, types);
}
