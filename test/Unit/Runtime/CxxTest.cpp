//===- CxxTest.cpp - the C++ face of the runtime ----------------------------===//
#include "TestArtifact.h"
#include "wick/Runtime/wick.hpp"

using namespace wick;

namespace {

TEST(CxxTest, CallsMethods) {
  Module module = Module::fromMemory(test::Parts::valid().zip());
  EXPECT_EQ(module.name(), "Test");
  EXPECT_EQ(module.signatures()[3], "same(x: Tensor) -> Tensor");
  Session session(module, {1, 0});
  std::vector<float> data = {1, 2, 3};
  Tensor x = Tensor::borrow(data.data(), {1, 3});
  Tensor y = session.call("add", x, x).tensor();
  EXPECT_EQ(y.sizes(), (std::vector<int64_t>{1, 3}));
  EXPECT_EQ(y.data<float>()[2], 6);
  EXPECT_THROW(y.data<double>(), std::invalid_argument);
  Tensor v = Tensor::make(WICK_F32, {1});
  std::vector<Value> items = session.call("unpack", Value::tuple({v, 4}), 2.0, Value()).items();
  EXPECT_EQ(items[0].tensor().get(), v.get());
  EXPECT_EQ(items[1].items()[0].number(), 8.0);
  EXPECT_TRUE(items[1].items()[1].isNone());
  EXPECT_THROW(items[0].integer(), std::invalid_argument);
  EXPECT_EQ(Value(std::complex<double>(1, -2)).complex(), std::complex<double>(1, -2));
  Value node = session.call("make", 0, -1);
  EXPECT_TRUE(node.attribute("next").isNone());
  EXPECT_THROW(node.attribute("previous"), std::invalid_argument);
  EXPECT_THROW(node.member(), std::invalid_argument);
  EXPECT_EQ(session.call("make", 1, 1).member(), "BLUE");
}

TEST(CxxTest, ThrowsErrors) {
  Session session(Module::fromMemory(test::Parts::valid().zip()));
  try {
    session.call("fail", 0, 1);
    FAIL();
  } catch (const Error &error) {
    EXPECT_STREQ(error.what(), "model.py:12:5: ValueError: bad code");
    EXPECT_STREQ(error.className(), "ValueError");
    EXPECT_EQ(error.line(), 12);
  }
  EXPECT_THROW(session.find("missing"), std::invalid_argument);
  EXPECT_THROW(Module("/nonexistent/model.wick"), Error);
}

TEST(CxxTest, LimitsCopiesAndCancels) {
  Module module = Module::fromMemory(test::Parts::valid().zip());
  SessionOptions options;
  options.timeLimit = 10'000'000;
  Session session(module, options);
  session.seed(7);
  for (const Session &each : {session, session.copy()}) // a copy has the same limits
    try {
      each.call("spin", -1);
      FAIL();
    } catch (const Error &error) {
      EXPECT_EQ(error.status(), WICK_ERROR_TIME);
    }
  SessionOptions shared;
  shared.share = session.get();
  Session other(module, shared);
  other.cancel(); // nothing runs
  EXPECT_EQ(other.call("spin", 3).integer(), 3);
  EXPECT_THROW(session.attribute("count"), std::invalid_argument);
  EXPECT_THROW(session.setAttribute("count", 3), std::invalid_argument);
}

} // namespace
