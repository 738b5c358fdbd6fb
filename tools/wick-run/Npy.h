//===- Npy.h - NumPy's .npy and .npz files -----------------------*- C++ -*-===//
//
// Arrays of the dtypes that Wick has, little-endian. An .npz is a zip of .npy
// files; only stored entries are read, as numpy.savez writes them. bf16, which
// NumPy lacks, is written as '<V2'. Failures throw runtime::Error.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TOOLS_WICK_RUN_NPY_H
#define WICK_TOOLS_WICK_RUN_NPY_H

#include "wick/Runtime/wick.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wick::tools {

struct ReleaseTensor {
  void operator()(wick_tensor *tensor) const { wick_tensor_release(tensor); }
};
using TensorPtr = std::unique_ptr<wick_tensor, ReleaseTensor>;
using NamedTensors = std::vector<std::pair<std::string, TensorPtr>>;

/// Reads the arrays of an .npz, in the file's order and under their names, or the one of an .npy, under "".
NamedTensors readArrays(const std::string &path);

/// Writes contiguous or strided tensors: an .npz by its ending, otherwise an .npy, which takes exactly one. The file
/// appears whole or not at all.
void writeArrays(const std::string &path, const std::vector<std::pair<std::string, const wick_tensor *>> &arrays);

} // namespace wick::tools

#endif // WICK_TOOLS_WICK_RUN_NPY_H
