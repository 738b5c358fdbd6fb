//===- ImportTypes.cpp - TorchScript's annotations to types -----------------===//
#include "Importer.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/InterleavedRange.h"

using namespace mlir;
using namespace wick;
using namespace wick::importer;

/// Deeper types are not worth the stack.
static constexpr unsigned kMaxTypeDepth = 256;

Type Importer::getType(StringRef annotation) {
  auto it = types.find(annotation);
  if (it != types.end())
    return it->second;
  StringRef rest = annotation;
  Type type = parseType(rest, 0);
  if (!type || !rest.trim().empty()) {
    fail("type '" + annotation + "'");
    type = ts::AnyType::get(context);
  }
  return types[annotation] = type;
}

Type Importer::parseType(StringRef &text, unsigned depth) {
  if (depth > kMaxTypeDepth)
    return {};
  text = text.ltrim();
  // The empty tuple is `Tuple[()]`.
  if (text.consume_front("()"))
    return ts::NoneType::get(context);
  size_t length = text.find_first_of("[], ");
  StringRef name = text.take_front(length);
  if (name.empty())
    return {};
  text = text.drop_front(name.size());
  if (!text.consume_front("["))
    return getNamedType(name);
  if (name == "Tuple" && text.consume_front("()]"))
    return ts::TupleType::get(context, ArrayRef<Type>());
  SmallVector<Type> arguments;
  do {
    Type argument = parseType(text, depth + 1);
    if (!argument)
      return {};
    arguments.push_back(argument);
    text = text.ltrim();
  } while (text.consume_front(","));
  return text.consume_front("]") ? parseGeneric(name, arguments) : Type();
}

Type Importer::parseGeneric(StringRef name, SmallVectorImpl<Type> &arguments) {
  auto unary = [&]<typename T>(T *) { return arguments.size() == 1 ? Type(T::get(context, arguments[0])) : Type(); };
  if (name == "Optional")
    return isa<ts::NoneType>(arguments[0]) ? arguments[0] : unary((ts::OptionalType *)nullptr);
  if (name == "List")
    return unary((ts::ListType *)nullptr);
  if (name == "Future")
    return unary((ts::FutureType *)nullptr);
  if (name == "Await")
    return unary((ts::AwaitType *)nullptr);
  if (name == "Tuple")
    return ts::TupleType::get(context, arguments);
  if (name == "Dict" && arguments.size() == 2)
    return ts::DictType::get(context, arguments[0], arguments[1]);
  if (name == "Union") {
    // A union of two with None is what Optional is.
    SmallVector<Type> members(llvm::make_filter_range(arguments, [](Type type) { return !isa<ts::NoneType>(type); }));
    if (members.size() == 1 && arguments.size() == 2)
      return ts::OptionalType::get(context, members[0]);
    // A union of kinds of numbers is what operators take as a number.
    if (!members.empty() &&
        llvm::all_of(members, [](Type type) { return type.isInteger(64) || isa<FloatType, ComplexType>(type); })) {
      Type number = ts::NumberType::get(context);
      return members.size() == arguments.size() ? number : Type(ts::OptionalType::get(context, number));
    }
    return ts::UnionType::get(context, arguments);
  }
  std::string kind;
  llvm::raw_string_ostream(kind) << name << '[' << llvm::interleaved(arguments) << ']';
  return ts::OpaqueType::get(context, builder.getStringAttr(kind));
}

Type Importer::getNamedType(StringRef name) {
  Type type = llvm::StringSwitch<Type>(name)
                  .Case("Tensor", ts::TensorType::get(context))
                  .Cases({"int", "SymInt"}, builder.getI64Type())
                  .Cases({"float", "SymFloat"}, builder.getF64Type())
                  .Cases({"bool", "SymBool"}, builder.getI1Type())
                  .Case("complex", ComplexType::get(builder.getF64Type()))
                  .Case("str", ts::StringType::get(context))
                  .Cases({"NoneType", "None"}, ts::NoneType::get(context))
                  .Cases({"number", "Scalar"}, ts::NumberType::get(context))
                  .Case("Any", ts::AnyType::get(context))
                  .Cases({"Device", "torch.device"}, ts::DeviceType::get(context))
                  .Cases({"Generator", "torch.Generator"}, ts::GeneratorType::get(context))
                  .Case("Function", ts::FunctionType::get(context))
                  .Default(Type());
  if (type)
    return type;
  auto it = classIndices.find(name);
  if (it == classIndices.end())
    return ts::OpaqueType::get(context, builder.getStringAttr(name));
  Class &cls = classes[it->second];
  auto symbol = FlatSymbolRefAttr::get(context, name);
  if (cls.kind == "interface")
    return ts::InterfaceType::get(context, symbol);
  if (cls.kind == "enum")
    return ts::EnumType::get(context, symbol);
  if (cls.kind == "namedtuple")
    return getNamedTupleType(name, *cls.description);
  return ts::ObjectType::get(context, symbol);
}

Type Importer::getNamedTupleType(StringRef name, const json::Object &cls) {
  SmallVector<Attribute> fields;
  SmallVector<Type> elements;
  for (const json::Value &field : getArray(cls, "attributes")) {
    StringRef type = getString(asObject(field), "type");
    // A named tuple cannot hold itself; a broken description could.
    if (type.contains(name)) {
      fail("named tuple '" + name + "' contains itself");
      return ts::AnyType::get(context);
    }
    fields.push_back(builder.getStringAttr(getString(asObject(field), "name")));
    elements.push_back(getType(type));
  }
  return ts::NamedTupleType::get(context, builder.getStringAttr(name), builder.getArrayAttr(fields), elements);
}
