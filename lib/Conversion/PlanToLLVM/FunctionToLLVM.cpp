//===- FunctionToLLVM.cpp - functions and returns
//---------------------------===//
//
// A function gets a new entry block that turns physical arguments into logical
// ones and branches to the block the function began with.
//
//===----------------------------------------------------------------------===//
#include "Values.h"

#include "wick/Dialect/TS/IR/TSDialect.h"

#include <cstddef>

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

static bool isKernelCode(Operation *func) { return func->hasAttr(plan::kKernelAttr) || func->hasAttr(plan::kWorkAttr); }

void lowering::populateHostTypeConversions(LLVMTypeConverter &converter) {
  converter.addConversion([](ts::TensorType type) { return LLVM::LLVMPointerType::get(type.getContext()); });
  auto toPointer = [](Type type) { return LLVM::LLVMPointerType::get(type.getContext()); };
  converter.addConversion([=](ts::StringType type) { return toPointer(type); });
  converter.addConversion([=](ts::ListType type) { return toPointer(type); });
  converter.addConversion([=](ts::DictType type) { return toPointer(type); });
  converter.addConversion([=](ts::TupleType type) { return toPointer(type); });
  converter.addConversion([=](ts::NamedTupleType type) { return toPointer(type); });
  converter.addConversion([=](ts::ObjectType type) { return toPointer(type); });
  converter.addConversion([=](ts::InterfaceType type) { return toPointer(type); });
  converter.addConversion([=](ts::DeviceType type) { return toPointer(type); });
  converter.addConversion([=](ts::EnumType type) { return toPointer(type); });
  converter.addConversion([=](ts::GeneratorType type) { return toPointer(type); });
  auto toPair = [](Type type) {
    auto i64 = IntegerType::get(type.getContext(), 64);
    return LLVM::LLVMStructType::getLiteral(type.getContext(), {i64, i64});
  };
  converter.addConversion([=](ts::OptionalType type) { return toPair(type); });
  converter.addConversion([=](ts::UnionType type) { return toPair(type); });
  converter.addConversion([=](ts::AnyType type) { return toPair(type); });
  converter.addConversion([=](ts::NumberType type) { return toPair(type); });
  converter.addConversion([](ts::NoneType type) { return IntegerType::get(type.getContext(), 64); });
}

/// Inputs overlap nothing that is written, unless the kernel was told so.
static void setAliasing(LLVM::LLVMFuncOp func, func::FuncOp op) {
  UnitAttr unit = UnitAttr::get(op.getContext());
  int64_t inPlace = -1, pointers = 0;
  for (unsigned i = 0; i < op.getNumArguments(); ++i)
    if (op.getArgAttr(i, "plan.in_place"))
      inPlace = i;
  for (auto [index, type] : llvm::enumerate(op.getArgumentTypes())) {
    if (!isa<MemRefType>(type))
      continue;
    ++pointers;
    if (inPlace < 0)
      func.setArgAttr(index + 1, LLVM::LLVMDialect::getNoAliasAttrName(), unit);
    func.setArgAttr(index + 1, LLVM::LLVMDialect::getNoUndefAttrName(), unit);
  }
}

namespace {
struct FunctionPattern : ConvertOpToLLVMPattern<func::FuncOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(func::FuncOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    bool isKernel = isKernelCode(op);
    Location loc = op.getLoc();
    Type pointer = LLVM::LLVMPointerType::get(getContext()), i32 = rewriter.getI32Type();
    SmallVector<Type> physical = {pointer};
    if (isKernel)
      llvm::append_range(physical, getPhysicalTypes(*getTypeConverter(), op.getArgumentTypes()));
    else
      physical.append(2, pointer);
    auto type = LLVM::LLVMFunctionType::get(isKernel ? Type(LLVM::LLVMVoidType::get(getContext())) : i32, physical);
    auto func = LLVM::LLVMFuncOp::create(rewriter, loc, op.getName(), type, LLVM::Linkage::External);
    func.setVisibility_(LLVM::Visibility::Hidden);
    for (NamedAttribute attribute : op->getDiscardableAttrs())
      func->setDiscardableAttr(attribute.getName(), attribute.getValue());
    if (isKernel)
      setAliasing(func, op);

    Block *entry = rewriter.createBlock(&func.getBody(), {}, physical, SmallVector<Location>(physical.size(), loc));
    SmallVector<Value> logical = isKernel ? fromPhysical(rewriter, loc, *getTypeConverter(), op.getArgumentTypes(),
                                                         ValueRange(entry->getArguments()).drop_front())
                                          : loadArguments(rewriter, op, entry);
    if (logical.size() != op.getNumArguments())
      return rewriter.notifyMatchFailure(op, "has an argument of a kind that is not passed to native code");
    TypeConverter::SignatureConversion signature(op.getNumArguments());
    for (auto [index, value] : llvm::enumerate(logical))
      signature.remapInput(index, value);
    FailureOr<Block *> first = rewriter.convertRegionTypes(&op.getBody(), *getTypeConverter(), &signature);
    if (failed(first))
      return rewriter.notifyMatchFailure(op, "has a block argument of a type without a counterpart in LLVM");
    rewriter.inlineRegionBefore(op.getBody(), func.getBody(), func.getBody().end());
    rewriter.setInsertionPointToEnd(entry);
    LLVM::BrOp::create(rewriter, loc, ValueRange(), *first);
    rewriter.eraseOp(op);
    return success();
  }

  /// Loads the leaves of a method's arguments; as many as could be loaded.
  SmallVector<Value> loadArguments(OpBuilder &b, func::FuncOp op, Block *entry) const {
    SmallVector<Value> values;
    Type pointer = LLVM::LLVMPointerType::get(getContext());
    for (auto [index, type] : llvm::enumerate(op.getArgumentTypes())) {
      if (!ts::hasRuntimeValues(type))
        break;
      Type converted = getTypeConverter()->convertType(type);
      // Objects of the session come after the caller's arguments.
      auto number = op.getArgAttrOfType<IntegerAttr>(index, ts::kStateAttr);
      Value base = number ? loadField(b, op.getLoc(), entry->getArgument(0), offsetof(wick_context, state), pointer)
                          : Value(entry->getArgument(1));
      int64_t position = number ? number.getInt() : index;
      values.push_back(loadValue(b, op.getLoc(), converted, base, position * sizeof(wick_value)));
    }
    return values;
  }
};

struct ReturnPattern : TablePattern<func::ReturnOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(func::ReturnOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto func = op->getParentOfType<LLVM::LLVMFuncOp>();
    if (!func)
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    if (isKernelCode(func)) {
      rewriter.replaceOpWithNewOp<LLVM::ReturnOp>(op, ValueRange());
      return success();
    }
    Location loc = op.getLoc();
    Value results = func.getArgument(2);
    if (!llvm::all_of(op.getOperandTypes(), ts::hasRuntimeValues))
      return rewriter.notifyMatchFailure(op, "has a result of a kind that native code does not return");
    // What may fail comes first: a result that is stored is retained.
    SmallVector<Value> values;
    for (Value value : adaptor.getOperands())
      values.push_back(boxComplex(rewriter, op, tables, value));
    for (auto [index, operand, value] : llvm::enumerate(op.getOperands(), values)) {
      int64_t offset = index * sizeof(wick_value);
      storeValue(rewriter, loc, operand.getType(), value, results, offset);
      if (auto tensor = dyn_cast<ts::TensorType>(operand.getType()); tensor && tensor.isTyped())
        callRuntime(rewriter, op, offsetof(wick_runtime_api, tensor_retain), Type(), value, /*passContext=*/false);
      else if (isa<LLVM::LLVMPointerType>(value.getType()) || isTagged(value.getType()))
        callRuntime(rewriter, op, offsetof(wick_runtime_api, value_retain), Type(),
                    getAddress(rewriter, loc, results, offset), /*passContext=*/false);
    }
    Value ok = LLVM::ConstantOp::create(rewriter, loc, rewriter.getI32IntegerAttr(WICK_OK));
    rewriter.replaceOpWithNewOp<LLVM::ReturnOp>(op, ok);
    return success();
  }
};
} // namespace

void lowering::populateFunctionPatterns(const LLVMTypeConverter &converter, ModuleTables &tables,
                                        RewritePatternSet &patterns) {
  patterns.add<FunctionPattern>(converter);
  patterns.add<ReturnPattern>(converter, tables);
}
