//===- Error.h - errors inside the runtime -----------------------*- C++ -*-===//
//
// Loading and argument checks throw `Error`; the C functions catch it at the
// boundary (see `guarded`) and hand out a `wick_error`. Generated code and the
// functions it calls never throw: they record the error in the call's frame.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_ERROR_H
#define WICK_LIB_RUNTIME_ERROR_H

#include "wick/Runtime/wick.h"

#include <cstdio>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace wick::runtime {

/// A place in the user's Python.
struct SourcePlace {
  std::string file, function, source;
  int32_t line = 0, column = 0;
};

struct Error {
  wick_status status = WICK_ERROR_RUNTIME;
  std::string message;
  std::string cls;                   // class of a raised exception
  std::vector<SourcePlace> frames{}; // where it happened and the calls that led there, the outermost first
};

namespace detail {
inline void append(std::string &out, std::string_view text) { out += text; }
inline void append(std::string &out, const char *text) { out += text; }
inline void append(std::string &out, const std::string &text) { out += text; }
/// As streams print it.
inline void append(std::string &out, double number) {
  char text[32];
  std::snprintf(text, sizeof(text), "%g", number);
  out += text;
}
template <typename T>
  requires std::is_integral_v<T>
void append(std::string &out, T number) {
  out += std::to_string(number);
}
} // namespace detail

template <typename... Ts> std::string concat(const Ts &...parts) {
  std::string out;
  (detail::append(out, parts), ...);
  return out;
}

template <typename... Ts> [[noreturn]] void fail(wick_status status, const Ts &...parts) {
  throw Error{status, concat(parts...), {}};
}

/// Makes the object that the C interface hands out; falls back to a static one without memory.
wick_error *makeError(Error &&error) noexcept;
wick_error *outOfMemory() noexcept;

/// Runs `body`, which may throw, for a C function.
template <typename Body> wick_status guarded(wick_error **out, Body &&body) noexcept {
  wick_error *error;
  try {
    body();
    return WICK_OK;
  } catch (Error &failure) {
    error = makeError(std::move(failure));
  } catch (const std::bad_alloc &) {
    error = outOfMemory();
  } catch (const std::exception &other) {
    error = makeError({WICK_ERROR_RUNTIME, other.what(), {}});
  }
  wick_status status = wick_error_status(error);
  if (out)
    *out = error;
  else
    wick_error_release(error);
  return status;
}

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_ERROR_H
