//===- ContainerRules.cpp - lists and dicts of known structure --------------===//
//
// A list that the function builds itself is a sequence of SSA values as long as
// nothing writes it. Writes are removed one after the other: the first write to a
// fresh list in its block is a new list for everything after it. What is left
// unresolved is a list at run time.
//
//===----------------------------------------------------------------------===//
#include "OperatorRules.h"

#include "ObjectImage.h"
#include "References.h"
#include "wick/Dialect/Aten/IR/AtenCreationOps.h"
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h"
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Raise.h"
#include "wick/Runtime/ABI.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

//===----------------------------------------------------------------------===//
// What a list holds
//===----------------------------------------------------------------------===//

ContainerUse wick::ts::classifyContainerUse(OpOperand &use) {
  Operation *user = use.getOwner();
  if (user->getName().getDialectNamespace() == "aten" || isa<ListUnpackOp, PrintOp>(user))
    return ContainerUse::Read;
  auto op = dyn_cast<OperatorOp>(user);
  auto schema = op ? SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, op.getSchemaAttr()) : SchemaOp();
  if (!schema)
    return ContainerUse::Escape;
  if (llvm::is_contained(schema.getWrites(), use.getOperandNumber()))
    return ContainerUse::Write;
  // An element that a list operator stores, such as append's, escapes.
  StringRef name = getBaseName(op);
  bool stores = use.getOperandNumber() > 0 &&
                llvm::is_contained({"aten::append", "aten::insert", "aten::_set_item", "aten::extend"}, name);
  if (name == "aten::extend")
    stores = false;
  return stores ? ContainerUse::Escape : ContainerUse::Read;
}

bool wick::ts::isAfter(Operation *user, Operation *point, Block *block) {
  Operation *a = block->findAncestorOpInBlock(*user), *b = block->findAncestorOpInBlock(*point);
  return a && b && a != b && b->isBeforeInBlock(a);
}

/// Whether `reader` sees a list as it was made.
static bool isUnchangedAt(Operation *list, Operation *reader) {
  return llvm::all_of(list->getUses(), [&](OpOperand &use) {
    return classifyContainerUse(use) == ContainerUse::Read || isAfter(use.getOwner(), reader, list->getBlock());
  });
}

std::optional<SmallVector<Value>> wick::ts::getListElements(Value list, Operation *reader) {
  auto construct = list.getDefiningOp<ListConstructOp>();
  if (!construct || !isUnchangedAt(construct, reader))
    return std::nullopt;
  return SmallVector<Value>(construct.getElements());
}

/// The tensor whose sizes a list holds, or null.
static Value getSizedTensor(Value list, Operation *reader) {
  auto sizes = list.getDefiningOp<SizesOp>();
  return sizes && isUnchangedAt(sizes, reader) ? sizes.getTensor() : Value();
}

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

static std::optional<int64_t> getInt(Value value) {
  IntegerAttr constant;
  return matchPattern(value, m_Constant(&constant)) ? std::optional(constant.getInt()) : std::nullopt;
}

static Value applyLength(OperatorMatch &m) {
  if (m.operands.size() != 1)
    return {};
  if (auto tensor = dyn_cast<ts::TensorType>(m.operands[0].getType())) {
    Type i64 = m.rewriter.getI64Type();
    if (!tensor.getHasRank() || tensor.getRank() == 0) {
      Value rank = RankOp::create(m.rewriter, m.getLoc(), i64, m.operands[0]);
      Value isScalar =
          arith::CmpIOp::create(m.rewriter, m.getLoc(), arith::CmpIPredicate::eq, rank, m.i64(0)).getResult();
      m.raiseIf(isScalar, "RuntimeError", "len() of a 0-d tensor");
    }
    return SizeOp::create(m.rewriter, m.getLoc(), i64, m.operands[0], m.i64(0));
  }
  // Elements that are replaced leave the length as it is.
  auto list = m.operands[0].getDefiningOp<ListConstructOp>();
  bool keepsLength = list && llvm::all_of(list->getUses(), [&](OpOperand &use) {
                       auto write = dyn_cast<OperatorOp>(use.getOwner());
                       return classifyContainerUse(use) == ContainerUse::Read ||
                              isAfter(use.getOwner(), m.op, list->getBlock()) ||
                              (write && use.getOperandNumber() == 0 && getBaseName(write) == "aten::_set_item");
                     });
  if (keepsLength)
    return m.i64(list.getElements().size());
  if (Value tensor = getSizedTensor(m.operands[0], m.op))
    return RankOp::create(m.rewriter, m.getLoc(), m.rewriter.getI64Type(), tensor);
  return {};
}

static Value applyGetItem(OperatorMatch &m) {
  if (m.operands.size() != 2)
    return {};
  std::optional<int64_t> index = getInt(m.operands[1]);
  auto elements = getListElements(m.operands[0], m.op);
  if (index && elements) {
    int64_t position = *index < 0 ? *index + (int64_t)elements->size() : *index;
    if (position >= 0 && position < (int64_t)elements->size())
      return (*elements)[position];
    return {};
  }
  // The sizes of a tensor of unknown rank.
  if (Value tensor = getSizedTensor(m.operands[0], m.op))
    return SizeOp::create(m.rewriter, m.getLoc(), m.rewriter.getI64Type(), tensor, m.operands[1]);
  return {};
}

/// A tuple indexed by a number that only run time knows has elements of one type: it is a list then.
static Value applyTupleIndex(OperatorMatch &m) {
  Value tuple = m.operands[0];
  ArrayRef<Type> types = getTupleElementTypes(tuple.getType());
  if (types.empty() || !llvm::all_equal(types) || types[0] != m.getType() || !m.operands[1].getType().isInteger(64))
    return {};
  SmallVector<Value> elements;
  int64_t count = types.size();
  for (int64_t i = 0; i < count; ++i)
    elements.push_back(m.rewriter.createOrFold<TupleIndexOp>(m.getLoc(), types[i], tuple, i));
  Value fromLowest = arith::AddIOp::create(m.rewriter, m.getLoc(), m.operands[1], m.i64(count));
  m.raiseIf(arith::CmpIOp::create(m.rewriter, m.getLoc(), arith::CmpIPredicate::uge, fromLowest, m.i64(2 * count)),
            "RuntimeError", "Tuple list index out of range");
  Value list =
      ListConstructOp::create(m.rewriter, m.getLoc(), ListType::get(m.rewriter.getContext(), types[0]), elements);
  return createOperator(m.rewriter, m.getLoc(), "aten::__getitem__.t", {"list", "idx"}, m.getType(),
                        {list, m.operands[1]});
}

static Value makeList(OperatorMatch &m, ValueRange elements) {
  return ListConstructOp::create(m.rewriter, m.getLoc(), m.getType(), elements);
}

static Value applyConcat(OperatorMatch &m) {
  if (m.operands.size() != 2 || !isa<ListType>(m.getType()))
    return {};
  auto a = getListElements(m.operands[0], m.op), b = getListElements(m.operands[1], m.op);
  if (!a || !b)
    return {};
  llvm::append_range(*a, *b);
  return makeList(m, *a);
}

static Value applyRepeat(OperatorMatch &m) {
  if (m.operands.size() != 2 || !isa<ListType>(m.getType()))
    return {};
  bool listFirst = isa<ListType>(m.operands[0].getType());
  auto elements = getListElements(m.operands[listFirst ? 0 : 1], m.op);
  auto count = getInt(m.operands[listFirst ? 1 : 0]);
  if (!elements || !count || *count > 4096)
    return {};
  SmallVector<Value> result;
  for (int64_t i = 0; i < *count; ++i)
    llvm::append_range(result, *elements);
  return makeList(m, result);
}

std::optional<ListSlice> ListSlice::match(OperatorOp op) {
  ValueRange operands = op.getOperands();
  if (getBaseName(op) != "aten::slice" || operands.size() != 4 || !isa<ListType>(operands[0].getType()))
    return {};
  ListSlice slice;
  std::optional<int64_t> step = getInt(lookThroughCasts(operands[3]));
  if (!step || *step == 0)
    return {};
  slice.step = *step;
  for (auto [bound, operand] : {std::pair(&slice.start, operands[1]), std::pair(&slice.end, operands[2])}) {
    Value value = lookThroughCasts(operand);
    *bound = getInt(value);
    if (!*bound && !isa<ts::NoneType>(value.getType()))
      return {};
  }
  return slice;
}

SmallVector<int64_t> ListSlice::getPositions(int64_t size) const {
  auto bound = [&](std::optional<int64_t> given, int64_t absent) {
    if (!given)
      return absent;
    int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
    int64_t position = *given < 0 ? (*given < -size ? low : *given + size) : *given;
    return std::clamp(position, low, high);
  };
  int64_t first = bound(start, step > 0 ? 0 : size - 1), last = bound(end, step > 0 ? size : -1);
  SmallVector<int64_t> positions;
  for (int64_t i = first; step > 0 ? i < last : i > last; i += step)
    positions.push_back(i);
  return positions;
}

static Value applySlice(OperatorMatch &m) {
  std::optional<ListSlice> slice = ListSlice::match(m.op);
  auto elements = slice ? getListElements(m.operands[0], m.op) : std::nullopt;
  if (!elements)
    return {};
  SmallVector<Value> result;
  for (int64_t position : slice->getPositions(elements->size()))
    result.push_back((*elements)[position]);
  return makeList(m, result);
}

static Value applyCopy(OperatorMatch &m) {
  auto elements = m.operands.size() == 1 ? getListElements(m.operands[0], m.op) : std::nullopt;
  return elements && isa<ListType>(m.getType()) ? makeList(m, *elements) : Value();
}

static Value applySum(OperatorMatch &m) {
  auto elements = m.operands.size() == 1 ? getListElements(m.operands[0], m.op) : std::nullopt;
  if (!elements || !(m.getType().isInteger(64) || m.getType().isF64()))
    return {};
  bool isFloat = m.getType().isF64();
  Value sum = isFloat ? m.f64(0) : m.i64(0);
  for (Value element : *elements)
    sum = isFloat ? Value(arith::AddFOp::create(m.rewriter, m.getLoc(), sum, element))
                  : Value(arith::AddIOp::create(m.rewriter, m.getLoc(), sum, m.convert(element, m.getType())));
  return sum;
}

/// `all(l)` and `any(l)` of numbers.
template <typename Combine, bool neutral> static Value applyTruth(OperatorMatch &m) {
  auto elements = m.operands.size() == 1 ? getListElements(m.operands[0], m.op) : std::nullopt;
  if (!elements || !llvm::all_of(ValueRange(*elements).getTypes(), isPlainNumber))
    return {};
  Value result = m.i1(neutral);
  for (Value element : *elements)
    result = Combine::create(m.rewriter, m.getLoc(), result, m.convert(element, m.rewriter.getI1Type()));
  return result;
}

/// The number of values of `range(start, end, step)`.
static Value applyRangeLength(OperatorMatch &m) {
  if (m.operands.size() != 3)
    return {};
  auto &b = m.rewriter;
  Location loc = m.getLoc();
  std::optional<int64_t> step = getInt(m.operands[2]);
  if (!step || *step == 0)
    return {};
  Value distance = arith::SubIOp::create(b, loc, m.operands[*step > 0 ? 1 : 0], m.operands[*step > 0 ? 0 : 1]);
  int64_t magnitude = std::abs(*step);
  Value length = arith::CeilDivSIOp::create(b, loc, distance, m.i64(magnitude));
  return arith::MaxSIOp::create(b, loc, length, m.i64(0));
}

/// `start + index * step`.
static Value applyDeriveIndex(OperatorMatch &m) {
  if (m.operands.size() != 3)
    return {};
  Value scaled = arith::MulIOp::create(m.rewriter, m.getLoc(), m.operands[0], m.operands[2]);
  return arith::AddIOp::create(m.rewriter, m.getLoc(), m.operands[1], scaled);
}

void wick::ts::addRule(OperatorRules &rules, StringRef name, OperatorRule rule) {
  OperatorRule before = rules[name];
  if (!before) {
    rules[name] = std::move(rule);
    return;
  }
  rules[name] = [=](OperatorMatch &m) {
    Value result = before(m);
    return result ? result : rule(m);
  };
}

/// A tensor without elements for an empty list, whose kind of number decides the dtype as that of a number does.
static Value buildEmptyTensor(OperatorMatch &m, ListType type, Value dtype) {
  Type number = type.getElementType();
  while (auto list = dyn_cast<ListType>(number))
    number = list.getElementType();
  if (!number.isIntOrFloat())
    return {};
  Value none = arith::ConstantOp::create(m.rewriter, m.getLoc(), m.rewriter.getZeroAttr(number));
  return aten::FullOp::create(m.rewriter, m.getLoc(), ts::TensorType::get(type.getContext()),
                              aten::buildIntList(m.rewriter, m.getLoc(), 0), none, dtype);
}

/// A list of numbers, or of lists of them, as a tensor; null where an element is not known to be one. A list that only
/// `user` looks at has the elements that it was made with.
static Value buildTensor(OperatorMatch &m, Value list, Value dtype, Operation *user, int64_t dim = 0) {
  auto construct = list.getDefiningOp<ListConstructOp>();
  bool isOwn = llvm::all_of(list.getUsers(), [&](Operation *other) { return other == user; });
  if (!construct || (!isOwn && failed(getImmutableListElements(list))))
    return {};
  OperandRange elements = construct.getElements();
  if (elements.empty())
    return buildEmptyTensor(m, construct.getType(), dtype);
  Location loc = m.getLoc();
  Type tensor = ts::TensorType::get(list.getContext());
  SmallVector<Value> parts;
  SmallVector<size_t> lengths; // of the lists in this one
  for (Value element : elements) {
    Value number = lookThroughCasts(element), part;
    if (isa<ListType>(number.getType()))
      part = isOwn ? buildTensor(m, number, dtype, construct, dim + 1) : Value();
    else if (number.getType().isIntOrFloat() || isa<ComplexType>(number.getType()))
      part = aten::TensorOp::create(m.rewriter, loc, tensor, number, dtype);
    if (!part)
      return {};
    parts.push_back(part);
    if (auto inner = number.getDefiningOp<ListConstructOp>())
      lengths.push_back(inner.getElements().size());
  }
  auto other = llvm::find_if(lengths, [&](size_t length) { return length != lengths.front(); });
  if (other != lengths.end()) {
    constexpr const char *text = "Expected sequence of length {0} at dim {1} (got {2})";
    m.raiseIf(m.i1(true), "RuntimeError", llvm::formatv(text, lengths.front(), dim + 1, *other).str());
  }
  Value values = ListConstructOp::create(m.rewriter, loc, ListType::get(list.getContext(), tensor), parts);
  return aten::StackOp::create(m.rewriter, loc, tensor, values, m.i64(0));
}

/// A tensor of the numbers in a list that only run time knows, floats in the default dtype before they get another;
/// null where the elements are not of one kind.
static Value convertList(OperatorMatch &m, Value list, Value dtype) {
  int64_t rank = 0;
  Type number = list.getType();
  for (; isa<ListType>(number); ++rank)
    number = cast<ListType>(number).getElementType();
  if (!number.isIntOrFloat())
    return {};
  auto &b = m.rewriter;
  Location loc = m.getLoc();
  auto convert = [&]() -> Value {
    int64_t code = number.isF64() ? WICK_F32 : number.isInteger(1) ? WICK_BOOL : WICK_I64;
    Value made = createOperator(b, loc, "wick::list_to_tensor", {"list", "rank", "dtype"}, m.getType(),
                                {list, m.i64(rank), m.i64(code)});
    return aten::ToOp::create(b, loc, m.getType(), made, NoneOp::create(b, loc), dtype, m.i1(false));
  };
  if (rank == 1)
    return convert();
  // A list without lists has one dim.
  Value length = createOperator(b, loc, "aten::len.t", {"a"}, b.getI64Type(), list);
  Value isEmpty = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, length, m.i64(0));
  auto branch = scf::IfOp::create(b, loc, m.getType(), isEmpty, /*addThenBlock=*/true, /*addElseBlock=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, loc, buildEmptyTensor(m, cast<ListType>(list.getType()), dtype));
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, loc, convert());
  return branch.getResult(0);
}

/// `torch.tensor([1, 2], dtype)`.
static Value applyTensor(OperatorMatch &m) {
  if (m.operands.size() < 2 || !isa<ListType>(m.operands[0].getType()))
    return {};
  Value list = m.operands[0], dtype = m.op.getArguments()[1];
  Type element = list.getType();
  while (auto type = dyn_cast<ListType>(element))
    element = type.getElementType();
  if (!element.isIntOrFloat() && !isa<ComplexType, NumberType, AnyType, UnionType>(element)) {
    m.raiseIf(m.i1(true), "RuntimeError", "Input must be of ints, floats, or bools, got " + getAnnotation(element));
    return UninitializedOp::create(m.rewriter, m.getLoc(), m.getType());
  }
  Value known = buildTensor(m, list, dtype, m.op);
  return known ? known : convertList(m, list, dtype);
}

/// `torch.as_tensor(x, dtype)`: a tensor is itself, where its dtype is the one.
static Value applyAsTensor(OperatorMatch &m) {
  if (m.operands.size() < 2 || !isa<ts::TensorType>(m.operands[0].getType()))
    return applyTensor(m);
  Value none = NoneOp::create(m.rewriter, m.getLoc());
  return aten::ToOp::create(m.rewriter, m.getLoc(), m.getType(), m.operands[0], none, m.op.getArguments()[1],
                            m.i1(false));
}

void wick::ts::addContainerRules(OperatorRules &rules) {
  addRule(rules, "aten::tensor", applyTensor);
  addRule(rules, "aten::as_tensor", applyAsTensor);
  addRule(rules, "aten::len", applyLength);
  addRule(rules, "aten::__getitem__", applyGetItem);
  rules["prim::TupleIndex"] = applyTupleIndex;
  addRule(rules, "aten::add", applyConcat);
  addRule(rules, "aten::mul", applyRepeat);
  addRule(rules, "aten::slice", applySlice);
  addRule(rules, "aten::list", applyCopy);
  addRule(rules, "aten::copy", applyCopy);
  addRule(rules, "aten::sum", applySum);
  addRule(rules, "aten::all", applyTruth<arith::AndIOp, true>);
  addRule(rules, "aten::any", applyTruth<arith::OrIOp, false>);
  addRule(rules, "aten::__range_length", applyRangeLength);
  addRule(rules, "aten::__derive_index", applyDeriveIndex);
}

//===----------------------------------------------------------------------===//
// Writes
//===----------------------------------------------------------------------===//

/// The elements after a write operator, or nothing when it is not understood.
static std::optional<SmallVector<Value>> applyWrite(OperatorOp op, SmallVector<Value> elements) {
  StringRef name = getBaseName(op);
  auto arguments = op.getArguments();
  int64_t size = elements.size();
  auto position = [&](Value value) -> std::optional<int64_t> {
    auto index = getInt(value);
    if (!index || *index < -size || *index >= size)
      return std::nullopt;
    return *index < 0 ? *index + size : *index;
  };
  if (name == "aten::append" && arguments.size() == 2) {
    elements.push_back(arguments[1]);
    return elements;
  }
  if ((name == "aten::extend" || name == "aten::add_") && arguments.size() == 2) {
    auto more = getListElements(lookThroughCasts(arguments[1]), op);
    if (!more)
      return std::nullopt;
    llvm::append_range(elements, *more);
    return elements;
  }
  if (name == "aten::_set_item" && arguments.size() == 3) {
    auto index = position(arguments[1]);
    if (!index)
      return std::nullopt;
    elements[*index] = arguments[2];
    return elements;
  }
  if (name == "aten::insert" && arguments.size() == 3) {
    auto index = getInt(arguments[1]);
    if (!index)
      return std::nullopt;
    int64_t at = std::clamp<int64_t>(*index < 0 ? *index + size : *index, 0, size);
    elements.insert(elements.begin() + at, arguments[2]);
    return elements;
  }
  if (name == "aten::reverse") {
    std::reverse(elements.begin(), elements.end());
    return elements;
  }
  if (name == "aten::clear")
    return SmallVector<Value>();
  if ((name == "aten::pop" && arguments.size() == 2) || name == "aten::Delete") {
    auto index = position(arguments[1]);
    if (!index)
      return std::nullopt;
    elements.erase(elements.begin() + *index);
    return elements;
  }
  return std::nullopt;
}

FailureOr<OperatorOp> wick::ts::findFirstWrite(Operation *container, PatternRewriter &rewriter) {
  Block *block = container->getBlock();
  Operation *first = nullptr;
  OperatorOp write;
  for (OpOperand &use : container->getUses()) {
    if (classifyContainerUse(use) != ContainerUse::Write)
      continue;
    // A loop or branch that writes counts as a whole.
    Operation *place = block->findAncestorOpInBlock(*use.getOwner());
    if (!first || place->isBeforeInBlock(first)) {
      first = place;
      write = dyn_cast<OperatorOp>(place);
    }
  }
  if (!first)
    return rewriter.notifyMatchFailure(container, "not written");
  if (!write)
    return rewriter.notifyMatchFailure(container, "written inside a loop or branch first");
  for (OpOperand &use : container->getUses())
    if (classifyContainerUse(use) == ContainerUse::Escape && !isAfter(use.getOwner(), write, block))
      return rewriter.notifyMatchFailure(container, "escapes before it is written");
  return write;
}

void wick::ts::replaceAfterWrite(Operation *container, OperatorOp write, Value changed, PatternRewriter &rewriter) {
  // Most writes return the container itself.
  for (Value result : write->getResults())
    rewriter.replaceAllUsesWith(result, changed);
  rewriter.replaceUsesWithIf(container->getResult(0), changed, [&](OpOperand &use) {
    return use.getOwner() != write && isAfter(use.getOwner(), write, container->getBlock());
  });
  rewriter.eraseOp(write);
}

/// Replaces what follows the first write to a fresh list by a new list.
static LogicalResult promoteWrite(ListConstructOp list, PatternRewriter &rewriter) {
  FailureOr<OperatorOp> found = findFirstWrite(list, rewriter);
  if (failed(found))
    return failure();
  OperatorOp first = *found;
  if (llvm::count(first->getOperands(), list.getResult()) != 1)
    return rewriter.notifyMatchFailure(list, "is an operand of the write twice");
  auto elements = applyWrite(first, SmallVector<Value>(list.getElements()));
  if (!elements)
    return rewriter.notifyMatchFailure(list, "the write is not known at compile time");

  rewriter.setInsertionPoint(first);
  // pop returns the element, the others the list itself.
  if (getBaseName(first) == "aten::pop") {
    int64_t index = *getInt(first.getArguments()[1]);
    index = index < 0 ? index + list.getElements().size() : index;
    Value popped = castTo(rewriter, first.getLoc(), list.getElements()[index], first->getResult(0).getType());
    rewriter.replaceAllUsesWith(first->getResult(0), popped);
  }
  Value changed = ListConstructOp::create(rewriter, first.getLoc(), list.getType(), *elements);
  replaceAfterWrite(list, first, changed, rewriter);
  return success();
}

namespace {
/// The first write to a fresh list makes a new list for all later uses.
struct PromoteListWrite : public OpRewritePattern<ListConstructOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ListConstructOp list, PatternRewriter &rewriter) const override {
    return promoteWrite(list, rewriter);
  }
};

/// The same where inference meets the write after the list: it may have stood in a loop that has been unrolled since.
/// Of tensors in lists what is stored there tells, see `Contents`.
struct PromoteUnrolledWrite : public OpRewritePattern<OperatorOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(OperatorOp write, PatternRewriter &rewriter) const override {
    auto list = write->getNumOperands() ? write->getOperand(0).getDefiningOp<ListConstructOp>() : ListConstructOp();
    if (!list || holdsTensor(list.getType()) || classifyContainerUse(write->getOpOperand(0)) != ContainerUse::Write)
      return rewriter.notifyMatchFailure(write, "is no write of a list without tensors that is made here");
    FailureOr<OperatorOp> first = findFirstWrite(list, rewriter);
    if (failed(first) || *first != write)
      return rewriter.notifyMatchFailure(write, "is not the first one");
    return promoteWrite(list, rewriter);
  }
};

/// Unpacking a list of known elements.
struct ResolveListUnpack : public OpRewritePattern<ListUnpackOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ListUnpackOp op, PatternRewriter &rewriter) const override {
    Value list = lookThroughCasts(op.getList());
    if (auto elements = getListElements(list, op)) {
      if (elements->size() != op.getNumResults())
        return rewriter.notifyMatchFailure(op, "the list has another length");
      for (auto [element, result] : llvm::zip(*elements, op.getResults()))
        element = castTo(rewriter, op.getLoc(), element, result.getType());
      rewriter.replaceOp(op, *elements);
      return success();
    }
    Value tensor = getSizedTensor(list, op);
    if (!tensor)
      return rewriter.notifyMatchFailure(op, "the elements are not known");
    // The sizes of a tensor: what is checked is its rank.
    Location loc = op.getLoc();
    auto integer = [&](int64_t value) -> Value {
      return arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(value));
    };
    int64_t count = op.getNumResults();
    Value rank = RankOp::create(rewriter, loc, rewriter.getI64Type(), tensor);
    Value differs = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::ne, rank, integer(count));
    raiseIf(rewriter, loc, differs,
            "Expected " + std::to_string(count) + " elements in a list but found another number");
    SmallVector<Value> values;
    for (int64_t i = 0; i < count; ++i)
      values.push_back(SizeOp::create(rewriter, loc, rewriter.getI64Type(), tensor, integer(i)));
    rewriter.replaceOp(op, values);
    return success();
  }
};

/// A tuple that leaves a branch leaves it as its elements.
struct SplitTupleResult : public OpRewritePattern<scf::IfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(scf::IfOp op, PatternRewriter &rewriter) const override;
};
} // namespace

/// Whether one branch yields a tuple it built and the other as well, or nothing at all.
static bool yieldsTuple(Value a, Value b) {
  auto built = [](Value value) { return isa_and_nonnull<TupleConstructOp, UninitializedOp>(value.getDefiningOp()); };
  return !getTupleElementTypes(a.getType()).empty() && built(a) && built(b);
}

LogicalResult SplitTupleResult::matchAndRewrite(scf::IfOp op, PatternRewriter &rewriter) const {
  if (op.getNumResults() == 0)
    return failure();
  auto thenYield = op.thenYield(), elseYield = op.elseYield();
  std::optional<unsigned> position;
  for (unsigned i = 0; i < op.getNumResults() && !position; ++i)
    if (yieldsTuple(thenYield.getOperand(i), elseYield.getOperand(i)))
      position = i;
  if (!position)
    return rewriter.notifyMatchFailure(op, "no result is a tuple that both branches build");
  Type tuple = op.getResult(*position).getType();
  ArrayRef<Type> elements = getTupleElementTypes(tuple);

  SmallVector<Type> types(op.getResultTypes());
  types.erase(types.begin() + *position);
  types.insert(types.begin() + *position, elements.begin(), elements.end());
  for (scf::YieldOp yield : {thenYield, elseYield}) {
    rewriter.setInsertionPoint(yield);
    SmallVector<Value> values(yield.getOperands());
    Value value = values[*position];
    values.erase(values.begin() + *position);
    auto parts = TupleUnpackOp::create(rewriter, yield.getLoc(), elements, value).getResults();
    values.insert(values.begin() + *position, parts.begin(), parts.end());
    rewriter.replaceOpWithNewOp<scf::YieldOp>(yield, values);
  }
  rewriter.setInsertionPoint(op);
  auto split = scf::IfOp::create(rewriter, op.getLoc(), types, op.getCondition(), false, false);
  split.getThenRegion().takeBody(op.getThenRegion());
  split.getElseRegion().takeBody(op.getElseRegion());
  SmallVector<Value> results(split.getResults());
  auto parts = ValueRange(results).slice(*position, elements.size());
  Value joined = TupleConstructOp::create(rewriter, op.getLoc(), tuple, parts);
  results.erase(results.begin() + *position, results.begin() + *position + elements.size());
  results.insert(results.begin() + *position, joined);
  rewriter.replaceOp(op, results);
  return success();
}

void wick::ts::populateContainerPatterns(RewritePatternSet &patterns) {
  patterns.add<PromoteListWrite, PromoteUnrolledWrite, ResolveListUnpack, SplitTupleResult>(patterns.getContext());
}
