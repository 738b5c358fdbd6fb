//===- Reduction.cpp - the reduction strategy ---===//
#include "wick/Target/CPU/Strategy.h"

using namespace mlir;
using namespace wick::cpu;

Strategy wick::cpu::getReductionStrategy() {
  return {"reduction", [](func::FuncOp, const TargetInfo &, std::string &reason) -> LogicalResult {
            reason = "not written yet";
            return failure();
          }};
}
