//===- Text.cpp - values as text, and text as values --------------------------===//
//
// Floats print with 17 significant digits and a point, as in LibTorch; strings inside
// containers print without quotes.
//
//===----------------------------------------------------------------------===//
#include "../Class.h"
#include "Functions.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>

using namespace wick::runtime;

static void printFloat(std::string &out, double value) {
  if (std::isnan(value) || std::isinf(value)) {
    out += std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
    return;
  }
  char text[32];
  int size = std::snprintf(text, sizeof(text), "%.17g", value == 0 ? 0.0 : value);
  out.append(text, size);
  if (std::string_view(text, size).find_first_of(".e") == std::string_view::npos)
    out += '.';
}

static void printComplex(std::string &out, std::complex<double> value) {
  printFloat(out, value.real());
  out += value.imag() >= 0 ? '+' : '-';
  printFloat(out, std::abs(value.imag()));
  out += 'j';
}

static void printAll(std::string &out, const wick_sequence &items, const char *open, const char *close) {
  out += open;
  for (int64_t i = 0; i < items.count; ++i) {
    out += i ? ", " : "";
    print(out, items.items[i]);
  }
  out += close;
}

void wick::runtime::print(std::string &out, const wick_value &value) {
  switch (value.tag) {
  case WICK_NONE: out += "None"; return;
  case WICK_BOOL_VALUE: out += value.u.i ? "True" : "False"; return;
  case WICK_INT_VALUE: out += std::to_string(value.u.i); return;
  case WICK_FLOAT_VALUE: return printFloat(out, value.u.f);
  case WICK_COMPLEX_VALUE: return printComplex(out, complexOf(value));
  case WICK_STRING_VALUE:
  case WICK_DEVICE_VALUE: out += textOf(value); return;
  case WICK_LIST_VALUE: return printAll(out, sequenceOf(value), "[", "]");
  case WICK_TUPLE_VALUE: return printAll(out, sequenceOf(value), "(", sequenceOf(value).count == 1 ? ",)" : ")");
  case WICK_DICT_VALUE: {
    const wick_sequence &dict = sequenceOf(value);
    out += '{';
    for (int64_t i = 0; i < dict.count; i += 2) {
      out += i ? ", " : "";
      print(out, dict.items[i]);
      out += ": ";
      print(out, dict.items[i + 1]);
    }
    out += '}';
    return;
  }
  case WICK_ENUM_VALUE:
    out += concat("Enum<", memberOf(value).cls->shortName(), ".", textOf(memberOf(value).name), ">");
    return;
  case WICK_TENSOR_VALUE: return printTensor(out, *asTensor(static_cast<const wick_tensor *>(value.u.p)));
  default: fail(WICK_ERROR_UNSUPPORTED, "a value of kind ", value.tag, " cannot be printed");
  }
}

std::string wick::runtime::printed(const wick_value &value) {
  std::string out;
  print(out, value);
  return out;
}

static const char *kindOf(const wick_value &value) {
  switch (value.tag) {
  case WICK_NONE: return "None";
  case WICK_BOOL_VALUE: return "Bool";
  case WICK_INT_VALUE: return "Int";
  case WICK_FLOAT_VALUE: return "Double";
  case WICK_COMPLEX_VALUE: return "ComplexDouble";
  case WICK_STRING_VALUE: return "String";
  case WICK_LIST_VALUE: return "GenericList";
  case WICK_TUPLE_VALUE: return "Tuple";
  case WICK_DICT_VALUE: return "GenericDict";
  case WICK_TENSOR_VALUE: return "Tensor";
  case WICK_ENUM_VALUE: return "Enum";
  default: return "Object";
  }
}

std::string wick::runtime::typeOf(const wick_value &value, bool isPrinted) {
  auto list = [&](const char *name, int64_t count) {
    std::string text = name;
    for (int64_t i = 0; i < count; ++i)
      text += (i ? ", " : isPrinted ? "(" : "[") + typeOf(sequenceOf(value).items[i], isPrinted);
    return text + (!count ? "" : isPrinted ? ")" : "]");
  };
  switch (value.tag) {
  case WICK_NONE: return "NoneType";
  case WICK_BOOL_VALUE: return "bool";
  case WICK_INT_VALUE: return "int";
  case WICK_FLOAT_VALUE: return "float";
  case WICK_COMPLEX_VALUE: return "complex";
  case WICK_STRING_VALUE: return "str";
  case WICK_DEVICE_VALUE: return "Device";
  case WICK_GENERATOR_VALUE: return "Generator";
  case WICK_TENSOR_VALUE: return "Tensor";
  case WICK_LIST_VALUE:
    if (isPrinted && sequenceOf(value).count)
      return typeOf(sequenceOf(value).items[0], isPrinted) + "[]";
    return list("List", std::min<int64_t>(sequenceOf(value).count, 1));
  case WICK_DICT_VALUE: return list("Dict", std::min<int64_t>(sequenceOf(value).count, 2));
  case WICK_TUPLE_VALUE: return list(isPrinted ? "" : "Tuple", sequenceOf(value).count);
  case WICK_OBJECT_VALUE: return sequenceOf(value).cls ? sequenceOf(value).cls->name : "object";
  case WICK_ENUM_VALUE: return memberOf(value).cls->name;
  default: return "object";
  }
}

/// One value as a directive of `%` wants it.
static void formatOne(std::string &out, char key, const wick_value &value) {
  bool isScalar = value.tag == WICK_INT_VALUE || value.tag == WICK_FLOAT_VALUE;
  char text[400];
  switch (key) {
  case 'd':
  case 'i':
    if (!isScalar)
      failOperator("%", std::string(1, key), " requires a number for formatting, but got ", kindOf(value));
    out += std::to_string(value.tag == WICK_INT_VALUE ? value.u.i : int64_t(int32_t(value.u.f)));
    return;
  case 'e':
  case 'E':
  case 'f':
  case 'F': {
    if (!isScalar)
      failOperator("%", std::string(1, key), " requires a number for formatting, but got ", kindOf(value));
    const char *form = key == 'e' ? "%e" : key == 'E' ? "%E" : "%f";
    out.append(text, std::snprintf(text, sizeof(text), form, double(float(toDouble(value)))));
    return;
  }
  case 'c':
    if (value.tag == WICK_INT_VALUE)
      out += char(value.u.i);
    else if (value.tag == WICK_STRING_VALUE && textOf(value).size() == 1)
      out += textOf(value);
    else
      failOperator("%", std::string(1, key), " requires an int or char for formatting, but got ", kindOf(value));
    return;
  case 's': return print(out, value);
  default: failOperator("The specifier %", std::string(1, key), " is not supported in TorchScript format strings");
  }
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_PRINT>(const Arguments &a) {
  std::string line;
  for (int64_t i = 0; i < a.size(); ++i) {
    line += i ? " " : "";
    print(line, a[i]);
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
  return makeNone();
}

template <> wick_value run<WICK_FN_RAISE>(const Arguments &a) {
  std::string cls = a.has(1, WICK_STRING_VALUE) ? std::string(a.text(1)) : "RuntimeError";
  throw Error{WICK_ERROR_RAISED, std::string(a.text(0)), std::move(cls)};
}

template <> wick_value run<WICK_FN_STR>(const Arguments &a) { return a.keepText(printed(a[0])); }

template <> wick_value run<WICK_FN_FORMAT>(const Arguments &a) {
  std::string_view form = a.text(0), rest = form;
  std::string out;
  int64_t next = 1;
  for (size_t at; (at = rest.find("{}")) != rest.npos; rest.remove_prefix(at + 2)) {
    out += rest.substr(0, at);
    if (next >= a.size())
      failOperator("Too few arguments for format string: ", form);
    print(out, a[next++]);
  }
  out += rest;
  return a.keepText(std::move(out));
}

template <> wick_value run<WICK_FN_PERCENT_FORMAT>(const Arguments &a) {
  std::string_view form = a.text(0);
  // One tuple stands for several values.
  bool isTuple = a.has(1, WICK_TUPLE_VALUE);
  const wick_value *values = isTuple ? sequenceOf(a[1]).items : a.size() > 1 ? &a[1] : nullptr;
  int64_t count = isTuple ? sequenceOf(a[1]).count : a.size() - 1, used = 0;
  std::string out;
  for (size_t at = 0; at < form.size(); ++at) {
    if (form[at] != '%') {
      out += form[at];
      continue;
    }
    if (++at == form.size())
      failOperator("Incomplete format specifier");
    if (form[at] == '%') {
      out += '%';
      continue;
    }
    if (used >= count)
      failOperator("Too few arguments for format string");
    formatOne(out, form[at], values[used++]);
  }
  if (used != count)
    failOperator("Too many arguments for format string");
  return a.keepText(std::move(out));
}

template <> wick_value run<WICK_FN_INT>(const Arguments &a) {
  if (a.has(0, WICK_FLOAT_VALUE)) {
    double value = a[0].u.f; // as the conversion of x86: out of range is the least integer
    return makeInt(value >= -0x1p63 && value < 0x1p63 ? int64_t(value) : INT64_MIN);
  }
  if (!a.has(0, WICK_STRING_VALUE))
    return makeInt(a.integer(0));
  std::string text(a.text(0));
  char *end;
  errno = 0;
  int64_t value = std::strtoll(text.c_str(), &end, 10);
  if (end == text.c_str() || errno == ERANGE)
    failOperator("stoll");
  if (end != text.c_str() + text.size())
    failOperator("invalid literal for int() with base 10: '", text, "'");
  return makeInt(value);
}

template <> wick_value run<WICK_FN_FLOAT>(const Arguments &a) {
  if (!a.has(0, WICK_STRING_VALUE))
    return makeFloat(a.has(0, WICK_FLOAT_VALUE) ? a[0].u.f : double(a.integer(0)));
  std::string text(a.text(0));
  char *end;
  errno = 0;
  double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || errno == ERANGE)
    failOperator("stod");
  if (end != text.c_str() + text.size())
    failOperator("could not convert string to float: '", text, "'");
  return makeFloat(value);
}

template <> wick_value run<WICK_FN_BOOL>(const Arguments &a) {
  if (a.has(0, WICK_STRING_VALUE))
    return makeBool(!a.text(0).empty());
  return makeBool(a.has(0, WICK_FLOAT_VALUE) ? a[0].u.f != 0 : a.integer(0) != 0);
}

template <> wick_value run<WICK_FN_ORD>(const Arguments &a) {
  if (a.text(0).size() != 1)
    failOperator("String for ord() must be 1 character, found ", a.text(0).size());
  return makeInt(uint8_t(a.text(0)[0]));
}

template <> wick_value run<WICK_FN_CHR>(const Arguments &a) {
  if (a.integer(0) < 0 || a.integer(0) >= 0x10ffff) // of which LibTorch takes the lowest byte
    failOperator("chr() arg not in range(0x110000), found ", a.integer(0));
  return a.keepText(std::string(1, char(a.integer(0))));
}

/// The magnitude in a base that is a power of two, after sign and prefix.
static wick_value printBase(const Arguments &a, const char *prefix, int bits) {
  std::string digits;
  uint64_t rest = a.integer(0) < 0 ? -uint64_t(a.integer(0)) : a.integer(0);
  do
    digits.insert(digits.begin(), "0123456789abcdef"[rest & ((1 << bits) - 1)]);
  while (rest >>= bits);
  return a.keepText((a.integer(0) < 0 ? "-" : "") + (prefix + digits));
}

template <> wick_value run<WICK_FN_HEX>(const Arguments &a) { return printBase(a, "0x", 4); }
template <> wick_value run<WICK_FN_OCT>(const Arguments &a) { return printBase(a, "0o", 3); }
template <> wick_value run<WICK_FN_BIN>(const Arguments &a) { return printBase(a, "0b", 1); }

/// Equal values have equal hashes; those of plain values are LibTorch's, which are those of libstdc++.
static uint64_t hashValue(const wick_value &value) {
  switch (value.tag) {
  case WICK_NONE: return 0;
  case WICK_STRING_VALUE: return std::hash<std::string_view>()(textOf(value));
  case WICK_DEVICE_VALUE: return hashDevice(textOf(value));
  case WICK_FLOAT_VALUE: return std::hash<double>()(value.u.f);
  case WICK_BOOL_VALUE:
  case WICK_INT_VALUE: return value.u.i;
  case WICK_TUPLE_VALUE: {
    uint64_t seed = 0;
    for (const wick_value &item : sequenceOf(value))
      seed ^= hashValue(item) + 0x9e3779b97f4a7c15u + (seed << 6) + (seed >> 2);
    return seed;
  }
  case WICK_TENSOR_VALUE: return reinterpret_cast<uintptr_t>(value.u.p);
  }
  failOperator("unhashable type: '", typeOf(value), "'");
}

template <> wick_value run<WICK_FN_HASH>(const Arguments &a) { return makeInt(hashValue(a[0])); }

} // namespace wick::runtime
