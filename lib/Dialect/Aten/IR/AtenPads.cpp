//===- AtenPads.cpp - types of pads ------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

/// Where a border is made of elements of the tensor, LibTorch's errors for dims that are not there and for a result
/// that negative widths leave nothing of.
static LogicalResult checkPadFromInside(Operation *op, bool circular, ts::TensorType type, ArrayRef<AffineExpr> dims,
                                        int64_t widths) {
  int64_t rank = type.getRank(), space = widths / 2;
  if (space < 1 || space > 3 || (rank != space + 1 && rank != space + 2))
    return op->emitOpError() << "Padding size " << widths << " is not supported for " << rank
                             << "D input tensor.\nSupported combinations for non-constant padding:\n"
                                "  - 2D or 3D input: padding size = 2 (pads last dimension)\n"
                                "  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n"
                                "  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)";
  auto isBelow = [](AffineExpr size, int64_t least) { return getConstant(size).value_or(least) < least; };
  auto negative = llvm::find_if(dims, [&](AffineExpr size) { return isBelow(size, 0); });
  if (circular)
    return negative == dims.end() ? success()
                                  : op->emitOpError() << "Negative padding value is resulting in an empty dimension";
  if (llvm::any_of(type.getDims().drop_front(rank - space - 1), [](AffineExpr size) { return isConstant(size, 0); }))
    return op->emitOpError() << "Expected " << space + 1 << "D or " << space + 2
                             << "D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for "
                                "input, but got: "
                             << printSizes(type.getDims());
  if (space == 1 && isBelow(dims.back(), 1))
    return op->emitOpError() << "input (W: " << printSize(type.getDims().back())
                             << ") is too small. Calculated output W: " << printSize(dims.back());
  if (negative != dims.end())
    return op->emitOpError() << "Trying to create tensor with negative dimension " << printSize(*negative) << ": "
                             << printSizes(dims);
  return success();
}

/// Pads the last dims by pairs of sizes, the last dim first, with a value or in a mode.
static LogicalResult inferPad(Operation *op, Facts &facts, Value self, Value list, std::optional<StringRef> mode,
                              SmallVectorImpl<Type> &types) {
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
  SmallVector<AffineExpr> dims(type.getDims());
  for (size_t i = 0; i < pad->size() / 2; ++i) {
    AffineExpr &dim = dims[dims.size() - 1 - i];
    AffineExpr padded = add(add(dim, (*pad)[2 * i]), (*pad)[2 * i + 1]);
    std::optional<int64_t> size = getConstant(dim), low = getConstant((*pad)[2 * i]),
                           high = getConstant((*pad)[2 * i + 1]);
    if (mode == "constant" && size && low && high &&
        *size + std::min<int64_t>(*low, 0) + std::min<int64_t>(*high, 0) < 0)
      return op->emitOpError() << "narrow(): length must be non-negative.";
    // In a mode that is not known the size may be an error.
    dim = mode || getConstant(padded).value_or(0) >= 0 ? padded : AffineExpr();
  }
  if (mode && *mode != "constant" && failed(checkPadFromInside(op, *mode == "circular", type, dims, pad->size())))
    return failure();
  types.push_back(withDims(type, dims));
  return success();
}

LogicalResult ConstantPadOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferPad(*this, facts, getSelf(), getPad(), StringRef("constant"), types);
}

LogicalResult PadOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferPad(*this, facts, getSelf(), getPad(), facts.getString(getMode()), types);
}

/// Adds the texts that a value may be; fails where it may be others.
static LogicalResult addTexts(Value value, SmallVectorImpl<StringRef> &texts) {
  if (auto text = value.getDefiningOp<ts::StrOp>()) {
    texts.push_back(text.getValue());
    return success();
  }
  auto branch = value.getDefiningOp<scf::IfOp>();
  if (!branch)
    return failure();
  unsigned number = cast<OpResult>(value).getResultNumber();
  return success(succeeded(addTexts(branch.thenYield().getOperand(number), texts)) &&
                 succeeded(addTexts(branch.elseYield().getOperand(number), texts)));
}

/// A branch for each of the modes that are left, of a pad whose mode only run time knows. The last one is taken without
/// a look where there are no others.
static Value branchOnMode(PadOp op, OpBuilder &builder, ArrayRef<StringRef> modes, bool areAll) {
  Location loc = op.getLoc();
  Type unknown = ts::TensorType::get(builder.getContext());
  auto text = [&](StringRef text) -> Value { return ts::StrOp::create(builder, loc, builder.getStringAttr(text)); };
  if (modes.empty()) {
    Value message = ts::createOperator(builder, loc, "aten::format", {"self"}, op.getMode().getType(),
                                       {text("Unrecognised padding mode {}"), op.getMode()});
    ts::RaiseOp::create(builder, loc, message, ts::NoneOp::create(builder, loc));
    return ts::UninitializedOp::create(builder, loc, unknown);
  }
  Value mode = text(modes.front());
  if (areAll && modes.size() == 1)
    return PadOp::create(builder, loc, unknown, op.getSelf(), op.getPad(), mode, op.getValue());
  Value isMode =
      ts::createOperator(builder, loc, "aten::eq.str", {"a", "b"}, builder.getI1Type(), {op.getMode(), mode});
  auto branch = scf::IfOp::create(builder, loc, TypeRange(unknown), isMode, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  Value padded = PadOp::create(builder, loc, unknown, op.getSelf(), op.getPad(), mode, op.getValue());
  scf::YieldOp::create(builder, loc, padded);
  builder.setInsertionPointToStart(branch.elseBlock());
  Value other = branchOnMode(op, builder, modes.drop_front(), areAll);
  scf::YieldOp::create(builder, loc, other);
  return branch.getResult(0);
}

FailureOr<SmallVector<Value>> PadOp::decompose(OpBuilder &builder, Facts &facts) {
  if (facts.getString(getMode()) || !facts.getTensor(getSelf()).getHasRank())
    return failure();
  SmallVector<StringRef> texts, modes;
  bool areKnown = succeeded(addTexts(getMode(), texts));
  for (StringRef mode : {"constant", "reflect", "replicate", "circular"})
    if (!areKnown || llvm::is_contained(texts, mode))
      modes.push_back(mode);
  // Another text is an error.
  bool areAll = areKnown && llvm::all_of(texts, [&](StringRef text) { return llvm::is_contained(modes, text); });
  return SmallVector<Value>{branchOnMode(*this, builder, modes, areAll)};
}

LogicalResult ReflectionPadOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferPad(*this, facts, getSelf(), getPadding(), StringRef("reflect"), types);
}

LogicalResult ReplicationPadOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferPad(*this, facts, getSelf(), getPadding(), StringRef("replicate"), types);
}
