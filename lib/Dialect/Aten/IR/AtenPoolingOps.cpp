//===- AtenPoolingOps.cpp - type rules and folds: windows over images ------===//
#include "wick/Dialect/Aten/IR/AtenPoolingOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

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

PoolMisfit wick::aten::getPoolMisfit(Operation *op, int64_t space) {
  PoolMisfit result;
  auto show = [&](PoolMisfit::Kind kind, int64_t from, StringRef separator = "x") {
    SmallVector<StringRef> forms(space - from, "{}");
    if (space == 1)
      forms.insert(forms.begin() + 1, "1");
    for (int64_t i = from; i < space; ++i)
      result.shown.emplace_back(i == -1 ? PoolMisfit::Input : kind, i);
    return llvm::join(forms, separator);
  };
  bool isAverage = isa<AvgPoolOp>(op);
  if (space == 1 && !isAverage) {
    result.form = "max_pool1d() Invalid computed output size: {}";
    result.shown.emplace_back(PoolMisfit::Output, 0);
  } else if (space == 3 && isAverage) {
    result.form = "input image (T: {} H: {} W: {}) smaller than kernel size (kT: {} kH: {} kW: {})";
    show(PoolMisfit::Input, 0);
    show(PoolMisfit::Window, 0);
  } else {
    result.form = "Given input size: (" + show(PoolMisfit::Input, -1) + "). ";
    result.form += "Calculated output size: (" + show(PoolMisfit::Output, -1) + "). Output size is too small";
  }
  return result;
}

std::string wick::aten::getEmptyInputForm(Operation *op, int64_t space, int64_t rank) {
  std::string dims = std::to_string(space + 1) + "D or " + std::to_string(space + 2) + "D";
  StringRef name = space == 1 && !isa<AvgPoolOp>(op) ? "max_pool1d: " : "";
  return name.str() + "Expected " + dims +
         " (batch mode) tensor with optional 0 dim batch size for input, but got:" + ts::getListForm(rank);
}

/// A form with sizes in place of each "{}".
static std::string fill(StringRef form, llvm::function_ref<AffineExpr(size_t)> size) {
  std::string text;
  for (size_t number = 0; !form.empty(); ++number) {
    auto [before, after] = form.split("{}");
    text += before;
    if (before.size() != form.size())
      text += printSize(size(number));
    form = after;
  }
  return text;
}

/// Fails, with LibTorch's error, where windows cannot be.
static LogicalResult checkWindows(Operation *op, ArrayRef<int64_t> window, ArrayRef<int64_t> stride,
                                  ArrayRef<int64_t> padding, ArrayRef<int64_t> dilation) {
  size_t space = window.size();
  bool isOneDim = space == 1 && !isa<AvgPoolOp>(op);
  if (!isOneDim && llvm::is_contained(stride, 0))
    return op->emitOpError() << "stride should not be zero";
  auto require = [&](ArrayRef<int64_t> values, StringRef name, StringRef plural, StringRef letter) -> LogicalResult {
    if (llvm::all_of(values, [](int64_t value) { return value > 0; }))
      return success();
    if (isOneDim)
      return op->emitOpError() << "max_pool1d() " << name << " must be greater than zero, but got " << values[0];
    InFlightDiagnostic error = op->emitOpError() << plural << " should be greater than zero, but got";
    if (space == 1)
      error << " " << letter << "H: 1";
    for (size_t i = 0; i < space; ++i)
      error << " " << letter << StringRef("THW").substr(3 - space + i, 1) << ": " << values[i];
    return error;
  };
  if (failed(require(window, "kernel_size", "kernel size", "k")) || failed(require(stride, "stride", "stride", "d")) ||
      failed(require(dilation, "dilation", "dilation", "dilation")))
    return failure();
  for (auto [size, pad, dilate] : llvm::zip(window, padding, dilation)) {
    if (pad < 0)
      return op->emitOpError() << (isOneDim ? "max_pool1d() padding must be non-negative, but got "
                                            : "pad must be non-negative, but got pad: ")
                               << pad;
    if (isOneDim && pad > size / 2)
      return op->emitOpError() << "max_pool1d() padding should be at most half of kernel size, but got padding=" << pad
                               << " and kernel_size=" << size;
    if (pad > (dilate * (size - 1) + 1) / 2)
      return op->emitOpError() << "pad should be at most half of effective kernel size, but got pad=" << pad
                               << ", kernel_size=" << size << " and dilation=" << dilate;
  }
  return success();
}

/// The number of dims of space is the length of the list of window sizes.
static LogicalResult inferPool(Operation *op, Facts &facts, Value self, Value windowList, Value strideList,
                               Value paddingList, Value dilationList, Value ceilMode, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(self);
  std::optional<SmallVector<int64_t>> window = facts.getConstantIntList(windowList);
  std::optional<SmallVector<AffineExpr>> asked = facts.getIntList(windowList);
  if (!type.getHasRank() || !asked) {
    types.push_back(type.getHasRank() ? withDims(type, SmallVector<AffineExpr>(type.getRank())) : type);
    return success();
  }
  int64_t n = asked->size();
  if (type.getRank() != n + 1 && type.getRank() != n + 2)
    return op->emitOpError() << "an input of shape " << printSizes(type.getDims()) << " does not fit windows of " << n
                             << " dims";
  if (!window) {
    SmallVector<AffineExpr> dims(type.getDims().drop_back(n));
    dims.resize(type.getRank());
    types.push_back(withDims(type, dims));
    return success();
  }
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
  if (*stride && *padding && *dilation && failed(checkWindows(op, *window, **stride, **padding, **dilation)))
    return failure();
  SmallVector<AffineExpr> dims(type.getDims());
  for (int64_t i = 0; i < n; ++i) {
    AffineExpr &size = dims[type.getRank() - n + i];
    if (!*stride || !*padding || !*dilation || !ceil) {
      size = AffineExpr();
      continue;
    }
    int64_t step = (**stride)[i], pad = (**padding)[i], dilate = (**dilation)[i];
    AffineExpr pooled = getPooledSize(size, (*window)[i], step, pad, dilate, *ceil);
    size = pooled;
  }
  int64_t first = type.getRank() - n;
  auto isAtMost = [](int64_t most) {
    return [most](AffineExpr size) { return getConstant(size) && *getConstant(size) <= most; };
  };
  if (n < 3 && llvm::any_of(type.getDims().take_back(n + 1), isAtMost(0)))
    return op->emitOpError() << fill(getEmptyInputForm(op, n, type.getRank()),
                                     [&](size_t i) { return type.getDims()[i]; });
  if (llvm::any_of(ArrayRef(dims).take_back(n), isAtMost(0))) {
    PoolMisfit misfit = getPoolMisfit(op, n);
    return op->emitOpError() << fill(misfit.form, [&](size_t number) -> AffineExpr {
             auto [kind, i] = misfit.shown[number];
             if (kind == PoolMisfit::Window)
               return getAffineConstantExpr((*window)[i], op->getContext());
             return kind == PoolMisfit::Input ? type.getDims()[first + i] : dims[first + i];
           });
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

/// A branch for each way to round sizes, where only run time knows which it is.
static FailureOr<SmallVector<Value>> branchOnCeilMode(Operation *op, Value ceilMode, OpBuilder &builder, Facts &facts) {
  if (!ceilMode.getType().isInteger(1) || facts.getBool(ceilMode) || !facts.getTensor(op->getOperand(0)).getHasRank())
    return failure();
  Location loc = op->getLoc();
  SmallVector<Type> unknown(op->getNumResults(), ts::TensorType::get(op->getContext()));
  auto branch = scf::IfOp::create(builder, loc, unknown, ceilMode, /*withElseRegion=*/true);
  for (bool isCeil : {true, false}) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(isCeil ? branch.thenBlock() : branch.elseBlock());
    IRMapping known;
    known.map(ceilMode, arith::ConstantOp::create(builder, loc, builder.getBoolAttr(isCeil)).getResult());
    Operation *pool = builder.clone(*op, known);
    for (auto [result, type] : llvm::zip(pool->getResults(), unknown))
      result.setType(type);
    scf::YieldOp::create(builder, loc, pool->getResults());
  }
  return SmallVector<Value>(branch.getResults());
}

FailureOr<SmallVector<Value>> MaxPoolOp::decompose(OpBuilder &builder, Facts &facts) {
  return branchOnCeilMode(*this, getCeilMode(), builder, facts);
}

FailureOr<SmallVector<Value>> MaxPoolWithIndicesOp::decompose(OpBuilder &builder, Facts &facts) {
  return branchOnCeilMode(*this, getCeilMode(), builder, facts);
}

FailureOr<SmallVector<Value>> AvgPoolOp::decompose(OpBuilder &builder, Facts &facts) {
  return branchOnCeilMode(*this, getCeilMode(), builder, facts);
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
  if (isa<AdaptiveAvgPoolOp>(op) &&
      llvm::any_of(*sizes, [](AffineExpr size) { return getConstant(size) && *getConstant(size) < 0; }))
    return op->emitOpError() << "adaptive_avg_pool" << std::max<int64_t>(n, 2)
                             << "d: elements of output_size must be greater than or equal to 0 but received {"
                             << (n == 1 ? "1, " : "")
                             << llvm::join(llvm::map_range(*sizes, [](AffineExpr size) { return printSize(size); }),
                                           ", ")
                             << "}";
  SmallVector<AffineExpr> shape(type.getDims());
  if (n == 1)
    shape.insert(shape.end() - 1, getAffineConstantExpr(1, op->getContext()));
  for (size_t dim = shape.size() - std::max<int64_t>(n, 2); dim < shape.size(); ++dim)
    if (isConstant(shape[dim], 0))
      return op->emitOpError() << op->getName().stripDialect() << std::max<int64_t>(n, 2)
                               << "d(): Expected input to have non-zero size for non-batch dimensions, but input has "
                               << "sizes " << printSizes(shape) << " with dimension " << dim << " being empty";
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
  auto isEmpty = [](AffineExpr size) { return getConstant(size) && *getConstant(size) <= 0; };
  ArrayRef<AffineExpr> before = type.getDims().drop_front(2), after = ArrayRef(dims).drop_front(2);
  if (before.size() <= 3 && (llvm::any_of(before, isEmpty) || llvm::any_of(after, isEmpty))) {
    auto print = [](ArrayRef<AffineExpr> sizes) {
      std::string text;
      for (auto [i, size] : llvm::enumerate(sizes))
        text += (i ? ", " : "") + std::string(1, "DHW"[3 - sizes.size() + i]) + ": " + printSize(size);
      return text;
    };
    return op->emitOpError() << "Input and output sizes should be greater than 0, but got input (" << print(before)
                             << (before.size() == 1 ? ") and output (" : ") output (") << print(after) << ")";
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
