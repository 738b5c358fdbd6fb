//===- Complex.cpp - complex numbers, and functions of them and of floats -----===//
//
// The functions are those of the C++ library, which LibTorch calls as well. What a number
// is converted to decides between overloads whose results differ: `pow` of a complex
// number and a float is not that of two complex numbers.
//
//===----------------------------------------------------------------------===//
#include "Functions.h"

#include <cmath>

using namespace wick::runtime;

static bool isComplex(const wick_value &value) { return value.tag == WICK_COMPLEX_VALUE; }

/// Division as LibTorch does it, whose last bits differ from the C++ library's.
static std::complex<double> divide(std::complex<double> x, std::complex<double> y) {
  bool isRealLarger = std::abs(y.real()) >= std::abs(y.imag());
  double large = isRealLarger ? y.real() : y.imag(), small = isRealLarger ? y.imag() : y.real();
  if (large == 0)
    return {x.real() / std::abs(large), x.imag() / std::abs(large)};
  double ratio = small / large, scale = 1 / (large + small * ratio);
  if (isRealLarger)
    return {(x.real() + x.imag() * ratio) * scale, (x.imag() - x.real() * ratio) * scale};
  return {(x.real() * ratio + x.imag()) * scale, (x.imag() * ratio - x.real()) * scale};
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_COMPLEX>(const Arguments &a) {
  return a.keepComplex(a.size() > 1 ? std::complex<double>(toDouble(a[0]), toDouble(a[1])) : toComplex(a[0]));
}

template <> wick_value run<WICK_FN_POLAR>(const Arguments &a) {
  double magnitude = toDouble(a[0]), angle = toDouble(a[1]);
  return a.keepComplex({magnitude * std::cos(angle), magnitude * std::sin(angle)});
}

template <> wick_value run<WICK_FN_ABS>(const Arguments &a) {
  if (isComplex(a[0]))
    return makeFloat(std::abs(complexOf(a[0])));
  return a.has(0, WICK_FLOAT_VALUE) ? makeFloat(std::abs(a[0].u.f)) : makeInt(std::abs(a.integer(0)));
}

template <> wick_value run<WICK_FN_ANGLE>(const Arguments &a) {
  if (isComplex(a[0]))
    return makeFloat(std::arg(complexOf(a[0])));
  return makeFloat(toDouble(a[0]) < 0 ? M_PI : 0);
}

template <> wick_value run<WICK_FN_POW>(const Arguments &a) {
  if (isComplex(a[0]))
    return a.keepComplex(isComplex(a[1]) ? std::pow(complexOf(a[0]), complexOf(a[1]))
                                         : std::pow(complexOf(a[0]), toDouble(a[1])));
  if (isComplex(a[1]))
    return a.keepComplex(std::pow(toDouble(a[0]), complexOf(a[1])));
  return makeFloat(std::pow(toDouble(a[0]), toDouble(a[1])));
}

template <> wick_value run<WICK_FN_LOG>(const Arguments &a) {
  bool hasBase = a.size() > 1;
  if (isComplex(a[0]) && !(hasBase && isComplex(a[1]))) {
    std::complex<double> value = std::log(complexOf(a[0]));
    return a.keepComplex(hasBase ? value / std::log(toDouble(a[1])) : value);
  }
  if (hasBase && isComplex(a[1]))
    return a.keepComplex(
        divide(isComplex(a[0]) ? std::log(complexOf(a[0])) : std::log(toDouble(a[0])), std::log(complexOf(a[1]))));
  double value = std::log(toDouble(a[0]));
  return makeFloat(hasBase ? value / std::log(toDouble(a[1])) : value);
}

#define WICK_APPLY(NAME, FUNCTION)                                                                                     \
  template <> wick_value run<WICK_FN_##NAME>(const Arguments &a) {                                                     \
    return isComplex(a[0]) ? a.keepComplex(std::FUNCTION(complexOf(a[0]))) : makeFloat(std::FUNCTION(toDouble(a[0]))); \
  }
WICK_APPLY(EXP, exp)
WICK_APPLY(LOG10, log10)
WICK_APPLY(SQRT, sqrt)
WICK_APPLY(SIN, sin)
WICK_APPLY(COS, cos)
WICK_APPLY(TAN, tan)
WICK_APPLY(ASIN, asin)
WICK_APPLY(ACOS, acos)
WICK_APPLY(ATAN, atan)
WICK_APPLY(SINH, sinh)
WICK_APPLY(COSH, cosh)
WICK_APPLY(TANH, tanh)
WICK_APPLY(ASINH, asinh)
WICK_APPLY(ACOSH, acosh)
WICK_APPLY(ATANH, atanh)
#undef WICK_APPLY

} // namespace wick::runtime
