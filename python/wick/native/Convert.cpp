//===- Convert.cpp - Python objects to values and back ----------------------===//
#include "Convert.h"
#include "Objects.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

using namespace wick::python;

//===--- dtypes ---------------------------------------------------------------===//

static int32_t dtypeOf(dlpack::DataType type) {
  if (type.lanes != 1)
    return -1;
  switch (type.code) {
  case dlpack::kInt:
    return type.bits == 8    ? WICK_I8
           : type.bits == 16 ? WICK_I16
           : type.bits == 32 ? WICK_I32
           : type.bits == 64 ? WICK_I64
                             : -1;
  case dlpack::kUInt: return type.bits == 8 ? WICK_U8 : -1;
  case dlpack::kFloat: return type.bits == 16 ? WICK_F16 : type.bits == 32 ? WICK_F32 : type.bits == 64 ? WICK_F64 : -1;
  case dlpack::kBfloat: return type.bits == 16 ? WICK_BF16 : -1;
  case dlpack::kComplex: return type.bits == 64 ? WICK_C64 : type.bits == 128 ? WICK_C128 : -1;
  case dlpack::kBool: return type.bits == 8 ? WICK_BOOL : -1;
  }
  return -1;
}

/// Of a format of the struct module; -1 when there is none.
static int32_t dtypeOf(const char *format, Py_ssize_t size) {
  if (*format == '@' || *format == '=' || *format == '<')
    ++format;
  if (format[0] == 'Z')
    return !strcmp(format, "Zf") ? WICK_C64 : !strcmp(format, "Zd") ? WICK_C128 : -1;
  if (!format[0] || format[1])
    return -1;
  switch (format[0]) {
  case '?': return WICK_BOOL;
  case 'e': return WICK_F16;
  case 'f': return WICK_F32;
  case 'd': return WICK_F64;
  case 'B': return WICK_U8;
  case 'b':
  case 'h':
  case 'i':
  case 'l':
  case 'q': return size == 1 ? WICK_I8 : size == 2 ? WICK_I16 : size == 4 ? WICK_I32 : size == 8 ? WICK_I64 : -1;
  }
  return -1;
}

//===--- Python's modules ------------------------------------------------------===//

PyObject *wick::python::definedAs(const char *name) {
  static PyObject *module = nullptr;
  if (!module && !(module = PyImport_ImportModule("wick._values")))
    return nullptr;
  PyObject *found = PyObject_GetAttrString(module, name);
  Py_XDECREF(found); // the module has it
  return found;
}

/// A class or function of PyTorch's where that is imported; without an error null where it is not.
static PyObject *torchAttribute(const char *name) {
  PyObject *modules = PyImport_GetModuleDict(), *torch = PyDict_GetItemString(modules, "torch");
  PyObject *found = torch ? PyObject_GetAttrString(torch, name) : nullptr;
  if (!found)
    PyErr_Clear();
  return found;
}

//===--- tensors in -----------------------------------------------------------===//

/// Types are few: the last ones are remembered.
const dlpack::ExchangeApi *wick::python::exchangeOf(PyTypeObject *type) {
  constexpr int kRemembered = 8;
  struct Entry {
    PyTypeObject *type;
    const dlpack::ExchangeApi *api;
  };
  static Entry cache[kRemembered];
  static int next = 0;
  for (auto &entry : cache)
    if (entry.type == type)
      return entry.api;
  const dlpack::ExchangeApi *api = nullptr;
  PyObject *capsule = PyObject_GetAttrString(reinterpret_cast<PyObject *>(type), "__dlpack_c_exchange_api__");
  if (capsule && PyCapsule_IsValid(capsule, "dlpack_exchange_api")) {
    api = static_cast<const dlpack::ExchangeApi *>(PyCapsule_GetPointer(capsule, "dlpack_exchange_api"));
    if (api && api->version.major != dlpack::kMajor)
      api = nullptr;
  }
  Py_XDECREF(capsule);
  PyErr_Clear();
  Py_INCREF(type); // so that its address is not used again
  PyTypeObject *forgotten = std::exchange(cache[next], Entry{type, api}).type;
  next = (next + 1) % kRemembered;
  Py_XDECREF(forgotten); // which may run Python code
  return api;
}

static void releaseObject(void *object) {
  PyGILState_STATE state = PyGILState_Ensure();
  Py_DECREF(static_cast<PyObject *>(object));
  PyGILState_Release(state);
}

static void releaseBuffer(void *opaque) {
  PyGILState_STATE state = PyGILState_Ensure();
  auto *buffer = static_cast<Py_buffer *>(opaque);
  PyBuffer_Release(buffer);
  PyGILState_Release(state);
  delete buffer;
}

static void releaseManaged(void *opaque) {
  auto *managed = static_cast<dlpack::Managed *>(opaque);
  PyGILState_STATE state = PyGILState_Ensure();
  if (managed->deleter)
    managed->deleter(managed);
  PyGILState_Release(state);
}

static void releaseVersioned(void *opaque) {
  auto *managed = static_cast<dlpack::ManagedVersioned *>(opaque);
  PyGILState_STATE state = PyGILState_Ensure();
  if (managed->deleter)
    managed->deleter(managed);
  PyGILState_Release(state);
}

/// A tensor over the memory that a DLPack tensor describes. On failure nothing is deleted.
static bool borrow(const dlpack::Tensor &view, void (*deleter)(void *), void *context, const char *where,
                   wick_tensor *&tensor) {
  int32_t dtype = dtypeOf(view.dtype);
  if (view.device.type != dlpack::kCpu && view.device.type != dlpack::kCudaHost) {
    PyErr_Format(PyExc_ValueError, "argument '%s': the tensor is not in the memory of the CPU", where);
    return false;
  }
  if (dtype < 0) {
    PyErr_Format(PyExc_TypeError, "argument '%s': tensors of this dtype are not supported", where);
    return false;
  }
  wick_error *error = nullptr;
  if (wick_tensor_borrow(static_cast<char *>(view.data) + view.byteOffset, dtype, view.ndim, view.shape, view.strides,
                         deleter, context, &tensor, &error) == WICK_OK)
    return true;
  setError(error);
  return false;
}

/// Names the argument in the error that an exporter of tensors has raised, and keeps the first line of its text.
static bool nameArgument(const char *where) {
  PyObject *type, *error, *trace;
  PyErr_Fetch(&type, &error, &trace);
  PyErr_NormalizeException(&type, &error, &trace);
  PyObject *text = error ? PyObject_Str(error) : nullptr;
  if (const char *line = text ? PyUnicode_AsUTF8(text) : nullptr)
    PyErr_Format(PyExc_TypeError, "argument '%s': %s", where, std::string(line, std::strcspn(line, "\n")).c_str());
  Py_XDECREF(text);
  Py_XDECREF(type);
  Py_XDECREF(error);
  Py_XDECREF(trace);
  return false;
}

bool Conversion::fromExchange(PyObject *object, const dlpack::ExchangeApi *api, const char *where,
                              wick_tensor *&tensor) {
  if (!api->viewFromObject) {
    dlpack::ManagedVersioned *managed = nullptr;
    if (api->managedFromObject(object, &managed))
      return nameArgument(where);
    if (borrow(managed->tensor, releaseVersioned, managed, where, tensor))
      return true;
    releaseVersioned(managed);
    return false;
  }
  dlpack::Tensor view;
  if (api->viewFromObject(object, &view))
    return nameArgument(where);
  if (!borrow(view, releaseObject, object, where, tensor))
    return false;
  Py_INCREF(object);
  return true;
}

bool Conversion::fromBuffer(PyObject *object, const char *where, wick_tensor *&tensor) {
  Py_buffer *buffer = new Py_buffer;
  if (PyObject_GetBuffer(object, buffer, PyBUF_FORMAT | PyBUF_STRIDES)) {
    delete buffer;
    return false;
  }
  int32_t dtype = dtypeOf(buffer->format ? buffer->format : "B", buffer->itemsize);
  int64_t sizes[64], strides[64];
  bool good = dtype >= 0 && buffer->ndim <= 64;
  for (int i = 0; good && i < buffer->ndim; ++i) {
    sizes[i] = buffer->shape[i];
    strides[i] = buffer->strides[i] / buffer->itemsize;
    good = buffer->strides[i] % buffer->itemsize == 0 || sizes[i] <= 1;
  }
  wick_error *error = nullptr;
  if (writing && buffer->readonly)
    PyErr_Format(PyExc_ValueError, "argument '%s': the method writes to it, but the array is read-only", where);
  else if (!good)
    PyErr_Format(PyExc_TypeError, "argument '%s': arrays of format '%s' with these strides are not supported", where,
                 buffer->format ? buffer->format : "B");
  else if (wick_tensor_borrow(buffer->buf, dtype, buffer->ndim, sizes, strides, releaseBuffer, buffer, &tensor,
                              &error) == WICK_OK)
    return true;
  else
    setError(error);
  PyBuffer_Release(buffer);
  delete buffer;
  return false;
}

bool Conversion::fromCapsule(PyObject *object, const char *where, wick_tensor *&tensor) {
  PyObject *method = PyObject_GetAttrString(object, "__dlpack__");
  if (!method) {
    PyErr_Format(PyExc_TypeError, "argument '%s': cannot pass an object of type %s", where, Py_TYPE(object)->tp_name);
    return false;
  }
  PyObject *none = PyTuple_New(0), *version = Py_BuildValue("{s(ii)}", "max_version", 1, 0);
  PyObject *capsule = PyObject_Call(method, none, version);
  if (!capsule && PyErr_ExceptionMatches(PyExc_TypeError)) { // from before versions
    PyErr_Clear();
    capsule = PyObject_CallNoArgs(method);
  }
  Py_DECREF(method);
  Py_DECREF(none);
  Py_DECREF(version);
  if (!capsule)
    return nameArgument(where);
  bool good = false;
  if (PyCapsule_IsValid(capsule, "dltensor_versioned")) {
    auto *managed = static_cast<dlpack::ManagedVersioned *>(PyCapsule_GetPointer(capsule, "dltensor_versioned"));
    good =
        managed->version.major == dlpack::kMajor && borrow(managed->tensor, releaseVersioned, managed, where, tensor);
    if (good)
      PyCapsule_SetName(capsule, "used_dltensor_versioned");
    else if (!PyErr_Occurred())
      PyErr_Format(PyExc_TypeError, "argument '%s': DLPack version %d is not supported", where, managed->version.major);
  } else if (PyCapsule_IsValid(capsule, "dltensor")) {
    auto *managed = static_cast<dlpack::Managed *>(PyCapsule_GetPointer(capsule, "dltensor"));
    good = borrow(managed->tensor, releaseManaged, managed, where, tensor);
    if (good)
      PyCapsule_SetName(capsule, "used_dltensor");
  } else {
    PyErr_Format(PyExc_TypeError, "argument '%s': __dlpack__ returned no DLPack capsule", where);
  }
  Py_DECREF(capsule);
  return good;
}

void Conversion::remember(wick_tensor *tensor, PyObject *object) {
  if (firstCount < kInline)
    first[firstCount++] = {tensor, object};
  else
    rest.push_back({tensor, object});
}

/// The tensor that was made of an object, which it keeps.
wick_tensor *Conversion::findTensor(PyObject *object) const {
  auto isOf = [&](const Origin &known) { return known.object == object; };
  if (const Origin *known = std::find_if(first, first + firstCount, isOf); known != first + firstCount)
    return known->tensor;
  auto known = std::find_if(rest.begin(), rest.end(), isOf);
  return known == rest.end() ? nullptr : known->tensor;
}

bool Conversion::toTensor(PyObject *object, const char *where, wick_value &value) {
  wick_tensor *tensor = nullptr;
  Family found;
  if (const dlpack::ExchangeApi *api = exchangeOf(Py_TYPE(object))) {
    // What is one object is one tensor.
    if (wick_tensor *known = api->viewFromObject ? findTensor(object) : nullptr) {
      value.tag = WICK_TENSOR_VALUE;
      value.u.p = known;
      wick_tensor_retain(known);
      return true;
    }
    if (!fromExchange(object, api, where, tensor))
      return false;
    found = Family::Exchange;
    if (!exchange)
      exchange = api;
  } else if (Py_TYPE(object) == tensorType) {
    tensor = unwrapTensor(object);
    wick_tensor_retain(tensor);
    found = Family::Wick;
  } else if (PyObject_CheckBuffer(object)) {
    if (!fromBuffer(object, where, tensor))
      return false;
    found = Family::Numpy;
  } else {
    if (!fromCapsule(object, where, tensor))
      return false;
    found = Family::Wick;
  }
  if (family == Family::Unknown)
    family = found;
  remember(tensor, object);
  value.tag = WICK_TENSOR_VALUE;
  value.u.p = tensor;
  wick_tensor_retain(tensor); // one reference for the value, one for `remember`
  return true;
}

int64_t wick::python::scalarTypeOf(PyObject *object) {
  static constexpr std::pair<std::string_view, int64_t> kNumbers[] = {
      {"torch.uint8", 0},     {"torch.int8", 1},        {"torch.int16", 2},   {"torch.int32", 3},
      {"torch.int64", 4},     {"torch.float16", 5},     {"torch.float32", 6}, {"torch.float64", 7},
      {"torch.complex64", 9}, {"torch.complex128", 10}, {"torch.bool", 11},   {"torch.bfloat16", 15},
  };
  if (std::string_view(Py_TYPE(object)->tp_name) != "torch.dtype")
    return -1;
  PyObject *text = PyObject_Str(object);
  const char *name = text ? PyUnicode_AsUTF8(text) : nullptr;
  int64_t number = -1;
  for (auto [known, itsNumber] : kNumbers)
    if (name && known == name)
      number = itsNumber;
  PyErr_Clear();
  Py_XDECREF(text);
  return number;
}

//===--- other values in ------------------------------------------------------===//

bool Conversion::toNumber(PyObject *object, wick_type_kind kind, wick_value &value, bool &done) {
  done = true;
  if (PyBool_Check(object)) {
    value.tag = WICK_BOOL_VALUE;
    value.u.i = object == Py_True;
    return true;
  }
  if (PyFloat_Check(object)) {
    value.tag = WICK_FLOAT_VALUE;
    value.u.f = PyFloat_AS_DOUBLE(object);
    return true;
  }
  if (PyComplex_Check(object)) {
    value.u.p = wick_complex_new(PyComplex_RealAsDouble(object), PyComplex_ImagAsDouble(object));
    if (!value.u.p) {
      PyErr_NoMemory();
      return false;
    }
    value.tag = WICK_COMPLEX_VALUE;
    return true;
  }
  if (int64_t number = scalarTypeOf(object); number >= 0) {
    value.tag = WICK_INT_VALUE;
    value.u.i = number;
    return true;
  }
  // Scalars of NumPy are numbers where a number is wanted; elsewhere they are tensors.
  bool wanted = kind == WICK_TYPE_INT || kind == WICK_TYPE_FLOAT || kind == WICK_TYPE_BOOL;
  if (PyLong_Check(object) || (wanted && PyIndex_Check(object))) {
    PyObject *index = PyNumber_Index(object);
    if (!index && PyErr_ExceptionMatches(PyExc_TypeError)) { // a tensor that is no integer
      PyErr_Clear();
      done = false;
      return true;
    }
    if (!index)
      return false;
    value.tag = WICK_INT_VALUE;
    value.u.i = PyLong_AsLongLong(index);
    Py_DECREF(index);
    return !(value.u.i == -1 && PyErr_Occurred());
  }
  if (wanted && kind == WICK_TYPE_FLOAT && Py_TYPE(object)->tp_as_number && Py_TYPE(object)->tp_as_number->nb_float) {
    value.tag = WICK_FLOAT_VALUE;
    value.u.f = PyFloat_AsDouble(object);
    return !(value.u.f == -1 && PyErr_Occurred());
  }
  done = false;
  return true;
}

bool Conversion::toString(PyObject *object, wick_value &value) {
  Py_ssize_t bytes;
  const char *text = PyUnicode_AsUTF8AndSize(object, &bytes);
  if (!text)
    return false;
  value.u.p = wick_string_new(text, bytes);
  if (!value.u.p) {
    PyErr_NoMemory();
    return false;
  }
  value.tag = WICK_STRING_VALUE;
  return true;
}

bool Conversion::toSequence(PyObject *object, const wick_type *type, const char *where, wick_value &value) {
  Py_ssize_t count = PySequence_Fast_GET_SIZE(object);
  wick_sequence *sequence = wick_sequence_new(count);
  if (!sequence) {
    PyErr_NoMemory();
    return false;
  }
  // A tuple is taken for a list, as LibTorch takes it, but not the other way round.
  bool isList = type && wick_type_get_kind(type) == WICK_TYPE_LIST;
  value.tag = PyTuple_Check(object) && !isList ? WICK_TUPLE_VALUE : WICK_LIST_VALUE;
  value.u.p = sequence;
  int32_t elements = type ? wick_type_element_count(type) : 0;
  bool tuple = type && wick_type_get_kind(type) == WICK_TYPE_TUPLE;
  if (Py_EnterRecursiveCall(" while converting an argument"))
    return false;
  bool good = true;
  for (Py_ssize_t i = 0; good && i < count; ++i) {
    Py_ssize_t index = tuple ? i : 0;
    const wick_type *element = index < elements ? wick_type_element(type, index) : nullptr;
    good = i < PySequence_Fast_GET_SIZE(object) &&
           toValue(PySequence_Fast_GET_ITEM(object, i), element, where, wick_sequence_items(sequence)[i]);
  }
  Py_LeaveRecursiveCall();
  return good;
}

bool Conversion::toDict(PyObject *object, const wick_type *type, const char *where, wick_value &value) {
  wick_sequence *sequence = wick_sequence_new(2 * PyDict_GET_SIZE(object));
  if (!sequence) {
    PyErr_NoMemory();
    return false;
  }
  value.tag = WICK_DICT_VALUE;
  value.u.p = sequence;
  bool typed = type && wick_type_element_count(type) == 2;
  if (Py_EnterRecursiveCall(" while converting an argument"))
    return false;
  PyObject *key, *item;
  Py_ssize_t position = 0;
  bool good = true;
  for (int64_t i = 0; good && i + 1 < wick_sequence_count(sequence) && PyDict_Next(object, &position, &key, &item);
       i += 2)
    good = toValue(key, typed ? wick_type_element(type, 0) : nullptr, where, wick_sequence_items(sequence)[i]) &&
           toValue(item, typed ? wick_type_element(type, 1) : nullptr, where, wick_sequence_items(sequence)[i + 1]);
  Py_LeaveRecursiveCall();
  return good;
}

bool wick::python::isSequence(PyObject *object) {
  return PySequence_Check(object) && !PyUnicode_Check(object) && !PyBytes_Check(object) &&
         !exchangeOf(Py_TYPE(object)) && !PyObject_CheckBuffer(object) && !PyObject_HasAttrString(object, "__dlpack__");
}
static bool isMapping(PyObject *object) { return isSequence(object) && PyObject_HasAttrString(object, "keys"); }
bool wick::python::isMutable(PyObject *object) {
  return PyObject_HasAttrString(object, isMapping(object) ? "__setitem__" : "append");
}

PyObject *wick::python::copyItems(PyObject *object) {
  if (!isMapping(object))
    return PySequence_List(object);
  PyObject *items = PyObject_CallMethod(object, "items", nullptr), *dict = items ? PyDict_New() : nullptr;
  if (dict && PyDict_MergeFromSeq2(dict, items, /*override=*/1))
    Py_CLEAR(dict);
  Py_XDECREF(items);
  return dict;
}

bool wick::python::isDevice(PyObject *object) {
  return Py_TYPE(object) == reinterpret_cast<PyTypeObject *>(definedAs("Device")) ||
         !std::strcmp(Py_TYPE(object)->tp_name, "torch.device");
}

bool Conversion::findShared(PyObject *object, wick_value &value) const {
  for (const Shared &known : shared)
    if (known.object == object) {
      value = known.value;
      wick_value_retain(&value);
      return true;
    }
  return false;
}

bool Conversion::toShared(PyObject *object, const wick_type *type, const char *where, wick_value &value) {
  if (findShared(object, value))
    return true;
  PyObject *copy = copyItems(object);
  bool good = copy && (PyDict_Check(copy) ? toDict(copy, type, where, value) : toSequence(copy, type, where, value));
  Py_XDECREF(copy);
  if (good && isMutable(object))
    share(object, value, type);
  return good;
}

void Conversion::share(PyObject *object, const wick_value &value, const wick_type *type) {
  auto *sequence = static_cast<wick_sequence *>(value.u.p);
  const wick_value *items = wick_sequence_items(sequence);
  shared.push_back({object, value, {items, items + wick_sequence_count(sequence)}, type});
  wick_value_retain(&value);
  for (const wick_value &item : shared.back().before)
    wick_value_retain(&item);
}

bool wick::python::isMember(PyObject *object) {
  if (Py_TYPE(Py_TYPE(object)) == &PyType_Type)
    return false;
  static PyObject *base = nullptr;
  if (!base) {
    PyObject *module = PyImport_ImportModule("enum");
    base = module ? PyObject_GetAttrString(module, "Enum") : nullptr;
    Py_XDECREF(module);
    PyErr_Clear();
  }
  return base && PyObject_TypeCheck(object, reinterpret_cast<PyTypeObject *>(base));
}

/// Whether the class of an object is the one that TorchScript knows by a name.
static bool isOfClass(PyObject *object, const wick_class *cls) {
  PyObject *corresponds = definedAs("corresponds");
  PyObject *answer =
      corresponds ? PyObject_CallFunction(corresponds, "Os", Py_TYPE(object), wick_class_name(cls)) : nullptr;
  bool same = answer == Py_True;
  Py_XDECREF(answer);
  PyErr_Clear();
  return same;
}

/// The class that a declared type wants of an object; null when there is none, or several that the object is not of.
static const wick_class *chooseClass(PyObject *object, const wick_type *type, wick_type_kind kind) {
  if (!type || wick_type_get_kind(type) == kind)
    return type ? wick_type_class(type) : nullptr;
  const wick_class *found = nullptr;
  if (wick_type_get_kind(type) == WICK_TYPE_UNION)
    for (int32_t i = 0, n = wick_type_element_count(type); i < n && !found; ++i)
      if (const wick_type *member = wick_type_element(type, i);
          wick_type_get_kind(member) == kind && isOfClass(object, wick_type_class(member)))
        found = wick_type_class(member);
  return found;
}

bool Conversion::toMember(PyObject *object, const wick_class *cls, const char *where, wick_value &value) {
  PyObject *name = PyObject_GetAttrString(object, "name");
  const char *text = name ? PyUnicode_AsUTF8(name) : nullptr;
  const wick_member *member = text ? wick_class_find_member(cls, text) : nullptr;
  if (member) {
    value.u.p = const_cast<wick_member *>(member);
    value.tag = WICK_ENUM_VALUE;
    wick_value_retain(&value);
  } else if (text) {
    PyErr_Format(PyExc_TypeError, "argument '%s': enumeration '%s' has no member '%s'", where, wick_class_name(cls),
                 text);
  }
  Py_XDECREF(name);
  return member;
}

/// Whether an object is one of TorchScript's, which Python refers to: others are copied, as lists are.
static bool isScriptObject(PyObject *object) {
  std::string_view name = Py_TYPE(object)->tp_name;
  return name == "torch.ScriptObject" || name == "torch._C.ScriptObject" || name == "RecursiveScriptClass";
}

PyObject *wick::python::readAttribute(PyObject *object, const char *name) {
  bool isBare = isScriptObject(object) && PyObject_HasAttrString(object, "getattr");
  return isBare ? PyObject_CallMethod(object, "getattr", "s", name) : PyObject_GetAttrString(object, name);
}

static bool writeAttribute(PyObject *object, const char *name, PyObject *held) {
  if (!PyObject_HasAttrString(object, "setattr"))
    return !PyObject_SetAttrString(object, name, held);
  PyObject *done = PyObject_CallMethod(object, "setattr", "sO", name, held);
  Py_XDECREF(done);
  return done;
}

bool Conversion::toObjectValue(PyObject *object, const wick_class *cls, const char *where, wick_value &value) {
  bool isShared = isScriptObject(object);
  if (isShared && findShared(object, value))
    return true;
  wick_sequence *made = wick_object_new(cls);
  if (!made) {
    PyErr_NoMemory();
    return false;
  }
  value.tag = WICK_OBJECT_VALUE;
  value.u.p = made;
  if (Py_EnterRecursiveCall(" while converting an argument"))
    return false;
  bool good = true;
  for (int32_t i = 0, n = wick_class_attribute_count(cls); good && i < n; ++i) {
    const char *name = wick_class_attribute_name(cls, i);
    PyObject *held = readAttribute(object, name);
    if (!held && PyErr_ExceptionMatches(PyExc_AttributeError))
      PyErr_Format(PyExc_TypeError,
                   "argument '%s': Tried to cast object to type %s but object was missing attribute %s", where,
                   wick_class_name(cls), name);
    good = held && toValue(held, wick_class_attribute_type(cls, i), where, wick_sequence_items(made)[i]);
    Py_XDECREF(held);
  }
  Py_LeaveRecursiveCall();
  if (good && isShared)
    share(object, value, nullptr);
  return good;
}

/// Whether two values are the same number or object.
static bool isSame(const wick_value &a, const wick_value &b) { return a.tag == b.tag && a.u.i == b.u.i; }

bool Conversion::toValue(PyObject *object, const wick_type *type, const char *where, wick_value &value) {
  value = {};
  if (object == Py_None)
    return true;
  while (type && wick_type_get_kind(type) == WICK_TYPE_OPTIONAL)
    type = wick_type_element(type, 0);
  wick_type_kind kind = type ? wick_type_get_kind(type) : WICK_TYPE_ANY;
  if (kind == WICK_TYPE_OBJECT)
    return toObjectValue(object, wick_type_class(type), where, value);
  if (kind == WICK_TYPE_ENUM || (kind == WICK_TYPE_UNION && isMember(object)))
    if (const wick_class *cls = chooseClass(object, type, WICK_TYPE_ENUM); cls && isMember(object))
      return toMember(object, cls, where, value);
  if (kind == WICK_TYPE_TENSOR && !PyLong_Check(object) && !PyFloat_Check(object) && !PyComplex_Check(object) &&
      !PyUnicode_Check(object) && !PyTuple_Check(object) && !PyList_Check(object) && !PyDict_Check(object))
    return toTensor(object, where, value);
  bool done = false;
  if (!toNumber(object, kind, value, done))
    return false;
  if (done)
    return true;
  if (PyUnicode_Check(object)) {
    bool good = toString(object, value);
    if (good && (kind == WICK_TYPE_DEVICE || (kind != WICK_TYPE_STRING && isDevice(object))))
      value.tag = WICK_DEVICE_VALUE;
    return good;
  }
  if (isDevice(object)) {
    PyObject *text = PyObject_Str(object);
    bool good = text && toString(text, value);
    Py_XDECREF(text);
    value.tag = good ? WICK_DEVICE_VALUE : WICK_NONE;
    return good;
  }
  if (isGenerator(object))
    return toGenerator(object, value);
  if (PyTuple_Check(object) || PyList_Check(object))
    return toSequence(object, type, where, value);
  if (PyDict_Check(object))
    return toDict(object, type, where, value);
  if (const wick_class *cls = kind == WICK_TYPE_UNION ? chooseClass(object, type, WICK_TYPE_OBJECT) : nullptr)
    return toObjectValue(object, cls, where, value);
  if (isMapping(object) || (isSequence(object) && (kind == WICK_TYPE_LIST || isMutable(object))))
    return toShared(object, type, where, value);
  return toTensor(object, where, value);
}

//===--- results --------------------------------------------------------------===//

PyObject *Conversion::tensorToObject(wick_tensor *tensor) {
  auto find = [&](const Origin &candidate) { return candidate.tensor == tensor ? candidate.object : nullptr; };
  PyObject *known = nullptr;
  for (int i = 0; i < firstCount && !known; ++i)
    known = find(first[i]);
  for (size_t i = 0; i < rest.size() && !known; ++i)
    known = find(rest[i]);
  if (known) {
    wick_tensor_release(tensor);
    return Py_NewRef(known);
  }
  wick_tensor_retain(tensor);
  PyObject *object = newTensorObject(tensor);
  if (object)
    remember(tensor, object); // a tensor returned twice is one object
  else
    wick_tensor_release(tensor);
  return object;
}

PyObject *Conversion::newTensorObject(wick_tensor *tensor) {
  // Neither DLPack nor the buffer protocol has a place for scales.
  if (const char *dtype = wick_dtype_name(tensor->dtype); dtype && *dtype == 'q') {
    wick_tensor_release(tensor);
    return PyErr_Format(PyExc_TypeError,
                        "the method returned a quantized tensor (%s), which cannot leave the program; "
                        "return 'dequantize()' of it",
                        dtype);
  }
  if (family == Family::Unknown)
    preferImported();
  if (family == Family::Exchange) {
    dlpack::ManagedVersioned *managed = makeManaged(tensor);
    void *object = nullptr;
    if (!managed || exchange->objectFromManaged(managed, &object))
      return nullptr;
    return static_cast<PyObject *>(object);
  }
  PyObject *wrapped = wrapTensor(tensor);
  if (!wrapped || family == Family::Wick || tensor->dtype == WICK_BF16)
    return wrapped;
  static PyObject *asarray = nullptr;
  if (!asarray) {
    PyObject *numpy = PyImport_ImportModule("numpy");
    asarray = numpy ? PyObject_GetAttrString(numpy, "asarray") : nullptr;
    Py_XDECREF(numpy);
    if (!asarray) { // the buffer protocol serves without NumPy
      PyErr_Clear();
      return wrapped;
    }
  }
  PyObject *array = PyObject_CallOneArg(asarray, wrapped);
  Py_DECREF(wrapped);
  return array;
}

void Conversion::preferImported() {
  PyObject *type = torchAttribute("Tensor");
  if (type && PyType_Check(type))
    exchange = exchangeOf(reinterpret_cast<PyTypeObject *>(type));
  family = exchange ? Family::Exchange : Family::Numpy;
  Py_XDECREF(type);
  PyErr_Clear();
}

/// torch.device or, without PyTorch, wick.Device.
static PyObject *deviceToObject(PyObject *text) {
  if (!text)
    return nullptr;
  PyObject *type = torchAttribute("device");
  if (!type)
    type = Py_XNewRef(definedAs("Device"));
  PyObject *device = type ? PyObject_CallOneArg(type, text) : nullptr;
  Py_XDECREF(type);
  Py_DECREF(text);
  return device;
}

/// The class of a named tuple, made once for each name and fields.
static PyObject *namedTupleOf(const wick_type *type) {
  PyObject *make = definedAs("named_tuple");
  if (!make)
    return nullptr;
  int32_t count = wick_type_element_count(type);
  PyObject *fields = PyTuple_New(count);
  for (int32_t i = 0; fields && i < count; ++i)
    if (PyObject *field = PyUnicode_FromString(wick_type_field(type, i)))
      PyTuple_SET_ITEM(fields, i, field);
    else
      Py_CLEAR(fields);
  PyObject *cls = fields ? PyObject_CallFunction(make, "sO", wick_type_name(type), fields) : nullptr;
  Py_XDECREF(fields);
  return cls;
}

/// The type of a value among those that a declared type allows; null when it is not known.
static const wick_type *narrow(const wick_type *type, int32_t tag) {
  while (type && wick_type_get_kind(type) == WICK_TYPE_OPTIONAL)
    type = wick_type_element(type, 0);
  if (!type || wick_type_get_kind(type) != WICK_TYPE_UNION)
    return type;
  wick_type_kind wanted = tag == WICK_LIST_VALUE    ? WICK_TYPE_LIST
                          : tag == WICK_TUPLE_VALUE ? WICK_TYPE_TUPLE
                                                    : WICK_TYPE_DICT;
  const wick_type *found = nullptr;
  for (int32_t i = 0, n = wick_type_element_count(type); i < n; ++i)
    if (const wick_type *member = wick_type_element(type, i); wick_type_get_kind(member) == wanted) {
      if (found)
        return nullptr;
      found = member;
    }
  return found;
}

PyObject *Conversion::sequenceToObject(wick_value value, const wick_type *type) {
  type = narrow(type, value.tag);
  int32_t elements = type ? wick_type_element_count(type) : 0;
  auto *sequence = static_cast<wick_sequence *>(value.u.p);
  int64_t count = wick_sequence_count(sequence);
  auto item = [&](int64_t index) {
    wick_value part = wick_sequence_items(sequence)[index];
    wick_value_retain(&part);
    int64_t which = value.tag == WICK_TUPLE_VALUE ? index : value.tag == WICK_DICT_VALUE ? index % 2 : 0;
    return toObject(part, which < elements ? wick_type_element(type, which) : nullptr);
  };
  PyObject *result = value.tag == WICK_DICT_VALUE   ? PyDict_New()
                     : value.tag == WICK_LIST_VALUE ? PyList_New(count)
                                                    : PyTuple_New(count);
  bool good = result;
  for (int64_t i = 0; good && i < count; ++i) {
    PyObject *part = item(i);
    good = part;
    if (good && value.tag == WICK_DICT_VALUE) {
      PyObject *held = item(++i);
      good = held && !PyDict_SetItem(result, part, held);
      Py_XDECREF(held);
      Py_DECREF(part);
    } else if (good && value.tag == WICK_LIST_VALUE) {
      PyList_SET_ITEM(result, i, part);
    } else if (good) {
      PyTuple_SET_ITEM(result, i, part);
    }
  }
  if (!good)
    Py_CLEAR(result);
  wick_value_release(&value);
  if (result && type && value.tag == WICK_TUPLE_VALUE && wick_type_name(type) && elements == count) {
    PyObject *cls = namedTupleOf(type), *named = cls ? PyObject_Call(cls, result, nullptr) : nullptr;
    Py_XDECREF(cls);
    Py_SETREF(result, named);
  }
  return result;
}

/// An object of the class of Python's when there is one, else a wick.Object; with its attributes, as PyTorch makes it.
PyObject *Conversion::objectToObject(wick_value value) {
  auto *sequence = static_cast<wick_sequence *>(value.u.p);
  if (auto known = made.find(sequence); known != made.end()) {
    wick_value_release(&value);
    return Py_NewRef(known->second.object);
  }
  const wick_class *cls = wick_object_class(sequence);
  PyObject *make = definedAs("new_object");
  PyObject *object = make ? PyObject_CallFunction(make, "s", wick_class_name(cls)) : nullptr;
  if (!object || Py_EnterRecursiveCall(" while converting a result")) {
    Py_XDECREF(object);
    wick_value_release(&value);
    return nullptr;
  }
  made.emplace(sequence, Made{value, Py_NewRef(object)});
  for (int32_t i = 0, n = wick_class_attribute_count(cls); object && i < n; ++i) {
    wick_value item = wick_sequence_items(sequence)[i];
    wick_value_retain(&item);
    PyObject *held = toObject(item, wick_class_attribute_type(cls, i));
    if (!held || PyObject_SetAttrString(object, wick_class_attribute_name(cls, i), held))
      Py_CLEAR(object);
    Py_XDECREF(held);
  }
  Py_LeaveRecursiveCall();
  return object;
}

/// A number or string, of which a member is made.
static PyObject *plainToObject(const wick_value &value) {
  if (value.tag == WICK_INT_VALUE)
    return PyLong_FromLongLong(value.u.i);
  if (value.tag == WICK_FLOAT_VALUE)
    return PyFloat_FromDouble(value.u.f);
  size_t bytes;
  const char *text = wick_string_data(static_cast<wick_string *>(value.u.p), &bytes);
  return PyUnicode_DecodeUTF8(text, bytes, "surrogateescape");
}

PyObject *Conversion::memberToObject(wick_value value) {
  const auto *member = static_cast<const wick_member *>(value.u.p);
  const wick_class *cls = wick_member_class(member);
  int32_t count = wick_class_member_count(cls);
  PyObject *make = definedAs("enum_member"), *members = PyTuple_New(count);
  for (int32_t i = 0; members && i < count; ++i) {
    const wick_member *each = wick_class_member(cls, i);
    PyObject *held = plainToObject(*wick_member_value(each));
    PyObject *pair = held ? Py_BuildValue("(sN)", wick_member_name(each), held) : nullptr;
    if (pair)
      PyTuple_SET_ITEM(members, i, pair);
    else
      Py_CLEAR(members);
  }
  PyObject *object = make && members
                         ? PyObject_CallFunction(make, "ssO", wick_class_name(cls), wick_member_name(member), members)
                         : nullptr;
  Py_XDECREF(members);
  wick_value_release(&value);
  return object;
}

PyObject *Conversion::toObject(wick_value value, const wick_type *type) {
  switch (value.tag) {
  case WICK_NONE: Py_RETURN_NONE;
  case WICK_BOOL_VALUE: return PyBool_FromLong(value.u.i != 0);
  case WICK_INT_VALUE: return PyLong_FromLongLong(value.u.i);
  case WICK_FLOAT_VALUE: return PyFloat_FromDouble(value.u.f);
  case WICK_COMPLEX_VALUE: {
    const auto *complex = static_cast<const wick_complex *>(value.u.p);
    PyObject *result = PyComplex_FromDoubles(complex->real, complex->imag);
    wick_value_release(&value);
    return result;
  }
  case WICK_TENSOR_VALUE: return tensorToObject(static_cast<wick_tensor *>(value.u.p));
  case WICK_STRING_VALUE:
  case WICK_DEVICE_VALUE: {
    size_t bytes;
    const char *text = wick_string_data(static_cast<wick_string *>(value.u.p), &bytes);
    PyObject *result = PyUnicode_DecodeUTF8(text, bytes, "surrogateescape");
    wick_value_release(&value);
    return value.tag == WICK_DEVICE_VALUE ? deviceToObject(result) : result;
  }
  case WICK_LIST_VALUE:
  case WICK_TUPLE_VALUE:
  case WICK_DICT_VALUE: return sequenceToObject(value, type);
  case WICK_OBJECT_VALUE: return objectToObject(value);
  case WICK_ENUM_VALUE: return memberToObject(value);
  case WICK_GENERATOR_VALUE: return generatorToObject(value);
  }
  wick_value_release(&value);
  PyErr_Format(PyExc_TypeError, "the method returned a value of kind %d, which Python does not get", value.tag);
  return nullptr;
}

/// What a container or object in an attribute holds may have changed too.
bool Conversion::writeAttributes(const Shared &changed) {
  auto *object = static_cast<wick_sequence *>(changed.value.u.p);
  const wick_class *cls = wick_object_class(object);
  for (int32_t i = 0, n = wick_class_attribute_count(cls); i < n; ++i) {
    wick_value item = wick_sequence_items(object)[i];
    bool isContainer = item.tag == WICK_LIST_VALUE || item.tag == WICK_DICT_VALUE || item.tag == WICK_OBJECT_VALUE;
    if (!isContainer && isSame(item, changed.before[i]))
      continue;
    wick_value_retain(&item);
    PyObject *now = toObject(item, wick_class_attribute_type(cls, i));
    bool good = now && writeAttribute(changed.object, wick_class_attribute_name(cls, i), now);
    Py_XDECREF(now);
    if (!good)
      return false;
  }
  return true;
}

bool Conversion::writeBack(const Shared &changed) {
  if (changed.value.tag == WICK_GENERATOR_VALUE)
    return writeGenerator(changed.object, changed.value);
  auto *sequence = static_cast<wick_sequence *>(changed.value.u.p);
  const wick_value *items = wick_sequence_items(sequence);
  if (changed.value.tag == WICK_OBJECT_VALUE)
    return writeAttributes(changed);
  if (std::equal(changed.before.begin(), changed.before.end(), items, items + wick_sequence_count(sequence), isSame))
    return true;
  wick_value_retain(&changed.value);
  PyObject *now = toObject(changed.value, changed.type), *done = nullptr;
  if (now && PyDict_Check(now)) {
    // Anew, for the order of what is in a dict shows.
    PyObject *keys = PyObject_CallMethod(changed.object, "keys", nullptr);
    PyObject *old = keys ? PySequence_List(keys) : nullptr;
    bool good = old;
    for (Py_ssize_t i = 0; good && i < PyList_GET_SIZE(old); ++i)
      good = !PyObject_DelItem(changed.object, PyList_GET_ITEM(old, i));
    PyObject *key, *item;
    for (Py_ssize_t position = 0; good && PyDict_Next(now, &position, &key, &item);)
      good = !PyObject_SetItem(changed.object, key, item);
    Py_XDECREF(keys);
    Py_XDECREF(old);
    done = good ? Py_NewRef(Py_None) : nullptr;
  } else if (now) {
    PyObject *cleared = PyObject_CallMethod(changed.object, "clear", nullptr);
    done = cleared ? PyObject_CallMethod(changed.object, "extend", "O", now) : nullptr;
    Py_XDECREF(cleared);
  }
  Py_XDECREF(now);
  Py_XDECREF(done);
  return done;
}

bool Conversion::writeBack() {
  for (const Shared &each : shared)
    if (!writeBack(each))
      return false;
  return true;
}

Conversion::~Conversion() {
  for (const auto &[address, each] : made) {
    wick_value_release(&each.value);
    Py_DECREF(each.object);
  }
  for (const Shared &each : shared) {
    for (const wick_value &item : each.before)
      wick_value_release(&item);
    wick_value_release(&each.value);
  }
  for (int i = 0; i < firstCount; ++i)
    wick_tensor_release(first[i].tensor);
  for (const Origin &origin : rest)
    wick_tensor_release(origin.tensor);
}
