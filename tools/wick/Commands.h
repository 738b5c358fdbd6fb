//===- Commands.h - the subcommands of wick --------------------------------===//
//
// The command line (wick.cpp) knows CLI11 and exceptions, the commands know MLIR and
// neither; these structures are what passes between them. Every command returns the
// exit code: 0, 1 after an error was printed, or 2 when what is wrong is the command line or the inputs it gives.
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
  /// Write what the methods of the root declare instead, as JSON by name.
  bool declarations = false;
};
int runImport(const ImportCommand &command);

struct CompileArguments {
  std::string input, output, example, emit, from, dumpDirectory, sanitizer;
  std::vector<std::string> inputs, methods, mutableAttributes, targets = {"native"};
  std::vector<std::string> printAfter;
  unsigned optimizationLevel = 3, threads = 0;
  bool noFallback = false, lateErrors = false, noWinograd = false, timing = false, verbose = false;
};

int runCompile(const CompileArguments &arguments);
int runExplain(const CompileArguments &arguments);
int runCheck(const std::string &file);
/// Replaces this process by `python3 -m wick.<module> arguments…`.
int runPython(const std::string &module, const std::vector<std::string> &arguments);

/// This program's own path, for files that are installed beside it.
void setProgramPath(const char *argv0);

} // namespace wick::driver

#endif // WICK_TOOLS_WICK_COMMANDS_H
