//===- Elf.h - loads the freestanding code of an artifact --------*- C++ -*-===//
//
// Code is an ELF64 x86-64 shared object that needs nothing: no imports, no
// constructors, no thread-local storage, relative relocations only. It exports
// one object, `wick_module`. We map it ourselves because dlopen would need a
// file, confuses two objects of one name and would run whatever they ask for.
// Pages are writable or executable, never both. All that the loader reads is
// bounds-checked, so that a damaged file is an error; that valid code behaves is
// beyond any loader.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_ELF_H
#define WICK_LIB_RUNTIME_ELF_H

#include "Mapping.h"
#include "wick/Runtime/ABI.h"

#include <string_view>

namespace wick::runtime {

/// A loaded image; unmapped when it dies.
class Code {
public:
  Code() = default;
  /// Loads `file`, which must have `entries` entry points, or only checks it: then nothing becomes
  /// executable. `name` is for messages. Throws Error.
  Code(Bytes file, std::string_view name, uint32_t entries, bool checkOnly = false);

  const wick_module_v1 *module() const { return descriptor; }

private:
  Mapping image;
  const wick_module_v1 *descriptor = nullptr;
};

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_ELF_H
