//===- Call.cpp - calls operators of LibTorch --------------------------------===//
//
// See include/wick/Runtime/Fallback.h for what the runtime asks. Operators are found in the registry
// of LibTorch's own interpreter, which knows those of the dispatcher and those that it alone has.
//
//===----------------------------------------------------------------------===//
#include "Call.h"
#include "Numbers.h"
#include "Values.h"
#include "wick/Runtime/Fallback.h"

#include <ATen/Version.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/InferenceMode.h>
#include <torch/headeronly/version.h>

#include <map>

using namespace wick::fallback;
using torch::jit::Operator;

namespace {

/// One call: arguments on a stack, and which results there are.
class Call {
public:
  Call(const Operation &operation, const wick_value *args, int64_t count, const wick_random_stream *numbers,
       bool onMeta)
      : operation(operation), args(args), numbers(numbers), onMeta(onMeta) {
    TORCH_CHECK(count == int64_t(operation.arguments.size()), "an operation has ", operation.arguments.size(),
                " arguments, ", count, " were given");
  }

  /// The results, in the order of `operation.results`.
  torch::jit::Stack run(int64_t wanted) {
    std::string reasons;
    std::shared_ptr<Operator> op = select(reasons);
    TORCH_CHECK(op, reasons.empty() ? "LibTorch has no operator '" + operation.names.front() + "'" : reasons);
    if (numbers && draws(op->schema()))
      runWithNumbers(*op);
    else
      op->getOperation()(stack);
    // Where only what was written is asked for, the operator's own results are those tensors.
    int64_t own = stack.size(), kept = wanted - int64_t(copies.size());
    TORCH_CHECK(kept == 0 || kept == own, "'", operation.names.front(), "' has ", own, " results, expected ", kept);
    stack.resize(kept);
    stack.insert(stack.end(), copies.begin(), copies.end());
    return std::move(stack);
  }

private:
  static bool draws(const c10::FunctionSchema &schema) {
    auto op = c10::Dispatcher::singleton().findSchema(schema.operator_name());
    return op && op->hasTag(at::Tag::nondeterministic_seeded);
  }

  void runWithNumbers(const Operator &op) {
    LentNumbers lent(*numbers);
    const std::vector<c10::Argument> &parameters = op.schema().arguments();
    auto isGenerator = [](const c10::Argument &parameter) {
      auto optional = parameter.type()->cast<c10::OptionalType>();
      return (optional ? optional->getElementType() : parameter.type())->kind() == c10::TypeKind::GeneratorType;
    };
    auto parameter = std::find_if(parameters.begin(), parameters.end(), isGenerator);
    if (parameter == parameters.end())
      lent.makeDefault();
    else
      stack[parameter - parameters.begin()] = lent.getGenerator();
    op.getOperation()(stack);
  }

  /// The first operator whose parameters the arguments fit; they are on the stack then. Overloads for numbers come
  /// before those to which a number is a tensor.
  std::shared_ptr<Operator> select(std::string &reasons) {
    if (operation.names.size() > 1)
      if (std::shared_ptr<Operator> op = select(reasons, /*isStrict=*/true))
        return op;
    reasons.clear();
    return select(reasons, /*isStrict=*/false);
  }

  std::shared_ptr<Operator> select(std::string &reasons, bool isStrict) {
    for (const std::string &name : operation.names) {
      size_t dot = name.find('.');
      c10::OperatorName known(name.substr(0, dot), dot == name.npos ? "" : name.substr(dot + 1));
      std::shared_ptr<Operator> op = torch::jit::findOperatorFor(known);
      if (!op)
        continue;
      try {
        push(op->schema(), isStrict);
        return op;
      } catch (const c10::Error &error) {
        if (operation.names.size() == 1)
          throw;
        reasons += (reasons.empty() ? "" : "; ") + name + ": " + error.what_without_backtrace();
      }
    }
    return nullptr;
  }

  void push(const c10::FunctionSchema &schema, bool isStrict) {
    stack.clear();
    copies.clear();
    std::vector<at::Tensor> copied(operation.arguments.size());
    size_t taken = 0;
    for (const c10::Argument &parameter : schema.arguments()) {
      size_t index = find(parameter.name(), stack.size());
      bool isWritten = parameter.alias_info() && parameter.alias_info()->isWrite();
      bool isGiven = index != operation.arguments.size();
      taken += isGiven;
      // Overloads have their own parameters: None stands for one that an operator lacks, or that keeps its default.
      bool isNone = isGiven && args[index].tag == WICK_NONE;
      if (!isGiven ||
          (isNone && parameter.type()->kind() != c10::TypeKind::OptionalType && parameter.default_value())) {
        stack.push_back(getDefault(parameter, isWritten));
        continue;
      }
      TORCH_CHECK(!isStrict || !isTensor(parameter.type()) || isNone || args[index].tag == WICK_TENSOR_VALUE,
                  "argument '", parameter.name(), "' is a number");
      c10::IValue value = toTorch(args[index], parameter.type());
      if (onMeta)
        value = moveToMeta(value);
      if (isWritten && !operation.arguments[index].isWritten)
        value = copy(value);
      if (operation.arguments[index].isCopied && value.isTensor())
        copied[index] = value.toTensor();
      stack.push_back(std::move(value));
    }
    for (size_t i = 0; i < copied.size(); ++i)
      taken += args[i].tag == WICK_NONE && !hasParameter(schema, i);
    TORCH_CHECK(taken == copied.size(), "there is no parameter for one of the arguments");
    for (size_t i = 0; i < copied.size(); ++i)
      if (operation.arguments[i].isCopied)
        copies.push_back(copied[i]);
  }

  static bool isTensor(const c10::TypePtr &type) {
    auto optional = type->cast<c10::OptionalType>();
    return (optional ? optional->getElementType() : type)->kind() == c10::TypeKind::TensorType;
  }

  bool hasParameter(const c10::FunctionSchema &schema, size_t argument) const {
    for (size_t i = 0; i < schema.arguments().size(); ++i)
      if (find(schema.arguments()[i].name(), i) == argument)
        return true;
    return false;
  }

  /// The argument for a parameter; the first is the first whatever its name.
  size_t find(const std::string &name, size_t position) const {
    for (size_t i = 0; i < operation.arguments.size(); ++i)
      if (operation.arguments[i].name == name)
        return i;
    bool isFirst = position == 0 && !operation.arguments.empty();
    return isFirst ? 0 : operation.arguments.size();
  }

  c10::IValue getDefault(const c10::Argument &parameter, bool isWritten) const {
    if (parameter.default_value())
      return *parameter.default_value();
    // What ops of Wick's leave out: their sorts are stable, and there are no libraries for GPUs to choose.
    static const std::map<std::string, bool> decided = {{"stable", true},
                                                        {"cudnn_enabled", false},
                                                        {"benchmark", false},
                                                        {"deterministic", false},
                                                        {"allow_tf32", false}};
    if (auto known = decided.find(parameter.name()); known != decided.end())
      return known->second;
    // What `out=` writes takes its shape from the result.
    if (isWritten && parameter.kwarg_only()) {
      for (const c10::IValue &value : stack)
        if (value.isTensor() && value.toTensor().defined())
          return at::empty({0}, value.toTensor().options());
      return at::empty({0});
    }
    TORCH_CHECK(parameter.type()->kind() == c10::TypeKind::OptionalType, "argument '", parameter.name(),
                "' is missing");
    return {};
  }

  static c10::IValue moveToMeta(const c10::IValue &value) {
    if (value.isTensor() && value.toTensor().defined())
      return value.toTensor().to(at::kMeta);
    if (!value.isTensorList())
      return value.isDevice() ? c10::IValue(c10::Device(at::kMeta)) : value;
    c10::List<at::Tensor> list;
    for (const at::Tensor &tensor : value.toTensorVector())
      list.push_back(tensor.to(at::kMeta));
    return list;
  }

  static c10::IValue copy(const c10::IValue &value) {
    if (value.isTensor())
      return value.toTensor().defined() ? value.toTensor().clone() : value;
    if (!value.isTensorList())
      return value;
    c10::List<at::Tensor> list;
    for (const at::Tensor &tensor : value.toTensorVector())
      list.push_back(tensor.clone());
    return list;
  }

  const Operation &operation;
  const wick_value *args;
  const wick_random_stream *numbers;
  bool onMeta;
  torch::jit::Stack stack;
  std::vector<at::Tensor> copies;
};

/// Whether a tensor shows memory of an argument or of an element of one.
bool showsMemory(const at::Tensor &tensor, const wick_value &value) {
  if (value.tag == WICK_TENSOR_VALUE)
    return tensor.has_storage() && tensor.storage().data() == static_cast<const wick_tensor *>(value.u.p)->data;
  if (value.tag != WICK_LIST_VALUE)
    return false;
  const auto &items = *static_cast<const wick_items *>(value.u.p);
  return std::any_of(items.items, items.items + items.count,
                     [&](const wick_value &item) { return showsMemory(tensor, item); });
}

/// A tensor of a result, as the caller relies on it: in order, unless that would make a copy of a view.
at::Tensor check(const at::Tensor &tensor, const ResultSpec &spec, const std::string &name,
                 c10::ArrayRef<wick_value> args) {
  bool fits = tensor.defined() && tensor.scalar_type() == *spec.dtype && tensor.dim() == int64_t(spec.sizes.size());
  for (size_t i = 0; fits && i < spec.sizes.size(); ++i)
    fits = spec.sizes[i] < 0 || spec.sizes[i] == tensor.size(i);
  if (fits) {
    at::Tensor plain = tensor.resolve_conj().resolve_neg();
    bool isView = std::any_of(args.begin(), args.end(), [&](const wick_value &arg) { return showsMemory(plain, arg); });
    return isView ? plain : plain.contiguous();
  }
  ResultSpec given;
  if (tensor.defined()) {
    given.dtype = tensor.scalar_type();
    given.sizes = tensor.sizes().vec();
  }
  TORCH_CHECK(false, name, " returned ", given.print(), ", but the code was made for ", spec.print(),
              "; compile the model for these inputs");
}

wick_value convert(const c10::IValue &result, const ResultSpec &spec, const std::string &name,
                   c10::ArrayRef<wick_value> args) {
  if (!spec.dtype)
    return fromTorch(result);
  if (!spec.isList) {
    TORCH_CHECK(result.isTensor(), name, " returned a ", result.tagKind(), ", expected a tensor");
    return fromTorch(check(result.toTensor(), spec, name, args));
  }
  TORCH_CHECK(result.isTensorList(), name, " returned a ", result.tagKind(), ", expected a list of tensors");
  c10::List<at::Tensor> checked;
  for (const at::Tensor &tensor : result.toTensorVector())
    checked.push_back(check(tensor, spec, name, args));
  return fromTorch(checked);
}

wick_status fail(wick_status status, std::string_view text, wick_string **message) {
  *message = wick_string_new(text.data(), text.size());
  return status;
}

} // namespace

torch::jit::Stack wick::fallback::call(const Operation &operation, const wick_value *args, int64_t count,
                                       int64_t resultCount, const wick_random_stream *numbers, bool onMeta) {
  c10::InferenceMode mode;
  return Call(operation, args, count, numbers, onMeta).run(resultCount);
}

extern "C" __attribute__((visibility("default"))) const char *wick_fallback_problem() {
  static const std::string problem = [] {
    std::string_view given = "unknown", mark = "TORCH_VERSION=";
    const std::string config = at::show_config();
    if (size_t start = config.find(mark); start != config.npos)
      given = std::string_view(config).substr(start + mark.size(),
                                              config.find_first_of(", \n", start) - start - mark.size());
    return given == TORCH_VERSION
               ? std::string()
               : "it was built with LibTorch " TORCH_VERSION ", and the one that is loaded is " + std::string(given);
  }();
  return problem.empty() ? nullptr : problem.c_str();
}

extern "C" __attribute__((visibility("default"))) uint32_t wick_fallback_version() { return WICK_FALLBACK_VERSION; }

extern "C" __attribute__((visibility("default"))) wick_status
wick_fallback_call(const char *text, size_t bytes, const wick_value *args, int64_t count,
                   const wick_random_stream *numbers, wick_value *results, int64_t resultCount, wick_string **message) {
  int64_t made = 0;
  auto release = [&] {
    for (int64_t i = 0; i < made; ++i)
      wick_value_release(&results[i]);
  };
  try {
    const Operation &operation = getOperation({text, bytes});
    c10::InferenceMode mode;
    torch::jit::Stack stack = call(operation, args, count, resultCount, numbers);
    TORCH_CHECK(operation.results.size() == size_t(resultCount), "the description of '", operation.names.front(),
                "' has another number of results");
    for (; made < resultCount; ++made)
      results[made] = convert(stack[made], operation.results[made], operation.names.front(), {args, size_t(count)});
    return WICK_OK;
  } catch (const c10::Error &error) {
    release();
    return fail(WICK_ERROR_RUNTIME, error.what_without_backtrace(), message);
  } catch (const std::bad_alloc &) {
    release();
    return fail(WICK_ERROR_MEMORY, "out of memory", message);
  } catch (const std::exception &error) {
    release();
    return fail(WICK_ERROR_RUNTIME, error.what(), message);
  }
}
