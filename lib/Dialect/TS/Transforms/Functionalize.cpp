//===- Functionalize.cpp - --ts-functionalize -------------------------------===//
//
// Writes the function anew: see References.h for the idea. The new function has the
// signature of the old one; tensors inside are builtin values. Branches and loops carry
// the values of the bases that are written in them. A loop is translated until the set
// of bases that it carries no longer grows.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "Functionalizer.h"
#include "ObjectImage.h"
#include "OperatorRules.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/Facts.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSFUNCTIONALIZEPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

SmallVector<Value> wick::ts::getSources(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  Operation *op = argument ? argument.getOwner()->getParentOp() : value.getDefiningOp();
  unsigned number = argument ? argument.getArgNumber() : cast<OpResult>(value).getResultNumber();
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return {branch.thenYield().getOperand(number), branch.elseYield().getOperand(number)};
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    if (argument && number == 0)
      return {};
    unsigned carried = argument ? number - 1 : number;
    return {loop.getInitArgs()[carried], loop.getBody()->getTerminator()->getOperand(carried)};
  }
  if (auto loop = dyn_cast<scf::WhileOp>(op)) {
    if (argument && argument.getOwner() == loop.getBeforeBody())
      return {loop.getInits()[number], loop.getYieldOp().getOperand(number)};
    return {loop.getConditionOp().getArgs()[number]};
  }
  return {};
}

/// What an operand of a branch or loop, or of what ends their regions, becomes.
static SmallVector<Value> getTargets(OpOperand &use) {
  Operation *op = use.getOwner(), *parent = op->getParentOp();
  unsigned number = use.getOperandNumber();
  if (isa<scf::YieldOp>(op) && isa<scf::IfOp>(parent))
    return {parent->getResult(number)};
  if (auto loop = dyn_cast<scf::ForOp>(parent); loop && isa<scf::YieldOp>(op))
    return {loop.getResult(number), loop.getRegionIterArg(number)};
  if (auto loop = dyn_cast<scf::WhileOp>(parent); loop && isa<scf::YieldOp>(op))
    return {loop.getBeforeArguments()[number]};
  if (auto condition = dyn_cast<scf::ConditionOp>(op); condition && number > 0)
    return {parent->getResult(number - 1), cast<scf::WhileOp>(parent).getAfterArguments()[number - 1]};
  if (auto loop = dyn_cast<scf::ForOp>(op); loop && number >= loop.getNumControlOperands())
    return {loop.getResult(number - loop.getNumControlOperands()),
            loop.getRegionIterArg(number - loop.getNumControlOperands())};
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return {loop.getBeforeArguments()[number]};
  return {};
}

/// Adds the tensors that a write may reach through views of them, branches and loops, and to `held` those that come out
/// of a container or slot.
static void addWritten(WriteOp write, llvm::DenseSet<Value> &written, llvm::SetVector<Value> &held) {
  SmallVector<Value> worklist{write.getReference()};
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    Operation *op = value.getDefiningOp();
    bool isView = op && (mayGiveBackOperand(op) || isa<aten::ViewInterface, RefineOp, UpcastOp, UncheckedCastOp>(op));
    SmallVector<Value> sources = isView ? SmallVector<Value>{op->getOperand(0)} : getSources(value);
    bool isKnown = !sources.empty() ||
                   (op ? isa<FromValueOp, NumberToTensorOp, WeightRefOp>(op) || isa<aten::AtenDialect>(op->getDialect())
                       : isa<func::FuncOp>(value.getParentBlock()->getParentOp()));
    if (!isKnown)
      held.insert(value);
    else if (written.insert(value).second)
      llvm::append_range(worklist, sources);
  }
}

/// Whether an operator keeps nothing of what it takes, as a comparison with None.
static bool onlyLooks(Operation *op) {
  auto look = dyn_cast<OperatorOp>(op);
  auto schema = look ? SymbolTable::lookupNearestSymbolFrom<SchemaOp>(look, look.getSchemaAttr()) : SchemaOp();
  return schema && schema.getWrites().empty() && llvm::none_of(op->getResultTypes(), holdsTensor);
}

bool wick::ts::mayBeHeld(Value tensor) {
  SmallVector<Value> worklist{tensor};
  llvm::DenseSet<Value> seen;
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    for (OpOperand &use : value.getUses()) {
      Operation *op = use.getOwner();
      bool isSame = isa<aten::ViewInterface>(op) || mayGiveBackOperand(op);
      SmallVector<Value> targets = getTargets(use);
      llvm::append_range(worklist, targets);
      if (isContainerOrCast(op) || isa<RefineOp>(op) || (isSame && use.getOperandNumber() == 0))
        worklist.push_back(op->getResult(0));
      else if (targets.empty() && !isa<aten::AtenDialect>(op->getDialect()) && !onlyLooks(op) &&
               !isa<WriteOp, ItemOp, SizeOp, RankOp, NumelOp, DtypeOp, SizesOp, HasTypeOp, func::ReturnOp>(op))
        return true;
    }
  }
  return false;
}

FailureOr<func::FuncOp> Functionalizer::run() {
  builder.setInsertionPoint(func);
  result = llvm::cast<func::FuncOp>(builder.cloneWithoutRegions(*func));
  Block *entry = result.addEntryBlock();
  for (auto [before, after] : llvm::zip(func.getArguments(), entry->getArguments()))
    after.setLoc(before.getLoc());
  builder.setInsertionPointToStart(entry);
  func.walk([&](WriteOp write) { addWritten(write, written, writtenHeld); });
  LogicalResult status = success();
  for (auto [before, after] : llvm::zip(func.getArguments(), entry->getArguments())) {
    mapping.map(before, after);
    if (isReferenceType(before.getType()))
      status = failed(addExternal(before, after, func.getLoc())) ? failure() : status;
  }
  if (succeeded(status))
    status = translateBlock(func.front());
  if (failed(status)) {
    result.erase();
    return failure();
  }
  return result;
}

LogicalResult Functionalizer::addExternal(Value before, Value after, Location loc) {
  auto type = llvm::cast<ts::TensorType>(before.getType()).getValueType();
  if (!type)
    return emitError(loc) << "the dtype and rank of a tensor argument are not known";
  mapping.map(before, after);
  addBase(before, ReadOp::create(builder, loc, type, after));
  table.setOrdered(before); // The runtime hands over contiguous tensors only.
  externals.insert(before);
  if (demoted.contains(before))
    shared.insert(before);
  return success();
}

/// The caller sees what was written to its tensors.
void Functionalizer::writeExternals(Location loc) {
  for (Value external : externals) {
    const Snapshot &now = state.bases.find(external)->second;
    if (!shared.contains(external) && now.version != state.held.lookup(external))
      writeReference(external, now.value, loc);
  }
}

void Functionalizer::setValue(Value base, Value value, Location loc) {
  state.bases[base] = {value, ++versions};
  if (externals.contains(base) && !shared.contains(base))
    DeferWriteOp::create(builder, loc, mapping.lookup(base), value);
}

bool Functionalizer::isInOrder(Value reference) const {
  auto argument = dyn_cast<BlockArgument>(reference);
  return argument ? argument.getOwner()->getParentOp() == result : isa<FromValueOp>(reference.getDefiningOp());
}

Value Functionalizer::readReference(Value base, Type type, Location loc) {
  Value reference = mapping.lookup(base);
  return ReadOp::create(builder, loc, type, reference, /*strided=*/!isInOrder(reference));
}

void Functionalizer::writeReference(Value base, Value value, Location loc, bool mayRepeat) {
  Value reference = mapping.lookup(base);
  bool isStrided = !isInOrder(reference);
  WriteOp::create(builder, loc, reference, value, /*strict=*/false, isStrided, isStrided && mayRepeat);
  state.held[base] = state.bases.find(base)->second.version;
}

/// What is known of a text: constants, and forms with their gaps.
static std::string getText(Value value) {
  if (auto string = value.getDefiningOp<StrOp>())
    return string.getValue().str();
  auto op = value.getDefiningOp<OperatorOp>();
  StringRef name = op ? op.getSchema() : StringRef();
  if (name.starts_with("aten::format") && !op.getArguments().empty())
    return getText(op.getArguments()[0]);
  if (name == "aten::add.str")
    return getText(op.getArguments()[0]) + getText(op.getArguments()[1]);
  return "{}";
}

LogicalResult Functionalizer::translateRaise(RaiseOp op) {
  Value known = mapping.lookupOrNull(op.getMessage());
  Value message =
      known ? known : Value(StrOp::create(builder, op.getLoc(), builder.getStringAttr(getText(op.getMessage()))));
  RaiseOp::create(builder, op.getLoc(), message, mapping.lookup(op.getCls()));
  return success();
}

//===----------------------------------------------------------------------===//
// Straight-line code
//===----------------------------------------------------------------------===//

LogicalResult Functionalizer::translateBlock(Block &block) {
  for (Operation &op : block)
    if (failed(translate(&op)))
      return failure();
  return success();
}

/// Whether an operation works on slots, or on containers that exist at run time.
static bool isRuntimeOnly(Operation *op) {
  if (isa<GetAttrOp, SetAttrOp, PushEnteredOp, PopEnteredOp>(op))
    return true;
  if (isRuntimeView(op)) // as those that a state begins with
    return true;
  // The hash of a tensor is its identity.
  if (isa<OperatorOp>(op) && getRuntimeFunction(op) == WICK_FN_HASH && isa<ts::TensorType>(op->getOperand(0).getType()))
    return true;
  if (isa<OperatorOp, ListUnpackOp, TupleIndexOp, TupleUnpackOp>(op)) {
    auto isHeld = [](Type type) { return isa<ListType, DictType, ts::TupleType, NamedTupleType>(type); };
    return (isRuntimeOperation(op) || !isa<OperatorOp>(op)) && llvm::any_of(op->getOperandTypes(), isHeld);
  }
  // A container that some such operation takes, or that a branch or loop hands on, has to be made where it is.
  return isa<ListConstructOp, DictConstructOp, TupleConstructOp>(op) &&
         llvm::any_of(op->getUsers(), [](Operation *user) {
           return isa<scf::YieldOp, scf::ConditionOp, scf::ForOp, scf::WhileOp>(user) || isRuntimeOnly(user);
         });
}

/// Whether an operation at run time looks at its operands, keeps none of them and gives no tensor.
static bool isLook(Operation *op) {
  std::optional<wick_function> function = isRuntimeOperation(op) ? getRuntimeFunction(op) : std::nullopt;
  return function &&
         llvm::is_contained({WICK_FN_PRINT, WICK_FN_STR, WICK_FN_FORMAT, WICK_FN_PERCENT_FORMAT, WICK_FN_TO_LIST},
                            *function);
}

LogicalResult Functionalizer::translateLook(Operation *op) {
  FailureOr<Operation *> copy = cloneLending(op);
  if (failed(copy))
    return failure();
  mapping.map(op->getResults(), (*copy)->getResults());
  return success();
}

LogicalResult Functionalizer::translate(Operation *op) {
  if (auto write = dyn_cast<WriteOp>(op))
    return translateWrite(write);
  if (auto ref = dyn_cast<WeightRefOp>(op))
    return translateWeight(ref);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return translateIf(branch);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return translateFor(loop);
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return translateWhile(loop);
  if (auto ret = dyn_cast<func::ReturnOp>(op))
    return translateReturn(ret);
  if (auto raise = dyn_cast<RaiseOp>(op))
    return translateRaise(raise);
  if (auto fallback = dyn_cast<FallbackOp>(op))
    return translateFallback(fallback);
  bool isText = isa<OperatorOp>(op) && op->getNumResults() == 1 && isa<StringType>(op->getResult(0).getType());
  if (isText && !isRuntimeOperation(op))
    return success(); // Only errors show it, by its form.
  if (isLook(op))
    return translateLook(op);
  if (isa<scf::YieldOp, scf::ConditionOp>(op))
    return success(); // The operation around it takes its operands.
  if (op->getName().getDialectNamespace() == "aten")
    return translateOperator(op);
  if (auto refine = dyn_cast<RefineOp>(op); refine && table.contains(refine.getValue())) {
    table.addView(refine.getResult(), refine.getValue(), nullptr);
    return success();
  }
  if (auto refine = dyn_cast<RefineOp>(op)) {
    // From here on its type is known.
    if (isReferenceType(refine.getType()) && mapping.contains(refine.getValue()))
      return translateShared(op);
  }
  if (isa<UpcastOp, UncheckedCastOp>(op)) {
    Value source = table.findReference(op->getOperand(0));
    bool isTensor = isa<ts::TensorType>(op->getResult(0).getType());
    if (table.contains(source) && isTensor)
      table.addView(op->getResult(0), source, nullptr);
    if (isReferenceType(source.getType()))
      return success();
    // What a branch or loop gives is a tensor or None, as only run time knows.
    if (isReferenceType(op->getResult(0).getType()) && mapping.contains(op->getOperand(0)))
      return translateShared(op);
  }
  if (isa<UninitializedOp>(op)) {
    // Never read, so any number will do.
    Type type = op->getResult(0).getType();
    if (type.isIntOrFloat())
      mapping.map(op->getResult(0), arith::ConstantOp::create(builder, op->getLoc(), builder.getZeroAttr(type)));
    else if (!isReferenceType(type))
      builder.clone(*op, mapping);
    return success();
  }
  if (isa<OperatorOp, ListUnpackOp>(op))
    writeExternals(op->getLoc()); // It may raise.
  if (isRuntimeOnly(op))
    return translateShared(op);
  // Containers of tensors have no value of their own: what takes them looks inside.
  bool holdsTensors = llvm::any_of(op->getOperands(), [&](Value operand) { return !mapping.contains(operand); });
  if (isContainerOrCast(op) && (holdsTensors || llvm::any_of(op->getOperandTypes(), isReferenceType)))
    return success();
  if (isa<NumberToTensorOp>(op) || isa<ItemOp, RankOp, SizeOp, NumelOp, DtypeOp, SizesOp>(op))
    return translateOperator(op);
  if (auto unpack = dyn_cast<TupleUnpackOp>(op); unpack && isa<BlockArgument>(unpack.getTuple())) {
    Operation *copy = builder.clone(*op, mapping);
    for (auto [before, after] : llvm::zip(op->getResults(), copy->getResults()))
      if (isReferenceType(before.getType()) && failed(addExternal(before, after, op->getLoc())))
        return failure();
    return success();
  }
  if (holdsTensors ||
      llvm::any_of(llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes()), isReferenceType))
    return op->emitError() << "'" << op->getName() << "' on tensors cannot be turned into values";
  builder.clone(*op, mapping);
  return success();
}

void Functionalizer::addBase(Value reference, Value value) {
  table.addBase(reference);
  state.bases[reference] = {value, ++versions};
  if (value)
    state.views[reference] = {value, versions};
  state.held[reference] = versions;
}

FailureOr<Value> Functionalizer::translateOperand(Value operand, Operation *user) {
  Value original = table.findReference(operand);
  if (table.contains(original))
    return read(original, user);
  if (auto list = original.getDefiningOp<ListConstructOp>(); list && !mapping.contains(original)) {
    // The elements as they are now.
    SmallVector<Value> elements;
    for (Value element : list.getElements()) {
      FailureOr<Value> value = translateOperand(element, user);
      if (failed(value))
        return failure();
      elements.push_back(*value);
    }
    return ListConstructOp::create(builder, user->getLoc(), list.getType(), elements).getResult();
  }
  if (isa<ts::NoneType>(original.getType()))
    return mapping.lookup(original);
  if (Value mapped = mapping.lookupOrNull(operand))
    return mapped;
  return user->emitError() << "an operand of type " << operand.getType() << " is known only at run time";
}

/// An operator on references becomes the same operator on values.
LogicalResult Functionalizer::translateOperator(Operation *op) {
  OperationState translated(op->getLoc(), op->getName());
  for (Value operand : op->getOperands()) {
    FailureOr<Value> value = translateOperand(operand, op);
    if (failed(value))
      return failure();
    translated.operands.push_back(*value);
  }
  for (Value reference : op->getResults()) {
    auto type = dyn_cast<ts::TensorType>(reference.getType());
    if (type && !type.isTyped())
      return op->emitError() << "the dtype and rank of the result are not known";
    if (isa<ListType>(reference.getType()) &&
        isa<ts::TensorType>(llvm::cast<ListType>(reference.getType()).getElementType()))
      return op->emitError() << "a list of tensors whose length is not known is not supported";
    translated.types.push_back(type ? Type(type.getValueType()) : reference.getType());
  }
  translated.addAttributes(op->getAttrs());
  // `to` without a change and `detach` are the tensor itself, and so is `contiguous` of
  // one that is in order.
  Value source = op->getNumOperands() && table.contains(op->getOperand(0)) ? op->getOperand(0) : Value();
  StringRef name = op->getName().stripDialect();
  bool sameType = source && op->getNumResults() == 1 && op->getResult(0).getType() == source.getType();
  auto view = dyn_cast<aten::ViewInterface>(op);
  auto sourceDims = source ? llvm::cast<ts::TensorType>(source.getType()).getDims() : ArrayRef<AffineExpr>();
  // A shape that is the same shows all elements where they are.
  bool isSameShape =
      sameType && view && view.mayCopy() && llvm::all_of(sourceDims, [](AffineExpr dim) { return !!dim; });
  bool mayBeSource = mayGiveBackOperand(op);
  if (sameType && ((mayBeSource && (name != "contiguous" || table.isOrdered(source))) || isSameShape)) {
    table.addView(op->getResult(0), source, nullptr);
    return success();
  }
  Operation *copy = builder.create(translated);
  bool isOrdered = llvm::all_of(op->getOperands(), [&](Value v) { return !table.contains(v) || table.isOrdered(v); });
  // One step goes through all elements of a vector, so another shape of it is always a view.
  bool isVector = view && source && sourceDims.size() <= 1;
  bool mayCopy = (view && view.mayCopy() && !isVector) || (mayBeSource && name == "contiguous");
  for (auto [before, after] : llvm::zip(op->getResults(), copy->getResults())) {
    if (!isReferenceType(before.getType())) {
      mapping.map(before, after);
      continue;
    }
    if (view && source && (!mayCopy || table.isOrdered(source))) {
      table.addView(before, source, op);
      made[before] = copy;
      state.views[before] = {after, state.bases.find(table.getBase(before))->second.version};
      continue;
    }
    // A copy or a view, as the strides will have it.
    if (mayCopy && source && demoted.contains(before)) {
      FailureOr<Value> made = referToCopy(copy, source, op);
      if (failed(made) || failed(addShared(before, *made, op->getLoc())))
        return failure();
      continue;
    }
    addBase(before, after);
    if (isOrdered)
      table.setOrdered(before);
    share(before, op->getLoc());
    if (mayCopy && source) {
      SmallVector<Value> candidates(table.getRivals(table.getBase(source)));
      candidates.push_back(table.getBase(source));
      for (Value candidate : candidates)
        table.addRivals(before, candidate);
      if (llvm::any_of(candidates, [&](Value base) { return shared.contains(base) || maybeShared.contains(base); }))
        maybeShared.insert(before);
      table.setOrdered(before);
    }
  }
  return success();
}

LogicalResult Functionalizer::translateWeight(WeightRefOp op) {
  auto type = llvm::cast<ts::TensorType>(op.getType()).getValueType();
  if (!type)
    return op.emitError() << "the dtype of a weight is not known";
  Value value = plan::WeightRefOp::create(builder, op.getLoc(), type, op.getWeightAttr(), op.getOffsetAttr(),
                                          op.getStridesAttr(), op.getNameAttr());
  addBase(op.getResult(), value);
  table.setOrdered(op.getResult());
  weights.insert(op.getResult());
  return success();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// Operators on lists that exist only at run time are carried out there.
static void leaveListsToRuntime(func::FuncOp func) {
  func.walk([](Operation *op) {
    auto list = op->getNumOperands() ? dyn_cast<ListType>(op->getOperand(0).getType()) : ListType();
    if (op->getName().getDialectNamespace() != "aten" || !list || !isa<ts::TensorType>(list.getElementType()) ||
        aten::StaticFacts().getList(op->getOperand(0)))
      return;
    OpBuilder builder(op);
    auto name = builder.getStringAttr("aten::" + op->getName().stripDialect());
    auto call = OperatorOp::create(builder, op->getLoc(), op->getResultTypes(), FlatSymbolRefAttr::get(name),
                                   op->getOperands(), 0);
    if (!isRuntimeOperation(call)) {
      call.erase();
      return;
    }
    op->replaceAllUsesWith(call);
    addSchema(op->getParentOfType<ModuleOp>(), name, {"tensors", "dim"});
    op->erase();
  });
}

namespace {
struct TSFunctionalizePass : wick::ts::impl::TSFunctionalizePassBase<TSFunctionalizePass> {
  using TSFunctionalizePassBase::TSFunctionalizePassBase;

  void runOnOperation() override {
    SmallVector<func::FuncOp> functions;
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (!func.isPublic() || func.isExternal())
        continue;
      leaveListsToRuntime(func);
      functions.push_back(func);
    }
    Findings findings;
    // A state may begin with views.
    for (func::FuncOp func : functions)
      if (func->hasAttr(kStateAttr))
        func.walk([&](OperatorOp op) { findings.hasHeldViews |= isRuntimeView(op); });
    for (func::FuncOp func : functions)
      func.walk([&](Operation *op) {
        findings.hasHeldOverlaps |=
            isa<aten::ExpandOp, aten::ExpandAsOp, aten::UnfoldOp>(op) && mayBeHeld(op->getResult(0));
      });
    findings.writtenSlots = SlotsWrittenInPlace(getOperation());
    for (func::FuncOp func : functions) {
      llvm::DenseSet<Value> written;
      llvm::SetVector<Value> held;
      func.walk([&](WriteOp write) { addWritten(write, written, held); });
      for (Value tensor : held)
        findings.writtenSlots.addSource(tensor);
    }
    findings.writtenSlots.addAliases(getOperation());
    SmallVector<func::FuncOp> results;
    // What one of them holds, others may write: they are translated anew in the knowledge of that.
    for (bool hasHeldViews = findings.hasHeldViews; results.empty() || hasHeldViews != findings.hasHeldViews;) {
      hasHeldViews = findings.hasHeldViews;
      for (func::FuncOp result : results)
        result.erase();
      results.clear();
      for (func::FuncOp func : functions) {
        FailureOr<func::FuncOp> result = translate(func, findings);
        if (succeeded(result))
          results.push_back(*result);
        else
          signalPassFailure();
      }
      if (results.size() != functions.size() || functions.empty())
        break;
    }
    for (func::FuncOp func : functions)
      func.erase();
  }

  /// Tries until nothing more is found.
  static FailureOr<func::FuncOp> translate(func::FuncOp func, Findings &findings) {
    FailureOr<func::FuncOp> result = failure();
    for (size_t before = ~0; failed(result) && before != findings.count();) {
      before = findings.count();
      result = Functionalizer(func, findings).run();
    }
    return result;
  }
};
} // namespace
