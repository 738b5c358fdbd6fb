//===- Tasks.cpp - parts of a call that run beside each other ---------------===//
//
// Each task has a frame of its own, for an arena, what it makes and an error; what it computes with belongs to the
// caller's frame, which waits. Whatever runs when, what comes out is what running the tasks in turn gives:
//
// * of several errors that of the first task in order counts. A task that fails stops those behind it, which might
//   never end without what it has checked, and not those before it;
// * beside each other tasks need more memory. Where it does not suffice they run once more, in turn: they have changed
//   nothing.
//
// Who stops a call stops its tasks. A task begins with its caller's `waiting` held, and so does a stop look for those
// that have begun: none is missed.
//
//===----------------------------------------------------------------------===//
#include "Call.h"
#include "ThreadPool.h"

#include <algorithm>
#include <utility>

using namespace wick::runtime;

namespace wick::runtime {
class TaskGroup {
public:
  TaskGroup(Frame &caller, const wick_task *tasks, int64_t count) : caller(caller), tasks(tasks), count(count) {}
  ~TaskGroup();

  /// Throws when there is no memory for the frames.
  void acquire();
  /// Runs all tasks and returns the status of the first one that failed.
  int32_t run(int32_t threads);
  /// Hands the results, or the error, to the caller.
  int32_t finish();
  /// Gives memory that the frames would keep back.
  void clear();

  /// How many threads a loop of one of the tasks may use: what is left when each has one.
  int32_t threadsOfTask() const noexcept {
    return std::max(1, caller.threads() / std::max(1, int32_t(unfinished.load(std::memory_order_relaxed))));
  }
  /// With the caller's `waiting` held.
  void stop(wick_status why, int64_t first = 0) noexcept {
    for (size_t i = first; i < frames.size(); ++i)
      frames[i]->stop(why);
  }

private:
  void run(Frame &frame, int64_t index);

  Frame &caller;
  const wick_task *const tasks;
  const int64_t count;
  std::vector<Frame *> frames;
  int64_t failed = count; // the first task that has
  int32_t status = WICK_OK;
  std::atomic<int64_t> unfinished{count};
};
} // namespace wick::runtime

TaskGroup::~TaskGroup() {
  for (Frame *frame : frames) {
    frame->releaseCreated();
    frame->failed.store(false, std::memory_order_relaxed);
    frame->group = nullptr;
    caller.owner->giveBack(frame);
  }
}

void TaskGroup::acquire() {
  frames.reserve(count);
  for (int64_t i = 0; i < count; ++i) {
    frames.push_back(caller.owner->acquire());
    frames.back()->group = this;
  }
}

void TaskGroup::clear() {
  for (Frame *frame : frames)
    frame->arena.clear(caller.owner->budget);
}

void TaskGroup::run(Frame &frame, int64_t index) {
  {
    std::lock_guard lock(caller.waiting);
    if (failed < index)
      return;
    frame.begin();
    if (int32_t why = __atomic_load_n(&caller.interrupted, __ATOMIC_RELAXED); why > 0)
      frame.stop(wick_status(why));
  }
  const wick_task &task = tasks[index];
  Budget *previous = std::exchange(Budget::current, caller.owner->budget);
  int32_t given = task.function(&frame, task.args, task.results);
  Budget::current = previous;
  // Kernels fail without a status.
  if (given == WICK_OK && frame.failed.load(std::memory_order_relaxed))
    given = frame.error.status;
  std::lock_guard lock(caller.waiting);
  frame.end();
  if (given == WICK_OK || failed < index)
    return;
  failed = index;
  status = given;
  stop(WICK_ERROR_CANCELLED, index + 1);
}

int32_t TaskGroup::run(int32_t threads) {
  {
    std::lock_guard lock(caller.waiting);
    caller.tasks = this;
  }
  auto runRange = [](void *env, int64_t begin, int64_t end) {
    auto &group = *static_cast<TaskGroup *>(env);
    for (int64_t i = begin; i < end; ++i) {
      group.run(*group.frames[i], i);
      group.unfinished.fetch_sub(1, std::memory_order_relaxed);
    }
  };
  ThreadPool::instance().runTasks(reinterpret_cast<const void *>(tasks->function), runRange, this, count, threads);
  std::lock_guard lock(caller.waiting);
  caller.tasks = nullptr;
  return status;
}

/// Makes a frame the owner of what a task gave; says whether there was memory for it.
static bool adopt(Frame &frame, const wick_task &task) noexcept {
  bool isKept = true;
  for (int64_t i = 0; i < task.result_count; ++i)
    try {
      if (task.results[i].u.p)
        frame.keep(task.results[i]);
    } catch (...) {
      isKept = false; // and this one is released
    }
  if (!isKept)
    raiseMemory(&frame);
  return isKept;
}

int32_t TaskGroup::finish() {
  if (status == WICK_OK) {
    for (int64_t i = 0; i < count; ++i)
      if (!adopt(caller, tasks[i]))
        status = WICK_ERROR_MEMORY;
    return status;
  }
  for (int64_t i = 0; i < count; ++i)
    for (int64_t k = 0; k < tasks[i].result_count; ++k)
      wick_value_release(&tasks[i].results[k]);
  Frame &frame = *frames[failed];
  if (status != WICK_ERROR_MEMORY && frame.failed && !caller.failed.exchange(true)) {
    caller.error = std::move(frame.error);
    caller.location = frame.location;
  }
  return status;
}

/// Runs tasks as parts of the call. What one leaves behind is released when it is much.
static int32_t runInTurn(Frame &frame, const wick_task *tasks, int64_t count) noexcept {
  for (int64_t i = 0; i < count; ++i) {
    const wick_task &task = tasks[i];
    std::fill_n(task.results, task.result_count, wick_value{});
    wick_mark mark;
    markLoop(&frame, &mark);
    int32_t status = task.function(&frame, task.args, task.results);
    if (status != WICK_OK)
      return status;
    if (!adopt(frame, task))
      return WICK_ERROR_MEMORY;
    if (frame.made > mark.limit)
      status = releaseIteration(&frame, &mark, task.results, task.result_count, nullptr, nullptr, 0);
    if (status != WICK_OK)
      return status;
  }
  return WICK_OK;
}

int32_t wick::runtime::runTasks(wick_context *ctx, const wick_task *tasks, int64_t count) noexcept {
  Frame &frame = *static_cast<Frame *>(ctx);
  int32_t threads = frame.threads();
  if (threads == 1 || count < 2)
    return runInTurn(frame, tasks, count);
  if (auto *estimate = ThreadPool::instance().findQuick(reinterpret_cast<const void *>(tasks->function), count)) {
    uint64_t start = __builtin_ia32_rdtsc();
    int32_t status = runInTurn(frame, tasks, count);
    estimate->cycles.store(__builtin_ia32_rdtsc() - start, std::memory_order_relaxed);
    return status;
  }
  int32_t status = WICK_ERROR_MEMORY;
  try {
    TaskGroup group(frame, tasks, count);
    group.acquire();
    for (int64_t i = 0; i < count; ++i)
      std::fill_n(tasks[i].results, tasks[i].result_count, wick_value{});
    group.run(threads);
    status = group.finish();
    if (status == WICK_ERROR_MEMORY)
      group.clear();
  } catch (const std::bad_alloc &) {
  }
  return status == WICK_ERROR_MEMORY && !frame.failed ? runInTurn(frame, tasks, count) : status;
}

void Frame::stop(wick_status why) noexcept {
  int32_t running = 0;
  __atomic_compare_exchange_n(&interrupted, &running, why, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  std::lock_guard lock(waiting);
  if (tasks)
    tasks->stop(why);
}

int32_t Frame::threads() const noexcept { return group ? group->threadsOfTask() : owner->threads; }
