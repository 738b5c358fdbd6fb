//===- Dicts.cpp - operators on dicts -----------------------------------------===//
#include "../Dict.h"
#include "Functions.h"

using namespace wick::runtime;

/// Adds an entry or replaces the value of one, which keeps its place.
static void put(const Arguments &a, wick_sequence &dict, const wick_value &key, const wick_value &value) {
  wick_value *place = dict::find(dict, key);
  if (!place)
    return dict::add(dict, retained(key), retained(value));
  wick_value before = *place;
  *place = retained(value);
  a.keep(before);
}

/// A list of every second item.
static wick_value project(const Arguments &a, int64_t first) {
  const wick_sequence &dict = a.dict(0);
  auto list = std::make_unique<wick_sequence>(dict.count / 2);
  for (int64_t i = 0; i < list->count; ++i)
    list->items[i] = retained(dict.items[2 * i + first]);
  return a.keepSequence(WICK_LIST_VALUE, std::move(list));
}

static wick_value makePair(const wick_value &key, const wick_value &value) {
  auto *pair = new wick_sequence(2);
  pair->items[0] = retained(key);
  pair->items[1] = retained(value);
  return makeReference(WICK_TUPLE_VALUE, pair);
}

/// A new dict, left to the context, and the object itself.
static wick_value newDict(const Arguments &a, wick_sequence *&dict) {
  auto made = std::make_unique<wick_sequence>();
  dict = made.get();
  return a.keepSequence(WICK_DICT_VALUE, std::move(made));
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_DICT_NEW>(const Arguments &a) {
  wick_sequence *dict;
  wick_value result = newDict(a, dict);
  for (int64_t i = 0; i + 1 < a.size(); i += 2)
    put(a, *dict, a[i], a[i + 1]);
  return result;
}

template <> wick_value run<WICK_FN_KEYS>(const Arguments &a) { return project(a, 0); }
template <> wick_value run<WICK_FN_VALUES>(const Arguments &a) { return project(a, 1); }

template <> wick_value run<WICK_FN_ITEMS>(const Arguments &a) {
  const wick_sequence &dict = a.dict(0);
  auto list = std::make_unique<wick_sequence>(dict.count / 2);
  wick_sequence &items = *list;
  wick_value result = a.keepSequence(WICK_LIST_VALUE, std::move(list));
  for (int64_t i = 0; i < items.count; ++i)
    items.items[i] = makePair(dict.items[2 * i], dict.items[2 * i + 1]);
  return result;
}

template <> wick_value run<WICK_FN_GET>(const Arguments &a) {
  wick_value *found = dict::find(a.dict(0), a[1]);
  return found ? *found : a.size() > 2 ? a[2] : makeNone();
}

template <> wick_value run<WICK_FN_SET_DEFAULT>(const Arguments &a) {
  if (wick_value *found = dict::find(a.dict(0), a[1]))
    return *found;
  dict::add(a.dict(0), retained(a[1]), retained(a[2]));
  return a[2];
}

template <> wick_value run<WICK_FN_UPDATE>(const Arguments &a) {
  wick_sequence &more = a.dict(1);
  for (int64_t i = 0; i < more.count; i += 2)
    put(a, a.dict(0), more.items[i], more.items[i + 1]);
  return makeNone();
}

template <> wick_value run<WICK_FN_POP_ITEM>(const Arguments &a) {
  wick_sequence &dict = a.dict(0);
  if (!dict.count)
    failOperator("popitem(): dictionary is empty");
  // The first entry, unlike in Python.
  wick_value pair = a.keep(makePair(dict.items[0], dict.items[1]));
  dict.erase(0, 2, [&](wick_value value) { a.keep(value); });
  dict::dropIndex(dict);
  return pair;
}

template <> wick_value run<WICK_FN_DICT>(const Arguments &a) {
  if (a.has(0, WICK_DICT_VALUE))
    return run<WICK_FN_COPY>(a);
  wick_sequence *dict;
  wick_value result = newDict(a, dict);
  if (a.size())
    for (const wick_value &entry : a.list(0))
      put(a, *dict, sequenceOf(entry).items[0], sequenceOf(entry).items[1]);
  return result;
}

} // namespace wick::runtime
