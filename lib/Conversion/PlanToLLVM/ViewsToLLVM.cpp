//===- ViewsToLLVM.cpp - access to tensors that may be views -----------------===//
//
// Few tensors are views. Whether one is shows in its strides, which are compared here; only what is one is left to
// the runtime.
//
//===----------------------------------------------------------------------===//
#include "Values.h"

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

/// Whether the elements of a tensor lie in order, as far as strides tell: of one without elements it does not matter.
static Value isInOrder(OpBuilder &b, Location loc, ts::TensorType type, Value tensor) {
  Type pointer = tensor.getType(), i64 = b.getI64Type();
  auto constant = [&](IntegerAttr value) -> Value { return LLVM::ConstantOp::create(b, loc, value); };
  auto compare = [&](LLVM::ICmpPredicate predicate, Value x, Value y) -> Value {
    return LLVM::ICmpOp::create(b, loc, predicate, x, y);
  };
  Value result = constant(b.getBoolAttr(true)), expected = constant(b.getI64IntegerAttr(1)), one = expected;
  if (type.getRank() == 0)
    return result;
  Value sizes = loadField(b, loc, tensor, offsetof(wick_tensor, sizes), pointer);
  Value strides = loadField(b, loc, tensor, offsetof(wick_tensor, strides), pointer);
  for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
    auto known = dyn_cast_or_null<AffineConstantExpr>(type.getDims()[dim]);
    if (known && known.getValue() == 1)
      continue;
    Value size =
        known ? constant(b.getI64IntegerAttr(known.getValue())) : loadField(b, loc, sizes, dim * sizeof(int64_t), i64);
    Value stride = loadField(b, loc, strides, dim * sizeof(int64_t), i64);
    Value fits = compare(LLVM::ICmpPredicate::eq, stride, expected);
    if (!known)
      fits = LLVM::OrOp::create(b, loc, fits, compare(LLVM::ICmpPredicate::eq, size, one));
    result = LLVM::AndOp::create(b, loc, result, fits);
    if (dim > 0)
      expected = LLVM::MulOp::create(b, loc, expected, size);
  }
  return result;
}

/// Runs `work` where `condition` does not hold; its value there, and `otherwise` elsewhere.
static Value unless(ConversionPatternRewriter &rewriter, Location loc, Value condition, Value otherwise,
                    llvm::function_ref<Value()> work) {
  Block *before = rewriter.getInsertionBlock();
  Block *rest = rewriter.splitBlock(before, rewriter.getInsertionPoint());
  Value result = rest->addArgument(otherwise.getType(), loc);
  Block *rare = rewriter.createBlock(rest);
  rewriter.setInsertionPointToEnd(before);
  LLVM::CondBrOp::create(rewriter, loc, condition, rest, otherwise, rare, ValueRange());
  rewriter.setInsertionPointToStart(rare);
  Value made = work();
  LLVM::BrOp::create(rewriter, loc, made, rest);
  rewriter.setInsertionPointToStart(rest);
  return result;
}

namespace {
struct GatherPattern : TablePattern<plan::GatherOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(plan::GatherOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<ts::TensorType>(op.getReference().getType());
    if (!type || !type.getHasRank() || !op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is of no known rank, or not in a converted function yet");
    Location loc = op.getLoc();
    Value tensor = adaptor.getReference();
    Value gathered = unless(rewriter, loc, isInOrder(rewriter, loc, type, tensor), tensor, [&] {
      Value made = invoke(rewriter, op, tables, WICK_FN_TENSOR_GATHER, {{type, tensor}});
      return loadValue(rewriter, loc, tensor.getType(), made);
    });
    rewriter.replaceOp(op, gathered);
    return success();
  }
};

struct ScatterPattern : TablePattern<plan::ScatterOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(plan::ScatterOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Location loc = op.getLoc();
    Value gathered = adaptor.getGathered(), reference = adaptor.getReference();
    Value isSame = LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::eq, gathered, reference);
    Value mayRepeat = LLVM::ConstantOp::create(rewriter, loc, rewriter.getBoolAttr(op.getMayRepeat()));
    unless(rewriter, loc, isSame, reference, [&] {
      invoke(rewriter, op, tables, WICK_FN_TENSOR_SCATTER,
             {{op.getGathered().getType(), gathered},
              {op.getReference().getType(), reference},
              {rewriter.getI1Type(), mayRepeat}});
      return reference;
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void lowering::populateViewPatterns(const LLVMTypeConverter &converter, ModuleTables &tables,
                                    RewritePatternSet &patterns) {
  patterns.add<GatherPattern, ScatterPattern>(converter, tables);
}
