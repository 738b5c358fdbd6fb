//===- TSOps.cpp - verifiers and folds of the ts operations -----------------===//
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "wick/Artifact/Writer.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

#define GET_OP_CLASSES
#include "wick/Dialect/TS/IR/TSOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Classes and operators
//===----------------------------------------------------------------------===//

AttrOp ClassOp::lookupAttr(StringRef name) {
  for (auto attr : getBody().getOps<AttrOp>())
    if (attr.getName() == name)
      return attr;
  return {};
}

FlatSymbolRefAttr ClassOp::lookupMethod(StringRef name) {
  for (auto method : getBody().getOps<MethodOp>())
    if (method.getName() == name && !method.getRole())
      return method.getFunctionAttr();
  return {};
}

LogicalResult OperatorOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto schema = symbols.lookupNearestSymbolFrom<SchemaOp>(*this, getSchemaAttr());
  if (!schema)
    return emitOpError() << "refers to " << getSchemaAttr() << ", which is not a ts.schema";
  return success();
}

/// Values that cannot be mutated and have no identity.
static bool isScalar(Type type) {
  return isa<IntegerType, FloatType, ComplexType, StringType, ts::NoneType, DeviceType, EnumType, NumberType>(type);
}

void OperatorOp::getEffects(SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  auto types = llvm::concat<const Type>(getOperandTypes(), getResultTypes());
  // What an operator gives of nothing, such as the time, differs from call to call; one that gives None checks
  // something.
  if (getNumOperands() != 0 && getNumResults() == 1 && !isa<ts::NoneType>(getResult(0).getType()) &&
      getBlocks().empty() && llvm::all_of(types, isScalar))
    return;
  effects.emplace_back(MemoryEffects::Read::get());
  effects.emplace_back(MemoryEffects::Write::get());
}

LogicalResult FallbackOp::verify() {
  if (getOperators().empty())
    return emitOpError() << "names no operator";
  if (getNames().size() != getArguments().size())
    return emitOpError() << "has " << getNames().size() << " names for " << getArguments().size() << " arguments";
  return success();
}

Value FallbackOp::getArgument(OpBuilder &builder, Value value) {
  // The runtime sees the kind of a value without its static type.
  value = stripUpcasts(value);
  if (auto device = value.getDefiningOp<DeviceOp>())
    return StrOp::create(builder, device.getLoc(), device.getValueAttr());
  return hasRuntimeValues(value.getType()) ? value : Value();
}

std::string FallbackOp::getCallee() {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(getOperators().getAsValueRange<StringAttr>(), os, [&](StringRef name) { os << name; }, "|");
  os << "(";
  llvm::interleave(getNames().getAsValueRange<StringAttr>(), os, [&](StringRef name) { os << name; }, ",");
  os << ")";
  return text;
}

/// What include/wick/Runtime/Fallback.h says of a result.
static void printExpected(Type type, llvm::raw_ostream &os) {
  auto list = dyn_cast<ListType>(type);
  auto tensor = dyn_cast<ts::TensorType>(list ? list.getElementType() : type);
  StringRef dtype = tensor && tensor.isTyped() ? artifact::getDtypeName(tensor.getDtype()) : StringRef();
  if (dtype.empty()) {
    os << "*";
    return;
  }
  os << dtype << "[";
  for (int64_t i = 0, rank = tensor.getRank(); i < rank; ++i) {
    int64_t size = tensor.getStaticDim(i);
    os << (i ? "," : "");
    if (size < 0)
      os << "?";
    else
      os << size;
  }
  os << "]" << (list ? "+" : "");
}

std::string FallbackOp::getText() {
  std::string text = getCallee() + " ->";
  llvm::raw_string_ostream os(text);
  for (Type type : getResultTypes()) {
    os << " ";
    printExpected(type, os);
  }
  return text;
}

LogicalResult WeightRefOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!symbols.lookupNearestSymbolFrom<plan::WeightOp>(*this, getWeightAttr()))
    return emitOpError() << "refers to " << getWeightAttr() << ", which is not a plan.weight";
  if (getSizes().size() != getStrides().size())
    return emitOpError() << "has " << getSizes().size() << " sizes but " << getStrides().size() << " strides";
  return success();
}

std::optional<TypedAttr> WeightRefOp::readElement() {
  auto weight = SymbolTable::lookupNearestSymbolFrom<plan::WeightOp>(*this, getWeightAttr());
  Type dtype = cast<ts::TensorType>(getType()).getDtype();
  if (!weight || !dtype || !dtype.isIntOrFloat() || dtype.isInteger(1) || !getSizes().empty())
    return std::nullopt;
  unsigned bits = dtype.getIntOrFloatBitWidth();
  int64_t bytes = bits / 8, end = (int64_t(getOffset()) + 1) * bytes;
  if (int64_t(getOffset()) < 0 || end > int64_t(weight.getBytes()))
    return std::nullopt;
  auto buffer = llvm::MemoryBuffer::getFileSlice(weight.getFile(), bytes, weight.getOffset() + end - bytes);
  if (!buffer || int64_t((*buffer)->getBufferSize()) != bytes)
    return std::nullopt;
  uint64_t raw = 0;
  memcpy(&raw, (*buffer)->getBufferStart(), bytes);
  APInt element(bits, raw);
  if (auto type = dyn_cast<FloatType>(dtype))
    return TypedAttr(FloatAttr::get(type, APFloat(type.getFloatSemantics(), element)));
  return TypedAttr(IntegerAttr::get(dtype, element));
}

LogicalResult ImageRefOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!symbols.lookupNearestSymbolFrom<ImageOp>(*this, getImageAttr()))
    return emitOpError() << "refers to " << getImageAttr() << ", which is not a ts.image";
  return success();
}

//===----------------------------------------------------------------------===//
// Folds
//===----------------------------------------------------------------------===//

OpFoldResult NoneOp::fold(FoldAdaptor) { return UnitAttr::get(getContext()); }
OpFoldResult StrOp::fold(FoldAdaptor) { return getValueAttr(); }

OpFoldResult UpcastOp::fold(FoldAdaptor) { return getValue().getType() == getType() ? getValue() : OpFoldResult(); }

OpFoldResult UncheckedCastOp::fold(FoldAdaptor) {
  if (getValue().getType() == getType())
    return getValue();
  // A cast back to the type before an upcast is that value.
  if (auto upcast = getValue().getDefiningOp<UpcastOp>(); upcast && upcast.getValue().getType() == getType())
    return upcast.getValue();
  return {};
}

/// Whether values of a static type are of another; none where some are and others are not.
static std::optional<bool> decideIsInstance(Type type, Type candidate) {
  if (isSubtype(type, candidate))
    return true;
  if (isa<ObjectType>(type) && isa<ObjectType>(candidate))
    return false; // classes have no others above them
  auto opaque = dyn_cast<ts::OpaqueType>(candidate);
  bool isOther = opaque && !llvm::is_contained<StringRef>({"list", "dict", "tuple"}, opaque.getKind());
  if (isOther || isa<AnyType, OptionalType, UnionType, NumberType, InterfaceType, ObjectType>(type))
    return std::nullopt;
  ArrayRef<Type> elements = getTupleElementTypes(type), wanted = getTupleElementTypes(candidate);
  if (!isa<ts::TupleType, NamedTupleType>(type) || !isa<ts::TupleType>(candidate) || elements.size() != wanted.size())
    return false;
  for (auto [element, other] : llvm::zip(elements, wanted))
    if (std::optional<bool> known = decideIsInstance(element, other); known && !*known)
      return false;
  return std::nullopt;
}

static std::optional<bool> decideIsInstance(Type type, ArrayAttr candidates) {
  bool isOpen = false;
  for (Type candidate : candidates.getAsValueRange<TypeAttr>()) {
    std::optional<bool> known = decideIsInstance(type, candidate);
    if (known == true)
      return true;
    isOpen |= !known;
  }
  // The candidates may cover a type together.
  return isOpen || isa<OptionalType, UnionType>(type) ? std::nullopt : std::optional(false);
}

OpFoldResult IsInstanceOp::fold(FoldAdaptor) {
  // Casts change what is known of a value: the value before says more in one case, the one after in another.
  for (Value value = getValue(); value;) {
    if (std::optional<bool> known = decideIsInstance(value.getType(), getTypes()))
      return BoolAttr::get(getContext(), *known);
    Operation *op = value.getDefiningOp();
    value = isa_and_nonnull<UpcastOp, UncheckedCastOp, RefineOp>(op) ? op->getOperand(0) : Value();
  }
  return {};
}

LogicalResult TupleUnpackOp::fold(FoldAdaptor, SmallVectorImpl<OpFoldResult> &results) {
  auto construct = getTuple().getDefiningOp<TupleConstructOp>();
  if (!construct)
    return failure();
  llvm::append_range(results, construct.getElements());
  return success();
}

OpFoldResult TupleIndexOp::fold(FoldAdaptor) {
  auto construct = getTuple().getDefiningOp<TupleConstructOp>();
  return construct ? construct.getElements()[getIndex()] : OpFoldResult();
}

OpFoldResult ReadOp::fold(FoldAdaptor) { return {}; }

Speculation::Speculatability RefineOp::getSpeculatability() {
  bool isAnswer = getType().isTyped() && !getValue().getType().isTyped();
  return isAnswer ? Speculation::NotSpeculatable : Speculation::Speculatable;
}

OpFoldResult RefineOp::fold(FoldAdaptor) {
  if (getValue().getType() == getType())
    return getValue();
  // Where the type in between is the one to use, as that of a tensor that may be of several, it stays.
  if (auto refine = getValue().getDefiningOp<RefineOp>();
      refine && refine.getValue().getType() == getType() && getType().getAlternatives().empty())
    return refine.getValue();
  return {};
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Whether an attribute tells a value that a literal may hold.
static bool isLiteral(Attribute value) {
  if (auto number = dyn_cast<TypedAttr>(value))
    return isa<StringAttr>(value) || number.getType().isF64() || number.getType().isInteger(1) ||
           number.getType().isInteger(64);
  auto container = dyn_cast<DictionaryAttr>(value);
  if (!container)
    return isa<UnitAttr>(value);
  StringRef kind = container.size() == 1 ? container.begin()->getName().getValue() : StringRef();
  auto items = kind.empty() ? ArrayAttr() : dyn_cast<ArrayAttr>(container.begin()->getValue());
  return items && llvm::is_contained({"list", "tuple", "dict"}, kind) && (kind != "dict" || items.size() % 2 == 0) &&
         llvm::all_of(items, isLiteral);
}

LogicalResult LiteralOp::verify() {
  return isLiteral(getValue()) ? success()
                               : emitOpError("expects {list = [...]}, {tuple = [...]} or {dict = [...]} of numbers, "
                                             "strings, 'unit' and containers");
}

LogicalResult SourceLinesOp::verify() {
  if (getLines().size() != getText().size())
    return emitOpError() << "has " << getLines().size() << " numbers for " << getText().size() << " lines";
  return success();
}

LogicalResult LoopOp::verify() {
  Block &body = getBody().front();
  if (body.getNumArguments() != getInits().size() + 1 || !body.getArgument(0).getType().isInteger(64))
    return emitOpError() << "body takes " << body.getNumArguments() << " arguments, expected the i64 counter and "
                         << getInits().size() << " carried values";
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (!yield || yield.getNumOperands() != getInits().size() + 1 || !yield.getOperand(0).getType().isInteger(1))
    return emitOpError() << "body must yield the i1 condition and " << getInits().size() << " carried values";
  for (auto [init, result, argument, yielded] :
       llvm::zip(getInits(), getResults(), body.getArguments().drop_front(), yield.getOperands().drop_front()))
    if (init.getType() != result.getType() || argument.getType() != result.getType() ||
        yielded.getType() != result.getType())
      return emitOpError() << "carries values of different types: " << init.getType() << ", " << argument.getType()
                           << ", " << yielded.getType() << ", " << result.getType();
  return success();
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

/// Whether a value does nothing but leave the function, alone or in a tuple.
static bool isOnlyReturned(Operation *user) {
  return isa<func::ReturnOp>(user) || (isa<TupleConstructOp>(user) && llvm::all_of(user->getUsers(), isOnlyReturned));
}

/// Whether no use of a list, or of the same list seen as an optional, can write it or make another name for it.
static bool isOnlyRead(Value list) {
  return llvm::all_of(list.getUses(), [](OpOperand &use) {
    Operation *user = use.getOwner();
    // Core tensor operators are functional.
    if (user->getName().getDialectNamespace() == "aten" || isa<ListUnpackOp>(user))
      return true;
    // What it writes is a copy, and lists of which results are views have tensors only.
    if (isa<FallbackOp>(user))
      return true;
    // The caller has it when all is done.
    if (isOnlyReturned(user))
      return true;
    if (isa<UpcastOp, UncheckedCastOp>(user))
      return isOnlyRead(user->getResult(0));
    auto op = dyn_cast<OperatorOp>(user);
    auto schema = op ? SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, op.getSchemaAttr()) : SchemaOp();
    int64_t index = use.getOperandNumber();
    // A number that is read is no other name for what it is read of.
    bool givesNumbers = llvm::all_of(user->getResultTypes(), llvm::IsaPred<IntegerType, FloatType, ComplexType>);
    return schema && !llvm::is_contained(schema.getWrites(), index) &&
           (givesNumbers || !llvm::is_contained(schema.getAliases(), index));
  });
}

FailureOr<OperandRange> wick::ts::getImmutableListElements(Value list) {
  auto construct = list.getDefiningOp<ListConstructOp>();
  if (!construct || !isOnlyRead(list))
    return failure();
  return construct.getElements();
}
