//===- Mapping.h - a range of pages owned by an object -----------*- C++ -*-===//
#ifndef WICK_LIB_RUNTIME_MAPPING_H
#define WICK_LIB_RUNTIME_MAPPING_H

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace wick::runtime {

using Bytes = std::span<const uint8_t>;

class Mapping {
public:
  Mapping() = default;
  Mapping(Mapping &&other) noexcept
      : base(std::exchange(other.base, nullptr)), length(std::exchange(other.length, 0)) {}
  Mapping &operator=(Mapping &&other) noexcept {
    std::swap(base, other.base);
    std::swap(length, other.length);
    return *this;
  }
  ~Mapping();

  /// Maps a whole regular file read-only; throws Error.
  static Mapping ofFile(const std::string &path);
  /// A zeroed, writable range; throws Error.
  static Mapping anonymous(size_t bytes);

  uint8_t *data() const { return base; }
  size_t size() const { return length; }
  Bytes bytes() const { return {base, length}; }
  /// Changes the protection of pages [offset, offset + bytes); throws Error.
  void protect(size_t offset, size_t bytes, int protection);

private:
  uint8_t *base = nullptr;
  size_t length = 0;
};

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_MAPPING_H
