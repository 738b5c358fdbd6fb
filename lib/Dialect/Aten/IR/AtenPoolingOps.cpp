//===- AtenPoolingOps.cpp - type rules and folds: windows over images ------===//
#include "wick/Dialect/Aten/IR/AtenPoolingOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenPoolingOps.cpp.inc"

void AtenDialect::registerPoolingOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenPoolingOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// The size of a dim after a pooling; null where it is no affine expression.
static AffineExpr getPooledSize(AffineExpr size, int64_t window, int64_t stride, int64_t padding, int64_t dilation,
                                bool ceilMode) {
  if (!size)
    return {};
  int64_t extent = dilation * (window - 1) + 1;
  AffineExpr steps = size + (2 * padding - extent + (ceilMode ? stride - 1 : 0));
  AffineExpr result = simplifySize(steps.floorDiv(stride) + 1);
  // A last window must start inside the input or its left padding.
  if (ceilMode && stride + padding > extent) {
    std::optional<int64_t> count = getConstant(result), length = getConstant(size);
    if (!count)
      return {};
    if ((*count - 1) * stride >= *length + padding)
      return getAffineConstantExpr(*count - 1, size.getContext());
  }
  return result;
}

/// The number of dims of space is the length of the list of window sizes.
static LogicalResult inferPool(Operation *op, Facts &facts, Value self, Value windowList, Value strideList,
                               Value paddingList, Value dilationList, Value ceilMode, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(self);
  std::optional<SmallVector<int64_t>> window = facts.getConstantIntList(windowList);
  if (!type.getHasRank() || !window) {
    types.push_back(type.getHasRank() ? withDims(type, SmallVector<AffineExpr>(type.getRank())) : type);
    return success();
  }
  int64_t n = window->size();
  if (type.getRank() != n + 1 && type.getRank() != n + 2)
    return op->emitOpError() << "an input of shape " << printSizes(type.getDims()) << " does not fit windows of " << n
                             << " dims";
  using List = std::optional<SmallVector<int64_t>>;
  std::optional<SmallVector<int64_t>> given = facts.getConstantIntList(strideList);
  FailureOr<List> stride =
      given && given->empty() ? FailureOr<List>(window) : getSpatialList(op, facts, strideList, "stride", n);
  FailureOr<List> padding = getSpatialList(op, facts, paddingList, "padding", n);
  FailureOr<List> dilation = dilationList ? getSpatialList(op, facts, dilationList, "dilation", n)
                                          : FailureOr<List>(SmallVector<int64_t>(n, 1));
  std::optional<bool> ceil = facts.getBool(ceilMode);
  if (failed(stride) || failed(padding) || failed(dilation))
    return failure();
  SmallVector<AffineExpr> dims(type.getDims());
  for (int64_t i = 0; i < n; ++i) {
    AffineExpr &size = dims[type.getRank() - n + i];
    if (!*stride || !*padding || !*dilation || !ceil) {
      size = AffineExpr();
      continue;
    }
    int64_t step = (**stride)[i], pad = (**padding)[i], dilate = (**dilation)[i];
    if ((*window)[i] <= 0 || step <= 0 || dilate <= 0 || pad < 0 || pad > ((*window)[i] - 1) * dilate / 2 + 1)
      return op->emitOpError() << "window " << (*window)[i] << ", stride " << step << ", padding " << pad
                               << " and dilation " << dilate << " of dim " << i << " are out of range";
    AffineExpr pooled = getPooledSize(size, (*window)[i], step, pad, dilate, *ceil);
    if (getConstant(pooled) && *getConstant(pooled) <= 0)
      return op->emitOpError() << "an input of shape " << printSizes(type.getDims())
                               << " is smaller than the window of size " << (*window)[i] << " in dim " << i;
    size = pooled;
  }
  types.push_back(withDims(type, dims));
  return success();
}

/// Adds the type of flat indices of the elements of the last result.
static void appendIndices(SmallVectorImpl<Type> &types) {
  auto type = cast<ts::TensorType>(types.back());
  types.push_back(ts::TensorType::get(type.getContext(), type.getHasRank(), type.getDims(),
                                      IntegerType::get(type.getContext(), 64)));
}

LogicalResult MaxPoolOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferPool(*this, facts, getSelf(), getKernelSize(), getStride(), getPadding(), getDilation(), getCeilMode(),
                   types);
}

LogicalResult MaxPoolWithIndicesOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  if (failed(inferPool(*this, facts, getSelf(), getKernelSize(), getStride(), getPadding(), getDilation(),
                       getCeilMode(), types)))
    return failure();
  appendIndices(types);
  return success();
}

LogicalResult MaxPoolWithIndicesOp::canonicalize(MaxPoolWithIndicesOp op, PatternRewriter &rewriter) {
  if (!op.getIndices().use_empty())
    return failure();
  auto pool = MaxPoolOp::create(rewriter, op.getLoc(), op.getResult().getType(), op.getSelf(), op.getKernelSize(),
                                op.getStride(), op.getPadding(), op.getDilation(), op.getCeilMode());
  rewriter.replaceAllUsesWith(op.getResult(), pool.getResult());
  rewriter.eraseOp(op);
  return success();
}

LogicalResult AvgPoolOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferPool(*this, facts, getSelf(), getKernelSize(), getStride(), getPadding(), Value(), getCeilMode(), types);
}

/// The last dims have the given sizes; None, which a list shows as an unknown element, keeps one.
static LogicalResult inferAdaptive(Operation *op, Facts &facts, Value self, Value sizeList,
                                   SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(self);
  std::optional<SmallVector<AffineExpr>> sizes = facts.getIntList(sizeList);
  if (!type.getHasRank() || !sizes) {
    types.push_back(type.getHasRank() ? withDims(type, SmallVector<AffineExpr>(type.getRank())) : type);
    return success();
  }
  int64_t n = sizes->size();
  if (type.getRank() != n + 1 && type.getRank() != n + 2)
    return op->emitOpError() << "an input of shape " << printSizes(type.getDims()) << " does not fit an output of " << n
                             << " dims";
  SmallVector<AffineExpr> dims(type.getDims().drop_back(n));
  llvm::append_range(dims, *sizes);
  types.push_back(withDims(type, dims));
  return success();
}

LogicalResult AdaptiveAvgPoolOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferAdaptive(*this, facts, getSelf(), getOutputSize(), types);
}

LogicalResult AdaptiveMaxPoolOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  if (failed(inferAdaptive(*this, facts, getSelf(), getOutputSize(), types)))
    return failure();
  appendIndices(types);
  return success();
}

//===----------------------------------------------------------------------===//
// Upsampling
//===----------------------------------------------------------------------===//

/// floor(size * factor); null where it is no affine expression.
static AffineExpr scaleSize(AffineExpr size, double factor) {
  if (!size || !(factor > 0))
    return {};
  if (std::optional<int64_t> length = getConstant(size))
    return getAffineConstantExpr(int64_t(double(*length) * factor), size.getContext());
  if (factor == std::floor(factor))
    return size * int64_t(factor);
  double inverse = 1 / factor;
  return inverse == std::floor(inverse) ? size.floorDiv(int64_t(inverse)) : AffineExpr();
}

static LogicalResult inferUpsample(Operation *op, Facts &facts, Value self, Value sizeList, Value factorList,
                                   SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(self);
  if (!type.getHasRank()) {
    types.push_back(type);
    return success();
  }
  if (type.getRank() < 3)
    return op->emitOpError() << "expects an input of rank at least 3, but its shape is " << printSizes(type.getDims());
  SmallVector<AffineExpr> dims(type.getDims().take_front(2));
  if (!facts.isNone(sizeList)) {
    std::optional<SmallVector<AffineExpr>> sizes = facts.getIntList(sizeList);
    if (sizes && int64_t(sizes->size()) != type.getRank() - 2)
      return op->emitOpError() << "output_size has " << sizes->size() << " entries, expected " << type.getRank() - 2;
    llvm::append_range(dims, sizes.value_or(SmallVector<AffineExpr>(type.getRank() - 2)));
  } else if (std::optional<SmallVector<Value>> factors = facts.getList(factorList)) {
    if (int64_t(factors->size()) != type.getRank() - 2)
      return op->emitOpError() << "scale_factors has " << factors->size() << " entries, expected "
                               << type.getRank() - 2;
    for (auto [size, factor] : llvm::zip(type.getDims().drop_front(2), *factors))
      dims.push_back(scaleSize(size, facts.getFloat(factor).value_or(0)));
  } else {
    dims.resize(type.getRank());
  }
  types.push_back(withDims(type, dims));
  return success();
}

LogicalResult UpsampleNearestOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferUpsample(*this, facts, getInput(), getOutputSize(), getScaleFactors(), types);
}

LogicalResult UpsampleBilinearOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferUpsample(*this, facts, getInput(), getOutputSize(), getScaleFactors(), types);
}
