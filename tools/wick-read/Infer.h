//===- Infer.h - what operators of LibTorch return ---------------*- C++ -*-===//
#ifndef WICK_TOOLS_WICK_READ_INFER_H
#define WICK_TOOLS_WICK_READ_INFER_H

#include <string>

namespace wick::reader {

/// Answers a request (include/wick/Import/OperatorTypes.h says which), by running the operator on tensors without
/// elements or, where it has no such form, on samples. Throws what LibTorch throws.
std::string inferResults(const std::string &request);

} // namespace wick::reader

#endif // WICK_TOOLS_WICK_READ_INFER_H
