//===- DLPack.h - the layout of DLPack 1.x structures ------------*- C++ -*-===//
//
// Declared here after the DLPack specification, as far as this package uses it:
// https://dmlc.github.io/dlpack/latest/c_api.html. The exchange table is what a
// tensor type offers as its attribute `__dlpack_c_exchange_api__`.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_PYTHON_DLPACK_H
#define WICK_PYTHON_DLPACK_H

#include <cstdint>

namespace dlpack {

inline constexpr uint32_t kMajor = 1, kMinor = 1;
inline constexpr int32_t kCpu = 1, kCudaHost = 3;
inline constexpr uint64_t kReadOnly = 1;
enum Code : uint8_t { kInt = 0, kUInt = 1, kFloat = 2, kBfloat = 4, kComplex = 5, kBool = 6 };

struct Version {
  uint32_t major, minor;
};
struct Device {
  int32_t type, id;
};
struct DataType {
  uint8_t code, bits;
  uint16_t lanes;
};
struct Tensor {
  void *data;
  Device device;
  int32_t ndim;
  DataType dtype;
  int64_t *shape;
  int64_t *strides; // elements; null: contiguous
  uint64_t byteOffset;
};
/// Capsule "dltensor".
struct Managed {
  Tensor tensor;
  void *context;
  void (*deleter)(Managed *);
};
/// Capsule "dltensor_versioned".
struct ManagedVersioned {
  Version version;
  void *context;
  void (*deleter)(ManagedVersioned *);
  uint64_t flags;
  Tensor tensor;
};
/// Capsule "dlpack_exchange_api". Functions return 0, or -1 with a Python error set.
struct ExchangeApi {
  Version version;
  void *previous;
  int (*allocate)(Tensor *prototype, ManagedVersioned **out, void *context,
                  void (*setError)(void *context, const char *kind, const char *message));
  int (*managedFromObject)(void *object, ManagedVersioned **out);
  int (*objectFromManaged)(ManagedVersioned *tensor, void **object);
  int (*viewFromObject)(void *object, Tensor *out); // not owned; may be null
  int (*currentStream)(int32_t deviceType, int32_t deviceId, void **stream);
};

} // namespace dlpack

#endif // WICK_PYTHON_DLPACK_H
