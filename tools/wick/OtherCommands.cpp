//===- OtherCommands.cpp - wick check, verify and bench ------------------------===//
#include "Commands.h"
#include "wick/Archive/Archive.h"
#include "wick/Runtime/wick.h"

#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <unistd.h>

using namespace llvm;
using namespace wick;
using namespace wick::driver;

static std::string programPath;

void driver::setProgramPath(const char *argv0) {
  programPath = sys::fs::getMainExecutable(argv0, reinterpret_cast<void *>(&driver::setProgramPath));
}

/// An artifact is a zip whose first entry is the manifest.
static bool isArtifact(StringRef head) {
  return head.starts_with("PK") && head.drop_front(std::min<size_t>(head.size(), 30)).starts_with("manifest.json");
}

int driver::runCheck(const std::string &path) {
  auto head = MemoryBuffer::getFileSlice(path, /*MapSize=*/64, /*Offset=*/0);
  if (!head) {
    errs() << "error: cannot read '" << path << "': " << head.getError().message() << "\n";
    return 1;
  }
  if (!isArtifact((*head)->getBuffer())) {
    Expected<archive::Summary> summary = archive::checkArchive(path);
    if (!summary) {
      errs() << "error: " << path << ": " << toString(summary.takeError()) << "\n";
      return 1;
    }
    outs() << path << ": archive of format " << summary->version << " is well-formed: " << summary->records
           << " records, " << summary->tensors << " tensors of " << summary->tensorBytes << " bytes\n";
    return 0;
  }
  wick_error *error = nullptr;
  wick_string *summary = nullptr;
  if (wick_module_check(path.c_str(), &summary, &error)) {
    errs() << "error: " << path << ": " << wick_error_text(error) << "\n";
    wick_error_release(error);
    return 1;
  }
  outs() << path << ": artifact is well-formed\n";
  return 0;
}

/// The interpreter: $WICK_PYTHON, the project's own environment, then the path.
static std::string findPython() {
  if (const char *python = std::getenv("WICK_PYTHON"))
    return python;
  SmallString<128> directory(sys::path::parent_path(programPath));
  for (int level = 0; level < 4; ++level) {
    std::string candidate = (directory + "/.venv/bin/python3").str();
    if (sys::fs::can_execute(candidate))
      return candidate;
    sys::path::remove_filename(directory);
  }
  ErrorOr<std::string> found = sys::findProgramByName("python3");
  return found ? *found : "";
}

int driver::runPython(const std::string &module, const std::vector<std::string> &arguments) {
  std::string python = findPython();
  if (python.empty()) {
    errs() << "error: wick " << module << " needs Python with PyTorch; set WICK_PYTHON to its interpreter\n";
    return 1;
  }
  // In a build directory the package stands beside the tools.
  SmallString<128> root(sys::path::parent_path(sys::path::parent_path(programPath)));
  if (sys::fs::exists(root + "/python/wick/__init__.py")) {
    std::string path = (root + "/python").str();
    if (const char *old = std::getenv("PYTHONPATH"))
      path += std::string(":") + old;
    setenv("PYTHONPATH", path.c_str(), 1);
  }
  setenv("WICK", programPath.c_str(), 0);
  std::string name = "wick." + module;
  std::vector<char *> argv = {python.data(), const_cast<char *>("-m"), name.data()};
  for (const std::string &argument : arguments)
    argv.push_back(const_cast<char *>(argument.c_str()));
  argv.push_back(nullptr);
  execv(python.c_str(), argv.data());
  errs() << "error: cannot run '" << python << "': " << sys::StrError() << "\n";
  return 1;
}
