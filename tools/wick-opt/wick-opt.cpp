//===- wick-opt.cpp - runs any pass or phase of Wick on MLIR text -----------===//
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "wick/Dialect/TS/Transforms/Operators.h"
#include "wick/Import/Import.h"
#include "wick/InitAllDialects.h"
#include "wick/InitAllPasses.h"
#include "wick/Pipelines/Pipelines.h"

#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

namespace cl = llvm::cl;

/// Phases as options: `--compile-to=linalg --input=1x3x224x224xf32`.
struct PhaseOptions {
  cl::OptionCategory category{"Wick phases", "Run the phases of the compiler instead of single passes"};
  cl::opt<std::string> compileTo{"compile-to",
                                 cl::desc("Run all phases up to this one: import, program, typed, values, "
                                          "linalg, kernels or native"),
                                 cl::value_desc("phase"), cl::cat(category)};
  cl::opt<std::string> compileFrom{"compile-from", cl::desc("Phase at whose end the input stands"), cl::init("import"),
                                   cl::value_desc("phase"), cl::cat(category)};
  cl::list<std::string> inputs{"input", cl::desc("What is known of an argument: [method:][name=]BxSx3xf32"),
                               cl::value_desc("type"), cl::cat(category)};
  cl::list<std::string> methods{"method", cl::desc("Compile this method only; may be repeated"), cl::cat(category)};
  cl::opt<std::string> target{"target", cl::desc("Instruction set to generate code for"), cl::init("native"),
                              cl::cat(category)};
  cl::opt<bool> noFallback{"no-fallback", cl::desc("Refuse operators without a native home"), cl::cat(category)};
  cl::opt<bool> showLanguage{"show-language",
                             cl::desc("Print which nodes and operators of TorchScript have a home, and exit"),
                             cl::cat(category)};
  cl::opt<bool> lateErrors{"late-errors", cl::desc("Let what never succeeds raise when it runs"), cl::cat(category)};
};

/// A line for each home: `form prim::If`, `rule aten::add`.
static void printLanguage() {
  std::vector<std::string> lines;
  for (llvm::StringRef name : wick::getImportedForms())
    lines.push_back("form " + name.str());
  wick::ts::visitOperators([&](llvm::StringRef name, wick::ts::OperatorHome home) {
    const char *kind = home == wick::ts::OperatorHome::Rule      ? "rule "
                       : home == wick::ts::OperatorHome::Runtime ? "runtime "
                                                                 : "dropped ";
    lines.push_back(kind + name.str());
  });
  llvm::sort(lines);
  for (const std::string &line : lines)
    llvm::outs() << line << "\n";
}

static llvm::LogicalResult run(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  wick::registerAllDialects(registry);
  mlir::registerAllPasses();
  wick::registerAllPasses();
  PhaseOptions phases;
  auto [input, output] = mlir::registerAndParseCLIOptions(argc, argv, "Wick optimizer driver\n", registry);

  if (phases.showLanguage) {
    printLanguage();
    return llvm::success();
  }
  mlir::MlirOptMainConfig config = mlir::MlirOptMainConfig::createFromCLOptions();
  if (!phases.compileTo.empty()) {
    std::optional<wick::Phase> from = wick::symbolizePhase(phases.compileFrom),
                               to = wick::symbolizePhase(phases.compileTo);
    if (!from || !to) {
      llvm::errs() << "unknown phase '" << (from ? phases.compileTo : phases.compileFrom)
                   << "', expected import, program, typed, values, linalg, kernels or native\n";
      return llvm::failure();
    }
    wick::PipelineOptions options{phases.methods, phases.inputs, phases.target, phases.noFallback, phases.lateErrors};
    config.setPassPipelineSetupFn([=](mlir::PassManager &pm) {
      wick::buildPipeline(pm, *from, *to, options);
      return llvm::success();
    });
  }

  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> file = mlir::openInputFile(input, &error);
  std::unique_ptr<llvm::ToolOutputFile> result = file ? mlir::openOutputFile(output, &error) : nullptr;
  if (!result) {
    llvm::errs() << error << "\n";
    return llvm::failure();
  }
  if (failed(mlir::MlirOptMain(result->os(), std::move(file), registry, config)))
    return llvm::failure();
  result->keep();
  return llvm::success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  return mlir::asMainReturnCode(run(argc, argv));
}
