//===- FormKernels.cpp - --plan-form-kernels --------------------------------===//
//
// Regions grow from roots, the heaviest kind first: attention, contractions and
// convolutions, then reductions and softmax, then everything else. A region takes up a neighbour
// where the enlarged region, outlined, is accepted by a strategy other than the
// generic one: the strategies themselves say what they can fuse, and a neighbour
// that none of them takes becomes a region of its own. Nothing is computed twice:
// a producer joins only if all its users are members.
//
//===----------------------------------------------------------------------===//
#include "KernelRegion.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"
#include "wick/Target/CPU/Strategy.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/IR/LinalgInterfaces.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/RegionUtils.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANFORMKERNELSPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick;
using namespace wick::plan;

/// What a region grows from.
enum class RootKind { Contraction, Reduction, Other };

static RootKind rootKind(Operation *op) {
  if (isa<linalg::SoftmaxOp>(op))
    return RootKind::Reduction;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp || linalgOp.getNumReductionLoops() == 0)
    return RootKind::Other;
  return cpu::isMultiplyAdd(linalgOp) ? RootKind::Contraction : RootKind::Reduction;
}

/// The stem of a kernel's name.
static StringRef stem(ArrayRef<Operation *> ops) {
  StringRef best = "map";
  if (ops.size() > 1 && llvm::any_of(ops, llvm::IsaPred<linalg::SoftmaxOp>) &&
      llvm::any_of(ops, [](Operation *op) { return rootKind(op) == RootKind::Contraction; }))
    return "attention";
  for (Operation *op : ops) {
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
      if (rootKind(op) == RootKind::Contraction)
        return llvm::all_of(linalgOp.getIndexingMapsArray(), [](AffineMap map) { return map.isProjectedPermutation(); })
                   ? "contraction"
                   : "convolution";
      if (linalgOp.getNumReductionLoops())
        best = "reduction";
    } else if (isa<linalg::SoftmaxOp>(op)) {
      best = "softmax";
    } else if (best == "map") {
      best = isa<tensor::PadOp>(op) ? "pad" : isa<tensor::ConcatOp>(op) ? "concat" : best;
    }
  }
  return best;
}

namespace {
/// Kernels of the module by what they compute.
struct KernelTable {
  ModuleOp module;
  SymbolTable symbols;
  llvm::StringMap<func::FuncOp> byText;
  llvm::StringMap<unsigned> counts;

  explicit KernelTable(ModuleOp module) : module(module), symbols(module) {}

  StringRef insert(OwningOpRef<func::FuncOp> kernel, StringRef stem) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    kernel->print(stream, OpPrintingFlags().useLocalScope().elideLargeElementsAttrs(1 << 20));
    func::FuncOp &known = byText[text];
    if (!known) {
      known = kernel.release();
      known.setName((stem + "_" + Twine(counts[stem]++)).str());
      symbols.insert(known, module.getBody()->end());
    }
    return known.getName();
  }
};

struct BlockFormer {
  Block &block;
  KernelTable &table;
  const cpu::TargetInfo &target;
  llvm::DenseSet<Operation *> formed;

  /// The place of the strategy that takes a region, the most specific one first; past all of them where only the
  /// generic one does.
  size_t strategyOf(const KernelRegion &region) {
    ArrayRef<cpu::Strategy> strategies = cpu::getStrategies();
    if (!region.isFormable())
      return strategies.size();
    SmallVector<Value> inputs;
    OwningOpRef<func::FuncOp> kernel = region.outline(inputs);
    for (auto [index, strategy] : llvm::enumerate(strategies)) {
      std::string reason;
      if (strategy.accepts && succeeded(strategy.accepts(*kernel, target, reason)))
        return index;
    }
    return strategies.size();
  }

  bool isFree(Operation *op) { return op && op->getBlock() == &block && isKernelOp(op) && !isCopiedIntoKernels(op); }

  /// A user of a region's result that may join it: reshapes join together with what follows them.
  SmallVector<Operation *> consumerUnit(Operation *user) {
    SmallVector<Operation *> unit;
    while (user && isReshape(user) && user->getBlock() == &block && user->getResult(0).hasOneUse()) {
      unit.push_back(user);
      user = block.findAncestorOpInBlock(**user->getUsers().begin());
    }
    if (!isFree(user) || rootKind(user) == RootKind::Contraction)
      return {};
    unit.push_back(user);
    return unit;
  }

  /// An operand's producer that may join a region, with the reshapes between them.
  SmallVector<Operation *> producerUnit(const KernelRegion &region, Value operand) {
    SmallVector<Operation *> unit;
    auto onlyHere = [&](Operation *op) {
      return llvm::all_of(op->getUsers(), [&](Operation *user) {
        Operation *ancestor = block.findAncestorOpInBlock(*user);
        return region.contains(ancestor) || llvm::is_contained(unit, ancestor);
      });
    };
    Operation *op = operand.getDefiningOp();
    while (op && isReshape(op) && op->getBlock() == &block && onlyHere(op)) {
      unit.push_back(op);
      op = op->getOperand(0).getDefiningOp();
    }
    if (!isFree(op) || rootKind(op) != RootKind::Other || !onlyHere(op))
      return {};
    unit.push_back(op);
    return unit;
  }

  bool tryToAdd(KernelRegion &region, ArrayRef<Operation *> unit, size_t &current,
                llvm::DenseSet<Operation *> &refused) {
    if (unit.empty() || region.contains(unit.back()) || refused.contains(unit.back()))
      return false;
    // Never to a less specific strategy: a convolution must not become a plain reduction for the sake of a neighbour.
    KernelRegion larger = region.with(unit);
    size_t strategy = strategyOf(larger);
    if (strategy > current) {
      refused.insert(unit.back());
      return false;
    }
    region = larger;
    current = strategy;
    refused.clear();
    return true;
  }

  void grow(KernelRegion &region, size_t current) {
    llvm::DenseSet<Operation *> refused;
    bool changed = true;
    while (changed) {
      changed = false;
      for (Value value : region.externals())
        if ((changed = tryToAdd(region, producerUnit(region, value), current, refused)))
          break;
      if (changed)
        continue;
      for (Value value : region.outputs()) {
        for (Operation *user : value.getUsers())
          if ((changed = tryToAdd(region, consumerUnit(block.findAncestorOpInBlock(*user)), current, refused)))
            break;
        if (changed)
          break;
      }
    }
  }

  void form(KernelRegion region) {
    formed.insert(region.ops().begin(), region.ops().end());
    SmallVector<Value> inputs;
    OwningOpRef<func::FuncOp> kernel = region.outline(inputs);
    region.replaceByLaunch(table.insert(std::move(kernel), stem(region.ops())), inputs);
  }

  void formAround(Operation *root) {
    KernelRegion region(root);
    if (size_t strategy = strategyOf(region); strategy < cpu::getStrategies().size())
      grow(region, strategy);
    form(region);
  }

  /// The ops by which a softmax's operand comes from a product, the product first; false where it does not.
  bool findScores(Value value, SmallVectorImpl<Operation *> &ops) {
    Operation *op = value.getDefiningOp();
    if (!op || op->getBlock() != &block || !op->hasOneUse() || !(isFree(op) || isReshape(op)))
      return false;
    bool found = rootKind(op) == RootKind::Contraction;
    if (!found && rootKind(op) == RootKind::Other)
      for (Value operand : op->getOperands())
        found = found || (isa<RankedTensorType>(operand.getType()) && findScores(operand, ops));
    if (found)
      ops.push_back(op);
    return found;
  }

  /// A softmax between two products, which one strategy takes with both of them.
  void formAttention() {
    SmallVector<Operation *> softmaxes;
    for (auto softmax : block.getOps<linalg::SoftmaxOp>())
      softmaxes.push_back(softmax);
    for (Operation *softmax : softmaxes) {
      KernelRegion region(softmax);
      SmallVector<Operation *> ops;
      if (!softmax->hasOneUse() || !findScores(softmax->getOperand(0), ops))
        continue;
      Operation *product = block.findAncestorOpInBlock(**softmax->getUsers().begin());
      if (!isFree(product) || rootKind(product) != RootKind::Contraction)
        continue;
      ops.push_back(product);
      region = region.with(ops);
      if (size_t strategy = strategyOf(region); strategy < cpu::getStrategies().size()) {
        grow(region, strategy);
        form(region);
      }
    }
  }

  /// A softmax that no strategy takes whole, as one along an outer dim, is formed in parts.
  void decomposeSoftmax() {
    for (auto softmax : llvm::make_early_inc_range(block.getOps<linalg::SoftmaxOp>())) {
      SmallVector<Value> inputs;
      if (cpu::isSpecialized(*KernelRegion(softmax).outline(inputs), target))
        continue;
      IRRewriter rewriter(softmax);
      FailureOr<SmallVector<Value>> parts = softmax.decomposeOperation(rewriter);
      if (succeeded(parts))
        rewriter.replaceOp(softmax, *parts);
    }
  }

  void run() {
    formAttention();
    decomposeSoftmax();
    for (RootKind kind : {RootKind::Contraction, RootKind::Reduction, RootKind::Other}) {
      SmallVector<Operation *> roots;
      for (Operation &op : block)
        if (isFree(&op) && rootKind(&op) == kind)
          roots.push_back(&op);
      // A root that has joined another one's region is gone by its turn.
      formed.clear();
      for (Operation *root : roots)
        if (!formed.contains(root))
          formAround(root);
    }
    // What kernels have copies of, where the host needs it too.
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (!isa<linalg::FillOp, linalg::UnPackOp, RestoreFilterOp>(op))
        continue;
      if (op.use_empty())
        op.erase();
      else
        form(KernelRegion(&op));
    }
  }
};

struct PlanFormKernelsPass : plan::impl::PlanFormKernelsPassBase<PlanFormKernelsPass> {
  using PlanFormKernelsPassBase::PlanFormKernelsPassBase;

  void runOnOperation() override {
    FailureOr<cpu::TargetInfo> info = cpu::TargetInfo::get(target);
    if (failed(info)) {
      emitError(getOperation().getLoc()) << "unknown target '" << target
                                         << "', expected x86-64-v2, x86-64-v3, x86-64-v4 or native";
      return signalPassFailure();
    }
    KernelTable table(getOperation());
    SmallVector<func::FuncOp> hosts(
        llvm::make_filter_range(getOperation().getOps<func::FuncOp>(),
                                [](func::FuncOp func) { return !func.isExternal() && !func->hasAttr(kKernelAttr); }));
    for (func::FuncOp host : hosts) {
      resolveSizes(host);
      SmallVector<Block *> blocks;
      host.getBody().walk<WalkOrder::PreOrder>([&](Block *block) {
        if (!isa<linalg::LinalgOp, tensor::PadOp, tensor::GenerateOp>(block->getParentOp()))
          blocks.push_back(block);
      });
      for (Block *block : blocks)
        BlockFormer{*block, table, *info}.run();
      removeDeadTensors(host);
    }
  }

  /// Sizes of tensors that kernels compute are read from what they were made from.
  void resolveSizes(func::FuncOp host) {
    host.walk([](tensor::DimOp dim) {
      Operation *op = dim.getSource().getDefiningOp();
      std::optional<int64_t> position = dim.getConstantIndex();
      if (!op || !position || !(isKernelOp(op) || isReshape(op)))
        return;
      OpBuilder b(dim);
      OpFoldResult size = materializeSize(b, dim.getSource(), *position, [&](Operation *op) { return isKernelOp(op); });
      if (!size)
        return;
      dim.replaceAllUsesWith(getValueOrCreateConstantIndexOp(b, dim.getLoc(), size));
      dim.erase();
    });
  }

  void removeDeadTensors(func::FuncOp host) {
    IRRewriter rewriter(&getContext());
    (void)runRegionDCE(rewriter, host->getRegions());
  }
};
} // namespace
