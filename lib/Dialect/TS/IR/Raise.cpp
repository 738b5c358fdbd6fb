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

void wick::ts::raise(OpBuilder &builder, Location loc, StringRef form, ArrayRef<Value> values) {
  SmallVector<Value> operands{StrOp::create(builder, loc, builder.getStringAttr(form))};
  for (Value value : values)
    operands.push_back(
        value.getType().isIndex() ? builder.createOrFold<arith::IndexCastOp>(loc, builder.getI64Type(), value) : value);
  Value message =
      createOperator(builder, loc, "aten::format", {"self"}, StringType::get(builder.getContext()), operands);
  RaiseOp::create(builder, loc, message, NoneOp::create(builder, loc));
}

void wick::ts::raiseIf(OpBuilder &builder, Location loc, Value condition, StringRef form, ArrayRef<Value> values) {
  auto branch = scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  raise(builder, loc, form, values);
}

std::string wick::ts::getListForm(size_t count) {
  return "[" + llvm::join(SmallVector<StringRef>(count, "{}"), ", ") + "]";
}

SmallVector<Value> wick::ts::chooseOrRaise(OpBuilder &builder, Location loc, TypeRange types, unsigned count,
                                           function_ref<Value(unsigned)> isCase,
                                           function_ref<SmallVector<Value>(unsigned)> build,
                                           function_ref<void()> raiseOther) {
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Value> chosen;
  for (unsigned i = 0; i < count; ++i) {
    auto branch = scf::IfOp::create(builder, loc, types, isCase(i), /*addThenBlock=*/true, /*addElseBlock=*/true);
    if (i == 0)
      llvm::append_range(chosen, branch.getResults());
    else
      scf::YieldOp::create(builder, loc, branch.getResults());
    builder.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(builder, loc, build(i));
    builder.setInsertionPointToStart(branch.elseBlock());
  }
  raiseOther();
  SmallVector<Value> none =
      llvm::map_to_vector(types, [&](Type type) -> Value { return UninitializedOp::create(builder, loc, type); });
  scf::YieldOp::create(builder, loc, none);
  return chosen;
}

bool wick::ts::endsInRaise(Block &block) { return !block.getOps<RaiseOp>().empty(); }
