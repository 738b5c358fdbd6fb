//===- Value.cpp - tensors, strings and sequences ---------------------------===//
#include "Value.h"
#include "Class.h"
#include "Error.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <unordered_map>
#include <utility>

using namespace wick::runtime;

constinit thread_local Budget *Budget::current = nullptr;

//===--- dtypes ---------------------------------------------------------------===//

namespace {
struct Dtype {
  const char *name;
  int64_t size;
};
// Indexed by wick_dtype. Quantized ones have no code of ours: tensors of LibTorch's own pass from operator to operator.
constexpr Dtype kDtypes[] = {{"u8", 1},    {"i8", 1},     {"i16", 2},    {"i32", 4}, {"i64", 8},   {"f16", 2},
                             {"f32", 4},   {"f64", 8},    {nullptr, 0},  {"c64", 8}, {"c128", 16}, {"bool", 1},
                             {"qint8", 1}, {"quint8", 1}, {"qint32", 4}, {"bf16", 2}};
} // namespace

int64_t wick::runtime::dtypeSize(int32_t dtype) {
  return dtype >= 0 && dtype < int32_t(std::size(kDtypes)) ? kDtypes[dtype].size : 0;
}

const char *wick::runtime::dtypeName(int32_t dtype) {
  return dtype >= 0 && dtype < int32_t(std::size(kDtypes)) ? kDtypes[dtype].name : nullptr;
}

int32_t wick::runtime::parseDtype(const char *name) {
  for (size_t i = 0; i < std::size(kDtypes); ++i)
    if (kDtypes[i].name && !std::strcmp(kDtypes[i].name, name))
      return i;
  return -1;
}

//===--- tensors --------------------------------------------------------------===//

int64_t wick::runtime::byteCount(int32_t dtype, int32_t rank, const int64_t *sizes) {
  int64_t bytes = dtypeSize(dtype);
  bool empty = false;
  for (int32_t i = 0; i < rank; ++i) {
    if (sizes[i] < 0)
      return -1;
    if (sizes[i] == 0)
      empty = true;
    else if (__builtin_mul_overflow(bytes, sizes[i], &bytes))
      return -1;
  }
  return empty ? 0 : bytes;
}

void wick::runtime::setContiguous(int64_t *strides, int32_t rank, const int64_t *sizes) {
  int64_t stride = 1;
  for (int32_t i = rank - 1; i >= 0; --i) {
    strides[i] = stride;
    stride *= sizes[i] > 0 ? sizes[i] : 1;
  }
}

bool Tensor::isContiguous() const {
  int64_t expected = 1;
  for (int32_t i = rank - 1; i >= 0; --i) {
    if (sizes[i] == 0)
      return true;
    if (sizes[i] != 1 && strides[i] != expected)
      expected = -1; // but a later size may be zero
    if (expected > 0)
      expected *= sizes[i];
  }
  return expected > 0;
}

/// Places a header with room for the dims at `memory`.
static Tensor *makeHeader(void *memory, int32_t dtype, int32_t rank, const int64_t *sizes, const int64_t *strides) {
  Tensor *tensor = new (memory) Tensor;
  int64_t *dims = tensor->dims();
  std::copy_n(sizes, rank, dims); // both may be null when the rank is 0
  if (strides)
    std::copy_n(strides, rank, dims + rank);
  else
    setContiguous(dims + rank, rank, sizes);
  tensor->sizes = dims;
  tensor->strides = dims + rank;
  tensor->rank = rank;
  tensor->dtype = dtype;
  tensor->block = memory;
  return tensor;
}

Tensor *Tensor::allocate(int32_t dtype, int32_t rank, const int64_t *sizes, Budget *budget) noexcept {
  int64_t bytes = byteCount(dtype, rank, sizes);
  size_t header = sizeof(Tensor) + 2 * rank * sizeof(int64_t);
  if (bytes < 0 || bytes > PTRDIFF_MAX - int64_t(header + kAlignment))
    return nullptr;
  if (budget && !budget->take(bytes))
    return nullptr;
  // malloc and aligning by hand, for glibc serves small aligned requests slowly.
  void *memory = std::malloc(header + bytes + kAlignment);
  if (!memory) {
    if (budget)
      budget->give(bytes);
    return nullptr;
  }
  Tensor *tensor = makeHeader(memory, dtype, rank, sizes, nullptr);
  uintptr_t data = reinterpret_cast<uintptr_t>(memory) + header;
  tensor->data = reinterpret_cast<void *>((data + kAlignment - 1) / kAlignment * kAlignment);
  if (budget) {
    budget->retain();
    tensor->budget = budget;
    tensor->charged = bytes;
  }
  return tensor;
}

Tensor *Tensor::borrow(void *data, int32_t dtype, int32_t rank, const int64_t *sizes, const int64_t *strides) noexcept {
  void *memory = std::malloc(sizeof(Tensor) + 2 * rank * sizeof(int64_t));
  if (!memory)
    return nullptr;
  Tensor *tensor = makeHeader(memory, dtype, rank, sizes, strides);
  tensor->data = data;
  return tensor;
}

Tensor *Tensor::view(Tensor &source, void *data, int32_t dtype, int32_t rank, const int64_t *sizes,
                     const int64_t *strides) noexcept {
  Tensor *tensor = borrow(data, dtype, rank, sizes, strides);
  if (!tensor)
    return nullptr;
  tensor->base = source.base ? source.base : &source;
  retain(tensor->base);
  return tensor;
}

void Tensor::destroy() noexcept {
  release(base);
  if (deleter)
    deleter(deleterContext);
  if (budget) {
    budget->give(charged);
    budget->release();
  }
  std::free(block);
}

bool wick::runtime::isAligned(const wick_tensor *tensor) {
  int64_t element = dtypeSize(tensor->dtype);
  return element <= 1 || reinterpret_cast<uintptr_t>(tensor->data) % (element > 8 ? 8 : element) == 0;
}

/// Copies the dims from `dim` on. The innermost loop is over elements of a fixed size.
template <typename Element>
static void copyFrom(const wick_tensor *from, const wick_tensor *to, int32_t dim, const Element *source,
                     Element *target) {
  if (dim == from->rank) {
    std::memcpy(target, source, sizeof(Element));
    return;
  }
  int64_t size = from->sizes[dim], step = from->strides[dim], targetStep = to->strides[dim];
  if (dim + 1 < from->rank) {
    for (int64_t i = 0; i < size; ++i)
      copyFrom(from, to, dim + 1, source + i * step, target + i * targetStep);
    return;
  }
  for (int64_t i = 0; i < size; ++i) // memcpy: the caller's elements may be unaligned
    std::memcpy(target + i * targetStep, source + i * step, sizeof(Element));
}

template <typename Element> static void copyAll(const wick_tensor *from, const wick_tensor *to) {
  copyFrom(from, to, 0, static_cast<const Element *>(from->data), static_cast<Element *>(to->data));
}

void wick::runtime::copyElements(const wick_tensor *from, const wick_tensor *to) {
  struct Pair {
    uint64_t parts[2];
  };
  switch (dtypeSize(from->dtype)) {
  case 1: return copyAll<uint8_t>(from, to);
  case 2: return copyAll<uint16_t>(from, to);
  case 4: return copyAll<uint32_t>(from, to);
  case 8: return copyAll<uint64_t>(from, to);
  case 16: return copyAll<Pair>(from, to);
  }
}

OwnedTensor wick::runtime::copyTensor(const wick_tensor &tensor, Budget *budget) {
  OwnedTensor copy(Tensor::allocate(tensor.dtype, tensor.rank, tensor.sizes, budget));
  if (!copy)
    throw std::bad_alloc();
  copyElements(&tensor, copy.get());
  return copy;
}

namespace {
/// Copies values with all they hold; what was one object is one, and tensors that shared memory do.
class Copier {
public:
  wick_value copy(const wick_value &value) {
    wick_value copied = value;
    bool isTensor = value.tag == WICK_TENSOR_VALUE, isGenerator = value.tag == WICK_GENERATOR_VALUE;
    if (!isTensor && !isGenerator && !(value.tag >= WICK_LIST_VALUE && value.tag <= WICK_OBJECT_VALUE)) {
      wick_value_retain(&copied);
      return copied;
    }
    if (auto made = known.find(value.u.p); made != known.end()) {
      copied.u.p = made->second;
      wick_value_retain(&copied);
      return copied;
    }
    if (isTensor) {
      copied.u.p = static_cast<wick_tensor *>(copyMemory(*asTensor(static_cast<wick_tensor *>(value.u.p))).release());
    } else if (isGenerator) {
      Generator &stream = static_cast<wick_generator *>(value.u.p)->stream;
      std::lock_guard lock(stream.mutex);
      copied.u.p = new wick_generator(stream);
    } else {
      const auto *sequence = static_cast<const wick_sequence *>(value.u.p);
      auto fresh = sequence->cls ? std::make_unique<wick_sequence>(*sequence->cls)
                                 : std::make_unique<wick_sequence>(sequence->count);
      fresh->type = sequence->type.load();
      open.emplace_back(sequence, fresh.get());
      copied.u.p = fresh.release();
    }
    known[value.u.p] = copied.u.p;
    return copied;
  }

  void copyItems() {
    while (!open.empty()) {
      auto [from, to] = open.back();
      open.pop_back();
      for (int64_t i = 0; i < from->count; ++i)
        to->items[i] = copy(from->items[i]);
    }
  }

private:
  OwnedTensor copyMemory(const Tensor &tensor) {
    if (!tensor.base || !tensor.base->isContiguous())
      return copyTensor(tensor);
    wick_value memory{WICK_TENSOR_VALUE, 0, {}};
    memory.u.p = static_cast<wick_tensor *>(tensor.base);
    OwnedTensor base(asTensor(static_cast<wick_tensor *>(copy(memory).u.p)));
    auto offset = static_cast<char *>(tensor.data) - static_cast<char *>(tensor.base->data);
    OwnedTensor view(Tensor::view(*base, static_cast<char *>(base->data) + offset, tensor.dtype, tensor.rank,
                                  tensor.sizes, tensor.strides));
    if (!view)
      throw std::bad_alloc();
    return view;
  }

  std::unordered_map<void *, void *> known;
  // Sequences whose items are to be copied yet: values nest as deep as memory lasts.
  std::vector<std::pair<const wick_sequence *, wick_sequence *>> open;
};
} // namespace

void wick::runtime::copyValues(const wick_value *values, size_t count, wick_value *copies) {
  Copier copier;
  size_t done = 0;
  try {
    for (; done < count; ++done)
      copies[done] = copier.copy(values[done]);
    copier.copyItems();
  } catch (...) {
    for (size_t i = 0; i < done; ++i)
      wick_value_release(&copies[i]);
    throw;
  }
}

wick_value wick::runtime::copyValue(const wick_value &value) {
  wick_value copy;
  copyValues(&value, 1, &copy);
  return copy;
}

//===--- the C interface ------------------------------------------------------===//

static void checkTensor(int32_t dtype, int32_t rank, const int64_t *sizes) {
  if (!dtypeSize(dtype))
    fail(WICK_ERROR_ARGUMENT, "unknown dtype ", dtype);
  if (rank < 0 || rank > kMaxRank)
    fail(WICK_ERROR_ARGUMENT, "rank ", rank, " is out of range, expected 0 to ", kMaxRank);
  for (int32_t i = 0; i < rank; ++i)
    if (sizes[i] < 0)
      fail(WICK_ERROR_ARGUMENT, "size ", sizes[i], " of dim ", i, " is negative");
  if (byteCount(dtype, rank, sizes) < 0)
    fail(WICK_ERROR_ARGUMENT, "the tensor has too many elements");
}

wick_status wick_tensor_new(int32_t dtype, int32_t rank, const int64_t *sizes, wick_tensor **tensor,
                            wick_error **error) {
  return guarded(error, [&] {
    checkTensor(dtype, rank, sizes);
    Tensor *made = Tensor::allocate(dtype, rank, sizes);
    if (!made)
      throw std::bad_alloc();
    *tensor = made;
  });
}

wick_status wick_tensor_borrow(void *data, int32_t dtype, int32_t rank, const int64_t *sizes, const int64_t *strides,
                               void (*deleter)(void *), void *deleter_context, wick_tensor **tensor,
                               wick_error **error) {
  return guarded(error, [&] {
    checkTensor(dtype, rank, sizes);
    Tensor *made = Tensor::borrow(data, dtype, rank, sizes, strides);
    if (!made)
      throw std::bad_alloc();
    made->deleter = deleter;
    made->deleterContext = deleter_context;
    *tensor = made;
  });
}

void *wick_tensor_owner(const wick_tensor *tensor, void (*deleter)(void *)) {
  return deleter && asTensor(tensor)->deleter == deleter ? asTensor(tensor)->deleterContext : nullptr;
}

void wick_tensor_retain(wick_tensor *tensor) { retain(tensor); }
void wick_tensor_release(wick_tensor *tensor) { release(tensor); }
int64_t wick_tensor_count(const wick_tensor *tensor) { return asTensor(tensor)->count(); }
int64_t wick_dtype_size(int32_t dtype) { return dtypeSize(dtype); }
const char *wick_dtype_name(int32_t dtype) { return dtypeName(dtype); }
int32_t wick_dtype_parse(const char *name) { return parseDtype(name); }

wick_string *wick_string_new(const char *data, size_t bytes) {
  try {
    return new wick_string{{1}, std::string(data, bytes)};
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

const char *wick_string_data(const wick_string *string, size_t *bytes) {
  if (bytes)
    *bytes = string->text.size();
  return string->text.c_str();
}

wick_complex *wick_complex_new(double real, double imag) { return new (std::nothrow) Complex(real, imag); }

wick_sequence::wick_sequence(int64_t size) : wick_items{nullptr, 0, 0} {
  if (!size)
    return;
  reserve(size);
  count = size;
  std::memset(items, 0, size * sizeof(wick_value));
}

wick_sequence::wick_sequence(const wick_class &of) : wick_sequence(of.attributes.size()) {
  cls = &of;
  retain(cls);
}

wick_sequence::~wick_sequence() {
  std::free(items);
  if (cls)
    release(cls);
}

void wick_sequence::reserve(int64_t needed) {
  if (needed <= capacity)
    return;
  if (needed > PTRDIFF_MAX / int64_t(2 * sizeof(wick_value)))
    throw std::bad_alloc();
  int64_t wanted = count ? std::max<int64_t>({needed, capacity + capacity / 2, 8}) : needed;
  charge.grow(wanted * sizeof(wick_value));
  void *memory = std::realloc(items, wanted * sizeof(wick_value));
  if (!memory)
    throw std::bad_alloc();
  items = static_cast<wick_value *>(memory);
  capacity = wanted;
}

void wick_sequence::append(wick_value value) {
  reserve(count + 1);
  items[count++] = value;
}

void wick_sequence::insert(int64_t position, wick_value value) {
  reserve(count + 1);
  std::memmove(items + position + 1, items + position, (count - position) * sizeof(wick_value));
  items[position] = value;
  ++count;
}

wick_sequence *wick_sequence_new(int64_t count) {
  try {
    return count < 0 ? nullptr : new wick_sequence(count);
  } catch (const std::exception &) {
    return nullptr;
  }
}

int64_t wick_sequence_count(const wick_sequence *sequence) { return sequence->count; }
wick_value *wick_sequence_items(wick_sequence *sequence) { return sequence->items; }

/// Drops a reference; with an explicit stack, for values nest as deep as memory lasts.
static void releaseSequence(wick_sequence *first) {
  if (first->references.fetch_sub(1, std::memory_order_acq_rel) != 1)
    return;
  // Dead ones wait in a chain through `capacity`, which nothing reads any more.
  wick_sequence *dead = first;
  auto isSequence = [](const wick_value &value) {
    return value.tag >= WICK_LIST_VALUE && value.tag <= WICK_OBJECT_VALUE;
  };
  wick_sequence *next = nullptr;
  while (dead) {
    for (const wick_value &item : *dead) {
      if (!isCounted(item))
        continue;
      if (!isSequence(item)) {
        wick_value_release(&item);
        continue;
      }
      auto *inner = static_cast<wick_sequence *>(item.u.p);
      if (inner->references.fetch_sub(1, std::memory_order_acq_rel) != 1)
        continue;
      inner->capacity = reinterpret_cast<intptr_t>(next);
      next = inner;
    }
    delete dead;
    dead = next;
    if (dead)
      next = reinterpret_cast<wick_sequence *>(dead->capacity);
  }
}

void wick_value_retain(const wick_value *value) {
  switch (value->tag) {
  case WICK_TENSOR_VALUE: return retain(static_cast<wick_tensor *>(value->u.p));
  case WICK_COMPLEX_VALUE:
    static_cast<Complex *>(static_cast<wick_complex *>(value->u.p))->references.fetch_add(1, std::memory_order_relaxed);
    return;
  case WICK_STRING_VALUE:
  case WICK_DEVICE_VALUE:
    static_cast<wick_string *>(value->u.p)->references.fetch_add(1, std::memory_order_relaxed);
    return;
  case WICK_LIST_VALUE:
  case WICK_TUPLE_VALUE:
  case WICK_DICT_VALUE:
  case WICK_OBJECT_VALUE:
    static_cast<wick_sequence *>(value->u.p)->references.fetch_add(1, std::memory_order_relaxed);
    return;
  case WICK_ENUM_VALUE: return retain(memberOf(*value).cls);
  case WICK_GENERATOR_VALUE:
    static_cast<wick_generator *>(value->u.p)->references.fetch_add(1, std::memory_order_relaxed);
    return;
  }
}

void wick_value_release(const wick_value *value) {
  switch (value->tag) {
  case WICK_TENSOR_VALUE: return release(static_cast<wick_tensor *>(value->u.p));
  case WICK_COMPLEX_VALUE: {
    auto *complex = static_cast<Complex *>(static_cast<wick_complex *>(value->u.p));
    if (complex->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete complex;
    return;
  }
  case WICK_STRING_VALUE:
  case WICK_DEVICE_VALUE: {
    auto *string = static_cast<wick_string *>(value->u.p);
    if (string->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete string;
    return;
  }
  case WICK_LIST_VALUE:
  case WICK_TUPLE_VALUE:
  case WICK_DICT_VALUE:
  case WICK_OBJECT_VALUE: return releaseSequence(static_cast<wick_sequence *>(value->u.p));
  case WICK_ENUM_VALUE: return release(memberOf(*value).cls);
  case WICK_GENERATOR_VALUE: {
    auto *generator = static_cast<wick_generator *>(value->u.p);
    if (generator->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete generator;
    return;
  }
  }
}
