//===- Types.cpp - of what containers are -------------------------------------===//
//
// A value of any kind may be a list or dict, which says of what it is one where it became such a value, in
// TorchScript's annotation: "List[int]". What a caller gives says nothing and is judged by what it holds.
//
//===----------------------------------------------------------------------===//
#include "../Class.h"
#include "Functions.h"

using namespace wick::runtime;

namespace {
/// "Dict[str, List[int]]" is "Dict" of "str" and "List[int]".
struct Annotation {
  explicit Annotation(std::string_view text);

  std::string_view part(size_t i) const {
    if (parts.empty())
      fail(WICK_ERROR_UNSUPPORTED, "type '", name, "' has no parts");
    return parts[i % parts.size()];
  }

  std::string_view name;
  std::vector<std::string_view> parts;
};
} // namespace

Annotation::Annotation(std::string_view text) {
  size_t open = text.find('[');
  name = text.substr(0, open);
  if (open == std::string_view::npos)
    return;
  size_t begin = open + 1;
  int depth = 0;
  for (size_t i = begin; i < text.size(); ++i) {
    bool ends = depth == 0 && (text[i] == ',' || text[i] == ']');
    if (ends) {
      if (i > begin)
        parts.push_back(text.substr(begin, i - begin));
      begin = i + 2; // behind ", "
    }
    depth += (text[i] == '[') - (text[i] == ']');
  }
}

/// Never 0, which stands for a type that is not known.
static uint64_t hashText(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325; // FNV-1a
  for (char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash | 1;
}

static void setType(const wick_value &value, std::string_view text) {
  Annotation type(text);
  if (type.name == "Optional")
    return setType(value, type.part(0));
  // What is one of a union has been told before.
  if ((type.name == "List" && value.tag == WICK_LIST_VALUE) || (type.name == "Dict" && value.tag == WICK_DICT_VALUE))
    sequenceOf(value).type.store(hashText(text), std::memory_order_relaxed);
  else if (type.name == "Tuple" && value.tag == WICK_TUPLE_VALUE)
    for (int64_t i = 0; i < sequenceOf(value).count; ++i)
      setType(sequenceOf(value).items[i], type.part(i));
}

static bool isType(const wick_value &value, std::string_view text) {
  static constexpr std::pair<std::string_view, int32_t> kinds[] = {
      {"NoneType", WICK_NONE},       {"int", WICK_INT_VALUE},         {"float", WICK_FLOAT_VALUE},
      {"bool", WICK_BOOL_VALUE},     {"complex", WICK_COMPLEX_VALUE}, {"str", WICK_STRING_VALUE},
      {"Tensor", WICK_TENSOR_VALUE}, {"Device", WICK_DEVICE_VALUE},   {"Generator", WICK_GENERATOR_VALUE},
      {"List", WICK_LIST_VALUE},     {"Dict", WICK_DICT_VALUE},       {"Tuple", WICK_TUPLE_VALUE},
  };
  Annotation type(text);
  auto isPart = [&](std::string_view part) { return isType(value, part); };
  if (type.name == "Any")
    return true;
  if (type.name == "Optional")
    return value.tag == WICK_NONE || isPart(type.part(0));
  if (type.name == "Union")
    return std::any_of(type.parts.begin(), type.parts.end(), isPart);
  if (type.name == "number")
    return isNumber(value) || value.tag == WICK_COMPLEX_VALUE;
  auto kind = std::find_if(std::begin(kinds), std::end(kinds), [&](auto &kind) { return kind.first == type.name; });
  if (kind == std::end(kinds)) {
    const wick_class *cls = value.tag == WICK_OBJECT_VALUE ? sequenceOf(value).cls
                            : value.tag == WICK_ENUM_VALUE ? memberOf(value).cls
                                                           : nullptr;
    return cls && cls->name == type.name;
  }
  if (value.tag != kind->second || value.tag < WICK_LIST_VALUE || value.tag > WICK_DICT_VALUE)
    return value.tag == kind->second;
  const wick_sequence &container = sequenceOf(value);
  if (value.tag == WICK_TUPLE_VALUE && container.count != int64_t(type.parts.size()))
    return false;
  if (uint64_t known = container.type.load(std::memory_order_relaxed))
    return known == hashText(text);
  for (int64_t i = 0; i < container.count; ++i)
    if (!isType(container.items[i], type.part(i))) // of a dict, keys and values in turn
      return false;
  return true;
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_SET_TYPE>(const Arguments &a) {
  setType(a[0], a.text(1));
  return makeNone();
}

template <> wick_value run<WICK_FN_IS_TYPE>(const Arguments &a) { return makeBool(isType(a[0], a.text(1))); }

} // namespace wick::runtime
