//===- AtenMasks.cpp - indices that are masks --------------------------------===//
//
// A mask stands for the positions of its true elements in the dims that it covers, which
// are taken as one dim, or for an index for each of them where other indices stand beside it.
// Where one value is written it stays a mask, and no size depends on data.
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
  MaskedIndex(Operation *op, OpBuilder &builder, Value mask, int64_t first, int64_t rank)
      : mask(mask), first(first), rank(rank), op(op), builder(&builder) {}

  /// An error unless the mask has the sizes of the dims that it covers.
  LogicalResult check(ts::TensorType self, ts::TensorType mask) {
    for (int64_t i = 0; i < rank; ++i) {
      if (failed(wrapDim(op, first + i, self.getRank())))
        return failure();
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
        sizes.push_back(ts::SizeOp::create(*builder, loc, builder->getI64Type(), tensor, integer(dim)));
    };
    for (int64_t i = 0; i < rank; ++i) {
      AffineExpr size = selfType.getDims()[first + i], own = maskType.getDims()[i];
      if (size && size == own)
        continue;
      if (sizes.empty()) {
        append(mask, rank);
        append(self, selfType.getRank());
      }
      Value differs = arith::CmpIOp::create(*builder, loc, arith::CmpIPredicate::ne, sizes[i], sizes[rank + first + i]);
      ts::raiseIf(*builder, loc, differs,
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
    return FlattenOp::create(*builder, op->getLoc(), type(), tensor, integer(start), integer(start + rank - 1));
  }

  /// The positions in the covered dims taken as one.
  Value positions() { return selectColumn(NonzeroOp::create(*builder, op->getLoc(), type(), flatten(mask, 0)), 0); }

  /// The positions in each of the covered dims.
  SmallVector<Value> positionsByDim() {
    Value found = NonzeroOp::create(*builder, op->getLoc(), type(), mask);
    return llvm::map_to_vector(llvm::seq(rank), [&](int64_t dim) { return selectColumn(found, dim); });
  }

  /// The mask with dims for the rest of a tensor of some rank.
  Value broadcast(int64_t selfRank) {
    Value result = mask;
    for (int64_t i = first + rank; i < selfRank; ++i)
      result = UnsqueezeOp::create(*builder, op->getLoc(), type(), result, integer(-1));
    return result;
  }

  Type type() { return ts::TensorType::get(builder->getContext()); }
  Value integer(int64_t value) { return buildInt(*builder, op->getLoc(), value); }

  Value mask;
  int64_t first, rank;

private:
  Value selectColumn(Value rows, int64_t column) {
    return SelectOp::create(*builder, op->getLoc(), type(), rows, integer(1), integer(column));
  }

  Operation *op;
  OpBuilder *builder;
};

/// A list of indices of which some are masks.
class MaskedIndices {
public:
  /// Nothing where no index is a mask, or where that is not known of each. Checks the sizes of masks.
  static FailureOr<MaskedIndices> find(Operation *op, OpBuilder &builder, Facts &facts, Value self, Value list) {
    std::optional<SmallVector<Value>> indices = facts.getList(list);
    ts::TensorType type = facts.getTensor(self);
    if (!indices || !type.getHasRank() || int64_t(indices->size()) > type.getRank())
      return failure();
    MaskedIndices found(op, builder, *indices, list.getType());
    int64_t dim = 0;
    for (Value index : *indices) {
      std::optional<MaskedIndex> &mask = found.masks.emplace_back();
      int64_t covered = 1;
      if (!facts.isNone(index)) {
        Value tensor = index;
        while (!isa<ts::TensorType>(tensor.getType()) &&
               isa_and_nonnull<ts::UpcastOp, ts::UncheckedCastOp>(tensor.getDefiningOp()))
          tensor = tensor.getDefiningOp()->getOperand(0);
        ts::TensorType indexType = facts.getTensor(tensor);
        if (!indexType.isTyped())
          return failure();
        ++found.numTensors;
        if (indexType.getDtype().isInteger(1) || indexType.getDtype().isUnsignedInteger(8)) {
          covered = indexType.getRank();
          if (covered == 0)
            return failure();
          mask.emplace(op, builder, tensor, dim, covered);
        }
      }
      dim += covered;
    }
    if (llvm::none_of(found.masks, [](auto &mask) { return mask.has_value(); }))
      return failure();
    for (std::optional<MaskedIndex> &mask : found.masks)
      if (mask && failed(mask->check(type, facts.getTensor(mask->mask))))
        return failure();
    // As LibTorch asks for the size of a dim that no index may have.
    if (dim > type.getRank() && failed(wrapDim(op, type.getRank(), type.getRank())))
      return failure();
    for (std::optional<MaskedIndex> &mask : found.masks)
      if (mask)
        mask->checkAtRunTime(self, type, facts.getTensor(mask->mask));
    return found;
  }

  /// The mask where it is the only index that is not None; else null.
  MaskedIndex *getOnly() {
    if (numTensors != 1)
      return nullptr;
    return &**llvm::find_if(masks, [](auto &mask) { return mask.has_value(); });
  }

  /// The list in which `expand` gives what stands for each mask.
  Value list(llvm::function_ref<SmallVector<Value>(MaskedIndex &)> expand) {
    SmallVector<Value> elements;
    Type element = cast<ts::ListType>(listType).getElementType();
    for (auto [index, mask] : llvm::zip(indices, masks)) {
      if (!mask) {
        elements.push_back(index);
        continue;
      }
      for (Value found : expand(*mask)) {
        if (!isa<ts::TensorType>(element))
          found = ts::UpcastOp::create(*builder, op->getLoc(), element, found);
        elements.push_back(found);
      }
    }
    return ts::ListConstructOp::create(*builder, op->getLoc(), listType, elements);
  }

  /// The list in which positions in each dim stand for the masks.
  Value expandedList() {
    return list([](MaskedIndex &mask) { return mask.positionsByDim(); });
  }

private:
  MaskedIndices(Operation *op, OpBuilder &builder, ArrayRef<Value> indices, Type listType)
      : op(op), builder(&builder), indices(indices), listType(listType) {}

  Operation *op;
  OpBuilder *builder;
  SmallVector<Value> indices;
  SmallVector<std::optional<MaskedIndex>> masks; // one for each index
  int64_t numTensors = 0;
  Type listType;
};

} // namespace

FailureOr<SmallVector<Value>> IndexOp::decompose(OpBuilder &builder, Facts &facts) {
  auto masked = MaskedIndices::find(*this, builder, facts, getSelf(), getIndices());
  if (failed(masked))
    return failure();
  MaskedIndex *only = masked->getOnly();
  if (!only)
    return SmallVector<Value>{create(builder, getLoc(), getType(), getSelf(), masked->expandedList())};
  Value source = only->flatten(getSelf(), only->first);
  return SmallVector<Value>{
      IndexSelectOp::create(builder, getLoc(), only->type(), source, only->integer(only->first), only->positions())};
}

FailureOr<SmallVector<Value>> IndexPutOp::decompose(OpBuilder &builder, Facts &facts) {
  ts::TensorType self = facts.getTensor(getSelf()), values = facts.getTensor(getValues());
  std::optional<bool> accumulates = facts.getBool(getAccumulate());
  if (!values.getHasRank() || !accumulates)
    return failure();
  auto masked = MaskedIndices::find(*this, builder, facts, getSelf(), getIndices());
  if (failed(masked))
    return failure();
  MaskedIndex *only = masked->getOnly();
  if (!only)
    return SmallVector<Value>{
        create(builder, getLoc(), getType(), getSelf(), masked->expandedList(), getValues(), getAccumulate())};
  if (values.getRank() == 0 && !*accumulates)
    return SmallVector<Value>{
        MaskedFillOp::create(builder, getLoc(), only->type(), getSelf(), only->broadcast(self.getRank()), getValues())};
  Value target = only->flatten(getSelf(), only->first);
  Value list = masked->list([](MaskedIndex &mask) { return SmallVector<Value>{mask.positions()}; });
  Value written = create(builder, getLoc(), only->type(), target, list, getValues(), getAccumulate());
  if (target != getSelf())
    written = ViewAsOp::create(builder, getLoc(), only->type(), written, getSelf());
  return SmallVector<Value>{written};
}
