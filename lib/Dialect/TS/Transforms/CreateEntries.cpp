//===- CreateEntries.cpp - --ts-create-entries ------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "InputSpec.h"
#include "ObjectImage.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/STLExtras.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSCREATEENTRIESPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Whether a user calls the method; the others run while an archive is read or written.
static bool isCallable(MethodOp method) {
  return !method.getRole() && method.getFunction() && method.getName() != "__getstate__" &&
         method.getName() != "__setstate__";
}

static bool hasHooks(ClassOp cls) {
  return llvm::any_of(cls.getBody().getOps<MethodOp>(), [](MethodOp method) { return method.getRole().has_value(); });
}

/// The functions that code in the body of `func` calls on `self`, by name.
static void collectOwnCalls(func::FuncOp func, llvm::StringSet<> &names) {
  if (func.isExternal() || func.getNumArguments() == 0)
    return;
  func.walk([&](CallMethodOp call) {
    if (call.getObject() == func.getArgument(0))
      names.insert(call.getName());
  });
}

/// Tensors that a value of this type consists of, as far as its structure is known.
static unsigned countTensors(Type type) {
  if (isa<ts::TensorType>(type))
    return 1;
  if (auto optional = dyn_cast<OptionalType>(type))
    return countTensors(optional.getElementType());
  unsigned count = 0;
  for (Type element : getTupleElementTypes(type))
    count += countTensors(element);
  return count;
}

/// Whether an input is for a method, or for any.
static bool isFor(const InputSpec &spec, StringRef method) { return spec.method.empty() || spec.method == method; }

namespace {
/// Which arguments of a method the compilation was told something of.
class GivenInputs {
public:
  enum Given { No, Yes, Maybe };

  GivenInputs(ArrayRef<InputSpec> specs, StringRef method) {
    for (const InputSpec &spec : specs) {
      if (spec.isOfClass || !isFor(spec, method) || !spec.repeated.empty())
        continue;
      Given given = isa_and_nonnull<UnitAttr>(spec.value) ? No : spec.mayBeNone ? Maybe : Yes;
      if (!spec.name.empty())
        named[spec.name] = given;
      else
        positional.push_back(given);
    }
  }

  bool empty() const { return named.empty() && positional.empty(); }
  /// Whether the next argument is given, by its name or number; unnamed inputs are for tensors, in order.
  Given take(Type type, StringRef name, unsigned number) {
    for (const std::string &key : {name.str(), std::to_string(number)})
      if (auto found = named.find(key); found != named.end())
        return found->second;
    unsigned count = countTensors(type);
    if (count == 0 || count > positional.size())
      return No;
    Given given = positional.front();
    positional.erase(positional.begin(), positional.begin() + count);
    return given;
  }

private:
  llvm::StringMap<Given> named;
  SmallVector<Given> positional;
};

/// The attributes and type of a `ts.weight_ref`, where the default of an argument is a tensor.
DictionaryAttr getDefaultTensor(Attribute byDefault) {
  auto fields = dyn_cast_or_null<DictionaryAttr>(byDefault);
  return fields ? fields.getAs<DictionaryAttr>("tensor") : DictionaryAttr();
}

Value createTensor(OpBuilder &builder, Location loc, DictionaryAttr tensor) {
  OperationState state(loc, WeightRefOp::getOperationName());
  NamedAttrList attributes(tensor);
  state.addTypes(cast<TypeAttr>(attributes.erase("type")).getValue());
  state.addAttributes(attributes);
  return builder.create(state)->getResult(0);
}

struct TSCreateEntriesPass : wick::ts::impl::TSCreateEntriesPassBase<TSCreateEntriesPass> {
  using TSCreateEntriesPassBase::TSCreateEntriesPassBase;

  void runOnOperation() override {
    ImageOp image = ObjectImage::find(getOperation());
    if (!image)
      return;
    auto rootType = dyn_cast<ObjectType>(image.getBody().front().getTerminator()->getOperand(0).getType());
    auto cls = rootType ? getOperation().lookupSymbol<ClassOp>(rootType.getClassSymbol()) : ClassOp();
    if (!cls) {
      image.emitError() << "the root of the archive is not an object of a known class";
      return signalPassFailure();
    }
    for (const std::string &name : methods)
      if (name != "__call__" && !cls.lookupMethod(name)) {
        cls.emitError() << "class " << cls.getSymNameAttr() << " has no method '" << name << "'";
        return signalPassFailure();
      }
    specs.clear();
    for (StringRef input : inputs) {
      std::string error; // which shows where the types are inferred
      if (std::optional<InputSpec> spec = parseInputSpec(input, &getContext(), error))
        specs.push_back(std::move(*spec));
    }
    for (const InputSpec &spec : specs)
      if (spec.isOfClass && !getOperation().lookupSymbol<ClassOp>(spec.typeName)) {
        emitInputError(cls.getLoc()) << "input '" << spec.text << "': the program has no class '" << spec.typeName
                                     << "'";
        return signalPassFailure();
      }
    if (!methods.empty() || !mutableAttributes.empty()) {
      WrittenSlots written = methods.empty() ? WrittenSlots(getOperation(), /*inPlace=*/true) : findWritten(cls);
      for (StringRef path : mutableAttributes)
        if (failed(addMutable(cls, path, written)))
          return signalPassFailure();
      written.store(getOperation());
    }
    for (MethodOp method : chooseMethods(cls))
      createEntry(image, rootType, method);
    bool wantsCall = methods.empty() ? hasHooks(cls) : llvm::is_contained(methods, "__call__");
    if (wantsCall && failed(createCall(image, rootType, cls)))
      signalPassFailure();
  }

  /// What methods write. Others may share the state with the requested ones: what they change is no constant. What they
  /// do with arguments and results of calls is seen on a copy of the program, in which calls are inlined.
  WrittenSlots findWritten(ClassOp cls) {
    WrittenSlots written(getOperation(), /*inPlace=*/true);
    auto isWanted = [&](MethodOp method) {
      return !isCallable(method) || llvm::is_contained(methods, method.getName());
    };
    if (llvm::all_of(cls.getBody().getOps<MethodOp>(), isWanted))
      return written;
    ModuleOp copy = getOperation().clone();
    getOperation().push_back(copy);
    OpPassManager pm(ModuleOp::getOperationName());
    pm.addPass(createTSCreateEntriesPass());
    pm.addPass(createTSInlineCallsPass());
    pm.addPass(createTSRunForksPass());
    pm.addPass(createTSFreezeAttributesPass());
    pm.addPass(createTSSimplifyProgramPass());
    // What is wrong with a method is told where it is compiled.
    ScopedDiagnosticHandler silence(&getContext(), [](Diagnostic &) { return success(); });
    if (succeeded(runPipeline(pm, copy)))
      written.addInlined(copy);
    copy.erase();
    return written;
  }

  /// Adds an attribute, "block.scale", that callers write.
  LogicalResult addMutable(ClassOp cls, StringRef path, WrittenSlots &written) {
    SmallVector<StringRef> names;
    path.split(names, '.');
    for (StringRef name : names) {
      AttrOp attr = cls ? cls.lookupAttr(name) : AttrOp();
      if (!attr)
        return emitInputError(getOperation().getLoc()) << "the model has no attribute '" << path << "'";
      if (name.end() == path.end())
        written.add(cls.getSymNameAttr(), attr.getNameAttr());
      auto object = dyn_cast<ObjectType>(attr.getType());
      cls = object ? getOperation().lookupSymbol<ClassOp>(object.getClassSymbol()) : ClassOp();
    }
    return success();
  }

  /// The requested methods, or `forward`, those that inputs name and what no method of the class calls itself.
  SmallVector<MethodOp> chooseMethods(ClassOp cls) {
    llvm::StringSet<> internal;
    for (auto method : cls.getBody().getOps<MethodOp>())
      if (method.getFunction())
        if (auto func = getOperation().lookupSymbol<func::FuncOp>(method.getFunctionAttr()))
          collectOwnCalls(func, internal);
    SmallVector<MethodOp> chosen;
    for (auto method : cls.getBody().getOps<MethodOp>()) {
      if (!isCallable(method))
        continue;
      StringRef name = method.getName();
      bool isNamed = llvm::any_of(specs, [&](const InputSpec &spec) { return spec.method == name; });
      bool wanted = methods.empty() ? name.starts_with("forward") || isNamed || !internal.contains(name)
                                    : llvm::is_contained(methods, name);
      if (wanted)
        chosen.push_back(method);
    }
    return chosen;
  }

  /// For each argument of a method less self the number of the entry's argument that it is: those that inputs call
  /// another one given again, as `b=&a`, have none of their own.
  SmallVector<unsigned> numberArguments(func::FuncOp method, StringRef entry) {
    auto find = [&](StringRef name) -> std::optional<unsigned> {
      for (unsigned i = 1; i < method.getNumArguments(); ++i) {
        auto known = method.getArgAttrOfType<StringAttr>(i, "ts.name");
        if ((known && known.getValue() == name) || std::to_string(i - 1) == name)
          return i - 1;
      }
      return std::nullopt;
    };
    SmallVector<unsigned> others = llvm::to_vector(llvm::seq(method.getNumArguments() - 1)), numbers;
    for (const InputSpec &spec : specs) {
      if (spec.repeated.empty() || !isFor(spec, entry))
        continue;
      std::optional<unsigned> repeated = find(spec.name), first = find(spec.repeated);
      if (repeated && first && *first < *repeated) {
        others[*repeated] = *first;
        continue;
      }
      emitInputError(method.getLoc()) << "input '" << spec.text << "': method '" << entry
                                      << "' has no such arguments, one after the other";
      signalPassFailure();
    }
    unsigned count = 0;
    for (auto [i, other] : llvm::enumerate(others))
      numbers.push_back(other == i ? count++ : numbers[other]);
    return numbers;
  }

  func::FuncOp lookupFunction(MethodOp method) {
    return getOperation().lookupSymbol<func::FuncOp>(method.getFunctionAttr());
  }

  /// A public function with the arguments of `method` less self.
  func::FuncOp createFunction(ImageOp image, func::FuncOp method, StringRef name) {
    OpBuilder builder(image->getContext());
    builder.setInsertionPointToEnd(getOperation().getBody());
    // An optional argument is there or not, once the inputs are given.
    SmallVector<Type> arguments;
    SmallVector<DictionaryAttr> attributesOf;
    GivenInputs given(specs, name);
    bool decide = !given.empty();
    for (auto [index, number] : llvm::enumerate(numberArguments(method, name))) {
      if (number < arguments.size())
        continue;
      unsigned i = index + 1;
      Type type = method.getArgumentTypes()[i];
      auto argumentName = method.getArgAttrOfType<StringAttr>(i, "ts.name");
      GivenInputs::Given isGiven = given.take(type, argumentName ? argumentName.getValue() : "", number);
      Attribute byDefault = method.getArgAttr(i, "ts.default");
      if (getDefaultTensor(byDefault) && !isGiven)
        type = ts::NoneType::get(builder.getContext());
      bool mayBeLeftOut = !isGiven && byDefault && !isa<UnitAttr>(byDefault);
      if (auto optional = dyn_cast<OptionalType>(type);
          optional && decide && isGiven != GivenInputs::Maybe && !mayBeLeftOut && (isGiven || !isPlain(type)))
        type = isGiven ? optional.getElementType() : Type(ts::NoneType::get(builder.getContext()));
      arguments.push_back(type);
      attributesOf.push_back(method.getArgAttrDict(i));
    }
    auto type = builder.getFunctionType(arguments, method.getResultTypes());
    auto entry = func::FuncOp::create(builder, method.getLoc(), name, type);
    entry->setAttr("ts.method", builder.getStringAttr(name));
    for (unsigned i = 0; i < type.getNumInputs(); ++i)
      if (DictionaryAttr attributes = attributesOf[i]) {
        // What is given cannot be None, by default neither.
        NamedAttrList own(attributes);
        if (isa_and_nonnull<UnitAttr>(own.get("ts.default")) &&
            !isSubtype(ts::NoneType::get(builder.getContext()), arguments[i]))
          own.erase("ts.default");
        if (getDefaultTensor(own.get("ts.default"))) {
          own.erase("ts.default");
          if (isa<ts::NoneType>(arguments[i]))
            own.set("ts.default", builder.getUnitAttr());
        }
        entry.setArgAttrs(i, own);
      }
    entry.addEntryBlock();
    return entry;
  }

  /// Where the body of an entry begins: a builder and the root object.
  std::pair<OpBuilder, Value> beginBody(func::FuncOp entry, ImageOp image, ObjectType rootType) {
    OpBuilder builder = OpBuilder::atBlockBegin(&entry.front());
    auto symbol = FlatSymbolRefAttr::get(image.getSymNameAttr());
    Value root = ImageRefOp::create(builder, entry.getLoc(), rootType, symbol, builder.getStringAttr(""));
    return {builder, root};
  }

  /// What an entry passes to its method: its own arguments, and default tensors for those that are left out.
  SmallVector<Value> getArguments(OpBuilder &builder, func::FuncOp entry, func::FuncOp method) {
    SmallVector<Value> arguments;
    for (auto [index, number] : llvm::enumerate(numberArguments(method, entry.getSymName()))) {
      Value argument = entry.getArgument(number);
      Type type = method.getArgumentTypes()[index + 1];
      DictionaryAttr tensor = getDefaultTensor(method.getArgAttr(index + 1, "ts.default"));
      if (tensor && isa<ts::NoneType>(argument.getType()))
        arguments.push_back(castTo(builder, entry.getLoc(), createTensor(builder, entry.getLoc(), tensor), type));
      else
        arguments.push_back(castTo(builder, entry.getLoc(), argument, type));
    }
    return arguments;
  }

  static void declare(func::FuncOp entry, MethodOp method) {
    if (StringAttr declaration = method.getDeclarationAttr())
      entry->setAttr(kDeclarationAttr, declaration);
  }

  void createEntry(ImageOp image, ObjectType rootType, MethodOp method) {
    func::FuncOp callee = lookupFunction(method);
    func::FuncOp entry = createFunction(image, callee, method.getName());
    declare(entry, method);
    auto [builder, root] = beginBody(entry, image, rootType);
    SmallVector<Value> arguments{root};
    llvm::append_range(arguments, getArguments(builder, entry, callee));
    // The caller's line is none of the program's.
    auto call = func::CallOp::create(builder, getOperation().getLoc(), callee, arguments);
    func::ReturnOp::create(builder, entry.getLoc(), call.getResults());
  }

  /// `__call__`: what Python's call of the module runs, `forward` between its hooks.
  LogicalResult createCall(ImageOp image, ObjectType rootType, ClassOp cls) {
    FlatSymbolRefAttr forward = cls.lookupMethod("forward");
    if (!forward)
      return cls.emitError() << "class " << cls.getSymNameAttr() << " has hooks but no method 'forward'";
    auto callee = getOperation().lookupSymbol<func::FuncOp>(forward);
    func::FuncOp entry = createFunction(image, callee, "__call__");
    auto [builder, root] = beginBody(entry, image, rootType);
    Location loc = getOperation().getLoc();
    SmallVector<Value> arguments = getArguments(builder, entry, callee);
    SmallVector<MethodOp> hooks(cls.getBody().getOps<MethodOp>());
    for (MethodOp method : hooks)
      if (method.getFunctionAttr() == forward)
        declare(entry, method);
    auto pack = [&, &builder = builder]() -> Value {
      auto type = ts::TupleType::get(builder.getContext(), llvm::to_vector(ValueRange(arguments).getTypes()));
      return TupleConstructOp::create(builder, loc, type, arguments);
    };
    for (MethodOp hook : hooks) {
      if (hook.getRole() != "pre_hook")
        continue;
      auto call = func::CallOp::create(builder, loc, lookupFunction(hook), ValueRange{root, pack()});
      // A hook returns the new arguments, the only new argument, or nothing.
      Type type = call.getResultTypes().empty() ? Type() : call.getResult(0).getType();
      if (!type || isa<ts::NoneType>(type))
        continue;
      if (isa<ts::TupleType>(type))
        arguments = SmallVector<Value>(
            TupleUnpackOp::create(builder, loc, getTupleElementTypes(type), call.getResult(0)).getResults());
      else
        arguments = {call.getResult(0)};
      if (TypeRange(ValueRange(arguments)) != callee.getArgumentTypes().drop_front())
        return hook.emitError() << "pre-hook returns " << type << ", which are not the arguments of 'forward'";
    }
    SmallVector<Value> operands{root};
    llvm::append_range(operands, arguments);
    Value result = func::CallOp::create(builder, loc, callee, operands).getResult(0);
    for (MethodOp hook : hooks) {
      if (hook.getRole() != "hook")
        continue;
      auto call = func::CallOp::create(builder, loc, lookupFunction(hook), ValueRange{root, pack(), result});
      if (call.getNumResults() == 1 && !isa<ts::NoneType>(call.getResult(0).getType()))
        result = call.getResult(0);
    }
    func::ReturnOp::create(builder, loc, result);
    entry.setType(builder.getFunctionType(entry.getArgumentTypes(), result.getType()));
    return success();
  }

  std::vector<InputSpec> specs;
};
} // namespace
