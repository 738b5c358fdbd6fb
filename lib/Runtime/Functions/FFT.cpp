//===- FFT.cpp - discrete Fourier transforms ---------------------------------===//
//
// The routine (`plan.routine`) of all transforms along one dim. Eigen computes them, of two
// rows at once: its numbers are vectors of two. What it lacks is added here. Lengths with
// large prime factors, for which it takes quadratic time, are chirps filtered at a length
// that is a power of two (Bluestein); real numbers are transformed as half as many complex
// ones; and a transform goes back where real and imaginary parts change places on the way
// in and out. All is computed in double precision, so that an f32 result is as near as its
// dtype allows.
//
// A plan holds the tables of one length. Each thread keeps those that it used last, few and
// of limited size, so that programs whose lengths change do not collect them.
//
//===----------------------------------------------------------------------===//
#include "../ThreadPool.h"
#include "Functions.h"

#include <unsupported/Eigen/FFT>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <memory>
#include <new>
#include <numbers>
#include <type_traits>
#include <vector>

using namespace wick::runtime;

namespace {

/// A number of each of two rows.
struct Pair {
  typedef double Vector __attribute__((vector_size(2 * sizeof(double))));

  Vector v;

  Pair() : v{} {}
  Pair(double both) : v{both, both} {}
  Pair(double first, double second) : v{first, second} {}
  explicit Pair(Vector v) : v(v) {}

  friend Pair operator+(Pair a, Pair b) { return Pair(a.v + b.v); }
  friend Pair operator-(Pair a, Pair b) { return Pair(a.v - b.v); }
  friend Pair operator*(Pair a, Pair b) { return Pair(a.v * b.v); }
  Pair operator-() const { return Pair(-v); }
  Pair &operator+=(Pair b) { return *this = *this + b; }
  Pair &operator-=(Pair b) { return *this = *this - b; }
  Pair &operator*=(Pair b) { return *this = *this * b; }
};

using Complex = std::complex<Pair>;

/// The same number in both rows.
Complex getBoth(std::complex<double> number) { return {number.real(), number.imag()}; }
/// exp(-pi i turn)
std::complex<double> getRoot(double turn) { return std::polar(1.0, -std::numbers::pi * turn); }
Complex swap(Complex a) { return {a.imag(), a.real()}; }

/// The longest transform: beyond it the ints of Eigen overflow.
constexpr int64_t kMostPoints = int64_t(1) << 26;
/// Eigen multiplies each element by all others of a factor that it has no code for.
constexpr int64_t kLargestFactor = 13;

int64_t getLargestFactor(int64_t n) {
  int64_t largest = 1;
  for (int64_t p = 2; p * p <= n; ++p)
    for (; n % p == 0; n /= p)
      largest = p;
  return std::max(largest, n);
}

/// Transforms of one length, not scaled.
class Plan {
public:
  explicit Plan(int64_t points)
      : points(points), numbers(points), spectrum(points + 1), isChirp(getLargestFactor(points) > kLargestFactor) {
    if (isChirp)
      makeChirp();
  }

  const int64_t points;
  /// What is transformed, and the result.
  std::vector<Complex> numbers, spectrum;

  /// Of `numbers` into `spectrum`.
  void transform() {
    if (isChirp)
      transformChirp();
    else
      transformDirectly(points);
  }
  /// Whether of real numbers two in turn are one element of `numbers` or, of results, of `spectrum`. Otherwise each is
  /// the real part of one.
  bool isPaired() const { return points % 2 == 0 && !isChirp; }

  /// Of real numbers into `spectrum`, up to the middle.
  void transformReals() {
    if (!isPaired())
      return transform();
    int64_t half = points / 2;
    const std::complex<double> *turns = getTurns();
    transformDirectly(half);
    spectrum[half] = spectrum[0];
    // The transforms of those at even places and those at odd ones, apart by their symmetry.
    for (int64_t i = 0; i <= half - i; ++i) {
      Complex a = spectrum[i], b = std::conj(spectrum[half - i]);
      Complex even = (a + b) * Pair(0.5), odd = (a - b) * getBoth(turns[i] * 0.5);
      // Times -i.
      odd = {odd.imag(), -odd.real()};
      spectrum[i] = even + odd;
      spectrum[half - i] = std::conj(even - odd);
    }
  }
  /// Back to real numbers from `numbers`, which hold a spectrum up to its middle.
  void transformToReals() {
    numbers[0] = numbers[0].real();
    if (!isPaired()) {
      for (int64_t i = 1; i < points - i; ++i)
        numbers[points - i] = std::conj(numbers[i]);
      if (points % 2 == 0)
        numbers[points / 2] = numbers[points / 2].real();
      exchangeParts(numbers, points);
      transform();
      return exchangeParts(spectrum, points);
    }
    int64_t half = points / 2;
    const std::complex<double> *turns = getTurns();
    Complex middle = numbers[half].real();
    for (int64_t i = 0; i <= half - i; ++i) {
      Complex a = numbers[i], b = std::conj(i ? numbers[half - i] : middle);
      Complex even = a + b, odd = (a - b) * getBoth(std::conj(turns[i]));
      odd = {-odd.imag(), odd.real()};
      numbers[i] = even + odd;
      if (i)
        numbers[half - i] = std::conj(even - odd);
    }
    exchangeParts(numbers, half);
    transformDirectly(half);
    exchangeParts(spectrum, half);
  }

private:
  static void exchangeParts(std::vector<Complex> &list, int64_t count) {
    std::transform(list.begin(), list.begin() + count, list.begin(), swap);
  }

  /// exp(-2 pi i k / points) for k up to a quarter of the points.
  const std::complex<double> *getTurns() {
    if (turns.empty())
      for (int64_t k = 0; k <= points / 4; ++k)
        turns.push_back(getRoot(2.0 * double(k) / double(points)));
    return turns.data();
  }

  void transformDirectly(int64_t count) {
    // Eigen has no plan for one.
    if (count == 1)
      spectrum[0] = numbers[0];
    else
      engine.fwd(spectrum.data(), numbers.data(), count);
  }

  void makeChirp() {
    int64_t size = std::bit_ceil(uint64_t(2 * points - 1));
    for (int64_t i = 0; i < points; ++i)
      chirp.push_back(getRoot(double(i * i % (2 * points)) / double(points)));
    work.assign(size, Complex());
    filter.resize(size);
    filtered.resize(size);
    for (int64_t i = 0; i < points; ++i)
      work[i] = work[(size - i) % size] = getBoth(std::conj(chirp[i]));
    engine.fwd(filter.data(), work.data(), size);
    for (Complex &factor : filter)
      factor *= Pair(1.0 / double(size));
  }

  /// i k is (i^2 + k^2 - (k - i)^2) / 2, so that the sum over i is a product with a chirp that depends on k - i only.
  void transformChirp() {
    int64_t size = work.size();
    std::fill(work.begin() + points, work.end(), Complex());
    for (int64_t i = 0; i < points; ++i)
      work[i] = numbers[i] * getBoth(chirp[i]);
    engine.fwd(filtered.data(), work.data(), size);
    for (int64_t i = 0; i < size; ++i)
      filtered[i] = swap(filtered[i] * filter[i]);
    engine.fwd(work.data(), filtered.data(), size);
    for (int64_t i = 0; i < points; ++i)
      spectrum[i] = swap(work[i]) * getBoth(chirp[i]);
  }

  const bool isChirp;
  Eigen::FFT<Pair> engine;
  std::vector<std::complex<double>> turns, chirp;
  std::vector<Complex> filter, filtered, work;
};

/// The plans that a thread used last, the latest first.
class Plans {
public:
  static Plan &find(int64_t points) { return ofThread().get(points); }
  static void forget() { ofThread().plans.clear(); }

private:
  static constexpr size_t kKept = 4;
  /// What is longer is kept until the next one is made.
  static constexpr int64_t kPointsKept = 1 << 14;

  static Plans &ofThread() {
    thread_local Plans plans;
    return plans;
  }

  Plan &get(int64_t points) {
    auto found = std::find_if(plans.begin(), plans.end(), [&](auto &plan) { return plan->points == points; });
    if (found == plans.end()) {
      std::erase_if(plans, [](auto &plan) { return plan->points > kPointsKept; });
      if (plans.size() == kKept)
        plans.pop_back();
      found = plans.insert(plans.end(), std::make_unique<Plan>(points));
    }
    std::rotate(plans.begin(), found, found + 1);
    return *plans.front();
  }

  std::vector<std::unique_ptr<Plan>> plans;
};

/// The transforms of the rows of a tensor along a dim.
class Rows {
public:
  explicit Rows(const Arguments &a)
      : input(tensorOf(a, 0)), result(tensorOf(a, 4)), dim(a.integer(1)), forward(a.integer(3) != 0) {
    if (dim < 0 || dim >= input.rank || result.rank != input.rank)
      fail(WICK_ERROR_UNSUPPORTED, "a tensor of rank ", input.rank, " is not transformed along dim ", dim);
    fromReals = isReal(input.dtype);
    toReals = isReal(result.dtype);
    if (isDouble(input.dtype) != isDouble(result.dtype) || (fromReals && toReals))
      fail(WICK_ERROR_UNSUPPORTED, "numbers of dtype ", input.dtype, " are not transformed to dtype ", result.dtype);
    for (int64_t i = 0; i < input.rank; ++i)
      (i < dim ? outer : inner) *= i == dim ? 1 : input.sizes[i];
    given = input.sizes[dim];
    wanted = result.sizes[dim];
    points = toReals ? wanted : given;
    if (points < 1)
      failOperator("Invalid number of data points (", points, ") specified");
    if (points > kMostPoints)
      fail(WICK_ERROR_UNSUPPORTED, "a transform of ", points, " points is longer than ", kMostPoints);
    if (!toReals && wanted > points)
      fail(WICK_ERROR_UNSUPPORTED, "a transform of ", points, " points has no ", wanted, " results");
    if (toReals && given < points / 2 + 1)
      failOperator("a transform to ", points, " real numbers takes ", points / 2 + 1, " complex ones, but got ", given);
    int64_t normalization = a.integer(2);
    scale = normalization == 0 ? 1.0 : normalization == 1 ? 1.0 / std::sqrt(double(points)) : 1.0 / double(points);
  }

  void transform(int threads) {
    auto run = [](void *env, int64_t begin, int64_t end) { static_cast<Rows *>(env)->transformRange(begin, end); };
    ThreadPool::instance().run(run, this, (outer * inner + 1) / 2, threads);
    if (isExhausted)
      throw std::bad_alloc();
  }

private:
  static bool isDouble(int32_t dtype) { return dtype == WICK_F64 || dtype == WICK_C128; }
  static bool isReal(int32_t dtype) {
    if (dtype != WICK_F32 && dtype != WICK_F64 && dtype != WICK_C64 && dtype != WICK_C128)
      fail(WICK_ERROR_UNSUPPORTED, "tensors of dtype ", dtype, " are not transformed");
    return dtype == WICK_F32 || dtype == WICK_F64;
  }
  /// Where a row begins in a tensor with `size` elements along the dim.
  int64_t getStart(int64_t row, int64_t size) const { return row / inner * inner * size + row % inner; }

  /// Of pairs of rows.
  void transformRange(int64_t begin, int64_t end) noexcept {
    try {
      Plan &plan = Plans::find(points);
      for (int64_t pair = begin; pair < end; ++pair)
        isDouble(input.dtype) ? transformPair<double>(plan, 2 * pair) : transformPair<float>(plan, 2 * pair);
    } catch (const std::bad_alloc &) {
      // A plan may lack some of its tables now.
      Plans::forget();
      isExhausted = true;
    }
  }
  template <typename T> void transformPair(Plan &plan, int64_t row) const {
    // Elements of a row mostly are beside each other, for which there is other code.
    inner == 1 ? transformPair<T>(plan, row, std::integral_constant<int64_t, 1>()) : transformPair<T>(plan, row, inner);
  }

  template <typename T, typename Step> void transformPair(Plan &plan, int64_t row, Step step) const {
    // The last row may be alone, and is transformed twice.
    int64_t rows[] = {row, std::min(row + 1, outer * inner - 1)};
    const T *from[2];
    T *to[2];
    for (int i = 0; i < 2; ++i) {
      from[i] = static_cast<const T *>(input.data) + getStart(rows[i], given) * (fromReals ? 1 : 2);
      to[i] = static_cast<T *>(result.data) + getStart(rows[i], wanted) * (toReals ? 1 : 2);
    }
    if (!fromReals) {
      readTwos(plan, from, toReals ? points / 2 + 1 : points, 2 * step, 1, /*isSwapped=*/!forward && !toReals);
      toReals ? plan.transformToReals() : plan.transform();
    } else {
      if (plan.isPaired())
        readTwos(plan, from, points / 2, 2 * step, step, /*isSwapped=*/false);
      else
        for (int64_t i = 0; i < points; ++i)
          plan.numbers[i] = Pair(from[0][i * step], from[1][i * step]);
      plan.transformReals();
    }
    if (!toReals) {
      // Of real numbers the second half mirrors the first.
      int64_t computed = std::min(wanted, fromReals ? points / 2 + 1 : points);
      for (int64_t i = computed; i < wanted; ++i)
        plan.spectrum[i] = std::conj(plan.spectrum[points - i]);
      writeTwos(plan, to, wanted, 2 * step, 1, /*isSwapped=*/!forward);
    } else if (plan.isPaired()) {
      writeTwos(plan, to, wanted / 2, 2 * step, step, /*isSwapped=*/false);
    } else {
      for (int64_t i = 0; i < wanted; ++i)
        for (int row = 0; row < 2; ++row)
          to[row][i * step] = T(plan.spectrum[i].real().v[row] * scale);
    }
  }

  /// Elements of `numbers` from two numbers, `step` apart, of each row; the next two are `pitch` behind these.
  template <typename T, typename Pitch, typename Step>
  static void readTwos(Plan &plan, const T *const *rows, int64_t count, Pitch pitch, Step step, bool isSwapped) {
    for (int64_t i = 0; i < count; ++i) {
      const T *first = rows[0] + i * pitch, *second = rows[1] + i * pitch;
      Pair a(first[0], second[0]), b(first[step], second[step]);
      plan.numbers[i] = isSwapped ? Complex(b, a) : Complex(a, b);
    }
  }
  /// The same back, from `spectrum`.
  template <typename T, typename Pitch, typename Step>
  void writeTwos(Plan &plan, T *const *rows, int64_t count, Pitch pitch, Step step, bool isSwapped) const {
    for (int64_t i = 0; i < count; ++i) {
      Complex number = isSwapped ? swap(plan.spectrum[i]) : plan.spectrum[i];
      Pair a = number.real() * Pair(scale), b = number.imag() * Pair(scale);
      for (int row = 0; row < 2; ++row) {
        T *at = rows[row] + i * pitch;
        at[0] = T(a.v[row]);
        at[step] = T(b.v[row]);
      }
    }
  }

  const wick_tensor &input, &result;
  const int64_t dim;
  const bool forward;
  bool fromReals, toReals;
  int64_t points, given, wanted, outer = 1, inner = 1;
  double scale;
  std::atomic<bool> isExhausted{false};
};

} // namespace

template <> wick_value wick::runtime::run<WICK_FN_TENSOR_FFT>(const Arguments &a) {
  Rows(a).transform(a.threads());
  return makeNone();
}
