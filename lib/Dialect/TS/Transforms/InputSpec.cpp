//===- InputSpec.cpp - what a user says of the arguments of a method --------===//
#include "InputSpec.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace wick::ts;

static Type parseDtype(StringRef text, MLIRContext *context) {
  Builder builder(context);
  return llvm::StringSwitch<Type>(text)
      .Case("f64", builder.getF64Type())
      .Case("f32", builder.getF32Type())
      .Case("f16", builder.getF16Type())
      .Case("bf16", builder.getBF16Type())
      .Case("i64", builder.getI64Type())
      .Case("i32", builder.getI32Type())
      .Case("i16", builder.getIntegerType(16))
      .Case("i8", builder.getIntegerType(8))
      .Cases({"u8", "ui8"}, builder.getIntegerType(8, /*isSigned=*/false))
      .Cases({"i1", "bool"}, builder.getI1Type())
      .Case("c64", ComplexType::get(builder.getF32Type()))
      .Case("c128", ComplexType::get(builder.getF64Type()))
      .Default(Type());
}

static Attribute parseValue(StringRef text, MLIRContext *context) {
  Builder builder(context);
  if (text.equals_insensitive("none"))
    return builder.getUnitAttr();
  if (text.equals_insensitive("true") || text.equals_insensitive("false"))
    return builder.getBoolAttr(text.equals_insensitive("true"));
  int64_t integer;
  if (!text.getAsInteger(10, integer))
    return builder.getI64IntegerAttr(integer);
  double number;
  if (text.contains('.') && !text.getAsDouble(number))
    return builder.getF64FloatAttr(number);
  return {};
}

static bool isIdentifier(StringRef text) {
  return !text.empty() && (llvm::isAlpha(text[0]) || text[0] == '_') &&
         llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

std::optional<InputSpec> wick::ts::parseInputSpec(StringRef text, MLIRContext *context, std::string &error) {
  InputSpec spec;
  spec.text = text.str();
  StringRef rest = text.trim();
  if (auto [method, after] = rest.split(':'); rest.contains(':')) {
    spec.method = method.str();
    rest = after;
  }
  if (auto [name, after] = rest.split('='); rest.contains('=')) {
    spec.name = name.str();
    rest = after;
  }
  if ((spec.value = parseValue(rest, context)))
    return spec;

  SmallVector<StringRef> parts;
  rest.split(parts, 'x');
  StringRef dtype = parts.pop_back_val();
  spec.dtype = parseDtype(dtype, context);
  if (!spec.dtype) {
    error = "input '" + spec.text + "' does not end in a dtype: found '" + dtype.str() +
            "', expected f64, f32, f16, bf16, i64, i32, i16, i8, u8 or bool, as in 1x3x224x224xf32";
    return std::nullopt;
  }
  for (StringRef part : parts) {
    uint64_t size;
    bool isNumber = !part.getAsInteger(10, size);
    if (!isNumber && part != "?" && !isIdentifier(part)) {
      error =
          "input '" + spec.text + "' has a dim '" + part.str() + "', expected a number, a name (without 'x') or '?'";
      return std::nullopt;
    }
    spec.dims.push_back(part.str());
  }
  return spec;
}
