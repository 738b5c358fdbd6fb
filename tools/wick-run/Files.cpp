//===- Files.cpp - values in .npy, .npz and .pt files -----------------------===//
#include "Files.h"
#include "Crc32.h"
#include "Npy.h"
#include "RunTool.h"
#include "Torch.h"
#include "ZipWriter.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

using namespace wick::runtime;
using namespace wick::tools;

//===--- reading --------------------------------------------------------------===//

static Bytes inflateEntry(const ZipEntry &entry, std::string &buffer, const std::string &where) {
  // Deflate cannot do better, so a larger claim is not worth the memory; nor are files of inputs as large as this.
  constexpr uint64_t kMaxRatio = 1032, kMaxBytes = uint64_t(1) << 36;
  if (entry.size / kMaxRatio > entry.bytes.size() + 1 || entry.size > kMaxBytes)
    fail(WICK_ERROR_ARGUMENT, where, ": ", entry.bytes.size(), " compressed bytes cannot be ", entry.size);
  buffer.resize(entry.size + 1); // shows whether there is more than is claimed
  z_stream stream = {};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    throw std::bad_alloc();
  stream.next_in = const_cast<Bytef *>(entry.bytes.data());
  stream.next_out = reinterpret_cast<Bytef *>(buffer.data());
  uint64_t input = entry.bytes.size(), output = buffer.size(); // zlib counts in 32 bits
  int status = Z_OK;
  while (status == Z_OK) {
    uint64_t in = stream.avail_in = std::min<uint64_t>(input, UINT32_MAX);
    uint64_t out = stream.avail_out = std::min<uint64_t>(output, UINT32_MAX);
    status = inflate(&stream, Z_NO_FLUSH);
    input -= in - stream.avail_in;
    output -= out - stream.avail_out;
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END || buffer.size() - output != entry.size)
    fail(WICK_ERROR_ARGUMENT, where, ": the compressed bytes are damaged");
  buffer.resize(entry.size);
  return {reinterpret_cast<const uint8_t *>(buffer.data()), buffer.size()};
}

static Bytes readEntry(const ZipEntry &entry, std::string &buffer, const std::string &path) {
  std::string where = concat(path, ": ", entry.name);
  Bytes bytes = entry.deflated ? inflateEntry(entry, buffer, where) : entry.bytes;
  if (crc32(bytes) != entry.crc)
    fail(WICK_ERROR_ARGUMENT, where, ": the checksum is wrong");
  return bytes;
}

bool wick::tools::isValueFile(std::string_view path) {
  return path.ends_with(".npy") || path.ends_with(".npz") || path.ends_with(".pt");
}

/// The arguments in what torch.save wrote.
static std::vector<NamedValue> spread(Value value) {
  std::vector<NamedValue> values;
  int32_t tag = value.value.tag;
  auto isText = [](const wick_value &key) { return key.tag == WICK_STRING_VALUE; };
  auto *sequence = static_cast<wick_sequence *>(value.value.u.p);
  bool dict = tag == WICK_DICT_VALUE;
  for (int64_t i = 0; dict && i < wick_sequence_count(sequence); i += 2)
    dict = isText(wick_sequence_items(sequence)[i]);
  if (tag != WICK_TUPLE_VALUE && tag != WICK_LIST_VALUE && !dict) {
    values.push_back({"", std::move(value)});
    return values;
  }
  wick_value *items = wick_sequence_items(sequence);
  for (int64_t i = 0, n = wick_sequence_count(sequence); i < n; i += dict ? 2 : 1) {
    size_t bytes = 0;
    const char *key = dict ? wick_string_data(static_cast<wick_string *>(items[i].u.p), &bytes) : "";
    values.push_back({std::string(key, bytes), Value(std::exchange(items[dict ? i + 1 : i], {}))});
  }
  return values;
}

std::vector<NamedValue> wick::tools::readValues(const std::string &path) {
  Mapping file = Mapping::ofFile(path);
  std::vector<NamedValue> values;
  if (isNpy(file.bytes())) {
    values.push_back({"", Value(parseNpy(file.bytes(), path))});
    return values;
  }
  if (file.size() < 4 || std::memcmp(file.data(), "PK\x03\x04", 4))
    fail(WICK_ERROR_ARGUMENT, path, ": neither an .npy, an .npz nor a .pt of torch.save");
  ZipDirectory zip;
  try {
    zip = ZipDirectory(file.bytes(), ZipKind::Other);
  } catch (Error &error) {
    fail(WICK_ERROR_ARGUMENT, path, ": ", error.message);
  }
  auto read = [&](const ZipEntry &entry, std::string &buffer) { return readEntry(entry, buffer, path); };
  if (isTorch(zip))
    return spread(readTorch(zip, read, path));
  for (const ZipEntry &entry : zip.entries()) {
    std::string name(entry.name), buffer;
    TensorPtr array = parseNpy(read(entry, buffer), concat(path, ": ", name));
    if (name.ends_with(".npy"))
      name.resize(name.size() - 4);
    values.push_back({name, Value(std::move(array))});
  }
  return values;
}

bool wick::tools::readExampleTypes(const std::string &path, std::vector<std::string> &inputs,
                                   std::string &error) noexcept {
  try {
    size_t before = inputs.size();
    auto add = [&](const std::string &name, const wick_tensor &tensor) {
      // Names that NumPy gives to arrays without one are numbers too.
      std::string_view rest = std::string_view(name).substr(name.starts_with("arr_") ? 4 : 0);
      std::string type = rest.find_first_not_of("0123456789") == rest.npos ? "" : name + "=";
      for (int32_t i = 0; i < tensor.rank; ++i)
        type += concat(tensor.sizes[i], "x");
      inputs.push_back(type + wick_dtype_name(tensor.dtype));
    };
    for (const NamedValue &named : readValues(path))
      forEachTensor(named.value.value, named.name,
                    [&](const std::string &, const wick_tensor &tensor) { add(named.name, tensor); });
    if (inputs.size() > before)
      return true;
    error = concat("'", path, "' holds no tensor");
  } catch (const Error &failure) {
    error = failure.message;
  } catch (const std::exception &failure) {
    error = concat("'", path, "' cannot be read: ", failure.what());
  }
  return false;
}

//===--- writing --------------------------------------------------------------===//

void wick::tools::writeValue(const std::string &path, const wick_value &value) {
  std::string bytes;
  if (path.ends_with(".pt")) {
    bytes = formatTorch(value);
  } else {
    std::vector<std::pair<std::string, const wick_tensor *>> arrays;
    forEachTensor(value, "", [&](const std::string &name, const wick_tensor &tensor) {
      arrays.emplace_back(name.empty() ? "0" : name, &tensor);
    });
    if (path.ends_with(".npz")) {
      ZipWriter zip;
      for (const auto &[name, tensor] : arrays)
        zip.add(name + ".npy", formatNpy(*tensor));
      if (!zip.finish(bytes))
        fail(WICK_ERROR_ARGUMENT, "the arrays are too large for one .npz; write .npy files");
    } else if (arrays.size() == 1) {
      bytes = formatNpy(*arrays[0].second);
    } else {
      fail(WICK_ERROR_ARGUMENT, "cannot write ", arrays.size(), " tensors to '", path,
           "'; an .npz or .pt takes several");
    }
  }
  // Devices and pipes are written to directly.
  struct stat status;
  bool direct = !stat(path.c_str(), &status) && !S_ISREG(status.st_mode);
  std::string temporary = direct ? path : concat(path, ".", getpid(), ".tmp");
  FILE *file = std::fopen(temporary.c_str(), "wbe");
  bool written = file && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  int reason = errno;
  if (file && std::fclose(file) && written) {
    written = false;
    reason = errno;
  }
  if (written && !direct && std::rename(temporary.c_str(), path.c_str())) {
    written = false;
    reason = errno;
  }
  if (!written) {
    if (!direct)
      std::remove(temporary.c_str());
    fail(WICK_ERROR_ARGUMENT, "cannot write '", path, "': ", std::strerror(reason));
  }
}
