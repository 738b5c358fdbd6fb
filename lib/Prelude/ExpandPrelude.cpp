//===- ExpandPrelude.cpp - --ts-expand-prelude --------------------------------===//
#include "wick/Prelude/Prelude.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Aten/IR/AtenPoolingOps.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/TS/IR/Raise.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"
#include "wick/Dialect/TS/IR/TSDialect.h"
#include "wick/Import/Import.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"

namespace wick::prelude {
#define GEN_PASS_DEF_TSEXPANDPRELUDEPASS
#include "wick/Prelude/Passes.h.inc"
} // namespace wick::prelude

using namespace mlir;
using namespace wick;

/// What ends the names of operators on lists of any type.
static constexpr llvm::StringLiteral kGenericOverload = ".any";

/// The operator that calls of a function of the prelude are, or nothing. What follows "$" tells it from a class.
static StringRef getCalledOperator(StringRef function) {
  return llvm::StringSwitch<StringRef>(function.split('$').first)
      .Case("_memory", ts::kMemoryOperator)
      .Case("_memory_offset", ts::kMemoryOffsetOperator)
      .Default("");
}

/// Whether an op of the core is one for most dtypes only, and a function of the prelude tells which.
static bool isCompleted(Operation *op) { return isa<aten::UpsampleBilinearOp>(op); }

namespace {

class Expander {
public:
  Expander(ModuleOp module, ModuleOp prelude) : module(module), prelude(prelude), symbols(module), functions(prelude) {}

  unsigned run() {
    for (auto func : module.getOps<func::FuncOp>())
      worklist.push_back(func);
    unsigned count = 0;
    // Functions of the prelude that are brought in may use others.
    while (!worklist.empty()) {
      SmallVector<Operation *> operators;
      worklist.pop_back_val().walk([&](Operation *op) {
        if (isa<ts::OperatorOp>(op) || isCompleted(op))
          operators.push_back(op);
      });
      for (Operation *op : operators) {
        auto unknown = dyn_cast<ts::OperatorOp>(op);
        count += unknown ? expandOperator(unknown) : completeCore(op);
      }
    }
    return count;
  }

private:
  bool expandOperator(ts::OperatorOp op) {
    auto function = functions.lookup<func::FuncOp>(prelude::getFunctionName(op.getSchema()));
    if (!function || function.isExternal() || !op.getBlocks().empty())
      return false;
    if (op.getSchema().ends_with(kGenericOverload)) {
      function = instantiate(op, function);
      if (!function)
        return refuseOrder(op);
    } else {
      function = import(function);
    }
    FunctionType type = function.getFunctionType();
    if (type.getNumInputs() != op.getArguments().size() || op->getNumResults() != numResults(type))
      return false;
    OpBuilder builder(op);
    SmallVector<Value> arguments;
    for (auto [argument, expected] : llvm::zip(op.getArguments(), type.getInputs()))
      arguments.push_back(coerce(builder, op.getLoc(), argument, expected));
    auto call = func::CallOp::create(builder, op.getLoc(), function, arguments);
    SmallVector<Value> results(call.getResults());
    // Several results are one tuple in TorchScript.
    if (op->getNumResults() > 1)
      results = llvm::to_vector_of<Value>(
          ts::TupleUnpackOp::create(builder, op.getLoc(), ts::getTupleElementTypes(type.getResult(0)), results[0])
              .getResults());
    for (auto [result, value] : llvm::zip(op->getResults(), results))
      result.replaceAllUsesWith(coerce(builder, op.getLoc(), value, result.getType()));
    op.erase();
    return true;
  }

  /// Calls the function of the prelude in which an op of the core stands among other cases.
  bool completeCore(Operation *op) {
    StringRef name = cast<aten::AtenDialect>(op->getDialect())->getOperators(op).front();
    auto function = functions.lookup<func::FuncOp>(prelude::getFunctionName(name));
    if (!function)
      return false;
    function = import(function);
    if (function == op->getParentOfType<func::FuncOp>())
      return false;
    OpBuilder builder(op);
    SmallVector<Value> arguments;
    for (auto [argument, expected] : llvm::zip_equal(op->getOperands(), function.getFunctionType().getInputs()))
      arguments.push_back(coerce(builder, op->getLoc(), argument, expected));
    Value result = func::CallOp::create(builder, op->getLoc(), function, arguments).getResult(0);
    op->getResult(0).replaceAllUsesWith(coerce(builder, op->getLoc(), result, op->getResult(0).getType()));
    op->erase();
    return true;
  }

  /// Sorting objects that nothing orders raises where there are any.
  bool refuseOrder(ts::OperatorOp op) {
    Value list = op.getArguments()[0];
    auto type = dyn_cast<ts::ListType>(list.getType());
    auto object = type ? dyn_cast<ts::ObjectType>(type.getElementType()) : ts::ObjectType();
    if (!object || op->getNumResults() > 1)
      return false;
    OpBuilder builder(op);
    auto call = [&](StringRef name, Type result) {
      ts::addSchema(module, name, {"a"});
      auto symbol = FlatSymbolRefAttr::get(builder.getContext(), name);
      return ts::OperatorOp::create(builder, op.getLoc(), result, symbol, ValueRange(list), 0)->getResult(0);
    };
    Value count = call("aten::len.t", builder.getI64Type());
    Value none = arith::ConstantOp::create(builder, op.getLoc(), builder.getI64IntegerAttr(0));
    Value isSome = arith::CmpIOp::create(builder, op.getLoc(), arith::CmpIPredicate::ne, count, none);
    std::string name = object.getClassSymbol().getValue().str();
    ts::raiseIf(builder, op.getLoc(), isSome,
                "To sort a list of " + name + " it must define a __lt__ method with two inputs of type " + name +
                    " that returns a bool");
    if (op->getNumResults() == 1)
      op->replaceAllUsesWith(ValueRange(call("aten::list.t", type)));
    op.erase();
    return true;
  }

  static size_t numResults(FunctionType type) {
    if (type.getNumResults() != 1)
      return 0;
    if (isa<ts::NoneType>(type.getResult(0)))
      return 0;
    auto tuple = dyn_cast<ts::TupleType>(type.getResult(0));
    return tuple ? tuple.getElementTypes().size() : 1;
  }

  static Value coerce(OpBuilder &builder, Location loc, Value value, Type type) {
    if (value.getType() == type)
      return value;
    if (isa<ts::TensorType>(value.getType()) && isa<ts::TensorType>(type))
      return ts::RefineOp::create(builder, loc, type, value);
    if (ts::isSubtype(value.getType(), type))
      return ts::UpcastOp::create(builder, loc, type, value);
    return ts::UncheckedCastOp::create(builder, loc, type, value);
  }

  /// A function over lists of any type for the objects in the list that an operator takes; null if nothing orders them.
  /// In the prelude strings stand for the objects, and `<` for their `__lt__`.
  func::FuncOp instantiate(ts::OperatorOp op, func::FuncOp function) {
    auto list = dyn_cast<ts::ListType>(op.getArguments()[0].getType());
    auto object = list ? dyn_cast<ts::ObjectType>(list.getElementType()) : ts::ObjectType();
    auto cls = object ? symbols.lookup<ts::ClassOp>(object.getClassSymbol().getValue()) : ts::ClassOp();
    FlatSymbolRefAttr precedes = cls ? cls.lookupMethod("__lt__") : FlatSymbolRefAttr();
    auto order = precedes ? symbols.lookup<func::FuncOp>(precedes.getValue()) : func::FuncOp();
    if (!order)
      return {};
    auto wanted = FunctionType::get(module.getContext(), {object, object}, IntegerType::get(module.getContext(), 1));
    return order.getFunctionType() == wanted ? import(function, object, precedes) : func::FuncOp();
  }

  /// The copy of a function of the prelude in the module; with objects in place of strings if it is for those, which
  /// the function `precedes` orders.
  func::FuncOp import(func::FuncOp function, ts::ObjectType object = {}, FlatSymbolRefAttr precedes = {}) {
    func::FuncOp &copy = copies[{function, object}];
    if (copy)
      return copy;
    copy = function.clone();
    func::FuncOp result = copy;
    result.setName(("prelude." + function.getName()).str());
    if (object) {
      result.setName((result.getName() + "." + object.getClassSymbol().getValue()).str());
      AttrTypeReplacer replacer;
      replacer.addReplacement([&](ts::StringType) -> Type { return object; });
      replacer.recursivelyReplaceElementsIn(result, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                            /*replaceTypes=*/true);
    }
    symbols.insert(result, module.getBody()->begin());
    result.walk([&](Operation *op) {
      auto comparison = dyn_cast<ts::OperatorOp>(op);
      if (object && comparison && comparison.getSchema() == "aten::lt.str") {
        OpBuilder builder(op);
        auto call = func::CallOp::create(builder, op->getLoc(), precedes, op->getResultTypes(), op->getOperands());
        op->replaceAllUsesWith(call);
        op->erase();
      } else if (auto call = dyn_cast<func::CallOp>(op); call && !getCalledOperator(call.getCallee()).empty()) {
        OpBuilder builder(op);
        Value result = ts::createOperator(builder, op->getLoc(), getCalledOperator(call.getCallee()), {"self"},
                                          call.getResult(0).getType(), call.getOperands());
        op->replaceAllUsesWith(ValueRange(result));
        op->erase();
      } else if (call) {
        if (auto callee = functions.lookup<func::FuncOp>(call.getCallee()))
          call.setCallee(import(callee, object, precedes).getName());
      } else if (auto use = dyn_cast<ts::OperatorOp>(op)) {
        if (!symbols.lookup(use.getSchema()))
          if (auto schema = functions.lookup<ts::SchemaOp>(use.getSchema()))
            symbols.insert(schema.clone(), module.getBody()->begin());
      }
    });
    worklist.push_back(result);
    return result;
  }

  ModuleOp module, prelude;
  SymbolTable symbols, functions;
  llvm::DenseMap<std::pair<Operation *, Type>, func::FuncOp> copies;
  SmallVector<func::FuncOp> worklist;
};

struct TSExpandPreludePass : prelude::impl::TSExpandPreludePassBase<TSExpandPreludePass> {
  using TSExpandPreludePassBase::TSExpandPreludePassBase;

  void runOnOperation() override {
    // Users' functions come first and so win.
    for (const std::string &file : files) {
      OwningOpRef<ModuleOp> functions = importFunctions(ArrayRef<std::string>(file), getContext());
      if (!functions)
        return signalPassFailure();
      prelude::expand(getOperation(), *functions);
    }
    if (!needsPrelude())
      return;
    OwningOpRef<ModuleOp> functions = prelude::load(getContext());
    if (!functions)
      return signalPassFailure();
    prelude::expand(getOperation(), *functions);
  }

  /// Most programs have no operator that is neither an op by now nor the runtime's, and reading the prelude takes
  /// milliseconds.
  bool needsPrelude() {
    return getOperation()
        .walk([](Operation *candidate) {
          auto op = dyn_cast<ts::OperatorOp>(candidate);
          if (!op)
            return isCompleted(candidate) ? WalkResult::interrupt() : WalkResult::advance();
          bool hasTensor = llvm::any_of(llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes()),
                                        llvm::IsaPred<ts::TensorType, ts::ListType>);
          return hasTensor || op->getNumResults() > 1 || !ts::isRuntimeOperation(op) ? WalkResult::interrupt()
                                                                                     : WalkResult::advance();
        })
        .wasInterrupted();
  }
};

} // namespace

unsigned prelude::expand(ModuleOp module, ModuleOp prelude) { return Expander(module, prelude).run(); }
