//===- CompileCommand.cpp - wick compile and explain -------------------===//
#include "../wick-run/RunTool.h"
#include "Commands.h"
#include "Diagnostics.h"
#include "wick/Artifact/AtomicFile.h"
#include "wick/Driver/Compile.h"
#include "wick/Driver/Explain.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <unistd.h>

using namespace mlir;
using namespace wick;
using namespace wick::driver;

namespace {
/// A context, its threads and the diagnostics of one command.
class Session {
public:
  explicit Session(unsigned threads) {
    if (threads > 0) {
      context.disableMultithreading();
      if (threads > 1) {
        pool = std::make_unique<llvm::DefaultThreadPool>(llvm::hardware_concurrency(threads));
        context.setThreadPool(*pool);
      }
    }
    DialectRegistry registry;
    registerCompiler(registry);
    context.appendDialectRegistry(registry);
    context.printOpOnDiagnostic(false);
  }

  std::unique_ptr<llvm::ThreadPoolInterface> pool;
  MLIRContext context{MLIRContext::Threading::ENABLED};
  Diagnostics diagnostics{&context};
};

/// Says what goes on: on a terminal in one line that is overwritten, with -v one line a step.
class Progress {
public:
  explicit Progress(bool verbose) : verbose(verbose), terminal(isatty(STDERR_FILENO)) {}
  ~Progress() { finish(); }

  void start(StringRef step) {
    finish();
    name = step.str();
    begin = std::chrono::steady_clock::now();
    if (!verbose && terminal)
      llvm::errs() << "\r\033[K" << name << " …";
  }

  void finish() {
    if (name.empty())
      return;
    std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    if (verbose)
      llvm::errs() << llvm::format("%8.3f s  ", elapsed.count()) << name << "\n";
    else if (terminal)
      llvm::errs() << "\r\033[K";
    name.clear();
  }

private:
  bool verbose, terminal;
  std::string name;
  std::chrono::steady_clock::time_point begin;
};
} // namespace

static CompileOptions getOptions(const CompileArguments &arguments, Progress &progress) {
  CompileOptions options;
  options.pipeline.methods = arguments.methods;
  options.pipeline.inputs = arguments.inputs;
  options.pipeline.mutableAttributes = arguments.mutableAttributes;
  options.pipeline.noFallback = arguments.noFallback;
  options.pipeline.lateErrors = arguments.lateErrors;
  options.pipeline.winograd = !arguments.noWinograd;
  options.pipeline.target = arguments.targets.front();
  options.targets = arguments.targets;
  options.dumpDirectory = arguments.dumpDirectory;
  options.optimizationLevel = arguments.optimizationLevel;
  options.sanitizer = *native::symbolizeSanitizer(arguments.sanitizer);
  options.progress = [&](StringRef step) { progress.start(step); };
  options.configure = [&arguments](PassManager &passes) {
    passes.enableVerifier(false);
    if (arguments.timing)
      passes.enableTiming();
    if (!arguments.printAfter.empty())
      passes.enableIRPrinting(
          nullptr,
          [&](Pass *pass, Operation *) { return llvm::is_contained(arguments.printAfter, pass->getArgument()); },
          /*printModuleScope=*/true, /*printAfterOnlyOnChange=*/false);
  };
  return options;
}

/// Reads the program and finds where it stands.
static OwningOpRef<ModuleOp> read(const CompileArguments &arguments, MLIRContext &context, Phase &phase) {
  phase = Phase::Import;
  if (!arguments.from.empty()) {
    std::optional<Phase> known = symbolizePhase(arguments.from);
    if (!known) {
      llvm::errs() << "error: unknown phase '" << arguments.from
                   << "', expected import, program, typed, values, linalg, kernels or native\n";
      return nullptr;
    }
    phase = *known;
  }
  return readProgram(arguments.input, context, phase);
}

static bool addExampleInputs(CompileArguments &arguments) {
  if (arguments.example.empty())
    return true;
  std::string error;
  if (tools::readExampleTypes(arguments.example, arguments.inputs, error))
    return true;
  llvm::errs() << "error: " << error << "\n";
  return false;
}

int driver::runCompile(const CompileArguments &given) {
  CompileArguments arguments = given;
  if (!addExampleInputs(arguments))
    return 1;
  // IR can only be printed while one thread works on it.
  Session session(arguments.printAfter.empty() ? arguments.threads : 1);
  Progress progress(arguments.verbose);
  CompileOptions options = getOptions(arguments, progress);
  if (!options.dumpDirectory.empty())
    if (std::error_code code = llvm::sys::fs::create_directories(options.dumpDirectory)) {
      llvm::errs() << "error: cannot create '" << options.dumpDirectory << "': " << code.message() << "\n";
      return 1;
    }
  progress.start("reading " + arguments.input);
  Phase phase;
  OwningOpRef<ModuleOp> module = read(arguments, session.context, phase);
  if (!module)
    return 1;
  if (!arguments.emit.empty()) {
    std::optional<Phase> to = symbolizePhase(arguments.emit);
    if (!to) {
      llvm::errs() << "error: unknown phase '" << arguments.emit
                   << "', expected import, program, typed, values, linalg, kernels or native\n";
      return 1;
    }
    if (failed(runPhases(*module, phase, *to, options)))
      return 1;
    progress.finish();
    llvm::Error error = writeAtomically(arguments.output.empty() ? "-" : arguments.output,
                                        [&](llvm::raw_ostream &os) { module->print(os); });
    if (!error)
      return 0;
    llvm::errs() << "error: " << llvm::toString(std::move(error)) << "\n";
    return 1;
  }
  std::string name = llvm::sys::path::stem(arguments.input).str();
  std::string output = arguments.output;
  if (output.empty())
    output = name + ".wick";
  if (succeeded(compileToArtifact(*module, phase, options, name, output)))
    return 0;
  return session.diagnostics.areInputsWrong() ? 2 : 1;
}

int driver::runExplain(const CompileArguments &given) {
  CompileArguments arguments = given;
  if (!addExampleInputs(arguments))
    return 1;
  Session session(arguments.threads);
  Progress progress(arguments.verbose);
  CompileOptions options = getOptions(arguments, progress);
  Phase phase;
  OwningOpRef<ModuleOp> module = read(arguments, session.context, phase);
  if (!module)
    return 1;
  auto runTo = [&](Phase last) {
    if (failed(runPhases(*module, phase, last, options)))
      return false;
    phase = std::max(phase, last);
    return true;
  };
  if (!runTo(Phase::Program))
    return 1;
  // Without shapes there are no kernels yet, but the homes of operators can be told.
  bool areKernelsKnown = !lacksInputs(*module) || !arguments.inputs.empty();
  if (areKernelsKnown && !runTo(Phase::Typed))
    return 1;
  OperatorCounts operators;
  countOperators(*module, operators);
  if (areKernelsKnown && !runTo(Phase::Kernels))
    return 1;
  progress.finish();
  explainOperators(operators, llvm::outs());
  if (areKernelsKnown)
    explainPlan(*module, llvm::outs());
  else
    llvm::outs()
        << "\nKernels, guards and the memory plan depend on the inputs: give shapes and dtypes with --input or\n"
           "--example.\n";
  return 0;
}
