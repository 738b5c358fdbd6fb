//===- Torch.h - the headers of LibTorch that the plug-in needs --*- C++ -*-===//
#ifndef WICK_LIB_FALLBACK_TORCH_H
#define WICK_LIB_FALLBACK_TORCH_H

#include <ATen/ATen.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <ATen/core/stack.h>
#include <torch/csrc/jit/runtime/operator.h>
#include <torch/csrc/jit/serialization/pickle.h>

#endif // WICK_LIB_FALLBACK_TORCH_H
