//===- TargetInfo.h - what kernel strategies know about a CPU --------------===//
//
// Strategies never ask the machine they run on: every tile size, unroll factor
// and vector width follows from this description, which comes from a named
// instruction set (`--target=x86-64-v3`) or from CPUID. Sizes are in bytes.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TARGET_CPU_TARGETINFO_H
#define WICK_TARGET_CPU_TARGETINFO_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/LogicalResult.h"
#include <cstdint>
#include <string>
#include <vector>

namespace wick::cpu {

struct TargetInfo {
  /// Name used for files and in manifests: "x86-64-v3", "x86-64-v4".
  std::string isa = "x86-64-v3";
  /// LLVM subtarget features beyond the baseline, e.g. "+avx2,+fma".
  std::string features;
  /// What the runtime must find in CPUID before it runs this code.
  std::vector<std::string> required;
  /// Width of a vector register in bits and the number of them.
  unsigned vectorBits = 256;
  unsigned vectorRegisters = 16;
  /// Whether a scalar memory operand is broadcast within an arithmetic
  /// instruction (AVX-512) rather than by a load of its own.
  bool broadcastOperands = false;
  bool maskRegisters = false;
  int64_t l1Bytes = 32 << 10;
  int64_t l2Bytes = 512 << 10;

  /// Lanes of a vector register for elements of `elementBits`.
  unsigned lanes(unsigned elementBits) const { return vectorBits / elementBits; }

  /// The description for a named instruction set ("x86-64-v2", "x86-64-v3",
  /// "x86-64-v4") or "native"; fails on any other name.
  static llvm::FailureOr<TargetInfo> get(llvm::StringRef name);
};

} // namespace wick::cpu

#endif // WICK_TARGET_CPU_TARGETINFO_H
