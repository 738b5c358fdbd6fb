//===- Utils.cpp - what the lowerings of tensor operators share
//-------------===//
#include "Utils.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/Sizes.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

using namespace mlir;
using namespace wick;

LogicalResult wick::refuse(Operation *op, const Twine &reason) {
  op->emitRemark() << reason;
  return failure();
}

//===----------------------------------------------------------------------===//
// Types and sizes
//===----------------------------------------------------------------------===//

Type wick::getStorageType(Type dtype) {
  if (dtype.isInteger(1) || dtype.isUnsignedInteger(8))
    return IntegerType::get(dtype.getContext(), 8);
  return dtype;
}

Type wick::getComputeType(Type dtype) {
  if (dtype.isF16() || dtype.isBF16())
    return Float32Type::get(dtype.getContext());
  return dtype.isInteger(1) ? dtype : getStorageType(dtype);
}

RankedTensorType wick::getStorageTensor(RankedTensorType original) {
  return RankedTensorType::get(original.getShape(), getStorageType(original.getElementType()));
}

RankedTensorType wick::getOriginalType(Value value) { return cast<RankedTensorType>(value.getType()); }

SmallVector<AffineExpr> wick::getDimExprs(RankedTensorType original) {
  return llvm::to_vector(ts::TensorType::getFromValueType(original).getDims());
}

OpFoldResult wick::materializeSize(OpBuilder &builder, Location loc, AffineExpr size) {
  if (auto constant = dyn_cast<AffineConstantExpr>(size))
    return builder.getIndexAttr(constant.getValue());
  return materializeSizeValue(builder, loc, size);
}

Value wick::materializeSizeValue(OpBuilder &builder, Location loc, AffineExpr size) {
  return ts::materializeSize(builder, loc, size, builder.getIndexType());
}

SmallVector<OpFoldResult> wick::getMixedSizes(OpBuilder &builder, Location loc, RankedTensorType original,
                                              Value value) {
  SmallVector<OpFoldResult> sizes;
  for (auto [i, size] : llvm::enumerate(getDimExprs(original))) {
    assert((size || value) && "a size that is not known must be measured");
    sizes.push_back(size ? materializeSize(builder, loc, size)
                         : tensor::DimOp::create(builder, loc, value, i).getResult());
  }
  return sizes;
}

Value wick::createEmpty(OpBuilder &builder, Location loc, RankedTensorType original, Value sameShape) {
  return tensor::EmptyOp::create(builder, loc, getMixedSizes(builder, loc, original, sameShape),
                                 getStorageType(original.getElementType()));
}

Value wick::createFill(OpBuilder &builder, Location loc, Value value, RankedTensorType original, Value sameShape) {
  Value empty = createEmpty(builder, loc, original, sameShape);
  return linalg::FillOp::create(builder, loc, value, empty).getResult(0);
}

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

Value wick::createConstant(OpBuilder &builder, Location loc, Type dtype, double value) {
  Type type = getComputeType(dtype);
  if (auto complex = dyn_cast<ComplexType>(type)) {
    Attribute parts[] = {builder.getFloatAttr(complex.getElementType(), value),
                         builder.getFloatAttr(complex.getElementType(), 0)};
    return complex::ConstantOp::create(builder, loc, type, builder.getArrayAttr(parts));
  }
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, value));
  return createIntConstant(builder, loc, dtype, int64_t(value));
}

Value wick::createNot(OpBuilder &builder, Location loc, Value flag) {
  Value isTrue = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
  return builder.createOrFold<arith::XOrIOp>(loc, flag, isTrue);
}

Value wick::createIntConstant(OpBuilder &builder, Location loc, Type dtype, int64_t value) {
  Type type = getComputeType(dtype);
  if (isa<FloatType, ComplexType>(type))
    return createConstant(builder, loc, dtype, double(value));
  APInt bits(64, value, /*isSigned=*/true);
  return arith::ConstantOp::create(builder, loc,
                                   builder.getIntegerAttr(type, bits.trunc(type.getIntOrFloatBitWidth())));
}

Value wick::fromStorage(OpBuilder &builder, Location loc, Value value, Type dtype) {
  Type type = getComputeType(dtype);
  if (value.getType() == type)
    return value;
  if (isa<FloatType>(type))
    return arith::ExtFOp::create(builder, loc, type, value);
  return arith::TruncIOp::create(builder, loc, type, value);
}

Value wick::toStorage(OpBuilder &builder, Location loc, Value value, Type dtype) {
  Type type = getStorageType(dtype);
  if (value.getType() == type)
    return value;
  if (isa<FloatType>(type))
    return arith::TruncFOp::create(builder, loc, type, value);
  return arith::ExtUIOp::create(builder, loc, type, value);
}

static Type getPartType(Type complex) { return cast<ComplexType>(complex).getElementType(); }

Value wick::convertScalar(OpBuilder &builder, Location loc, Value value, Type from, Type to) {
  Type source = getComputeType(from), target = getComputeType(to);
  if (from == to || (source == target && from.isUnsignedInteger() == to.isUnsignedInteger()))
    return value;
  if (to.isInteger(1))
    return ScalarBuilder(builder, loc, from).ne(value, createConstant(builder, loc, from, 0));
  if (auto complex = dyn_cast<ComplexType>(from)) {
    ScalarBuilder s(builder, loc, from);
    Type part = complex.getElementType();
    Value real = convertScalar(builder, loc, s.real(value), part, isa<ComplexType>(to) ? getPartType(to) : to);
    if (!isa<ComplexType>(to))
      return real;
    Value imag = convertScalar(builder, loc, s.imag(value), part, getPartType(to));
    return ScalarBuilder(builder, loc, to).complex(real, imag);
  }
  if (isa<ComplexType>(to)) {
    Value real = convertScalar(builder, loc, value, from, getPartType(to));
    return ScalarBuilder(builder, loc, to).complex(real, createConstant(builder, loc, getPartType(to), 0));
  }
  bool isUnsigned = from.isInteger(1) || from.isUnsignedInteger();
  if (isa<FloatType>(target)) {
    if (isa<FloatType>(source)) {
      if (source.getIntOrFloatBitWidth() < target.getIntOrFloatBitWidth())
        return builder.createOrFold<arith::ExtFOp>(loc, target, value);
      return source == target ? value : builder.createOrFold<arith::TruncFOp>(loc, target, value);
    }
    if (isUnsigned)
      return builder.createOrFold<arith::UIToFPOp>(loc, target, value);
    return builder.createOrFold<arith::SIToFPOp>(loc, target, value);
  }
  if (isa<FloatType>(source)) {
    // Small integers are what is left of an int32, so that -1.0 is 255 as
    // uint8.
    unsigned width = std::max(target.getIntOrFloatBitWidth(), 32u);
    value = builder.createOrFold<arith::FPToSIOp>(loc, builder.getIntegerType(width), value);
    source = value.getType();
    isUnsigned = false;
  }
  if (source.getIntOrFloatBitWidth() > target.getIntOrFloatBitWidth())
    return builder.createOrFold<arith::TruncIOp>(loc, target, value);
  if (source == target)
    return value;
  if (isUnsigned)
    return builder.createOrFold<arith::ExtUIOp>(loc, target, value);
  return builder.createOrFold<arith::ExtSIOp>(loc, target, value);
}

FailureOr<Value> wick::convertNumber(OpBuilder &builder, Location loc, Value number, Type dtype) {
  number = ts::stripUpcasts(number);
  if (!isa<IntegerType, FloatType, ComplexType>(number.getType()))
    return failure();
  return convertScalar(builder, loc, number, number.getType(), dtype);
}

Value ScalarBuilder::real(Value a) { return complex::ReOp::create(builder, loc, getPartType(a.getType()), a); }
Value ScalarBuilder::imag(Value a) { return complex::ImOp::create(builder, loc, getPartType(a.getType()), a); }
Value ScalarBuilder::complex(Value real, Value imag) {
  return complex::CreateOp::create(builder, loc, dtype, real, imag);
}
Value ScalarBuilder::conj(Value a) { return isComplex() ? apply<complex::ConjOp>(a) : a; }

Value ScalarBuilder::add(Value a, Value b) {
  if (isComplex())
    return apply<complex::AddOp>(a, b);
  if (isFloat())
    return apply<arith::AddFOp>(a, b);
  return isBool() ? apply<arith::OrIOp>(a, b) : apply<arith::AddIOp>(a, b);
}

Value ScalarBuilder::sub(Value a, Value b) {
  if (isComplex())
    return apply<complex::SubOp>(a, b);
  return isFloat() ? apply<arith::SubFOp>(a, b) : apply<arith::SubIOp>(a, b);
}

Value ScalarBuilder::mul(Value a, Value b) {
  if (isComplex())
    return apply<complex::MulOp>(a, b);
  if (isFloat())
    return apply<arith::MulFOp>(a, b);
  return isBool() ? apply<arith::AndIOp>(a, b) : apply<arith::MulIOp>(a, b);
}

Value ScalarBuilder::div(Value a, Value b) {
  if (isComplex())
    return apply<complex::DivOp>(a, b);
  if (isFloat())
    return apply<arith::DivFOp>(a, b);
  return isUnsigned() ? apply<arith::DivUIOp>(a, b) : apply<arith::DivSIOp>(a, b);
}

Value ScalarBuilder::floorDiv(Value a, Value b) {
  return isUnsigned() ? apply<arith::DivUIOp>(a, b) : apply<arith::FloorDivSIOp>(a, b);
}

Value ScalarBuilder::neg(Value a) {
  if (isComplex())
    return apply<complex::NegOp>(a);
  return isFloat() ? apply<arith::NegFOp>(a) : apply<arith::SubIOp>(constant(0), a);
}

Value ScalarBuilder::abs(Value a) {
  if (isComplex())
    return complex::AbsOp::create(builder, loc, getPartType(dtype), a);
  if (isFloat())
    return apply<math::AbsFOp>(a);
  return isUnsigned() ? a : apply<math::AbsIOp>(a);
}

Value ScalarBuilder::max(Value a, Value b) {
  if (isFloat())
    return apply<arith::MaximumFOp>(a, b);
  return isUnsigned() ? apply<arith::MaxUIOp>(a, b) : apply<arith::MaxSIOp>(a, b);
}

Value ScalarBuilder::min(Value a, Value b) {
  if (isFloat())
    return apply<arith::MinimumFOp>(a, b);
  return isUnsigned() ? apply<arith::MinUIOp>(a, b) : apply<arith::MinSIOp>(a, b);
}

Value ScalarBuilder::select(Value condition, Value a, Value b) { return apply<arith::SelectOp>(condition, a, b); }

Value ScalarBuilder::compare(arith::CmpFPredicate onFloats, arith::CmpIPredicate onSigned,
                             arith::CmpIPredicate onUnsigned, Value a, Value b) {
  if (isFloat())
    return arith::CmpFOp::create(builder, loc, onFloats, a, b);
  return arith::CmpIOp::create(builder, loc, isUnsigned() ? onUnsigned : onSigned, a, b);
}

Value ScalarBuilder::eq(Value a, Value b) {
  if (isComplex())
    return apply<complex::EqualOp>(a, b);
  return compare(arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq, arith::CmpIPredicate::eq, a, b);
}

Value ScalarBuilder::ne(Value a, Value b) {
  if (isComplex())
    return apply<complex::NotEqualOp>(a, b);
  return compare(arith::CmpFPredicate::UNE, arith::CmpIPredicate::ne, arith::CmpIPredicate::ne, a, b);
}

Value ScalarBuilder::lt(Value a, Value b) {
  return compare(arith::CmpFPredicate::OLT, arith::CmpIPredicate::slt, arith::CmpIPredicate::ult, a, b);
}

Value ScalarBuilder::le(Value a, Value b) {
  return compare(arith::CmpFPredicate::OLE, arith::CmpIPredicate::sle, arith::CmpIPredicate::ule, a, b);
}

Value ScalarBuilder::isNan(Value a) {
  Value b = a;
  if (isComplex())
    a = real(a), b = imag(b);
  return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNO, a, b);
}

//===----------------------------------------------------------------------===//
// Structured ops
//===----------------------------------------------------------------------===//

AffineMap wick::getBroadcastMap(RankedTensorType operand, RankedTensorType result) {
  MLIRContext *context = result.getContext();
  int64_t added = result.getRank() - operand.getRank();
  SmallVector<AffineExpr> exprs;
  for (int64_t i = 0; i < operand.getRank(); ++i) {
    bool repeats = operand.getDimSize(i) == 1 && result.getDimSize(added + i) != 1;
    exprs.push_back(repeats ? getAffineConstantExpr(0, context) : getAffineDimExpr(added + i, context));
  }
  return AffineMap::get(result.getRank(), 0, exprs, context);
}

/// Sizes of a result to which operands broadcast.
static SmallVector<OpFoldResult> getBroadcastSizes(OpBuilder &builder, Location loc, RankedTensorType result,
                                                   ValueRange operands, ArrayRef<RankedTensorType> originals) {
  SmallVector<OpFoldResult> sizes;
  for (auto [i, size] : llvm::enumerate(getDimExprs(result))) {
    if (size) {
      sizes.push_back(materializeSize(builder, loc, size));
      continue;
    }
    for (auto [operand, type] : llvm::zip(operands, originals)) {
      int64_t dim = int64_t(i) - (result.getRank() - type.getRank());
      if (dim < 0 || type.getDimSize(dim) == 1)
        continue;
      sizes.push_back(tensor::DimOp::create(builder, loc, operand, dim).getResult());
      break;
    }
  }
  return sizes;
}

Value wick::createElementwise(OpBuilder &builder, Location loc, RankedTensorType result, ValueRange operands,
                              ArrayRef<RankedTensorType> originals, ElementBody body) {
  SmallVector<AffineMap> maps =
      llvm::map_to_vector(originals, [&](RankedTensorType type) { return getBroadcastMap(type, result); });
  maps.push_back(builder.getMultiDimIdentityMap(result.getRank()));
  Value empty = tensor::EmptyOp::create(builder, loc, getBroadcastSizes(builder, loc, result, operands, originals),
                                        getStorageType(result.getElementType()));
  SmallVector<utils::IteratorType> iterators(result.getRank(), utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(builder, loc, TypeRange(empty.getType()), operands, ValueRange(empty), maps,
                                           iterators, [&](OpBuilder &b, Location bodyLoc, ValueRange args) {
                                             linalg::YieldOp::create(
                                                 b, bodyLoc, body(b, bodyLoc, args.take_front(operands.size())));
                                           });
  return generic.getResult(0);
}

Value wick::convertElements(OpBuilder &builder, Location loc, Value value, RankedTensorType original,
                            RankedTensorType result) {
  Type from = original.getElementType(), to = result.getElementType();
  if (from == to)
    return value;
  return createElementwise(builder, loc, result, value, original, [&](OpBuilder &b, Location l, ValueRange args) {
    Value element = fromStorage(b, l, args[0], from);
    return toStorage(b, l, convertScalar(b, l, element, from, to), to);
  });
}
