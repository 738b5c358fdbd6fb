//===- FlattenSignatures.cpp - --plan-flatten-signatures
//----------------------===//
//
// Native code takes and returns the leaves of structured values. The signature
// as the user sees it is kept in `plan.signature`, in the form it has in the
// manifest; so is, on each class, what callers know of it.
//
//===----------------------------------------------------------------------===//
#include "wick/Artifact/Writer.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"
#include "wick/Dialect/TS/IR/Classes.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace wick::plan {
#define GEN_PASS_DEF_PLANFLATTENSIGNATURESPASS
#include "wick/Dialect/Plan/Transforms/Passes.h.inc"
} // namespace wick::plan

using namespace mlir;
using namespace wick;
using namespace wick::plan;

namespace {
/// Describes types and classes in the form that they have in the manifest.
class Describer {
public:
  /// `scope` is where symbols are looked up; its sizes have names.
  explicit Describer(Operation *scope) : scope(scope), b(scope->getContext()) {}
  /// The attributes of a class, or the members of an enumeration.
  DictionaryAttr describeClass(ts::ClassOp cls);

protected:
  Attribute describeTensor(ts::TensorType type);
  /// What a type is called in a manifest; null for kinds that have no
  /// description.
  Attribute describe(Type type);
  /// Adds what the dicts of an attribute's type hold by key, which the next of `records` says, to its description.
  Attribute withRecords(Type type, Attribute description, ArrayRef<Attribute> &records, bool isHeld = false);
  Attribute object(StringRef kind, ArrayRef<NamedAttribute> more = {});
  /// Describes the type of a class's objects or members.
  Attribute withClass(StringRef kind, FlatSymbolRefAttr symbol);
  /// Adds the names of a named tuple to the description of its elements.
  Attribute withNames(Type type, Attribute description);
  /// The attribute of an object in a value of the type that has no description, or that callers cannot give a value
  /// for; null where there is none.
  ts::AttrOp findOther(Type type, bool isGiven);

  Operation *scope;
  Builder b;
};

class SignatureFlattener : Describer {
public:
  explicit SignatureFlattener(func::FuncOp func) : Describer(func), func(func) {}
  LogicalResult run();

private:
  /// Describes what `ts-create-state` says of the objects of the state.
  DictionaryAttr describeState();
  /// Where the object that an object's path leads to is found at any time: an object of the state, and the slots that
  /// lead on from it where code may store others in them.
  SmallVector<Attribute> describeOwner(ArrayAttr paths, ArrayAttr slots, size_t number);
  /// Replaces a structured argument by its leaves.
  LogicalResult flattenArgument(unsigned &index);
  /// Appends the leaves of `value`, which is built by construction ops, and
  /// returns its description. All elements of a list or dict have one description: a
  /// list or dict among them, whose length may differ from its neighbour's, is a leaf.
  Attribute flattenResult(Value value, SmallVectorImpl<Value> &leaves, bool isElement = false);

  /// Fails, with an error, where callers cannot have what is in a value of the type.
  LogicalResult check(Type type, bool isDescribed, const Twine &what, StringRef verb);

  func::FuncOp func;
};
} // namespace

Attribute Describer::object(StringRef kind, ArrayRef<NamedAttribute> more) {
  SmallVector<NamedAttribute> fields(more);
  fields.push_back(b.getNamedAttr("kind", b.getStringAttr(kind)));
  return b.getDictionaryAttr(fields);
}

Attribute Describer::describeTensor(ts::TensorType type) {
  SmallVector<NamedAttribute> fields;
  if (type.getDtype()) {
    StringRef name = artifact::getDtypeName(type.getDtype());
    if (name.empty())
      return {};
    fields.push_back(b.getNamedAttr("dtype", b.getStringAttr(name)));
  }
  auto names = scope->getAttrOfType<ArrayAttr>("ts.symbol_names");
  SmallVector<Attribute> dims;
  for (AffineExpr dim : type.getDims()) {
    auto symbol = dyn_cast_or_null<AffineSymbolExpr>(dim);
    if (auto constant = dyn_cast_or_null<AffineConstantExpr>(dim))
      dims.push_back(b.getI64IntegerAttr(constant.getValue()));
    else if (symbol && names && symbol.getPosition() < names.size())
      dims.push_back(names[symbol.getPosition()]);
    else
      dims.push_back(b.getStringAttr(symbol ? "s" + Twine(symbol.getPosition()) : Twine("?")));
  }
  if (type.getHasRank())
    fields.push_back(b.getNamedAttr("dims", b.getArrayAttr(dims)));
  if (!type.getAlternatives().empty()) {
    auto alternatives =
        llvm::map_to_vector(type.getAlternatives(), [&](Type alternative) { return describe(alternative); });
    fields.push_back(b.getNamedAttr("alternatives", b.getArrayAttr(alternatives)));
  }
  return object("Tensor", fields);
}

Attribute Describer::describe(Type type) {
  auto withElements = [&](StringRef kind, ArrayRef<Type> types) -> Attribute {
    SmallVector<Attribute> elements = llvm::map_to_vector(types, [&](Type element) { return describe(element); });
    if (llvm::is_contained(elements, Attribute()))
      return {};
    return object(kind, b.getNamedAttr("elements", b.getArrayAttr(elements)));
  };
  return llvm::TypeSwitch<Type, Attribute>(type)
      .Case([&](ts::TensorType tensor) { return describeTensor(tensor); })
      .Case([&](ts::NumberType) { return object("Any"); })
      .Case<ts::TupleType, ts::NamedTupleType>(
          [&](Type tuple) { return withNames(tuple, withElements("Tuple", ts::getTupleElementTypes(tuple))); })
      .Case([&](ts::ListType list) { return withElements("List", list.getElementType()); })
      .Case([&](ts::OptionalType optional) { return withElements("Optional", optional.getElementType()); })
      .Case([&](ts::DictType dict) { return withElements("Dict", {dict.getKeyType(), dict.getValueType()}); })
      .Case([&](ts::UnionType members) { return withElements("Union", members.getMemberTypes()); })
      .Case([&](ts::StringType) { return object("str"); })
      .Case([&](ts::NoneType) { return object("None"); })
      .Case([&](ts::DeviceType) { return object("Device"); })
      .Case([&](ts::GeneratorType) { return object("Generator"); })
      .Case([&](ts::AnyType) { return object("Any"); })
      .Case([&](ts::ObjectType type) { return withClass("Object", type.getClassSymbol()); })
      .Case([&](ts::InterfaceType) { return object("Any"); }) // objects know their class
      .Case([&](ts::EnumType type) { return withClass("Enum", type.getClassSymbol()); })
      .Case([&](FloatType) { return object("float"); })
      .Case([&](ComplexType) { return object("complex"); })
      .Case([&](IntegerType integer) { return object(integer.getWidth() == 1 ? "bool" : "int"); })
      .Default([](Type) { return Attribute(); });
}

Attribute Describer::withClass(StringRef kind, FlatSymbolRefAttr symbol) {
  auto cls = SymbolTable::lookupNearestSymbolFrom<ts::ClassOp>(scope, symbol);
  return cls ? object(kind, b.getNamedAttr("class", symbol.getAttr())) : Attribute();
}

Attribute Describer::withNames(Type type, Attribute description) {
  auto tuple = dyn_cast<ts::NamedTupleType>(type);
  if (!tuple || !description)
    return description;
  NamedAttrList fields(cast<DictionaryAttr>(description));
  // Without the module that the class comes from.
  StringRef name = tuple.getName().getValue();
  fields.set("name", b.getStringAttr(name.substr(name.rfind('.') + 1)));
  fields.set("fields", tuple.getFields());
  return fields.getDictionary(b.getContext());
}

Attribute Describer::withRecords(Type type, Attribute description, ArrayRef<Attribute> &records, bool isHeld) {
  if (isa<ts::TensorType>(type)) {
    if (isHeld)
      records = records.drop_front();
    return description;
  }
  SmallVector<Type> parts = ts::getPartTypes(type);
  auto fields = dyn_cast_or_null<DictionaryAttr>(description);
  auto elements = fields ? fields.getAs<ArrayAttr>("elements") : ArrayAttr();
  if (!elements || elements.size() != parts.size())
    return description;
  ArrayAttr record = ts::isRecord(type) && !records.empty() ? cast<ArrayAttr>(records.front()) : ArrayAttr();
  SmallVector<Attribute> described;
  for (auto [part, element] : llvm::zip(parts, elements))
    described.push_back(withRecords(part, element, records, isHeld || isa<ts::ListType, ts::DictType>(type)));
  NamedAttrList all(fields);
  all.set("elements", b.getArrayAttr(described));
  SmallVector<Attribute> entries;
  if (record)
    for (auto pair : record.getAsRange<ArrayAttr>()) {
      NamedAttrList entry;
      entry.set("type", describe(cast<TypeAttr>(pair[1]).getValue()));
      if (auto key = dyn_cast<StringAttr>(pair[0]))
        entry.set("key", key);
      entries.push_back(entry.getDictionary(b.getContext()));
    }
  if (!entries.empty())
    all.set("entries", b.getArrayAttr(entries));
  return all.getDictionary(b.getContext());
}

DictionaryAttr Describer::describeClass(ts::ClassOp cls) {
  SmallVector<Attribute> parts;
  bool isEnum = cls.getKind() == "enum";
  for (auto attr : cls.getBody().getOps<ts::AttrOp>()) {
    SmallVector<NamedAttribute> fields = {b.getNamedAttr("name", attr.getNameAttr())};
    if (Attribute type = describe(attr.getType())) {
      if (auto known = attr->getAttrOfType<ArrayAttr>(ts::kRecordsAttr)) {
        ArrayRef<Attribute> records = known.getValue();
        type = withRecords(attr.getType(), type, records);
      }
      fields.push_back(b.getNamedAttr("type", type));
    }
    if (isEnum)
      fields.push_back(b.getNamedAttr("value", attr.getValueAttr()));
    parts.push_back(b.getDictionaryAttr(fields));
  }
  return b.getDictionaryAttr({b.getNamedAttr("name", cls.getSymNameAttr()),
                              b.getNamedAttr(isEnum ? "members" : "attributes", b.getArrayAttr(parts))});
}

static bool holdsInterface(Type type) {
  return type.walk([](ts::InterfaceType) { return WalkResult::interrupt(); }).wasInterrupted();
}

ts::AttrOp Describer::findOther(Type type, bool isGiven) {
  for (ts::ClassOp cls : ts::getHeldClasses(scope, type))
    for (auto attr : cls.getBody().getOps<ts::AttrOp>())
      if (!describe(attr.getType()) || (isGiven && holdsInterface(attr.getType())))
        return attr;
  return {};
}

LogicalResult SignatureFlattener::check(Type type, bool isDescribed, const Twine &what, StringRef verb) {
  ts::AttrOp other = isDescribed ? findOther(type, verb == "take") : ts::AttrOp();
  if (isDescribed && !other)
    return success();
  InFlightDiagnostic error = func.emitError() << what << " of method '" << func.getName() << "' has type " << type
                                              << ", which native code does not " << verb << " yet";
  if (other)
    error.attachNote(other.getLoc()) << "attribute '" << other.getName() << "' of "
                                     << other->getParentOfType<ts::ClassOp>().getSymNameAttr() << " has type "
                                     << other.getType();
  return failure();
}

/// Whether callers read and write an attribute of the state: objects in it are the program's own.
static bool isReachable(Type type) {
  bool hasObjects = false;
  type.walk([&](ts::ObjectType) { hasObjects = true; });
  return !hasObjects && !holdsInterface(type);
}

SmallVector<Attribute> SignatureFlattener::describeOwner(ArrayAttr paths, ArrayAttr slots, size_t number) {
  auto [parent, name] = cast<StringAttr>(paths[number]).getValue().rsplit('.');
  if (name.empty())
    std::swap(parent, name);
  size_t owner = llvm::find(paths, b.getStringAttr(parent)) - paths.begin();
  if (owner == paths.size() || owner == number ||
      !llvm::is_contained(cast<ArrayAttr>(slots[owner]), b.getStringAttr(name)))
    return {b.getI64IntegerAttr(number)};
  auto cls = SymbolTable::lookupNearestSymbolFrom<ts::ClassOp>(
      func, cast<ts::ObjectType>(func.getResultTypes()[owner]).getClassSymbol());
  SmallVector<ts::AttrOp> attributes(cls.getBody().getOps<ts::AttrOp>());
  auto attr = llvm::find_if(attributes, [&](ts::AttrOp attr) { return attr.getName() == name; });
  if (attr == attributes.end() || attr->getType() != func.getResultTypes()[number])
    return {b.getI64IntegerAttr(number)};
  SmallVector<Attribute> steps = describeOwner(paths, slots, owner);
  steps.push_back(b.getI64IntegerAttr(attr - attributes.begin()));
  return steps;
}

DictionaryAttr SignatureFlattener::describeState() {
  auto paths = func->getAttrOfType<ArrayAttr>(ts::kStatePathsAttr),
       slots = func->getAttrOfType<ArrayAttr>(ts::kStateSlotsAttr);
  SmallVector<Attribute> attributes, hidden;
  if (!paths || !slots)
    return b.getDictionaryAttr({});
  for (auto [number, type] : llvm::enumerate(func.getResultTypes())) {
    auto object = cast<ts::ObjectType>(type);
    auto cls = SymbolTable::lookupNearestSymbolFrom<ts::ClassOp>(func, object.getClassSymbol());
    auto own = cast<ArrayAttr>(slots[number]);
    StringRef path = cast<StringAttr>(paths[number]).getValue();
    SmallVector<Attribute> owner = describeOwner(paths, slots, number);
    for (auto [slot, attr] : llvm::enumerate(cls.getBody().getOps<ts::AttrOp>())) {
      Attribute described = describe(attr.getType());
      // Objects are found by their paths, and what nothing uses has no value.
      if (!described || isa<ts::ObjectType>(attr.getType()) || !llvm::is_contained(own, attr.getNameAttr()))
        continue;
      std::string name = (path + (path.empty() ? "" : ".") + attr.getName()).str();
      NamedAttrList fields;
      fields.set("name", b.getStringAttr(name));
      fields.set("object", b.getI64IntegerAttr(number));
      fields.set("slot", b.getI64IntegerAttr(slot));
      if (owner.size() > 1)
        fields.set("owner", b.getArrayAttr(owner));
      fields.set("type", described);
      if (!isReachable(attr.getType()))
        fields.set("hidden", b.getBoolAttr(true));
      (isReachable(attr.getType()) ? attributes : hidden).push_back(fields.getDictionary(b.getContext()));
    }
  }
  attributes.append(hidden);
  return b.getDictionaryAttr(
      {b.getNamedAttr("paths", paths), b.getNamedAttr("attributes", b.getArrayAttr(attributes))});
}

LogicalResult SignatureFlattener::flattenArgument(unsigned &index) {
  BlockArgument argument = func.getArgument(index);
  if (!isa<ts::TupleType, ts::NamedTupleType>(argument.getType())) {
    ++index;
    return success();
  }
  SmallVector<Type> types(ts::getTupleElementTypes(argument.getType()));
  for (auto [position, type] : llvm::enumerate(types))
    (void)func.insertArgument(index + 1 + position, type, {}, func.getLoc());
  for (Operation *user : llvm::make_early_inc_range(argument.getUsers())) {
    auto leaves = func.getArguments().slice(index + 1, types.size());
    if (auto unpack = dyn_cast<ts::TupleUnpackOp>(user))
      unpack->replaceAllUsesWith(SmallVector<Value>(leaves.begin(), leaves.end()));
    else if (auto element = dyn_cast<ts::TupleIndexOp>(user))
      element.getResult().replaceAllUsesWith(leaves[element.getIndex()]);
    else
      continue;
    user->erase();
  }
  if (!argument.use_empty()) {
    auto leaves = func.getArguments().slice(index + 1, types.size());
    SmallVector<Value> values(leaves.begin(), leaves.end());
    OpBuilder builder = OpBuilder::atBlockBegin(&func.front());
    argument.replaceAllUsesWith(ts::TupleConstructOp::create(builder, func.getLoc(), argument.getType(), values));
  }
  return func.eraseArgument(index);
}

/// Whether a list or dict holds when it is returned what it was made of: nothing but
/// results refers to it.
static bool isFixed(Operation *container) {
  return llvm::all_of(container->getUsers(), [](Operation *user) {
    if (isa<ts::ListConstructOp, ts::DictConstructOp, ts::TupleConstructOp, ts::UpcastOp>(user))
      return isFixed(user);
    return user->hasTrait<OpTrait::IsTerminator>() && isa<func::FuncOp>(user->getParentOp());
  });
}

Attribute SignatureFlattener::flattenResult(Value value, SmallVectorImpl<Value> &leaves, bool isElement) {
  auto flattenAll = [&](StringRef kind, ValueRange values) -> Attribute {
    SmallVector<Attribute> elements;
    for (Value element : values)
      elements.push_back(flattenResult(element, leaves, isElement));
    if (llvm::is_contained(elements, Attribute()))
      return {};
    return object(kind, b.getNamedAttr("elements", b.getArrayAttr(elements)));
  };
  Operation *op = value.getDefiningOp();
  while (auto upcast = dyn_cast_or_null<ts::UpcastOp>(op)) {
    value = upcast.getValue();
    op = value.getDefiningOp();
  }
  if (auto tuple = dyn_cast_or_null<ts::TupleConstructOp>(op))
    return withNames(tuple.getType(), flattenAll("Tuple", tuple.getElements()));
  if (ArrayRef<Type> types = ts::getTupleElementTypes(value.getType()); !types.empty() && !isElement) {
    OpBuilder builder(func.front().getTerminator());
    auto unpack = ts::TupleUnpackOp::create(builder, value.getLoc(), types, value);
    return withNames(value.getType(), flattenAll("Tuple", unpack.getResults()));
  }
  if (auto list = dyn_cast_or_null<ts::ListConstructOp>(op); list && !isElement && isFixed(list)) {
    for (Value element : list.getElements())
      if (!flattenResult(element, leaves, /*isElement=*/true))
        return {};
    Attribute element = describe(list.getType().getElementType());
    return element ? object("List", {b.getNamedAttr("elements", b.getArrayAttr(element)),
                                     b.getNamedAttr("length", b.getI64IntegerAttr(list.getElements().size()))})
                   : Attribute();
  }
  auto dict = dyn_cast_or_null<ts::DictConstructOp>(op);
  if (dict && !isElement && !dict.getKeys().empty() && isFixed(dict) &&
      llvm::all_of(dict.getKeys(), [](Value key) { return key.getDefiningOp<ts::StrOp>(); })) {
    SmallVector<Attribute> keys;
    for (Value key : dict.getKeys()) {
      keys.push_back(key.getDefiningOp<ts::StrOp>().getValueAttr());
    }
    for (Value element : dict.getValues())
      if (!flattenResult(element, leaves, /*isElement=*/true))
        return {};
    auto type = cast<ts::DictType>(value.getType());
    SmallVector<Attribute> elements = {describe(type.getKeyType()), describe(type.getValueType())};
    return elements[1] ? object("Dict", {b.getNamedAttr("elements", b.getArrayAttr(elements)),
                                         b.getNamedAttr("keys", b.getArrayAttr(keys))})
                       : Attribute();
  }
  if (!ts::hasRuntimeValues(value.getType()))
    return {};
  leaves.push_back(value);
  return describe(value.getType());
}

/// Adds what a reference is seen as through casts, itself first.
static void addCasts(Value reference, SmallVectorImpl<Value> &same) {
  same.push_back(reference);
  for (Operation *user : reference.getUsers())
    if (isa<ts::UpcastOp, ts::UncheckedCastOp, ts::RefineOp>(user))
      addCasts(user->getResult(0), same);
}

/// Whether code may write to the elements of an argument: by its name, or, if it `writesHeld`, by what a branch,
/// container or slot gives.
static bool mayWrite(BlockArgument argument, bool writesHeld) {
  SmallVector<Value> same;
  addCasts(argument, same);
  bool isWritten = false, isHeld = false;
  for (Value reference : same)
    for (OpOperand &use : reference.getUses()) {
      isWritten |= isa<ts::WriteOp>(use.getOwner()) && use.getOperandNumber() == 0;
      isHeld |= !isa<ts::WriteOp, ts::ReadOp, ts::UpcastOp, ts::UncheckedCastOp, ts::RefineOp, func::ReturnOp>(
          use.getOwner());
    }
  return isWritten || (isHeld && writesHeld);
}

/// Whether a default is of a type, which examples may have made a narrower one than is declared.
static bool isOfType(Attribute value, Type type) {
  if (isa<ts::AnyType, ts::NumberType>(type))
    return true;
  if (auto optional = dyn_cast<ts::OptionalType>(type))
    return isa<UnitAttr>(value) || isOfType(value, optional.getElementType());
  if (auto members = dyn_cast<ts::UnionType>(type))
    return llvm::any_of(members.getMemberTypes(), [&](Type member) { return isOfType(value, member); });
  auto fields = dyn_cast<DictionaryAttr>(value);
  auto elements = fields ? fields.getAs<ArrayAttr>("tuple") : ArrayAttr();
  ArrayRef<Type> types = ts::getTupleElementTypes(type);
  if (elements)
    return elements.size() == types.size() && llvm::all_of(llvm::zip(elements, types), [](auto pair) {
             return isOfType(std::get<0>(pair), std::get<1>(pair));
           });
  if (auto cls = fields ? fields.getAs<FlatSymbolRefAttr>("class") : FlatSymbolRefAttr()) {
    auto member = dyn_cast<ts::EnumType>(type);
    return member && member.getClassSymbol() == cls;
  }
  return llvm::TypeSwitch<Attribute, bool>(value)
      .Case([&](UnitAttr) { return isa<ts::NoneType>(type); })
      .Case([&](BoolAttr) { return type.isInteger(1); })
      .Case([&](IntegerAttr) { return type.isInteger(64) || type.isF64(); })
      .Case([&](FloatAttr) { return type.isF64(); })
      .Case([&](StringAttr) { return isa<ts::StringType>(type); })
      .Default(true);
}

/// A float says that it is one where its type does not, and so does a member of an enumeration of which.
static Attribute describeDefault(Attribute value, Type type) {
  Builder b(value.getContext());
  if (auto optional = dyn_cast<ts::OptionalType>(type))
    type = optional.getElementType();
  if (isa<FloatAttr>(value) && isa<ts::AnyType, ts::NumberType, ts::UnionType>(type))
    return b.getDictionaryAttr(b.getNamedAttr("float", value));
  auto fields = dyn_cast<DictionaryAttr>(value);
  if (auto cls = fields ? fields.getAs<FlatSymbolRefAttr>("class") : FlatSymbolRefAttr()) {
    NamedAttrList member(fields);
    member.erase("class");
    if (!isa<ts::EnumType>(type))
      member.set("class", cls.getAttr());
    return member.getDictionary(value.getContext());
  }
  auto elements = fields ? fields.getAs<ArrayAttr>("tuple") : ArrayAttr();
  if (!elements)
    return value;
  bool isTuple = isa<ts::TupleType, ts::NamedTupleType>(type);
  SmallVector<Attribute> described;
  for (auto [i, element] : llvm::enumerate(elements))
    described.push_back(describeDefault(element, isTuple ? ts::getTupleElementTypes(type)[i] : type));
  return b.getDictionaryAttr(b.getNamedAttr("tuple", b.getArrayAttr(described)));
}

LogicalResult SignatureFlattener::run() {
  // What makes the state is for the runtime alone.
  if (func->hasAttr(ts::kStateAttr)) {
    func->setAttr(kSignatureAttr, describeState());
    return success();
  }
  // So is what leaves `with` statements.
  if (func->hasAttr(ts::kExitAttr)) {
    func->setAttr(kSignatureAttr, b.getDictionaryAttr({}));
    return success();
  }
  SmallVector<Attribute> arguments;
  bool writesHeld = false;
  func.walk([&](ts::WriteOp write) { writesHeld |= write.getStrided(); });
  for (BlockArgument argument : func.getArguments()) {
    if (func.getArgAttr(argument.getArgNumber(), ts::kStateAttr))
      continue;
    Attribute type = describe(argument.getType());
    auto name = func.getArgAttrOfType<StringAttr>(argument.getArgNumber(), "ts.name");
    bool isTaken = type && ts::hasRuntimeValues(argument.getType()) && !holdsInterface(argument.getType());
    if (failed(check(argument.getType(), isTaken, "argument " + Twine(argument.getArgNumber()), "take")))
      return failure();
    SmallVector<NamedAttribute> fields = {
        b.getNamedAttr("name", name ? name : b.getStringAttr("arg" + Twine(argument.getArgNumber()))),
        b.getNamedAttr("type", type)};
    if (Attribute value = func.getArgAttr(argument.getArgNumber(), "ts.default");
        value && isOfType(value, argument.getType()))
      fields.push_back(b.getNamedAttr("default", describeDefault(value, argument.getType())));
    if (Attribute value = func.getArgAttr(argument.getArgNumber(), ts::kValueAttr))
      fields.push_back(b.getNamedAttr("value", value));
    if (Attribute flag = func.getArgAttr(argument.getArgNumber(), ts::kRequiresGradAttr))
      fields.push_back(b.getNamedAttr("requires_grad", flag));
    if (mayWrite(argument, writesHeld))
      fields.push_back(b.getNamedAttr("written", b.getBoolAttr(true)));
    arguments.push_back(b.getDictionaryAttr(fields));
  }
  Operation *terminator = func.front().getTerminator();
  if (!func.getBody().hasOneBlock())
    return func.emitError() << "method '" << func.getName()
                            << "' has more than one block, expected structured control flow";
  SmallVector<Value> leaves;
  SmallVector<Attribute> results;
  for (Value result : terminator->getOperands()) {
    results.push_back(flattenResult(result, leaves));
    if (failed(check(result.getType(), results.back() != Attribute(), "result", "return")))
      return failure();
  }
  // Several results of a function are the elements of one tuple.
  if (results.size() > 1)
    results = {object("Tuple", b.getNamedAttr("elements", b.getArrayAttr(results)))};
  terminator->setOperands(leaves);
  for (unsigned index = 0; index < func.getNumArguments();)
    if (failed(flattenArgument(index)))
      return failure();
  // Flattening the arguments replaced leaves.
  SmallVector<Type> types(terminator->getOperandTypes());
  func.setFunctionType(b.getFunctionType(func.getArgumentTypes(), types));
  auto method = func->getAttrOfType<StringAttr>("ts.method");
  NamedAttrList signature;
  signature.set("name", method ? method : func.getSymNameAttr());
  signature.set("arguments", b.getArrayAttr(arguments));
  signature.set("results", b.getArrayAttr(results));
  if (auto declaration = func->getAttrOfType<StringAttr>(ts::kDeclarationAttr))
    signature.set("declaration", declaration);
  func->setAttr(kSignatureAttr, signature.getDictionary(func.getContext()));
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(func.front())))
    if (isa<ts::TupleConstructOp, ts::ListConstructOp, ts::DictConstructOp, ts::StrOp, ts::UpcastOp>(op) &&
        op.use_empty())
      op.erase();
  return success();
}

namespace {
struct PlanFlattenSignaturesPass : wick::plan::impl::PlanFlattenSignaturesPassBase<PlanFlattenSignaturesPass> {
  void runOnOperation() override {
    for (auto cls : getOperation().getOps<ts::ClassOp>())
      cls->setAttr(kSignatureAttr, Describer(getOperation()).describeClass(cls));
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (!func.isExternal() && func.isPublic() && !func->hasAttr(kSignatureAttr) &&
          failed(SignatureFlattener(func).run()))
        return signalPassFailure();
  }
};
} // namespace
