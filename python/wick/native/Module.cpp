//===- Module.cpp - wick.Module, wick.Session and their methods -------------===//
//
// A Module and a Session are the same to callers: both hold a session of the
// runtime, run the model's call when called and give its methods as attributes.
//
//===----------------------------------------------------------------------===//
#include "Convert.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <structmember.h>

using namespace wick::python;

namespace {

struct Runner {
  PyObject_HEAD vectorcallfunc vectorcall;
  wick_module *module;
  wick_session *session;
  const wick_method *method; // what calling runs
};

struct Method {
  PyObject_HEAD vectorcallfunc vectorcall;
  Runner *runner;
  const wick_method *method;
};

PyTypeObject *moduleType, *sessionType, *methodType;

Runner *asRunner(PyObject *object) { return reinterpret_cast<Runner *>(object); }
Method *asMethod(PyObject *object) { return reinterpret_cast<Method *>(object); }

//===--- calls ----------------------------------------------------------------===//

/// The values of one call; most have few.
class Arguments {
public:
  explicit Arguments(int32_t count) : count(count) {
    values = count <= kInline ? inlined : new wick_value[count];
    for (int32_t i = 0; i < count; ++i)
      values[i] = {WICK_MISSING, 0, {}};
  }
  ~Arguments() {
    for (int32_t i = 0; i < count; ++i)
      wick_value_release(&values[i]);
    if (values != inlined)
      delete[] values;
  }

  static constexpr int32_t kInline = 16;
  const int32_t count;
  wick_value *values;

private:
  wick_value inlined[kInline];
};

int32_t findArgument(const wick_method *method, PyObject *name) {
  for (int32_t i = 0, n = wick_method_argument_count(method); i < n; ++i)
    if (PyUnicode_CompareWithASCIIString(name, wick_method_argument_name(method, i)) == 0)
      return i;
  return -1;
}

bool convert(const wick_method *method, int32_t index, PyObject *object, Conversion &conversion, Arguments &arguments) {
  conversion.writing = wick_method_argument_is_written(method, index);
  return conversion.toValue(object, wick_method_argument_type(method, index), wick_method_argument_name(method, index),
                            arguments.values[index]);
}

/// Replaces the error that is set by PyTorch's, where arguments do not fit what the method declares.
void explainArguments(const wick_module *module, const wick_method *method, PyObject *const *args,
                      Py_ssize_t positional, PyObject *names) {
  PyObject *type, *error, *trace;
  PyErr_Fetch(&type, &error, &trace);
  PyObject *given = PyTuple_New(positional), *named = PyDict_New();
  for (Py_ssize_t i = 0; given && i < positional; ++i)
    PyTuple_SET_ITEM(given, i, Py_NewRef(args[i]));
  for (Py_ssize_t i = 0, n = names ? PyTuple_GET_SIZE(names) : 0; named && i < n; ++i)
    PyDict_SetItem(named, PyTuple_GET_ITEM(names, i), args[positional + i]);
  size_t bytes;
  const char *manifest = wick_module_manifest(module, &bytes);
  PyObject *arguments = PyImport_ImportModule("wick._arguments");
  PyObject *done = given && named && arguments
                       ? PyObject_CallMethod(arguments, "explain", "s#sOO", manifest, Py_ssize_t(bytes),
                                             wick_method_name(method), given, named)
                       : nullptr;
  Py_XDECREF(given);
  Py_XDECREF(named);
  Py_XDECREF(arguments);
  if (done)
    return PyErr_Restore(type, error, trace);
  Py_XDECREF(type);
  Py_XDECREF(error);
  Py_XDECREF(trace);
}

/// Nobody waits for a session and has the interpreter's lock, which its owner may want.
class SessionLock {
public:
  explicit SessionLock(wick_session *session) : session(session) {
    Py_BEGIN_ALLOW_THREADS wick_session_lock(session);
    Py_END_ALLOW_THREADS
  }
  SessionLock(wick_session *session, std::adopt_lock_t) : session(session) {}
  ~SessionLock() { wick_session_unlock(session); }
  SessionLock(const SessionLock &) = delete;
  SessionLock &operator=(const SessionLock &) = delete;

private:
  wick_session *session;
};

PyObject *callMethod(wick_session *session, const wick_method *method, PyObject *const *args, Py_ssize_t positional,
                     PyObject *names, bool &badArguments) {
  badArguments = true;
  int32_t declared = wick_method_argument_count(method);
  if (positional > declared)
    return PyErr_Format(PyExc_TypeError, "%s() takes %d arguments, %zd given; signature: %s", wick_method_name(method),
                        declared, positional, wick_method_signature(method));
  Conversion conversion;
  Arguments arguments(declared);
  for (Py_ssize_t i = 0; i < positional; ++i)
    if (!convert(method, i, args[i], conversion, arguments))
      return nullptr;
  for (Py_ssize_t i = 0, n = names ? PyTuple_GET_SIZE(names) : 0; i < n; ++i) {
    PyObject *name = PyTuple_GET_ITEM(names, i);
    int32_t index = findArgument(method, name);
    if (index < 0)
      return PyErr_Format(PyExc_TypeError, "%s() has no argument '%U'; signature: %s", wick_method_name(method), name,
                          wick_method_signature(method));
    if (index < positional)
      return PyErr_Format(PyExc_TypeError, "%s() got several values for argument '%U'", wick_method_name(method), name);
    if (!convert(method, index, args[positional + i], conversion, arguments))
      return nullptr;
  }
  wick_value result{};
  wick_error *error = nullptr;
  wick_status status;
  Py_BEGIN_ALLOW_THREADS wick_session_lock(session);
  status = wick_call(session, method, arguments.values, declared, &result, &error);
  Py_END_ALLOW_THREADS
      // Held until the result is converted, for others may change what it is part of.
      SessionLock lock(session, std::adopt_lock);
  if (status != WICK_OK) {
    if (!conversion.writeBack()) // what a method did before it raised is done
      PyErr_Clear();
    badArguments = status == WICK_ERROR_ARGUMENT;
    setError(error);
    return nullptr;
  }
  badArguments = false;
  if (!conversion.writeBack()) {
    wick_value_release(&result);
    return nullptr;
  }
  return conversion.toObject(result, wick_method_result_type(method));
}

PyObject *call(Runner *runner, const wick_method *method, PyObject *const *args, size_t flags, PyObject *names) {
  bool badArguments;
  PyObject *result = callMethod(runner->session, method, args, PyVectorcall_NARGS(flags), names, badArguments);
  if (!result && badArguments)
    explainArguments(runner->module, method, args, PyVectorcall_NARGS(flags), names);
  return result;
}

PyObject *callRunner(PyObject *self, PyObject *const *args, size_t flags, PyObject *names) {
  if (!asRunner(self)->method)
    return PyErr_Format(PyExc_TypeError, "the model has no method 'forward'; call one of its methods by name");
  return call(asRunner(self), asRunner(self)->method, args, flags, names);
}

PyObject *callBound(PyObject *self, PyObject *const *args, size_t flags, PyObject *names) {
  return call(asMethod(self)->runner, asMethod(self)->method, args, flags, names);
}

//===--- modules and sessions -------------------------------------------------===//

struct Options {
  int threads = 0;
  long long memoryLimit = 0;
  double timeLimit = 0; // seconds
  wick_session *share = nullptr;
};

/// Takes over both references.
PyObject *wrapSession(PyTypeObject *type, wick_module *module, wick_session *session) {
  Runner *self = asRunner(type->tp_alloc(type, 0));
  if (!self) {
    wick_session_release(session);
    wick_module_release(module);
    return nullptr;
  }
  self->vectorcall = callRunner;
  self->module = module;
  self->session = session;
  // A call runs the module's hooks; compilers name the method that does so "__call__" where there are any.
  self->method = wick_module_find(module, "__call__");
  if (!self->method)
    self->method = wick_module_find(module, "forward");
  return reinterpret_cast<PyObject *>(self);
}

/// Takes over the module's reference.
PyObject *makeRunner(PyTypeObject *type, wick_module *module, const Options &given) {
  if (!(given.timeLimit >= 0)) {
    wick_module_release(module);
    return PyErr_Format(PyExc_ValueError, "time_limit is negative");
  }
  constexpr double kNanoseconds = 1e9, kMost = 9e18;
  // The shortest limit is one nanosecond, for zero is none.
  double limit = std::min(std::ceil(given.timeLimit * kNanoseconds), kMost);
  wick_session_options options{sizeof(options), given.threads, given.memoryLimit, int64_t(limit), given.share};
  wick_session *session = nullptr;
  wick_error *error = nullptr;
  if (wick_session_new(module, &options, &session, &error) != WICK_OK) {
    wick_module_release(module);
    setError(error);
    return nullptr;
  }
  return wrapSession(type, module, session);
}

void destroyRunner(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  wick_session_release(asRunner(self)->session);
  wick_module_release(asRunner(self)->module);
  type->tp_free(self);
  Py_DECREF(type);
}

void destroyMethod(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  Py_XDECREF(reinterpret_cast<PyObject *>(asMethod(self)->runner));
  type->tp_free(self);
  Py_DECREF(type);
}

//===--- state ----------------------------------------------------------------===//

PyObject *readAttribute(Runner *runner, int32_t index, Conversion &conversion) {
  wick_value value{};
  wick_error *error = nullptr;
  SessionLock lock(runner->session);
  if (wick_session_get(runner->session, index, &value, &error) != WICK_OK) {
    setError(error);
    return nullptr;
  }
  return conversion.toObject(value, wick_module_attribute_type(runner->module, index));
}

int writeAttribute(Runner *runner, int32_t index, PyObject *object) {
  Conversion conversion;
  wick_value value{};
  bool good = conversion.toValue(object, wick_module_attribute_type(runner->module, index),
                                 wick_module_attribute_name(runner->module, index), value);
  wick_error *error = nullptr;
  SessionLock lock(runner->session);
  wick_status status = good ? wick_session_set(runner->session, index, &value, &error) : WICK_OK;
  wick_value_release(&value);
  if (status != WICK_OK)
    setError(error);
  return good && status == WICK_OK ? 0 : -1;
}

PyObject *stateDict(PyObject *self, PyObject *) {
  Runner *runner = asRunner(self);
  PyObject *result = PyDict_New();
  Conversion conversion;
  for (int32_t i = 0, n = wick_module_attribute_count(runner->module); result && i < n; ++i) {
    PyObject *value = readAttribute(runner, i, conversion);
    if (!value || PyDict_SetItemString(result, wick_module_attribute_name(runner->module, i), value))
      Py_CLEAR(result);
    Py_XDECREF(value);
  }
  return result;
}

/// Joins names with a comma, for an error.
PyObject *joinNames(PyObject *names) {
  PyObject *comma = PyUnicode_FromString(", "), *text = comma ? PyUnicode_Join(comma, names) : nullptr;
  Py_XDECREF(comma);
  return text;
}

/// Whether the state names the module's attributes and no others; sets an error.
bool checkNames(const Runner *runner, PyObject *state) {
  PyObject *missing = PyList_New(0), *unexpected = PyList_New(0), *key, *value;
  bool good = missing && unexpected;
  for (int32_t i = 0, n = wick_module_attribute_count(runner->module); good && i < n; ++i) {
    PyObject *name = PyUnicode_FromString(wick_module_attribute_name(runner->module, i));
    good = name && (PyDict_Contains(state, name) || !PyList_Append(missing, name));
    Py_XDECREF(name);
  }
  for (Py_ssize_t position = 0; good && PyDict_Next(state, &position, &key, &value);) {
    const char *name = PyUnicode_AsUTF8(key);
    good = name && (wick_module_find_attribute(runner->module, name) >= 0 || !PyList_Append(unexpected, key));
  }
  for (auto [names, text] : {std::pair(missing, "missing in the state: %U"),
                             std::pair(unexpected, "not among the attributes that methods change: %U")})
    if (good && PyList_GET_SIZE(names)) {
      good = false;
      if (PyObject *joined = joinNames(names)) {
        PyErr_Format(PyExc_KeyError, text, joined);
        Py_DECREF(joined);
      }
    }
  Py_XDECREF(missing);
  Py_XDECREF(unexpected);
  return good;
}

PyObject *loadStateDict(PyObject *self, PyObject *args, PyObject *kwargs) {
  static const char *names[] = {"state", "strict", nullptr};
  PyObject *state, *key, *value;
  int strict = 1;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!|p:load_state_dict", const_cast<char **>(names), &PyDict_Type,
                                   &state, &strict) ||
      (strict && !checkNames(asRunner(self), state)))
    return nullptr;
  for (Py_ssize_t position = 0; PyDict_Next(state, &position, &key, &value);) {
    const char *name = PyUnicode_AsUTF8(key);
    int32_t index = name ? wick_module_find_attribute(asRunner(self)->module, name) : -1;
    if (!name || (index >= 0 && writeAttribute(asRunner(self), index, value)))
      return nullptr;
  }
  Py_RETURN_NONE;
}

PyObject *copySession(PyObject *self, PyObject *) {
  wick_session *copied = nullptr;
  wick_error *error = nullptr;
  SessionLock lock(asRunner(self)->session);
  if (wick_session_copy(asRunner(self)->session, &copied, &error) != WICK_OK) {
    setError(error);
    return nullptr;
  }
  wick_module_retain(asRunner(self)->module);
  return wrapSession(sessionType, asRunner(self)->module, copied);
}

PyObject *manualSeed(PyObject *self, PyObject *seed) {
  // As PyTorch, which takes negative seeds for those that end in the same bits.
  unsigned long long value = PyLong_AsUnsignedLongLongMask(seed);
  if (value == ~0ull && PyErr_Occurred())
    return nullptr;
  wick_session_seed(asRunner(self)->session, value);
  Py_RETURN_NONE;
}

PyObject *getAttributes(PyObject *self, void *) {
  PyObject *attributes = PyDict_New();
  const wick_module *module = asRunner(self)->module;
  for (int32_t i = 0, n = wick_module_attribute_count(module); attributes && i < n; ++i) {
    PyObject *type = PyUnicode_FromString(wick_type_text(wick_module_attribute_type(module, i)));
    if (!type || PyDict_SetItemString(attributes, wick_module_attribute_name(module, i), type))
      Py_CLEAR(attributes);
    Py_XDECREF(type);
  }
  return attributes;
}

/// An attribute of the model's, where the type has none of that name; null without an error when there is none.
int32_t findOwn(PyObject *self, PyObject *name) {
  const char *text = _PyType_Lookup(Py_TYPE(self), name) ? nullptr : PyUnicode_AsUTF8(name);
  return text ? wick_module_find_attribute(asRunner(self)->module, text) : -1;
}

int setAttribute(PyObject *self, PyObject *name, PyObject *value) {
  int32_t index = value ? findOwn(self, name) : -1;
  if (index >= 0)
    return writeAttribute(asRunner(self), index, value);
  return PyErr_Occurred() ? -1 : PyObject_GenericSetAttr(self, name, value);
}

PyObject *bindMethod(PyObject *self, const wick_method *method) {
  PyObject *object = methodType->tp_alloc(methodType, 0);
  if (!object)
    return nullptr;
  asMethod(object)->vectorcall = callBound;
  asMethod(object)->runner = asRunner(Py_NewRef(self));
  asMethod(object)->method = method;
  return object;
}

PyObject *getMethod(PyObject *self, PyObject *name) {
  const char *text = PyUnicode_AsUTF8(name);
  if (!text)
    return nullptr;
  if (const wick_method *method = wick_module_find(asRunner(self)->module, text))
    return bindMethod(self, method);
  return PyErr_Format(PyExc_AttributeError, "the model has no method '%s'", text);
}

/// Attributes of the type first, then the model's methods and attributes.
PyObject *getAttribute(PyObject *self, PyObject *name) {
  if (!_PyType_Lookup(Py_TYPE(self), name)) {
    const char *text = PyUnicode_AsUTF8(name);
    if (!text)
      return nullptr;
    if (const wick_method *method = wick_module_find(asRunner(self)->module, text))
      return bindMethod(self, method);
    if (int32_t index = findOwn(self, name); index >= 0) {
      Conversion conversion;
      return readAttribute(asRunner(self), index, conversion);
    }
  }
  return PyObject_GenericGetAttr(self, name);
}

PyObject *newSession(PyObject *self, PyObject *args, PyObject *kwargs) {
  static const char *names[] = {"threads", "memory_limit", "time_limit", "share", nullptr};
  Options options;
  PyObject *share = Py_None;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$iLdO:session", const_cast<char **>(names), &options.threads,
                                   &options.memoryLimit, &options.timeLimit, &share))
    return nullptr;
  if (share != Py_None && Py_TYPE(share) != moduleType && Py_TYPE(share) != sessionType)
    return PyErr_Format(PyExc_TypeError, "share is no session");
  if (share != Py_None)
    options.share = asRunner(share)->session;
  wick_module_retain(asRunner(self)->module);
  return makeRunner(sessionType, asRunner(self)->module, options);
}

PyObject *cancel(PyObject *self, PyObject *) {
  wick_session_cancel(asRunner(self)->session);
  Py_RETURN_NONE;
}

PyObject *save(PyObject *self, PyObject *path) {
  size_t bytes;
  const void *data = wick_module_data(asRunner(self)->module, &bytes);
  PyObject *files = PyImport_ImportModule("wick._files");
  PyObject *view = PyMemoryView_FromMemory(static_cast<char *>(const_cast<void *>(data)), bytes, PyBUF_READ);
  PyObject *result = files && view ? PyObject_CallMethod(files, "write", "OO", path, view) : nullptr;
  if (view && result)
    Py_XDECREF(PyObject_CallMethod(view, "release", nullptr));
  Py_XDECREF(view);
  Py_XDECREF(files);
  return result;
}

PyObject *getMethods(PyObject *self, void *) {
  PyObject *methods = PyDict_New();
  const wick_module *module = asRunner(self)->module;
  for (int32_t i = 0, n = wick_module_method_count(module); methods && i < n; ++i) {
    const wick_method *method = wick_module_method(module, i);
    PyObject *signature = PyUnicode_FromString(wick_method_signature(method));
    if (!signature || PyDict_SetItemString(methods, wick_method_name(method), signature))
      Py_CLEAR(methods);
    Py_XDECREF(signature);
  }
  return methods;
}

PyObject *getName(PyObject *self, void *) { return PyUnicode_FromString(wick_module_name(asRunner(self)->module)); }
PyObject *getIsa(PyObject *self, void *) { return PyUnicode_FromString(wick_module_isa(asRunner(self)->module)); }
PyObject *getProducer(PyObject *self, void *) {
  return PyUnicode_FromString(wick_module_producer(asRunner(self)->module));
}

PyObject *getManifest(PyObject *self, void *) {
  size_t bytes;
  const char *text = wick_module_manifest(asRunner(self)->module, &bytes);
  return PyUnicode_DecodeUTF8(text, bytes, "strict");
}

PyObject *representRunner(PyObject *self) {
  const Runner *runner = asRunner(self);
  return PyUnicode_FromFormat("<%s '%s': %s>", Py_TYPE(self)->tp_name, wick_module_name(runner->module),
                              runner->method ? wick_method_signature(runner->method) : "no forward");
}

PyObject *representMethod(PyObject *self) {
  return PyUnicode_FromFormat("<wick.Method %s>", wick_method_signature(asMethod(self)->method));
}

PyObject *getMethodSignature(PyObject *self, void *) {
  return PyUnicode_FromString(wick_method_signature(asMethod(self)->method));
}
PyObject *getMethodName(PyObject *self, void *) {
  return PyUnicode_FromString(wick_method_name(asMethod(self)->method));
}

template <typename Function> PyCFunction function(Function *pointer) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void *>(pointer));
}

constexpr char kCancelDoc[] = "cancel()\n\nEnds the calls that run now, in other threads: they raise CancelledError.";

constexpr char kStateDictDoc[] =
    "state_dict() -> dict\n\nCopies of the attributes that methods change, by their names in the model, such as "
    "'block.1.running_mean'. All other parameters and buffers are constants of the code. Tensors are PyTorch's where "
    "that is imported, else NumPy's.";
constexpr char kLoadStateDictDoc[] =
    "load_state_dict(state, strict=True)\n\nSets attributes to copies of the values. With `strict` the state must name "
    "all of them and no others; else others are passed over.";
constexpr char kCopyDoc[] = "copy() -> Session\n\nA session with the same limits and a copy of the state.";

constexpr char kMethodDoc[] =
    "method(name) -> Method\n\nA method of the model, whatever its name: where the name is one of this class's own, as "
    "'copy' and 'state_dict' are, m.name is not the model's.";

constexpr char kSeedDoc[] =
    "manual_seed(seed)\n\nStarts the session's random numbers anew; methods then draw what they draw in PyTorch after "
    "torch.manual_seed(seed).";

PyMethodDef moduleMethods[] = {
    {"session", function(newSession), METH_VARARGS | METH_KEYWORDS,
     "session(*, threads=0, memory_limit=0, time_limit=0, share=None) -> Session\n\nState and memory of its own for "
     "calls of this "
     "module, for one user or thread of a server.\n`threads` is how many a call may use (0: the default), "
     "`memory_limit` the bytes that its calls may hold (else OutOfMemoryError), `time_limit` the seconds that one may "
     "run (else TimeLimitError). With `share`, a session of this module or of one that was compiled from the same "
     "archive, they have their state in common."},
    {"method", getMethod, METH_O, kMethodDoc},
    {"cancel", cancel, METH_NOARGS, kCancelDoc},
    {"state_dict", stateDict, METH_NOARGS, kStateDictDoc},
    {"load_state_dict", function(loadStateDict), METH_VARARGS | METH_KEYWORDS, kLoadStateDictDoc},
    {"copy", copySession, METH_NOARGS, kCopyDoc},
    {"manual_seed", manualSeed, METH_O, kSeedDoc},
    {"save", save, METH_O, "save(path)\n\nWrites the artifact, as wick.load reads it; whole or not at all."},
    {}};
PyMethodDef sessionMethods[] = {
    {"method", getMethod, METH_O, kMethodDoc},
    {"cancel", cancel, METH_NOARGS, kCancelDoc},
    {"state_dict", stateDict, METH_NOARGS, kStateDictDoc},
    {"load_state_dict", function(loadStateDict), METH_VARARGS | METH_KEYWORDS, kLoadStateDictDoc},
    {"copy", copySession, METH_NOARGS, kCopyDoc},
    {"manual_seed", manualSeed, METH_O, kSeedDoc},
    {}};
PyGetSetDef moduleProperties[] = {
    {"name", getName, nullptr, "Name of the model's class.", nullptr},
    {"methods", getMethods, nullptr, "Names of the methods and their signatures.", nullptr},
    {"attributes", getAttributes, nullptr, "Names and types of the attributes that methods change.", nullptr},
    {"isa", getIsa, nullptr, "Instruction set of the code in use.", nullptr},
    {"producer", getProducer, nullptr, "The compiler that made the artifact.", nullptr},
    {"manifest", getManifest, nullptr, "The artifact's manifest, a JSON text.", nullptr},
    {}};
PyGetSetDef methodProperties[] = {{"__name__", getMethodName, nullptr, "Name of the method.", nullptr},
                                  {"signature", getMethodSignature, nullptr, "Signature of the method.", nullptr},
                                  {}};
PyMemberDef runnerMembers[] = {{"__vectorcalloffset__", T_PYSSIZET, offsetof(Runner, vectorcall), READONLY, nullptr},
                               {}};
PyMemberDef methodMembers[] = {{"__vectorcalloffset__", T_PYSSIZET, offsetof(Method, vectorcall), READONLY, nullptr},
                               {}};

template <typename Function> void *slot(Function *pointer) { return reinterpret_cast<void *>(pointer); }

PyType_Slot moduleSlots[] = {
    {Py_tp_dealloc, slot(destroyRunner)},
    {Py_tp_repr, slot(representRunner)},
    {Py_tp_call, slot(PyVectorcall_Call)},
    {Py_tp_getattro, slot(getAttribute)},
    {Py_tp_setattro, slot(setAttribute)},
    {Py_tp_methods, moduleMethods},
    {Py_tp_getset, moduleProperties},
    {Py_tp_members, runnerMembers},
    {Py_tp_doc, const_cast<char *>("A compiled model. Call it like the PyTorch module it was: m(x), m.method(x).\n\nIt "
                                   "may be called from several threads at once; the GIL is released meanwhile.")},
    {}};
PyType_Slot sessionSlots[] = {
    {Py_tp_dealloc, slot(destroyRunner)},
    {Py_tp_repr, slot(representRunner)},
    {Py_tp_call, slot(PyVectorcall_Call)},
    {Py_tp_getattro, slot(getAttribute)},
    {Py_tp_setattro, slot(setAttribute)},
    {Py_tp_methods, sessionMethods},
    {Py_tp_getset, moduleProperties},
    {Py_tp_members, runnerMembers},
    {Py_tp_doc, const_cast<char *>("State and memory for calls of a Module; called like it.")},
    {}};
PyType_Slot methodSlots[] = {{Py_tp_dealloc, slot(destroyMethod)},
                             {Py_tp_repr, slot(representMethod)},
                             {Py_tp_call, slot(PyVectorcall_Call)},
                             {Py_tp_getset, methodProperties},
                             {Py_tp_members, methodMembers},
                             {Py_tp_doc, const_cast<char *>("A method of a compiled model.")},
                             {}};
constexpr unsigned kFlags =
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE;
PyType_Spec moduleSpec = {"wick.Module", sizeof(Runner), 0, kFlags, moduleSlots};
PyType_Spec sessionSpec = {"wick.Session", sizeof(Runner), 0, kFlags, sessionSlots};
PyType_Spec methodSpec = {"wick.Method", sizeof(Method), 0, kFlags, methodSlots};

bool addType(PyObject *module, PyType_Spec &spec, const char *name, PyTypeObject *&type) {
  type = reinterpret_cast<PyTypeObject *>(PyType_FromSpec(&spec));
  return type && !PyModule_AddObjectRef(module, name, reinterpret_cast<PyObject *>(type));
}

} // namespace

PyObject *wick::python::loadModule(PyObject *, PyObject *args, PyObject *kwargs) {
  static const char *names[] = {"source", "threads", "memory_limit", "time_limit", "isa", "verify", nullptr};
  PyObject *source;
  Options own;
  int verify = 0;
  const char *isa = nullptr;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|$iLdzp:load", const_cast<char **>(names), &source, &own.threads,
                                   &own.memoryLimit, &own.timeLimit, &isa, &verify))
    return nullptr;
  wick_load_options options{sizeof(options), verify ? uint32_t(WICK_LOAD_VERIFY_WEIGHTS) : 0, isa};
  wick_module *module = nullptr;
  wick_error *error = nullptr;
  wick_status status;
  if (PyObject_CheckBuffer(source)) {
    Py_buffer buffer;
    if (PyObject_GetBuffer(source, &buffer, PyBUF_SIMPLE))
      return nullptr;
    Py_BEGIN_ALLOW_THREADS status = wick_module_load_memory(buffer.buf, buffer.len, &options, &module, &error);
    Py_END_ALLOW_THREADS PyBuffer_Release(&buffer);
  } else {
    PyObject *path = nullptr;
    if (!PyUnicode_FSConverter(source, &path))
      return nullptr;
    Py_BEGIN_ALLOW_THREADS status = wick_module_load(PyBytes_AS_STRING(path), &options, &module, &error);
    Py_END_ALLOW_THREADS Py_DECREF(path);
  }
  if (status != WICK_OK) {
    setError(error);
    return nullptr;
  }
  return makeRunner(moduleType, module, own);
}

bool wick::python::addModuleTypes(PyObject *module) {
  return addType(module, moduleSpec, "Module", moduleType) && addType(module, sessionSpec, "Session", sessionType) &&
         addType(module, methodSpec, "Method", methodType);
}
