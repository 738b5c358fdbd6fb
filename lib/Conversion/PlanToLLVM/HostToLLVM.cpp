//===- HostToLLVM.cpp - tensors, weights, memory and errors of host code
//----===//
#include "Values.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "llvm/ADT/StringMap.h"

#include <cstddef>

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

/// Bytes of arena below which the stack serves.
static constexpr int64_t kStackArenaBytes = 16384;

static FailureOr<int32_t> getDtype(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return complex.getElementType().isF64() ? WICK_C128 : WICK_C64;
  if (type.isF32())
    return WICK_F32;
  if (type.isF64())
    return WICK_F64;
  if (type.isF16())
    return WICK_F16;
  if (type.isBF16())
    return WICK_BF16;
  if (!isa<IntegerType>(type))
    return failure();
  switch (type.getIntOrFloatBitWidth()) {
  case 1: return WICK_BOOL;
  case 8: return type.isUnsignedInteger() ? WICK_U8 : WICK_I8;
  case 16: return WICK_I16;
  case 32: return WICK_I32;
  case 64: return WICK_I64;
  default: return failure();
  }
}

namespace {
struct TensorDataPattern : ConvertOpToLLVMPattern<plan::TensorDataOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(plan::TensorDataOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<MemRefType>(op.getBuffer().getType());
    Type pointer = LLVM::LLVMPointerType::get(getContext());
    Value data = loadField(rewriter, loc, adaptor.getReference(), offsetof(wick_tensor, data), pointer);
    SmallVector<Value> dims;
    if (!type.hasStaticShape()) {
      Value sizes = loadField(rewriter, loc, adaptor.getReference(), offsetof(wick_tensor, sizes), pointer);
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        if (type.isDynamicDim(dim))
          dims.push_back(loadField(rewriter, loc, sizes, dim * sizeof(int64_t), rewriter.getI64Type()));
    }
    rewriter.replaceOp(op, makeDescriptor(rewriter, loc, *getTypeConverter(), type, data, dims));
    return success();
  }
};

struct NewTensorPattern : ConvertOpToLLVMPattern<plan::NewTensorOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(plan::NewTensorOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    auto type = cast<MemRefType>(op.getBuffer().getType());
    auto reference = dyn_cast<ts::TensorType>(op.getReference().getType());
    FailureOr<int32_t> dtype = reference ? getDtype(reference.getDtype()) : FailureOr<int32_t>(failure());
    if (failed(dtype))
      return rewriter.notifyMatchFailure(op, "has no dtype that the runtime knows");
    auto constant = [&](IntegerAttr value) { return LLVM::ConstantOp::create(rewriter, loc, value); };
    Value sizes = allocateSlot(rewriter, op, type.getRank() * sizeof(int64_t));
    ValueRange dims = adaptor.getDims();
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      bool isDynamic = type.isDynamicDim(dim);
      Value size = isDynamic ? dims.front() : constant(rewriter.getI64IntegerAttr(type.getDimSize(dim))).getResult();
      dims = isDynamic ? dims.drop_front() : dims;
      storeField(rewriter, loc, sizes, dim * sizeof(int64_t), size);
    }
    Type pointer = LLVM::LLVMPointerType::get(getContext());
    Value tensor = callRuntime(
        rewriter, op, offsetof(wick_runtime_api, tensor_new), pointer,
        {constant(rewriter.getI32IntegerAttr(*dtype)), constant(rewriter.getI32IntegerAttr(type.getRank())), sizes});
    returnIfNull(rewriter, loc, tensor, WICK_ERROR_MEMORY);
    Value data = loadField(rewriter, loc, tensor, offsetof(wick_tensor, data), pointer);
    rewriter.replaceOp(op, {tensor, makeDescriptor(rewriter, loc, *getTypeConverter(), type, data, adaptor.getDims())});
    return success();
  }
};

struct ArenaPattern : ConvertOpToLLVMPattern<plan::ArenaOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(plan::ArenaOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Type pointer = LLVM::LLVMPointerType::get(getContext());
    Value data;
    std::optional<int64_t> bytes = getConstantIntValue(op.getBytes());
    if (bytes && *bytes <= kStackArenaBytes) {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(&op->getParentOfType<LLVM::LLVMFuncOp>().front());
      Value count = LLVM::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(std::max<int64_t>(*bytes, 1)));
      data = LLVM::AllocaOp::create(rewriter, loc, pointer, rewriter.getI8Type(), count, /*alignment=*/64);
    } else {
      data = callRuntime(rewriter, op, offsetof(wick_runtime_api, arena), pointer, adaptor.getBytes());
      returnIfNull(rewriter, loc, data, WICK_ERROR_MEMORY);
    }
    auto type = cast<MemRefType>(op.getType());
    rewriter.replaceOp(op, makeDescriptor(rewriter, loc, *getTypeConverter(), type, data, adaptor.getBytes()));
    return success();
  }
};

struct WeightRefPattern : TablePattern<plan::WeightRefOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(plan::WeightRefOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<MemRefType>(op.getType());
    if (!type || !op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not a buffer in a converted function");
    Location loc = op.getLoc();
    Type pointer = LLVM::LLVMPointerType::get(getContext());
    Value weights = loadField(rewriter, loc, lowering::getContext(op), offsetof(wick_context, weights), pointer);
    Value data = loadField(rewriter, loc, weights, tables.getWeight(op) * sizeof(void *), pointer);
    rewriter.replaceOp(op, makeDescriptor(rewriter, loc, *getTypeConverter(), type, data, {}));
    return success();
  }
};

/// Ends the call. What follows in the block is unreachable, but stays for its
/// uses.
struct RaisePattern : TablePattern<ts::RaiseOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(ts::RaiseOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto func = op->getParentOfType<LLVM::LLVMFuncOp>();
    if (!func)
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    auto message = op.getMessage().getDefiningOp<ts::StrOp>(), cls = op.getCls().getDefiningOp<ts::StrOp>();
    Location loc = op.getLoc();
    if (!message || (!cls && !isa<ts::NoneType>(op.getCls().getType()))) {
      Value status;
      callFunction(rewriter, op, tables, WICK_FN_RAISE,
                   {{op.getMessage().getType(), adaptor.getMessage()}, {op.getCls().getType(), adaptor.getCls()}},
                   status);
      return endBlock(op, status, rewriter);
    }
    auto constant = [&](IntegerAttr value) { return LLVM::ConstantOp::create(rewriter, loc, value).getResult(); };
    Value location = constant(rewriter.getI32IntegerAttr(tables.getSource(loc)));
    Value status = constant(rewriter.getI32IntegerAttr(WICK_ERROR_RAISED));
    StringRef name = cls ? cls.getValue() : "RuntimeError";
    Value result =
        callRuntime(rewriter, op, offsetof(wick_runtime_api, raise), rewriter.getI32Type(),
                    {status, makeString(rewriter, func, loc, name), constant(rewriter.getI64IntegerAttr(name.size())),
                     makeString(rewriter, func, loc, message.getValue()),
                     constant(rewriter.getI64IntegerAttr(message.getValue().size())), location});
    return endBlock(op, result, rewriter);
  }

  static LogicalResult endBlock(ts::RaiseOp op, Value status, ConversionPatternRewriter &rewriter) {
    Block *block = rewriter.getInsertionBlock();
    rewriter.splitBlock(block, op->getIterator());
    rewriter.setInsertionPointToEnd(block);
    LLVM::ReturnOp::create(rewriter, op.getLoc(), status);
    rewriter.eraseOp(op);
    return success();
  }

  /// The address of a constant of the module; equal strings are merged by the
  /// linker.
  static Value makeString(ConversionPatternRewriter &rewriter, LLVM::LLVMFuncOp func, Location loc, StringRef text) {
    std::string name = ("wick_text_" + llvm::Twine::utohexstr(llvm::hash_value(text))).str();
    auto module = func->getParentOfType<ModuleOp>();
    LLVM::GlobalOp global = module.lookupSymbol<LLVM::GlobalOp>(name);
    if (!global) {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(module.getBody());
      auto type = LLVM::LLVMArrayType::get(rewriter.getI8Type(), text.size());
      global = LLVM::GlobalOp::create(rewriter, loc, type, /*isConstant=*/true, LLVM::Linkage::Private, name,
                                      rewriter.getStringAttr(text));
    }
    return LLVM::AddressOfOp::create(rewriter, loc, global);
  }
};

struct PollPattern : TablePattern<plan::PollOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(plan::PollOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Location loc = op.getLoc();
    Type i32 = rewriter.getI32Type();
    Value address = getAddress(rewriter, loc, lowering::getContext(op), offsetof(wick_context, interrupted));
    Value interrupted = LLVM::LoadOp::create(rewriter, loc, i32, address, /*alignment=*/4, /*isVolatile=*/false,
                                             /*isNonTemporal=*/false, /*isInvariant=*/false,
                                             /*isInvariantGroup=*/false, LLVM::AtomicOrdering::monotonic);
    auto constant = [&](int32_t value) {
      return LLVM::ConstantOp::create(rewriter, loc, rewriter.getI32IntegerAttr(value)).getResult();
    };
    Value goesOn = LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::eq, interrupted, constant(0));
    returnUnless(rewriter, loc, goesOn, [&]() -> Value {
      return callRuntime(rewriter, op, offsetof(wick_runtime_api, interrupt), i32, {constant(tables.getSource(loc))});
    });
    rewriter.eraseOp(op);
    return success();
  }
};

/// An array of values on the stack.
static Value storeAll(ConversionPatternRewriter &rewriter, Operation *op, TypeRange types, ValueRange values) {
  if (values.empty())
    return LLVM::ZeroOp::create(rewriter, op->getLoc(), LLVM::LLVMPointerType::get(rewriter.getContext()));
  Value array = allocateSlot(rewriter, op, values.size() * sizeof(wick_value));
  for (auto [i, type, value] : llvm::enumerate(types, values))
    storeValue(rewriter, op->getLoc(), type, value, array, i * sizeof(wick_value));
  return array;
}

/// Calls a function of the runtime that may fail, and then ends the call.
static void callOrReturn(ConversionPatternRewriter &rewriter, Operation *op, int64_t function, ValueRange operands) {
  Location loc = op->getLoc();
  Value status = callRuntime(rewriter, op, function, rewriter.getI32Type(), operands);
  Value ok = LLVM::ConstantOp::create(rewriter, loc, rewriter.getI32IntegerAttr(WICK_OK));
  Value isGood = LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::eq, status, ok);
  returnUnless(rewriter, loc, isGood, [&] { return status; });
}

struct KeepPattern : ConvertOpToLLVMPattern<plan::KeepOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(plan::KeepOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Value values = storeAll(rewriter, op, op.getReferences().getTypes(), adaptor.getReferences());
    Value count = makeI64(rewriter, op.getLoc(), op.getReferences().size());
    callOrReturn(rewriter, op, offsetof(wick_runtime_api, keep), {values, count});
    rewriter.eraseOp(op);
    return success();
  }
};

/// The mark is a struct on the stack, whose address stands for it.
struct MarkPattern : ConvertOpToLLVMPattern<plan::MarkOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(plan::MarkOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Value mark = allocateSlot(rewriter, op, sizeof(wick_mark));
    callRuntime(rewriter, op, offsetof(wick_runtime_api, mark), Type(), mark);
    rewriter.replaceOpWithNewOp<LLVM::PtrToIntOp>(op, rewriter.getI64Type(), mark);
    return success();
  }
};

/// A look in each iteration, and a call where it is time.
struct ReleasePattern : ConvertOpToLLVMPattern<plan::ReleaseOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(plan::ReleaseOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Location loc = op.getLoc();
    Type pointer = LLVM::LLVMPointerType::get(getContext()), i64 = rewriter.getI64Type();
    SmallVector<Type> types;
    SmallVector<Value> references, data, bytes;
    for (auto [before, value] : llvm::zip_equal(op.getCarried(), adaptor.getCarried())) {
      auto type = dyn_cast<MemRefType>(before.getType());
      if (!type) {
        types.push_back(before.getType());
        references.push_back(value);
        continue;
      }
      MemRefDescriptor descriptor(value);
      Value size = getSizeInBytes(loc, type.getElementType(), rewriter);
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        size = LLVM::MulOp::create(rewriter, loc, size, descriptor.size(rewriter, loc, dim));
      data.push_back(descriptor.alignedPtr(rewriter, loc));
      bytes.push_back(size);
    }
    Value mark = LLVM::IntToPtrOp::create(rewriter, loc, pointer, adaptor.getMark());
    Value limit = loadField(rewriter, loc, mark, offsetof(wick_mark, limit), i64);
    Value made = loadField(rewriter, loc, lowering::getContext(op), offsetof(wick_context, made), i64);
    Value goesOn = LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::sle, made, limit);
    Block *before = rewriter.getInsertionBlock();
    Block *rest = rewriter.splitBlock(before, rewriter.getInsertionPoint());
    SmallVector<Location> places(data.size(), loc);
    rest->addArguments(SmallVector<Type>(data.size(), pointer), places);
    Block *rare = rewriter.createBlock(rest);
    rewriter.setInsertionPointToEnd(before);
    LLVM::CondBrOp::create(rewriter, loc, goesOn, rest, data, rare, ValueRange());
    rewriter.setInsertionPointToStart(rare);
    Value values = storeAll(rewriter, op, types, references);
    Value buffers = allocateSlot(rewriter, op, std::max<size_t>(data.size(), 1) * sizeof(void *));
    Value sizes = allocateSlot(rewriter, op, std::max<size_t>(data.size(), 1) * sizeof(int64_t));
    for (size_t i = 0; i < data.size(); ++i) {
      storeField(rewriter, loc, buffers, i * sizeof(void *), data[i]);
      storeField(rewriter, loc, sizes, i * sizeof(int64_t), bytes[i]);
    }
    callOrReturn(
        rewriter, op, offsetof(wick_runtime_api, release),
        {mark, values, makeI64(rewriter, loc, references.size()), buffers, sizes, makeI64(rewriter, loc, data.size())});
    SmallVector<Value> moved;
    for (size_t i = 0; i < data.size(); ++i)
      moved.push_back(loadField(rewriter, loc, buffers, i * sizeof(void *), pointer));
    LLVM::BrOp::create(rewriter, loc, moved, rest);
    rewriter.setInsertionPointToStart(rest);
    SmallVector<Value> results;
    size_t next = 0;
    for (auto [before, value] : llvm::zip_equal(op.getCarried(), adaptor.getCarried())) {
      if (!isa<MemRefType>(before.getType())) {
        results.push_back(value);
        continue;
      }
      MemRefDescriptor descriptor(value);
      Value place = rest->getArgument(next++);
      descriptor.setAllocatedPtr(rewriter, loc, place);
      descriptor.setAlignedPtr(rewriter, loc, place);
      results.push_back(descriptor);
    }
    rewriter.replaceOp(op, results);
    return success();
  }
};

/// The tasks stand in an array on the stack, with arrays of their captures and results.
struct RunTasksPattern : ConvertOpToLLVMPattern<plan::RunTasksOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(plan::RunTasksOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Location loc = op.getLoc();
    Type pointer = LLVM::LLVMPointerType::get(getContext());
    int64_t count = op.getTasks().size(), capture = 0, result = 0;
    SmallVector<Type> captureTypes(op.getCaptures().getTypes());
    Value array = allocateSlot(rewriter, op, count * sizeof(wick_task));
    Value results = allocateSlot(rewriter, op, op.getNumResults() * sizeof(wick_value));
    for (int64_t i = 0; i < count; ++i) {
      int64_t offset = i * sizeof(wick_task), taken = op.getCaptureCounts()[i];
      Value captures = storeAll(rewriter, op, TypeRange(captureTypes).slice(capture, taken),
                                adaptor.getCaptures().slice(capture, taken));
      auto name = cast<FlatSymbolRefAttr>(op.getTasks()[i]);
      storeField(rewriter, loc, array, offset + offsetof(wick_task, function),
                 LLVM::AddressOfOp::create(rewriter, loc, pointer, name));
      storeField(rewriter, loc, array, offset + offsetof(wick_task, args), captures);
      storeField(rewriter, loc, array, offset + offsetof(wick_task, results),
                 getAddress(rewriter, loc, results, result * sizeof(wick_value)));
      storeField(rewriter, loc, array, offset + offsetof(wick_task, result_count),
                 makeI64(rewriter, loc, op.getResultCounts()[i]));
      capture += taken;
      result += op.getResultCounts()[i];
    }
    callOrReturn(rewriter, op, offsetof(wick_runtime_api, run_tasks), {array, makeI64(rewriter, loc, count)});
    SmallVector<Value> values;
    for (auto [i, type] : llvm::enumerate(op.getResultTypes()))
      values.push_back(
          loadValue(rewriter, loc, getTypeConverter()->convertType(type), results, i * sizeof(wick_value)));
    rewriter.replaceOp(op, values);
    return success();
  }
};

/// None, and what no live path reads.
template <typename Op> struct ConstantPattern : ConvertOpToLLVMPattern<Op> {
  using ConvertOpToLLVMPattern<Op>::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::ZeroOp>(op, this->getTypeConverter()->convertType(op.getType()));
    return success();
  }
};

/// Tensors go to the runtime as descriptors on the stack.
struct RoutinePattern : TablePattern<plan::RoutineOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(plan::RoutineOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    static const llvm::StringMap<wick_function> functions = {
#define WICK_FUNCTION(name, schema) {schema, WICK_FN_##name},
#include "wick/Runtime/Functions.def"
    };
    auto function = functions.find(("plan." + op.getName()).str());
    if (function == functions.end())
      return op.emitOpError() << "calls '" << op.getName() << "', which is no routine of the runtime";
    SmallVector<RuntimeOperand> operands;
    for (auto [operand, value] : llvm::zip_equal(op->getOperands(), adaptor.getOperands())) {
      auto type = dyn_cast<MemRefType>(operand.getType());
      if (!type) {
        operands.push_back({operand.getType(), value});
        continue;
      }
      FailureOr<int32_t> dtype = getDtype(type.getElementType());
      if (failed(dtype))
        return rewriter.notifyMatchFailure(op, "an element type has no dtype");
      operands.push_back({ts::TensorType::get(getContext()), describe(rewriter, op, type, value, *dtype)});
    }
    invoke(rewriter, op, tables, function->second, operands);
    rewriter.eraseOp(op);
    return success();
  }

  /// The address of a wick_tensor for a contiguous buffer.
  Value describe(ConversionPatternRewriter &rewriter, plan::RoutineOp op, MemRefType type, Value buffer,
                 int32_t dtype) const {
    Location loc = op.getLoc();
    MemRefDescriptor descriptor(buffer);
    int64_t rank = type.getRank(), bytes = rank * sizeof(int64_t);
    Value tensor = allocateSlot(rewriter, op, sizeof(wick_tensor)), sizes = allocateSlot(rewriter, op, bytes);
    Value strides = allocateSlot(rewriter, op, bytes);
    for (int64_t dim = 0; dim < rank; ++dim) {
      storeField(rewriter, loc, sizes, dim * sizeof(int64_t), descriptor.size(rewriter, loc, dim));
      storeField(rewriter, loc, strides, dim * sizeof(int64_t), descriptor.stride(rewriter, loc, dim));
    }
    auto number = [&](int32_t value) {
      return LLVM::ConstantOp::create(rewriter, loc, rewriter.getI32IntegerAttr(value)).getResult();
    };
    storeField(rewriter, loc, tensor, offsetof(wick_tensor, data),
               descriptor.bufferPtr(rewriter, loc, *getTypeConverter(), type));
    storeField(rewriter, loc, tensor, offsetof(wick_tensor, sizes), sizes);
    storeField(rewriter, loc, tensor, offsetof(wick_tensor, strides), strides);
    storeField(rewriter, loc, tensor, offsetof(wick_tensor, rank), number(rank));
    storeField(rewriter, loc, tensor, offsetof(wick_tensor, dtype), number(dtype));
    return tensor;
  }
};

/// What a type says changes nothing at run time.
struct RefinePattern : ConvertOpToLLVMPattern<ts::RefineOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(ts::RefineOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getValue());
    return success();
  }
};

/// Compares what a tensor says of itself.
struct HasTypePattern : ConvertOpToLLVMPattern<ts::HasTypeOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(ts::HasTypeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    auto type = cast<ts::TensorType>(op.getTypeAttr().getValue());
    FailureOr<int32_t> dtype = getDtype(type.getDtype());
    if (failed(dtype) || !type.getHasRank())
      return rewriter.notifyMatchFailure(op, "has no dtype that the runtime knows");
    auto equals = [&](Value value, TypedAttr expected) -> Value {
      Value constant = LLVM::ConstantOp::create(rewriter, loc, expected);
      return LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::eq, value, constant);
    };
    auto field = [&](int64_t offset) {
      return loadField(rewriter, loc, adaptor.getTensor(), offset, rewriter.getI32Type());
    };
    Value fits = LLVM::AndOp::create(
        rewriter, loc, equals(field(offsetof(wick_tensor, dtype)), rewriter.getI32IntegerAttr(*dtype)),
        equals(field(offsetof(wick_tensor, rank)), rewriter.getI32IntegerAttr(type.getRank())));
    Type pointer = LLVM::LLVMPointerType::get(getContext());
    Value sizes = loadField(rewriter, loc, adaptor.getTensor(), offsetof(wick_tensor, sizes), pointer);
    // A tensor of another rank has other sizes, which are not looked at.
    sizes = LLVM::SelectOp::create(rewriter, loc, fits, sizes,
                                   allocateSlot(rewriter, op, type.getRank() * sizeof(int64_t)));
    for (auto [dim, expr] : llvm::enumerate(type.getDims()))
      if (auto size = dyn_cast_or_null<AffineConstantExpr>(expr)) {
        Value given = loadField(rewriter, loc, sizes, dim * sizeof(int64_t), rewriter.getI64Type());
        fits = LLVM::AndOp::create(rewriter, loc, fits, equals(given, rewriter.getI64IntegerAttr(size.getValue())));
      }
    rewriter.replaceOp(op, fits);
    return success();
  }
};
} // namespace

void lowering::populateHostPatterns(const LLVMTypeConverter &converter, ModuleTables &tables,
                                    RewritePatternSet &patterns) {
  patterns
      .add<TensorDataPattern, NewTensorPattern, ArenaPattern, RefinePattern, HasTypePattern, KeepPattern, MarkPattern,
           ReleasePattern, RunTasksPattern, ConstantPattern<ts::NoneOp>, ConstantPattern<ts::UninitializedOp>>(
          converter);
  patterns.add<WeightRefPattern, RaisePattern, PollPattern, RoutinePattern>(converter, tables);
}
