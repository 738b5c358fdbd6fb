//===- Checks.cpp - conditions that hold or raise at run time ---------------===//
#include "Checks.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace wick;

void wick::raiseIf(ShapeBuilder &shapes, Value condition, StringRef message) {
  ts::raiseIf(shapes.builder, shapes.loc, condition, message);
}

void wick::raiseIf(ShapeBuilder &shapes, Value condition, StringRef form, ArrayRef<Value> numbers) {
  ts::raiseIf(shapes.builder, shapes.loc, condition, form, numbers);
}

void wick::checkOverflow(ShapeBuilder &shapes, Value number, Type dtype) {
  number = ts::stripUpcasts(number);
  Type kind = number.getType();
  bool isInt = kind.isInteger(64);
  if ((!isInt && !kind.isF64()) || !isa<IntegerType, FloatType>(dtype) || dtype.isInteger(1) || dtype == kind)
    return;
  OpBuilder &b = shapes.builder;
  auto compare = [&](auto integers, auto floats, Value a, double limit) -> Value {
    if (isInt)
      return b.createOrFold<arith::CmpIOp>(shapes.loc, integers, a,
                                           arith::ConstantOp::create(b, shapes.loc, b.getI64IntegerAttr(limit)));
    return b.createOrFold<arith::CmpFOp>(shapes.loc, floats, a,
                                         arith::ConstantOp::create(b, shapes.loc, b.getF64FloatAttr(limit)));
  };
  Value isOutside;
  if (auto type = dyn_cast<FloatType>(dtype)) {
    // Infinity and NaN are numbers of the dtype; only the narrowest is too small for integers.
    double largest = APFloat::getLargest(type.getFloatSemantics()).convertToDouble();
    if (isInt && largest >= std::ldexp(1.0, 63))
      return;
    if (isInt) {
      isOutside = b.createOrFold<arith::OrIOp>(
          shapes.loc, compare(arith::CmpIPredicate::slt, arith::CmpFPredicate::OLT, number, -largest),
          compare(arith::CmpIPredicate::sgt, arith::CmpFPredicate::OGT, number, largest));
    } else {
      Value magnitude = b.createOrFold<math::AbsFOp>(shapes.loc, number);
      isOutside = b.createOrFold<arith::AndIOp>(
          shapes.loc, compare(arith::CmpIPredicate::sgt, arith::CmpFPredicate::OGT, magnitude, largest),
          compare(arith::CmpIPredicate::ne, arith::CmpFPredicate::ONE, magnitude, INFINITY));
    }
  } else {
    bool isUnsigned = dtype.isUnsignedInteger();
    unsigned width = dtype.getIntOrFloatBitWidth();
    double high = std::ldexp(1.0, width - (isUnsigned ? 0 : 1)) - 1;
    // A negative integer wraps around where its magnitude is one of the dtype.
    double low = !isUnsigned ? -high - 1 : isInt ? -high : 0;
    isOutside = b.createOrFold<arith::OrIOp>(
        shapes.loc, compare(arith::CmpIPredicate::slt, arith::CmpFPredicate::ULT, number, low),
        compare(arith::CmpIPredicate::sgt, arith::CmpFPredicate::UGT, number, high));
  }
  if (matchPattern(isOutside, m_Zero()))
    return;
  std::string cpp = aten::getCppName(dtype);
  StringRef name = llvm::StringSwitch<StringRef>(aten::getScalarTypeName(dtype))
                       .Case("Char", "int8_t")
                       .Case("Byte", "uint8_t")
                       .Case("Short", "int16_t")
                       .Case("Long", "int64_t")
                       .Default(cpp);
  raiseIf(shapes, isOutside, ("value cannot be converted to type " + name + " without overflow").str());
}

/// Whether a number counts a loop that ends where a dim does.
static bool countsDim(Value index, AffineExpr size) {
  Value counter = index;
  if (auto cast = index.getDefiningOp<arith::IndexCastOp>())
    counter = cast.getIn();
  auto argument = dyn_cast<BlockArgument>(counter);
  auto loop = argument ? dyn_cast_or_null<scf::ForOp>(argument.getOwner()->getParentOp()) : scf::ForOp();
  if (!loop || argument != loop.getInductionVar() || getConstantIntValue(loop.getLowerBound()).value_or(-1) < 0)
    return false;
  Value end = loop.getUpperBound();
  if (auto cast = end.getDefiningOp<arith::IndexCastOp>())
    end = cast.getIn();
  std::optional<int64_t> knownEnd = getConstantIntValue(end), knownSize = aten::getConstant(size);
  if (knownEnd && knownSize)
    return *knownEnd <= *knownSize;
  if (auto symbol = end.getDefiningOp<ts::SymbolOp>())
    return size == getAffineSymbolExpr(symbol.getNumber(), symbol.getContext());
  return size && aten::StaticFacts().getInt(end) == size;
}

void wick::checkPosition(ShapeBuilder &shapes, Value index, const ShapedValue &source, int64_t dim) {
  OpBuilder &b = shapes.builder;
  std::optional<int64_t> constant = aten::StaticFacts().getConstantInt(index), known = source.size(dim);
  if (constant && known && *constant >= -*known && *constant < *known)
    return;
  index = ts::stripUpcasts(index);
  if (countsDim(index, source.dims[dim]))
    return;
  SmallVector<Value> numbers{index};
  for (OpFoldResult size : shapes.sizesOf(source))
    numbers.push_back(shapes.asIndex(size));
  // As an unsigned number, index + size is below 2 * size where the index is in range.
  Value size = arith::IndexCastOp::create(b, shapes.loc, b.getI64Type(), numbers[1 + dim]);
  ScalarBuilder i64(b, shapes.loc, b.getI64Type());
  Value outside =
      arith::CmpIOp::create(b, shapes.loc, arith::CmpIPredicate::uge, i64.add(index, size), i64.add(size, size));
  raiseIf(shapes, outside,
          "select(): index {} out of range for tensor of size " + ts::getListForm(source.rank()) + " at dimension " +
              std::to_string(dim),
          numbers);
}

void wick::checkRange(ShapeBuilder &shapes, Value asked, OpFoldResult start, OpFoldResult length, OpFoldResult size) {
  std::optional<int64_t> first = getConstantIntValue(start), count = getConstantIntValue(length),
                         known = getConstantIntValue(size);
  if (first && count && known && *first >= 0 && *count >= 0 && *first + *count <= *known)
    return;
  OpBuilder &b = shapes.builder;
  Value from = shapes.asIndex(start), number = shapes.asIndex(length), whole = shapes.asIndex(size);
  auto compare = [&](arith::CmpIPredicate predicate, Value a, Value b) {
    return arith::CmpIOp::create(shapes.builder, shapes.loc, predicate, a, b).getResult();
  };
  if (!count || *count < 0)
    raiseIf(shapes, compare(arith::CmpIPredicate::slt, number, shapes.index(0)),
            "narrow(): length must be non-negative.");
  // As an unsigned number, a start before the front is beyond the end too.
  Value rest = arith::SubIOp::create(b, shapes.loc, whole, number);
  Value isOutside = arith::OrIOp::create(b, shapes.loc, compare(arith::CmpIPredicate::slt, rest, shapes.index(0)),
                                         compare(arith::CmpIPredicate::ugt, from, rest));
  auto branch = scf::IfOp::create(b, shapes.loc, isOutside, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  raiseIf(shapes, compare(arith::CmpIPredicate::ugt, from, whole),
          "start out of range (expected to be in range of [-{}, {}], but got {})", {whole, whole, asked});
  ts::raise(b, shapes.loc, "start ({}) + length ({}) exceeds dimension size ({}).", {from, number, whole});
}

void wick::checkIndices(ShapeBuilder &shapes, const ShapedValue &indices, Value size, bool fromEnd,
                        std::optional<int64_t> dim) {
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
  if (!dim)
    return raiseIf(shapes, outside, "index out of range in self");
  Value isEmpty = numbers.eq(end, numbers.constant(0));
  raiseIf(shapes, arith::AndIOp::create(builder, loc, outside, isEmpty),
          "index is out of bounds for dimension with size 0");
  std::string form = "index {} is out of bounds for dimension " + std::to_string(*dim) + " with size {}";
  raiseIf(shapes, outside, form, {numbers.select(numbers.lt(low, first), low, high), end});
}

void wick::checkSizes(ShapeBuilder &shapes, Value size, Value other, bool atMost, StringRef message,
                      ArrayRef<Value> numbers) {
  std::optional<int64_t> known = getConstantIntValue(size), knownOther = getConstantIntValue(other);
  if (size == other || (known && knownOther && (atMost ? *known <= *knownOther : *known == *knownOther)))
    return;
  auto predicate = atMost ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::ne;
  Value isWrong = arith::CmpIOp::create(shapes.builder, shapes.loc, predicate, size, other);
  if (numbers.empty())
    return raiseIf(shapes, isWrong, message);
  raiseIf(shapes, isWrong, message, numbers);
}

void wick::checkSizes(ShapeBuilder &shapes, const ShapedValue &tensor, int64_t i, const ShapedValue &other, int64_t j,
                      bool atMost, StringRef message, ArrayRef<Value> numbers) {
  if (tensor.dims[i] && tensor.dims[i] == other.dims[j])
    return;
  checkSizes(shapes, shapes.asIndex(shapes.sizeOf(tensor, i)), shapes.asIndex(shapes.sizeOf(other, j)), atMost, message,
             numbers);
}

Value wick::findSmaller(ShapeBuilder &shapes, ArrayRef<OpFoldResult> sizes, int64_t least) {
  Value found;
  for (OpFoldResult size : sizes) {
    if (getConstantIntValue(size).value_or(least - 1) >= least)
      continue;
    Value isSmaller = arith::CmpIOp::create(shapes.builder, shapes.loc, arith::CmpIPredicate::slt, shapes.asIndex(size),
                                            shapes.index(least));
    found = found ? arith::OrIOp::create(shapes.builder, shapes.loc, found, isSmaller).getResult() : isSmaller;
  }
  return found;
}

void wick::checkNotNegative(ShapeBuilder &shapes, ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> all) {
  for (OpFoldResult size : sizes) {
    Value isNegative = findSmaller(shapes, size, 0);
    if (!isNegative)
      continue;
    SmallVector<Value> numbers = {shapes.asIndex(size)};
    llvm::append_range(numbers, getNumbers(shapes, all));
    raiseIf(shapes, isNegative, "Trying to create tensor with negative dimension {}: " + ts::getListForm(all.size()),
            numbers);
  }
}

SmallVector<Value> wick::getNumbers(ShapeBuilder &shapes, ArrayRef<OpFoldResult> sizes) {
  return llvm::map_to_vector(sizes, [&](OpFoldResult size) { return shapes.asIndex(size); });
}

SmallVector<Value> wick::getNumbers(ShapeBuilder &shapes, const ShapedValue &tensor) {
  return getNumbers(shapes, shapes.sizesOf(tensor));
}

void wick::checkDivisor(ShapeBuilder &shapes, ValueRange operands, ValueRange converted, Type dtype) {
  if (!isa<IntegerType>(dtype) || dtype.isInteger(1))
    return;
  OpBuilder &builder = shapes.builder;
  Location loc = shapes.loc;
  ScalarBuilder numbers(builder, loc, builder.getI64Type());
  Value divisor = operands[1], isZero;
  if (isa<RankedTensorType>(divisor.getType())) {
    ShapedValue tensor(divisor, converted[1]);
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
  // Nothing is divided where there are no elements.
  Value isEmpty = isa<RankedTensorType>(operands[0].getType())
                      ? findSmaller(shapes, shapes.sizesOf(ShapedValue(operands[0], converted[0])), 1)
                      : Value();
  if (isEmpty)
    isZero = arith::AndIOp::create(builder, loc, isZero, createNot(builder, loc, isEmpty));
  raiseIf(shapes, isZero, "ZeroDivisionError");
}
