//===- WrittenTensors.cpp - which tensors of the archive code may change -----===//
#include "ObjectImage.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

bool wick::ts::updatesStatistics(Operation *op) {
  StringRef name = op->getName().getStringRef();
  BoolAttr training;
  if ((name != "aten.batch_norm" && name != "aten.instance_norm") ||
      isa<ts::NoneType>(lookThroughCasts(op->getOperand(3)).getType()))
    return false;
  return !matchPattern(op->getOperand(5), m_Constant(&training)) || training.getValue();
}

/// What a use makes of a tensor: whether it writes, and which values may be the same memory.
static bool followUse(OpOperand &use, SmallVectorImpl<Value> &same) {
  Operation *op = use.getOwner();
  unsigned index = use.getOperandNumber();
  if (isa<WriteOp>(op))
    return index == 0;
  if (updatesStatistics(op))
    return index == 3 || index == 4;
  if (auto registry = dyn_cast<OperatorOp>(op)) {
    auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, registry.getSchemaAttr());
    if (!schema || llvm::is_contained(schema.getWrites(), index))
      return schema != nullptr;
    if (llvm::is_contained(schema.getAliases(), index))
      llvm::append_range(same, op->getResults());
    return false;
  }
  static constexpr StringLiteral names[] = {"aten.to", "aten.alias", "aten.contiguous", "aten.detach", "aten.dropout"};
  bool isView = isa<aten::ViewInterface>(op) || llvm::is_contained(names, op->getName().getStringRef());
  if (isView && index == 0)
    llvm::append_range(same, op->getResults());
  if (isa<UpcastOp, UncheckedCastOp, RefineOp, TupleConstructOp, TupleUnpackOp, TupleIndexOp, ListConstructOp,
          ListUnpackOp, DictConstructOp>(op))
    llvm::append_range(same, op->getResults());
  Operation *parent = op->getParentOp();
  if (isa<scf::YieldOp>(op) && isa<scf::IfOp>(parent))
    same.push_back(parent->getResult(index));
  // The condition comes first among what a loop yields, and trip count and condition before what it starts with.
  if (auto loop = dyn_cast<LoopOp>(parent); loop && isa<YieldOp>(op) && index > 0) {
    same.push_back(loop.getResult(index - 1));
    same.push_back(loop.getBody().getArgument(index));
  }
  if (auto loop = dyn_cast<LoopOp>(op); loop && index > 1) {
    same.push_back(loop.getResult(index - 2));
    same.push_back(loop.getBody().getArgument(index - 1));
  }
  return false;
}

bool wick::ts::mayBeWritten(Value tensor) {
  llvm::DenseSet<Value> seen;
  SmallVector<Value> worklist{tensor};
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    for (OpOperand &use : value.getUses())
      if (followUse(use, worklist))
        return true;
  }
  return false;
}
