//===- RepeatedWrites.cpp - writes through views that repeat elements --------===//
#include "wick/Dialect/Aten/IR/RepeatedWrites.h"

#include "wick/Dialect/Aten/IR/AtenCreationOps.h"
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h"
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/AtenReductionOps.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {
/// Makes operators on values, whose types follow from those of their operands.
class ValueBuilder {
public:
  ValueBuilder(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  template <typename Op, typename... Operands> Value create(Operands... operands) {
    auto op = Op::create(builder, loc, ts::TensorType::get(builder.getContext()), operands...);
    StaticFacts facts;
    SmallVector<Type> types;
    if (succeeded(op.inferResultTypes(facts, types)))
      op->getResult(0).setType(cast<ts::TensorType>(types[0]).getValueType());
    return op->getResult(0);
  }
  Value integer(int64_t value) { return buildInt(builder, loc, value); }
  Value none() { return ts::NoneOp::create(builder, loc); }
  Value count(Value tensor) { return ts::NumelOp::create(builder, loc, builder.getI64Type(), tensor); }
  Value flatten(Value tensor) { return create<FlattenOp>(tensor, integer(0), integer(-1)); }
  Value reshape(Value tensor, Value other) { return create<ViewAsOp>(tensor, other); }

  OpBuilder &builder;
  Location loc;
};
} // namespace

Value aten::buildPositions(OpBuilder &builder, Location loc, Value base) {
  ValueBuilder b(builder, loc);
  return b.reshape(b.create<ArangeOp>(b.none(), b.count(base), b.none(), b.none()), base);
}

Value aten::buildIsRepeated(OpBuilder &builder, Location loc, Value base, Value positions) {
  ValueBuilder b(builder, loc);
  Value index = b.flatten(positions),
        none = b.flatten(b.create<ZerosLikeOp>(base, b.integer(*ts::getScalarTypeNumber(builder.getI64Type()))));
  Value counts = b.create<ScatterAddOp>(none, b.integer(0), index, b.create<OnesLikeOp>(index, b.none()));
  Value isMore = b.create<GtOp>(counts, b.integer(1));
  return ts::ItemOp::create(builder, loc, builder.getI1Type(), b.create<AnyOp>(isMore, b.none(), b.none()));
}

/// Whether elements of two tensors differ; NaN is as NaN.
static Value buildDiffers(ValueBuilder &b, Value update, Value before) {
  Value differs = b.create<NeOp>(update, before);
  Type dtype = cast<RankedTensorType>(update.getType()).getElementType();
  if (!isa<FloatType, ComplexType>(dtype))
    return differs;
  Value isNumber = b.create<LogicalOrOp>(b.create<EqOp>(update, update), b.create<EqOp>(before, before));
  return b.create<LogicalAndOp>(differs, isNumber);
}

Value aten::buildWriteAt(OpBuilder &builder, Location loc, Value base, Value positions, Value update, Value before) {
  ValueBuilder b(builder, loc);
  Value target = b.flatten(base), count = b.count(base);
  if (before) {
    // What stays goes to a place behind the others.
    positions = b.create<WhereOp>(buildDiffers(b, update, before), positions, count);
    target = b.create<ConstantPadOp>(target, buildIntList(builder, loc, {0, 1}), b.integer(0));
  }
  Value written = b.create<ScatterOp>(target, b.integer(0), b.flatten(positions), b.flatten(update));
  if (before)
    written = b.create<SliceOp>(written, b.integer(0), b.integer(0), count, b.integer(1));
  return b.reshape(written, base);
}
