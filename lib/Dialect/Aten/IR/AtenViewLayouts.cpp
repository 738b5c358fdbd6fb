//===- AtenViewLayouts.cpp - where LibTorch has the elements of views -------===//
//
// How the strides of a view follow from those of its source (`ViewInterface`), dims of
// size one and empty tensors included.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/Layouts.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Casts.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

static int64_t getRank(Value tensor) { return cast<ts::TensorType>(tensor.getType()).getRank(); }

/// The place of a dim that is a constant, which type inference has found to be one.
static std::optional<int64_t> findDim(Facts &facts, Value dim, int64_t rank) {
  std::optional<int64_t> known = facts.getConstantInt(dim);
  if (!known)
    return std::nullopt;
  int64_t position = *known < 0 ? *known + rank : *known;
  return position >= 0 && position < rank ? std::optional(position) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Other shapes
//===----------------------------------------------------------------------===//

/// The strides in a new shape of what has a shape and strides, as LibTorch computes them: dims that lie behind each
/// other in memory are one stretch, and each dim of the view has to be in one. Nothing where that is not so.
static std::optional<SmallVector<int64_t>> reshapeStrides(ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides,
                                                          ArrayRef<int64_t> shape) {
  if (sizes.empty())
    return SmallVector<int64_t>(shape.size(), 1);
  SmallVector<int64_t> result(shape.size());
  if (llvm::is_contained(sizes, 0)) {
    if (sizes == shape)
      return llvm::to_vector(strides);
    int64_t stride = 1;
    for (int64_t dim = shape.size() - 1; dim >= 0; --dim) {
      result[dim] = stride;
      stride *= std::max<int64_t>(shape[dim], 1);
    }
    return result;
  }
  int64_t next = int64_t(shape.size()) - 1, base = strides.back(), count = 1, viewed = 1;
  for (int64_t dim = sizes.size() - 1; dim >= 0; --dim) {
    count *= sizes[dim];
    if (dim != 0 && (sizes[dim - 1] == 1 || strides[dim - 1] == count * base))
      continue;
    while (next >= 0 && (viewed < count || shape[next] == 1)) {
      result[next] = viewed * base;
      viewed *= shape[next--];
    }
    if (viewed != count)
      return std::nullopt;
    if (dim > 0)
      base = strides[dim - 1], count = viewed = 1;
  }
  return next == -1 ? std::optional(result) : std::nullopt;
}

/// A reshape of elements in order is one of what lies in order; of others constants say what it is.
static LogicalResult mapReshape(Value result, bool mayCopy, OpBuilder &builder, Layout &layout) {
  NumberBuilder numbers(builder, result.getLoc());
  SmallVector<Value> sizes = numbers.sizes(result);
  if (layout.order >= Order::Contiguous) {
    // Of an empty tensor the shape decides whether the strides stay.
    if (layout.order == Order::UnlessEmpty && !layout.known)
      layout.known = numbers.hasElements(layout.sizes);
    layout.sizes = sizes;
    layout.strides = numbers.rowMajor(sizes);
    layout.isPermuted = true;
    return success();
  }
  auto before = getConstantNumbers(layout.sizes), strides = getConstantNumbers(layout.strides);
  auto shape = getConstantNumbers(sizes);
  if (!before || !strides || !shape || layout.known)
    return failure();
  std::optional<SmallVector<int64_t>> viewed = reshapeStrides(*before, *strides, *shape);
  if (!viewed) {
    layout = Layout::getRowMajor(numbers, result);
    return success(mayCopy);
  }
  layout.sizes = sizes;
  layout.strides = llvm::map_to_vector(*viewed, [&](int64_t stride) { return numbers.constant(stride); });
  return success();
}

LogicalResult ViewAsSizeOp::mapLayout(OpBuilder &builder, Facts &, Layout &layout) {
  return mapReshape(getResult(), /*mayCopy=*/false, builder, layout);
}
LogicalResult ReshapeToOp::mapLayout(OpBuilder &builder, Facts &, Layout &layout) {
  return mapReshape(getResult(), /*mayCopy=*/true, builder, layout);
}
LogicalResult ViewAsOp::mapLayout(OpBuilder &builder, Facts &, Layout &layout) {
  return mapReshape(getResult(), /*mayCopy=*/true, builder, layout);
}
LogicalResult UnflattenOp::mapLayout(OpBuilder &builder, Facts &, Layout &layout) {
  return mapReshape(getResult(), /*mayCopy=*/false, builder, layout);
}

LogicalResult FlattenOp::mapLayout(OpBuilder &builder, Facts &facts, Layout &layout) {
  int64_t rank = layout.sizes.size();
  std::optional<int64_t> start = findDim(facts, getStartDim(), rank), end = findDim(facts, getEndDim(), rank);
  // One dim alone is the tensor itself.
  if (rank > 0 && start && start == end)
    return success();
  return mapReshape(getResult(), /*mayCopy=*/true, builder, layout);
}

LogicalResult UnsqueezeOp::mapLayout(OpBuilder &builder, Facts &facts, Layout &layout) {
  int64_t rank = layout.sizes.size();
  std::optional<int64_t> dim = findDim(facts, getDim(), rank + 1);
  if (!dim)
    return failure();
  NumberBuilder numbers(builder, getLoc());
  Value stride = numbers.constant(1), one = stride;
  if (*dim < rank) {
    stride = numbers.multiply(layout.sizes[*dim], layout.strides[*dim]);
    if (layout.order == Order::RowMajor && getConstantNumber(layout.sizes[*dim]).value_or(0) == 0)
      layout.order = Order::UnlessEmpty;
  }
  layout.sizes.insert(layout.sizes.begin() + *dim, one);
  layout.strides.insert(layout.strides.begin() + *dim, stride);
  return success();
}

LogicalResult SqueezeOp::mapLayout(OpBuilder &, Facts &facts, Layout &layout) {
  int64_t rank = layout.sizes.size();
  SmallVector<int64_t> given;
  if (facts.isNone(getDim())) {
    given = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  } else {
    std::optional<SmallVector<int64_t>> dims = facts.getConstantIntList(getDim());
    if (!dims)
      return failure();
    for (int64_t dim : *dims)
      given.push_back(dim < 0 ? dim + rank : dim);
  }
  for (int64_t dim = rank - 1; dim >= 0; --dim) {
    if (!llvm::is_contained(given, dim) || getConstantNumber(layout.sizes[dim]) != 1)
      continue;
    layout.sizes.erase(layout.sizes.begin() + dim);
    layout.strides.erase(layout.strides.begin() + dim);
  }
  return success(int64_t(layout.sizes.size()) == getRank(getResult()));
}

//===----------------------------------------------------------------------===//
// Complex numbers and their parts
//===----------------------------------------------------------------------===//

LogicalResult ViewAsRealOp::mapLayout(OpBuilder &builder, Facts &, Layout &layout) {
  NumberBuilder numbers(builder, getLoc());
  Value two = numbers.constant(2);
  for (Value &stride : layout.strides)
    stride = numbers.multiply(stride, two);
  layout.sizes.push_back(two);
  layout.strides.push_back(numbers.constant(1));
  if (layout.offset)
    layout.offset = numbers.multiply(layout.offset, two);
  layout.memory = {};
  return success();
}

LogicalResult ViewAsComplexOp::mapLayout(OpBuilder &builder, Facts &, Layout &layout) {
  if (layout.order < Order::Contiguous || layout.sizes.empty())
    return failure();
  NumberBuilder numbers(builder, getLoc());
  layout.sizes.pop_back();
  layout.strides = numbers.rowMajor(layout.sizes);
  std::optional<int64_t> offset = getConstantNumber(layout.offset);
  layout.offset = offset && *offset % 2 == 0 ? numbers.constant(*offset / 2) : Value();
  layout.memory = {};
  return success();
}

//===----------------------------------------------------------------------===//
// Other orders of dims
//===----------------------------------------------------------------------===//

static LogicalResult mapPermuted(Operation *op, Facts &facts, Layout &layout) {
  FailureOr<Permutation> permutation = getPermutation(op, facts);
  if (failed(permutation) || !*permutation)
    return failure();
  Layout source = layout;
  for (auto [i, dim] : llvm::enumerate(**permutation)) {
    layout.sizes[i] = source.sizes[dim];
    layout.strides[i] = source.strides[dim];
  }
  if (!llvm::is_sorted(**permutation))
    layout.order = Order::Any;
  return success();
}

#define WICK_PERMUTED(OP)                                                                                              \
  LogicalResult OP::mapLayout(OpBuilder &, Facts &facts, Layout &layout) { return mapPermuted(*this, facts, layout); }
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

/// Dims that are repeated have no stride. New ones of size one have that of a dim before the next.
static LogicalResult mapExpanded(Value result, OpBuilder &builder, Layout &layout) {
  NumberBuilder numbers(builder, result.getLoc());
  Layout source = layout;
  layout.sizes = numbers.sizes(result);
  int64_t rank = layout.sizes.size(), added = rank - int64_t(source.sizes.size());
  Value zero = numbers.constant(0), one = numbers.constant(1);
  layout.strides.assign(rank, zero);
  layout.order = Order::Any;
  layout.isPermuted = false;
  if (source.sizes.empty())
    return success();
  for (int64_t dim = rank - 1; dim >= 0; --dim) {
    Value before = dim >= added ? source.sizes[dim - added] : one;
    Value stride =
        dim >= added ? source.strides[dim - added] : numbers.multiply(layout.sizes[dim + 1], layout.strides[dim + 1]);
    layout.strides[dim] = numbers.select(numbers.equal(before, layout.sizes[dim]), stride, zero);
  }
  return success();
}

LogicalResult ExpandOp::mapLayout(OpBuilder &builder, Facts &, Layout &layout) {
  return mapExpanded(getResult(), builder, layout);
}

LogicalResult ExpandAsOp::mapLayout(OpBuilder &builder, Facts &, Layout &layout) {
  return mapExpanded(getResult(), builder, layout);
}

static void moveOffset(NumberBuilder &numbers, Layout &layout, Value index, Value stride) {
  if (layout.offset)
    layout.offset = numbers.add(layout.offset, numbers.multiply(index, stride));
}

/// The index, which counts from the end where it is negative.
static Value wrapIndex(NumberBuilder &numbers, Value index, Value size) {
  Value isNegative = numbers.less(index, numbers.constant(0));
  return numbers.select(isNegative, numbers.add(index, size), index);
}

LogicalResult SelectOp::mapLayout(OpBuilder &builder, Facts &facts, Layout &layout) {
  std::optional<int64_t> dim = findDim(facts, getDim(), layout.sizes.size());
  if (!dim)
    return failure();
  NumberBuilder numbers(builder, getLoc());
  moveOffset(numbers, layout, wrapIndex(numbers, getIndex(), layout.sizes[*dim]), layout.strides[*dim]);
  layout.sizes.erase(layout.sizes.begin() + *dim);
  layout.strides.erase(layout.strides.begin() + *dim);
  if (*dim != 0)
    layout.order = std::min(layout.order, Order::Descending);
  layout.isPermuted = layout.order == Order::RowMajor;
  return success();
}

/// A range of a dim, from `start`, which is in it.
static void mapPart(NumberBuilder &numbers, Layout &layout, Value result, int64_t dim, Value start, Value step) {
  moveOffset(numbers, layout, start, layout.strides[dim]);
  layout.sizes[dim] = numbers.size(result, dim);
  layout.strides[dim] = numbers.multiply(layout.strides[dim], step);
  // Parts along the first dim, whose size no stride depends on, lie in order.
  if (dim != 0 || getConstantNumber(step) != 1)
    layout.order = std::min(layout.order, Order::Descending);
  layout.isPermuted = layout.order == Order::RowMajor;
}

LogicalResult SliceOp::mapLayout(OpBuilder &builder, Facts &facts, Layout &layout) {
  std::optional<int64_t> dim = findDim(facts, getDim(), layout.sizes.size());
  Value start = ts::stripUpcasts(getStart());
  if (!dim || !(facts.isNone(start) || start.getType().isInteger(64)))
    return failure();
  NumberBuilder numbers(builder, getLoc());
  Value zero = numbers.constant(0), size = layout.sizes[*dim];
  if (facts.isNone(start))
    start = zero;
  start = numbers.min(numbers.max(wrapIndex(numbers, start, size), zero), size);
  mapPart(numbers, layout, getResult(), *dim, start, getStep());
  return success();
}

LogicalResult NarrowOp::mapLayout(OpBuilder &builder, Facts &facts, Layout &layout) {
  std::optional<int64_t> dim = findDim(facts, getDim(), layout.sizes.size());
  if (!dim)
    return failure();
  NumberBuilder numbers(builder, getLoc());
  Value start = wrapIndex(numbers, getStart(), layout.sizes[*dim]);
  mapPart(numbers, layout, getResult(), *dim, start, numbers.constant(1));
  return success();
}

LogicalResult UnfoldOp::mapLayout(OpBuilder &builder, Facts &facts, Layout &layout) {
  NumberBuilder numbers(builder, getLoc());
  if (layout.sizes.empty()) {
    layout.sizes = numbers.sizes(getResult());
    layout.strides = {numbers.constant(1)};
    layout.order = Order::Any;
    layout.isPermuted = false;
    return success();
  }
  std::optional<int64_t> dim = findDim(facts, getDimension(), layout.sizes.size());
  if (!dim)
    return failure();
  layout.sizes = numbers.sizes(getResult());
  layout.strides.push_back(layout.strides[*dim]);
  layout.strides[*dim] = numbers.multiply(layout.strides[*dim], getStep());
  layout.order = Order::Any;
  layout.isPermuted = false;
  return success();
}
