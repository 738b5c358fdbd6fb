//===- Fallback.cpp - operators whose lowering refuses them ------------------===//
//
// Whether a lowering takes an op is known when it has been tried, and here it has been. On values an op
// has no aliases, so it is replaced where it stands: by new references and a read of what is returned.
//
//===----------------------------------------------------------------------===//
#include "Patterns.h"
#include "Utils.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

using namespace mlir;
using namespace wick;

namespace {
/// Tried last for every tensor operator.
struct WithoutLowering : public ConversionPattern {
  WithoutLowering(const TypeConverter &converter, MLIRContext *context, bool hasFallback,
                  SmallVectorImpl<RefusedOperator> &refused)
      : ConversionPattern(converter, MatchAnyOpTypeTag(), /*benefit=*/0, context), hasFallback(hasFallback),
        refused(refused) {}

  LogicalResult matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                                ConversionPatternRewriter &rewriter) const override {
    bool isAten = isa_and_nonnull<aten::AtenDialect>(op->getDialect());
    if (!isAten && !isa<ts::ItemOp, ts::NumberToTensorOp, ts::SizeOp, ts::NumelOp>(op))
      return rewriter.notifyMatchFailure(op, "not a tensor operator");
    if (hasFallback && isAten && succeeded(leaveToLibTorch(op, operands, rewriter)))
      return success();
    // The conversion goes on to find all others.
    refused.push_back({op->getLoc(), op->getName()});
    SmallVector<Value> results;
    for (Type type : op->getResultTypes())
      results.push_back(UnrealizedConversionCastOp::create(rewriter, op->getLoc(),
                                                           getTypeConverter()->convertType(type), ValueRange())
                            .getResult(0));
    rewriter.replaceOp(op, results);
    return success();
  }

private:
  LogicalResult leaveToLibTorch(Operation *op, ArrayRef<Value> operands, ConversionPatternRewriter &rewriter) const {
    auto dialect = cast<aten::AtenDialect>(op->getDialect());
    SmallVector<StringRef> operators = dialect->getOperators(op);
    if (operators.empty())
      return rewriter.notifyMatchFailure(op, "not an operator of LibTorch's");
    SmallVector<Type> types;
    for (Type type : op->getResultTypes()) {
      auto tensor = dyn_cast<RankedTensorType>(type);
      types.push_back(tensor ? Type(ts::TensorType::getFromValueType(tensor)) : type);
    }
    if (!llvm::all_of(types, ts::hasRuntimeValues))
      return rewriter.notifyMatchFailure(op, "a result has no value at run time");
    SmallVector<Value> arguments;
    for (auto [original, converted] : llvm::zip(op->getOperands(), operands)) {
      arguments.push_back(lend(rewriter, op->getLoc(), original, converted));
      if (!arguments.back())
        return rewriter.notifyMatchFailure(op, "an operand has no value at run time");
    }
    ArrayRef<StringLiteral> names = dialect->lookupSchema(operators.front())->operandNames;
    auto call = ts::FallbackOp::create(rewriter, op->getLoc(), types, rewriter.getStrArrayAttr(operators),
                                       rewriter.getStrArrayAttr(SmallVector<StringRef>(names)),
                                       /*aliases=*/ArrayRef<int64_t>(), arguments);
    SmallVector<Value> results;
    for (auto [result, original] : llvm::zip(call.getResults(), op->getResults())) {
      Type type = getTypeConverter()->convertType(original.getType());
      bool isTensor = isa<RankedTensorType>(type);
      results.push_back(isTensor ? Value(ts::ReadOp::create(rewriter, op->getLoc(), type, result, /*strided=*/true))
                                 : result);
    }
    rewriter.replaceOp(op, results);
    return success();
  }

  /// An operand as an argument of the call: a tensor as a new reference. Null when it has no value at run time.
  static Value lend(ConversionPatternRewriter &rewriter, Location loc, Value original, Value converted) {
    if (auto tensor = dyn_cast<RankedTensorType>(original.getType()))
      return ts::FromValueOp::create(rewriter, loc, ts::TensorType::getFromValueType(tensor), converted);
    original = ts::stripUpcasts(original);
    // A list of tensors is made anew, of references. Any other is itself, for code may have written it by now.
    auto list = original.getDefiningOp<ts::ListConstructOp>();
    if (!list || llvm::none_of(list.getElements().getTypes(), llvm::IsaPred<RankedTensorType>))
      return ts::FallbackOp::getArgument(rewriter, original);
    SmallVector<Value> elements;
    for (Value element : list.getElements()) {
      elements.push_back(lend(rewriter, loc, element, rewriter.getRemappedValue(element)));
      if (!elements.back())
        return {};
    }
    return ts::ListConstructOp::create(rewriter, loc, original.getType(), elements);
  }

  bool hasFallback;
  SmallVectorImpl<RefusedOperator> &refused;
};
} // namespace

void wick::populateFallbackPatterns(const TypeConverter &converter, RewritePatternSet &patterns, bool hasFallback,
                                    SmallVectorImpl<RefusedOperator> &refused) {
  patterns.add<WithoutLowering>(converter, patterns.getContext(), hasFallback, refused);
}
