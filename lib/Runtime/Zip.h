//===- Zip.h - the directory of an artifact ----------------------*- C++ -*-===//
//
// Reads the central directory of a zip whose entries are all stored. Nothing in
// the file is believed: offsets, sizes and counts are checked against the file's
// bounds and each other, local headers must agree with the directory, and
// entries must not overlap, so that an entry's bytes can be used in place.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_ZIP_H
#define WICK_LIB_RUNTIME_ZIP_H

#include "Mapping.h"

#include <string_view>
#include <vector>

namespace wick::runtime {

struct ZipEntry {
  std::string_view name; // in the file
  uint64_t header = 0;   // offset of the local header
  uint64_t offset = 0;   // offset of the bytes
  Bytes bytes;
  uint32_t crc = 0;
};

class ZipDirectory {
public:
  ZipDirectory() = default;
  /// Reads the directory of `file`, which must outlive it; throws Error.
  explicit ZipDirectory(Bytes file);

  /// All entries by ascending offset.
  const std::vector<ZipEntry> &entries() const { return byOffset; }
  /// Null when there is none of that name.
  const ZipEntry *find(std::string_view name) const;

private:
  std::vector<ZipEntry> byOffset;
  std::vector<uint32_t> byName; // indices into byOffset
};

/// Throws Error unless the entry's bytes have its checksum.
void checkCrc(const ZipEntry &entry);

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_ZIP_H
