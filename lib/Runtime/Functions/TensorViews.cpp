//===- TensorViews.cpp - views of tensors, and access to their elements ------===//
//
// A view is a tensor with strides of its own over the memory of another. Code reads and writes memory in order:
// it gathers the elements of a tensor that may be a view, which is the tensor itself if they lie in order, and scatters
// what it has written.
//
//===----------------------------------------------------------------------===//
#include "Functions.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <optional>
#include <vector>

using namespace wick::runtime;

int64_t wick::runtime::wrapDim(int64_t dim, int64_t rank) {
  int64_t bound = std::max<int64_t>(rank, 1);
  if (dim < -bound || dim >= bound)
    failOperator("Dimension out of range (expected to be in range of [", -bound, ", ", bound - 1, "], but got ", dim,
                 ")");
  return dim < 0 ? dim + bound : dim;
}

namespace {
/// Where the elements of a view lie.
struct Layout {
  explicit Layout(const Tensor &tensor)
      : dtype(tensor.dtype), sizes(tensor.sizes, tensor.sizes + tensor.rank),
        strides(tensor.strides, tensor.strides + tensor.rank) {}

  int64_t rank() const { return sizes.size(); }
  int32_t dtype;
  int64_t offset = 0; // in elements of the tensor that is viewed
  std::vector<int64_t> sizes, strides;
};
} // namespace

static Tensor &viewedTensor(const Arguments &a) { return const_cast<Tensor &>(heldTensor(a[0])); }

static wick_value keep(const Arguments &a, OwnedTensor made) {
  if (!made)
    throw std::bad_alloc();
  return a.keep(makeReference(WICK_TENSOR_VALUE, static_cast<wick_tensor *>(made.release())));
}

static wick_value makeView(const Arguments &a, const Layout &layout) {
  Tensor &source = viewedTensor(a);
  char *data = static_cast<char *>(source.data) + layout.offset * dtypeSize(source.dtype);
  return keep(a, OwnedTensor(Tensor::view(source, data, layout.dtype, layout.rank(), layout.sizes.data(),
                                          layout.strides.data())));
}

/// The numbers after the first argument: sizes, or dims.
static std::vector<int64_t> numbersOf(const Arguments &a) {
  std::vector<int64_t> numbers;
  for (int64_t i = 1; i < a.size(); ++i)
    numbers.push_back(a.integer(i));
  return numbers;
}

static int64_t countElements(const std::vector<int64_t> &sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t(1), std::multiplies<>());
}

/// The strides with which the same elements have other sizes, if there are such: dims of the tensor of which one step
/// of the outer is the whole of the inner form a run, and new dims have to divide the runs.
static std::optional<std::vector<int64_t>> findStrides(const Tensor &tensor, const std::vector<int64_t> &sizes) {
  std::vector<int64_t> strides(sizes.size(), 1);
  int64_t target = sizes.size(); // dims from here on have their strides
  if (countElements(sizes) == 0) {
    setContiguous(strides.data(), target, sizes.data());
    return strides;
  }
  for (int32_t end = tensor.rank; end > 0;) {
    int64_t step = tensor.strides[end - 1], length = 1;
    do
      length *= tensor.sizes[--end];
    while (end > 0 && (tensor.sizes[end - 1] == 1 || tensor.strides[end - 1] == step * length));
    int64_t covered = 1;
    while (target > 0 && (covered < length || sizes[target - 1] == 1)) {
      strides[--target] = step * covered;
      covered *= sizes[target];
    }
    if (covered != length)
      return std::nullopt;
  }
  while (target > 0 && sizes[target - 1] == 1)
    --target;
  return target == 0 ? std::optional(strides) : std::nullopt;
}

/// What has other sizes and the same elements; nothing where strides do not allow it.
static std::optional<wick_value> reshape(const Arguments &a, const std::vector<int64_t> &sizes) {
  const Tensor &tensor = viewedTensor(a);
  if (countElements(sizes) != tensor.count())
    failOperator("a tensor of ", tensor.count(), " elements has no view of ", countElements(sizes));
  std::optional<std::vector<int64_t>> strides = findStrides(tensor, sizes);
  if (!strides)
    return std::nullopt;
  Layout layout(tensor);
  layout.sizes = sizes;
  layout.strides = *strides;
  return makeView(a, layout);
}

/// Whether several elements of a tensor may be one in memory.
static bool mayOverlap(const Tensor &tensor) {
  std::vector<std::pair<int64_t, int64_t>> steps; // and how often each is taken
  for (int32_t dim = 0; dim < tensor.rank; ++dim)
    if (tensor.sizes[dim] > 1)
      steps.emplace_back(tensor.strides[dim], tensor.sizes[dim] - 1);
  std::sort(steps.begin(), steps.end());
  int64_t reach = 0;
  for (auto [stride, count] : steps) {
    if (stride <= reach)
      return tensor.count() != 0;
    reach += stride * count;
  }
  return false;
}

/// Writes those elements of a copy that are not as they are in the tensor any more: the others may be one with these.
static void writeChanged(const Tensor &copy, const Tensor &target, bool mayRepeat) {
  bool isExpanded = false;
  for (int32_t dim = 0; dim < target.rank; ++dim)
    isExpanded |= target.sizes[dim] > 1 && target.strides[dim] == 0;
  int64_t bytes = dtypeSize(target.dtype), count = target.count();
  const auto *source = static_cast<const char *>(copy.data);
  std::vector<std::pair<char *, const char *>> changed;
  std::vector<int64_t> position(target.rank);
  for (int64_t i = 0; i < count; ++i, source += bytes) {
    char *place = static_cast<char *>(target.data);
    for (int32_t dim = 0; dim < target.rank; ++dim)
      place += position[dim] * target.strides[dim] * bytes;
    if (std::memcmp(place, source, bytes))
      changed.emplace_back(place, source);
    for (int32_t dim = target.rank; dim-- > 0 && ++position[dim] == target.sizes[dim];)
      position[dim] = 0;
  }
  if (isExpanded && !mayRepeat) {
    std::vector<char *> places;
    for (auto [place, element] : changed)
      places.push_back(place);
    std::sort(places.begin(), places.end());
    if (std::adjacent_find(places.begin(), places.end()) != places.end())
      failOperator("unsupported operation: more than one element of the written-to tensor refers to a single memory "
                   "location. Please clone() the tensor before performing the operation.");
  }
  for (auto [place, element] : changed)
    std::memcpy(place, element, bytes);
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_VIEW_SELECT>(const Arguments &a) {
  Layout layout(viewedTensor(a));
  if (!layout.rank())
    failOperator("select() cannot be applied to a 0-dim tensor.");
  int64_t dim = wrapDim(a.integer(1), layout.rank()), index = a.integer(2), size = layout.sizes[dim];
  if (index < -size || index >= size)
    failOperator("select(): index ", index, " out of range for tensor of size ", printSizes(viewedTensor(a)),
                 " at dimension ", dim);
  layout.offset = (index < 0 ? index + size : index) * layout.strides[dim];
  layout.sizes.erase(layout.sizes.begin() + dim);
  layout.strides.erase(layout.strides.begin() + dim);
  return makeView(a, layout);
}

/// The elements of a dim from `start` on, as many as `length`.
static Selection narrow(int64_t size, int64_t start, int64_t length) {
  if (length < 0)
    failOperator("narrow(): length must be non-negative.");
  if (start < -size || start > size)
    failOperator("start out of range (expected to be in range of [", -size, ", ", size, "], but got ", start, ")");
  int64_t first = start < 0 ? start + size : start;
  if (first > size - length)
    failOperator("start (", first, ") + length (", length, ") exceeds dimension size (", size, ").");
  return {first, length};
}

template <> wick_value run<WICK_FN_VIEW_SLICE>(const Arguments &a) {
  Layout layout(viewedTensor(a));
  bool isNarrow = a.size() == 4;
  if (!layout.rank())
    failOperator(isNarrow ? "narrow()" : "slice()", " cannot be applied to a 0-dim tensor.");
  int64_t dim = wrapDim(a.integer(1), layout.rank()), step = isNarrow ? 1 : a.integer(4);
  if (step <= 0)
    failOperator("slice step must be positive");
  int64_t size = layout.sizes[dim];
  Selection selected = isNarrow ? narrow(size, a.integer(2), a.integer(3)) : select(size, a[2], a[3], step);
  layout.offset = selected.start * layout.strides[dim];
  layout.sizes[dim] = selected.count;
  layout.strides[dim] *= step;
  return makeView(a, layout);
}

template <> wick_value run<WICK_FN_VIEW_PERMUTE>(const Arguments &a) {
  const Tensor &tensor = viewedTensor(a);
  Layout layout(tensor);
  std::vector<int64_t> dims = numbersOf(a);
  if (int64_t(dims.size()) != layout.rank())
    failOperator("a permutation of ", dims.size(), " dims of a tensor of rank ", layout.rank());
  for (size_t i = 0; i < dims.size(); ++i) {
    int64_t dim = wrapDim(dims[i], tensor.rank);
    layout.sizes[i] = tensor.sizes[dim];
    layout.strides[i] = tensor.strides[dim];
  }
  return makeView(a, layout);
}

template <> wick_value run<WICK_FN_VIEW_RESHAPE>(const Arguments &a) {
  if (std::optional<wick_value> view = reshape(a, numbersOf(a)))
    return *view;
  failOperator(
      "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
      "contiguous subspaces). Use .reshape(...) instead.");
}

template <> wick_value run<WICK_FN_RESHAPE>(const Arguments &a) {
  std::vector<int64_t> sizes = numbersOf(a);
  if (std::optional<wick_value> view = reshape(a, sizes))
    return *view;
  OwnedTensor copy = copyTensor(viewedTensor(a), Budget::current);
  return keep(a, OwnedTensor(Tensor::view(*copy, copy->data, copy->dtype, sizes.size(), sizes.data(), nullptr)));
}

template <> wick_value run<WICK_FN_VIEW_EXPAND>(const Arguments &a) {
  const Tensor &tensor = viewedTensor(a);
  Layout layout(tensor);
  layout.sizes = numbersOf(a);
  int64_t added = layout.rank() - tensor.rank;
  if (added < 0)
    failOperator("a tensor of rank ", tensor.rank, " cannot be expanded to ", layout.rank(), " dims");
  layout.strides.assign(layout.rank(), 0);
  for (int32_t dim = 0; dim < tensor.rank; ++dim) {
    int64_t size = layout.sizes[added + dim];
    if (tensor.sizes[dim] != 1 && size != tensor.sizes[dim])
      failOperator("a dim of size ", tensor.sizes[dim], " cannot be expanded to ", size);
    if (size == tensor.sizes[dim])
      layout.strides[added + dim] = tensor.strides[dim];
  }
  return makeView(a, layout);
}

template <> wick_value run<WICK_FN_VIEW_UNFOLD>(const Arguments &a) {
  Layout layout(viewedTensor(a));
  int64_t dim = wrapDim(a.integer(1), std::max<int64_t>(layout.rank(), 1)), size = a.integer(2), step = a.integer(3);
  int64_t whole = layout.rank() ? layout.sizes[dim] : 1, stride = layout.rank() ? layout.strides[dim] : 1;
  if (size < 0)
    failOperator("size is ", size, " but must be >= 0");
  if (size > whole)
    failOperator("maximum size for tensor at dimension ", dim, " is ", whole, " but size is ", size);
  if (step <= 0)
    failOperator("step is ", step, " but must be > 0");
  if (layout.rank()) {
    layout.sizes[dim] = (whole - size) / step + 1;
    layout.strides[dim] *= step;
  }
  layout.sizes.push_back(size);
  layout.strides.push_back(stride);
  return makeView(a, layout);
}

template <> wick_value run<WICK_FN_VIEW_AS_REAL>(const Arguments &a) {
  Layout layout(viewedTensor(a));
  if (layout.dtype != WICK_C64 && layout.dtype != WICK_C128)
    failOperator("view_as_real is only supported for complex tensors");
  layout.dtype = layout.dtype == WICK_C64 ? WICK_F32 : WICK_F64;
  for (int64_t &stride : layout.strides)
    stride *= 2;
  layout.sizes.push_back(2);
  layout.strides.push_back(1);
  return makeView(a, layout);
}

template <> wick_value run<WICK_FN_VIEW_AS_COMPLEX>(const Arguments &a) {
  Layout layout(viewedTensor(a));
  bool isFloat = layout.dtype == WICK_F32 || layout.dtype == WICK_F64;
  if (!isFloat || !layout.rank() || layout.sizes.back() != 2 || layout.strides.back() != 1)
    failOperator("view_as_complex is only supported for pairs of floats in a last dim of size 2 and stride 1");
  layout.dtype = layout.dtype == WICK_F32 ? WICK_C64 : WICK_C128;
  layout.sizes.pop_back();
  layout.strides.pop_back();
  for (int64_t &stride : layout.strides) {
    if (stride % 2)
      failOperator("Tensor must have a stride divisible by 2 for all but last dimension");
    stride /= 2;
  }
  return makeView(a, layout);
}

template <> wick_value run<WICK_FN_VIEW_AS_STRIDED>(const Arguments &a) {
  const Tensor &tensor = viewedTensor(a);
  Layout layout(tensor);
  std::vector<int64_t> numbers = numbersOf(a);
  auto strides = numbers.begin() + 1 + (numbers.size() - 1) / 2;
  layout.offset = numbers.front();
  layout.sizes.assign(numbers.begin() + 1, strides);
  layout.strides.assign(strides, numbers.end());
  int64_t end = layout.offset + (countElements(layout.sizes) != 0);
  for (size_t i = 0; i < layout.sizes.size(); ++i)
    end += std::max<int64_t>(layout.sizes[i] - 1, 0) * layout.strides[i];
  if (!isReadable(&tensor) || layout.offset < 0 || end > tensor.count())
    failOperator("a tensor of ", tensor.count(), " elements has no view from ", layout.offset, " to ", end);
  return makeView(a, layout);
}

template <> wick_value run<WICK_FN_CONTIGUOUS>(const Arguments &a) {
  const Tensor &tensor = viewedTensor(a);
  return isReadable(&tensor) ? a[0] : keep(a, copyTensor(tensor, Budget::current));
}

template <> wick_value run<WICK_FN_TENSOR_GATHER>(const Arguments &a) { return run<WICK_FN_CONTIGUOUS>(a); }

template <> wick_value run<WICK_FN_TENSOR_SCATTER>(const Arguments &a) {
  const Tensor &copy = heldTensor(a[0]), &target = heldTensor(a[1]);
  if (&target == &copy)
    return makeNone();
  if (mayOverlap(target))
    writeChanged(copy, target, a.integer(2) != 0);
  else
    copyElements(&copy, &target);
  return makeNone();
}

} // namespace wick::runtime
