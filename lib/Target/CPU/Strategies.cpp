//===- Strategies.cpp - the order in which strategies are tried -------------===//
#include "wick/Target/CPU/Strategy.h"

using namespace wick::cpu;

llvm::ArrayRef<Strategy> wick::cpu::getStrategies() {
  static const Strategy strategies[] = {
      getConvolutionStrategy(), getAttentionStrategy(),   getContractionStrategy(), getNormalizationStrategy(),
      getReductionStrategy(),   getElementwiseStrategy(), getGenericStrategy(),
  };
  return strategies;
}

bool wick::cpu::isSpecialized(mlir::func::FuncOp kernel, const TargetInfo &target) {
  return llvm::any_of(getStrategies(), [&](const Strategy &strategy) {
    std::string reason;
    return strategy.accepts && succeeded(strategy.accepts(kernel, target, reason));
  });
}
