//===- HoistConstants.cpp - --plan-hoist-constants ----------------------------===//
//
// Two ways to be done with work on weights before the program runs. Rearrangements
// (transposes, reshapes, slices, packing without padding) only change how a weight is
// looked at: they fold into the strides of `plan.weight_ref`, and the artifact's
// writer copies the elements in that order. Whatever else depends on weights and
// constants alone moves to a function that the driver compiles and runs.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/RegionUtils.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANHOISTCONSTANTSPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick;
using namespace wick::plan;

//===----------------------------------------------------------------------===//
// Rearrangements
//===----------------------------------------------------------------------===//

static WeightRefOp replaceView(PatternRewriter &rewriter, Operation *op, WeightRefOp weight, int64_t offset,
                               ArrayRef<int64_t> strides) {
  return rewriter.replaceOpWithNewOp<WeightRefOp>(op, op->getResult(0).getType(), weight.getWeightAttr(),
                                                  rewriter.getI64IntegerAttr(offset),
                                                  rewriter.getDenseI64ArrayAttr(strides), weight.getNameAttr());
}

namespace {
struct FoldTranspose : OpRewritePattern<linalg::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::TransposeOp op, PatternRewriter &rewriter) const override {
    auto weight = op.getInput().getDefiningOp<WeightRefOp>();
    if (!weight)
      return rewriter.notifyMatchFailure(op, "transposes no weight");
    SmallVector<int64_t> strides =
        llvm::map_to_vector(op.getPermutation(), [&](int64_t dim) { return weight.getStrides()[dim]; });
    replaceView(rewriter, op, weight, weight.getOffset(), strides);
    return success();
  }
};

struct FoldExpand : OpRewritePattern<tensor::ExpandShapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tensor::ExpandShapeOp op, PatternRewriter &rewriter) const override {
    auto weight = op.getSrc().getDefiningOp<WeightRefOp>();
    if (!weight || !op.getResultType().hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expands no weight");
    SmallVector<int64_t> strides(op.getResultType().getRank(), 1);
    for (auto [dim, group] : llvm::enumerate(op.getReassociationIndices())) {
      int64_t stride = weight.getStrides()[dim];
      for (int64_t part : llvm::reverse(group)) {
        strides[part] = stride;
        stride *= op.getResultType().getDimSize(part);
      }
    }
    replaceView(rewriter, op, weight, weight.getOffset(), strides);
    return success();
  }
};

struct FoldCollapse : OpRewritePattern<tensor::CollapseShapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tensor::CollapseShapeOp op, PatternRewriter &rewriter) const override {
    auto weight = op.getSrc().getDefiningOp<WeightRefOp>();
    if (!weight)
      return rewriter.notifyMatchFailure(op, "collapses no weight");
    SmallVector<int64_t> strides;
    for (const ReassociationIndices &group : op.getReassociationIndices()) {
      int64_t innermost = 1, expected = -1;
      for (int64_t part : llvm::reverse(group)) {
        int64_t size = op.getSrcType().getDimSize(part), stride = weight.getStrides()[part];
        if (size == 1)
          continue;
        if (expected < 0)
          innermost = stride;
        else if (stride != expected)
          return rewriter.notifyMatchFailure(op, "collapses dims that do not follow one another");
        expected = stride * size;
      }
      strides.push_back(innermost);
    }
    replaceView(rewriter, op, weight, weight.getOffset(), strides);
    return success();
  }
};

struct FoldSlice : OpRewritePattern<tensor::ExtractSliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tensor::ExtractSliceOp op, PatternRewriter &rewriter) const override {
    auto weight = op.getSource().getDefiningOp<WeightRefOp>();
    auto isDynamic = [](ArrayRef<int64_t> values) { return ShapedType::isDynamicShape(values); };
    if (!weight || isDynamic(op.getStaticOffsets()) || isDynamic(op.getStaticSizes()) ||
        isDynamic(op.getStaticStrides()))
      return rewriter.notifyMatchFailure(op, "is no static slice of a weight");
    llvm::SmallBitVector dropped = op.getDroppedDims();
    int64_t offset = weight.getOffset();
    SmallVector<int64_t> strides;
    for (auto [dim, start, step] : llvm::enumerate(op.getStaticOffsets(), op.getStaticStrides())) {
      offset += start * weight.getStrides()[dim];
      if (!dropped.test(dim))
        strides.push_back(step * weight.getStrides()[dim]);
    }
    replaceView(rewriter, op, weight, offset, strides);
    return success();
  }
};

struct FoldPack : OpRewritePattern<linalg::PackOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::PackOp op, PatternRewriter &rewriter) const override {
    auto weight = op.getSource().getDefiningOp<WeightRefOp>();
    if (!weight || ShapedType::isDynamicShape(op.getStaticInnerTiles()))
      return rewriter.notifyMatchFailure(op, "packs no weight into static tiles");
    auto source = cast<RankedTensorType>(op.getSource().getType());
    SmallVector<int64_t> outer(weight.getStrides()), inner;
    for (auto [dim, tile] : llvm::zip_equal(op.getInnerDimsPos(), op.getStaticInnerTiles())) {
      if (source.getDimSize(dim) % tile != 0)
        return rewriter.notifyMatchFailure(op, "pads the weight");
      inner.push_back(weight.getStrides()[dim]);
      outer[dim] = weight.getStrides()[dim] * tile;
    }
    if (!op.getOuterDimsPerm().empty())
      outer = llvm::map_to_vector(op.getOuterDimsPerm(), [&](int64_t dim) { return outer[dim]; });
    outer.append(inner);
    replaceView(rewriter, op, weight, weight.getOffset(), outer);
    return success();
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Computations
//===----------------------------------------------------------------------===//

/// Bytes up to which a constant may be larger than the weights it is computed from.
static constexpr int64_t kFreeBytes = 1 << 20;

static int64_t getBytes(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape() || !tensor.getElementType().isIntOrFloat())
    return -1;
  return tensor.getNumElements() * llvm::divideCeil(tensor.getElementTypeBitWidth(), 8);
}

namespace {
class ConstantHoister {
public:
  explicit ConstantHoister(ModuleOp module) : module(module), b(module.getContext()) {}
  void run();

private:
  /// Whether the op can be computed at compile time and is worth keeping.
  bool isConstant(Operation *op);
  void clone(Operation *op);
  void hoist(Value value);

  ModuleOp module;
  OpBuilder b;
  DenseSet<Operation *> constant;
  func::FuncOp function;
  IRMapping mapping;
  SmallVector<Value> results;
};
} // namespace

/// Needs no computation.
static bool isTrivial(Operation *op) {
  return isa<WeightRefOp, tensor::EmptyOp, linalg::FillOp, tensor::CastOp>(op) || op->hasTrait<OpTrait::ConstantLike>();
}

bool ConstantHoister::isConstant(Operation *op) {
  if (op->getNumResults() == 0 || isa<linalg::UnPackOp, RestoreFilterOp, ts::SymbolOp>(op) || !isPure(op))
    return false;
  SmallVector<Value> inputs(op->getOperands());
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  llvm::append_range(inputs, captured);
  int64_t inputBytes = 0;
  for (Value input : inputs) {
    Operation *producer = input.getDefiningOp();
    if (!producer || !constant.contains(producer))
      return false;
    if (!isa<tensor::EmptyOp, linalg::FillOp>(producer))
      inputBytes += std::max<int64_t>(0, getBytes(input.getType()));
  }
  if (isTrivial(op))
    return true;
  return llvm::all_of(op->getResultTypes(), [&](Type type) {
    int64_t bytes = getBytes(type);
    return !isa<RankedTensorType>(type) || (bytes >= 0 && bytes <= std::max(kFreeBytes, 2 * inputBytes));
  });
}

void ConstantHoister::clone(Operation *op) {
  if (mapping.contains(op->getResult(0)))
    return;
  SmallVector<Value> inputs(op->getOperands());
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  llvm::append_range(inputs, captured);
  for (Value input : inputs)
    clone(input.getDefiningOp());
  b.clone(*op, mapping);
}

void ConstantHoister::hoist(Value value) {
  Location loc = value.getLoc();
  if (!function) {
    b.setInsertionPointToEnd(module.getBody());
    function = func::FuncOp::create(b, module.getLoc(), "__constants", b.getFunctionType({}, {}));
    function->setAttr(kConstantsAttr, b.getUnitAttr());
    b.setInsertionPointToEnd(function.addEntryBlock());
  }
  clone(value.getDefiningOp());
  auto type = cast<RankedTensorType>(value.getType());
  int64_t number = results.size();
  results.push_back(ts::FromValueOp::create(b, loc, ts::TensorType::getFromValueType(type), mapping.lookup(value)));
  std::string name = "const_" + std::to_string(number);
  OpBuilder before(function);
  auto weight = WeightOp::create(before, loc, name, "", 0, getBytes(type));
  weight->setAttr("computed", b.getI64IntegerAttr(number));
  SmallVector<int64_t> strides(type.getRank(), 1);
  for (int64_t dim = type.getRank() - 2; dim >= 0; --dim)
    strides[dim] = strides[dim + 1] * type.getDimSize(dim + 1);
  OpBuilder at(value.getContext());
  at.setInsertionPointAfterValue(value);
  Value ref = WeightRefOp::create(at, loc, type, FlatSymbolRefAttr::get(weight.getSymNameAttr()),
                                  at.getI64IntegerAttr(0), at.getDenseI64ArrayAttr(strides), StringAttr());
  // Constants that are computed from this one, and hoisted later, find it in the function and not in the reference.
  mapping.map(ref, mapping.lookup(value));
  value.replaceAllUsesWith(ref);
}

void ConstantHoister::run() {
  SmallVector<Value> roots;
  for (auto func : module.getOps<func::FuncOp>()) {
    if (func.isExternal() || !func.isPublic())
      continue;
    func.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (op == func)
        return WalkResult::advance();
      if (isConstant(op)) {
        constant.insert(op);
        return WalkResult::skip();
      }
      return isa<linalg::LinalgOp>(op) ? WalkResult::skip() : WalkResult::advance();
    });
    func.walk([&](Operation *op) {
      if (!constant.contains(op) || isTrivial(op))
        return;
      for (Value result : op->getResults()) {
        bool isNeeded = llvm::any_of(result.getUsers(), [&](Operation *user) {
          while (user->getParentOp() != func && !constant.contains(user))
            user = user->getParentOp();
          return !constant.contains(user);
        });
        if (isNeeded && getBytes(result.getType()) >= 0)
          roots.push_back(result);
      }
    });
  }
  for (Value root : roots)
    hoist(root);
  if (!function)
    return;
  func::ReturnOp::create(b, module.getLoc(), results);
  SmallVector<Type> types = llvm::map_to_vector(results, [](Value value) { return value.getType(); });
  function.setFunctionType(b.getFunctionType({}, types));
  IRRewriter rewriter(module.getContext());
  for (auto func : module.getOps<func::FuncOp>())
    // What only a dead loop uses is dead once the loop is gone.
    while (succeeded(runRegionDCE(rewriter, func->getRegions())))
      ;
}

namespace {
struct PlanHoistConstantsPass : wick::plan::impl::PlanHoistConstantsPassBase<PlanHoistConstantsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldTranspose, FoldExpand, FoldCollapse, FoldSlice, FoldPack>(&getContext());
    FrozenRewritePatternSet frozen(std::move(patterns));
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (!func.isExternal() && !func->hasAttr(kKernelAttr) && failed(applyPatternsGreedily(func, frozen)))
        return signalPassFailure();
    ConstantHoister(getOperation()).run();
  }
};
} // namespace
