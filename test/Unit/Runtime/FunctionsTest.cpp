//===- FunctionsTest.cpp - operators on lists, dicts and strings ------------===//
#include "Functions/Functions.h"
#include "Dict.h"
#include "TestArtifact.h"

#include <cmath>
#include <cstring>

using namespace wick::runtime;

namespace {

/// Calls functions as generated code does, and prints what they give.
class FunctionsTest : public testing::Test {
protected:
  ~FunctionsTest() override { frame.releaseCreated(); }

  wick_value call(wick_function function, std::vector<wick_value> args, wick_status status = WICK_OK) {
    wick_value result{};
    EXPECT_EQ(invoke(&frame, function, args.data(), args.size(), &result, -1), status);
    return result;
  }
  std::string text(wick_function function, std::vector<wick_value> args) { return printed(call(function, args)); }
  std::string failure(wick_function function, std::vector<wick_value> args) {
    call(function, args, WICK_ERROR_RUNTIME);
    frame.failed = false;
    return frame.error.message;
  }
  wick_value str(const char *text) {
    return frame.keep(makeReference(WICK_STRING_VALUE, wick_string_new(text, std::strlen(text))));
  }
  wick_value list(std::vector<wick_value> items) { return call(WICK_FN_LIST_NEW, items); }
  wick_value ints(std::vector<int64_t> numbers) {
    std::vector<wick_value> items;
    for (int64_t number : numbers)
      items.push_back(makeInt(number));
    return list(items);
  }

  Frame frame;
};

TEST_F(FunctionsTest, KeepsWhatLeavesAList) {
  wick_value words = list({str("a"), str("b"), str("c")});
  wick_value popped = call(WICK_FN_POP, {words, makeInt(0)});
  call(WICK_FN_SET_ITEM, {words, makeInt(-1), str("d")});
  call(WICK_FN_CLEAR, {words});
  EXPECT_EQ(printed(popped), "a");
  EXPECT_EQ(static_cast<wick_string *>(popped.u.p)->references, 2); // the literal's and the list's, now the context's
  EXPECT_EQ(printed(words), "[]");
}

TEST_F(FunctionsTest, ReleasesWhatACallMade) {
  int64_t sizes[] = {2};
  float data[2];
  int deleted = 0;
  wick_tensor *tensor;
  wick_tensor_borrow(
      data, WICK_F32, 1, sizes, nullptr, [](void *count) { ++*static_cast<int *>(count); }, &deleted, &tensor, nullptr);
  wick_value outer = list({list({frame.keep(makeReference(WICK_TENSOR_VALUE, tensor))})});
  wick_value_retain(&outer);
  frame.releaseCreated();
  EXPECT_EQ(deleted, 0);
  wick_value_release(&outer);
  EXPECT_EQ(deleted, 1);
}

TEST_F(FunctionsTest, ReleasesDeepValues) {
  wick_value nested = list({});
  for (int i = 0; i < 200000; ++i)
    nested = list({nested});
  wick_value_retain(&nested);
  frame.releaseCreated();
  wick_value_release(&nested); // must not exhaust the stack
}

TEST_F(FunctionsTest, ChangesLists) {
  wick_value numbers = ints({3, 1, 2});
  call(WICK_FN_SORT, {numbers, makeBool(true)});
  call(WICK_FN_INSERT, {numbers, makeInt(100), makeInt(9)});
  call(WICK_FN_INSERT, {numbers, makeInt(-100), makeInt(8)});
  EXPECT_EQ(printed(numbers), "[8, 3, 2, 1, 9]");
  call(WICK_FN_EXTEND, {numbers, numbers});
  EXPECT_EQ(printed(numbers), "[8, 3, 2, 1, 9, 8, 3, 2, 1, 9]");
  EXPECT_EQ(text(WICK_FN_SLICE, {numbers, makeInt(-3), makeInt(100), makeInt(2)}), "[2, 9]");
  EXPECT_EQ(text(WICK_FN_SLICE, {numbers, {}, {}, makeInt(-4)}), "[9, 8, 3]");
  EXPECT_EQ(text(WICK_FN_SLICE, {numbers, makeInt(INT64_MIN), makeInt(INT64_MAX), makeInt(INT64_MAX)}), "[8]");
  EXPECT_EQ(text(WICK_FN_MUL, {ints({1, 2}), makeInt(2)}), "[1, 2, 1, 2]");
  EXPECT_EQ(text(WICK_FN_SORTED, {list({makeFloat(NAN), makeFloat(1), makeFloat(-0.5)})}), "[-0.5, 1., nan]");
}

TEST_F(FunctionsTest, SaysWhatLibTorchSays) {
  EXPECT_EQ(failure(WICK_FN_GET_ITEM, {ints({1}), makeInt(1)}), "list index out of range");
  EXPECT_EQ(failure(WICK_FN_POP, {ints({}), makeInt(-1)}), "pop from empty list");
  EXPECT_EQ(failure(WICK_FN_REMOVE, {ints({1}), makeInt(2)}), "list.remove(x): x not in list");
  EXPECT_EQ(failure(WICK_FN_INDEX, {ints({1}), makeInt(9)}), "'9' is not in list");
  // Numbers are written as streams do, not as str().
  EXPECT_EQ(failure(WICK_FN_INDEX, {list({}), makeFloat(4)}), "'4' is not in list");
  EXPECT_EQ(failure(WICK_FN_INDEX, {list({}), makeBool(true)}), "'1' is not in list");
  EXPECT_EQ(failure(WICK_FN_CHR, {makeInt(-1)}), "chr() arg not in range(0x110000), found -1");
  EXPECT_EQ(failure(WICK_FN_GET_ITEM, {call(WICK_FN_DICT_NEW, {}), str("z")}), "KeyError: z");
  EXPECT_EQ(failure(WICK_FN_GET_ITEM, {str("abc"), makeInt(5)}),
            "basic_string::at: __n (which is 5) >= this->size() (which is 3)");
  EXPECT_EQ(failure(WICK_FN_INT, {str("12x")}), "invalid literal for int() with base 10: '12x'");
  EXPECT_EQ(failure(WICK_FN_FORMAT, {str("{}{}"), makeInt(1)}), "Too few arguments for format string: {}{}");
  EXPECT_EQ(failure(WICK_FN_SLICE, {ints({1}), {}, {}, makeInt(0)}), "List slice should have non-zero step");
}

TEST_F(FunctionsTest, RefusesWhatItDoesNotKnow) {
  call(wick_function(WICK_FUNCTION_COUNT), {}, WICK_ERROR_UNSUPPORTED);
  frame.failed = false;
  call(WICK_FN_APPEND, {makeInt(1)}, WICK_ERROR_UNSUPPORTED);
  frame.failed = false;
  call(WICK_FN_APPEND, {ints({})}, WICK_ERROR_UNSUPPORTED);
}

TEST_F(FunctionsTest, KeepsDictsInOrder) {
  wick_value dict = call(WICK_FN_DICT_NEW, {});
  for (int64_t i = 0; i < 1000; ++i)
    call(WICK_FN_SET_ITEM, {dict, makeInt(i * 7 % 1000), makeInt(i)});
  for (int64_t i = 0; i < 1000; ++i)
    ASSERT_EQ(call(WICK_FN_GET_ITEM, {dict, makeInt(i * 7 % 1000)}).u.i, i);
  for (int64_t i = 0; i < 1000; ++i)
    if (i % 100)
      call(WICK_FN_DELETE, {dict, makeInt(i)});
  EXPECT_EQ(text(WICK_FN_KEYS, {dict}), "[0, 700, 400, 100, 800, 500, 200, 900, 600, 300]");
  call(WICK_FN_SET_ITEM, {dict, makeInt(700), makeInt(-1)});
  EXPECT_EQ(text(WICK_FN_POP_ITEM, {dict}), "(0, 0)");
  EXPECT_EQ(text(WICK_FN_POP_ITEM, {dict}), "(700, -1)");
  EXPECT_EQ(call(WICK_FN_LEN, {dict}).u.i, 8);
  EXPECT_EQ(call(WICK_FN_CONTAINS, {dict, makeInt(700)}).u.i, 0);
  EXPECT_EQ(text(WICK_FN_GET, {dict, makeInt(1), str("none")}), "none");
}

TEST_F(FunctionsTest, TellsKeysApart) {
  wick_value dict = call(WICK_FN_DICT_NEW, {makeFloat(0.0), makeInt(1), makeFloat(-0.0), makeInt(2)});
  EXPECT_EQ(printed(dict), "{0.: 2}");
  wick_value words = call(WICK_FN_DICT_NEW, {str("a"), makeInt(1), str("b"), makeInt(2), str("a"), makeInt(3)});
  EXPECT_EQ(printed(words), "{a: 3, b: 2}");
  wick_value same = call(WICK_FN_DICT_NEW, {str("b"), makeInt(2), str("a"), makeInt(3)});
  EXPECT_TRUE(isEqual(words, same));
}

TEST_F(FunctionsTest, ComputesWithComplexNumbers) {
  auto complex = [&](double real, double imag) { return call(WICK_FN_COMPLEX, {makeFloat(real), makeFloat(imag)}); };
  EXPECT_EQ(text(WICK_FN_COMPLEX, {makeInt(3)}), "3.+0.j");
  EXPECT_EQ(printed(complex(-0.0, NAN)), "0.-nanj");
  EXPECT_EQ(text(WICK_FN_ABS, {complex(3, -4)}), "5.");
  EXPECT_EQ(text(WICK_FN_SQRT, {complex(-4, 0)}), "0.+2.j");
  EXPECT_EQ(text(WICK_FN_POW, {makeFloat(2), complex(3, 0)}), "8.+0.j");
  EXPECT_EQ(text(WICK_FN_EQ, {complex(2, 0), makeInt(2)}), "True");
  EXPECT_EQ(text(WICK_FN_EQ, {complex(2, 1), makeInt(2)}), "False");
  EXPECT_EQ(text(WICK_FN_SUM, {list({complex(1, 2), complex(3, -1)})}), "4.+1.j");
  EXPECT_EQ(failure(WICK_FN_HASH, {complex(1, 0)}), "unhashable type: 'complex'");
  // Both zeros are one key, and NaN is none that is found again.
  wick_value dict = call(WICK_FN_DICT_NEW, {complex(0, 0), makeInt(1)});
  EXPECT_EQ(text(WICK_FN_CONTAINS, {dict, complex(-0.0, -0.0)}), "True");
  for (int i = 1; i < 20; ++i)
    call(WICK_FN_SET_ITEM, {dict, complex(i, -i), makeInt(i)});
  EXPECT_EQ(text(WICK_FN_GET_ITEM, {dict, complex(7, -7)}), "7");
  EXPECT_EQ(text(WICK_FN_GET_ITEM, {dict, complex(-0.0, 0)}), "1");
  EXPECT_EQ(text(WICK_FN_CONTAINS, {dict, complex(NAN, 0)}), "False");
}

TEST_F(FunctionsTest, PrintsAsTorchScript) {
  EXPECT_EQ(text(WICK_FN_STR, {makeFloat(0.1)}), "0.10000000000000001");
  EXPECT_EQ(text(WICK_FN_STR, {makeFloat(1e16)}), "10000000000000000.");
  EXPECT_EQ(text(WICK_FN_STR, {makeFloat(1e20)}), "1e+20");
  EXPECT_EQ(text(WICK_FN_STR, {list({str("x"), {}, makeBool(true)})}), "[x, None, True]");
  EXPECT_EQ(text(WICK_FN_STR, {call(WICK_FN_TUPLE_NEW, {makeInt(1)})}), "(1,)");
  EXPECT_EQ(text(WICK_FN_FORMAT, {str("{:.2f} {} {0}"), makeInt(1), makeInt(2)}), "{:.2f} 1 {0}");
  EXPECT_EQ(text(WICK_FN_PERCENT_FORMAT,
                 {str("%s %d%% %f"), call(WICK_FN_TUPLE_NEW, {str("a"), makeInt(5), makeFloat(0.5)})}),
            "a 5% 0.500000");
}

TEST_F(FunctionsTest, WorksOnStrings) {
  EXPECT_EQ(text(WICK_FN_SPLIT, {str(" a  b c "), {}, makeInt(-1)}), "[a, b, c]");
  EXPECT_EQ(text(WICK_FN_SPLIT, {str("caf\xc3\xa9 d\x1c"
                                     "e"),
                                 {},
                                 makeInt(1)}),
            "[caf\xc3, d, e]");
  EXPECT_EQ(text(WICK_FN_SPLIT, {str("a,b,,c"), str(","), makeInt(2)}), "[a, b, ,c]");
  EXPECT_EQ(text(WICK_FN_RSPLIT, {str("a,b,c"), str(","), makeInt(1)}), "[a,b, c]");
  EXPECT_EQ(text(WICK_FN_SPLIT_LINES, {str("a\nb\r\nc"), makeBool(false)}), "[a, b, , c]");
  EXPECT_EQ(text(WICK_FN_PARTITION, {str("k=v=w"), str("=")}), "(k, =, v=w)");
  EXPECT_EQ(text(WICK_FN_RPARTITION, {str("kv"), str("=")}), "(, , kv)");
  EXPECT_EQ(text(WICK_FN_REPLACE, {str("aaa"), str("a"), str("bb"), makeInt(2)}), "bbbba");
  EXPECT_EQ(text(WICK_FN_REPLACE, {str("ab"), str(""), str("-"), makeInt(-1)}), "-a-b-");
  EXPECT_EQ(text(WICK_FN_STRIP, {str("  x y ")}), "x y");
  EXPECT_EQ(text(WICK_FN_TITLE, {str("ab cD e1f")}), "Ab Cd E1F");
  EXPECT_EQ(text(WICK_FN_CENTER, {str("ab"), makeInt(5), str("*")}), "**ab*");
  EXPECT_EQ(text(WICK_FN_ZFILL, {str("-7"), makeInt(4)}), "00-7");
  EXPECT_EQ(text(WICK_FN_EXPAND_TABS, {str("a\tb"), makeInt(4)}), "a   b");
  EXPECT_EQ(call(WICK_FN_FIND, {str("hello"), str("l"), makeInt(0), makeInt(-1)}).u.i, 2);
  EXPECT_EQ(call(WICK_FN_RFIND, {str("hello"), str("l"), makeInt(0), makeInt(-1)}).u.i, 3);
  EXPECT_EQ(call(WICK_FN_COUNT, {str("banana"), str("an"), makeInt(0), makeInt(-1)}).u.i, 2);
  EXPECT_EQ(text(WICK_FN_HEX, {makeInt(-255)}), "-0xff");
}

TEST_F(FunctionsTest, DrawsFromGenerators) {
  // The first numbers of seed 5, in LibTorch too.
  auto draw = [&](wick_value generator) {
    float numbers[2];
    int64_t sizes[] = {2}, strides[] = {1};
    wick_tensor tensor{};
    tensor.data = numbers;
    tensor.sizes = sizes;
    tensor.strides = strides;
    tensor.rank = 1;
    tensor.dtype = WICK_F32;
    call(WICK_FN_DRAW_UNIFORM, {makeFloat(0), makeFloat(1), generator, makeReference(WICK_TENSOR_VALUE, &tensor)});
    return std::pair(numbers[0], numbers[1]);
  };
  wick_value one = call(WICK_FN_GENERATOR_NEW, {{}, makeInt(1)});
  wick_value other = frame.keep(makeReference(WICK_GENERATOR_VALUE, wick_generator_new(5)));
  EXPECT_EQ(call(WICK_FN_MANUAL_SEED, {one, makeInt(5)}).u.p, one.u.p);
  auto first = draw(one);
  EXPECT_NEAR(first.first, 0.8303, 1e-4);
  EXPECT_NEAR(first.second, 0.1261, 1e-4);
  EXPECT_EQ(draw(other), first);
  EXPECT_EQ(call(WICK_FN_INITIAL_SEED, {other}).u.i, 5);
  // A copy and a state taken out go on from where they were.
  wick_value copied = frame.keep(copyValue(other));
  wick_random state;
  wick_generator_save(static_cast<wick_generator *>(other.u.p), &state);
  auto second = draw(other);
  EXPECT_NE(second, first);
  EXPECT_EQ(draw(copied), second);
  wick_generator_restore(static_cast<wick_generator *>(one.u.p), &state);
  EXPECT_EQ(draw(one), second);
  int64_t fresh = call(WICK_FN_SEED, {one}).u.i;
  EXPECT_EQ(call(WICK_FN_INITIAL_SEED, {one}).u.i, fresh);
  EXPECT_EQ(text(WICK_FN_IS, {one, one}), "True");
  EXPECT_EQ(text(WICK_FN_IS, {one, other}), "False");
}

TEST_F(FunctionsTest, TellsOfWhatContainersAre) {
  auto is = [&](wick_value value, const char *type) { return call(WICK_FN_IS_TYPE, {value, str(type)}).u.i != 0; };
  auto note = [&](wick_value value, const char *type) { call(WICK_FN_SET_TYPE, {value, str(type)}); };
  wick_value empty = list({}), numbers = ints({1, 2});
  // What is not noted is judged by what is in it.
  EXPECT_TRUE(is(empty, "List[int]") && is(empty, "List[str]"));
  EXPECT_TRUE(is(numbers, "List[int]") && is(numbers, "List[Optional[int]]") && is(numbers, "Union[str, List[int]]"));
  EXPECT_FALSE(is(numbers, "List[float]") || is(numbers, "Dict[int, int]") || is(numbers, "int"));
  note(empty, "Optional[Union[List[float], str]]");
  EXPECT_TRUE(is(empty, "List[int]"));
  note(empty, "Optional[List[Dict[str, int]]]");
  EXPECT_TRUE(is(empty, "List[Dict[str, int]]") && is(empty, "Any"));
  EXPECT_FALSE(is(empty, "List[Dict[str, float]]") || is(empty, "List[int]"));
  wick_value copy = frame.keep(copyValue(empty));
  EXPECT_FALSE(is(copy, "List[int]"));
  wick_value dict = call(WICK_FN_DICT_NEW, {str("a"), makeInt(1), str("b"), makeFloat(2)});
  EXPECT_TRUE(is(dict, "Dict[str, number]"));
  EXPECT_FALSE(is(dict, "Dict[str, int]"));
  wick_value none = list({}), pair = call(WICK_FN_TUPLE_NEW, {none, makeBool(true)});
  note(pair, "Tuple[List[str], bool]");
  EXPECT_TRUE(is(pair, "Tuple[List[str], bool]") && is(none, "List[str]"));
  EXPECT_FALSE(is(pair, "Tuple[List[int], bool]") || is(pair, "Tuple[List[str]]"));
}

} // namespace
