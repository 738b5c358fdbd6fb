//===- AtomicFile.h - files that appear when they are complete -------------===//
#ifndef WICK_ARTIFACT_ATOMICFILE_H
#define WICK_ARTIFACT_ATOMICFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace wick {

/// Writes to a temporary file beside `path` and renames it, so that a failure leaves what was there. Devices and
/// pipes are written to directly, "-" is standard output. The error names the path.
llvm::Error writeAtomically(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> print);

} // namespace wick

#endif // WICK_ARTIFACT_ATOMICFILE_H
