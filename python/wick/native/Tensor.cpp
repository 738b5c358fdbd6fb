//===- Tensor.cpp - wick.Tensor, a tensor of the runtime in Python ----------===//
#include "Convert.h"

#include <new>

using namespace wick::python;

PyTypeObject *wick::python::tensorType = nullptr;

namespace {

struct TensorObject {
  PyObject_HEAD wick_tensor *tensor;
  Py_ssize_t *byteStrides;
};

TensorObject *cast(PyObject *object) { return reinterpret_cast<TensorObject *>(object); }

void destroy(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  wick_tensor_release(cast(self)->tensor);
  PyMem_Free(cast(self)->byteStrides);
  type->tp_free(self);
  Py_DECREF(type);
}

const char *formatOf(int32_t dtype) {
  switch (dtype) {
  case WICK_U8: return "B";
  case WICK_I8: return "b";
  case WICK_I16: return "h";
  case WICK_I32: return "i";
  case WICK_I64: return "l";
  case WICK_F16: return "e";
  case WICK_F32: return "f";
  case WICK_F64: return "d";
  case WICK_C64: return "Zf";
  case WICK_C128: return "Zd";
  case WICK_BOOL: return "?";
  }
  return nullptr;
}

int getBuffer(PyObject *self, Py_buffer *view, int flags) {
  wick_tensor *tensor = cast(self)->tensor;
  const char *format = formatOf(tensor->dtype);
  if (!format) {
    PyErr_Format(PyExc_BufferError, "%s has no buffer format; use DLPack", wick_dtype_name(tensor->dtype));
    return -1;
  }
  static_assert(sizeof(Py_ssize_t) == sizeof(int64_t));
  int64_t element = wick_dtype_size(tensor->dtype);
  view->obj = Py_NewRef(self);
  view->buf = tensor->data;
  view->len = wick_tensor_count(tensor) * element;
  view->readonly = 0;
  view->itemsize = element;
  view->format = flags & PyBUF_FORMAT ? const_cast<char *>(format) : nullptr;
  view->ndim = tensor->rank;
  view->shape = reinterpret_cast<Py_ssize_t *>(const_cast<int64_t *>(tensor->sizes));
  view->strides = cast(self)->byteStrides;
  view->suboffsets = nullptr;
  view->internal = nullptr;
  return 0;
}

dlpack::DataType dataTypeOf(int32_t dtype) {
  auto bits = uint8_t(8 * wick_dtype_size(dtype));
  switch (dtype) {
  case WICK_U8: return {dlpack::kUInt, bits, 1};
  case WICK_F16:
  case WICK_F32:
  case WICK_F64: return {dlpack::kFloat, bits, 1};
  case WICK_BF16: return {dlpack::kBfloat, bits, 1};
  case WICK_C64:
  case WICK_C128: return {dlpack::kComplex, bits, 1};
  case WICK_BOOL: return {dlpack::kBool, bits, 1};
  }
  return {dlpack::kInt, bits, 1};
}

dlpack::Tensor viewOf(wick_tensor *tensor) {
  return {tensor->data,
          {dlpack::kCpu, 0},
          tensor->rank,
          dataTypeOf(tensor->dtype),
          const_cast<int64_t *>(tensor->sizes),
          const_cast<int64_t *>(tensor->strides),
          0};
}

void dropVersioned(PyObject *capsule) {
  if (!PyCapsule_IsValid(capsule, "dltensor_versioned"))
    return; // consumed
  auto *managed = static_cast<dlpack::ManagedVersioned *>(PyCapsule_GetPointer(capsule, "dltensor_versioned"));
  managed->deleter(managed);
}

void dropManaged(PyObject *capsule) {
  if (!PyCapsule_IsValid(capsule, "dltensor"))
    return;
  auto *managed = static_cast<dlpack::Managed *>(PyCapsule_GetPointer(capsule, "dltensor"));
  managed->deleter(managed);
}

PyObject *toDLPack(PyObject *self, PyObject *args, PyObject *kwargs) {
  static const char *names[] = {"stream", "max_version", "dl_device", "copy", nullptr};
  PyObject *stream = Py_None, *version = Py_None, *device = Py_None, *copy = Py_None;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$OOOO", const_cast<char **>(names), &stream, &version, &device,
                                   &copy))
    return nullptr;
  if (copy == Py_True) {
    PyErr_SetString(PyExc_BufferError, "copies are left to the consumer");
    return nullptr;
  }
  wick_tensor *tensor = cast(self)->tensor;
  long major = 0;
  if (PyTuple_Check(version) && PyTuple_GET_SIZE(version) == 2)
    major = PyLong_AsLong(PyTuple_GET_ITEM(version, 0));
  if (PyErr_Occurred())
    return nullptr;
  wick_tensor_retain(tensor);
  if (major >= 1) {
    dlpack::ManagedVersioned *managed = makeManaged(tensor);
    return managed ? PyCapsule_New(managed, "dltensor_versioned", dropVersioned) : nullptr;
  }
  auto *managed = new (std::nothrow) dlpack::Managed{viewOf(tensor), tensor, [](dlpack::Managed *self) {
                                                       wick_tensor_release(static_cast<wick_tensor *>(self->context));
                                                       delete self;
                                                     }};
  if (!managed) {
    wick_tensor_release(tensor);
    return PyErr_NoMemory();
  }
  return PyCapsule_New(managed, "dltensor", dropManaged);
}

PyObject *deviceOf(PyObject *, PyObject *) { return Py_BuildValue("(ii)", dlpack::kCpu, 0); }

PyObject *getShape(PyObject *self, void *) {
  const wick_tensor *tensor = cast(self)->tensor;
  PyObject *shape = PyTuple_New(tensor->rank);
  for (int32_t i = 0; shape && i < tensor->rank; ++i) {
    PyObject *size = PyLong_FromLongLong(tensor->sizes[i]);
    if (!size) {
      Py_DECREF(shape);
      return nullptr;
    }
    PyTuple_SET_ITEM(shape, i, size);
  }
  return shape;
}

PyObject *getDtype(PyObject *self, void *) { return PyUnicode_FromString(wick_dtype_name(cast(self)->tensor->dtype)); }

PyObject *represent(PyObject *self) {
  PyObject *shape = getShape(self, nullptr);
  PyObject *text = shape ? PyUnicode_FromFormat("wick.Tensor(shape=%R, dtype='%s')", shape,
                                                wick_dtype_name(cast(self)->tensor->dtype))
                         : nullptr;
  Py_XDECREF(shape);
  return text;
}

PyMethodDef methods[] = {{"__dlpack__", reinterpret_cast<PyCFunction>(reinterpret_cast<void *>(toDLPack)),
                          METH_VARARGS | METH_KEYWORDS,
                          "A capsule over the tensor's memory, after the DLPack protocol."},
                         {"__dlpack_device__", deviceOf, METH_NOARGS, "(1, 0), DLPack's name of the CPU."},
                         {}};
PyGetSetDef properties[] = {{"shape", getShape, nullptr, "Sizes of the dims.", nullptr},
                            {"dtype", getDtype, nullptr, "Element type, as 'f32'.", nullptr},
                            {}};
PyType_Slot slots[] = {
    {Py_tp_dealloc, reinterpret_cast<void *>(destroy)},
    {Py_tp_repr, reinterpret_cast<void *>(represent)},
    {Py_tp_methods, methods},
    {Py_tp_getset, properties},
    {Py_bf_getbuffer, reinterpret_cast<void *>(getBuffer)},
    {Py_tp_doc, const_cast<char *>("A tensor that a model returned. Other libraries take it without a copy: "
                                   "numpy.asarray(t), torch.from_dlpack(t).")},
    {}};
PyType_Spec spec = {"wick.Tensor", sizeof(TensorObject), 0,
                    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE, slots};

} // namespace

dlpack::ManagedVersioned *wick::python::makeManaged(wick_tensor *tensor) {
  auto *managed =
      new (std::nothrow) dlpack::ManagedVersioned{{dlpack::kMajor, dlpack::kMinor},
                                                  tensor,
                                                  [](dlpack::ManagedVersioned *self) {
                                                    wick_tensor_release(static_cast<wick_tensor *>(self->context));
                                                    delete self;
                                                  },
                                                  0,
                                                  viewOf(tensor)};
  if (!managed) {
    wick_tensor_release(tensor);
    PyErr_NoMemory();
  }
  return managed;
}

PyObject *wick::python::wrapTensor(wick_tensor *tensor) {
  PyObject *self = tensorType->tp_alloc(tensorType, 0);
  Py_ssize_t *strides = self ? PyMem_New(Py_ssize_t, tensor->rank ? tensor->rank : 1) : nullptr;
  if (!strides) {
    Py_XDECREF(self);
    wick_tensor_release(tensor);
    return self ? PyErr_NoMemory() : nullptr;
  }
  for (int32_t i = 0; i < tensor->rank; ++i)
    strides[i] = tensor->strides[i] * wick_dtype_size(tensor->dtype);
  cast(self)->tensor = tensor;
  cast(self)->byteStrides = strides;
  return self;
}

wick_tensor *wick::python::unwrapTensor(PyObject *object) { return cast(object)->tensor; }

bool wick::python::addTensorType(PyObject *module) {
  tensorType = reinterpret_cast<PyTypeObject *>(PyType_FromSpec(&spec));
  return tensorType && !PyModule_AddObjectRef(module, "Tensor", reinterpret_cast<PyObject *>(tensorType));
}
