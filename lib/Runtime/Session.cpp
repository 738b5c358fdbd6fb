//===- Session.cpp - sessions, frames and what generated code calls ---------===//
#include "Call.h"
#include "Cpu.h"
#include "ThreadPool.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

using namespace wick::runtime;

//===--- arena ----------------------------------------------------------------===//

static constexpr int64_t kHugePage = int64_t(2) << 20;

Arena::Block Arena::makeBlock(int64_t bytes) noexcept {
  bool huge = bytes >= kHugePage;
  int64_t unit = huge ? kHugePage : 4096;
  if (bytes > PTRDIFF_MAX - unit)
    return {nullptr, 0, 0};
  bytes = (bytes + unit - 1) / unit * unit;
  auto *data = static_cast<uint8_t *>(std::aligned_alloc(huge ? kHugePage : kAlignment, bytes));
  if (data && huge)
    madvise(data, bytes, MADV_HUGEPAGE);
  return {data, data ? bytes : 0, 0};
}

void Arena::freeBlock(const Block &block) noexcept { std::free(block.data); }

Arena::~Arena() {
  for (const Block &block : blocks)
    freeBlock(block);
}

void *Arena::take(int64_t bytes, Budget *budget) noexcept {
  if (bytes < 0 || bytes > PTRDIFF_MAX / 2)
    return nullptr;
  bytes = std::max<int64_t>((bytes + kAlignment - 1) / kAlignment * kAlignment, kAlignment);
  if (blocks.empty() || blocks.back().size - blocks.back().used < bytes) {
    if (budget && !budget->take(bytes))
      return nullptr;
    Block block = makeBlock(bytes);
    if (block.data) {
      try {
        blocks.push_back(block);
      } catch (...) {
        freeBlock(block);
        block.data = nullptr;
      }
    }
    if (budget)
      budget->give(bytes); // charged as a whole below
    if (!block.data)
      return nullptr;
    if (budget && !budget->take(blocks.back().size)) {
      freeBlock(block);
      blocks.pop_back();
      return nullptr;
    }
  }
  Block &block = blocks.back();
  void *memory = block.data + block.used;
  block.used += bytes;
  return memory;
}

void Arena::reset(Budget *budget) noexcept {
  if (blocks.size() > 1) {
    int64_t total = 0;
    for (const Block &block : blocks) {
      total += block.size;
      freeBlock(block);
    }
    blocks.clear();
    if (budget)
      budget->give(total);
    take(total, budget); // one block for next time; harmless when it fails
  }
  if (!blocks.empty())
    blocks.back().used = 0;
}

void Arena::clear(Budget *budget) noexcept {
  for (const Block &block : blocks) {
    if (budget)
      budget->give(block.size);
    freeBlock(block);
  }
  blocks.clear();
}

Arena::Place Arena::place() const noexcept { return {int64_t(blocks.size()), blocks.empty() ? 0 : blocks.back().used}; }

/// The first block with memory from a place on; the place is its end when the mark was set, or its beginning.
static int64_t firstBlock(const Arena::Place &place) { return std::max<int64_t>(place.block - 1, 0); }

int64_t Arena::findBlock(const Place &place, const void *memory) const noexcept {
  for (int64_t i = firstBlock(place), n = blocks.size(); i < n; ++i) {
    const Block &block = blocks[i];
    const uint8_t *first = block.data + (i < place.block ? place.used : 0);
    if (memory >= first && memory < block.data + block.used)
      return i;
  }
  return -1;
}

int64_t Arena::compact(const Place &place, void **buffers, const int64_t *bytes, int64_t count, Budget *budget) {
  // What survives as spans of whole lines, in the order in which they were taken. So none goes to a higher place
  // than it comes from.
  constexpr int64_t kLine = kAlignment;
  struct Span {
    int64_t block, begin, end;
  };
  std::vector<Span> spans;
  std::vector<std::pair<int64_t, int64_t>> places(count, {-1, 0}); // block and offset of each buffer
  for (int64_t i = 0; i < count; ++i) {
    int64_t block = bytes[i] > 0 ? findBlock(place, buffers[i]) : -1;
    if (block < 0)
      continue;
    int64_t offset = static_cast<uint8_t *>(buffers[i]) - blocks[block].data;
    places[i] = {block, offset};
    spans.push_back({block, offset / kLine * kLine, (offset + bytes[i] + kLine - 1) / kLine * kLine});
  }
  std::sort(spans.begin(), spans.end(),
            [](const Span &a, const Span &b) { return std::pair(a.block, a.begin) < std::pair(b.block, b.begin); });
  size_t last = 0;
  for (size_t i = 1; i < spans.size(); ++i) {
    if (spans[i].block == spans[last].block && spans[i].begin < spans[last].end)
      spans[last].end = std::max(spans[last].end, spans[i].end);
    else
      spans[++last] = spans[i];
  }
  spans.resize(std::min(spans.size(), last + 1));

  int64_t target = firstBlock(place), used = place.block ? place.used : 0, moved = 0;
  for (const Span &span : spans) {
    int64_t size = span.end - span.begin;
    for (; blocks[target].size - used < size; used = 0)
      blocks[target++].used = used;
    uint8_t *memory = blocks[target].data + used;
    std::memmove(memory, blocks[span.block].data + span.begin, size);
    for (int64_t i = 0; i < count; ++i)
      if (places[i].first == span.block && places[i].second >= span.begin && places[i].second < span.end)
        buffers[i] = memory + (places[i].second - span.begin);
    used += size;
    moved += size;
  }
  // Blocks that were too small for what came next go too: what loops carry may grow.
  for (int64_t i = firstBlock(place) + 1, n = blocks.size(); i < n; ++i)
    if (i > target || (i < target && !blocks[i].used)) {
      if (budget)
        budget->give(blocks[i].size);
      freeBlock(blocks[i]);
      blocks[i].data = nullptr;
    }
  if (!blocks.empty())
    blocks[target].used = used;
  blocks.erase(std::remove_if(blocks.begin(), blocks.end(), [](const Block &block) { return !block.data; }),
               blocks.end());
  return moved;
}

//===--- what generated code calls --------------------------------------------===//

wick_value Frame::keep(wick_value owned) {
  if (isCounted(owned))
    list(owned, sizeOf(owned));
  return owned;
}

void Frame::reserve(size_t count) {
  if (count <= created.capacity())
    return;
  size_t wanted = std::max<size_t>({64, 2 * created.capacity(), count});
  charge.grow(wanted * sizeof(wick_value));
  created.reserve(wanted);
}

void Frame::list(const wick_value &owned, int64_t bytes) {
  try {
    reserve(created.size() + 1);
    created.push_back(owned);
    made += bytes;
  } catch (...) {
    wick_value_release(&owned);
    throw;
  }
}

void Frame::releaseCreated() noexcept {
  for (const wick_value &value : created)
    wick_value_release(&value);
  created.clear();
  constexpr size_t kKept = 4096;
  if (created.capacity() > kKept) {
    created.shrink_to_fit();
    charge.reset();
  }
}

void Frame::releaseEntered() noexcept {
  for (const wick_value &object : entered)
    wick_value_release(&object);
  entered.clear();
}

static Frame &frameOf(wick_context *ctx) { return *static_cast<Frame *>(ctx); }

int32_t wick::runtime::raiseError(wick_context *ctx, int32_t status, const char *cls, int64_t clsSize,
                                  const char *message, int64_t messageSize, int32_t location) noexcept {
  Frame &frame = frameOf(ctx);
  wick_status known = status > WICK_OK && status < WICK_STATUS_COUNT ? wick_status(status) : WICK_ERROR_RUNTIME;
  if (frame.failed.exchange(true))
    return known;
  frame.location = location;
  frame.error.status = known;
  try {
    frame.error.cls.assign(cls ? cls : "", clsSize);
    frame.error.message.assign(message ? message : "", messageSize);
  } catch (...) {
    frame.error.cls.clear();
    frame.error.message.clear();
  }
  return known;
}

void wick::runtime::raiseMemory(wick_context *ctx) noexcept {
  Frame &frame = frameOf(ctx);
  static constexpr char kLimit[] = "the session's memory limit is reached", kSystem[] = "out of memory";
  if (frame.owner->budget)
    raiseError(ctx, WICK_ERROR_MEMORY, "", 0, kLimit, sizeof(kLimit) - 1, -1);
  else
    raiseError(ctx, WICK_ERROR_MEMORY, "", 0, kSystem, sizeof(kSystem) - 1, -1);
}

bool wick::runtime::checkInterrupted(wick_context *ctx) noexcept {
  int32_t why = __atomic_load_n(&ctx->interrupted, __ATOMIC_RELAXED);
  if (!why)
    return false;
  interrupt(ctx, -1);
  return true;
}

int32_t wick::runtime::interrupt(wick_context *ctx, int32_t location) noexcept {
  static constexpr char kCancelled[] = "the call was cancelled", kTime[] = "the time limit of the session is reached";
  if (__atomic_load_n(&ctx->interrupted, __ATOMIC_RELAXED) == WICK_ERROR_TIME)
    return raiseError(ctx, WICK_ERROR_TIME, "", 0, kTime, sizeof(kTime) - 1, location);
  return raiseError(ctx, WICK_ERROR_CANCELLED, "", 0, kCancelled, sizeof(kCancelled) - 1, location);
}

static void parallelFor(wick_context *ctx, wick_range_fn fn, void *env, int64_t n) noexcept {
  int32_t threads = frameOf(ctx).threads();
  if (threads == 1) {
    if (n > 0)
      fn(env, 0, n);
    return;
  }
  ThreadPool::instance().run(fn, env, n, threads);
}

static void *takeArena(wick_context *ctx, int64_t bytes) noexcept {
  if (checkInterrupted(ctx))
    return nullptr;
  Frame &frame = frameOf(ctx);
  void *memory = frame.arena.take(bytes, frame.owner->budget);
  if (!memory)
    raiseMemory(ctx);
  ctx->made += std::max<int64_t>(bytes, 0);
  return memory;
}

static wick_tensor *newTensor(wick_context *ctx, int32_t dtype, int32_t rank, const int64_t *sizes) noexcept {
  if (checkInterrupted(ctx))
    return nullptr;
  for (int32_t i = 0; i < rank; ++i)
    if (sizes[i] < 0) {
      static constexpr char kNegative[] = "a size of a new tensor is negative";
      raiseError(ctx, WICK_ERROR_RUNTIME, "", 0, kNegative, sizeof(kNegative) - 1, -1);
      return nullptr;
    }
  Frame &frame = frameOf(ctx);
  Tensor *tensor = Tensor::allocate(dtype, rank, sizes, frame.owner->budget);
  if (!tensor) {
    raiseMemory(ctx);
    return nullptr;
  }
  wick_value value{WICK_TENSOR_VALUE, 0, {}};
  value.u.p = tensor;
  try {
    frame.keep(value);
  } catch (...) {
    raiseMemory(ctx);
    return nullptr;
  }
  return tensor;
}

namespace {
/// Precedes memory of `alloc`, and keeps it aligned.
struct alignas(kAlignment) ScratchHeader {
  int64_t bytes;
};
/// The last block a thread freed: kernels ask for the same again and again.
struct ScratchCache {
  static constexpr int64_t kMaxBytes = int64_t(16) << 20;
  ScratchHeader *block = nullptr;
  ~ScratchCache() { std::free(block); }
};
} // namespace
static thread_local ScratchCache scratchCache;

static void *allocScratch(wick_context *ctx, int64_t bytes) noexcept {
  if (checkInterrupted(ctx))
    return nullptr;
  Budget *budget = frameOf(ctx).owner->budget;
  ScratchHeader *block = scratchCache.block;
  if (block && block->bytes >= bytes && bytes >= 0) {
    scratchCache.block = nullptr;
  } else {
    bool possible = bytes >= 0 && bytes < PTRDIFF_MAX / 2;
    int64_t rounded = possible ? (bytes + kAlignment - 1) / kAlignment * kAlignment : 0;
    block = possible ? static_cast<ScratchHeader *>(std::aligned_alloc(kAlignment, sizeof(ScratchHeader) + rounded))
                     : nullptr;
    if (block)
      block->bytes = rounded;
  }
  if (block && budget && !budget->take(block->bytes)) {
    std::free(block);
    block = nullptr;
  }
  if (!block) {
    raiseMemory(ctx);
    return nullptr;
  }
  return block + 1;
}

static void freeScratch(wick_context *ctx, void *memory) noexcept {
  if (!memory)
    return;
  ScratchHeader *block = static_cast<ScratchHeader *>(memory) - 1;
  if (Budget *budget = frameOf(ctx).owner->budget)
    budget->give(block->bytes);
  if (block->bytes <= ScratchCache::kMaxBytes && (!scratchCache.block || scratchCache.block->bytes < block->bytes))
    std::swap(block, scratchCache.block);
  std::free(block);
}

extern const wick_runtime_api wick::runtime::runtimeApi = {WICK_ABI_VERSION,
                                                           sizeof(wick_runtime_api),
                                                           parallelFor,
                                                           takeArena,
                                                           newTensor,
                                                           wick_tensor_retain,
                                                           wick_tensor_release,
                                                           raiseError,
                                                           allocScratch,
                                                           freeScratch,
                                                           &mathApi,
                                                           invoke,
                                                           wick_value_retain,
                                                           interrupt,
                                                           keepValues,
                                                           markLoop,
                                                           releaseIteration,
                                                           runTasks};

//===--- sessions -------------------------------------------------------------===//

wick_session::wick_session(wick_module *module, const wick_session_options &options)
    : module(module), threads(options.threads ? options.threads : wick_default_threads()),
      timeLimit(options.time_limit) {
  if (options.memory_limit)
    budget = new Budget(options.memory_limit);
  wick_module_retain(module);
}

wick_session::~wick_session() {
  for (const wick_value &object : state)
    wick_value_release(&object);
  if (shared)
    shared->release();
  for (Slot &slot : slots)
    delete slot.frame.load(std::memory_order_relaxed);
  if (budget)
    budget->release();
  wick_module_release(module);
}

size_t wick_session::slotOfThread() {
  static std::atomic<size_t> threadCount{0};
  static thread_local size_t index = threadCount.fetch_add(1, std::memory_order_relaxed) % kSlots;
  return index;
}

Frame *wick_session::acquire() {
  size_t home = slotOfThread();
  for (size_t i = 0; i < kSlots; ++i) {
    auto &slot = slots[(home + i) % kSlots].frame;
    if (i && !slot.load(std::memory_order_relaxed))
      continue;
    if (Frame *frame = slot.exchange(nullptr, std::memory_order_acquire))
      return frame;
  }
  auto made = std::make_unique<Frame>();
  Frame *frame = made.get();
  frame->api = &runtimeApi;
  frame->weights = module->weights.data();
  frame->session = this;
  frame->literals = module->literals.data();
  frame->owner = this;
  frame->state = state.data();
  std::lock_guard lock(framesMutex);
  frames.push_back(frame);
  made.release();
  return frame;
}

void wick_session::cancel() noexcept {
  std::lock_guard lock(framesMutex);
  for (Frame *frame : frames)
    frame->stop(WICK_ERROR_CANCELLED);
}

void wick_session::giveBack(Frame *frame) noexcept {
  frame->arena.reset(budget);
  size_t home = slotOfThread();
  for (size_t i = 0; i < kSlots; ++i) {
    Frame *none = nullptr;
    if (slots[(home + i) % kSlots].frame.compare_exchange_strong(none, frame, std::memory_order_release,
                                                                 std::memory_order_relaxed))
      return;
  }
  {
    std::lock_guard lock(framesMutex);
    frames.erase(std::find(frames.begin(), frames.end(), frame));
  }
  delete frame;
}

int32_t wick_default_threads() {
  static const int32_t threads = [] {
    const char *text = std::getenv("WICK_NUM_THREADS");
    int wanted = text ? std::atoi(text) : 0;
    return std::min(wanted > 0 ? wanted : usableCores(), 256);
  }();
  return threads;
}

wick_status wick_session_new(wick_module *module, const wick_session_options *given, wick_session **session,
                             wick_error **error) {
  return guarded(error, [&] {
    wick_session_options options{sizeof(wick_session_options), 0, 0, 0, nullptr};
    if (given)
      std::memcpy(&options, given, std::min<size_t>(given->size, sizeof(options)));
    if (options.threads < 0 || options.threads > 256)
      fail(WICK_ERROR_ARGUMENT, "threads is ", options.threads, ", expected 1 to 256, or 0 for the default");
    if (options.memory_limit < 0)
      fail(WICK_ERROR_ARGUMENT, "memory limit ", options.memory_limit, " is negative");
    if (options.time_limit < 0)
      fail(WICK_ERROR_ARGUMENT, "time limit ", options.time_limit, " is negative");
    auto made = std::make_unique<wick_session>(module, options);
    made->makeState(options.share);
    *session = made.release();
  });
}

wick_status wick_session_copy(wick_session *session, wick_session **copy, wick_error **error) {
  return guarded(error, [&] {
    wick_session_options options{sizeof(wick_session_options), session->threads,
                                 session->budget ? session->budget->limit : 0, session->timeLimit, nullptr};
    auto made = std::make_unique<wick_session>(session->module, options);
    made->copyState(*session);
    *copy = made.release();
  });
}

void wick_session_retain(wick_session *session) { session->references.fetch_add(1, std::memory_order_relaxed); }

void wick_session_release(wick_session *session) {
  if (session && session->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
    delete session;
}

void wick_session_seed(wick_session *session, uint64_t seed) {
  Generator &generator = session->shared->generator;
  std::lock_guard lock(generator.mutex);
  generator.seed(seed);
}

void wick_session_cancel(wick_session *session) { session->cancel(); }

wick_module *wick_session_module(const wick_session *session) { return session->module; }
