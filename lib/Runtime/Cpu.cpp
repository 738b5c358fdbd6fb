//===- Cpu.cpp - what the processor can do ----------------------------------===//
#include "Cpu.h"

#include <algorithm>
#include <cpuid.h>
#include <cstdint>
#include <cstdio>
#include <sched.h>
#include <set>

using namespace wick::runtime;

namespace {

/// State that the operating system must save for a feature (bits of XCR0).
enum State : uint64_t { kNone = 0, kAvx = 0x6, kAvx512 = 0xE6, kAmx = 0x60000 };
enum Register { kEax, kEbx, kEcx, kEdx };

struct Feature {
  const char *name;
  uint32_t leaf, subleaf;
  Register reg;
  unsigned bit;
  State state;
};

constexpr Feature kFeatures[] = {
    {"sse3", 1, 0, kEcx, 0, kNone},
    {"ssse3", 1, 0, kEcx, 9, kNone},
    {"sse4.1", 1, 0, kEcx, 19, kNone},
    {"sse4.2", 1, 0, kEcx, 20, kNone},
    {"popcnt", 1, 0, kEcx, 23, kNone},
    {"movbe", 1, 0, kEcx, 22, kNone},
    {"avx", 1, 0, kEcx, 28, kAvx},
    {"fma", 1, 0, kEcx, 12, kAvx},
    {"f16c", 1, 0, kEcx, 29, kAvx},
    {"avx2", 7, 0, kEbx, 5, kAvx},
    {"bmi", 7, 0, kEbx, 3, kNone},
    {"bmi2", 7, 0, kEbx, 8, kNone},
    {"lzcnt", 0x80000001, 0, kEcx, 5, kNone},
    {"avx512f", 7, 0, kEbx, 16, kAvx512},
    {"avx512dq", 7, 0, kEbx, 17, kAvx512},
    {"avx512ifma", 7, 0, kEbx, 21, kAvx512},
    {"avx512cd", 7, 0, kEbx, 28, kAvx512},
    {"avx512bw", 7, 0, kEbx, 30, kAvx512},
    {"avx512vl", 7, 0, kEbx, 31, kAvx512},
    {"avx512vbmi", 7, 0, kEcx, 1, kAvx512},
    {"avx512vbmi2", 7, 0, kEcx, 6, kAvx512},
    {"avx512vnni", 7, 0, kEcx, 11, kAvx512},
    {"avx512bitalg", 7, 0, kEcx, 12, kAvx512},
    {"avx512vpopcntdq", 7, 0, kEcx, 14, kAvx512},
    {"avx512fp16", 7, 0, kEdx, 23, kAvx512},
    {"amx-bf16", 7, 0, kEdx, 22, kAmx},
    {"amx-tile", 7, 0, kEdx, 24, kAmx},
    {"amx-int8", 7, 0, kEdx, 25, kAmx},
    {"avxvnni", 7, 1, kEax, 4, kAvx},
    {"avx512bf16", 7, 1, kEax, 5, kAvx512},
};

/// Instrumented code requires a runtime that is built with the same sanitizer.
#if defined(__SANITIZE_THREAD__)
constexpr const char *kSanitizer = "thread-sanitizer";
#elif defined(__SANITIZE_ADDRESS__)
constexpr const char *kSanitizer = "address-sanitizer";
#else
constexpr const char *kSanitizer = nullptr;
#endif

uint64_t enabledState() {
  unsigned regs[4];
  if (!__get_cpuid(1, &regs[0], &regs[1], &regs[2], &regs[3]) || !(regs[kEcx] >> 27 & 1))
    return 0;
  uint32_t low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t(high) << 32 | low;
}

std::vector<std::string_view> detect() {
  uint64_t state = enabledState();
  std::vector<std::string_view> found;
  for (const Feature &feature : kFeatures) {
    unsigned regs[4] = {};
    if (__get_cpuid_count(feature.leaf, feature.subleaf, &regs[0], &regs[1], &regs[2], &regs[3]) &&
        (regs[feature.reg] >> feature.bit & 1) && (state & feature.state) == feature.state)
      found.push_back(feature.name);
  }
  if (kSanitizer)
    found.push_back(kSanitizer);
  return found;
}

/// CPUs' worth of time that control group v2 grants; 0 when unlimited or unknown.
int groupQuota() {
  int64_t quota = 0, period = 0;
  if (FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re")) {
    int fields = fscanf(file, "%ld %ld", &quota, &period);
    fclose(file);
    if (fields == 2 && quota > 0 && period > 0)
      return std::max<int64_t>(1, (quota + period - 1) / period);
  }
  return 0;
}

/// First CPU that shares the core of `cpu`.
int coreOf(int cpu) {
  char path[96];
  snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
  int first = cpu;
  if (FILE *file = fopen(path, "re")) {
    if (fscanf(file, "%d", &first) != 1)
      first = cpu;
    fclose(file);
  }
  return first;
}

int countCores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set))
    return 1;
  std::set<int> cores;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set))
      cores.insert(coreOf(cpu));
  int count = std::max<int>(1, cores.size()), quota = groupQuota();
  return quota ? std::min(count, quota) : count;
}

} // namespace

const std::vector<std::string_view> &wick::runtime::cpuFeatures() {
  static const std::vector<std::string_view> features = detect();
  return features;
}

bool wick::runtime::hasCpuFeature(std::string_view name) {
  const auto &features = cpuFeatures();
  return std::find(features.begin(), features.end(), name) != features.end();
}

const std::string &wick::runtime::cpuFeatureText() {
  static const std::string text = [] {
    std::string out;
    for (std::string_view feature : cpuFeatures())
      out.append(out.empty() ? "" : ",").append(feature);
    return out;
  }();
  return text;
}

int wick::runtime::usableCores() {
  static const int cores = countCores();
  return cores;
}
