//===- Queries.cpp - what only run time can tell ------------------------------===//
#include "Functions.h"

#include <chrono>
#include <cstring>

using namespace wick::runtime;

/// The numbers that `prim::tolist` asks for.
enum class NumberKind { Int, Float, Bool, Complex };

static bool fits(int32_t dtype, NumberKind kind) {
  switch (kind) {
  case NumberKind::Int: return dtype == WICK_I64;
  case NumberKind::Float: return dtype == WICK_F32 || dtype == WICK_F64;
  case NumberKind::Bool: return dtype == WICK_BOOL;
  case NumberKind::Complex: return dtype == WICK_C64 || dtype == WICK_C128;
  }
  return false;
}

static wick_value makeElement(const Arguments &a, const Tensor &tensor, int64_t offset) {
  const char *at = static_cast<const char *>(tensor.data) + offset * dtypeSize(tensor.dtype);
  if (tensor.dtype == WICK_C64) {
    float parts[2];
    std::memcpy(parts, at, sizeof parts);
    return a.keepComplex({parts[0], parts[1]});
  }
  if (tensor.dtype == WICK_C128) {
    double parts[2];
    std::memcpy(parts, at, sizeof parts);
    return a.keepComplex({parts[0], parts[1]});
  }
  return readElement(tensor.dtype, at);
}

/// The elements from `offset` on, below the dims that lie outside `dim`.
static wick_value listElements(const Arguments &a, const Tensor &tensor, int32_t dim, int64_t offset) {
  if (dim == tensor.rank)
    return makeElement(a, tensor, offset);
  auto list = std::make_unique<wick_sequence>(tensor.sizes[dim]);
  for (wick_value &item : *list) {
    item = retained(listElements(a, tensor, dim + 1, offset));
    offset += tensor.strides[dim];
  }
  return a.keepSequence(WICK_LIST_VALUE, std::move(list));
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_TO_LIST>(const Arguments &a) {
  if (!a.has(0, WICK_TENSOR_VALUE))
    fail(WICK_ERROR_UNSUPPORTED, "tolist() of what is no tensor");
  const Tensor &tensor = *asTensor(static_cast<const wick_tensor *>(a[0].u.p));
  constexpr const char *annotated[] = {"Long", "Double", "Bool", "ComplexDouble"}; // of each kind of numbers
  if (!fits(tensor.dtype, NumberKind(a.integer(2))))
    failOperator("Output annotation element type and runtime tensor element type must match for tolist(): ",
                 annotated[a.integer(2)], " vs ", scalarTypeName(tensor.dtype));
  if (tensor.rank != a.integer(1))
    failOperator("Output annotation list dimension and runtime tensor dimension must match for tolist()");
  return listElements(a, tensor, 0, 0);
}

template <> wick_value run<WICK_FN_ID>(const Arguments &a) {
  return makeInt(isCounted(a[0]) ? int64_t(reinterpret_cast<uintptr_t>(a[0].u.p)) : 0);
}

template <> wick_value run<WICK_FN_TIME_POINT>(const Arguments &) {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return makeInt(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

} // namespace wick::runtime
