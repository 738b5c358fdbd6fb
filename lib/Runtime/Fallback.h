//===- Fallback.h - the plug-in for operators without native code -*- C++ -*-===//
#ifndef WICK_LIB_RUNTIME_FALLBACK_H
#define WICK_LIB_RUNTIME_FALLBACK_H

#include "wick/Runtime/Fallback.h"

#include <string>
#include <vector>

namespace wick::runtime {

/// The plug-in's function, loaded by the first call; throws Error, which says why the plug-in cannot be loaded and
/// names the operators that need it.
wick_fallback_call_fn loadFallback(const std::vector<std::string> &operators);

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_FALLBACK_H
