//===- ZipWriter.cpp - makes a zip file in memory ---------------------------===//
#include "ZipWriter.h"
#include "Crc32.h"

using namespace wick::runtime;

/// Appends little-endian fields.
static void put(std::string &out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i)
    out.push_back(char(value >> (8 * i)));
}

void ZipWriter::add(std::string_view name, std::string_view bytes, size_t alignment) {
  uint64_t header = out.size(), data = header + 30 + name.size();
  size_t padding = (alignment - data % alignment) % alignment;
  while (padding && padding < 4) // an extra field has a header
    padding += alignment;
  std::string common;
  put(common, 20, 2);     // version needed to read it
  put(common, 0x0800, 2); // names are UTF-8
  put(common, 0, 2);      // stored
  put(common, 0, 2);
  put(common, 0x21, 2); // 1980-01-01
  put(common, crc32({reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()}), 4);
  put(common, bytes.size(), 4);
  put(common, bytes.size(), 4);
  put(common, name.size(), 2);
  put(out, 0x04034b50, 4);
  out += common;
  put(out, padding, 2);
  out += name;
  if (padding) {
    put(out, 0x4157, 2); // an extra field that readers skip
    put(out, padding - 4, 2);
    out.append(padding - 4, 0);
  }
  out += bytes;
  put(directory, 0x02014b50, 4);
  put(directory, 20, 2);
  directory += common;
  directory.append(12, 0); // extra field, comment, disk, attributes
  put(directory, header, 4);
  directory += name;
  ++count;
}

bool ZipWriter::finish(std::string &file) {
  uint64_t start = out.size();
  if (start + directory.size() > 0xFFFFFFFE || count > 0xFFFE)
    return false;
  out += directory;
  put(out, 0x06054b50, 4);
  put(out, 0, 4); // disks
  put(out, count, 2);
  put(out, count, 2);
  put(out, directory.size(), 4);
  put(out, start, 4);
  put(out, 0, 2); // comment
  file = std::move(out);
  return true;
}
