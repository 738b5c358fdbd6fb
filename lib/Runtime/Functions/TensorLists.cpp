//===- TensorLists.cpp - tensors of lists that only run time knows -----------===//
#include "Functions.h"

#include <cstring>
#include <memory>

using namespace wick::runtime;

OwnedTensor wick::runtime::allocateTensor(int32_t dtype, int32_t rank, const int64_t *sizes) {
  OwnedTensor tensor(Tensor::allocate(dtype, rank, sizes, Budget::current));
  if (!tensor)
    throw std::bad_alloc();
  return tensor;
}

std::string wick::runtime::printSizes(const wick_tensor &tensor) {
  std::string text = "[";
  for (int32_t i = 0; i < tensor.rank; ++i)
    text += (i ? ", " : "") + std::to_string(tensor.sizes[i]);
  return text + "]";
}

/// Copies each tensor of `list` to its place in `result`: with `outer` the number of elements before the dim along
/// which they lie one after another, each is that many runs of bytes.
static void copyParts(const wick_sequence &list, Tensor &result, int64_t outer) {
  int64_t width = dtypeSize(result.dtype), offset = 0;
  int64_t stride = outer ? result.count() / outer * width : 0;
  for (const wick_value &value : list) {
    const Tensor *part = &heldTensor(value);
    OwnedTensor copy;
    if (!part->isContiguous()) {
      copy = copyTensor(*part, Budget::current);
      part = copy.get();
    }
    int64_t bytes = outer ? part->count() / outer * width : 0;
    for (int64_t i = 0; i < outer && bytes; ++i)
      std::memcpy(static_cast<char *>(result.data) + i * stride + offset,
                  static_cast<const char *>(part->data) + i * bytes, bytes);
    offset += bytes;
  }
}

static int64_t countOuter(const wick_tensor &tensor, int64_t dim) {
  int64_t outer = 1;
  for (int64_t i = 0; i < dim; ++i)
    outer *= tensor.sizes[i];
  return outer;
}

static void checkDtype(const wick_tensor &first, const wick_tensor &other) {
  if (first.dtype != other.dtype)
    fail(WICK_ERROR_UNSUPPORTED, "the tensors of the list differ in dtype: ", dtypeName(first.dtype), " and ",
         dtypeName(other.dtype));
}

/// The number of elements in each level of nested lists, as the first list of each level has them.
static std::vector<int64_t> measure(const wick_value &list) {
  std::vector<int64_t> sizes;
  for (const wick_value *level = &list; level && level->tag == WICK_LIST_VALUE;) {
    const wick_sequence &items = sequenceOf(*level);
    sizes.push_back(items.count);
    level = items.count ? &items.items[0] : nullptr;
  }
  return sizes;
}

static void writeNumber(int32_t dtype, void *at, const wick_value &number) {
  if (!isNumber(number))
    fail(WICK_ERROR_UNSUPPORTED, "a tensor of values of kind ", number.tag);
  auto put = [at](auto element) { std::memcpy(at, &element, sizeof element); };
  switch (dtype) {
  case WICK_BOOL: return put(uint8_t(toDouble(number) != 0));
  case WICK_I64: return put(number.u.i);
  case WICK_F32: return put(float(toDouble(number)));
  default: fail(WICK_ERROR_UNSUPPORTED, "a tensor of dtype ", dtypeName(dtype), " of a list");
  }
}

/// Writes the numbers of `list`, which lies in `dim`, from `at` on; returns where they end.
static char *writeNumbers(const Tensor &tensor, char *at, const wick_sequence &list, int32_t dim) {
  if (list.count != tensor.sizes[dim])
    failOperator("Expected sequence of length ", tensor.sizes[dim], " at dim ", dim, " (got ", list.count, ")");
  for (const wick_value &item : list) {
    if (dim + 1 < tensor.rank) {
      at = writeNumbers(tensor, at, sequenceOf(item), dim + 1);
      continue;
    }
    writeNumber(tensor.dtype, at, item);
    at += dtypeSize(tensor.dtype);
  }
  return at;
}

namespace wick::runtime {

/// (list, number of dims, dtype)
template <> wick_value run<WICK_FN_LIST_TO_TENSOR>(const Arguments &a) {
  const wick_sequence &list = a.list(0);
  std::vector<int64_t> sizes = measure(a[0]);
  if (int64_t(sizes.size()) != a.integer(1))
    fail(WICK_ERROR_UNSUPPORTED, "a tensor of lists of which the first is empty has ", sizes.size(), " dims and not ",
         a.integer(1), ", which the compiled code relies on");
  OwnedTensor result = allocateTensor(a.integer(2), sizes.size(), sizes.data());
  if (result->count())
    writeNumbers(*result, static_cast<char *>(result->data), list, 0);
  return a.keep(makeReference(WICK_TENSOR_VALUE, result.release()));
}

/// (tensors, dim)
template <> wick_value run<WICK_FN_CAT>(const Arguments &a) {
  const wick_sequence &list = a.list(0);
  if (!list.count)
    failOperator("torch.cat(): expected a non-empty list of Tensors");
  // Empty tensors of rank one fit any others.
  auto isLegacyEmpty = [](const Tensor &part) { return part.rank == 1 && part.sizes[0] == 0; };
  int64_t start = 0;
  while (start + 1 < list.count && isLegacyEmpty(heldTensor(list.items[start])))
    ++start;
  const Tensor &first = heldTensor(list.items[start]);
  for (int64_t k = 0; k < list.count; ++k) {
    const Tensor &part = heldTensor(list.items[k]);
    checkDtype(first, part);
    if (!part.rank)
      failOperator("zero-dimensional tensor (at position ", k, ") cannot be concatenated");
  }
  int64_t dim = wrapDim(a.integer(1), first.rank);
  std::vector<int64_t> sizes(first.sizes, first.sizes + first.rank);
  for (int64_t k = start + 1; k < list.count; ++k) {
    const Tensor &part = heldTensor(list.items[k]);
    if (isLegacyEmpty(part))
      continue;
    if (part.rank != first.rank)
      failOperator("Tensors must have same number of dimensions: got ", first.rank, " and ", part.rank);
    for (int32_t i = 0; i < part.rank; ++i)
      if (i != dim && part.sizes[i] != sizes[i])
        failOperator("Sizes of tensors must match except in dimension ", dim, ". Expected size ", sizes[i],
                     " but got size ", part.sizes[i], " for tensor number ", k, " in the list.");
    sizes[dim] += part.sizes[dim];
  }
  OwnedTensor result = allocateTensor(first.dtype, first.rank, sizes.data());
  copyParts(list, *result, countOuter(first, dim));
  return a.keep(makeReference(WICK_TENSOR_VALUE, result.release()));
}

/// (tensors, dim)
template <> wick_value run<WICK_FN_STACK>(const Arguments &a) {
  const wick_sequence &list = a.list(0);
  if (!list.count)
    failOperator("stack expects a non-empty TensorList");
  const Tensor &first = heldTensor(list.items[0]);
  int64_t dim = wrapDim(a.integer(1), first.rank + 1);
  for (int64_t k = 1; k < list.count; ++k) {
    const Tensor &part = heldTensor(list.items[k]);
    checkDtype(first, part);
    if (part.rank != first.rank || !std::equal(part.sizes, part.sizes + part.rank, first.sizes))
      failOperator("stack expects each tensor to be equal size, but got ", printSizes(first), " at entry 0 and ",
                   printSizes(part), " at entry ", k);
  }
  std::vector<int64_t> sizes(first.sizes, first.sizes + first.rank);
  sizes.insert(sizes.begin() + dim, list.count);
  OwnedTensor result = allocateTensor(first.dtype, first.rank + 1, sizes.data());
  copyParts(list, *result, countOuter(first, dim));
  return a.keep(makeReference(WICK_TENSOR_VALUE, result.release()));
}

} // namespace wick::runtime
