//===- AtenViewParts.cpp - writing through views, and lists of views --------===//
//
// How a write through a view changes the tensor it shows (`ViewInterface`), and how
// the operators that return lists of views become the views themselves.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/Raise.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

//===----------------------------------------------------------------------===//
// Writes through views
//===----------------------------------------------------------------------===//

/// A view of all elements in order: the base is the update in the base's shape.
static FailureOr<Value> scatterReshaped(Operation *op, OpBuilder &builder, Value base, Value update) {
  return ViewAsOp::create(builder, op->getLoc(), base.getType(), update, base).getResult();
}

/// The reference that a function of the runtime makes of `source`, typed as the result of `op` is.
static FailureOr<Value> buildView(Operation *op, OpBuilder &builder, StringRef name, Value source,
                                  ValueRange operands) {
  auto value = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!value)
    return failure();
  SmallVector<Value> arguments{source};
  llvm::append_range(arguments, operands);
  return ts::createOperator(builder, op->getLoc(), name, {"self"}, ts::TensorType::getFromValueType(value), arguments);
}

/// The sizes of the result of `op`, one by one.
static SmallVector<Value> buildSizes(Operation *op, OpBuilder &builder) {
  SmallVector<Value> sizes;
  for (int64_t dim = 0; dim < cast<RankedTensorType>(op->getResult(0).getType()).getRank(); ++dim)
    sizes.push_back(ts::SizeOp::create(builder, op->getLoc(), builder.getI64Type(), op->getResult(0),
                                       buildInt(builder, op->getLoc(), dim)));
  return sizes;
}

/// The function of the runtime that shows elements in another shape. Whatever the strides are, `_unsafe_view` does.
static StringRef getReshapeFunction(aten::ViewInterface view) {
  auto imported = view->getAttrOfType<StringAttr>(kSchemaAttr);
  bool takesAny = view.mayCopy() || (imported && imported.getValue() == "aten::_unsafe_view");
  return takesAny ? "wick::reshape" : "wick::view";
}

#define WICK_RESHAPED(OP)                                                                                              \
  FailureOr<Value> OP::buildScatter(OpBuilder &builder, Value base, Value update) {                                    \
    return scatterReshaped(*this, builder, base, update);                                                              \
  }                                                                                                                    \
  FailureOr<Value> OP::buildReference(OpBuilder &builder, Value source) {                                              \
    return buildView(*this, builder, getReshapeFunction(*this), source, buildSizes(*this, builder));                   \
  }
WICK_RESHAPED(ViewAsSizeOp)
WICK_RESHAPED(ReshapeToOp)
WICK_RESHAPED(ViewAsOp)
WICK_RESHAPED(FlattenOp)
WICK_RESHAPED(UnflattenOp)
WICK_RESHAPED(UnsqueezeOp)
WICK_RESHAPED(SqueezeOp)
#undef WICK_RESHAPED

bool ReshapeToOp::mayCopy() { return true; }
bool ViewAsOp::mayCopy() { return true; }
bool FlattenOp::mayCopy() { return true; }

static FailureOr<Value> scatterPermuted(Operation *op, OpBuilder &builder, Value base, Value update) {
  StaticFacts facts;
  FailureOr<Permutation> permutation = getPermutation(op, facts);
  if (failed(permutation) || !*permutation)
    return failure();
  SmallVector<int64_t> inverse((*permutation)->size());
  for (auto [i, dim] : llvm::enumerate(**permutation))
    inverse[dim] = i;
  Value dims = buildIntList(builder, op->getLoc(), inverse);
  return PermuteOp::create(builder, op->getLoc(), base.getType(), update, dims).getResult();
}

static FailureOr<Value> buildPermuted(Operation *op, OpBuilder &builder, Value source) {
  StaticFacts facts;
  FailureOr<Permutation> permutation = getPermutation(op, facts);
  if (failed(permutation) || !*permutation)
    return failure();
  SmallVector<Value> dims;
  for (int64_t dim : **permutation)
    dims.push_back(buildInt(builder, op->getLoc(), dim));
  return buildView(op, builder, "wick::permute", source, dims);
}

#define WICK_PERMUTED(OP)                                                                                              \
  FailureOr<Value> OP::buildScatter(OpBuilder &builder, Value base, Value update) {                                    \
    return scatterPermuted(*this, builder, base, update);                                                              \
  }                                                                                                                    \
  FailureOr<Value> OP::buildReference(OpBuilder &builder, Value source) {                                              \
    return buildPermuted(*this, builder, source);                                                                      \
  }
WICK_PERMUTED(TransposeOp)
WICK_PERMUTED(SwapaxesOp)
WICK_PERMUTED(TOp)
WICK_PERMUTED(NumpyTOp)
WICK_PERMUTED(MTOp)
WICK_PERMUTED(PermuteOp)
WICK_PERMUTED(MovedimOp)
#undef WICK_PERMUTED

FailureOr<Value> ViewAsRealOp::buildScatter(OpBuilder &builder, Value base, Value update) {
  return ViewAsComplexOp::create(builder, getLoc(), base.getType(), update).getResult();
}

FailureOr<Value> ViewAsComplexOp::buildScatter(OpBuilder &builder, Value base, Value update) {
  return ViewAsRealOp::create(builder, getLoc(), base.getType(), update).getResult();
}

FailureOr<Value> ViewAsRealOp::buildReference(OpBuilder &builder, Value source) {
  return buildView(*this, builder, "wick::view_as_real", source, {});
}

FailureOr<Value> ViewAsComplexOp::buildReference(OpBuilder &builder, Value source) {
  return buildView(*this, builder, "wick::view_as_complex", source, {});
}

/// An expansion can be written through only where it repeats nothing.
static FailureOr<Value> scatterExpanded(Operation *op, OpBuilder &builder, Value base, Value update) {
  StaticFacts facts;
  AffineExpr before = getNumElements(facts.getTensor(base).getDims(), op->getContext());
  AffineExpr after = getNumElements(facts.getTensor(update).getDims(), op->getContext());
  if (!before || before != after)
    return failure();
  return scatterReshaped(op, builder, base, update);
}

FailureOr<Value> ExpandOp::buildScatter(OpBuilder &builder, Value base, Value update) {
  return scatterExpanded(*this, builder, base, update);
}

FailureOr<Value> ExpandAsOp::buildScatter(OpBuilder &builder, Value base, Value update) {
  return scatterExpanded(*this, builder, base, update);
}

FailureOr<Value> ExpandOp::buildReference(OpBuilder &builder, Value source) {
  return buildView(*this, builder, "wick::expand", source, buildSizes(*this, builder));
}

FailureOr<Value> ExpandAsOp::buildReference(OpBuilder &builder, Value source) {
  return buildView(*this, builder, "wick::expand", source, buildSizes(*this, builder));
}

FailureOr<Value> SelectOp::buildReference(OpBuilder &builder, Value source) {
  return buildView(*this, builder, "wick::select", source, {getDim(), getIndex()});
}

FailureOr<Value> SliceOp::buildReference(OpBuilder &builder, Value source) {
  return buildView(*this, builder, "wick::slice", source, {getDim(), getStart(), getEnd(), getStep()});
}

/// The end of a part as that of a slice: of one that begins from the end of the dim and goes to it, it is beyond all.
static Value buildEnd(NarrowOp op, OpBuilder &builder) {
  Location loc = op.getLoc();
  Value zero = buildInt(builder, loc, 0), beyond = buildInt(builder, loc, INT64_MAX);
  Value end = builder.createOrFold<arith::AddIOp>(loc, op.getStart(), op.getLength());
  Value isFromEnd = builder.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, op.getStart(), zero);
  Value isZero = builder.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, end, zero);
  Value isWhole = builder.createOrFold<arith::AndIOp>(loc, isFromEnd, isZero);
  return builder.createOrFold<arith::SelectOp>(loc, isWhole, beyond, end);
}

FailureOr<Value> NarrowOp::buildReference(OpBuilder &builder, Value source) {
  return buildView(*this, builder, "wick::slice", source, {getDim(), getStart(), getLength()});
}

FailureOr<Value> SelectOp::buildScatter(OpBuilder &builder, Value base, Value update) {
  return SelectScatterOp::create(builder, getLoc(), base.getType(), base, update, getDim(), getIndex()).getResult();
}

FailureOr<Value> SliceOp::buildScatter(OpBuilder &builder, Value base, Value update) {
  return SliceScatterOp::create(builder, getLoc(), base.getType(), base, update, getDim(), getStart(), getEnd(),
                                getStep())
      .getResult();
}

FailureOr<Value> NarrowOp::buildScatter(OpBuilder &builder, Value base, Value update) {
  Value end = buildEnd(*this, builder), step = buildInt(builder, getLoc(), 1);
  return SliceScatterOp::create(builder, getLoc(), base.getType(), base, update, getDim(), getStart(), end, step)
      .getResult();
}

/// Windows overlap; see RepeatedWrites.h.
FailureOr<Value> UnfoldOp::buildScatter(OpBuilder &, Value, Value) { return failure(); }

FailureOr<Value> UnfoldOp::buildReference(OpBuilder &builder, Value source) {
  return buildView(*this, builder, "wick::unfold", source, {getDimension(), getSize(), getStep()});
}

/// Windows side by side are a dim of two parts.
FailureOr<SmallVector<Value>> UnfoldOp::decompose(OpBuilder &builder, Facts &facts) {
  ts::TensorType type = facts.getTensor(getSelf());
  std::optional<int64_t> given = facts.getConstantInt(getDimension()), size = facts.getConstantInt(getSize());
  std::optional<int64_t> step = facts.getConstantInt(getStep());
  if (!type.getHasRank() || !given || !size || !step || *size < 1 || *step < *size)
    return failure();
  int64_t rank = type.getRank(), dim = *given < 0 ? *given + rank : *given;
  if (dim < 0 || dim >= rank)
    return failure();
  std::optional<int64_t> limit = getConstant(type.getDims()[dim]);
  // Where windows leave gaps, the last one may have none behind it.
  if (limit ? *limit < *size || ((*limit - *size) / *step + 1) * *step > *limit : *size != *step)
    return failure();
  Location loc = getLoc();
  Type unknown = ts::TensorType::get(getContext());
  auto integer = [&](int64_t value) { return buildInt(builder, loc, value); };
  Value whole = ts::SizeOp::create(builder, loc, builder.getI64Type(), getSelf(), integer(dim));
  if (!limit) {
    Value isSmall = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, whole, integer(*size));
    ts::raiseIf(builder, loc, isSmall,
                "maximum size for tensor at dimension " + std::to_string(dim) + " is {} but size is " +
                    std::to_string(*size),
                {whole});
  }
  Value rest = arith::SubIOp::create(builder, loc, whole, integer(*size));
  Value last = arith::FloorDivSIOp::create(builder, loc, rest, integer(*step));
  Value count = arith::AddIOp::create(builder, loc, last, integer(1));
  Value end = arith::MulIOp::create(builder, loc, count, integer(*step));
  Value used = NarrowOp::create(builder, loc, unknown, getSelf(), integer(dim), integer(0), end);
  auto list = ts::ListType::get(getContext(), builder.getI64Type());
  Value sizes = ts::ListConstructOp::create(builder, loc, list, ValueRange{count, integer(*step)});
  Value parts = UnflattenOp::create(builder, loc, unknown, used, integer(dim), sizes);
  if (*size != *step)
    parts = NarrowOp::create(builder, loc, unknown, parts, integer(dim + 1), integer(0), integer(*size));
  return SmallVector<Value>{MovedimOp::create(builder, loc, unknown, parts, buildIntList(builder, loc, {dim + 1}),
                                              buildIntList(builder, loc, {-1}))};
}

//===----------------------------------------------------------------------===//
// Lists of views
//===----------------------------------------------------------------------===//

namespace {
/// The tensor, dim and size of a dim that is cut into parts.
struct Cut {
  Operation *op;
  OpBuilder &builder;
  Value self, dim;
  AffineExpr whole;
  std::optional<int64_t> size;

  static FailureOr<Cut> find(Operation *op, OpBuilder &builder, Facts &facts, Value self, Value dim) {
    ts::TensorType type = facts.getTensor(self);
    std::optional<int64_t> position = facts.getConstantInt(dim);
    if (!type.getHasRank() || !position)
      return failure();
    if (type.getRank() == 0)
      return op->emitOpError() << "cannot be applied to a tensor of rank 0";
    FailureOr<int64_t> wrapped = wrapDim(op, *position, type.getRank());
    if (failed(wrapped))
      return failure();
    AffineExpr whole = type.getDims()[*wrapped];
    return Cut{op, builder, self, dim, whole, getConstant(whole)};
  }

  Type partType() const { return ts::TensorType::get(op->getContext()); }
  Value slice(Value start, Value end) const {
    return SliceOp::create(builder, op->getLoc(), partType(), self, dim, start, end,
                           buildInt(builder, op->getLoc(), 1));
  }
  SmallVector<Value> intoPartsOf(int64_t length) const {
    SmallVector<Value> parts;
    for (int64_t start = 0; start < std::max<int64_t>(*size, 1); start += length)
      parts.push_back(slice(buildInt(builder, op->getLoc(), start),
                            buildInt(builder, op->getLoc(), std::min(start + length, *size))));
    return parts;
  }
  /// So many equal parts of a dim whose size only run time knows, the last what is left; raises where there are fewer.
  SmallVector<Value> intoParts(int64_t count) const {
    Location loc = op->getLoc();
    Value size = ts::SizeOp::create(builder, loc, builder.getI64Type(), self, dim);
    Value zero = buildInt(builder, loc, 0), one = buildInt(builder, loc, 1), wanted = buildInt(builder, loc, count);
    Value length = arith::CeilDivSIOp::create(builder, loc, size, wanted);
    // A dim without indices still gives as many parts as asked for.
    Value last = arith::MulIOp::create(builder, loc, length, buildInt(builder, loc, count - 1));
    Value isShort = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, last, size);
    Value hasSome = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, size, zero);
    Value found = arith::CeilDivSIOp::create(builder, loc, size, arith::MaxSIOp::create(builder, loc, length, one));
    if (count > 1)
      ts::raiseIf(builder, loc, arith::AndIOp::create(builder, loc, isShort, hasSome),
                  "Expected chunk to return at least {} outputs, but got only {}", {wanted, found});
    SmallVector<Value> parts;
    Value start = zero;
    for (int64_t i = 1; i <= count; ++i) {
      Value end = i == count ? size : arith::AddIOp::create(builder, loc, start, length).getResult();
      parts.push_back(slice(start, end));
      start = end;
    }
    return parts;
  }
  /// Parts of given sizes, which are values as well because they need not be constant.
  FailureOr<SmallVector<Value>> intoPartsOf(ArrayRef<Value> sizes, ArrayRef<AffineExpr> known) const {
    AffineExpr total = getAffineConstantExpr(0, op->getContext());
    for (AffineExpr e : known)
      total = add(total, e);
    if (llvm::any_of(known, [](AffineExpr e) { return getConstant(e) && *getConstant(e) < 0; }))
      return op->emitOpError() << "split_with_sizes expects split_sizes have only non-negative entries, but got "
                               << "split_sizes=" << printSizes(known);
    if (size && getConstant(total) && *getConstant(total) != *size)
      return op->emitOpError() << "split_with_sizes expects split_sizes to sum exactly to " << *size
                               << " (input tensor's size at dimension " << StaticFacts().getConstantInt(dim).value_or(0)
                               << "), but got split_sizes=" << printSizes(known);
    SmallVector<Value> parts;
    Value start = buildInt(builder, op->getLoc(), 0);
    AffineExpr begin = getAffineConstantExpr(0, op->getContext());
    for (auto [length, e] : llvm::zip(sizes, known)) {
      AffineExpr after = add(begin, e);
      Value end = getConstant(after) ? buildInt(builder, op->getLoc(), *getConstant(after))
                                     : arith::AddIOp::create(builder, op->getLoc(), start, length).getResult();
      parts.push_back(slice(start, end));
      start = end;
      begin = after;
    }
    checkSum(sizes, total);
    return parts;
  }

private:
  /// Raises where sizes that only run time knows are negative or do not sum up to the dim.
  void checkSum(ArrayRef<Value> sizes, AffineExpr total) const {
    if (total && total == whole)
      return;
    Location loc = op->getLoc();
    std::string shown = "but got split_sizes=" + ts::getListForm(sizes.size());
    Value size = ts::SizeOp::create(builder, loc, builder.getI64Type(), self, dim);
    Value sum = buildInt(builder, loc, 0), zero = sum, hasNegative;
    SmallVector<Value> numbers;
    for (Value length : sizes) {
      length = ts::stripUpcasts(length);
      sum = arith::AddIOp::create(builder, loc, sum, length);
      Value isNegative = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, length, zero);
      hasNegative = hasNegative ? arith::OrIOp::create(builder, loc, hasNegative, isNegative).getResult() : isNegative;
      numbers.push_back(length);
    }
    if (hasNegative)
      ts::raiseIf(builder, loc, hasNegative,
                  "split_with_sizes expects split_sizes have only non-negative entries, " + shown, numbers);
    numbers.insert(numbers.begin(), {size, dim});
    ts::raiseIf(builder, loc, arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, sum, size),
                "split_with_sizes expects split_sizes to sum exactly to {} (input tensor's size at dimension {}), " +
                    shown,
                numbers);
  }
};
} // namespace

/// Whether nothing but unpacking into so many parts uses a list.
static bool isUnpackedInto(Value list, int64_t count) {
  auto isUnused = [](Operation *user) { return user->use_empty(); };
  return !llvm::all_of(list.getUsers(), isUnused) && llvm::all_of(list.getUsers(), [&](Operation *user) {
    return isa<ts::ListUnpackOp>(user) && user->getNumResults() == count;
  });
}

FailureOr<SmallVector<Value>> ChunkOp::decompose(OpBuilder &builder, Facts &facts) {
  FailureOr<Cut> cut = Cut::find(*this, builder, facts, getSelf(), getDim());
  std::optional<int64_t> chunks = facts.getConstantInt(getChunks());
  if (failed(cut) || !chunks)
    return failure();
  if (*chunks <= 0)
    return emitOpError() << "chunk expects `chunks` to be greater than 0, got: " << *chunks;
  // Of `unsafe_chunk` LibTorch makes a list in any case.
  bool isList = getOperation()->hasAttr(kSchemaAttr) || getOperation()->hasAttr(kGivesListAttr);
  bool isUnpacked = !isList && isUnpackedInto(getResult(), *chunks);
  if (!cut->size && !isUnpacked)
    return failure();
  if (!cut->size)
    return cut->intoParts(*chunks);
  // A dim without indices still gives as many parts as asked for.
  if (*cut->size == 0)
    return SmallVector<Value>(*chunks, getSelf());
  int64_t length = llvm::divideCeil(*cut->size, *chunks), count = llvm::divideCeil(*cut->size, length);
  if (isUnpacked && count != *chunks)
    return emitOpError() << "Expected chunk to return at least " << *chunks << " outputs, but got only " << count;
  return cut->intoPartsOf(length);
}

FailureOr<SmallVector<Value>> SplitOp::decompose(OpBuilder &builder, Facts &facts) {
  FailureOr<Cut> cut = Cut::find(*this, builder, facts, getSelf(), getDim());
  if (failed(cut))
    return failure();
  if (!isa<IntegerType>(getSplitSize().getType())) {
    std::optional<SmallVector<Value>> sizes = facts.getList(getSplitSize());
    std::optional<SmallVector<AffineExpr>> known = facts.getIntList(getSplitSize());
    if (!sizes || !known)
      return failure();
    return cut->intoPartsOf(*sizes, *known);
  }
  std::optional<int64_t> length = facts.getConstantInt(getSplitSize());
  if (!length || !cut->size)
    return failure();
  if (*length < 0)
    return emitOpError() << "split expects split_size be non-negative, but got split_size=" << *length;
  if (*length == 0 && *cut->size != 0)
    return emitOpError() << "split_size can only be 0 if dimension size is 0, but got dimension size of " << *cut->size;
  return cut->intoPartsOf(std::max<int64_t>(*length, 1));
}

FailureOr<SmallVector<Value>> SplitWithSizesOp::decompose(OpBuilder &builder, Facts &facts) {
  FailureOr<Cut> cut = Cut::find(*this, builder, facts, getSelf(), getDim());
  std::optional<SmallVector<Value>> sizes = facts.getList(getSplitSizes());
  std::optional<SmallVector<AffineExpr>> known = facts.getIntList(getSplitSizes());
  if (failed(cut) || !sizes || !known)
    return failure();
  return cut->intoPartsOf(*sizes, *known);
}

FailureOr<SmallVector<Value>> UnbindOp::decompose(OpBuilder &builder, Facts &facts) {
  FailureOr<Cut> cut = Cut::find(*this, builder, facts, getSelf(), getDim());
  if (failed(cut) || !cut->size)
    return failure();
  SmallVector<Value> parts;
  for (int64_t i = 0; i < *cut->size; ++i)
    parts.push_back(
        SelectOp::create(builder, getLoc(), cut->partType(), getSelf(), getDim(), buildInt(builder, getLoc(), i)));
  return parts;
}

/// The type of a list of the parts of a tensor along a dim, which has a part's size, or is gone where each is one
/// index.
static Type inferParts(Operation *op, Facts &facts, Value self, Value dim, bool isIndex) {
  ts::TensorType whole = facts.getTensor(self), part = ts::TensorType::get(op->getContext());
  if (whole.isTyped() && whole.getRank() > 0) {
    SmallVector<AffineExpr> dims(whole.getDims());
    std::optional<int64_t> known = facts.getConstantInt(dim);
    int64_t position = known ? *known + (*known < 0 ? whole.getRank() : 0) : -1;
    if (position < 0 || position >= whole.getRank()) {
      dims.assign(dims.size(), AffineExpr());
      position = 0;
    }
    dims[position] = AffineExpr();
    if (isIndex)
      dims.erase(dims.begin() + position);
    part = withDims(whole, dims);
  }
  return ts::ListType::get(op->getContext(), part);
}

#define WICK_LIST_OF_VIEWS(OP)                                                                                         \
  LogicalResult OP::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {                                     \
    types.push_back(inferParts(*this, facts, getSelf(), getDim(), isa<UnbindOp>(getOperation())));                     \
    return success();                                                                                                  \
  }
WICK_LIST_OF_VIEWS(ChunkOp)
WICK_LIST_OF_VIEWS(SplitOp)
WICK_LIST_OF_VIEWS(SplitWithSizesOp)
WICK_LIST_OF_VIEWS(UnbindOp)
#undef WICK_LIST_OF_VIEWS
