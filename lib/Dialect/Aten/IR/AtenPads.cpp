//===- AtenPads.cpp - types of pads, and those of measured widths -----------===//
#include "wick/Dialect/Aten/IR/AtenCreationOps.h"
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h"
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/AtenMathOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

/// Pads the last dims by pairs of sizes, the last dim first.
static LogicalResult inferPad(Operation *op, Facts &facts, Value self, Value list, SmallVectorImpl<Type> &types) {
  ts::TensorType type = facts.getTensor(self);
  std::optional<SmallVector<AffineExpr>> pad = facts.getIntList(list);
  if (!type.getHasRank() || !pad) {
    types.push_back(type.getHasRank() ? withDims(type, SmallVector<AffineExpr>(type.getRank())) : type);
    return success();
  }
  if (pad->size() % 2)
    return op->emitOpError() << "Padding length must be divisible by 2";
  if (int64_t(pad->size()) / 2 > type.getRank())
    return op->emitOpError()
           << "Padding length should be less than or equal to two times the input dimension but got padding length "
           << pad->size() << " and input of dimension " << type.getRank();
  std::optional<StringRef> mode = isa<PadOp>(op) ? facts.getString(cast<PadOp>(op).getMode()) : std::nullopt;
  int64_t space = pad->size() / 2, more = type.getRank() - space;
  if (mode && *mode != "constant" && (space < 1 || space > 3 || more < 1 || more > 2))
    return op->emitOpError() << "Padding size " << pad->size() << " is not supported for " << type.getRank()
                             << "D input tensor.\nSupported combinations for non-constant padding:\n"
                                "  - 2D or 3D input: padding size = 2 (pads last dimension)\n"
                                "  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n"
                                "  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)";
  SmallVector<AffineExpr> dims(type.getDims());
  for (size_t i = 0; i < pad->size() / 2; ++i) {
    AffineExpr &dim = dims[dims.size() - 1 - i];
    AffineExpr padded = add(add(dim, (*pad)[2 * i]), (*pad)[2 * i + 1]);
    std::optional<int64_t> size = getConstant(dim), low = getConstant((*pad)[2 * i]),
                           high = getConstant((*pad)[2 * i + 1]);
    if (size && low && high && *size + std::min<int64_t>(*low, 0) + std::min<int64_t>(*high, 0) < 0)
      return op->emitOpError() << "narrow(): length must be non-negative.";
    dim = padded;
  }
  types.push_back(withDims(type, dims));
  return success();
}

LogicalResult ConstantPadOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferPad(*this, facts, getSelf(), getPad(), types);
}

LogicalResult PadOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferPad(*this, facts, getSelf(), getPad(), types);
}

LogicalResult ReflectionPadOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferPad(*this, facts, getSelf(), getPadding(), types);
}

LogicalResult ReplicationPadOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferPad(*this, facts, getSelf(), getPadding(), types);
}

namespace {
/// A border of elements of the tensor itself, whose widths only run time knows: elements taken dim by dim.
class MeasuredPad {
public:
  MeasuredPad(OpBuilder &builder, Location loc, Value self, int64_t rank)
      : builder(builder), loc(loc), self(self), rank(rank), unknown(ts::TensorType::get(builder.getContext())),
        zero(buildInt(builder, loc, 0)), one(buildInt(builder, loc, 1)), none(ts::NoneOp::create(builder, loc)) {}

  Value pad(ArrayRef<Value> widths, StringRef mode) {
    if (mode != "circular")
      checkSpace(widths.size() / 2);
    // LibTorch's errors come from the first dim padded on.
    SmallVector<Value> sizes;
    for (size_t i = 0; i < widths.size() / 2; ++i) {
      sizes.push_back(sizeOf(rank - 1 - i));
      check(i, sizes[i], widths[2 * i], widths[2 * i + 1], mode);
    }
    Value result = self;
    for (auto [i, size] : llvm::enumerate(sizes)) {
      Value index = place(size, widths[2 * i], widths[2 * i + 1], mode);
      result = IndexSelectOp::create(builder, loc, unknown, result, buildInt(builder, loc, rank - 1 - i), index);
    }
    return result;
  }

private:
  template <typename Op> Value apply(Value a, Value b) { return Op::create(builder, loc, a, b).getResult(); }
  Value negate(Value a) { return apply<arith::SubIOp>(zero, a); }
  Value positive(Value a) { return apply<arith::MaxSIOp>(a, zero); }
  Value compare(arith::CmpIPredicate predicate, Value a, Value b) {
    return arith::CmpIOp::create(builder, loc, predicate, a, b);
  }
  Value sizeOf(int64_t dim) {
    return ts::SizeOp::create(builder, loc, builder.getI64Type(), self, buildInt(builder, loc, dim));
  }
  SmallVector<Value> allSizes() {
    return llvm::map_to_vector(llvm::seq(rank), [&](int64_t dim) { return sizeOf(dim); });
  }

  /// The indices, of a dim of `size`, of the elements of the result.
  Value place(Value size, Value low, Value high, StringRef mode) {
    Value last = apply<arith::SubIOp>(size, one);
    Value index = ArangeOp::create(builder, loc, unknown, negate(low), apply<arith::AddIOp>(size, high), none, none);
    if (mode == "replicate")
      return ClampOp::create(builder, loc, unknown, index, zero, last);
    if (mode == "reflect") {
      index = AbsOp::create(builder, loc, unknown, index);
      Value mirrored = RsubOp::create(builder, loc, unknown, index, apply<arith::AddIOp>(last, last), one);
      return MinimumOp::create(builder, loc, unknown, index, mirrored);
    }
    // What negative widths cut off is left out before the rest is repeated.
    Value cut = positive(negate(low)), length = apply<arith::SubIOp>(size, cut);
    length = apply<arith::SubIOp>(length, positive(negate(high)));
    index = SubOp::create(builder, loc, unknown, index, cut, one);
    index = RemainderOp::create(builder, loc, unknown, index, length);
    return AddOp::create(builder, loc, unknown, index, cut, one);
  }

  /// Raises where a dim that is padded, or the one before, has no elements.
  void checkSpace(int64_t space) {
    SmallVector<Value> sizes = allSizes();
    Value isEmpty;
    for (Value size : ArrayRef(sizes).drop_front(rank > space + 1)) {
      Value isNothing = compare(arith::CmpIPredicate::eq, size, zero);
      isEmpty = isEmpty ? apply<arith::OrIOp>(isEmpty, isNothing) : isNothing;
    }
    ts::raiseIf(builder, loc, isEmpty,
                "Expected " + std::to_string(space + 1) + "D or " + std::to_string(space + 2) +
                    "D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but "
                    "got: " +
                    ts::getListForm(rank),
                sizes);
  }

  void check(int64_t pair, Value size, Value low, Value high, StringRef mode) {
    if (mode == "replicate")
      return;
    Value widest = apply<arith::MaxSIOp>(low, high);
    if (mode == "circular") {
      ts::raiseIf(builder, loc, compare(arith::CmpIPredicate::sgt, widest, size),
                  "Padding value causes wrapping around more than once.");
      return;
    }
    SmallVector<Value> numbers = allSizes();
    numbers.insert(numbers.begin(), {low, high});
    ts::raiseIf(builder, loc, compare(arith::CmpIPredicate::sge, widest, size),
                "Argument #" + std::to_string(4 + 2 * pair) +
                    ": Padding size should be less than the corresponding input dimension, but got: padding ({}, {}) "
                    "at dimension " +
                    std::to_string(rank - 1 - pair) + " of input " + ts::getListForm(rank),
                numbers);
  }

  OpBuilder &builder;
  Location loc;
  Value self;
  int64_t rank;
  Type unknown;
  Value zero, one, none;
};
} // namespace

static FailureOr<SmallVector<Value>> decomposePad(Operation *op, OpBuilder &builder, Facts &facts, Value list,
                                                  std::optional<StringRef> mode) {
  ts::TensorType type = facts.getTensor(op->getOperand(0));
  std::optional<SmallVector<Value>> pad = facts.getList(list);
  if (!mode || !llvm::is_contained({"replicate", "reflect", "circular"}, *mode) || !pad || !type.getHasRank() ||
      pad->size() % 2 || int64_t(pad->size()) / 2 >= type.getRank() || facts.getConstantIntList(list))
    return failure();
  SmallVector<Value> widths = llvm::map_to_vector(*pad, ts::stripUpcasts);
  return SmallVector<Value>{MeasuredPad(builder, op->getLoc(), op->getOperand(0), type.getRank()).pad(widths, *mode)};
}

FailureOr<SmallVector<Value>> PadOp::decompose(OpBuilder &builder, Facts &facts) {
  return decomposePad(*this, builder, facts, getPad(), facts.getString(getMode()));
}

FailureOr<SmallVector<Value>> ReflectionPadOp::decompose(OpBuilder &builder, Facts &facts) {
  return decomposePad(*this, builder, facts, getPadding(), "reflect");
}

FailureOr<SmallVector<Value>> ReplicationPadOp::decompose(OpBuilder &builder, Facts &facts) {
  return decomposePad(*this, builder, facts, getPadding(), "replicate");
}
