//===- RunTool.cpp - the command line of wick-run ---------------------------===//
#include "RunTool.h"
#include "Error.h"
#include "Npy.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <optional>
#include <random>

using namespace wick::runtime;
using namespace wick::tools;

static constexpr char kHelp[] =
    R"(Runs a compiled model.

usage: PROGRAM MODEL.wick [options]

With the model alone it prints the methods it has. Otherwise it calls one and prints what
it returns, or writes it to a file.

  --method NAME       method to call (default: forward, or the only one)
  --input [NAME=]VAL  an argument, in order or by name; may be repeated. VAL is
                        x.npy         a tensor
                        x.npz         tensors: all of them in order, or by name with NAME=x.npz:KEY
                        3, 2.5, true, none, text      other values, by the argument's type
                      Arguments that are tuples or lists take one --input for each element.
  --random            random tensors for the arguments without --input: floats from a normal
                      distribution, integers 0 or 1
  --seed N            seed of --random (default: 0)
  --size NAME=N       size that --random gives to the dims of that name (default for all: 2)
  --output FILE       write the returned tensors to .npz (under "0", "1", ... and keys of dicts),
                      or a single one to .npy
  --time N            call N times after warming up and print the latency
  --threads N         threads to use (default: $WICK_NUM_THREADS, else the cores of this machine)
  --memory BYTES      limit the memory of the call
  --isa NAME          take the code of this instruction set, as x86-64-v3
  --check             check the whole file, executing nothing
  --help              this text

examples:
  PROGRAM resnet.wick --input image.npy --output scores.npz
  PROGRAM bert.wick --random --size B=8 --size S=128 --time 100
)";

namespace {

/// Wrong usage of the command line.
struct UsageError {
  std::string message;
};

struct Options {
  std::string model, method, output, isa;
  std::vector<std::string> inputs;
  std::map<std::string, int64_t> sizes;
  bool random = false, check = false, help = false;
  int64_t seed = 0, repeat = 0, threads = 0, memory = 0;

  bool calls() const { return random || !inputs.empty() || repeat || !output.empty() || !method.empty(); }
};

std::optional<int64_t> parseInt(std::string_view text) {
  int64_t number;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

int64_t parseNumber(const std::string &option, std::string_view text, int64_t least) {
  std::optional<int64_t> number = parseInt(text);
  if (!number || *number < least)
    throw UsageError{concat(option, " takes a number of at least ", least, ", not '", text, "'")};
  return *number;
}

Options parseOptions(const std::vector<std::string> &arguments) {
  Options options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string option = arguments[i], value;
    bool hasValue = false;
    if (size_t equals = option.find('='); option.starts_with("--") && equals != option.npos) {
      value = option.substr(equals + 1);
      option.resize(equals);
      hasValue = true;
    }
    auto take = [&]() -> const std::string & {
      if (!hasValue && ++i >= arguments.size())
        throw UsageError{concat(option, " needs a value")};
      if (!hasValue)
        value = arguments[i];
      return value;
    };
    if (option == "--help" || option == "-h")
      options.help = true;
    else if (option == "--random")
      options.random = true;
    else if (option == "--check")
      options.check = true;
    else if (option == "--method")
      options.method = take();
    else if (option == "--input")
      options.inputs.push_back(take());
    else if (option == "--output" || option == "-o")
      options.output = take();
    else if (option == "--isa")
      options.isa = take();
    else if (option == "--seed")
      options.seed = parseNumber(option, take(), 0);
    else if (option == "--time")
      options.repeat = parseNumber(option, take(), 1);
    else if (option == "--threads")
      options.threads = parseNumber(option, take(), 1);
    else if (option == "--memory")
      options.memory = parseNumber(option, take(), 1);
    else if (option == "--size") {
      const std::string &text = take();
      size_t equals = text.find('=');
      if (equals == text.npos)
        throw UsageError{concat("--size takes NAME=N, not '", text, "'")};
      options.sizes[text.substr(0, equals)] = parseNumber(option, text.substr(equals + 1), 0);
    } else if (option.starts_with("-") && option != "-")
      throw UsageError{concat("unknown option '", option, "'")};
    else if (options.model.empty())
      options.model = arguments[i];
    else
      throw UsageError{concat("one model at a time, '", arguments[i], "' is too many")};
  }
  return options;
}

/// Turns a failure of the C interface into an Error.
class Check {
public:
  wick_error **operator&() { return &error; }
  void operator()(wick_status status) {
    if (status == WICK_OK)
      return;
    std::string text = wick_error_text(error), source = wick_error_source(error);
    wick_error_release(std::exchange(error, nullptr));
    fail(status, text, source.empty() ? "" : "\n    ", source);
  }

private:
  wick_error *error = nullptr;
};

/// A value that is released with its holder.
class Value {
public:
  Value() = default;
  explicit Value(wick_value value) : value(value) {}
  Value(Value &&other) noexcept : value(std::exchange(other.value, {})) {}
  Value &operator=(Value &&other) noexcept {
    std::swap(value, other.value);
    return *this;
  }
  ~Value() { wick_value_release(&value); }
  wick_value take() { return std::exchange(value, {}); }

  wick_value value{};
};

Value tensorValue(TensorPtr tensor) {
  wick_value value{WICK_TENSOR_VALUE, 0, {}};
  value.u.p = tensor.release();
  return Value(value);
}

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
    TensorPtr tensor;
  };

  void add(const std::string &input) {
    std::string name, text = input;
    size_t equals = input.find('=');
    for (int32_t i = 0, n = wick_method_argument_count(method); i < n && equals != input.npos; ++i)
      if (input.substr(0, equals) == wick_method_argument_name(method, i)) {
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
    if (size_t colon = text.rfind(".npz:"); colon != text.npos) {
      key = text.substr(colon + 5);
      text.resize(colon + 4);
    }
    if (!text.ends_with(".npy") && !text.ends_with(".npz"))
      return keep({text, nullptr});
    bool found = false;
    for (auto &[array, tensor] : readArrays(text)) {
      if (!key.empty() && array != key)
        continue;
      found = true;
      keep({"", std::move(tensor)});
    }
    if (!found)
      fail(WICK_ERROR_ARGUMENT, "'", text, "' has no array '", key, "'");
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
    if (kind == WICK_TYPE_TUPLE || (kind == WICK_TYPE_LIST && wick_type_list_length(type) >= 0))
      return makeSequence(type, kind);
    std::optional<Given> given = nextGiven();
    if (given && given->tensor)
      return tensorValue(std::move(given->tensor));
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
    case WICK_TYPE_BOOL:
      if (text != "true" && text != "True" && text != "false" && text != "False")
        break;
      value.tag = WICK_BOOL_VALUE;
      value.u.i = text == "true" || text == "True";
      return Value(value);
    case WICK_TYPE_STRING:
    case WICK_TYPE_DEVICE:
      value.tag = WICK_STRING_VALUE;
      value.u.p = wick_string_new(text.data(), text.size());
      return Value(value);
    default: break;
    }
    fail(WICK_ERROR_ARGUMENT, "argument '", argument, "' must be ", wick_type_text(type), ", not '", text, "'");
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
    Check check;
    wick_tensor *made = nullptr;
    check(wick_tensor_new(dtype, rank, sizes.data(), &made, &check));
    TensorPtr tensor(made);
    fill(*made);
    return tensorValue(std::move(tensor));
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

float halfToFloat(uint16_t half) {
  int exponent = half >> 10 & 31, mantissa = half & 1023;
  float magnitude = exponent == 31 ? (mantissa ? NAN : INFINITY)
                    : exponent     ? std::ldexp(float(mantissa | 1024), exponent - 25)
                                   : std::ldexp(float(mantissa), -24);
  return half >> 15 ? -magnitude : magnitude;
}

std::string elementText(const wick_tensor &tensor, int64_t index) {
  char text[64];
  auto real = [&](double number) { snprintf(text, sizeof(text), "%.6g", number); };
  switch (tensor.dtype) {
  case WICK_F32: real(static_cast<float *>(tensor.data)[index]); break;
  case WICK_F64: real(static_cast<double *>(tensor.data)[index]); break;
  case WICK_F16: real(halfToFloat(static_cast<uint16_t *>(tensor.data)[index])); break;
  case WICK_BF16: {
    uint32_t bits = uint32_t(static_cast<uint16_t *>(tensor.data)[index]) << 16;
    float number;
    std::memcpy(&number, &bits, 4);
    real(number);
    break;
  }
  case WICK_C64:
    snprintf(text, sizeof(text), "%.6g%+.6gj", static_cast<float *>(tensor.data)[2 * index],
             static_cast<float *>(tensor.data)[2 * index + 1]);
    break;
  case WICK_C128:
    snprintf(text, sizeof(text), "%.6g%+.6gj", static_cast<double *>(tensor.data)[2 * index],
             static_cast<double *>(tensor.data)[2 * index + 1]);
    break;
  case WICK_U8: return std::to_string(static_cast<uint8_t *>(tensor.data)[index]);
  case WICK_I8: return std::to_string(static_cast<int8_t *>(tensor.data)[index]);
  case WICK_I16: return std::to_string(static_cast<int16_t *>(tensor.data)[index]);
  case WICK_I32: return std::to_string(static_cast<int32_t *>(tensor.data)[index]);
  case WICK_I64: return std::to_string(static_cast<int64_t *>(tensor.data)[index]);
  case WICK_BOOL: return static_cast<uint8_t *>(tensor.data)[index] ? "true" : "false";
  default: return "?";
  }
  return text;
}

/// Offset of the element that is `index`th in C order.
int64_t offsetOf(const wick_tensor &tensor, int64_t index) {
  int64_t offset = 0;
  for (int32_t dim = tensor.rank - 1; dim >= 0; --dim) {
    offset += index % tensor.sizes[dim] * tensor.strides[dim];
    index /= tensor.sizes[dim];
  }
  return offset;
}

std::string valueText(const wick_value &value) {
  constexpr int64_t kShown = 8;
  switch (value.tag) {
  case WICK_BOOL_VALUE: return value.u.i ? "true" : "false";
  case WICK_INT_VALUE: return std::to_string(value.u.i);
  case WICK_FLOAT_VALUE: {
    char text[40];
    snprintf(text, sizeof(text), "%.17g", value.u.f);
    return text;
  }
  case WICK_TENSOR_VALUE: {
    const auto &tensor = *static_cast<const wick_tensor *>(value.u.p);
    std::string text = concat("Tensor<", wick_dtype_name(tensor.dtype), ">[");
    for (int32_t i = 0; i < tensor.rank; ++i)
      text += concat(i ? ", " : "", tensor.sizes[i]);
    text += "]";
    int64_t count = wick_tensor_count(&tensor);
    for (int64_t i = 0; i < std::min(count, kShown); ++i)
      text += " " + elementText(tensor, offsetOf(tensor, i));
    return text + (count > kShown ? " ..." : "");
  }
  case WICK_STRING_VALUE: return concat("'", wick_string_data(static_cast<wick_string *>(value.u.p), nullptr), "'");
  case WICK_LIST_VALUE:
  case WICK_TUPLE_VALUE:
  case WICK_DICT_VALUE: {
    auto *sequence = static_cast<wick_sequence *>(value.u.p);
    bool dict = value.tag == WICK_DICT_VALUE;
    std::string text = value.tag == WICK_LIST_VALUE ? "[" : dict ? "{" : "(";
    for (int64_t i = 0, n = wick_sequence_count(sequence); i < n; ++i)
      text += concat(!i ? "" : dict && i % 2 ? ": " : ",\n ", valueText(wick_sequence_items(sequence)[i]));
    return text + (value.tag == WICK_LIST_VALUE ? "]" : dict ? "}" : ")");
  }
  default: return "None";
  }
}

/// Collects the tensors of a value under names of their places.
void collect(const wick_value &value, const std::string &name,
             std::vector<std::pair<std::string, const wick_tensor *>> &arrays) {
  if (value.tag == WICK_TENSOR_VALUE) {
    arrays.emplace_back(name.empty() ? "0" : name, static_cast<const wick_tensor *>(value.u.p));
    return;
  }
  if (value.tag != WICK_LIST_VALUE && value.tag != WICK_TUPLE_VALUE && value.tag != WICK_DICT_VALUE)
    return;
  auto *sequence = static_cast<wick_sequence *>(value.u.p);
  const wick_value *items = wick_sequence_items(sequence);
  bool dict = value.tag == WICK_DICT_VALUE;
  for (int64_t i = 0, n = wick_sequence_count(sequence); i + dict < n; i += 1 + dict) {
    std::string part = std::to_string(i);
    if (dict)
      part = items[i].tag == WICK_STRING_VALUE ? wick_string_data(static_cast<wick_string *>(items[i].u.p), nullptr)
                                               : valueText(items[i]);
    collect(items[i + dict], name.empty() ? part : name + "." + part, arrays);
  }
}

struct ReleaseModule {
  void operator()(wick_module *module) const { wick_module_release(module); }
  void operator()(wick_session *session) const { wick_session_release(session); }
};

const wick_method *chooseMethod(const wick_module *module, const std::string &name) {
  const wick_method *method = wick_module_find(module, name.empty() ? "forward" : name.c_str());
  if (!method && name.empty() && wick_module_method_count(module) == 1)
    method = wick_module_method(module, 0);
  if (method)
    return method;
  std::string known;
  for (int32_t i = 0, n = wick_module_method_count(module); i < n; ++i)
    known += concat(i ? ", " : "", wick_method_name(wick_module_method(module, i)));
  fail(WICK_ERROR_ARGUMENT, "there is no method '", name.empty() ? "forward" : name, "'; the model has ", known);
}

void printLatency(std::vector<double> &microseconds) {
  std::sort(microseconds.begin(), microseconds.end());
  auto at = [&](double part) { return microseconds[size_t(part * (microseconds.size() - 1))]; };
  bool small = at(0.5) < 1000;
  double unit = small ? 1 : 1000;
  printf("latency over %zu calls: best %.3f, median %.3f, 95%% %.3f, worst %.3f %s\n", microseconds.size(),
         at(0) / unit, at(0.5) / unit, at(0.95) / unit, at(1) / unit, small ? "us" : "ms");
}

void callMethod(const Options &options, wick_module *module) {
  Check check;
  wick_session_options sessionOptions{sizeof(sessionOptions), int32_t(std::min<int64_t>(options.threads, 256)),
                                      options.memory};
  wick_session *made = nullptr;
  check(wick_session_new(module, &sessionOptions, &made, &check));
  std::unique_ptr<wick_session, ReleaseModule> session(made);
  const wick_method *method = chooseMethod(module, options.method);
  std::vector<Value> inputs = Inputs(options, method).build();
  std::vector<wick_value> arguments;
  for (const Value &input : inputs)
    arguments.push_back(input.value);

  auto call = [&] {
    Value result;
    check(wick_call(session.get(), method, arguments.data(), arguments.size(), &result.value, &check));
    return result;
  };
  Value result = call();
  if (options.output.empty()) {
    printf("%s\n", valueText(result.value).c_str());
  } else {
    std::vector<std::pair<std::string, const wick_tensor *>> arrays;
    collect(result.value, "", arrays);
    writeArrays(options.output, arrays);
  }
  if (!options.repeat)
    return;
  using Clock = std::chrono::steady_clock;
  for (auto until = Clock::now() + std::chrono::milliseconds(100); Clock::now() < until;)
    call();
  std::vector<double> microseconds;
  for (int64_t i = 0; i < options.repeat; ++i) {
    auto start = Clock::now();
    call();
    microseconds.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  printLatency(microseconds);
}

void run(const Options &options) {
  Check check;
  if (options.check) {
    wick_string *summary = nullptr;
    check(wick_module_check(options.model.c_str(), &summary, &check));
    wick_value value{WICK_STRING_VALUE, 0, {}};
    value.u.p = summary;
    Value holder(value);
    printf("%s: sound %s\n", options.model.c_str(), wick_string_data(summary, nullptr));
    return;
  }
  wick_load_options loadOptions{sizeof(loadOptions), 0, options.isa.empty() ? nullptr : options.isa.c_str()};
  wick_module *made = nullptr;
  check(wick_module_load(options.model.c_str(), &loadOptions, &made, &check));
  std::unique_ptr<wick_module, ReleaseModule> module(made);
  if (options.calls())
    return callMethod(options, module.get());
  printf("%s by %s, code for %s\n", wick_module_name(made), wick_module_producer(made), wick_module_isa(made));
  for (int32_t i = 0, n = wick_module_method_count(made); i < n; ++i)
    printf("  %s\n", wick_method_signature(wick_module_method(made, i)));
}

std::string helpFor(const std::string &program) {
  std::string text = kHelp;
  for (size_t at; (at = text.find("PROGRAM")) != text.npos;)
    text.replace(at, 7, program);
  return text;
}

} // namespace

int wick::tools::runTool(const std::string &program, const std::vector<std::string> &arguments) {
  try {
    Options options = parseOptions(arguments);
    if (options.help) {
      fputs(helpFor(program).c_str(), stdout);
      return 0;
    }
    if (options.model.empty())
      throw UsageError{"a model is needed"};
    run(options);
    return 0;
  } catch (const UsageError &error) {
    fprintf(stderr, "%s: %s; %s --help explains\n", program.c_str(), error.message.c_str(), program.c_str());
    return 2;
  } catch (const Error &error) {
    fprintf(stderr, "%s: error: %s\n", program.c_str(), error.message.c_str());
  } catch (const std::exception &error) {
    fprintf(stderr, "%s: error: %s\n", program.c_str(), error.what());
  }
  return 1;
}
