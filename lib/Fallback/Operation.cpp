//===- Operation.cpp - the text of an operation ------------------------------===//
#include "Operation.h"

#include "wick/Runtime/wick.h"

#include <charconv>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

using namespace wick::fallback;

std::string ResultSpec::print() const {
  std::string text = dtype ? std::string(wick_dtype_name(int32_t(*dtype))) + "[" : "*";
  for (size_t i = 0; dtype && i < sizes.size(); ++i)
    text += (i ? "," : "") + (sizes[i] < 0 ? "?" : std::to_string(sizes[i]));
  return dtype ? text + "]" : text;
}

/// Takes what stands before the next of `ends`, and that character; all when there is none.
static std::string_view takeUntil(std::string_view &text, std::string_view ends) {
  size_t end = std::min(text.find_first_of(ends), text.size());
  std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

static ResultSpec parseResult(std::string_view text) {
  ResultSpec spec;
  if (text == "*")
    return spec;
  if (text.back() == '+') {
    spec.isList = true;
    text.remove_suffix(1);
  }
  int32_t dtype = wick_dtype_parse(std::string(takeUntil(text, "[")).c_str());
  TORCH_CHECK(dtype >= 0, "the description of a result has an unknown dtype");
  spec.dtype = at::ScalarType(dtype);
  std::string_view dims = takeUntil(text, "]");
  while (!dims.empty()) {
    std::string_view dim = takeUntil(dims, ",");
    int64_t size = -1;
    if (dim != "?")
      std::from_chars(dim.data(), dim.data() + dim.size(), size);
    spec.sizes.push_back(size);
  }
  return spec;
}

Operation Operation::parse(std::string_view text) {
  Operation operation;
  std::string_view names = takeUntil(text, "("), arguments = takeUntil(text, ")");
  while (!names.empty())
    operation.names.emplace_back(takeUntil(names, "|"));
  while (!arguments.empty()) {
    std::string_view name = takeUntil(arguments, ",");
    NamedArgument argument;
    argument.isCopied = name.ends_with('!');
    argument.isWritten = name.ends_with('&');
    argument.name = name.substr(0, name.size() - (argument.isCopied || argument.isWritten));
    operation.arguments.push_back(std::move(argument));
  }
  takeUntil(text, ">");
  while (!text.empty())
    if (std::string_view result = takeUntil(text, " "); !result.empty())
      operation.results.push_back(parseResult(result));
  TORCH_CHECK(!operation.names.empty(), "the description of an operation names no operator");
  return operation;
}

const Operation &wick::fallback::getOperation(std::string_view text) {
  static std::shared_mutex mutex;
  static std::map<std::string, std::unique_ptr<Operation>, std::less<>> known;
  {
    std::shared_lock lock(mutex);
    if (auto found = known.find(text); found != known.end())
      return *found->second;
  }
  auto operation = std::make_unique<Operation>(Operation::parse(text));
  std::unique_lock lock(mutex);
  return *known.try_emplace(std::string(text), std::move(operation)).first->second;
}
