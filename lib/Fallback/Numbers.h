//===- Numbers.h - random numbers of the caller for LibTorch -----*- C++ -*-===//
#ifndef WICK_LIB_FALLBACK_NUMBERS_H
#define WICK_LIB_FALLBACK_NUMBERS_H

#include "Torch.h"
#include "wick/Runtime/Fallback.h"

#include <ATen/CPUGeneratorImpl.h>

#include <mutex>

namespace wick::fallback {

/// Lets LibTorch draw from the stream of the caller, which has it back at the end of the scope. The engines are
/// the same, and so are the numbers.
class LentNumbers {
public:
  explicit LentNumbers(const wick_random_stream &stream);
  ~LentNumbers();
  LentNumbers(const LentNumbers &) = delete;

  /// The stream, for an operator that can be told which one to use.
  at::Generator getGenerator() const { return generator; }
  /// Makes it the one that operators use which cannot be told.
  void makeDefault();

private:
  const wick_random_stream &stream;
  wick_random state;
  at::Generator generator;
  /// What the process's own stream was, while another stands for it.
  std::optional<at::Generator> replaced;
  std::unique_lock<std::mutex> lock;
};

} // namespace wick::fallback

#endif // WICK_LIB_FALLBACK_NUMBERS_H
