//===- TensorViewsTest.cpp - views, and access to their elements -------------===//
#include "Functions/Functions.h"
#include "TestArtifact.h"

#include <numeric>

using namespace wick::runtime;

namespace {

class TensorViewsTest : public testing::Test {
protected:
  ~TensorViewsTest() override { frame.releaseCreated(); }

  wick_value call(wick_function function, wick_value tensor, std::vector<wick_value> rest = {},
                  wick_status status = WICK_OK) {
    wick_value result{};
    rest.insert(rest.begin(), tensor);
    EXPECT_EQ(invoke(&frame, function, rest.data(), rest.size(), &result, -1), status);
    return result;
  }
  std::string failure(wick_function function, wick_value tensor, std::vector<wick_value> rest) {
    call(function, tensor, rest, WICK_ERROR_RUNTIME);
    frame.failed = false;
    return frame.error.message;
  }
  static std::vector<wick_value> ints(std::vector<int64_t> numbers) {
    std::vector<wick_value> values;
    for (int64_t number : numbers)
      values.push_back(makeInt(number));
    return values;
  }
  /// A tensor of 0, 1, 2, ... in order.
  wick_value make(std::vector<int64_t> sizes, int32_t dtype = WICK_F32) {
    OwnedTensor tensor = allocateTensor(dtype, sizes.size(), sizes.data());
    if (dtype == WICK_F32)
      std::iota(static_cast<float *>(tensor->data), static_cast<float *>(tensor->data) + tensor->count(), 0.f);
    return frame.keep(makeReference(WICK_TENSOR_VALUE, static_cast<wick_tensor *>(tensor.release())));
  }
  static std::vector<int64_t> sizesOf(wick_value value) {
    const Tensor &tensor = heldTensor(value);
    return {tensor.sizes, tensor.sizes + tensor.rank};
  }
  static std::vector<int64_t> stridesOf(wick_value value) {
    const Tensor &tensor = heldTensor(value);
    return {tensor.strides, tensor.strides + tensor.rank};
  }
  std::vector<float> elementsOf(wick_value value) {
    const Tensor &tensor = heldTensor(call(WICK_FN_TENSOR_GATHER, value));
    const auto *elements = static_cast<const float *>(tensor.data);
    return {elements, elements + tensor.count()};
  }
  using Floats = std::vector<float>;
  using Ints = std::vector<int64_t>;

  Frame frame;
};

TEST_F(TensorViewsTest, ShowsWhatIsViewed) {
  wick_value x = make({3, 4});
  EXPECT_EQ(elementsOf(call(WICK_FN_VIEW_SELECT, x, ints({0, -1}))), Floats({8, 9, 10, 11}));
  EXPECT_EQ(elementsOf(call(WICK_FN_VIEW_SELECT, x, ints({-1, 1}))), Floats({1, 5, 9}));
  EXPECT_EQ(elementsOf(call(WICK_FN_VIEW_SLICE, x, {makeInt(1), makeInt(-3), {}, makeInt(2)})),
            Floats({1, 3, 5, 7, 9, 11}));
  EXPECT_EQ(elementsOf(call(WICK_FN_VIEW_SLICE, x, {makeInt(0), makeInt(2), makeInt(1), makeInt(1)})), Floats());
  wick_value t = call(WICK_FN_VIEW_PERMUTE, x, ints({1, 0}));
  EXPECT_EQ(elementsOf(t), Floats({0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}));
  // A view of a view shows the same memory, and keeps it alone.
  wick_value last = call(WICK_FN_VIEW_SELECT, t, ints({0, 3}));
  EXPECT_EQ(elementsOf(last), Floats({3, 7, 11}));
  EXPECT_EQ(heldTensor(last).base, &heldTensor(x));
  static_cast<float *>(heldTensor(x).data)[7] = 70;
  EXPECT_EQ(elementsOf(last), Floats({3, 70, 11}));
}

TEST_F(TensorViewsTest, FindsStrides) {
  wick_value x = make({2, 3, 4});
  EXPECT_EQ(stridesOf(call(WICK_FN_VIEW_RESHAPE, x, ints({6, 1, 2, 2}))), Ints({4, 4, 2, 1}));
  wick_value part = call(WICK_FN_VIEW_SLICE, x, {makeInt(2), makeInt(0), makeInt(2), makeInt(1)});
  EXPECT_EQ(stridesOf(call(WICK_FN_VIEW_RESHAPE, part, ints({6, 2}))), Ints({4, 1}));
  EXPECT_EQ(elementsOf(call(WICK_FN_RESHAPE, part, ints({12}))), Floats({0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21}));
  EXPECT_EQ(heldTensor(call(WICK_FN_RESHAPE, part, ints({2, 3, 1, 2}))).data, heldTensor(x).data);
  EXPECT_NE(heldTensor(call(WICK_FN_RESHAPE, part, ints({12}))).data, heldTensor(x).data);
  EXPECT_EQ(failure(WICK_FN_VIEW_RESHAPE, part, ints({12})),
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            "contiguous subspaces). Use .reshape(...) instead.");
  EXPECT_EQ(sizesOf(call(WICK_FN_VIEW_RESHAPE, make({0, 3}), ints({3, 0, 5}))), Ints({3, 0, 5}));
  EXPECT_EQ(sizesOf(call(WICK_FN_VIEW_RESHAPE, make({}), ints({1, 1}))), Ints({1, 1}));
  EXPECT_EQ(sizesOf(call(WICK_FN_VIEW_RESHAPE, make({1, 1}), {})), Ints());
  call(WICK_FN_VIEW_RESHAPE, x, ints({5}), WICK_ERROR_RUNTIME);
  frame.failed = false;
  wick_value e = call(WICK_FN_VIEW_EXPAND, make({3, 1}), ints({2, 3, 4}));
  EXPECT_EQ(stridesOf(e), Ints({0, 1, 0}));
  EXPECT_EQ(failure(WICK_FN_VIEW_EXPAND, make({3, 1}), ints({2, 4})), "a dim of size 3 cannot be expanded to 2");
}

TEST_F(TensorViewsTest, SeesComplexNumbersAsPairs) {
  wick_value c = make({2}, WICK_C64);
  std::iota(static_cast<float *>(heldTensor(c).data), static_cast<float *>(heldTensor(c).data) + 4, 0.f);
  wick_value pairs = call(WICK_FN_VIEW_AS_REAL, c);
  EXPECT_EQ(elementsOf(pairs), Floats({0, 1, 2, 3}));
  wick_value back = call(WICK_FN_VIEW_AS_COMPLEX, pairs);
  EXPECT_EQ(stridesOf(back), Ints({1}));
  EXPECT_EQ(heldTensor(back).dtype, WICK_C64);
  call(WICK_FN_VIEW_AS_COMPLEX, call(WICK_FN_VIEW_PERMUTE, make({2, 3}), ints({1, 0})), {}, WICK_ERROR_RUNTIME);
}

TEST_F(TensorViewsTest, ScattersWhatWasGathered) {
  wick_value x = make({2, 3}), t = call(WICK_FN_VIEW_PERMUTE, x, ints({1, 0}));
  EXPECT_EQ(call(WICK_FN_TENSOR_GATHER, x).u.p, x.u.p);
  wick_value copy = call(WICK_FN_TENSOR_GATHER, t);
  EXPECT_NE(copy.u.p, t.u.p);
  static_cast<float *>(heldTensor(copy).data)[1] = -1;
  EXPECT_EQ(elementsOf(x), Floats({0, 1, 2, 3, 4, 5}));
  call(WICK_FN_TENSOR_SCATTER, copy, {t, makeBool(false)});
  EXPECT_EQ(elementsOf(x), Floats({0, 1, 2, -1, 4, 5}));
}

TEST_F(TensorViewsTest, ScattersWhatHasChanged) {
  // Elements that are one in memory: those that stay do not undo what is written.
  wick_value x = make({3}), e = call(WICK_FN_VIEW_EXPAND, x, ints({2, 3}));
  wick_value copy = call(WICK_FN_TENSOR_GATHER, e);
  auto *elements = static_cast<float *>(heldTensor(copy).data);
  elements[1] = 7;
  call(WICK_FN_TENSOR_SCATTER, copy, {e, makeBool(false)});
  EXPECT_EQ(elementsOf(x), Floats({0, 7, 2}));
  // Two of them may change only where that is said.
  copy = call(WICK_FN_TENSOR_GATHER, e);
  elements = static_cast<float *>(heldTensor(copy).data);
  elements[2] = elements[5] = 9;
  EXPECT_EQ(failure(WICK_FN_TENSOR_SCATTER, copy, {e, makeBool(false)}),
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
            "Please clone() the tensor before performing the operation.");
  call(WICK_FN_TENSOR_SCATTER, copy, {e, makeBool(true)});
  EXPECT_EQ(elementsOf(x), Floats({0, 7, 9}));
  // Windows overlap, and may change as they do.
  wick_value y = make({4}), w = call(WICK_FN_VIEW_UNFOLD, y, ints({0, 3, 1}));
  copy = call(WICK_FN_TENSOR_GATHER, w);
  elements = static_cast<float *>(heldTensor(copy).data);
  EXPECT_EQ(Floats(elements, elements + 6), Floats({0, 1, 2, 1, 2, 3}));
  elements[3] = elements[4] = 5;
  call(WICK_FN_TENSOR_SCATTER, copy, {w, makeBool(false)});
  EXPECT_EQ(elementsOf(y), Floats({0, 5, 5, 3}));
}

TEST_F(TensorViewsTest, ShowsMemoryWithAnyStrides) {
  wick_value x = make({6});
  EXPECT_EQ(elementsOf(call(WICK_FN_VIEW_AS_STRIDED, x, ints({1, 2, 2, 1, 3}))), Floats({1, 4, 2, 5}));
  EXPECT_EQ(elementsOf(call(WICK_FN_VIEW_AS_STRIDED, x, ints({5}))), Floats({5}));
  EXPECT_EQ(elementsOf(call(WICK_FN_VIEW_AS_STRIDED, x, ints({6, 0, 1}))), Floats());
  EXPECT_EQ(failure(WICK_FN_VIEW_AS_STRIDED, x, ints({1, 2, 2, 1, 4})),
            "a tensor of 6 elements has no view from 1 to 7");
  EXPECT_EQ(failure(WICK_FN_VIEW_AS_STRIDED, x, ints({-1, 2, 1})), "a tensor of 6 elements has no view from -1 to 1");
}

TEST_F(TensorViewsTest, KeepsAndCopiesSharedMemory) {
  wick_value x = make({2, 3}), row = call(WICK_FN_VIEW_SELECT, x, ints({0, 1}));
  wick_value values[] = {row, x}, copies[2];
  copyValues(values, 2, copies);
  EXPECT_EQ(heldTensor(copies[0]).base, &heldTensor(copies[1]));
  static_cast<float *>(heldTensor(copies[1]).data)[4] = 40;
  EXPECT_EQ(elementsOf(copies[0]), Floats({3, 40, 5}));
  EXPECT_EQ(elementsOf(row), Floats({3, 4, 5}));
  wick_value_release(&copies[1]);
  EXPECT_EQ(elementsOf(copies[0]), Floats({3, 40, 5}));
  wick_value_release(&copies[0]);
}

} // namespace
