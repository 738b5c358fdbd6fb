//===- Standalone.cpp - a dialect and a pass outside of Wick, as a plug-in ---===//
//
//   wick-opt --load-dialect-plugin=StandalonePlugin.so --load-pass-plugin=StandalonePlugin.so
//            --pass-pipeline='builtin.module(func.func(standalone-count))'
//
// The pass sees Wick's dialects by their own types: plug-in and tool share one libWickCompiler.so and one libMLIR.so.
//
//===----------------------------------------------------------------------===//
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"

#include "StandaloneDialect.h.inc"
#define GET_OP_CLASSES
#include "StandaloneOps.h.inc"

#include "StandaloneDialect.cpp.inc"
#define GET_OP_CLASSES
#include "StandaloneOps.cpp.inc"

void standalone::StandaloneDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "StandaloneOps.cpp.inc"
      >();
}

namespace {

struct CountPass : mlir::PassWrapper<CountPass, mlir::OperationPass<mlir::func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CountPass)

  llvm::StringRef getArgument() const override { return "standalone-count"; }
  llvm::StringRef getDescription() const override { return "Count the tensor operators of each function"; }
  void getDependentDialects(mlir::DialectRegistry &registry) const override {
    registry.insert<standalone::StandaloneDialect>();
  }

  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    int64_t count = 0;
    function.walk(
        [&](mlir::Operation *op) { count += llvm::isa_and_present<wick::aten::AtenDialect>(op->getDialect()); });
    mlir::OpBuilder builder = mlir::OpBuilder::atBlockBegin(&function.front());
    standalone::CountOp::create(builder, function.getLoc(), "aten", count);
  }
};

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "Standalone", "0.1", [] { mlir::PassRegistration<CountPass>(); }};
}

extern "C" LLVM_ATTRIBUTE_WEAK mlir::DialectPluginLibraryInfo mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "Standalone", "0.1",
          [](mlir::DialectRegistry *registry) { registry->insert<standalone::StandaloneDialect>(); }};
}
