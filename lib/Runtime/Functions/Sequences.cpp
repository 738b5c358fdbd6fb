//===- Sequences.cpp - what lists, dicts and strings have in common ----------===//
#include "../Dict.h"
#include "Functions.h"

#include <algorithm>

using namespace wick::runtime;

Selection wick::runtime::select(int64_t size, const wick_value &start, const wick_value &end, int64_t step) {
  if (step == 0)
    failOperator("List slice should have non-zero step");
  int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
  auto bound = [&](const wick_value &given, int64_t absent) {
    if (given.tag == WICK_NONE || given.u.i == INT64_MAX)
      return absent;
    return std::clamp(given.u.i < 0 ? given.u.i + size : given.u.i, low, high);
  };
  int64_t first = bound(start, step > 0 ? low : high), last = bound(end, step > 0 ? high : low);
  int64_t distance = step > 0 ? last - first : first - last;
  uint64_t magnitude = step > 0 ? step : -uint64_t(step);
  return {first, distance > 0 ? int64_t((uint64_t(distance) - 1) / magnitude) + 1 : 0};
}

std::unique_ptr<wick_sequence> wick::runtime::copySequence(const wick_sequence &source) {
  auto copy = std::make_unique<wick_sequence>(source.count);
  for (int64_t i = 0; i < source.count; ++i)
    copy->items[i] = retained(source.items[i]);
  return copy;
}

/// The position of an element, counted from the end when it is negative.
static int64_t checkIndex(const wick_sequence &list, int64_t index) {
  int64_t position = index < 0 ? index + list.count : index;
  if (position < 0 || position >= list.count)
    failOperator("list index out of range");
  return position;
}

static wick_value *findKey(const Arguments &a) {
  wick_value *found = dict::find(a.dict(0), a[1]);
  if (!found)
    failOperator("KeyError: ", printed(a[1]));
  return found;
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_LEN>(const Arguments &a) {
  if (a.has(0, WICK_STRING_VALUE))
    return makeInt(a.text(0).size());
  if (a.has(0, WICK_DICT_VALUE))
    return makeInt(a.dict(0).count / 2);
  return makeInt(a.list(0).count);
}

template <> wick_value run<WICK_FN_GET_ITEM>(const Arguments &a) {
  if (a.has(0, WICK_DICT_VALUE))
    return *findKey(a);
  if (a.has(0, WICK_LIST_VALUE))
    return a.list(0).items[checkIndex(a.list(0), a.integer(1))];
  std::string_view text = a.text(0);
  uint64_t position = a.integer(1) < 0 ? a.integer(1) + text.size() : a.integer(1);
  if (position >= text.size())
    failOperator("basic_string::at: __n (which is ", position, ") >= this->size() (which is ", text.size(), ")");
  return a.keepText(std::string(1, text[position]));
}

template <> wick_value run<WICK_FN_SET_ITEM>(const Arguments &a) {
  wick_value *place;
  if (a.has(0, WICK_DICT_VALUE)) {
    place = dict::find(a.dict(0), a[1]);
    if (!place) {
      dict::add(a.dict(0), retained(a[1]), retained(a[2]));
      return makeNone();
    }
  } else {
    place = &a.list(0).items[checkIndex(a.list(0), a.integer(1))];
  }
  wick_value before = *place;
  *place = retained(a[2]);
  a.keep(before);
  return makeNone();
}

/// Hands what a container held to the context.
static void drop(const Arguments &a, wick_sequence &sequence, int64_t position, int64_t number) {
  sequence.erase(position, number, [&](wick_value value) { a.keep(value); });
}

template <> wick_value run<WICK_FN_POP>(const Arguments &a) {
  if (a.has(0, WICK_DICT_VALUE)) {
    wick_sequence &dict = a.dict(0);
    wick_value *found = dict::find(dict, a[1]);
    if (!found && a.size() > 2)
      return a[2];
    if (!found)
      findKey(a);
    wick_value value = *found;
    drop(a, dict, found - 1 - dict.items, 2);
    dict::dropIndex(dict);
    return value;
  }
  wick_sequence &list = a.list(0);
  if (!list.count)
    failOperator("pop from empty list");
  int64_t position = checkIndex(list, a.integerOr(1, -1));
  wick_value value = list.items[position];
  drop(a, list, position, 1);
  return value;
}

template <> wick_value run<WICK_FN_DELETE>(const Arguments &a) {
  if (a.has(0, WICK_DICT_VALUE)) {
    run<WICK_FN_POP>(a);
    return makeNone();
  }
  if (!a.list(0).count)
    failOperator("pop index out of range");
  drop(a, a.list(0), checkIndex(a.list(0), a.integer(1)), 1);
  return makeNone();
}

template <> wick_value run<WICK_FN_CONTAINS>(const Arguments &a) {
  if (a.has(0, WICK_STRING_VALUE))
    return makeBool(a.text(0).find(a.text(1)) != std::string_view::npos);
  if (a.has(0, WICK_DICT_VALUE))
    return makeBool(dict::find(a.dict(0), a[1]) != nullptr);
  const wick_sequence &list = a.list(0);
  return makeBool(std::any_of(list.begin(), list.end(), [&](auto &item) { return isEqual(item, a[1]); }));
}

template <> wick_value run<WICK_FN_CLEAR>(const Arguments &a) {
  wick_sequence &sequence = sequenceOf(a.has(0, WICK_DICT_VALUE) ? a[0] : makeReference(0, &a.list(0)));
  drop(a, sequence, 0, sequence.count);
  dict::dropIndex(sequence);
  return makeNone();
}

template <> wick_value run<WICK_FN_COPY>(const Arguments &a) {
  int32_t tag = a.has(0, WICK_DICT_VALUE) ? WICK_DICT_VALUE : WICK_LIST_VALUE;
  return a.keepSequence(tag, copySequence(a.sequence(0, tag)));
}

template <> wick_value run<WICK_FN_COPY_LITERAL>(const Arguments &a) { return a.keep(copyValue(a[0])); }

template <> wick_value run<WICK_FN_SLICE>(const Arguments &a) {
  int64_t step = a.integerOr(3, 1);
  wick_value none{};
  const wick_value &start = a.size() > 1 ? a[1] : none, &end = a.size() > 2 ? a[2] : none;
  if (a.has(0, WICK_STRING_VALUE)) {
    std::string_view text = a.text(0);
    Selection selected = select(text.size(), start, end, step);
    std::string result(selected.count, 0);
    for (int64_t i = 0; i < selected.count; ++i)
      result[i] = text[selected.start + i * step];
    return a.keepText(std::move(result));
  }
  const wick_sequence &list = a.list(0);
  Selection selected = select(list.count, start, end, step);
  auto result = std::make_unique<wick_sequence>(selected.count);
  for (int64_t i = 0; i < selected.count; ++i)
    result->items[i] = retained(list.items[selected.start + i * step]);
  return a.keepSequence(WICK_LIST_VALUE, std::move(result));
}

template <> wick_value run<WICK_FN_ADD>(const Arguments &a) {
  if (a.has(0, WICK_STRING_VALUE)) {
    std::string text(a.text(0));
    return a.keepText(std::move(text += a.text(1)));
  }
  const wick_sequence &first = a.list(0), &second = a.list(1);
  auto result = std::make_unique<wick_sequence>(first.count + second.count);
  for (int64_t i = 0; i < first.count; ++i)
    result->items[i] = retained(first.items[i]);
  for (int64_t i = 0; i < second.count; ++i)
    result->items[first.count + i] = retained(second.items[i]);
  return a.keepSequence(WICK_LIST_VALUE, std::move(result));
}

} // namespace wick::runtime
