//===- wick.cpp - the driver: one command for each thing that users do ------===//
#include "Commands.h"

#include <CLI/CLI.hpp>

using namespace wick::driver;

static void addImport(CLI::App &app, int &result) {
  auto options = std::make_shared<ImportCommand>();
  CLI::App *command = app.add_subcommand("import", "Turn a TorchScript archive into readable MLIR");
  command->description("Writes the archive as MLIR of the ts and aten dialects: classes, methods, the objects with\n"
                       "their attributes, and where each operation stands in the Python source. Weights stay\n"
                       "references to the archive's bytes. `wick-opt --compile-to=<phase>` goes on from there.\n\n"
                       "  wick import model.pt -o model.mlir\n"
                       "  wick import a.pt b.pt --verify-roundtrip -o directory");
  command->add_option("archive", options->inputs, "Archive that torch.jit.save wrote; several go to a directory")
      ->required();
  command->add_option("-o,--output", options->output, "File or directory to write; standard output by default");
  command->add_flag("--emit-bytecode", options->emitBytecode, "Write MLIR bytecode instead of text");
  command->add_flag("--without-locations", options->withoutLocations, "Leave out the source locations");
  command->add_flag("--from-description", options->fromDescription, "The input is a JSON description of an archive");
  command->add_flag("--from-functions", options->fromFunctions, "The input is Python with TorchScript functions");
  command->add_flag("--verify-roundtrip", options->verifyRoundTrip, "Check that text and bytecode read back the same");
  command->callback([options, &result] { result = runImport(*options); });
}

int main(int argc, char **argv) {
  CLI::App app("Wick compiles TorchScript archives to native code.", "wick");
  app.require_subcommand(1);
  int result = 0;
  addImport(app, result);
  CLI11_PARSE(app, argc, argv);
  return result;
}
