//===- Objects.h - what kinds of objects Python has --------------*- C++ -*-===//
//
// Functions follow CPython; those that answer yes or no leave no error.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_PYTHON_OBJECTS_H
#define WICK_PYTHON_OBJECTS_H

#include "Convert.h"

namespace wick::python {

/// What wick._values defines under a name; borrowed.
PyObject *definedAs(const char *name);
/// The exchange table of a type; null when it has none.
const dlpack::ExchangeApi *exchangeOf(PyTypeObject *type);
/// The number by which TorchScript knows a dtype of torch's, or -1 for another object.
int64_t scalarTypeOf(PyObject *object);
/// Whether an object is a sequence or mapping of another type than Python's own, and whether it is mutable.
bool isSequence(PyObject *object);
bool isMutable(PyObject *object);
/// A list or dict of Python's with the items of another sequence or mapping.
PyObject *copyItems(PyObject *object);
/// A wick.Device or torch.device.
bool isDevice(PyObject *object);
/// Whether an object is a torch.Generator, and what brings one to the state of a value.
bool isGenerator(PyObject *object);
bool writeGenerator(PyObject *object, const wick_value &value);
/// Whether an object is a member of an enumeration of Python's.
bool isMember(PyObject *object);
/// An attribute of an object of Python's or TorchScript's.
PyObject *readAttribute(PyObject *object, const char *name);

} // namespace wick::python

#endif // WICK_PYTHON_OBJECTS_H
