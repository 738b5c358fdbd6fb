//===- AtenConvolutionOps.cpp - type rules and folds: convolutions ---------===//
#include "wick/Dialect/Aten/IR/AtenConvolutionOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenConvolutionOps.cpp.inc"

void AtenDialect::registerConvolutionOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenConvolutionOps.cpp.inc"
      >();
}

namespace {
/// What is common to the type rules of convolutions.
struct ConvolutionShapes {
  Operation *op;
  Facts &facts;
  ts::TensorType input, weight, bias;
  Type dtype;
  /// Number of dims of space, and whether the input has a batch dim.
  int64_t spatial = 0;
  bool batched = false;

  /// The types of the operands. Fails with an error when they do not fit; `spatial` stays zero when ranks are unknown.
  static FailureOr<ConvolutionShapes> find(Operation *op, Facts &facts, Value input, Value weight, Value bias,
                                           Value stride) {
    ConvolutionShapes result{op, facts, facts.getTensor(input), facts.getTensor(weight), {}, {}};
    SmallVector<ts::TensorType> operands = {result.input, result.weight};
    if (!facts.isNone(bias)) {
      result.bias = facts.getTensor(bias);
      operands.push_back(result.bias);
    }
    FailureOr<Type> dtype = unifyDtypes(op, operands);
    if (failed(dtype))
      return failure();
    result.dtype = *dtype;
    if (!result.input.getHasRank() || !result.weight.getHasRank())
      return result;
    int64_t spatial = result.weight.getRank() - 2, rank = result.input.getRank();
    if (spatial < 1 || (rank != spatial + 2 && rank != spatial + 1)) {
      if (std::optional<SmallVector<Value>> steps = facts.getList(stride); steps && steps->size() > 1)
        spatial = steps->size();
      return op->emitOpError() << "Expected " << spatial + 1 << "D (unbatched) or " << spatial + 2
                               << "D (batched) input to conv" << spatial
                               << "d, but got input of size: " << printSizes(result.input.getDims());
    }
    result.spatial = spatial;
    result.batched = rank == spatial + 2;
    return result;
  }

  AffineExpr inputDim(int64_t i) const { return input.getDims()[i + (batched ? 0 : -1)]; }

  ts::TensorType unknown() const {
    if (!input.getHasRank())
      return ts::TensorType::get(op->getContext(), false, ArrayRef<AffineExpr>(), dtype);
    return ts::TensorType::get(op->getContext(), SmallVector<AffineExpr>(input.getRank()), dtype);
  }

  ts::TensorType get(AffineExpr channels, ArrayRef<AffineExpr> space) const {
    SmallVector<AffineExpr> dims;
    if (batched)
      dims.push_back(inputDim(0));
    dims.push_back(channels);
    llvm::append_range(dims, space);
    return ts::TensorType::get(op->getContext(), dims, dtype);
  }

  LogicalResult checkBias(AffineExpr channels, StringRef kind) const {
    if (!bias || !bias.getHasRank() || (bias.getRank() == 1 && !areDistinct(bias.getDims()[0], channels)))
      return success();
    return op->emitOpError() << "Given " << kind << "weight of size " << printSizes(weight.getDims())
                             << ", expected bias to be 1-dimensional with " << printSize(channels)
                             << " elements, but got bias of size " << printSizes(bias.getDims()) << " instead";
  }

  LogicalResult checkChannels(AffineExpr expected, StringRef kind) const {
    if (areDistinct(inputDim(1), expected))
      return op->emitOpError() << "Given " << kind << ", weight of size " << printSizes(weight.getDims())
                               << ", expected input" << printSizes(input.getDims()) << " to have "
                               << printSize(expected) << " channels, but got " << printSize(inputDim(1))
                               << " channels instead";
    return success();
  }
};
} // namespace

/// The size of a dim after a convolution.
static AffineExpr convolve(AffineExpr size, AffineExpr window, int64_t stride, int64_t padding, int64_t dilation) {
  if (!size || !window)
    return {};
  return simplifySize((size + 2 * padding - (window - 1) * dilation - 1).floorDiv(stride) + 1);
}

/// The size of a dim after a transposed convolution.
static AffineExpr convolveTransposed(AffineExpr size, AffineExpr window, int64_t stride, int64_t padding,
                                     int64_t dilation, int64_t outputPadding) {
  if (!size || !window)
    return {};
  return simplifySize((size - 1) * stride - 2 * padding + (window - 1) * dilation + outputPadding + 1);
}

static LogicalResult inferConvolution(ConvolutionShapes &shapes, Value strideList, Value paddingList,
                                      Value dilationList, Value groupsValue, SmallVectorImpl<Type> &types) {
  Operation *op = shapes.op;
  Facts &facts = shapes.facts;
  int64_t n = shapes.spatial;
  std::optional<StringRef> mode = facts.getString(paddingList);
  auto stride = getSpatialList(op, facts, strideList, "stride", n);
  auto dilation = getSpatialList(op, facts, dilationList, "dilation", n);
  using List = std::optional<SmallVector<int64_t>>;
  FailureOr<List> padding =
      mode ? FailureOr<List>(SmallVector<int64_t>(n, 0)) : getSpatialList(op, facts, paddingList, "padding", n);
  if (failed(stride) || failed(padding) || failed(dilation))
    return failure();
  AffineExpr groups = facts.getInt(groupsValue);
  ArrayRef<AffineExpr> weight = shapes.weight.getDims();
  if (std::optional<int64_t> count = getConstant(groups)) {
    if (*count <= 0)
      return op->emitOpError() << "non-positive groups is not supported";
    if (getConstant(weight[0]) && *getConstant(weight[0]) < *count)
      return op->emitOpError() << "Given groups=" << *count << ", expected weight to be at least " << *count
                               << " at dimension 0, but got weight of size " << printSizes(weight) << " instead";
    if (getConstant(weight[0]) && *getConstant(weight[0]) % *count != 0)
      return op->emitOpError() << "Given groups=" << *count << ", expected weight to be divisible by " << *count
                               << " at dimension 0, but got weight of size [" << printSizes(weight) << "] instead";
  }
  AffineExpr channels = weight[1] && groups ? simplifySize(weight[1] * groups) : AffineExpr();
  if (failed(shapes.checkChannels(channels, "groups=" + printSize(groups))))
    return failure();
  if (failed(shapes.checkBias(weight[0], "")))
    return failure();
  if (mode && *mode != "same" && *mode != "valid")
    return op->emitOpError() << "padding '" << *mode << "' is neither 'same' nor 'valid'";
  bool same = mode && *mode == "same";
  if (same && *stride && llvm::any_of(**stride, [](int64_t step) { return step != 1; }))
    return op->emitOpError() << "padding 'same' takes stride one";
  SmallVector<AffineExpr> space;
  if (!*stride || !*padding || !*dilation) {
    types.push_back(shapes.get(weight[0], SmallVector<AffineExpr>(n)));
    return success();
  }
  for (int64_t i = 0; i < n; ++i) {
    if ((**padding)[i] < 0)
      return op->emitOpError() << "negative padding is not supported";
    if ((**stride)[i] <= 0)
      return op->emitOpError() << "non-positive stride is not supported";
    if ((**dilation)[i] <= 0)
      return op->emitOpError() << "dilation should be greater than zero";
    AffineExpr size = shapes.inputDim(2 + i);
    AffineExpr result = same ? size : convolve(size, weight[2 + i], (**stride)[i], (**padding)[i], (**dilation)[i]);
    space.push_back(result);
  }
  if (llvm::any_of(space, [](AffineExpr size) { return getConstant(size) && *getConstant(size) <= 0; })) {
    auto print = [&](llvm::function_ref<AffineExpr(int64_t)> get) {
      return llvm::join(llvm::map_range(llvm::seq<int64_t>(0, n), [&](int64_t i) { return printSize(get(i)); }), " x ");
    };
    return op->emitOpError() << "Calculated padded input size per channel: (" << print([&](int64_t i) {
             return add(shapes.inputDim(2 + i), getAffineConstantExpr(2 * (**padding)[i], op->getContext()));
           }) << "). Kernel size: ("
                             << print([&](int64_t i) {
                                  return weight[2 + i] ? simplifySize((weight[2 + i] - 1) * (**dilation)[i] + 1)
                                                       : AffineExpr();
                                })
                             << "). Kernel size can't be greater than actual input size";
  }
  types.push_back(shapes.get(weight[0], space));
  return success();
}

static LogicalResult inferTransposed(ConvolutionShapes &shapes, Value strideList, Value paddingList, Value dilationList,
                                     Value outputPaddingList, Value groupsValue, SmallVectorImpl<Type> &types) {
  Operation *op = shapes.op;
  Facts &facts = shapes.facts;
  int64_t n = shapes.spatial;
  auto stride = getSpatialList(op, facts, strideList, "stride", n);
  auto padding = getSpatialList(op, facts, paddingList, "padding", n);
  auto dilation = getSpatialList(op, facts, dilationList, "dilation", n);
  auto extra = getSpatialList(op, facts, outputPaddingList, "output_padding", n);
  if (failed(stride) || failed(padding) || failed(dilation) || failed(extra))
    return failure();
  std::optional<int64_t> groups = facts.getConstantInt(groupsValue);
  if (!*stride || !*padding || !*dilation || !*extra || !groups) {
    types.push_back(shapes.unknown());
    return success();
  }
  ArrayRef<AffineExpr> weight = shapes.weight.getDims();
  if (failed(shapes.checkChannels(weight[0], "transposed=1")))
    return failure();
  if (*groups <= 0)
    return op->emitOpError() << "non-positive groups is not supported";
  AffineExpr channels = weight[1] ? simplifySize(weight[1] * *groups) : AffineExpr();
  if (failed(shapes.checkBias(channels, "transposed=1, ")))
    return failure();
  SmallVector<AffineExpr> space;
  for (int64_t i = 0; i < n; ++i) {
    int64_t step = (**stride)[i], dilate = (**dilation)[i], more = (**extra)[i];
    if ((**padding)[i] < 0)
      return op->emitOpError() << "negative padding is not supported";
    if (step <= 0)
      return op->emitOpError() << "non-positive stride is not supported";
    if (more < 0)
      return op->emitOpError() << "negative output_padding is not supported";
    if (more >= step && more >= dilate) {
      // LibTorch shows a single dim as the second of two.
      auto print = [&](ArrayRef<int64_t> list, int64_t first, StringRef name) {
        std::string text = n == 1 ? (" " + name + "_height: " + Twine(first)).str() : "";
        SmallVector<StringRef> axes = {"depth", "height", "width"};
        for (int64_t k = 0; k < n; ++k)
          text += (" " + name + "_" + axes[3 - n + k] + ": " + Twine(list[k])).str();
        return text;
      };
      return op->emitOpError() << "output padding must be smaller than either stride or dilation, but got"
                               << print(**extra, 0, "output_padding") << print(**stride, 1, "stride")
                               << print(**dilation, 1, "dilation");
    }
    space.push_back(convolveTransposed(shapes.inputDim(2 + i), weight[2 + i], step, (**padding)[i], dilate, more));
  }
  // LibTorch computes one dim as two.
  SmallVector<AffineExpr> shown(shapes.input.getDims());
  if (!shapes.batched)
    shown.insert(shown.begin(), getAffineConstantExpr(1, op->getContext()));
  if (n == 1)
    shown.insert(shown.end() - 1, getAffineConstantExpr(1, op->getContext()));
  bool isEmpty = llvm::any_of(ArrayRef(shown).drop_front(2), [](AffineExpr size) { return isConstant(size, 0); });
  if (isEmpty && getConstant(shown[0]).value_or(0) != 0)
    return op->emitOpError() << "Only zero batch or zero channel inputs are supported, but got input shape: "
                             << printSizes(shown);
  if (llvm::any_of(space, [](AffineExpr size) { return getConstant(size) && *getConstant(size) <= 0; })) {
    auto print = [&](llvm::function_ref<AffineExpr(int64_t)> get) {
      return (n == 1 ? "1 x " : "") +
             llvm::join(llvm::map_range(llvm::seq<int64_t>(0, n), [&](int64_t i) { return printSize(get(i)); }), " x ");
    };
    return op->emitOpError() << "Given input size per channel: ("
                             << print([&](int64_t i) { return shapes.inputDim(2 + i); })
                             << "). Calculated output size per channel: (" << print([&](int64_t i) { return space[i]; })
                             << "). Output size is too small";
  }
  types.push_back(shapes.get(channels, space));
  return success();
}

LogicalResult ConvOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  FailureOr<ConvolutionShapes> shapes =
      ConvolutionShapes::find(*this, facts, getInput(), getWeight(), getBias(), getStride());
  if (failed(shapes))
    return failure();
  if (shapes->spatial)
    return inferConvolution(*shapes, getStride(), getPadding(), getDilation(), getGroups(), types);
  types.push_back(shapes->unknown());
  return success();
}

LogicalResult ConvolutionOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  FailureOr<ConvolutionShapes> shapes =
      ConvolutionShapes::find(*this, facts, getInput(), getWeight(), getBias(), getStride());
  if (failed(shapes))
    return failure();
  std::optional<bool> transposed = facts.getBool(getTransposed());
  if (!shapes->spatial || !transposed) {
    types.push_back(shapes->unknown());
    return success();
  }
  if (*transposed)
    return inferTransposed(*shapes, getStride(), getPadding(), getDilation(), getOutputPadding(), getGroups(), types);
  return inferConvolution(*shapes, getStride(), getPadding(), getDilation(), getGroups(), types);
}

LogicalResult ConvTransposeOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  FailureOr<ConvolutionShapes> shapes =
      ConvolutionShapes::find(*this, facts, getInput(), getWeight(), getBias(), getStride());
  if (failed(shapes))
    return failure();
  if (shapes->spatial)
    return inferTransposed(*shapes, getStride(), getPadding(), getDilation(), getOutputPadding(), getGroups(), types);
  types.push_back(shapes->unknown());
  return success();
}
