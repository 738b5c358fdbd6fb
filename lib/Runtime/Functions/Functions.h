//===- Functions.h - operators that the runtime carries out ------*- C++ -*-===//
//
// Each function of include/wick/Runtime/Functions.def is a specialisation of `run`, in the
// file of its family. One function serves all overloads of an operator: values carry
// their kind. What is not possible throws; `invoke` turns that into the error of the call.
//
// Results are borrowed, as arguments are: what a function makes it leaves to the context
// with `keep`, and what it takes out of a container as well, for generated code may hold
// it. What is stored in a container is retained.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_FUNCTIONS_FUNCTIONS_H
#define WICK_LIB_RUNTIME_FUNCTIONS_FUNCTIONS_H

#include "../Call.h"

#include <complex>
#include <string>
#include <string_view>

namespace wick::runtime {

/// An error of an operator, which LibTorch reports as RuntimeError.
template <typename... Ts> [[noreturn]] void failOperator(const Ts &...parts) { fail(WICK_ERROR_RUNTIME, parts...); }

//===--- values ---------------------------------------------------------------===//

inline wick_value makeNone() { return {WICK_NONE, 0, {}}; }
inline wick_value makeBool(bool value) { return {WICK_BOOL_VALUE, 0, {value}}; }
inline wick_value makeInt(int64_t value) { return {WICK_INT_VALUE, 0, {value}}; }
inline wick_value makeFloat(double number) {
  wick_value value{WICK_FLOAT_VALUE, 0, {}};
  value.u.f = number;
  return value;
}
inline wick_value makeReference(int32_t tag, void *object) {
  wick_value value{tag, 0, {}};
  value.u.p = object;
  return value;
}

/// An int, float or bool.
inline bool isNumber(const wick_value &value) {
  return value.tag == WICK_INT_VALUE || value.tag == WICK_BOOL_VALUE || value.tag == WICK_FLOAT_VALUE;
}
inline double toDouble(const wick_value &value) {
  return value.tag == WICK_FLOAT_VALUE ? value.u.f : double(value.u.i);
}
inline std::complex<double> complexOf(const wick_value &value) {
  const auto *complex = static_cast<const wick_complex *>(value.u.p);
  return {complex->real, complex->imag};
}
/// A number of any kind.
inline std::complex<double> toComplex(const wick_value &value) {
  return value.tag == WICK_COMPLEX_VALUE ? complexOf(value) : toDouble(value);
}
inline std::string_view textOf(const wick_value &value) { return static_cast<const wick_string *>(value.u.p)->text; }
inline wick_sequence &sequenceOf(const wick_value &value) { return *static_cast<wick_sequence *>(value.u.p); }
inline wick_value retained(const wick_value &value) {
  if (isCounted(value))
    wick_value_retain(&value);
  return value;
}

//===--- what a function is given ---------------------------------------------===//

class Arguments {
public:
  Arguments(Frame &frame, const wick_value *values, int64_t count) : frame(frame), values(values), count(count) {}

  int64_t size() const { return count; }
  const wick_value *begin() const { return values; }
  const wick_value &operator[](int64_t i) const {
    if (i < 0 || i >= count)
      fail(WICK_ERROR_UNSUPPORTED, "an operator was called with ", count, " arguments only");
    return values[i];
  }
  bool has(int64_t i, int32_t tag) const { return i < count && values[i].tag == tag; }

  // Typed access; the compiler has checked the types, a damaged artifact has not.
  wick_sequence &sequence(int64_t i, int32_t tag) const { return sequenceOf(expect(i, tag)); }
  wick_sequence &list(int64_t i) const { return sequence(i, WICK_LIST_VALUE); }
  wick_sequence &dict(int64_t i) const { return sequence(i, WICK_DICT_VALUE); }
  std::string_view text(int64_t i) const { return textOf(expect(i, WICK_STRING_VALUE)); }
  const wick_member &member(int64_t i) const { return *static_cast<wick_member *>(expect(i, WICK_ENUM_VALUE).u.p); }
  std::string_view device(int64_t i) const { return textOf(expect(i, WICK_DEVICE_VALUE)); }
  int64_t integer(int64_t i) const { return has(i, WICK_BOOL_VALUE) ? values[i].u.i : expect(i, WICK_INT_VALUE).u.i; }
  /// An argument that may be left out or None.
  int64_t integerOr(int64_t i, int64_t absent) const { return i < count && values[i].tag ? integer(i) : absent; }
  bool flagOr(int64_t i, bool absent) const { return i < count && values[i].tag ? values[i].u.i != 0 : absent; }

  /// A class of the module, by number.
  const wick_class &cls(int64_t i) const;
  /// The random numbers of the session.
  Generator &generator() const { return frame.owner->shared->generator; }
  /// Those of an argument that is a generator or, where it is None, of the session.
  Generator &generator(int64_t i) const { return (*this)[i].tag == WICK_NONE ? generator() : ownGenerator(i); }
  Generator &ownGenerator(int64_t i) const {
    return static_cast<wick_generator *>(expect(i, WICK_GENERATOR_VALUE).u.p)->stream;
  }
  /// That of a place in the program, seeded when the session gets there first.
  wick_value generatorOf(int64_t place, uint64_t seed) const {
    return keep(frame.owner->shared->generatorOf(place, seed));
  }

  /// How many threads may work on one function.
  int threads() const { return frame.owner ? frame.owner->threads : 1; }

  /// Leaves what is new, or taken out of a container, to the context.
  wick_value keep(wick_value owned) const { return frame.keep(owned); }
  wick_value keepComplex(std::complex<double> number) const;
  wick_value keepText(std::string text) const;
  wick_value keepSequence(int32_t tag, std::unique_ptr<wick_sequence> sequence) const;
  /// The objects of the `with` statements that the code is in.
  std::vector<wick_value> &entered() const { return frame.entered; }

private:
  const wick_value &expect(int64_t i, int32_t tag) const;

  Frame &frame;
  const wick_value *values;
  int64_t count;
};

template <wick_function> wick_value run(const Arguments &arguments);

//===--- tensors ---------------------------------------------------------------===//

inline const Tensor &heldTensor(const wick_value &value) {
  if (value.tag != WICK_TENSOR_VALUE)
    fail(WICK_ERROR_UNSUPPORTED, "a value of kind ", value.tag, " where a tensor is expected");
  return *asTensor(static_cast<const wick_tensor *>(value.u.p));
}
/// An argument of a routine: a descriptor of contiguous memory, of which only the public part is there.
inline const wick_tensor &tensorOf(const Arguments &a, int64_t i) {
  if (!a.has(i, WICK_TENSOR_VALUE))
    fail(WICK_ERROR_UNSUPPORTED, "argument ", i, " of a routine is no tensor");
  return *static_cast<const wick_tensor *>(a[i].u.p);
}
/// A new contiguous tensor, which counts as memory of the call.
/// "[2, 3]".
std::string printSizes(const wick_tensor &tensor);
OwnedTensor allocateTensor(int32_t dtype, int32_t rank, const int64_t *sizes);
/// A dim that may count from the end.
int64_t wrapDim(int64_t dim, int64_t rank);

//===--- shared by the families -----------------------------------------------===//

/// Appends what `str()` makes of a value.
void print(std::string &out, const wick_value &value);
std::string printed(const wick_value &value);
/// The type of a value as annotations name it, or as LibTorch prints it; elements of a container are taken to be like
/// its first.
std::string typeOf(const wick_value &value, bool isPrinted = false);
void printTensor(std::string &out, const Tensor &tensor);
/// The number that an element of a tensor is; of a complex number the real part.
wick_value readElement(int32_t dtype, const void *at);
/// ATen's name of a dtype, as "Float".
std::string_view scalarTypeName(int32_t dtype);
/// `==`; numbers compare by value whatever their kinds.
bool isEqual(const wick_value &a, const wick_value &b);
/// `<`, an order of all numbers in which NaN comes last; strings, tuples and lists element by element.
bool isLess(const wick_value &a, const wick_value &b);
/// Whether two values are the same object or, for plain values, equal.
bool isSame(const wick_value &a, const wick_value &b);

/// LibTorch's hash of a device.
uint64_t hashDevice(std::string_view device);

/// The elements that `[start:end:step]` selects of `size`: how many, and the first.
struct Selection {
  int64_t start, count;
};
Selection select(int64_t size, const wick_value &start, const wick_value &end, int64_t step);
/// A copy whose items are shared with `source`, from `first` on.
std::unique_ptr<wick_sequence> copySequence(const wick_sequence &source);

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_FUNCTIONS_FUNCTIONS_H
