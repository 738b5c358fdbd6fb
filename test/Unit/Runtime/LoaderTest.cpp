//===- LoaderTest.cpp - good, damaged and hostile artifacts -----------------===//
#include "TestArtifact.h"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <random>
#include <unistd.h>

using namespace wick::test;

namespace {

std::string failure(const std::string &zip, wick_status expected = WICK_ERROR_ARTIFACT) {
  wick_module *module = nullptr;
  Errors error;
  EXPECT_EQ(wick_module_load_memory(zip.data(), zip.size(), nullptr, &module, &error), expected);
  wick_module_release(module);
  return error.text();
}

std::string failure(const Parts &parts, wick_status expected = WICK_ERROR_ARTIFACT) {
  return failure(parts.zip(), expected);
}

/// A file that lives as long as the object.
class TemporaryFile {
public:
  explicit TemporaryFile(const std::string &bytes)
      : path(testing::TempDir() + "wick-loader-" + std::to_string(getpid())) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  ~TemporaryFile() { unlink(path.c_str()); }
  const std::string path;
};

/// Replaces the manifest's checksum of the code by what it is now.
void fixCode(Parts &parts, const std::string &code) {
  parts.replace("manifest.json", std::to_string(crcOf(parts["code/base.so"])), std::to_string(crcOf(code)));
  parts["code/base.so"] = code;
}

TEST(LoaderTest, LoadsFromFileAndMemory) {
  TemporaryFile file(Parts::valid().zip());
  wick_module *module = nullptr;
  Errors error;
  ASSERT_EQ(wick_module_load(file.path.c_str(), nullptr, &module, &error), WICK_OK) << error.text();
  EXPECT_STREQ(wick_module_name(module), "Test");
  EXPECT_STREQ(wick_module_producer(module), "wick test");
  EXPECT_STREQ(wick_module_isa(module), "base") << "code that needs unknown features is passed over";
  size_t bytes;
  EXPECT_EQ(std::string_view(wick_module_manifest(module, &bytes), 1), "{");
  EXPECT_NE(wick_module_data(module, &bytes), nullptr);
  EXPECT_EQ(bytes, Parts::valid().zip().size());
  wick_module_release(module);
}

TEST(LoaderTest, ChecksWithoutExecuting) {
  TemporaryFile file(Parts::valid().zip());
  wick_string *summary = nullptr;
  Errors error;
  ASSERT_EQ(wick_module_check(file.path.c_str(), &summary, &error), WICK_OK) << error.text();
  EXPECT_STREQ(wick_string_data(summary, nullptr),
               "artifact 'Test' by wick test: 13 methods, 1 weights of 8 bytes, code for none, base");
  wick_value value{WICK_STRING_VALUE, 0, {}};
  value.u.p = summary;
  wick_value_release(&value);
  Parts parts = Parts::valid();
  parts["sources.json"] = "[1]";
  TemporaryFile damaged(parts.zip());
  EXPECT_EQ(wick_module_check(damaged.path.c_str(), nullptr, &error), WICK_ERROR_ARTIFACT);
  EXPECT_EQ(error.text(),
            "damaged artifact: sources.json: place 0 is not [file, line, column, text, function, caller]");
}

TEST(LoaderTest, RefusesWhatIsNoFile) {
  wick_module *module = nullptr;
  Errors error;
  EXPECT_EQ(wick_module_load("/nonexistent/x.wick", nullptr, &module, &error), WICK_ERROR_ARTIFACT);
  EXPECT_EQ(error.text(), "cannot open '/nonexistent/x.wick': No such file or directory");
  EXPECT_EQ(wick_module_load("/tmp", nullptr, &module, &error), WICK_ERROR_ARTIFACT);
  EXPECT_EQ(error.text(), "'/tmp' is not a file");
  TemporaryFile empty("");
  EXPECT_EQ(wick_module_load(empty.path.c_str(), nullptr, &module, &error), WICK_ERROR_ARTIFACT);
  EXPECT_EQ(failure(std::string("not a zip")), "not a wick artifact: too short for a zip file");
  EXPECT_EQ(failure(std::string(1000, 'x')), "not a wick artifact, or truncated: no zip directory at the end");
}

TEST(LoaderTest, ChoosesCode) {
  wick_load_options options{sizeof(options), WICK_LOAD_VERIFY_WEIGHTS, "base"};
  EXPECT_TRUE(load(Parts::valid().zip(), nullptr, &options));
  std::string message;
  options.isa = "none";
  EXPECT_FALSE(load(Parts::valid().zip(), &message, &options));
  EXPECT_EQ(message, "code for 'none' needs no-such-feature, which this machine lacks");
  options.isa = "other";
  EXPECT_FALSE(load(Parts::valid().zip(), &message, &options));
  EXPECT_EQ(message, "the artifact has no code for 'other', only for none, base");
  Parts parts = Parts::valid();
  parts.replace("manifest.json", "\"features\": []", "\"features\": [\"missing\"]");
  EXPECT_EQ(failure(parts, WICK_ERROR_UNSUPPORTED),
            "the artifact has code for none, base only; it needs missing, which this machine lacks");
}

TEST(LoaderTest, RefusesOtherVersions) {
  Parts parts = Parts::valid();
  parts.replace("manifest.json", "\"format\": 1", "\"format\": 9");
  EXPECT_EQ(failure(parts), "the artifact has format version 9, this runtime reads up to 1");
  parts = Parts::valid();
  std::string own = std::to_string(WICK_ABI_VERSION), other = std::to_string(WICK_ABI_VERSION - 1);
  parts.replace("manifest.json", "\"abi\": " + own, "\"abi\": " + other);
  EXPECT_EQ(failure(parts),
            "the artifact's code has ABI version " + other + ", this runtime has " + own + "; compile the model again");
  parts = Parts::valid();
  parts.replace("manifest.json", "\"device\": \"cpu\"", "\"device\": \"tpu\"");
  EXPECT_EQ(failure(parts, WICK_ERROR_UNSUPPORTED), "the artifact is for device 'tpu', this runtime has 'cpu'");
}

TEST(LoaderTest, ChecksSums) {
  std::string zip = Parts::valid().zip();
  auto flipped = [&](std::string_view text) {
    std::string copy = zip;
    copy[copy.find(text)] ^= 1;
    return failure(copy);
  };
  EXPECT_EQ(flipped("wick test"), "damaged artifact: the checksum of 'manifest.json' is wrong");
  std::string copy = zip;
  copy[copy.rfind("\x7f"
                  "ELF") +
       64] ^= 1;
  EXPECT_EQ(failure(copy), "damaged artifact: the checksum of 'code/base.so' is wrong");
  Parts parts = Parts::valid();
  parts["weights/0"] = std::string(8, 'x');
  EXPECT_EQ(failure(parts), "damaged artifact: the manifest's checksum of 'weights/0' is wrong");
  parts["weights/0"] = "short";
  EXPECT_EQ(failure(parts), "damaged artifact: 'weights/0' has 5 bytes, the manifest says 8");
}

TEST(LoaderTest, RefusesDamagedManifests) {
  auto replaced = [](std::string_view from, std::string_view to) {
    Parts parts = Parts::valid();
    parts.replace("manifest.json", from, to);
    return failure(parts);
  };
  EXPECT_EQ(replaced("\"format\"", "\"formt\""), "damaged artifact: manifest.json: 'format' is missing");
  EXPECT_EQ(replaced("\"entry\": 8", "\"entry\": 13"), "damaged artifact: method 'nothing': its entry is out of range");
  EXPECT_EQ(replaced("\"name\": \"nothing\"", "\"name\": \"add\""),
            "damaged artifact: method 'add': there are two of that name");
  EXPECT_EQ(replaced("\"dims\": [\"B\", 3]", "\"dims\": [\"B\", -3]"),
            "damaged artifact: method 'add', argument 0: a dim is neither a size nor a name");
  EXPECT_EQ(replaced("\"dtype\": \"f32\"", "\"dtype\": \"f33\""),
            "damaged artifact: method 'add', argument 0: the dtype is unknown");
  EXPECT_EQ(replaced("\"default\": 2.5", "\"default\": true"),
            "damaged artifact: method 'unpack', argument 1: the default does not fit the type");
  EXPECT_EQ(replaced("weights/0", "weights/7"), "damaged artifact: 'weights/7', which the manifest names, is missing");
  Parts parts = Parts::valid();
  parts["manifest.json"] = "{";
  EXPECT_EQ(failure(parts), "damaged artifact: manifest.json: it is not JSON");
  parts["manifest.json"] = std::string(1 << 20, '[');
  EXPECT_EQ(failure(parts), "damaged artifact: manifest.json: it is nested too deeply");
  std::string deep = "{\"kind\": \"int\"}";
  for (int i = 0; i < 20; ++i)
    deep = "{\"kind\": \"Optional\", \"elements\": [" + deep + "]}";
  EXPECT_EQ(replaced("{\"kind\": \"None\"}", deep),
            "damaged artifact: method 'fail', result: the type is nested too deeply");
}

TEST(LoaderTest, RefusesDamagedDirectories) {
  std::string zip = Parts::valid().zip();
  size_t end = zip.size() - 22, directory = zip.find("PK\x01\x02");
  auto patched = [&](size_t at, uint32_t value, int bytes) {
    std::string copy = zip;
    std::memcpy(copy.data() + at, &value, bytes);
    return failure(copy);
  };
  EXPECT_EQ(patched(end + 10, 77, 2), "damaged artifact: the zip file is split into several");
  EXPECT_EQ(patched(end + 16, 0x7fffffff, 4), "damaged artifact: the size of the zip directory is wrong");
  EXPECT_EQ(patched(end + 12, 0xFFFFFFFF, 4), "damaged artifact: the zip64 locator is missing");
  EXPECT_EQ(patched(directory + 10, 8, 2),
            "damaged artifact: entry 'manifest.json' is compressed; entries of an artifact are stored");
  EXPECT_EQ(patched(directory + 8, 1, 2), "damaged artifact: entry 'manifest.json' has flags that are not understood");
  EXPECT_EQ(patched(directory + 42, 0x00ffffff, 4),
            "damaged artifact: the header of 'manifest.json' lies outside of the file");
  EXPECT_EQ(patched(directory + 42, 4, 4),
            "damaged artifact: entry 'manifest.json' has a header that disagrees with the directory");
  EXPECT_EQ(patched(26, 5, 2),
            "damaged artifact: entry 'manifest.json' has a header that disagrees with the directory");
  std::string copy = zip; // a second entry over the first
  size_t second = copy.find("PK\x01\x02", directory + 4), size = 0x10000;
  ASSERT_NE(second, copy.npos);
  std::memcpy(copy.data() + directory + 20, &size, 4);
  std::memcpy(copy.data() + directory + 24, &size, 4);
  EXPECT_EQ(failure(copy).rfind("damaged artifact: entry 'manifest.json' lies outside of the file", 0) == 0 ||
                failure(copy).rfind("damaged artifact: entry 'code/none.so' overlaps another", 0) == 0,
            true)
      << failure(copy);
  Parts twice = Parts::valid();
  twice.entries.push_back(twice.entries.back());
  EXPECT_EQ(failure(twice), "damaged artifact: two entries are named 'sources.json'");
  Parts late = Parts::valid();
  std::swap(late.entries[0], late.entries[1]);
  EXPECT_EQ(failure(late), "not a wick artifact: a zip file whose first entry is not 'manifest.json'");
}

TEST(LoaderTest, RefusesCodeThatIsNotFreestanding) {
  std::string code = Parts::valid()["code/base.so"];
  Elf64_Ehdr header;
  std::memcpy(&header, code.data(), sizeof(header));
  auto patched = [&](auto change) {
    std::string copy = code;
    Parts parts = Parts::valid();
    change(copy);
    fixCode(parts, copy);
    return failure(parts);
  };
  auto segments = [&](std::string &copy, auto change) {
    for (unsigned i = 0; i < header.e_phnum; ++i)
      change(*reinterpret_cast<Elf64_Phdr *>(copy.data() + header.e_phoff + i * sizeof(Elf64_Phdr)));
  };
  EXPECT_EQ(patched([](std::string &copy) { copy[0] = 'x'; }), "code 'code/base.so': not a shared object for x86-64");
  EXPECT_EQ(patched([](std::string &copy) { copy.resize(30); }),
            "code 'code/base.so': the ELF header lies outside of the file");
  EXPECT_EQ(patched([&](std::string &copy) {
              segments(copy, [](Elf64_Phdr &segment) {
                if (segment.p_type == PT_LOAD)
                  segment.p_flags = PF_R | PF_W | PF_X;
              });
            }),
            "code 'code/base.so': a segment is both writable and executable");
  EXPECT_EQ(patched([&](std::string &copy) {
              segments(copy, [](Elf64_Phdr &segment) {
                if (segment.p_type == PT_LOAD)
                  segment.p_filesz = segment.p_memsz = 1 << 30;
              });
            }),
            "code 'code/base.so': a segment lies outside of the file");
  auto dynamic = [&](int64_t from, int64_t to, uint64_t value) {
    return patched([&](std::string &copy) {
      segments(copy, [&](Elf64_Phdr &segment) {
        if (segment.p_type != PT_DYNAMIC)
          return;
        auto *entry = reinterpret_cast<Elf64_Dyn *>(copy.data() + segment.p_offset);
        for (; entry->d_tag != DT_NULL; ++entry)
          if (entry->d_tag == from) {
            entry->d_tag = to;
            entry->d_un.d_val = value;
          }
      });
    });
  };
  EXPECT_EQ(dynamic(DT_HASH, DT_NEEDED, 1),
            "code 'code/base.so': it needs libraries, constructors or relocations that artifacts must not have");
  EXPECT_EQ(dynamic(DT_HASH, DT_HASH, 1 << 20), "code 'code/base.so': the hash table lies outside of the image");
  EXPECT_EQ(dynamic(DT_RELA, DT_RELA, 1 << 20), "code 'code/base.so': a relocation lies outside of the image");
  EXPECT_EQ(dynamic(DT_STRSZ, DT_STRSZ, ~0ull), "code 'code/base.so': the string table lies outside of the image");
  Parts parts = Parts::valid();
  parts.replace("manifest.json", "{\"name\": \"nothing\", \"entry\": 8, \"arguments\": [], \"results\": []}",
                "{\"name\": \"nothing\", \"entry\": 8, \"arguments\": [], \"results\": []},"
                "{\"name\": \"more\", \"entry\": 10, \"arguments\": [], \"results\": []}");
  EXPECT_EQ(failure(parts), "code 'code/base.so': it has 13 entry points, the manifest has 14 methods");
}

/// Whether to go on mutating: for $WICK_FUZZ_SECONDS where set, otherwise for some rounds.
class Fuzzing {
public:
  explicit Fuzzing(int rounds) : rounds(rounds) {
    if (const char *text = std::getenv("WICK_FUZZ_SECONDS"))
      seconds = std::atof(text);
  }
  bool goOn() {
    if (seconds <= 0)
      return round++ < rounds;
    ++round;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < seconds;
  }
  int round = 0;

private:
  const int rounds;
  double seconds = 0;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

/// No mutation of a file may crash the loader; nothing runs, so what loads by luck is fine.
TEST(LoaderTest, SurvivesMutations) {
  const std::string zip = Parts::valid().zip();
  std::mt19937 random(20241125);
  auto tryLoading = [](const std::string &bytes) {
    wick_module *module = nullptr;
    if (wick_module_load_memory(bytes.data(), bytes.size(), nullptr, &module, nullptr) == WICK_OK)
      wick_module_release(module);
  };
  for (size_t cut = 0; cut < zip.size(); cut += 1 + random() % 256)
    tryLoading(zip.substr(0, cut));
  size_t directory = zip.find("PK\x01\x02");
  for (Fuzzing fuzzing(3000); fuzzing.goOn();) {
    std::string copy = zip;
    bool inDirectory = fuzzing.round % 2;
    for (unsigned i = 0, n = 1 + random() % 4; i < n; ++i) {
      size_t at = inDirectory ? directory + random() % (zip.size() - directory) : random() % zip.size();
      copy[at] = random() % 3 ? char(random()) : char(0xFF);
    }
    tryLoading(copy);
  }
}

/// The same below the checksums: code and manifest as a hostile writer would make them.
TEST(LoaderTest, SurvivesMutatedCode) {
  std::mt19937 random(7);
  for (Fuzzing fuzzing(1500); fuzzing.goOn();) {
    Parts parts = Parts::valid();
    bool inCode = fuzzing.round % 2;
    std::string copy = parts[inCode ? "code/base.so" : "manifest.json"];
    for (unsigned i = 0, n = 1 + random() % 4; i < n; ++i) {
      // Headers and tables first: they are what the loader reads.
      size_t at = inCode && random() % 2 ? random() % 1024 : random() % copy.size();
      copy[at] = random() % 3 ? char(random()) : char(0xFF);
    }
    if (inCode)
      fixCode(parts, copy);
    else
      parts["manifest.json"] = copy;
    std::string bytes = parts.zip();
    wick_module *module = nullptr;
    if (wick_module_load_memory(bytes.data(), bytes.size(), nullptr, &module, nullptr) == WICK_OK)
      wick_module_release(module);
  }
}

} // namespace
