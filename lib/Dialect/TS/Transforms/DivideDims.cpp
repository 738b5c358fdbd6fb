//===- DivideDims.cpp - code for each of the dims that an operator may take -===//
//
// Shapes and loops are for known dims. Where only run time knows along which dim an operator works, it stands in
// branches, one for each dim of its tensor:
//
//   %y = aten.sum %x, %d, ...           %p = whether %d is 0, from either end
//                                       %y = scf.if %p { yield aten.sum %x, 0, ... }
//                                            else { ... the next dim, or a raise }
//
//===----------------------------------------------------------------------===//
#include "TypeInference.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Several dims of one operator multiply: no more branches than this.
static constexpr int64_t kMaxBranches = 64;

/// The operands of an operator that are dims, or lists of them.
static SmallVector<unsigned> getDimOperands(Operation *op) {
  if (isa<SizeOp>(op))
    return {1};
  SmallVector<unsigned> numbers;
  auto *dialect = dyn_cast<aten::AtenDialect>(op->getDialect());
  if (!dialect || !isa<aten::TypeInferenceInterface>(op))
    return numbers;
  static constexpr StringLiteral names[] = {"dim",   "dim0",      "dim1",    "dims",   "dimension",  "axis0",
                                            "axis1", "start_dim", "end_dim", "source", "destination"};
  for (auto [i, name] : llvm::enumerate(dialect->getOperandNames(op)))
    if (llvm::is_contained(names, name))
      numbers.push_back(i);
  return numbers;
}

/// The rank of what an operator works on.
static std::optional<int64_t> getRank(aten::Facts &facts, Value operand) {
  if (std::optional<SmallVector<Value>> list = facts.getList(operand); list && !list->empty())
    operand = list->front();
  ts::TensorType type = facts.getTensor(operand);
  return type.getHasRank() ? std::optional<int64_t>(type.getRank()) : std::nullopt;
}

bool TypeInference::divideDims(Operation *op) {
  struct Dim {
    unsigned operand;
    std::optional<unsigned> element; // of a list
    Value value;
  };
  SmallVector<Dim> open;
  for (unsigned number : getDimOperands(op)) {
    Value operand = stripUpcasts(op->getOperand(number));
    if (operand.getType().isInteger(64)) {
      if (!facts.getConstantInt(operand))
        open.push_back({number, std::nullopt, operand});
    } else if (std::optional<SmallVector<Value>> list = facts.getList(operand))
      for (auto [i, element] : llvm::enumerate(*list))
        if (element.getType().isInteger(64) && !facts.getConstantInt(element))
          open.push_back({number, i, element});
  }
  if (open.empty() || isLong(op))
    return false;
  std::optional<int64_t> rank = getRank(facts, op->getOperand(0));
  if (!rank)
    return false;
  // Where a new dim may stand there is one place more.
  int64_t range = std::max<int64_t>(*rank + isa<aten::UnsqueezeOp, aten::StackOp>(op), 1), branches = 1;
  for (size_t i = 0; i < open.size(); ++i)
    if ((branches *= range) > kMaxBranches)
      return false;

  Location loc = op->getLoc();
  Dim dim = open.front();
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(value));
  };
  auto compare = [&](arith::CmpIPredicate predicate, int64_t value) {
    return arith::CmpIOp::create(rewriter, loc, predicate, dim.value, constant(value));
  };
  auto is = [&](unsigned i) -> Value {
    Value fromFront = compare(arith::CmpIPredicate::eq, i), fromBack = compare(arith::CmpIPredicate::eq, i - range);
    auto either = arith::OrIOp::create(rewriter, loc, fromFront, fromBack);
    either->setAttr(kAsksDim, rewriter.getUnitAttr());
    return either;
  };
  auto build = [&](unsigned i) {
    Value known = constant(i);
    if (dim.element) {
      SmallVector<Value> elements = *facts.getList(stripUpcasts(op->getOperand(dim.operand)));
      elements[*dim.element] = known;
      known = ListConstructOp::create(rewriter, loc, ListType::get(op->getContext(), rewriter.getI64Type()), elements);
    }
    Operation *copy = rewriter.clone(*op);
    rewriter.modifyOpInPlace(copy, [&] { copy->setOperand(dim.operand, known); });
    return llvm::to_vector_of<Value>(copy->getResults());
  };
  auto raiseOther = [&] {
    std::string form =
        llvm::formatv("Dimension out of range (expected to be in range of [{0}, {1}], but got ", -range, range - 1);
    raise(rewriter, loc, form + "{})", {dim.value});
  };
  rewriter.replaceOp(op, chooseOrRaise(rewriter, loc, op->getResultTypes(), range, is, build, raiseOther));
  return true;
}
