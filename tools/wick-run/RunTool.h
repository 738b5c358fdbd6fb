//===- RunTool.h - the command line of wick-run ------------------*- C++ -*-===//
//
// `wick run` is the same command; it needs nothing but the runtime.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TOOLS_WICK_RUN_RUNTOOL_H
#define WICK_TOOLS_WICK_RUN_RUNTOOL_H

#include <string>
#include <vector>

namespace wick::tools {

/// Runs the command with the arguments after its name; `program` is what to call it in messages, as "wick run".
/// Returns the exit code: 0, 1 on an error and 2 on wrong usage. Does not throw.
int runTool(const std::string &program, const std::vector<std::string> &arguments);

/// Appends to `inputs` what `wick compile --input` would say of the tensors in a file of values. False, with a line in
/// `error`, on failure; does not throw.
bool readExampleTypes(const std::string &path, std::vector<std::string> &inputs, std::string &error) noexcept;

} // namespace wick::tools

#endif // WICK_TOOLS_WICK_RUN_RUNTOOL_H
