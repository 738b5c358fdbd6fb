//===- Value.cpp - owners of the runtime's objects --------------------------===//
#include "Value.h"
#include "Print.h"

#include <algorithm>
#include <vector>

using namespace wick::runtime;
using namespace wick::tools;

static void appendElements(std::string &out, const wick_tensor &tensor, int32_t dim, const char *data,
                           int64_t element) {
  if (dim == tensor.rank) {
    out.append(data, element);
    return;
  }
  for (int64_t i = 0; i < tensor.sizes[dim]; ++i)
    appendElements(out, tensor, dim + 1, data + i * tensor.strides[dim] * element, element);
}

std::string wick::tools::elementsOf(const wick_tensor &tensor) {
  std::string out;
  out.reserve(wick_tensor_count(&tensor) * wick_dtype_size(tensor.dtype));
  appendElements(out, tensor, 0, static_cast<const char *>(tensor.data), wick_dtype_size(tensor.dtype));
  return out;
}

void wick::tools::forEachTensor(const wick_value &value, const std::string &name,
                                const std::function<void(const std::string &, const wick_tensor &)> &visit) {
  if (value.tag == WICK_TENSOR_VALUE)
    return visit(name, *static_cast<const wick_tensor *>(value.u.p));
  if (value.tag == WICK_OBJECT_VALUE) {
    // Objects may hold each other in a circle: one that is visited is left out where it comes again in itself.
    static thread_local std::vector<const void *> open;
    auto *object = static_cast<wick_sequence *>(value.u.p);
    if (std::find(open.begin(), open.end(), object) != open.end())
      return;
    open.push_back(object);
    const wick_class *cls = wick_object_class(object);
    for (int32_t i = 0, n = wick_class_attribute_count(cls); i < n; ++i)
      forEachTensor(wick_sequence_items(object)[i],
                    (name.empty() ? "" : name + ".") + wick_class_attribute_name(cls, i), visit);
    open.pop_back();
    return;
  }
  if (value.tag != WICK_LIST_VALUE && value.tag != WICK_TUPLE_VALUE && value.tag != WICK_DICT_VALUE)
    return;
  auto *sequence = static_cast<wick_sequence *>(value.u.p);
  const wick_value *items = wick_sequence_items(sequence);
  bool dict = value.tag == WICK_DICT_VALUE;
  for (int64_t i = 0, n = wick_sequence_count(sequence); i + dict < n; i += 1 + dict) {
    std::string part = !dict ? std::to_string(i)
                       : items[i].tag == WICK_STRING_VALUE
                           ? wick_string_data(static_cast<wick_string *>(items[i].u.p), nullptr)
                           : valueText(items[i]);
    forEachTensor(items[i + dict], name.empty() ? part : name + "." + part, visit);
  }
}

size_t wick::tools::byteCount(int32_t dtype, const std::vector<int64_t> &sizes) {
  int64_t bytes = wick_dtype_size(dtype);
  bool empty = false;
  for (int64_t size : sizes) {
    empty |= size == 0;
    if (size && __builtin_mul_overflow(bytes, size, &bytes))
      fail(WICK_ERROR_ARGUMENT, "a tensor has too many elements");
  }
  return empty ? 0 : bytes;
}

TensorPtr wick::tools::newTensor(int32_t dtype, const std::vector<int64_t> &sizes) {
  wick_tensor *made = nullptr;
  Check check;
  check(wick_tensor_new(dtype, sizes.size(), sizes.data(), &made, &check));
  return TensorPtr(made);
}
