//===- Torch.h - files of torch.save -----------------------------*- C++ -*-===//
//
// A zip of a pickle and of storages. What is understood: tensors, parameters, numbers,
// truth values, text, None, tuples, lists and dicts. Other objects are refused
// by the name of their class: nothing in the file is executed. A tensor's elements
// are checked against its storage and copied. Failures throw runtime::Error.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TOOLS_WICK_RUN_TORCH_H
#define WICK_TOOLS_WICK_RUN_TORCH_H

#include "Value.h"
#include "Zip.h"

#include <functional>

namespace wick::tools {

/// The bytes of an entry, inflated into the buffer where need be.
using ReadEntry = std::function<runtime::Bytes(const runtime::ZipEntry &entry, std::string &buffer)>;

/// Whether a zip file is one of torch.save.
bool isTorch(const runtime::ZipDirectory &zip);
/// The object in the file; `where` names it in errors.
Value readTorch(const runtime::ZipDirectory &zip, const ReadEntry &read, const std::string &where);
std::string formatTorch(const wick_value &value);

} // namespace wick::tools

#endif // WICK_TOOLS_WICK_RUN_TORCH_H
