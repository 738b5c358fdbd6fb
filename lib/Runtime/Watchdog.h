//===- Watchdog.h - ends calls that take too long ----------------*- C++ -*-===//
#ifndef WICK_LIB_RUNTIME_WATCHDOG_H
#define WICK_LIB_RUNTIME_WATCHDOG_H

#include "Call.h"

#include <chrono>
#include <condition_variable>
#include <map>

namespace wick::runtime {

/// One thread for all calls of the process that have a limit of time; it sleeps until the next one is due. Calls
/// without a limit do not come here.
class Watchdog {
public:
  static Watchdog &instance();

  /// Stops the call in `frame` after some nanoseconds, unless it is forgotten before. Throws when no thread can be
  /// made.
  void watch(Frame *frame, int64_t nanoseconds);
  void forget(Frame *frame) noexcept;

private:
  using Clock = std::chrono::steady_clock;

  void run();

  std::mutex mutex;
  std::condition_variable changed;
  std::multimap<Clock::time_point, Frame *> due;
  bool running = false;
};

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_WATCHDOG_H
