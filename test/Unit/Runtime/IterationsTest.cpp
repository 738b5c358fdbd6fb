//===- IterationsTest.cpp - what iterations of a loop leave behind -----------===//
#include "Functions/Functions.h"
#include "TestArtifact.h"

#include <cstring>
#include <numeric>

using namespace wick::runtime;
using namespace wick::test;

namespace {

/// Marks and releases as generated code does.
class IterationsTest : public testing::Test {
protected:
  IterationsTest() : module(load(Parts::valid().zip())) { session = makeSession(0); }
  ~IterationsTest() override { end(); }

  SessionPtr makeSession(int64_t memoryLimit) {
    wick_session *made = nullptr;
    wick_session_options options{sizeof(wick_session_options), 1, memoryLimit, 0, nullptr};
    EXPECT_EQ(wick_session_new(module.get(), &options, &made, nullptr), WICK_OK);
    frame.owner = made;
    frame.api = &runtimeApi;
    return SessionPtr(made);
  }
  void end() {
    frame.releaseCreated();
    frame.arena.reset(frame.owner->budget);
  }

  /// A tensor of the call whose end is counted.
  wick_value make(int64_t count = 4) {
    elements.emplace_back(count, 1.f);
    wick_tensor *tensor = nullptr;
    auto countEnd = [](void *ended) { ++*static_cast<int *>(ended); };
    wick_tensor_borrow(elements.back().data(), WICK_F32, 1, &count, nullptr, countEnd, &ended, &tensor, nullptr);
    return frame.keep(makeReference(WICK_TENSOR_VALUE, tensor));
  }
  wick_value list(std::vector<wick_value> items) {
    wick_value result{};
    EXPECT_EQ(invoke(&frame, WICK_FN_LIST_NEW, items.data(), items.size(), &result, -1), WICK_OK);
    return result;
  }
  void setItem(wick_value list, int64_t index, wick_value item) {
    wick_value arguments[] = {list, makeInt(index), item}, result{};
    EXPECT_EQ(invoke(&frame, WICK_FN_SET_ITEM, arguments, 3, &result, -1), WICK_OK);
  }
  int *takeNumbers(int64_t count, int first) {
    auto *memory = static_cast<int *>(frame.api->arena(&frame, count * sizeof(int)));
    std::iota(memory, memory + count, first);
    return memory;
  }
  wick_mark mark() {
    wick_mark made;
    frame.api->mark(&frame, &made);
    return made;
  }
  void release(wick_mark &mark, std::vector<wick_value> values, std::vector<void **> buffers = {},
               std::vector<int64_t> bytes = {}) {
    std::vector<void *> addresses;
    for (void **buffer : buffers)
      addresses.push_back(*buffer);
    EXPECT_EQ(frame.api->release(&frame, &mark, values.data(), values.size(), addresses.data(), bytes.data(),
                                 addresses.size()),
              WICK_OK);
    for (size_t i = 0; i < buffers.size(); ++i)
      *buffers[i] = addresses[i];
  }

  ModulePtr module;
  Frame frame;
  SessionPtr session;
  std::vector<std::vector<float>> elements;
  int ended = 0;
};

TEST_F(IterationsTest, ReleasesWhatIsNotHandedOn) {
  wick_value before = make();
  wick_mark loop = mark();
  wick_value carried = make();
  make(), list({make(), make()});
  release(loop, {carried, carried, makeInt(3), {WICK_NONE, 0, {}}, {WICK_TENSOR_VALUE, 0, {}}});
  EXPECT_EQ(ended, 3);
  release(loop, {before}); // an iteration that goes back to where it began
  EXPECT_EQ(ended, 4);
  EXPECT_EQ(static_cast<wick_tensor *>(before.u.p)->data, elements[0].data());
  end();
  EXPECT_EQ(ended, 5);
}

TEST_F(IterationsTest, ContainersKeepWhatTheyHold) {
  wick_mark loop = mark();
  wick_value pair = list({make(), make()});
  release(loop, {pair});
  EXPECT_EQ(ended, 0);
  setItem(pair, 0, makeInt(1)); // to the call, which owns it until the end of the iteration
  EXPECT_EQ(ended, 0);
  release(loop, {pair});
  EXPECT_EQ(ended, 1);
  release(loop, {});
  EXPECT_EQ(ended, 2);
}

TEST_F(IterationsTest, KeepsWhatWasRead) {
  wick_mark outer = mark();
  wick_value holder = list({make()});
  wick_value read = static_cast<wick_sequence *>(holder.u.p)->items[0];
  release(outer, {holder});
  wick_value none{WICK_TENSOR_VALUE, 0, {}}; // what no path has set
  const wick_value kept[] = {read, makeInt(1), none};
  EXPECT_EQ(frame.api->keep(&frame, kept, 3), WICK_OK);
  wick_mark inner = mark();
  setItem(holder, 0, makeInt(0));
  make();
  release(inner, {});
  EXPECT_EQ(ended, 1); // only what the iteration made
  release(outer, {holder});
  EXPECT_EQ(ended, 2);
}

TEST_F(IterationsTest, MovesBuffers) {
  int *before = takeNumbers(100, 1);
  wick_mark loop = mark();
  takeNumbers(1000, 5000);
  int *first = takeNumbers(1000, 1000);
  takeNumbers(100000, 5000); // another block
  int *second = takeNumbers(3000, 2000), *same = first, *middle = second + 100, *outside = before;
  int *const old = first;
  auto address = [](int *&pointer) { return reinterpret_cast<void **>(&pointer); };
  release(loop, {}, {address(second), address(first), address(same), address(middle), address(outside)},
          {3000 * 4, 1000 * 4, 500 * 4, 10 * 4, 100 * 4});
  EXPECT_NE(first, old);
  EXPECT_EQ(same, first);
  EXPECT_EQ(middle, second + 100);
  EXPECT_EQ(outside, before);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(second) % kAlignment, 0u);
  for (int i = 0; i < 1000; ++i)
    ASSERT_EQ(first[i], 1000 + i);
  for (int i = 0; i < 3000; ++i)
    ASSERT_EQ(second[i], 2000 + i);
  for (int i = 0; i < 100; ++i)
    ASSERT_EQ(before[i], 1 + i);
}

TEST_F(IterationsTest, KeepsTensorsOfBuffers) {
  wick_mark loop = mark();
  make(16), make(16);
  void *buffer = &elements[0][4], *const old = buffer;
  release(loop, {}, {&buffer}, {8});
  EXPECT_EQ(buffer, old);
  EXPECT_EQ(ended, 1);
  void *empty = nullptr;
  release(loop, {}, {&empty}, {0});
  EXPECT_EQ(ended, 2);
}

TEST_F(IterationsTest, HoldsNoMoreThanSurvives) {
  session = makeSession(1 << 20);
  wick_mark loop = mark();
  void *cache = takeNumbers(10, 0);
  for (int count = 11; count < 100000; count += 997) { // 200 KB, of which each iteration makes a bit more
    int *next = takeNumbers(count, 0);
    ASSERT_TRUE(next);
    cache = next;
    release(loop, {}, {&cache}, {count * 4});
    ASSERT_EQ(static_cast<int *>(cache)[count - 1], count - 1);
  }
  for (int i = 0; i < 100; ++i) {
    int64_t sizes[] = {100000};
    ASSERT_TRUE(frame.api->tensor_new(&frame, WICK_F32, 1, sizes));
    release(loop, {});
  }
}

TEST_F(IterationsTest, LooksWhenMuchWasMade) {
  wick_mark loop = mark();
#if !defined(__SANITIZE_ADDRESS__)
  EXPECT_GT(loop.limit, frame.made + 1000);
#endif
  int64_t before = frame.made;
  wick_value large = make(1 << 20);
  EXPECT_GE(frame.made, before + (4 << 20));
  EXPECT_GT(frame.made, loop.limit);
  release(loop, {large});
#if !defined(__SANITIZE_ADDRESS__)
  EXPECT_GT(loop.limit, frame.made + (4 << 20)); // not before as much was made again
#endif
  EXPECT_EQ(frame.api->arena(&frame, INT64_MAX), nullptr);
  frame.failed = false;
}

} // namespace
