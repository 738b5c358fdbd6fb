//===- InsertPolls.cpp - --plan-insert-polls ---------------------------------===//
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANINSERTPOLLSPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick::plan;

/// Iterations between two polls of a loop that is split; no loop with a constant number of fewer ones polls.
static constexpr int64_t kIterations = 4096;

static bool isShort(scf::ForOp loop) {
  std::optional<llvm::APInt> count = loop.getStaticTripCount();
  return count && count->ult(kIterations);
}

/// Whether a loop is innermost and only computes with numbers and elements: a poll would keep it from being made of
/// vectors.
static bool isLight(scf::ForOp loop) {
  return llvm::all_of(loop.getBody()->without_terminator(), [](Operation &op) {
    return op.getNumRegions() == 0 && (isPure(&op) || isa<memref::LoadOp, memref::StoreOp>(op));
  });
}

/// Makes a loop over chunks of `loop` around it. Loops count from zero, so that no chunk begins beyond the largest
/// number before all time has passed.
static void split(scf::ForOp loop) {
  OpBuilder b(loop);
  Location loc = loop.getLoc();
  Type type = loop.getInductionVar().getType();
  Value many = arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, kIterations));
  Value stride = arith::MulIOp::create(b, loc, loop.getStep(), many);
  auto outer = scf::ForOp::create(b, loc, loop.getLowerBound(), loop.getUpperBound(), stride, loop.getInitArgs());
  for (auto [before, after] : llvm::zip(loop.getResults(), outer.getResults()))
    before.replaceAllUsesWith(after);
  b.setInsertionPointToStart(outer.getBody());
  PollOp::create(b, loc);
  Value left = arith::SubIOp::create(b, loc, loop.getUpperBound(), outer.getInductionVar());
  Value end = arith::AddIOp::create(b, loc, outer.getInductionVar(), arith::MinUIOp::create(b, loc, left, stride));
  // Without results the outer loop has its end already.
  loop->moveAfter(&*std::prev(b.getInsertionPoint()));
  loop.setLowerBound(outer.getInductionVar());
  loop.setUpperBound(end);
  loop.getInitArgsMutable().assign(outer.getRegionIterArgs());
  if (loop.getResults().empty())
    return;
  b.setInsertionPointToEnd(outer.getBody());
  scf::YieldOp::create(b, loc, loop.getResults());
}

namespace {
struct PlanInsertPollsPass : wick::plan::impl::PlanInsertPollsPassBase<PlanInsertPollsPass> {
  using PlanInsertPollsPassBase::PlanInsertPollsPassBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal() || (func.isPrivate() && !func->hasAttr(kTaskAttr)))
      return;
    SmallVector<scf::ForOp> light;
    func.walk([&](Operation *op) {
      if (auto loop = dyn_cast<scf::WhileOp>(op)) {
        OpBuilder b = OpBuilder::atBlockBegin(loop.getAfterBody());
        PollOp::create(b, loop.getLoc());
      } else if (auto loop = dyn_cast<scf::ForOp>(op); loop && !isShort(loop)) {
        if (isLight(loop)) {
          light.push_back(loop);
          return;
        }
        OpBuilder b = OpBuilder::atBlockBegin(loop.getBody());
        PollOp::create(b, loop.getLoc());
      }
    });
    llvm::for_each(light, split);
  }
};
} // namespace
