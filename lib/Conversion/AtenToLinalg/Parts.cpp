//===- Parts.cpp - indices and bounds of parts of a dim ---------------------===//
#include "Parts.h"
#include "wick/Dialect/TS/IR/Casts.h"

#include "Checks.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

FailureOr<int64_t> wick::findPartDim(Operation *op, Value dim, int64_t rank) {
  StaticFacts facts;
  std::optional<int64_t> constant = facts.getConstantInt(dim);
  if (!constant || *constant < -rank || *constant >= rank)
    return failure();
  return *constant < 0 ? *constant + rank : *constant;
}

static Value castToIndex(ShapeBuilder &shapes, Value number) {
  number = ts::stripUpcasts(number);
  return arith::IndexCastOp::create(shapes.builder, shapes.loc, shapes.builder.getIndexType(), number);
}

/// index < 0 ? index + size : index.
static Value countFromFront(ShapeBuilder &shapes, Value index, OpFoldResult size) {
  OpBuilder &b = shapes.builder;
  Value negative = arith::CmpIOp::create(b, shapes.loc, arith::CmpIPredicate::slt, index, shapes.index(0));
  Value wrapped = arith::AddIOp::create(b, shapes.loc, index, shapes.asIndex(size));
  return arith::SelectOp::create(b, shapes.loc, negative, wrapped, index);
}

OpFoldResult wick::getPosition(ShapeBuilder &shapes, Value index, OpFoldResult size) {
  StaticFacts facts;
  std::optional<int64_t> constant = facts.getConstantInt(index);
  if (!constant)
    return countFromFront(shapes, castToIndex(shapes, index), size);
  if (*constant >= 0)
    return shapes.builder.getIndexAttr(*constant);
  if (std::optional<int64_t> known = getConstantIntValue(size))
    return shapes.builder.getIndexAttr(*constant + *known);
  return arith::AddIOp::create(shapes.builder, shapes.loc, shapes.asIndex(size), shapes.index(*constant)).getResult();
}

/// A bound of a slice within [0, size], or `missing` where it is None.
static OpFoldResult getBound(ShapeBuilder &shapes, Value bound, OpFoldResult size, OpFoldResult missing) {
  StaticFacts facts;
  if (facts.isNone(bound))
    return missing;
  std::optional<int64_t> constant = facts.getConstantInt(bound), known = getConstantIntValue(size);
  if (constant && known) {
    int64_t value = *constant < 0 ? std::max<int64_t>(*constant + *known, 0) : *constant;
    return shapes.builder.getIndexAttr(std::min(value, *known));
  }
  if (constant && *constant == 0)
    return shapes.builder.getIndexAttr(0);
  OpBuilder &b = shapes.builder;
  Value index = constant ? shapes.index(*constant) : castToIndex(shapes, bound);
  Value wrapped = countFromFront(shapes, index, size);
  Value low = arith::MaxSIOp::create(b, shapes.loc, wrapped, shapes.index(0));
  return arith::MinSIOp::create(b, shapes.loc, low, shapes.asIndex(size)).getResult();
}

FailureOr<SlicedDim> SlicedDim::find(ShapeBuilder &shapes, Operation *op, const ShapedValue &source, Value dim,
                                     Value start, Value end, Value step, const ShapedValue &sliced) {
  StaticFacts facts;
  FailureOr<int64_t> position = findPartDim(op, dim, source.rank());
  if (failed(position))
    return failure();
  OpBuilder &b = shapes.builder;
  OpFoldResult stride;
  if (std::optional<int64_t> constant = facts.getConstantInt(step)) {
    stride = b.getIndexAttr(*constant);
  } else {
    stride = castToIndex(shapes, step);
    Value isWrong =
        arith::CmpIOp::create(b, shapes.loc, arith::CmpIPredicate::sle, shapes.asIndex(stride), shapes.index(0));
    raiseIf(shapes, isWrong, "slice step must be positive");
  }
  OpFoldResult size = shapes.sizeOf(source, *position);
  OpFoldResult first = getBound(shapes, start, size, b.getIndexAttr(0));
  AffineExpr length = sliced.dims[*position];
  bool isComputed = !facts.isNone(end) && !facts.getConstantInt(end);
  if (length && !isComputed)
    return SlicedDim{*position, first, materializeSize(b, shapes.loc, length), stride, length};
  OpFoldResult last = getBound(shapes, end, size, size);
  Value count = arith::SubIOp::create(b, shapes.loc, shapes.asIndex(last), shapes.asIndex(first));
  count = arith::MaxSIOp::create(b, shapes.loc, count, shapes.index(0));
  if (!isConstantIntValue(stride, 1))
    count = arith::CeilDivSIOp::create(b, shapes.loc, count, shapes.asIndex(stride));
  if (length) {
    // Inference takes a computed end to be inside; beyond it PyTorch gives fewer elements than the type says.
    OpFoldResult expected = materializeSize(b, shapes.loc, length);
    Value differs = arith::CmpIOp::create(b, shapes.loc, arith::CmpIPredicate::ne, count, shapes.asIndex(expected));
    raiseIf(shapes, differs, "a slice ends beyond the size of its dim, for which the model was not compiled");
    return SlicedDim{*position, first, expected, stride, length};
  }
  return SlicedDim{*position, first, count, stride, {}};
}
