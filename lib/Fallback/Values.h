//===- Values.h - values of Wick and of LibTorch -----------------*- C++ -*-===//
#ifndef WICK_LIB_FALLBACK_VALUES_H
#define WICK_LIB_FALLBACK_VALUES_H

#include "Torch.h"
#include "wick/Runtime/wick.h"

namespace wick::fallback {

/// The tensor over the same memory, which it keeps alive.
at::Tensor toTorch(wick_tensor *tensor);
/// A value as a parameter of type `type` takes it; throws c10::Error where it does not fit.
c10::IValue toTorch(const wick_value &value, const c10::TypePtr &type);

/// The reverse; the caller owns what is returned. A tensor shares memory with the one given.
wick_value fromTorch(const c10::IValue &value);
wick_value fromTorch(const at::Tensor &tensor);

} // namespace wick::fallback

#endif // WICK_LIB_FALLBACK_VALUES_H
