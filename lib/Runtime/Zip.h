//===- Zip.h - the directory of a zip file -----------------------*- C++ -*-===//
//
// Reads the central directory. Nothing in the file is believed: offsets, sizes and
// counts are checked against the file's bounds and each other, local headers must
// agree with the directory, and entries must not overlap, so that the bytes of a
// stored entry can be used in place. Those of an artifact are all stored.
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
  Bytes bytes;           // as they stand in the file
  uint32_t crc = 0;
  uint64_t size = 0; // once inflated
  bool deflated = false;
};

/// Whose zip files: artifacts, or those of other programs, which may be compressed.
enum class ZipKind { Artifact, Other };

class ZipDirectory {
public:
  ZipDirectory() = default;
  /// Reads the directory of `file`, which must outlive it; throws Error.
  explicit ZipDirectory(Bytes file, ZipKind kind = ZipKind::Artifact);

  /// All entries by ascending offset.
  const std::vector<ZipEntry> &entries() const { return byOffset; }
  /// Null when there is none of that name.
  const ZipEntry *find(std::string_view name) const;

private:
  std::vector<ZipEntry> byOffset;
  std::vector<uint32_t> byName; // indices into byOffset
};

/// Throws Error unless the bytes of a stored entry of an artifact have its checksum.
void checkCrc(const ZipEntry &entry);

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_ZIP_H
