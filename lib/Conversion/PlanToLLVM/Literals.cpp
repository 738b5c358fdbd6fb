//===- Literals.cpp - constants of the code that are objects -----------------===//
#include "Literals.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/EndianStream.h"

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

wick_tag lowering::getLiteralTag(Attribute value) {
  return llvm::TypeSwitch<Attribute, wick_tag>(value)
      .Case([](StringAttr) { return WICK_STRING_VALUE; })
      .Case([](FloatAttr) { return WICK_FLOAT_VALUE; })
      .Case([](IntegerAttr number) { return number.getType().isInteger(1) ? WICK_BOOL_VALUE : WICK_INT_VALUE; })
      .Case([](DictionaryAttr container) {
        return llvm::StringSwitch<wick_tag>(container.begin()->getName())
            .Case("list", WICK_LIST_VALUE)
            .Case("tuple", WICK_TUPLE_VALUE)
            .Default(WICK_DICT_VALUE);
      })
      .Default([](Attribute) { return WICK_NONE; });
}

/// What follows the tag.
static void encode(Attribute value, llvm::support::endian::Writer &writer) {
  llvm::TypeSwitch<Attribute>(value)
      .Case([&](StringAttr text) {
        writer.write<int64_t>(text.size());
        writer.OS << text.getValue();
      })
      .Case([&](FloatAttr number) { writer.write(number.getValueAsDouble()); })
      .Case([&](IntegerAttr number) {
        if (number.getType().isInteger(1))
          writer.write<uint8_t>(number.getValue().getZExtValue());
        else
          writer.write<int64_t>(number.getInt());
      })
      .Case([&](DictionaryAttr container) {
        auto items = cast<ArrayAttr>(container.begin()->getValue());
        writer.write<int64_t>(items.size());
        for (Attribute item : items) {
          writer.write<uint8_t>(getLiteralTag(item));
          encode(item, writer);
        }
      });
}

std::string lowering::encodeLiteral(Attribute value) {
  if (auto text = dyn_cast<StringAttr>(value))
    return text.str();
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  llvm::support::endian::Writer writer(os, llvm::endianness::little);
  encode(value, writer);
  return bytes;
}
