//===- InlineCalls.cpp - --ts-inline-calls ----------------------------------===//
//
// One walk in program order. A call is replaced by a copy of the callee's body, and
// the walk goes on in the copy, where `self` is by now a reference into the object
// image; so every get_attr that leads to a submodule, and every method call, is
// resolved when the walk arrives at it. Each function body is copied once for each
// call that is executed in the end, never for intermediate functions.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "ObjectImage.h"
#include "OperatorRules.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/STLExtras.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSINLINECALLSPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace {
class Inliner {
public:
  Inliner(ModuleOp module, bool dispatches) : module(module), dispatches(dispatches), written(module) {
    if (ImageOp op = ObjectImage::find(module))
      image.emplace(op);
  }

  LogicalResult run(func::FuncOp entry) {
    if (failed(processBlocks(entry.getBody())))
      return failure();
    while (!exits.empty())
      if (failed(processBlocks(exits.pop_back_val().getBody())))
        return failure();
    return success();
  }

  /// The functions that operators call by themselves: what orders the objects of lists.
  llvm::SetVector<func::FuncOp> findOrders(func::FuncOp entry) {
    llvm::SetVector<func::FuncOp> found;
    entry.walk([&](OperatorOp op) {
      auto list = op->getNumOperands() ? dyn_cast<ListType>(op->getOperand(0).getType()) : ListType();
      if (!list || !llvm::is_contained({"aten::sort", "aten::sorted"}, getBaseName(op)))
        return;
      if (func::FuncOp order = lookupMethod(list.getElementType(), "__lt__"))
        found.insert(order);
    });
    return found;
  }

private:
  LogicalResult processBlocks(Region &region) {
    for (Block &block : region)
      if (failed(processRange(block.begin(), block.end())))
        return failure();
    return success();
  }

  LogicalResult processRange(Block::iterator begin, Block::iterator end) {
    for (Operation &op : llvm::make_early_inc_range(llvm::make_range(begin, end)))
      if (failed(process(&op)))
        return failure();
    return success();
  }

  LogicalResult process(Operation *op) {
    for (Region &region : op->getRegions())
      if (failed(processBlocks(region)))
        return failure();
    if (auto get = dyn_cast<GetAttrOp>(op)) {
      resolveSlot(get);
      return success();
    }
    if (auto call = dyn_cast<func::CallOp>(op))
      return inlineCall(op, module.lookupSymbol<func::FuncOp>(call.getCallee()), call.getOperands());
    if (auto call = dyn_cast<CallMethodOp>(op)) {
      Value object = lookThroughCasts(call.getObject());
      if (auto index = object.getDefiningOp<OperatorOp>(); index && isContainerIndex(index))
        return dispatch(call, index);
      // What is behind casts may say more, or less where a class was asked for.
      if (!isa<ObjectType>(object.getType()))
        object = call.getObject();
      func::FuncOp callee = lookupMethod(object.getType(), call.getName());
      if (!callee && dispatches && isa<InterfaceType>(object.getType()))
        return dispatch(call, object);
      if (!callee)
        return success();
      SmallVector<Value> arguments{object};
      llvm::append_range(arguments, call.getArguments());
      return inlineCall(op, callee, arguments);
    }
    if (auto enter = dyn_cast<EnterOp>(op)) {
      Value object = lookThroughCasts(enter.getObject());
      func::FuncOp callee = lookupMethod(object.getType(), "__enter__");
      func::FuncOp exit = lookupMethod(object.getType(), "__exit__");
      if (!callee || !exit)
        return success();
      OpBuilder builder(op);
      PushEnteredOp::create(builder, op->getLoc(), object, /*local=*/false);
      addExit(cast<ObjectType>(object.getType()), exit);
      return inlineCall(op, callee, object);
    }
    if (auto exit = dyn_cast<ExitOp>(op)) {
      Value object = lookThroughCasts(exit.getObject());
      func::FuncOp callee = lookupMethod(object.getType(), "__exit__");
      if (!callee)
        return success();
      OpBuilder builder(op);
      PopEnteredOp::create(builder, op->getLoc(), object);
      return inlineCall(op, callee, getExitArguments(builder, op->getLoc(), callee, object));
    }
    return success();
  }

  /// `__exit__` takes what was raised, which LibTorch never tells.
  static SmallVector<Value> getExitArguments(OpBuilder &builder, Location loc, func::FuncOp exit, Value object) {
    SmallVector<Value> arguments{object};
    arguments.append(exit.getNumArguments() - 1, NoneOp::create(builder, loc));
    return arguments;
  }

  /// An entry for the objects of a class that a failing call leaves in `with` statements.
  void addExit(ObjectType type, func::FuncOp exit) {
    StringRef cls = type.getClassSymbol().getValue();
    std::string name = ("__exit__." + cls).str();
    if (module.lookupSymbol(name))
      return;
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    Location loc = exit.getLoc();
    auto entry = func::FuncOp::create(builder, loc, name, builder.getFunctionType(type, {}));
    entry->setAttr(kExitAttr, builder.getStringAttr(cls));
    builder.setInsertionPointToStart(entry.addEntryBlock());
    SmallVector<Value> arguments = getExitArguments(builder, loc, exit, entry.getArgument(0));
    for (auto [argument, type] : llvm::zip_equal(arguments, exit.getArgumentTypes()))
      argument = castTo(builder, loc, argument, type);
    func::CallOp::create(builder, loc, exit, arguments);
    func::ReturnOp::create(builder, loc);
    exits.push_back(entry);
  }

  /// Slots that hold objects lead on; all others are left to freezing.
  void resolveSlot(GetAttrOp get) {
    if (!image || !isa<ObjectType, InterfaceType>(get.getType()))
      return;
    Value object = image->resolve(get.getObject());
    if (!object || written.contains(object.getType(), get.getNameAttr()))
      return;
    Value slot = image->lookupSlot(object, get.getNameAttr());
    if (!slot)
      return;
    OpBuilder builder(get);
    if (Value reference = image->reference(builder, get.getLoc(), lookThroughCasts(slot))) {
      get.replaceAllUsesWith(castTo(builder, get.getLoc(), reference, get.getType()));
      get.erase();
    }
  }

  static bool isContainerIndex(OperatorOp op) {
    return getBaseName(op) == "prim::ModuleContainerIndex" && op.getArguments().size() == 2;
  }

  /// A call of a module that a key chooses from a container: a branch for each module, which calls it.
  LogicalResult dispatch(CallMethodOp call, OperatorOp index) {
    Value container = lookThroughCasts(index.getArguments()[0]), key = lookThroughCasts(index.getArguments()[1]);
    auto type = dyn_cast<ObjectType>(container.getType());
    auto cls = type ? module.lookupSymbol<ClassOp>(type.getClassSymbol()) : ClassOp();
    if (!cls || !(key.getType().isInteger(64) || isa<StringType>(key.getType())))
      return success();
    addSchema(module, "aten::eq.str", {"a", "b"}, {});
    addSchema(module, "aten::format", {"self"}, {});
    OpBuilder builder(call);
    Location loc = call.getLoc();
    auto makeText = [&](const Twine &text) { return StrOp::create(builder, loc, text.str()); };
    auto isKey = [&](StringRef name) -> Value {
      if (!key.getType().isInteger(64))
        return OperatorOp::create(builder, loc, builder.getI1Type(), "aten::eq.str", ValueRange{key, makeText(name)}, 0)
            .getResult(0);
      int64_t number;
      (void)name.getAsInteger(10, number);
      Value constant = arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(number));
      return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, key, constant);
    };
    scf::IfOp outermost;
    for (auto attr : cls.getBody().getOps<AttrOp>()) {
      int64_t number;
      if (!isa<ObjectType>(attr.getType()) || (key.getType().isInteger(64) && attr.getName().getAsInteger(10, number)))
        continue;
      beginBranch(builder, call, isKey(attr.getName()), outermost, [&]() -> Value {
        return GetAttrOp::create(builder, loc, attr.getType(), container, attr.getNameAttr());
      });
    }
    if (!outermost)
      return success();
    Value form = makeText(cls.getSymName() + " does not have a field with name '{}'");
    Value message = OperatorOp::create(builder, loc, StringType::get(builder.getContext()), "aten::format",
                                       ValueRange{form, key}, 0)
                        .getResult(0);
    RaiseOp::create(builder, loc, message, NoneOp::create(builder, loc));
    return endBranches(builder, call, outermost);
  }

  /// Whether objects of a class have the methods of an interface.
  bool implements(ClassOp cls, ClassOp interface) {
    return llvm::all_of(interface.getBody().getOps<MethodOp>(), [&](MethodOp method) {
      FlatSymbolRefAttr symbol = cls.lookupMethod(method.getName());
      auto own = symbol ? module.lookupSymbol<func::FuncOp>(symbol) : func::FuncOp();
      auto asked = method.getSignature();
      if (!own || !asked)
        return false;
      // The function takes the object first.
      ArrayRef<Type> inputs = own.getFunctionType().getInputs().drop_front(), results = own.getResultTypes();
      auto fit = [](ArrayRef<Type> from, ArrayRef<Type> to) {
        return from.size() == to.size() && llvm::all_of(llvm::zip(from, to), [](auto pair) {
                 return isSubtype(std::get<0>(pair), std::get<1>(pair));
               });
      };
      return fit(asked->getInputs(), inputs) && fit(results, asked->getResults());
    });
  }

  /// The classes of which an object may be one of an interface: those that implement it and of which the archive or
  /// the program has objects.
  SmallVector<ObjectType> findClasses(InterfaceType interface) {
    if (made.empty())
      module.walk([&](CreateObjectOp object) { made.insert(object.getType()); });
    SmallVector<ObjectType> classes;
    auto declared = module.lookupSymbol<ClassOp>(interface.getClassSymbol());
    for (ObjectType type : made)
      if (auto cls = module.lookupSymbol<ClassOp>(type.getClassSymbol()); cls && declared && implements(cls, declared))
        classes.push_back(type);
    return classes;
  }

  /// A call of an object that only run time knows: a branch for each class, which calls its method.
  LogicalResult dispatch(CallMethodOp call, Value object) {
    SmallVector<ObjectType> candidates = findClasses(cast<InterfaceType>(object.getType()));
    if (candidates.empty())
      return success();
    OpBuilder builder(call);
    Location loc = call.getLoc();
    Value any = castTo(builder, loc, object, AnyType::get(builder.getContext()));
    scf::IfOp outermost;
    for (ObjectType type : candidates) {
      Value isIt = IsInstanceOp::create(builder, loc, builder.getI1Type(), any, builder.getTypeArrayAttr(Type(type)));
      beginBranch(builder, call, isIt, outermost, [&] { return castTo(builder, loc, any, type); });
    }
    RaiseOp::create(builder, loc, StrOp::create(builder, loc, "an object is of no class that implements its interface"),
                    NoneOp::create(builder, loc));
    return endBranches(builder, call, outermost);
  }

  /// Goes on in the branch in which `condition` does not hold; in the other one the method of an object is called.
  void beginBranch(OpBuilder &builder, CallMethodOp call, Value condition, scf::IfOp &outermost,
                   llvm::function_ref<Value()> makeObject) {
    Location loc = call.getLoc();
    auto branch = scf::IfOp::create(builder, loc, call.getResultTypes(), condition, true);
    if (outermost)
      scf::YieldOp::create(builder, loc, branch.getResults());
    else
      outermost = branch;
    builder.setInsertionPointToStart(branch.thenBlock());
    auto own = CallMethodOp::create(builder, loc, call.getResultTypes(), makeObject(), call.getNameAttr(),
                                    call.getArguments());
    scf::YieldOp::create(builder, loc, own.getResults());
    builder.setInsertionPointToStart(branch.elseBlock());
  }

  /// Ends the last branch, which raises, and replaces the call by all of them.
  LogicalResult endBranches(OpBuilder &builder, CallMethodOp call, scf::IfOp outermost) {
    SmallVector<Value> nothing;
    for (Type result : call.getResultTypes())
      nothing.push_back(UninitializedOp::create(builder, call.getLoc(), result));
    scf::YieldOp::create(builder, call.getLoc(), nothing);
    call->replaceAllUsesWith(outermost.getResults());
    call.erase();
    return process(outermost);
  }

  func::FuncOp lookupMethod(Type type, StringRef name) {
    auto object = dyn_cast<ObjectType>(type);
    auto cls = object ? module.lookupSymbol<ClassOp>(object.getClassSymbol()) : ClassOp();
    FlatSymbolRefAttr function = cls ? cls.lookupMethod(name) : FlatSymbolRefAttr();
    return function ? module.lookupSymbol<func::FuncOp>(function) : func::FuncOp();
  }

  LogicalResult inlineCall(Operation *call, func::FuncOp callee, ValueRange arguments) {
    if (!callee || callee.isExternal())
      return success();
    // A method may call itself of another object of the archive, of which there are only so many.
    Value object = image && !arguments.empty() ? image->resolve(arguments.front()) : Value();
    auto isSame = [&](std::pair<func::FuncOp, Value> outer) {
      return outer.first == callee && (!object || !outer.second || outer.second == object);
    };
    if (llvm::any_of(stack, isSame))
      return call->emitError() << "recursive call of '" << callee.getName() << "' cannot be compiled";
    OpBuilder builder(call);
    IRMapping mapping;
    for (auto [argument, value] : llvm::zip_equal(callee.getArguments(), arguments))
      mapping.map(argument, castTo(builder, call->getLoc(), value, argument.getType()));
    Operation *before = call->getPrevNode();
    for (Operation &op : callee.front().without_terminator())
      builder.clone(op, mapping)->walk([&](Operation *copy) {
        copy->setLoc(CallSiteLoc::get(copy->getLoc(), call->getLoc()));
      });
    Block::iterator begin = before ? std::next(Block::iterator(before)) : call->getBlock()->begin();
    // Users of the call see the copy's results before the walk replaces any of them.
    for (auto [result, value] : llvm::zip(call->getResults(), callee.front().getTerminator()->getOperands()))
      result.replaceAllUsesWith(castTo(builder, call->getLoc(), mapping.lookup(value), result.getType()));
    stack.emplace_back(callee, object);
    LogicalResult result = processRange(begin, Block::iterator(call));
    stack.pop_back();
    if (succeeded(result))
      call->erase();
    return result;
  }

  ModuleOp module;
  bool dispatches;
  /// Those that are not inlined in yet.
  SmallVector<func::FuncOp> exits;
  WrittenSlots written;
  std::optional<ObjectImage> image;
  /// The calls that are being inlined, with the objects whose methods they are, where these are of the archive.
  SmallVector<std::pair<func::FuncOp, Value>> stack;
  llvm::SetVector<ObjectType> made;
};
} // namespace

/// Whom `__exit__` of a class matters to.
enum class ExitEffect { Nobody, Object, Others };

/// Whether an operation only computes, reads or raises.
static bool changesNothing(Operation *op) {
  if (auto registry = dyn_cast<OperatorOp>(op))
    return hasNoMeaning(registry) || onlyComputes(registry);
  return op->getNumRegions() || op->hasTrait<OpTrait::IsTerminator>() || isa<RaiseOp, GetAttrOp>(op) ||
         isMemoryEffectFree(op);
}

static ExitEffect classifyExit(func::FuncOp exit) {
  ExitEffect effect = ExitEffect::Nobody;
  exit.walk([&](Operation *op) {
    if (changesNothing(op))
      return;
    auto set = dyn_cast<SetAttrOp>(op);
    bool isOwn = set && lookThroughCasts(set.getObject()) == exit.getArgument(0);
    effect = std::max(effect, isOwn ? ExitEffect::Object : ExitEffect::Others);
  });
  return effect;
}

/// Removes entries for what does nothing, and says which only change their object.
static void simplifyExits(ModuleOp module) {
  llvm::DenseMap<StringRef, ExitEffect> effects;
  for (auto func : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (auto cls = func->getAttrOfType<StringAttr>(kExitAttr)) {
      effects[cls.getValue()] = classifyExit(func);
      if (effects[cls.getValue()] == ExitEffect::Nobody)
        func.erase();
    }
  auto lookup = [&](Value object) {
    return effects.lookup(cast<ObjectType>(object.getType()).getClassSymbol().getValue());
  };
  module.walk([&](Operation *op) {
    if (!isa<PushEnteredOp, PopEnteredOp>(op))
      return;
    ExitEffect effect = lookup(op->getOperand(0));
    if (effect == ExitEffect::Nobody)
      op->erase();
    else if (auto push = dyn_cast<PushEnteredOp>(op))
      push.setLocal(effect == ExitEffect::Object);
  });
}

namespace {
struct TSInlineCallsPass : wick::ts::impl::TSInlineCallsPassBase<TSInlineCallsPass> {
  using TSInlineCallsPassBase::TSInlineCallsPassBase;

  void runOnOperation() override {
    Inliner inliner(getOperation(), dispatch);
    llvm::SetVector<func::FuncOp> orders;
    for (auto func : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      if (!func.isPublic() || func.isExternal())
        continue;
      if (failed(inliner.run(func)))
        return signalPassFailure();
      orders.insert_range(inliner.findOrders(func));
    }
    for (func::FuncOp order : orders)
      if (failed(inliner.run(order)))
        return signalPassFailure();
    // Nothing calls the originals any more, save calls that could not be resolved; of those of methods the object may
    // be known later.
    llvm::DenseSet<StringAttr> used;
    bool callsMethods = false;
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (func.isPublic())
        func.walk([&](Operation *op) {
          if (auto call = dyn_cast<func::CallOp>(op))
            used.insert(call.getCalleeAttr().getAttr());
          callsMethods |= isa<CallMethodOp>(op);
        });
    if (callsMethods)
      return;
    simplifyExits(getOperation());
    for (auto func : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (!func.isPublic() && !used.contains(func.getSymNameAttr()) && !orders.contains(func))
        func.erase();
  }
};
} // namespace
