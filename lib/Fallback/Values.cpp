//===- Values.cpp - values of Wick and of LibTorch ---------------------------===//
#include "Values.h"

#include <memory>
#include <mutex>
#include <string_view>

using namespace wick::fallback;

//===--- from Wick ------------------------------------------------------------===//

static void releaseTensor(void *held) { delete static_cast<at::Tensor *>(held); }

at::Tensor wick::fallback::toTorch(wick_tensor *tensor) {
  if (c10::isQIntType(at::ScalarType(tensor->dtype))) {
    // Its scales are not in its memory.
    auto *owner = static_cast<at::Tensor *>(wick_tensor_owner(tensor, releaseTensor));
    TORCH_CHECK(owner, "a copy of a quantized tensor has no scale");
    return *owner;
  }
  wick_tensor_retain(tensor);
  auto options = at::TensorOptions().dtype(at::ScalarType(tensor->dtype));
  return at::from_blob(
      tensor->data, at::IntArrayRef(tensor->sizes, tensor->rank), at::IntArrayRef(tensor->strides, tensor->rank),
      [tensor](void *) { wick_tensor_release(tensor); }, options);
}

/// A tensor over memory that `owner` keeps alive.
template <typename Owner>
static wick_value borrow(void *data, int32_t dtype, at::IntArrayRef sizes, at::IntArrayRef strides,
                         void (*release)(void *), std::unique_ptr<Owner> owner) {
  wick_tensor *made = nullptr;
  wick_error *error = nullptr;
  if (wick_tensor_borrow(data, dtype, int32_t(sizes.size()), sizes.data(), strides.data(), release, owner.get(), &made,
                         &error)) {
    std::string message = wick_error_message(error);
    wick_error_release(error);
    TORCH_CHECK(false, message);
  }
  (void)owner.release();
  wick_value value{WICK_TENSOR_VALUE, 0, {}};
  value.u.p = made;
  return value;
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

namespace {
/// An object of a class implemented in C++, and what it was unpickled from.
struct HeldObject {
  HeldObject(c10::IValue object, wick_tensor *bytes) : object(std::move(object)), bytes(bytes) {
    wick_tensor_retain(bytes);
  }
  ~HeldObject() { wick_tensor_release(bytes); }
  HeldObject(const HeldObject &) = delete;
  HeldObject &operator=(const HeldObject &) = delete;

  static void release(void *held) { delete static_cast<HeldObject *>(held); }

  c10::IValue object;
  wick_tensor *bytes;
};
} // namespace

/// The object that the only slot of one of ours holds as bytes. Unpickled once: the slot then holds the same bytes,
/// owned by the object, so that a copy begins anew.
static c10::IValue toObject(const wick_value &value) {
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  auto *items = static_cast<wick_items *>(value.u.p);
  TORCH_CHECK(items->count == 1 && items->items[0].tag == WICK_TENSOR_VALUE,
              "an object of a class written in Python is no argument of an operator");
  auto *bytes = static_cast<wick_tensor *>(items->items[0].u.p);
  if (auto *held = static_cast<HeldObject *>(wick_tensor_owner(bytes, HeldObject::release)))
    return held->object;
  auto *data = static_cast<const char *>(bytes->data);
  auto held =
      std::make_unique<HeldObject>(torch::jit::pickle_load_obj({data, size_t(wick_tensor_count(bytes))}), bytes);
  c10::IValue object = held->object;
  items->items[0] = borrow(bytes->data, bytes->dtype, {bytes->sizes, size_t(bytes->rank)},
                           {bytes->strides, size_t(bytes->rank)}, HeldObject::release, std::move(held));
  wick_tensor_release(bytes);
  return object;
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
  case WICK_OBJECT_VALUE: return toObject(value).type();
  case WICK_TUPLE_VALUE: {
    std::vector<c10::TypePtr> kinds;
    for (const wick_value &item : itemsOf(value))
      kinds.push_back(getKind(item));
    return c10::TupleType::create(std::move(kinds));
  }
  default: break;
  }
  auto isContainer = value.tag == WICK_LIST_VALUE || value.tag == WICK_DICT_VALUE;
  TORCH_CHECK(isContainer && !itemsOf(value).empty(), "a value of kind ", value.tag, " does not tell its type");
  c10::TypePtr first = getKind(itemsOf(value).front());
  return value.tag == WICK_LIST_VALUE ? c10::TypePtr(c10::ListType::create(first))
                                      : c10::DictType::create(first, getKind(itemsOf(value)[1]));
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

static c10::IValue toDict(const wick_value &value, const c10::DictType &type) {
  c10::impl::GenericDict dict(type.getKeyType(), type.getValueType());
  auto items = itemsOf(value);
  for (size_t i = 0; i + 1 < items.size(); i += 2)
    dict.insert(toTorch(items[i], type.getKeyType()), toTorch(items[i + 1], type.getValueType()));
  return dict;
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
  case c10::TypeKind::GeneratorType:
    // The caller lends its numbers: see Numbers.h.
    if (value.tag == WICK_GENERATOR_VALUE)
      return {};
    break;
  case c10::TypeKind::ListType:
    if (value.tag == WICK_LIST_VALUE || value.tag == WICK_TUPLE_VALUE || isNumber(value))
      return toList(value, type->cast<c10::ListType>()->getElementType());
    break;
  case c10::TypeKind::ClassType:
    if (value.tag == WICK_OBJECT_VALUE)
      return toObject(value);
    break;
  case c10::TypeKind::TupleType:
    if (value.tag == WICK_TUPLE_VALUE)
      return toTuple(value, type);
    break;
  case c10::TypeKind::DictType:
    if (value.tag == WICK_DICT_VALUE)
      return toDict(value, type->expectRef<c10::DictType>());
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
  TORCH_CHECK(given.layout() == at::kStrided && given.device().is_cpu(), "a tensor of layout ", given.layout(), " on ",
              given.device(), " cannot leave the operator");
  // What is seen lazily - conjugated, negated - is made real.
  auto tensor = std::make_unique<at::Tensor>(given.resolve_conj().resolve_neg());
  const at::Tensor &made = *tensor;
  return borrow(made.data_ptr(), int32_t(made.scalar_type()), made.sizes(), made.strides(), releaseTensor,
                std::move(tensor));
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
