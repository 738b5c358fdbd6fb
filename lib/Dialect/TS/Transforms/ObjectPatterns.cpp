//===- ObjectPatterns.cpp - objects that live inside one call ---------------===//
//
// An object that the function makes and lets nobody else have is the values of its
// slots.
//
//===----------------------------------------------------------------------===//
#include "OperatorRules.h"

#include "ObjectImage.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Reads and writes of an object's slots through all its static types, and `with` statements of which nobody else sees
/// the end; nothing when it is used in another way.
static std::optional<SmallVector<Operation *>> collectAccesses(Value object) {
  SmallVector<Operation *> accesses;
  SmallVector<Value> names{object};
  while (!names.empty())
    for (OpOperand &use : names.pop_back_val().getUses()) {
      Operation *user = use.getOwner();
      if (isa<UpcastOp, UncheckedCastOp>(user))
        names.push_back(user->getResult(0));
      else if (auto push = dyn_cast<PushEnteredOp>(user); push && !push.getLocal())
        return std::nullopt;
      else if (isa<GetAttrOp, PushEnteredOp, PopEnteredOp>(user) ||
               (isa<SetAttrOp>(user) && use.getOperandNumber() == 0))
        accesses.push_back(user);
      else
        return std::nullopt;
    }
  return accesses;
}

namespace {
/// A read of a slot gives what was stored there last.
struct ForwardSlot : public OpRewritePattern<GetAttrOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GetAttrOp get, PatternRewriter &rewriter) const override {
    auto object = lookThroughCasts(get.getObject()).getDefiningOp<CreateObjectOp>();
    auto accesses = object ? collectAccesses(object.getResult()) : std::nullopt;
    if (!accesses)
      return rewriter.notifyMatchFailure(get, "the object is not local");
    Block *block = object->getBlock();
    SetAttrOp last;
    for (Operation *access : *accesses) {
      auto set = dyn_cast<SetAttrOp>(access);
      if (!set || set.getNameAttr() != get.getNameAttr())
        continue;
      if (set->getBlock() != block)
        return rewriter.notifyMatchFailure(get, "the slot is written in a branch or loop");
      if (isAfter(get, set, block) && (!last || last->isBeforeInBlock(set)))
        last = set;
    }
    if (!last)
      return rewriter.notifyMatchFailure(get, "the slot is not set before");
    rewriter.replaceOp(get, castTo(rewriter, get.getLoc(), last.getValue(), get.getType()));
    return success();
  }
};

/// So does one of an object that others may have, where nothing between them may write the slot.
struct ForwardStoredSlot : public OpRewritePattern<GetAttrOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GetAttrOp get, PatternRewriter &rewriter) const override {
    Value object = lookThroughCasts(get.getObject());
    for (Operation *op = get->getPrevNode(); op; op = op->getPrevNode()) {
      auto set = dyn_cast<SetAttrOp>(op);
      if (set && set.getNameAttr() == get.getNameAttr() && lookThroughCasts(set.getObject()) == object) {
        rewriter.replaceOp(get, castTo(rewriter, get.getLoc(), set.getValue(), get.getType()));
        return success();
      }
      // Another object may be the same; what is called may have either.
      bool mayWrite = false;
      op->walk([&](Operation *inner) {
        auto other = dyn_cast<SetAttrOp>(inner);
        mayWrite |= other ? other.getNameAttr() == get.getNameAttr() : isa<func::CallOp, CallMethodOp>(inner);
      });
      if (mayWrite)
        break;
    }
    return rewriter.notifyMatchFailure(get, "the slot is not set before");
  }
};

/// An object of which nothing is read.
struct EraseUnreadObject : public OpRewritePattern<CreateObjectOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(CreateObjectOp object, PatternRewriter &rewriter) const override {
    auto accesses = collectAccesses(object.getResult());
    if (!accesses || llvm::any_of(*accesses, llvm::IsaPred<GetAttrOp>))
      return rewriter.notifyMatchFailure(object, "is read");
    for (Operation *access : *accesses)
      rewriter.eraseOp(access);
    SmallVector<Operation *> casts(object->getUsers());
    while (!casts.empty()) {
      Operation *cast = casts.pop_back_val();
      if (!cast->use_empty()) {
        casts.push_back(cast);
        llvm::append_range(casts, cast->getUsers());
        continue;
      }
      rewriter.eraseOp(cast);
    }
    rewriter.eraseOp(object);
    return success();
  }
};
} // namespace

void wick::ts::populateObjectPatterns(RewritePatternSet &patterns) {
  patterns.add<ForwardSlot, ForwardStoredSlot, EraseUnreadObject>(patterns.getContext());
}
