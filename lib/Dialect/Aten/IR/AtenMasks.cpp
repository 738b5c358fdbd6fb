//===- AtenMasks.cpp - indices that are masks --------------------------------===//
//
// A mask stands for the positions of its true elements in the dims that it covers, which
// are taken as one dim. Where one value is written it stays a mask, and no size depends
// on data.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h"
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

class MaskedIndex {
public:
  /// Of a list in which a mask is the only index that is not None.
  static std::optional<MaskedIndex> find(Operation *op, OpBuilder &builder, Facts &facts, Value list) {
    std::optional<SmallVector<Value>> indices = facts.getList(list);
    if (!indices)
      return std::nullopt;
    std::optional<MaskedIndex> found;
    for (auto [position, index] : llvm::enumerate(*indices)) {
      if (facts.isNone(index))
        continue;
      Value mask = index;
      while (isa_and_nonnull<ts::UpcastOp, ts::UncheckedCastOp>(mask.getDefiningOp()))
        mask = mask.getDefiningOp()->getOperand(0);
      ts::TensorType type = facts.getTensor(mask);
      bool isMask = type.isTyped() && (type.getDtype().isInteger(1) || type.getDtype().isUnsignedInteger(8));
      if (found || !isMask || type.getRank() == 0)
        return std::nullopt;
      found.emplace(MaskedIndex(op, builder, *indices, mask, position, type.getRank()));
    }
    return found;
  }

  /// An error unless the mask has the sizes of the dims that it covers.
  LogicalResult check(ts::TensorType self, ts::TensorType mask) {
    if (first + rank > self.getRank())
      return op->emitOpError() << "has too many indices for a tensor of shape " << printSizes(self.getDims());
    for (int64_t i = 0; i < rank; ++i) {
      AffineExpr size = self.getDims()[first + i], own = mask.getDims()[i];
      if (areDistinct(size, own))
        return op->emitOpError() << "The shape of the mask " << printSizes(mask.getDims()) << " at index " << i
                                 << " does not match the shape of the indexed tensor " << printSizes(self.getDims())
                                 << " at index " << first + i;
    }
    return success();
  }

  /// Raises where only run time tells that a mask has other sizes.
  void checkAtRunTime(Value self, ts::TensorType selfType, ts::TensorType maskType) {
    Location loc = op->getLoc();
    SmallVector<Value> sizes;
    auto append = [&](Value tensor, int64_t count) {
      for (int64_t dim = 0; dim < count; ++dim)
        sizes.push_back(ts::SizeOp::create(builder, loc, builder.getI64Type(), tensor, integer(dim)));
    };
    for (int64_t i = 0; i < rank; ++i) {
      AffineExpr size = selfType.getDims()[first + i], own = maskType.getDims()[i];
      if (size && size == own)
        continue;
      if (sizes.empty()) {
        append(mask, rank);
        append(self, selfType.getRank());
      }
      Value differs = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, sizes[i], sizes[rank + first + i]);
      ts::raiseIf(builder, loc, differs,
                  "The shape of the mask " + ts::getListForm(rank) + " at index " + std::to_string(i) +
                      " does not match the shape of the indexed tensor " + ts::getListForm(selfType.getRank()) +
                      " at index " + std::to_string(first + i),
                  sizes);
    }
  }

  /// The covered dims as one.
  Value flatten(Value tensor, int64_t start) {
    if (rank == 1)
      return tensor;
    return FlattenOp::create(builder, op->getLoc(), type(), tensor, integer(start), integer(start + rank - 1));
  }

  /// The positions in that dim.
  Value positions() {
    Value found = NonzeroOp::create(builder, op->getLoc(), type(), flatten(mask, 0));
    return SelectOp::create(builder, op->getLoc(), type(), found, integer(1), integer(0));
  }

  /// The list with positions for the mask.
  Value list(Type listType) {
    SmallVector<Value> elements(ArrayRef(indices).take_front(first));
    Value found = positions();
    Type element = cast<ts::ListType>(listType).getElementType();
    if (!isa<ts::TensorType>(element))
      found = ts::UpcastOp::create(builder, op->getLoc(), element, found);
    elements.push_back(found);
    return ts::ListConstructOp::create(builder, op->getLoc(), listType, elements);
  }

  /// The mask with dims for the rest of a tensor of some rank.
  Value broadcast(int64_t selfRank) {
    Value result = mask;
    for (int64_t i = first + rank; i < selfRank; ++i)
      result = UnsqueezeOp::create(builder, op->getLoc(), type(), result, integer(-1));
    return result;
  }

  Type type() { return ts::TensorType::get(builder.getContext()); }
  Value integer(int64_t value) { return buildInt(builder, op->getLoc(), value); }

  Value mask;
  int64_t first, rank;

private:
  MaskedIndex(Operation *op, OpBuilder &builder, ArrayRef<Value> indices, Value mask, int64_t first, int64_t rank)
      : mask(mask), first(first), rank(rank), op(op), builder(builder), indices(indices) {}

  Operation *op;
  OpBuilder &builder;
  SmallVector<Value> indices;
};

} // namespace

FailureOr<SmallVector<Value>> IndexOp::decompose(OpBuilder &builder, Facts &facts) {
  auto masked = MaskedIndex::find(*this, builder, facts, getIndices());
  ts::TensorType self = facts.getTensor(getSelf());
  if (!masked || !self.getHasRank())
    return failure();
  if (failed(masked->check(self, facts.getTensor(masked->mask))))
    return failure();
  masked->checkAtRunTime(getSelf(), self, facts.getTensor(masked->mask));
  Value source = masked->flatten(getSelf(), masked->first);
  return SmallVector<Value>{IndexSelectOp::create(builder, getLoc(), masked->type(), source,
                                                  masked->integer(masked->first), masked->positions())};
}

FailureOr<SmallVector<Value>> IndexPutOp::decompose(OpBuilder &builder, Facts &facts) {
  auto masked = MaskedIndex::find(*this, builder, facts, getIndices());
  ts::TensorType self = facts.getTensor(getSelf()), values = facts.getTensor(getValues());
  std::optional<bool> accumulates = facts.getBool(getAccumulate());
  if (!masked || !self.getHasRank() || !values.getHasRank() || !accumulates)
    return failure();
  if (failed(masked->check(self, facts.getTensor(masked->mask))))
    return failure();
  masked->checkAtRunTime(getSelf(), self, facts.getTensor(masked->mask));
  if (values.getRank() == 0 && !*accumulates)
    return SmallVector<Value>{MaskedFillOp::create(builder, getLoc(), masked->type(), getSelf(),
                                                   masked->broadcast(self.getRank()), getValues())};
  Value target = masked->flatten(getSelf(), masked->first);
  Value list = masked->list(getIndices().getType());
  Value written = create(builder, getLoc(), masked->type(), target, list, getValues(), getAccumulate());
  if (target != getSelf())
    written = ViewAsOp::create(builder, getLoc(), masked->type(), written, getSelf());
  return SmallVector<Value>{written};
}
