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
