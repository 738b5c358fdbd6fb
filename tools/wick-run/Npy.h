//===- Npy.h - NumPy's .npy format -------------------------------*- C++ -*-===//
//
// Arrays of the dtypes that Wick has, little-endian. bf16, which NumPy lacks, is
// written as '<V2'. Failures throw runtime::Error.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TOOLS_WICK_RUN_NPY_H
#define WICK_TOOLS_WICK_RUN_NPY_H

#include "Mapping.h"
#include "Value.h"

namespace wick::tools {

/// Whether bytes begin like an array.
bool isNpy(runtime::Bytes bytes);
/// The array in `bytes`; `where` names it in errors.
TensorPtr parseNpy(runtime::Bytes bytes, const std::string &where);
std::string formatNpy(const wick_tensor &tensor);

} // namespace wick::tools

#endif // WICK_TOOLS_WICK_RUN_NPY_H
