//===- Operation.h - the text of an operation, and what it calls -*- C++ -*-===//
#ifndef WICK_LIB_FALLBACK_OPERATION_H
#define WICK_LIB_FALLBACK_OPERATION_H

#include "Torch.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wick::fallback {

/// What the caller relies on in a result; nothing of one that may be anything.
struct ResultSpec {
  std::optional<at::ScalarType> dtype;
  std::vector<int64_t> sizes; // -1 where any size will do
  bool isList = false;

  /// `f32[?,3]`
  std::string print() const;
};

/// An argument as the text names it.
struct NamedArgument {
  std::string name;
  bool isCopied = false;  // written, and what it holds afterwards is a result
  bool isWritten = false; // written where it is
};

/// An operation as in include/wick/Runtime/Fallback.h.
struct Operation {
  std::vector<std::string> names;
  std::vector<NamedArgument> arguments;
  std::vector<ResultSpec> results;

  /// Throws c10::Error when the text is malformed.
  static Operation parse(std::string_view text);
};

/// The text's operation, parsed once.
const Operation &getOperation(std::string_view text);

} // namespace wick::fallback

#endif // WICK_LIB_FALLBACK_OPERATION_H
