//===- Zip.cpp - the directory of a zip file --------------------------------===//
#include "Zip.h"
#include "Crc32.h"
#include "Error.h"

#include <algorithm>
#include <cstring>
#include <numeric>

using namespace wick::runtime;

namespace {

constexpr uint32_t kLocalMagic = 0x04034b50, kCentralMagic = 0x02014b50, kEndMagic = 0x06054b50,
                   kEnd64Magic = 0x06064b50, kLocator64Magic = 0x07064b50;
constexpr size_t kLocalSize = 30, kCentralSize = 46, kEndSize = 22, kEnd64Size = 56, kLocator64Size = 20;
constexpr uint64_t kMaxEntries = 1 << 20;
constexpr uint16_t kStored = 0, kDeflated = 8;

/// Little-endian fields of a range of the file.
class Fields {
public:
  explicit Fields(Bytes bytes) : bytes(bytes) {}
  template <typename T> T get(size_t at) const {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof(T));
    return value;
  }
  uint16_t u16(size_t at) const { return get<uint16_t>(at); }
  uint32_t u32(size_t at) const { return get<uint32_t>(at); }
  uint64_t u64(size_t at) const { return get<uint64_t>(at); }

private:
  Bytes bytes;
};

/// Where the central directory lies.
struct End {
  uint64_t count, size, offset;
  uint64_t limit; // offset of the record after the directory
};

class Reader {
public:
  Reader(Bytes file, ZipKind kind) : file(file), kind(kind) {}

  End readEnd() const;
  /// Reads the central header at `at`, advances past it and locates the entry's bytes.
  ZipEntry readEntry(const End &end, uint64_t &at) const;
  [[noreturn]] void damaged(std::string_view what) const {
    fail(WICK_ERROR_ARTIFACT, kind == ZipKind::Artifact ? "damaged artifact: " : "damaged zip file: ", what);
  }

private:
  Fields fields(uint64_t offset, uint64_t size, std::string_view what) const {
    if (offset > file.size() || size > file.size() - offset)
      damaged(concat(what, " lies outside of the file"));
    return Fields(file.subspan(offset, size));
  }
  void readZip64(const Fields &extra, size_t size, uint64_t *(&wanted)[3]) const;

  Bytes file;
  ZipKind kind;
};

End Reader::readEnd() const {
  std::string_view noZip = kind == ZipKind::Artifact ? "not a wick artifact" : "not a zip file";
  if (file.size() < kEndSize)
    fail(WICK_ERROR_ARTIFACT, noZip, ": too short for a zip file");
  // The end record is last but for a comment of up to 65,535 bytes.
  uint64_t last = file.size() - kEndSize, first = last > 0xFFFF ? last - 0xFFFF : 0, at = last;
  while (true) {
    Fields end = fields(at, kEndSize, "the end record");
    if (end.u32(0) == kEndMagic && end.u16(20) == file.size() - at - kEndSize)
      break;
    if (at-- == first)
      fail(WICK_ERROR_ARTIFACT, noZip, ", or truncated: no zip directory at the end");
  }
  Fields end = fields(at, kEndSize, "the end record");
  if (end.u16(4) || end.u16(6) || end.u16(8) != end.u16(10))
    damaged("the zip file is split into several");
  End result{end.u16(10), end.u32(12), end.u32(16), at};
  bool needs64 = result.count == 0xFFFF || result.size == 0xFFFFFFFF || result.offset == 0xFFFFFFFF;
  // Some writers add the records of zip64 whether they are needed or not.
  if (at >= kLocator64Size && fields(at - kLocator64Size, 4, "the zip64 locator").u32(0) == kLocator64Magic) {
    uint64_t offset = fields(at - kLocator64Size, kLocator64Size, "the zip64 locator").u64(8);
    Fields end64 = fields(offset, kEnd64Size, "the zip64 end record");
    if (end64.u32(0) != kEnd64Magic || end64.u64(24) != end64.u64(32))
      damaged("the zip64 end record is wrong");
    result = {end64.u64(32), end64.u64(40), end64.u64(48), offset};
  } else if (needs64) {
    damaged("the zip64 locator is missing");
  }
  if (result.offset > result.limit || result.size != result.limit - result.offset)
    damaged("the size of the zip directory is wrong");
  if (result.count > kMaxEntries || result.count * kCentralSize > result.size)
    damaged(concat("the zip directory cannot hold ", result.count, " entries"));
  return result;
}

/// Sizes and offset of a central header, from its zip64 extra field where they need one.
void Reader::readZip64(const Fields &extra, size_t size, uint64_t *(&wanted)[3]) const {
  for (size_t at = 0; at + 4 <= size;) {
    uint16_t id = extra.u16(at), bytes = extra.u16(at + 2);
    at += 4;
    if (bytes > size - at)
      damaged("an extra field is too long");
    if (id == 1) {
      size_t end = at + bytes;
      for (uint64_t *field : wanted) {
        if (!field)
          continue;
        if (at + 8 > end)
          damaged("a zip64 field is missing");
        *field = extra.u64(at);
        at += 8;
      }
      return;
    }
    at += bytes;
  }
  if (wanted[0] || wanted[1] || wanted[2])
    damaged("a zip64 field is missing");
}

ZipEntry Reader::readEntry(const End &end, uint64_t &at) const {
  Fields header = fields(at, kCentralSize, "a directory entry");
  if (header.u32(0) != kCentralMagic)
    damaged("a directory entry has no signature");
  uint16_t nameSize = header.u16(28), extraSize = header.u16(30), commentSize = header.u16(32);
  uint64_t total = kCentralSize + nameSize + extraSize + commentSize;
  if (total > end.limit - at)
    damaged("a directory entry is cut off");
  ZipEntry entry;
  entry.name = {reinterpret_cast<const char *>(file.data() + at + kCentralSize), nameSize};
  if (entry.name.empty() || entry.name.find('\0') != entry.name.npos)
    damaged("an entry has no proper name");
  uint64_t stored = header.u32(20);
  entry.size = header.u32(24);
  entry.header = header.u32(42);
  entry.crc = header.u32(16);
  uint64_t *wanted[3] = {entry.size == 0xFFFFFFFF ? &entry.size : nullptr, stored == 0xFFFFFFFF ? &stored : nullptr,
                         entry.header == 0xFFFFFFFF ? &entry.header : nullptr};
  readZip64(fields(at + kCentralSize + nameSize, extraSize, "an extra field"), extraSize, wanted);
  at += total;

  auto wrong = [&](std::string_view what) { damaged(concat("entry '", entry.name, "' ", what)); };
  uint16_t method = header.u16(10), flags = header.u16(8);
  entry.deflated = method == kDeflated;
  if (kind == ZipKind::Artifact && (method != kStored || stored != entry.size))
    wrong("is compressed; entries of an artifact are stored");
  if ((method != kStored && !entry.deflated) || (method == kStored && stored != entry.size))
    wrong("has a compression or size that is not understood");
  // UTF-8 names; other programs also say how hard they compressed and that sizes are repeated after the bytes.
  if (flags & ~(kind == ZipKind::Artifact ? 0x0800 : 0x080E))
    wrong("has flags that are not understood");
  Fields local = fields(entry.header, kLocalSize, concat("the header of '", entry.name, "'"));
  uint64_t localName = local.u16(26), localExtra = local.u16(28);
  entry.offset = entry.header + kLocalSize + localName + localExtra;
  if (local.u32(0) != kLocalMagic || local.u16(8) != method || local.u16(6) != flags || localName != nameSize)
    wrong("has a header that disagrees with the directory");
  if (entry.offset > end.offset || stored > end.offset - entry.offset)
    wrong("lies outside of the file");
  if (std::memcmp(file.data() + entry.header + kLocalSize, entry.name.data(), nameSize))
    wrong("has a header of another name");
  entry.bytes = file.subspan(entry.offset, stored);
  return entry;
}

} // namespace

ZipDirectory::ZipDirectory(Bytes file, ZipKind kind) {
  Reader reader(file, kind);
  End end = reader.readEnd();
  uint64_t at = end.offset;
  byOffset.reserve(end.count);
  for (uint64_t i = 0; i < end.count; ++i)
    byOffset.push_back(reader.readEntry(end, at));
  if (at != end.limit)
    reader.damaged("bytes are left over in the zip directory");

  std::sort(byOffset.begin(), byOffset.end(), [](auto &a, auto &b) { return a.header < b.header; });
  uint64_t used = 0;
  for (const ZipEntry &entry : byOffset) {
    if (entry.header < used)
      reader.damaged(concat("entry '", entry.name, "' overlaps another"));
    used = entry.offset + entry.bytes.size();
  }
  byName.resize(byOffset.size());
  std::iota(byName.begin(), byName.end(), 0);
  std::sort(byName.begin(), byName.end(), [&](auto a, auto b) { return byOffset[a].name < byOffset[b].name; });
  for (size_t i = 1; i < byName.size(); ++i)
    if (byOffset[byName[i - 1]].name == byOffset[byName[i]].name)
      reader.damaged(concat("two entries are named '", byOffset[byName[i]].name, "'"));
}

const ZipEntry *ZipDirectory::find(std::string_view name) const {
  auto found = std::lower_bound(byName.begin(), byName.end(), name,
                                [&](uint32_t index, std::string_view key) { return byOffset[index].name < key; });
  return found != byName.end() && byOffset[*found].name == name ? &byOffset[*found] : nullptr;
}

void wick::runtime::checkCrc(const ZipEntry &entry) {
  if (crc32(entry.bytes) != entry.crc)
    fail(WICK_ERROR_ARTIFACT, "damaged artifact: the checksum of '", entry.name, "' is wrong");
}
