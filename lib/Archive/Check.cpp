//===- Check.cpp - the parts of an archive, one after the other ---------------===//
#include "Pickle.h"
#include "Zip.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace wick::archive;

static Error checkVersion(const Zip &zip, Summary &summary) {
  // Newer archives have both.
  const Record *record = zip.find(".data/version");
  if (!record)
    record = zip.find("version");
  if (!record)
    return makeError("", "the archive has no record 'version'");
  StringRef name = zip.shorten(record->name);
  std::string buffer;
  Expected<StringRef> text = zip.getBytes(*record, buffer);
  if (!text)
    return text.takeError();
  if (text->trim().getAsInteger(10, summary.version))
    return makeError(name, "not a number");
  if (summary.version < kMinVersion || summary.version > kMaxVersion)
    return makeError(name, "format " + Twine(summary.version) + ", expected " + Twine(kMinVersion) + " to " +
                               Twine(kMaxVersion));
  return Error::success();
}

static Error checkPickle(const Zip &zip, StringRef name, StringRef directory, const Limits &limits, Summary &summary) {
  const Record *record = zip.find(name);
  if (!record)
    return Error::success();
  std::string buffer;
  Expected<StringRef> bytes = zip.getBytes(*record, buffer);
  if (!bytes)
    return bytes.takeError();
  auto findStorage = [&](StringRef key) -> std::optional<uint64_t> {
    // Old archives keep the tensors of all pickles in one directory.
    for (const std::string &path : {(directory + "/" + key).str(), key.str()})
      if (const Record *storage = zip.find(path))
        return storage->size;
    return std::nullopt;
  };
  return PickleChecker(name, *bytes, limits, findStorage, summary).run();
}

/// The parser of LibTorch recurses on brackets.
static Error checkCode(StringRef name, StringRef text, const Limits &limits) {
  uint64_t depth = 0;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quote) {
      if (c == '\\')
        ++i;
      else if (c == quote || c == '\n')
        quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      if (++depth > limits.brackets)
        return makeError(name, i, "brackets nest deeper than " + Twine(limits.brackets));
    } else if ((c == ')' || c == ']' || c == '}') && depth) {
      --depth;
    }
  }
  return Error::success();
}

/// What is inflated, and the checksums of all.
static Error checkRecords(const Zip &zip, const Limits &limits, Summary &summary) {
  uint64_t inflated = 0;
  for (const Record &record : zip.records()) {
    StringRef name = zip.shorten(record.name);
    if (record.deflated) {
      inflated = SaturatingAdd(inflated, record.size);
      if (inflated > limits.inflatedBytes)
        return makeError(name, "compressed records inflate to more than " + Twine(limits.inflatedBytes) + " bytes");
    }
    bool isCode = name.starts_with("code/");
    summary.codeRecords += isCode && name.ends_with(".py");
    if (!limits.checksums && !isCode)
      continue;
    std::string buffer;
    Expected<StringRef> bytes = zip.getBytes(record, buffer);
    if (!bytes)
      return bytes.takeError();
    if (limits.checksums && crc32(arrayRefFromStringRef(*bytes)) != record.crc)
      return makeError(name, record.header, "the checksum is wrong");
    if (!isCode)
      continue;
    if (name.ends_with(".py")) {
      if (Error error = checkCode(name, *bytes, limits))
        return error;
    } else if (name.ends_with(".debug_pkl") && !bytes->empty()) {
      Summary ignored;
      auto noStorage = [](StringRef) { return std::nullopt; };
      if (Error error = PickleChecker(name, *bytes, limits, noStorage, ignored).run())
        return error;
    }
  }
  return Error::success();
}

Expected<Summary> wick::archive::checkArchiveBytes(StringRef bytes, const Limits &limits) {
  Expected<Zip> zip = Zip::read(bytes, limits);
  if (!zip)
    return zip.takeError();
  Summary summary;
  summary.fileBytes = bytes.size();
  summary.records = zip->records().size();
  if (Error error = checkVersion(*zip, summary))
    return std::move(error);
  if (Error error = checkRecords(*zip, limits, summary))
    return std::move(error);
  if (zip->find("model.json"))
    return makeError("model.json", "an archive in the first format of PyTorch, which LibTorch no longer reads: load it "
                                   "with PyTorch 1.x and save it again");
  if (!zip->find("data.pkl"))
    return makeError("", "the archive has no record 'data.pkl'");
  if (!zip->find("constants.pkl"))
    return makeError("", "no TorchScript archive: it has no record 'constants.pkl' (torch.save files hold no program)");
  for (StringRef pickle : {"data", "constants", "attributes"})
    if (Error error = checkPickle(*zip, (pickle + ".pkl").str(), pickle, limits, summary))
      return std::move(error);
  return summary;
}

Expected<Summary> wick::archive::checkArchive(StringRef path, const Limits &limits) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot be opened: " + buffer.getError().message());
  return checkArchiveBytes((*buffer)->getBuffer(), limits);
}
