//===- InPlaceViews.cpp - tensors that get another shape in place ------------===//
//
// `x.unsqueeze_(0)` makes of the tensor `x` the view that `x.unsqueeze(0)` is. What uses `x` afterwards uses the view;
// where a branch has changed it, what the branch leaves:
//
//   scf.if %p {                                           %z = scf.if %p {
//     ts.operator @"aten::unsqueeze_"(%x, %c0)              %y = aten.unsqueeze %x, %c0
//   }                                                       scf.yield %y
//   use(%x)                                               } else { scf.yield %x }
//                                                         use(%z)
//
// That is all there is to see where the tensor has no other name, which may be in a container, a slot, or with a
// caller.
//
//===----------------------------------------------------------------------===//
#include "ObjectImage.h"
#include "OperatorRules.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

bool wick::ts::changesShape(OperatorOp op) {
  return llvm::is_contained(
      {"aten::unsqueeze_", "aten::squeeze_", "aten::t_", "aten::transpose_", "aten::swapaxes_", "aten::swapdims_"},
      getBaseName(op));
}

/// Whether an operation stands behind another, in its block or one around it.
static bool isBehind(Operation *user, Operation *op) {
  for (; op; op = op->getParentOp())
    if (Operation *ancestor = op->getBlock() ? op->getBlock()->findAncestorOpInBlock(*user) : nullptr)
      return op->isBeforeInBlock(ancestor);
  return false;
}

/// Whether a tensor has been made by an operator, and no use of it before `change` gives it another name.
static bool hasOneName(Value tensor, Operation *change) {
  Operation *op = tensor.getDefiningOp();
  auto made = dyn_cast_or_null<OperatorOp>(op);
  auto schema = made ? SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, made.getSchemaAttr()) : SchemaOp();
  bool isNew =
      schema ? schema.getAliases().empty() && schema.getWrites().empty() &&
                   llvm::all_of(
                       op->getOperandTypes(),
                       llvm::IsaPred<ts::TensorType, IntegerType, FloatType, ts::NoneType, OptionalType, NumberType>)
             : isa_and_nonnull<aten::AtenDialect>(op ? op->getDialect() : nullptr) && !mayGiveBackOperand(op);
  return isNew && llvm::all_of(tensor.getUsers(), [&](Operation *user) {
           auto call = dyn_cast<OperatorOp>(user);
           return isBehind(user, change) || isa<WriteOp, ItemOp, RankOp, SizeOp, SizesOp, NumelOp, DtypeOp>(user) ||
                  (isa<aten::AtenDialect>(user->getDialect()) && !mayGiveBackOperand(user)) ||
                  (call && llvm::all_of(call.getArguments(),
                                        [](Value argument) { return !isa<ListType, DictType>(argument.getType()); }));
         });
}

/// Uses `changed` instead of a tensor wherever `op` may have been executed before: behind it in its block, and in those
/// around, where the branch that it stands in hands on one or the other.
static void replaceBehind(Operation *op, Value tensor, Value changed) {
  Block *block = op->getBlock();
  tensor.replaceUsesWithIf(changed, [&](OpOperand &use) { return isAfter(use.getOwner(), op, block); });
  if (block == tensor.getParentBlock())
    return;
  auto branch = cast<scf::IfOp>(block->getParentOp());
  OpBuilder builder(branch);
  SmallVector<Type> types(branch.getResultTypes());
  types.push_back(changed.getType());
  auto wider = scf::IfOp::create(builder, branch.getLoc(), types, branch.getCondition(), /*addThenBlock=*/false,
                                 /*addElseBlock=*/false);
  for (auto [to, from] : llvm::zip(wider->getRegions(), branch->getRegions())) {
    to.takeBody(from);
    if (to.empty()) {
      builder.createBlock(&to);
      scf::YieldOp::create(builder, branch.getLoc());
    }
    Operation *yield = to.front().getTerminator();
    yield->insertOperands(yield->getNumOperands(), &to.front() == block ? changed : tensor);
  }
  branch->replaceAllUsesWith(wider->getResults().drop_back());
  branch.erase();
  replaceBehind(wider, tensor, wider->getResults().back());
}

bool wick::ts::replaceChangedShape(OperatorOp op, llvm::function_ref<Value()> buildView) {
  Value tensor = lookThroughCasts(op.getArguments()[0]);
  if (tensor != op.getArguments()[0] || !hasOneName(tensor, op))
    return false;
  for (Block *block = op->getBlock(); block != tensor.getParentBlock(); block = block->getParentOp()->getBlock())
    if (!isa<scf::IfOp>(block->getParentOp()))
      return false;
  Value view = buildView();
  if (!view)
    return false;
  op->getResult(0).replaceAllUsesWith(view);
  Operation *made = view.getDefiningOp();
  op.erase();
  replaceBehind(made, tensor, view);
  return true;
}
