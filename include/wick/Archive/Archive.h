//===- Archive.h - checks an archive before anything believes it -----------===//
//
// LibTorch trusts the archives that it loads: a storage that claims more elements
// than its record holds is read out of bounds, deep nesting overflows the stack,
// checksums are not compared. `checkArchive` reads the zip directory, the pickles
// and the sizes of the code with limits, executing nothing and in one pass, so that
// whatever it accepts is at least consistent. What a program in the archive may do
// when it is loaded is the reader process's concern.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_ARCHIVE_ARCHIVE_H
#define WICK_ARCHIVE_ARCHIVE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>

namespace wick::archive {

/// Formats that LibTorch 2.13 reads.
inline constexpr unsigned kMinVersion = 1, kMaxVersion = 10;

struct Limits {
  uint64_t records = 1 << 20;
  /// Total size of all compressed records once they are inflated.
  uint64_t inflatedBytes = uint64_t(1) << 30;
  /// Nesting of containers in a pickle.
  unsigned depth = 2000;
  /// Nesting of brackets in source code.
  unsigned brackets = 1000;
  /// Values that a pickle's tuples, which have no identity, may stand for.
  uint64_t expandedValues = uint64_t(1) << 26;
  /// Whether checksums are compared, which reads every byte of the file.
  bool checksums = true;
};

/// What was seen on the way.
struct Summary {
  unsigned version = 0;
  uint64_t fileBytes = 0, records = 0, codeRecords = 0, tensors = 0, tensorBytes = 0;
};

/// Checks the file at `path`. The error says where: "data.pkl: offset 12: …".
llvm::Expected<Summary> checkArchive(llvm::StringRef path, const Limits &limits = {});
/// Checks the bytes of a file.
llvm::Expected<Summary> checkArchiveBytes(llvm::StringRef bytes, const Limits &limits = {});

} // namespace wick::archive

#endif // WICK_ARCHIVE_ARCHIVE_H
