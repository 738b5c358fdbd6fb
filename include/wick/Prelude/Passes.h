//===- Passes.h - passes over the prelude -----------------------------------===//
#ifndef WICK_PRELUDE_PASSES_H
#define WICK_PRELUDE_PASSES_H

#include "mlir/Pass/Pass.h"

namespace wick::prelude {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "wick/Prelude/Passes.h.inc"

} // namespace wick::prelude

#endif // WICK_PRELUDE_PASSES_H
