//===- FFTTest.cpp - discrete Fourier transforms ----------------------------===//
#include "Functions/Functions.h"
#include "gtest/gtest.h"

#include <cmath>
#include <numbers>
#include <thread>

using namespace wick::runtime;

namespace {

using Complex = std::complex<double>;

template <typename T> constexpr wick_dtype kDtype = WICK_F32;
template <> constexpr wick_dtype kDtype<double> = WICK_F64;
template <> constexpr wick_dtype kDtype<std::complex<float>> = WICK_C64;
template <> constexpr wick_dtype kDtype<Complex> = WICK_C128;

template <typename From, typename To>
int32_t transform(std::vector<From> &from, std::vector<int64_t> sizes, std::vector<To> &to, std::vector<int64_t> wanted,
                  int64_t dim, int64_t normalization, bool forward) {
  wick_tensor x{from.data(), sizes.data(), nullptr, int32_t(sizes.size()), kDtype<From>};
  wick_tensor y{to.data(), wanted.data(), nullptr, int32_t(wanted.size()), kDtype<To>};
  wick_value args[] = {makeReference(WICK_TENSOR_VALUE, &x), makeInt(dim), makeInt(normalization), makeBool(forward),
                       makeReference(WICK_TENSOR_VALUE, &y)};
  Frame frame;
  return invoke(&frame, WICK_FN_TENSOR_FFT, args, 5, nullptr, -1);
}

/// The sum that a transform stands for.
std::vector<Complex> getSums(const std::vector<Complex> &x, bool forward) {
  std::vector<Complex> sums(x.size());
  for (size_t k = 0; k < x.size(); ++k)
    for (size_t i = 0; i < x.size(); ++i)
      sums[k] +=
          x[i] * std::polar(1.0, (forward ? -2 : 2) * std::numbers::pi * double(i * k % x.size()) / double(x.size()));
  return sums;
}

std::vector<Complex> getNumbers(size_t count) {
  std::vector<Complex> numbers;
  for (size_t i = 0; i < count; ++i)
    numbers.push_back({std::sin(0.7 * double(i * i) + 1), std::cos(1.3 * double(i))});
  return numbers;
}

void expectNear(Complex actual, Complex expected, double tolerance) {
  EXPECT_NEAR(actual.real(), expected.real(), tolerance);
  EXPECT_NEAR(actual.imag(), expected.imag(), tolerance);
}

TEST(FFTTest, IsTheSumAtEveryLength) {
  for (int64_t n = 1; n <= 70; ++n) {
    SCOPED_TRACE(n);
    std::vector<Complex> x = getNumbers(n), y(n);
    for (bool forward : {true, false}) {
      ASSERT_EQ(transform(x, {n}, y, {n}, 0, 0, forward), WICK_OK);
      std::vector<Complex> expected = getSums(x, forward);
      for (int64_t i = 0; i < n; ++i)
        expectNear(y[i], expected[i], 1e-12 * n);
    }
  }
}

TEST(FFTTest, TransformsRealNumbersAndBack) {
  for (int64_t n = 1; n <= 70; ++n) {
    SCOPED_TRACE(n);
    // Three rows, of which the last is alone.
    std::vector<Complex> numbers = getNumbers(3 * n), half(3 * (n / 2 + 1)), whole(3 * n);
    std::vector<double> x, back(3 * n);
    for (Complex number : numbers)
      x.push_back(number.real());
    ASSERT_EQ(transform(x, {3, n}, half, {3, n / 2 + 1}, 1, 0, true), WICK_OK);
    ASSERT_EQ(transform(x, {3, n}, whole, {3, n}, 1, 0, true), WICK_OK);
    for (int64_t row = 0; row < 3; ++row) {
      std::vector<Complex> expected = getSums({x.begin() + row * n, x.begin() + (row + 1) * n}, true);
      for (int64_t i = 0; i < n; ++i)
        expectNear(whole[row * n + i], expected[i], 1e-12 * n);
      for (int64_t i = 0; i <= n / 2; ++i)
        expectNear(half[row * (n / 2 + 1) + i], expected[i], 1e-12 * n);
      // Which are no parts of the spectrum of real numbers.
      half[row * (n / 2 + 1)] += Complex(0, 5);
      if (n % 2 == 0)
        half[row * (n / 2 + 1) + n / 2] += Complex(0, 5);
    }
    ASSERT_EQ(transform(half, {3, n / 2 + 1}, back, {3, n}, 1, 2, false), WICK_OK);
    for (int64_t i = 0; i < 3 * n; ++i)
      EXPECT_NEAR(back[i], x[i], 1e-12);
  }
}

TEST(FFTTest, TransformsAlongAnyDim) {
  int64_t n = 6;
  std::vector<Complex> numbers = getNumbers(2 * n * 5);
  std::vector<std::complex<float>> x(numbers.begin(), numbers.end()), y(x.size());
  ASSERT_EQ(transform(x, {2, n, 5}, y, {2, n, 5}, 1, 1, true), WICK_OK);
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t j = 0; j < 5; ++j) {
      std::vector<Complex> row;
      for (int64_t k = 0; k < n; ++k)
        row.push_back(x[(i * n + k) * 5 + j]);
      std::vector<Complex> expected = getSums(row, true);
      for (int64_t k = 0; k < n; ++k)
        expectNear(y[(i * n + k) * 5 + j], expected[k] / std::sqrt(6.0), 1e-6);
    }
}

TEST(FFTTest, KeepsRowsApart) {
  std::vector<double> x = {NAN, 1, INFINITY, 3, 1, 2, 3, 4};
  std::vector<Complex> y(6);
  ASSERT_EQ(transform(x, {2, 4}, y, {2, 3}, 1, 0, true), WICK_OK);
  EXPECT_TRUE(std::isnan(y[0].real()));
  expectNear(y[3], 10, 1e-12);
  expectNear(y[4], {-2, 2}, 1e-12);
}

TEST(FFTTest, ThreadsHaveTheirOwnPlans) {
  std::vector<std::thread> threads;
  for (int64_t t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      for (int64_t round = 0; round < 50; ++round) {
        int64_t n = 1 + (7 * round + t) % 40;
        std::vector<Complex> x = getNumbers(n), y(n), z(n);
        ASSERT_EQ(transform(x, {n}, y, {n}, 0, 0, true), WICK_OK);
        ASSERT_EQ(transform(y, {n}, z, {n}, 0, 2, false), WICK_OK);
        for (int64_t i = 0; i < n; ++i)
          expectNear(z[i], x[i], 1e-12);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
}

TEST(FFTTest, RefusesWhatHasNoTransform) {
  std::vector<Complex> x(4), y(4);
  std::vector<float> floats(4);
  EXPECT_EQ(transform(x, {4}, y, {4}, 1, 0, true), WICK_ERROR_UNSUPPORTED);
  EXPECT_EQ(transform(x, {4}, floats, {4}, 0, 0, true), WICK_ERROR_UNSUPPORTED);
  EXPECT_EQ(transform(floats, {4}, floats, {4}, 0, 0, true), WICK_ERROR_UNSUPPORTED);
  EXPECT_EQ(transform(x, {3}, y, {4}, 0, 0, true), WICK_ERROR_UNSUPPORTED);
  EXPECT_EQ(transform(x, {0}, y, {0}, 0, 0, true), WICK_ERROR_RUNTIME);
  std::vector<double> doubles(8);
  EXPECT_EQ(transform(x, {4}, doubles, {8}, 0, 2, false), WICK_ERROR_RUNTIME);
}

} // namespace
