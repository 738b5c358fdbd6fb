//===- Describe.cpp - arguments as examples for the compiler ----------------===//
#include "Convert.h"
#include "Objects.h"

#include <algorithm>
#include <string>

using namespace wick::python;

/// What takes the place of descriptions that have nothing in common; '_' is one that tells nothing.
static constexpr char kConflict[] = "<>";

/// Splits what stands in the brackets of a description, with the separators, which are in no brackets themselves.
static std::vector<std::string> splitParts(std::string_view inner) {
  std::vector<std::string> parts(1);
  int depth = 0;
  auto isOneOf = [](char c, std::string_view set) { return set.find(c) != set.npos; };
  for (size_t i = 0; i < inner.size(); ++i) {
    depth += isOneOf(inner[i], "([{") - isOneOf(inner[i], ")]}");
    if (depth > 0 || !isOneOf(inner[i], ",:;=")) {
      parts.back() += inner[i];
      continue;
    }
    parts.emplace_back(1, inner[i]);
    if (i + 1 < inner.size() && inner[i + 1] == ' ')
      parts.back() += inner[++i];
    parts.emplace_back();
  }
  return parts;
}

static std::vector<std::string> split(const std::string &text, char separator) {
  std::vector<std::string> parts(1);
  for (char c : text)
    c == separator ? void(parts.emplace_back()) : parts.back().push_back(c);
  return parts;
}

static bool describesTensor(const std::string &text) {
  static constexpr std::string_view others[] = {"int", "float", "bool", "str", "complex", "Device", "none", "_"};
  return text[0] != '<' && std::find(std::begin(others), std::end(others), text) == std::end(others);
}

/// Tensors of one of both types: sizes that differ are '?', other ranks and dtypes alternatives, as "?xf32|2xi64".
static std::string joinTensors(const std::string &a, const std::string &b) {
  constexpr size_t kMaxAlternatives = 4;
  if (!describesTensor(a) || !describesTensor(b))
    return kConflict;
  std::vector<std::string> joined = split(a, '|');
  for (const std::string &other : split(b, '|')) {
    std::vector<std::string> second = split(other, 'x');
    bool isNew = true;
    for (std::string &known : joined) {
      std::vector<std::string> first = split(known, 'x');
      if (first.size() != second.size() || first.back() != second.back())
        continue;
      known.clear();
      for (size_t i = 0; i + 1 < first.size(); ++i)
        known += (first[i] == second[i] ? first[i] : "?") + "x";
      known += first.back();
      isNew = false;
      break;
    }
    if (isNew)
      joined.push_back(other);
  }
  if (joined.size() > kMaxAlternatives)
    return kConflict;
  std::string text = joined[0];
  for (size_t i = 1; i < joined.size(); ++i)
    text += "|" + joined[i];
  return text;
}

/// What two elements of a container have in common, part by part: sizes that differ are '?'. `isDeclared`: in an
/// object, whose class says where None may be.
static std::string joinDescriptions(const std::string &a, const std::string &b, bool isDeclared = false) {
  if (a == b || a.empty() || a == "_")
    return b;
  // What is None in some places.
  auto isOptional = [](const std::string &text) { return text.size() > 1 && text.back() == '?'; };
  auto strip = [&](const std::string &text) { return isOptional(text) ? text.substr(0, text.size() - 1) : text; };
  if (!isDeclared && b != "_" && (a == "none" || b == "none" || isOptional(a) || isOptional(b))) {
    std::string joined = a == "none" ? strip(b) : b == "none" ? strip(a) : joinDescriptions(strip(a), strip(b));
    return joined == kConflict ? joined : joined + "?";
  }
  if (b == "_")
    return a;
  if (isDeclared && (a == "none" || b == "none"))
    return a == "none" ? b : a;
  size_t open = a.find_first_of("([{");
  if (open != b.find_first_of("([{"))
    return kConflict;
  if (open != std::string::npos) {
    if (a.compare(0, open + 1, b, 0, open + 1) || a.back() != b.back())
      return kConflict;
    // Of an empty container nothing else is known.
    if (a == "[]" || a == "{}")
      return b;
    if (b == "[]" || b == "{}")
      return a;
    auto inner = [&](const std::string &text) {
      return std::string_view(text).substr(open + 1, text.size() - open - 2);
    };
    std::vector<std::string> first = splitParts(inner(a)), second = splitParts(inner(b));
    std::string joined = a.substr(0, open + 1);
    if (first.size() != second.size())
      return kConflict;
    for (size_t i = 0; i < first.size(); ++i) {
      // Names and lengths must be the same.
      bool isFixed = (i + 1 < first.size() && first[i + 1] == "=") || (i > 0 && first[i - 1][0] == ';');
      if (isFixed && first[i] != second[i])
        return kConflict;
      joined += joinDescriptions(first[i], second[i], isDeclared || open > 0);
    }
    return joined + a.back();
  }
  return joinTensors(a, b);
}

/// What descriptions tell besides types, as `describe` takes it.
enum Detail { Types, Empties, Lengths, Values };

static bool describe(PyObject *object, std::string &text, int detail, int depth, bool isInTuples = false);

/// The name of an object's class.
static std::string shortNameOf(PyObject *object) {
  PyObject *find = definedAs("class_name"), *name = find ? PyObject_CallOneArg(find, object) : nullptr;
  const char *text = name ? PyUnicode_AsUTF8(name) : nullptr;
  std::string result = text ? text : "";
  Py_XDECREF(name);
  PyErr_Clear();
  return result;
}

/// Appends the description of an object of a class by its attributes, as "Point(x=2xf32, n=int)"; without those of
/// what is far from the argument or holds itself. False after an error; without one, nothing is appended for what is no
/// object.
static bool describeObject(PyObject *object, std::string &text, int depth) {
  constexpr int kMaxDescribed = 6;
  thread_local std::vector<PyObject *> open; // reading an attribute may let other threads run
  PyObject *list = definedAs("attributes_of");
  PyObject *names = list ? PyObject_CallOneArg(list, object) : nullptr;
  if (!names || !PyList_Check(names)) {
    bool good = names;
    Py_XDECREF(names);
    return good;
  }
  text += shortNameOf(object) + "(";
  bool isKnown = depth > kMaxDescribed || std::find(open.begin(), open.end(), object) != open.end(), good = true;
  open.push_back(object);
  for (Py_ssize_t i = 0; good && !isKnown && i < PyList_GET_SIZE(names); ++i) {
    const char *attribute = PyUnicode_AsUTF8(PyList_GET_ITEM(names, i));
    PyObject *held = attribute ? readAttribute(object, attribute) : nullptr;
    text += i ? ", " : "";
    text += attribute ? attribute : "";
    text += "=";
    good = held && describe(held, text, Types, depth + 1);
    Py_XDECREF(held);
  }
  open.pop_back();
  Py_DECREF(names);
  text += ")";
  return good;
}

/// Appends a list of ints or bools, or of such lists, by its values; false where it is another one or long.
static bool describeValues(PyObject *list, std::string &text, int depth) {
  constexpr Py_ssize_t kMaxListed = 64, kMaxListedDepth = 4;
  Py_ssize_t count = PyList_GET_SIZE(list);
  if (count == 0 || count > kMaxListed || depth > kMaxListedDepth)
    return false;
  for (Py_ssize_t i = 0; i < count; ++i) {
    PyObject *item = PyList_GET_ITEM(list, i);
    if (Py_TYPE(item) != Py_TYPE(PyList_GET_ITEM(list, 0)))
      return false;
    text += i ? ", " : "[";
    int overflow = 0;
    if (PyBool_Check(item))
      text += item == Py_True ? "true" : "false";
    else if (PyLong_Check(item))
      text += std::to_string(PyLong_AsLongLongAndOverflow(item, &overflow));
    else if (!PyList_Check(item) || !describeValues(item, text, depth + 1))
      return false;
    if (overflow)
      return false;
  }
  text += "]";
  return true;
}

/// Appends the description of an object; false after an error. `isInTuples`: nothing but tuples is around it.
static bool describe(PyObject *object, std::string &text, int detail, int depth, bool isInTuples) {
  constexpr int kMaxDescribedDepth = 64;
  if (depth > kMaxDescribedDepth) {
    PyErr_SetString(PyExc_RecursionError, "the arguments are nested too deeply");
    return false;
  }
  int64_t dtype = scalarTypeOf(object);
  if (dtype >= 0) {
    text += detail >= Values && depth == 0 ? std::to_string(dtype) : "int";
    return true;
  }
  if (isDevice(object)) {
    text += "Device";
    return true;
  }
  if (detail >= Values && depth == 0 && PyLong_Check(object)) {
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (!overflow) {
      text += PyBool_Check(object) ? (value ? "true" : "false") : std::to_string(value);
      return true;
    }
  }
  if (isMember(object)) {
    text += shortNameOf(object) + "()";
    return true;
  }
  if (object == Py_None || PyBool_Check(object) || PyLong_Check(object) || PyFloat_Check(object) ||
      PyUnicode_Check(object) || PyComplex_Check(object)) {
    text += object == Py_None         ? "none"
            : PyBool_Check(object)    ? "bool"
            : PyLong_Check(object)    ? "int"
            : PyFloat_Check(object)   ? "float"
            : PyUnicode_Check(object) ? "str"
                                      : "complex";
    return true;
  }
  if (PyTuple_Check(object)) {
    text += "(";
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i)
      if (text += i ? ", " : "";
          !describe(PyTuple_GET_ITEM(object, i), text, detail, depth + 1, depth == 0 || isInTuples))
        return false;
    text += ")";
    return true;
  }
  if (PyList_Check(object)) {
    std::string joined, values;
    if (detail >= Values && (depth == 0 || isInTuples) && describeValues(object, values, 0)) {
      text += values;
      return true;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); ++i) {
      std::string element;
      if (!describe(PyList_GET_ITEM(object, i), element, detail, depth + 1))
        return false;
      joined = joinDescriptions(joined, element);
    }
    text += "[" + (joined.empty() && detail != Empties ? "_" : joined);
    if (detail >= Lengths)
      text += "; " + std::to_string(PyList_GET_SIZE(object));
    text += "]";
    return true;
  }
  if (PyDict_Check(object)) {
    std::string keys, values;
    PyObject *key, *value;
    for (Py_ssize_t position = 0; PyDict_Next(object, &position, &key, &value);) {
      std::string keyText, valueText;
      if (!describe(key, keyText, detail, depth + 1) || !describe(value, valueText, detail, depth + 1))
        return false;
      keys = joinDescriptions(keys, keyText);
      values = joinDescriptions(values, valueText);
    }
    text += keys.empty() ? (detail >= Empties ? "{}" : "{_: _}") : "{" + keys + ": " + values + "}";
    return true;
  }
  if (isSequence(object) && isMutable(object)) {
    PyObject *copy = copyItems(object);
    bool good = copy && describe(copy, text, detail, depth + 1);
    Py_XDECREF(copy);
    return good;
  }
  if (!PyBytes_Check(object) && (exchangeOf(Py_TYPE(object)) || Py_TYPE(object) == tensorType ||
                                 PyObject_CheckBuffer(object) || PyObject_HasAttrString(object, "__dlpack__"))) {
    Conversion conversion;
    wick_value value;
    if (!conversion.toValue(object, nullptr, "of the call", value))
      return false;
    bool isTensor = value.tag == WICK_TENSOR_VALUE;
    if (isTensor) {
      const auto *described = static_cast<wick_tensor *>(value.u.p);
      for (int32_t k = 0; k < described->rank; ++k)
        text += std::to_string(described->sizes[k]) + "x";
      // `bool` alone is Python's.
      text += described->rank || described->dtype != WICK_BOOL ? wick_dtype_name(described->dtype) : "i1";
    }
    wick_value_release(&value);
    if (isTensor)
      return true;
  }
  size_t before = text.size();
  if (!describeObject(object, text, depth))
    return false;
  if (text.size() == before)
    text += "<" + std::string(Py_TYPE(object)->tp_name) + ">";
  return true;
}

PyObject *wick::python::describeArguments(PyObject *, PyObject *arguments) {
  PyObject *args;
  int detail = Types;
  if (!PyArg_ParseTuple(arguments, "O!|i:describe", &PyTuple_Type, &args, &detail))
    return nullptr;
  PyObject *result = PyTuple_New(PyTuple_GET_SIZE(args));
  for (Py_ssize_t i = 0; result && i < PyTuple_GET_SIZE(args); ++i) {
    std::string text;
    PyObject *described = describe(PyTuple_GET_ITEM(args, i), text, detail, 0)
                              ? PyUnicode_FromStringAndSize(text.data(), text.size())
                              : nullptr;
    if (!described)
      Py_CLEAR(result);
    else
      PyTuple_SET_ITEM(result, i, described);
  }
  return result;
}
