//===- Tensors.cpp - irregular work on tensors -------------------------------===//
//
// Routines (`plan.routine`): tensors come as descriptors of contiguous memory, destinations
// last. Among equal elements the choice is that of LibTorch, which uses the same algorithms
// of the same library.
//
//===----------------------------------------------------------------------===//
#include "Functions.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <type_traits>
#include <vector>

using namespace wick::runtime;

template <typename T> static bool isNan([[maybe_unused]] T value) {
  if constexpr (std::is_floating_point_v<T>)
    return std::isnan(value);
  return false;
}

/// An order of all numbers in which NaN is the greatest.
template <typename T> static bool isBefore(T a, T b) { return a < b || (isNan(b) && !isNan(a)); }

template <typename T> struct Entry {
  T value;
  int64_t index;
};
template <typename T> static bool ascends(const Entry<T> &a, const Entry<T> &b) { return isBefore(a.value, b.value); }
template <typename T> static bool descends(const Entry<T> &a, const Entry<T> &b) { return isBefore(b.value, a.value); }

namespace {
/// The rows of a tensor along argument 1 and, in the last two arguments, those of the values and indices found.
template <typename T> class Rows {
public:
  explicit Rows(const Arguments &a)
      : input(tensorOf(a, 0)), values(tensorOf(a, a.size() - 2)), indices(tensorOf(a, a.size() - 1)),
        dim(a.integer(1)) {
    if (dim < 0 || dim >= input.rank)
      fail(WICK_ERROR_UNSUPPORTED, "a tensor of rank ", input.rank, " has no dim ", dim);
    for (int64_t i = 0; i < input.rank; ++i)
      (i < dim ? outer : inner) *= i == dim ? 1 : input.sizes[i];
  }

  int64_t size() const { return input.sizes[dim]; }
  int64_t wanted() const { return values.sizes[dim]; }

  /// `work` brings as many entries of a row as are wanted to its front.
  template <typename Work> void forEach(Work work) {
    std::vector<Entry<T>> row(size());
    for (int64_t i = 0; i < outer; ++i)
      for (int64_t j = 0; j < inner; ++j) {
        const T *from = static_cast<const T *>(input.data) + i * size() * inner + j;
        for (int64_t k = 0; k < size(); ++k)
          row[k] = {from[k * inner], k};
        work(row);
        int64_t start = i * wanted() * inner + j;
        for (int64_t k = 0; k < wanted(); ++k) {
          static_cast<T *>(values.data)[start + k * inner] = row[k].value;
          static_cast<int64_t *>(indices.data)[start + k * inner] = row[k].index;
        }
      }
  }

private:
  const wick_tensor &input, &values, &indices;
  int64_t dim, outer = 1, inner = 1;
};
} // namespace

template <typename T> static void sortRows(const Arguments &a) {
  Rows<T>(a).forEach([order = a.integer(2) ? descends<T> : ascends<T>](std::vector<Entry<T>> &row) {
    std::stable_sort(row.begin(), row.end(), order);
  });
}

template <typename T> static void selectTop(const Arguments &a) {
  Rows<T> rows(a);
  int64_t k = rows.wanted(), size = rows.size();
  if (k > size)
    failOperator("topk: k is ", k, ", which is out of range for a dim of size ", size);
  if (k == 0)
    return;
  rows.forEach([=, order = a.integer(2) ? descends<T> : ascends<T>, sorted = a.integer(3)](std::vector<Entry<T>> &row) {
    if (k * 64 <= size)
      return std::partial_sort(row.begin(), row.begin() + k, row.end(), order);
    std::nth_element(row.begin(), row.begin() + k - 1, row.end(), order);
    if (sorted)
      std::sort(row.begin(), row.begin() + k - 1, order);
  });
}

template <typename T> static void findMedians(const Arguments &a) {
  Rows<T> rows(a);
  if (rows.size() == 0)
    failOperator("a dim of size 0 has no median");
  rows.forEach([skipsNan = a.integer(2)](std::vector<Entry<T>> &row) {
    auto isNumber = [](const Entry<T> &entry) { return !isNan(entry.value); };
    auto numbers = std::count_if(row.begin(), row.end(), isNumber);
    auto found = row.begin();
    if (numbers != int64_t(row.size()) && !skipsNan) {
      found = std::find_if_not(row.begin(), row.end(), isNumber);
    } else {
      found += std::max<int64_t>(numbers - 1, 0) / 2;
      std::nth_element(row.begin(), found, row.end(), ascends<T>);
    }
    row.front() = *found;
  });
}

/// Calls `work` with a value of the type of the first argument's elements.
template <typename Work> static wick_value dispatch(const Arguments &a, Work work) {
  switch (int32_t dtype = tensorOf(a, 0).dtype) {
  case WICK_I32: work(int32_t()); break;
  case WICK_I64: work(int64_t()); break;
  case WICK_F32: work(float()); break;
  case WICK_F64: work(double()); break;
  default: fail(WICK_ERROR_UNSUPPORTED, "a routine does not take tensors of dtype ", dtype);
  }
  return makeNone();
}

template <> wick_value wick::runtime::run<WICK_FN_TENSOR_SORT>(const Arguments &a) {
  return dispatch(a, [&](auto zero) { sortRows<decltype(zero)>(a); });
}
template <> wick_value wick::runtime::run<WICK_FN_TENSOR_TOPK>(const Arguments &a) {
  return dispatch(a, [&](auto zero) { selectTop<decltype(zero)>(a); });
}
template <> wick_value wick::runtime::run<WICK_FN_TENSOR_MEDIAN>(const Arguments &a) {
  return dispatch(a, [&](auto zero) { findMedians<decltype(zero)>(a); });
}
