//===- Arguments.h - the arguments of a call, from the command line -*- C++ -*-===//
#ifndef WICK_TOOLS_WICK_RUN_ARGUMENTS_H
#define WICK_TOOLS_WICK_RUN_ARGUMENTS_H

#include "Value.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace wick::tools {

/// The command line.
struct Options {
  std::string model, method, output, isa;
  std::vector<std::string> inputs;
  std::map<std::string, int64_t> sizes;
  bool random = false, check = false, help = false;
  int64_t seed = 0, repeat = 0, callers = 1, threads = 0, memory = 0;

  bool calls() const { return random || !inputs.empty() || repeat || !output.empty() || !method.empty(); }
};

/// The number that the text is, if it is one.
std::optional<int64_t> parseInt(std::string_view text);

/// Makes one value for each argument of the method from what is given, from files and by chance. Throws Error.
std::vector<Value> makeArguments(const Options &options, const wick_method *method);

} // namespace wick::tools

#endif // WICK_TOOLS_WICK_RUN_ARGUMENTS_H
