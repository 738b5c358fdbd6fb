//===- Compile.h - from an archive to an artifact --------------------------===//
//
// What `wick compile` does, as a library: all phases in process, constants computed,
// code for every instruction set, the artifact written.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DRIVER_COMPILE_H
#define WICK_DRIVER_COMPILE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"
#include "wick/Pipelines/Pipelines.h"
#include "wick/Target/Native/CodeGen.h"

#include <functional>
#include <string>
#include <vector>

namespace wick {

struct CompileOptions {
  /// Methods, inputs and fallback; `pipeline.target` is ignored in favour of `targets`.
  PipelineOptions pipeline;
  /// Instruction sets, each a name of TargetInfo::get.
  std::vector<std::string> targets = {"native"};
  /// Directory for the IR after every phase and the LLVM IR, assembly and objects; none when empty.
  std::string dumpDirectory;
  /// 0 to 3, for LLVM.
  unsigned optimizationLevel = 3;
  /// What the code is instrumented for.
  native::Sanitizer sanitizer = native::Sanitizer::None;
  /// Called at the start of each step with its name.
  std::function<void(llvm::StringRef step)> progress;
  /// Called with every pass manager before it runs.
  std::function<void(mlir::PassManager &)> configure;
};

/// Adds everything that compilation needs to `registry`.
void registerCompiler(mlir::DialectRegistry &registry);

/// Reads a program: a TorchScript archive, or MLIR text or bytecode, which stands at the end of `phase`
/// afterwards (given for MLIR, `import` for archives). Emits an error and returns null on failure.
mlir::OwningOpRef<mlir::ModuleOp> readProgram(llvm::StringRef path, mlir::MLIRContext &context, Phase &phase);

/// Runs the phases after `from` up to `to`, at most to the end of `kernels`.
llvm::LogicalResult runPhases(mlir::ModuleOp module, Phase from, Phase to, const CompileOptions &options);

/// Compiles a module at the end of phase `from` into the bytes of an artifact that is written to `output`.
/// Errors are emitted as diagnostics.
llvm::LogicalResult compileToArtifact(mlir::ModuleOp module, Phase from, const CompileOptions &options,
                                      llvm::StringRef name, llvm::StringRef output);

} // namespace wick

#endif // WICK_DRIVER_COMPILE_H
