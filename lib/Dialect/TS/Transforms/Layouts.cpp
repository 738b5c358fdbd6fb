//===- Layouts.cpp - what programs ask of the memory of tensors -------------===//
//
// The strides of a tensor are those that LibTorch gives it, which follow from what made
// it: an argument, which is taken to lie in order, a weight, a view, or an operator
// whose result's strides are known. Others are not guessed, and LibTorch is not asked:
// what it is given of a view is a copy in order.
//
//===----------------------------------------------------------------------===//
#include "OperatorRules.h"

#include "ObjectImage.h"
#include "wick/Dialect/Aten/IR/AtenActivationOps.h"
#include "wick/Dialect/Aten/IR/AtenCreationOps.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h"
#include "wick/Dialect/Aten/IR/AtenMathOps.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Casts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;
using aten::Layout;
using aten::Order;

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// Operators without tensor operands that decide the order, whose result is in row-major order.
static constexpr StringLiteral kRowMajor[] = {
    "aten.zeros",         "aten.ones",   "aten.full",   "aten.new_zeros", "aten.new_ones", "aten.new_full",
    "aten.scalar_tensor", "aten.tensor", "aten.arange", "aten.linspace",  "aten.eye",
};

/// Operators whose result, unless it is empty, is in row-major order where all their tensors are. Not among them are
/// those that LibTorch computes in another order, as those of linear algebra, `nonzero` and Fourier transforms, and
/// those that type inference makes of other operators, as `index_select`.
static constexpr StringLiteral kKeepsRowMajor[] = {
    "aten.linear",     "aten.matmul",      "aten.mm",
    "aten.bmm",        "aten.addmm",       "aten.baddbmm",
    "aten.mv",         "aten.dot",         "aten.outer",
    "aten.conv",       "aten.cat",         "aten.stack",
    "aten.flip",       "aten.roll",        "aten.repeat",
    "aten.softmax",    "aten.log_softmax", "aten.sum",
    "aten.prod",       "aten.mean",        "aten.amax",
    "aten.amin",       "aten.argmax",      "aten.argmin",
    "aten.any",        "aten.all",         "aten.var",
    "aten.std",        "aten.logsumexp",   "aten.cumsum",
    "aten.layer_norm", "aten.embedding",   "aten.constant_pad_nd",
    "aten.pad",
};

/// Operators on elements that LibTorch computes in order whatever the order of their operands.
static bool isComputedInOrder(Operation *op) {
  return isa<aten::MaskedFillOp, aten::LogSigmoidOp>(op) ||
         (isa<aten::PowOp>(op) && !isa<ts::TensorType>(lookThroughCasts(op->getOperand(0)).getType()));
}

/// Whether an operation is one of a function that stands for an operator, and so not one that LibTorch runs.
static bool isOwn(Location loc) {
  if (auto call = dyn_cast<CallSiteLoc>(loc))
    return isOwn(call.getCallee()) || isOwn(call.getCaller());
  if (auto named = dyn_cast<NameLoc>(loc))
    return isOwn(named.getChildLoc());
  if (auto fused = dyn_cast<FusedLoc>(loc))
    return llvm::any_of(fused.getLocations(), isOwn);
  auto place = dyn_cast<FileLineColLoc>(loc);
  return place && place.getFilename().getValue().starts_with(kOwnSources);
}

namespace {
class LayoutFinder {
public:
  LayoutFinder(RewriterBase &rewriter, Location loc) : rewriter(rewriter), numbers(rewriter, loc) {}

  /// Builds the layout of a tensor; nothing where it is not known.
  std::optional<Layout> find(Value tensor);

private:
  std::optional<Layout> findMade(Operation *op, Value result);
  /// That of the result of a branch that is in row-major order on both sides.
  std::optional<Layout> findChosen(scf::IfOp branch, OpResult result);
  std::optional<Layout> findWeight(WeightRefOp weight);
  std::optional<Layout> findView(aten::ViewInterface view);
  /// That of what operators give that take, or have been given, a memory format: -1 is one that is not known.
  std::optional<Layout> findContiguous(aten::ContiguousOp op, int64_t format);
  std::optional<Layout> findConverted(aten::ToOp op, std::optional<int64_t> format);
  std::optional<Layout> findCopied(Value source, Value result, std::optional<int64_t> format);
  std::optional<Layout> findComputed(Operation *op, Value result);
  /// That of a new tensor in a memory format.
  std::optional<Layout> getFormatted(Value result, int64_t format);
  /// Lets a layout be that of memory of its own.
  Layout makeNew(Layout layout, Value result);
  void require(Layout &layout, Value condition) {
    layout.known = layout.known ? numbers.both(layout.known, condition) : condition;
  }

  RewriterBase &rewriter;
  aten::NumberBuilder numbers;
  aten::StaticFacts facts;
};
} // namespace

/// The order of dims, the one that is last in memory first, that a memory format other than the contiguous one has for
/// a rank; empty where it has none.
static ArrayRef<int64_t> getDimOrder(int64_t format, int64_t rank) {
  static constexpr int64_t order2d[] = {1, 3, 2, 0}, order3d[] = {1, 4, 3, 2, 0};
  if (format == 2 && rank == 4)
    return order2d;
  return format == 3 && rank == 5 ? ArrayRef(order3d) : ArrayRef<int64_t>();
}

/// Whether a value is an argument of the method, or an element of a tuple that is one: tensors that lie in order.
static bool isArgument(Value value) {
  value = lookThroughCasts(value);
  if (auto argument = dyn_cast<BlockArgument>(value))
    return isa<func::FuncOp>(argument.getOwner()->getParentOp());
  Operation *op = value.getDefiningOp();
  return isa<TupleUnpackOp, TupleIndexOp>(op) && isArgument(op->getOperand(0));
}

std::optional<Layout> LayoutFinder::find(Value tensor) {
  // Of an optional argument it is a cast that is a tensor.
  Value made = lookThroughCasts(tensor);
  if (isa<ts::TensorType>(made.getType()))
    tensor = made;
  auto type = dyn_cast<ts::TensorType>(tensor.getType());
  if (!type || !type.getHasRank())
    return std::nullopt;
  if (isArgument(tensor))
    return Layout::getRowMajor(numbers, tensor);
  Operation *op = tensor.getDefiningOp();
  if (!op || tensor != made)
    return std::nullopt;
  if (isOwn(op->getLoc()))
    return std::nullopt;
  std::optional<Layout> layout = findMade(op, tensor);
  if (!layout)
    return std::nullopt;
  if (aten::getConstantNumber(layout->known).value_or(0) != 0)
    layout->known = {};
  layout->settle();
  if (op->hasAttr(kOutputAttr)) {
    // The tensor that was given for the result keeps its memory, in the order that it has where it is made larger.
    if (layout->order < Order::UnlessEmpty)
      return std::nullopt;
    layout->offset = layout->memory = {};
  }
  return layout;
}

std::optional<Layout> LayoutFinder::findMade(Operation *op, Value result) {
  std::optional<int64_t> format;
  if (auto given = op->getAttrOfType<IntegerAttr>(aten::kMemoryFormatAttr))
    format = given.getInt();
  using Result = std::optional<Layout>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](WeightRefOp weight) { return findWeight(weight); })
      .Case([&](scf::IfOp branch) { return findChosen(branch, cast<OpResult>(result)); })
      .Case([&](NumberToTensorOp) { return Layout::getRowMajor(numbers, result); })
      .Case([&](aten::ViewInterface view) { return findView(view); })
      .Case([&](aten::AliasOp alias) { return find(alias.getSelf()); })
      .Case([&](aten::ConjPhysicalOp conjugate) -> Result {
        // A real tensor is its own conjugate.
        Type dtype = facts.getTensor(conjugate.getSelf()).getDtype();
        if (!dtype)
          return std::nullopt;
        return isa<ComplexType>(dtype) ? findComputed(op, result) : find(conjugate.getSelf());
      })
      .Case([&](aten::ContiguousOp contiguous) { return findContiguous(contiguous, format.value_or(0)); })
      .Case([&](aten::ToOp to) { return findConverted(to, format); })
      .Case<aten::CloneOp, aten::ToCopyOp, aten::ZerosLikeOp, aten::OnesLikeOp, aten::FullLikeOp>(
          [&](auto copy) { return findCopied(copy.getSelf(), result, format); })
      .Default([&](Operation *) -> Result {
        if (!llvm::is_contained(kRowMajor, op->getName().getStringRef()))
          return findComputed(op, result);
        return getFormatted(result, format.value_or(0));
      });
}

std::optional<Layout> LayoutFinder::findChosen(scf::IfOp branch, OpResult result) {
  bool isWhole = true, mayBeEmpty = false;
  Block *here = rewriter.getInsertionBlock();
  auto getLast = [&]() {
    Block::iterator next = rewriter.getInsertionPoint();
    return next == here->begin() ? nullptr : &*std::prev(next);
  };
  Operation *before = getLast();
  for (Block *block : {branch.thenBlock(), branch.elseBlock()}) {
    Value yielded = lookThroughCasts(block->getTerminator()->getOperand(result.getResultNumber()));
    // That of a path which ends, by a return or raise, nobody looks at.
    if (yielded.getDefiningOp<UninitializedOp>())
      continue;
    std::optional<Layout> layout = find(yielded);
    bool isRowMajor = layout && layout->order >= Order::UnlessEmpty;
    mayBeEmpty |= isRowMajor && (layout->order == Order::UnlessEmpty || layout->known);
    isWhole &= isRowMajor && layout->memory && lookThroughCasts(layout->memory) == yielded;
    // What has been built uses values of the branch.
    while (getLast() != before)
      rewriter.eraseOp(getLast());
    if (!isRowMajor)
      return std::nullopt;
  }
  Layout layout = Layout::getRowMajor(numbers, result);
  if (mayBeEmpty) {
    layout.order = Order::UnlessEmpty;
    layout.known = numbers.hasElements(layout.sizes);
  }
  if (!isWhole)
    layout.offset = layout.memory = {};
  return layout;
}

std::optional<Layout> LayoutFinder::findWeight(WeightRefOp weight) {
  Layout layout;
  for (auto [size, stride] : llvm::zip_equal(weight.getSizes(), weight.getStrides())) {
    layout.sizes.push_back(numbers.constant(size));
    layout.strides.push_back(numbers.constant(stride));
  }
  layout.offset = numbers.constant(weight.getOffset());
  layout.settle();
  if (layout.order == Order::RowMajor && weight.getOffset() == 0)
    layout.memory = weight;
  return layout;
}

std::optional<Layout> LayoutFinder::findView(aten::ViewInterface view) {
  std::optional<Layout> layout = find(view.getViewSource());
  if (!layout || failed(view.mapLayout(rewriter, facts, *layout)))
    return std::nullopt;
  return layout;
}

Layout LayoutFinder::makeNew(Layout layout, Value result) {
  layout.settle();
  layout.offset = numbers.constant(0);
  layout.memory = layout.order >= Order::Contiguous ? result : Value();
  return layout;
}

std::optional<Layout> LayoutFinder::getFormatted(Value result, int64_t format) {
  if (format == 0)
    return Layout::getRowMajor(numbers, result);
  Layout layout;
  layout.sizes = numbers.sizes(result);
  layout.strides.resize(layout.sizes.size());
  ArrayRef<int64_t> order = getDimOrder(format, layout.sizes.size());
  if (order.empty())
    return std::nullopt;
  Value stride = numbers.constant(1);
  for (int64_t dim : order) {
    layout.strides[dim] = stride;
    stride = numbers.multiply(stride, layout.sizes[dim]);
  }
  layout.isPermuted = true;
  layout.known = numbers.hasElements(layout.sizes);
  return makeNew(layout, result);
}

/// What lies in order already is given back.
std::optional<Layout> LayoutFinder::findContiguous(aten::ContiguousOp op, int64_t format) {
  std::optional<Layout> source = find(op.getSelf());
  if (format != 0) {
    // That which LibTorch cannot tell from the format, as of one channel, stays as it is.
    std::optional<Layout> layout = getFormatted(op.getResult(), format);
    if (!source || !layout)
      return std::nullopt;
    Value isFormatted = numbers.areDense(source->sizes, source->strides, getDimOrder(format, source->sizes.size()));
    for (auto [stride, own] : llvm::zip_equal(layout->strides, source->strides))
      stride = numbers.select(isFormatted, own, stride);
    std::optional<int64_t> isKnown = aten::getConstantNumber(isFormatted);
    layout->offset = isKnown == 0 ? layout->offset : Value();
    if (source->known)
      require(*layout, source->known);
    return layout;
  }
  if (!source) {
    Layout layout = Layout::getRowMajor(numbers, op.getResult());
    layout.known = numbers.areLarge(layout.sizes);
    layout.order = Order::Contiguous;
    layout.isPermuted = false;
    layout.offset = layout.memory = {};
    return layout;
  }
  if (source->order >= Order::Contiguous)
    return source;
  SmallVector<int64_t> dims = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, source->sizes.size())));
  Value isInOrder = numbers.either(numbers.negate(numbers.hasElements(source->sizes)),
                                   numbers.areDense(source->sizes, source->strides, dims));
  Layout layout = Layout::getRowMajor(numbers, op.getResult());
  std::optional<int64_t> isKnown = aten::getConstantNumber(isInOrder);
  if (isKnown == 1)
    return source;
  if (isKnown == 0 && !source->known)
    return layout;
  for (auto [stride, own] : llvm::zip_equal(layout.strides, source->strides))
    stride = numbers.select(isInOrder, own, stride);
  layout.known = source->known;
  layout.order = Order::Contiguous;
  layout.isPermuted = false;
  layout.offset = source->offset ? numbers.select(isInOrder, source->offset, layout.offset) : Value();
  layout.memory = {};
  return layout;
}

std::optional<Layout> LayoutFinder::findConverted(aten::ToOp op, std::optional<int64_t> format) {
  Type before = facts.getTensor(op.getSelf()).getDtype(), after = facts.getTensor(op.getResult()).getDtype();
  if (!before || !after)
    return std::nullopt;
  if (before != after)
    return findCopied(op.getSelf(), op.getResult(), format);
  std::optional<Layout> source = find(op.getSelf());
  if (!source || !format)
    return source;
  // What is in the format already is given back, which LibTorch takes a tensor in row-major order for in one only.
  if (source->order < Order::UnlessEmpty || source->known)
    return std::nullopt;
  return *format == 0 ? source : getFormatted(op.getResult(), *format);
}

std::optional<Layout> LayoutFinder::findCopied(Value source, Value result, std::optional<int64_t> format) {
  if (format)
    return getFormatted(result, *format);
  std::optional<Layout> layout = find(source);
  if (!layout || layout->order < Order::Descending) {
    if (!layout || !layout->isPermuted)
      return std::nullopt;
    return makeNew(*layout, result);
  }
  if (layout->isPermuted || layout->order >= Order::Contiguous)
    return makeNew(*layout, result);
  Layout copy = Layout::getRowMajor(numbers, result);
  copy.order = Order::Any;
  copy.known = layout->known;
  require(copy, numbers.areLarge(copy.sizes));
  return makeNew(copy, result);
}

/// The tensors that an operator takes; nothing where a list of them is not known.
static std::optional<SmallVector<Value>> getTensors(Operation *op, aten::Facts &facts) {
  SmallVector<Value> tensors;
  for (Value operand : op->getOperands()) {
    operand = lookThroughCasts(operand);
    if (isa<ts::TensorType>(operand.getType())) {
      tensors.push_back(operand);
      continue;
    }
    auto list = dyn_cast<ListType>(operand.getType());
    if (!list || !isa<ts::TensorType>(list.getElementType())) {
      if (isa<ListType>(operand.getType()) || !isa<OptionalType>(operand.getType()))
        continue;
      return std::nullopt;
    }
    std::optional<SmallVector<Value>> elements = facts.getList(operand);
    if (!elements)
      return std::nullopt;
    llvm::append_range(tensors, *elements);
  }
  return tensors;
}

std::optional<Layout> LayoutFinder::findComputed(Operation *op, Value result) {
  bool isPointwise = op->hasTrait<aten::Pointwise>();
  if ((!isPointwise && !llvm::is_contained(kKeepsRowMajor, op->getName().getStringRef())) || op->getNumResults() != 1)
    return std::nullopt;
  std::optional<SmallVector<Value>> tensors = getTensors(op, facts);
  if (!tensors)
    return std::nullopt;
  SmallVector<Layout> layouts;
  Order order = Order::RowMajor;
  for (Value tensor : *tensors) {
    std::optional<Layout> layout = find(tensor);
    if (!layout)
      return std::nullopt;
    if (layout->sizes.empty())
      continue;
    order = std::min(order, layout->order);
    layouts.push_back(*layout);
  }
  Layout layout = Layout::getRowMajor(numbers, result);
  if (order >= Order::UnlessEmpty) {
    layout.order = Order::UnlessEmpty;
    layout.known = numbers.hasElements(layout.sizes);
    return makeNew(layout, result);
  }
  if (!isPointwise)
    return std::nullopt;
  // Elements are computed in the order in which the operands have them, which is not clear where dims are of size one.
  if (order == Order::Any) {
    if (layouts.size() != 1 || !layouts[0].isPermuted || isComputedInOrder(op))
      return std::nullopt;
    layout = layouts[0];
  }
  layout.order = Order::Any;
  for (const Layout &operand : layouts)
    if (operand.known && order != Order::Any)
      require(layout, operand.known);
  require(layout, numbers.areLarge(layout.sizes));
  return makeNew(layout, result);
}

//===----------------------------------------------------------------------===//
// Queries
//===----------------------------------------------------------------------===//

static constexpr StringLiteral kStride = "aten::stride", kOffset = "aten::storage_offset",
                               kIsContiguous = "aten::is_contiguous", kIsDense = "aten::is_non_overlapping_and_dense";

bool wick::ts::asksForMemory(StringRef baseName) {
  return llvm::is_contained(ArrayRef<StringRef>{kStride, kOffset, kIsContiguous, kIsDense, kMemoryOperator,
                                                kMemoryOffsetOperator, "aten::is_set_to",
                                                "aten::_debug_has_internal_overlap", "aten::_has_same_storage_numel"},
                            baseName);
}

/// Operators that take strides of their own through the memory of a tensor, which LibTorch carries out.
static constexpr StringLiteral kThroughMemory[] = {"aten::as_strided_scatter", "aten::_reshape_alias"};

bool wick::ts::reachesOtherMemory(OperatorOp op) {
  if (!llvm::is_contained(kThroughMemory, getBaseName(op)))
    return false;
  IRRewriter rewriter(op);
  Operation *before = op->getPrevNode();
  Value tensor = lookThroughCasts(op.getArguments()[0]);
  std::optional<Layout> layout = LayoutFinder(rewriter, op.getLoc()).find(tensor);
  bool isWhole = layout && layout->memory && lookThroughCasts(layout->memory) == tensor;
  while (op->getPrevNode() != before)
    rewriter.eraseOp(op->getPrevNode());
  return !isWhole;
}

/// Raises where strides that are asked for are not known, which a size decides. Fails where none can change that.
static LogicalResult checkKnown(OperatorMatch &m, const Layout &layout) {
  if (!layout.known)
    return success();
  if (aten::getConstantNumber(layout.known) == 0)
    return failure();
  aten::NumberBuilder numbers(m.rewriter, m.getLoc());
  m.raiseIf(numbers.negate(layout.known), "RuntimeError", kUnknownStrides);
  return success();
}

static std::optional<Layout> findLayout(OperatorMatch &m) {
  if (m.operands.empty())
    return std::nullopt;
  return LayoutFinder(m.rewriter, m.getLoc()).find(m.operands[0]);
}

static Value applyStride(OperatorMatch &m) {
  std::optional<Layout> layout = findLayout(m);
  if (!layout)
    return {};
  int64_t rank = layout->sizes.size();
  if (m.operands.size() == 1) {
    if (failed(checkKnown(m, *layout)))
      return {};
    return ListConstructOp::create(m.rewriter, m.getLoc(), m.getType(), layout->strides);
  }
  std::optional<int64_t> dim = aten::getConstantNumber(m.operands[1]);
  if (!dim)
    return {};
  int64_t position = *dim < 0 ? *dim + rank : *dim;
  // Sizes have the same error.
  if (position < 0 || position >= rank)
    return SizeOp::create(m.rewriter, m.getLoc(), m.rewriter.getI64Type(), m.operands[0], m.operands[1]);
  return succeeded(checkKnown(m, *layout)) ? layout->strides[position] : Value();
}

static Value applyOffset(OperatorMatch &m) {
  std::optional<Layout> layout = findLayout(m);
  return layout ? layout->offset : Value();
}

static Value applyIsContiguous(OperatorMatch &m) {
  std::optional<Layout> layout = findLayout(m);
  std::optional<int64_t> format = m.operands.size() == 2 ? aten::getConstantNumber(m.operands[1]) : 0;
  if (!layout || !format)
    return {};
  bool isPlain = *format < 2;
  if (isPlain && layout->order >= Order::Contiguous)
    return m.i1(true);
  int64_t rank = layout->sizes.size();
  SmallVector<int64_t> dims = isPlain ? llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank)))
                                      : llvm::to_vector(getDimOrder(*format, rank));
  if (failed(checkKnown(m, *layout)))
    return {};
  if (!isPlain && dims.empty())
    return m.i1(false);
  aten::NumberBuilder numbers(m.rewriter, m.getLoc());
  Value isDense = numbers.areDense(layout->sizes, layout->strides, dims);
  return isPlain ? numbers.either(numbers.negate(numbers.hasElements(layout->sizes)), isDense) : isDense;
}

static Value applyIsDense(OperatorMatch &m) {
  std::optional<Layout> layout = findLayout(m);
  if (!layout)
    return {};
  if (layout->order >= Order::Contiguous)
    return m.i1(true);
  bool isDecided = aten::getConstantNumbers(layout->sizes) && aten::getConstantNumbers(layout->strides);
  if (layout->known || !(layout->isPermuted || isDecided))
    return {};
  return m.i1(layout->isPermuted);
}

/// A tensor of all memory that a tensor is a view of, and where in it that begins. One that lies in order may be all
/// that is known of its memory.
static std::optional<std::pair<Value, Value>> findMemory(OperatorMatch &m) {
  std::optional<Layout> layout = findLayout(m);
  if (layout && layout->memory && layout->offset)
    return std::pair(layout->memory, layout->offset);
  if (!layout || layout->order < Order::UnlessEmpty)
    return std::nullopt;
  return std::pair(m.operands[0], m.i64(0));
}

static Value applyMemory(OperatorMatch &m) {
  auto memory = findMemory(m);
  if (!memory)
    return {};
  Value all = aten::buildIntList(m.rewriter, m.getLoc(), {-1});
  return aten::ViewAsSizeOp::create(m.rewriter, m.getLoc(), ts::TensorType::get(m.rewriter.getContext()), memory->first,
                                    all);
}

static Value applyMemoryOffset(OperatorMatch &m) {
  auto memory = findMemory(m);
  return memory ? memory->second : Value();
}

void wick::ts::addLayoutRules(OperatorRules &rules) {
  rules[kStride] = applyStride;
  rules[kOffset] = applyOffset;
  rules[kIsContiguous] = applyIsContiguous;
  rules[kIsDense] = applyIsDense;
  rules[kMemoryOperator] = applyMemory;
  rules[kMemoryOffsetOperator] = applyMemoryOffset;
  // Types decide whether these are left to LibTorch.
  for (StringRef name : kThroughMemory)
    rules[name] = [](OperatorMatch &) { return Value(); };
}
