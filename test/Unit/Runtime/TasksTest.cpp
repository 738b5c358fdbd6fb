//===- TasksTest.cpp - parts of a call that run beside each other -----------===//
#include "Functions/Functions.h"
#include "TestArtifact.h"

#include <chrono>
#include <cstring>
#include <functional>
#include <thread>

using namespace wick::runtime;
using namespace wick::test;

namespace {

/// Runs tasks as generated code does; arguments of a task are its number and its body.
class TasksTest : public testing::TestWithParam<int> {
protected:
  using Body = std::function<int32_t(Frame &, wick_value *)>;

  TasksTest() : module(load(Parts::valid().zip())) { start(0); }
  ~TasksTest() override { end(); }

  void start(int64_t memoryLimit) {
    wick_session *made = nullptr;
    wick_session_options options{sizeof(wick_session_options), GetParam(), memoryLimit, 0, nullptr};
    ASSERT_EQ(wick_session_new(module.get(), &options, &made, nullptr), WICK_OK);
    session.reset(made);
    frame = session->acquire();
    frame->begin();
  }
  void end() {
    frame->end();
    frame->releaseCreated();
    frame->failed = false;
    session->giveBack(frame);
  }

  static int32_t runBody(wick_context *ctx, const wick_value *args, wick_value *results) {
    return (*static_cast<Body *>(args->u.p))(*static_cast<Frame *>(ctx), results);
  }
  /// Each of the tasks has one result.
  int32_t run(Frame &caller, std::vector<Body> bodies, std::vector<wick_value> &results) {
    results.assign(bodies.size(), intValue(-1));
    std::vector<wick_value> args(bodies.size());
    std::vector<wick_task> tasks;
    for (size_t i = 0; i < bodies.size(); ++i) {
      args[i].u.p = &bodies[i];
      tasks.push_back({runBody, &args[i], &results[i], 1});
    }
    return caller.api->run_tasks(&caller, tasks.data(), tasks.size());
  }
  int32_t run(std::vector<Body> bodies) { return run(*frame, std::move(bodies), results); }

  static Body give(int64_t number) {
    return [=](Frame &, wick_value *result) {
      *result = intValue(number);
      return WICK_OK;
    };
  }
  static int32_t fail(Frame &frame, const char *message) {
    return frame.api->raise(&frame, WICK_ERROR_RAISED, "ValueError", 10, message, std::strlen(message), 7);
  }
  /// Until the call is to end.
  static int32_t wait(Frame &frame, wick_value *) {
    while (!__atomic_load_n(&frame.interrupted, __ATOMIC_RELAXED))
      std::this_thread::yield();
    return frame.api->interrupt(&frame, 3);
  }
  static Body pause(int milliseconds, Body then) {
    return [=](Frame &frame, wick_value *result) {
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
      return then(frame, result);
    };
  }

  ModulePtr module;
  SessionPtr session;
  Frame *frame;
  std::vector<wick_value> results;
};

TEST_P(TasksTest, GivesWhatTasksGive) {
  for (int64_t count : {0, 1, 2, 3, 100, 300}) {
    std::vector<Body> bodies;
    for (int64_t i = 0; i < count; ++i)
      bodies.push_back(give(i));
    ASSERT_EQ(run(bodies), WICK_OK);
    for (int64_t i = 0; i < count; ++i)
      EXPECT_EQ(results[i].u.i, i);
  }
}

/// Each waits for the other. That tasks were quick before, so that they run in turn, is noticed after one run.
TEST_P(TasksTest, RunBesideEachOther) {
  bool met = false;
  for (int i = 0; i < 2 && !met; ++i) {
    std::atomic<int> here{0};
    Body meet = [&](Frame &, wick_value *result) {
      auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(GetParam() == 1 || i == 0 ? 50 : 20000);
      for (++here; here < 2 && std::chrono::steady_clock::now() < until;)
        std::this_thread::yield();
      *result = intValue(here);
      return WICK_OK;
    };
    ASSERT_EQ(run({meet, meet}), WICK_OK);
    met = results[0].u.i == 2;
  }
  EXPECT_EQ(met, GetParam() > 1);
}

/// What tasks made and do not give goes with them; the rest goes with the call.
TEST_P(TasksTest, HandsReferencesOn) {
  Body make = [](Frame &frame, wick_value *result) {
    for (int64_t i = 0; i < 1000; ++i) {
      int64_t sizes[] = {i % 7};
      wick_tensor *tensor = frame.api->tensor_new(&frame, WICK_F32, 1, sizes);
      if (!tensor || !frame.api->arena(&frame, 1000))
        return int32_t(WICK_ERROR_MEMORY);
      if (i == 500) {
        frame.api->tensor_retain(tensor);
        *result = makeReference(WICK_TENSOR_VALUE, tensor);
      }
    }
    return int32_t(WICK_OK);
  };
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(run({make, make, pause(1, make)}), WICK_OK);
    for (const wick_value &value : results)
      EXPECT_EQ(static_cast<wick_tensor *>(value.u.p)->sizes[0], 500 % 7);
  }
  EXPECT_GE(frame->created.size(), 60u);
}

/// Whichever fails first.
TEST_P(TasksTest, RaisesTheFirstErrorInOrder) {
  auto raise = [](const char *text) -> Body { return [=](Frame &frame, wick_value *) { return fail(frame, text); }; };
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(run({give(1), pause(2, raise("first")), raise("second"), give(2)}), WICK_ERROR_RAISED);
    EXPECT_TRUE(frame->failed);
    EXPECT_EQ(frame->error.message, "first");
    EXPECT_EQ(frame->error.cls, "ValueError");
    EXPECT_EQ(frame->location, 7);
    frame->failed = false;
    EXPECT_EQ(run({give(1), give(2)}), WICK_OK);
    EXPECT_FALSE(frame->failed);
  }
}

/// Kernels fail without a status.
TEST_P(TasksTest, SeesErrorsWithoutStatus) {
  run({give(1), [](Frame &frame, wick_value *result) {
         fail(frame, "kernel");
         *result = intValue(0);
         return WICK_OK;
       }});
  EXPECT_TRUE(frame->failed);
  EXPECT_EQ(frame->error.message, "kernel");
}

/// Of a task that would not end by itself.
TEST_P(TasksTest, StopsWhatIsBehindAnError) {
  EXPECT_EQ(run({pause(2, [](Frame &frame, wick_value *) { return fail(frame, "checked"); }), wait}),
            WICK_ERROR_RAISED);
  EXPECT_EQ(frame->error.message, "checked");
}

TEST_P(TasksTest, StopsWithTheCall) {
  for (wick_status why : {WICK_ERROR_CANCELLED, WICK_ERROR_TIME}) {
    for (int milliseconds : {0, 1}) {
      std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
        frame->stop(why);
      });
      EXPECT_EQ(run({wait, give(1), wait, wait}), why);
      other.join();
      EXPECT_TRUE(frame->failed);
      frame->failed = false;
      frame->begin();
    }
  }
  EXPECT_EQ(run({give(1), give(2)}), WICK_OK);
}

/// Tasks that have tasks, which run loops.
TEST_P(TasksTest, Nests) {
  std::vector<std::atomic<int>> hits(3 * 3 * 1000);
  auto loop = [&](int64_t outer, int64_t inner) -> Body {
    return [=, &hits](Frame &frame, wick_value *result) {
      std::atomic<int> *mine = &hits[(outer * 3 + inner) * 1000];
      for (int i = 0; i < 10; ++i)
        frame.api->parallel_for(
            &frame,
            [](void *env, int64_t begin, int64_t end) {
              for (int64_t k = begin; k < end; ++k)
                ++static_cast<std::atomic<int> *>(env)[k];
            },
            mine, 1000);
      *result = intValue(outer * 3 + inner);
      return WICK_OK;
    };
  };
  auto nest = [&](int64_t outer) -> Body {
    return [=, this](Frame &frame, wick_value *result) {
      std::vector<wick_value> inner;
      int32_t status = run(frame, {loop(outer, 0), loop(outer, 1), loop(outer, 2)}, inner);
      *result = intValue(inner[0].u.i + inner[1].u.i + inner[2].u.i);
      return status;
    };
  };
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(run({nest(0), nest(1), nest(2)}), WICK_OK);
    EXPECT_EQ(results[2].u.i, 6 + 7 + 8);
  }
  for (auto &hit : hits)
    EXPECT_EQ(hit, 200);
}

/// Where tasks beside each other need more than the limit they run in turn.
TEST_P(TasksTest, FitsWhereOneAfterTheOtherFits) {
  end();
  start(int64_t(10) << 20);
  Body much = [](Frame &frame, wick_value *result) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    void *memory = frame.api->alloc(&frame, int64_t(6) << 20);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    frame.api->free(&frame, memory);
    *result = intValue(1);
    return int32_t(memory ? WICK_OK : WICK_ERROR_MEMORY);
  };
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(run({much, much, much}), WICK_OK);
    EXPECT_FALSE(frame->failed);
  }
  EXPECT_EQ(run({give(1),
                 [](Frame &frame, wick_value *) {
                   return int32_t(frame.api->arena(&frame, int64_t(11) << 20) ? WICK_OK : WICK_ERROR_MEMORY);
                 }}),
            WICK_ERROR_MEMORY);
  EXPECT_TRUE(frame->failed);
  EXPECT_EQ(frame->error.message, "the session's memory limit is reached");
}

INSTANTIATE_TEST_SUITE_P(Threads, TasksTest, testing::Values(1, 2, 5));

} // namespace
