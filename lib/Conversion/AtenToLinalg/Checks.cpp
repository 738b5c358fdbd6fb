//===- Checks.cpp - conditions that hold or raise at run time ---------------===//
#include "Checks.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "wick/Dialect/TS/IR/Raise.h"

using namespace mlir;
using namespace wick;

void wick::raiseIf(ShapeBuilder &shapes, Value condition, StringRef message) {
  ts::raiseIf(shapes.builder, shapes.loc, condition, message);
}

void wick::checkIndices(ShapeBuilder &shapes, const ShapedValue &indices, Value size, bool fromEnd) {
  OpBuilder &builder = shapes.builder;
  Location loc = shapes.loc;
  Type i64 = builder.getI64Type();
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, indices.rank()));
  // Of no indices the extrema are numbers that pass.
  ShapedValue least = shapes.fold(i64, indices, all, 0, [](ScalarBuilder &s, ValueRange elements, Value folded) {
    return s.min(folded, elements[0]);
  });
  ShapedValue greatest = shapes.fold(i64, indices, all, -1, [](ScalarBuilder &s, ValueRange elements, Value folded) {
    return s.max(folded, elements[0]);
  });
  ScalarBuilder numbers(builder, loc, i64);
  Value end = arith::IndexCastOp::create(builder, loc, i64, size);
  Value first = fromEnd ? numbers.neg(end) : numbers.constant(0);
  Value low = tensor::ExtractOp::create(builder, loc, least.value, ValueRange());
  Value high = tensor::ExtractOp::create(builder, loc, greatest.value, ValueRange());
  Value outside = arith::OrIOp::create(builder, loc, numbers.lt(low, first), numbers.ge(high, end));
  raiseIf(shapes, outside, "index out of range in self");
}

void wick::checkSizes(ShapeBuilder &shapes, Value size, Value other, bool atMost, StringRef message) {
  std::optional<int64_t> known = getConstantIntValue(size), knownOther = getConstantIntValue(other);
  if (size == other || (known && knownOther && (atMost ? *known <= *knownOther : *known == *knownOther)))
    return;
  auto predicate = atMost ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::ne;
  raiseIf(shapes, arith::CmpIOp::create(shapes.builder, shapes.loc, predicate, size, other), message);
}

void wick::checkSizes(ShapeBuilder &shapes, const ShapedValue &tensor, int64_t i, const ShapedValue &other, int64_t j,
                      bool atMost, StringRef message) {
  if (tensor.dims[i] && tensor.dims[i] == other.dims[j])
    return;
  checkSizes(shapes, shapes.asIndex(shapes.sizeOf(tensor, i)), shapes.asIndex(shapes.sizeOf(other, j)), atMost,
             message);
}

void wick::checkDivisor(ShapeBuilder &shapes, Value divisor, Value converted, Type dtype) {
  if (!isa<IntegerType>(dtype) || dtype.isInteger(1))
    return;
  OpBuilder &builder = shapes.builder;
  Location loc = shapes.loc;
  ScalarBuilder numbers(builder, loc, builder.getI64Type());
  Value isZero;
  if (isa<RankedTensorType>(divisor.getType())) {
    ShapedValue tensor(divisor, converted);
    SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, tensor.rank()));
    ShapedValue found = shapes.fold(numbers.dtype, tensor, all, 0, [](ScalarBuilder &s, ValueRange x, Value folded) {
      return s.select(s.eq(x[0], s.constant(0)), s.constant(1), folded);
    });
    Value count = tensor::ExtractOp::create(builder, loc, found.value, ValueRange());
    isZero = numbers.ne(count, numbers.constant(0));
  } else {
    FailureOr<Value> number = convertNumber(builder, loc, divisor, numbers.dtype);
    if (failed(number) || matchPattern(*number, m_NonZero()))
      return;
    isZero = numbers.eq(*number, numbers.constant(0));
  }
  raiseIf(shapes, isZero, "ZeroDivisionError");
}
