//===- ObjectsToLLVM.cpp - objects, their slots and their classes -----------===//
//
// An object is a sequence of its slots, in the order in which its class lists them. Members of
// enumerations belong to the runtime, which has one of each.
//
//===----------------------------------------------------------------------===//
#include "Values.h"

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

/// The class of a name and the number of a slot or member, or -1.
static std::pair<ts::ClassOp, int64_t> findSlot(Operation *op, FlatSymbolRefAttr symbol, StringRef name) {
  auto cls = SymbolTable::lookupNearestSymbolFrom<ts::ClassOp>(op, symbol);
  if (!cls)
    return {cls, -1};
  for (auto [number, attr] : llvm::enumerate(cls.getBody().getOps<ts::AttrOp>()))
    if (attr.getName() == name)
      return {cls, number};
  return {cls, -1};
}

/// The same of the class of an object.
static std::pair<ts::ClassOp, int64_t> findSlot(Operation *op, Type object, StringRef name) {
  auto type = dyn_cast<ts::ObjectType>(object);
  return type ? findSlot(op, type.getClassSymbol(), name) : std::pair(ts::ClassOp(), int64_t(-1));
}

namespace {
struct CreateObjectPattern : TablePattern<ts::CreateObjectOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(ts::CreateObjectOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    int64_t number = tables.getClass(op.getType().getClassSymbol());
    if (number < 0 || !op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "has no class, or is not in a converted function yet");
    Value cls = makeI64(rewriter, op.getLoc(), number);
    Value object = invoke(rewriter, op, tables, WICK_FN_OBJECT_NEW, {{rewriter.getI64Type(), cls}});
    rewriter.replaceOp(op, loadValue(rewriter, op.getLoc(), LLVM::LLVMPointerType::get(getContext()), object));
    return success();
  }
};

struct EnumPattern : TablePattern<ts::EnumOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(ts::EnumOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    FlatSymbolRefAttr symbol = op.getType().getClassSymbol();
    auto [cls, member] = findSlot(op, symbol, op.getName());
    int64_t number = tables.getClass(symbol);
    if (number < 0 || member < 0 || !op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "has no class or member, or is not in a converted function yet");
    Type i64 = rewriter.getI64Type();
    Value found =
        invoke(rewriter, op, tables, WICK_FN_ENUM_MEMBER,
               {{i64, makeI64(rewriter, op.getLoc(), number)}, {i64, makeI64(rewriter, op.getLoc(), member)}});
    rewriter.replaceOp(op, loadValue(rewriter, op.getLoc(), LLVM::LLVMPointerType::get(getContext()), found));
    return success();
  }
};

struct GetAttrPattern : ConvertOpToLLVMPattern<ts::GetAttrOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(ts::GetAttrOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    int64_t slot = findSlot(op, op.getObject().getType(), op.getName()).second;
    Type type = getTypeConverter()->convertType(op.getType());
    if (slot < 0 || !type)
      return rewriter.notifyMatchFailure(op, "has no slot, or a type without values at run time");
    Value items = loadField(rewriter, op.getLoc(), adaptor.getObject(), offsetof(wick_items, items),
                            LLVM::LLVMPointerType::get(getContext()));
    rewriter.replaceOp(op, loadValue(rewriter, op.getLoc(), type, items, slot * sizeof(wick_value)));
    return success();
  }
};

struct SetAttrPattern : TablePattern<ts::SetAttrOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(ts::SetAttrOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto [cls, slot] = findSlot(op, op.getObject().getType(), op.getName());
    if (slot < 0 || !op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "has no slot, or is not in a converted function yet");
    // The slot says what its readers expect, numbers need no count.
    Type type = op.getValue().getType();
    if (type.isInteger(64) || type.isInteger(1) || type.isF64()) {
      Value items = loadField(rewriter, loc, adaptor.getObject(), offsetof(wick_items, items),
                              LLVM::LLVMPointerType::get(getContext()));
      if (cls.lookupAttr(op.getName()).getType() == type) {
        storeValue(rewriter, loc, type, adaptor.getValue(), items, slot * sizeof(wick_value));
        rewriter.eraseOp(op);
        return success();
      }
    }
    Type i64 = rewriter.getI64Type();
    invoke(rewriter, op, tables, WICK_FN_SET_ATTR,
           {{op.getObject().getType(), adaptor.getObject()},
            {i64, makeI64(rewriter, loc, slot)},
            {type, adaptor.getValue()}});
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void lowering::populateObjectPatterns(const LLVMTypeConverter &converter, ModuleTables &tables,
                                      RewritePatternSet &patterns) {
  patterns.add<GetAttrPattern>(converter);
  patterns.add<CreateObjectPattern, EnumPattern, SetAttrPattern>(converter, tables);
}
