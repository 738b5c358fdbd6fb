//===- AtomicFile.cpp - files that appear when they are complete --------------===//
#include "wick/Artifact/AtomicFile.h"

#include "llvm/Support/FileSystem.h"

using namespace llvm;

static Error makeError(StringRef path, std::error_code code) {
  return createStringError(code, "cannot write '" + path + "': " + code.message());
}

/// Prints to `os` and takes its error, which would end the program otherwise.
static std::error_code printTo(raw_fd_ostream &os, function_ref<void(raw_ostream &)> print) {
  print(os);
  os.flush();
  std::error_code code = os.error();
  os.clear_error();
  return code;
}

Error wick::writeAtomically(StringRef path, function_ref<void(raw_ostream &)> print) {
  if (path == "-") {
    std::error_code code = printTo(outs(), print);
    return code ? makeError("standard output", code) : Error::success();
  }
  if (sys::fs::exists(path) && !sys::fs::is_regular_file(path)) {
    std::error_code code;
    raw_fd_ostream os(path, code, sys::fs::CD_OpenExisting);
    if (!code)
      code = printTo(os, print);
    return code ? makeError(path, code) : Error::success();
  }
  Expected<sys::fs::TempFile> file =
      sys::fs::TempFile::create(path + ".%%%%%%.tmp", sys::fs::all_read | sys::fs::all_write);
  if (!file)
    return makeError(path, errorToErrorCode(file.takeError()));
  std::error_code code;
  {
    raw_fd_ostream os(file->FD, /*shouldClose=*/false);
    code = printTo(os, print);
  }
  if (code) {
    consumeError(file->discard());
    return makeError(path, code);
  }
  if (Error error = file->keep(path))
    return makeError(path, errorToErrorCode(std::move(error)));
  return Error::success();
}
