//===- Print.cpp - values as text -------------------------------------------===//
#include "Print.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

using namespace wick::runtime;
using namespace wick::tools;

static float halfToFloat(uint16_t half) {
  int exponent = half >> 10 & 31, mantissa = half & 1023;
  float magnitude = exponent == 31 ? (mantissa ? NAN : INFINITY)
                    : exponent     ? std::ldexp(float(mantissa | 1024), exponent - 25)
                                   : std::ldexp(float(mantissa), -24);
  return half >> 15 ? -magnitude : magnitude;
}

static std::string elementText(const wick_tensor &tensor, int64_t index) {
  char text[64];
  auto real = [&](double number) { snprintf(text, sizeof(text), "%.6g", number); };
  switch (tensor.dtype) {
  case WICK_F32: real(static_cast<float *>(tensor.data)[index]); break;
  case WICK_F64: real(static_cast<double *>(tensor.data)[index]); break;
  case WICK_F16: real(halfToFloat(static_cast<uint16_t *>(tensor.data)[index])); break;
  case WICK_BF16: {
    uint32_t bits = uint32_t(static_cast<uint16_t *>(tensor.data)[index]) << 16;
    float number;
    std::memcpy(&number, &bits, 4);
    real(number);
    break;
  }
  case WICK_C64:
    snprintf(text, sizeof(text), "%.6g%+.6gj", static_cast<float *>(tensor.data)[2 * index],
             static_cast<float *>(tensor.data)[2 * index + 1]);
    break;
  case WICK_C128:
    snprintf(text, sizeof(text), "%.6g%+.6gj", static_cast<double *>(tensor.data)[2 * index],
             static_cast<double *>(tensor.data)[2 * index + 1]);
    break;
  case WICK_U8: return std::to_string(static_cast<uint8_t *>(tensor.data)[index]);
  case WICK_I8: return std::to_string(static_cast<int8_t *>(tensor.data)[index]);
  case WICK_I16: return std::to_string(static_cast<int16_t *>(tensor.data)[index]);
  case WICK_I32: return std::to_string(static_cast<int32_t *>(tensor.data)[index]);
  case WICK_I64: return std::to_string(static_cast<int64_t *>(tensor.data)[index]);
  case WICK_BOOL: return static_cast<uint8_t *>(tensor.data)[index] ? "true" : "false";
  default: return "?";
  }
  return text;
}

/// An object by its class and attributes; objects may hold each other in a circle, and nest deeply.
static std::string objectText(wick_sequence *object) {
  static thread_local std::vector<wick_sequence *> open;
  constexpr size_t kMaxOpen = 64;
  const wick_class *cls = wick_object_class(object);
  std::string_view name = wick_class_name(cls);
  std::string text = concat(name.substr(name.rfind('.') + 1), "(");
  if (open.size() >= kMaxOpen || std::find(open.begin(), open.end(), object) != open.end())
    return text + "...)";
  open.push_back(object);
  for (int32_t i = 0, n = wick_class_attribute_count(cls); i < n; ++i)
    text += concat(i ? ", " : "", wick_class_attribute_name(cls, i), "=", valueText(wick_sequence_items(object)[i]));
  open.pop_back();
  return text + ")";
}

std::string wick::tools::valueText(const wick_value &value) {
  constexpr int64_t kShown = 8;
  switch (value.tag) {
  case WICK_BOOL_VALUE: return value.u.i ? "true" : "false";
  case WICK_INT_VALUE: return std::to_string(value.u.i);
  case WICK_FLOAT_VALUE: {
    char text[40];
    snprintf(text, sizeof(text), "%.17g", value.u.f);
    return text;
  }
  case WICK_COMPLEX_VALUE: {
    const auto *complex = static_cast<const wick_complex *>(value.u.p);
    char text[64];
    snprintf(text, sizeof(text), "%.17g%+.17gj", complex->real, complex->imag);
    return text;
  }
  case WICK_TENSOR_VALUE: {
    const auto &tensor = *static_cast<const wick_tensor *>(value.u.p);
    std::string text = concat("Tensor<", wick_dtype_name(tensor.dtype), ">[");
    for (int32_t i = 0; i < tensor.rank; ++i)
      text += concat(i ? ", " : "", tensor.sizes[i]);
    text += "]";
    int64_t count = wick_tensor_count(&tensor);
    for (int64_t i = 0; i < std::min(count, kShown); ++i)
      text += " " + elementText(tensor, offsetOf(tensor, i));
    return text + (count > kShown ? " ..." : "");
  }
  case WICK_STRING_VALUE: return concat("'", wick_string_data(static_cast<wick_string *>(value.u.p), nullptr), "'");
  case WICK_LIST_VALUE:
  case WICK_TUPLE_VALUE:
  case WICK_DICT_VALUE: {
    auto *sequence = static_cast<wick_sequence *>(value.u.p);
    bool dict = value.tag == WICK_DICT_VALUE;
    std::string text = value.tag == WICK_LIST_VALUE ? "[" : dict ? "{" : "(";
    for (int64_t i = 0, n = wick_sequence_count(sequence); i < n; ++i)
      text += concat(!i ? "" : dict && i % 2 ? ": " : ",\n ", valueText(wick_sequence_items(sequence)[i]));
    return text + (value.tag == WICK_LIST_VALUE ? "]" : dict ? "}" : ")");
  }
  case WICK_OBJECT_VALUE: return objectText(static_cast<wick_sequence *>(value.u.p));
  case WICK_ENUM_VALUE: {
    const auto *member = static_cast<const wick_member *>(value.u.p);
    std::string_view name = wick_class_name(wick_member_class(member));
    return concat(name.substr(name.rfind('.') + 1), ".", wick_member_name(member));
  }
  case WICK_GENERATOR_VALUE: return "Generator";
  case WICK_DEVICE_VALUE: return wick_string_data(static_cast<wick_string *>(value.u.p), nullptr);
  default: return "None";
  }
}
