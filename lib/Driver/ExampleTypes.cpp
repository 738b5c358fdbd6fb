//===- ExampleTypes.cpp - types from example inputs ------------------------------===//
//
// Only the headers of NumPy files are looked at; .npz is a zip of .npy. The types of
// a .pt are found by the Python package, which knows PyTorch.
//
//===----------------------------------------------------------------------===//
#include "wick/Driver/Explain.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

static StringRef getDtype(StringRef descr) {
  return StringSwitch<StringRef>(descr.drop_front(1))
      .Case("f4", "f32")
      .Case("f8", "f64")
      .Case("f2", "f16")
      .Case("i8", "i64")
      .Case("i4", "i32")
      .Case("i2", "i16")
      .Case("i1", "i8")
      .Case("u1", "u8")
      .Case("b1", "bool")
      .Default("");
}

/// The text after `'key':` in the header of a .npy.
static StringRef getField(StringRef header, StringRef key) {
  size_t at = header.find(("'" + key + "':").str());
  return at == StringRef::npos ? "" : header.drop_front(at + key.size() + 3).ltrim();
}

static FailureOr<std::string> getType(StringRef npy) {
  if (!npy.starts_with("\x93NUMPY") || npy.size() < 12)
    return failure();
  size_t start = npy[6] == 1 ? 10 : 12;
  size_t length = npy[6] == 1 ? support::endian::read16le(npy.data() + 8) : support::endian::read32le(npy.data() + 8);
  StringRef header = npy.substr(start, length);
  StringRef dtype = getDtype(getField(header, "descr").drop_front(1).split('\'').first);
  StringRef shape = getField(header, "shape");
  if (dtype.empty() || !shape.consume_front("("))
    return failure();
  std::string type;
  for (StringRef dims = shape.split(')').first; !dims.empty();) {
    auto [dim, rest] = dims.split(',');
    if (!dim.trim().empty())
      type += (dim.trim() + "x").str();
    dims = rest;
  }
  return type + dtype.str();
}

LogicalResult wick::readExampleTypes(StringRef path, std::vector<std::string> &inputs, std::string &error) {
  auto file = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file) {
    error = ("cannot read '" + path + "': " + file.getError().message()).str();
    return failure();
  }
  StringRef bytes = (*file)->getBuffer();
  auto add = [&](StringRef name, StringRef npy) {
    FailureOr<std::string> type = getType(npy);
    if (failed(type)) {
      error = ("'" + path + "' holds an array that is not understood").str();
      return failure();
    }
    bool isNumbered =
        name.empty() || name.starts_with("arr_") || name.find_first_not_of("0123456789") == StringRef::npos;
    inputs.push_back(isNumbered ? *type : (name + "=" + *type).str());
    return success();
  };
  if (bytes.starts_with("\x93NUMPY"))
    return add("", bytes);
  if (!bytes.starts_with("PK")) {
    error = ("'" + path + "' is neither .npy nor .npz").str();
    return failure();
  }
  // The central directory lists the arrays in order; NumPy stores them uncompressed unless asked not to.
  size_t end = bytes.rfind("PK\x05\x06");
  if (end == StringRef::npos || end + 22 > bytes.size()) {
    error = ("'" + path + "' is a damaged zip").str();
    return failure();
  }
  uint64_t at = support::endian::read32le(bytes.data() + end + 16);
  unsigned count = support::endian::read16le(bytes.data() + end + 10);
  for (unsigned i = 0; i < count; ++i) {
    if (at + 46 > bytes.size() || !bytes.substr(at).starts_with("PK\x01\x02")) {
      error = ("'" + path + "' is a damaged zip").str();
      return failure();
    }
    const char *entry = bytes.data() + at;
    unsigned nameSize = support::endian::read16le(entry + 28);
    StringRef name = bytes.substr(at + 46, nameSize);
    uint64_t local = support::endian::read32le(entry + 42);
    if (support::endian::read16le(entry + 10) != 0 || local + 30 > bytes.size() || !name.consume_back(".npy")) {
      error =
          ("'" + path + "' holds '" + name + "', expected uncompressed .npy entries as numpy.savez writes them").str();
      return failure();
    }
    uint64_t data = local + 30 + support::endian::read16le(bytes.data() + local + 26) +
                    support::endian::read16le(bytes.data() + local + 28);
    if (failed(add(name, bytes.drop_front(std::min<uint64_t>(data, bytes.size())))))
      return failure();
    at += 46 + nameSize + support::endian::read16le(entry + 30) + support::endian::read16le(entry + 32);
  }
  return success();
}
