//===- DropDefinitions.cpp - --ts-drop-definitions --------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AttrTypeSubElements.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSDROPDEFINITIONSPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace {
struct TSDropDefinitionsPass : wick::ts::impl::TSDropDefinitionsPassBase<TSDropDefinitionsPass> {
  using TSDropDefinitionsPassBase::TSDropDefinitionsPassBase;

  void runOnOperation() override {
    // What public functions refer to, directly or through other definitions; types name
    // classes too.
    llvm::DenseSet<StringAttr> used;
    SmallVector<Operation *> worklist;
    AttrTypeWalker walker;
    walker.addWalk([&](FlatSymbolRefAttr symbol) {
      if (!used.insert(symbol.getAttr()).second)
        return;
      if (Operation *definition = getOperation().lookupSymbol(symbol.getAttr()))
        worklist.push_back(definition);
    });
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (func.isPublic())
        worklist.push_back(func);
    while (!worklist.empty())
      worklist.pop_back_val()->walk([&](Operation *op) {
        walker.walk(op->getAttrDictionary());
        // Inherent attributes live in properties.
        for (NamedAttribute attribute : op->getAttrs())
          walker.walk(attribute.getValue());
        for (Type type : llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes()))
          walker.walk(type);
      });
    for (Operation &op : llvm::make_early_inc_range(getOperation().getOps())) {
      bool isDefinition = isa<ClassOp, SchemaOp, ImageOp, plan::WeightOp>(op) ||
                          (isa<func::FuncOp>(op) && !cast<func::FuncOp>(op).isPublic());
      if (isDefinition && !used.contains(SymbolTable::getSymbolName(&op)))
        op.erase();
    }
  }
};
} // namespace
