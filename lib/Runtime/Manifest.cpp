//===- Manifest.cpp - manifest.json, parsed and validated -------------------===//
#include "Manifest.h"
#include "Class.h"
#include "Error.h"
#include "Value.h"
#include "wick/Artifact/Format.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

using namespace wick::runtime;
using Json = nlohmann::json;

wick_method::~wick_method() {
  for (const Argument &argument : arguments)
    if (argument.hasDefault)
      wick_value_release(&argument.fallback);
}

namespace {

constexpr size_t kMaxBytes = size_t(1) << 28;
constexpr int kMaxDepth = 64, kMaxTypeDepth = 16;
constexpr size_t kMaxLeaves = 1 << 16;

[[noreturn]] void wrong(std::string_view where, std::string_view what) {
  fail(WICK_ERROR_ARTIFACT, "damaged artifact: ", where, ": ", what);
}

/// Nesting is bounded before parsing, whose memory and time then follow the size of the text.
void checkDepth(std::string_view json, std::string_view what) {
  if (json.size() > kMaxBytes)
    wrong(what, "it is too large");
  int depth = 0;
  bool inString = false;
  for (size_t i = 0; i < json.size(); ++i) {
    char c = json[i];
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth)
        wrong(what, "it is nested too deeply");
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
}

Json parseJson(std::string_view text, std::string_view what) {
  checkDepth(text, what);
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    wrong(what, "it is not JSON");
  return json;
}

/// Typed access to the members of an object, with located errors.
class Object {
public:
  Object(const Json &json, std::string where) : json(json), where(std::move(where)) {
    if (!json.is_object())
      wrong(this->where, "expected an object");
  }
  const Json *find(const char *key) const {
    auto found = json.find(key);
    return found == json.end() ? nullptr : &*found;
  }
  const Json &get(const char *key) const {
    if (const Json *value = find(key))
      return *value;
    wrong(where, concat("'", key, "' is missing"));
  }
  std::string string(const char *key) const {
    const Json &value = get(key);
    if (!value.is_string())
      wrong(where, concat("'", key, "' is not a string"));
    std::string text = value.get<std::string>();
    if (text.find('\0') != text.npos)
      wrong(where, concat("'", key, "' holds a zero"));
    return text;
  }
  std::string stringOr(const char *key, std::string fallback) const { return find(key) ? string(key) : fallback; }
  uint64_t number(const char *key, uint64_t limit) const {
    const Json &value = get(key);
    if (!value.is_number_unsigned() || value.get<uint64_t>() > limit)
      wrong(where, concat("'", key, "' is not a number from 0 to ", limit));
    return value.get<uint64_t>();
  }
  bool flag(const char *key) const {
    const Json *value = find(key);
    if (value && !value->is_boolean())
      wrong(where, concat("'", key, "' is not true or false"));
    return value && value->get<bool>();
  }
  const Json &array(const char *key) const {
    const Json &value = get(key);
    if (!value.is_array())
      wrong(where, concat("'", key, "' is not an array"));
    return value;
  }

  const Json &json;
  const std::string where;
};

/// Reads the signature of one method.
class MethodReader {
public:
  MethodReader(wick_method &method, const Classes &classes) : method(method), classes(classes) {}

  void read(const Object &object);
  void readAttribute(const Object &object);
  /// What a class that is in `classes` already consists of. Its types name no sizes.
  void readClass(const Object &object, wick_class &cls);

private:
  wick_type readType(const Json &json, const std::string &where, int depth = 0);
  void readClassOf(const Object &object, wick_type &type);
  void readTensor(const Object &object, wick_type &type);
  void readNames(const Object &object, wick_type &type);
  void readFlattening(const Object &object, wick_type &type);
  size_t countLeaves(const wick_type &type, const std::string &where) const;
  using TypeOfItem = std::function<const wick_type &(size_t)>;
  wick_value readDefault(const Json &json, const wick_type &type, const std::string &where) const;
  /// Nothing where the value does not fit the type.
  std::optional<wick_value> tryDefault(const Json &json, const wick_type &type) const;
  std::optional<wick_value> readSequence(const Json &items, uint32_t tag, const TypeOfItem &typeOf) const;

  wick_method &method;
  const Classes &classes;
};

struct KindName {
  const char *name;
  wick_type_kind kind;
  int elements; // -1: any number
};
constexpr KindName kKinds[] = {
    {"Any", WICK_TYPE_ANY, 0},           {"Tensor", WICK_TYPE_TENSOR, 0},       {"int", WICK_TYPE_INT, 0},
    {"float", WICK_TYPE_FLOAT, 0},       {"bool", WICK_TYPE_BOOL, 0},           {"str", WICK_TYPE_STRING, 0},
    {"None", WICK_TYPE_NONE, 0},         {"Tuple", WICK_TYPE_TUPLE, -1},        {"List", WICK_TYPE_LIST, 1},
    {"Optional", WICK_TYPE_OPTIONAL, 1}, {"Dict", WICK_TYPE_DICT, 2},           {"Device", WICK_TYPE_DEVICE, 0},
    {"Union", WICK_TYPE_UNION, -1},      {"complex", WICK_TYPE_COMPLEX, 0},     {"Object", WICK_TYPE_OBJECT, 0},
    {"Enum", WICK_TYPE_ENUM, 0},         {"Generator", WICK_TYPE_GENERATOR, 0},
};

void MethodReader::readTensor(const Object &object, wick_type &type) {
  if (object.find("dtype")) {
    type.dtype = parseDtype(object.string("dtype").c_str());
    if (type.dtype < 0)
      wrong(object.where, "the dtype is unknown");
    type.text += concat("<", dtypeName(type.dtype), ">");
  }
  if (!object.find("dims"))
    return;
  const Json &dims = object.array("dims");
  if (dims.size() > size_t(kMaxRank))
    wrong(object.where, "the rank is too large");
  type.rank = dims.size();
  type.text += "[";
  for (const Json &json : dims) {
    wick_type::Dim dim;
    if (json.is_number_integer() && (json.is_number_unsigned() || json.get<int64_t>() >= 0) &&
        json.get<uint64_t>() <= INT64_MAX) {
      dim.size = json.get<int64_t>();
    } else if (json.is_string() && !json.get<std::string>().empty()) {
      dim.name = json.get<std::string>();
      if (dim.name != "?") {
        auto found = std::find(method.symbols.begin(), method.symbols.end(), dim.name);
        dim.symbol = found - method.symbols.begin();
        if (found == method.symbols.end())
          method.symbols.push_back(dim.name);
      }
    } else {
      wrong(object.where, "a dim is neither a size nor a name");
    }
    type.text += concat(type.dims.empty() ? "" : ", ", dim.size < 0 ? dim.name : std::to_string(dim.size));
    if (dim.name == "?")
      dim.name.clear();
    type.dims.push_back(std::move(dim));
  }
  type.text += "]";
}

void MethodReader::readFlattening(const Object &object, wick_type &type) {
  if (type.kind == WICK_TYPE_LIST && object.find("length"))
    type.length = object.number("length", kMaxLeaves);
  if (type.kind == WICK_TYPE_DICT && object.find("keys"))
    for (const Json &key : object.array("keys")) {
      if (!key.is_string())
        wrong(object.where, "a key is not a string");
      type.keys.push_back(key.get<std::string>());
    }
}

void MethodReader::readNames(const Object &object, wick_type &type) {
  if (type.kind != WICK_TYPE_TUPLE || !object.find("fields"))
    return;
  type.name = object.string("name");
  for (const Json &field : object.array("fields")) {
    if (!field.is_string())
      wrong(object.where, "a field is not a string");
    type.fields.push_back(field.get<std::string>());
  }
  if (type.fields.size() != type.elements.size())
    wrong(object.where, "the type has a wrong number of fields");
}

void MethodReader::readClassOf(const Object &object, wick_type &type) {
  type.cls = classes.find(object.string("class"));
  if (!type.cls || type.cls->isEnum != (type.kind == WICK_TYPE_ENUM))
    wrong(object.where, "its class is not among the classes");
  type.text = type.cls->shortName();
}

wick_type MethodReader::readType(const Json &json, const std::string &where, int depth) {
  Object object(json, where);
  if (depth > kMaxTypeDepth)
    wrong(where, "the type is nested too deeply");
  std::string kind = object.string("kind");
  auto known = std::find_if(std::begin(kKinds), std::end(kKinds), [&](auto &k) { return kind == k.name; });
  if (known == std::end(kKinds))
    fail(WICK_ERROR_UNSUPPORTED, where, ": type '", kind, "' is not known to this runtime");
  wick_type type;
  type.kind = known->kind;
  type.text = kind;
  if (type.kind == WICK_TYPE_TENSOR)
    readTensor(object, type);
  if (type.kind == WICK_TYPE_OBJECT || type.kind == WICK_TYPE_ENUM)
    readClassOf(object, type);
  if (known->elements == 0)
    return type;
  type.text += "[";
  for (const Json &element : object.array("elements")) {
    type.elements.push_back(readType(element, where, depth + 1));
    type.text += concat(type.elements.size() > 1 ? ", " : "", type.elements.back().text);
  }
  type.text += "]";
  if (known->elements >= 0 && type.elements.size() != size_t(known->elements))
    wrong(where, "the type has a wrong number of elements");
  readFlattening(object, type);
  readNames(object, type);
  return type;
}

size_t MethodReader::countLeaves(const wick_type &type, const std::string &where) const {
  if (!type.isFlattened())
    return 1;
  size_t total = 0;
  for (size_t i = 0, n = type.partCount(); i < n; ++i)
    if ((total += countLeaves(type.part(i), where)) > kMaxLeaves)
      wrong(where, "there are too many values");
  return total;
}

/// A value as Python writes it.
static std::string printValue(const Json &value) {
  if (value.is_null())
    return "None";
  if (value.is_boolean())
    return value.get<bool>() ? "True" : "False";
  if (value.is_object() && value.size() == 1 && value.contains("tuple") && value["tuple"].is_array()) {
    const Json &elements = value["tuple"];
    std::string text;
    for (size_t i = 0; i < elements.size(); ++i)
      text += concat(i ? ", " : "", printValue(elements[i]));
    return concat("(", text, elements.size() == 1 ? ",)" : ")");
  }
  if (value.is_object() && value.contains("enum") && value["enum"].is_string())
    return value["enum"].get<std::string>();
  if (value.is_object() && value.size() == 1 && !value.front().is_structured())
    return printValue(value.front());
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What stands under the only key of an object, or null where it is no such object.
static const Json *findPart(const Json &json, const char *key) {
  return json.is_object() && json.size() == 1 && json.contains(key) ? &json[key] : nullptr;
}

/// The name of a member of an enumeration of a class: of one that the value names, or of any. Null for other values.
static const std::string *findMember(const Json &json, const wick_class &cls) {
  auto text = [&](const char *key) {
    auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get_ptr<const std::string *>() : nullptr;
  };
  if (!json.is_object() || json.size() > 2)
    return nullptr;
  const std::string *name = text("enum"), *of = text("class");
  return json.size() == 1 || (of && *of == cls.name) ? name : nullptr;
}

static wick_type makeType(wick_type_kind kind) {
  wick_type type;
  type.kind = kind;
  return type;
}

/// What a value may be that is declared as Any.
static const std::vector<wick_type> &typesOfAny() {
  static const std::vector<wick_type> types = [] {
    std::vector<wick_type> types;
    for (wick_type_kind kind :
         {WICK_TYPE_INT, WICK_TYPE_FLOAT, WICK_TYPE_BOOL, WICK_TYPE_STRING, WICK_TYPE_COMPLEX, WICK_TYPE_DEVICE})
      types.push_back(makeType(kind));
    return types;
  }();
  return types;
}

wick_value MethodReader::readDefault(const Json &json, const wick_type &type, const std::string &where) const {
  if (std::optional<wick_value> value = tryDefault(json, type))
    return *value;
  wrong(where, "the default does not fit the type");
}

std::optional<wick_value> MethodReader::tryDefault(const Json &json, const wick_type &type) const {
  wick_value value{};
  switch (type.kind) {
  case WICK_TYPE_OPTIONAL:
    if (json.is_null())
      return value;
    return tryDefault(json, type.elements[0]);
  case WICK_TYPE_INT:
    if (!json.is_number_integer())
      return {};
    value.tag = WICK_INT_VALUE;
    value.u.i = json.get<int64_t>();
    return value;
  case WICK_TYPE_FLOAT:
    value.tag = WICK_FLOAT_VALUE;
    if (const Json *number = findPart(json, "float"))
      return tryDefault(*number, type);
    if (json.is_number())
      value.u.f = json.get<double>();
    else if (json == "inf" || json == "-inf")
      value.u.f = json == "inf" ? INFINITY : -INFINITY;
    else if (json == "nan")
      value.u.f = NAN;
    else
      return {};
    return value;
  case WICK_TYPE_COMPLEX: {
    const Json *parts = findPart(json, "complex");
    if (!parts || !parts->is_array() || parts->size() != 2)
      return {};
    static const wick_type part = makeType(WICK_TYPE_FLOAT);
    auto real = tryDefault((*parts)[0], part), imag = tryDefault((*parts)[1], part);
    if (!real || !imag)
      return {};
    value.u.p = wick_complex_new(real->u.f, imag->u.f);
    if (!value.u.p)
      throw std::bad_alloc();
    value.tag = WICK_COMPLEX_VALUE;
    return value;
  }
  case WICK_TYPE_BOOL:
    if (!json.is_boolean())
      return {};
    value.tag = WICK_BOOL_VALUE;
    value.u.i = json.get<bool>();
    return value;
  case WICK_TYPE_STRING:
  case WICK_TYPE_DEVICE: {
    const Json *string = type.kind == WICK_TYPE_STRING ? &json : findPart(json, "device");
    if (!string || !string->is_string())
      return {};
    const auto &text = string->get_ref<const std::string &>();
    value.u.p = wick_string_new(text.data(), text.size());
    if (!value.u.p)
      throw std::bad_alloc();
    value.tag = type.kind == WICK_TYPE_STRING ? WICK_STRING_VALUE : WICK_DEVICE_VALUE;
    return value;
  }
  case WICK_TYPE_ENUM: {
    const std::string *name = findMember(json, *type.cls);
    const wick_member *member = name ? type.cls->find(*name) : nullptr;
    if (!member)
      return {};
    value = borrow(*member);
    wick_value_retain(&value);
    return value;
  }
  case WICK_TYPE_TUPLE:
  case WICK_TYPE_LIST: {
    bool tuple = type.kind == WICK_TYPE_TUPLE;
    const Json *items = tuple ? findPart(json, "tuple") : &json;
    if (!items || !items->is_array() || (tuple && items->size() != type.elements.size()))
      return {};
    return readSequence(*items, tuple ? WICK_TUPLE_VALUE : WICK_LIST_VALUE,
                        [&](size_t i) -> const wick_type & { return type.elements[tuple ? i : 0]; });
  }
  case WICK_TYPE_UNION:
  case WICK_TYPE_ANY: {
    if (json.is_null())
      return value;
    const Json *items = type.kind == WICK_TYPE_ANY ? findPart(json, "tuple") : nullptr;
    if (items && items->is_array())
      return readSequence(*items, WICK_TUPLE_VALUE, [&](size_t) -> const wick_type & { return type; });
    if (type.kind == WICK_TYPE_ANY && json.is_object() && json.contains("enum")) {
      wick_type member = makeType(WICK_TYPE_ENUM);
      auto cls = json.find("class");
      member.cls = cls != json.end() && cls->is_string() ? classes.find(cls->get<std::string>()) : nullptr;
      return member.cls && member.cls->isEnum ? tryDefault(json, member) : std::nullopt;
    }
    // Only what says that it is a float is one here.
    for (const wick_type &element : type.kind == WICK_TYPE_ANY ? typesOfAny() : type.elements)
      if (element.kind != WICK_TYPE_FLOAT || findPart(json, "float"))
        if (std::optional<wick_value> found = tryDefault(json, element))
          return found;
    return {};
  }
  default:
    if (json.is_null())
      return value;
    return {};
  }
}

std::optional<wick_value> MethodReader::readSequence(const Json &items, uint32_t tag, const TypeOfItem &typeOf) const {
  wick_sequence *sequence = wick_sequence_new(items.size());
  if (!sequence)
    throw std::bad_alloc();
  wick_value value{};
  value.tag = tag;
  value.u.p = sequence;
  try {
    for (size_t i = 0; i < items.size(); ++i) {
      std::optional<wick_value> item = tryDefault(items[i], typeOf(i));
      if (!item) {
        wick_value_release(&value);
        return {};
      }
      sequence->items[i] = *item;
    }
  } catch (...) {
    wick_value_release(&value);
    throw;
  }
  return value;
}

void MethodReader::readClass(const Object &object, wick_class &cls) {
  if (cls.isEnum) {
    const Json &members = object.array("members");
    if (members.size() > kMaxLeaves)
      wrong(object.where, "there are too many members");
    cls.members.reserve(members.size());
    std::set<std::string> names;
    for (const Json &json : members) {
      Object entry(json, concat(object.where, ", member ", cls.members.size()));
      std::string name = entry.string("name");
      if (!names.insert(name).second)
        wrong(entry.where, "there are two of that name");
      wick_type type = readType(entry.get("type"), entry.where);
      if (type.kind != WICK_TYPE_INT && type.kind != WICK_TYPE_FLOAT && type.kind != WICK_TYPE_STRING)
        wrong(entry.where, "the value is no int, float or string");
      wick_member &member = cls.members.emplace_back(wick_member{&cls, {}, {}});
      member.name.u.p = new wick_string{{1}, name};
      member.name.tag = WICK_STRING_VALUE;
      member.value = readDefault(entry.get("value"), type, entry.where);
    }
    return;
  }
  if (object.find("exit"))
    cls.exitEntry = object.number("exit", UINT32_MAX);
  for (const Json &json : object.array("attributes")) {
    Object entry(json, concat(object.where, ", attribute ", cls.attributes.size()));
    if (cls.attributes.size() >= kMaxLeaves)
      wrong(entry.where, "there are too many");
    wick_class::Attribute attribute{entry.string("name"), {}};
    if (const Json *type = entry.find("type"))
      attribute.type = readType(*type, entry.where);
    cls.attributes.push_back(std::move(attribute));
  }
  if (!method.symbols.empty())
    wrong(object.where, "a type has a dim with a name");
}

void MethodReader::readAttribute(const Object &object) {
  Argument attribute;
  attribute.name = object.string("name");
  attribute.type = readType(object.get("type"), object.where);
  method.arguments.push_back(std::move(attribute));
}

void MethodReader::read(const Object &object) {
  method.name = object.string("name");
  method.entry = object.number("entry", UINT32_MAX);
  method.signature = method.name + "(";
  for (const Json &json : object.array("arguments")) {
    Object entry(json, concat("method '", method.name, "', argument ", method.arguments.size()));
    Argument argument;
    argument.name = entry.string("name");
    argument.type = readType(entry.get("type"), entry.where);
    argument.written = entry.flag("written");
    method.writes |= argument.written;
    argument.leaves = countLeaves(argument.type, entry.where);
    method.argumentLeaves += argument.leaves;
    method.signature += concat(method.arguments.empty() ? "" : ", ", argument.name, ": ", argument.type.text);
    const Json *fallback = entry.find("default");
    if (fallback) {
      argument.fallback = readDefault(*fallback, argument.type, entry.where);
      argument.hasDefault = true;
      method.signature += " = " + printValue(*fallback);
    }
    if (const Json *fixed = entry.find("value")) {
      if (!fixed->is_null() && !fixed->is_number() && !fixed->is_boolean())
        wrong(entry.where, "'value' is no number, truth value or null");
      argument.fixed = readDefault(*fixed, argument.type, entry.where);
      argument.isFixed = true;
      method.signature += " == " + printValue(*fixed);
    }
    method.arguments.push_back(std::move(argument));
  }
  std::string where = concat("method '", method.name, "', result");
  const Json &results = object.array("results");
  if (results.size() > 1)
    wrong(where, "there is more than one");
  if (results.empty()) {
    method.result.kind = WICK_TYPE_NONE;
    method.result.text = "None";
  } else {
    method.result = readType(results[0], where);
    method.resultLeaves = countLeaves(method.result, where);
  }
  method.signature += ") -> " + method.result.text;
  if (method.argumentLeaves > kMaxLeaves)
    wrong(where, "there are too many values");
}

} // namespace

/// Types refer to classes by name, before them or after.
static std::unique_ptr<Classes, ReleaseClasses> readClasses(const Json &json) {
  std::unique_ptr<Classes, ReleaseClasses> classes(new Classes);
  auto whereOf = [](size_t number) { return concat("class ", number); };
  for (const Json &entry : json) {
    Object object(entry, whereOf(classes->list.size()));
    wick_class &cls = classes->list.emplace_back(*classes, object.string("name"));
    cls.isEnum = object.find("members");
    if (!classes->byName.emplace(cls.name, &cls).second)
      wrong(object.where, "there are two of that name");
  }
  size_t number = 0;
  for (wick_class &cls : classes->list) {
    wick_method method;
    MethodReader(method, *classes).readClass(Object(json[number], whereOf(number)), cls);
    ++number;
  }
  return classes;
}

Manifest Manifest::parse(std::string_view text) {
  Json json = parseJson(text, "manifest.json");
  Object root(json, "manifest.json");
  uint64_t format = root.number("format", UINT32_MAX), abi = root.number("abi", UINT32_MAX);
  if (format < 1 || format > uint64_t(artifact::kFormatVersion))
    fail(WICK_ERROR_ARTIFACT, "the artifact has format version ", format, ", this runtime reads up to ",
         artifact::kFormatVersion);
  if (abi != WICK_ABI_VERSION)
    fail(WICK_ERROR_ARTIFACT, "the artifact's code has ABI version ", abi, ", this runtime has ", WICK_ABI_VERSION,
         "; compile the model again");
  Manifest manifest;
  manifest.producer = root.stringOr("producer", "");
  manifest.name = root.stringOr("name", "");
  manifest.device = root.stringOr("device", "cpu");
  for (const Json &entry : root.array("code")) {
    Object object(entry, concat("code ", manifest.code.size()));
    CodeInfo info{object.string("file"), object.string("isa"), {}, uint32_t(object.number("crc32", UINT32_MAX))};
    for (const Json &feature : object.array("features")) {
      if (!feature.is_string())
        wrong(object.where, "a feature is not a string");
      info.features.push_back(feature.get<std::string>());
    }
    manifest.code.push_back(std::move(info));
  }
  for (const Json &entry : root.array("weights")) {
    Object object(entry, concat("weight ", manifest.weights.size()));
    manifest.weights.push_back({object.string("file"), object.stringOr("name", ""), object.number("bytes", INT64_MAX),
                                uint32_t(object.number("crc32", UINT32_MAX))});
  }
  if (root.find("fallback"))
    for (const Json &name : root.array("fallback")) {
      if (!name.is_string())
        wrong("fallback", "an operator is not a string");
      manifest.fallback.push_back(name.get<std::string>());
    }
  manifest.classes = readClasses(root.find("classes") ? root.array("classes") : Json::array());
  const Json &methods = root.array("methods"), *state = root.find("state");
  for (const wick_class &cls : manifest.classes->list)
    manifest.exits += cls.exitEntry.has_value();
  size_t entries = methods.size() + manifest.exits + (state ? 1 : 0);
  for (const wick_class &cls : manifest.classes->list)
    if (cls.exitEntry && *cls.exitEntry >= entries)
      wrong(concat("class '", cls.name, "'"), "its exit is out of range");
  if (state) {
    Object object(*state, "state");
    manifest.stateEntry = object.number("entry", entries - 1);
    for (const Json &path : object.array("paths")) {
      if (!path.is_string())
        wrong("state", "a path is not a string");
      manifest.statePaths.push_back(path.get<std::string>());
    }
    for (const Json &json : object.array("attributes")) {
      Object attribute(json, concat("attribute ", manifest.places.size()));
      MethodReader(manifest.attributes, *manifest.classes).readAttribute(attribute);
      manifest.places.push_back({attribute.number("object", UINT32_MAX), attribute.number("slot", UINT32_MAX), {}});
      Place &place = manifest.places.back();
      if (attribute.find("owner"))
        for (const Json &step : attribute.array("owner")) {
          if (!step.is_number_unsigned() || step.get<uint64_t>() > UINT32_MAX)
            wrong(attribute.where, "'owner' holds no number of an object or slot");
          place.owner.push_back(step.get<size_t>());
        }
      if (place.object >= manifest.statePaths.size() ||
          (!place.owner.empty() && place.owner[0] >= manifest.statePaths.size()))
        wrong(attribute.where, "its object is out of range");
      if (attribute.flag("hidden"))
        continue;
      if (++manifest.visible != manifest.places.size())
        wrong(attribute.where, "it comes after a hidden one");
    }
  }
  for (const Json &entry : methods) {
    wick_method method;
    MethodReader(method, *manifest.classes).read(Object(entry, concat("method ", manifest.methods.size())));
    if (method.entry >= entries)
      wrong(concat("method '", method.name, "'"), "its entry is out of range");
    if (manifest.find(method.name))
      wrong(concat("method '", method.name, "'"), "there are two of that name");
    manifest.methods.push_back(std::move(method));
  }
  return manifest;
}

const wick_method *Manifest::find(std::string_view name) const {
  for (const wick_method &method : methods)
    if (method.name == name)
      return &method;
  return nullptr;
}

std::vector<Source> wick::runtime::parseSources(std::string_view text) {
  Json json = parseJson(text, "sources.json");
  if (!json.is_array())
    wrong("sources.json", "expected an array");
  std::vector<Source> sources;
  for (const Json &entry : json) {
    auto isText = [&](size_t i) { return i < entry.size() && entry[i].is_string(); };
    auto isNumber = [&](size_t i) { return i < entry.size() && entry[i].is_number_integer(); };
    bool isAlone = entry.size() <= 4; // as older artifacts have it
    if (!entry.is_array() || !isText(0) || !isNumber(1) || !isNumber(2) ||
        !(isAlone ? entry.size() == 3 || isText(3) : isText(3) && isText(4) && isNumber(5)))
      wrong("sources.json", concat("place ", sources.size(), " is not [file, line, column, text, function, caller]"));
    int64_t caller = isAlone ? -1 : entry[5].get<int64_t>();
    if (caller < -1 || caller >= int64_t(sources.size()))
      wrong("sources.json", concat("place ", sources.size(), " has the caller ", caller));
    sources.push_back(
        {{entry[0].get<std::string>(), isAlone ? "" : entry[4].get<std::string>(),
          entry.size() > 3 ? entry[3].get<std::string>() : "", entry[1].get<int32_t>(), entry[2].get<int32_t>()},
         int32_t(caller)});
  }
  return sources;
}
