//===- Draws.cpp - tensors of random numbers ---------------------------------===//
//
// Routines (`plan.routine`) that fill a contiguous tensor of i32, i64, f32 or f64. Which numbers a distribution makes
// of the stream, and how many words it takes, is LibTorch's, so that a seed gives the same results; what is computed in
// f64 there is computed in f64 here.
//
//===----------------------------------------------------------------------===//
#include "Functions.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

using namespace wick::runtime;

namespace {

int64_t countOf(const wick_tensor &tensor) {
  return std::accumulate(tensor.sizes, tensor.sizes + tensor.rank, int64_t(1), std::multiplies<>());
}

/// Calls `visit` with the elements of a tensor.
template <typename Visit> void visitElements(const wick_tensor &tensor, Visit visit) {
  switch (tensor.dtype) {
  case WICK_I32: return visit(static_cast<int32_t *>(tensor.data));
  case WICK_I64: return visit(static_cast<int64_t *>(tensor.data));
  case WICK_F32: return visit(static_cast<float *>(tensor.data));
  case WICK_F64: return visit(static_cast<double *>(tensor.data));
  }
  fail(WICK_ERROR_UNSUPPORTED, "random numbers of dtype ", tensor.dtype, " are not drawn");
}

/// The destination comes last, and the generator before it.
const wick_tensor &destinationOf(const Arguments &a) { return tensorOf(a, a.size() - 1); }
Generator &generatorOf(const Arguments &a) { return a.generator(a.size() - 2); }

/// Fills the destination with what `draw` gives, one after the other.
template <typename Draw> wick_value fill(const Arguments &a, Draw draw) {
  const wick_tensor &out = destinationOf(a);
  Generator &generator = generatorOf(a);
  std::lock_guard lock(generator.mutex);
  visitElements(out, [&](auto *elements) {
    using T = std::remove_pointer_t<decltype(elements)>;
    for (int64_t i = 0, n = countOf(out); i < n; ++i)
      elements[i] = T(draw(generator));
  });
  return makeNone();
}

double numberOf(const Arguments &a, int64_t i) {
  if (!isNumber(a[i]))
    fail(WICK_ERROR_UNSUPPORTED, "argument ", i, " of a routine is no number");
  return toDouble(a[i]);
}

/// Sixteen normal numbers of sixteen uniform ones, by the transform of Box and Muller.
template <typename T> void transform(T *numbers, T mean, T deviation) {
  constexpr int kHalf = 8;
  for (int i = 0; i < kHalf; ++i) {
    T radius = std::sqrt(T(-2) * std::log(1 - numbers[i])), angle = T(2 * std::numbers::pi) * numbers[i + kHalf];
    numbers[i] = std::fma(radius * std::cos(angle), deviation, mean);
    numbers[i + kHalf] = std::fma(radius * std::sin(angle), deviation, mean);
  }
}

template <typename T> T uniform(Generator &generator) {
  if constexpr (std::is_same_v<T, float>)
    return generator.uniform32();
  else
    return generator.uniform64();
}

/// Of many numbers the last sixteen are drawn again where they are no whole group.
template <typename T> void fillNormal(Generator &generator, T *numbers, int64_t count, T mean, T deviation) {
  constexpr int64_t kGroup = 16;
  for (int64_t i = 0; i < count; ++i)
    numbers[i] = uniform<T>(generator);
  for (int64_t i = 0; i + kGroup <= count; i += kGroup)
    transform(numbers + i, mean, deviation);
  if (count % kGroup == 0)
    return;
  T *last = numbers + count - kGroup;
  for (int64_t i = 0; i < kGroup; ++i)
    last[i] = uniform<T>(generator);
  transform(last, mean, deviation);
}

double exponential(Generator &generator) { return -std::log1p(-generator.uniform64()); }

/// Draws with replacement: where a uniform number falls among the sums of the weights.
template <typename T> void drawMany(Generator &generator, const T *weights, int64_t size, int64_t *out, int64_t count) {
  std::vector<T> sums(size);
  std::partial_sum(weights, weights + size, sums.begin());
  for (T &sum : sums)
    sum /= sums.back();
  for (int64_t i = 0; i < count; ++i) {
    double number = generator.uniform64();
    auto found = std::lower_bound(sums.begin(), sums.end(), number, [](T sum, double n) { return double(sum) < n; });
    out[i] = std::min<int64_t>(found - sums.begin(), size - 1);
  }
}

/// Draws without: the greatest quotients of weights and exponential numbers.
template <typename T>
void drawOnce(const T *weights, const T *exponentials, int64_t size, int64_t *out, int64_t count) {
  std::vector<int64_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](int64_t i, int64_t j) {
    T a = weights[i] / exponentials[i], b = weights[j] / exponentials[j];
    return a > b || (a == b && i < j);
  });
  std::copy_n(order.begin(), count, out);
}

template <typename T> void checkWeights(const T *weights, int64_t size, int64_t count, bool replacement) {
  T sum = 0;
  int64_t positive = 0;
  for (int64_t i = 0; i < size; ++i) {
    if (!(weights[i] >= 0) || std::isinf(weights[i]))
      failOperator("probability tensor contains either `inf`, `nan` or element < 0");
    sum += weights[i];
    positive += weights[i] > 0;
  }
  if (!(sum > 0))
    failOperator("invalid multinomial distribution (sum of probabilities <= 0)");
  if (!replacement && positive < count)
    failOperator(
        "invalid multinomial distribution (with replacement=False, not enough non-negative category to sample)");
}

} // namespace

template <> wick_value wick::runtime::run<WICK_FN_DRAW_UNIFORM>(const Arguments &a) {
  double from = numberOf(a, 0), to = numberOf(a, 1);
  if (!(from <= to))
    failOperator("uniform_ expects to return a [from, to) range, but found from=", from, " > to=", to);
  if (destinationOf(a).dtype == WICK_F64)
    return fill(a, [&](Generator &g) { return std::fma(g.uniform64(), to - from, from); });
  return fill(a, [&](Generator &g) { return std::fma(g.uniform32(), float(to) - float(from), float(from)); });
}

template <> wick_value wick::runtime::run<WICK_FN_DRAW_NORMAL>(const Arguments &a) {
  constexpr int64_t kMany = 16;
  double mean = numberOf(a, 0), deviation = numberOf(a, 1);
  if (!(deviation >= 0))
    failOperator("normal expects std >= 0.0, but found std ", deviation);
  const wick_tensor &out = destinationOf(a);
  int64_t count = countOf(out);
  if (count < kMany || (out.dtype != WICK_F32 && out.dtype != WICK_F64))
    return fill(a, [&](Generator &g) { return std::fma(g.normal(), deviation, mean); });
  Generator &generator = generatorOf(a);
  std::lock_guard lock(generator.mutex);
  if (out.dtype == WICK_F32)
    fillNormal<float>(generator, static_cast<float *>(out.data), count, mean, deviation);
  else
    fillNormal<double>(generator, static_cast<double *>(out.data), count, mean, deviation);
  return makeNone();
}

template <> wick_value wick::runtime::run<WICK_FN_DRAW_BERNOULLI>(const Arguments &a) {
  auto check = [](double p) {
    if (!(p >= 0 && p <= 1))
      failOperator("bernoulli_ expects p to be in [0, 1], but got p=", p);
  };
  if (isNumber(a[0])) {
    double p = numberOf(a, 0);
    check(p);
    return fill(a, [&](Generator &g) { return g.uniform64() < p; });
  }
  const wick_tensor &chances = tensorOf(a, 0);
  if (countOf(chances) != countOf(destinationOf(a)))
    fail(WICK_ERROR_UNSUPPORTED, "probabilities are not as many as elements");
  if (chances.dtype == WICK_F32)
    return fill(a, [&, p = static_cast<const float *>(chances.data)](Generator &g) mutable {
      check(*p);
      return g.uniform32() < *p++;
    });
  if (chances.dtype != WICK_F64)
    fail(WICK_ERROR_UNSUPPORTED, "probabilities are no floats");
  return fill(a, [&, p = static_cast<const double *>(chances.data)](Generator &g) mutable {
    check(*p);
    return g.uniform64() < *p++;
  });
}

template <> wick_value wick::runtime::run<WICK_FN_DRAW_INTEGER>(const Arguments &a) {
  int64_t from = a.integer(0), to = a.integer(1);
  if (from >= to)
    failOperator("random_ expects 'from' to be less than 'to', but got from=", from, " >= to=", to);
  uint64_t range = uint64_t(to) - uint64_t(from);
  constexpr uint64_t kWide = uint64_t(1) << 28;
  if (range >= kWide)
    return fill(a, [&](Generator &g) { return int64_t(g.bits64() % range + uint64_t(from)); });
  return fill(a, [&](Generator &g) { return int64_t(g.bits32() % range + uint64_t(from)); });
}

template <> wick_value wick::runtime::run<WICK_FN_DRAW_BITS>(const Arguments &a) {
  // How many numbers there are, or 0 for all of 63 bits.
  auto range = uint64_t(a.integer(0));
  constexpr uint64_t kAll = uint64_t(1) << 63;
  if (range == 0 || range > UINT32_MAX)
    return fill(a, [&](Generator &g) { return int64_t(g.bits64() % (range ? range : kAll)); });
  return fill(a, [&](Generator &g) { return int64_t(g.bits32() % range); });
}

template <> wick_value wick::runtime::run<WICK_FN_DRAW_EXPONENTIAL>(const Arguments &a) {
  double lambda = numberOf(a, 0);
  if (!(lambda > 0))
    failOperator("exponential_ expects lambda > 0.0, but found lambda=", lambda);
  return fill(a, [&](Generator &g) { return exponential(g) / lambda; });
}

template <> wick_value wick::runtime::run<WICK_FN_DRAW_GEOMETRIC>(const Arguments &a) {
  double p = numberOf(a, 0);
  if (!(p > 0 && p < 1))
    failOperator("geometric_ expects p to be in (0, 1), but got p=", p);
  return fill(a, [&](Generator &g) { return std::ceil(std::log(g.uniform64()) / std::log1p(-p)); });
}

template <> wick_value wick::runtime::run<WICK_FN_DRAW_CAUCHY>(const Arguments &a) {
  double median = numberOf(a, 0), sigma = numberOf(a, 1);
  if (!(sigma > 0))
    failOperator("cauchy_ expects sigma > 0.0, but found sigma=", sigma);
  return fill(a, [&](Generator &g) { return median + sigma * std::tan(std::numbers::pi * (g.uniform64() - 0.5)); });
}

template <> wick_value wick::runtime::run<WICK_FN_DRAW_LOG_NORMAL>(const Arguments &a) {
  double mean = numberOf(a, 0), deviation = numberOf(a, 1);
  if (!(deviation > 0))
    failOperator("log_normal_ expects std > 0.0, but found std=", deviation);
  return fill(a, [&](Generator &g) { return std::exp(std::fma(g.normal(), deviation, mean)); });
}

template <> wick_value wick::runtime::run<WICK_FN_DRAW_PERMUTATION>(const Arguments &a) {
  const wick_tensor &out = destinationOf(a);
  Generator &generator = generatorOf(a);
  std::lock_guard lock(generator.mutex);
  visitElements(out, [&](auto *elements) {
    int64_t n = countOf(out);
    std::iota(elements, elements + n, 0);
    for (int64_t i = 0; i < n - 1; ++i)
      std::swap(elements[i], elements[i + generator.bits32() % (n - i)]);
  });
  return makeNone();
}

template <> wick_value wick::runtime::run<WICK_FN_DRAW_MULTINOMIAL>(const Arguments &a) {
  const wick_tensor &weights = tensorOf(a, 0), &out = destinationOf(a);
  int64_t size = weights.sizes[weights.rank - 1], count = out.sizes[out.rank - 1],
          rows = size ? countOf(weights) / size : 0;
  if (count <= 0)
    failOperator("cannot sample n_sample <= 0 samples");
  bool replacement = a.integer(1) != 0;
  if (!replacement && count > size)
    failOperator("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
  auto *chosen = static_cast<int64_t *>(out.data);
  Generator &generator = generatorOf(a);
  std::lock_guard lock(generator.mutex);
  visitElements(weights, [&](auto *elements) {
    using T = std::remove_pointer_t<decltype(elements)>;
    if constexpr (std::is_floating_point_v<T>) {
      for (int64_t row = 0; row < rows; ++row)
        checkWeights(elements + row * size, size, count, replacement);
      // One draw is the same with replacement and without.
      std::vector<T> exponentials;
      if (!replacement || count == 1)
        for (int64_t i = 0; i < rows * size; ++i)
          exponentials.push_back(T(exponential(generator)));
      for (int64_t row = 0; row < rows; ++row)
        if (exponentials.empty())
          drawMany(generator, elements + row * size, size, chosen + row * count, count);
        else
          drawOnce(elements + row * size, exponentials.data() + row * size, size, chosen + row * count, count);
    } else {
      fail(WICK_ERROR_UNSUPPORTED, "probabilities are no floats");
    }
  });
  return makeNone();
}
