//===- ZipWriter.h - makes a zip file in memory ------------------*- C++ -*-===//
//
// Entries are stored. For tools and tests, whose files are small: without zip64,
// so that all together stay below 4 GiB.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_ZIPWRITER_H
#define WICK_LIB_RUNTIME_ZIPWRITER_H

#include <cstdint>
#include <string>
#include <string_view>

namespace wick::runtime {

class ZipWriter {
public:
  /// Appends an entry whose bytes begin at a multiple of `alignment` in the file.
  void add(std::string_view name, std::string_view bytes, size_t alignment = 1);
  /// The file; false once it would be too large.
  bool finish(std::string &file);

private:
  std::string out, directory;
  uint64_t count = 0;
};

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_ZIPWRITER_H
