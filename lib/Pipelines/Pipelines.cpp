//===- Pipelines.cpp - the sequence of phases -------------------------------===//
#include "wick/Pipelines/Pipelines.h"

#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;

ArrayRef<Phase> wick::getPhases() {
  static constexpr Phase phases[] = {Phase::Import, Phase::Program, Phase::Typed, Phase::Values,
                                     Phase::Linalg, Phase::Kernels, Phase::Native};
  return phases;
}

StringRef wick::stringifyPhase(Phase phase) {
  switch (phase) {
  case Phase::Import: return "import";
  case Phase::Program: return "program";
  case Phase::Typed: return "typed";
  case Phase::Values: return "values";
  case Phase::Linalg: return "linalg";
  case Phase::Kernels: return "kernels";
  case Phase::Native: return "native";
  }
  llvm_unreachable("all phases are listed");
}

std::optional<Phase> wick::symbolizePhase(StringRef name) {
  for (Phase phase : getPhases())
    if (stringifyPhase(phase) == name)
      return phase;
  return std::nullopt;
}

void wick::addTensorCanonicalizer(OpPassManager &pm) {
  static const std::string disabled[] = {"(anonymous namespace)::ForOpTensorCastFolder"};
  pm.addPass(createCanonicalizerPass(GreedyRewriteConfig(), disabled));
}

void wick::buildPipeline(OpPassManager &pm, Phase from, Phase to, const PipelineOptions &options) {
  using Builder = void (*)(OpPassManager &, const PipelineOptions &);
  static constexpr std::pair<Phase, Builder> builders[] = {
      {Phase::Program, buildProgramPipeline}, {Phase::Typed, buildTypedPipeline},
      {Phase::Values, buildValuesPipeline},   {Phase::Linalg, buildLinalgPipeline},
      {Phase::Kernels, buildKernelsPipeline}, {Phase::Native, buildNativePipeline},
  };
  for (auto [phase, builder] : builders)
    if (from < phase && phase <= to)
      builder(pm, options);
}
