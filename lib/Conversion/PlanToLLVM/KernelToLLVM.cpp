//===- KernelToLLVM.cpp - launches, parallel loops, memory of kernels
//--------===//
#include "PlanToLLVM.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <cstddef>

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

namespace {
struct LaunchPattern : ConvertOpToLLVMPattern<plan::LaunchOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(plan::LaunchOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Location loc = op.getLoc();
    SmallVector<Value> arguments = {lowering::getContext(op)}, dims;
    for (auto [operand, value] : llvm::zip_equal(op->getOperands(), adaptor.getOperands())) {
      auto type = dyn_cast<MemRefType>(operand.getType());
      if (!type) {
        arguments.push_back(value);
        continue;
      }
      MemRefDescriptor descriptor(value);
      // The op's buffers are contiguous, whatever offset their type has.
      arguments.push_back(descriptor.bufferPtr(rewriter, loc, *getTypeConverter(), type));
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        if (type.isDynamicDim(dim))
          dims.push_back(descriptor.size(rewriter, loc, dim));
    }
    llvm::append_range(arguments, dims);
    LLVM::CallOp::create(rewriter, loc, TypeRange(), op.getKernelAttr(), arguments);
    rewriter.eraseOp(op);
    return success();
  }
};

/// `fn(env, begin, end)` of the runtime: takes the captures out of `env` and
/// calls the work function, whose arguments LLVM then knows not to alias.
struct ParallelPattern : ConvertOpToLLVMPattern<plan::ParallelOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(plan::ParallelOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SmallVector<Value> captured = {lowering::getContext(op)};
    SmallVector<Type> logical(op.getCaptures().getTypes());
    llvm::append_range(captured, toPhysical(rewriter, loc, *getTypeConverter(), logical, adaptor.getCaptures()));
    SmallVector<Type> types = llvm::map_to_vector(captured, [](Value value) { return value.getType(); });
    SmallVector<int64_t> offsets;
    int64_t bytes = 0;
    for (Type type : types) {
      offsets.push_back(bytes);
      bytes += llvm::alignTo(isa<VectorType>(type) ? cast<VectorType>(type).getNumElements() * 8 : 8, 8);
    }
    Value environment = allocateSlot(rewriter, op, bytes);
    for (auto [offset, value] : llvm::zip(offsets, captured))
      storeField(rewriter, loc, environment, offset, value);
    StringAttr range = getRangeFunction(rewriter, op, types, offsets, logical.size());
    Type pointer = LLVM::LLVMPointerType::get(getContext());
    Value fn = LLVM::AddressOfOp::create(rewriter, loc, pointer, FlatSymbolRefAttr::get(range));
    callRuntime(rewriter, op, offsetof(wick_runtime_api, parallel_for), Type(), {fn, environment, adaptor.getCount()});
    rewriter.eraseOp(op);
    return success();
  }

  StringAttr getRangeFunction(ConversionPatternRewriter &rewriter, plan::ParallelOp op, ArrayRef<Type> types,
                              ArrayRef<int64_t> offsets, size_t numCaptures) const {
    OpBuilder::InsertionGuard guard(rewriter);
    Location loc = op.getLoc();
    auto parent = op->getParentOfType<LLVM::LLVMFuncOp>();
    StringAttr name = rewriter.getStringAttr(op.getWork() + "_range");
    Type pointer = LLVM::LLVMPointerType::get(getContext()), i64 = rewriter.getI64Type();
    rewriter.setInsertionPoint(parent);
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(getContext()), {pointer, i64, i64});
    auto func = LLVM::LLVMFuncOp::create(rewriter, loc, name, type, LLVM::Linkage::External);
    func.setVisibility_(LLVM::Visibility::Hidden);
    func->setDiscardableAttr(plan::kWorkAttr, rewriter.getUnitAttr());
    Block *entry = rewriter.createBlock(&func.getBody(), {}, {pointer, i64, i64}, {loc, loc, loc});
    SmallVector<Value> arguments;
    for (auto [offset, capture] : llvm::zip(offsets, types))
      arguments.push_back(loadField(rewriter, loc, entry->getArgument(0), offset, capture));
    // begin and end stand after the pointers and scalars, before the extents.
    arguments.insert(arguments.begin() + 1 + numCaptures, {entry->getArgument(1), entry->getArgument(2)});
    LLVM::CallOp::create(rewriter, loc, TypeRange(), op.getWorkAttr(), arguments);
    LLVM::ReturnOp::create(rewriter, loc, ValueRange());
    return name;
  }
};

/// Scratch memory too large for the stack.
struct AllocPattern : ConvertOpToLLVMPattern<memref::AllocOp> {
  AllocPattern(const LLVMTypeConverter &converter) : ConvertOpToLLVMPattern(converter, /*benefit=*/10) {}

  LogicalResult matchAndRewrite(memref::AllocOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto func = op->getParentOfType<LLVM::LLVMFuncOp>();
    if (!func)
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    MemRefType type = op.getType();
    SmallVector<Value> sizes, strides;
    Value bytes;
    getMemRefDescriptorSizes(loc, type, adaptor.getDynamicSizes(), rewriter, sizes, strides, bytes,
                             /*sizeInBytes=*/true);
    Type pointer = LLVM::LLVMPointerType::get(getContext());
    bool isHost = !isa<LLVM::LLVMVoidType>(func.getFunctionType().getReturnType());
    int64_t function = isHost ? offsetof(wick_runtime_api, arena) : offsetof(wick_runtime_api, alloc);
    Value data = callRuntime(rewriter, op, function, pointer, bytes);
    returnIfNull(rewriter, loc, data, WICK_ERROR_MEMORY);
    rewriter.replaceOp(op, Value(createMemRefDescriptor(loc, type, data, data, sizes, strides, rewriter)));
    return success();
  }
};

struct DeallocPattern : ConvertOpToLLVMPattern<memref::DeallocOp> {
  DeallocPattern(const LLVMTypeConverter &converter) : ConvertOpToLLVMPattern(converter, /*benefit=*/10) {}

  LogicalResult matchAndRewrite(memref::DeallocOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto func = op->getParentOfType<LLVM::LLVMFuncOp>();
    if (!func)
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    // Memory of host functions lasts as long as the call.
    if (isa<LLVM::LLVMVoidType>(func.getFunctionType().getReturnType())) {
      Value data = MemRefDescriptor(adaptor.getMemref()).allocatedPtr(rewriter, op.getLoc());
      callRuntime(rewriter, op, offsetof(wick_runtime_api, free), Type(), data);
    }
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void lowering::populateKernelPatterns(const LLVMTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<LaunchPattern, ParallelPattern, AllocPattern, DeallocPattern>(converter);
}
