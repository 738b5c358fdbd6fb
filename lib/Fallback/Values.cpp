//===- Values.cpp - values of Wick and of LibTorch ---------------------------===//
#include "Values.h"

#include <string_view>

using namespace wick::fallback;

//===--- from Wick ------------------------------------------------------------===//

at::Tensor wick::fallback::toTorch(wick_tensor *tensor) {
  wick_tensor_retain(tensor);
  auto options = at::TensorOptions().dtype(at::ScalarType(tensor->dtype));
  return at::from_blob(
      tensor->data, at::IntArrayRef(tensor->sizes, tensor->rank), at::IntArrayRef(tensor->strides, tensor->rank),
      [tensor](void *) { wick_tensor_release(tensor); }, options);
}

static std::string_view textOf(const wick_value &value) {
  size_t bytes;
  const char *data = wick_string_data(static_cast<const wick_string *>(value.u.p), &bytes);
  return {data, bytes};
}

static c10::ArrayRef<wick_value> itemsOf(const wick_value &value) {
  const auto &items = *static_cast<const wick_items *>(value.u.p);
  return {items.items, size_t(items.count)};
}

static c10::complex<double> toComplex(const wick_value &value) {
  const auto *number = static_cast<const wick_complex *>(value.u.p);
  return {number->real, number->imag};
}

static double toDouble(const wick_value &value) {
  return value.tag == WICK_FLOAT_VALUE ? value.u.f : double(value.u.i);
}

static bool isNumber(const wick_value &value) {
  return value.tag == WICK_BOOL_VALUE || value.tag == WICK_INT_VALUE || value.tag == WICK_FLOAT_VALUE;
}

/// A number among tensors, which does not decide the dtype of what is computed.
static at::Tensor toTensor(const wick_value &value) {
  at::Tensor tensor = value.tag == WICK_COMPLEX_VALUE ? at::scalar_tensor(toComplex(value), at::kComplexDouble)
                      : value.tag == WICK_FLOAT_VALUE
                          ? at::scalar_tensor(value.u.f, at::kDouble)
                          : at::scalar_tensor(value.u.i, value.tag == WICK_BOOL_VALUE ? at::kBool : at::kLong);
  tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
  return tensor;
}

/// What a value is by itself, for parameters that take several kinds. An empty list does not tell.
static c10::TypePtr getKind(const wick_value &value) {
  switch (value.tag) {
  case WICK_NONE: return c10::NoneType::get();
  case WICK_TENSOR_VALUE: return c10::TensorType::get();
  case WICK_BOOL_VALUE: return c10::BoolType::get();
  case WICK_INT_VALUE: return c10::IntType::get();
  case WICK_FLOAT_VALUE: return c10::FloatType::get();
  case WICK_COMPLEX_VALUE: return c10::ComplexType::get();
  case WICK_STRING_VALUE: return c10::StringType::get();
  case WICK_DEVICE_VALUE: return c10::DeviceObjType::get();
  default: break;
  }
  TORCH_CHECK(value.tag == WICK_LIST_VALUE && !itemsOf(value).empty(), "a value of kind ", value.tag,
              " does not tell its type");
  return c10::ListType::create(getKind(itemsOf(value).front()));
}

static bool isOpen(const c10::TypePtr &type) {
  return type->kind() == c10::TypeKind::VarType || type->kind() == c10::TypeKind::AnyType;
}

static c10::IValue toList(const wick_value &value, const c10::TypePtr &declared) {
  c10::TypePtr element = declared;
  if (isOpen(declared) && value.tag == WICK_LIST_VALUE)
    element = getKind(value)->expectRef<c10::ListType>().getElementType();
  c10::impl::GenericList list(element);
  // One number stands for a list of it.
  if (value.tag != WICK_LIST_VALUE && value.tag != WICK_TUPLE_VALUE) {
    list.push_back(toTorch(value, element));
    return list;
  }
  for (const wick_value &item : itemsOf(value))
    list.push_back(toTorch(item, element));
  return list;
}

static c10::IValue toTuple(const wick_value &value, const c10::TypePtr &type) {
  auto elements = type->cast<c10::TupleType>()->elements();
  auto items = itemsOf(value);
  TORCH_CHECK(elements.size() == items.size(), "a tuple of ", items.size(), " is no ", type->repr_str());
  std::vector<c10::IValue> values;
  for (size_t i = 0; i < items.size(); ++i)
    values.push_back(toTorch(items[i], elements[i]));
  return c10::ivalue::Tuple::create(std::move(values));
}

c10::IValue wick::fallback::toTorch(const wick_value &value, const c10::TypePtr &type) {
  if (auto optional = type->cast<c10::OptionalType>())
    return value.tag == WICK_NONE ? c10::IValue() : toTorch(value, optional->getElementType());
  switch (type->kind()) {
  case c10::TypeKind::NoneType: return {};
  case c10::TypeKind::TensorType:
    if (value.tag == WICK_TENSOR_VALUE)
      return toTorch(static_cast<wick_tensor *>(value.u.p));
    if (value.tag == WICK_NONE)
      return at::Tensor();
    if (isNumber(value) || value.tag == WICK_COMPLEX_VALUE)
      return toTensor(value);
    break;
  case c10::TypeKind::FloatType:
    if (isNumber(value))
      return toDouble(value);
    break;
  case c10::TypeKind::IntType:
  case c10::TypeKind::SymIntType:
    if (value.tag == WICK_INT_VALUE || value.tag == WICK_BOOL_VALUE)
      return value.u.i;
    break;
  case c10::TypeKind::BoolType:
    if (value.tag == WICK_BOOL_VALUE)
      return value.u.i != 0;
    break;
  case c10::TypeKind::ComplexType:
  case c10::TypeKind::NumberType:
    if (value.tag == WICK_COMPLEX_VALUE)
      return toComplex(value);
    if (value.tag == WICK_FLOAT_VALUE)
      return value.u.f;
    if (value.tag == WICK_BOOL_VALUE)
      return value.u.i != 0;
    if (value.tag == WICK_INT_VALUE)
      return value.u.i;
    break;
  case c10::TypeKind::StringType:
    if (value.tag == WICK_STRING_VALUE)
      return std::string(textOf(value));
    break;
  case c10::TypeKind::DeviceObjType:
    if (value.tag == WICK_STRING_VALUE || value.tag == WICK_DEVICE_VALUE)
      return c10::Device(std::string(textOf(value)));
    break;
  case c10::TypeKind::ListType:
    if (value.tag == WICK_LIST_VALUE || value.tag == WICK_TUPLE_VALUE || isNumber(value))
      return toList(value, type->cast<c10::ListType>()->getElementType());
    break;
  case c10::TypeKind::TupleType:
    if (value.tag == WICK_TUPLE_VALUE)
      return toTuple(value, type);
    break;
  case c10::TypeKind::AnyType:
  case c10::TypeKind::VarType: return toTorch(value, getKind(value));
  default: break;
  }
  TORCH_CHECK(false, "a value of kind ", value.tag, " is no ", type->repr_str());
}

//===--- to Wick --------------------------------------------------------------===//

namespace {
/// A new sequence, until it is handed over.
class Sequence {
public:
  Sequence(int32_t tag, size_t count) : value{tag, 0, {}} {
    value.u.p = wick_sequence_new(count);
    if (!value.u.p)
      throw std::bad_alloc();
  }
  ~Sequence() {
    if (value.u.p)
      wick_value_release(&value);
  }
  wick_value *items() { return wick_sequence_items(static_cast<wick_sequence *>(value.u.p)); }
  wick_value take() {
    wick_value taken = value;
    value.u.p = nullptr;
    return taken;
  }

private:
  wick_value value;
};
} // namespace

template <typename Range> static wick_value makeSequence(int32_t tag, const Range &elements) {
  Sequence sequence(tag, elements.size());
  size_t i = 0;
  for (const c10::IValue &element : elements)
    sequence.items()[i++] = fromTorch(element);
  return sequence.take();
}

wick_value wick::fallback::fromTorch(const at::Tensor &given) {
  wick_value value{WICK_NONE, 0, {}};
  if (!given.defined())
    return value;
  TORCH_CHECK(given.layout() == at::kStrided && given.device().is_cpu() && !given.is_quantized(), "a tensor of layout ",
              given.layout(), " on ", given.device(), " cannot leave the operator");
  // What is seen lazily - conjugated, negated - is made real.
  auto *tensor = new at::Tensor(given.resolve_conj().resolve_neg());
  auto release = [](void *held) { delete static_cast<at::Tensor *>(held); };
  wick_tensor *made = nullptr;
  wick_error *error = nullptr;
  if (wick_tensor_borrow(tensor->data_ptr(), int32_t(tensor->scalar_type()), tensor->dim(), tensor->sizes().data(),
                         tensor->strides().data(), release, tensor, &made, &error)) {
    std::string message = wick_error_message(error);
    wick_error_release(error);
    delete tensor;
    TORCH_CHECK(false, message);
  }
  value.tag = WICK_TENSOR_VALUE;
  value.u.p = made;
  return value;
}

wick_value wick::fallback::fromTorch(const c10::IValue &given) {
  wick_value value{WICK_NONE, 0, {}};
  if (given.isTensor())
    return fromTorch(given.toTensor());
  if (given.isBool()) {
    value.tag = WICK_BOOL_VALUE;
    value.u.i = given.toBool();
  } else if (given.isInt()) {
    value.tag = WICK_INT_VALUE;
    value.u.i = given.toInt();
  } else if (given.isDouble()) {
    value.tag = WICK_FLOAT_VALUE;
    value.u.f = given.toDouble();
  } else if (given.isComplexDouble()) {
    c10::complex<double> number = given.toComplexDouble();
    value.u.p = wick_complex_new(number.real(), number.imag());
    if (!value.u.p)
      throw std::bad_alloc();
    value.tag = WICK_COMPLEX_VALUE;
  } else if (given.isString()) {
    const std::string &text = given.toStringRef();
    value.u.p = wick_string_new(text.data(), text.size());
    if (!value.u.p)
      throw std::bad_alloc();
    value.tag = WICK_STRING_VALUE;
  } else if (given.isList()) {
    auto list = given.toList();
    std::vector<c10::IValue> elements(list.begin(), list.end());
    return makeSequence(WICK_LIST_VALUE, elements);
  } else if (given.isTuple()) {
    return makeSequence(WICK_TUPLE_VALUE, given.toTupleRef().elements().vec());
  } else {
    TORCH_CHECK(given.isNone(), "a ", given.tagKind(), " cannot leave the operator");
  }
  return value;
}
