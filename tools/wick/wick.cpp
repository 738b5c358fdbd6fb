//===- wick.cpp - the command line of the compiler ---------------------------===//
#include "../wick-run/RunTool.h"
#include "Commands.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

using namespace wick::driver;

static void addProgramOptions(CLI::App &app, CompileArguments &arguments) {
  app.add_option("model", arguments.input, "TorchScript archive (.pt), or MLIR text or bytecode of any phase")
      ->required();
  app.add_option("-i,--input", arguments.inputs,
                 "Type of one argument, in order or by name: [method:][name=]1x3xHxWxf32. Letters name\n"
                 "dims and tie those that must be equal; ? is any size. Repeat for every tensor.\n"
                 "A name or number (the first argument is 0=) may also take the structure of an example:\n"
                 "0=[?x3xf32] for a list, [?x3xf32; 2] for one of two elements, [0, 1] for one of these numbers,\n"
                 "d={str: 2xi64} for a dict, 1=(int, str) for a tuple, p=Point(x=2xf32, n=int) for an object;\n"
                 "4xf32|?xi64 is a tensor of either type, and 4xf32? one or None;\n"
                 "@__torch__.Decoder(cache=[?x8xf32]) says what else attributes of a class may hold.\n"
                 "b=&a is the tensor given as a, once more; 2xf32 requires_grad one that gradients are taken of")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--example", arguments.example, "Take the types from example inputs instead: .npy, .npz or .pt");
  app.add_option("-m,--method", arguments.methods, "Compile this method only; repeat for several. Default: all")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--mutable", arguments.mutableAttributes,
                 "Attribute that callers will set, as threshold or block.scale; repeat for several.\n"
                 "Others that no method writes are constants of the code")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--target", arguments.targets,
                 "Instruction sets, comma-separated: native, x86-64-v2, x86-64-v3 (AVX2), x86-64-v4 (AVX-512).\n"
                 "The first that the machine has is the one that runs")
      ->delimiter(',')
      ->capture_default_str();
  app.add_flag("--no-fallback", arguments.noFallback,
               "Refuse operators without native code, naming them all (also WICK_NO_FALLBACK=1)");
  app.add_flag(
      "--late-errors", arguments.lateErrors,
      "Let what never succeeds, as shapes that do not fit, raise when it runs, even where every call reaches it");
  app.add_flag(
      "--no-winograd", arguments.noWinograd,
      "Compute 3x3 convolutions directly: up to three times slower, rounding errors up to three times smaller");
  app.add_option("--from", arguments.from, "Phase at whose end an MLIR input stands; default import");
  app.add_option("-j,--threads", arguments.threads, "Threads that compile; default all");
  app.add_option("--print-after", arguments.printAfter, "Print the IR after this pass, by its name; repeat for several")
      ->allow_extra_args(false)
      ->take_all();
  app.add_flag("--timing", arguments.timing, "Print how long each pass took");
  app.add_flag("-v,--verbose", arguments.verbose, "Print each step with its time");
}

static void addCompile(CLI::App &wick, CompileArguments &arguments) {
  CLI::App *app = wick.add_subcommand("compile", "Compile an archive to native code");
  app->footer("Examples:\n"
              "  wick compile model.pt --input 1x3x224x224xf32 -o model.wick\n"
              "  wick compile bert.pt --input BxSxi64 --input BxSxi64     # dynamic batch and length\n"
              "  wick compile cell.pt --example inputs.npz --target x86-64-v3,x86-64-v4\n"
              "  wick compile model.pt --input 4xf32 --emit linalg        # look at a phase");
  addProgramOptions(*app, arguments);
  app->add_option("-o,--output", arguments.output, "Where to write; default: the input's name with .wick");
  app->add_option("--emit", arguments.emit,
                  "Write MLIR text at the end of a phase instead of an artifact:\n"
                  "import, program, typed, values, linalg, kernels or native");
  app->add_option("--dump-dir", arguments.dumpDirectory,
                  "Write the IR after every phase, the LLVM IR and the assembly into this directory");
  app->add_option("--sanitize", arguments.sanitizer,
                  "Instrument the code: thread or address. It runs in a runtime built with that sanitizer\n"
                  "only, see docs/Debugging.md. Threads are watched best with --target x86-64-v2")
      ->check(CLI::IsMember({"thread", "address"}));
  app->add_option("-O", arguments.optimizationLevel, "Optimisation level of LLVM, 0 to 3")
      ->check(CLI::Range(0, 3))
      ->capture_default_str();
}

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
  command->add_flag("--declarations", options->declarations,
                    "Write the declarations of the methods and the attributes of classes instead, by name, as JSON");
  command->add_flag("--verify-roundtrip", options->verifyRoundTrip, "Check that text and bytecode read back the same");
  command->callback([options, &result] { result = runImport(*options); });
}

/// `run`, `verify` and `bench` parse their arguments themselves.
static bool isPassedThrough(const std::string &command) {
  return command == "run" || command == "verify" || command == "bench";
}

int main(int argc, char **argv) {
  setProgramPath(argv[0]);
  if (argc > 1 && isPassedThrough(argv[1])) {
    std::vector<std::string> rest(argv + 2, argv + argc);
    return std::string(argv[1]) == "run" ? wick::tools::runTool("wick run", rest) : runPython(argv[1], rest);
  }
  CLI::App app("Wick compiles TorchScript archives to native code that runs without PyTorch.", "wick");
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Print the help of every command");
  app.footer("Start with:  wick compile model.pt --input 1x3x224x224xf32 -o model.wick\n"
             "             wick run model.wick --input image.npy");
  CompileArguments compile, explain;
  std::string input;
  addCompile(app, compile);
  int imported = 0;
  addImport(app, imported);
  CLI::App *explanation = app.add_subcommand("explain", "Tell what a model is compiled to");
  explanation->footer("Lists operators by where their code comes from and, where the inputs are given, kernels with\n"
                      "their strategies, the guards on arguments and the memory plan.\n"
                      "Example:  wick explain model.pt --input 1x3x224x224xf32");
  addProgramOptions(*explanation, explain);
  CLI::App *check = app.add_subcommand("check", "Check an archive or artifact without running any of it");
  check->add_option("file", input, "Archive (.pt) or artifact (.wick)")->required();
  app.add_subcommand("run", "Run an artifact on inputs (wick run --help)");
  app.add_subcommand("verify", "Compare a model with LibTorch (wick verify --help)");
  app.add_subcommand("bench", "Measure a model beside other engines (wick bench --help)");
  auto isNamed = [&](const CLI::App *command) { return command->get_name() == argv[1]; };
  if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(isNamed).empty()) {
    std::cerr << "unknown command '" << argv[1] << "'; wick --help lists them\n";
    return 2;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (const char *value = std::getenv("WICK_NO_FALLBACK"); value && std::string(value) != "0")
    compile.noFallback = explain.noFallback = true;
  if (app.got_subcommand("compile"))
    return runCompile(compile);
  if (app.got_subcommand("import"))
    return imported;
  if (app.got_subcommand("explain"))
    return runExplain(explain);
  return runCheck(input);
}
