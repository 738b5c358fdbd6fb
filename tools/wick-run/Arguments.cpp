//===- Arguments.cpp - the arguments of a call, from the command line -------===//
#include "Arguments.h"
#include "Files.h"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <random>

using namespace wick::runtime;
using namespace wick::tools;

std::optional<int64_t> wick::tools::parseInt(std::string_view text) {
  int64_t number;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

namespace {

/// Makes the arguments of a call from the command line.
class Inputs {
public:
  Inputs(const Options &options, const wick_method *method) : options(options), method(method), random(options.seed) {
    for (const std::string &input : options.inputs)
      add(input);
  }

  std::vector<Value> build() {
    std::vector<Value> arguments;
    for (int32_t i = 0, n = wick_method_argument_count(method); i < n; ++i) {
      argument = wick_method_argument_name(method, i);
      const wick_type *type = wick_method_argument_type(method, i);
      bool given = named.count(argument) || next < ordered.size();
      if (!given && wick_method_argument_has_default(method, i))
        arguments.emplace_back(wick_value{WICK_MISSING, 0, {}});
      else
        arguments.push_back(make(type));
    }
    if (next < ordered.size())
      fail(WICK_ERROR_ARGUMENT, "there are ", ordered.size() - next,
           " inputs too many; signature: ", wick_method_signature(method));
    if (!named.empty())
      fail(WICK_ERROR_ARGUMENT, "there is no argument '", named.begin()->first,
           "'; signature: ", wick_method_signature(method));
    return arguments;
  }

private:
  struct Given {
    std::string text; // of a plain value
    std::optional<Value> value;
  };

  bool isArgument(const std::string &name) const {
    for (int32_t i = 0, n = wick_method_argument_count(method); i < n; ++i)
      if (name == wick_method_argument_name(method, i))
        return true;
    return false;
  }

  void add(const std::string &input) {
    std::string name, text = input;
    size_t equals = input.find('=');
    if (equals != input.npos && isArgument(input.substr(0, equals))) {
      name = input.substr(0, equals);
      text = input.substr(equals + 1);
    }
    if (equals != input.npos && name.empty() && input.find('/') > equals && input.find('.') > equals)
      fail(WICK_ERROR_ARGUMENT, "there is no argument '", input.substr(0, equals),
           "'; signature: ", wick_method_signature(method));
    auto keep = [&](Given given) {
      if (name.empty())
        ordered.push_back(std::move(given));
      else if (!named.emplace(name, std::move(given)).second)
        fail(WICK_ERROR_ARGUMENT, "argument '", name, "' is given twice");
    };
    std::string key;
    for (std::string_view ending : {".npz:", ".pt:"})
      if (size_t colon = text.rfind(ending); colon != text.npos) {
        key = text.substr(colon + ending.size());
        text.resize(colon + ending.size() - 1);
      }
    if (!isValueFile(text))
      return keep({text, {}});
    bool found = false;
    for (NamedValue &entry : readValues(text)) {
      if (!key.empty() && entry.name != key)
        continue;
      found = true;
      // What has the name of an argument is for it, unless the command line says otherwise.
      if (key.empty() && name.empty() && isArgument(entry.name)) {
        if (!named.emplace(entry.name, Given{"", std::move(entry.value)}).second)
          fail(WICK_ERROR_ARGUMENT, "argument '", entry.name, "' is given twice");
      } else {
        keep({"", std::move(entry.value)});
      }
    }
    if (!found)
      fail(WICK_ERROR_ARGUMENT, "'", text, "' has no value '", key, "'");
  }

  /// Whether a file has a tuple or list where the next argument is one, rather than its elements.
  bool isContainerNext() const {
    auto found = named.find(argument);
    const Given *given = found != named.end() ? &found->second : next < ordered.size() ? &ordered[next] : nullptr;
    return given && given->value &&
           (given->value->value.tag == WICK_TUPLE_VALUE || given->value->value.tag == WICK_LIST_VALUE);
  }

  std::optional<Given> nextGiven() {
    if (auto found = named.find(argument); found != named.end()) {
      Given given = std::move(found->second);
      named.erase(found);
      return given;
    }
    return next < ordered.size() ? std::optional(std::move(ordered[next++])) : std::nullopt;
  }

  Value make(const wick_type *type) {
    wick_type_kind kind = wick_type_get_kind(type);
    if ((kind == WICK_TYPE_TUPLE || (kind == WICK_TYPE_LIST && wick_type_list_length(type) >= 0)) && !isContainerNext())
      return makeSequence(type, kind);
    std::optional<Given> given = nextGiven();
    if (given && given->value)
      return std::move(*given->value);
    if (given)
      return parseValue(type, given->text);
    if (kind == WICK_TYPE_OPTIONAL || kind == WICK_TYPE_NONE)
      return Value();
    if (!options.random)
      fail(WICK_ERROR_ARGUMENT, "argument '", argument,
           "' is missing, give it with --input, or --random; signature: ", wick_method_signature(method));
    return makeRandom(type);
  }

  Value makeSequence(const wick_type *type, wick_type_kind kind) {
    bool tuple = kind == WICK_TYPE_TUPLE;
    int64_t count = tuple ? wick_type_element_count(type) : wick_type_list_length(type);
    wick_value value{tuple ? WICK_TUPLE_VALUE : WICK_LIST_VALUE, 0, {}};
    wick_sequence *sequence = wick_sequence_new(count);
    value.u.p = sequence;
    Value result(value);
    for (int64_t i = 0; i < count; ++i)
      wick_sequence_items(sequence)[i] = make(wick_type_element(type, tuple ? i : 0)).take();
    return result;
  }

  Value parseValue(const wick_type *type, const std::string &text) const {
    wick_value value{};
    std::optional<int64_t> integer = parseInt(text);
    switch (wick_type_get_kind(type)) {
    case WICK_TYPE_OPTIONAL:
      return text == "none" || text == "None" ? Value() : parseValue(wick_type_element(type, 0), text);
    case WICK_TYPE_INT:
      if (!integer)
        break;
      value.tag = WICK_INT_VALUE;
      value.u.i = *integer;
      return Value(value);
    case WICK_TYPE_FLOAT: {
      char *end;
      value.tag = WICK_FLOAT_VALUE;
      value.u.f = std::strtod(text.c_str(), &end);
      if (text.empty() || *end)
        break;
      return Value(value);
    }
    case WICK_TYPE_COMPLEX: { // 1.5, 2j or 1.5-2j
      char *end;
      double real = std::strtod(text.c_str(), &end), imag = 0;
      bool isAlone = *end == 'j';
      if (*end == '+' || *end == '-')
        imag = std::strtod(end, &end);
      else if (isAlone)
        std::swap(real, imag);
      end += *end == 'j';
      if (text.empty() || *end || (imag != 0 && text.back() != 'j'))
        break;
      value.tag = WICK_COMPLEX_VALUE;
      value.u.p = wick_complex_new(real, imag);
      return Value(value);
    }
    case WICK_TYPE_BOOL:
      if (text != "true" && text != "True" && text != "false" && text != "False")
        break;
      value.tag = WICK_BOOL_VALUE;
      value.u.i = text == "true" || text == "True";
      return Value(value);
    case WICK_TYPE_ENUM: {
      const wick_member *member = wick_class_find_member(wick_type_class(type), text.c_str());
      if (!member)
        break;
      value.tag = WICK_ENUM_VALUE;
      value.u.p = const_cast<wick_member *>(member);
      wick_value_retain(&value);
      return Value(value);
    }
    case WICK_TYPE_STRING:
    case WICK_TYPE_DEVICE:
      value.tag = WICK_STRING_VALUE;
      value.u.p = wick_string_new(text.data(), text.size());
      return Value(value);
    case WICK_TYPE_GENERATOR: // of a seed
      if (!integer)
        break;
      value.tag = WICK_GENERATOR_VALUE;
      value.u.p = wick_generator_new(uint64_t(*integer));
      return Value(value);
    default: break;
    }
    const char *what = wick_type_get_kind(type) == WICK_TYPE_GENERATOR ? "the seed of a " : "";
    fail(WICK_ERROR_ARGUMENT, "argument '", argument, "' must be ", what, wick_type_text(type), ", not '", text, "'");
  }

  Value makeRandom(const wick_type *type) {
    int32_t dtype = wick_type_dtype(type), rank = wick_type_rank(type);
    if (wick_type_get_kind(type) != WICK_TYPE_TENSOR || rank < 0)
      fail(WICK_ERROR_ARGUMENT, "argument '", argument, "': --random cannot make ", wick_type_text(type));
    if (dtype < 0)
      dtype = WICK_F32;
    std::vector<int64_t> sizes(rank);
    for (int32_t i = 0; i < rank; ++i) {
      auto chosen = options.sizes.find(wick_type_dim_name(type, i));
      int64_t exact = wick_type_dim(type, i);
      sizes[i] = exact >= 0 ? exact : chosen != options.sizes.end() ? chosen->second : 2;
    }
    TensorPtr tensor = newTensor(dtype, sizes);
    fill(*tensor);
    return Value(std::move(tensor));
  }

  void fill(const wick_tensor &tensor) {
    int64_t count = wick_tensor_count(&tensor);
    std::normal_distribution<float> normal;
    bool complex = tensor.dtype == WICK_C64 || tensor.dtype == WICK_C128;
    for (int64_t i = 0; i < (complex ? 2 * count : count); ++i) {
      switch (tensor.dtype) {
      case WICK_F32:
      case WICK_C64: static_cast<float *>(tensor.data)[i] = normal(random); break;
      case WICK_F64:
      case WICK_C128: static_cast<double *>(tensor.data)[i] = normal(random); break;
      case WICK_BF16: {
        float number = normal(random);
        uint32_t bits;
        std::memcpy(&bits, &number, 4);
        static_cast<uint16_t *>(tensor.data)[i] = bits >> 16;
        break;
      }
      case WICK_F16: // 0, 0.5 or 1 with either sign
        static_cast<uint16_t *>(tensor.data)[i] = (random() & 1) << 15 | (random() & 1 ? 0x3800 : 0x3c00);
        break;
      default:
        int64_t size = wick_dtype_size(tensor.dtype), number = random() & 1;
        std::memcpy(static_cast<char *>(tensor.data) + i * size, &number, size); // little-endian
      }
    }
  }

  const Options &options;
  const wick_method *method;
  std::mt19937 random;
  std::vector<Given> ordered;
  std::map<std::string, Given> named;
  size_t next = 0;
  std::string argument;
};

} // namespace

std::vector<Value> wick::tools::makeArguments(const Options &options, const wick_method *method) {
  return Inputs(options, method).build();
}
