//===- LiteralsTest.cpp - constants of generated code -------------------------===//
#include "Literals.h"
#include "Dict.h"
#include "Error.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

using namespace wick::runtime;

namespace {

/// Bytes as the compiler writes them.
struct Bytes : std::string {
  Bytes &number(int64_t value) {
    append(reinterpret_cast<const char *>(&value), sizeof(value));
    return *this;
  }
  Bytes &tag(wick_tag value) {
    push_back(char(value));
    return *this;
  }
  Bytes &integer(int64_t value) { return tag(WICK_INT_VALUE).number(value); }
  Bytes &text(std::string_view value) {
    tag(WICK_STRING_VALUE).number(value.size());
    append(value);
    return *this;
  }
};

/// Of what a literal describes, until the test ends.
class Made {
public:
  Made(const std::string &bytes, wick_tag tag) : value(makeLiteral({bytes.data(), int64_t(bytes.size()), tag})) {}
  ~Made() { wick_value_release(&value); }
  wick_sequence &items() const { return *static_cast<wick_sequence *>(value.u.p); }
  wick_value value;
};

/// Whether the bytes are refused.
bool isDamaged(const std::string &bytes, int64_t tag) {
  try {
    wick_value value = makeLiteral({bytes.data(), int64_t(bytes.size()), tag});
    wick_value_release(&value);
    return false;
  } catch (const Error &error) {
    EXPECT_EQ(error.status, WICK_ERROR_ARTIFACT);
    return true;
  }
}

/// [(None, True, 1.5), {"a": 7, "b": 8}]
Bytes example() {
  double f = 1.5;
  int64_t bits;
  std::memcpy(&bits, &f, sizeof(f));
  Bytes bytes;
  bytes.number(2).tag(WICK_TUPLE_VALUE).number(3).tag(WICK_NONE).tag(WICK_BOOL_VALUE);
  bytes.push_back(1);
  bytes.tag(WICK_FLOAT_VALUE).number(bits);
  bytes.tag(WICK_DICT_VALUE).number(4).text("a").integer(7).text("b").integer(8);
  return bytes;
}

TEST(Literals, StringsAreTheirBytes) {
  Made made("wick", WICK_STRING_VALUE);
  EXPECT_EQ(static_cast<wick_string *>(made.value.u.p)->text, "wick");
}

TEST(Literals, Nest) {
  Made made(example(), WICK_LIST_VALUE);
  ASSERT_EQ(made.items().count, 2);
  ASSERT_EQ(made.items().items[0].tag, WICK_TUPLE_VALUE);
  auto &tuple = *static_cast<wick_sequence *>(made.items().items[0].u.p);
  ASSERT_EQ(tuple.count, 3);
  EXPECT_EQ(tuple.items[0].tag, WICK_NONE);
  EXPECT_EQ(tuple.items[1].u.i, 1);
  EXPECT_EQ(tuple.items[2].u.f, 1.5);
  ASSERT_EQ(made.items().items[1].tag, WICK_DICT_VALUE);
  auto &entries = *static_cast<wick_sequence *>(made.items().items[1].u.p);
  wick_value *found = dict::find(entries, entries.items[2]);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->u.i, 8);
}

TEST(Literals, LaterKeysOverwriteAndTheIndexIsThere) {
  Bytes bytes;
  bytes.number(2 * 21);
  for (int64_t i = 0; i < 20; ++i)
    bytes.integer(i).integer(10 * i);
  bytes.integer(3).integer(-1);
  Made made(bytes, WICK_DICT_VALUE);
  ASSERT_EQ(made.items().count, 40);
  EXPECT_FALSE(made.items().index.empty());
  EXPECT_EQ(made.items().items[7].u.i, -1);
  for (int entries : {8, 9}) {
    Bytes some;
    some.number(2 * entries);
    for (int64_t i = 0; i < entries; ++i)
      some.integer(i).integer(i);
    EXPECT_EQ(Made(some, WICK_DICT_VALUE).items().index.empty(), entries == 8) << entries;
  }
}

TEST(Literals, DamagedOnesAreRefused) {
  Bytes bytes = example();
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_TRUE(isDamaged(bytes.substr(0, size), WICK_LIST_VALUE)) << size;
  EXPECT_TRUE(isDamaged(bytes + '\0', WICK_LIST_VALUE));
  EXPECT_TRUE(isDamaged(bytes, WICK_TENSOR_VALUE));
  EXPECT_TRUE(isDamaged(bytes, -1));
  EXPECT_TRUE(isDamaged(Bytes().number(-1), WICK_LIST_VALUE));
  EXPECT_TRUE(isDamaged(Bytes().number(INT64_MAX), WICK_LIST_VALUE));
  EXPECT_TRUE(isDamaged(Bytes().number(1).integer(1), WICK_DICT_VALUE));
  EXPECT_TRUE(isDamaged(Bytes().number(2).tag(WICK_NONE).integer(1), WICK_DICT_VALUE));
  EXPECT_TRUE(isDamaged(Bytes().number(1).tag(WICK_STRING_VALUE).number(-1), WICK_LIST_VALUE));
  Bytes deep;
  for (int depth = 0; depth < 100'000; ++depth)
    deep.number(1).tag(WICK_LIST_VALUE);
  EXPECT_TRUE(isDamaged(deep.number(0), WICK_LIST_VALUE));
  // Any change is either refused or another value; nothing is read outside.
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string changed = bytes;
    for (int n = random() % 3; n >= 0; --n)
      changed[random() % changed.size()] = char(random());
    isDamaged(changed, WICK_LIST_VALUE);
  }
}

} // namespace
