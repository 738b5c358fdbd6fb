//===- TensorsTest.cpp - routines on tensors --------------------------------===//
#include "Functions/Functions.h"
#include "gtest/gtest.h"

#include <cmath>

using namespace wick::runtime;

namespace {

wick_tensor describe(void *data, const std::vector<int64_t> &sizes, wick_dtype dtype) {
  return {data, sizes.data(), nullptr, int32_t(sizes.size()), dtype};
}

wick_value valueOf(wick_tensor &tensor) { return makeReference(WICK_TENSOR_VALUE, &tensor); }

TEST(TensorsTest, SortsAnyDimInAStableOrder) {
  std::vector<float> from = {2, 1, NAN, 1, 2, 0}, values(6);
  std::vector<int64_t> indices(6), sizes = {3, 2};
  wick_tensor x = describe(from.data(), sizes, WICK_F32), v = describe(values.data(), sizes, WICK_F32),
              i = describe(indices.data(), sizes, WICK_I64);
  wick_value args[] = {valueOf(x), makeInt(0), makeBool(false), valueOf(v), valueOf(i)};
  Frame frame;
  ASSERT_EQ(invoke(&frame, WICK_FN_TENSOR_SORT, args, 5, nullptr, -1), WICK_OK);
  EXPECT_EQ(indices, (std::vector<int64_t>{0, 2, 2, 0, 1, 1}));
  EXPECT_EQ(values[1], 0);
  EXPECT_TRUE(std::isnan(values[4]));
  args[2] = makeBool(true);
  ASSERT_EQ(invoke(&frame, WICK_FN_TENSOR_SORT, args, 5, nullptr, -1), WICK_OK);
  EXPECT_EQ(indices, (std::vector<int64_t>{1, 0, 0, 1, 2, 2}));
}

TEST(TensorsTest, SelectsAlongAnyDim) {
  std::vector<float> from = {2, 1, NAN, 4, 3, 0}, values(4);
  std::vector<int64_t> indices(4), sizes = {3, 2}, two = {2, 2}, one = {1, 2};
  wick_tensor x = describe(from.data(), sizes, WICK_F32), v = describe(values.data(), two, WICK_F32),
              i = describe(indices.data(), two, WICK_I64);
  wick_value top[] = {valueOf(x), makeInt(0), makeBool(false), makeBool(true), valueOf(v), valueOf(i)};
  Frame frame;
  ASSERT_EQ(invoke(&frame, WICK_FN_TENSOR_TOPK, top, 6, nullptr, -1), WICK_OK);
  EXPECT_EQ(values, (std::vector<float>{2, 0, 3, 1}));
  EXPECT_EQ(indices, (std::vector<int64_t>{0, 2, 2, 0}));

  v.sizes = i.sizes = one.data();
  wick_value middle[] = {valueOf(x), makeInt(0), makeBool(true), valueOf(v), valueOf(i)};
  ASSERT_EQ(invoke(&frame, WICK_FN_TENSOR_MEDIAN, middle, 5, nullptr, -1), WICK_OK);
  EXPECT_EQ(values[0], 2);
  EXPECT_EQ(values[1], 1);
  middle[2] = makeBool(false);
  ASSERT_EQ(invoke(&frame, WICK_FN_TENSOR_MEDIAN, middle, 5, nullptr, -1), WICK_OK);
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(indices[0], 1);
}

TEST(TensorsTest, RefusesMoreThanThereIs) {
  std::vector<float> from = {1, 2}, values(3);
  std::vector<int64_t> indices(3), sizes = {2}, three = {3};
  wick_tensor x = describe(from.data(), sizes, WICK_F32), v = describe(values.data(), three, WICK_F32),
              i = describe(indices.data(), three, WICK_I64);
  wick_value args[] = {valueOf(x), makeInt(0), makeBool(true), makeBool(true), valueOf(v), valueOf(i)};
  Frame frame;
  EXPECT_EQ(invoke(&frame, WICK_FN_TENSOR_TOPK, args, 6, nullptr, -1), WICK_ERROR_RUNTIME);
}

TEST(TensorsTest, RefusesWhatItCannotSort) {
  std::vector<int64_t> sizes = {2};
  uint16_t data[2] = {};
  wick_tensor x = describe(data, sizes, WICK_F16);
  wick_value args[] = {valueOf(x), makeInt(0), makeBool(false), valueOf(x), valueOf(x)};
  Frame frame;
  EXPECT_EQ(invoke(&frame, WICK_FN_TENSOR_SORT, args, 5, nullptr, -1), WICK_ERROR_UNSUPPORTED);
  args[1] = makeInt(1);
  EXPECT_EQ(invoke(&frame, WICK_FN_TENSOR_SORT, args, 5, nullptr, -1), WICK_ERROR_UNSUPPORTED);
}

} // namespace
