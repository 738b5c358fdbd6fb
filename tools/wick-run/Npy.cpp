//===- Npy.cpp - NumPy's .npy format ----------------------------------------===//
#include "Npy.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

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

} // namespace

bool wick::tools::isNpy(Bytes bytes) { return bytes.size() >= 6 && !std::memcmp(bytes.data(), kMagic, 6); }

TensorPtr wick::tools::parseNpy(Bytes bytes, const std::string &where) {
  if (bytes.size() < 10 || !isNpy(bytes))
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
  size_t needed = byteCount(known->dtype, stored), found = bytes.size() - start - length;
  if (found < needed)
    fail(WICK_ERROR_ARGUMENT, where, ": ", needed, " bytes of elements expected, ", found, " found");
  TensorPtr tensor = newTensor(known->dtype, stored);
  wick_tensor *made = tensor.get();
  std::memcpy(made->data, bytes.data() + start + length, needed);
  if (!fortran)
    return tensor;
  // The elements are those of the transposed array; show them through strides.
  std::vector<int64_t> strides(made->strides, made->strides + made->rank);
  std::reverse(strides.begin(), strides.end());
  wick_tensor *view = nullptr;
  Check check;
  check(wick_tensor_borrow(
      made->data, known->dtype, sizes.size(), sizes.data(), strides.data(),
      [](void *base) { wick_tensor_release(static_cast<wick_tensor *>(base)); }, made, &view, &check));
  tensor.release(); // the view's
  return TensorPtr(view);
}

std::string wick::tools::formatNpy(const wick_tensor &tensor) {
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
  return out + elementsOf(tensor);
}
