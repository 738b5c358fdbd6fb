//===- TargetInfo.cpp - descriptions of the instruction sets ----------------===//
#include "wick/Target/CPU/TargetInfo.h"

#include "llvm/TargetParser/Host.h"

using namespace wick::cpu;

llvm::FailureOr<TargetInfo> TargetInfo::get(llvm::StringRef name) {
  TargetInfo v2;
  v2.isa = "x86-64-v2";
  v2.features = "+sse4.2,+popcnt,+ssse3,+cx16,+sahf";
  v2.required = {"sse4.2", "popcnt"};
  v2.vectorBits = 128;
  if (name == v2.isa)
    return v2;

  TargetInfo v3 = v2;
  v3.isa = "x86-64-v3";
  v3.features += ",+avx,+avx2,+fma,+f16c,+bmi,+bmi2,+lzcnt,+movbe";
  v3.required = {"avx2", "fma", "f16c", "bmi2"};
  v3.vectorBits = 256;
  if (name == v3.isa)
    return v3;

  TargetInfo v4 = v3;
  v4.isa = "x86-64-v4";
  v4.features += ",+avx512f,+avx512bw,+avx512cd,+avx512dq,+avx512vl";
  v4.required = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "avx2", "fma", "f16c", "bmi2"};
  v4.vectorBits = 512;
  v4.vectorRegisters = 32;
  v4.broadcastOperands = true;
  v4.maskRegisters = true;
  v4.l1Bytes = 48 << 10;
  v4.l2Bytes = 1 << 20;
  if (name == v4.isa)
    return v4;

  if (name == "native") {
    // From CPUID bits, never from the model name, which virtual machines mask.
    llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
    for (const TargetInfo &info : {v4, v3, v2})
      if (llvm::all_of(info.required, [&](const std::string &f) { return host.lookup(f); }))
        return info;
  }
  return llvm::failure();
}
