//===- ThreadPool.h - runs independent items on several threads --*- C++ -*-===//
//
// One pool serves the process. A caller publishes its loop in a free slot, works
// on it like everyone else and returns when all items are done; workers go from
// slot to slot, spin for a while when there is nothing, then park. Items are
// handed out in ranges whose borders depend on n only. A loop started inside an
// item, or when all slots are taken, runs inline: the result is the same.
//
// So does a loop that is not worth sharing. How long its items took together is
// remembered for each function and n; below a few microseconds the caller is done
// before another thread would have begun. The time is taken at each run, so that a
// loop whose work grows is shared again.
//
// Closing a slot: the caller clears `open` once no range is left and waits until
// `inside` is zero. A worker counts itself in before it looks at `open`, so it
// either sees the slot closed or is waited for; it never touches a dead loop.
// The caller's wait is short, or it sleeps and the last worker out wakes it: a
// worker that has left may still wake the slot, which is never freed, and whoever
// sleeps on it then looks again.
//
// Tasks are items that take long and have loops of their own, which are shared too: a task is not an item for them. Who
// has published tasks and waits for the last of them works on loops meanwhile.
//
// No wake-up is needed to finish a loop, for the caller takes every range that
// nobody else takes. The one thing it waits for is a worker inside of an item.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_THREADPOOL_H
#define WICK_LIB_RUNTIME_THREADPOOL_H

#include "wick/Runtime/ABI.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>

namespace wick::runtime {

class ThreadPool {
public:
  /// The process' pool; a child of fork gets a new one.
  static ThreadPool &instance();

  /// Runs fn over [0, n) on at most `threads` threads, the caller's included.
  void run(wick_range_fn fn, void *env, int64_t n, int threads) {
    if (threads <= 1 || n < 2 || insideItem) {
      if (n > 0)
        fn(env, 0, n);
      return;
    }
    runParallel(fn, env, n, threads);
  }

  /// What the last run of a loop took. Two words that may be of different loops for a moment: the worst is one run that
  /// is shared, or not, for no good reason.
  struct Estimate {
    std::atomic<uint64_t> key{0};
    std::atomic<uint64_t> cycles{0};
  };

  /// Where the time of tasks is remembered, if the last run took so little that it was not worth sharing; else null.
  Estimate *findQuick(const void *tasks, int64_t n);
  /// Runs fn over [0, n) on at most `threads` threads; loops that items run are shared by those that are left.
  void runTasks(const void *tasks, wick_range_fn fn, void *env, int64_t n, int threads);

private:
  static constexpr int kSlots = 16;
  static constexpr int kMaxWorkers = 255;
  /// Ranges of one loop: enough to balance, few enough to hand out quickly.
  static constexpr int64_t kRanges = 128;

  struct alignas(64) Slot {
    std::atomic<bool> taken{false}, open{false};
    std::atomic<uint32_t> inside{0}; // workers, and kAwaited while the caller sleeps until they have left
    uint32_t helpers = 0;            // workers that may join
    wick_range_fn fn = nullptr;
    void *env = nullptr;
    int64_t n = 0, grain = 1;
    std::atomic<bool> tasks{false};
    alignas(64) std::atomic<int64_t> next{0};

    std::atomic<uint64_t> busy{0}; // cycles that all threads together spent in items

    static constexpr uint32_t kAwaited = 1u << 31;

    void work();
    void close(); // returns when no worker is inside
    void leave();
  };

  static constexpr size_t kEstimates = 1024;
  static constexpr int64_t kSpinNs = 100'000;            // about the longest pause between two loops of a model
  static constexpr uint64_t kWorthSharing = 10'000;      // cycles
  static constexpr uint64_t kTasksWorthSharing = 30'000; // and for each of them,
  static constexpr uint64_t kTaskWorthSharing = 2'000;   // which needs a frame

  void runParallel(wick_range_fn fn, void *env, int64_t n, int threads);
  Estimate &findEstimate(const void *fn, int64_t n, uint64_t &key);
  void share(wick_range_fn fn, void *env, int64_t n, int threads, bool tasks, Estimate &estimate);
  void assist(Slot &tasks);
  void ensureWorkers(int count);
  void wake(int count);
  void workerLoop();
  bool help(bool withTasks);

  static thread_local bool insideItem;
  static ThreadPool *current;

  Slot slots[kSlots];
  Estimate estimates[kEstimates];
  alignas(64) std::atomic<uint32_t> epoch{0}; // counts published loops; what workers park on
  std::atomic<int> parked{0};
  std::atomic<int> workers{0};
  std::mutex starting;
};

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_THREADPOOL_H
