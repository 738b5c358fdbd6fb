//===- Value.h - owners of the runtime's objects -----------------*- C++ -*-===//
#ifndef WICK_TOOLS_WICK_RUN_VALUE_H
#define WICK_TOOLS_WICK_RUN_VALUE_H

#include "Error.h"

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace wick::tools {

struct ReleaseTensor {
  void operator()(wick_tensor *tensor) const { wick_tensor_release(tensor); }
};
using TensorPtr = std::unique_ptr<wick_tensor, ReleaseTensor>;

/// A value that is released with its holder.
class Value {
public:
  Value() = default;
  explicit Value(wick_value value) : value(value) {}
  explicit Value(TensorPtr tensor) : value{WICK_TENSOR_VALUE, 0, {}} { value.u.p = tensor.release(); }
  Value(Value &&other) noexcept : value(std::exchange(other.value, {})) {}
  Value &operator=(Value &&other) noexcept {
    std::swap(value, other.value);
    return *this;
  }
  ~Value() { wick_value_release(&value); }
  wick_value take() { return std::exchange(value, {}); }
  const wick_tensor *tensor() const {
    return value.tag == WICK_TENSOR_VALUE ? static_cast<const wick_tensor *>(value.u.p) : nullptr;
  }

  wick_value value{};
};

/// Turns a failure of the C interface into an Error: `check(wick_…(…, &check))`.
class Check {
public:
  wick_error **operator&() { return &error; }
  void operator()(wick_status status) {
    if (status == WICK_OK)
      return;
    std::string text = wick_error_text(error), traceback = wick_error_traceback(error);
    wick_error_release(std::exchange(error, nullptr));
    runtime::fail(status, text, traceback.empty() ? "" : "\n", traceback);
  }

private:
  wick_error *error = nullptr;
};

/// Offset, in elements, of the element that is `index`th in C order.
inline int64_t offsetOf(const wick_tensor &tensor, int64_t index) {
  int64_t offset = 0;
  for (int32_t dim = tensor.rank - 1; dim >= 0; --dim) {
    offset += index % tensor.sizes[dim] * tensor.strides[dim];
    index /= tensor.sizes[dim];
  }
  return offset;
}

/// The elements' bytes in C order.
std::string elementsOf(const wick_tensor &tensor);

/// Calls `visit` for each tensor in a value, with `name` and the name of its place in the value after a dot.
void forEachTensor(const wick_value &value, const std::string &name,
                   const std::function<void(const std::string &name, const wick_tensor &tensor)> &visit);

/// Bytes of a contiguous tensor; throws when they cannot be counted.
size_t byteCount(int32_t dtype, const std::vector<int64_t> &sizes);
/// A contiguous tensor; throws Error.
TensorPtr newTensor(int32_t dtype, const std::vector<int64_t> &sizes);

} // namespace wick::tools

#endif // WICK_TOOLS_WICK_RUN_VALUE_H
