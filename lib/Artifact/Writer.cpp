//===- Writer.cpp - writes a model.wick artifact -----------------------------===//
#include "wick/Artifact/Writer.h"
#include "wick/Artifact/AtomicFile.h"
#include "wick/Artifact/Format.h"
#include "wick/Runtime/ABI.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace wick::artifact;
namespace endian = llvm::support::endian;

static uint32_t checksum(StringRef bytes) { return crc32(arrayRefFromStringRef(bytes)); }

//===----------------------------------------------------------------------===//
// Manifest
//===----------------------------------------------------------------------===//

StringRef wick::artifact::getDtypeName(mlir::Type type) {
  if (auto complex = dyn_cast<mlir::ComplexType>(type))
    return complex.getElementType().isF64() ? "c128" : "c64";
  if (type.isBF16())
    return "bf16";
  if (type.isF16())
    return "f16";
  if (type.isF32())
    return "f32";
  if (type.isF64())
    return "f64";
  if (type.isInteger(1))
    return "bool";
  if (type.isUnsignedInteger(8))
    return "u8";
  if (type.isInteger(8))
    return "i8";
  if (type.isInteger(16))
    return "i16";
  if (type.isInteger(32))
    return "i32";
  if (type.isInteger(64))
    return "i64";
  return "";
}

/// Attributes of `plan.signature` and `plan.sources` mirror JSON.
static json::Value toJSON(mlir::Attribute attribute) {
  if (auto dictionary = dyn_cast<mlir::DictionaryAttr>(attribute)) {
    json::Object object;
    for (mlir::NamedAttribute field : dictionary)
      object[field.getName().getValue()] = toJSON(field.getValue());
    return object;
  }
  if (auto array = dyn_cast<mlir::ArrayAttr>(attribute)) {
    json::Array values;
    for (mlir::Attribute element : array)
      values.push_back(toJSON(element));
    return values;
  }
  if (auto text = dyn_cast<mlir::StringAttr>(attribute))
    return json::isUTF8(text.getValue()) ? text.getValue().str() : json::fixUTF8(text.getValue());
  if (auto flag = dyn_cast<mlir::BoolAttr>(attribute))
    return flag.getValue();
  if (auto integer = dyn_cast<mlir::IntegerAttr>(attribute))
    return integer.getInt();
  if (auto number = dyn_cast<mlir::FloatAttr>(attribute)) {
    double value = number.getValueAsDouble();
    if (std::isnan(value))
      return "nan";
    if (std::isinf(value))
      return value > 0 ? "inf" : "-inf";
    return value;
  }
  return nullptr;
}

void Writer::addCode(std::string isa, ArrayRef<std::string> features, std::string bytes) {
  StringRef content = keep(std::move(bytes));
  std::string file = "code/" + isa + ".so";
  entries.push_back({file, content, checksum(content)});
  code.push_back(json::Object{
      {"file", file}, {"isa", isa}, {"features", json::Array(features)}, {"crc32", int64_t(entries.back().crc)}});
}

void Writer::addWeight(StringRef weight, mlir::RankedTensorType type, StringRef bytes) {
  std::string file = "weights/" + std::to_string(weights.size());
  entries.push_back({file, bytes, checksum(bytes)});
  weights.push_back(json::Object{{"file", file},
                                 {"bytes", int64_t(bytes.size())},
                                 {"crc32", int64_t(entries.back().crc)},
                                 {"name", json::fixUTF8(weight)},
                                 {"dtype", getDtypeName(type.getElementType())},
                                 {"sizes", json::Array(type.getShape())}});
}

StringRef Writer::keep(std::string bytes) { return kept.emplace_back(std::move(bytes)); }

void Writer::addMethod(mlir::DictionaryAttr signature) {
  json::Value method = toJSON(signature);
  (*method.getAsObject())["entry"] = entryCount++;
  methods.push_back(std::move(method));
}

void Writer::addClass(mlir::DictionaryAttr description) { classes.push_back(toJSON(description)); }

void Writer::addState(mlir::DictionaryAttr signature) {
  state = *toJSON(signature).getAsObject();
  (*state)["entry"] = entryCount++;
}

void Writer::addExit(StringRef cls) {
  auto found =
      llvm::find_if(classes, [&](const json::Value &known) { return known.getAsObject()->getString("name") == cls; });
  assert(found != classes.end() && "expected the class before its exit");
  (*found->getAsObject())["exit"] = entryCount++;
}

void Writer::setSources(mlir::ArrayAttr list) { sources = formatv("{0}", toJSON(list)).str(); }

//===----------------------------------------------------------------------===//
// Zip
//===----------------------------------------------------------------------===//

namespace {
/// Little-endian fields, appended.
struct Fields {
  std::string bytes;
  template <typename T> Fields &add(T value) {
    char buffer[sizeof(T)];
    endian::write(buffer, value, llvm::endianness::little);
    bytes.append(buffer, sizeof(T));
    return *this;
  }
};
} // namespace

static constexpr uint64_t kLimit32 = 0xffffffff;
/// Of the extra field that pads an entry's data to a page; the number that zipalign uses.
static constexpr uint16_t kPaddingId = 0xd935, kZip64Id = 1;
static constexpr uint16_t kVersion = 45;
static constexpr uint16_t kDosDate = (1980 - 1980) << 9 | 1 << 5 | 1;

Error Writer::write(raw_ostream &os) {
  json::Object manifest{{"format", kFormatVersion},
                        {"abi", WICK_ABI_VERSION},
                        {"producer", "wick " WICK_VERSION_TEXT},
                        {"name", json::fixUTF8(name)},
                        {"device", "cpu"},
                        {"code", json::Array(code)},
                        {"weights", json::Array(weights)},
                        {"methods", json::Array(methods)}};
  if (!classes.empty())
    manifest["classes"] = json::Array(classes);
  if (state)
    manifest["state"] = json::Object(*state);
  if (!fallback.empty())
    manifest["fallback"] = json::Array(fallback);
  std::string text = formatv("{0:2}", json::Value(std::move(manifest))).str();
  std::vector<Entry> all = {{kManifestName, text, checksum(text)}};
  append_range(all, entries);
  all.push_back({kSourcesName, sources, checksum(sources)});

  Fields directory;
  uint64_t base = os.tell();
  auto position = [&] { return os.tell() - base; };
  for (const Entry &entry : all) {
    uint64_t start = position(), size = entry.bytes.size();
    bool isLarge = size >= kLimit32 || start >= kLimit32;
    Fields zip64;
    if (isLarge)
      zip64.add(kZip64Id).add<uint16_t>(16).add<uint64_t>(size).add<uint64_t>(size);
    uint64_t header = 30 + entry.name.size() + zip64.bytes.size() + 4;
    uint64_t padding = alignTo(start + header, kPageSize) - (start + header);
    auto common = [&](Fields &fields, uint16_t extra) {
      uint32_t shown = isLarge ? kLimit32 : size;
      fields.add<uint16_t>(kVersion).add<uint16_t>(0x800).add<uint16_t>(0).add<uint16_t>(0).add(kDosDate);
      fields.add<uint32_t>(entry.crc).add(shown).add(shown).add<uint16_t>(entry.name.size()).add(extra);
    };
    Fields local;
    local.add<uint32_t>(0x04034b50);
    common(local, zip64.bytes.size() + 4 + padding);
    os << local.bytes << entry.name << zip64.bytes;
    Fields pad;
    pad.add(kPaddingId).add<uint16_t>(padding);
    os << pad.bytes;
    os.write_zeros(padding);
    os << entry.bytes;

    Fields extra;
    if (isLarge)
      extra.add(kZip64Id).add<uint16_t>(24).add<uint64_t>(size).add<uint64_t>(size).add<uint64_t>(start);
    directory.add<uint32_t>(0x02014b50).add<uint16_t>(kVersion);
    common(directory, extra.bytes.size());
    directory.add<uint16_t>(0).add<uint16_t>(0).add<uint16_t>(0).add<uint32_t>(0);
    directory.add<uint32_t>(isLarge ? kLimit32 : start);
    directory.bytes += entry.name + extra.bytes;
  }
  uint64_t start = position(), size = directory.bytes.size();
  os << directory.bytes;
  Fields end;
  if (start >= kLimit32 || all.size() >= 0xffff) {
    uint64_t record = position();
    end.add<uint32_t>(0x06064b50).add<uint64_t>(44).add<uint16_t>(kVersion).add<uint16_t>(kVersion);
    end.add<uint32_t>(0).add<uint32_t>(0).add<uint64_t>(all.size()).add<uint64_t>(all.size()).add(size).add(start);
    end.add<uint32_t>(0x07064b50).add<uint32_t>(0).add(record).add<uint32_t>(1);
  }
  uint16_t count = std::min<uint64_t>(all.size(), 0xffff);
  end.add<uint32_t>(0x06054b50).add<uint16_t>(0).add<uint16_t>(0).add(count).add(count);
  end.add<uint32_t>(std::min(size, kLimit32)).add<uint32_t>(std::min(start, kLimit32)).add<uint16_t>(0);
  os << end.bytes;
  return Error::success();
}

std::string Writer::writeToMemory() {
  std::string bytes;
  raw_string_ostream os(bytes);
  cantFail(write(os));
  return bytes;
}

Error Writer::writeToFile(StringRef path) {
  return writeAtomically(path, [&](raw_ostream &os) { cantFail(write(os)); });
}
