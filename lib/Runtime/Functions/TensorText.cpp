//===- TensorText.cpp - tensors as text ---------------------------------------===//
//
// Tensors print as ATen's `operator<<` does: elements as doubles, in columns whose width and
// precision follow from the magnitudes of a matrix's elements, and the type below.
//
//===----------------------------------------------------------------------===//
#include "Functions.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

using namespace wick::runtime;

//===--- elements -------------------------------------------------------------===//

template <typename T> static T read(const void *at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

static double readHalf(const void *at) {
  uint16_t bits = read<uint16_t>(at);
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double magnitude = exponent == 31  ? (fraction ? NAN : INFINITY)
                     : exponent == 0 ? std::ldexp(fraction, -24)
                                     : std::ldexp(1024 + fraction, exponent - 25);
  return std::copysign(magnitude, bits >> 15 ? -1.0 : 1.0);
}

static double readBrainFloat(const void *at) {
  uint32_t bits = uint32_t(read<uint16_t>(at)) << 16;
  return read<float>(&bits);
}

wick_value wick::runtime::readElement(int32_t dtype, const void *at) {
  switch (dtype) {
  case WICK_F64: return makeFloat(read<double>(at));
  case WICK_F32: return makeFloat(read<float>(at));
  case WICK_F16: return makeFloat(readHalf(at));
  case WICK_BF16: return makeFloat(readBrainFloat(at));
  case WICK_C64: return makeFloat(read<float>(at)); // the real part
  case WICK_C128: return makeFloat(read<double>(at));
  case WICK_I64: return makeInt(read<int64_t>(at));
  case WICK_I32: return makeInt(read<int32_t>(at));
  case WICK_I16: return makeInt(read<int16_t>(at));
  case WICK_I8: return makeInt(read<int8_t>(at));
  case WICK_U8: return makeInt(read<uint8_t>(at));
  case WICK_BOOL: return makeBool(read<uint8_t>(at) != 0);
  }
  fail(WICK_ERROR_UNSUPPORTED, "reading elements of dtype ", dtypeName(dtype), " is not supported");
}

std::string_view wick::runtime::scalarTypeName(int32_t dtype) {
  switch (dtype) {
  case WICK_F64: return "Double";
  case WICK_F32: return "Float";
  case WICK_F16: return "Half";
  case WICK_BF16: return "BFloat16";
  case WICK_C64: return "ComplexFloat";
  case WICK_C128: return "ComplexDouble";
  case WICK_I64: return "Long";
  case WICK_I32: return "Int";
  case WICK_I16: return "Short";
  case WICK_I8: return "Char";
  case WICK_U8: return "Byte";
  case WICK_BOOL: return "Bool";
  default: return "Undefined";
  }
}

/// All elements in order, as doubles.
static std::vector<double> readAll(const Tensor &tensor) {
  std::vector<double> elements(tensor.count());
  std::vector<int64_t> index(tensor.rank);
  const char *base = static_cast<const char *>(tensor.data);
  for (double &element : elements) {
    int64_t offset = 0;
    for (int32_t i = 0; i < tensor.rank; ++i)
      offset += index[i] * tensor.strides[i];
    element = toDouble(readElement(tensor.dtype, base + offset * dtypeSize(tensor.dtype)));
    for (int32_t i = tensor.rank; i-- > 0 && ++index[i] == tensor.sizes[i];)
      index[i] = 0;
  }
  return elements;
}

//===--- text -----------------------------------------------------------------===//

/// The shortest digits that read back as the same number, with an exponent below 1e-4 and from 1e16 on.
static std::string printShortest(double value) {
  char text[32];
  double magnitude = std::fabs(value);
  bool isFixed = !std::isfinite(value) || magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e16);
  auto form = isFixed ? std::chars_format::fixed : std::chars_format::scientific;
  return {text, std::to_chars(text, text + sizeof text, value, form).ptr};
}

namespace {
/// How the elements of a matrix print.
struct Columns {
  explicit Columns(const double *elements, int64_t count);

  void print(std::string &out, double element) const {
    char text[64];
    out.append(text, std::snprintf(text, sizeof text, form, width, element / scale));
  }
  void printScale(std::string &out) const { out += printShortest(scale) + " *\n"; }

  const char *form = "%*.4f";
  int width = 0;
  double scale = 1;
};
} // namespace

/// The number of digits before the point.
static int magnitudeOf(double value) { return value == 0 ? 1 : int(std::floor(std::log10(value))) + 1; }

Columns::Columns(const double *elements, int64_t count) {
  bool areWhole = true, anyFinite = false;
  double least = 0, greatest = 0;
  for (int64_t i = 0; i < count; ++i) {
    double magnitude = std::fabs(elements[i]);
    if (!std::isfinite(magnitude))
      continue;
    areWhole &= magnitude == std::ceil(magnitude);
    least = anyFinite ? std::min(least, magnitude) : magnitude;
    greatest = std::max(greatest, magnitude);
    anyFinite = true;
  }
  int low = anyFinite ? magnitudeOf(least) : 1, high = anyFinite ? magnitudeOf(greatest) : 1;
  if (areWhole ? high > 9 : high - low > 4) {
    form = "%*.4e";
    width = areWhole || (std::abs(high) <= 99 && std::abs(low) <= 99) ? 11 : 12;
  } else if (areWhole) {
    form = "%*g";
    width = high + 1;
  } else if (high > 5 || high < 0) {
    width = 7;
    scale = std::pow(10, high - 1);
  } else {
    width = high == 0 ? 7 : high + 6;
  }
}

static void printMatrix(std::string &out, const double *elements, int64_t rows, int64_t columns, int indent) {
  constexpr int kLineSize = 80;
  Columns format(elements, rows * columns);
  std::string margin(indent, ' '); // of all lines but the first
  int64_t perLine = std::max((kLineSize - indent) / (format.width + 1), 1);
  for (int64_t first = 0; first < columns; first += perLine) {
    int64_t end = std::min(first + perLine, columns);
    if (perLine < columns) {
      out += first ? "\n" : "";
      out += "Columns " + std::to_string(first + 1) + " to " + std::to_string(end) + margin;
    }
    if (format.scale != 1) {
      format.printScale(out);
      out += margin;
    }
    for (int64_t row = 0; row < rows; ++row) {
      if (row)
        out += margin + (format.scale != 1 ? " " : "");
      for (int64_t column = first; column < end; ++column) {
        format.print(out, elements[row * columns + column]);
        out += column + 1 < end ? ' ' : '\n';
      }
    }
  }
}

/// Matrix by matrix, the first dim fastest.
static void printMatrices(std::string &out, const Tensor &tensor, const double *elements) {
  int32_t outer = tensor.rank - 2;
  int64_t rows = tensor.sizes[outer], columns = tensor.sizes[outer + 1];
  std::vector<int64_t> index(outer);
  for (bool isFirst = true;; isFirst = false) {
    out += isFirst ? "(" : "\n(";
    int64_t matrix = 0;
    for (int32_t i = 0; i < outer; ++i) {
      out += std::to_string(index[i] + 1) + ',';
      matrix = matrix * tensor.sizes[i] + index[i];
    }
    out += ".,.) = \n";
    printMatrix(out, elements + matrix * rows * columns, rows, columns, 1);
    int32_t dim = 0;
    for (; dim < outer && ++index[dim] == tensor.sizes[dim]; ++dim)
      index[dim] = 0;
    if (dim == outer)
      return;
  }
}

void wick::runtime::printTensor(std::string &out, const Tensor &tensor) {
  std::vector<double> elements = readAll(tensor);
  if (tensor.rank == 0) {
    out += printShortest(elements[0]) + '\n';
  } else if (tensor.rank == 1 && !elements.empty()) {
    Columns format(elements.data(), elements.size());
    if (format.scale != 1)
      format.printScale(out);
    for (double element : elements) {
      format.print(out, element);
      out += '\n';
    }
  } else if (tensor.rank == 2 && !elements.empty()) {
    printMatrix(out, elements.data(), tensor.sizes[0], tensor.sizes[1], 0);
  } else if (!elements.empty()) {
    printMatrices(out, tensor, elements.data());
  }
  out += concat("[ CPU", scalarTypeName(tensor.dtype), "Type{");
  for (int32_t i = 0; i < tensor.rank; ++i)
    out += (i ? "," : "") + std::to_string(tensor.sizes[i]);
  out += "} ]";
}
