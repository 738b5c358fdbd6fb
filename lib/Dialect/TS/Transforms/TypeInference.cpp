//===- TypeInference.cpp - one walk that learns the types of a program ------===//
#include "TypeInference.h"

#include "ObjectImage.h"
#include "OperatorRules.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/DtypeChecks.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/JoinTypes.h"
#include "wick/Dialect/TS/IR/Raise.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"
#include "wick/Dialect/TS/IR/Sizes.h"
#include "wick/Dialect/TS/Transforms/Patterns.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// A program that keeps changing at one place is a defect of a pattern; this ends it.
static constexpr unsigned kMaxRewritesPerPlace = 10000;

static FrozenRewritePatternSet getSimplifyPatterns(MLIRContext *context) {
  RewritePatternSet patterns(context);
  populateSimplifyPatterns(patterns);
  return std::move(patterns);
}

TypeInference::TypeInference(MLIRContext *context, const Contents *contents, InferenceOptions options)
    : contents(contents), options(options), rewriter(context), patterns(getSimplifyPatterns(context)),
      applicator(patterns) {
  rewriter.setListener(this);
  applicator.applyDefaultCostModel();
}

void TypeInference::notifyOperationErased(Operation *op) {
  for (Operation *&cursor : cursors)
    if (cursor == op)
      cursor = op->getPrevNode();
}

LogicalResult TypeInference::inferBlock(Block &block) {
  size_t depth = cursors.size();
  cursors.push_back(nullptr);
  unsigned rewrites = 0;
  auto next = [&]() -> Operation * {
    if (Operation *previous = cursors[depth])
      return previous->getNextNode();
    return block.empty() ? nullptr : &block.front();
  };
  while (Operation *op = next()) {
    Progress progress = visit(op);
    if (progress == Progress::Failed)
      return failure();
    if (progress == Progress::Rewritten && ++rewrites < kMaxRewritesPerPlace)
      continue;
    rewrites = 0;
    cursors[depth] = op;
  }
  cursors.pop_back();
  return success();
}

/// An error where a tensor is known not to have one element, or not one that may be taken for an int unasked.
static LogicalResult checkItem(ItemOp op, ts::TensorType type) {
  if (!type.getHasRank())
    return success();
  if (op.getImplicit() && type.getRank() != 0)
    return op.emitOpError() << "Cannot input a tensor of dimension other than 0 as a scalar argument";
  Type dtype = type.getDtype();
  if (op.getImplicit() && op.getType().isInteger(64) && dtype && (!isa<IntegerType>(dtype) || dtype.isInteger(1)))
    return op.emitOpError() << "Cannot input a tensor of type " << aten::getScalarTypeName(dtype)
                            << " as an integral argument";
  std::optional<int64_t> count = aten::getConstant(aten::getNumElements(type.getDims(), op.getContext()));
  if (!count || *count == 1)
    return success();
  if (op.getType().isInteger(1))
    return op.emitOpError() << "Boolean value of Tensor with " << (*count ? "more than one value" : "no values")
                            << " is ambiguous";
  return op.emitOpError() << "a Tensor with " << *count << " elements cannot be converted to Scalar";
}

/// An error where what is written does not have the shape of the tensor, to which copies broadcast.
static LogicalResult checkWrittenShape(WriteOp op, ts::TensorType value, ts::TensorType target) {
  if (!value.getHasRank() || !target.getHasRank() || op->hasAttr(kOutputAttr))
    return success();
  ArrayRef<AffineExpr> given = value.getDims(), own = target.getDims();
  int64_t added = int64_t(own.size()) - int64_t(given.size());
  bool isWider = added < 0;
  for (int64_t i = given.size() - 1; i >= 0 && i + added >= 0; --i) {
    AffineExpr size = given[i], needed = own[i + added];
    if (!aten::areDistinct(size, needed) || (aten::isConstant(size, 1) && !op.getStrict()))
      continue;
    if (!op.getStrict() && !aten::isConstant(needed, 1))
      return op.emitOpError() << "The size of tensor a (" << aten::printSize(needed)
                              << ") must match the size of tensor b (" << aten::printSize(size)
                              << ") at non-singleton dimension " << std::max(i, i + added);
    isWider = true;
  }
  if (!isWider)
    return success();
  SmallVector<AffineExpr> joined(added < 0 ? given : own);
  for (size_t i = 1; i <= std::min(given.size(), own.size()); ++i) {
    AffineExpr size = given[given.size() - i], needed = own[own.size() - i];
    joined[joined.size() - i] = aten::isConstant(needed, 1) || op.getStrict() ? size : needed;
  }
  return op.emitOpError() << "output with shape " << aten::printSizes(own) << " doesn't match the broadcast shape "
                          << aten::printSizes(joined);
}

/// An error where an in-place operator or `out` cannot hold what is computed.
static LogicalResult checkWrite(WriteOp op, aten::Facts &facts) {
  ts::TensorType value = facts.getTensor(op.getValue()), target = facts.getTensor(op.getReference());
  Type from = value.getDtype(), to = target.getDtype();
  // All outputs of an operator are checked before one is written.
  for (WriteOp output = op; output && output->hasAttr(kExactAttr);
       output = dyn_cast_if_present<WriteOp>(output->getNextNode())) {
    Type computed = facts.getTensor(output.getValue()).getDtype();
    Type own = facts.getTensor(output.getReference()).getDtype();
    if (computed && own && computed != own)
      return op.emitOpError() << "Expected out tensor to have dtype " << aten::getCppName(computed) << ", but got "
                              << aten::getCppName(own) << " instead";
  }
  if (op.getStrict() && from && to && failed(aten::checkCast(op, from, to)))
    return failure();
  return checkWrittenShape(op, value, target);
}

TypeInference::Progress TypeInference::visit(Operation *op) {
  if (Progress progress = rewrite(op); progress != Progress::Done)
    return progress;
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return visitIf(branch);
  LogicalResult result = success();
  if (auto loop = dyn_cast<scf::ForOp>(op))
    result = visitFor(loop);
  else if (auto loop = dyn_cast<scf::WhileOp>(op))
    result = visitWhile(loop);
  else if (auto loop = dyn_cast<LoopOp>(op)) {
    if (Progress progress = visitLoop(loop); progress != Progress::Done)
      return progress;
  } else if (auto fallback = dyn_cast<FallbackOp>(op))
    inferFallback(fallback);
  else if (auto item = dyn_cast<ItemOp>(op)) {
    if (Progress progress = applyRule(op, [&] { return checkItem(item, facts.getTensor(item.getTensor())); });
        progress != Progress::Done)
      return progress;
  } else if (auto write = dyn_cast<WriteOp>(op)) {
    if (Progress progress = applyRule(op, [&] { return checkWrite(write, facts); }); progress != Progress::Done)
      return progress;
    if (resizeOutput(write))
      return Progress::Rewritten;
    inferStructure(op);
  } else if (isa<aten::TypeInferenceInterface>(op)) {
    if (raiseAtEmptyList(op))
      return Progress::Done;
    if (takeListsApart(op))
      return Progress::Rewritten;
    if (Progress progress = inferTensorOperator(op); progress != Progress::Done)
      return progress;
  } else
    inferStructure(op);
  if (succeeded(result) && (divide(op) || (options.leavesUnknown && leaveUnknown(op))))
    return Progress::Rewritten;
  return succeeded(result) ? Progress::Done : Progress::Failed;
}

//===----------------------------------------------------------------------===//
// Rewrites
//===----------------------------------------------------------------------===//

TypeInference::Progress TypeInference::rewrite(Operation *op) {
  if (op->hasTrait<OpTrait::ConstantLike>() || op->hasTrait<OpTrait::IsTerminator>())
    return Progress::Done;
  rewriter.setInsertionPoint(op);
  if (isOpTriviallyDead(op) && op->getNumResults() != 0) {
    rewriter.eraseOp(op);
    return Progress::Rewritten;
  }
  keepChecks(op);
  if (op->getNumResults() != 0 && op->getNumRegions() == 0) {
    SmallVector<Value> values;
    if (succeeded(rewriter.tryFold(op, values)) && values.size() == op->getNumResults()) {
      rewriter.replaceOp(op, values);
      return Progress::Rewritten;
    }
  }
  if (answerQuery(op))
    return Progress::Rewritten;
  if (divideSqueeze(op) || divideOptional(op) || divideDims(op) || divideFlag(op))
    return Progress::Rewritten;
  if (isa<aten::DecompositionInterface>(op))
    if (Progress progress = decompose(op); progress != Progress::Done)
      return progress;
  if (isa_and_nonnull<TSDialect>(op->getDialect()) && succeeded(applicator.matchAndRewrite(op, rewriter)))
    return Progress::Rewritten;
  return divideNumber(op) ? Progress::Rewritten : Progress::Done;
}

/// What is asked of a tensor may be known without it: an index out of its range raises all the same.
void TypeInference::keepChecks(Operation *op) {
  if (!isa<SizeOp, SizesOp, NumelOp, RankOp, DtypeOp>(op))
    return;
  auto select = op->getOperand(0).getDefiningOp<aten::SelectOp>();
  if (select && !facts.getConstantInt(select.getIndex()))
    select->setAttr(aten::kChecksAttr, rewriter.getUnitAttr());
}

TypeInference::Progress TypeInference::decompose(Operation *op) {
  FailureOr<SmallVector<Value>> parts = failure();
  Progress progress = applyRule(op, [&] {
    parts = cast<aten::DecompositionInterface>(op).decompose(rewriter, facts);
    return LogicalResult(parts);
  });
  if (failed(parts))
    return progress;
  rewriter.setInsertionPoint(op);
  Type type = op->getResult(0).getType();
  if (isa<ListType>(type))
    rewriter.replaceOp(op, ListConstructOp::create(rewriter, op->getLoc(), type, *parts));
  else
    rewriter.replaceOp(op, *parts);
  return Progress::Rewritten;
}

/// The kind of number that an element of a dtype is.
static Type getNumberType(Type dtype) {
  if (isa<FloatType>(dtype))
    return Float64Type::get(dtype.getContext());
  if (isa<ComplexType>(dtype))
    return ComplexType::get(Float64Type::get(dtype.getContext()));
  return dtype.isInteger(1) ? dtype : IntegerType::get(dtype.getContext(), 64);
}

bool TypeInference::answerQuery(Operation *op) {
  Location loc = op->getLoc();
  AffineExpr answer;
  if (auto size = dyn_cast<SizeOp>(op)) {
    ts::TensorType type = facts.getTensor(size.getTensor());
    std::optional<int64_t> dim = facts.getConstantInt(size.getDim());
    if (!type.getHasRank() || !dim)
      return false;
    int64_t index = *dim < 0 ? *dim + type.getRank() : *dim;
    if (index < 0 || index >= type.getRank()) {
      std::string text = llvm::formatv("Dimension specified as {0} but tensor has no dimensions", *dim);
      if (int64_t rank = type.getRank())
        text = llvm::formatv("Dimension out of range (expected to be in range of [{0}, {1}], but got {2})", -rank,
                             rank - 1, *dim);
      raise(rewriter, loc, text);
      rewriter.replaceOpWithNewOp<UninitializedOp>(op, op->getResult(0).getType());
      return true;
    }
    answer = type.getDims()[index];
  } else if (auto numel = dyn_cast<NumelOp>(op)) {
    ts::TensorType type = facts.getTensor(numel.getTensor());
    if (!type.getHasRank())
      return false;
    answer = getAffineConstantExpr(1, op->getContext());
    for (AffineExpr dim : type.getDims())
      answer = answer && dim ? answer * dim : AffineExpr();
  } else if (auto item = dyn_cast<ItemOp>(op)) {
    // An element as a number of any kind is one of a known kind.
    Type dtype = facts.getTensor(item.getTensor()).getDtype();
    if (!isa<NumberType>(item.getType()) || !dtype)
      return false;
    Value number = ItemOp::create(rewriter, loc, getNumberType(dtype), item.getTensor(), item.getImplicitAttr());
    rewriter.replaceOpWithNewOp<UpcastOp>(item, item.getType(), number);
    return true;
  }
  if (!answer)
    return false;
  rewriter.replaceOp(op, materializeSize(rewriter, loc, answer, rewriter.getI64Type()));
  return true;
}

//===----------------------------------------------------------------------===//
// Operations that never succeed
//===----------------------------------------------------------------------===//

TypeInference::Progress TypeInference::applyRule(Operation *op, llvm::function_ref<LogicalResult()> rule) {
  std::optional<Diagnostic> error;
  LogicalResult result = failure();
  {
    ScopedDiagnosticHandler handler(op->getContext(), [&](Diagnostic &diagnostic) {
      bool isError = diagnostic.getSeverity() == DiagnosticSeverity::Error;
      if (isError)
        error = std::move(diagnostic);
      return success(isError);
    });
    result = rule();
  }
  if (succeeded(result) || !error)
    return Progress::Done;
  // What is certain to run is the user's mistake, if only this is: it is told here and now.
  bool isCertain = isa<func::FuncOp>(op->getParentOp()) && !options.lateErrors && !options.lenient;
  if (isCertain) {
    op->getContext()->getDiagEngine().emit(std::move(*error));
    return Progress::Failed;
  }
  raiseInstead(op, error->str());
  return Progress::Rewritten;
}

/// Raises an error of a type rule with the sizes of the call in place of symbols, as "s0" in "mat1 (s0x3)".
static void raiseWithSizes(OpBuilder &builder, Location loc, StringRef message) {
  std::string form;
  SmallVector<Value> numbers;
  while (!message.empty()) {
    StringRef digits = message.drop_front().take_while(llvm::isDigit);
    char before = form.empty() ? ' ' : form.back();
    bool isDim = before == 'x' && form.size() > 1 && !llvm::isAlpha(form[form.size() - 2]);
    unsigned symbol;
    if (message.front() == 's' && (isDim || !llvm::isAlnum(before)) && !digits.getAsInteger(10, symbol)) {
      message = message.drop_front(1 + digits.size());
      AffineExpr size = getAffineSymbolExpr(symbol, builder.getContext());
      numbers.push_back(materializeSize(builder, loc, size, builder.getI64Type()));
      form += "{}";
      continue;
    }
    form += message.front();
    message = message.drop_front();
  }
  if (numbers.empty())
    return raise(builder, loc, form);
  raise(builder, loc, form, numbers);
}

void TypeInference::raiseInstead(Operation *op, StringRef error) {
  Location loc = op->getLoc();
  std::string prefix = ("'" + op->getName().getStringRef() + "' op ").str();
  StringRef message = error;
  message.consume_front(prefix);
  // On clones that find stable types nothing is final, and code may stand in several branches, some for types that no
  // tensor has there.
  if (numTrials == 0 && !isDivision(op) && warned.insert(loc).second)
    emitWarning(loc) << error << "; it raises this when it runs";
  rewriter.setInsertionPoint(op);
  raiseWithSizes(rewriter, loc, message);
  SmallVector<Value> values;
  for (Type type : op->getResultTypes())
    values.push_back(UninitializedOp::create(rewriter, loc, type));
  rewriter.replaceOp(op, values);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// Fails, with LibTorch's error at `op`, where a size is known to be negative.
static LogicalResult checkSizes(Operation *op, ArrayRef<Type> types) {
  for (Type type : types) {
    auto tensor = dyn_cast<ts::TensorType>(type);
    for (AffineExpr size : tensor ? tensor.getDims() : ArrayRef<AffineExpr>()) {
      std::optional<int64_t> known = aten::getConstant(size);
      if (!known || *known >= 0)
        continue;
      if (op->getName().getStringRef() == "aten.zeros")
        return op->emitOpError() << "zeros: Dimension size must be non-negative.";
      return op->emitOpError() << "Trying to create tensor with negative dimension " << *known << ": "
                               << aten::printSizes(tensor.getDims());
    }
  }
  return success();
}

static bool isReadOnly(Value container) {
  return llvm::all_of(container.getUses(),
                      [](OpOperand &use) { return classifyContainerUse(use) == ContainerUse::Read; });
}

TypeInference::Progress TypeInference::inferTensorOperator(Operation *op) {
  SmallVector<Type> types;
  Progress progress = applyRule(op, [&] {
    bool isWrong = failed(aten::checkDtypes(op, facts)) ||
                   failed(cast<aten::TypeInferenceInterface>(op).inferResultTypes(facts, types)) ||
                   failed(checkSizes(op, types));
    return failure(isWrong);
  });
  if (progress != Progress::Done)
    return progress;
  if (types.empty()) // nothing is known
    llvm::append_range(types, llvm::map_range(op->getResultTypes(), eraseTensorTypes));
  for (auto [result, type] : llvm::zip(op->getResults(), types))
    // Whatever else may be put into a list is not known before it is one of run time, see --ts-expand-splits.
    if (isa<ts::TensorType>(result.getType()) || (isa<ListType>(result.getType()) && isReadOnly(result)))
      result.setType(type);
  return Progress::Done;
}

AttrOp wick::ts::lookupAttr(GetAttrOp get) {
  auto type = dyn_cast<ObjectType>(get.getObject().getType());
  auto cls = type ? SymbolTable::lookupNearestSymbolFrom<ClassOp>(get, type.getClassSymbol()) : ClassOp();
  return cls ? cls.lookupAttr(get.getName()) : AttrOp();
}

/// The type of a value that is seen as `general`, with what `known` says of the tensors in it.
static Type refine(Type general, Type known) {
  if (isa<ts::TensorType>(general) && isa<ts::TensorType>(known))
    return known;
  if (auto optional = dyn_cast<OptionalType>(general)) {
    if (auto other = dyn_cast<OptionalType>(known))
      known = other.getElementType();
    return isa<ts::NoneType>(known) ? general
                                    : OptionalType::get(general.getContext(), refine(optional.getElementType(), known));
  }
  ArrayRef<Type> elements = getTupleElementTypes(general), knownElements = getTupleElementTypes(known);
  if (!elements.empty() && elements.size() == knownElements.size())
    return getTupleType(general, llvm::map_to_vector(llvm::zip(elements, knownElements), [](auto pair) {
                          return refine(std::get<0>(pair), std::get<1>(pair));
                        }));
  if (isa<ListType, DictType>(general) && eraseTensorTypes(general) == eraseTensorTypes(known))
    return known;
  return general;
}

/// What is found in one of two containers.
static Type joinContents(Type a, Type b) {
  auto list = dyn_cast_or_null<ListType>(a), other = dyn_cast<ListType>(b);
  return list && other ? ListType::get(b.getContext(), joinContents(list.getElementType(), other.getElementType()))
                       : joinTypes(a, b);
}

/// What an operator on containers gives has the types that go in: parts that are declared alike are taken for the same.
static void inferFromContainers(Operation *op) {
  llvm::SmallDenseMap<Type, Type> known;
  std::function<void(Type)> learn = [&](Type type) {
    Type declared = eraseTensorTypes(type);
    if (declared == type && !isa<ts::TensorType>(type))
      return;
    Type &joined = known[declared];
    joined = joinContents(joined, type);
    llvm::for_each(getPartTypes(type), learn);
  };
  for (Type type : op->getOperandTypes())
    learn(type);
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](Type type) -> std::optional<std::pair<Type, WalkResult>> {
    auto found = known.find(eraseTensorTypes(type));
    return found == known.end() ? std::nullopt : std::optional(std::pair(found->second, WalkResult::skip()));
  });
  for (Value result : op->getResults())
    result.setType(replacer.replace(result.getType()));
}

Type wick::ts::replaceUnknown(Type type) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([](ts::TensorType tensor) -> std::optional<Type> {
    MLIRContext *context = tensor.getContext();
    return tensor.isTyped() ? Type(tensor)
                            : ts::TensorType::get(context, ArrayRef<AffineExpr>(), Float32Type::get(context));
  });
  return replacer.replace(type);
}

/// The type of a tensor that is made of a list of numbers: a dim for each level of lists.
static ts::TensorType getTypeOfList(OperatorOp op) {
  size_t rank = 0;
  for (Type type = op.getOperand(0).getType(); isa<ListType>(type); type = cast<ListType>(type).getElementType())
    ++rank;
  std::optional<int64_t> dtype = aten::StaticFacts().getConstantInt(op.getOperand(2));
  return ts::TensorType::get(op.getContext(), SmallVector<AffineExpr>(rank),
                             dtype ? aten::getDtype(op.getContext(), *dtype) : Type());
}

void TypeInference::inferStructure(Operation *op) {
  MLIRContext *context = op->getContext();
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](TupleConstructOp tuple) {
        SmallVector<Type> types(tuple.getElements().getTypes());
        tuple.getResult().setType(getTupleType(tuple.getType(), types));
      })
      .Case<ListConstructOp, DictConstructOp>([&](auto construct) {
        Value result = construct.getResult();
        if (contents)
          result.setType(contents->getType(construct, result.getType()));
        // Of a list that is only read, its elements say all.
        if (std::optional<SmallVector<Value>> elements = facts.getList(result); elements && !elements->empty()) {
          Type element;
          for (Value value : *elements)
            element = joinTypes(element, value.getType());
          if (eraseTensorTypes(element) == eraseTensorTypes(cast<ListType>(result.getType()).getElementType()))
            result.setType(ListType::get(context, element));
        }
      })
      .Case<ListUnpackOp, OperatorOp>([&](auto other) {
        if (isRuntimeView(other))
          return;
        if (isa<ListUnpackOp>(other) || isRuntimeOperation(other))
          inferFromContainers(other);
        if (getRuntimeFunction(other) == WICK_FN_LIST_TO_TENSOR)
          other->getResult(0).setType(getTypeOfList(cast<OperatorOp>(other.getOperation())));
        if (Type type = contents ? contents->getReadType(other) : Type())
          other->getResult(0).setType(type);
        raiseAtEmptyRead(other);
      })
      .Case([&](TupleUnpackOp unpack) {
        for (auto [result, type] : llvm::zip(unpack.getResults(), getTupleElementTypes(unpack.getTuple().getType())))
          result.setType(type);
      })
      .Case([&](TupleIndexOp index) {
        index.getResult().setType(getTupleElementTypes(index.getTuple().getType())[index.getIndex()]);
      })
      .Case([&](GetAttrOp get) {
        AttrOp attr = lookupAttr(get);
        if (attr)
          setJoinedTypes(get.getResult(),
                         isa<ts::NoneType>(attr.getType()) ? attr.getType() : refine(get.getType(), attr.getType()));
        raiseAtEmptyRead(get);
      })
      .Case([&](UpcastOp upcast) { upcast.getResult().setType(refine(upcast.getType(), upcast.getValue().getType())); })
      .Case([&](UncheckedCastOp cast) {
        Type source = cast.getValue().getType();
        // What was taken for a value of any kind still is what it was.
        if (isa<AnyType, UnionType>(source))
          source = lookThroughCasts(cast.getValue()).getType();
        if (auto optional = dyn_cast<OptionalType>(source))
          source = optional.getElementType();
        Type known = refine(cast.getType(), source);
        if (Type open = contents && known == eraseTensorTypes(known) ? contents->getOpenType(cast) : Type())
          known = open;
        cast.getResult().setType(known);
        raiseAtEmptyRead(cast);
      })
      .Case([&](RefineOp refineOp) {
        // What was written down before may say more, as for a value whose loop or branch has become simpler.
        auto type = cast<ts::TensorType>(refineOp.getValue().getType());
        if (type.isTyped() || (!refineOp.getType().isTyped() && (type.getHasRank() || type.getDtype())))
          refineOp.getResult().setType(type);
      })
      .Case([&](UninitializedOp nothing) {
        // Nothing reads what stands behind a raise: any tensor will do.
        if (endsInRaise(*op->getBlock()))
          nothing.getResult().setType(replaceUnknown(nothing.getType()));
      })
      .Case([&](NumberToTensorOp conversion) {
        Value number = conversion.getNumber();
        number = stripUpcasts(number);
        if (isa<ts::TensorType>(conversion.getType()) && !isa<NumberType>(number.getType()))
          conversion.getResult().setType(ts::TensorType::get(context, ArrayRef<AffineExpr>(), number.getType()));
      })
      .Case([&](FromValueOp fromValue) {
        fromValue.getResult().setType(
            ts::TensorType::getFromValueType(cast<RankedTensorType>(fromValue.getValue().getType())));
      });
}

void wick::ts::updateFunctionType(func::FuncOp func) {
  Block &body = func.getBody().front();
  func.setFunctionType(
      mlir::FunctionType::get(func.getContext(), body.getArgumentTypes(), body.getTerminator()->getOperandTypes()));
}

//===----------------------------------------------------------------------===//
// Joins
//===----------------------------------------------------------------------===//

static Type join(Type a, Type b, bool skipsUnknown) {
  if (a == b || !a || !b)
    return a ? a : b;
  MLIRContext *context = a.getContext();
  auto tensorA = dyn_cast<ts::TensorType>(a), tensorB = dyn_cast<ts::TensorType>(b);
  if (tensorA && tensorB) {
    if (skipsUnknown && tensorA.isNarrowed() != tensorB.isNarrowed())
      return tensorA.isNarrowed() ? a : b;
    return joinTensorTypes(tensorA, tensorB);
  }
  auto isNoneOrOptional = [](Type type) { return isa<ts::NoneType, OptionalType>(type); };
  if (isNoneOrOptional(a) || isNoneOrOptional(b)) {
    auto getElement = [](Type type) {
      auto optional = dyn_cast<OptionalType>(type);
      return optional ? optional.getElementType() : isa<ts::NoneType>(type) ? Type() : type;
    };
    return OptionalType::get(context, join(getElement(a), getElement(b), skipsUnknown));
  }
  if (isa<ListType, DictType>(a))
    return eraseTensorTypes(a);
  ArrayRef<Type> elementsA = getTupleElementTypes(a), elementsB = getTupleElementTypes(b);
  if (elementsA.size() != elementsB.size() || elementsA.empty())
    return a;
  SmallVector<Type> elements;
  for (auto [x, y] : llvm::zip(elementsA, elementsB))
    elements.push_back(join(x, y, skipsUnknown));
  return getTupleType(a, elements);
}

Type wick::ts::joinTypes(Type a, Type b) { return join(a, b, /*skipsUnknown=*/false); }

Type wick::ts::joinKnownTypes(Type a, Type b) { return join(a, b, /*skipsUnknown=*/true); }

Value wick::ts::generalize(OpBuilder &builder, Location loc, Value value, Type type) {
  if (value.getType() == type)
    return value;
  if (value.getDefiningOp<UninitializedOp>())
    return UninitializedOp::create(builder, loc, type);
  if (isa<ts::TensorType>(type))
    return RefineOp::create(builder, loc, type, value);
  if (!isa<ts::TupleType, NamedTupleType>(type)) {
    Value original = lookThroughCasts(value);
    return UpcastOp::create(builder, loc, type, isa<ts::NoneType>(original.getType()) ? original : value);
  }
  auto unpack = TupleUnpackOp::create(builder, loc, getTupleElementTypes(value.getType()), value);
  SmallVector<Value> elements;
  for (auto [element, elementType] : llvm::zip(unpack.getResults(), getTupleElementTypes(type)))
    elements.push_back(generalize(builder, loc, element, elementType));
  return TupleConstructOp::create(builder, loc, type, elements);
}
