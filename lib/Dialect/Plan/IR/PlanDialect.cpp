//===- PlanDialect.cpp - the plan dialect and its operations
//----------------===//
#include "wick/Dialect/Plan/IR/PlanDialect.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
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

bool WeightRefOp::isWritable(Value, const bufferization::AnalysisState &) { return false; }

LogicalResult WeightRefOp::bufferize(RewriterBase &rewriter, const bufferization::BufferizationOptions &,
                                     bufferization::BufferizationState &) {
  auto type = cast<ShapedType>(getType());
  bufferization::replaceOpWithNewBufferizedOp<WeightRefOp>(
      rewriter, *this, MemRefType::get(type.getShape(), type.getElementType()), getWeightAttr(), getOffsetAttr(),
      getStridesAttr(), getNameAttr());
  return success();
}

LogicalResult RestoreFilterOp::verify() {
  auto transform = cast<RankedTensorType>(getTransform().getType()),
       filter = cast<RankedTensorType>(getFilter().getType());
  int64_t side = getTile() + 2;
  if (transform.getRank() != 5 || filter.getRank() != 4 || filter.getDimSize(0) != 3 || filter.getDimSize(1) != 3)
    return emitOpError() << "expects a transform of rank 5 and a 3x3 filter of rank 4, has " << transform << " and "
                         << filter;
  int64_t width = transform.getDimSize(4);
  if (width == 0 || transform.getDimSize(0) != side || transform.getDimSize(1) != side ||
      transform.getDimSize(2) != llvm::divideCeil(filter.getDimSize(3), width) ||
      transform.getDimSize(3) != filter.getDimSize(2))
    return emitOpError() << "has the transform " << transform << ", which is not that of " << filter << " for tiles of "
                         << getTile();
  return success();
}

LogicalResult NewTensorOp::verify() {
  if (auto type = cast<MemRefType>(getBuffer().getType()); type.getNumDynamicDims() != (int64_t)getDims().size())
    return emitOpError() << "has " << getDims().size() << " dims for the " << type.getNumDynamicDims()
                         << " dynamic ones of " << type;
  return success();
}

LogicalResult ParallelOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto work = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getWorkAttr());
  if (!work || !work->hasAttr(kWorkAttr))
    return emitOpError() << "distributes " << getWorkAttr() << ", which is not a work function";
  SmallVector<Type> expected(getCaptures().getTypes());
  expected.append(2, IndexType::get(getContext()));
  if (work.getArgumentTypes() != ArrayRef<Type>(expected))
    return emitOpError() << "does not fit the arguments of " << getWorkAttr();
  return success();
}

LogicalResult RunTasksOp::verifySymbolUses(SymbolTableCollection &symbols) {
  SmallVector<Type> captures, results;
  SmallVector<int64_t> captureCounts, resultCounts;
  for (auto name : getTasks().getAsRange<FlatSymbolRefAttr>()) {
    auto task = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, name);
    if (!task || !task->hasAttr(kTaskAttr))
      return emitOpError() << "runs " << name << ", which is not a task";
    llvm::append_range(captures, task.getArgumentTypes());
    llvm::append_range(results, task.getResultTypes());
    captureCounts.push_back(task.getNumArguments());
    resultCounts.push_back(task.getNumResults());
  }
  if (TypeRange(getCaptures()) != TypeRange(captures) || getResultTypes() != TypeRange(results) ||
      getCaptureCounts() != ArrayRef(captureCounts) || getResultCounts() != ArrayRef(resultCounts))
    return emitOpError() << "does not fit the arguments and results of its tasks";
  return success();
}

//===----------------------------------------------------------------------===//
// LaunchOp and RoutineOp
//===----------------------------------------------------------------------===//

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getKernelAttr());
  if (!kernel || !kernel->hasAttr(kKernelAttr))
    return emitOpError() << "launches " << getKernelAttr() << ", which is not a kernel";
  return success();
}

using Effects = SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>;

template <typename CallOp> static void addEffects(CallOp op, Effects &effects) {
  for (OpOperand &input : op.getInputsMutable())
    if (isa<MemRefType>(input.get().getType()))
      effects.emplace_back(MemoryEffects::Read::get(), &input);
  for (OpOperand &output : op.getOutputsMutable())
    if (isa<MemRefType>(output.get().getType()))
      effects.emplace_back(MemoryEffects::Write::get(), &output);
}

void LaunchOp::getEffects(Effects &effects) { addEffects(*this, effects); }
void RoutineOp::getEffects(Effects &effects) {
  addEffects(*this, effects);
  if (getDraws()) {
    effects.emplace_back(MemoryEffects::Read::get());
    effects.emplace_back(MemoryEffects::Write::get());
  }
}

// Destinations are overwritten entirely, so their previous contents are not
// read.
bool LaunchOp::bufferizesToMemoryRead(OpOperand &operand, const bufferization::AnalysisState &) {
  return !isDpsInit(&operand);
}
bool RoutineOp::bufferizesToMemoryRead(OpOperand &operand, const bufferization::AnalysisState &) {
  return !isDpsInit(&operand);
}

bool LaunchOp::bufferizesToMemoryWrite(OpOperand &operand, const bufferization::AnalysisState &) {
  return isDpsInit(&operand);
}
bool RoutineOp::bufferizesToMemoryWrite(OpOperand &operand, const bufferization::AnalysisState &) {
  return isDpsInit(&operand);
}

bufferization::AliasingValueList LaunchOp::getAliasingValues(OpOperand &operand, const bufferization::AnalysisState &) {
  if (!isDpsInit(&operand))
    return {};
  return {{getTiedOpResult(&operand), bufferization::BufferRelation::Equivalent}};
}
bufferization::AliasingValueList RoutineOp::getAliasingValues(OpOperand &operand,
                                                              const bufferization::AnalysisState &) {
  if (!isDpsInit(&operand))
    return {};
  return {{getTiedOpResult(&operand), bufferization::BufferRelation::Equivalent}};
}

// Any input may be read after any output was written.
bool LaunchOp::bufferizesToElementwiseAccess(const bufferization::AnalysisState &, ArrayRef<OpOperand *>) {
  return false;
}
bool RoutineOp::bufferizesToElementwiseAccess(const bufferization::AnalysisState &, ArrayRef<OpOperand *>) {
  return false;
}

/// Kernels and routines take contiguous memory: buffers of any offset.
static bool isContiguous(MemRefType type) {
  auto [strides, offset] = type.getStridesAndOffset();
  int64_t expected = 1;
  for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
    if (type.getDimSize(dim) == 1)
      continue;
    if (strides[dim] != expected || ShapedType::isDynamic(expected))
      return type.getLayout().isIdentity();
    expected = type.isDynamicDim(dim) ? ShapedType::kDynamic : expected * type.getDimSize(dim);
  }
  return true;
}

/// The buffer itself or, where it is not contiguous, a copy that is.
static Value getContiguous(RewriterBase &rewriter, Location loc, Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  if (isContiguous(type))
    return buffer;
  auto contiguous = MemRefType::get(type.getShape(), type.getElementType());
  SmallVector<Value> dims;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim))
      dims.push_back(memref::DimOp::create(rewriter, loc, buffer, dim));
  Value copy = memref::AllocOp::create(rewriter, loc, contiguous, dims, rewriter.getI64IntegerAttr(64));
  memref::CopyOp::create(rewriter, loc, buffer, copy);
  return copy;
}

/// The same call on buffers.
template <typename CallOp>
static LogicalResult bufferizeCall(CallOp op, RewriterBase &rewriter,
                                   const bufferization::BufferizationOptions &options,
                                   bufferization::BufferizationState &state) {
  SmallVector<Value> inputs, outputs;
  for (auto [values, buffers] : {std::pair(op.getInputs(), &inputs), std::pair(op.getOutputs(), &outputs)})
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
  SmallVector<Value> arguments = llvm::map_to_vector(inputs, [&](Value value) {
    return isa<MemRefType>(value.getType()) ? getContiguous(rewriter, op.getLoc(), value) : value;
  });
  SmallVector<Value> destinations =
      llvm::map_to_vector(outputs, [&](Value value) { return getContiguous(rewriter, op.getLoc(), value); });
  if constexpr (std::is_same_v<CallOp, LaunchOp>)
    LaunchOp::create(rewriter, op.getLoc(), TypeRange(), op.getKernelAttr(), arguments, destinations);
  else
    RoutineOp::create(rewriter, op.getLoc(), TypeRange(), op.getNameAttr(), arguments, destinations, op.getDrawsAttr());
  for (auto [destination, output] : llvm::zip(destinations, outputs))
    if (destination != output)
      memref::CopyOp::create(rewriter, op.getLoc(), destination, output);
  bufferization::replaceOpWithBufferizedValues(rewriter, op, outputs);
  return success();
}

LogicalResult LaunchOp::bufferize(RewriterBase &rewriter, const bufferization::BufferizationOptions &options,
                                  bufferization::BufferizationState &state) {
  return bufferizeCall(*this, rewriter, options, state);
}

LogicalResult RoutineOp::bufferize(RewriterBase &rewriter, const bufferization::BufferizationOptions &options,
                                   bufferization::BufferizationState &state) {
  return bufferizeCall(*this, rewriter, options, state);
}
