//===- UseFallback.cpp - --ts-use-fallback ------------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "OperatorRules.h"
#include "References.h"
#include "TypeInference.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSUSEFALLBACKPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Replaces an operator by a call of LibTorch, unless it is none on tensors, or on whatever it is given, or has values
/// that the call cannot take.
static bool useFallback(OperatorOp op, SchemaOp schema) {
  auto types = llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes());
  if (!schema || !op.getBlocks().empty() || isRuntimeOperation(op) ||
      (llvm::none_of(types, holdsTensor) && !schema.getText().contains("(t ")) ||
      !llvm::all_of(op->getResultTypes(), hasRuntimeValues))
    return false;
  // LibTorch is given views as copies, whose strides are others.
  if (asksForMemory(getBaseName(op)) || reachesOtherMemory(op))
    return false;
  // Of what is written the operator is given copies, and a copy can be told to show other memory, or to have another
  // shape, in vain.
  if (getBaseName(op) == "aten::set_" || changesShape(op))
    return false;
  ArrayRef<int64_t> writes = schema.getWrites();
  if (!llvm::all_of(writes, [&](int64_t i) { return isa<ts::TensorType>(op.getArguments()[i].getType()); }))
    return false;
  // Operators of the interpreter's own take any number of arguments.
  if (schema.getArgumentNames().size() != op.getArguments().size())
    return false;
  OpBuilder builder(op);
  SmallVector<Value> arguments;
  SmallVector<Attribute> names, operators{builder.getStringAttr(op.getSchema())};
  if (auto writing = op->getAttrOfType<StringAttr>(kWritingFormAttr))
    operators.push_back(writing);
  for (auto [i, value] : llvm::enumerate(op.getArguments())) {
    arguments.push_back(FallbackOp::getArgument(builder, value));
    if (!arguments.back())
      return false;
    StringRef name = cast<StringAttr>(schema.getArgumentNames()[i]).getValue();
    names.push_back(builder.getStringAttr(name + (llvm::is_contained(writes, i) ? "!" : "")));
  }
  // What only writes returns what it wrote.
  bool returnsWritten = llvm::all_of(writes, [&](int64_t i) { return llvm::is_contained(schema.getAliases(), i); });
  bool hasOwnResults = op->getNumResults() != 0 && !(returnsWritten && op->getNumResults() == writes.size());
  SmallVector<Type> results;
  if (hasOwnResults)
    llvm::append_range(results, op->getResultTypes());
  results.append(writes.size(), ts::TensorType::get(op.getContext()));
  // Of what is written the operator is given copies.
  SmallVector<int64_t> aliases;
  llvm::copy_if(schema.getAliases(), std::back_inserter(aliases),
                [&](int64_t i) { return !llvm::is_contained(writes, i); });
  auto call = FallbackOp::create(builder, op.getLoc(), results, builder.getArrayAttr(operators),
                                 builder.getArrayAttr(names), aliases, arguments);
  ValueRange written = call.getResults().take_back(writes.size());
  for (auto [i, contents] : llvm::zip(writes, written))
    WriteOp::create(builder, op.getLoc(), op.getArguments()[i], contents, /*strict=*/false);
  if (hasOwnResults)
    op->replaceAllUsesWith(call.getResults().drop_back(writes.size()));
  else
    for (auto [i, result] : llvm::zip(writes, op->getResults()))
      result.replaceAllUsesWith(op.getArguments()[i]);
  op.erase();
  return true;
}

namespace {
struct TSUseFallbackPass : wick::ts::impl::TSUseFallbackPassBase<TSUseFallbackPass> {
  using TSUseFallbackPassBase::TSUseFallbackPassBase;

  void runOnOperation() override {
    SmallVector<OperatorOp> operators;
    for (auto func : getOperation().getOps<func::FuncOp>())
      func.walk([&](OperatorOp op) {
        if (final || !hasOperatorRule(getBaseName(op)))
          operators.push_back(op);
      });
    bool changed = false;
    for (OperatorOp op : operators)
      changed |= useFallback(op, getOperation().lookupSymbol<SchemaOp>(op.getSchemaAttr()));
    if (!final || (!changed && !hasUnknown()))
      return;
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (!func.isPublic() || func.isExternal())
        continue;
      TypeInference inference(&getContext(), nullptr, {.lateErrors = true, .leavesUnknown = true});
      if (failed(inference.inferBlock(func.getBody().front())))
        return signalPassFailure();
      updateFunctionType(func);
    }
  }

  /// Whether there are tensors whose dtype or rank is not known, lists of tensors that an operator returns, or sizes
  /// that may be of any dim.
  bool hasUnknown() {
    return getOperation()
        .walk([](Operation *op) {
          bool isUnknown = llvm::any_of(op->getResultTypes(), [&](Type type) {
            auto tensor = dyn_cast<ts::TensorType>(type);
            if (auto size = dyn_cast<SizeOp>(op))
              return !aten::StaticFacts().getConstantInt(size.getDim()).has_value();
            return tensor ? !tensor.isTyped() : isa<ListType>(type) && isa<aten::TypeInferenceInterface>(op);
          });
          return isUnknown ? WalkResult::interrupt() : WalkResult::advance();
        })
        .wasInterrupted();
  }
};
} // namespace
