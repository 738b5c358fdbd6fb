//===- wick-opt.cpp - runs any pass or phase of Wick on MLIR text -----------===//
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "wick/InitAllDialects.h"
#include "wick/InitAllPasses.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  wick::registerAllDialects(registry);
  mlir::registerAllPasses();
  wick::registerAllPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "Wick optimizer driver\n", registry));
}
