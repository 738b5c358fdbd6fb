//===- Error.cpp - errors of the C interface --------------------------------===//
#include "Error.h"

using namespace wick::runtime;

struct wick_error {
  explicit wick_error(Error &&from) : error(std::move(from)) {
    if (!error.frames.empty()) {
      const SourcePlace &at = error.frames.back();
      text = concat(at.file, ":", at.line, ":", at.column, ": ");
      traceback = "Traceback of the model (most recent call last):";
    }
    if (!error.cls.empty())
      text += error.cls + ": ";
    text += error.message;
    for (const SourcePlace &frame : error.frames) {
      frames.push_back({frame.file.c_str(), frame.function.c_str(), frame.source.c_str(), frame.line, frame.column});
      traceback += concat("\n  File \"", frame.file, "\", line ", frame.line);
      traceback += frame.function.empty() ? "" : ", in " + frame.function;
      traceback += frame.source.empty() ? "" : "\n    " + frame.source;
    }
  }

  wick_frame place() const { return frames.empty() ? wick_frame{"", "", "", 0, 0} : frames.back(); }

  Error error;
  std::string text, traceback;
  std::vector<wick_frame> frames;
};

static wick_error &memoryError() {
  static wick_error error{{WICK_ERROR_MEMORY, "out of memory", {}}};
  return error;
}

wick_error *wick::runtime::outOfMemory() noexcept { return &memoryError(); }

wick_error *wick::runtime::makeError(Error &&error) noexcept {
  try {
    return new wick_error(std::move(error));
  } catch (const std::bad_alloc &) {
    return outOfMemory();
  }
}

wick_status wick_error_status(const wick_error *error) { return error->error.status; }
const char *wick_error_text(const wick_error *error) { return error->text.c_str(); }
const char *wick_error_message(const wick_error *error) { return error->error.message.c_str(); }
const char *wick_error_class(const wick_error *error) { return error->error.cls.c_str(); }
const char *wick_error_file(const wick_error *error) { return error->place().file; }
int32_t wick_error_line(const wick_error *error) { return error->place().line; }
int32_t wick_error_column(const wick_error *error) { return error->place().column; }
const char *wick_error_source(const wick_error *error) { return error->place().source; }
const wick_frame *wick_error_frames(const wick_error *error, int32_t *count) {
  *count = error->frames.size();
  return error->frames.data();
}
const char *wick_error_traceback(const wick_error *error) { return error->traceback.c_str(); }

void wick_error_release(wick_error *error) {
  if (error && error != &memoryError())
    delete error;
}
