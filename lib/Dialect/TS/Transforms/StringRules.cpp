//===- StringRules.cpp - strings that are known at compile time -------------===//
//
// Strings are bytes. Floats print as TorchScript prints them: 17 significant digits
// and a point.
//
//===----------------------------------------------------------------------===//
#include "OperatorRules.h"

#include "ObjectImage.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;
using namespace wick;
using namespace wick::ts;

static void printFloat(raw_ostream &os, double value) {
  if (std::isnan(value) || std::isinf(value)) {
    os << (std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
    return;
  }
  SmallString<32> text;
  llvm::raw_svector_ostream stream(text);
  stream << llvm::format("%.17g", value == 0 ? 0.0 : value);
  os << text;
  if (StringRef(text).find_first_of(".e") == StringRef::npos)
    os << '.';
}

/// Prints a value as `str()` does; false when it is not known.
static bool print(raw_ostream &os, Value value, Operation *reader) {
  value = lookThroughCasts(value);
  if (isa<ts::NoneType>(value.getType())) {
    os << "None";
    return true;
  }
  if (auto string = value.getDefiningOp<StrOp>()) {
    os << string.getValue();
    return true;
  }
  if (auto device = value.getDefiningOp<DeviceOp>()) {
    os << device.getValue();
    return true;
  }
  Attribute constant;
  if (matchPattern(value, m_Constant(&constant))) {
    if (auto number = dyn_cast<FloatAttr>(constant))
      return printFloat(os, number.getValueAsDouble()), true;
    if (auto parts = dyn_cast<ArrayAttr>(constant); parts && isa<ComplexType>(value.getType())) {
      double imag = cast<FloatAttr>(parts[1]).getValueAsDouble();
      printFloat(os, cast<FloatAttr>(parts[0]).getValueAsDouble());
      os << (imag >= 0 ? '+' : '-');
      printFloat(os, std::abs(imag));
      os << 'j';
      return true;
    }
    if (auto number = dyn_cast<IntegerAttr>(constant)) {
      if (number.getType().isInteger(1))
        os << (number.getValue().isZero() ? "False" : "True");
      else
        os << number.getInt();
      return true;
    }
  }
  auto printAll = [&](ValueRange elements) {
    for (auto [i, element] : llvm::enumerate(elements)) {
      os << (i ? ", " : "");
      if (!print(os, element, reader))
        return false;
    }
    return true;
  };
  if (isa<ListType>(value.getType())) {
    auto elements = getListElements(value, reader);
    if (!elements)
      return false;
    os << '[';
    bool known = printAll(*elements);
    os << ']';
    return known;
  }
  if (auto tuple = value.getDefiningOp<TupleConstructOp>()) {
    os << '(';
    bool known = printAll(tuple.getElements());
    os << (tuple.getElements().size() == 1 ? ",)" : ")");
    return known;
  }
  return false;
}

static Value makeString(OperatorMatch &m, StringRef value) {
  return StrOp::create(m.rewriter, m.getLoc(), m.rewriter.getStringAttr(value));
}

static std::optional<StringRef> getString(Value value) {
  auto string = value.getDefiningOp<StrOp>();
  return string ? std::optional(string.getValue()) : std::nullopt;
}

static Value applyFormat(OperatorMatch &m) {
  std::optional<StringRef> form = m.operands.empty() ? std::nullopt : getString(m.operands[0]);
  if (!form)
    return {};
  std::string text;
  llvm::raw_string_ostream os(text);
  unsigned next = 1;
  StringRef rest = *form;
  for (size_t position; (position = rest.find("{}")) != StringRef::npos; rest = rest.drop_front(position + 2)) {
    os << rest.take_front(position);
    if (next >= m.operands.size() || !print(os, m.operands[next++], m.op))
      return {};
  }
  os << rest;
  return makeString(m, text);
}

static Value applyStr(OperatorMatch &m) {
  std::string text;
  llvm::raw_string_ostream os(text);
  return m.operands.size() == 1 && print(os, m.operands[0], m.op) ? makeString(m, text) : Value();
}

static Value applyConcat(OperatorMatch &m) {
  if (m.operands.size() != 2)
    return {};
  auto a = getString(m.operands[0]), b = getString(m.operands[1]);
  return a && b ? makeString(m, (*a + *b).str()) : Value();
}

static Value applyLength(OperatorMatch &m) {
  auto string = m.operands.size() == 1 ? getString(m.operands[0]) : std::nullopt;
  return string ? m.i64(string->size()) : Value();
}

static Value applyContains(OperatorMatch &m) {
  if (m.operands.size() != 2)
    return {};
  auto string = getString(m.operands[0]), part = getString(m.operands[1]);
  return string && part ? m.i1(string->contains(*part)) : Value();
}

template <bool (StringRef::*test)(StringRef) const> static Value applyTest(OperatorMatch &m) {
  // The remaining operands, start and end, have to be the defaults.
  auto string = m.operands.size() >= 2 ? getString(m.operands[0]) : std::nullopt,
       part = string ? getString(m.operands[1]) : std::nullopt;
  IntegerAttr start, end;
  if (!part || (m.operands.size() == 4 && (!matchPattern(m.operands[2], m_Constant(&start)) || start.getInt() != 0 ||
                                           !matchPattern(m.operands[3], m_Constant(&end)) || end.getInt() != -1)))
    return {};
  return m.i1(((*string).*test)(*part));
}

std::string wick::ts::getAnnotation(Type type) {
  auto join = [](StringRef name, ArrayRef<Type> parts) {
    return (name + "[" + llvm::join(llvm::map_range(parts, getAnnotation), ", ") + "]").str();
  };
  return llvm::TypeSwitch<Type, std::string>(type)
      .Case([&](ListType list) { return join("List", list.getElementType()); })
      .Case([&](DictType dict) { return join("Dict", {dict.getKeyType(), dict.getValueType()}); })
      .Case([&](OptionalType optional) { return join("Optional", optional.getElementType()); })
      .Case([&](UnionType members) { return join("Union", members.getMemberTypes()); })
      .Case([&](ts::TupleType tuple) { return join("Tuple", tuple.getElementTypes()); })
      .Case([](NamedTupleType tuple) { return tuple.getName().str(); })
      .Case([](ObjectType object) { return object.getClassSymbol().getValue().str(); })
      .Case([](EnumType member) { return member.getClassSymbol().getValue().str(); })
      .Case([](ts::TensorType) { return "Tensor"; })
      .Case([](ts::StringType) { return "str"; })
      .Case([](ts::NoneType) { return "NoneType"; })
      .Case([](NumberType) { return "number"; })
      .Case([](DeviceType) { return "Device"; })
      .Case([](GeneratorType) { return "Generator"; })
      .Case([](FloatType) { return "float"; })
      .Case([](ComplexType) { return "complex"; })
      .Case([](IntegerType integer) { return integer.getWidth() == 1 ? "bool" : "int"; })
      .Default([](Type) { return "Any"; });
}

void wick::ts::addStringRules(OperatorRules &rules) {
  addRule(rules, "aten::format", applyFormat);
  addRule(rules, "aten::str", applyStr);
  addRule(rules, "aten::add", applyConcat);
  addRule(rules, "aten::len", applyLength);
  addRule(rules, "aten::__contains__", applyContains);
  addRule(rules, "aten::startswith", applyTest<&StringRef::starts_with>);
  addRule(rules, "aten::endswith", applyTest<&StringRef::ends_with>);
}
