//===- Torch.h - the headers of LibTorch that the reader needs -------------===//
//
// LibTorch's headers take many seconds to parse, so they are precompiled.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TOOLS_WICK_READ_TORCH_H
#define WICK_TOOLS_WICK_READ_TORCH_H

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/class_type.h>
#include <ATen/core/enum_type.h>
#include <ATen/core/interned_strings.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <caffe2/serialize/read_adapter_interface.h>
#include <nlohmann/json.hpp>
#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/frontend/parser.h>
#include <torch/csrc/jit/frontend/resolver.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/operator.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/pickle.h>

#endif // WICK_TOOLS_WICK_READ_TORCH_H
