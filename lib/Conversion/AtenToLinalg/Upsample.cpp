//===- Upsample.cpp - lowerings: larger images ------------------------------===//
//
// As pools, with channels last. Where an element comes from is computed in f32 for
// small floats, as PyTorch does, so that the same element is found.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenPoolingOps.h"

#include "Checks.h"
#include "Patterns.h"
#include "Shapes.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

/// Steps in the source for one step in each dim of space of the result.
std::optional<SmallVector<double>> getFactors(Value list, int64_t space) {
  StaticFacts facts;
  SmallVector<double> factors(space, 0);
  if (facts.isNone(list))
    return factors;
  std::optional<SmallVector<Value>> values = facts.getList(list);
  if (!values || int64_t(values->size()) != space)
    return std::nullopt;
  for (auto [factor, value] : llvm::zip(factors, *values)) {
    std::optional<double> known = facts.getFloat(value);
    if (!known)
      return std::nullopt;
    factor = *known;
  }
  return factors;
}

/// One step along a dim, as a float: the inverse of a factor if there is one, else a ratio of sizes.
Value getStep(ScalarBuilder &s, Value before, Value after, double factor) {
  if (factor > 0)
    return s.constant(isa<Float64Type>(s.dtype) ? 1 / factor : double(float(1 / factor)));
  return s.div(before, after);
}

Value toFloat(ScalarBuilder &s, Value index) {
  Type i64 = s.builder.getI64Type();
  return convertScalar(s.builder, s.loc, arith::IndexCastOp::create(s.builder, s.loc, i64, index), i64, s.dtype);
}

Value toIndex(ScalarBuilder &s, Value number) {
  Value integer = arith::FPToSIOp::create(s.builder, s.loc, s.builder.getI64Type(), number);
  return arith::IndexCastOp::create(s.builder, s.loc, s.builder.getIndexType(), integer);
}

/// The last index of a dim, and the smaller of it and an index.
Value limit(ScalarBuilder &s, Value index, Value size) {
  Value last = arith::SubIOp::create(s.builder, s.loc, size, arith::ConstantIndexOp::create(s.builder, s.loc, 1));
  return arith::MinSIOp::create(s.builder, s.loc, index, last);
}

/// Raises LibTorch's error unless all sizes of space, before and after, are positive.
void checkSpace(ShapeBuilder &shapes, ArrayRef<Value> before, ArrayRef<Value> after) {
  SmallVector<Value> sizes(before);
  llvm::append_range(sizes, after);
  Value isEmpty = findSmaller(shapes, getAsOpFoldResult(sizes), 1);
  if (!isEmpty)
    return;
  SmallVector<StringRef> names = {"D: {}", "H: {}", "W: {}"};
  std::string list = llvm::join(ArrayRef(names).take_back(before.size()), ", ");
  raiseIf(shapes, isEmpty,
          "Input and output sizes should be greater than 0, but got input (" + list +
              (before.size() == 1 ? ") and output (" : ") output (") + list + ")",
          sizes);
}

/// Computes each element of a result [N, space..., C] from the source and its position in it.
template <typename Op, typename Body>
LogicalResult replaceUpsample(Op op, Value converted, ConversionPatternRewriter &rewriter, Body body) {
  ShapeBuilder shapes(rewriter, op.getLoc());
  ShapedValue source(op.getInput(), converted), result(op.getResult(), Value());
  if (llvm::is_contained(source.dims, AffineExpr()) || llvm::is_contained(result.dims, AffineExpr()))
    return refuse(op, "a size is not known");
  SmallVector<int64_t> last = {0}, first = {0, source.rank() - 1};
  for (int64_t i = 2; i < source.rank(); ++i) {
    last.push_back(i);
    first.push_back(i - 1);
  }
  last.push_back(1);
  ShapedValue image = shapes.transpose(source, last);
  SmallVector<AffineExpr> dims = llvm::map_to_vector(last, [&](int64_t dim) { return result.dims[dim]; });
  SmallVector<Value> before, after;
  for (int64_t i = 0; i < image.rank(); ++i) {
    before.push_back(shapes.asIndex(shapes.sizeOf(image, i)));
    after.push_back(shapes.asIndex(materializeSize(rewriter, op.getLoc(), dims[i])));
  }
  checkSpace(shapes, ArrayRef(before).drop_front().drop_back(), ArrayRef(after).drop_front().drop_back());
  ShapedValue upsampled = shapes.map(image.dtype, dims, {}, {}, {}, [&](ScalarBuilder &s, ValueRange) {
    SmallVector<Value> position;
    for (int64_t i = 0; i < image.rank(); ++i)
      position.push_back(linalg::IndexOp::create(s.builder, s.loc, i));
    return body(s, image, position, before, after);
  });
  rewriter.replaceOp(op, toResult(shapes, shapes.transpose(upsampled, first), op.getResult()));
  return success();
}

Value readElement(ScalarBuilder &s, const ShapedValue &image, ArrayRef<Value> position) {
  return fromStorage(s.builder, s.loc, tensor::ExtractOp::create(s.builder, s.loc, image.value, position), image.dtype);
}

/// Coordinates are f32, and f64 for f64 elements.
ScalarBuilder getCoordinates(ScalarBuilder &s) {
  Type dtype = isa<FloatType>(s.dtype) ? getAccumulatorDtype(s.dtype) : Type(s.builder.getF32Type());
  return ScalarBuilder(s.builder, s.loc, dtype);
}

struct NearestLowering : OpConversionPattern<UpsampleNearestOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(UpsampleNearestOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto factors = getFactors(op.getScaleFactors(), getOriginalType(op.getInput()).getRank() - 2);
    if (!factors)
      return refuse(op, "the factors are not constant");
    return replaceUpsample(op, adaptor.getInput(), rewriter,
                           [&](ScalarBuilder &s, const ShapedValue &image, SmallVector<Value> position,
                               ArrayRef<Value> before, ArrayRef<Value> after) {
                             ScalarBuilder c(s.builder, s.loc, s.builder.getF32Type());
                             for (size_t i = 0; i < factors->size(); ++i) {
                               Value &place = position[1 + i];
                               Value step =
                                   getStep(c, toFloat(c, before[1 + i]), toFloat(c, after[1 + i]), (*factors)[i]);
                               Value source = c.apply<math::FloorOp>(c.mul(toFloat(c, place), step));
                               place = limit(c, toIndex(c, source), before[1 + i]);
                             }
                             return readElement(s, image, position);
                           });
  }
};

struct BilinearLowering : OpConversionPattern<UpsampleBilinearOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(UpsampleBilinearOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    auto factors = getFactors(op.getScaleFactors(), 2);
    std::optional<bool> align = facts.getBool(op.getAlignCorners());
    if (!factors)
      return refuse(op, "the factors are not constant");
    if (!isa<FloatType>(getOriginalType(op.getInput()).getElementType()))
      return refuse(op, "it is an image of bytes");
    auto body = [&](ScalarBuilder &s, const ShapedValue &image, SmallVector<Value> position, ArrayRef<Value> before,
                    ArrayRef<Value> after) {
      ScalarBuilder c = getCoordinates(s);
      // The element before and the one after each coordinate, and the share of the latter.
      Value low[2], high[2], share[2];
      for (int i = 0; i < 2; ++i) {
        auto place = [&](bool align) {
          return getCoordinate(c, position[1 + i], before[1 + i], after[1 + i], (*factors)[i], align);
        };
        Value source = place(align.value_or(false));
        if (!align) {
          Value aligned = place(true);
          source = arith::SelectOp::create(c.builder, c.loc, op.getAlignCorners(), aligned, source);
        }
        Value floor = c.apply<math::FloorOp>(source);
        low[i] = limit(c, toIndex(c, floor), before[1 + i]);
        Value next =
            arith::AddIOp::create(c.builder, c.loc, low[i], arith::ConstantIndexOp::create(c.builder, c.loc, 1));
        high[i] = limit(c, next, before[1 + i]);
        share[i] = c.sub(source, floor);
      }
      auto read = [&](Value y, Value x) { return readElement(s, image, {position[0], y, x, position[3]}); };
      auto mix = [&](Value a, Value b, Value part) {
        return c.add(c.mul(c.sub(c.constant(1), part), a), c.mul(part, b));
      };
      Value top = mix(read(low[0], low[1]), read(low[0], high[1]), share[1]);
      Value bottom = mix(read(high[0], low[1]), read(high[0], high[1]), share[1]);
      return mix(top, bottom, share[0]);
    };
    return replaceUpsample(op, adaptor.getInput(), rewriter, body);
  }

  static Value getCoordinate(ScalarBuilder &c, Value place, Value before, Value after, double factor, bool align) {
    Value at = toFloat(c, place), size = toFloat(c, before), count = toFloat(c, after);
    if (align) {
      Value one = c.constant(1);
      Value step = c.div(c.sub(size, one), c.max(c.sub(count, one), one));
      return c.mul(at, step);
    }
    Value step = getStep(c, size, count, factor), half = c.constant(0.5);
    return c.max(c.sub(c.mul(c.add(at, half), step), half), c.constant(0));
  }
};

} // namespace

void wick::populateUpsamplePatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<NearestLowering, BilinearLowering>(converter, patterns.getContext());
}
