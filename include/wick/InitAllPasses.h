//===- InitAllPasses.h - registration of all passes of Wick ----------------===//
#ifndef WICK_INITALLPASSES_H
#define WICK_INITALLPASSES_H

#include "wick/Conversion/Passes.h"
#include "wick/Dialect/Aten/Transforms/Passes.h"
#include "wick/Dialect/Plan/Transforms/Passes.h"
#include "wick/Dialect/TS/Transforms/Passes.h"
#include "wick/Prelude/Passes.h"
#include "wick/Target/CPU/Passes.h"

namespace wick {

/// Registers every pass of Wick with the global registry.
inline void registerAllPasses() {
  registerConversionPasses();
  aten::registerAtenTransformsPasses();
  ts::registerTSTransformsPasses();
  plan::registerPlanTransformsPasses();
  prelude::registerPreludePasses();
  cpu::registerCPUPasses();
}

} // namespace wick

#endif // WICK_INITALLPASSES_H
