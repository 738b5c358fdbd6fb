//===- Extension.cpp - the extension module wick._wick ----------------------===//
#include "Convert.h"

using namespace wick::python;

/// The exception is made in Python, where its class stands: wick._errors.make.
void wick::python::setError(wick_error *error) {
  PyObject *errors = PyImport_ImportModule("wick._errors");
  int32_t count;
  const wick_frame *frames = wick_error_frames(error, &count);
  PyObject *list = errors ? PyList_New(count) : nullptr;
  for (int32_t i = 0; list && i < count; ++i) {
    const wick_frame &frame = frames[i];
    PyObject *item = Py_BuildValue("(siiss)", frame.file, frame.line, frame.column, frame.function, frame.source);
    if (item)
      PyList_SET_ITEM(list, i, item);
    else
      Py_CLEAR(list);
  }
  PyObject *exception =
      list ? PyObject_CallMethod(errors, "make", "issOs", wick_error_status(error), wick_error_message(error),
                                 wick_error_class(error), list, wick_error_traceback(error))
           : nullptr;
  Py_XDECREF(list);
  if (exception)
    PyErr_SetObject(reinterpret_cast<PyObject *>(Py_TYPE(exception)), exception);
  Py_XDECREF(exception);
  Py_XDECREF(errors);
  wick_error_release(error);
}

static PyObject *checkFile(PyObject *, PyObject *source) {
  PyObject *path = nullptr;
  if (!PyUnicode_FSConverter(source, &path))
    return nullptr;
  wick_string *summary = nullptr;
  wick_error *error = nullptr;
  wick_status status;
  Py_BEGIN_ALLOW_THREADS status = wick_module_check(PyBytes_AS_STRING(path), &summary, &error);
  Py_END_ALLOW_THREADS Py_DECREF(path);
  if (status != WICK_OK) {
    setError(error);
    return nullptr;
  }
  wick_value value{WICK_STRING_VALUE, 0, {}};
  value.u.p = summary;
  return Conversion().toObject(value);
}

static PyMethodDef functions[] = {
    {"load", reinterpret_cast<PyCFunction>(reinterpret_cast<void *>(loadModule)), METH_VARARGS | METH_KEYWORDS,
     "load(source, *, threads=0, memory_limit=0, time_limit=0, isa=None, verify=False) -> Module"},
    {"check", checkFile, METH_O,
     "check(path) -> str\n\nChecks a whole artifact, executing nothing; says what it holds."},
    {"describe", describeArguments, METH_VARARGS,
     "describe(args) -> tuple\n\nEach argument as `wick compile --input` takes an example: '2x3xf32', '(f32, int)', "
     "'[?x3xf32]'."},
    {}};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "wick._wick", "The runtime of Wick.", -1, functions, nullptr, nullptr, nullptr, nullptr};

PyMODINIT_FUNC PyInit__wick() {
  PyObject *module = PyModule_Create(&definition);
  if (!module)
    return nullptr;
  if (!addTensorType(module) || !addModuleTypes(module) ||
      PyModule_AddStringConstant(module, "version", wick_version()) ||
      PyModule_AddStringConstant(module, "cpu_features", wick_cpu_features()) ||
      PyModule_AddIntConstant(module, "abi_version", wick_abi_version())) {
    Py_DECREF(module);
    return nullptr;
  }
  return module;
}
