//===- PeelLoops.cpp - iterations that stand before their loops -------------===//
//
// A loop that changes the rank of a tensor in each iteration is no native loop. Its first iterations are taken out of
// it, as long as ranks change. Where only run time knows whether there is another one, it stands in a branch, with all
// that uses what the loop gives:
//
//   %y = ts.loop %n { ... }             %p = whether %n is more than 0
//   use %y                              scf.if %p { the first iteration
//                                                   %y = ts.loop %n - 1 { ... }
//                                                   use %y }
//                                       else { use what the loop begins with }
//
//===----------------------------------------------------------------------===//
#include "ObjectImage.h"
#include "TypeInference.h"

#include "wick/Dialect/TS/IR/Raise.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// On a loop: how many iterations have been taken out of it.
static constexpr StringLiteral kPeeled = "ts.peeled";

/// How many iterations are taken out of a loop that is known to have them, and of one of which only run time knows:
/// each of these makes two of what follows, and there are hardly tensors whose rank has changed more often.
static constexpr int64_t kMaxKnown = 16, kMaxAsked = 8;

/// Loops whose results are used together multiply.
static constexpr int64_t kMaxLoops = 2;

static int64_t getPeeled(LoopOp op) {
  auto peeled = op->getAttrOfType<IntegerAttr>(kPeeled);
  return peeled ? peeled.getInt() : 0;
}

/// Whether `isLost` holds of a tensor whose rank and dtype are known before a loop, and of what it is in iterations.
static bool losesTypes(Type before, Type inside, llvm::function_ref<bool(ts::TensorType)> isLost) {
  auto tensor = dyn_cast_or_null<ts::TensorType>(before), stable = dyn_cast_or_null<ts::TensorType>(inside);
  if (tensor && stable)
    return tensor.isTyped() && isLost(stable);
  if (!before || !inside)
    return false;
  SmallVector<Type> parts = getPartTypes(before), others = getPartTypes(inside);
  return parts.size() == others.size() && llvm::any_of(llvm::zip(parts, others), [&](auto pair) {
           return losesTypes(std::get<0>(pair), std::get<1>(pair), isLost);
         });
}

/// Whether of a type in iterations nothing more is known than that it is one of several, or not even that.
static bool losesType(Type before, Type inside) {
  return losesTypes(before, inside, [](ts::TensorType type) { return !type.isTyped(); });
}

static bool losesAnyType(ArrayRef<Type> before, ArrayRef<Type> inside) {
  return llvm::any_of(llvm::zip(before, inside), [](auto pair) { return std::apply(losesType, pair); });
}

bool wick::ts::isUnknownInLoop(Type before, Type inside) {
  return losesTypes(before, inside, [](ts::TensorType type) { return !type.isNarrowed(); });
}

void wick::ts::endPeeling(LoopOp op) {
  // What is left of so many iterations stays a loop.
  if (getPeeled(op) < kMaxAsked)
    op->removeAttr(kPeeled);
}

/// In branches for the iterations of how many loops an operation stands.
static int64_t countLoopsAround(Operation *op) {
  int64_t count = 0;
  for (auto branch = op->getParentOfType<scf::IfOp>(); branch; branch = branch->getParentOfType<scf::IfOp>()) {
    Operation *condition = branch.getCondition().getDefiningOp();
    auto trips = condition ? condition->getAttrOfType<IntegerAttr>(kAsksTrips) : IntegerAttr();
    count += trips && trips.getInt() == 0;
  }
  return count;
}

/// Puts the first iteration before a loop that is known to have one.
static void peelIteration(RewriterBase &rewriter, LoopOp op) {
  Location loc = op.getLoc();
  Block &body = op.getBody().front();
  rewriter.setInsertionPoint(op);
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(value));
  };
  IRMapping mapping;
  mapping.map(body.getArgument(0), constant(0));
  mapping.map(body.getArguments().drop_front(), op.getInits());
  for (Operation &inner : body.without_terminator())
    rewriter.clone(inner, mapping);
  SmallVector<Value> next = llvm::map_to_vector(body.getTerminator()->getOperands(),
                                                [&](Value value) { return mapping.lookupOrDefault(value); });
  Value trips = rewriter.createOrFold<arith::SubIOp>(loc, op.getTripCount(), constant(1));
  auto rest = LoopOp::create(rewriter, loc, op.getResultTypes(), trips, next.front(), ArrayRef(next).drop_front());
  rest->setAttr(kPeeled, rewriter.getI64IntegerAttr(getPeeled(op) + 1));
  rest.getBody().takeBody(op.getBody());
  rewriter.setInsertionPointToStart(&rest.getBody().front());
  Value index = rest.getBody().getArgument(0);
  Value shifted = arith::AddIOp::create(rewriter, loc, index, constant(1));
  rewriter.replaceAllUsesExcept(index, shifted, shifted.getDefiningOp());
  rewriter.replaceOp(op, rest);
}

/// Takes the first iteration out of a loop whose types in it are not those of the next one,
/// `while x.dim() < n: x = x.unsqueeze(0)`.
bool TypeInference::peel(LoopOp op, ArrayRef<Type> before, ArrayRef<Type> types, ArrayRef<Type> afterFirst) {
  // Where a branch decides in one iteration already, nothing is won.
  if (!losesAnyType(before, types) || losesAnyType(before, afterFirst) || isLong(op))
    return false;
  std::optional<int64_t> trips = facts.getConstantInt(op.getTripCount());
  std::optional<bool> condition = facts.getBool(op.getCondition());
  bool isKnown = trips && condition, isLast = getPeeled(op) >= (isKnown ? kMaxKnown : kMaxAsked);
  if (isKnown && (*trips <= 0 || !*condition || isLast))
    return false;
  if (isKnown) {
    peelIteration(rewriter, op);
    return true;
  }
  SmallVector<unsigned> lost;
  for (unsigned i = 0; i < op.getNumResults(); ++i)
    if (isUnknownInLoop(before[i], types[i]))
      lost.push_back(i);
  bool isFirst = getPeeled(op) == 0;
  if (lost.empty() || (isLast && !options.noFallback) || (isFirst && countLoopsAround(op) == kMaxLoops))
    return false;
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  Value zero = arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(0));
  auto isMore = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::sgt, op.getTripCount(), zero);
  auto enters = arith::AndIOp::create(rewriter, loc, isMore, op.getCondition());
  for (Operation *asks : {isMore.getOperation(), enters.getOperation()})
    asks->setAttr(kAsksTrips, rewriter.getI64IntegerAttr(getPeeled(op)));
  if (isLast) {
    raiseIf(rewriter, loc, enters,
            "a loop changes the rank of a tensor more than " + std::to_string(kMaxAsked) +
                " times, for which the model was not compiled");
    rewriter.replaceOp(op, op.getInits());
    return true;
  }
  // What uses the results stands in the branches: else nothing is won.
  auto branch = scf::IfOp::create(rewriter, loc, op.getResultTypes(), enters, /*addThenBlock=*/true,
                                  /*addElseBlock=*/true);
  rewriter.replaceAllUsesWith(op.getResults(), branch.getResults());
  rewriter.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(rewriter, loc, op.getInits());
  rewriter.setInsertionPointToStart(branch.thenBlock());
  auto yield = scf::YieldOp::create(rewriter, loc, op.getResults());
  rewriter.moveOpBefore(op, yield);
  if (!moveUsersInto(branch, [&](unsigned i) { return llvm::is_contained(lost, i); })) {
    rewriter.moveOpBefore(op, branch);
    rewriter.replaceOp(branch, op.getResults());
    for (Operation *asks : {enters.getOperation(), isMore.getOperation()})
      rewriter.eraseOp(asks);
    return false;
  }
  peelIteration(rewriter, op);
  return true;
}
