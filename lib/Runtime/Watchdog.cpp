//===- Watchdog.cpp - ends calls that take too long -------------------------===//
#include "Watchdog.h"

#include <algorithm>
#include <pthread.h>
#include <thread>

using namespace wick::runtime;

static Watchdog *current = nullptr;

// Never destroyed, as the thread pool; and like it made anew in a child after fork, where the thread is not.
Watchdog &Watchdog::instance() {
  static bool once = [] {
    current = new Watchdog;
    pthread_atfork(nullptr, nullptr, [] { current = new Watchdog; });
    return true;
  }();
  (void)once;
  return *current;
}

void Watchdog::watch(Frame *frame, int64_t nanoseconds) {
  Clock::time_point now = Clock::now();
  std::chrono::nanoseconds left(nanoseconds);
  std::lock_guard lock(mutex);
  auto added = due.emplace(left < Clock::time_point::max() - now ? now + left : Clock::time_point::max(), frame);
  if (!running) {
    try {
      std::thread([this] { run(); }).detach();
    } catch (...) {
      due.erase(added);
      throw;
    }
    running = true;
  } else if (added == due.begin()) {
    changed.notify_one();
  }
}

void Watchdog::forget(Frame *frame) noexcept {
  std::lock_guard lock(mutex);
  auto found = std::find_if(due.begin(), due.end(), [&](auto &entry) { return entry.second == frame; });
  if (found != due.end())
    due.erase(found);
}

void Watchdog::run() {
  std::unique_lock lock(mutex);
  while (true) {
    if (due.empty()) {
      changed.wait(lock);
      continue;
    }
    auto first = due.begin();
    if (Clock::now() < first->first) {
      changed.wait_until(lock, first->first);
      continue;
    }
    first->second->stop(WICK_ERROR_TIME);
    due.erase(first);
  }
}
