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

bool wick::cpu::usesComplexNumbers(mlir::func::FuncOp kernel) {
  auto isComplex = [](mlir::Type type) { return llvm::isa<mlir::ComplexType>(mlir::getElementTypeOrSelf(type)); };
  return kernel
      .walk([&](mlir::Operation *op) {
        bool uses = llvm::any_of(op->getOperandTypes(), isComplex) || llvm::any_of(op->getResultTypes(), isComplex);
        return uses ? mlir::WalkResult::interrupt() : mlir::WalkResult::advance();
      })
      .wasInterrupted();
}

bool wick::cpu::isSpecialized(mlir::func::FuncOp kernel, const TargetInfo &target) {
  return !usesComplexNumbers(kernel) && llvm::any_of(getStrategies(), [&](const Strategy &strategy) {
    std::string reason;
    return strategy.accepts && succeeded(strategy.accepts(kernel, target, reason));
  });
}
