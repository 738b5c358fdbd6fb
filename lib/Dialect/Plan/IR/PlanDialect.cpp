//===- PlanDialect.cpp - the plan dialect and its operations ----------------===//
#include "wick/Dialect/Plan/IR/PlanDialect.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace wick::plan;

#include "wick/Dialect/Plan/IR/PlanDialect.cpp.inc"

#define GET_OP_CLASSES
#include "wick/Dialect/Plan/IR/PlanOps.cpp.inc"

void PlanDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "wick/Dialect/Plan/IR/PlanOps.cpp.inc"
      >();
}

LogicalResult WeightRefOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!symbols.lookupNearestSymbolFrom<WeightOp>(*this, getWeightAttr()))
    return emitOpError() << "refers to " << getWeightAttr() << ", which is not a plan.weight";
  auto shaped = cast<ShapedType>(getType());
  if (!shaped.hasStaticShape() || (int64_t)getStrides().size() != shaped.getRank())
    return emitOpError() << "has " << getStrides().size() << " strides for the type " << getType();
  return success();
}

//===----------------------------------------------------------------------===//
// LaunchOp
//===----------------------------------------------------------------------===//

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getKernelAttr());
  if (!kernel || !kernel->hasAttr(kKernelAttr))
    return emitOpError() << "launches " << getKernelAttr() << ", which is not a kernel";
  return success();
}

void LaunchOp::getEffects(SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  for (OpOperand &input : getInputsMutable())
    if (isa<MemRefType>(input.get().getType()))
      effects.emplace_back(MemoryEffects::Read::get(), &input);
  for (OpOperand &output : getOutputsMutable())
    if (isa<MemRefType>(output.get().getType()))
      effects.emplace_back(MemoryEffects::Write::get(), &output);
}

// Destinations are overwritten entirely, so their previous contents are not read.
bool LaunchOp::bufferizesToMemoryRead(OpOperand &operand, const bufferization::AnalysisState &) {
  return !isDpsInit(&operand);
}

bool LaunchOp::bufferizesToMemoryWrite(OpOperand &operand, const bufferization::AnalysisState &) {
  return isDpsInit(&operand);
}

bufferization::AliasingValueList LaunchOp::getAliasingValues(OpOperand &operand, const bufferization::AnalysisState &) {
  if (!isDpsInit(&operand))
    return {};
  return {{getTiedOpResult(&operand), bufferization::BufferRelation::Equivalent}};
}

// A kernel may read any input after it has written any output.
bool LaunchOp::bufferizesToElementwiseAccess(const bufferization::AnalysisState &, ArrayRef<OpOperand *>) {
  return false;
}

LogicalResult LaunchOp::bufferize(RewriterBase &rewriter, const bufferization::BufferizationOptions &options,
                                  bufferization::BufferizationState &state) {
  SmallVector<Value> inputs, outputs;
  for (auto [values, buffers] : {std::pair(getInputs(), &inputs), std::pair(getOutputs(), &outputs)})
    for (Value value : values) {
      if (!isa<RankedTensorType>(value.getType())) {
        buffers->push_back(value);
        continue;
      }
      FailureOr<Value> buffer = bufferization::getBuffer(rewriter, value, options, state);
      if (failed(buffer))
        return failure();
      buffers->push_back(*buffer);
    }
  LaunchOp::create(rewriter, getLoc(), TypeRange(), getKernelAttr(), inputs, outputs);
  bufferization::replaceOpWithBufferizedValues(rewriter, *this, outputs);
  return success();
}
