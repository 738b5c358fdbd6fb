//===- Iterations.cpp - what iterations of a loop leave behind ---------------===//
//
// Generated code borrows what it has seen, so the frame of a call owns all of it. Between two
// iterations code says what it goes on to use; the rest can go. What that costs is proportional
// to what was made since, or to what survives, so it is done when as much was made as survived.
//
//===----------------------------------------------------------------------===//
#include "Call.h"

#include <algorithm>

using namespace wick::runtime;

/// How much a frame may have made before it is looked at what survives, if so much did last time.
static int64_t limitOf(const Frame &frame, int64_t survived) {
#if defined(__SANITIZE_ADDRESS__)
  return frame.made - 1; // at once, so that what is released too early is found
#else
  constexpr int64_t kSlack = int64_t(4) << 20;
  return frame.made + kSlack + survived;
#endif
}

/// The memory of an object without what it holds, about.
static constexpr int64_t kObject = 64;

int64_t wick::runtime::sizeOf(const wick_value &value) {
  switch (value.tag) {
  case WICK_TENSOR_VALUE: {
    const auto *tensor = static_cast<const wick_tensor *>(value.u.p);
    return kObject + wick_tensor_count(tensor) * dtypeSize(tensor->dtype);
  }
  case WICK_STRING_VALUE: return kObject + int64_t(static_cast<const wick_string *>(value.u.p)->text.size());
  case WICK_LIST_VALUE:
  case WICK_TUPLE_VALUE:
  case WICK_DICT_VALUE:
  case WICK_OBJECT_VALUE:
    return kObject + static_cast<const wick_sequence *>(value.u.p)->capacity * int64_t(sizeof(wick_value));
  default: return kObject;
  }
}

/// Code has null for what no path has set yet.
static bool isObject(const wick_value &value) { return isCounted(value) && value.u.p; }

int32_t wick::runtime::keepValues(wick_context *ctx, const wick_value *values, int64_t count) noexcept {
  auto &frame = *static_cast<Frame *>(ctx);
  try {
    for (int64_t i = 0; i < count; ++i)
      if (isObject(values[i])) {
        wick_value_retain(&values[i]);
        frame.list(values[i], kObject);
      }
  } catch (...) {
    raiseMemory(ctx);
    return WICK_ERROR_MEMORY;
  }
  return WICK_OK;
}

void wick::runtime::markLoop(wick_context *ctx, wick_mark *mark) noexcept {
  auto &frame = *static_cast<Frame *>(ctx);
  Arena::Place place = frame.arena.place();
  *mark = {limitOf(frame, 0), int64_t(frame.created.size()), place.block, place.used};
}

/// Whether memory is a tensor's.
static bool isInside(const void *memory, const wick_value &value) {
  if (value.tag != WICK_TENSOR_VALUE)
    return false;
  const auto &tensor = *static_cast<const wick_tensor *>(value.u.p);
  int64_t last = 0;
  for (int32_t i = 0; i < tensor.rank; ++i)
    last += (tensor.sizes[i] - 1) * tensor.strides[i];
  const char *first = static_cast<const char *>(tensor.data);
  return memory >= first && memory < first + (last + 1) * dtypeSize(tensor.dtype);
}

int32_t wick::runtime::releaseIteration(wick_context *ctx, wick_mark *mark, const wick_value *values, int64_t count,
                                        void **buffers, const int64_t *bytes, int64_t bufferCount) noexcept {
  auto &frame = *static_cast<Frame *>(ctx);
  std::vector<wick_value> &created = frame.created;
  Arena::Place place{mark->block, mark->used};
  try {
    std::vector<wick_value> survivors;
    std::copy_if(values, values + count, std::back_inserter(survivors), isObject);
    for (int64_t i = 0; i < bufferCount; ++i)
      if (bytes[i] > 0 && !frame.arena.isSince(place, buffers[i])) {
        auto owner = std::find_if(created.begin() + mark->listed, created.end(),
                                  [&](const wick_value &value) { return isInside(buffers[i], value); });
        if (owner != created.end())
          survivors.push_back(*owner);
      }
    frame.reserve(mark->listed + survivors.size());
    int64_t survived = frame.arena.compact(place, buffers, bytes, bufferCount, frame.owner->budget);
    for (const wick_value &value : survivors) {
      wick_value_retain(&value);
      survived += sizeOf(value);
    }
    for (; created.size() > size_t(mark->listed); created.pop_back())
      wick_value_release(&created.back());
    created.insert(created.end(), survivors.begin(), survivors.end());
    mark->limit = limitOf(frame, survived);
  } catch (...) {
    raiseMemory(ctx);
    return WICK_ERROR_MEMORY;
  }
  return WICK_OK;
}
