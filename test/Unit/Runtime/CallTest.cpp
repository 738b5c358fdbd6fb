//===- CallTest.cpp - calls: arguments, results, errors, threads ------------===//
#include "TestArtifact.h"

#include <cmath>
#include <thread>

using namespace wick::test;

namespace {

class CallTest : public testing::Test {
protected:
  CallTest() : module(load(Parts::valid().zip())) {
    session = makeSession({sizeof(wick_session_options), 2, 0, 0, nullptr});
  }

  SessionPtr makeSession(const wick_session_options &options) {
    wick_session *made = nullptr;
    EXPECT_EQ(wick_session_new(module.get(), &options, &made, nullptr), WICK_OK);
    return SessionPtr(made);
  }

  wick_status call(const char *method, const std::vector<wick_value> &args) {
    wick_value_release(&result);
    result = {};
    return wick_call(session.get(), wick_module_find(module.get(), method), args.data(), args.size(), &result, &error);
  }
  std::string failure(const char *method, const std::vector<wick_value> &args, wick_status expected) {
    EXPECT_EQ(call(method, args), expected) << error.text();
    return error.text();
  }
  const wick_tensor *tensor() const { return static_cast<const wick_tensor *>(result.u.p); }

  ~CallTest() override { wick_value_release(&result); }

  ModulePtr module;
  SessionPtr session;
  wick_value result{};
  Errors error;
};

TEST_F(CallTest, ReturnsNewTensor) {
  TensorPtr x = makeTensor<float>(WICK_F32, {2, 3}, {1, 2, 3, 4, 5, 6}),
            y = makeTensor<float>(WICK_F32, {2, 3}, {1, 1, 1, 2, 2, 2});
  ASSERT_EQ(call("add", {tensorValue(x), tensorValue(y)}), WICK_OK) << error.text();
  ASSERT_EQ(result.tag, WICK_TENSOR_VALUE);
  ASSERT_EQ(tensor()->rank, 2);
  EXPECT_EQ(tensor()->strides[0], 3);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor()->data) % 64, 0u);
  const float *out = static_cast<const float *>(tensor()->data);
  EXPECT_EQ(std::vector<float>(out, out + 6), (std::vector<float>{2, 3, 4, 6, 7, 8}));
}

TEST_F(CallTest, CopiesWhatIsNotContiguous) {
  float transposed[] = {1, 4, 2, 5, 3, 6};
  int64_t sizes[] = {2, 3}, strides[] = {1, 2};
  wick_tensor *made;
  ASSERT_EQ(wick_tensor_borrow(transposed, WICK_F32, 2, sizes, strides, nullptr, nullptr, &made, nullptr), WICK_OK);
  TensorPtr x(made), y = makeTensor<float>(WICK_F32, {2, 3}, {0, 0, 0, 0, 0, 0});
  ASSERT_EQ(call("add", {tensorValue(x), tensorValue(y)}), WICK_OK);
  const float *out = static_cast<const float *>(tensor()->data);
  EXPECT_EQ(std::vector<float>(out, out + 6), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  // A result that is the argument is the caller's tensor, not the copy.
  ASSERT_EQ(call("same", {tensorValue(x)}), WICK_OK);
  EXPECT_EQ(tensor(), x.get());
}

TEST_F(CallTest, WritesBackThroughStrides) {
  float data[] = {1, 9, 2, 9, 3};
  int64_t sizes[] = {3}, strides[] = {2};
  wick_tensor *made;
  ASSERT_EQ(wick_tensor_borrow(data, WICK_F32, 1, sizes, strides, nullptr, nullptr, &made, nullptr), WICK_OK);
  TensorPtr x(made);
  ASSERT_EQ(call("negate_", {tensorValue(x)}), WICK_OK);
  EXPECT_EQ(std::vector<float>(data, data + 5), (std::vector<float>{-1, 9, -2, 9, -3}));
  EXPECT_EQ(tensor(), x.get());
}

TEST_F(CallTest, KeepsWrittenArgumentsApart) {
  TensorPtr x = makeTensor<float>(WICK_F32, {3}, {1, 2, 3}), other = makeTensor<float>(WICK_F32, {3}, {4, 5, 6});
  ASSERT_EQ(call("accumulate_", {tensorValue(x), tensorValue(other)}), WICK_OK) << error.text();
  EXPECT_EQ(static_cast<float *>(x->data)[2], 9);
  EXPECT_EQ(failure("accumulate_", {tensorValue(x), tensorValue(x)}, WICK_ERROR_ARGUMENT),
            "accumulate_(): argument 'x', which the method writes to, shares memory with 'y'; pass a copy");
  // The even and the odd elements of one memory count as shared: only the ends are looked at.
  float data[6] = {};
  int64_t sizes[] = {3}, strides[] = {2};
  wick_tensor *even, *odd;
  ASSERT_EQ(wick_tensor_borrow(data, WICK_F32, 1, sizes, strides, nullptr, nullptr, &even, nullptr), WICK_OK);
  ASSERT_EQ(wick_tensor_borrow(data + 1, WICK_F32, 1, sizes, strides, nullptr, nullptr, &odd, nullptr), WICK_OK);
  TensorPtr first(even), second(odd);
  EXPECT_EQ(call("accumulate_", {tensorValue(first), tensorValue(second)}), WICK_ERROR_ARGUMENT);
  ASSERT_EQ(call("accumulate_", {tensorValue(x), tensorValue(second)}), WICK_OK) << error.text();
}

TEST_F(CallTest, FlattensTuplesAndFillsDefaults) {
  TensorPtr x = makeTensor<float>(WICK_F32, {1}, {7});
  wick_sequence *pair = wick_sequence_new(2);
  wick_tensor_retain(x.get());
  wick_sequence_items(pair)[0] = tensorValue(x);
  wick_sequence_items(pair)[1] = intValue(4);
  wick_value tuple{WICK_TUPLE_VALUE, 0, {}};
  tuple.u.p = pair;
  ASSERT_EQ(call("unpack", {tuple}), WICK_OK) << error.text();
  ASSERT_EQ(result.tag, WICK_TUPLE_VALUE);
  wick_value *items = wick_sequence_items(static_cast<wick_sequence *>(result.u.p));
  EXPECT_EQ(items[0].u.p, x.get());
  wick_value *inner = wick_sequence_items(static_cast<wick_sequence *>(items[1].u.p));
  EXPECT_EQ(inner[0].u.f, 10.0);
  EXPECT_EQ(inner[1].tag, WICK_NONE);
  ASSERT_EQ(call("unpack", {tuple, {WICK_MISSING, 0, {}}, intValue(3)}), WICK_OK);
  items = wick_sequence_items(static_cast<wick_sequence *>(result.u.p));
  EXPECT_EQ(wick_sequence_items(static_cast<wick_sequence *>(items[1].u.p))[1].u.i, 3);
  ASSERT_EQ(call("unpack", {tuple, intValue(2)}), WICK_OK) << "an int is a float";
  EXPECT_EQ(failure("unpack", {x ? tensorValue(x) : tuple}, WICK_ERROR_ARGUMENT),
            "unpack(): argument 'pair' must be Tuple[Tensor<f32>[?], int], not Tensor<f32>[1]");
  wick_value_release(&tuple);
}

TEST_F(CallTest, FlattensDictsByKey) {
  TensorPtr a = makeTensor<float>(WICK_F32, {2}, {5, 6}), b = makeTensor<float>(WICK_F32, {2}, {8, 9});
  wick_sequence *dict = wick_sequence_new(4);
  wick_value *items = wick_sequence_items(dict);
  const char *keys[] = {"b", "a"};
  for (int i = 0; i < 2; ++i) {
    items[2 * i].tag = WICK_STRING_VALUE;
    items[2 * i].u.p = wick_string_new(keys[i], 1);
    items[2 * i + 1] = tensorValue(i ? a : b);
    wick_value_retain(&items[2 * i + 1]);
  }
  wick_value value{WICK_DICT_VALUE, 0, {}};
  value.u.p = dict;
  ASSERT_EQ(call("named", {value}), WICK_OK) << error.text();
  ASSERT_EQ(result.tag, WICK_DICT_VALUE);
  wick_value *out = wick_sequence_items(static_cast<wick_sequence *>(result.u.p));
  EXPECT_STREQ(wick_string_data(static_cast<wick_string *>(out[0].u.p), nullptr), "sum");
  EXPECT_EQ(out[1].u.i, 3);
  EXPECT_EQ(out[3].u.i, 208);
  wick_value_release(&value);
}

TEST_F(CallTest, NamesTheArgumentThatDoesNotFit) {
  TensorPtr x = makeTensor<float>(WICK_F32, {2, 3}, std::vector<float>(6)),
            wide = makeTensor<float>(WICK_F32, {2, 4}, std::vector<float>(8)),
            tall = makeTensor<float>(WICK_F32, {4, 3}, std::vector<float>(12)),
            flat = makeTensor<float>(WICK_F32, {6}, std::vector<float>(6)),
            wrongType = makeTensor<double>(WICK_F64, {2, 3}, std::vector<double>(6));
  auto fails = [&](std::vector<wick_value> args) { return failure("add", args, WICK_ERROR_ARGUMENT); };
  EXPECT_EQ(fails({tensorValue(x), tensorValue(wide)}),
            "add(): argument 'y' must be Tensor<f32>[B, 3], not Tensor<f32>[2, 4]: dim 1 is 4, expected 3");
  EXPECT_EQ(fails({tensorValue(x), tensorValue(tall)}),
            "add(): argument 'y' must be Tensor<f32>[B, 3], not Tensor<f32>[4, 3]: dim 0 is 4, but B is 2");
  EXPECT_EQ(fails({tensorValue(flat), tensorValue(x)}),
            "add(): argument 'x' must be Tensor<f32>[B, 3], not Tensor<f32>[6]: the rank is 1, expected 2");
  EXPECT_EQ(fails({tensorValue(wrongType), tensorValue(x)}),
            "add(): argument 'x' must be Tensor<f32>[B, 3], not Tensor<f64>[2, 3]: the dtype differs");
  EXPECT_EQ(fails({intValue(1), tensorValue(x)}), "add(): argument 'x' must be Tensor<f32>[B, 3], not int");
  EXPECT_EQ(fails({tensorValue(x)}), "add(): argument 'y' is missing; signature: add(x: Tensor<f32>[B, 3], y: "
                                     "Tensor<f32>[B, 3]) -> Tensor<f32>[B, 3]");
  EXPECT_EQ(failure("same", {tensorValue(x), intValue(1)}, WICK_ERROR_ARGUMENT),
            "same() takes 1 argument, 2 given; signature: same(x: Tensor) -> Tensor");
}

TEST_F(CallTest, LocatesWhatTheProgramRaises) {
  EXPECT_EQ(failure("fail", {intValue(0), intValue(1)}, WICK_ERROR_RAISED), "model.py:12:5: ValueError: bad code");
  EXPECT_STREQ(wick_error_class(error.get()), "ValueError");
  EXPECT_STREQ(wick_error_message(error.get()), "bad code");
  EXPECT_STREQ(wick_error_file(error.get()), "model.py");
  EXPECT_EQ(wick_error_line(error.get()), 12);
  EXPECT_EQ(wick_error_column(error.get()), 5);
  EXPECT_STREQ(wick_error_source(error.get()), "raise ValueError('bad code')");
  EXPECT_STREQ(wick_error_traceback(error.get()), "Traceback of the model (most recent call last):\n"
                                                  "  File \"model.py\", line 12\n    raise ValueError('bad code')");
  for (int64_t unknown : {-1, 4, 1 << 30})
    EXPECT_EQ(failure("fail", {intValue(unknown), intValue(1)}, WICK_ERROR_RAISED), "ValueError: bad code");
  int32_t count;
  EXPECT_EQ((wick_error_frames(error.get(), &count), count), 0);
  EXPECT_STREQ(wick_error_traceback(error.get()), "");
  EXPECT_EQ(failure("fail", {intValue(3), intValue(1)}, WICK_ERROR_RAISED), "model.py:12:5: ValueError: bad code");
  const wick_frame *frames = wick_error_frames(error.get(), &count);
  ASSERT_EQ(count, 2);
  EXPECT_EQ(frames[0].line, 20);
  EXPECT_STREQ(frames[0].function, "fail");
  EXPECT_STREQ(frames[1].function, "check");
  EXPECT_STREQ(frames[1].source, wick_error_source(error.get()));
  EXPECT_EQ(frames[1].column, wick_error_column(error.get()));
  EXPECT_STREQ(wick_error_traceback(error.get()),
               "Traceback of the model (most recent call last):\n"
               "  File \"model.py\", line 20, in fail\n    self.check(x)\n"
               "  File \"model.py\", line 12, in check\n    raise ValueError('bad code')");
  EXPECT_EQ(call("fail", {intValue(0), intValue(0)}), WICK_OK) << "the error of one call is not seen by the next";
  EXPECT_EQ(call("nothing", {}), WICK_OK);
  EXPECT_EQ(result.tag, WICK_NONE);
}

TEST_F(CallTest, TakesFixedValuesOnly) {
  Parts parts = Parts::valid();
  parts.replace("manifest.json", "\"default\": 2.5", "\"value\": 2.5");
  parts.replace("manifest.json", "\"default\": null", "\"value\": null");
  module = load(parts.zip());
  session = makeSession({sizeof(wick_session_options), 1, 0, 0, nullptr});
  EXPECT_NE(std::string(wick_method_signature(wick_module_find(module.get(), "unpack"))).find("scale: float == 2.5"),
            std::string::npos);
  TensorPtr x = makeTensor<float>(WICK_F32, {1}, {7});
  wick_sequence *pair = wick_sequence_new(2);
  wick_tensor_retain(x.get());
  wick_sequence_items(pair)[0] = tensorValue(x);
  wick_sequence_items(pair)[1] = intValue(4);
  wick_value tuple{WICK_TUPLE_VALUE, 0, {}};
  tuple.u.p = pair;
  EXPECT_EQ(call("unpack", {tuple}), WICK_OK) << error.text();
  EXPECT_EQ(call("unpack", {tuple, floatValue(2.5), {}}), WICK_OK) << error.text();
  EXPECT_EQ(failure("unpack", {tuple, floatValue(2)}, WICK_ERROR_ARGUMENT)
                .rfind("unpack(): argument 'scale' has another value than the code is made for; signature: ", 0),
            0u);
  EXPECT_EQ(call("unpack", {tuple, floatValue(2.5), intValue(1)}), WICK_ERROR_ARGUMENT);
  wick_value_release(&tuple);
}

TEST_F(CallTest, ReturnsNothing) {
  ASSERT_EQ(call("nothing", {}), WICK_OK); // the first call of its session: nothing is left over from others
  EXPECT_EQ(result.tag, WICK_NONE);
}

TEST_F(CallTest, LimitsMemory) {
  SessionPtr unlimited = std::exchange(session, makeSession({sizeof(wick_session_options), 1, 1 << 20, 0, nullptr}));
  for (int i = 0; i < 3; ++i)
    for (bool asTensor : {false, true}) {
      EXPECT_EQ(call("hog", {boolValue(asTensor), intValue(100000)}), WICK_OK) << error.text();
      EXPECT_EQ(failure("hog", {boolValue(asTensor), intValue(2 << 20)}, WICK_ERROR_MEMORY),
                "the session's memory limit is reached");
    }
  session = std::move(unlimited);
  EXPECT_EQ(failure("hog", {boolValue(false), intValue(INT64_MAX)}, WICK_ERROR_MEMORY), "out of memory");
  EXPECT_EQ(failure("hog", {boolValue(true), intValue(INT64_MAX)}, WICK_ERROR_MEMORY), "out of memory");
  EXPECT_EQ(failure("hog", {boolValue(true), intValue(-1)}, WICK_ERROR_RUNTIME), "a size of a new tensor is negative");
}

TEST_F(CallTest, LimitsTime) {
  constexpr int64_t kMillisecond = 1000000;
  session = makeSession({sizeof(wick_session_options), 1, 0, 20 * kMillisecond, nullptr});
  for (int i = 0; i < 2; ++i)
    EXPECT_NE(failure("spin", {intValue(-1)}, WICK_ERROR_TIME).find("the time limit of the session is reached"),
              std::string::npos);
  EXPECT_EQ(call("spin", {intValue(3)}), WICK_OK);
  wick_session_options wrong{sizeof(wrong), 1, 0, -1, nullptr};
  wick_session *made = nullptr;
  EXPECT_EQ(wick_session_new(module.get(), &wrong, &made, &error), WICK_ERROR_ARGUMENT);
  EXPECT_EQ(error.text(), "time limit -1 is negative");
}

/// Calls on several threads, some of which end by themselves, are cancelled over and over.
TEST_F(CallTest, Cancels) {
  std::atomic<int> running{8}, cancelled{0}, wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      const wick_method *method = wick_module_find(module.get(), "spin");
      for (int i = 0; i < 20; ++i) {
        wick_value n = intValue(t % 2 ? 100 : -1), out{};
        wick_status status = wick_call(session.get(), method, &n, 1, &out, nullptr);
        cancelled += status == WICK_ERROR_CANCELLED;
        wrong += status != WICK_ERROR_CANCELLED && (status != WICK_OK || t % 2 == 0);
      }
      --running;
    });
  while (running) {
    wick_session_cancel(session.get());
    std::this_thread::yield();
  }
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GE(cancelled, 4 * 20);
  EXPECT_EQ(call("spin", {intValue(5)}), WICK_OK);
}

/// The same bits on any number of threads, from any number of callers.
TEST_F(CallTest, ManyThreadsShareOneSession) {
  std::vector<double> elements(100);
  for (size_t i = 0; i < elements.size(); ++i)
    elements[i] = i * 0.1;
  TensorPtr x = makeTensor<double>(WICK_F64, {100}, elements);
  const wick_method *method = wick_module_find(module.get(), "work");
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 16; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        wick_value arg = tensorValue(x), out{};
        if (wick_call(session.get(), method, &arg, 1, &out, nullptr) != WICK_OK) {
          ++wrong;
          continue;
        }
        const double *data = static_cast<const double *>(static_cast<wick_tensor *>(out.u.p)->data);
        for (size_t k = 0; k < elements.size(); ++k)
          wrong += data[k] != std::sin(elements[k]) + 100;
        wick_value_release(&out);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(CallTest, SessionsKeepTheirModule) {
  module.reset(); // the session holds the code
  TensorPtr x = makeTensor<double>(WICK_F64, {1}, {0.0});
  wick_value arg = tensorValue(x);
  const wick_method *method = wick_module_find(wick_session_module(session.get()), "work");
  ASSERT_EQ(wick_call(session.get(), method, &arg, 1, &result, nullptr), WICK_OK);
  EXPECT_EQ(*static_cast<const double *>(tensor()->data), 100.0);
  SessionPtr last = std::move(session); // and results outlive both
  last.reset();
  EXPECT_EQ(*static_cast<const double *>(tensor()->data), 100.0);
}

TEST_F(CallTest, DescribesSignatures) {
  ASSERT_EQ(wick_module_method_count(module.get()), 13);
  const wick_method *method = wick_module_find(module.get(), "unpack");
  EXPECT_STREQ(wick_method_signature(method),
               "unpack(pair: Tuple[Tensor<f32>[?], int], scale: float = 2.5, flag: Optional[int] = None) -> "
               "Tuple[Tensor<f32>[?], Tuple[float, Optional[int]]]");
  EXPECT_EQ(wick_method_argument_count(method), 3);
  EXPECT_STREQ(wick_method_argument_name(method, 1), "scale");
  EXPECT_TRUE(wick_method_argument_has_default(method, 1));
  EXPECT_FALSE(wick_method_argument_has_default(method, 0));
  const wick_type *type = wick_method_argument_type(wick_module_find(module.get(), "add"), 0);
  EXPECT_EQ(wick_type_get_kind(type), WICK_TYPE_TENSOR);
  EXPECT_EQ(wick_type_dtype(type), WICK_F32);
  ASSERT_EQ(wick_type_rank(type), 2);
  EXPECT_EQ(wick_type_dim(type, 0), -1);
  EXPECT_STREQ(wick_type_dim_name(type, 0), "B");
  EXPECT_EQ(wick_type_dim(type, 1), 3);
  EXPECT_EQ(wick_module_find(module.get(), "other"), nullptr);
  EXPECT_EQ(wick_module_method(module.get(), 13), nullptr);
}

} // namespace
