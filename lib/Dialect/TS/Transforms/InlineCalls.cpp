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

#include "mlir/Dialect/Func/IR/FuncOps.h"
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
  explicit Inliner(ModuleOp module) : module(module), written(module) {
    if (ImageOp op = ObjectImage::find(module))
      image.emplace(op);
  }

  LogicalResult run(func::FuncOp entry) { return processBlocks(entry.getBody()); }

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
      func::FuncOp callee = lookupMethod(object.getType(), call.getName());
      if (!callee)
        return success();
      SmallVector<Value> arguments{object};
      llvm::append_range(arguments, call.getArguments());
      return inlineCall(op, callee, arguments);
    }
    if (auto enter = dyn_cast<EnterOp>(op)) {
      Value object = lookThroughCasts(enter.getObject());
      if (func::FuncOp callee = lookupMethod(object.getType(), "__enter__"))
        return inlineCall(op, callee, object);
    }
    if (auto exit = dyn_cast<ExitOp>(op)) {
      Value object = lookThroughCasts(exit.getObject());
      if (func::FuncOp callee = lookupMethod(object.getType(), "__exit__")) {
        OpBuilder builder(op);
        SmallVector<Value> arguments{object};
        Value none = NoneOp::create(builder, op->getLoc());
        for (unsigned i = 1; i < callee.getNumArguments(); ++i)
          arguments.push_back(none);
        return inlineCall(op, callee, arguments);
      }
    }
    return success();
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

  func::FuncOp lookupMethod(Type type, StringRef name) {
    auto object = dyn_cast<ObjectType>(type);
    auto cls = object ? module.lookupSymbol<ClassOp>(object.getClassSymbol()) : ClassOp();
    FlatSymbolRefAttr function = cls ? cls.lookupMethod(name) : FlatSymbolRefAttr();
    return function ? module.lookupSymbol<func::FuncOp>(function) : func::FuncOp();
  }

  LogicalResult inlineCall(Operation *call, func::FuncOp callee, ValueRange arguments) {
    if (!callee || callee.isExternal())
      return success();
    if (llvm::is_contained(stack, callee))
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
    stack.push_back(callee);
    LogicalResult result = processRange(begin, Block::iterator(call));
    stack.pop_back();
    if (succeeded(result))
      call->erase();
    return result;
  }

  ModuleOp module;
  WrittenSlots written;
  std::optional<ObjectImage> image;
  SmallVector<func::FuncOp> stack;
};
} // namespace

namespace {
struct TSInlineCallsPass : wick::ts::impl::TSInlineCallsPassBase<TSInlineCallsPass> {
  using TSInlineCallsPassBase::TSInlineCallsPassBase;

  void runOnOperation() override {
    Inliner inliner(getOperation());
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
    // Nothing calls the originals any more, save calls that could not be resolved.
    llvm::DenseSet<StringAttr> used;
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (func.isPublic())
        func.walk([&](func::CallOp call) { used.insert(call.getCalleeAttr().getAttr()); });
    for (auto func : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (!func.isPublic() && !used.contains(func.getSymNameAttr()) && !orders.contains(func))
        func.erase();
  }
};
} // namespace
