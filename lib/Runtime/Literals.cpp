//===- Literals.cpp - constants of generated code ----------------------------===//
#include "Literals.h"
#include "Dict.h"
#include "Error.h"

#include <cstring>
#include <memory>
#include <string_view>

using namespace wick::runtime;

namespace {
/// Releases a sequence that a std::unique_ptr owns, with its items.
struct ReleaseSequence {
  void operator()(wick_sequence *sequence) const noexcept {
    wick_value value{WICK_LIST_VALUE, 0, {}};
    value.u.p = sequence;
    wick_value_release(&value);
  }
};
using OwnedSequence = std::unique_ptr<wick_sequence, ReleaseSequence>;

/// Reads the bytes of a literal; whatever they are it stays within them.
class LiteralReader {
public:
  explicit LiteralReader(std::string_view bytes) : rest(bytes) {}

  bool isAtEnd() const { return rest.empty(); }

  /// What follows a tag.
  wick_value read(int64_t tag, int depth = 0) {
    wick_value value{int32_t(tag), 0, {}};
    switch (tag) {
    case WICK_NONE: break;
    case WICK_BOOL_VALUE: value.u.i = take(1)[0] != 0; break;
    case WICK_INT_VALUE:
    case WICK_FLOAT_VALUE: value.u.i = readNumber(); break;
    case WICK_STRING_VALUE: value.u.p = new wick_string{{1}, std::string(take(readNumber()))}; break;
    case WICK_LIST_VALUE:
    case WICK_TUPLE_VALUE: value.u.p = readItems(depth).release(); break;
    case WICK_DICT_VALUE: value.u.p = readDict(depth).release(); break;
    default: damaged();
    }
    return value;
  }

  [[noreturn]] static void damaged() {
    fail(WICK_ERROR_ARTIFACT, "damaged artifact: a constant of the code is not one");
  }

private:
  static constexpr int kMaxDepth = 64; // more than the compiler makes

  std::string_view take(int64_t bytes) {
    if (bytes < 0 || uint64_t(bytes) > rest.size())
      damaged();
    std::string_view taken = rest.substr(0, bytes);
    rest.remove_prefix(bytes);
    return taken;
  }

  int64_t readNumber() {
    int64_t number;
    std::memcpy(&number, take(sizeof(number)).data(), sizeof(number));
    return number;
  }

  OwnedSequence readItems(int depth) {
    int64_t count = readNumber();
    // Each takes a byte or more.
    if (depth >= kMaxDepth || count < 0 || uint64_t(count) > rest.size())
      damaged();
    OwnedSequence items(new wick_sequence(count));
    for (wick_value &item : *items) {
      uint8_t tag = take(1)[0];
      item = read(tag, depth + 1);
    }
    return items;
  }

  OwnedSequence readDict(int depth) {
    OwnedSequence entries = readItems(depth);
    if (entries->count % 2)
      damaged();
    OwnedSequence made(new wick_sequence);
    for (int64_t i = 0; i < entries->count; i += 2) {
      wick_value key = entries->items[i], value = entries->items[i + 1];
      if (key.tag == WICK_NONE || key.tag > WICK_STRING_VALUE)
        damaged();
      // A later entry with the same key overwrites.
      if (wick_value *place = dict::find(*made, key)) {
        std::swap(*place, entries->items[i + 1]);
        continue;
      }
      wick_value_retain(&key);
      wick_value_retain(&value);
      dict::add(*made, key, value);
    }
    // Searches make the index, and those of several threads must not.
    if (made->count)
      dict::find(*made, made->items[0]);
    return made;
  }

  std::string_view rest;
};
} // namespace

wick_value wick::runtime::makeLiteral(const wick_literal &literal) {
  std::string_view bytes(literal.data, literal.bytes);
  if (literal.tag == WICK_STRING_VALUE) {
    wick_value value{WICK_STRING_VALUE, 0, {}};
    value.u.p = new wick_string{{1}, std::string(bytes)};
    return value;
  }
  LiteralReader reader(bytes);
  wick_value value = reader.read(literal.tag);
  if (reader.isAtEnd())
    return value;
  wick_value_release(&value);
  LiteralReader::damaged();
}
