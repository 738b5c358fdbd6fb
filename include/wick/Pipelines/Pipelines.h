//===- Pipelines.h - the phases of compilation -----------------------------===//
//
// A program passes through the phases in order; docs/Architecture.md states what
// holds at the end of each. Every phase has one builder, in the file of its name,
// which says why its passes stand in that order.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_PIPELINES_PIPELINES_H
#define WICK_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"

#include <optional>
#include <string>
#include <vector>

namespace wick {

enum class Phase { Import, Program, Typed, Values, Linalg, Kernels, Native };

/// All phases, in order.
llvm::ArrayRef<Phase> getPhases();
/// The name of a phase as `--compile-to` takes it.
llvm::StringRef stringifyPhase(Phase phase);
std::optional<Phase> symbolizePhase(llvm::StringRef name);

struct PipelineOptions {
  /// Methods to compile; empty for all that a user can call.
  std::vector<std::string> methods;
  /// What is known of the arguments, as the command line gives it:
  /// "[method:][name=]BxSxi64", in the order of the arguments where no name is given.
  std::vector<std::string> inputs;
  /// Instruction set: "x86-64-v2", "x86-64-v3", "x86-64-v4" or "native".
  std::string target = "native";
  /// Whether operators without a native home are refused.
  bool noFallback = false;
  /// Whether an operation that never succeeds raises when it runs even where every call reaches it.
  bool lateErrors = false;
  /// Whether 3x3 convolutions may be computed by Winograd transforms.
  bool winograd = true;
  /// Attributes that callers write though no method does, as "block.scale".
  std::vector<std::string> mutableAttributes;
};

// One builder per phase: each expects a module at the end of the phase before.
void buildProgramPipeline(mlir::OpPassManager &pm, const PipelineOptions &options);
void buildTypedPipeline(mlir::OpPassManager &pm, const PipelineOptions &options);
void buildValuesPipeline(mlir::OpPassManager &pm, const PipelineOptions &options);
void buildLinalgPipeline(mlir::OpPassManager &pm, const PipelineOptions &options);
void buildKernelsPipeline(mlir::OpPassManager &pm, const PipelineOptions &options);
/// The kernels phase in two halves, between which a driver computes constants: what is decided on the
/// graph, then kernels, host code and memory.
void buildPlanningPipeline(mlir::OpPassManager &pm, const PipelineOptions &options);
void buildFormingPipeline(mlir::OpPassManager &pm, const PipelineOptions &options);
void buildNativePipeline(mlir::OpPassManager &pm, const PipelineOptions &options);

/// Adds the canonicalizer for code on tensors, without the pattern by which it gives what a loop carries the static
/// sizes of its initial value: a tensor that grows has them before the first round only.
void addTensorCanonicalizer(mlir::OpPassManager &pm);

/// All phases after `from` up to and including `to`.
void buildPipeline(mlir::OpPassManager &pm, Phase from, Phase to, const PipelineOptions &options);

} // namespace wick

#endif // WICK_PIPELINES_PIPELINES_H
