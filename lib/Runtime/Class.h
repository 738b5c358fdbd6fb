//===- Class.h - classes and enumerations of a program -----------*- C++ -*-===//
//
// The manifest lists the classes whose objects and members calls take, give or make. They live
// in one counted block, for values that refer to them may outlive their module.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_CLASS_H
#define WICK_LIB_RUNTIME_CLASS_H

#include "Manifest.h"

#include <atomic>
#include <deque>
#include <unordered_map>

/// What a value of kind WICK_ENUM_VALUE refers to. It belongs to its class, whose references it counts.
struct wick_member {
  const wick_class *cls;
  wick_value name, value; // owned
};

struct wick_class {
  struct Attribute {
    std::string name;
    std::optional<wick_type> type; // none: of a kind that callers neither give nor get
  };

  wick_class(wick::runtime::Classes &owner, std::string name) : owner(owner), name(std::move(name)) {}
  wick_class(const wick_class &) = delete;
  ~wick_class();

  /// The class's name without the module that it comes from.
  std::string_view shortName() const { return std::string_view(name).substr(name.rfind('.') + 1); }
  const wick_member *find(std::string_view member) const;

  wick::runtime::Classes &owner;
  const std::string name; // "__torch__.shapes.Point"
  bool isEnum = false;
  std::vector<Attribute> attributes; // in the order of an object's slots
  std::vector<wick_member> members;
  std::optional<uint32_t> exitEntry; // what a failing call leaves `with` statements by
};

namespace wick::runtime {

/// All classes of a module, by number. Immutable once read.
struct Classes {
  std::atomic<int64_t> references{1};
  std::deque<wick_class> list;
  std::unordered_map<std::string_view, const wick_class *> byName;

  const wick_class *find(std::string_view name) const {
    auto found = byName.find(name);
    return found == byName.end() ? nullptr : found->second;
  }
};

/// Whether two classes, maybe of different modules, are one: by name, attributes and members.
bool isSameClass(const wick_class &a, const wick_class &b);

inline const wick_member &memberOf(const wick_value &value) { return *static_cast<const wick_member *>(value.u.p); }
/// A member as a value, without a reference.
inline wick_value borrow(const wick_member &member) {
  wick_value value{WICK_ENUM_VALUE, 0, {}};
  value.u.p = const_cast<wick_member *>(&member);
  return value;
}

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_CLASS_H
