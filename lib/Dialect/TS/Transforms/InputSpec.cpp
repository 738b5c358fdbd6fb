//===- InputSpec.cpp - what a user says of the arguments of a method --------===//
#include "InputSpec.h"

#include "wick/Dialect/TS/Transforms/Passes.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace wick::ts;

InFlightDiagnostic wick::ts::emitInputError(Location loc) {
  InFlightDiagnostic error = emitError(loc);
  error.getUnderlyingDiagnostic()->getMetadata().push_back(DiagnosticArgument(kInputMismatch));
  return error;
}

bool wick::ts::isPlain(Type type) {
  return !type.walk([](Type part) {
                bool isOpen = isa<ts::TensorType, AnyType, NumberType, UnionType, ObjectType>(part);
                return isOpen ? WalkResult::interrupt() : WalkResult::advance();
              })
              .wasInterrupted();
}

Type wick::ts::parseDtype(StringRef text, MLIRContext *context) {
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

std::optional<unsigned> InputSpec::getPosition() const {
  unsigned position;
  return StringRef(name).getAsInteger(10, position) ? std::nullopt : std::optional(position);
}

/// What an example argument that is no tensor is, by the name of its type.
static bool isTypeName(StringRef text) {
  return llvm::is_contained({"int", "float", "bool", "str", "complex", "Device", "_"}, text);
}

static std::optional<InputSpec> parseStructure(StringRef &rest, MLIRContext *context, std::string &error);

/// Parses the attributes of an object of class `name`, behind its '(', and drops them from `rest`.
static std::optional<InputSpec> parseObject(StringRef name, StringRef &rest, MLIRContext *context, std::string &error) {
  InputSpec spec;
  spec.kind = InputSpec::Kind::Object;
  spec.typeName = name.str();
  while (!(rest = rest.ltrim()).consume_front(")")) {
    StringRef attribute = rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    rest = rest.drop_front(attribute.size()).ltrim();
    if (attribute.empty() || !rest.consume_front("=")) { // those of containers are numbers
      error = "input '" + name.str() + "(': expected attributes, as in Point(x=2xf32, n=int)";
      return std::nullopt;
    }
    std::optional<InputSpec> element = parseStructure(rest, context, error);
    if (!element)
      return std::nullopt;
    spec.attributes.push_back(attribute.str());
    spec.elements.push_back(std::move(*element));
    rest = rest.ltrim();
    if (!rest.consume_front(",") && !rest.starts_with(")")) {
      error = "input '" + name.str() + "(' has no ')'";
      return std::nullopt;
    }
  }
  return spec;
}

/// Takes a list of values, or of lists of them, for one of known values and length; what its elements are is what the
/// first is.
static void bindValues(InputSpec &spec, MLIRContext *context) {
  SmallVector<Attribute> values;
  for (const InputSpec &element : spec.elements) {
    Attribute value = element.values ? Attribute(element.values) : element.value;
    if (isa_and_nonnull<IntegerAttr, ArrayAttr>(value))
      values.push_back(value);
  }
  if (values.empty() || values.size() != spec.elements.size())
    return;
  spec.values = ArrayAttr::get(context, values);
  spec.length = values.size();
  spec.elements.resize(1);
  InputSpec &element = spec.elements.front();
  if (!element.value)
    return;
  element.kind = InputSpec::Kind::Other;
  element.typeName = isa<BoolAttr>(element.value) ? "bool" : "int";
  element.value = {};
}

/// Parses what a dict holds by key, `"x"=2xf32, *=i64`, up to its '}'; its values are of any of these types.
static bool parseEntries(InputSpec &spec, StringRef &rest, MLIRContext *context, std::string &error) {
  InputSpec values;
  bool isKnown = true;
  do {
    std::string key;
    rest = rest.ltrim();
    if (!rest.consume_front("*")) {
      if (!rest.consume_front("\"") || !rest.contains('"')) {
        error = "input '" + rest.str() + "': expected a key in double quotes, or * for all others";
        return false;
      }
      key = rest.take_until([](char c) { return c == '"'; }).str();
      rest = rest.drop_front(key.size() + 1);
    }
    if (!rest.ltrim().starts_with("=")) {
      error = "input '" + rest.str() + "': expected what is under a key, as in {str: \"x\"=2xf32, *=i64}";
      return false;
    }
    rest = rest.ltrim().drop_front();
    std::optional<InputSpec> element = parseStructure(rest, context, error);
    if (!element)
      return false;
    isKnown &= element->isTensor();
    if (element->alternatives.empty())
      values.alternatives.push_back(*element);
    else
      llvm::append_range(values.alternatives, element->alternatives);
    spec.keys.push_back(std::move(key));
    spec.entries.push_back(std::move(*element));
    rest = rest.ltrim();
  } while (rest.consume_front(","));
  if (isKnown) {
    values.dims = values.alternatives.front().dims;
    values.dtype = values.alternatives.front().dtype;
  } else {
    StringRef anything = "_";
    values = *parseStructure(anything, context, error);
  }
  spec.elements.push_back(std::move(values));
  return true;
}

/// Parses the structure of an example argument and drops it from `rest`.
static std::optional<InputSpec> parseStructure(StringRef &rest, MLIRContext *context, std::string &error) {
  using Kind = InputSpec::Kind;
  InputSpec spec;
  rest = rest.ltrim();
  StringRef begin = rest;
  constexpr StringLiteral closers[] = {")", "]", "}"};
  size_t opener = rest.empty() ? StringRef::npos : StringRef("([{").find(rest[0]);
  if (opener == StringRef::npos) {
    StringRef word = rest.take_until([](char c) { return StringRef(",:;([{)]}").contains(c); });
    rest = rest.drop_front(word.size());
    word = word.rtrim();
    spec.mayBeNone = word.size() > 1 && word.consume_back("?");
    if (isIdentifier(word) && rest.consume_front("(")) {
      std::optional<InputSpec> object = parseObject(word, rest, context, error);
      if (object) {
        object->text = begin.drop_back(rest.size()).str();
        object->mayBeNone = rest.consume_front("?");
      }
      return object;
    }
    spec.text = word.str();
    if (isTypeName(word)) {
      spec.kind = Kind::Other;
      spec.typeName = word.str();
      return spec;
    }
    std::optional<InputSpec> plain = parseInputSpec(word, context, error);
    if (plain)
      plain->mayBeNone = spec.mayBeNone;
    return plain;
  }
  spec.kind = std::array{Kind::Tuple, Kind::List, Kind::Dict}[opener];
  rest = rest.drop_front();
  if (spec.kind != Kind::Tuple && rest.ltrim().starts_with(closers[opener])) {
    // An empty one, of whatever its type says.
    StringRef anything = "_";
    spec.elements.assign(spec.kind == Kind::List ? 1 : 2, *parseStructure(anything, context, error));
    spec.length = 0;
  }
  while (!rest.ltrim().consume_front(closers[opener])) {
    rest = rest.ltrim();
    if (spec.kind == Kind::Dict && spec.elements.size() == 1 && (rest.starts_with("\"") || rest.starts_with("*"))) {
      if (!parseEntries(spec, rest, context, error))
        return std::nullopt;
      continue;
    }
    std::optional<InputSpec> element = parseStructure(rest, context, error);
    if (!element)
      return std::nullopt;
    spec.elements.push_back(std::move(*element));
    rest = rest.ltrim();
    if (spec.kind == Kind::List && rest.consume_front(";")) {
      unsigned length;
      if (rest.ltrim().take_while(llvm::isDigit).getAsInteger(10, length)) {
        error = "input '" + begin.str() + "': expected the length of the list after ';'";
        return std::nullopt;
      }
      spec.length = length;
      rest = rest.ltrim().drop_while(llvm::isDigit).ltrim();
    }
    if (!rest.consume_front(",") && !rest.consume_front(":") && !rest.starts_with(closers[opener])) {
      error = "input '" + begin.str() + "' has no '" + closers[opener].str() + "'";
      return std::nullopt;
    }
  }
  rest = rest.ltrim().drop_front();
  if (spec.kind == Kind::List && !spec.length)
    bindValues(spec, context);
  if (spec.kind == Kind::Dict ? spec.elements.size() != 2 : spec.kind == Kind::List && spec.elements.size() != 1) {
    error = "input '" + begin.str() + "': a list is written with one element, as in [2xf32], a dict as {str: 2xf32}";
    return std::nullopt;
  }
  spec.text = begin.drop_back(rest.size()).str();
  spec.mayBeNone = rest.consume_front("?");
  return spec;
}

std::optional<InputSpec> wick::ts::parseInputSpec(StringRef text, MLIRContext *context, std::string &error) {
  InputSpec spec;
  spec.text = text.str();
  StringRef rest = text.trim();
  if (rest.consume_front("@")) {
    StringRef name = rest.take_until([](char c) { return c == '('; });
    rest = rest.drop_front(name.size());
    std::optional<InputSpec> object;
    if (!rest.consume_front("("))
      error = "input '" + spec.text + "': expected a class with attributes, as in @__torch__.Point(x=2xf32)";
    else
      object = parseObject(name, rest, context, error);
    if (object && !rest.empty()) {
      error = "input '" + spec.text + "' goes on after its end: '" + rest.str() + "'";
      return std::nullopt;
    }
    if (object) {
      object->text = spec.text;
      object->isOfClass = true;
    }
    return object;
  }
  // A ':' in a dict comes after its '{'.
  if (auto [method, after] = rest.split(':'); rest.contains(':') && !method.contains('{')) {
    spec.method = method.str();
    rest = after;
  }
  if (auto [name, after] = rest.split('='); rest.contains('=')) {
    spec.name = name.str();
    rest = after;
  }
  if (rest.consume_front("&") && !spec.name.empty()) {
    spec.repeated = rest.str();
    return spec;
  }
  if ((spec.value = parseValue(rest, context)))
    return spec;
  // A `bool` alone is a number where it is an example's, and a tensor elsewhere.
  bool isObject = rest.contains('(') && isIdentifier(rest.take_until([](char c) { return c == '('; }));
  StringRef word = rest.ends_with("?") ? rest.drop_back() : rest;
  bool isStructure =
      rest.find_first_of("([{") == 0 || isObject || (isTypeName(word) && (word != "bool" || spec.getPosition()));
  if (isStructure) {
    std::optional<InputSpec> structure = parseStructure(rest, context, error);
    if (!structure)
      return std::nullopt;
    if (!rest.empty()) {
      error = "input '" + spec.text + "' goes on after its end: '" + rest.str() + "'";
      return std::nullopt;
    }
    structure->text = spec.text;
    structure->method = spec.method;
    structure->name = spec.name;
    return structure;
  }

  spec.requiresGrad = rest.consume_back(" requires_grad");
  spec.mayBeNone = rest.consume_back("?");
  SmallVector<StringRef> parts;
  if (rest.contains('|')) {
    rest.split(parts, '|');
    for (StringRef part : parts) {
      std::optional<InputSpec> alternative = parseInputSpec(part, context, error);
      if (!alternative)
        return std::nullopt;
      spec.alternatives.push_back(std::move(*alternative));
    }
    spec.dims = spec.alternatives.front().dims;
    spec.dtype = spec.alternatives.front().dtype;
    return spec;
  }
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
