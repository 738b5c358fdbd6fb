//===- InferTypes.cpp - --ts-infer-types ------------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "Contents.h"
#include "InputSpec.h"
#include "OperatorRules.h"
#include "References.h"
#include "TypeInference.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSINFERTYPESPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

static constexpr StringLiteral kSymbols = "ts.symbols";
/// On an attribute of a class: the type that it is said to hold, for when inference runs again.
static constexpr StringLiteral kGiven = "ts.given";

namespace {
/// What the signature says of one function's arguments, and the symbols that its sizes define.
class Signature {
public:
  /// The types of attributes of which examples are given, by attribute.
  using Given = llvm::MapVector<Operation *, Type>;

  explicit Signature(func::FuncOp func, Given *given = nullptr)
      : func(func), builder(func.getContext()), given(given) {}

  /// Binds the specifications that are meant for this function; marks them as used.
  LogicalResult bind(ArrayRef<InputSpec> specs, MutableArrayRef<bool> used);
  /// Notes what is said of the attributes of a class's objects.
  void noteAttributes(ClassOp cls, const InputSpec &spec);

private:
  LogicalResult bindTensor(Type &type, unsigned leaf, const InputSpec &spec);
  LogicalResult bindValue(BlockArgument argument, const InputSpec &spec);
  /// Fails, with an error.
  LogicalResult refuse(BlockArgument argument, const InputSpec &spec);
  /// The type of an argument of which `spec` is an example, given what is declared. Sizes that differ between the
  /// elements of a container are not known.
  Type bindExample(Type type, unsigned &leaf, const InputSpec &spec, bool isHeld = false);
  /// What a specification says of the tensors in containers of a type, as kGivenRecordsAttr has it.
  void collectRecords(Type type, const InputSpec *spec, bool isHeld, SmallVectorImpl<Attribute> &records);
  /// Gives the tensors of a type, in order, to `bind`.
  Type rebuild(Type type, unsigned &leaf, llvm::function_ref<Type(Type, unsigned)> bind);
  /// The type of the objects or members of the program's only class of a name; `otherwise` where there is none.
  Type findClass(Type otherwise, StringRef name);
  AffineExpr getSymbol(unsigned leaf, unsigned dim);
  std::string getName(unsigned argument);

  func::FuncOp func;
  Builder builder;
  Given *given;
  bool exampleFits = true;
  SmallVector<Attribute> symbols;
  llvm::StringMap<AffineExpr> named;
};
} // namespace

AffineExpr Signature::getSymbol(unsigned leaf, unsigned dim) {
  AffineExpr symbol = builder.getAffineSymbolExpr(symbols.size());
  symbols.push_back(builder.getI64ArrayAttr({int64_t(leaf), int64_t(dim)}));
  return symbol;
}

std::string Signature::getName(unsigned argument) {
  auto name = func.getArgAttrOfType<StringAttr>(argument, "ts.name");
  return name ? name.str() : std::to_string(argument);
}

static bool isTensor(Type type) {
  if (auto optional = dyn_cast<OptionalType>(type))
    type = optional.getElementType();
  return isa<ts::TensorType>(type);
}

LogicalResult Signature::bindTensor(Type &type, unsigned leaf, const InputSpec &spec) {
  SmallVector<AffineExpr> dims;
  for (auto [i, dim] : llvm::enumerate(spec.dims)) {
    int64_t size;
    if (!StringRef(dim).getAsInteger(10, size)) {
      dims.push_back(builder.getAffineConstantExpr(size));
    } else if (spec.mayBeNone) {
      // No size can be read from what may be absent, but one that another tensor has is known.
      dims.push_back(named.lookup(dim));
    } else if (dim == "?") {
      dims.push_back(getSymbol(leaf, i));
    } else {
      AffineExpr &symbol = named[dim];
      if (!symbol)
        symbol = getSymbol(leaf, i);
      dims.push_back(symbol);
    }
  }
  auto tensor = ts::TensorType::get(func.getContext(), dims, spec.dtype);
  type = isa<OptionalType>(type) ? Type(OptionalType::get(func.getContext(), tensor)) : Type(tensor);
  return success();
}

LogicalResult Signature::refuse(BlockArgument argument, const InputSpec &spec) {
  return emitInputError(func.getLoc()) << "input '" << spec.text << "' does not fit argument '"
                                       << getName(argument.getArgNumber()) << "' of type " << argument.getType();
}

LogicalResult Signature::bindValue(BlockArgument argument, const InputSpec &spec) {
  unsigned number = argument.getArgNumber();
  OpBuilder bodyBuilder = OpBuilder::atBlockBegin(&func.getBody().front());
  Location loc = argument.getLoc();
  Type type = argument.getType(), plain = type;
  if (auto optional = dyn_cast<OptionalType>(type))
    plain = optional.getElementType();
  Value value;
  if (isa<UnitAttr>(spec.value)) {
    if (!isa<OptionalType>(type))
      return refuse(argument, spec);
    value = NoneOp::create(bodyBuilder, loc);
  } else {
    TypedAttr attr = cast<TypedAttr>(spec.value);
    if (auto integer = dyn_cast<IntegerAttr>(attr); integer && plain.isF64() && !attr.getType().isInteger(1))
      attr = bodyBuilder.getF64FloatAttr(double(integer.getInt()));
    if (attr.getType() != plain && !isa<NumberType>(plain))
      return refuse(argument, spec);
    value = arith::ConstantOp::create(bodyBuilder, loc, attr);
  }
  // The runtime compares what a caller passes with the value that the code is made for.
  func.setArgAttr(number, kValueAttr, spec.value);
  if (value.getType() != type)
    value = UpcastOp::create(bodyBuilder, loc, type, value);
  argument.replaceAllUsesWith(value);
  return success();
}

/// Whether an example written as an object may be of a declared type. Of objects their attributes alone count.
static bool isOfClass(Type type, const InputSpec &spec) {
  auto named = dyn_cast<NamedTupleType>(type);
  if (!named)
    return isa<ObjectType, EnumType, InterfaceType, UnionType>(type);
  StringRef qualified = named.getName();
  auto fields = llvm::to_vector(named.getFields().getAsValueRange<StringAttr>());
  return qualified.substr(qualified.rfind('.') + 1) == spec.typeName &&
         llvm::all_of(spec.attributes, [&](StringRef name) { return llvm::is_contained(fields, name); });
}

Type Signature::bindExample(Type type, unsigned &leaf, const InputSpec &spec, bool isHeld) {
  using Kind = InputSpec::Kind;
  MLIRContext *context = func.getContext();
  if (auto optional = dyn_cast<OptionalType>(type)) {
    Type element = optional.getElementType();
    // A tensor or container is given: None is not possible any more.
    if (!isHeld && !spec.mayBeNone &&
        (spec.isTensor() || spec.kind == Kind::List || spec.kind == Kind::Dict || spec.kind == Kind::Object))
      return bindExample(element, leaf, spec, isHeld);
    unsigned own = leaf++;
    if (!isHeld && isa_and_nonnull<UnitAttr>(spec.value))
      return ts::NoneType::get(context);
    if (!isHeld && spec.isTensor() && isa<ts::TensorType>(element))
      return succeeded(bindTensor(type, own, spec)) ? type : optional;
    InputSpec given = spec;
    given.mayBeNone = false;
    return OptionalType::get(context, bindExample(element, own, given, isHeld || spec.mayBeNone));
  }
  if (spec.mayBeNone)
    return rebuild(type, leaf, [](Type tensor, unsigned) { return tensor; });
  // Which of a union's types it is the example says as of any value.
  if (auto choices = dyn_cast<UnionType>(type)) {
    unsigned own = leaf;
    Type bound = bindExample(AnyType::get(context), own, spec, isHeld);
    if (!llvm::is_contained(choices.getMemberTypes(), eraseTensorTypes(bound)))
      return rebuild(type, leaf, [](Type tensor, unsigned) { return tensor; });
    leaf = own;
    return bound;
  }
  bool isNumber = isa<NumberType>(type) && spec.kind == Kind::Other && spec.typeName != "str";
  bool isOpen = isNumber || isa<AnyType>(type); // the example says what it is
  if (auto list = dyn_cast<ListType>(type); list && spec.kind == Kind::Tuple && !spec.elements.empty()) {
    // A tuple that is given for a list.
    Type element;
    for (const InputSpec &given : spec.elements) {
      unsigned own = leaf;
      Type bound = bindExample(list.getElementType(), own, given, /*isHeld=*/true);
      element = element ? joinTypes(element, bound) : bound;
    }
    ++leaf;
    return ListType::get(context, element);
  }
  if (spec.kind == Kind::Tuple) {
    ArrayRef<Type> declared = getTupleElementTypes(type);
    if (!isOpen && declared.size() != spec.elements.size())
      return rebuild(type, leaf, [](Type tensor, unsigned) { return tensor; });
    SmallVector<Type> elements;
    for (auto [i, element] : llvm::enumerate(spec.elements))
      elements.push_back(bindExample(isOpen ? type : declared[i], leaf, element, isHeld));
    return isOpen ? Type(ts::TupleType::get(context, elements)) : getTupleType(type, elements);
  }
  if (spec.kind == Kind::Object && !isOpen)
    exampleFits &= isOfClass(type, spec);
  if (auto named = dyn_cast<NamedTupleType>(type); named && spec.kind == Kind::Object) {
    SmallVector<Type> elements;
    for (auto [field, element] : llvm::zip(named.getFields().getAsValueRange<StringAttr>(), named.getElementTypes())) {
      auto given = llvm::find(spec.attributes, field) - spec.attributes.begin();
      elements.push_back(size_t(given) < spec.elements.size()
                             ? bindExample(element, leaf, spec.elements[given], isHeld)
                             : rebuild(element, leaf, [](Type tensor, unsigned) { return tensor; }));
    }
    return getTupleType(type, elements);
  }
  unsigned own = leaf++;
  if (spec.isTensor()) {
    if (!isOpen && !isa<ts::TensorType>(type))
      return type;
    Type bound = ts::TensorType::get(context);
    if (!spec.alternatives.empty()) {
      bound = {};
      for (const InputSpec &alternative : spec.alternatives)
        bound = joinTypes(bound, bindExample(ts::TensorType::get(context), own, alternative, /*isHeld=*/true));
      return bound;
    }
    if (!isHeld)
      return succeeded(bindTensor(bound, own, spec)) ? bound : type;
    SmallVector<AffineExpr> dims;
    for (StringRef dim : spec.dims) {
      int64_t size;
      dims.push_back(dim.getAsInteger(10, size) ? AffineExpr() : builder.getAffineConstantExpr(size));
    }
    return ts::TensorType::get(context, dims, spec.dtype);
  }
  if (isOpen && isa_and_nonnull<UnitAttr>(spec.value))
    return ts::NoneType::get(context);
  if (isOpen && spec.kind == Kind::Object)
    type = findClass(type, spec.typeName);
  if (auto object = dyn_cast<ObjectType>(type); object && spec.kind == Kind::Object)
    noteAttributes(SymbolTable::lookupNearestSymbolFrom<ClassOp>(func, object.getClassSymbol()), spec);
  // A tensor of no dims is written as the type of numbers is.
  if (spec.kind == Kind::Other && spec.typeName == "bool" && isa<ts::TensorType>(type))
    return ts::TensorType::get(context, ArrayRef<AffineExpr>(), builder.getI1Type());
  auto list = dyn_cast<ListType>(type);
  if (spec.kind == Kind::List && (list || isOpen))
    return ListType::get(context, bindExample(list ? list.getElementType() : type, own, spec.elements[0], true));
  auto dict = dyn_cast<DictType>(type);
  if (spec.kind == Kind::Dict && (dict || isOpen)) {
    Type key = bindExample(dict ? dict.getKeyType() : type, own, spec.elements[0], true);
    return DictType::get(context, key, bindExample(dict ? dict.getValueType() : type, own, spec.elements[1], true));
  }
  if (isOpen && spec.kind == Kind::Other)
    return llvm::StringSwitch<Type>(spec.typeName)
        .Case("int", builder.getI64Type())
        .Case("float", builder.getF64Type())
        .Case("bool", builder.getI1Type())
        .Case("complex", ComplexType::get(builder.getF64Type()))
        .Case("str", StringType::get(context))
        .Case("Device", DeviceType::get(context))
        .Case("Generator", GeneratorType::get(context))
        .Default(type);
  return type;
}

/// Which of the tensors in the containers of a type an example shows not to be there; `spec` is null where it says
/// nothing.
static void findAbsent(Type type, const InputSpec *spec, bool isHeld, bool isAbsent, SmallVectorImpl<bool> &absent) {
  using Kind = InputSpec::Kind;
  if (isa<ts::TensorType>(type)) {
    if (isHeld)
      absent.push_back(isAbsent);
    return;
  }
  if (auto optional = dyn_cast<OptionalType>(type))
    return findAbsent(optional.getElementType(), spec, isHeld, isAbsent, absent);
  SmallVector<Type> parts = getPartTypes(type);
  bool isContainer = isa<ListType, DictType>(type);
  if (spec && spec->kind != (isa<ListType>(type) ? Kind::List : isContainer ? Kind::Dict : Kind::Tuple))
    spec = nullptr;
  isAbsent |= spec && isContainer && spec->length == 0u;
  for (auto [i, part] : llvm::enumerate(parts)) {
    bool isSaid = spec && spec->elements.size() == parts.size();
    findAbsent(part, isSaid ? &spec->elements[i] : nullptr, isHeld || isContainer, isAbsent, absent);
  }
}

/// What two examples say together: where one knows nothing of a tensor, the other.
static Type mergeExamples(Type a, Type b) {
  MLIRContext *context = a.getContext();
  if (a == b || eraseTensorTypes(a) != eraseTensorTypes(b))
    return a;
  return llvm::TypeSwitch<Type, Type>(a)
      .Case([&](ts::TensorType tensor) {
        return !tensor.isNarrowed() ? b : cast<ts::TensorType>(b).isNarrowed() ? joinTypes(a, b) : a;
      })
      .Case([&](ListType list) {
        return ListType::get(context, mergeExamples(list.getElementType(), cast<ListType>(b).getElementType()));
      })
      .Case([&](OptionalType optional) {
        Type other = cast<OptionalType>(b).getElementType();
        return OptionalType::get(context, mergeExamples(optional.getElementType(), other));
      })
      .Case([&](DictType dict) {
        auto other = cast<DictType>(b);
        return DictType::get(context, mergeExamples(dict.getKeyType(), other.getKeyType()),
                             mergeExamples(dict.getValueType(), other.getValueType()));
      })
      .Case<ts::TupleType, NamedTupleType>([&](Type tuple) {
        SmallVector<Type> elements;
        for (auto [x, y] : llvm::zip(getTupleElementTypes(tuple), getTupleElementTypes(b)))
          elements.push_back(mergeExamples(x, y));
        return getTupleType(tuple, elements);
      })
      .Default([](Type other) { return other; });
}

Type Signature::findClass(Type otherwise, StringRef name) {
  Type found;
  for (auto cls : func->getParentOfType<ModuleOp>().getOps<ClassOp>()) {
    StringRef qualified = cls.getSymName();
    bool isEnum = cls.getKind() == "enum";
    if (qualified.substr(qualified.rfind('.') + 1) != name || !(isEnum || cls.getKind() == "class"))
      continue;
    if (found)
      return otherwise;
    auto symbol = FlatSymbolRefAttr::get(cls.getSymNameAttr());
    found = isEnum ? Type(EnumType::get(func.getContext(), symbol)) : Type(ObjectType::get(func.getContext(), symbol));
  }
  return found ? found : otherwise;
}

void Signature::noteAttributes(ClassOp cls, const InputSpec &spec) {
  for (auto [name, element] : llvm::zip(spec.attributes, spec.elements)) {
    AttrOp attr = cls ? cls.lookupAttr(name) : AttrOp();
    if (!attr || !given)
      continue;
    unsigned leaf = 0;
    Type declared = eraseTensorTypes(attr.getType()), bound = bindExample(declared, leaf, element, /*isHeld=*/true);
    Type &known = (*given)[attr];
    known = known ? mergeExamples(known, bound) : bound;
    SmallVector<Attribute> records;
    collectRecords(declared, &element, /*isHeld=*/false, records);
    attr->setAttr(kGivenRecordsAttr, builder.getArrayAttr(records));
  }
}

void Signature::collectRecords(Type type, const InputSpec *spec, bool isHeld, SmallVectorImpl<Attribute> &records) {
  if (isa<ts::TensorType>(type)) {
    if (isHeld)
      records.push_back(builder.getArrayAttr({}));
    return;
  }
  if (auto optional = dyn_cast<OptionalType>(type))
    return collectRecords(optional.getElementType(), spec, isHeld, records);
  SmallVector<Type> parts = getPartTypes(type);
  if (spec && spec->elements.size() != parts.size())
    spec = nullptr;
  for (auto [i, part] : llvm::enumerate(parts))
    collectRecords(part, spec ? &spec->elements[i] : nullptr, isHeld || isa<ListType, DictType>(type), records);
  if (!spec || spec->entries.empty() || !isRecord(type))
    return;
  SmallVector<Attribute> record;
  for (auto [key, entry] : llvm::zip_equal(spec->keys, spec->entries)) {
    unsigned leaf = 0;
    Type bound = bindExample(ts::TensorType::get(builder.getContext()), leaf, entry, /*isHeld=*/true);
    Attribute name = key.empty() ? Attribute(builder.getUnitAttr()) : builder.getStringAttr(key);
    record.push_back(builder.getArrayAttr({name, TypeAttr::get(bound)}));
  }
  records.back() = builder.getArrayAttr(record);
}

Type Signature::rebuild(Type type, unsigned &leaf, llvm::function_ref<Type(Type, unsigned)> bind) {
  ArrayRef<Type> elements = getTupleElementTypes(type);
  if (elements.empty()) {
    Type bound = isTensor(type) ? bind(type, leaf) : type;
    ++leaf;
    return bound;
  }
  SmallVector<Type> types;
  for (Type element : elements)
    types.push_back(rebuild(element, leaf, bind));
  return getTupleType(type, types);
}

/// Whether the program asks if gradients of an argument are required.
static bool asksForGradient(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) {
    if (isa<UpcastOp, UncheckedCastOp, RefineOp>(user))
      return asksForGradient(user->getResult(0));
    auto op = dyn_cast<OperatorOp>(user);
    return op && getBaseName(op) == "prim::requires_grad";
  });
}

LogicalResult Signature::bind(ArrayRef<InputSpec> specs, MutableArrayRef<bool> used) {
  auto method = func->getAttrOfType<StringAttr>("ts.method");
  StringRef methodName = method ? method.getValue() : func.getSymName();
  llvm::MapVector<StringRef, unsigned> byName;
  SmallVector<unsigned> tensors, values;
  for (auto [i, spec] : llvm::enumerate(specs)) {
    if (spec.isOfClass || !spec.repeated.empty() || (!spec.method.empty() && spec.method != methodName))
      continue;
    if (!spec.name.empty())
      byName[spec.name] = i;
    else
      (spec.isValue() ? values : tensors).push_back(i);
  }
  // Unnamed specifications go to the tensors and to the numbers, in order, that no name is given for.
  ArrayRef<unsigned> nextTensor = tensors, nextValue = values;
  unsigned leaf = 0;
  bool failedToBind = false;
  unsigned numOwn = 0; // arguments that a caller gives
  for (BlockArgument argument : func.getArguments()) {
    auto named = byName.find(getName(argument.getArgNumber()));
    if (named == byName.end() && !func.getArgAttr(argument.getArgNumber(), kStateAttr))
      named = llvm::find_if(byName, [&](auto &entry) { return specs[entry.second].getPosition() == numOwn; });
    ++numOwn;
    const InputSpec *spec = nullptr;
    if (named != byName.end()) {
      spec = &specs[named->second];
      used[named->second] = true;
    }
    bool mayBeAbsent = isa<OptionalType>(argument.getType()) && !isPlain(argument.getType());
    auto byDefault = func.getArgAttr(argument.getArgNumber(), "ts.default");
    bool isBound = func->hasAttr(kSymbols);
    if (!spec && mayBeAbsent && !isBound && byDefault && isa<UnitAttr>(byDefault) && nextTensor.empty()) {
      // An argument that is left out.
      InputSpec absent;
      absent.text = "none";
      absent.value = builder.getUnitAttr();
      if (failed(bindValue(argument, absent)))
        return failure();
      ++leaf;
      continue;
    }
    bool isNone = spec && isa_and_nonnull<UnitAttr>(spec->value) && isa<AnyType, UnionType>(argument.getType());
    if (spec && spec->isValue() && !isNone) {
      ++leaf;
      if (isa<ts::NoneType>(argument.getType()) && isa<UnitAttr>(spec->value))
        continue;
      if (failed(bindValue(argument, *spec)))
        return failure();
      continue;
    }
    bool requiresGrad = spec && spec->requiresGrad, mayBeNone = spec && spec->mayBeNone;
    bool isExample = isNone || (spec && (spec->kind != InputSpec::Kind::Plain || spec->getPosition()));
    const InputSpec *misfit = nullptr;
    if (isExample && mayBeNone && !isa<OptionalType, AnyType, UnionType>(argument.getType()))
      misfit = spec;
    auto bindTensors = [&](Type tensor, unsigned number) -> Type {
      const InputSpec *own = spec;
      if (!own && !nextTensor.empty()) {
        own = &specs[nextTensor.front()];
        used[nextTensor.front()] = true;
        nextTensor = nextTensor.drop_front();
        requiresGrad = own->requiresGrad;
        mayBeNone = own->mayBeNone;
      }
      if (own && own->mayBeNone && !isa<OptionalType>(tensor))
        misfit = own;
      else if (own && failed(bindTensor(tensor, number, *own)))
        failedToBind = true;
      return tensor;
    };
    Type type =
        isExample ? bindExample(argument.getType(), leaf, *spec) : rebuild(argument.getType(), leaf, bindTensors);
    if (failedToBind)
      return failure();
    if (!exampleFits)
      misfit = spec;
    if (misfit)
      return refuse(argument, *misfit);
    if (asksForGradient(argument))
      func.setArgAttr(argument.getArgNumber(), kRequiresGradAttr, builder.getBoolAttr(requiresGrad));
    bool isNumber = isa<IntegerType, FloatType, NumberType>(argument.getType());
    if (isNumber && spec && !isExample) {
      // A type without a value: it must be the argument's.
      bool fits = spec->dims.empty() &&
                  (isa<FloatType>(spec->dtype) == argument.getType().isF64() || isa<NumberType>(argument.getType()));
      if (!fits)
        return refuse(argument, *spec);
    } else if (isNumber && !spec && !nextValue.empty()) {
      used[nextValue.front()] = true;
      if (failed(bindValue(argument, specs[nextValue.front()])))
        return failure();
      nextValue = nextValue.drop_front();
    }
    Type before = argument.getType();
    argument.setType(type);
    SmallVector<bool> absent;
    if (isExample)
      findAbsent(type, spec, /*isHeld=*/false, /*isAbsent=*/false, absent);
    if (llvm::is_contained(absent, true))
      func.setArgAttr(argument.getArgNumber(), kAbsentAttr, builder.getDenseBoolArrayAttr(absent));
    auto optional = dyn_cast<OptionalType>(type);
    auto isOpen = llvm::IsaPred<OptionalType, AnyType, NumberType, UnionType>;
    bool isGiven = isExample ? isOpen(before) && !isOpen(type) : optional && type != before && !mayBeNone;
    if (isGiven) {
      // A tensor is given: None is not possible any more.
      if (optional)
        argument.setType(optional.getElementType());
      else
        type = isa<OptionalType>(before) ? Type(OptionalType::get(func.getContext(), type)) : before;
      OpBuilder bodyBuilder = OpBuilder::atBlockBegin(&func.getBody().front());
      auto upcast = UpcastOp::create(bodyBuilder, argument.getLoc(), type, argument);
      argument.replaceAllUsesExcept(upcast, upcast);
    }
  }
  if (!symbols.empty() || !func->hasAttr(kSymbols))
    func->setAttr(kSymbols, builder.getArrayAttr(symbols));
  return success();
}

Type wick::ts::dropSymbols(Type type) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([](ts::TensorType tensor) -> std::optional<std::pair<Type, WalkResult>> {
    SmallVector<AffineExpr> dims(tensor.getDims());
    for (AffineExpr &dim : dims)
      dim = dim && dim.isSymbolicOrConstant() && !isa<AffineConstantExpr>(dim) ? AffineExpr() : dim;
    SmallVector<Type> alternatives = llvm::map_to_vector(tensor.getAlternatives(), dropSymbols);
    auto known = ts::TensorType::get(tensor.getContext(), tensor.getHasRank(), dims, tensor.getDtype(), alternatives);
    return std::pair(Type(known), WalkResult::skip());
  });
  return replacer.replace(type);
}

namespace {
/// The types of what is stored in the slots of objects, found in rounds. A tensor of which nothing is known says
/// nothing of a slot, as one that was computed from the slot itself, until no round finds more.
class SlotTypes {
public:
  ~SlotTypes() {
    // A slot in which only None has been seen is None until more is.
    for (auto &[op, slot] : slots) {
      auto attr = cast<AttrOp>(op);
      attr->removeAttr(kOnlyNone);
      if (!isa<ts::NoneType>(attr.getType()))
        continue;
      attr.setType(slot.declared);
      attr->setAttr(kOnlyNone, UnitAttr::get(attr.getContext()));
    }
  }

  /// What objects that callers give hold in an attribute.
  void addGiven(AttrOp attr, Type type) {
    Slot &slot = slots.try_emplace(attr, Slot{attr.getType()}).first->second;
    slot.known = mergeExamples(attr.getType(), type);
    attr.setType(slot.known);
  }

  /// Takes a stored value into account; whether it is news.
  bool add(AttrOp attr, Value value) {
    Type stored = getJoinedType(value);
    if (!stored)
      return false;
    stored = dropSymbols(stored);
    Slot &slot = slots.try_emplace(attr, Slot{attr.getType()}).first->second;
    slot.stored = joinTypes(slot.stored, stored);
    return join(attr, slot, stored);
  }

  /// Ends a round, in which everything was added, and `changed` says whether there was news; whether there is now. Once
  /// all that can be known is, what is not counts.
  bool endRound(bool changed) {
    bool isLast = !changed;
    for (auto &[op, slot] : slots) {
      Type stored = std::exchange(slot.stored, Type());
      slot.isSettled |= isLast;
      if (isLast && stored)
        changed |= join(cast<AttrOp>(op), slot, stored);
    }
    return changed;
  }

private:
  struct Slot {
    Type declared, known;
    Type stored;            // in this round
    bool isSettled = false; // tensors of which nothing is known count
  };

  static bool join(AttrOp attr, Slot &slot, Type stored) {
    // Where only None has been seen, what is computed from tensors of which nothing is known may be computed from those
    // of the slot itself, which has none so far.
    bool isUnknown = isa<OptionalType>(stored) && holdsTensor(stored) && stored == eraseTensorTypes(stored);
    if (!slot.isSettled && isUnknown && isa_and_nonnull<ts::NoneType>(slot.known))
      return false;
    Type joined = slot.isSettled ? joinTypes(slot.known, stored) : joinKnownTypes(slot.known, stored);
    // Where the types are too many, none says anything any more.
    slot.isSettled |= slot.known && areDivided(slot.known, stored) && !areDivided(joined, stored);
    // A slot may be declared to hold more than was seen so far.
    if (joined == slot.known || !isSubtype(joined, slot.declared))
      return false;
    slot.known = joined;
    if (isa<ts::NoneType>(joined) || isa<ts::TensorType>(slot.declared) ||
        isa<OptionalType>(slot.declared) == isa<OptionalType>(joined))
      attr.setType(joined);
    return true;
  }

  llvm::MapVector<Operation *, Slot> slots;
};
} // namespace

/// Finds types for the slots of objects and the elements of containers that hold for all that is stored there:
/// functions are visited on clones, given the types so far, until these are stable.
static void inferStored(ModuleOp module, ArrayRef<InputSpec> specs, bool noFallback, Contents &contents) {
  SmallVector<func::FuncOp> functions;
  bool hasSlots = false;
  for (auto func : module.getOps<func::FuncOp>())
    if (func.isPublic() && !func.isExternal()) {
      functions.push_back(func);
      contents.addSites(func);
      func.walk([&](SetAttrOp) { hasSlots = true; });
    }
  auto bindClone = [&](func::FuncOp func, Signature::Given *given) {
    auto clone = func.clone();
    if (!clone->hasAttr("ts.method")) // by which specifications name it
      clone->setAttr("ts.method", func.getSymNameAttr());
    clone.setName((func.getName() + ".types").str());
    module.push_back(clone);
    SmallVector<bool> used(specs.size(), false);
    LogicalResult bound = Signature(clone, given).bind(specs, used);
    contents.setArgumentTypes(clone);
    return std::pair(clone, bound);
  };
  // Errors show in the visit that counts.
  ScopedDiagnosticHandler quiet(module.getContext(), [](Diagnostic &) { return success(); });
  SlotTypes slots;
  Signature::Given given;
  for (auto cls : module.getOps<ClassOp>())
    for (auto attr : cls.getBody().getOps<AttrOp>())
      if (auto type = attr->getAttrOfType<TypeAttr>(kGiven))
        given[attr] = type.getValue();
  if (llvm::any_of(specs, [](const InputSpec &spec) { return StringRef(spec.text).contains('('); }))
    for (func::FuncOp func : functions)
      bindClone(func, &given).first.erase();
  for (const InputSpec &spec : specs)
    if (spec.isOfClass && !functions.empty())
      Signature(functions.front(), &given).noteAttributes(module.lookupSymbol<ClassOp>(spec.typeName), spec);
  for (auto &[op, type] : given) {
    slots.addGiven(cast<AttrOp>(op), type);
    contents.addGiven(cast<AttrOp>(op), type);
    op->setAttr(kGiven, TypeAttr::get(type));
  }
  if (!hasSlots && !contents.isNeeded())
    return;
  // What the state begins with is known first.
  std::stable_partition(functions.begin(), functions.end(),
                        [](func::FuncOp func) { return func->hasAttr(kStateAttr); });
  auto lookup = [&](Value object, StringRef name) {
    auto type = dyn_cast<ObjectType>(object.getType());
    auto cls = type ? module.lookupSymbol<ClassOp>(type.getClassSymbol()) : ClassOp();
    return cls ? cls.lookupAttr(name) : AttrOp();
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (func::FuncOp func : functions) {
      auto [clone, bound] = bindClone(func, nullptr);
      bool failedToInfer = failed(bound) || failed(TypeInference(module.getContext(), &contents,
                                                                 {.lenient = true, .noFallback = noFallback})
                                                       .inferBlock(clone.getBody().front()));
      if (!failedToInfer)
        contents.collect(clone, lookup);
      clone.walk([&](SetAttrOp set) {
        if (AttrOp attr = lookup(set.getObject(), set.getName()))
          changed |= slots.add(attr, set.getValue());
      });
      clone.erase();
      if (failedToInfer)
        return contents.abandon();
    }
    changed |= contents.isNeeded() && contents.update();
    changed = slots.endRound(changed);
  }
}

namespace {
struct TSInferTypesPass : public wick::ts::impl::TSInferTypesPassBase<TSInferTypesPass> {
  using TSInferTypesPassBase::TSInferTypesPassBase;

  void runOnOperation() override {
    MLIRContext *context = &getContext();
    std::vector<InputSpec> specs;
    for (const std::string &text : inputs) {
      std::string error;
      std::optional<InputSpec> spec = parseInputSpec(text, context, error);
      if (!spec) {
        emitInputError(UnknownLoc::get(context)) << error;
        return signalPassFailure();
      }
      specs.push_back(std::move(*spec));
    }
    // A class of the program that is not there any more is one that the code does not use, and an argument that is
    // another one is none of the entry's.
    SmallVector<bool> used =
        llvm::map_to_vector(specs, [](const InputSpec &spec) { return spec.isOfClass || !spec.repeated.empty(); });
    Contents contents;
    inferStored(getOperation(), specs, noFallback, contents);
    TypeInference inference(context, &contents, {.lateErrors = lateErrors, .noFallback = noFallback});
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isExternal() || func.isPrivate())
        continue;
      if (failed(Signature(func).bind(specs, used)))
        return signalPassFailure();
      contents.setArgumentTypes(func);
      if (failed(inference.inferBlock(func.getBody().front())))
        return signalPassFailure();
      Contents::removeSites(func);
      updateFunctionType(func);
    }
    decideContainers(getOperation());
    for (auto [spec, isUsed] : llvm::zip(specs, used))
      if (!isUsed) {
        emitInputError(UnknownLoc::get(context)) << "input '" << spec.text << "' matches no argument of a method";
        return signalPassFailure();
      }
  }
};
} // namespace
