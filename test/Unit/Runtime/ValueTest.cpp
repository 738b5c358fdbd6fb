//===- ValueTest.cpp - tensors, checksums and the processor -----------------===//
#include "Value.h"
#include "Cpu.h"
#include "Random.h"
#include "TestArtifact.h"

using namespace wick::test;

namespace {

TEST(ValueTest, BorrowsAndDeletes) {
  float data[6] = {};
  int64_t sizes[] = {2, 3};
  int deleted = 0;
  wick_tensor *tensor;
  auto count = [](void *context) { ++*static_cast<int *>(context); };
  ASSERT_EQ(wick_tensor_borrow(data, WICK_F32, 2, sizes, nullptr, count, &deleted, &tensor, nullptr), WICK_OK);
  EXPECT_EQ(wick_tensor_owner(tensor, count), &deleted);
  EXPECT_EQ(wick_tensor_owner(tensor, free), nullptr);
  EXPECT_EQ(wick_tensor_owner(tensor, nullptr), nullptr);
  EXPECT_EQ(tensor->data, data);
  EXPECT_EQ(tensor->strides[0], 3);
  EXPECT_EQ(tensor->strides[1], 1);
  wick_tensor_retain(tensor);
  wick_tensor_release(tensor);
  EXPECT_EQ(deleted, 0);
  wick_tensor_release(tensor);
  EXPECT_EQ(deleted, 1);
}

TEST(ValueTest, RefusesWrongTensors) {
  Errors error;
  wick_tensor *tensor = nullptr;
  int64_t negative[] = {2, -1}, huge[] = {INT64_MAX, 2};
  EXPECT_EQ(wick_tensor_new(8, 0, nullptr, &tensor, &error), WICK_ERROR_ARGUMENT);
  EXPECT_EQ(error.text(), "unknown dtype 8");
  EXPECT_EQ(wick_tensor_new(WICK_F32, 65, nullptr, &tensor, &error), WICK_ERROR_ARGUMENT);
  EXPECT_EQ(error.text(), "rank 65 is out of range, expected 0 to 64");
  EXPECT_EQ(wick_tensor_new(WICK_F32, 2, negative, &tensor, &error), WICK_ERROR_ARGUMENT);
  EXPECT_EQ(error.text(), "size -1 of dim 1 is negative");
  EXPECT_EQ(wick_tensor_new(WICK_F32, 2, huge, &tensor, &error), WICK_ERROR_ARGUMENT);
  EXPECT_EQ(error.text(), "the tensor has too many elements");
  EXPECT_EQ(tensor, nullptr);
}

TEST(ValueTest, NamesDtypes) {
  for (int32_t dtype : {WICK_U8, WICK_I64, WICK_F16, WICK_F64, WICK_C64, WICK_BOOL, WICK_BF16})
    EXPECT_EQ(wick_dtype_parse(wick_dtype_name(dtype)), dtype);
  EXPECT_STREQ(wick_dtype_name(12), "qint8"); // of LibTorch alone
  EXPECT_EQ(wick_dtype_name(8), nullptr);
  EXPECT_EQ(wick_dtype_name(-1), nullptr);
  EXPECT_EQ(wick_dtype_parse("float"), -1);
  EXPECT_EQ(wick_dtype_size(WICK_C128), 16);
}

TEST(ValueTest, ComputesChecksums) {
  EXPECT_EQ(crcOf("123456789"), 0xCBF43926u);
  EXPECT_EQ(crcOf("The quick brown fox jumps over the lazy dog"), 0x414FA339u);
  EXPECT_EQ(crcOf(""), 0u);
}

TEST(ValueTest, KnowsTheMachine) {
  EXPECT_TRUE(wick::runtime::hasCpuFeature("sse3"));
  EXPECT_FALSE(wick::runtime::hasCpuFeature("sse"));
  EXPECT_GE(wick_default_threads(), 1);
  EXPECT_STREQ(wick_version(), "0.1.0");
}

TEST(ValueTest, CopiesWhatValuesHold) {
  // A tensor twice, beside lists in lists deeper than any stack.
  constexpr int kDepth = 200000;
  TensorPtr x = makeTensor<float>(WICK_F32, {2}, {1, 2});
  wick_value nested{WICK_LIST_VALUE, 0, {}};
  nested.u.p = wick_sequence_new(0);
  for (int i = 0; i < kDepth; ++i) {
    wick_sequence *outer = wick_sequence_new(1);
    wick_sequence_items(outer)[0] = nested;
    nested.u.p = outer;
  }
  wick_sequence *parts = wick_sequence_new(3);
  wick_tensor_retain(x.get());
  wick_tensor_retain(x.get());
  wick_sequence_items(parts)[0] = wick_sequence_items(parts)[1] = tensorValue(x);
  wick_sequence_items(parts)[2] = nested;
  wick_value tuple{WICK_TUPLE_VALUE, 0, {}};
  tuple.u.p = parts;
  wick_value copy = wick::runtime::copyValue(tuple);
  static_cast<float *>(x->data)[1] = 9;
  wick_value_release(&tuple);
  wick_value *items = wick_sequence_items(static_cast<wick_sequence *>(copy.u.p));
  EXPECT_EQ(items[0].u.p, items[1].u.p);
  EXPECT_EQ(static_cast<const float *>(static_cast<wick_tensor *>(items[0].u.p)->data)[1], 2);
  int depth = 0;
  auto *inner = static_cast<wick_sequence *>(items[2].u.p);
  for (; wick_sequence_count(inner); ++depth)
    inner = static_cast<wick_sequence *>(wick_sequence_items(inner)[0].u.p);
  EXPECT_EQ(depth, kDepth);
  wick_value_release(&copy);
}

/// The numbers that the authors of the generator publish for their first seed, and what follows from the stream.
TEST(GeneratorTest, GivesTheStreamOfASeed) {
  wick::runtime::Generator generator;
  generator.seed(5489);
  EXPECT_EQ(generator.bits32(), 3499211612u);
  for (int i = 2; i < 10000; ++i)
    generator.bits32();
  EXPECT_EQ(generator.bits32(), 4123659995u);
  generator.seed((uint64_t(1) << 40) + 5489); // only the lower half counts
  EXPECT_EQ(generator.bits64(), uint64_t(3499211612u) << 32 | 581869302u);
  wick::runtime::Generator copy(generator);
  EXPECT_EQ(copy.normal(), generator.normal());
  EXPECT_EQ(copy.normal(), generator.normal()); // the second of a pair
  EXPECT_EQ(copy.bits32(), generator.bits32());
}

} // namespace
