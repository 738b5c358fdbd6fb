//===- EmptyReads.cpp - reads of what nothing stores -------------------------===//
//
// Of a list, attribute or optional attribute in which no compiled method stores a tensor, types say nothing. What reads
// one raises, as it does in LibTorch; what stands behind it is never reached and says nothing.
//
//===----------------------------------------------------------------------===//
#include "ObjectImage.h"
#include "OperatorRules.h"
#include "References.h"
#include "TypeInference.h"

#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Whether an attribute is read of objects that no code makes: nothing stores the tensors in it.
static bool isNeverStored(GetAttrOp get) {
  if (!needsTensors(get.getType()) || get.getType() != eraseTensorTypes(get.getType()))
    return false;
  return !get->getParentOfType<ModuleOp>()
              .walk([&](SetAttrOp set) {
                Type object = lookThroughCasts(set.getObject()).getType();
                bool isIt = set.getNameAttr() == get.getNameAttr() &&
                            (!isa<ObjectType>(object) || object == get.getObject().getType());
                return isIt ? WalkResult::interrupt() : WalkResult::advance();
              })
              .wasInterrupted();
}

/// Whether `op` takes what is not None out of None, or out of an attribute in which only None is stored: a branch that
/// is not entered, or not before code that this is not compiled with stores something.
static bool isOfNone(UncheckedCastOp op) {
  if (isa<ts::NoneType>(lookThroughCasts(op.getValue()).getType()))
    return holdsTensor(op.getType());
  auto get = op.getValue().getDefiningOp<GetAttrOp>();
  AttrOp attr = get && holdsTensor(op.getType()) ? lookupAttr(get) : AttrOp();
  return attr && attr->hasAttr(kOnlyNone);
}

static constexpr StringLiteral kNotStored =
    "an element is read that no compiled method stores; compile the methods together";

bool TypeInference::raiseAtEmptyList(Operation *op) {
  if (!contents || !isa<aten::CatOp, aten::StackOp>(op) || !contents->isEmptyRead(op))
    return false;
  // One that begins with elements is not empty, whatever is written to it later.
  auto made = lookThroughCasts(op->getOperand(0)).getDefiningOp<ListConstructOp>();
  if (made && !made.getElements().empty())
    return false;
  Location loc = op->getLoc();
  rewriter.setInsertionPointAfter(op);
  Value count = createOperator(rewriter, loc, "aten::len.t", {"a"}, rewriter.getI64Type(), op->getOperand(0));
  Contents::standIn(count.getDefiningOp(), op);
  Value zero = arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(0));
  Value isEmpty = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::eq, count, zero);
  raiseIf(rewriter, loc, isEmpty,
          isa<aten::StackOp>(op) ? "stack expects a non-empty TensorList"
                                 : "torch.cat(): expected a non-empty list of Tensors");
  raise(rewriter, loc, kNotStored);
  op->getResult(0).setType(replaceUnknown(eraseTensorTypes(op->getResult(0).getType())));
  return true;
}

void TypeInference::raiseAtEmptyRead(Operation *op) {
  auto get = dyn_cast<GetAttrOp>(op);
  auto cast = dyn_cast<UncheckedCastOp>(op);
  if (!contents || !(get ? isNeverStored(get) : contents->isEmptyRead(op) || (cast && isOfNone(cast))))
    return;
  // The read itself raises, unless code that this is not compiled with stored something.
  rewriter.setInsertionPointAfter(op);
  if (isa<OperatorOp>(op))
    op->setAttr(kRaisesAttr, rewriter.getUnitAttr());
  raise(rewriter, op->getLoc(), kNotStored);
  op->getResult(0).setType(replaceUnknown(eraseTensorTypes(op->getResult(0).getType())));
}
