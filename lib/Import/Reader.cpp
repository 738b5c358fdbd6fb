//===- Reader.cpp - runs wick-read and imports what it describes -------------===//
//
// LibTorch executes code of the archive while it loads it and trusts its sizes.
// The reader is therefore a process of its own with limits on memory and time, and
// all that comes back is text: a description, or the reason there is none.
//
//===----------------------------------------------------------------------===//
#include "wick/Archive/Archive.h"
#include "wick/Import/Import.h"
#include "wick/Import/OperatorTypes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Signals.h"

#include <mutex>

using namespace mlir;
using namespace wick;

namespace {

/// Temporary files that live as long as the process.
class ProcessFiles {
public:
  ~ProcessFiles() {
    for (const std::string &path : paths)
      llvm::sys::fs::remove(path);
  }
  void add(StringRef path) {
    std::lock_guard<std::mutex> lock(mutex);
    paths.push_back(path.str());
    llvm::sys::RemoveFileOnSignal(path);
  }
  static ProcessFiles &get() {
    static ProcessFiles files;
    return files;
  }

private:
  std::mutex mutex;
  std::vector<std::string> paths;
};

/// A temporary file that is removed at the end of a scope.
class TemporaryFile {
public:
  TemporaryFile(StringRef prefix, StringRef suffix) {
    if (llvm::sys::fs::createTemporaryFile(prefix, suffix, path))
      path.clear();
  }
  ~TemporaryFile() {
    if (!path.empty())
      llvm::sys::fs::remove(path);
  }
  llvm::SmallString<128> path;
};

/// One run of the reader.
class Reader {
public:
  Reader(StringRef subject, MLIRContext &context, const ImportOptions &options)
      : subject(subject), context(context), options(options) {}

  /// The description of what `arguments` name, or null after an error.
  OwningOpRef<ModuleOp> read(ArrayRef<std::string> arguments, uint64_t bytes) {
    TemporaryFile output("wick-description", "json"), errors("wick-read", "txt");
    std::string sidecar = options.sidecar.empty() ? makeSidecar() : options.sidecar;
    if (output.path.empty() || errors.path.empty() || sidecar.empty())
      return fail("cannot create temporary files");
    std::string program = options.reader.empty() ? findReader() : options.reader;
    if (program.empty())
      return fail("wick-read is not installed beside this program; set WICK_READ to where it is");

    std::vector<std::string> all{"wick-read", "--output", output.path.str().str(), "--sidecar", sidecar};
    if (options.readerMemoryMiB)
      all.insert(all.end(), {"--memory", std::to_string(options.readerMemoryMiB + (bytes >> 19))});
    if (options.readerSeconds)
      all.insert(all.end(), {"--seconds", std::to_string(options.readerSeconds)});
    all.insert(all.end(), arguments.begin(), arguments.end());
    SmallVector<StringRef> argv(all.begin(), all.end());
    std::optional<StringRef> redirects[] = {StringRef(""), StringRef(""), errors.path.str()};
    std::string message;
    bool failedToStart = false;
    // The processor limit does not end a process that sleeps.
    unsigned wait = options.readerSeconds ? options.readerSeconds * 2 + 10 : 0;
    int code = llvm::sys::ExecuteAndWait(program, argv, std::nullopt, redirects, wait, 0, &message, &failedToStart);
    if (failedToStart)
      return fail(program + ": " + message);
    if (code)
      return fail(explain(code, errors.path, message));
    auto description = llvm::MemoryBuffer::getFile(output.path);
    if (!description)
      return fail("the description cannot be read: " + description.getError().message());
    return importDescription((*description)->getBuffer(), subject, context);
  }

private:
  OwningOpRef<ModuleOp> fail(const Twine &message) {
    emitError(FileLineColLoc::get(&context, subject, 0, 0)) << message;
    return {};
  }

  static std::string makeSidecar() {
    SmallString<128> path;
    if (llvm::sys::fs::createTemporaryFile("wick-weights", "bin", path))
      return {};
    ProcessFiles::get().add(path);
    return path.str().str();
  }

  /// Why the reader failed: its last line, or how it ended.
  std::string explain(int code, StringRef errors, StringRef message) {
    std::string text;
    if (auto buffer = llvm::MemoryBuffer::getFile(errors)) {
      text = (*buffer)->getBuffer().trim().str();
      size_t start = text.rfind("wick-read: ");
      if (start != text.npos)
        text = text.substr(start + strlen("wick-read: "));
      // The location says the file already.
      StringRef rest(text);
      if (rest.consume_front(subject) && rest.consume_front(": "))
        text = rest.str();
    }
    if (code == -2 || text.empty())
      return llvm::formatv("the reader ended without an answer ({0}); limits are {1} MiB and {2} s",
                           message.empty() ? "no message" : message, options.readerMemoryMiB, options.readerSeconds);
    constexpr size_t kMaxMessage = 4000;
    if (text.size() > kMaxMessage)
      text = text.substr(0, kMaxMessage) + " ...";
    return text;
  }

  StringRef subject;
  MLIRContext &context;
  const ImportOptions &options;
};

} // namespace

OwningOpRef<ModuleOp> wick::importArchive(StringRef path, MLIRContext &context, const ImportOptions &options) {
  uint64_t bytes = 0;
  if (std::error_code error = llvm::sys::fs::file_size(path, bytes)) {
    emitError(FileLineColLoc::get(&context, path, 0, 0)) << "cannot be opened: " << error.message();
    return {};
  }
  if (options.check) {
    llvm::Expected<archive::Summary> checked = archive::checkArchive(path);
    if (!checked) {
      emitError(FileLineColLoc::get(&context, path, 0, 0)) << llvm::toString(checked.takeError());
      return {};
    }
  }
  return Reader(path, context, options).read(path.str(), bytes);
}

OwningOpRef<ModuleOp> wick::importFunctions(ArrayRef<std::string> paths, MLIRContext &context,
                                            const ImportOptions &options) {
  std::vector<std::string> arguments{"--define"};
  arguments.insert(arguments.end(), paths.begin(), paths.end());
  return Reader(paths.empty() ? StringRef("functions") : StringRef(paths.front()), context, options).read(arguments, 0);
}
