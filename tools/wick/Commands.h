//===- Commands.h - the commands of the driver -------------------*- C++ -*-===//
//
// One struct of options and one function per command of `wick`. The functions
// report errors on standard error and return the exit code. This header is free of
// LLVM and MLIR so that wick.cpp, which parses the command line, compiles fast.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TOOLS_WICK_COMMANDS_H
#define WICK_TOOLS_WICK_COMMANDS_H

#include <string>
#include <vector>

namespace wick::driver {

struct ImportCommand {
  std::vector<std::string> inputs;
  /// A file, "-" for standard output, or a directory for several inputs.
  std::string output = "-";
  bool emitBytecode = false;
  /// The inputs are JSON descriptions, not archives.
  bool fromDescription = false;
  /// The inputs are Python files with TorchScript functions.
  bool fromFunctions = false;
  bool withoutLocations = false;
  bool verifyRoundTrip = false;
};
int runImport(const ImportCommand &command);

} // namespace wick::driver

#endif // WICK_TOOLS_WICK_COMMANDS_H
