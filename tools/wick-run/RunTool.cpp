//===- RunTool.cpp - the command line of wick-run ---------------------------===//
#include "RunTool.h"
#include "Arguments.h"
#include "Files.h"
#include "Print.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>

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
                        x.npz, x.pt   all values in the file, in order or for the arguments whose names they
                                      have; one of them with NAME=x.npz:KEY
                        3, 2.5, true, none, text      other values, by the argument's type
                      Arguments that are tuples or lists take one --input for each element.
  --random            random tensors for the arguments without --input: floats from a normal
                      distribution, integers 0 or 1
  --seed N            seed of --random (default: 0)
  --size NAME=N       size that --random gives to the dims of that name (default for all: 2)
  --output FILE       write what is returned to .pt, for torch.load; its tensors to .npz (under "0", "1",
                      ... and keys of dicts); a single one to .npy
  --time N            call N times after warming up and print the latency
  --callers N         threads that make the N calls of --time each at once, on one session, and check that all
                      results are the same (default: 1)
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
    else if (option == "--callers")
      options.callers = parseNumber(option, take(), 1);
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

/// Pairs of objects.
using Compared = std::set<std::pair<const void *, const void *>>;

/// Whether two results are the same to the bit.
bool isSame(const wick_value &a, const wick_value &b, Compared &compared) {
  if (a.tag != b.tag)
    return false;
  switch (a.tag) {
  case WICK_NONE: return true;
  case WICK_TENSOR_VALUE: {
    const auto &left = *static_cast<const wick_tensor *>(a.u.p), &right = *static_cast<const wick_tensor *>(b.u.p);
    if (left.dtype != right.dtype || left.rank != right.rank ||
        !std::equal(left.sizes, left.sizes + left.rank, right.sizes))
      return false;
    int64_t element = wick_dtype_size(left.dtype);
    auto at = [&](const wick_tensor &tensor, int64_t index) {
      return static_cast<const char *>(tensor.data) + offsetOf(tensor, index) * element;
    };
    for (int64_t i = 0, n = wick_tensor_count(&left); i < n; ++i)
      if (std::memcmp(at(left, i), at(right, i), element))
        return false;
    return true;
  }
  case WICK_STRING_VALUE:
  case WICK_DEVICE_VALUE:
    return !std::strcmp(wick_string_data(static_cast<wick_string *>(a.u.p), nullptr),
                        wick_string_data(static_cast<wick_string *>(b.u.p), nullptr));
  case WICK_OBJECT_VALUE: {
    auto classOf = [](const wick_value &value) { return wick_object_class(static_cast<wick_sequence *>(value.u.p)); };
    if (classOf(a) != classOf(b))
      return false;
    // Objects may hold each other in a circle: what is being compared is taken for the same.
    if (!compared.emplace(a.u.p, b.u.p).second)
      return true;
    [[fallthrough]];
  }
  case WICK_LIST_VALUE:
  case WICK_TUPLE_VALUE:
  case WICK_DICT_VALUE: {
    auto *left = static_cast<wick_sequence *>(a.u.p), *right = static_cast<wick_sequence *>(b.u.p);
    int64_t count = wick_sequence_count(left);
    return count == wick_sequence_count(right) &&
           std::equal(wick_sequence_items(left), wick_sequence_items(left) + count, wick_sequence_items(right),
                      [&](const wick_value &x, const wick_value &y) { return isSame(x, y, compared); });
  }
  default: return a.u.i == b.u.i;
  }
}

/// Makes the calls that --time and --callers ask for; the latencies of all are returned.
template <typename Call> std::vector<double> timeCalls(const Options &options, const Value &expected, Call &&call) {
  using Clock = std::chrono::steady_clock;
  std::mutex mutex;
  std::vector<double> microseconds;
  std::optional<Error> failure;
  auto work = [&] {
    std::vector<double> own;
    own.reserve(options.repeat);
    try {
      for (int64_t i = 0; i < options.repeat; ++i) {
        auto start = Clock::now();
        Value result = call();
        own.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
        if (Compared compared; options.callers > 1 && !isSame(result.value, expected.value, compared))
          fail(WICK_ERROR_RUNTIME, "a call among ", options.callers, " at once returned something else than the first");
      }
    } catch (const Error &error) {
      std::lock_guard lock(mutex);
      failure = error;
    }
    std::lock_guard lock(mutex);
    microseconds.insert(microseconds.end(), own.begin(), own.end());
  };
  std::vector<std::thread> others;
  for (int64_t i = 1; i < options.callers; ++i)
    others.emplace_back(work);
  work();
  for (std::thread &other : others)
    other.join();
  if (failure)
    throw *failure;
  return microseconds;
}

void callMethod(const Options &options, wick_module *module) {
  Check check;
  wick_session_options sessionOptions{sizeof(sessionOptions), int32_t(std::min<int64_t>(options.threads, 256)),
                                      options.memory, /*time_limit=*/0, /*share=*/nullptr};
  wick_session *made = nullptr;
  check(wick_session_new(module, &sessionOptions, &made, &check));
  std::unique_ptr<wick_session, ReleaseModule> session(made);
  const wick_method *method = chooseMethod(module, options.method);
  std::vector<Value> inputs = makeArguments(options, method);
  std::vector<wick_value> arguments;
  for (const Value &input : inputs)
    arguments.push_back(input.value);
  for (int32_t i = 0; i < int32_t(arguments.size()) && options.callers > 1; ++i)
    if (wick_method_argument_is_written(method, i))
      fail(WICK_ERROR_ARGUMENT, "--callers: they share the arguments, but ", wick_method_name(method), "() writes to '",
           wick_method_argument_name(method, i), "'");

  auto call = [&] {
    Check check;
    Value result;
    check(wick_call(session.get(), method, arguments.data(), arguments.size(), &result.value, &check));
    return result;
  };
  Value result = call();
  if (options.output.empty()) {
    printf("%s\n", valueText(result.value).c_str());
  } else {
    writeValue(options.output, result.value);
  }
  if (!options.repeat)
    return;
  using Clock = std::chrono::steady_clock;
  for (auto until = Clock::now() + std::chrono::milliseconds(100); Clock::now() < until;)
    call();
  std::vector<double> microseconds = timeCalls(options, result, call);
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
