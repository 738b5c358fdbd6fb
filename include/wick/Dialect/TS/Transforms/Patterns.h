//===- Patterns.h - rewrite patterns on TorchScript programs ---------------===//
#ifndef WICK_DIALECT_TS_TRANSFORMS_PATTERNS_H
#define WICK_DIALECT_TS_TRANSFORMS_PATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace wick::ts {

/// Everything `ts-simplify-program` does: scalar operators become arith and math,
/// containers of known structure are resolved, questions whose answer the types hold
/// are answered, and decided branches disappear.
void populateSimplifyPatterns(mlir::RewritePatternSet &patterns);

} // namespace wick::ts

#endif // WICK_DIALECT_TS_TRANSFORMS_PATTERNS_H
