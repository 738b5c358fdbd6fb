//===- Floats.cpp - functions of floats in the C library ---------------------===//
#include "Functions.h"

#include <cmath>
#include <cstdio>

using namespace wick::runtime;

static wick_value makePair(const Arguments &a, wick_value first, wick_value second) {
  auto pair = std::make_unique<wick_sequence>(2);
  pair->items[0] = first;
  pair->items[1] = second;
  return a.keepSequence(WICK_TUPLE_VALUE, std::move(pair));
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_GAMMA>(const Arguments &a) { return makeFloat(std::tgamma(toDouble(a[0]))); }

template <> wick_value run<WICK_FN_LGAMMA>(const Arguments &a) {
  int sign; // lgamma() itself writes it to a variable of the process
  return makeFloat(lgamma_r(toDouble(a[0]), &sign));
}

template <> wick_value run<WICK_FN_MATH_REMAINDER>(const Arguments &a) {
  return makeFloat(std::remainder(toDouble(a[0]), toDouble(a[1])));
}

template <> wick_value run<WICK_FN_CHECK_INTEGER>(const Arguments &a) {
  double number = toDouble(a[0]);
  char text[320]; // all digits of the largest
  if (std::abs(number) <= 0x1p63)
    return makeNone();
  std::snprintf(text, sizeof(text), "%f", number);
  failOperator("Cannot convert float ", text, " to integer");
}

template <> wick_value run<WICK_FN_LDEXP>(const Arguments &a) {
  return makeFloat(std::ldexp(toDouble(a[0]), int(a.integer(1))));
}

template <> wick_value run<WICK_FN_FREXP>(const Arguments &a) {
  int exponent = 0;
  double mantissa = std::frexp(toDouble(a[0]), &exponent);
  return makePair(a, makeFloat(mantissa), makeInt(exponent));
}

template <> wick_value run<WICK_FN_MODF>(const Arguments &a) {
  double whole, fraction = std::modf(toDouble(a[0]), &whole);
  return makePair(a, makeFloat(fraction), makeFloat(whole));
}

} // namespace wick::runtime
