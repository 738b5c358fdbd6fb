//===- Math.cpp - scalar functions for generated code -----------------------===//
//
// The C library's functions, in the order of the enumerations in ABI.h.
//
//===----------------------------------------------------------------------===//
#include "Call.h"

#include <cmath>

// clang-format off
#define WICK_UNARY(X) \
  X(ACOS, acos) X(ACOSH, acosh) X(ASIN, asin) X(ASINH, asinh) X(ATAN, atan) X(ATANH, atanh) X(CBRT, cbrt) \
  X(CEIL, ceil) X(COS, cos) X(COSH, cosh) X(ERF, erf) X(ERFC, erfc) X(EXP, exp) X(EXP2, exp2) X(EXPM1, expm1) \
  X(FLOOR, floor) X(LGAMMA, lgamma) X(LOG, log) X(LOG10, log10) X(LOG1P, log1p) X(LOG2, log2) X(RINT, rint) \
  X(ROUND, round) X(SIN, sin) X(SINH, sinh) X(SQRT, sqrt) X(TAN, tan) X(TANH, tanh) X(TGAMMA, tgamma) \
  X(TRUNC, trunc)
#define WICK_BINARY(X) \
  X(ATAN2, atan2) X(COPYSIGN, copysign) X(FMOD, fmod) X(HYPOT, hypot) X(NEXTAFTER, nextafter) X(POW, pow) \
  X(REMAINDER, remainder)
// clang-format on

// Designated by position: each entry checks that it stands where its enumerator says.
#define WICK_ENTRY64(NAME, FN) ::FN,
#define WICK_ENTRY32(NAME, FN) ::FN##f,
#define WICK_POSITION(NAME, FN) WICK_MATH_##NAME,

static double (*const unary64[])(double) = {WICK_UNARY(WICK_ENTRY64)};
static float (*const unary32[])(float) = {WICK_UNARY(WICK_ENTRY32)};
static double (*const binary64[])(double, double) = {WICK_BINARY(WICK_ENTRY64)};
static float (*const binary32[])(float, float) = {WICK_BINARY(WICK_ENTRY32)};

template <size_t N> static constexpr bool inOrder(const int (&positions)[N], size_t count) {
  for (size_t i = 0; i < N; ++i)
    if (positions[i] != int(i))
      return false;
  return N == count;
}
static_assert(inOrder({WICK_UNARY(WICK_POSITION)}, WICK_MATH_UNARY_COUNT));
static_assert(inOrder({WICK_BINARY(WICK_POSITION)}, WICK_MATH_BINARY_COUNT));

extern const wick_math_api wick::runtime::mathApi = {unary64, unary32, binary64, binary32};
