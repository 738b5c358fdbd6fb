//===- wick-read.cpp - reads an archive through LibTorch and describes it ---===//
//
// A child process of the compiler. It loads a TorchScript archive with LibTorch,
// which executes code of the archive (`__setstate__`), and prints the document of
// wick/Import/Description.h. Whatever happens here, hostile archive or not, ends
// with this process. Failures are one line on standard error and exit code 1.
//
//===----------------------------------------------------------------------===//
#include "Describe.h"
#include "Infer.h"

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <torch/csrc/jit/frontend/sugared_value.h>
#include <unistd.h>

using namespace wick::reader;

static const char usage[] =
    "usage: wick-read [options] model.pt\n"
    "       wick-read --define functions.py...\n"
    "       wick-read --infer\n"
    "\n"
    "Loads a TorchScript archive with LibTorch and prints its description as JSON on\n"
    "standard output (wick/Import/Description.h). Part of `wick import`.\n"
    "\n"
    "  --define          compile TorchScript functions from source files instead\n"
    "  --infer           answer, line by line, what operators return (wick/Import/OperatorTypes.h)\n"
    "  --sidecar FILE    where to write tensors that are not bytes of the archive\n"
    "  --output FILE     write there instead of standard output\n"
    "  --memory MIB      address space this process may take (default: no limit)\n"
    "  --seconds S       processor time this process may take (default: no limit)\n";

namespace {

[[noreturn]] void fail(const std::string &message) {
  std::cerr << "wick-read: " << message.substr(0, message.find_last_not_of('\n') + 1) << "\n";
  std::exit(1);
}

struct Options {
  std::vector<std::string> files;
  std::string sidecar, output;
  bool define = false, infer = false;
};

/// A file in memory, read only.
class MappedFile {
public:
  explicit MappedFile(const std::string &path) : path(path) {
    int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
      fail(path + ": " + std::strerror(errno));
    struct stat info = {};
    if (fstat(descriptor, &info) || !S_ISREG(info.st_mode))
      fail(path + ": not a regular file");
    bytes = info.st_size;
    if (bytes)
      data = static_cast<const char *>(mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, descriptor, 0));
    if (data == MAP_FAILED)
      fail(path + ": " + std::strerror(errno));
    close(descriptor);
  }

  const std::string path;
  const char *data = nullptr;
  size_t bytes = 0;
};

/// Reads the archive and remembers which of its bytes went where in memory: a stored record is read straight into the
/// storage that holds it from then on.
class RecordingReader : public caffe2::serialize::ReadAdapterInterface {
public:
  explicit RecordingReader(const MappedFile &file) : file(file) {}
  size_t size() const override { return file.bytes; }
  size_t read(uint64_t position, void *buffer, size_t n, const char *) const override {
    if (position >= file.bytes)
      return 0;
    n = std::min<size_t>(n, file.bytes - position);
    std::memcpy(buffer, file.data + position, n);
    std::lock_guard<std::mutex> lock(mutex);
    reads[buffer] = position;
    return n;
  }

  /// Where in the file the bytes at `data` came from, if they are still those.
  std::optional<uint64_t> find(const void *data, size_t n) const {
    auto it = reads.find(data);
    if (it == reads.end() || it->second + n > file.bytes || std::memcmp(file.data + it->second, data, n))
      return std::nullopt;
    return it->second;
  }

private:
  const MappedFile &file;
  mutable std::mutex mutex;
  mutable std::unordered_map<const void *, uint64_t> reads;
};

class ArchiveStorages : public StorageFinder {
public:
  ArchiveStorages(const RecordingReader *reader, std::string archive, std::string sidecar)
      : reader(reader), archive(std::move(archive)), sidecarPath(std::move(sidecar)) {}

  ByteRange find(const c10::StorageImpl &storage) override {
    size_t bytes = storage.nbytes();
    if (bytes == 0)
      return {archive, 0, 0};
    if (reader)
      if (std::optional<uint64_t> offset = reader->find(storage.data(), bytes))
        return {archive, *offset, bytes};
    // Made while loading (by `__setstate__`, or folded from constants).
    if (sidecarPath.empty())
      fail(archive + ": some tensors are computed while loading; a sidecar file must be named to keep them");
    if (!sidecar.is_open())
      sidecar.open(sidecarPath, std::ios::binary | std::ios::trunc);
    while (written % 64) {
      sidecar.put(0);
      ++written;
    }
    sidecar.write(static_cast<const char *>(storage.data()), bytes);
    ByteRange range{sidecarPath, written, bytes};
    written += bytes;
    return range;
  }

  void close() {
    if (!sidecar.is_open())
      return;
    sidecar.close();
    if (!sidecar)
      fail(sidecarPath + ": cannot be written");
  }

private:
  const RecordingReader *reader;
  std::string archive, sidecarPath;
  std::ofstream sidecar;
  uint64_t written = 0;
};

void limit(int resource, rlim_t value) {
  rlimit limits{value, value};
  setrlimit(resource, &limits);
}

Options parse(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    auto value = [&]() -> std::string {
      if (i + 1 == argc)
        fail(argument + " needs a value");
      return argv[++i];
    };
    if (argument == "--help" || argument == "-h") {
      std::cout << usage;
      std::exit(0);
    } else if (argument == "--define") {
      options.define = true;
    } else if (argument == "--infer") {
      options.infer = true;
    } else if (argument == "--sidecar") {
      options.sidecar = value();
    } else if (argument == "--output") {
      options.output = value();
    } else if (argument == "--memory") {
      limit(RLIMIT_AS, std::stoull(value()) << 20);
    } else if (argument == "--seconds") {
      limit(RLIMIT_CPU, std::stoull(value()));
    } else if (argument.rfind("--", 0) == 0) {
      fail("unknown option " + argument + "; --help lists them");
    } else {
      options.files.push_back(argument);
    }
  }
  if (!options.infer && (options.files.empty() || (options.files.size() > 1 && !options.define)))
    fail("one archive expected; --help tells more");
  return options;
}

Json readArchive(const Options &options) {
  MappedFile file(options.files.front());
  auto reader = std::make_shared<RecordingReader>(file);
  torch::jit::Module module = torch::jit::load(reader, c10::kCPU, /*load_debug_files=*/true);
  ArchiveStorages storages(reader.get(), file.path, options.sidecar);
  Json result = Describer(storages).describeModule(module, file.path);
  storages.close();
  return result;
}

/// The error that operators raise, with one argument.
struct OperatorError : torch::jit::ExceptionValue {
  using ExceptionValue::ExceptionValue;

  std::shared_ptr<torch::jit::SugaredValue> call(const torch::jit::SourceRange &range,
                                                 torch::jit::GraphFunction &function,
                                                 at::ArrayRef<torch::jit::NamedValue> arguments,
                                                 at::ArrayRef<torch::jit::NamedValue>, size_t) override {
    torch::jit::Graph &graph = *function.graph();
    return std::make_shared<torch::jit::ExceptionMessageValue>(
        arguments.at(0).value(graph), torch::jit::insertConstant(graph, "builtins." + message_, range));
  }
};

/// Names that functions without a Python module around them use: `torch`, and the error that operators raise.
struct PreludeResolver : torch::jit::NativeResolver {
  std::shared_ptr<torch::jit::SugaredValue> resolveValue(const std::string &name, torch::jit::GraphFunction &function,
                                                         const torch::jit::SourceRange &range) override {
    if (name == "RuntimeError")
      return std::make_shared<OperatorError>(name);
    return NativeResolver::resolveValue(name, function, range);
  }
};

Json defineFunctions(const Options &options) {
  // All files at once, so that functions may call each other; locations carry the name of the file.
  std::vector<torch::jit::Def> functions;
  for (const std::string &path : options.files) {
    MappedFile file(path);
    auto source = std::make_shared<torch::jit::Source>(std::string(file.data, file.bytes), path, 1);
    torch::jit::Parser parser(source);
    while (parser.lexer().cur().kind != torch::jit::TK_EOF)
      functions.emplace_back(parser.parseFunction(/*is_method=*/false));
  }
  torch::jit::CompilationUnit unit;
  std::vector<torch::jit::ResolverPtr> resolvers(functions.size(), std::make_shared<PreludeResolver>());
  unit.define(std::nullopt, /*properties=*/{}, /*propResolvers=*/{}, functions, resolvers, /*self=*/nullptr);
  ArchiveStorages storages(nullptr, options.files.front(), options.sidecar);
  Json result = Describer(storages).describeFunctions(unit.get_functions(), options.files.front());
  storages.close();
  return result;
}

/// Answers each line with one; with an empty one where LibTorch refuses.
void answerRequests() {
  // Operators may print; answers go where nothing else does.
  std::FILE *output = fdopen(dup(STDOUT_FILENO), "wb");
  dup2(STDERR_FILENO, STDOUT_FILENO);
  for (std::string line; std::getline(std::cin, line);) {
    std::string answer;
    try {
      answer = inferResults(line);
    } catch (const std::exception &error) {
      std::cerr << "wick-read: " << error.what() << "\n";
    }
    answer += '\n';
    std::fwrite(answer.data(), 1, answer.size(), output);
    std::fflush(output);
  }
}

} // namespace

int main(int argc, char **argv) {
  Options options = parse(argc, argv);
  try {
    at::set_num_threads(1);
    if (options.infer) {
      answerRequests();
      std::_Exit(0);
    }
    std::string text = options.define ? defineFunctions(options).dump() : readArchive(options).dump();
    std::FILE *output = options.output.empty() ? stdout : std::fopen(options.output.c_str(), "wb");
    if (!output || std::fwrite(text.data(), 1, text.size(), output) != text.size() || std::fflush(output))
      fail(options.output + ": " + std::strerror(errno));
  } catch (const c10::Error &error) {
    fail(options.files.front() + ": " + error.what_without_backtrace());
  } catch (const std::exception &error) {
    fail(options.files.front() + ": " + error.what());
  }
  // Destructors of a hostile archive's objects are not worth running.
  std::_Exit(0);
}
