//===- ThreadPoolTest.cpp - the pool runs each item exactly once ------------===//
#include "ThreadPool.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using wick::runtime::ThreadPool;

namespace {

struct Counts {
  std::vector<std::atomic<int>> hits;
  explicit Counts(size_t n) : hits(n) {}
  static void add(void *env, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      ++static_cast<Counts *>(env)->hits[i];
  }
  bool allOnce() const {
    for (const auto &hit : hits)
      if (hit != 1)
        return false;
    return true;
  }
};

TEST(ThreadPoolTest, RunsEachItemOnce) {
  for (int64_t n : {0, 1, 2, 3, 127, 128, 129, 1000, 100000})
    for (int threads : {1, 2, 5}) {
      Counts counts(n);
      ThreadPool::instance().run(Counts::add, &counts, n, threads);
      EXPECT_TRUE(counts.allOnce()) << n << " items, " << threads << " threads";
    }
}

TEST(ThreadPoolTest, NestsInline) {
  struct Outer {
    Counts counts{64 * 64};
    static void run(void *env, int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        struct Inner {
          Counts *counts;
          int64_t row;
        } inner{&static_cast<Outer *>(env)->counts, i};
        ThreadPool::instance().run(
            [](void *env, int64_t begin, int64_t end) {
              auto *inner = static_cast<Inner *>(env);
              Counts::add(inner->counts, inner->row * 64 + begin, inner->row * 64 + end);
            },
            &inner, 64, 4);
      }
    }
  } outer;
  ThreadPool::instance().run(Outer::run, &outer, 64, 4);
  EXPECT_TRUE(outer.counts.allOnce());
}

TEST(ThreadPoolTest, ServesManyCallers) {
  std::vector<std::thread> callers;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 24; ++t) // more than there are slots
    callers.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        Counts counts(37);
        ThreadPool::instance().run(Counts::add, &counts, 37, 3);
        wrong += !counts.allOnce();
      }
    });
  for (std::thread &caller : callers)
    caller.join();
  EXPECT_EQ(wrong, 0);
}

/// A loop is shared again when its work has grown, whatever its last run took.
TEST(ThreadPoolTest, SharesWhatIsWorthIt) {
  struct Work {
    std::atomic<int> threads{0};
    bool slow = false;
    static void run(void *env, int64_t begin, int64_t end) {
      auto *work = static_cast<Work *>(env);
      static thread_local Work *seen = nullptr;
      if (std::exchange(seen, work) != work)
        ++work->threads;
      if (work->slow)
        usleep(2000 * (end - begin));
    }
  };
  for (int round = 0; round < 100; ++round) {
    Work small;
    ThreadPool::instance().run(Work::run, &small, 8, 2);
  }
  Work large;
  large.slow = true;
  for (int round = 0; round < 2; ++round)
    ThreadPool::instance().run(Work::run, &large, 8, 2);
  EXPECT_EQ(large.threads, 2);
}

TEST(ThreadPoolTest, WakesParkedWorkers) {
  for (int round = 0; round < 20; ++round) {
    Counts counts(100);
    ThreadPool::instance().run(Counts::add, &counts, 100, 2);
    EXPECT_TRUE(counts.allOnce());
    usleep(1000);
  }
}

/// Loops of all sizes from more threads than the machine has cores, some nested, some after a pause that lets workers
/// park, some with items so long that callers sleep until their helpers have left.
TEST(ThreadPoolTest, SurvivesOversubscription) {
  struct Loop {
    Counts counts;
    int kind;
    static void run(void *env, int64_t begin, int64_t end) {
      auto *loop = static_cast<Loop *>(env);
      if (loop->kind == 0)
        usleep(100);
      if (loop->kind == 1) {
        Counts inner(7);
        ThreadPool::instance().run(Counts::add, &inner, 7, 4);
        EXPECT_TRUE(inner.allOnce());
      }
      Counts::add(&loop->counts, begin, end);
    }
  };
  std::vector<std::thread> callers;
  std::atomic<int> wrong{0};
  for (unsigned t = 0; t < 32; ++t)
    callers.emplace_back([&, random = t + 1]() mutable {
      for (int i = 0; i < 300; ++i) {
        random = random * 1103515245 + 12345;
        unsigned draw = random >> 16;
        int kind = draw % 8;
        int64_t n = kind == 0 ? 1 + draw % 5 : 1 + draw % 200;
        Loop loop{Counts(n), kind};
        ThreadPool::instance().run(Loop::run, &loop, n, 1 + draw % 6);
        wrong += !loop.counts.allOnce();
        if (draw % 50 == 0)
          usleep(300);
      }
    });
  for (std::thread &caller : callers)
    caller.join();
  EXPECT_EQ(wrong, 0);
}

#if !defined(__SANITIZE_THREAD__)
TEST(ThreadPoolTest, WorksInAForkedChild) {
  Counts before(100);
  ThreadPool::instance().run(Counts::add, &before, 100, 3);
  pid_t child = fork();
  if (child == 0) {
    Counts counts(100);
    ThreadPool::instance().run(Counts::add, &counts, 100, 3);
    _exit(counts.allOnce() ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}
#endif

} // namespace
