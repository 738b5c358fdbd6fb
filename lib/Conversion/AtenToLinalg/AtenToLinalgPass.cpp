//===- AtenToLinalgPass.cpp - lower tensor operators to linalg --------------===//
#include "Patterns.h"
#include "Utils.h"
#include "wick/Conversion/Passes.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/Dialect/SCF/Transforms/Patterns.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace wick {
#define GEN_PASS_DEF_CONVERTATENTOLINALGPASS
#include "wick/Conversion/Passes.h.inc"
} // namespace wick

using namespace mlir;
using namespace wick;

AtenToLinalgTypeConverter::AtenToLinalgTypeConverter() {
  addConversion([](Type type) { return type; });
  addConversion([](RankedTensorType type) -> Type { return getStorageTensor(type); });
  auto materialize = [](OpBuilder &builder, Type type, ValueRange inputs, Location loc) -> Value {
    return UnrealizedConversionCastOp::create(builder, loc, type, inputs).getResult(0);
  };
  addSourceMaterialization(materialize);
  addTargetMaterialization(materialize);
}

namespace {
/// Any other op on tensors does the same with the converted types.
struct ConvertTypes : public ConversionPattern {
  ConvertTypes(const TypeConverter &converter, MLIRContext *context)
      : ConversionPattern(converter, MatchAnyOpTypeTag(), /*benefit=*/0, context) {}

  LogicalResult matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                                ConversionPatternRewriter &rewriter) const override {
    if (isa_and_nonnull<aten::AtenDialect>(op->getDialect()))
      return rewriter.notifyMatchFailure(op, "tensor operators have lowerings of their own");
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op->getResultTypes(), types)))
      return rewriter.notifyMatchFailure(op, "a result type has no conversion");
    OperationState state(op->getLoc(), op->getName(), operands, types, op->getAttrs(), op->getSuccessors());
    for ([[maybe_unused]] Region &region : op->getRegions())
      state.addRegion();
    Operation *converted = rewriter.create(state);
    for (auto [from, to] : llvm::zip(op->getRegions(), converted->getRegions())) {
      rewriter.inlineRegionBefore(from, to, to.end());
      if (failed(rewriter.convertRegionTypes(&to, *getTypeConverter())))
        return rewriter.notifyMatchFailure(op, "an argument type of a region has no conversion");
    }
    rewriter.replaceOp(op, converted->getResults());
    return success();
  }
};

/// Literals of bools and of unsigned numbers.
struct ConvertConstant : public OpConversionPattern<arith::ConstantOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(arith::ConstantOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    auto elements = dyn_cast<DenseElementsAttr>(op.getValue());
    if (!elements)
      return rewriter.notifyMatchFailure(op, "not a literal of a tensor");
    auto type = cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (auto storage = dyn_cast<IntegerType>(type.getElementType()))
      elements = elements.mapValues(storage, [&](const APInt &value) { return value.zextOrTrunc(storage.getWidth()); });
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, type, elements.reshape(type));
    return success();
  }
};

/// Learns from remarks at operators why their lowerings refuse them.
class ReasonHandler : public ScopedDiagnosticHandler {
public:
  explicit ReasonHandler(MLIRContext *context) : ScopedDiagnosticHandler(context) {
    setHandler([this](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() != DiagnosticSeverity::Remark)
        return failure();
      reasons[diagnostic.getLocation()] = diagnostic.str();
      return success();
    });
  }

  DenseMap<Location, std::string> reasons;
};

/// Sizes that only run time knows are measured where they are named, and the symbols that stood for them end.
void measureSizes(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>()) {
    DenseMap<int64_t, Value> sizes;
    SmallVector<ts::BindSymbolOp> binds;
    SmallVector<ts::SymbolOp> symbols;
    func.walk([&](Operation *op) {
      if (auto bind = dyn_cast<ts::BindSymbolOp>(op)) {
        OpBuilder builder(bind);
        sizes[bind.getNumber()] = tensor::DimOp::create(builder, bind.getLoc(), bind.getTensor(), bind.getDim());
        binds.push_back(bind);
      } else if (auto symbol = dyn_cast<ts::SymbolOp>(op)) {
        symbols.push_back(symbol);
      }
    });
    for (ts::SymbolOp symbol : symbols)
      if (Value size = sizes.lookup(symbol.getNumber())) {
        symbol.replaceAllUsesWith(size);
        symbol.erase();
      }
    for (ts::BindSymbolOp bind : binds)
      bind.erase();
  }
}

struct ConvertAtenToLinalgPass : public wick::impl::ConvertAtenToLinalgPassBase<ConvertAtenToLinalgPass> {
  using ConvertAtenToLinalgPassBase::ConvertAtenToLinalgPassBase;

  void runOnOperation() override {
    MLIRContext *context = &getContext();
    AtenToLinalgTypeConverter converter;
    RewritePatternSet patterns(context);
    populateElementwisePatterns(converter, patterns);
    populateMathPatterns(converter, patterns);
    populateActivationPatterns(converter, patterns);
    populateReductionPatterns(converter, patterns);
    populateCreationPatterns(converter, patterns);
    populateViewPatterns(converter, patterns);
    populateIndexingPatterns(converter, patterns);
    populateContractionPatterns(converter, patterns);
    populateConvolutionPatterns(converter, patterns);
    populatePoolingPatterns(converter, patterns);
    populateNormalizationPatterns(converter, patterns);
    populateAttentionPatterns(converter, patterns);
    populateSortingPatterns(converter, patterns);
    populateRandomPatterns(converter, patterns);
    populateLinearAlgebraPatterns(converter, patterns);
    populateFFTPatterns(converter, patterns);
    populateNumberPatterns(converter, patterns);
    SmallVector<RefusedOperator> refused;
    populateFallbackPatterns(converter, patterns, fallback, refused);
    patterns.add<ConvertTypes, ConvertConstant>(converter, context);
    populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns, converter);

    ConversionTarget target(*context);
    target.addIllegalDialect<aten::AtenDialect>();
    target.addDynamicallyLegalOp<ts::ItemOp, ts::NumberToTensorOp, ts::SizeOp, ts::NumelOp>([](Operation *op) {
      return llvm::none_of(op->getOperandTypes(), llvm::IsaPred<RankedTensorType>) &&
             llvm::none_of(op->getResultTypes(), llvm::IsaPred<RankedTensorType>);
    });
    target.addDynamicallyLegalOp<func::FuncOp>([&](func::FuncOp op) {
      return converter.isSignatureLegal(op.getFunctionType()) && converter.isLegal(&op.getBody());
    });
    target.markUnknownOpDynamicallyLegal([&](Operation *op) {
      return converter.isLegal(op) &&
             llvm::all_of(op->getRegions(), [&](Region &region) { return converter.isLegal(&region); });
    });
    DenseMap<Location, std::string> reasons;
    LogicalResult converted = success();
    {
      ReasonHandler handler(context);
      converted = applyPartialConversion(getOperation(), target, std::move(patterns));
      reasons = std::move(handler.reasons);
    }
    for (RefusedOperator op : refused) {
      auto reason = reasons.find(op.loc);
      emitError(op.loc) << "operator '" << op.name << "' has no native code: "
                        << (reason == reasons.end() ? "no lowering is known" : reason->second);
    }
    if (failed(converted) || !refused.empty())
      return signalPassFailure();
    measureSizes(getOperation());
  }
};
} // namespace
