//===- Lists.cpp - operators on lists -----------------------------------------===//
#include "Functions.h"

#include <algorithm>
#include <cstdio>

using namespace wick::runtime;

/// Whether values of a kind have an order. Of tuples all elements must; else raises, naming the tuple.
static bool isSortable(const wick_value &value) {
  if (value.tag != WICK_TUPLE_VALUE)
    return isNumber(value) || value.tag == WICK_STRING_VALUE || value.tag == WICK_TENSOR_VALUE;
  for (const wick_value &item : sequenceOf(value))
    if (!isSortable(item))
      failOperator("Contained elements in ", typeOf(value, /*isPrinted=*/true),
                   " are not sortable. Only Int, Bool, Float, String, Tensor, a User Defined "
                   "Class with __lt__ method defined or Tuples of aforementioned types can be sorted.");
  return true;
}

static bool haveOneType(const wick_value &a, const wick_value &b) {
  if (a.tag != WICK_TUPLE_VALUE || b.tag != WICK_TUPLE_VALUE)
    return a.tag == b.tag;
  const wick_sequence &x = sequenceOf(a), &y = sequenceOf(b);
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), haveOneType);
}

/// A new list, or the list itself, with its elements in order. What has no order raises before any element moves.
static void sortItems(wick_sequence &list, bool reverse) {
  if (list.count && !isSortable(list.items[0]))
    failOperator("Only list of Tensors, ints, floats, bools, strs, a User Defined Class that "
                 "defines the __lt__ compare method or Tuples of aforementioned types can be sorted, got list of ",
                 typeOf(list.items[0]));
  for (const wick_value &item : list)
    if (!haveOneType(item, list.items[0]))
      failOperator("Only values of same type can be compared. Found ", typeOf(list.items[0]), " and ", typeOf(item));
  std::stable_sort(list.begin(), list.end(),
                   [&](const wick_value &a, const wick_value &b) { return reverse ? isLess(b, a) : isLess(a, b); });
}

static void extend(wick_sequence &list, const wick_sequence &more) {
  int64_t added = more.count; // which may be the list itself
  list.reserve(list.count + added);
  for (int64_t i = 0; i < added; ++i)
    list.items[list.count + i] = retained(more.items[i]);
  list.count += added;
}

static void repeat(wick_sequence &list, int64_t times) {
  int64_t length = list.count, total;
  if (__builtin_mul_overflow(length, std::max<int64_t>(times, 0), &total))
    throw std::bad_alloc();
  list.reserve(total);
  for (int64_t i = length; i < total; ++i)
    list.items[i] = retained(list.items[i - length]);
  list.count = std::max(total, length);
}

static int64_t findItem(const wick_sequence &list, const wick_value &value) {
  for (int64_t i = 0; i < list.count; ++i)
    if (isEqual(list.items[i], value))
      return i;
  return -1;
}

/// The number of occurrences in a string; see LibTorch's register_string_ops for the ends.
static int64_t countText(std::string_view text, std::string_view part, int64_t start, int64_t end) {
  int64_t size = text.size(), found = 0;
  if (start > size)
    return 0;
  start = start < 0 ? std::max<int64_t>(0, size + start) : start;
  end = end < 0 ? std::max<int64_t>(0, size + end + 1) : end;
  if (part.empty())
    return std::max<int64_t>(std::min(end, size) - start + 1, 0);
  for (size_t at = start; (at = text.find(part, at)) != text.npos && int64_t(at) < end; at += part.size())
    ++found;
  return found;
}

/// The least element by `isBetter`, the first of several; or the better of two lists.
static wick_value choose(const Arguments &a, const char *name,
                         bool (*isBetter)(const wick_value &, const wick_value &)) {
  if (a.size() == 2)
    return isBetter(a[1], a[0]) ? a[1] : a[0];
  const wick_sequence &list = a.list(0);
  if (!list.count)
    failOperator(name, "() arg is an empty sequence");
  const wick_value *best = list.items;
  for (const wick_value &item : list)
    if (isBetter(item, *best))
      best = &item;
  return *best;
}

static bool isTrue(const wick_value &value) {
  if (value.tag == WICK_STRING_VALUE)
    return !textOf(value).empty();
  return value.tag == WICK_FLOAT_VALUE ? value.u.f != 0 : value.u.i != 0;
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_LIST_NEW>(const Arguments &a) {
  auto list = std::make_unique<wick_sequence>(a.size());
  for (int64_t i = 0; i < a.size(); ++i)
    list->items[i] = retained(a[i]);
  return a.keepSequence(WICK_LIST_VALUE, std::move(list));
}

template <> wick_value run<WICK_FN_TUPLE_NEW>(const Arguments &a) {
  auto tuple = std::make_unique<wick_sequence>(a.size());
  for (int64_t i = 0; i < a.size(); ++i)
    tuple->items[i] = retained(a[i]);
  return a.keepSequence(WICK_TUPLE_VALUE, std::move(tuple));
}

template <> wick_value run<WICK_FN_LIST_UNPACK>(const Arguments &a) {
  if (a.list(0).count != a.integer(1))
    failOperator("Expected ", a.integer(1), " elements in a list but found ", a.list(0).count);
  return makeNone();
}

template <> wick_value run<WICK_FN_APPEND>(const Arguments &a) {
  wick_sequence &list = a.list(0);
  list.reserve(list.count + 1);
  list.append(retained(a[1]));
  return a[0];
}

template <> wick_value run<WICK_FN_EXTEND>(const Arguments &a) {
  extend(a.list(0), a.list(1));
  return makeNone();
}

template <> wick_value run<WICK_FN_ADD_IN_PLACE>(const Arguments &a) {
  extend(a.list(0), a.list(1));
  return a[0];
}

template <> wick_value run<WICK_FN_INSERT>(const Arguments &a) {
  wick_sequence &list = a.list(0);
  int64_t position = a.integer(1) < 0 ? a.integer(1) + list.count : a.integer(1);
  list.reserve(list.count + 1);
  list.insert(std::clamp<int64_t>(position, 0, list.count), retained(a[2]));
  return makeNone();
}

template <> wick_value run<WICK_FN_REMOVE>(const Arguments &a) {
  wick_sequence &list = a.list(0);
  int64_t position = findItem(list, a[1]);
  if (position < 0)
    failOperator("list.remove(x): x not in list");
  list.erase(position, 1, [&](wick_value value) { a.keep(value); });
  return makeNone();
}

template <> wick_value run<WICK_FN_INDEX>(const Arguments &a) {
  if (a.has(0, WICK_STRING_VALUE)) {
    wick_value found = run<WICK_FN_FIND>(a);
    if (found.u.i < 0)
      failOperator("ValueError: substring not found");
    return found;
  }
  int64_t position = findItem(a.list(0), a[1]);
  if (position < 0 && a.has(1, WICK_FLOAT_VALUE)) {
    char text[32];
    std::snprintf(text, sizeof(text), "%g", a[1].u.f);
    failOperator("'", text, "' is not in list");
  }
  if (position < 0)
    failOperator("'", a.has(1, WICK_BOOL_VALUE) ? concat(a[1].u.i) : printed(a[1]), "' is not in list");
  return makeInt(position);
}

template <> wick_value run<WICK_FN_COUNT>(const Arguments &a) {
  if (a.has(0, WICK_STRING_VALUE))
    return makeInt(countText(a.text(0), a.text(1), a.integerOr(2, 0), a.integerOr(3, -1)));
  const wick_sequence &list = a.list(0);
  return makeInt(std::count_if(list.begin(), list.end(), [&](auto &item) { return isEqual(item, a[1]); }));
}

template <> wick_value run<WICK_FN_REVERSE>(const Arguments &a) {
  std::reverse(a.list(0).begin(), a.list(0).end());
  return makeNone();
}

template <> wick_value run<WICK_FN_SORT>(const Arguments &a) {
  sortItems(a.list(0), a.flagOr(1, false));
  return makeNone();
}

template <> wick_value run<WICK_FN_SORTED>(const Arguments &a) {
  auto copy = copySequence(a.list(0));
  wick_sequence &list = *copy;
  wick_value result = a.keepSequence(WICK_LIST_VALUE, std::move(copy));
  sortItems(list, false);
  return result;
}

template <> wick_value run<WICK_FN_LIST>(const Arguments &a) {
  if (!a.has(0, WICK_STRING_VALUE))
    return run<WICK_FN_COPY>(a);
  auto list = std::make_unique<wick_sequence>();
  wick_sequence &letters = *list;
  wick_value result = a.keepSequence(WICK_LIST_VALUE, std::move(list));
  for (char letter : a.text(0)) {
    letters.reserve(letters.count + 1);
    letters.append(makeReference(WICK_STRING_VALUE, new wick_string{{1}, std::string(1, letter)}));
  }
  return result;
}

template <> wick_value run<WICK_FN_MUL>(const Arguments &a) {
  bool listFirst = a.has(0, WICK_LIST_VALUE);
  int64_t times = a.integer(listFirst);
  auto copy = times > 0 ? copySequence(a.list(!listFirst)) : std::make_unique<wick_sequence>();
  wick_sequence &list = *copy;
  wick_value result = a.keepSequence(WICK_LIST_VALUE, std::move(copy));
  repeat(list, times);
  return result;
}

template <> wick_value run<WICK_FN_MUL_IN_PLACE>(const Arguments &a) {
  if (a.integer(1) > 0)
    repeat(a.list(0), a.integer(1));
  else
    run<WICK_FN_CLEAR>(a);
  return a[0];
}

template <> wick_value run<WICK_FN_SUM>(const Arguments &a) {
  const wick_sequence &list = a.list(0);
  if (list.count && list.items[0].tag == WICK_COMPLEX_VALUE) {
    std::complex<double> sum;
    for (const wick_value &item : list)
      sum += toComplex(item);
    return a.keepComplex(sum);
  }
  double sum = 0;
  uint64_t whole = 0; // integers wrap
  for (const wick_value &item : list)
    item.tag == WICK_FLOAT_VALUE ? void(sum += item.u.f) : void(whole += item.u.i);
  return list.count && list.items[0].tag == WICK_FLOAT_VALUE ? makeFloat(sum) : makeInt(whole);
}

template <> wick_value run<WICK_FN_ANY>(const Arguments &a) {
  return makeBool(std::any_of(a.list(0).begin(), a.list(0).end(), isTrue));
}

template <> wick_value run<WICK_FN_ALL>(const Arguments &a) {
  return makeBool(std::all_of(a.list(0).begin(), a.list(0).end(), isTrue));
}

template <> wick_value run<WICK_FN_MIN>(const Arguments &a) { return choose(a, "min", isLess); }

template <> wick_value run<WICK_FN_MAX>(const Arguments &a) {
  return choose(a, "max", [](const wick_value &x, const wick_value &y) { return isLess(y, x); });
}

template <> wick_value run<WICK_FN_RANGE_LIST>(const Arguments &a) {
  auto list = std::make_unique<wick_sequence>(std::max<int64_t>(a.integer(0), 0));
  for (int64_t i = 0; i < list->count; ++i)
    list->items[i] = makeInt(i);
  return a.keepSequence(WICK_LIST_VALUE, std::move(list));
}

template <> wick_value run<WICK_FN_RANGE_LENGTH>(const Arguments &a) {
  int64_t low = a.integer(0), high = a.integer(1), step = a.integer(2);
  if (step == 0)
    failOperator("range() arg 3 must not be zero");
  if (step > 0 ? low >= high : low <= high)
    return makeInt(0);
  uint64_t distance = step > 0 ? uint64_t(high) - uint64_t(low) : uint64_t(low) - uint64_t(high);
  uint64_t magnitude = step > 0 ? step : -uint64_t(step);
  return makeInt(1 + (distance - 1) / magnitude);
}

} // namespace wick::runtime
