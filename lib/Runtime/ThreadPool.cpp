//===- ThreadPool.cpp - runs independent items on several threads -----------===//
#include "ThreadPool.h"

#include <algorithm>
#include <climits>
#include <ctime>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>
#include <utility>

using namespace wick::runtime;

thread_local bool ThreadPool::insideItem = false;
ThreadPool *ThreadPool::current = nullptr;

static void relax() { __builtin_ia32_pause(); }

static void futexWait(std::atomic<uint32_t> &word, uint32_t seen) {
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, seen, nullptr, nullptr, 0);
}

static void futexWake(std::atomic<uint32_t> &word, int count) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

static int64_t nowNs() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000ll + time.tv_nsec;
}

// Never destroyed: workers are detached and may outlive static destruction.
ThreadPool &ThreadPool::instance() {
  static bool once = [] {
    current = new ThreadPool;
    // Threads do not survive fork; the child leaves the parent's pool behind and starts afresh.
    pthread_atfork(nullptr, nullptr, [] { current = new ThreadPool; });
    return true;
  }();
  (void)once;
  return *current;
}

void ThreadPool::Slot::work() {
  uint64_t start = __builtin_ia32_rdtsc();
  bool outer = std::exchange(insideItem, !tasks.load(std::memory_order_relaxed));
  for (int64_t begin; (begin = next.fetch_add(grain, std::memory_order_relaxed)) < n;)
    fn(env, begin, std::min(begin + grain, n));
  insideItem = outer;
  busy.fetch_add(__builtin_ia32_rdtsc() - start, std::memory_order_relaxed);
}

void ThreadPool::Slot::close() {
  open.store(false);
  // Most often the last ranges end together. Where they do not, a helper may have lost its core: yielding in a loop
  // would take the time that it needs, so the caller sleeps.
  constexpr int64_t kSpinNs = 50'000;
  for (int64_t until = nowNs() + kSpinNs; inside.load() && nowNs() < until;)
    for (int i = 0; i < 16 && inside.load(); ++i)
      relax();
  if (!inside.load())
    return;
  for (uint32_t seen = inside.fetch_or(kAwaited) | kAwaited; seen != kAwaited; seen = inside.load())
    futexWait(inside, seen);
  inside.fetch_and(~kAwaited);
}

void ThreadPool::Slot::leave() {
  if (inside.fetch_sub(1) == kAwaited + 1)
    futexWake(inside, 1);
}

ThreadPool::Estimate &ThreadPool::findEstimate(const void *fn, int64_t n, uint64_t &key) {
  key = (reinterpret_cast<uint64_t>(fn) ^ uint64_t(n) << 48 ^ uint64_t(n) >> 16) * 0x9E3779B97F4A7C15u | 1;
  static_assert(kEstimates == 1 << (64 - 54));
  return estimates[key >> 54];
}

ThreadPool::Estimate *ThreadPool::findQuick(const void *tasks, int64_t n) {
  uint64_t key;
  Estimate &estimate = findEstimate(tasks, n, key);
  bool isQuick = estimate.key.load(std::memory_order_relaxed) == key &&
                 estimate.cycles.load(std::memory_order_relaxed) < kTasksWorthSharing + n * kTaskWorthSharing;
  return isQuick ? &estimate : nullptr;
}

void ThreadPool::runTasks(const void *tasks, wick_range_fn fn, void *env, int64_t n, int threads) {
  uint64_t key;
  Estimate &estimate = findEstimate(tasks, n, key);
  ensureWorkers(threads - 1);
  share(fn, env, n, threads, /*tasks=*/true, estimate);
  estimate.key.store(key, std::memory_order_relaxed);
}

void ThreadPool::runParallel(wick_range_fn fn, void *env, int64_t n, int threads) {
  uint64_t key;
  Estimate &estimate = findEstimate(reinterpret_cast<const void *>(fn), n, key);
  if (estimate.key.load(std::memory_order_relaxed) != key ||
      estimate.cycles.load(std::memory_order_relaxed) >= kWorthSharing) {
    share(fn, env, n, threads, /*tasks=*/false, estimate);
    estimate.key.store(key, std::memory_order_relaxed);
    return;
  }
  uint64_t start = __builtin_ia32_rdtsc();
  insideItem = true;
  fn(env, 0, n);
  insideItem = false;
  estimate.cycles.store(__builtin_ia32_rdtsc() - start, std::memory_order_relaxed);
}

void ThreadPool::share(wick_range_fn fn, void *env, int64_t n, int threads, bool tasks, Estimate &estimate) {
  Slot *slot = nullptr;
  for (Slot &candidate : slots)
    if (!candidate.taken.load(std::memory_order_relaxed) && !candidate.taken.exchange(true)) {
      slot = &candidate;
      break;
    }
  if (!slot) {
    insideItem = !tasks;
    fn(env, 0, n);
    insideItem = false;
    return;
  }
  int helpers = std::min<int64_t>(threads - 1, n - 1);
  ensureWorkers(helpers);
  slot->fn = fn;
  slot->env = env;
  slot->n = n;
  slot->grain = (n + kRanges - 1) / kRanges;
  slot->helpers = helpers;
  slot->tasks.store(tasks);
  slot->next.store(0);
  slot->busy.store(0);
  slot->open.store(true);
  epoch.fetch_add(1);
  wake(helpers);
  slot->work();
  if (tasks)
    assist(*slot);
  slot->close();
  estimate.cycles.store(slot->busy.load(), std::memory_order_relaxed);
  slot->taken.store(false);
}

/// Works on loops while others are at the last tasks, unless there has been none for a while.
void ThreadPool::assist(Slot &tasks) {
  tasks.open.store(false);
  for (int64_t until = nowNs() + kSpinNs; tasks.inside.load() && nowNs() < until;)
    if (help(/*withTasks=*/false))
      until = nowNs() + kSpinNs;
    else
      for (int i = 0; i < 16; ++i)
        relax();
}

void ThreadPool::wake(int count) {
  int sleeping = parked.load();
  if (sleeping > 0)
    futexWake(epoch, std::min(count, sleeping));
}

void ThreadPool::ensureWorkers(int count) {
  count = std::min(count, kMaxWorkers);
  if (workers.load(std::memory_order_acquire) >= count)
    return;
  std::lock_guard lock(starting);
  while (workers.load() < count) {
    try {
      std::thread([this] { workerLoop(); }).detach();
    } catch (const std::system_error &) {
      return; // no more threads: those there are do the work
    }
    workers.fetch_add(1);
  }
}

/// Works on every open loop once; says whether there was any.
bool ThreadPool::help(bool withTasks) {
  bool helped = false;
  for (Slot &slot : slots) {
    if (!slot.open.load(std::memory_order_relaxed))
      continue;
    uint32_t before = slot.inside.fetch_add(1);
    if (slot.open.load() && (withTasks || !slot.tasks.load()) && before < slot.helpers &&
        slot.next.load(std::memory_order_relaxed) < slot.n) {
      slot.work();
      helped = true;
    }
    slot.leave();
  }
  return helped;
}

void ThreadPool::workerLoop() {
  while (true) {
    uint32_t seen = epoch.load();
    if (help(/*withTasks=*/true))
      continue;
    for (int64_t until = nowNs() + kSpinNs; epoch.load() == seen && nowNs() < until;)
      for (int i = 0; i < 16; ++i)
        relax();
    if (epoch.load() != seen)
      continue;
    // Counted before the last look at the epoch, which the kernel takes: a loop published
    // meanwhile either changes what we wait on or sees us parked.
    parked.fetch_add(1);
    futexWait(epoch, seen);
    parked.fetch_sub(1);
  }
}
