//===- Normalization.cpp - lowerings: norms and softmax ---------------------===//
#include "wick/Dialect/Aten/IR/AtenNormalizationOps.h"

#include "Checks.h"
#include "Patterns.h"
#include "Shapes.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

//===----------------------------------------------------------------------===//
// Norms
//===----------------------------------------------------------------------===//

namespace {

/// Mean and reciprocal deviation over some dims, which they lack.
struct Statistics {
  ShapedValue mean, rstd;
};

/// An operand that may be None: its value, or nothing.
ShapedValue getOptional(Value original, Value converted) {
  StaticFacts facts;
  return facts.isNone(original) ? ShapedValue() : ShapedValue(original, converted);
}

/// Raises unless the operands that there are, of the given names, have as many elements as there are channels, dim 1.
void checkChannels(ShapeBuilder &shapes, Operation *op, const ShapedValue &x,
                   ArrayRef<std::pair<StringRef, const ShapedValue &>> operands) {
  for (auto [name, operand] : operands) {
    if (!operand || (operand.dims[0] && operand.dims[0] == x.dims[1]))
      continue;
    std::string form = (name + " should contain {} elements not {}").str();
    SmallVector<Value> numbers = getNumbers(shapes, {shapes.sizeOf(x, 1), shapes.sizeOf(operand, 0)});
    if (isa<GroupNormOp>(op)) {
      form = ("Expected " + name + " to be a vector of size equal to the number of channels in input, but got " + name +
              " of shape [{}] and input of shape " + ts::getListForm(x.rank()))
                 .str();
      numbers = getNumbers(shapes, {shapes.sizeOf(operand, 0)});
      llvm::append_range(numbers, getNumbers(shapes, x));
    } else if (isa<InstanceNormOp>(op)) { // a batch norm of all channels of all samples
      Value samples = shapes.asIndex(shapes.sizeOf(x, 0));
      for (Value &number : numbers)
        number = shapes.builder.createOrFold<arith::MulIOp>(shapes.loc, number, samples);
    }
    checkSizes(shapes, operand, 0, x, 1, /*atMost=*/false, form, numbers);
  }
}

/// Raises unless the last dims of a tensor are those that a layer norm names, and those of its operands.
void checkNormalized(ShapeBuilder &shapes, const ShapedValue &x, Value list, const ShapedValue &weight,
                     const ShapedValue &bias) {
  StaticFacts facts;
  SmallVector<AffineExpr> dims = *facts.getIntList(list);
  SmallVector<OpFoldResult> sizes;
  for (auto [dim, element] : llvm::zip(dims, *facts.getList(list)))
    sizes.push_back(
        dim ? materializeSize(shapes.builder, shapes.loc, dim)
            : shapes.builder.createOrFold<arith::IndexCastOp>(shapes.loc, shapes.builder.getIndexType(), element));
  int64_t count = dims.size(), first = x.rank() - count;
  std::string form = ts::getListForm(count);
  SmallVector<Value> named = getNumbers(shapes, sizes);
  for (auto [operand, name] : {std::pair(weight, "weight"), std::pair(bias, "bias")})
    for (int64_t i = 0; i < operand.rank(); ++i) {
      if (operand.dims[i] && operand.dims[i] == dims[i])
        continue;
      SmallVector<Value> numbers = getNumbers(shapes, operand);
      Value size = numbers[i];
      llvm::append_range(numbers, named);
      checkSizes(shapes, size, named[i], /*atMost=*/false,
                 std::string("Expected ") + name + " to be of same shape as normalized_shape, but got " + name +
                     " of shape " + form + " and normalized_shape = " + form,
                 numbers);
    }
  for (int64_t i = 0; i < count; ++i) {
    if (dims[i] && dims[i] == x.dims[first + i])
      continue;
    SmallVector<Value> numbers(named);
    llvm::append_range(numbers, named);
    llvm::append_range(numbers, getNumbers(shapes, x));
    checkSizes(shapes, named[i], shapes.asIndex(shapes.sizeOf(x, first + i)), /*atMost=*/false,
               "Given normalized_shape=" + form + ", expected input with shape [*, " + form.substr(1) +
                   ", but got input of size" + ts::getListForm(x.rank()),
               numbers);
  }
}

/// The number of elements that a fold over dims takes in, in the compute form of a float dtype.
Value countElements(ShapeBuilder &shapes, const ShapedValue &x, ArrayRef<int64_t> dims, Type dtype) {
  int64_t known = 1;
  Value unknown;
  for (int64_t dim : dims) {
    if (std::optional<int64_t> size = x.size(dim)) {
      known *= *size;
      continue;
    }
    Value size = shapes.asIndex(shapes.sizeOf(x, dim));
    unknown = unknown ? arith::MulIOp::create(shapes.builder, shapes.loc, unknown, size).getResult() : size;
  }
  if (!unknown)
    return createConstant(shapes.builder, shapes.loc, dtype, double(known));
  Value total = arith::MulIOp::create(shapes.builder, shapes.loc, unknown, shapes.index(known));
  Value integer = arith::IndexCastOp::create(shapes.builder, shapes.loc, shapes.builder.getI64Type(), total);
  return arith::SIToFPOp::create(shapes.builder, shapes.loc, getComputeType(dtype), integer);
}

Value getReciprocalDeviation(ScalarBuilder &s, Value variance, Value eps) {
  return s.div(s.constant(1), s.apply<math::SqrtOp>(s.add(variance, eps)));
}

/// The map of an operand that has only some dims of a tensor.
AffineMap keepDims(ShapeBuilder &shapes, int64_t rank, ArrayRef<int64_t> kept) {
  SmallVector<AffineExpr> exprs = llvm::map_to_vector(kept, [&](int64_t dim) { return shapes.dim(dim); });
  return AffineMap::get(rank, 0, exprs, shapes.builder.getContext());
}

AffineMap dropDims(ShapeBuilder &shapes, int64_t rank, ArrayRef<int64_t> dropped) {
  SmallVector<int64_t> kept;
  for (int64_t i = 0; i < rank; ++i)
    if (!llvm::is_contained(dropped, i))
      kept.push_back(i);
  return keepDims(shapes, rank, kept);
}

/// Batch and instance norm keep statistics in the dtype of the parameters, or of the input without any: 16 bits too.
Type getKeptDtype(const ShapedValue &x, const ShapedValue &weight, const ShapedValue &bias) {
  return weight ? weight.dtype : bias ? bias.dtype : x.dtype;
}

/// Two passes, the second over the deviations from the mean. The results are rounded to the dtype in which they are
/// kept.
Statistics computeStatistics(ShapeBuilder &shapes, const ShapedValue &x, ArrayRef<int64_t> dims, Value eps,
                             Type kept = {}) {
  Type dtype = getAccumulatorDtype(x.dtype);
  kept = kept ? kept : dtype;
  Value count = countElements(shapes, x, dims, dtype);
  ShapedValue sum = shapes.sum(dtype, x, dims);
  ShapedValue mean =
      shapes.map(dtype, sum.dims, sum, [&](ScalarBuilder &s, ValueRange args) { return s.div(args[0], count); });
  SmallVector<AffineMap> maps = {shapes.builder.getMultiDimIdentityMap(x.rank()), dropDims(shapes, x.rank(), dims)};
  ShapedValue squares =
      shapes.fold(dtype, {x, mean}, maps, dims, 0, [](ScalarBuilder &s, ValueRange elements, Value folded) {
        Value deviation = s.sub(elements[0], elements[1]);
        return s.add(folded, s.mul(deviation, deviation));
      });
  ShapedValue rstd = shapes.map(dtype, squares.dims, squares, [&](ScalarBuilder &s, ValueRange args) {
    return getReciprocalDeviation(s, s.div(args[0], count), eps);
  });
  return {shapes.convert(mean, kept), shapes.convert(rstd, kept)};
}

/// (x - mean) * rstd * weight + bias, with the statistics and the affine operands read through maps.
ShapedValue normalize(ShapeBuilder &shapes, const ShapedValue &x, const Statistics &statistics, AffineMap statisticsMap,
                      const ShapedValue &weight, const ShapedValue &bias, AffineMap affineMap) {
  SmallVector<ShapedValue> operands = {x, statistics.mean, statistics.rstd};
  SmallVector<AffineMap> maps = {shapes.builder.getMultiDimIdentityMap(x.rank()), statisticsMap, statisticsMap};
  for (const ShapedValue &operand : {weight, bias})
    if (operand) {
      operands.push_back(operand);
      maps.push_back(affineMap);
    }
  return shapes.map(x.dtype, x.dims, shapes.sizesOf(x), operands, maps, [&](ScalarBuilder &s, ValueRange args) {
    Value result = s.mul(s.sub(args[0], args[1]), args[2]);
    if (weight)
      result = s.mul(result, args[3]);
    return bias ? s.add(result, args.back()) : result;
  });
}

/// x * scale + shift for each channel, dim 1, where both follow from running statistics. They are computed apart, so
/// that they become constants where the statistics are.
ShapedValue normalizeByRunning(ShapeBuilder &shapes, Operation *op, const ShapedValue &x, const ShapedValue &mean,
                               const ShapedValue &variance, const ShapedValue &weight, const ShapedValue &bias,
                               Value eps) {
  checkChannels(shapes, op, x, {{"weight", weight}, {"bias", bias}, {"running_mean", mean}, {"running_var", variance}});
  Type dtype = getAccumulatorDtype(x.dtype);
  auto read = [&](ScalarBuilder &s, Value value, const ShapedValue &of) {
    return convertScalar(s.builder, s.loc, value, of.dtype, dtype);
  };
  SmallVector<ShapedValue> operands = {variance};
  if (weight)
    operands.push_back(weight);
  ShapedValue scale = shapes.map(dtype, variance.dims, operands, [&](ScalarBuilder &s, ValueRange args) {
    Value rstd = getReciprocalDeviation(s, read(s, args[0], variance), eps);
    return weight ? s.mul(rstd, read(s, args[1], weight)) : rstd;
  });
  operands = {mean, scale};
  if (bias)
    operands.push_back(bias);
  ShapedValue shift = shapes.map(dtype, mean.dims, operands, [&](ScalarBuilder &s, ValueRange args) {
    Value product = s.mul(read(s, args[0], mean), args[1]);
    return bias ? s.sub(read(s, args[2], bias), product) : s.neg(product);
  });
  AffineMap channel = keepDims(shapes, x.rank(), {1});
  return shapes.map(x.dtype, x.dims, shapes.sizesOf(x), {x, scale, shift},
                    {shapes.builder.getMultiDimIdentityMap(x.rank()), channel, channel},
                    [](ScalarBuilder &s, ValueRange args) { return s.add(s.mul(args[0], args[1]), args[2]); });
}

struct BatchNormLowering : OpConversionPattern<BatchNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(BatchNormOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue x(op.getInput(), adaptor.getInput());
    ShapedValue weight = getOptional(op.getWeight(), adaptor.getWeight()),
                bias = getOptional(op.getBias(), adaptor.getBias());
    ShapedValue mean = getOptional(op.getRunningMean(), adaptor.getRunningMean());
    ShapedValue variance = getOptional(op.getRunningVar(), adaptor.getRunningVar());
    std::optional<bool> training = facts.getBool(op.getTraining());
    if (!training)
      return refuse(op, "whether the norm is in training is not known");
    FailureOr<Value> eps = convertNumber(rewriter, op.getLoc(), op.getEps(), getAccumulatorDtype(x.dtype));
    if (!*training && mean && variance) {
      ShapedValue result = normalizeByRunning(shapes, op, x, mean, variance, weight, bias, *eps);
      rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
      return success();
    }
    if (mean || variance)
      return refuse(op, "running statistics are updated, which is a write");
    SmallVector<int64_t> reduced = {0};
    for (int64_t i = 2; i < x.rank(); ++i)
      reduced.push_back(i);
    checkChannels(shapes, op, x, {{"weight", weight}, {"bias", bias}});
    AffineMap channel = keepDims(shapes, x.rank(), {1});
    Statistics statistics = computeStatistics(shapes, x, reduced, *eps, getKeptDtype(x, weight, bias));
    ShapedValue result = normalize(shapes, x, statistics, channel, weight, bias, channel);
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

/// Group norm, and instance norm as one with as many groups as channels: dim 1 is split, and what is in a group with
/// its space is normalised.
ShapedValue normalizeGroups(ShapeBuilder &shapes, Operation *op, const ShapedValue &x, int64_t groups,
                            const ShapedValue &weight, const ShapedValue &bias, Value eps, Type kept = {}) {
  checkChannels(shapes, op, x, {{"weight", weight}, {"bias", bias}});
  if (!x.size(1)) {
    Value size = shapes.asIndex(shapes.sizeOf(x, 1));
    Value rest = arith::RemUIOp::create(shapes.builder, shapes.loc, size, shapes.index(groups));
    checkSizes(shapes, rest, shapes.index(0), /*atMost=*/false,
               "Expected number of channels in input to be divisible by num_groups, but got input of shape " +
                   ts::getListForm(x.rank()) + " and num_groups=" + std::to_string(groups),
               getNumbers(shapes, x));
  }
  AffineExpr channels = divideExactly(x.dims[1], shapes.expr(groups));
  auto split = [&](const ShapedValue &value, int64_t dim) {
    SmallVector<AffineExpr> dims = value.dims;
    dims[dim] = shapes.expr(groups);
    dims.insert(dims.begin() + dim + 1, channels);
    return shapes.reshape(value, dims);
  };
  ShapedValue grouped = split(x, 1);
  SmallVector<int64_t> reduced;
  for (int64_t i = 2; i < grouped.rank(); ++i)
    reduced.push_back(i);
  Statistics statistics = computeStatistics(shapes, grouped, reduced, eps, kept);
  ShapedValue result = normalize(shapes, grouped, statistics, keepDims(shapes, grouped.rank(), {0, 1}),
                                 weight ? split(weight, 0) : weight, bias ? split(bias, 0) : bias,
                                 keepDims(shapes, grouped.rank(), {1, 2}));
  return shapes.reshape(result, x.dims);
}

struct GroupNormLowering : OpConversionPattern<GroupNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(GroupNormOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue x(op.getInput(), adaptor.getInput());
    std::optional<int64_t> groups = facts.getConstantInt(op.getNumGroups());
    if (!groups || llvm::is_contained(x.dims, AffineExpr()))
      return refuse(op, "the number of groups or a size is not known");
    FailureOr<Value> eps = convertNumber(rewriter, op.getLoc(), op.getEps(), getAccumulatorDtype(x.dtype));
    ShapedValue result = normalizeGroups(shapes, op, x, *groups, getOptional(op.getWeight(), adaptor.getWeight()),
                                         getOptional(op.getBias(), adaptor.getBias()), *eps);
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

struct InstanceNormLowering : OpConversionPattern<InstanceNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(InstanceNormOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue x(op.getInput(), adaptor.getInput());
    ShapedValue weight = getOptional(op.getWeight(), adaptor.getWeight()),
                bias = getOptional(op.getBias(), adaptor.getBias());
    ShapedValue mean = getOptional(op.getRunningMean(), adaptor.getRunningMean());
    ShapedValue variance = getOptional(op.getRunningVar(), adaptor.getRunningVar());
    std::optional<bool> useInput = facts.getBool(op.getUseInputStats());
    std::optional<int64_t> channels = x.size(1);
    if (!useInput || !channels || *channels == 0 || llvm::is_contained(x.dims, AffineExpr()))
      return refuse(op, "a size or the kind of statistics is not known");
    if (*useInput && (mean || variance))
      return refuse(op, "running statistics are updated, which is a write");
    FailureOr<Value> eps = convertNumber(rewriter, op.getLoc(), op.getEps(), getAccumulatorDtype(x.dtype));
    Type kept = getKeptDtype(x, weight, bias);
    ShapedValue result = *useInput ? normalizeGroups(shapes, op, x, *channels, weight, bias, *eps, kept)
                                   : normalizeByRunning(shapes, op, x, mean, variance, weight, bias, *eps);
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

/// Layer norm, alone or with the statistics that it used.
template <typename Op> struct LayerNormLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue x(op.getInput(), adaptor.getInput());
    std::optional<SmallVector<Value>> shape = facts.getList(op.getNormalizedShape());
    if (!shape)
      return refuse(op, "the number of normalised dims is not known");
    int64_t first = x.rank() - int64_t(shape->size());
    SmallVector<int64_t> reduced = llvm::to_vector(llvm::seq<int64_t>(first, x.rank()));
    FailureOr<Value> eps = convertNumber(rewriter, op.getLoc(), op.getEps(), getAccumulatorDtype(x.dtype));
    ShapedValue weight = getOptional(op.getWeight(), adaptor.getWeight()),
                bias = getOptional(op.getBias(), adaptor.getBias());
    checkNormalized(shapes, x, op.getNormalizedShape(), weight, bias);
    Statistics statistics = computeStatistics(shapes, x, reduced, *eps);
    ShapedValue result = normalize(shapes, x, statistics, dropDims(shapes, x.rank(), reduced), weight, bias,
                                   keepDims(shapes, x.rank(), reduced));
    SmallVector<Value> results = {toResult(shapes, result, op->getResult(0))};
    for (auto [statistic, original] :
         llvm::zip(ArrayRef{statistics.mean, statistics.rstd}, op->getResults().drop_front())) {
      SmallVector<AffineExpr> dims = ShapedValue(original, Value()).dims;
      SmallVector<OpFoldResult> sizes = shapes.sizesOf(x);
      results.push_back(toResult(shapes, shapes.reshape(statistic, dims, sizes), original));
    }
    rewriter.replaceOp(op, results);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// The dim of a softmax and its input in the dtype in which it is computed.
template <typename Op>
FailureOr<std::pair<ShapedValue, int64_t>> getSoftmaxInput(ShapeBuilder &shapes, Op op, Value converted) {
  StaticFacts facts;
  ShapedValue x(op.getSelf(), converted);
  std::optional<int64_t> dim = facts.getConstantInt(op.getDim());
  if (!dim)
    return failure();
  // A tensor without dims has one of size one.
  if (x.rank() == 0)
    x = shapes.reshape(x, shapes.expr(1));
  x = shapes.convert(x, getAccumulatorDtype(getOriginalType(op.getResult()).getElementType()));
  return std::pair(x, *dim < 0 ? *dim + x.rank() : *dim);
}

struct SoftmaxLowering : OpConversionPattern<SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(SoftmaxOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    auto input = getSoftmaxInput(shapes, op, adaptor.getSelf());
    if (failed(input))
      return refuse(op, "the dim is not constant");
    auto &[x, dim] = *input;
    Value empty = shapes.empty(x.dtype, shapes.sizesOf(x));
    auto softmax =
        linalg::SoftmaxOp::create(rewriter, op.getLoc(), TypeRange(empty.getType()), x.value, empty, uint64_t(dim));
    ShapedValue result(softmax->getResult(0), x.dtype, x.dims);
    result = shapes.reshape(result, ShapedValue(op.getResult(), Value()).dims, shapes.sizesOf(result));
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

struct LogSoftmaxLowering : OpConversionPattern<LogSoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(LogSoftmaxOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    auto input = getSoftmaxInput(shapes, op, adaptor.getSelf());
    if (failed(input))
      return refuse(op, "the dim is not constant");
    auto &[x, dim] = *input;
    AffineMap identity = rewriter.getMultiDimIdentityMap(x.rank()), row = dropDims(shapes, x.rank(), dim);
    ShapedValue max = shapes.fold(x.dtype, x, dim, -INFINITY, [](ScalarBuilder &s, ValueRange elements, Value folded) {
      return s.max(folded, elements[0]);
    });
    ShapedValue sum = shapes.fold(x.dtype, {x, max}, {identity, row}, dim, 0,
                                  [](ScalarBuilder &s, ValueRange elements, Value folded) {
                                    return s.add(folded, s.apply<math::ExpOp>(s.sub(elements[0], elements[1])));
                                  });
    ShapedValue result = shapes.map(x.dtype, x.dims, shapes.sizesOf(x), {x, max, sum}, {identity, row, row},
                                    [](ScalarBuilder &s, ValueRange args) {
                                      return s.sub(s.sub(args[0], args[1]), s.apply<math::LogOp>(args[2]));
                                    });
    result = shapes.reshape(result, ShapedValue(op.getResult(), Value()).dims, shapes.sizesOf(result));
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

} // namespace

void wick::populateNormalizationPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<BatchNormLowering, GroupNormLowering, InstanceNormLowering, LayerNormLowering<LayerNormOp>,
               LayerNormLowering<NativeLayerNormOp>, SoftmaxLowering, LogSoftmaxLowering>(converter,
                                                                                          patterns.getContext());
}
