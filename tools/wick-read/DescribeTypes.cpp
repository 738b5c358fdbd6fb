//===- DescribeTypes.cpp - types and classes --------------------------------===//
#include "Describe.h"

using namespace wick::reader;

std::string Describer::typeName(const c10::TypePtr &type) {
  findClasses(type);
  return type->annotation_str();
}

void Describer::findClasses(const c10::TypePtr &type) {
  // A named type is one with a name in the archive: class, interface, enum, named tuple.
  if (auto named = type->cast<c10::NamedType>(); named && named->name())
    classIndex(named);
  // The cast above does not know that an enumeration is one.
  if (auto enumeration = type->cast<c10::EnumType>())
    classIndex(enumeration);
  for (const c10::TypePtr &contained : type->containedTypes())
    findClasses(contained);
}

size_t Describer::classIndex(const c10::NamedTypePtr &type) {
  auto [it, isNew] = classIndices.try_emplace(type->name()->qualifiedName(), classTypes.size());
  if (isNew)
    classTypes.push_back(type);
  return it->second;
}

Json Describer::describeClass(const c10::NamedType &type) {
  Json result{{"name", type.name()->qualifiedName()}, {"kind", "opaque"}};
  if (auto interface = type.cast<c10::InterfaceType>()) {
    result["kind"] = "interface";
    Json methods = Json::array();
    for (const c10::FunctionSchema &schema : interface->methods()) {
      Json method = describeSignature(schema);
      method["name"] = schema.name();
      methods.push_back(std::move(method));
    }
    result["methods"] = std::move(methods);
  } else if (auto enumeration = type.cast<c10::EnumType>()) {
    result["kind"] = "enum";
    Json members = Json::array();
    for (const auto &[name, value] : enumeration->enumNamesValues())
      members.push_back(Json{{"name", name}, {"value", describeValue(value)}});
    result["constants"] = std::move(members);
  } else if (auto tuple = type.cast<c10::TupleType>()) {
    result["kind"] = "namedtuple";
    Json fields = Json::array();
    for (const c10::Argument &field : tuple->schema()->arguments())
      fields.push_back(Json{{"name", field.name()}, {"type", typeName(field.type())}});
    result["attributes"] = std::move(fields);
  } else if (auto cls = type.cast<c10::ClassType>()) {
    describeClassBody(*cls, result);
  }
  return result;
}

bool wick::reader::isCustomClass(const c10::ClassType &type) {
  return type.name()->qualifiedName().rfind("__torch__.torch.classes.", 0) == 0;
}

void Describer::describeClassBody(const c10::ClassType &type, Json &result) {
  // Classes implemented in C++ have methods without graphs, and their objects one slot, which holds them pickled.
  bool custom = isCustomClass(type);
  result["kind"] = custom ? "opaque" : type.is_module() ? "module" : "class";
  Json attributes = Json::array(), constants = Json::array(), methods = Json::array();
  for (size_t i = 0; i < type.numAttributes(); ++i) {
    Json attribute{{"name", type.getAttributeName(i)}, {"type", custom ? "Tensor" : typeName(type.getAttribute(i))}};
    if (type.is_module()) {
      attribute["parameter"] = type.is_parameter(i);
      attribute["buffer"] = type.is_buffer(i);
    }
    attributes.push_back(std::move(attribute));
  }
  for (size_t i = 0; i < type.numConstants(); ++i)
    constants.push_back(Json{{"name", type.getConstantName(i)}, {"value", describeValue(type.getConstant(i))}});
  for (torch::jit::Function *method : type.methods()) {
    methods.push_back(Json{{"name", method->name()}, {"function", functionIndex(method)}});
    if (&type == rootClass.get())
      methods.back()["declaration"] = c10::str(method->getSchema());
  }
  result["attributes"] = std::move(attributes);
  result["constants"] = std::move(constants);
  result["methods"] = std::move(methods);
  for (auto [key, hooks] :
       {std::pair("pre_hooks", &type.getForwardPreHooks()), std::pair("hooks", &type.getForwardHooks())}) {
    Json indices = Json::array();
    for (torch::jit::Function *hook : *hooks)
      indices.push_back(functionIndex(hook));
    result[key] = std::move(indices);
  }
}
