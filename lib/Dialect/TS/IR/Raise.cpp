//===- Raise.cpp - code that raises ------------------------------------------===//
#include "wick/Dialect/TS/IR/Raise.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace wick::ts;

void wick::ts::raise(OpBuilder &builder, Location loc, StringRef message, StringRef cls) {
  Value text = StrOp::create(builder, loc, builder.getStringAttr(message)), name;
  if (cls.empty())
    name = NoneOp::create(builder, loc);
  else
    name = StrOp::create(builder, loc, builder.getStringAttr(cls));
  RaiseOp::create(builder, loc, text, name);
}

void wick::ts::raiseIf(OpBuilder &builder, Location loc, Value condition, StringRef message, StringRef cls) {
  auto branch = scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  raise(builder, loc, message, cls);
}

void wick::ts::raise(OpBuilder &builder, Location loc, StringRef form, ArrayRef<Value> numbers) {
  SmallVector<Value> operands{StrOp::create(builder, loc, builder.getStringAttr(form))};
  for (Value number : numbers)
    operands.push_back(builder.createOrFold<arith::IndexCastOp>(loc, builder.getI64Type(), number));
  Value message =
      createOperator(builder, loc, "aten::format", {"self"}, StringType::get(builder.getContext()), operands);
  RaiseOp::create(builder, loc, message, NoneOp::create(builder, loc));
}

void wick::ts::raiseIf(OpBuilder &builder, Location loc, Value condition, StringRef form, ArrayRef<Value> numbers) {
  auto branch = scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  raise(builder, loc, form, numbers);
}

std::string wick::ts::getListForm(size_t count) {
  return "[" + llvm::join(SmallVector<StringRef>(count, "{}"), ", ") + "]";
}

bool wick::ts::endsInRaise(Block &block) { return !block.getOps<RaiseOp>().empty(); }
