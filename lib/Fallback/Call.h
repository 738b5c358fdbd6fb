//===- Call.h - calls an operator of LibTorch --------------------*- C++ -*-===//
#ifndef WICK_LIB_FALLBACK_CALL_H
#define WICK_LIB_FALLBACK_CALL_H

#include "Operation.h"
#include "wick/Runtime/Fallback.h"

namespace wick::fallback {

/// Runs an operation. The results are its own, unless only the contents of the arguments that are written are wanted,
/// and then those. Random numbers come from `numbers`, or from LibTorch's own stream. With `onMeta` only sizes and
/// dtypes are computed. Throws what LibTorch throws.
torch::jit::Stack call(const Operation &operation, const wick_value *args, int64_t count, int64_t resultCount,
                       const wick_random_stream *numbers = nullptr, bool onMeta = false);

} // namespace wick::fallback

#endif // WICK_LIB_FALLBACK_CALL_H
