//===- Error.cpp - errors of the C interface --------------------------------===//
#include "Error.h"

using namespace wick::runtime;

struct wick_error {
  Error error;
  std::string text;
};

static std::string describe(const Error &error) {
  std::string text;
  if (!error.file.empty())
    text = concat(error.file, ":", error.line, ":", error.column, ": ");
  if (!error.cls.empty())
    text += error.cls + ": ";
  return text + error.message;
}

static wick_error &memoryError() {
  static wick_error error{{WICK_ERROR_MEMORY, "out of memory", {}, {}, {}, 0, 0}, "out of memory"};
  return error;
}

wick_error *wick::runtime::outOfMemory() noexcept { return &memoryError(); }

wick_error *wick::runtime::makeError(Error &&error) noexcept {
  try {
    std::string text = describe(error);
    return new wick_error{std::move(error), std::move(text)};
  } catch (const std::bad_alloc &) {
    return outOfMemory();
  }
}

wick_status wick_error_status(const wick_error *error) { return error->error.status; }
const char *wick_error_text(const wick_error *error) { return error->text.c_str(); }
const char *wick_error_message(const wick_error *error) { return error->error.message.c_str(); }
const char *wick_error_class(const wick_error *error) { return error->error.cls.c_str(); }
const char *wick_error_file(const wick_error *error) { return error->error.file.c_str(); }
int32_t wick_error_line(const wick_error *error) { return error->error.line; }
int32_t wick_error_column(const wick_error *error) { return error->error.column; }
const char *wick_error_source(const wick_error *error) { return error->error.source.c_str(); }

void wick_error_release(wick_error *error) {
  if (error && error != &memoryError())
    delete error;
}
