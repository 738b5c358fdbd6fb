//===- Link.cpp - in-process lld
//-----------------------------------------------===//
//
// lld works on files and on global state: objects pass through a private
// temporary directory, and one link runs at a time.
//
//===----------------------------------------------------------------------===//
#include "CodeGenInternal.h"

#include "lld/Common/Driver.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <mutex>

LLD_HAS_DRIVER(elf)

using namespace llvm;
using namespace wick;

static std::error_code writeFile(const Twine &path, StringRef bytes) {
  std::error_code code;
  raw_fd_ostream file(path.str(), code);
  if (code)
    return code;
  file << bytes;
  file.close();
  code = file.error();
  file.clear_error();
  return code;
}

FailureOr<std::string> native::link(ArrayRef<std::string> objects, bool allowImports, std::string &error) {
  SmallString<128> directory;
  if (std::error_code code = sys::fs::createUniqueDirectory("wick-link", directory)) {
    error = "cannot create a temporary directory: " + code.message();
    return failure();
  }
  llvm::scope_exit remove([&] { (void)sys::fs::remove_directories(directory); });
  std::string output = (directory + "/code.so").str(), exports = (directory + "/exports").str();
  std::vector<std::string> arguments = {"ld.lld",
                                        "-shared",
                                        allowImports ? "-zundefs" : "--no-undefined",
                                        "-Bsymbolic",
                                        "--hash-style=sysv",
                                        "--gc-sections",
                                        "--strip-debug",
                                        "-z",
                                        "norelro",
                                        "--build-id=none",
                                        "--threads=1",
                                        "--version-script=" + exports,
                                        "-o",
                                        output};
  std::error_code code = writeFile(exports, "{ global: wick_module; local: *; };\n");
  for (auto [index, object] : enumerate(objects)) {
    arguments.push_back((directory + "/" + Twine(index) + ".o").str());
    if (!code)
      code = writeFile(arguments.back(), object);
  }
  if (code) {
    error = "cannot write to '" + directory.str().str() + "': " + code.message();
    return failure();
  }
  SmallVector<const char *> pointers;
  for (const std::string &argument : arguments)
    pointers.push_back(argument.c_str());
  std::string out;
  raw_string_ostream outStream(out), errorStream(error);
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  lld::Result result = lld::lldMain(pointers, outStream, errorStream, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0)
    return failure();
  ErrorOr<std::unique_ptr<MemoryBuffer>> linked = MemoryBuffer::getFile(output, /*IsText=*/false, false);
  if (!linked) {
    error = "cannot read the linked code: " + linked.getError().message();
    return failure();
  }
  return (*linked)->getBuffer().str();
}
