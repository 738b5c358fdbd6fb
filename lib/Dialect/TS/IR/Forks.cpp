//===- Forks.cpp - which fork an operation comes from ------------------------===//
#include "wick/Dialect/TS/IR/Forks.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;

Location ts::addFork(Location loc, int64_t number) {
  Attribute fork = IntegerAttr::get(IntegerType::get(loc.getContext(), 64), number);
  return FusedLoc::get(loc.getContext(), loc, fork);
}

/// Appends the forks of a location, the innermost first.
static void collectForks(Location loc, SmallVectorImpl<int64_t> &forks) {
  if (auto call = dyn_cast<CallSiteLoc>(loc)) {
    collectForks(call.getCallee(), forks);
    collectForks(call.getCaller(), forks);
  } else if (auto named = dyn_cast<NameLoc>(loc)) {
    collectForks(named.getChildLoc(), forks);
  } else if (auto fused = dyn_cast<FusedLoc>(loc)) {
    if (auto fork = dyn_cast_or_null<IntegerAttr>(fused.getMetadata()))
      forks.push_back(fork.getInt());
    collectForks(fused.getLocations().front(), forks);
  }
}

SmallVector<int64_t> ts::getForks(Location loc) {
  SmallVector<int64_t> forks;
  collectForks(loc, forks);
  std::reverse(forks.begin(), forks.end());
  return forks;
}
