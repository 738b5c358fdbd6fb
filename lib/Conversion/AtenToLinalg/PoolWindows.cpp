//===- PoolWindows.cpp - windows of pools that stand anywhere ---------------===//
#include "PoolWindows.h"

#include "Checks.h"
#include "wick/Dialect/Aten/IR/AtenPoolingOps.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

double wick::getLowest(Type dtype) {
  if (isa<FloatType>(dtype))
    return -INFINITY;
  return dtype.isUnsignedInteger() ? 0 : -std::ldexp(1.0, int(dtype.getIntOrFloatBitWidth()) - 1);
}

namespace {
/// A body for each element of each window: what it is, whether it counts, and its flat index.
using WindowBody =
    llvm::function_ref<SmallVector<Value>(ScalarBuilder &, Value element, Value counts, Value flat, ValueRange folded)>;
} // namespace

/// Folds the elements of windows into `inits`, in the accumulator's dtype.
static SmallVector<Value> foldWindows(ShapeBuilder &shapes, const ShapedValue &source, ArrayRef<WindowRange> ranges,
                                      ArrayRef<Value> inits, WindowBody body) {
  OpBuilder &builder = shapes.builder;
  unsigned rank = source.rank(), space = ranges.size(), first = rank - space;
  Type dtype = getAccumulatorDtype(source.dtype);
  Value window =
      shapes.empty(dtype, llvm::map_to_vector(ranges, [](const WindowRange &range) { return range.length; }));
  AffineMap kept = builder.getMultiDimIdentityMap(rank + space).getMajorSubMap(rank);
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(rank + space).getMinorSubMap(space)};
  maps.append(inits.size(), kept);
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  iterators.append(space, utils::IteratorType::reduction);
  SmallVector<Value> extents;
  for (unsigned i = 0; i < space; ++i)
    extents.push_back(shapes.asIndex(shapes.sizeOf(source, first + i)));
  auto generic = linalg::GenericOp::create(
      builder, shapes.loc, ValueRange(inits).getTypes(), window, inits, maps, iterators,
      [&](OpBuilder &b, Location l, ValueRange args) {
        ScalarBuilder s(b, l, dtype);
        auto number = [&](OpFoldResult value) { return ShapeBuilder(b, l).asIndex(value); };
        SmallVector<Value> place =
            llvm::map_to_vector(llvm::seq(rank), [&](unsigned i) -> Value { return linalg::IndexOp::create(b, l, i); });
        Value counts, flat;
        for (unsigned i = 0; i < space; ++i) {
          const WindowRange &range = ranges[i];
          Value at = linalg::IndexOp::create(b, l, rank + i);
          if (range.step)
            at = arith::MulIOp::create(b, l, at, number(range.step));
          at = arith::AddIOp::create(b, l, range.start(b, l, place[first + i]), at);
          Value end = range.end ? range.end(b, l, place[first + i]) : extents[i];
          // A place before the image is beyond its end as an unsigned number.
          Value inside = arith::CmpIOp::create(b, l, arith::CmpIPredicate::ult, at, end);
          counts = counts ? arith::AndIOp::create(b, l, counts, inside).getResult() : inside;
          place[first + i] = arith::SelectOp::create(b, l, inside, at, number(b.getIndexAttr(0)));
          flat = flat ? arith::AddIOp::create(b, l, arith::MulIOp::create(b, l, flat, extents[i]), place[first + i])
                            .getResult()
                      : place[first + i];
        }
        Value stored = tensor::ExtractOp::create(b, l, source.value, place);
        Value element = convertScalar(b, l, fromStorage(b, l, stored, source.dtype), source.dtype, dtype);
        linalg::YieldOp::create(b, l, body(s, element, counts, flat, args.drop_front()));
      });
  return SmallVector<Value>(generic.getResults());
}

std::pair<ShapedValue, ShapedValue> wick::buildIndexedPool(ShapeBuilder &shapes, const ShapedValue &source,
                                                           ArrayRef<AffineExpr> dims, ArrayRef<OpFoldResult> sizes,
                                                           ArrayRef<WindowRange> ranges) {
  Type dtype = getAccumulatorDtype(source.dtype), i64 = shapes.builder.getI64Type();
  Value values = shapes.filled(dtype, sizes, getLowest(source.dtype)), indices = shapes.filled(i64, sizes, -1);
  SmallVector<Value> found = foldWindows(
      shapes, source, ranges, {values, indices},
      [&](ScalarBuilder &s, Value element, Value counts, Value flat, ValueRange folded) -> SmallVector<Value> {
        OpBuilder &b = s.builder;
        Value none = arith::ConstantOp::create(b, s.loc, b.getI64IntegerAttr(-1));
        Value isFirst = arith::CmpIOp::create(b, s.loc, arith::CmpIPredicate::eq, folded[1], none);
        Value better = arith::OrIOp::create(b, s.loc, isFirst, s.gt(element, folded[0]));
        if (s.isFloat())
          better = arith::OrIOp::create(b, s.loc, better, s.isNan(element));
        better = arith::AndIOp::create(b, s.loc, counts, better);
        Value index = arith::IndexCastOp::create(b, s.loc, i64, flat);
        return {s.select(better, element, folded[0]), s.select(better, index, folded[1])};
      });
  return {shapes.convert(ShapedValue(found[0], dtype, dims), source.dtype), ShapedValue(found[1], i64, dims)};
}

//===----------------------------------------------------------------------===//
// Pools that run time measures
//===----------------------------------------------------------------------===//

FailureOr<MeasuredPool> MeasuredPool::get(ShapeBuilder &shapes, Operation *op, const ShapedValue &source, Value window,
                                          Value stride, Value padding, Value dilation, Value ceilMode) {
  StaticFacts facts;
  MeasuredPool pool(shapes, op, source);
  auto read = [&](Value list, SmallVectorImpl<Value> &numbers) {
    std::optional<SmallVector<Value>> elements = facts.getList(list);
    for (Value element : elements.value_or(SmallVector<Value>()))
      numbers.push_back(arith::IndexCastOp::create(shapes.builder, shapes.loc, shapes.builder.getIndexType(), element));
    return elements.has_value();
  };
  std::optional<bool> ceil = facts.getBool(ceilMode);
  if (!ceil || !read(window, pool.window) || !read(stride, pool.stride) || !read(padding, pool.padding) ||
      (dilation && !read(dilation, pool.dilation)))
    return refuse(op, "the number of dims of the windows is not known");
  pool.ceil = *ceil;
  if (pool.stride.empty())
    pool.stride = pool.window;
  for (auto [list, otherwise] : {std::pair(&pool.stride, 1), std::pair(&pool.padding, 0), std::pair(&pool.dilation, 1)})
    list->resize(pool.space(), list->empty() ? shapes.index(otherwise) : list->front());
  return pool;
}

void MeasuredPool::checkLists() {
  bool isOneDim = space() == 1 && !isa<AvgPoolOp>(op);
  ScalarBuilder s(shapes.builder, shapes.loc, shapes.builder.getI64Type());
  constexpr StringRef axes[] = {"T", "H", "W"};
  auto requirePositive = [&](ArrayRef<Value> numbers, StringRef name, StringRef plural, StringRef letter) {
    Value isWrong = findSmaller(shapes, getAsOpFoldResult(numbers), 1);
    if (!isWrong)
      return;
    if (isOneDim)
      return raiseIf(shapes, isWrong, ("max_pool1d() " + name + " must be greater than zero, but got {}").str(),
                     numbers);
    std::string form = (plural + " should be greater than zero, but got").str();
    if (space() == 1)
      form += (" " + letter + "H: 1").str();
    for (StringRef axis : ArrayRef(axes).take_back(space()))
      form += (" " + letter + axis + ": {}").str();
    raiseIf(shapes, isWrong, form, numbers);
  };
  if (!isOneDim)
    for (Value step : stride)
      raiseIf(shapes, s.eq(step, shapes.index(0)), "stride should not be zero");
  requirePositive(window, "kernel_size", "kernel size", "k");
  requirePositive(stride, "stride", "stride", "d");
  requirePositive(dilation, "dilation", "dilation", "dilation");
  for (int64_t i = 0; i < space(); ++i) {
    raiseIf(shapes, s.lt(padding[i], shapes.index(0)),
            isOneDim ? "max_pool1d() padding must be non-negative, but got {}"
                     : "pad must be non-negative, but got pad: {}",
            padding[i]);
    Value extent = isOneDim ? window[i] : s.add(s.mul(s.sub(window[i], shapes.index(1)), dilation[i]), shapes.index(1));
    Value isTooWide = s.gt(padding[i], s.apply<arith::DivUIOp>(extent, shapes.index(2)));
    if (isOneDim)
      raiseIf(shapes, isTooWide,
              "max_pool1d() padding should be at most half of kernel size, but got padding={} and kernel_size={}",
              {padding[i], window[i]});
    else
      raiseIf(shapes, isTooWide,
              "pad should be at most half of effective kernel size, but got pad={}, kernel_size={} and dilation={}",
              {padding[i], window[i], dilation[i]});
  }
}

void MeasuredPool::check() {
  checkLists();
  ScalarBuilder s(shapes.builder, shapes.loc, shapes.builder.getI64Type());
  int64_t first = source.rank() - space();
  SmallVector<OpFoldResult> before = shapes.sizesOf(source);
  Value one = shapes.index(1);
  for (int64_t i = 0; i < space(); ++i) {
    Value size = shapes.asIndex(before[first + i]);
    Value extent = s.add(s.mul(s.sub(window[i], one), dilation[i]), one);
    Value steps = s.sub(s.add(size, s.mul(padding[i], shapes.index(2))), extent);
    if (ceil)
      steps = s.add(steps, s.sub(stride[i], one));
    Value count = s.add(s.apply<arith::FloorDivSIOp>(steps, stride[i]), one);
    // A last window must start inside the input or its left padding.
    if (ceil)
      count = s.select(s.ge(s.mul(s.sub(count, one), stride[i]), s.add(size, padding[i])), s.sub(count, one), count);
    sizes.push_back(size);
    places.push_back(count);
  }
  if (Value isEmpty = space() < 3 ? findSmaller(shapes, ArrayRef(before).take_back(space() + 1), 1) : Value())
    raiseIf(shapes, isEmpty, getEmptyInputForm(op, space(), source.rank()), getNumbers(shapes, before));
  Value isTooSmall = findSmaller(shapes, getAsOpFoldResult(places), 1);
  if (!isTooSmall)
    return;
  PoolMisfit misfit = getPoolMisfit(op, space());
  SmallVector<Value> shown;
  for (auto [kind, i] : misfit.shown)
    shown.push_back(kind == PoolMisfit::Input    ? shapes.asIndex(before[first + i])
                    : kind == PoolMisfit::Output ? places[i]
                                                 : window[i]);
  raiseIf(shapes, isTooSmall, misfit.form, shown);
}

SmallVector<WindowRange> MeasuredPool::getRanges() {
  SmallVector<WindowRange> ranges(space());
  for (auto [i, range] : llvm::enumerate(ranges)) {
    range.step = dilation[i];
    range.length = window[i];
    range.start = [step = stride[i], border = padding[i]](OpBuilder &b, Location l, Value place) -> Value {
      return arith::SubIOp::create(b, l, arith::MulIOp::create(b, l, place, step), border);
    };
  }
  return ranges;
}

/// The sizes of a result with `places` in the last dims.
static SmallVector<OpFoldResult> getResultSizes(ShapeBuilder &shapes, const ShapedValue &source,
                                                ArrayRef<Value> places) {
  SmallVector<OpFoldResult> sizes = shapes.sizesOf(source);
  llvm::copy(places, sizes.end() - places.size());
  return sizes;
}

std::pair<ShapedValue, ShapedValue> MeasuredPool::findLargest(ArrayRef<AffineExpr> dims) {
  return buildIndexedPool(shapes, source, dims, getResultSizes(shapes, source, places), getRanges());
}

ShapedValue MeasuredPool::average(ArrayRef<AffineExpr> dims, std::optional<int64_t> divisor, bool includePad) {
  Type dtype = getAccumulatorDtype(source.dtype);
  SmallVector<OpFoldResult> resultSizes = getResultSizes(shapes, source, places);
  SmallVector<Value> sums =
      foldWindows(shapes, source, getRanges(), shapes.filled(dtype, resultSizes, 0),
                  [](ScalarBuilder &s, Value element, Value counts, Value, ValueRange folded) -> SmallVector<Value> {
                    return {s.add(folded[0], s.select(counts, element, s.constant(0)))};
                  });
  AffineMap map = shapes.builder.getMultiDimIdentityMap(dims.size());
  return shapes.map(dtype, dims, resultSizes, ShapedValue(sums[0], dtype, dims), map,
                    [&](ScalarBuilder &s, ValueRange args) {
                      return s.div(args[0], divisor ? s.constant(double(*divisor)) : countElements(s, includePad));
                    });
}

Value MeasuredPool::countElements(ScalarBuilder &s, bool includePad) {
  // A window ends with the padding at the latest.
  ScalarBuilder numbers(s.builder, s.loc, s.builder.getI64Type());
  Value total, zero = arith::ConstantIndexOp::create(s.builder, s.loc, 0);
  for (int64_t i = 0; i < space(); ++i) {
    Value place = linalg::IndexOp::create(s.builder, s.loc, source.rank() - space() + i);
    Value start = numbers.sub(numbers.mul(place, stride[i]), padding[i]);
    Value end = numbers.min(numbers.add(start, window[i]), numbers.add(sizes[i], padding[i]));
    if (!includePad) {
      start = numbers.max(start, zero);
      end = numbers.min(end, sizes[i]);
    }
    Value count = numbers.sub(end, start);
    total = total ? numbers.mul(total, count) : count;
  }
  total = arith::IndexCastOp::create(s.builder, s.loc, numbers.dtype, total);
  return convertScalar(s.builder, s.loc, total, numbers.dtype, s.dtype);
}
