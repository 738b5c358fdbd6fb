//===- TestArtifact.h - artifacts for the runtime's tests --------*- C++ -*-===//
#ifndef WICK_TEST_UNIT_RUNTIME_TESTARTIFACT_H
#define WICK_TEST_UNIT_RUNTIME_TESTARTIFACT_H

#include "wick/Runtime/wick.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wick::test {

/// The parts of an artifact, to be changed by a test before they are zipped.
struct Parts {
  std::vector<std::pair<std::string, std::string>> entries; // name and bytes

  /// A valid artifact over Inputs/module.c.
  static Parts valid();
  std::string &operator[](std::string_view name);
  /// Replaces text in an entry, which must hold it, and updates no checksums in the manifest.
  void replace(std::string_view entry, std::string_view from, std::string_view to);
  /// Stored entries, page-aligned.
  std::string zip() const;
};

uint32_t crcOf(std::string_view bytes);

/// Takes a C function's error, checks for success and releases it.
class Errors {
public:
  ~Errors() { wick_error_release(error); }
  wick_error **operator&() {
    wick_error_release(std::exchange(error, nullptr));
    return &error;
  }
  std::string text() const { return error ? wick_error_text(error) : ""; }
  wick_status status() const { return error ? wick_error_status(error) : WICK_OK; }
  wick_error *get() const { return error; }

private:
  wick_error *error = nullptr;
};

struct Release {
  void operator()(wick_module *module) const { wick_module_release(module); }
  void operator()(wick_session *session) const { wick_session_release(session); }
  void operator()(wick_tensor *tensor) const { wick_tensor_release(tensor); }
};
using ModulePtr = std::unique_ptr<wick_module, Release>;
using SessionPtr = std::unique_ptr<wick_session, Release>;
using TensorPtr = std::unique_ptr<wick_tensor, Release>;

/// Null, and the message in `message`, when it does not load.
ModulePtr load(const std::string &zip, std::string *message = nullptr, const wick_load_options *options = nullptr);

wick_value tensorValue(const TensorPtr &tensor);
wick_value intValue(int64_t number);
wick_value floatValue(double number);
wick_value boolValue(bool flag);

/// A contiguous tensor with the elements.
template <typename T> TensorPtr makeTensor(int32_t dtype, std::vector<int64_t> sizes, const std::vector<T> &elements) {
  wick_tensor *tensor = nullptr;
  EXPECT_EQ(wick_tensor_new(dtype, sizes.size(), sizes.data(), &tensor, nullptr), WICK_OK);
  EXPECT_EQ(size_t(wick_tensor_count(tensor)), elements.size());
  std::copy(elements.begin(), elements.end(), static_cast<T *>(tensor->data));
  return TensorPtr(tensor);
}

} // namespace wick::test

#endif // WICK_TEST_UNIT_RUNTIME_TESTARTIFACT_H
