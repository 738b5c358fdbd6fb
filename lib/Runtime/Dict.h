//===- Dict.h - dicts in order of insertion ----------------------*- C++ -*-===//
//
// A dict is a sequence of keys and values in turn, so that iteration is that of a list. A
// table of positions, open addressing with a power of two of places, is made when a dict
// that is not small is first searched; removing an entry drops it.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_DICT_H
#define WICK_LIB_RUNTIME_DICT_H

#include "Value.h"

namespace wick::runtime::dict {

uint64_t hash(const wick_value &key);
/// The value of a key, or null.
wick_value *find(wick_sequence &dict, const wick_value &key);
/// Adds an entry whose key is not there yet; takes over both references.
void add(wick_sequence &dict, wick_value key, wick_value value);
/// Says that entries were removed or moved.
inline void dropIndex(wick_sequence &dict) { dict.index.clear(); }

} // namespace wick::runtime::dict

#endif // WICK_LIB_RUNTIME_DICT_H
