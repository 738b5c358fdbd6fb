//===- Convert.h - Python objects to values and back -------------*- C++ -*-===//
//
// Tensors come as any object with DLPack's C exchange table on its type, with the
// buffer protocol, or with `__dlpack__`, and are never copied here. Results take the
// family of the call's first tensor: PyTorch in, PyTorch out; without one they are PyTorch's
// where that is imported, else NumPy's. An argument that the
// method returns is returned as the same object.
//
// Functions follow CPython: false or null means that a Python error is set.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_PYTHON_CONVERT_H
#define WICK_PYTHON_CONVERT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "DLPack.h"
#include "wick/Runtime/wick.h"

#include <unordered_map>
#include <vector>

namespace wick::python {

/// The values of one call, and the objects that its tensors came from.
class Conversion {
public:
  Conversion() = default;
  Conversion(const Conversion &) = delete;
  ~Conversion();

  /// Whether the method writes to the tensors converted next.
  bool writing = false;
  /// Converts an argument of the type; `where` names it in errors.
  bool toValue(PyObject *object, const wick_type *type, const char *where, wick_value &value);
  /// Converts a result, of the type when that is known, and takes over its references.
  PyObject *toObject(wick_value value, const wick_type *type = nullptr);
  /// After the call: stores what the method changed in the mutable sequences and mappings that are neither lists nor
  /// dicts of Python's, which are passed by reference as in PyTorch; lists and dicts are copied there too.
  bool writeBack();

private:
  enum class Family { Unknown, Exchange, Numpy, Wick };

  bool toNumber(PyObject *object, wick_type_kind kind, wick_value &value, bool &done);
  bool toString(PyObject *object, wick_value &value);
  bool toSequence(PyObject *object, const wick_type *type, const char *where, wick_value &value);
  bool toDict(PyObject *object, const wick_type *type, const char *where, wick_value &value);
  bool toMember(PyObject *object, const wick_class *cls, const char *where, wick_value &value);
  bool toObjectValue(PyObject *object, const wick_class *cls, const char *where, wick_value &value);
  bool toShared(PyObject *object, const wick_type *type, const char *where, wick_value &value);
  bool toTensor(PyObject *object, const char *where, wick_value &value);
  bool fromExchange(PyObject *object, const dlpack::ExchangeApi *api, const char *where, wick_tensor *&tensor);
  bool fromBuffer(PyObject *object, const char *where, wick_tensor *&tensor);
  bool fromCapsule(PyObject *object, const char *where, wick_tensor *&tensor);
  PyObject *sequenceToObject(wick_value value, const wick_type *type);
  PyObject *objectToObject(wick_value value);
  PyObject *memberToObject(wick_value value);
  PyObject *tensorToObject(wick_tensor *tensor);
  PyObject *newTensorObject(wick_tensor *tensor);
  void preferImported();

  static constexpr int kInline = 8;
  struct Origin {
    wick_tensor *tensor;
    PyObject *object;
  };
  void remember(wick_tensor *tensor, PyObject *object);
  wick_tensor *findTensor(PyObject *object) const;

  Family family = Family::Unknown;
  const dlpack::ExchangeApi *exchange = nullptr;
  Origin first[kInline]; // of the tensors met; owns references to tensors, not to objects
  int firstCount = 0;
  std::vector<Origin> rest;

  /// A sequence, mapping, object or generator that is passed by reference. Owns a reference to the value, and to the
  /// items before the call so that none of them is mistaken for another.
  struct Shared {
    PyObject *object;
    wick_value value;
    std::vector<wick_value> before;
    const wick_type *type;
  };
  /// What was made of an object that is passed by reference, if it was given before.
  bool findShared(PyObject *object, wick_value &value) const;
  bool toGenerator(PyObject *object, wick_value &value);
  PyObject *generatorToObject(wick_value value);
  bool writeBack(const Shared &shared);
  bool writeAttributes(const Shared &shared);
  void share(PyObject *object, const wick_value &value, const wick_type *type);
  std::vector<Shared> shared;

  /// An object that a result holds; owns a reference to both. What is one object is one in Python.
  struct Made {
    wick_value value;
    PyObject *object;
  };
  std::unordered_map<void *, Made> made;
};

/// Sets the Python exception for an error of the runtime, and releases it.
void setError(wick_error *error);

/// wick.Tensor: a tensor of the runtime with the buffer protocol and DLPack.
extern PyTypeObject *tensorType;
PyObject *wrapTensor(wick_tensor *tensor); // takes over the reference
wick_tensor *unwrapTensor(PyObject *object);
bool addTensorType(PyObject *module);

/// A structure over the tensor, whose reference it takes over; null without memory.
dlpack::ManagedVersioned *makeManaged(wick_tensor *tensor);

/// wick.Module, wick.Session and their methods.
bool addModuleTypes(PyObject *module);
PyObject *loadModule(PyObject *self, PyObject *args, PyObject *kwargs);

/// describe(args, detail=0) -> tuple of str: each tensor as "2x3xf32", a list as "[2x3xf32]" or, from detail 1 on, with
/// its length, "[2x3xf32; 4]", anything else by its type's name; with detail 2 ints, bools and lists of them by their
/// values.
PyObject *describeArguments(PyObject *self, PyObject *arguments);

} // namespace wick::python

#endif // WICK_PYTHON_CONVERT_H
