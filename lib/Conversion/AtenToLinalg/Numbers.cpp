//===- Numbers.cpp - from tensors to numbers and back
//-----------------------===//
#include "Patterns.h"
#include "Utils.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

using namespace mlir;
using namespace wick;

void wick::populateNumberPatterns(const TypeConverter &converter,
                                  RewritePatternSet &patterns) {}
