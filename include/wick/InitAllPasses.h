//===- InitAllPasses.h - registration of all passes of Wick ----------------===//
#ifndef WICK_INITALLPASSES_H
#define WICK_INITALLPASSES_H

#include "wick/Target/CPU/Passes.h"

namespace wick {

/// Registers every pass and pipeline of Wick with the global registry.
inline void registerAllPasses() {
  cpu::registerCPUPasses();
}

} // namespace wick

#endif // WICK_INITALLPASSES_H
