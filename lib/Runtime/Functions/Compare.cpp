//===- Compare.cpp - equality, order and identity ----------------------------===//
#include "../Class.h"
#include "../Dict.h"
#include "Functions.h"

#include <cmath>
#include <cstring>

using namespace wick::runtime;

/// The only element of a tensor that is compared as a number; TorchScript takes the comparison of tensors for a bool.
static wick_value readTruth(const wick_value &value) {
  const Tensor &tensor = *asTensor(static_cast<const wick_tensor *>(value.u.p));
  if (tensor.count() != 1)
    failOperator("Boolean value of Tensor with ", tensor.count() ? "more than one" : "no", " value",
                 tensor.count() ? "" : "s", " is ambiguous");
  return readElement(tensor.dtype, tensor.data);
}

static bool areItemsEqual(const wick_sequence &a, const wick_sequence &b) {
  if (a.count != b.count)
    return false;
  for (int64_t i = 0; i < a.count; ++i)
    if (!isEqual(a.items[i], b.items[i]))
      return false;
  return true;
}

/// Order of insertion does not matter.
static bool areDictsEqual(wick_sequence &a, wick_sequence &b) {
  if (a.count != b.count)
    return false;
  for (int64_t i = 0; i < a.count; i += 2) {
    wick_value *found = dict::find(b, a.items[i]);
    if (!found || !isEqual(a.items[i + 1], *found))
      return false;
  }
  return true;
}

/// Modules that share a state may each have made the member.
static bool isSameMember(const wick_member &a, const wick_member &b) {
  return &a == &b || (a.cls != b.cls && a.cls->name == b.cls->name && isEqual(a.name, b.name));
}

bool wick::runtime::isEqual(const wick_value &a, const wick_value &b) {
  if (a.tag == WICK_TENSOR_VALUE && b.tag == WICK_TENSOR_VALUE)
    return isEqual(readTruth(a), readTruth(b));
  if (isNumber(a) && isNumber(b)) {
    bool isFloat = a.tag == WICK_FLOAT_VALUE || b.tag == WICK_FLOAT_VALUE;
    return isFloat ? toDouble(a) == toDouble(b) : a.u.i == b.u.i;
  }
  auto isAnyNumber = [](const wick_value &value) { return value.tag == WICK_COMPLEX_VALUE || isNumber(value); };
  if (isAnyNumber(a) && isAnyNumber(b))
    return toComplex(a) == toComplex(b);
  if (a.tag != b.tag)
    return false;
  switch (a.tag) {
  case WICK_NONE: return true;
  case WICK_STRING_VALUE:
  case WICK_DEVICE_VALUE: return textOf(a) == textOf(b);
  case WICK_LIST_VALUE:
  case WICK_TUPLE_VALUE: return areItemsEqual(sequenceOf(a), sequenceOf(b));
  case WICK_DICT_VALUE: return areDictsEqual(sequenceOf(a), sequenceOf(b));
  case WICK_ENUM_VALUE: return isSameMember(memberOf(a), memberOf(b));
  default: return a.u.p == b.u.p;
  }
}

bool wick::runtime::isLess(const wick_value &a, const wick_value &b) {
  if (a.tag == WICK_TENSOR_VALUE && b.tag == WICK_TENSOR_VALUE)
    return isLess(readTruth(a), readTruth(b));
  if (isNumber(a) && isNumber(b)) {
    if (a.tag != WICK_FLOAT_VALUE && b.tag != WICK_FLOAT_VALUE)
      return a.u.i < b.u.i;
    double x = toDouble(a), y = toDouble(b);
    return std::isnan(y) ? !std::isnan(x) : x < y;
  }
  if (a.tag == b.tag && a.tag == WICK_STRING_VALUE)
    return textOf(a) < textOf(b);
  if (a.tag == b.tag && (a.tag == WICK_TUPLE_VALUE || a.tag == WICK_LIST_VALUE)) {
    const wick_sequence &x = sequenceOf(a), &y = sequenceOf(b);
    for (int64_t i = 0; i < x.count && i < y.count; ++i)
      if (!isEqual(x.items[i], y.items[i]))
        return isLess(x.items[i], y.items[i]);
    return x.count < y.count;
  }
  fail(WICK_ERROR_UNSUPPORTED, "values of these kinds have no order");
}

bool wick::runtime::isSame(const wick_value &a, const wick_value &b) {
  if (a.tag != b.tag)
    return false;
  switch (a.tag) {
  case WICK_NONE: return true;
  case WICK_FLOAT_VALUE: return a.u.f == b.u.f;
  case WICK_COMPLEX_VALUE:
  case WICK_STRING_VALUE:
  case WICK_DEVICE_VALUE:
  case WICK_TUPLE_VALUE:
  case WICK_ENUM_VALUE: return isEqual(a, b);
  default: return a.u.i == b.u.i;
  }
}

namespace wick::runtime {
template <> wick_value run<WICK_FN_EQ>(const Arguments &a) { return makeBool(isEqual(a[0], a[1])); }
template <> wick_value run<WICK_FN_NE>(const Arguments &a) { return makeBool(!isEqual(a[0], a[1])); }
template <> wick_value run<WICK_FN_LT>(const Arguments &a) { return makeBool(isLess(a[0], a[1])); }
template <> wick_value run<WICK_FN_GT>(const Arguments &a) { return makeBool(isLess(a[1], a[0])); }
template <> wick_value run<WICK_FN_LE>(const Arguments &a) {
  return makeBool(isLess(a[0], a[1]) || isEqual(a[0], a[1]));
}
template <> wick_value run<WICK_FN_GE>(const Arguments &a) {
  return makeBool(isLess(a[1], a[0]) || isEqual(a[0], a[1]));
}
template <> wick_value run<WICK_FN_IS>(const Arguments &a) { return makeBool(isSame(a[0], a[1])); }
template <> wick_value run<WICK_FN_IS_NOT>(const Arguments &a) { return makeBool(!isSame(a[0], a[1])); }
} // namespace wick::runtime
