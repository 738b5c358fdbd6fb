//===- Call.h - sessions and the frames of their calls -----------*- C++ -*-===//
//
// Every call runs in a frame: the context that generated code sees, the call's
// arena, its error and scratch for its leaves. Frames are kept by the session
// and reused, so a call that has been made before allocates nothing but its
// results. A thread usually finds the frame that it used last.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_CALL_H
#define WICK_LIB_RUNTIME_CALL_H

#include "Error.h"
#include "Module.h"
#include "State.h"
#include "Value.h"

#include <array>
#include <atomic>
#include <mutex>

namespace wick::runtime {

extern const wick_runtime_api runtimeApi;
extern const wick_math_api mathApi;

/// Temporary memory of one call: a few blocks, merged into one between calls.
class Arena {
public:
  ~Arena();
  /// 64-byte aligned; null when memory or the budget is exhausted.
  void *take(int64_t bytes, Budget *budget) noexcept;
  /// Ends the call. What was taken is free again; the memory stays for the next one.
  void reset(Budget *budget) noexcept;
  /// The same, and the memory goes.
  void clear(Budget *budget) noexcept;

  /// Where memory that is taken later will be.
  struct Place {
    int64_t block, used; // of how many blocks, and how much of the last
  };
  Place place() const noexcept;
  /// Whether memory was taken after a place was noted.
  bool isSince(const Place &place, const void *memory) const noexcept { return findBlock(place, memory) >= 0; }
  /// Moves what is needed of the memory that was taken since a place down to it, and makes the rest free again. Buffers
  /// that are not there, or empty, stay. Returns the bytes that are still in use; throws std::bad_alloc, before it
  /// moves any.
  int64_t compact(const Place &place, void **buffers, const int64_t *bytes, int64_t count, Budget *budget);

private:
  struct Block {
    uint8_t *data;
    int64_t size, used;
  };
  static Block makeBlock(int64_t bytes) noexcept;
  static void freeBlock(const Block &block) noexcept;
  /// That memory was taken from since a place, or -1.
  int64_t findBlock(const Place &place, const void *memory) const noexcept;

  std::vector<Block> blocks;
};

/// A contiguous copy that stands for an argument.
struct Copy {
  wick_tensor *copy, *original;
  bool written; // and is copied back
};

class TaskGroup;

/// What a call, or a task of one, needs besides its arguments. Generated code sees the base.
struct Frame : wick_context {
  Frame() : wick_context{} {}

  wick_session *owner = nullptr;
  Arena arena;
  std::vector<wick_value> leaves, results;
  std::vector<int64_t> symbols; // sizes bound to the method's names, -1 while free
  std::vector<Copy> copies;
  // What the call made, and what it removed from containers: released at its end, so that
  // generated code can borrow whatever it has seen.
  std::vector<wick_value> created;
  Charge charge;                   // for the list itself
  std::vector<wick_value> entered; // the objects of the `with` statements that the code is in
  // Set once, by the first thread that raises.
  std::atomic<bool> failed{false};
  Error error;
  int32_t location = -1;
  TaskGroup *group = nullptr; // that the frame's task is one of
  std::mutex waiting;         // guards `tasks`, and which of them run
  TaskGroup *tasks = nullptr; // that the code waits for

  /// `interrupted` is kIdle between calls: only a call that runs can be stopped.
  static constexpr int32_t kIdle = -1;
  void begin() noexcept { __atomic_store_n(&interrupted, 0, __ATOMIC_RELAXED); }
  void end() noexcept { __atomic_store_n(&interrupted, kIdle, __ATOMIC_RELAXED); }
  /// Asks the call, and its tasks, to end with an error of the status; on any thread.
  void stop(wick_status why) noexcept;
  /// How many threads a loop of the code may use.
  int32_t threads() const noexcept;

  /// Leaves a reference to the context; on failure releases it and throws.
  wick_value keep(wick_value owned);
  /// The same for a counted object, of about so many bytes.
  void list(const wick_value &owned, int64_t bytes);
  /// Makes room for so many references.
  void reserve(size_t count);
  void releaseCreated() noexcept;
  void releaseEntered() noexcept;
};

int32_t raiseError(wick_context *ctx, int32_t status, const char *cls, int64_t clsSize, const char *message,
                   int64_t messageSize, int32_t location) noexcept;
/// Raises when the call is to end.
bool checkInterrupted(wick_context *ctx) noexcept;
/// See wick_runtime_api.
int32_t interrupt(wick_context *ctx, int32_t location) noexcept;
/// Memory, or what the session may use of it, is exhausted.
void raiseMemory(wick_context *ctx) noexcept;
/// The memory that keeping a value takes, about.
int64_t sizeOf(const wick_value &value);
/// See wick_runtime_api.
int32_t keepValues(wick_context *ctx, const wick_value *values, int64_t count) noexcept;
void markLoop(wick_context *ctx, wick_mark *mark) noexcept;
int32_t releaseIteration(wick_context *ctx, wick_mark *mark, const wick_value *values, int64_t count, void **buffers,
                         const int64_t *bytes, int64_t bufferCount) noexcept;
/// See wick_runtime_api.
int32_t runTasks(wick_context *ctx, const wick_task *tasks, int64_t count) noexcept;
/// See wick_runtime_api.
int32_t invoke(wick_context *ctx, int32_t function, const wick_value *args, int64_t count, wick_value *result,
               int32_t location) noexcept;

} // namespace wick::runtime

struct wick_session {
  wick_session(wick_module *module, const wick_session_options &options);
  ~wick_session();

  /// Makes the state, or takes that of another session; throws Error.
  void makeState(wick_session *other);
  /// Takes a copy of the state of a session of the same module.
  void copyState(const wick_session &other);
  wick::runtime::Frame *acquire();
  void giveBack(wick::runtime::Frame *frame) noexcept;
  /// Stops the calls that run.
  void cancel() noexcept;

  std::atomic<int64_t> references{1};
  wick_module *const module;
  const int32_t threads;
  const int64_t timeLimit;                 // nanoseconds; 0: none
  wick::runtime::State *shared = nullptr;  // what the program may change; made before the first call
  std::vector<wick_value> state;           // the objects in it that the module has, in its order
  wick::runtime::Budget *budget = nullptr; // null without a limit

private:
  static constexpr size_t kSlots = 32;
  struct alignas(64) Slot {
    std::atomic<wick::runtime::Frame *> frame{nullptr};
  };
  static size_t slotOfThread();

  std::array<Slot, kSlots> slots;
  std::mutex framesMutex;
  std::vector<wick::runtime::Frame *> frames; // all there are, in use or not
};

#endif // WICK_LIB_RUNTIME_CALL_H
