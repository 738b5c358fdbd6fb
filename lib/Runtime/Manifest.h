//===- Manifest.h - manifest.json, parsed and validated ----------*- C++ -*-===//
//
// The schema stands in include/wick/Artifact/Format.h. After parsing, everything
// that a call needs is laid out flat: a method's arguments as the sequence of
// *leaves* that generated code takes, each with its type.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_MANIFEST_H
#define WICK_LIB_RUNTIME_MANIFEST_H

#include "Error.h"
#include "Mapping.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A type of a signature.
struct wick_type {
  struct Dim {
    int64_t size = -1;   // exact, or -1
    int32_t symbol = -1; // index among the method's names, or -1
    std::string name;
  };
  wick_type_kind kind = WICK_TYPE_ANY;
  int32_t dtype = -1;    // -1: any
  int32_t rank = -1;     // -1: any
  std::vector<Dim> dims; // `rank` of them
  std::vector<wick_type> elements;
  int64_t length = -1;           // of a list that is flattened
  std::vector<std::string> keys; // of a dict that is flattened
  std::string name;              // of a named tuple
  std::vector<std::string> fields;
  const wick_class *cls = nullptr; // of an object or member of an enumeration; lives as long as the module
  std::string text;

  /// Whether the value is passed as its elements rather than as one.
  bool isFlattened() const { return kind == WICK_TYPE_TUPLE || length >= 0 || !keys.empty(); }
  /// Number of parts of a flattened type, and the type of one.
  size_t partCount() const {
    return kind == WICK_TYPE_TUPLE ? elements.size() : kind == WICK_TYPE_DICT ? keys.size() : size_t(length);
  }
  const wick_type &part(size_t index) const {
    return kind == WICK_TYPE_TUPLE ? elements[index] : elements[kind == WICK_TYPE_DICT ? 1 : 0];
  }
};

namespace wick::runtime {

struct Argument {
  std::string name;
  wick_type type;
  bool hasDefault = false;
  wick_value fallback{}; // the default; owned
  bool isFixed = false;
  wick_value fixed{};   // the only value the code is made for; a plain one
  bool written = false; // the method writes to the tensor
  size_t leaves = 0;
};

struct CodeInfo {
  std::string file, isa;
  std::vector<std::string> features;
  uint32_t crc = 0;
};

struct WeightInfo {
  std::string file, name;
  uint64_t bytes = 0;
  uint32_t crc = 0;
};

} // namespace wick::runtime

/// A method, with what calls of it need to know.
struct wick_method {
  std::string name;
  uint32_t entry = 0;
  std::vector<wick::runtime::Argument> arguments;
  wick_type result;
  std::string signature;
  std::vector<std::string> symbols; // names that tie dims
  size_t argumentLeaves = 0, resultLeaves = 0;
  bool writes = false; // to any argument

  wick_method() = default;
  wick_method(wick_method &&) = default;
  wick_method &operator=(wick_method &&) = default;
  ~wick_method();
};

namespace wick::runtime {

/// Where an attribute is: a slot of one of the state's objects. Where code may store another object, the `owner` is an
/// object of the state and the slots that lead from it to the one that is there.
struct Place {
  size_t object, slot;
  std::vector<size_t> owner;
};

struct Classes;
struct ReleaseClasses {
  void operator()(Classes *classes) const;
};

struct Manifest {
  std::unique_ptr<Classes, ReleaseClasses> classes; // which types refer to
  std::string producer, name, device;
  std::vector<CodeInfo> code;
  std::vector<WeightInfo> weights;
  std::vector<wick_method> methods;
  size_t exits = 0;                    // classes that have an entry
  std::optional<uint32_t> stateEntry;  // makes the objects of a session
  std::vector<std::string> statePaths; // of each object, in the model
  wick_method attributes;              // as if they were arguments
  std::vector<Place> places;           // of each attribute
  size_t visible = 0;                  // how many of these, the first, callers read and write
  std::vector<std::string> fallback;   // operators that LibTorch runs

  /// Entry points of the code.
  size_t entryCount() const { return methods.size() + exits + stateEntry.has_value(); }
  /// Throws Error.
  static Manifest parse(std::string_view json);
  const wick_method *find(std::string_view name) const;
};

/// One place of sources.json, and the number of the call that led there, -1 for none: always a smaller one.
struct Source {
  SourcePlace place;
  int32_t caller = -1;
};

/// Reads sources.json; throws Error.
std::vector<Source> parseSources(std::string_view json);

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_MANIFEST_H
