//===- wick.hpp - the C++ face of the Wick runtime ---------------*- C++ -*-===//
//
// wick.h with destructors and exceptions; header only, C++17. Failures throw
// wick::Error. Everything is a handle that is cheap to copy and refers to one
// counted object; thread-safety is that of wick.h.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_RUNTIME_WICK_HPP
#define WICK_RUNTIME_WICK_HPP

#include "wick/Runtime/wick.h"

#include <complex>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wick {

/// What went wrong; what() is one line, with the place in the user's Python when it is known.
class Error : public std::runtime_error {
public:
  explicit Error(wick_error *error)
      : std::runtime_error(wick_error_text(error)), error(error, [](wick_error *e) { wick_error_release(e); }) {}

  wick_status status() const { return wick_error_status(error.get()); }
  const char *message() const { return wick_error_message(error.get()); }
  const char *className() const { return wick_error_class(error.get()); }
  const char *file() const { return wick_error_file(error.get()); }
  int32_t line() const { return wick_error_line(error.get()); }
  int32_t column() const { return wick_error_column(error.get()); }
  /// Where it happened and the calls that led there, the outermost first; empty when the place is unknown.
  std::span<const wick_frame> frames() const {
    int32_t count;
    const wick_frame *first = wick_error_frames(error.get(), &count);
    return {first, size_t(count)};
  }
  /// The frames as Python prints them; "" when there are none.
  const char *traceback() const { return wick_error_traceback(error.get()); }

private:
  std::shared_ptr<wick_error> error;
};

namespace detail {
/// Calls a function of wick.h with an error to fill in, and throws it.
template <typename Function, typename... Args> void check(Function function, Args &&...args) {
  wick_error *error = nullptr;
  if (function(std::forward<Args>(args)..., &error) != WICK_OK)
    throw Error(error);
}

/// A handle that owns one reference.
template <typename T, void (*retain)(T *), void (*release)(T *)> class Handle {
public:
  Handle() = default;
  /// Takes over a reference.
  explicit Handle(T *object) : object(object) {}
  Handle(const Handle &other) : object(other.object) {
    if (object)
      retain(object);
  }
  Handle(Handle &&other) noexcept : object(std::exchange(other.object, nullptr)) {}
  Handle &operator=(Handle other) noexcept {
    std::swap(object, other.object);
    return *this;
  }
  ~Handle() {
    if (object)
      release(object);
  }

  T *get() const { return object; }
  explicit operator bool() const { return object; }

protected:
  T *object = nullptr;
};

template <typename T> struct DtypeOf;
template <> struct DtypeOf<uint8_t> {
  static constexpr wick_dtype value = WICK_U8;
};
template <> struct DtypeOf<int8_t> {
  static constexpr wick_dtype value = WICK_I8;
};
template <> struct DtypeOf<int16_t> {
  static constexpr wick_dtype value = WICK_I16;
};
template <> struct DtypeOf<int32_t> {
  static constexpr wick_dtype value = WICK_I32;
};
template <> struct DtypeOf<int64_t> {
  static constexpr wick_dtype value = WICK_I64;
};
template <> struct DtypeOf<float> {
  static constexpr wick_dtype value = WICK_F32;
};
template <> struct DtypeOf<double> {
  static constexpr wick_dtype value = WICK_F64;
};
template <> struct DtypeOf<bool> {
  static constexpr wick_dtype value = WICK_BOOL;
};
} // namespace detail

class Tensor : public detail::Handle<wick_tensor, wick_tensor_retain, wick_tensor_release> {
public:
  using Handle::Handle;

  /// A new contiguous tensor with undefined elements.
  static Tensor make(int32_t dtype, const std::vector<int64_t> &sizes) {
    wick_tensor *tensor = nullptr;
    detail::check(wick_tensor_new, dtype, int32_t(sizes.size()), sizes.data(), &tensor);
    return Tensor(tensor);
  }
  /// A tensor over contiguous memory of the caller, which must outlive it.
  template <typename T> static Tensor borrow(T *data, const std::vector<int64_t> &sizes) {
    wick_tensor *tensor = nullptr;
    detail::check(wick_tensor_borrow, static_cast<void *>(data), int32_t(detail::DtypeOf<T>::value),
                  int32_t(sizes.size()), sizes.data(), static_cast<const int64_t *>(nullptr),
                  static_cast<void (*)(void *)>(nullptr), static_cast<void *>(nullptr), &tensor);
    return Tensor(tensor);
  }

  int32_t dtype() const { return object->dtype; }
  int32_t rank() const { return object->rank; }
  int64_t size(int32_t dim) const { return object->sizes[dim]; }
  int64_t stride(int32_t dim) const { return object->strides[dim]; }
  std::vector<int64_t> sizes() const { return {object->sizes, object->sizes + object->rank}; }
  int64_t count() const { return wick_tensor_count(object); }
  /// The first element; throws std::invalid_argument unless T is the dtype's.
  template <typename T> T *data() const {
    if (object->dtype != detail::DtypeOf<T>::value)
      throw std::invalid_argument(std::string("the tensor's elements are ") + wick_dtype_name(object->dtype));
    return static_cast<T *>(object->data);
  }
};

/// Any TorchScript value; None by default.
class Value {
public:
  Value() = default;
  Value(bool flag) { set(WICK_BOOL_VALUE).i = flag; }
  Value(int number) : Value(int64_t(number)) {}
  Value(int64_t number) { set(WICK_INT_VALUE).i = number; }
  Value(double number) { set(WICK_FLOAT_VALUE).f = number; }
  Value(std::complex<double> number) {
    wick_complex *complex = wick_complex_new(number.real(), number.imag());
    if (!complex)
      throw std::bad_alloc();
    set(WICK_COMPLEX_VALUE).p = complex;
  }
  Value(const Tensor &tensor) {
    set(WICK_TENSOR_VALUE).p = tensor.get();
    wick_value_retain(&value);
  }
  Value(const char *text) : Value(std::string_view(text)) {}
  Value(std::string_view text) {
    wick_string *string = wick_string_new(text.data(), text.size());
    if (!string)
      throw std::bad_alloc();
    set(WICK_STRING_VALUE).p = string;
  }
  /// A new source of random numbers.
  static Value generator(uint64_t seed) {
    Value result;
    result.set(WICK_GENERATOR_VALUE).p = wick_generator_new(seed);
    if (!result.value.u.p)
      throw std::bad_alloc();
    return result;
  }
  static Value tuple(const std::vector<Value> &items) { return sequence(WICK_TUPLE_VALUE, items); }
  static Value list(const std::vector<Value> &items) { return sequence(WICK_LIST_VALUE, items); }
  /// Takes over the references of a value.
  static Value adopt(wick_value value) {
    Value result;
    result.value = value;
    return result;
  }

  Value(const Value &other) : value(other.value) { wick_value_retain(&value); }
  Value(Value &&other) noexcept : value(std::exchange(other.value, wick_value{})) {}
  Value &operator=(Value other) noexcept {
    std::swap(value, other.value);
    return *this;
  }
  ~Value() { wick_value_release(&value); }

  const wick_value &raw() const { return value; }
  bool isNone() const { return value.tag == WICK_NONE; }

  // What it holds; std::invalid_argument when that is something else.
  bool boolean() const { return expect(WICK_BOOL_VALUE, "bool").i != 0; }
  int64_t integer() const { return expect(WICK_INT_VALUE, "int").i; }
  double number() const { return expect(WICK_FLOAT_VALUE, "float").f; }
  std::complex<double> complex() const {
    const auto *held = static_cast<const wick_complex *>(expect(WICK_COMPLEX_VALUE, "complex").p);
    return {held->real, held->imag};
  }
  Tensor tensor() const {
    auto *held = static_cast<wick_tensor *>(expect(WICK_TENSOR_VALUE, "Tensor").p);
    wick_tensor_retain(held);
    return Tensor(held);
  }
  std::string string() const { return text(expect(WICK_STRING_VALUE, "str")); }
  /// A device as it prints, such as "cpu".
  std::string device() const { return text(expect(WICK_DEVICE_VALUE, "device")); }
  /// The name of a member of an enumeration.
  std::string member() const {
    return wick_member_name(static_cast<const wick_member *>(expect(WICK_ENUM_VALUE, "member of an enumeration").p));
  }
  /// An attribute of an object.
  Value attribute(std::string_view name) const {
    auto *held = static_cast<wick_sequence *>(expect(WICK_OBJECT_VALUE, "object").p);
    const wick_class *cls = wick_object_class(held);
    for (int32_t i = 0, n = wick_class_attribute_count(cls); i < n; ++i)
      if (wick_class_attribute_name(cls, i) == name) {
        wick_value_retain(&wick_sequence_items(held)[i]);
        return adopt(wick_sequence_items(held)[i]);
      }
    throw std::invalid_argument("the object has no attribute " + std::string(name));
  }
  /// Items of a tuple or list; key, value, key, value, ... of a dict.
  std::vector<Value> items() const {
    if (value.tag != WICK_TUPLE_VALUE && value.tag != WICK_LIST_VALUE && value.tag != WICK_DICT_VALUE)
      throw std::invalid_argument("the value is no tuple, list or dict");
    auto *held = static_cast<wick_sequence *>(value.u.p);
    std::vector<Value> result;
    for (int64_t i = 0, n = wick_sequence_count(held); i < n; ++i) {
      wick_value item = wick_sequence_items(held)[i];
      wick_value_retain(&item);
      result.push_back(adopt(item));
    }
    return result;
  }

private:
  decltype(wick_value::u) &set(wick_tag tag) {
    value.tag = tag;
    return value.u;
  }
  const decltype(wick_value::u) &expect(wick_tag tag, const char *name) const {
    if (value.tag != tag)
      throw std::invalid_argument(std::string("the value is no ") + name);
    return value.u;
  }
  static std::string text(const decltype(wick_value::u) &held) {
    size_t bytes;
    const char *data = wick_string_data(static_cast<wick_string *>(held.p), &bytes);
    return {data, bytes};
  }
  static Value sequence(wick_tag tag, const std::vector<Value> &items) {
    wick_sequence *made = wick_sequence_new(int64_t(items.size()));
    if (!made)
      throw std::bad_alloc();
    for (size_t i = 0; i < items.size(); ++i) {
      wick_value_retain(&items[i].value);
      wick_sequence_items(made)[i] = items[i].value;
    }
    Value result;
    result.set(tag).p = made;
    return result;
  }

  wick_value value{};
};

class Module : public detail::Handle<wick_module, wick_module_retain, wick_module_release> {
public:
  using Handle::Handle;
  explicit Module(const std::string &path) {
    detail::check(wick_module_load, path.c_str(), static_cast<const wick_load_options *>(nullptr), &object);
  }
  static Module fromMemory(std::string_view bytes) {
    wick_module *module = nullptr;
    detail::check(wick_module_load_memory, static_cast<const void *>(bytes.data()), bytes.size(),
                  static_cast<const wick_load_options *>(nullptr), &module);
    return Module(module);
  }

  std::string name() const { return wick_module_name(object); }
  /// Signatures of all methods.
  std::vector<std::string> signatures() const {
    std::vector<std::string> result;
    for (int32_t i = 0, n = wick_module_method_count(object); i < n; ++i)
      result.push_back(wick_method_signature(wick_module_method(object, i)));
    return result;
  }
};

struct SessionOptions {
  int32_t threads = 0;           // 0: wick_default_threads()
  int64_t memoryLimit = 0;       // bytes; 0: none
  int64_t timeLimit = 0;         // nanoseconds that a call may run; 0: none
  wick_session *share = nullptr; // whose state the session shares, as another's get()
};

class Session : public detail::Handle<wick_session, wick_session_retain, wick_session_release> {
public:
  using Handle::Handle;
  explicit Session(const Module &module, const SessionOptions &options = {}) {
    wick_session_options given{sizeof(given), options.threads, options.memoryLimit, options.timeLimit, options.share};
    detail::check(wick_session_new, module.get(), &given, &object);
  }

  /// Starts the session's random numbers anew, as torch.manual_seed.
  void seed(uint64_t seed) const { wick_session_seed(object, seed); }
  /// A session with the same options and a copy of the state.
  Session copy() const {
    wick_session *copied = nullptr;
    detail::check(wick_session_copy, object, &copied);
    return Session(copied);
  }
  /// A copy of what an attribute of the model holds, such as "block.1.running_mean"; see wick_module_attribute_name.
  Value attribute(const char *name) const {
    wick_value value{};
    detail::check(wick_session_get, object, findAttribute(name), &value);
    return Value::adopt(value);
  }
  void setAttribute(const char *name, const Value &value) const {
    detail::check(wick_session_set, object, findAttribute(name), &value.raw());
  }
  /// A session is lockable, as std::lock_guard wants: no other thread's call changes its state meanwhile. What a call
  /// returns may be part of the state, and reading it is safe then.
  void lock() const { wick_session_lock(object); }
  void unlock() const { wick_session_unlock(object); }
  /// Ends the calls that run now, on other threads.
  void cancel() const { wick_session_cancel(object); }

  /// Finding a method once and calling it through its handle saves the search.
  const wick_method *find(const char *name) const {
    const wick_method *method = wick_module_find(wick_session_module(object), name);
    if (!method)
      throw std::invalid_argument(std::string("there is no method '") + name + "'");
    return method;
  }
  template <typename... Args> Value call(const wick_method *method, const Args &...args) const {
    const Value values[] = {Value(args)..., Value()};
    wick_value raw[sizeof...(args) + 1];
    for (size_t i = 0; i < sizeof...(args); ++i)
      raw[i] = values[i].raw();
    wick_value result{};
    detail::check(wick_call, object, method, static_cast<const wick_value *>(raw), int32_t(sizeof...(args)), &result);
    return Value::adopt(result);
  }
  template <typename... Args> Value call(const char *method, const Args &...args) const {
    return call(find(method), args...);
  }

private:
  int32_t findAttribute(const char *name) const {
    int32_t index = wick_module_find_attribute(wick_session_module(object), name);
    if (index < 0)
      throw std::invalid_argument(std::string("there is no attribute '") + name + "' that methods change");
    return index;
  }
};

} // namespace wick

#endif // WICK_RUNTIME_WICK_HPP
