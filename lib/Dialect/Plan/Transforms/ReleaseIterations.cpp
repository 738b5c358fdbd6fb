//===- ReleaseIterations.cpp - --plan-release-iterations ---------------------===//
//
// Code borrows: what it reads out of a container belongs to the container, or, once it was
// removed from there, to the call, which lists it. So a release at the end of an iteration, of
// what was listed since the loop began, must not reach what code still uses:
//
// * what the loop carries survives the release, buffers by their addresses;
// * what was read before the loop and is used in it or after it is listed before the loop
//   begins. What an outer loop has listed for itself is safe in the inner ones too;
// * a tensor whose memory a branch or loop hands on as a buffer is listed where it was read, for
//   of the buffer alone nobody could tell to which tensor it belongs.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Dominance.h"
#include "llvm/ADT/TypeSwitch.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANRELEASEITERATIONSPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick;
using namespace wick::plan;

/// Whether values of a type are counted objects, or may be.
static bool isReference(Type type) {
  return !isa<ts::NoneType, IntegerType, FloatType, ComplexType, IndexType, MemRefType>(type) &&
         ts::hasRuntimeValues(type);
}

/// Whether something counted may be taken out of, or made for, a container of a type.
static bool holdsReferences(Type type) {
  // Complex numbers are counted objects in containers.
  auto isCounted = [](Type item) { return isReference(item) || isa<ComplexType>(item); };
  return llvm::TypeSwitch<Type, bool>(type)
      .Case([&](ts::ListType list) { return isCounted(list.getElementType()); })
      .Case([&](ts::DictType dict) { return isCounted(dict.getKeyType()) || isCounted(dict.getValueType()); })
      .Default([](Type other) { return isa<ts::OptionalType, ts::UnionType, ts::AnyType>(other); });
}

/// Whether the call lists what an operation makes, or takes out of a container.
static bool leavesSomething(Operation *op) {
  if (isa<memref::AllocOp, NewTensorOp, GatherOp, RunTasksOp>(op))
    return true;
  if (!ts::isRuntimeOperation(op))
    return false;
  if (auto set = dyn_cast<ts::SetAttrOp>(op))
    return !isa<IntegerType, FloatType>(set.getValue().getType());
  // Operators that write to a container of numbers give the container back, which nobody looks at.
  auto isNew = [](Value result) { return isReference(result.getType()) && !result.use_empty(); };
  return llvm::any_of(op->getResults(), isNew) || llvm::any_of(op->getOperandTypes(), holdsReferences);
}

/// References that may belong to a container only: code reads many without a call, and hands them on.
static bool mayBeBorrowed(Value value) {
  if (!isReference(value.getType()))
    return false;
  if (Operation *op = value.getDefiningOp())
    return !isa<NewTensorOp, ts::StrOp, ts::LiteralOp>(op);
  return !isa<func::FuncOp>(value.getParentBlock()->getParentOp());
}

/// Whether an operation is done before a loop begins, and not again while the loop's block lasts.
static bool isBefore(Operation *op, Operation *loop) {
  for (Operation *around = loop; around; around = around->getParentOp()) {
    Operation *sibling = around->getBlock() ? around->getBlock()->findAncestorOpInBlock(*op) : nullptr;
    if (sibling && sibling != around)
      return sibling->isBeforeInBlock(around);
    // Of two regions of one operation.
    if (sibling)
      return isa<scf::IfOp, scf::IndexSwitchOp>(around);
  }
  return false;
}

/// Whether a value, or a buffer of its memory, is used in a loop or after it.
static bool isUsedFrom(Value value, Operation *loop) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    if (loop->isAncestor(user) || !isBefore(user, loop))
      return true;
    return llvm::any_of(user->getResults(),
                        [&](Value result) { return isa<MemRefType>(result.getType()) && isUsedFrom(result, loop); });
  });
}

/// Whether a branch or a loop hands a buffer on.
static bool isHandedOn(Value buffer) {
  return llvm::any_of(buffer.getUsers(), [](Operation *user) {
    return user->hasTrait<OpTrait::IsTerminator>() || llvm::any_of(user->getResults(), [](Value result) {
             return isa<MemRefType>(result.getType()) && isHandedOn(result);
           });
  });
}

namespace {
/// A loop whose iterations release.
struct Loop {
  Operation *op, *end;
  /// What an iteration hands on to the next.
  SmallVector<OpOperand *> carried;
};

struct PlanReleaseIterationsPass : wick::plan::impl::PlanReleaseIterationsPassBase<PlanReleaseIterationsPass> {
  using PlanReleaseIterationsPassBase::PlanReleaseIterationsPassBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal() || (func.isPrivate() && !func->hasAttr(kTaskAttr)))
      return;
    // Outer loops first.
    std::vector<Loop> loops;
    func.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (std::optional<Loop> loop = findLoop(op))
        loops.push_back(*loop);
    });
    if (loops.empty())
      return;
    func.walk([](TensorDataOp op) {
      if (mayBeBorrowed(op.getReference()) && isHandedOn(op.getBuffer())) {
        OpBuilder b(op);
        KeepOp::create(b, op.getLoc(), op.getReference());
      }
    });
    auto &dominance = getAnalysis<DominanceInfo>();
    SmallVector<SmallVector<Value>> borrowed;
    for (Loop &loop : loops) {
      auto around =
          llvm::find_if(llvm::reverse(loops), [&](Loop &other) { return other.op->isProperAncestor(loop.op); });
      borrowed.push_back(findBorrowed(func, loop.op, around == loops.rend() ? nullptr : around->op, dominance));
    }
    for (auto [loop, values] : llvm::zip_equal(loops, borrowed))
      release(loop, values);
  }

  static std::optional<Loop> findLoop(Operation *op) {
    Loop loop{op, nullptr};
    if (auto counted = dyn_cast<scf::ForOp>(op))
      loop.end = counted.getBody()->getTerminator();
    else if (auto general = dyn_cast<scf::WhileOp>(op))
      loop.end = general.getYieldOp();
    auto leaves = [](Operation *inner) {
      return leavesSomething(inner) ? WalkResult::interrupt() : WalkResult::advance();
    };
    if (!loop.end || !op->walk(leaves).wasInterrupted())
      return std::nullopt;
    for (OpOperand &operand : loop.end->getOpOperands()) {
      auto buffer = dyn_cast<MemRefType>(operand.get().getType());
      // Parts of a buffer stand for all of it.
      if (buffer && !buffer.getLayout().isIdentity())
        return std::nullopt;
      if (buffer || isReference(operand.get().getType()))
        loop.carried.push_back(&operand);
    }
    return loop;
  }

  /// The references that code has when it comes to a loop, goes on to use, and that no loop around it has listed.
  static SmallVector<Value> findBorrowed(func::FuncOp func, Operation *loop, Operation *around,
                                         DominanceInfo &dominance) {
    SmallVector<Value> borrowed;
    auto add = [&](Value value) {
      if (mayBeBorrowed(value) && dominance.properlyDominates(value, loop) && isUsedFrom(value, loop))
        borrowed.push_back(value);
    };
    Operation *scope = around ? around : func;
    scope->walk([&](Operation *op) {
      if (op != around)
        llvm::for_each(op->getResults(), add);
      for (Region &region : op->getRegions())
        for (Block &block : region)
          llvm::for_each(block.getArguments(), add);
    });
    return borrowed;
  }

  static void release(const Loop &loop, ArrayRef<Value> borrowed) {
    OpBuilder b(loop.op);
    Location loc = loop.op->getLoc();
    if (!borrowed.empty())
      KeepOp::create(b, loc, borrowed);
    Value mark = MarkOp::create(b, loc, b.getI64Type());
    SmallVector<Value> carried = llvm::map_to_vector(loop.carried, [](OpOperand *operand) { return operand->get(); });
    b.setInsertionPoint(loop.end);
    auto release = ReleaseOp::create(b, loc, ValueRange(carried).getTypes(), mark, carried);
    for (auto [operand, next] : llvm::zip_equal(loop.carried, release.getResults()))
      operand->set(next);
  }
};
} // namespace
