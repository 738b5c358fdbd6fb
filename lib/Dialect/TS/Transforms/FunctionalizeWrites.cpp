//===- FunctionalizeWrites.cpp - --ts-functionalize, reads and writes --------===//
//
// A read takes the views of a base's present value. A write makes a new value of the base, from the written view
// outward.
//
//===----------------------------------------------------------------------===//
#include "Functionalizer.h"
#include "OperatorRules.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/RepeatedWrites.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

Value Functionalizer::cast(Location loc, Value value, Type type) {
  return value.getType() == type ? value : Value(tensor::CastOp::create(builder, loc, type, value));
}

void Functionalizer::checkWhereMade(Value view) {
  Operation *first = made.lookup(view);
  if (isa_and_nonnull<aten::SelectOp, aten::NarrowOp, aten::ViewAsSizeOp, aten::ReshapeToOp, aten::UnflattenOp,
                      aten::ExpandOp, aten::ExpandAsOp, aten::UnfoldOp>(first))
    first->setAttr(aten::kChecksAttr, builder.getUnitAttr());
}

FailureOr<Value> Functionalizer::read(Value reference, Operation *user) {
  const Reference entry = table.lookup(reference);
  int64_t version = state.bases.find(entry.base)->second.version;
  if (auto known = state.views.find(reference); known != state.views.end() && known->second.version == version)
    return known->second.value;
  auto type = llvm::cast<ts::TensorType>(reference.getType()).getValueType();
  if (!type)
    return user->emitError() << "the dtype and rank of an operand are not known";
  Value value;
  if (!entry.source) {
    Value &known = state.bases.find(entry.base)->second.value;
    if (!known)
      known = readReference(entry.base, type, user->getLoc());
    value = known;
  } else {
    FailureOr<Value> source = read(entry.source, user);
    if (failed(source))
      return failure();
    value = *source;
    if (entry.view) {
      checkWhereMade(reference);
      value = cloneView(entry.view, value)->getResult(0);
    }
    value = cast(user->getLoc(), value, type);
  }
  state.views[reference] = {value, version};
  return value;
}

Operation *Functionalizer::cloneView(Operation *view, Value source) {
  IRMapping operands;
  for (Value operand : view->getOperands())
    operands.map(operand, mapping.lookupOrDefault(operand));
  operands.map(llvm::cast<aten::ViewInterface>(view).getViewSource(), source);
  // Other tensors, as of view_as, only lend their shape.
  for (Value operand : view->getOperands())
    if (table.contains(operand) && operand != llvm::cast<aten::ViewInterface>(view).getViewSource())
      operands.map(operand, *read(operand, view));
  Operation *copy = builder.clone(*view, operands);
  copy->getResult(0).setType(llvm::cast<ts::TensorType>(view->getResult(0).getType()).getValueType());
  return copy;
}

LogicalResult Functionalizer::checkWritable(Value base, WriteOp op) {
  if (weights.contains(base))
    return op.emitError() << "writes to a weight or buffer of the model, which is not supported yet";
  bool isShared = shared.contains(base);
  auto tell = [&](Value rival) -> LogicalResult {
    bool isRivalShared = shared.contains(rival);
    if ((isShared && isRivalShared) || (!isRivalShared && !externals.contains(rival) && !table.isUsedAfter(rival, op)))
      return success();
    // References at run time are told apart there.
    bool isDemoted = demote(base);
    if (demote(rival) || isDemoted)
      return failure();
    InFlightDiagnostic error = op.emitError() << "cannot tell which tensor is written";
    error.attachNote(rival.getLoc()) << "it may be this one, which is used later";
    return error;
  };
  for (Value rival : table.getRivals(base))
    if (failed(tell(rival)))
      return failure();
  if (isShared) {
    for (Value rival : maybeShared)
      if (rival != base && failed(tell(rival)))
        return failure();
  } else if (maybeShared.contains(base)) {
    for (Value rival : shared)
      if (failed(tell(rival)))
        return failure();
  }
  return success();
}

bool Functionalizer::demote(Value base) {
  // What a loop hands around is known by its result.
  if (auto argument = dyn_cast<BlockArgument>(base)) {
    Operation *loop = argument.getOwner()->getParentOp();
    if (isa<scf::ForOp>(loop))
      base = loop->getResult(argument.getArgNumber() - 1);
    else if (isa<scf::WhileOp>(loop))
      base = loop->getResult(argument.getArgNumber());
  }
  if (weights.contains(base))
    return false;
  return demoted.insert(base).second;
}

void Functionalizer::checkWritten(WriteOp op, Value value, Value target, bool isOut) {
  Location loc = op.getLoc();
  auto from = ts::TensorType::getFromValueType(llvm::cast<RankedTensorType>(value.getType())).getDims();
  auto to = ts::TensorType::getFromValueType(llvm::cast<RankedTensorType>(target.getType())).getDims();
  auto number = [&](int64_t i) -> Value {
    return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(i));
  };
  auto sizeOf = [&](Value tensor, int64_t dim) -> Value {
    return SizeOp::create(builder, loc, builder.getI64Type(), tensor, number(dim));
  };
  auto compare = [&](arith::CmpIPredicate predicate, Value a, Value b) -> Value {
    return arith::CmpIOp::create(builder, loc, predicate, a, b);
  };
  int64_t added = to.size() - from.size();
  for (int64_t i = from.size() - 1; i >= 0; --i) {
    AffineExpr given = from[i], needed = to[added + i];
    bool isRepeated = aten::isConstant(given, 1) && !isOut;
    if ((given && given == needed) || isRepeated)
      continue;
    // In an order that does not depend on how a C++ compiler evaluates arguments.
    Value size = sizeOf(value, i), own = sizeOf(target, added + i);
    Value differs = compare(arith::CmpIPredicate::ne, size, own);
    if (isOut) {
      raiseIf(builder, loc, differs, "the shape of an in-place result does not match its output");
      continue;
    }
    Value isWrong = differs;
    if (!op.getStrict()) {
      auto both = [&](Value a, Value b) -> Value { return arith::AndIOp::create(builder, loc, a, b); };
      isWrong = both(differs, compare(arith::CmpIPredicate::ne, size, number(1)));
      raiseIf(builder, loc, both(isWrong, compare(arith::CmpIPredicate::ne, own, number(1))),
              "The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension " +
                  std::to_string(added + i),
              {own, size});
    }
    SmallVector<Value> numbers;
    for (size_t dim = 0; dim < to.size(); ++dim)
      numbers.push_back(sizeOf(target, dim));
    for (int64_t dim = 0; dim < int64_t(to.size()); ++dim)
      numbers.push_back(dim == added + i || (op.getStrict() && dim >= added) ? sizeOf(value, dim - added)
                                                                             : numbers[dim]);
    raiseIf(builder, loc, isWrong,
            "output with shape " + getListForm(to.size()) + " doesn't match the broadcast shape " +
                getListForm(to.size()),
            numbers);
  }
}

FailureOr<Value> Functionalizer::convertWritten(WriteOp op, Value value, Value target) {
  auto from = llvm::cast<RankedTensorType>(value.getType()), to = llvm::cast<RankedTensorType>(target.getType());
  Location loc = op.getLoc();
  if (op.getStrict() && failed(aten::checkCast(op, from.getElementType(), to.getElementType())))
    return failure();
  // The value broadcasts, the written tensor does not.
  auto fromDims = ts::TensorType::getFromValueType(from).getDims();
  auto toDims = ts::TensorType::getFromValueType(to).getDims();
  bool isOut = isOutput(op) || op->hasAttr(kOutputAttr);
  auto doesNotFit = [&]() -> LogicalResult {
    if (isOut)
      return refuseResize(op);
    return op.emitError() << "output with shape " << aten::printSizes(toDims) << " doesn't match the broadcast shape "
                          << aten::printSizes(fromDims);
  };
  if (fromDims.size() > toDims.size() || (isOut && fromDims.size() < toDims.size()))
    return doesNotFit();
  size_t added = toDims.size() - fromDims.size();
  bool isEqual = added == 0;
  for (size_t i = 0; i < fromDims.size(); ++i) {
    AffineExpr given = fromDims[i], needed = toDims[added + i];
    if (given && given == needed)
      continue;
    auto givenSize = dyn_cast_or_null<AffineConstantExpr>(given),
         neededSize = dyn_cast_or_null<AffineConstantExpr>(needed);
    if (givenSize && givenSize.getValue() == 1 && !isOut) {
      isEqual = false;
      continue;
    }
    if (givenSize && neededSize)
      return doesNotFit();
    // Whether a copy repeats what is of size one only run time knows.
    isEqual &= op.getStrict() || isOut;
  }
  checkWritten(op, value, target, isOut);
  auto create = [&](StringRef name, ValueRange operands, RankedTensorType type) {
    OperationState copy(loc, name, operands, type);
    return builder.create(copy)->getResult(0);
  };
  if (from.getElementType() != to.getElementType()) {
    std::optional<int64_t> dtype = getScalarTypeNumber(to.getElementType());
    if (!dtype)
      return op.emitError() << "cannot convert to " << to.getElementType();
    Value number = arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(*dtype));
    from = RankedTensorType::get(from.getShape(), to.getElementType(), from.getEncoding());
    value = create("aten.to_copy", {value, number}, from);
  }
  return isEqual ? cast(loc, value, to) : create("aten.expand_as", {value, target}, to);
}

FailureOr<Value> Functionalizer::writeRepeated(WriteOp op, Value update, Value target) {
  Location loc = op.getLoc();
  Value base = table.getBase(op.getReference());
  FailureOr<Value> whole = read(base, op);
  if (failed(whole))
    return failure();
  SmallVector<Operation *> views;
  for (Value current = op.getReference(); table.lookup(current).source; current = table.lookup(current).source)
    if (Operation *view = table.lookup(current).view)
      views.push_back(view);
  Value positions = aten::buildPositions(builder, loc, *whole);
  for (Operation *view : llvm::reverse(views)) {
    auto dtype = llvm::cast<ts::TensorType>(view->getResult(0).getType()).getDtype();
    if (dtype != llvm::cast<RankedTensorType>(whole->getType()).getElementType())
      return op.emitError()
             << "a write through a view that repeats elements and another of other dtype is not supported";
    positions = cloneView(view, positions)->getResult(0);
    auto type = llvm::cast<RankedTensorType>(positions.getType());
    positions.setType(RankedTensorType::get(type.getShape(), builder.getI64Type(), type.getEncoding()));
  }
  bool mayRepeat = op.getMayRepeat();
  // LibTorch looks for elements that are expanded, not for windows that overlap.
  if (!mayRepeat && !llvm::any_of(views, llvm::IsaPred<aten::UnfoldOp>))
    raiseIf(builder, loc, aten::buildIsRepeated(builder, loc, *whole, positions),
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
            "Please clone() the tensor before performing the operation.");
  return aten::buildWriteAt(builder, loc, *whole, positions, update, mayRepeat ? target : Value());
}

LogicalResult Functionalizer::translateWrite(WriteOp op) {
  Value reference = op.getReference();
  if (!table.contains(reference))
    return translateUnknownWrite(op);
  Value base = table.getBase(reference);
  if (failed(checkWritable(base, op)))
    return failure();
  bool isUnknown = !table.contains(table.findReference(op.getValue())) && !isReferenceType(op.getValue().getType());
  FailureOr<Value> value = isUnknown ? convertUnknown(op) : translateOperand(op.getValue(), op);
  if (failed(value))
    return failure();
  FailureOr<Value> target = read(reference, op);
  if (failed(target))
    return failure();
  FailureOr<Value> update = convertWritten(op, *value, *target);
  if (failed(update))
    return failure();
  // From the written view outward to the base, each time with the value before.
  SmallVector<std::pair<Value, Value>> written;
  Value current = reference, contents = *update;
  while (true) {
    written.emplace_back(current, contents);
    const Reference entry = table.lookup(current);
    if (!entry.source)
      break;
    FailureOr<Value> source = read(entry.source, op);
    if (failed(source))
      return failure();
    if (entry.view) {
      auto view = llvm::cast<aten::ViewInterface>(cloneView(entry.view, *source));
      FailureOr<Value> scattered = view.buildScatter(builder, *source, contents);
      if (failed(scattered)) {
        FailureOr<Value> whole = writeRepeated(op, *update, *target);
        if (failed(whole))
          return failure();
        contents = *whole;
        written.assign({{base, contents}});
        break;
      }
      contents = *scattered;
    }
    contents = cast(op.getLoc(), contents, source->getType());
    current = entry.source;
  }
  setValue(base, contents, op.getLoc());
  for (auto [view, value] : written)
    state.views[view] = {value, versions};
  if (shared.contains(base))
    writeShared(base, op.getLoc(), op.getMayRepeat());
  return success();
}
