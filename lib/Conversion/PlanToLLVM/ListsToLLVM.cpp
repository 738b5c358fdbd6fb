//===- ListsToLLVM.cpp - access to lists without a call ----------------------===//
//
// Length, bounds-checked reads, and writes and appends of numbers are a few instructions.
// What does not fit - an index out of range, a list without room - is left to the runtime,
// which raises the right error or does the work.
//
//===----------------------------------------------------------------------===//
#include "Values.h"

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

namespace {
/// A pattern for one operator on a list.
struct ListPattern : ConvertOpToLLVMPattern<ts::OperatorOp> {
  ListPattern(const LLVMTypeConverter &converter, ModuleTables &tables)
      : ConvertOpToLLVMPattern(converter, /*benefit=*/2), tables(tables) {}

  /// The list's type when `op` is the operator on a list, else null.
  static ts::ListType matchList(ts::OperatorOp op, wick_function function) {
    bool matches = ts::getRuntimeFunction(op) == function && op->getParentOfType<LLVM::LLVMFuncOp>();
    auto list = matches ? dyn_cast<ts::ListType>(op->getOperand(0).getType()) : ts::ListType();
    return list && ts::isRuntimeOperation(op) ? list : ts::ListType();
  }

  static Value loadCount(OpBuilder &b, Location loc, Value list) {
    return loadField(b, loc, list, offsetof(wick_items, count), b.getI64Type());
  }

  static Value elementAddress(OpBuilder &b, Location loc, Value list, Value position) {
    Type pointer = list.getType();
    Value items = loadField(b, loc, list, offsetof(wick_items, items), pointer);
    auto value = LLVM::LLVMStructType::getLiteral(b.getContext(), {b.getI64Type(), b.getI64Type()});
    return LLVM::GEPOp::create(b, loc, pointer, value, items, ArrayRef<LLVM::GEPArg>{position});
  }

  static SmallVector<RuntimeOperand> getOperands(ts::OperatorOp op, OpAdaptor adaptor) {
    return llvm::map_to_vector(llvm::zip_equal(op->getOperandTypes(), adaptor.getOperands()),
                               [](auto pair) { return RuntimeOperand{std::get<0>(pair), std::get<1>(pair)}; });
  }

  /// The address of the element that operand 1 selects, which is checked.
  Value checkedAddress(ConversionPatternRewriter &rewriter, ts::OperatorOp op, OpAdaptor adaptor) const {
    Location loc = op.getLoc();
    Value list = adaptor.getOperands()[0], index = adaptor.getOperands()[1];
    Value zero = LLVM::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(0));
    Value count = loadCount(rewriter, loc, list);
    Value isNegative = LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::slt, index, zero);
    Value fromEnd = LLVM::AddOp::create(rewriter, loc, index, count);
    Value position = LLVM::SelectOp::create(rewriter, loc, isNegative, fromEnd, index);
    Value isInside = LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::ult, position, count);
    returnUnless(rewriter, loc, isInside, [&] {
      Value status;
      callFunction(rewriter, op, tables, *ts::getRuntimeFunction(op), getOperands(op, adaptor), status);
      return status;
    });
    return elementAddress(rewriter, loc, list, position);
  }

  ModuleTables &tables;
};

struct LengthPattern : ListPattern {
  using ListPattern::ListPattern;

  LogicalResult matchAndRewrite(ts::OperatorOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!matchList(op, WICK_FN_LEN))
      return rewriter.notifyMatchFailure(op, "is not the length of a list");
    rewriter.replaceOp(op, loadCount(rewriter, op.getLoc(), adaptor.getOperands()[0]));
    return success();
  }
};

struct GetItemPattern : ListPattern {
  using ListPattern::ListPattern;

  LogicalResult matchAndRewrite(ts::OperatorOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!matchList(op, WICK_FN_GET_ITEM))
      return rewriter.notifyMatchFailure(op, "does not read an element of a list");
    Value address = checkedAddress(rewriter, op, adaptor);
    Type type = getTypeConverter()->convertType(op->getResult(0).getType());
    rewriter.replaceOp(op, loadValue(rewriter, op.getLoc(), type, address));
    return success();
  }
};

/// Numbers only: nothing owns them, and all of a list have one tag.
static bool isNumber(Type type) { return type.isInteger(64) || type.isInteger(1) || type.isF64(); }

struct SetItemPattern : ListPattern {
  using ListPattern::ListPattern;

  LogicalResult matchAndRewrite(ts::OperatorOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ts::ListType list = matchList(op, WICK_FN_SET_ITEM);
    if (!list || !isNumber(list.getElementType()))
      return rewriter.notifyMatchFailure(op, "does not write a number to a list");
    Value address = checkedAddress(rewriter, op, adaptor);
    storeValue(rewriter, op.getLoc(), list.getElementType(), adaptor.getOperands()[2], address);
    rewriter.replaceOp(op, adaptor.getOperands().take_front(op->getNumResults()));
    return success();
  }
};

struct AppendPattern : ListPattern {
  using ListPattern::ListPattern;

  LogicalResult matchAndRewrite(ts::OperatorOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ts::ListType type = matchList(op, WICK_FN_APPEND);
    if (!type || !isNumber(type.getElementType()))
      return rewriter.notifyMatchFailure(op, "does not append a number to a list");
    Location loc = op.getLoc();
    Value list = adaptor.getOperands()[0];
    Value count = loadCount(rewriter, loc, list);
    Value capacity = loadField(rewriter, loc, list, offsetof(wick_items, capacity), rewriter.getI64Type());
    Value hasRoom = LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::slt, count, capacity);
    Block *before = rewriter.getInsertionBlock();
    Block *rest = rewriter.splitBlock(before, rewriter.getInsertionPoint());
    Block *inPlace = rewriter.createBlock(rest), *grow = rewriter.createBlock(rest);
    rewriter.setInsertionPointToEnd(before);
    LLVM::CondBrOp::create(rewriter, loc, hasRoom, inPlace, grow);
    rewriter.setInsertionPointToStart(inPlace);
    storeValue(rewriter, loc, type.getElementType(), adaptor.getOperands()[1],
               elementAddress(rewriter, loc, list, count));
    Value one = LLVM::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(1));
    storeField(rewriter, loc, list, offsetof(wick_items, count), LLVM::AddOp::create(rewriter, loc, count, one));
    LLVM::BrOp::create(rewriter, loc, ValueRange(), rest);
    rewriter.setInsertionPointToStart(grow);
    invoke(rewriter, op, tables, WICK_FN_APPEND, getOperands(op, adaptor));
    LLVM::BrOp::create(rewriter, loc, ValueRange(), rest);
    rewriter.setInsertionPointToStart(rest);
    rewriter.replaceOp(op, adaptor.getOperands().take_front(op->getNumResults()));
    return success();
  }
};

/// Unpacking checks the length and reads.
struct ListUnpackPattern : TablePattern<ts::ListUnpackOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(ts::ListUnpackOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Location loc = op.getLoc();
    Type i64 = rewriter.getI64Type(), pointer = adaptor.getList().getType();
    Value count = ListPattern::loadCount(rewriter, loc, adaptor.getList());
    Value expected = LLVM::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(op.getNumResults()));
    Value fits = LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::eq, count, expected);
    returnUnless(rewriter, loc, fits, [&] {
      Value status;
      callFunction(rewriter, op, tables, WICK_FN_LIST_UNPACK,
                   {{op.getList().getType(), adaptor.getList()}, {i64, expected}}, status);
      return status;
    });
    Value items = loadField(rewriter, loc, adaptor.getList(), offsetof(wick_items, items), pointer);
    SmallVector<Value> values;
    for (auto [index, type] : llvm::enumerate(op->getResultTypes()))
      values.push_back(
          loadValue(rewriter, loc, getTypeConverter()->convertType(type), items, index * sizeof(wick_value)));
    rewriter.replaceOp(op, values);
    return success();
  }
};
} // namespace

void lowering::populateListPatterns(const LLVMTypeConverter &converter, ModuleTables &tables,
                                    RewritePatternSet &patterns) {
  patterns.add<LengthPattern, GetItemPattern, SetItemPattern, AppendPattern, ListUnpackPattern>(converter, tables);
}
