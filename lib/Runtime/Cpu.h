//===- Cpu.h - what the processor can do -------------------------*- C++ -*-===//
#ifndef WICK_LIB_RUNTIME_CPU_H
#define WICK_LIB_RUNTIME_CPU_H

#include <string>
#include <string_view>
#include <vector>

namespace wick::runtime {

/// Features of this machine under LLVM's names ("avx2", "avx512f"), usable ones only: the operating
/// system must save their registers.
const std::vector<std::string_view> &cpuFeatures();
bool hasCpuFeature(std::string_view name);
/// The same, separated by commas.
const std::string &cpuFeatureText();
/// Cores this process may use: affinity, hyper-threads counted once, limited by the control group's quota.
int usableCores();

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_CPU_H
