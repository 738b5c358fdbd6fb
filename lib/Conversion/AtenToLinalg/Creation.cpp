//===- Creation.cpp ---===//
#include "Patterns.h"
#include "Utils.h"
#include "wick/Dialect/Aten/IR/AtenCreationOps.h"

using namespace mlir;
using namespace wick;

void wick::populateCreationPatterns(const TypeConverter &converter,
                                    RewritePatternSet &patterns) {}
