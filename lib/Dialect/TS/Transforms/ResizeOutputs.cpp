//===- ResizeOutputs.cpp - outputs of another shape than the result -----------===//
//
// What is given as `out` gets the shape of the result. A tensor that the program has made, and that nothing else shows,
// is from there on the result itself.
//
//===----------------------------------------------------------------------===//
#include "ObjectImage.h"
#include "OperatorRules.h"
#include "TypeInference.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Whether an operation gives new memory.
static bool makesTensor(Operation *op) {
  bool isOperator = op && isa<aten::AtenDialect>(op->getDialect()) && !isa<aten::ViewInterface>(op) &&
                    llvm::all_of(op->getResultTypes(), llvm::IsaPred<ts::TensorType>);
  return isa_and_nonnull<NumberToTensorOp>(op) || (isOperator && !mayGiveBackOperand(op));
}

/// Whether until `write` a tensor is known here alone, and views of it only before.
static bool isOnlyKnownHere(Value tensor, WriteOp write, bool isView = false) {
  return llvm::all_of(tensor.getUsers(), [&](Operation *user) {
    Operation *place = write->getBlock()->findAncestorOpInBlock(*user);
    if (place && write->isBeforeInBlock(place))
      return !isView;
    if (makesTensor(user) || isa<WriteOp, ItemOp, SizeOp, RankOp, NumelOp, DtypeOp, SizesOp>(user))
      return true;
    return isa<aten::AtenDialect>(user->getDialect()) &&
           llvm::all_of(user->getResults(), [&](Value view) { return isOnlyKnownHere(view, write, /*isView=*/true); });
  });
}

bool TypeInference::resizeOutput(WriteOp op) {
  Value out = op.getReference(), value = op.getValue();
  auto own = cast<ts::TensorType>(out.getType()), given = dyn_cast<ts::TensorType>(value.getType());
  // LibTorch resizes no tensor that the operator also reads, and what it does for other dtypes is up to the operator.
  Operation *maker = value.getDefiningOp();
  if (!op->hasAttr(kOutputAttr) || !given || !given.isTyped() || given.getDtype() != own.getDtype() || !maker ||
      llvm::is_contained(maker->getOperands(), out) || !makesTensor(out.getDefiningOp()) ||
      out.getParentBlock() != op->getBlock() || !isOnlyKnownHere(out, op))
    return false;
  ArrayRef<AffineExpr> sizes = given.getDims();
  if (own.getHasRank() && own.getDims() == sizes && !llvm::is_contained(sizes, AffineExpr()))
    return false;
  // What the prelude computes may be a view.
  if (!makesTensor(maker)) {
    value = aten::CloneOp::create(rewriter, op.getLoc(), given, value);
    maker = value.getDefiningOp();
  }
  // It is not memory that the operator has made.
  maker->setAttr(kOutputAttr, rewriter.getUnitAttr());
  rewriter.replaceUsesWithIf(out, value, [&](OpOperand &use) {
    Operation *place = op->getBlock()->findAncestorOpInBlock(*use.getOwner());
    return place && op->isBeforeInBlock(place);
  });
  rewriter.eraseOp(op);
  return true;
}
