//===- Zip.h - the directory of an archive -----------------------*- C++ -*-===//
//
// Reads the central directory of a zip file, zip64 or not. Offsets, sizes and
// counts are checked against the file and each other; names are unique and stay
// inside of the archive; records do not overlap.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_ARCHIVE_ZIP_H
#define WICK_LIB_ARCHIVE_ZIP_H

#include "wick/Archive/Archive.h"

#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace wick::archive {

struct Record {
  llvm::StringRef name; // with the top directory
  uint64_t header = 0;  // offset of the local header
  llvm::StringRef stored;
  uint64_t size = 0;
  uint32_t crc = 0;
  bool deflated = false;
};

/// An error in the archive: "record: offset N: message"; the parts that are known.
llvm::Error makeError(llvm::StringRef record, const llvm::Twine &message);
llvm::Error makeError(llvm::StringRef record, uint64_t offset, const llvm::Twine &message);

class Zip {
public:
  static llvm::Expected<Zip> read(llvm::StringRef file, const Limits &limits);

  const std::vector<Record> &records() const { return all; }
  /// A record by its name below the top directory, or null.
  const Record *find(llvm::StringRef name) const;
  /// The name below the top directory.
  llvm::StringRef shorten(llvm::StringRef name) const { return name.drop_front(std::min(prefix, name.size())); }
  /// The bytes of a record: the file's, or inflated into `buffer`.
  llvm::Expected<llvm::StringRef> getBytes(const Record &record, std::string &buffer) const;

private:
  llvm::Error addRecord(llvm::StringRef file, uint64_t &at, uint64_t end);
  llvm::Error checkNames() const;
  llvm::Error checkOverlaps(llvm::StringRef file, uint64_t directory) const;

  std::vector<Record> all;
  llvm::StringMap<size_t> byName;
  size_t prefix = 0;
};

} // namespace wick::archive

#endif // WICK_LIB_ARCHIVE_ZIP_H
