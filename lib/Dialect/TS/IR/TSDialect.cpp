//===- TSDialect.cpp - registration of the ts dialect -----------------------===//
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace wick::ts;

#include "wick/Dialect/TS/IR/TSDialect.cpp.inc"

namespace {
struct TSInlinerInterface : public DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final { return true; }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final { return true; }
};
} // namespace

void TSDialect::initialize() {
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "wick/Dialect/TS/IR/TSOps.cpp.inc"
      >();
  addInterfaces<TSInlinerInterface>();
}

Operation *TSDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location loc) {
  if (isa<wick::ts::NoneType>(type))
    return NoneOp::create(builder, loc);
  if (auto string = dyn_cast<StringAttr>(value); string && isa<StringType>(type))
    return StrOp::create(builder, loc, string);
  return arith::ConstantOp::materialize(builder, value, type, loc);
}
