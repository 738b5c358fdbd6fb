//===- Module.h - a loaded artifact ------------------------------*- C++ -*-===//
#ifndef WICK_LIB_RUNTIME_MODULE_H
#define WICK_LIB_RUNTIME_MODULE_H

#include "Elf.h"
#include "Error.h"
#include "Manifest.h"
#include "Zip.h"

#include <atomic>
#include <mutex>

/// Immutable once loaded, but for the count and the source map, which is read when first needed.
struct wick_module {
  /// Loads or, with `checkOnly`, checks everything and makes no code executable. Throws Error.
  wick_module(wick::runtime::Mapping &&file, const wick_load_options &options, bool checkOnly);

  ~wick_module();

  /// Fills in where an error happened; `index` is a place of sources.json or negative.
  void locate(wick::runtime::Error &error, int32_t index) const noexcept;
  std::string summary() const;

  std::atomic<int64_t> references{1};
  wick::runtime::Mapping file;
  wick::runtime::ZipDirectory directory;
  wick::runtime::Manifest manifest;
  wick::runtime::Code code;
  std::string isa;
  std::vector<const void *> weights; // base addresses, in manifest order
  std::vector<wick_value> literals;  // constants of the code

private:
  const wick::runtime::ZipEntry &entry(std::string_view name) const;
  void loadWeights(bool verify);
  void loadCode(const char *isa, bool checkOnly);

  mutable std::once_flag sourcesRead;
  mutable std::vector<wick::runtime::Source> sources;
};

#endif // WICK_LIB_RUNTIME_MODULE_H
