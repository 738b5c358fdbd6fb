//===- Attention.cpp - lowerings: scaled dot product attention --------------===//
//
// Two products with a softmax between them, which together the attention strategy
// computes without the scores in memory:
//
//   scores = query x key^T              generic over batch dims, m, n, k
//   scores = scores * scale + mask      generic
//   weights = softmax(scores)           linalg.softmax
//   result = weights x value            generic over batch dims, m, n, k
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenAttentionOps.h"

#include "Broadcast.h"
#include "Patterns.h"
#include "Products.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

struct AttentionLowering : OpConversionPattern<ScaledDotProductAttentionOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(ScaledDotProductAttentionOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue query(op.getQuery(), adaptor.getQuery()), key(op.getKey(), adaptor.getKey()),
        value(op.getValue(), adaptor.getValue()), mask;
    if (!facts.isNone(op.getAttnMask()))
      mask = ShapedValue(op.getAttnMask(), adaptor.getAttnMask());
    std::optional<bool> causal = facts.getBool(op.getIsCausal()), grouped = facts.getBool(op.getEnableGqa());
    if (facts.getFloat(op.getDropoutP()) != 0.0)
      return refuse(op, "dropout is not lowered");
    if (!grouped)
      return refuse(op, "whether heads are grouped is not known");
    if (*grouped && failed(groupHeads(shapes, query, key, value)))
      return refuse(op, "the numbers of heads are not known");
    FailureOr<Value> scale = getScale(shapes, op, query);
    if (failed(scale))
      return refuse(op, "the scale is no number");

    ShapedValue scores =
        scaleScores(shapes, buildMatmul(shapes, query, key, /*transposeRhs=*/true, /*broadcasts=*/true), *scale, mask,
                    causal == false ? Value() : op.getIsCausal());
    Value empty = shapes.empty(scores.dtype, shapes.sizesOf(scores));
    auto softmax = linalg::SoftmaxOp::create(rewriter, op.getLoc(), TypeRange(empty.getType()), scores.value, empty,
                                             uint64_t(scores.rank() - 1));
    ShapedValue weights(softmax->getResult(0), scores.dtype, scores.dims);
    ShapedValue result = buildMatmul(shapes, weights, shapes.convert(value, scores.dtype), /*transposeRhs=*/false,
                                     /*broadcasts=*/true);
    result = shapes.reshape(result, ShapedValue(op.getResult(), Value()).dims, shapes.sizesOf(result));
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }

  /// Splits the heads of the query by those of key and value, which get a dim of size one beside theirs.
  static LogicalResult groupHeads(ShapeBuilder &shapes, ShapedValue &query, ShapedValue &key, ShapedValue &value) {
    int64_t head = query.rank() - 3;
    if (head < 0 || !query.size(head) || key.rank() != query.rank() || value.rank() != query.rank() ||
        !key.size(head) || key.size(head) != value.size(head) || *query.size(head) % *key.size(head) != 0)
      return failure();
    int64_t repeats = *query.size(head) / *key.size(head);
    auto split = [&](ShapedValue &tensor, int64_t inner) {
      SmallVector<AffineExpr> dims = tensor.dims;
      dims[head] = shapes.expr(*key.size(head));
      dims.insert(dims.begin() + head + 1, shapes.expr(inner));
      tensor = shapes.reshape(tensor, dims);
    };
    split(query, repeats);
    split(value, 1);
    split(key, 1);
    return success();
  }

  /// The scale in the accumulator's compute form: given, or one over the root of the size of the last dim.
  static FailureOr<Value> getScale(ShapeBuilder &shapes, ScaledDotProductAttentionOp op, const ShapedValue &query) {
    StaticFacts facts;
    Type dtype = getAccumulatorDtype(query.dtype);
    if (!facts.isNone(op.getScale()))
      return convertNumber(shapes.builder, shapes.loc, op.getScale(), dtype);
    int64_t last = query.rank() - 1;
    if (std::optional<int64_t> size = query.size(last))
      return createConstant(shapes.builder, shapes.loc, dtype, 1 / std::sqrt(double(*size)));
    Type i64 = shapes.builder.getI64Type(), f64 = shapes.builder.getF64Type();
    Value size = shapes.asIndex(shapes.sizeOf(query, last));
    size = arith::IndexCastOp::create(shapes.builder, shapes.loc, i64, size);
    ScalarBuilder s(shapes.builder, shapes.loc, f64);
    Value root = s.apply<math::SqrtOp>(convertScalar(shapes.builder, shapes.loc, size, i64, f64));
    return convertScalar(shapes.builder, shapes.loc, s.div(s.constant(1), root), f64, dtype);
  }

  /// scores * scale, plus the mask, and -inf where nothing is to be seen. `causal` is null where attention never is.
  static ShapedValue scaleScores(ShapeBuilder &shapes, const ShapedValue &scores, Value scale, ShapedValue mask,
                                 Value causal) {
    SmallVector<ShapedValue> operands = {scores};
    SmallVector<AffineMap> maps = {shapes.builder.getMultiDimIdentityMap(scores.rank())};
    if (mask) {
      // With grouped heads the mask is split like the query; its dims are those of the scores from the end otherwise.
      if (mask.rank() > 2 && scores.rank() > mask.rank() && !isConstant(mask.dims[mask.rank() - 3], 1)) {
        SmallVector<AffineExpr> dims = mask.dims;
        dims[mask.rank() - 3] = scores.dims[scores.rank() - 4];
        dims.insert(dims.begin() + mask.rank() - 2, scores.dims[scores.rank() - 3]);
        if (isConstant(divideExactly(mask.dims[mask.rank() - 3], dims[mask.rank() - 3] * dims[mask.rank() - 2]), 1))
          mask = shapes.reshape(mask, dims, shapes.sizesOf(mask));
      }
      mask = broadcastTo(shapes, mask, scores.dims, shapes.sizesOf(scores), Misfit::Second);
      operands.push_back(mask);
      SmallVector<AffineExpr> exprs;
      for (int64_t i = 0; i < mask.rank(); ++i) {
        int64_t dim = scores.rank() - mask.rank() + i;
        bool repeats = isConstant(mask.dims[i], 1) && !isConstant(scores.dims[dim], 1);
        exprs.push_back(repeats ? shapes.expr(0) : shapes.dim(dim));
      }
      maps.push_back(AffineMap::get(scores.rank(), 0, exprs, shapes.builder.getContext()));
    }
    Type dtype = scores.dtype;
    return shapes.map(dtype, scores.dims, shapes.sizesOf(scores), operands, maps,
                      [&](ScalarBuilder &s, ValueRange args) {
                        Value result = s.mul(args[0], scale);
                        Value hidden = createConstant(s.builder, s.loc, dtype, -INFINITY);
                        if (mask && mask.dtype.isInteger(1))
                          result = s.select(args[1], result, hidden);
                        else if (mask)
                          result = s.add(result, convertScalar(s.builder, s.loc, args[1], mask.dtype, dtype));
                        if (causal) {
                          Value row = linalg::IndexOp::create(s.builder, s.loc, scores.rank() - 2);
                          Value column = linalg::IndexOp::create(s.builder, s.loc, scores.rank() - 1);
                          Value seen = arith::CmpIOp::create(s.builder, s.loc, arith::CmpIPredicate::ule, column, row);
                          if (!matchPattern(causal, m_One())) // which only run time knows
                            seen = s.select(causal, seen, createConstant(s.builder, s.loc, causal.getType(), 1));
                          result = s.select(seen, result, hidden);
                        }
                        return result;
                      });
  }
};

} // namespace

void wick::populateAttentionPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<AttentionLowering>(converter, patterns.getContext());
}
