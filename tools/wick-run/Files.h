//===- Files.h - values in .npy, .npz and .pt files --------------*- C++ -*-===//
//
// What stands in a file decides how it is read, its ending how it is written. Zip files
// may be compressed; everything in them is checked before it is believed. Failures
// throw runtime::Error.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TOOLS_WICK_RUN_FILES_H
#define WICK_TOOLS_WICK_RUN_FILES_H

#include "Value.h"

#include <vector>

namespace wick::tools {

struct NamedValue {
  std::string name; // "" where the file has none
  Value value;
};

/// Whether the ending is that of a file of values.
bool isValueFile(std::string_view path);

/// The values of a file, in its order: the arrays of an .npz under their names; the elements of a tuple or list, or the
/// entries of a dict with text as keys, of a .pt; otherwise one.
std::vector<NamedValue> readValues(const std::string &path);

/// Writes a value: a .pt as it is; the tensors in it to an .npz, under names of their places; the only tensor in it to
/// an .npy. The file appears whole or not at all.
void writeValue(const std::string &path, const wick_value &value);

} // namespace wick::tools

#endif // WICK_TOOLS_WICK_RUN_FILES_H
