//===- Generators.cpp - torch.Generator to values and back -------------------===//
#include "Convert.h"
#include "Objects.h"

#include <cstring>

using namespace wick::python;

static PyObject *call(const char *function, PyObject *first, PyObject *second) {
  static PyObject *module = nullptr;
  if (!module && !(module = PyImport_ImportModule("wick._generators")))
    return nullptr;
  return PyObject_CallMethod(module, function, second ? "OO" : "O", first, second);
}

bool wick::python::isGenerator(PyObject *object) {
  return !std::strcmp(Py_TYPE(object)->tp_name, "torch._C.Generator");
}

/// Brings `object`, or a new generator for None, to the state of a value; gives it.
static PyObject *restore(PyObject *object, const wick_value &value) {
  wick_random state;
  wick_generator_save(static_cast<wick_generator *>(value.u.p), &state);
  PyObject *packed = PyBytes_FromStringAndSize(reinterpret_cast<const char *>(&state), sizeof(state));
  PyObject *restored = packed ? call("unpack", object, packed) : nullptr;
  Py_XDECREF(packed);
  return restored;
}

bool wick::python::writeGenerator(PyObject *object, const wick_value &value) {
  PyObject *done = restore(object, value);
  Py_XDECREF(done);
  return done;
}

bool Conversion::toGenerator(PyObject *object, wick_value &value) {
  if (findShared(object, value))
    return true;
  PyObject *packed = call("pack", object, nullptr);
  if (!packed)
    return false;
  wick_random state;
  bool good = PyBytes_Check(packed) && PyBytes_GET_SIZE(packed) == sizeof(state);
  if (good)
    std::memcpy(&state, PyBytes_AS_STRING(packed), sizeof(state));
  Py_DECREF(packed);
  wick_generator *generator = good ? wick_generator_new(0) : nullptr;
  if (!generator) {
    PyErr_NoMemory();
    return false;
  }
  wick_generator_restore(generator, &state);
  value.tag = WICK_GENERATOR_VALUE;
  value.u.p = generator;
  wick_value_retain(&value);
  shared.push_back({object, value, {}, nullptr});
  return true;
}

PyObject *Conversion::generatorToObject(wick_value value) {
  PyObject *object = nullptr;
  for (const Shared &known : shared)
    if (known.value.tag == WICK_GENERATOR_VALUE && known.value.u.p == value.u.p)
      object = Py_NewRef(known.object);
  if (!object)
    object = restore(Py_None, value);
  wick_value_release(&value);
  return object;
}
