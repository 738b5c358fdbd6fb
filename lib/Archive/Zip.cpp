//===- Zip.cpp - the directory of an archive ---------------------------------===//
#include "Zip.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

#include <zlib.h>

using namespace llvm;
using namespace wick::archive;
using support::endian::read16le;
using support::endian::read32le;
using support::endian::read64le;

static constexpr uint32_t kLocalMagic = 0x04034b50, kCentralMagic = 0x02014b50, kEndMagic = 0x06054b50,
                          kEnd64Magic = 0x06064b50, kLocator64Magic = 0x07064b50;
static constexpr uint64_t kLocalSize = 30, kCentralSize = 46, kEndSize = 22, kEnd64Size = 56, kLocator64Size = 20;

Error wick::archive::makeError(StringRef record, const Twine &message) {
  return createStringError(record.empty() ? message : Twine(record) + ": " + message);
}

Error wick::archive::makeError(StringRef record, uint64_t offset, const Twine &message) {
  return makeError(record, "offset " + Twine(offset) + ": " + message);
}

/// Whether `size` bytes at `offset` lie in the file.
static bool contains(StringRef file, uint64_t offset, uint64_t size) {
  return offset <= file.size() && size <= file.size() - offset;
}

namespace {
struct Directory {
  uint64_t count, offset, end;
};
} // namespace

static Expected<Directory> findDirectory(StringRef file) {
  if (file.size() < kEndSize)
    return makeError("", "not a zip file: " + Twine(file.size()) + " bytes");
  // The end record is last but for a comment.
  uint64_t last = file.size() - kEndSize, first = last > 0xFFFF ? last - 0xFFFF : 0, at = last;
  while (read32le(file.data() + at) != kEndMagic || read16le(file.data() + at + 20) != file.size() - at - kEndSize)
    if (at-- == first)
      return makeError("", "not a zip file, or truncated: no directory at its end");
  const char *end = file.data() + at;
  if (read16le(end + 4) || read16le(end + 6) || read16le(end + 8) != read16le(end + 10))
    return makeError("", at, "the zip file is one of several");
  uint64_t count = read16le(end + 10), size = read32le(end + 12), offset = read32le(end + 16);
  bool needs64 = count == 0xFFFF || size == 0xFFFFFFFF || offset == 0xFFFFFFFF;
  // LibTorch writes the zip64 records always.
  if (at >= kLocator64Size && read32le(end - kLocator64Size) == kLocator64Magic) {
    uint64_t at64 = read64le(end - kLocator64Size + 8);
    if (!contains(file, at64, kEnd64Size) || at64 + kEnd64Size > at || read32le(file.data() + at64) != kEnd64Magic)
      return makeError("", at - kLocator64Size, "the zip64 locator points at no zip64 end record");
    const char *end64 = file.data() + at64;
    if (read64le(end64 + 24) != read64le(end64 + 32))
      return makeError("", at64, "the zip file is one of several");
    count = read64le(end64 + 32), size = read64le(end64 + 40), offset = read64le(end64 + 48);
    at = at64;
  } else if (needs64) {
    return makeError("", at, "the zip64 locator is missing");
  }
  if (offset > at || size > at - offset)
    return makeError("", at, "the zip directory lies outside of the file");
  if (count > size / kCentralSize)
    return makeError("", at, "the zip directory cannot hold " + Twine(count) + " records");
  return Directory{count, offset, offset + size};
}

/// Takes 64-bit sizes from an extra field where the 32-bit ones say so.
static bool readZip64(StringRef extra, ArrayRef<uint64_t *> wanted) {
  while (extra.size() >= 4) {
    uint16_t id = read16le(extra.data()), size = read16le(extra.data() + 2);
    if (size > extra.size() - 4)
      return false;
    if (id == 1) {
      StringRef field = extra.substr(4, size);
      for (uint64_t *value : wanted) {
        if (*value != 0xFFFFFFFF)
          continue;
        if (field.size() < 8)
          return false;
        *value = read64le(field.data());
        field = field.drop_front(8);
      }
      return true;
    }
    extra = extra.drop_front(4 + size);
  }
  return llvm::none_of(wanted, [](uint64_t *value) { return *value == 0xFFFFFFFF; });
}

Error Zip::addRecord(StringRef file, uint64_t &at, uint64_t end) {
  if (end - at < kCentralSize || read32le(file.data() + at) != kCentralMagic)
    return makeError("", at, "the zip directory is damaged");
  const char *header = file.data() + at;
  uint64_t nameSize = read16le(header + 28), extraSize = read16le(header + 30), commentSize = read16le(header + 32);
  if (nameSize + extraSize + commentSize > end - at - kCentralSize)
    return makeError("", at, "an entry of the zip directory is cut off");
  Record record;
  record.name = file.substr(at + kCentralSize, nameSize);
  uint64_t stored = read32le(header + 20);
  record.size = read32le(header + 24);
  record.header = read32le(header + 42);
  record.crc = read32le(header + 16);
  if (!readZip64(file.substr(at + kCentralSize + nameSize, extraSize), {&record.size, &stored, &record.header}))
    return makeError(record.name, at, "a zip64 field is missing");
  uint16_t method = read16le(header + 10), flags = read16le(header + 8);
  if (method != 0 && method != 8)
    return makeError(record.name, at, "compression method " + Twine(method) + " is not understood");
  record.deflated = method == 8;
  if (!record.deflated && stored != record.size)
    return makeError(record.name, at, "stored record has two sizes, " + Twine(stored) + " and " + Twine(record.size));
  if (flags & 1)
    return makeError(record.name, at, "the record is encrypted");
  if (!contains(file, record.header, kLocalSize) || read32le(file.data() + record.header) != kLocalMagic)
    return makeError(record.name, record.header, "no record begins here");
  const char *local = file.data() + record.header;
  uint64_t begin = record.header + kLocalSize + read16le(local + 26) + read16le(local + 28);
  if (file.substr(record.header + kLocalSize, read16le(local + 26)) != record.name)
    return makeError(record.name, record.header, "the record's own header has another name");
  if (read16le(local + 8) != method)
    return makeError(record.name, record.header, "the record's own header has another compression method");
  if (!contains(file, begin, stored))
    return makeError(record.name, record.header, "the record lies outside of the file");
  record.stored = file.substr(begin, stored);
  at += kCentralSize + nameSize + extraSize + commentSize;
  all.push_back(record);
  return Error::success();
}

Error Zip::checkNames() const {
  for (const Record &record : all) {
    StringRef name = record.name;
    if (name.empty() || name.contains('\0') || name.contains('\\') || name.starts_with("/"))
      return makeError("", record.header, "the name of a record is not a relative path");
    SmallVector<StringRef> parts;
    name.split(parts, '/');
    if (llvm::is_contained(parts, ".."))
      return makeError(name, record.header, "the name leads out of the archive");
  }
  return Error::success();
}

Error Zip::checkOverlaps(StringRef file, uint64_t directory) const {
  SmallVector<const Record *> sorted;
  for (const Record &record : all)
    sorted.push_back(&record);
  llvm::sort(sorted, [](const Record *a, const Record *b) { return a->header < b->header; });
  for (auto [i, record] : llvm::enumerate(sorted)) {
    uint64_t end = record->stored.end() - file.begin();
    uint64_t limit = i + 1 < sorted.size() ? sorted[i + 1]->header : directory;
    if (end > limit)
      return makeError(record->name, record->header,
                       i + 1 < sorted.size() ? "the record overlaps '" + sorted[i + 1]->name + "'"
                                             : Twine("the record overlaps the zip directory"));
  }
  return Error::success();
}

Expected<Zip> Zip::read(StringRef file, const Limits &limits) {
  Expected<Directory> directory = findDirectory(file);
  if (!directory)
    return directory.takeError();
  if (directory->count > limits.records)
    return makeError("", Twine(directory->count) + " records are more than " + Twine(limits.records));
  Zip zip;
  zip.all.reserve(directory->count);
  uint64_t at = directory->offset;
  for (uint64_t i = 0; i < directory->count; ++i)
    if (Error error = zip.addRecord(file, at, directory->end))
      return std::move(error);
  if (Error error = zip.checkNames())
    return std::move(error);
  if (Error error = zip.checkOverlaps(file, directory->offset))
    return std::move(error);
  if (!zip.all.empty())
    zip.prefix = zip.all.front().name.find('/') == StringRef::npos ? 0 : zip.all.front().name.find('/') + 1;
  for (auto [i, record] : llvm::enumerate(zip.all))
    if (!zip.byName.try_emplace(record.name, i).second)
      return makeError(record.name, record.header, "two records have this name");
  return zip;
}

const Record *Zip::find(StringRef name) const {
  StringRef directory = all.empty() ? StringRef() : all.front().name.take_front(prefix);
  auto it = byName.find((directory + name).str());
  return it == byName.end() ? nullptr : &all[it->second];
}

Expected<StringRef> Zip::getBytes(const Record &record, std::string &buffer) const {
  if (!record.deflated)
    return record.stored;
  // Deflate cannot do better, so a larger claim is not worth the memory.
  constexpr uint64_t kMaxRatio = 1032;
  if (record.size / kMaxRatio > record.stored.size() + 1)
    return makeError(record.name, Twine(record.stored.size()) + " compressed bytes cannot be " + Twine(record.size));
  // One byte more than claimed shows whether there is more.
  buffer.resize(record.size + 1);
  z_stream stream = {};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    return makeError(record.name, "no memory to inflate the record");
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(record.stored.data()));
  stream.next_out = reinterpret_cast<Bytef *>(buffer.data());
  // zlib counts in 32 bits.
  uint64_t input = record.stored.size(), output = buffer.size();
  int status = Z_OK;
  while (status == Z_OK) {
    stream.avail_in = std::min<uint64_t>(input, UINT32_MAX);
    stream.avail_out = std::min<uint64_t>(output, UINT32_MAX);
    uint64_t hadInput = stream.avail_in, hadOutput = stream.avail_out;
    status = inflate(&stream, Z_NO_FLUSH);
    input -= hadInput - stream.avail_in;
    output -= hadOutput - stream.avail_out;
  }
  inflateEnd(&stream);
  uint64_t size = buffer.size() - output;
  if (size > record.size)
    return makeError(record.name, "the record inflates to more than the " + Twine(record.size) + " bytes it claims");
  if (status != Z_STREAM_END || size != record.size)
    return makeError(record.name, "the compressed record is damaged");
  return StringRef(buffer.data(), size);
}
