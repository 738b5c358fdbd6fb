//===- Value.h - tensors, strings and sequences ------------------*- C++ -*-===//
//
// All are counted objects. A tensor's header, sizes and strides lie before its
// elements in one block when the runtime allocated it; a borrowed one refers to
// memory of the caller and has a deleter.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_VALUE_H
#define WICK_LIB_RUNTIME_VALUE_H

#include "Random.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace wick::runtime {

inline constexpr int32_t kMaxRank = 64;
inline constexpr size_t kAlignment = 64;

/// Memory in use by the calls of one session against its limit. Outlives the session while
/// tensors made by it do.
class Budget {
public:
  explicit Budget(int64_t limit) : limit(limit) {}
  bool take(int64_t bytes) {
    if (used.fetch_add(bytes) + bytes <= limit)
      return true;
    used.fetch_sub(bytes);
    return false;
  }
  void give(int64_t bytes) { used.fetch_sub(bytes); }
  /// Of the call that runs on this thread; null without a limit.
  static constinit thread_local Budget *current;

  void retain() { references.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }

  const int64_t limit;

private:
  std::atomic<int64_t> used{0};
  std::atomic<int64_t> references{1};
};

/// What a string or sequence takes of the budget of the call that made it or made it grow first.
class Charge {
public:
  Charge() = default;
  Charge(const Charge &) = delete;
  Charge &operator=(const Charge &) = delete;
  ~Charge() {
    if (budget) {
      budget->give(bytes);
      budget->release();
    }
  }
  /// Throws std::bad_alloc when the limit is reached.
  void grow(int64_t total) {
    if (!budget && !Budget::current)
      return;
    if (!budget) {
      budget = Budget::current;
      budget->retain();
    }
    if (total > bytes && !budget->take(total - bytes))
      throw std::bad_alloc();
    bytes = std::max(bytes, total);
  }
  void reset() {
    if (budget)
      budget->give(bytes);
    bytes = 0;
  }

private:
  Budget *budget = nullptr;
  int64_t bytes = 0;
};

struct Tensor : wick_tensor {
  std::atomic<int32_t> references{1};
  void *block = nullptr; // what to free
  void (*deleter)(void *) = nullptr;
  void *deleterContext = nullptr;
  Budget *budget = nullptr;
  int64_t charged = 0;
  Tensor *base = nullptr; // whose memory a view shows; it is no view, and owned

  int64_t *dims() { return reinterpret_cast<int64_t *>(this + 1); }
  int64_t count() const {
    int64_t total = 1;
    for (int32_t i = 0; i < rank; ++i)
      total *= sizes[i];
    return total;
  }
  bool isContiguous() const;

  /// Null when memory or the budget is exhausted; arguments must be valid.
  static Tensor *allocate(int32_t dtype, int32_t rank, const int64_t *sizes, Budget *budget = nullptr) noexcept;
  static Tensor *borrow(void *data, int32_t dtype, int32_t rank, const int64_t *sizes, const int64_t *strides) noexcept;
  /// A tensor that shows memory of `source` from `data` on, and keeps it.
  static Tensor *view(Tensor &source, void *data, int32_t dtype, int32_t rank, const int64_t *sizes,
                      const int64_t *strides) noexcept;
  void destroy() noexcept;
};

inline Tensor *asTensor(wick_tensor *tensor) { return static_cast<Tensor *>(tensor); }
inline const Tensor *asTensor(const wick_tensor *tensor) { return static_cast<const Tensor *>(tensor); }
/// Releases a tensor that a std::unique_ptr owns.
struct ReleaseTensor {
  void operator()(Tensor *tensor) const noexcept;
};
using OwnedTensor = std::unique_ptr<Tensor, ReleaseTensor>;

inline void retain(wick_tensor *tensor) { asTensor(tensor)->references.fetch_add(1, std::memory_order_relaxed); }
inline void release(wick_tensor *tensor) {
  if (tensor && asTensor(tensor)->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
    asTensor(tensor)->destroy();
}

inline void ReleaseTensor::operator()(Tensor *tensor) const noexcept { release(tensor); }

/// What a value of kind WICK_COMPLEX_VALUE refers to.
struct Complex : wick_complex {
  Complex(double real, double imag) : wick_complex{real, imag} {}
  std::atomic<int32_t> references{1};
  Charge charge;
};

/// Bytes of an element; 0 for an unknown dtype.
int64_t dtypeSize(int32_t dtype);
const char *dtypeName(int32_t dtype);
int32_t parseDtype(const char *name);

/// The bytes of a contiguous tensor; -1 when that overflows or a size is negative.
int64_t byteCount(int32_t dtype, int32_t rank, const int64_t *sizes);

/// Whether a value refers to an object that counts its references. What a branch not taken would have made is null; it
/// may be packed into a tuple that nothing looks into.
inline bool isCounted(const wick_value &value) { return value.tag >= WICK_COMPLEX_VALUE && value.u.p; }

/// A value that refers to a class keeps all classes of its module.
void retain(const wick_class *cls);
void release(const wick_class *cls);

/// A copy of a value with all it holds, in which what was one object is one; throws std::bad_alloc. Strings and
/// members of enumerations, which never change, are shared.
wick_value copyValue(const wick_value &value);
/// The same of several values together.
void copyValues(const wick_value *values, size_t count, wick_value *copies);

/// Whether the elements of a tensor lie at multiples of their size.
bool isAligned(const wick_tensor *tensor);
/// Whether code can read them where they are: aligned and in order.
inline bool isReadable(const wick_tensor *tensor) { return isAligned(tensor) && asTensor(tensor)->isContiguous(); }

/// Copies elements between tensors of equal dtype and sizes, whatever their strides.
void copyElements(const wick_tensor *from, const wick_tensor *to);
/// A contiguous copy; throws std::bad_alloc.
OwnedTensor copyTensor(const wick_tensor &tensor, Budget *budget = nullptr);

/// The strides of contiguous elements.
void setContiguous(int64_t *strides, int32_t rank, const int64_t *sizes);

} // namespace wick::runtime

struct wick_string {
  std::atomic<int32_t> references{1};
  std::string text;
  wick::runtime::Charge charge{};
};

/// A generator that a program makes or is given.
struct wick_generator {
  explicit wick_generator(uint64_t seed) : stream(seed) {}
  explicit wick_generator(const wick::runtime::Generator &other) : stream(other) {}

  std::atomic<int32_t> references{1};
  wick::runtime::Generator stream;
  wick::runtime::Charge charge{};
};

/// A list, tuple, dict or object: see wick_items.
struct wick_sequence : wick_items {
  /// With `count` Nones; throws std::bad_alloc.
  explicit wick_sequence(int64_t count = 0);
  /// An object with empty slots; throws std::bad_alloc.
  explicit wick_sequence(const wick_class &cls);
  ~wick_sequence();
  wick_sequence(const wick_sequence &) = delete;
  wick_sequence &operator=(const wick_sequence &) = delete;

  wick_value *begin() { return items; }
  wick_value *end() { return items + count; }
  const wick_value *begin() const { return items; }
  const wick_value *end() const { return items + count; }

  /// Makes room for `needed` items in all; throws std::bad_alloc.
  void reserve(int64_t needed);
  /// Take over the reference that `value` holds; when they throw they have not.
  void append(wick_value value);
  void insert(int64_t position, wick_value value);
  /// Removes items and hands over the references that they held with `drop`.
  template <typename Drop> void erase(int64_t position, int64_t number, Drop drop) {
    for (int64_t i = position; i < position + number; ++i)
      drop(items[i]);
    for (int64_t i = position + number; i < count; ++i)
      items[i - number] = items[i];
    count -= number;
  }

  std::atomic<int32_t> references{1};
  // Of a dict: where each key is, built when it is first needed; see Dict.h.
  std::vector<uint32_t> index;
  const wick_class *cls = nullptr; // of an object
  /// Of what a list or dict is one, where that was noted: see Functions/Types.cpp.
  std::atomic<uint64_t> type{0};
  wick::runtime::Charge charge;
};

#endif // WICK_LIB_RUNTIME_VALUE_H
