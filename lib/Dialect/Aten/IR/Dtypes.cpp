//===- Dtypes.cpp - the dtypes of tensors -----------------------------------===//
#include "wick/Dialect/Aten/IR/Dtypes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

Type wick::aten::getDtype(MLIRContext *context, int64_t scalarType) {
  Builder builder(context);
  switch (scalarType) {
  case 0: return builder.getIntegerType(8, /*isSigned=*/false);
  case 1: return builder.getI8Type();
  case 2: return builder.getI16Type();
  case 3: return builder.getI32Type();
  case 4: return builder.getI64Type();
  case 5: return builder.getF16Type();
  case 6: return builder.getF32Type();
  case 7: return builder.getF64Type();
  case 8: return ComplexType::get(builder.getF16Type());
  case 9: return ComplexType::get(builder.getF32Type());
  case 10: return ComplexType::get(builder.getF64Type());
  case 11: return builder.getI1Type();
  case 15: return builder.getBF16Type();
  case 23: return Float8E5M2Type::get(context);
  case 24: return Float8E4M3FNType::get(context);
  case 25: return Float8E5M2FNUZType::get(context);
  case 26: return Float8E4M3FNUZType::get(context);
  case 27: return builder.getIntegerType(16, /*isSigned=*/false);
  case 28: return builder.getIntegerType(32, /*isSigned=*/false);
  case 29: return builder.getIntegerType(64, /*isSigned=*/false);
  case 44: return Float8E8M0FNUType::get(context);
  default: return {};
  }
}

int wick::aten::getCategory(Type type) {
  if (isa<ComplexType>(type))
    return 3;
  if (isa<FloatType>(type))
    return 2;
  return type.isInteger(1) ? 0 : 1;
}

Type wick::aten::promoteDtypes(Type a, Type b) {
  if (!a || !b || a == b)
    return a ? a : b;
  if (getCategory(a) < getCategory(b))
    std::swap(a, b);
  if (auto complex = dyn_cast<ComplexType>(a)) {
    Type other = isa<ComplexType>(b) ? cast<ComplexType>(b).getElementType() : b;
    return ComplexType::get(promoteDtypes(complex.getElementType(), other));
  }
  if (getCategory(a) != getCategory(b))
    return a;
  unsigned widthA = a.getIntOrFloatBitWidth(), widthB = b.getIntOrFloatBitWidth();
  // Types of equal width hold different values: the next wider one holds both.
  if (widthA == widthB)
    return isa<FloatType>(a) ? Type(Float32Type::get(a.getContext())) : IntegerType::get(a.getContext(), 2 * widthA);
  return widthA > widthB ? a : b;
}

LogicalResult wick::aten::checkCast(Operation *op, Type from, Type to) {
  if (getCategory(from) <= getCategory(to))
    return success();
  return op->emitOpError() << "result type " << getScalarTypeName(from) << " can't be cast to the desired output type "
                           << getScalarTypeName(to);
}

/// Both names of a dtype; those of the parts of a complex one are put together.
static std::pair<std::string, std::string> getNames(Type dtype) {
  if (auto complex = dyn_cast<ComplexType>(dtype)) {
    auto [name, cpp] = getNames(complex.getElementType());
    return {"Complex" + name, "c10::complex<" + cpp + ">"};
  }
  if (dtype.isF64())
    return {"Double", "double"};
  if (dtype.isF32())
    return {"Float", "float"};
  if (dtype.isF16())
    return {"Half", "c10::Half"};
  if (dtype.isBF16())
    return {"BFloat16", "c10::BFloat16"};
  if (dtype.isUnsignedInteger(8))
    return {"Byte", "unsigned char"};
  switch (isa<IntegerType>(dtype) ? dtype.getIntOrFloatBitWidth() : 0) {
  case 1: return {"Bool", "bool"};
  case 8: return {"Char", "signed char"};
  case 16: return {"Short", "short int"};
  case 32: return {"Int", "int"};
  case 64: return {"Long", "long int"};
  default: return {"Undefined", "void"};
  }
}

std::string wick::aten::getScalarTypeName(Type dtype) { return getNames(dtype).first; }
std::string wick::aten::getCppName(Type dtype) { return getNames(dtype).second; }
