//===- OutlineTasks.cpp - --plan-outline-tasks ------------------------------===//
//
// A block is read in order. Its operations fall into runs, each of one fork or of the method itself, and runs of which
// none uses what another gives, one after the other, into groups. The runs of a group become tasks. Where a group
// begins is a fork; code of the method ends it, unless it
//
// * is behind all forks of the group: then it is the last run, or
// * changes nothing and cannot fail: then it stays where it is, and runs before the forks behind it.
//
// So everything that can fail, or that depends on what has, keeps its order, save within a group. There the runtime
// keeps it: of errors that of the first task counts.
//
// Cheap operations, which CSE shares between runs, are in no run: each task has copies of those that it needs, where it
// needs them first. So they stand behind the checks that they rely on, as those of the program did.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"
#include "wick/Dialect/TS/IR/Forks.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/TypeSwitch.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANOUTLINETASKSPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick;
using namespace wick::plan;

//===----------------------------------------------------------------------===//
// What operations do
//===----------------------------------------------------------------------===//

/// Whether a task that uses an operation has a copy of its own.
static bool isCheap(Operation *op) {
  if (isa<linalg::FillOp>(op))
    return true;
  if (op->getNumRegions() != 0 || !isPure(op))
    return false;
  return isa<arith::ArithDialect, complex::ComplexDialect>(op->getDialect()) ||
         isa<tensor::EmptyOp, tensor::DimOp, tensor::CastOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp,
             tensor::ExtractSliceOp, tensor::ExtractOp, tensor::FromElementsOp, WeightRefOp, ts::StrOp, ts::NoneOp,
             ts::LiteralOp, ts::DeviceOp, ts::EnumOp, ts::UninitializedOp>(op);
}

/// Whether a function of the runtime sees and changes nothing but its arguments.
static bool isOfArguments(wick_function function) {
  switch (function) {
  case WICK_FN_PRINT:
  case WICK_FN_ID:
  case WICK_FN_TIME_POINT:
  case WICK_FN_CALL_FALLBACK:
  case WICK_FN_MANUAL_SEED:
  case WICK_FN_SEED:
  case WICK_FN_INITIAL_SEED:
  case WICK_FN_GENERATOR_NEW:
  case WICK_FN_GENERATOR_OF_PLACE: return false;
  default: return true;
  }
}

/// Whether an operation may be in a task, if its operands may.
static bool mayRun(Operation *op) {
  if (isa<ts::RaiseOp, ts::ReadOp, ts::FromValueOp, linalg::LinalgOp, tensor::PadOp, tensor::GenerateOp>(op))
    return true;
  if (auto routine = dyn_cast<RoutineOp>(op))
    return !routine.getDraws();
  if (isa<ts::FallbackOp, ts::CreateObjectOp, ts::GetAttrOp, ts::SetAttrOp, ts::PushEnteredOp, ts::PopEnteredOp,
          ts::WeightRefOp>(op))
    return false;
  if (op->getNumRegions() == 0) {
    if (isMemoryEffectFree(op))
      return true;
    std::optional<wick_function> function = ts::getRuntimeFunction(op);
    return function && ts::isRuntimeOperation(op) && isOfArguments(*function);
  }
  return isa<scf::ForOp, scf::WhileOp, scf::IfOp, scf::IndexSwitchOp>(op) &&
         llvm::all_of(op->getRegions(), [](Region &region) {
           return llvm::all_of(region.getOps(), [](Operation &inner) { return mayRun(&inner); });
         });
}

static bool hasLoop(Operation *op) {
  return op
      ->walk([](Operation *inner) {
        return isa<LoopLikeOpInterface>(inner) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Whether an operation of the method may run before tasks that stand before it.
static bool mayRunBefore(Operation *op) {
  return isa<ts::ReadOp, ts::FromValueOp>(op) || (isMemoryEffectFree(op) && !hasLoop(op));
}

/// Whether what stands behind an operation may rely on its success. That of a loop tells only what its results are.
static bool isCheck(Operation *op) {
  return !isa<ts::ReadOp, ts::FromValueOp, LoopLikeOpInterface>(op) && !isMemoryEffectFree(op);
}

/// What an operation uses from outside of it.
static SmallVector<Value> getUsed(Operation *op) {
  SetVector<Value> used(op->operand_begin(), op->operand_end());
  getUsedValuesDefinedAbove(op->getRegions(), used);
  return used.takeVector();
}

//===----------------------------------------------------------------------===//
// How values get into tasks and out of them
//===----------------------------------------------------------------------===//

/// The type by which a value of a type is passed, null where it is not.
static Type getPassed(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type)) {
    Type element = tensor.getElementType();
    if (auto complex = dyn_cast<ComplexType>(element))
      element = complex.getElementType();
    bool hasDtype = element.isF16() || element.isBF16() || element.isF32() || element.isF64() || element.isInteger(1) ||
                    element.isInteger(8) || element.isInteger(16) || element.isInteger(32) || element.isInteger(64);
    return hasDtype && !tensor.getEncoding() ? ts::TensorType::getFromValueType(tensor) : Type();
  }
  if (type.isIndex())
    return IntegerType::get(type.getContext(), 64);
  return !isa<ComplexType>(type) && ts::hasRuntimeValues(type) ? type : Type();
}

/// Whether nothing can change what a captured value is while tasks look at it.
static bool isConstant(Type type) {
  return isa<RankedTensorType, IndexType, IntegerType, FloatType, ts::StringType, ts::NoneType, ts::DeviceType,
             ts::EnumType>(type);
}

/// A tensor by the reference that it was read from, if nothing `isWritten` since.
static Value pass(OpBuilder &b, Location loc, Value value, bool isWritten) {
  auto read = value.getDefiningOp<ts::ReadOp>();
  if (read && !read.getStrided() && !isWritten)
    return read.getReference();
  if (isa<RankedTensorType>(value.getType()))
    return ts::FromValueOp::create(b, loc, getPassed(value.getType()), value);
  return value.getType().isIndex() ? arith::IndexCastOp::create(b, loc, b.getI64Type(), value) : value;
}

static Value take(OpBuilder &b, Location loc, Value passed, Type type) {
  if (isa<RankedTensorType>(type))
    return ts::ReadOp::create(b, loc, type, passed);
  return type.isIndex() ? arith::IndexCastOp::create(b, loc, type, passed) : passed;
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

namespace {
/// Sets of runs, of which each has a bit; that of the method has the last one.
using Runs = uint64_t;
constexpr unsigned kMaxForks = 63;
constexpr Runs kMethod = Runs(1) << kMaxForks;

struct Run {
  Runs mask;                // its own
  SmallVector<int64_t> key; // the forks that its operations come from
  bool isFork;
  bool mayStay; // in front of forks behind it
  SmallVector<Operation *> ops;

  /// Whether it takes longer than another thread needs to begin.
  bool isLong() const {
    constexpr int kManyReductions = 4;
    return llvm::any_of(ops, hasLoop) || llvm::count_if(ops, [](Operation *op) {
                                           auto structured = dyn_cast<linalg::LinalgOp>(op);
                                           return structured && structured.getNumReductionLoops() > 0;
                                         }) >= kManyReductions;
  }
};

class BlockOutliner {
public:
  BlockOutliner(Block &block, size_t depth, SymbolTable &symbols, bool hasWrites, SmallVectorImpl<func::FuncOp> &tasks)
      : block(block), depth(depth), symbols(symbols), hasWrites(hasWrites), tasks(tasks) {}

  void run() {
    for (Operation &op : llvm::make_early_inc_range(block.without_terminator()))
      add(&op);
    close();
  }

private:
  static Runs lookup(const DenseMap<Value, Runs> &map, Operation *op) {
    Runs runs = 0;
    for (Value value : getUsed(op))
      runs |= map.lookup(value);
    return runs;
  }

  void add(Operation *op) {
    if (isa<ts::SymbolOp>(op))
      return;
    SmallVector<int64_t> forks = ts::getForks(op->getLoc());
    bool isFork = forks.size() > depth;
    forks.truncate(std::min(forks.size(), depth + 1));
    if (isFork && !isCheap(op) && !group.empty() && group.back().mayStay) {
      group.pop_back();
      for (auto *map : {&needs, &owners})
        for (auto &[value, runs] : *map)
          runs &= ~kMethod;
    }
    Runs needed = lookup(needs, op);
    if (isCheap(op)) {
      // It may rely on what its run has checked, as what it is computed from does.
      Runs behind = lookup(owners, op);
      for (const Run &run : group)
        if (run.key == forks)
          behind |= run.mask;
      for (Value result : op->getResults()) {
        needs[result] = needed;
        owners[result] = behind;
      }
      cheap.push_back(op);
      return;
    }
    if (!mayRun(op))
      return close();
    Runs own = 0;
    for (const Run &run : llvm::reverse(group)) {
      if (run.key != forks)
        break;
      own |= run.mask;
    }
    bool continues = own && !(needed & ~own);
    // Iterations of a loop that is unrolled come from one fork, and so does what uses several results of a fork.
    if (continues && isFork && !needed && hasLoop(op) && llvm::any_of(group.back().ops, hasLoop) &&
        llvm::none_of(group.back().ops, isCheck))
      continues = false;
    while (continues && (needed & ~group.back().mask)) {
      Run last = group.pop_back_val();
      llvm::append_range(group.back().ops, last.ops);
      group.back().mask |= last.mask;
    }
    if (!continues) {
      if (needed || numForks == kMaxForks || (!group.empty() && !group.back().isFork))
        close();
      if (group.empty() && !isFork)
        return;
      group.push_back({isFork ? Runs(1) << numForks++ : kMethod, forks, isFork, !isFork, {}});
    }
    group.back().ops.push_back(op);
    group.back().mayStay &= mayRunBefore(op) && !(lookup(owners, op) & ~kMethod);
    for (Value result : op->getResults())
      needs[result] = group.back().mask;
  }

  /// Ends the group.
  void close() {
    // A run that stays where it is parts those before it from those behind it.
    for (ArrayRef<Run> rest = group; !rest.empty();) {
      ArrayRef<Run> runs = rest.take_while([&](const Run &run) { return canPass(run); });
      rest = rest.drop_front(std::min(runs.size() + 1, rest.size()));
      // So does what is short at their ends.
      while (!runs.empty() && !runs.back().isLong())
        runs = runs.drop_back();
      runs = runs.drop_while([](const Run &run) { return !run.isLong(); });
      if (runs.size() > 1)
        outline(runs);
    }
    group.clear();
    numForks = 0;
    needs.clear();
    owners.clear();
    cheap.clear();
  }

  /// Whether a run uses only what can be passed to it, and gives only what can be passed back.
  bool canPass(const Run &run) {
    DenseSet<Operation *> ops(run.ops.begin(), run.ops.end());
    SmallVector<Value> used;
    DenseSet<Value> seen;
    for (Operation *op : run.ops) {
      llvm::append_range(used, getUsed(op));
      for (Value result : op->getResults())
        if (isUsedOutside(result, ops) && !getPassed(result.getType()))
          return false;
    }
    while (!used.empty()) {
      Value value = used.pop_back_val();
      Operation *op = value.getDefiningOp();
      if (!seen.insert(value).second || ops.contains(op))
        continue;
      if (op && isCheap(op)) {
        llvm::append_range(used, op->getOperands());
        continue;
      }
      // A reference only to be read, while nothing is written.
      bool isRead = isa<ts::TensorType>(value.getType()) && llvm::all_of(value.getUsers(), [&](Operation *user) {
                      return !ops.contains(block.findAncestorOpInBlock(*user)) || isa<ts::ReadOp>(user);
                    });
      if (!getPassed(value.getType()) || !(isRead || isConstant(value.getType())))
        return false;
    }
    return true;
  }

  bool isUsedOutside(Value value, const DenseSet<Operation *> &ops) {
    return llvm::any_of(value.getUsers(), [&](Operation *user) {
      Operation *ancestor = block.findAncestorOpInBlock(*user);
      if (ops.contains(ancestor))
        return false;
      return ancestor != user || !isCheap(user) ||
             llvm::any_of(user->getResults(), [&](Value result) { return isUsedOutside(result, ops); });
    });
  }

  void outline(ArrayRef<Run> runs) {
    passed.clear();
    Location loc = runs.front().ops.front()->getLoc();
    // Cheap operations go or move.
    Operation *next = runs.back().ops.back()->getNextNode();
    while (isCheap(next))
      next = next->getNextNode();
    OpBuilder b(next);
    SmallVector<func::FuncOp> made;
    SmallVector<Value> captures;
    SmallVector<int64_t> captureCounts, resultCounts;
    Runs outlined = 0;
    for (const Run &run : runs) {
      outlined |= run.mask;
      size_t before = captures.size();
      made.push_back(makeTask(run, b, captures));
      captureCounts.push_back(captures.size() - before);
    }
    SmallVector<Operation *> used;
    for (Operation *op : llvm::reverse(cheap))
      if (op->use_empty())
        op->erase();
      else
        used.push_back(op);
    cheap.assign(used.rbegin(), used.rend());
    SmallVector<Attribute> names;
    SmallVector<Type> types;
    SmallVector<Value> results;
    for (func::FuncOp task : made) {
      size_t before = results.size();
      addResults(task, results);
      resultCounts.push_back(results.size() - before);
      llvm::append_range(types, task.getResultTypes());
      names.push_back(FlatSymbolRefAttr::get(task.getSymNameAttr()));
    }
    auto call = RunTasksOp::create(b, loc, types, b.getArrayAttr(names), captures, captureCounts, resultCounts);
    for (auto [value, passed] : llvm::zip_equal(results, call.getResults())) {
      Value taken = take(b, value.getLoc(), passed, value.getType());
      Region *task = value.getParentRegion();
      value.replaceUsesWithIf(taken,
                              [&](OpOperand &use) { return !task->isAncestor(use.getOwner()->getParentRegion()); });
    }
    // What was computed of results, or behind the checks of a run.
    Operation *place = &*std::prev(b.getInsertionPoint());
    for (Operation *op : cheap)
      if (op->isBeforeInBlock(call) && llvm::any_of(op->getResults(), [&](Value result) {
            return (needs.lookup(result) | owners.lookup(result)) & outlined;
          })) {
        op->moveAfter(place);
        place = op;
      }
    llvm::append_range(tasks, made);
  }

  /// Moves a run into a function, whose results are yet to be found.
  func::FuncOp makeTask(const Run &run, OpBuilder &b, SmallVectorImpl<Value> &captures) {
    auto caller = block.getParentOp()->getParentOfType<func::FuncOp>();
    if (!caller)
      caller = cast<func::FuncOp>(block.getParentOp());
    Location loc = run.ops.front()->getLoc();
    auto task = func::FuncOp::create(loc, (caller.getName() + "_task").str(), b.getFunctionType({}, {}));
    task.setPrivate();
    task->setAttr(kTaskAttr, b.getUnitAttr());
    symbols.insert(task, std::next(caller->getIterator()));
    Block *body = task.addEntryBlock();
    for (Operation *op : run.ops)
      op->moveBefore(body, body->end());
    OpBuilder inner(b.getContext());
    inner.setInsertionPointToEnd(body);
    func::ReturnOp::create(inner, loc);
    auto replace = [&](Value from, Value to) { replaceAllUsesInRegionWith(from, to, task.getBody()); };
    SmallVector<Type> types;
    DenseMap<Value, BlockArgument> arguments;
    auto capture = [&](Value value) {
      BlockArgument &argument = arguments[value];
      if (!argument) {
        argument = body->addArgument(value.getType(), loc);
        captures.push_back(value);
        types.push_back(value.getType());
      }
      return argument;
    };
    auto places = caller->getAttrOfType<ArrayAttr>("ts.symbols");
    SmallVector<Attribute> symbolPlaces(places ? places.size() : 0, b.getI64ArrayAttr({-1, -1}));
    for (SetVector<Value> used; findUsedElsewhere(task, used), !used.empty(); used.clear()) {
      // What is copied now may use what is copied later.
      DenseSet<Value> waiting;
      for (Value value : used)
        if (Operation *op = value.getDefiningOp(); op && isCheap(op))
          waiting.insert(op->operand_begin(), op->operand_end());
      for (Value value : used) {
        Operation *op = value.getDefiningOp();
        if (waiting.contains(value))
          continue;
        if (op && isCheap(op)) {
          inner.setInsertionPoint(findFirstUser(value, body));
          replace(value, inner.clone(*op)->getResult(cast<OpResult>(value).getResultNumber()));
          continue;
        }
        inner.setInsertionPointToStart(body);
        // The size of an argument, which the task is given too, so that kernels know it for one.
        if (auto size = dyn_cast_or_null<ts::SymbolOp>(op); size && size.getNumber() < symbolPlaces.size()) {
          auto place = cast<ArrayAttr>(places[size.getNumber()]);
          unsigned number = capture(caller.getArgument(cast<IntegerAttr>(place[0]).getInt())).getArgNumber();
          symbolPlaces[size.getNumber()] = b.getI64ArrayAttr({int64_t(number), cast<IntegerAttr>(place[1]).getInt()});
          replace(value, inner.clone(*op)->getResult(0));
          continue;
        }
        Value &once = passed[value];
        if (!once)
          once = pass(b, loc, value, isWrittenSince(value, b));
        replace(value, take(inner, loc, capture(once), value.getType()));
      }
    }
    if (!symbolPlaces.empty())
      task->setAttr("ts.symbols", b.getArrayAttr(symbolPlaces));
    task.setFunctionType(b.getFunctionType(types, {}));
    return task;
  }

  /// Whether the reference that a value was read from may hold another one when tasks begin.
  bool isWrittenSince(Value value, OpBuilder &b) {
    Operation *op = value.getDefiningOp();
    auto isWrite = [](Operation *inner) {
      return isa<ts::WriteOp, ts::FallbackOp>(inner) ? WalkResult::interrupt() : WalkResult::advance();
    };
    if (!op || op->getBlock() != &block)
      return hasWrites;
    return hasWrites && llvm::any_of(llvm::make_range(op->getIterator(), b.getInsertionPoint()),
                                     [&](Operation &other) { return other.walk(isWrite).wasInterrupted(); });
  }

  /// What a task still uses of the function that it was in.
  static void findUsedElsewhere(func::FuncOp task, SetVector<Value> &used) {
    task.getBody().walk([&](Operation *op) {
      for (Value value : op->getOperands())
        if (!task.getBody().isAncestor(value.getParentRegion()))
          used.insert(value);
    });
  }

  static Operation *findFirstUser(Value value, Block *body) {
    Operation *first = nullptr;
    for (Operation *user : value.getUsers())
      if (Operation *ancestor = body->findAncestorOpInBlock(*user);
          ancestor && (!first || ancestor->isBeforeInBlock(first)))
        first = ancestor;
    return first;
  }

  /// Makes what is used elsewhere the results of a task.
  static void addResults(func::FuncOp task, SmallVectorImpl<Value> &results) {
    Operation *end = task.front().getTerminator();
    OpBuilder b(end);
    SmallVector<Value> passed;
    for (Operation &op : llvm::make_early_inc_range(task.front().without_terminator()))
      for (Value value : op.getResults())
        if (llvm::any_of(value.getUsers(), [&](Operation *user) { return !task->isAncestor(user); })) {
          results.push_back(value);
          passed.push_back(pass(b, value.getLoc(), value, /*isWritten=*/false));
        }
    end->setOperands(passed);
    task.setFunctionType(b.getFunctionType(task.getArgumentTypes(), ValueRange(passed).getTypes()));
  }

  Block &block;
  const size_t depth; // of forks within each other; code of less is the method's
  SymbolTable &symbols;
  const bool hasWrites;
  SmallVectorImpl<func::FuncOp> &tasks;
  SmallVector<Run> group;
  unsigned numForks = 0;
  // What values need results of runs for, and whose checks they stand behind.
  DenseMap<Value, Runs> needs, owners;
  SmallVector<Operation *> cheap; // that were met since the group began
  DenseMap<Value, Value> passed;  // what tasks are given for what they use
};

struct PlanOutlineTasksPass : wick::plan::impl::PlanOutlineTasksPassBase<PlanOutlineTasksPass> {
  using PlanOutlineTasksPassBase::PlanOutlineTasksPassBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<func::FuncOp> functions;
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (!func.isExternal() && !func->hasAttr(kKernelAttr) && hasForks(func))
        functions.push_back(func);
    size_t methods = functions.size();
    // Tasks may have forks of their own.
    for (size_t i = 0; i < functions.size(); ++i) {
      func::FuncOp func = functions[i];
      bool hasWrites = false;
      func.walk([&](Operation *op) { hasWrites |= isa<ts::WriteOp, ts::FallbackOp>(op); });
      // Symbols are sizes of the method's arguments: tasks are given their values.
      SmallVector<ts::SymbolOp> sizes;
      func.walk([&](ts::SymbolOp size) { sizes.push_back(size); });
      for (ts::SymbolOp size : sizes)
        size->moveBefore(&func.front(), func.front().begin());
      outline(func.front(), symbols, hasWrites, functions);
    }
    if (functions.size() == methods)
      return;
    // What only tasks needed is theirs now.
    IRRewriter rewriter(&getContext());
    for (func::FuncOp func : functions)
      while (succeeded(runRegionDCE(rewriter, func->getRegions())))
        ;
  }

  static bool hasForks(func::FuncOp func) {
    return func
        .walk([](Operation *op) {
          return ts::getForks(op->getLoc()).empty() ? WalkResult::advance() : WalkResult::interrupt();
        })
        .wasInterrupted();
  }

  static void outline(Block &block, SymbolTable &symbols, bool hasWrites, SmallVectorImpl<func::FuncOp> &tasks) {
    size_t most = 0;
    for (Operation &op : block)
      most = std::max(most, ts::getForks(op.getLoc()).size());
    for (size_t depth = 0; depth < most; ++depth)
      BlockOutliner(block, depth, symbols, hasWrites, tasks).run();
    for (Operation &op : block)
      if (!isa<linalg::LinalgOp, tensor::PadOp, tensor::GenerateOp>(op))
        for (Region &region : op.getRegions())
          for (Block &inner : region)
            outline(inner, symbols, hasWrites, tasks);
  }
};
} // namespace
