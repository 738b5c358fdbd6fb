//===- ControlPatterns.cpp - branches and loops that are decided ------------===//
//
// The canonicalisation of scf is not used: it turns branches into selects of
// references, which would hide from functionalisation who owns what.
//
//===----------------------------------------------------------------------===//
#include "OperatorRules.h"
#include "TypeInference.h"

#include "ObjectImage.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Moves the operations of a region's only block before `op` and returns what it yields.
static SmallVector<Value> inlineBlock(PatternRewriter &rewriter, Block *block, Operation *op) {
  Operation *terminator = block->getTerminator();
  SmallVector<Value> values(terminator->getOperands());
  rewriter.inlineBlockBefore(block, op);
  rewriter.eraseOp(terminator);
  return values;
}

/// Whether a condition that has come out as `outcome` tells that an optional is not None.
static bool excludesNone(Value condition, bool outcome, Value optional) {
  Operation *op = condition.getDefiningOp();
  auto bothExclude = [&](Value a, Value b) {
    return excludesNone(a, outcome, optional) || excludesNone(b, outcome, optional);
  };
  if (auto registered = dyn_cast_or_null<OperatorOp>(op)) {
    StringRef name = getBaseName(registered);
    if (name == "aten::__not__")
      return excludesNone(registered.getArguments()[0], !outcome, optional);
    bool asksIfNone = registered.getArguments().size() == 2 && registered.getArguments()[0] == optional &&
                      isa<ts::NoneType>(lookThroughCasts(registered.getArguments()[1]).getType());
    return asksIfNone && name == (outcome ? "aten::__isnot__" : "aten::__is__");
  }
  if (auto negated = dyn_cast_or_null<arith::XOrIOp>(op); negated && matchPattern(negated.getRhs(), m_One()))
    return excludesNone(negated.getLhs(), !outcome, optional);
  if (auto both = dyn_cast_or_null<arith::AndIOp>(op))
    return outcome && bothExclude(both.getLhs(), both.getRhs());
  if (auto either = dyn_cast_or_null<arith::OrIOp>(op))
    return !outcome && bothExclude(either.getLhs(), either.getRhs());
  // `a and b` is b where a is true; `a or b` is b where it is false.
  auto branch = dyn_cast_or_null<scf::IfOp>(op);
  if (!branch || !branch.elseBlock())
    return false;
  unsigned number = cast<OpResult>(condition).getResultNumber();
  auto getYielded = [&](Block *block) { return block->getTerminator()->getOperand(number); };
  BoolAttr shortcut;
  return matchPattern(getYielded(outcome ? branch.elseBlock() : branch.thenBlock()), m_Constant(&shortcut)) &&
         shortcut.getValue() != outcome &&
         bothExclude(branch.getCondition(), getYielded(outcome ? branch.thenBlock() : branch.elseBlock()));
}

/// Whether an optional is not None where `op` stands: a branch around it, or one before it that raises, has seen to
/// that.
static bool isCheckedForNone(Value optional, Operation *op) {
  for (Operation *inner = op; auto around = inner->getParentOp(); inner = around) {
    if (auto branch = dyn_cast<scf::IfOp>(around);
        branch && excludesNone(branch.getCondition(), inner->getParentRegion() == &branch.getThenRegion(), optional))
      return true;
    for (auto branch : inner->getBlock()->getOps<scf::IfOp>()) {
      if (!branch->isBeforeInBlock(inner))
        break;
      for (Block *block : {branch.thenBlock(), branch.elseBlock()})
        if (block && endsInRaise(*block) && excludesNone(branch.getCondition(), block != branch.thenBlock(), optional))
          return true;
    }
  }
  return false;
}

namespace {
struct ResolveConstantBranch : public OpRewritePattern<scf::IfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(scf::IfOp op, PatternRewriter &rewriter) const override {
    BoolAttr condition;
    if (!matchPattern(op.getCondition(), m_Constant(&condition)))
      return rewriter.notifyMatchFailure(op, "the condition is not constant");
    Block *taken = condition.getValue() ? op.thenBlock() : op.elseBlock();
    if (!taken) {
      rewriter.eraseOp(op);
      return success();
    }
    SmallVector<Value> values = inlineBlock(rewriter, taken, op);
    rewriter.replaceOp(op, values);
    return success();
  }
};

/// `if c: raise … else: rest` is `if c: raise …` and then the rest.
struct LiftFromRaisingBranch : public OpRewritePattern<scf::IfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(scf::IfOp op, PatternRewriter &rewriter) const override {
    bool thenRaises = endsInRaise(*op.thenBlock()), elseRaises = op.elseBlock() && endsInRaise(*op.elseBlock());
    if (!thenRaises && !elseRaises)
      return rewriter.notifyMatchFailure(op, "no branch raises");
    Block *rest = thenRaises ? op.elseBlock() : op.thenBlock();
    if (!rest || (rest->without_terminator().empty() && op.getNumResults() == 0 && thenRaises))
      return rewriter.notifyMatchFailure(op, "nothing stands beside the raise");
    Value condition = op.getCondition();
    if (!thenRaises) {
      Value isTrue = arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getBoolAttr(true));
      condition = arith::XOrIOp::create(rewriter, op.getLoc(), condition, isTrue);
    }
    auto guard = scf::IfOp::create(rewriter, op.getLoc(), condition, /*withElseRegion=*/false);
    Block *raising = thenRaises ? op.thenBlock() : op.elseBlock();
    rewriter.eraseOp(raising->getTerminator());
    rewriter.inlineBlockBefore(raising, guard.thenBlock()->getTerminator());
    SmallVector<Value> values = inlineBlock(rewriter, rest, op);
    rewriter.replaceOp(op, values);
    return success();
  }
};

/// Code after a raise never runs.
struct EraseAfterRaise : public OpRewritePattern<RaiseOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RaiseOp op, PatternRewriter &rewriter) const override {
    Operation *terminator = op->getBlock()->getTerminator();
    bool changed = false;
    for (Operation *dead = terminator->getPrevNode(); dead != op.getOperation();) {
      Operation *previous = dead->getPrevNode();
      if (!isa<UninitializedOp>(dead)) {
        changed = true;
        rewriter.setInsertionPoint(terminator);
        SmallVector<Value> values;
        for (Value result : dead->getResults())
          values.push_back(UninitializedOp::create(rewriter, op.getLoc(), result.getType()));
        rewriter.replaceOp(dead, values);
      }
      dead = previous;
    }
    rewriter.setInsertionPoint(terminator);
    for (OpOperand &operand : terminator->getOpOperands())
      if (!operand.get().getDefiningOp<UninitializedOp>()) {
        changed = true;
        Value value = UninitializedOp::create(rewriter, op.getLoc(), operand.get().getType());
        rewriter.modifyOpInPlace(terminator, [&] { operand.set(value); });
      }
    return success(changed);
  }
};

/// Results that nothing uses, that both branches agree on, or that only one branch
/// gives a value which is known before the branch.
struct ReduceBranchResults : public OpRewritePattern<scf::IfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(scf::IfOp op, PatternRewriter &rewriter) const override {
    SmallVector<unsigned> kept;
    for (unsigned i = 0; i < op.getNumResults(); ++i) {
      Value a = op.thenYield().getOperand(i), b = op.elseYield().getOperand(i);
      if (op.getResult(i).use_empty())
        continue;
      if (Value same = getCommonValue(rewriter, op, a, b))
        rewriter.replaceAllUsesWith(op.getResult(i), same);
      else
        kept.push_back(i);
    }
    if (kept.size() == op.getNumResults()) {
      bool empty = op.thenBlock()->without_terminator().empty() &&
                   (!op.elseBlock() || op.elseBlock()->without_terminator().empty());
      if (op.getNumResults() || !empty)
        return rewriter.notifyMatchFailure(op, "all results are needed");
      rewriter.eraseOp(op);
      return success();
    }
    SmallVector<Type> types;
    for (unsigned i : kept)
      types.push_back(op.getResult(i).getType());
    for (scf::YieldOp yield : {op.thenYield(), op.elseYield()}) {
      SmallVector<Value> values;
      for (unsigned i : kept)
        values.push_back(yield.getOperand(i));
      rewriter.modifyOpInPlace(yield, [&] { yield->setOperands(values); });
    }
    rewriter.setInsertionPoint(op);
    auto reduced = scf::IfOp::create(rewriter, op.getLoc(), types, op.getCondition(), false, false);
    reduced.getThenRegion().takeBody(op.getThenRegion());
    reduced.getElseRegion().takeBody(op.getElseRegion());
    for (auto [i, result] : llvm::zip(kept, reduced.getResults()))
      rewriter.replaceAllUsesWith(op.getResult(i), result);
    rewriter.eraseOp(op);
    return success();
  }

  static Value getCommonValue(PatternRewriter &rewriter, scf::IfOp op, Value a, Value b) {
    auto isOutside = [&](Value value) { return !op->isAncestor(value.getParentBlock()->getParentOp()); };
    if (a == b || b.getDefiningOp<UninitializedOp>())
      std::swap(a, b);
    if ((a == b || a.getDefiningOp<UninitializedOp>()) && isOutside(b))
      return b;
    // Equal constants.
    Attribute x, y;
    if (matchPattern(a, m_Constant(&x)) && matchPattern(b, m_Constant(&y)) && x == y && a.getType() == b.getType()) {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPoint(op);
      return rewriter.clone(*a.getDefiningOp())->getResult(0);
    }
    // The condition itself, or its negation.
    BoolAttr first, second;
    if (a.getType().isInteger(1) && matchPattern(a, m_Constant(&first)) && matchPattern(b, m_Constant(&second))) {
      if (first.getValue())
        return op.getCondition();
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPoint(op);
      Value isTrue = arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getBoolAttr(true));
      return arith::XOrIOp::create(rewriter, op.getLoc(), op.getCondition(), isTrue);
    }
    return {};
  }
};

/// An optional that both branches make from a value, or a value and nothing, leaves the
/// branch as the value.
struct NarrowBranchResult : public OpRewritePattern<scf::IfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(scf::IfOp op, PatternRewriter &rewriter) const override {
    for (unsigned i = 0; i < op.getNumResults(); ++i) {
      Value result = op.getResult(i);
      Value a = op.thenYield().getOperand(i), b = op.elseYield().getOperand(i);
      auto x = a.getDefiningOp<UpcastOp>(), y = b.getDefiningOp<UpcastOp>();
      bool aNothing = !!a.getDefiningOp<UninitializedOp>(), bNothing = !!b.getDefiningOp<UninitializedOp>();
      Type type = x ? x.getValue().getType() : y ? y.getValue().getType() : Type();
      if (!type || !(x || aNothing) || !(y || bNothing) || (x && y && x.getValue().getType() != y.getValue().getType()))
        continue;
      Type before = result.getType();
      auto narrow = [&](scf::YieldOp yield, UpcastOp cast) {
        rewriter.setInsertionPoint(yield);
        Value value = cast ? cast.getValue() : Value(UninitializedOp::create(rewriter, op.getLoc(), type));
        rewriter.modifyOpInPlace(yield, [&] { yield->setOperand(i, value); });
      };
      narrow(op.thenYield(), x);
      narrow(op.elseYield(), y);
      rewriter.modifyOpInPlace(op, [&] { result.setType(type); });
      rewriter.setInsertionPointAfter(op);
      Value cast = UpcastOp::create(rewriter, op.getLoc(), before, result);
      rewriter.replaceAllUsesExcept(result, cast, cast.getDefiningOp());
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no result is upcast from one type in both branches");
  }
};

/// Loops that run a small known number of times without a condition of their own are
/// straight-line code when they handle lists or objects, whose structure is then known.
struct UnrollLoop : public OpRewritePattern<LoopOp> {
  using OpRewritePattern::OpRewritePattern;
  static constexpr int64_t kMaxTrips = 64, kMaxOperations = 20000;

  LogicalResult matchAndRewrite(LoopOp op, PatternRewriter &rewriter) const override {
    IntegerAttr trips;
    BoolAttr condition;
    bool runs = !matchPattern(op.getCondition(), m_Constant(&condition)) || condition.getValue();
    bool counted = matchPattern(op.getTripCount(), m_Constant(&trips));
    if (!runs || (counted && trips.getInt() <= 0)) {
      rewriter.replaceOp(op, op.getInits());
      return success();
    }
    Block &body = op.getBody().front();
    Operation *yield = body.getTerminator();
    if (!counted || !condition || trips.getInt() > kMaxTrips)
      return rewriter.notifyMatchFailure(op, "runs an unknown or large number of times");
    if (!matchPattern(yield->getOperand(0), m_Constant(&condition)) || !condition.getValue())
      return rewriter.notifyMatchFailure(op, "has a condition");
    int64_t size = 0;
    bool handlesContainers = trips.getInt() == 1;
    op.walk([&](Operation *inner) {
      ++size;
      // The dims of a tensor are like a list.
      handlesContainers |= isa<SizeOp>(inner);
      handlesContainers |= llvm::any_of(llvm::concat<const Type>(inner->getOperandTypes(), inner->getResultTypes()),
                                        llvm::IsaPred<ListType, DictType, ObjectType, InterfaceType>);
    });
    if (!handlesContainers || size * trips.getInt() > kMaxOperations)
      return rewriter.notifyMatchFailure(op, "is better left a loop");
    SmallVector<Value> carried(op.getInits());
    for (int64_t i = 0; i < trips.getInt(); ++i) {
      IRMapping mapping;
      mapping.map(body.getArgument(0),
                  Value(arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getI64IntegerAttr(i))));
      mapping.map(body.getArguments().drop_front(), carried);
      for (Operation &inner : body.without_terminator())
        rewriter.clone(inner, mapping);
      for (auto [value, yielded] : llvm::zip(carried, yield->getOperands().drop_front()))
        value = mapping.lookupOrDefault(yielded);
    }
    rewriter.replaceOp(op, carried);
    return success();
  }
};

/// Values carried around a loop unchanged.
struct ReduceLoopCarried : public OpRewritePattern<LoopOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(LoopOp op, PatternRewriter &rewriter) const override {
    Block &body = op.getBody().front();
    auto yield = cast<YieldOp>(body.getTerminator());
    bool changed = false;
    for (unsigned i = 0; i < op.getInits().size(); ++i) {
      Value argument = body.getArgument(i + 1), init = op.getInits()[i];
      if (yield.getOperand(i + 1) != argument ||
          (llvm::hasSingleElement(argument.getUses()) && op.getResult(i).use_empty()))
        continue;
      rewriter.replaceUsesWithIf(
          argument, init, [&](OpOperand &use) { return use.getOwner() != yield || use.getOperandNumber() != i + 1; });
      rewriter.replaceAllUsesWith(op.getResult(i), init);
      changed = true;
    }
    return success(changed);
  }
};

/// Elements of a tuple that has no value are values that have none.
template <typename Op> struct TakeApartUninitialized : public OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    if (!op->getOperand(0).template getDefiningOp<UninitializedOp>())
      return rewriter.notifyMatchFailure(op, "the operand has a value");
    SmallVector<Value> values;
    for (Value result : op->getResults())
      values.push_back(UninitializedOp::create(rewriter, op.getLoc(), result.getType()));
    rewriter.replaceOp(op, values);
    return success();
  }
};

/// A tuple seen as one of more general elements is a tuple of elements seen so.
struct DistributeUpcast : public OpRewritePattern<UpcastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(UpcastOp op, PatternRewriter &rewriter) const override {
    if (getTupleElementTypes(op.getType()).empty() || getTupleElementTypes(op.getValue().getType()).empty())
      return rewriter.notifyMatchFailure(op, "not between tuples");
    rewriter.replaceOp(op, generalize(rewriter, op.getLoc(), op.getValue(), op.getType()));
    return success();
  }
};

/// An optional that is taken for a value and then for an optional again is itself: it may be None, for in LibTorch
/// undefined tensors pass for tensors. In a list of indices None is another kind of index, so one that was checked
/// stays a tensor there.
struct UpcastBack : public OpRewritePattern<UpcastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(UpcastOp op, PatternRewriter &rewriter) const override {
    auto cast = op.getValue().getDefiningOp<UncheckedCastOp>();
    if (!cast || !isa<OptionalType>(op.getType()) || !isa<OptionalType>(cast.getValue().getType()))
      return rewriter.notifyMatchFailure(op, "the operand is no optional taken for its value");
    if (llvm::any_of(op->getUsers(), llvm::IsaPred<ListConstructOp>) && isCheckedForNone(cast.getValue(), cast))
      return rewriter.notifyMatchFailure(op, "the optional is an index, known not to be None");
    Value value = cast.getValue();
    if (value.getType() != op.getType())
      value = UpcastOp::create(rewriter, op.getLoc(), op.getType(), value);
    rewriter.replaceOp(op, value);
    return success();
  }
};

struct EraseUnusedCast : public OpRewritePattern<UncheckedCastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(UncheckedCastOp op, PatternRewriter &rewriter) const override {
    if (!op.use_empty())
      return rewriter.notifyMatchFailure(op, "the value is used");
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void wick::ts::populateControlPatterns(RewritePatternSet &patterns) {
  patterns.add<ResolveConstantBranch, LiftFromRaisingBranch, EraseAfterRaise, ReduceBranchResults, NarrowBranchResult,
               UnrollLoop, ReduceLoopCarried, TakeApartUninitialized<TupleUnpackOp>,
               TakeApartUninitialized<TupleIndexOp>, TakeApartUninitialized<UpcastOp>,
               TakeApartUninitialized<UncheckedCastOp>, DistributeUpcast, UpcastBack, EraseUnusedCast>(
      patterns.getContext());
}
