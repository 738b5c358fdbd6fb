//===- Devices.cpp - devices as programs name them ---------------------------===//
//
// A device is the text that it prints as: its kind and, behind a colon, its index where it
// has one. Programs compute with devices that this machine need not have.
//
//===----------------------------------------------------------------------===//
#include "Functions.h"

#include <charconv>
#include <iterator>

using namespace wick::runtime;

/// Kinds in the order of c10::DeviceType; those without a text no program can name.
static constexpr std::string_view kKinds[] = {"cpu",  "cuda", "mkldnn", "opengl", "opencl", "ideep", "hip",
                                              "fpga", "maia", "xla",    "vulkan", "",       "xpu",   "mps",
                                              "meta", "hpu",  "ve",     "lazy",   "ipu",    "mtia",  "privateuseone"};
/// The order in which LibTorch's error lists them.
static constexpr char kKnown[] = "cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, "
                                 "vulkan, mps, meta, hpu, mtia, privateuseone";

static std::string_view kindOf(std::string_view device) { return device.substr(0, device.find(':')); }

/// The number of a kind; raises when there is none.
static int64_t numberOf(std::string_view kind, std::string_view text) {
  const auto *found = std::find(std::begin(kKinds), std::end(kKinds), kind);
  if (kind.empty() || found == std::end(kKinds))
    failOperator("Expected one of ", kKnown, " device type at start of device string: ", text);
  return found - kKinds;
}

/// -1 where there is none.
static int64_t indexOf(std::string_view device) {
  size_t colon = device.find(':');
  int64_t index = -1;
  if (colon == device.npos)
    return index;
  const char *begin = device.data() + colon + 1, *end = device.data() + device.size();
  bool isPlain = end - begin == 1 || (begin != end && *begin != '0' && *begin != '-');
  if (auto [stop, error] = std::from_chars(begin, end, index); !isPlain || error != std::errc() || stop != end)
    failOperator("Invalid device string: '", device, "'");
  return index;
}

uint64_t wick::runtime::hashDevice(std::string_view device) {
  return uint64_t(numberOf(kindOf(device), device)) << 16 | uint8_t(indexOf(device));
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_DEVICE>(const Arguments &a) {
  std::string text(a.text(0));
  numberOf(kindOf(text), kindOf(text));
  if (a.size() > 1)
    text += ":" + std::to_string(a.integer(1));
  else
    indexOf(text);
  wick_value device = a.keepText(std::move(text));
  device.tag = WICK_DEVICE_VALUE;
  return device;
}

template <> wick_value run<WICK_FN_DEVICE_KIND>(const Arguments &a) {
  return a.keepText(std::string(kindOf(a.device(0))));
}

template <> wick_value run<WICK_FN_DEVICE_INDEX>(const Arguments &a) {
  int64_t index = indexOf(a.device(0));
  return index < 0 ? makeNone() : makeInt(index);
}

template <> wick_value run<WICK_FN_CHECK_DEVICE>(const Arguments &a) {
  if (a[0].tag != WICK_NONE && kindOf(a.device(0)) != "cpu")
    failOperator("device '", a.device(0), "' is not available: tensors are on the CPU");
  return makeNone();
}

} // namespace wick::runtime
