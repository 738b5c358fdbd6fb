//===- BufferizeHost.cpp - --plan-bufferize-host
//-----------------------------===//
//
// References meet values in `ts.read`, `ts.from_value` and `ts.write`. They are
// first rewritten into memory of their own (`plan.tensor_data`,
// `plan.new_tensor`) plus bufferization's `materialize_in_destination`;
// upstream's analysis then finds which launches can write into that memory
// directly. The analysis does not see effects on references, so a value that is
// used after its memory was overwritten is copied here.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"
#include "wick/Dialect/TS/IR/Raise.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Dominance.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANBUFFERIZEHOSTPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick;
using namespace wick::plan;

static MemRefType getBufferType(RankedTensorType type) {
  return MemRefType::get(type.getShape(), type.getElementType());
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// The size of a dim, traced back to where it is first known.
static OpFoldResult getSize(OpBuilder &b, Location loc, Value tensor, int64_t dim) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return b.getIndexAttr(type.getDimSize(dim));
  Operation *op = tensor.getDefiningOp();
  if (auto style = dyn_cast_or_null<DestinationStyleOpInterface>(op))
    return getSize(b, loc, style.getTiedOpOperand(cast<OpResult>(tensor))->get(), dim);
  if (auto empty = dyn_cast_or_null<tensor::EmptyOp>(op))
    return empty.getMixedSizes()[dim];
  if (auto cast = dyn_cast_or_null<tensor::CastOp>(op))
    return getSize(b, loc, cast.getSource(), dim);
  if (auto expand = dyn_cast_or_null<tensor::ExpandShapeOp>(op))
    return expand.getMixedOutputShape()[dim];
  if (auto collapse = dyn_cast_or_null<tensor::CollapseShapeOp>(op)) {
    ReassociationIndices group = collapse.getReassociationIndices()[dim];
    OpFoldResult size = getSize(b, loc, collapse.getSrc(), group.front());
    for (int64_t part : ArrayRef(group).drop_front()) {
      Value lhs = getValueOrCreateConstantIndexOp(b, loc, size);
      Value rhs = getValueOrCreateConstantIndexOp(b, loc, getSize(b, loc, collapse.getSrc(), part));
      size = arith::MulIOp::create(b, loc, lhs, rhs).getResult();
    }
    return size;
  }
  return tensor::DimOp::create(b, loc, tensor, dim).getResult();
}

/// Moves an index computation up to the start of `block`, or to behind `bound`, as far as its operands allow.
static void hoistIndex(Value value, Block *block, Operation *bound) {
  Operation *op = value.getDefiningOp();
  if (!op || op->getBlock() != block || op->getNumRegions() != 0 || !isPure(op) ||
      (bound && op->isBeforeInBlock(bound)))
    return;
  Operation *after = bound;
  for (Value operand : op->getOperands()) {
    hoistIndex(operand, block, bound);
    Operation *definition = operand.getDefiningOp();
    if (definition && definition->getBlock() == block && (!after || after->isBeforeInBlock(definition)))
      after = definition;
  }
  if (after)
    op->moveAfter(after);
  else
    op->moveBefore(&block->front());
}

/// The last check before what begins to compute a value: sizes may make no sense, or divide by zero, before it.
static Operation *findLastCheck(Value value) {
  Operation *op = value.getDefiningOp();
  while (auto style = dyn_cast_or_null<DestinationStyleOpInterface>(op)) {
    Operation *before = style.getTiedOpOperand(cast<OpResult>(value))->get().getDefiningOp();
    if (!before || before->getBlock() != op->getBlock())
      break;
    value = style.getTiedOpOperand(cast<OpResult>(value))->get();
    op = before;
  }
  for (; op; op = op->getPrevNode())
    if (auto branch = dyn_cast<scf::IfOp>(op); branch && !branch.thenBlock()->getOps<ts::RaiseOp>().empty())
      return branch;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// References
//===----------------------------------------------------------------------===//

/// Whether something reads `value`, a view of it or a choice that may be it, at or after one of `writes`.
static bool isUsedAfter(Value value, ArrayRef<Operation *> writes) {
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp, tensor::ExtractSliceOp, arith::SelectOp>(
            user)) {
      if (isUsedAfter(user->getResult(0), writes))
        return true;
      continue;
    }
    if (auto branch = dyn_cast<scf::IfOp>(user->getParentOp()); branch && isa<scf::YieldOp>(user)) {
      if (isUsedAfter(branch.getResult(use.getOperandNumber()), writes))
        return true;
      continue;
    }
    if (user->hasTrait<OpTrait::IsTerminator>())
      return true;
    for (Operation *write : writes) {
      Operation *ancestor = write->getBlock()->findAncestorOpInBlock(*user);
      if (ts::endsInRaise(*write->getBlock()) && !ancestor)
        continue; // The call ends there.
      auto loop = write->getParentOfType<LoopLikeOpInterface>();
      bool isRepeated = loop && !loop->isAncestor(value.getParentBlock()->getParentOp());
      if (user != write && (isRepeated || !ancestor || write->isBeforeInBlock(ancestor)))
        return true;
    }
  }
  return false;
}

/// The operand in whose memory a result may be computed, or null.
static OpOperand *getContinued(OpResult result) {
  Operation *op = result.getOwner();
  if (auto style = dyn_cast<DestinationStyleOpInterface>(op))
    return style.getTiedOpOperand(result);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return loop.getTiedLoopInit(result);
  return isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(op) ? &op->getOpOperand(0) : nullptr;
}

/// Whether `value` may be, by a `choice`, one from before that choice which something still reads after `at`. Memory
/// that such a value is computed into, is overwritten at `at` with what else may be chosen.
static bool mayBeOneUsedAfter(Value value, Operation *at, Operation *choice = nullptr) {
  if (choice && !choice->isAncestor(value.getParentBlock()->getParentOp()) && isUsedAfter(value, at))
    return true;
  Operation *op = value.getDefiningOp();
  if (auto branch = dyn_cast_or_null<scf::IfOp>(op)) {
    unsigned number = cast<OpResult>(value).getResultNumber();
    return llvm::any_of(branch->getRegions(), [&](Region &region) {
      return mayBeOneUsedAfter(region.front().getTerminator()->getOperand(number), at, op);
    });
  }
  if (auto select = dyn_cast_or_null<arith::SelectOp>(op))
    return mayBeOneUsedAfter(select.getTrueValue(), at, op) || mayBeOneUsedAfter(select.getFalseValue(), at, op);
  OpOperand *before = op ? getContinued(cast<OpResult>(value)) : nullptr;
  return before && mayBeOneUsedAfter(before->get(), at, choice);
}

/// Whether something that `value` begins with is what another value begins with too: the memory of one would hold the
/// other.
static bool sharesBeginning(Value value) {
  while (auto result = dyn_cast<OpResult>(value)) {
    OpOperand *before = getContinued(result);
    if (!before || before->get().getDefiningOp<tensor::EmptyOp>())
      return false;
    for (OpOperand &use : before->get().getUses())
      if (&use != before &&
          llvm::any_of(use.getOwner()->getResults(), [&](OpResult other) { return getContinued(other) == &use; }))
        return true;
    value = before->get();
  }
  return false;
}

static void lowerRead(IRRewriter &rewriter, ts::ReadOp read, ArrayRef<Operation *> writes) {
  rewriter.setInsertionPoint(read);
  auto type = cast<RankedTensorType>(read.getType());
  MemRefType buffer = getBufferType(type);
  Value reference = read.getReference();
  if (read.getStrided())
    reference = GatherOp::create(rewriter, read.getLoc(), reference.getType(), reference);
  Value data = TensorDataOp::create(rewriter, read.getLoc(), buffer, reference);
  Value value = bufferization::ToTensorOp::create(rewriter, read.getLoc(), type, data, /*restrict=*/true,
                                                  /*writable=*/false);
  if (isUsedAfter(read.getResult(), writes))
    value = bufferization::AllocTensorOp::create(rewriter, read.getLoc(), type, ValueRange(), value);
  rewriter.replaceOp(read, value);
}

/// Writes `value` into `buffer`; through a reshape, so that what computes the
/// reshaped value writes there.
static void materialize(IRRewriter &rewriter, Location loc, Value value, Value buffer) {
  if (auto expand = value.getDefiningOp<tensor::ExpandShapeOp>(); expand && expand->hasOneUse()) {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointAfterValue(buffer);
    auto type = getBufferType(cast<RankedTensorType>(expand.getSrc().getType()));
    buffer = memref::CollapseShapeOp::create(rewriter, loc, type, buffer, expand.getReassociationIndices());
    value = expand.getSrc();
  } else if (auto collapse = value.getDefiningOp<tensor::CollapseShapeOp>();
             collapse && collapse->hasOneUse() && collapse.getSrcType().hasStaticShape()) {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointAfterValue(buffer);
    auto shape = collapse.getSrcType().getShape();
    buffer = memref::ExpandShapeOp::create(rewriter, loc, shape, buffer, collapse.getReassociationIndices());
    value = collapse.getSrc();
  }
  bufferization::MaterializeInDestinationOp::create(rewriter, loc, Type(), value, buffer, /*restrict=*/true,
                                                    /*writable=*/true);
}

static void lowerFromValue(IRRewriter &rewriter, ts::FromValueOp op, ArrayRef<Operation *> writes) {
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  auto type = cast<RankedTensorType>(op.getValue().getType());
  SmallVector<Value> dims;
  Operation *check = type.hasStaticShape() ? nullptr : findLastCheck(op.getValue());
  if (check)
    check = op->getBlock()->findAncestorOpInBlock(*check);
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (!type.isDynamicDim(dim))
      continue;
    dims.push_back(getValueOrCreateConstantIndexOp(rewriter, loc, getSize(rewriter, loc, op.getValue(), dim)));
    hoistIndex(dims.back(), op->getBlock(), check);
  }
  // Only now, for sizes that are computed from the same may move each other.
  Operation *after = check;
  for (Value size : dims) {
    Operation *definition = size.getDefiningOp();
    if (definition && definition->getBlock() == op->getBlock() && (!after || after->isBeforeInBlock(definition)))
      after = definition;
  }
  // Early, so that whatever computes the value can write into it.
  if (after)
    rewriter.setInsertionPointAfter(after);
  else
    rewriter.setInsertionPointToStart(op->getBlock());
  auto created = NewTensorOp::create(rewriter, loc, op.getType(), getBufferType(type), dims);
  rewriter.setInsertionPoint(op);
  // A tensor that is written to later, perhaps by what reads it out of a slot or container, must not share the memory
  // of the value it began with.
  bool isWritten = llvm::any_of(op->getUsers(), llvm::IsaPred<ts::WriteOp>) ||
                   (!op.getValue().hasOneUse() && isUsedAfter(op.getValue(), writes));
  if (isWritten || sharesBeginning(op.getValue()) || mayBeOneUsedAfter(op.getValue(), op))
    bufferization::MaterializeInDestinationOp::create(rewriter, loc, Type(), op.getValue(), created.getBuffer(),
                                                      /*restrict=*/false, /*writable=*/true);
  else
    materialize(rewriter, loc, op.getValue(), created.getBuffer());
  rewriter.replaceOp(op, created.getReference());
}

static LogicalResult lowerWrite(IRRewriter &rewriter, ts::WriteOp write) {
  auto type = dyn_cast<RankedTensorType>(write.getValue().getType());
  if (!type)
    return write.emitError() << "value of a write is a reference, expected a "
                                "tensor value of the same shape";
  rewriter.setInsertionPoint(write);
  Value reference = write.getReference();
  if (write.getStrided())
    reference = GatherOp::create(rewriter, write.getLoc(), reference.getType(), reference);
  Value data = TensorDataOp::create(rewriter, write.getLoc(), getBufferType(type), reference);
  bufferization::MaterializeInDestinationOp::create(rewriter, write.getLoc(), Type(), write.getValue(), data,
                                                    /*restrict=*/false, /*writable=*/true);
  if (write.getStrided())
    ScatterOp::create(rewriter, write.getLoc(), reference, write.getReference(), write.getMayRepeat());
  rewriter.eraseOp(write);
  return success();
}

static LogicalResult lowerSymbol(IRRewriter &rewriter, ts::SymbolOp symbol, func::FuncOp func) {
  auto symbols = func->getAttrOfType<ArrayAttr>("ts.symbols");
  int64_t number = symbol.getNumber();
  if (!symbols || number >= (int64_t)symbols.size())
    return symbol.emitError() << "symbol " << number << " is not in the 'ts.symbols' of the function";
  auto place = cast<ArrayAttr>(symbols[number]);
  Value argument = func.getArgument(cast<IntegerAttr>(place[0]).getInt());
  auto type = cast<ts::TensorType>(argument.getType()).getValueType();
  rewriter.setInsertionPointToStart(&func.front());
  Value data = TensorDataOp::create(rewriter, symbol.getLoc(), getBufferType(type), argument);
  Value dim = memref::DimOp::create(rewriter, symbol.getLoc(), data, cast<IntegerAttr>(place[1]).getInt());
  rewriter.replaceOp(symbol, dim);
  return success();
}

/// Whether a value is `start` with elements written, in this loop or in loops inside of it.
static bool continues(Value value, Value start) {
  while (value != start) {
    Operation *op = value.getDefiningOp();
    if (auto insert = dyn_cast_or_null<tensor::InsertOp>(op))
      value = insert.getDest();
    else if (auto loop = dyn_cast_or_null<scf::ForOp>(op))
      value = loop.getInits()[cast<OpResult>(value).getResultNumber()];
    else
      return false;
  }
  return true;
}

/// Whether a value may be something else that `loop` carries than `own`, as where an iteration exchanges two tensors.
/// What a `while` hands on may be any that it carries, for these have no buffers of their own.
static bool mayBeOther(Value value, scf::ForOp loop, Value own, llvm::SmallPtrSetImpl<Value> &seen) {
  if (value == own || !seen.insert(value).second)
    return false;
  auto anyOf = [&](ValueRange values) {
    return llvm::any_of(values, [&](Value from) { return mayBeOther(from, loop, own, seen); });
  };
  auto argument = dyn_cast<BlockArgument>(value);
  Operation *op = argument ? argument.getOwner()->getParentOp() : value.getDefiningOp();
  if (op == loop)
    return true;
  unsigned number = argument ? argument.getArgNumber() : cast<OpResult>(value).getResultNumber();
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return anyOf({branch.thenYield().getOperand(number), branch.elseYield().getOperand(number)});
  if (auto inner = dyn_cast<scf::ForOp>(op)) {
    unsigned carried = argument ? number - inner.getNumInductionVars() : number;
    return anyOf({inner.getInitArgs()[carried], inner.getBody()->getTerminator()->getOperand(carried)});
  }
  if (isa<scf::WhileOp>(op))
    return true;
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp, tensor::ExtractSliceOp, arith::SelectOp>(op))
    return anyOf(op->getOperands());
  return false;
}

/// Whether `value` is what a loop carries in one buffer, see `keepInPlace`.
static bool isCarried(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return argument && type && type.hasStaticShape() && isa<scf::ForOp>(argument.getOwner()->getParentOp());
}

/// How many uses of a value go on with its memory instead of reading it.
static unsigned countKeepingUses(Value value) {
  unsigned count = 0;
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    auto style = dyn_cast<DestinationStyleOpInterface>(user);
    if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp, tensor::ExtractSliceOp>(user))
      count += countKeepingUses(user->getResult(0));
    else if (user->hasTrait<OpTrait::IsTerminator>() || isa<arith::SelectOp, LoopLikeOpInterface>(user) ||
             (style && style.isDpsInit(&use)))
      ++count;
  }
  return count;
}

/// The values in whose memory `value` may be, of those that live on: what loops carry, what is from before `loop` or
/// only read, and what something else goes on with too.
static void collectOrigins(Value value, scf::ForOp loop, SmallPtrSetImpl<Value> &origins) {
  Operation *op = value.getDefiningOp();
  if (!op || !loop->isAncestor(op) || isa<ts::ReadOp, WeightRefOp>(op) || countKeepingUses(value) > 1) {
    origins.insert(value);
  } else if (auto branch = dyn_cast<scf::IfOp>(op)) {
    for (Region &region : branch->getRegions())
      collectOrigins(region.front().getTerminator()->getOperand(cast<OpResult>(value).getResultNumber()), loop,
                     origins);
  } else if (auto select = dyn_cast<arith::SelectOp>(op)) {
    collectOrigins(select.getTrueValue(), loop, origins);
    collectOrigins(select.getFalseValue(), loop, origins);
  } else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    collectOrigins(slice.getSource(), loop, origins);
  } else if (OpOperand *before = getContinued(cast<OpResult>(value));
             before && !before->get().getDefiningOp<tensor::EmptyOp>()) {
    collectOrigins(before->get(), loop, origins);
  }
}

/// Lets a choice in a loop be in the memory of one thing that a loop carries, and of nothing else that lives on: the
/// loop overwrites that memory when an iteration ends. Other alternatives are copied.
static void copyAlternatives(IRRewriter &rewriter, OpResult choice, ArrayRef<OpOperand *> alternatives) {
  auto type = dyn_cast<RankedTensorType>(choice.getType());
  auto loop = choice.getOwner()->getParentOfType<scf::ForOp>();
  if (!type || !type.hasStaticShape() || !loop)
    return;
  SmallVector<SmallPtrSet<Value, 4>> origins(alternatives.size());
  Value kept;
  for (auto [alternative, values] : llvm::zip_equal(alternatives, origins)) {
    collectOrigins(alternative->get(), loop, values);
    for (Value value : values)
      if (isCarried(value) && !kept)
        kept = value;
  }
  if (!kept)
    return;
  // Best what the choice is carried on as, which then is in place.
  for (OpOperand &use : choice.getUses())
    if (use.getOwner() == loop.getBody()->getTerminator())
      if (Value own = loop.getRegionIterArg(use.getOperandNumber());
          llvm::any_of(origins, [&](auto &values) { return values.contains(own); }))
        kept = own;
  for (auto [alternative, values] : llvm::zip_equal(alternatives, origins)) {
    if (llvm::all_of(values, [&](Value value) { return value == kept; }))
      continue;
    rewriter.setInsertionPoint(alternative->getOwner());
    Location loc = choice.getLoc();
    Value copy = bufferization::AllocTensorOp::create(rewriter, loc, type, ValueRange(), alternative->get());
    rewriter.modifyOpInPlace(alternative->getOwner(), [&] { alternative->set(copy); });
  }
}

static void separateChoice(IRRewriter &rewriter, Operation *op) {
  for (OpResult result : op->getResults()) {
    if (auto branch = dyn_cast<scf::IfOp>(op))
      copyAlternatives(rewriter, result,
                       {&branch.thenYield()->getOpOperand(result.getResultNumber()),
                        &branch.elseYield()->getOpOperand(result.getResultNumber())});
    else
      copyAlternatives(rewriter, result, {&op->getOpOperand(1), &op->getOpOperand(2)});
  }
}

/// What a loop carries stays in one buffer: the value of an iteration is copied
/// into it. One that is in the buffer of another is set aside first, and a loop that begins with what a branch chooses
/// begins with a copy, for that may be what an outer loop carries.
static void keepInPlace(IRRewriter &rewriter, scf::ForOp loop) {
  rewriter.setInsertionPoint(loop);
  for (OpOperand &init : loop.getInitArgsMutable())
    if (auto type = dyn_cast<RankedTensorType>(init.get().getType());
        type && type.hasStaticShape() && isa_and_nonnull<scf::IfOp, arith::SelectOp>(init.get().getDefiningOp()))
      init.set(bufferization::AllocTensorOp::create(rewriter, loop.getLoc(), type, ValueRange(), init.get()));
  Operation *yield = loop.getBody()->getTerminator();
  Location loc = yield->getLoc();
  rewriter.setInsertionPoint(yield);
  SmallVector<std::pair<unsigned, Value>> copied;
  for (auto [index, argument] : llvm::enumerate(loop.getRegionIterArgs())) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    Value yielded = yield->getOperand(index);
    if (!type || !type.hasStaticShape() || continues(yielded, argument))
      continue;
    llvm::SmallPtrSet<Value, 8> seen;
    if (mayBeOther(yielded, loop, argument, seen))
      yielded = bufferization::AllocTensorOp::create(rewriter, loc, type, ValueRange(), yielded);
    copied.emplace_back(index, yielded);
  }
  for (auto [index, value] : copied) {
    auto copy = bufferization::MaterializeInDestinationOp::create(rewriter, loc, value.getType(), value,
                                                                  loop.getRegionIterArg(index));
    yield->setOperand(index, copy.getResult());
  }
}

namespace {
struct PlanBufferizeHostPass : wick::plan::impl::PlanBufferizeHostPassBase<PlanBufferizeHostPass> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (!func.isExternal() && !func->hasAttr(kKernelAttr) && !func->hasAttr(kWorkAttr) && failed(bufferize(func)))
        return signalPassFailure();
  }

  LogicalResult bufferize(func::FuncOp func) {
    IRRewriter rewriter(func.getContext());
    SmallVector<Operation *> writes;
    SmallVector<ts::ReadOp> reads;
    SmallVector<ts::SymbolOp> symbols;
    SmallVector<ts::FromValueOp> creations;
    func.walk([&](Operation *op) {
      llvm::TypeSwitch<Operation *>(op)
          .Case([&](ts::WriteOp write) { writes.push_back(write); })
          .Case([&](ts::ReadOp read) { reads.push_back(read); })
          .Case([&](ts::SymbolOp symbol) { symbols.push_back(symbol); })
          .Case([&](ts::FromValueOp create) { creations.push_back(create); })
          .Case<scf::IfOp, arith::SelectOp>([&](Operation *choice) { separateChoice(rewriter, choice); })
          .Case([&](scf::ForOp loop) { keepInPlace(rewriter, loop); });
    });
    for (ts::ReadOp read : reads)
      lowerRead(rewriter, read, writes);
    for (ts::SymbolOp symbol : symbols)
      if (failed(lowerSymbol(rewriter, symbol, func)))
        return failure();
    for (ts::FromValueOp create : creations)
      lowerFromValue(rewriter, create, writes);
    for (Operation *write : writes)
      if (failed(lowerWrite(rewriter, cast<ts::WriteOp>(write))))
        return failure();
    if (failed(bufferization::eliminateEmptyTensors(rewriter, func)))
      return failure();
    bufferization::OneShotBufferizationOptions options;
    options.allowReturnAllocsFromLoops = true;
    options.bufferAlignment = 64;
    options.unknownTypeConverterFn = [](TensorType type, Attribute space, const bufferization::BufferizationOptions &) {
      return bufferization::getMemRefTypeWithStaticIdentityLayout(type, space);
    };
    bufferization::BufferizationState state;
    return bufferization::runOneShotBufferize(func, options, state);
  }
};
} // namespace
