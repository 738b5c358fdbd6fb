//===- AtenElementwiseOps.cpp - type rules of arithmetic and comparison
//-----===//
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/Aten/IR/TypeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.cpp.inc"

void AtenDialect::registerElementwiseOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.cpp.inc"
      >();
}

LogicalResult DivOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  if (!facts.isNone(getRoundingMode()) && !facts.getString(getRoundingMode())) {
    types.push_back(ts::TensorType::get(getContext()));
    return success();
  }
  DtypeRule rule = facts.isNone(getRoundingMode()) ? DtypeRule::Float : DtypeRule::Promoted;
  return inferPointwise(*this, facts, {getSelf(), getOther()}, rule, types);
}

/// The type of `self` with the dtype that a `ScalarType` operand gives, if any.
static Type convertTo(Facts &facts, Value self, Value dtype) {
  ts::TensorType type = facts.getTensor(self);
  return ts::TensorType::get(self.getContext(), type.getHasRank(), type.getDims(),
                             getDtypeOr(facts, dtype, type.getDtype()));
}

LogicalResult ToOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  if (facts.isNone(getOther())) {
    types.push_back(convertTo(facts, getSelf(), getDtype()));
    return success();
  }
  ts::TensorType type = facts.getTensor(getSelf());
  types.push_back(
      ts::TensorType::get(getContext(), type.getHasRank(), type.getDims(), facts.getTensor(getOther()).getDtype()));
  return success();
}

FailureOr<SmallVector<Value>> ToOp::decompose(OpBuilder &builder, Facts &facts) {
  if (facts.isNone(getCopy()) || facts.getBool(getCopy()) != true)
    return failure();
  Value dtype = getDtype();
  if (!facts.isNone(getOther())) {
    Type type = facts.getTensor(getOther()).getDtype();
    std::optional<int64_t> number = type ? ts::getScalarTypeNumber(type) : std::nullopt;
    if (!number)
      return failure();
    dtype = buildInt(builder, getLoc(), *number);
  }
  auto made = ToCopyOp::create(builder, getLoc(), getResult().getType(), getSelf(), dtype);
  if (Attribute format = getOperation()->getAttr(kMemoryFormatAttr))
    made->setAttr(kMemoryFormatAttr, format);
  return SmallVector<Value>{made};
}

LogicalResult ToCopyOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  types.push_back(convertTo(facts, getSelf(), getDtype()));
  return success();
}
