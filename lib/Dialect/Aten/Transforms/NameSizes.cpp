//===- NameSizes.cpp - --aten-name-sizes ------------------------------------===//
#include "wick/Dialect/Aten/Transforms/Passes.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Aten/IR/AtenPoolingOps.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/Facts.h"
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/MapVector.h"

namespace wick::aten {
#define GEN_PASS_DEF_ATENNAMESIZESPASS
#include "wick/Dialect/Aten/Transforms/Passes.h.inc"
} // namespace wick::aten

using namespace mlir;
using namespace wick;
using namespace wick::aten;

static SmallVector<AffineExpr> getDims(RankedTensorType type) {
  return llvm::to_vector(ts::TensorType::getFromValueType(type).getDims());
}

static bool hasUnknown(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && llvm::is_contained(getDims(tensor), AffineExpr());
}

static RankedTensorType withDims(RankedTensorType type, ArrayRef<AffineExpr> dims) {
  return ts::TensorType::get(type.getContext(), true, dims, type.getElementType()).getValueType();
}

namespace {
/// Facts in which integers that only run time knows are symbols, too.
class NamingFacts : public StaticFacts {
public:
  NamingFacts(MLIRContext *context, int64_t &next) : context(context), next(next) {}

  AffineExpr getInt(Value value) override {
    value = ts::stripUpcasts(value);
    if (AffineExpr known = StaticFacts::getInt(value))
      return known;
    if (!value.getType().isInteger(64))
      return {};
    auto [symbol, isNew] = symbols.try_emplace(value, next);
    if (isNew)
      ++next;
    return getAffineSymbolExpr(symbol->second, context);
  }

  /// Says before `op` what the symbols in some dims are, which `op` checks. The size of a tensor without elements
  /// stands for an integer.
  void bind(ArrayRef<AffineExpr> dims, Operation *op) {
    OpBuilder builder(op);
    for (auto [value, number] : symbols) {
      bool isUsed =
          llvm::any_of(dims, [number = number](AffineExpr dim) { return dim && dim.isFunctionOfSymbol(number); });
      if (!isUsed)
        continue;
      Location loc = op->getLoc();
      Value size = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), value);
      Value sized = tensor::EmptyOp::create(builder, loc, OpFoldResult(size), builder.getI8Type());
      ts::BindSymbolOp::create(builder, loc, number, sized, 0);
    }
  }

private:
  MLIRContext *context;
  int64_t &next;
  llvm::MapVector<Value, int64_t> symbols;
};

struct AtenNameSizesPass : public wick::aten::impl::AtenNameSizesPassBase<AtenNameSizesPass> {
  void runOnOperation() override {
    func::FuncOp func = getOperation();
    auto symbols = func->getAttrOfType<ArrayAttr>("ts.symbols");
    next = symbols ? symbols.size() : 0;
    // What is refused here is refused, with its reason, where it is lowered.
    ScopedDiagnosticHandler quiet(&getContext(), [](Diagnostic &) { return success(); });
    func.walk<WalkOrder::PreOrder>([&](Operation *op) {
      for (Value result : op->getResults())
        if (hasUnknown(result.getType()))
          nameResult(op, cast<OpResult>(result));
      for (Region &region : op->getRegions())
        for (Block &block : region)
          for (BlockArgument argument : block.getArguments())
            if (hasUnknown(argument.getType()))
              name(argument, argument.getType(), OpBuilder::atBlockBegin(&block));
    });
  }

  /// By expressions where the operands tell the sizes, else by new symbols.
  void nameResult(Operation *op, OpResult result) {
    Type before = result.getType();
    SmallVector<Type> types;
    NamingFacts naming(&getContext(), next);
    StaticFacts known;
    // Elsewhere -1 has a meaning, or sizes are checked with others.
    bool takesSizes = isa<UpsampleNearestOp, UpsampleBilinearOp, AdaptiveAvgPoolOp, AdaptiveMaxPoolOp>(op);
    StaticFacts &facts = takesSizes ? naming : known;
    // The end of a slice may be beyond the tensor: how long it is then, only run time tells.
    auto inference = isa<SliceOp>(op) ? TypeInferenceInterface() : dyn_cast<TypeInferenceInterface>(op);
    if (inference && succeeded(inference.inferResultTypes(facts, types)))
      if (auto type = cast<ts::TensorType>(types[result.getResultNumber()]).getValueType()) {
        RankedTensorType merged = mergeDims(cast<RankedTensorType>(before), type);
        naming.bind(getDims(merged), op);
        result.setType(merged);
      }
    OpBuilder builder(op->getContext());
    builder.setInsertionPointAfter(op);
    name(result, before, builder);
  }

  /// The first type with what the second one knows more.
  static RankedTensorType mergeDims(RankedTensorType type, RankedTensorType other) {
    if (type.getRank() != other.getRank())
      return type;
    SmallVector<AffineExpr> dims = getDims(type);
    for (auto [dim, known] : llvm::zip(dims, getDims(other)))
      dim = dim ? dim : known;
    return withDims(type, dims);
  }

  /// Tensor operators see the value with symbols, all else as one of the type `plain`.
  void name(Value value, Type plain, OpBuilder builder) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<AffineExpr> dims = getDims(type);
    SmallVector<std::pair<int64_t, int64_t>> bound;
    for (auto [i, dim] : llvm::enumerate(dims))
      if (!dim) {
        bound.emplace_back(next, i);
        dim = builder.getAffineSymbolExpr(next++);
      }
    Location loc = value.getLoc();
    auto isOperator = [](OpOperand &use) {
      return isa<AtenDialect>(use.getOwner()->getDialect()) || isa<ts::SizeOp, ts::NumelOp>(use.getOwner());
    };
    if (type != plain && !llvm::all_of(value.getUses(), isOperator)) {
      Value cast = tensor::CastOp::create(builder, loc, plain, value);
      value.replaceUsesWithIf(
          cast, [&](OpOperand &use) { return use.getOwner() != cast.getDefiningOp() && !isOperator(use); });
    }
    if (bound.empty() || llvm::none_of(value.getUses(), isOperator))
      return;
    Value named = tensor::CastOp::create(builder, loc, withDims(type, dims), value);
    value.replaceUsesWithIf(named, isOperator);
    for (auto [number, dim] : bound)
      ts::BindSymbolOp::create(builder, loc, number, named, dim);
  }

  int64_t next = 0;
};
} // namespace
