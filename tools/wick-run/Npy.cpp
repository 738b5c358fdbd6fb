//===- Npy.cpp - NumPy's .npy and .npz files --------------------------------===//
#include "Npy.h"
#include "Crc32.h"
#include "Error.h"
#include "Zip.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <unistd.h>

using namespace wick::runtime;
using namespace wick::tools;

namespace {

struct Descr {
  const char *text;
  int32_t dtype;
};
constexpr Descr kDescrs[] = {{"|u1", WICK_U8},  {"|i1", WICK_I8},    {"<i2", WICK_I16},  {"<i4", WICK_I32},
                             {"<i8", WICK_I64}, {"<f2", WICK_F16},   {"<f4", WICK_F32},  {"<f8", WICK_F64},
                             {"<c8", WICK_C64}, {"<c16", WICK_C128}, {"|b1", WICK_BOOL}, {"<V2", WICK_BF16}};

constexpr char kMagic[] = "\x93NUMPY";

/// The text after `key` in the header, a Python dict: "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".
std::optional<std::string_view> valueOf(std::string_view header, std::string_view key) {
  size_t at = header.find(concat("'", key, "'"));
  if (at == header.npos || (at = header.find(':', at)) == header.npos)
    return std::nullopt;
  at = header.find_first_not_of(' ', at + 1);
  return at == header.npos ? std::nullopt : std::optional(header.substr(at));
}

/// Reads "(2, 3)"; says whether it is one.
bool parseShape(std::string_view text, std::vector<int64_t> &sizes) {
  if (text.empty() || text[0] != '(')
    return false;
  for (size_t at = 1; at < text.size(); ++at) {
    char c = text[at];
    if (c == ')')
      return true;
    if (c == ' ' || c == ',' || c == 'L')
      continue;
    int64_t size = 0;
    if (c < '0' || c > '9')
      return false;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
      if (__builtin_mul_overflow(size, 10, &size) || __builtin_add_overflow(size, text[at] - '0', &size))
        return false;
    --at;
    sizes.push_back(size);
  }
  return false;
}

TensorPtr check(wick_tensor *tensor, wick_status status, wick_error *error, const std::string &where) {
  if (status == WICK_OK)
    return TensorPtr(tensor);
  std::string message = wick_error_message(error);
  wick_error_release(error);
  fail(status, where, ": ", message);
}

TensorPtr parseNpy(Bytes bytes, const std::string &where) {
  if (bytes.size() < 10 || std::memcmp(bytes.data(), kMagic, 6))
    fail(WICK_ERROR_ARGUMENT, where, ": not a .npy array");
  bool wide = bytes[6] >= 2;
  size_t start = wide ? 12 : 10, length = bytes[8] | bytes[9] << 8;
  if (wide && bytes.size() >= 12)
    length |= size_t(bytes[10]) << 16 | size_t(bytes[11]) << 24;
  if (bytes.size() < start || length > bytes.size() - start)
    fail(WICK_ERROR_ARGUMENT, where, ": the header is cut off");
  std::string_view header(reinterpret_cast<const char *>(bytes.data()) + start, length);
  auto descr = valueOf(header, "descr"), order = valueOf(header, "fortran_order"), shape = valueOf(header, "shape");
  std::vector<int64_t> sizes;
  if (!descr || !order || !shape || !parseShape(*shape, sizes))
    fail(WICK_ERROR_ARGUMENT, where, ": the header is not understood");
  std::string text(descr->substr(0, descr->find('\'', 1)));
  const Descr *known = std::find_if(std::begin(kDescrs), std::end(kDescrs),
                                    [&](const Descr &candidate) { return text.substr(1) == candidate.text; });
  if (known == std::end(kDescrs))
    fail(WICK_ERROR_ARGUMENT, where, ": arrays of ", text.substr(1), " are not supported");

  bool fortran = order->substr(0, 4) == "True";
  std::vector<int64_t> stored = sizes;
  if (fortran)
    std::reverse(stored.begin(), stored.end());
  wick_tensor *made = nullptr;
  wick_error *error = nullptr;
  wick_status status = wick_tensor_new(known->dtype, stored.size(), stored.data(), &made, &error);
  TensorPtr tensor = check(made, status, error, where);
  size_t needed = wick_tensor_count(made) * wick_dtype_size(known->dtype);
  if (bytes.size() - start - length < needed)
    fail(WICK_ERROR_ARGUMENT, where, ": ", needed, " bytes of elements expected, ", bytes.size() - start - length,
         " found");
  std::memcpy(made->data, bytes.data() + start + length, needed);
  if (!fortran)
    return tensor;
  // The elements are those of the transposed array; show them through strides.
  std::vector<int64_t> strides(made->strides, made->strides + made->rank);
  std::reverse(strides.begin(), strides.end());
  wick_tensor *view = nullptr;
  status = wick_tensor_borrow(
      made->data, known->dtype, sizes.size(), sizes.data(), strides.data(),
      [](void *base) { wick_tensor_release(static_cast<wick_tensor *>(base)); }, made, &view, &error);
  TensorPtr result = check(view, status, error, where);
  tensor.release(); // the view's
  return result;
}

/// Appends the elements in C order.
void appendElements(std::string &out, const wick_tensor &tensor, int32_t dim, const char *data, int64_t element) {
  if (dim == tensor.rank) {
    out.append(data, element);
    return;
  }
  for (int64_t i = 0; i < tensor.sizes[dim]; ++i)
    appendElements(out, tensor, dim + 1, data + i * tensor.strides[dim] * element, element);
}

std::string formatNpy(const wick_tensor &tensor) {
  const char *descr = "";
  for (const Descr &known : kDescrs)
    if (known.dtype == tensor.dtype)
      descr = known.text;
  std::string shape;
  for (int32_t i = 0; i < tensor.rank; ++i)
    shape += concat(i ? ", " : "", tensor.sizes[i], tensor.rank == 1 ? "," : "");
  std::string header = concat("{'descr': '", descr, "', 'fortran_order': False, 'shape': (", shape, "), }");
  header.append(63 - (10 + header.size()) % 64, ' '); // elements start at a multiple of 64
  header += '\n';
  std::string out(kMagic, 6);
  out += {1, 0, char(header.size() & 0xFF), char(header.size() >> 8)};
  out += header;
  appendElements(out, tensor, 0, static_cast<const char *>(tensor.data), wick_dtype_size(tensor.dtype));
  return out;
}

void put(std::string &out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i)
    out.push_back(char(value >> (8 * i)));
}

std::string formatNpz(const std::vector<std::pair<std::string, const wick_tensor *>> &arrays) {
  std::string out, directory;
  for (const auto &[array, tensor] : arrays) {
    std::string bytes = formatNpy(*tensor), name = array + ".npy", common;
    uint64_t header = out.size();
    if (header + bytes.size() > 0xFFFFFFFE)
      fail(WICK_ERROR_ARGUMENT, "the arrays are too large for one .npz; write .npy files");
    put(common, 20, 2);
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
    put(out, 0, 2);
    out += name + bytes;
    put(directory, 0x02014b50, 4);
    put(directory, 20, 2);
    directory += common;
    put(directory, 0, 12);
    put(directory, header, 4);
    directory += name;
  }
  uint64_t start = out.size();
  out += directory;
  put(out, 0x06054b50, 4);
  put(out, 0, 4);
  put(out, arrays.size(), 2);
  put(out, arrays.size(), 2);
  put(out, directory.size(), 4);
  put(out, start, 4);
  put(out, 0, 2);
  return out;
}

bool endsWith(std::string_view text, std::string_view ending) { return text.ends_with(ending); }

} // namespace

NamedTensors wick::tools::readArrays(const std::string &path) {
  Mapping file = Mapping::ofFile(path);
  NamedTensors arrays;
  if (file.size() < 4 || std::memcmp(file.data(), "PK\x03\x04", 4)) {
    arrays.emplace_back("", parseNpy(file.bytes(), path));
    return arrays;
  }
  ZipDirectory directory;
  try {
    directory = ZipDirectory(file.bytes());
  } catch (Error &error) {
    fail(WICK_ERROR_ARGUMENT, path, ": not an uncompressed .npz, as numpy.savez writes it (", error.message, ")");
  }
  for (const ZipEntry &entry : directory.entries()) {
    std::string name(entry.name), where = concat(path, ": ", name);
    if (crc32(entry.bytes) != entry.crc)
      fail(WICK_ERROR_ARGUMENT, where, ": the checksum is wrong");
    if (endsWith(name, ".npy"))
      name.resize(name.size() - 4);
    arrays.emplace_back(name, parseNpy(entry.bytes, where));
  }
  return arrays;
}

void wick::tools::writeArrays(const std::string &path,
                              const std::vector<std::pair<std::string, const wick_tensor *>> &arrays) {
  bool many = endsWith(path, ".npz");
  if (!many && arrays.size() != 1)
    fail(WICK_ERROR_ARGUMENT, "cannot write ", arrays.size(), " tensors to '", path, "'; an .npz takes several");
  std::string bytes = many ? formatNpz(arrays) : formatNpy(*arrays[0].second);
  std::string temporary = concat(path, ".", getpid(), ".tmp");
  FILE *file = std::fopen(temporary.c_str(), "wbe");
  bool written = file && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  int reason = errno;
  if (file && std::fclose(file) && written) {
    written = false;
    reason = errno;
  }
  if (written && std::rename(temporary.c_str(), path.c_str())) {
    written = false;
    reason = errno;
  }
  if (!written) {
    std::remove(temporary.c_str());
    fail(WICK_ERROR_ARGUMENT, "cannot write '", path, "': ", std::strerror(reason));
  }
}
