//===- Dict.cpp - dicts in order of insertion --------------------------------===//
#include "Dict.h"

#include <functional>
#include <string_view>

using namespace wick::runtime;

/// Up to how many entries are searched one by one.
static constexpr int64_t kSmall = 8;

static uint64_t mix(uint64_t bits) {
  bits *= 0x9e3779b97f4a7c15u;
  return bits ^ (bits >> 32);
}

uint64_t dict::hash(const wick_value &key) {
  switch (key.tag) {
  case WICK_STRING_VALUE: return std::hash<std::string_view>()(static_cast<const wick_string *>(key.u.p)->text);
  case WICK_FLOAT_VALUE: // both zeros are one key
    return mix(key.u.f == 0 ? 0 : uint64_t(key.u.i));
  case WICK_COMPLEX_VALUE: {
    auto *complex = static_cast<const wick_complex *>(key.u.p);
    std::hash<double> hashPart; // zero for both zeros
    return mix(hashPart(complex->real) + mix(hashPart(complex->imag)));
  }
  default: return mix(key.u.i);
  }
}

static bool isKey(const wick_value &a, const wick_value &b) {
  if (a.tag != b.tag)
    return false;
  if (a.tag == WICK_STRING_VALUE)
    return static_cast<const wick_string *>(a.u.p)->text == static_cast<const wick_string *>(b.u.p)->text;
  if (a.tag == WICK_COMPLEX_VALUE) {
    auto *x = static_cast<const wick_complex *>(a.u.p), *y = static_cast<const wick_complex *>(b.u.p);
    return x->real == y->real && x->imag == y->imag;
  }
  return a.tag == WICK_FLOAT_VALUE ? a.u.f == b.u.f : a.u.i == b.u.i;
}

/// The place in the index that holds the key or, if none does, would.
static uint32_t &findPlace(wick_sequence &dict, const wick_value &key) {
  size_t mask = dict.index.size() - 1, place = dict::hash(key) & mask;
  while (uint32_t entry = dict.index[place]) {
    if (isKey(dict.items[2 * (entry - 1)], key))
      break;
    place = (place + 1) & mask;
  }
  return dict.index[place];
}

static void makeIndex(wick_sequence &dict, int64_t entries) {
  size_t places = 4 * kSmall;
  while (places < 2 * size_t(entries))
    places *= 2;
  dict.index.assign(places, 0);
  for (int64_t i = 0; i < dict.count / 2; ++i)
    findPlace(dict, dict.items[2 * i]) = i + 1;
}

wick_value *dict::find(wick_sequence &dict, const wick_value &key) {
  int64_t entries = dict.count / 2;
  if (entries <= kSmall) {
    for (int64_t i = 0; i < entries; ++i)
      if (isKey(dict.items[2 * i], key))
        return &dict.items[2 * i + 1];
    return nullptr;
  }
  if (dict.index.empty())
    makeIndex(dict, entries);
  uint32_t entry = findPlace(dict, key);
  return entry ? &dict.items[2 * (entry - 1) + 1] : nullptr;
}

void dict::add(wick_sequence &dict, wick_value key, wick_value value) {
  int64_t entries = dict.count / 2;
  if (!dict.index.empty() && 4 * size_t(entries + 1) > 3 * dict.index.size())
    makeIndex(dict, 2 * (entries + 1));
  dict.reserve(dict.count + 2);
  if (!dict.index.empty())
    findPlace(dict, key) = entries + 1;
  dict.items[dict.count++] = key;
  dict.items[dict.count++] = value;
}
