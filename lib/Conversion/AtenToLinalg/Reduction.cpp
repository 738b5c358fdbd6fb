//===- Reduction.cpp ---===//
#include "Patterns.h"
#include "Utils.h"
#include "wick/Dialect/Aten/IR/AtenReductionOps.h"

using namespace mlir;
using namespace wick;

void wick::populateReductionPatterns(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {}
