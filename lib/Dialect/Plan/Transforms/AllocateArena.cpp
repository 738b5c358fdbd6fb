//===- AllocateArena.cpp - --plan-allocate-arena
//------------------------------===//
//
// The size of a buffer is `coefficient * monomial`, the monomial being a
// product of dims that are known at the entry. Buffers of one monomial are
// placed against each other once and for all, in units of its value; the
// regions of different monomials follow one another. So the whole plan is
// static, and a call computes a handful of products.
//
// Placement is greedy by size, largest first, at the lowest offset that is free
// throughout the buffer's life. A life is an interval of the ops in the order
// of the text, closed over views, branches and loops.
//
//===----------------------------------------------------------------------===//
#include "ElementBytes.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANALLOCATEARENAPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick::plan;

static constexpr int64_t kAlignment = 64;

namespace {
struct Buffer {
  memref::AllocOp alloc;
  /// Dims in a fixed order; with `coefficient`, the size in bytes.
  SmallVector<Value> monomial;
  int64_t coefficient = 0;
  /// First and last op at which the buffer is live.
  int64_t first = 0, last = 0;
  /// In units of the monomial.
  int64_t offset = 0;
};

class ArenaPlanner {
public:
  explicit ArenaPlanner(func::FuncOp func) : func(func) {}
  void run();

private:
  void numberOps();
  /// Fails for buffers that outlive an iteration of their loop.
  LogicalResult computeLife(Buffer &buffer);
  /// Fails for sizes that are not known at the entry.
  LogicalResult computeSize(Buffer &buffer);
  bool isKnownAtEntry(Value value);
  void moveToEntry(Value value);
  int64_t place(MutableArrayRef<Buffer *> group);
  Value emitProduct(ArrayRef<Value> factors, int64_t coefficient);

  func::FuncOp func;
  OpBuilder builder{func.getContext()};
  Operation *firstUser = nullptr;
  /// Position of an op, and of the last op nested in it.
  DenseMap<Operation *, std::pair<int64_t, int64_t>> positions;
};
} // namespace

void ArenaPlanner::numberOps() {
  int64_t next = 0;
  func.walk<WalkOrder::PreOrder>([&](Operation *op) { positions[op].first = next++; });
  func.walk<WalkOrder::PostOrder>([&](Operation *op) {
    int64_t last = positions[op].first;
    for (Region &region : op->getRegions())
      for (Operation &nested : region.getOps())
        last = std::max(last, positions[&nested].second);
    positions[op].second = last;
  });
}

LogicalResult ArenaPlanner::computeLife(Buffer &buffer) {
  Operation *alloc = buffer.alloc;
  buffer.first = buffer.last = positions[alloc].first;
  SmallVector<Value> work = {buffer.alloc.getResult()};
  DenseSet<Value> seen(work.begin(), work.end());
  auto follow = [&](Value value) {
    if (isa<BaseMemRefType>(value.getType()) && seen.insert(value).second)
      work.push_back(value);
  };
  while (!work.empty()) {
    Value value = work.pop_back_val();
    for (Operation *user : value.getUsers()) {
      // A use in a loop that the buffer stands outside of happens in every
      // iteration.
      int64_t last = positions[user].second;
      for (Operation *parent = user->getParentOp(); parent != func; parent = parent->getParentOp())
        if (isa<LoopLikeOpInterface>(parent) && !parent->isProperAncestor(alloc))
          last = std::max(last, positions[parent].second);
      buffer.last = std::max(buffer.last, last);
      for (Value result : user->getResults())
        follow(result);
      if (auto loop = dyn_cast<LoopLikeOpInterface>(user))
        for (BlockArgument argument : loop.getRegionIterArgs())
          follow(argument);
      if (!user->hasTrait<OpTrait::IsTerminator>())
        continue;
      Operation *parent = user->getParentOp();
      if (isa<LoopLikeOpInterface>(parent) && parent->isProperAncestor(alloc))
        return failure();
      if (isa<func::FuncOp>(parent))
        return failure();
      buffer.last = std::max(buffer.last, positions[parent].second);
      for (Value result : parent->getResults())
        follow(result);
    }
  }
  return success();
}

bool ArenaPlanner::isKnownAtEntry(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return value.getParentBlock() == &func.front();
  if (op->getBlock() == &func.front() && op->isBeforeInBlock(firstUser))
    return true;
  // The tensor of an argument is the same all the time, other than one that is read from an object.
  if (isa<TensorDataOp>(op))
    return isKnownAtEntry(op->getOperand(0));
  if (op->getNumRegions() != 0 || !isPure(op))
    return false;
  return llvm::all_of(op->getOperands(), [&](Value operand) { return isKnownAtEntry(operand); });
}

/// Moves the computation of `value`, which is known at the entry, before all
/// buffers.
void ArenaPlanner::moveToEntry(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || (op->getBlock() == &func.front() && op->isBeforeInBlock(firstUser)))
    return;
  for (Value operand : op->getOperands())
    moveToEntry(operand);
  op->moveBefore(firstUser);
}

LogicalResult ArenaPlanner::computeSize(Buffer &buffer) {
  MemRefType type = buffer.alloc.getType();
  buffer.coefficient = getElementBytes(type.getElementType());
  for (int64_t size : type.getShape())
    if (!ShapedType::isDynamic(size))
      buffer.coefficient *= size;
  SmallVector<Value> factors(buffer.alloc.getDynamicSizes());
  while (!factors.empty()) {
    Value factor = factors.pop_back_val();
    if (std::optional<int64_t> constant = getConstantIntValue(factor)) {
      buffer.coefficient *= *constant;
      continue;
    }
    if (auto product = factor.getDefiningOp<arith::MulIOp>()) {
      factors.push_back(product.getLhs());
      factors.push_back(product.getRhs());
      continue;
    }
    if (!isKnownAtEntry(factor))
      return failure();
    buffer.monomial.push_back(factor);
  }
  auto position = [&](Value value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return std::pair<int64_t, int64_t>(-1, argument.getArgNumber());
    return std::pair<int64_t, int64_t>(positions[value.getDefiningOp()].first, cast<OpResult>(value).getResultNumber());
  };
  llvm::sort(buffer.monomial, [&](Value a, Value b) { return position(a) < position(b); });
  return success();
}

int64_t ArenaPlanner::place(MutableArrayRef<Buffer *> group) {
  llvm::stable_sort(group, [](Buffer *a, Buffer *b) { return a->coefficient > b->coefficient; });
  SmallVector<Buffer *> placed;
  int64_t total = 0;
  for (Buffer *buffer : group) {
    int64_t size = llvm::alignTo(buffer->coefficient, kAlignment);
    SmallVector<Buffer *> concurrent = llvm::filter_to_vector(
        placed, [&](Buffer *other) { return other->first <= buffer->last && buffer->first <= other->last; });
    llvm::sort(concurrent, [](Buffer *a, Buffer *b) { return a->offset < b->offset; });
    int64_t offset = 0;
    for (Buffer *other : concurrent) {
      if (other->offset >= offset + size)
        break;
      offset = std::max(offset, other->offset + (int64_t)llvm::alignTo(other->coefficient, kAlignment));
    }
    buffer->offset = offset;
    total = std::max(total, offset + size);
    placed.push_back(buffer);
  }
  return total;
}

Value ArenaPlanner::emitProduct(ArrayRef<Value> factors, int64_t coefficient) {
  Location loc = func.getLoc();
  Value product = arith::ConstantIndexOp::create(builder, loc, coefficient);
  for (Value factor : factors)
    product = arith::MulIOp::create(builder, loc, product, factor);
  return product;
}

void ArenaPlanner::run() {
  numberOps();
  // Where the arena is requested: before the first op of the entry block that holds a buffer.
  func.walk([&](memref::AllocOp alloc) {
    Operation *ancestor = func.front().findAncestorOpInBlock(*alloc);
    if (!firstUser || ancestor->isBeforeInBlock(firstUser))
      firstUser = ancestor;
  });
  SmallVector<Buffer> buffers;
  func.walk([&](memref::AllocOp alloc) {
    Buffer buffer{alloc, {}};
    if (alloc.getType().getLayout().isIdentity() && succeeded(computeLife(buffer)) && succeeded(computeSize(buffer)))
      buffers.push_back(buffer);
  });
  if (buffers.empty())
    return;
  // A size that is at hand before the arena may stand behind another buffer.
  SmallVector<std::pair<SmallVector<Value>, SmallVector<Buffer *>>> groups;
  for (Buffer &buffer : buffers) {
    for (Value factor : buffer.monomial)
      moveToEntry(factor);
    auto *group = llvm::find_if(groups, [&](auto &known) { return known.first == buffer.monomial; });
    if (group == groups.end())
      group = &groups.emplace_back(buffer.monomial, SmallVector<Buffer *>());
    group->second.push_back(&buffer);
  }
  Location loc = func.getLoc();
  builder.setInsertionPoint(firstUser);
  Value total = arith::ConstantIndexOp::create(builder, loc, 0);
  SmallVector<std::pair<Buffer *, Value>> offsets;
  int64_t statically = 0;
  for (auto &[monomial, group] : groups) {
    int64_t units = place(group);
    if (monomial.empty())
      statically = units;
    for (Buffer *buffer : group) {
      Value offset = emitProduct(monomial, buffer->offset);
      offsets.push_back({buffer, arith::AddIOp::create(builder, loc, total, offset)});
    }
    Value size = emitProduct(monomial, units);
    // In a branch that is not taken a size may be negative, which is no memory and takes none from the other buffers.
    auto isComputed = [](Value factor) { return factor.getDefiningOp() && !factor.getDefiningOp<memref::DimOp>(); };
    if (llvm::any_of(monomial, isComputed))
      size = arith::MaxSIOp::create(builder, loc, size, arith::ConstantIndexOp::create(builder, loc, 0));
    total = arith::AddIOp::create(builder, loc, total, size);
  }
  if (groups.size() == 1 && groups.front().first.empty())
    total = arith::ConstantIndexOp::create(builder, loc, statically);
  Type bytes = MemRefType::get({ShapedType::kDynamic}, builder.getI8Type());
  Value arena = ArenaOp::create(builder, loc, bytes, total);
  for (auto &[buffer, offset] : offsets) {
    builder.setInsertionPoint(buffer->alloc);
    auto view = memref::ViewOp::create(builder, buffer->alloc.getLoc(), buffer->alloc.getType(), arena, offset,
                                       buffer->alloc.getDynamicSizes());
    buffer->alloc.replaceAllUsesWith(view.getResult());
    buffer->alloc.erase();
  }
}

namespace {
struct PlanAllocateArenaPass : wick::plan::impl::PlanAllocateArenaPassBase<PlanAllocateArenaPass> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (!func.isExternal() && !func->hasAttr(kKernelAttr) && !func->hasAttr(kWorkAttr))
        ArenaPlanner(func).run();
  }
};
} // namespace
