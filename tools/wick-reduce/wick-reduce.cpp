//===- wick-reduce.cpp - shrinks MLIR text while a test script still finds it interesting ---===//
//
//   wick-reduce big.mlir --reduction-tree='traversal-mode=0 test=./crashes.sh'
//
//===----------------------------------------------------------------------===//
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "wick/InitAllDialects.h"
#include "wick/InitAllPasses.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  wick::registerAllDialects(registry);
  mlir::registerAllPasses();
  wick::registerAllPasses();
  mlir::MLIRContext context(registry);
  return mlir::failed(mlir::mlirReduceMain(argc, argv, context));
}
