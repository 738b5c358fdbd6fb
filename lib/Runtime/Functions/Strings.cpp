//===- Strings.cpp - searching, splitting and joining strings -----------------===//
#include "Functions.h"

#include <algorithm>

using namespace wick::runtime;

static constexpr std::string_view kSpaces = " \n\t\f\v\r";

/// The part of a string that `start` and `end` select; -1 is its end.
static std::string_view selectText(std::string_view text, int64_t &start, int64_t end) {
  int64_t size = text.size();
  start = start < 0 ? std::max<int64_t>(0, size + start) : start;
  end = end < 0 ? std::max<int64_t>(0, size + end + 1) : end;
  if (start > size)
    failOperator("basic_string::substr: __pos (which is ", start, ") > this->size() (which is ", size, ")");
  return text.substr(start, end < start ? std::string_view::npos : end - start);
}

static int64_t findText(const Arguments &a, bool fromEnd) {
  int64_t start = a.integerOr(2, 0);
  std::string_view text = selectText(a.text(0), start, a.integerOr(3, -1));
  size_t at = fromEnd ? text.rfind(a.text(1)) : text.find(a.text(1));
  return at == text.npos ? -1 : int64_t(at) + start;
}

/// A new list of strings, left to the context.
class Pieces {
public:
  explicit Pieces(const Arguments &a) {
    auto made = std::make_unique<wick_sequence>();
    list = made.get();
    result = a.keepSequence(WICK_LIST_VALUE, std::move(made));
  }
  void add(std::string_view text) {
    list->reserve(list->count + 1);
    list->append(makeReference(WICK_STRING_VALUE, new wick_string{{1}, std::string(text)}));
  }
  void reverse() { std::reverse(list->begin(), list->end()); }

  wick_value result;

private:
  wick_sequence *list;
};

static wick_value strip(const Arguments &a, bool left, bool right) {
  std::string_view text = a.text(0), letters = a.has(1, WICK_STRING_VALUE) ? a.text(1) : kSpaces;
  size_t first = left ? std::min(text.find_first_not_of(letters), text.size()) : 0;
  size_t end = right ? text.find_last_not_of(letters) + 1 : text.size();
  return a.keepText(std::string(text.substr(first, end > first ? end - first : 0)));
}

/// The bytes at which LibTorch ends lines, and with blanks words: those of U+2028 and U+2029 one by one, and so parts
/// of other characters, as of é, which is \xc3\xa9. Neither is Python's way.
static constexpr std::string_view kBlanks = " \t\n\r\v\f\x1c\x1d\x1e\x85\xe2\x80\xa8\xa9",
                                  kLineEnds = kBlanks.substr(2);

static wick_value split(const Arguments &a) {
  Pieces pieces(a);
  std::string_view text = a.text(0);
  // Of words all, whatever the limit.
  if (!a.has(1, WICK_STRING_VALUE)) {
    for (size_t at = 0; (at = text.find_first_not_of(kBlanks, at)) != text.npos;) {
      size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
      pieces.add(text.substr(at, end - at));
      at = end;
    }
    return pieces.result;
  }
  int64_t limit = a.integerOr(2, -1);
  std::string_view separator = a.text(1);
  if (separator.empty())
    failOperator("ValueError: empty separator");
  size_t begin = 0;
  for (size_t at; limit != 0 && (at = text.find(separator, begin)) != text.npos; --limit) {
    pieces.add(text.substr(begin, at - begin));
    begin = at + separator.size();
  }
  pieces.add(text.substr(begin));
  return pieces.result;
}

static wick_value splitFromEnd(const Arguments &a) {
  Pieces pieces(a);
  std::string_view text = a.text(0), separator = a.has(1, WICK_STRING_VALUE) ? a.text(1) : " ";
  int64_t limit = a.integerOr(2, -1);
  if (separator.empty())
    failOperator("ValueError: empty separator");
  for (size_t at; limit != 0 && (at = text.rfind(separator)) != text.npos; --limit) {
    pieces.add(text.substr(at + separator.size()));
    text = text.substr(0, at);
  }
  pieces.add(text);
  pieces.reverse();
  return pieces.result;
}

static wick_value partition(const Arguments &a, bool fromEnd) {
  std::string_view text = a.text(0), separator = a.text(1);
  size_t at = fromEnd ? text.rfind(separator) : text.find(separator);
  std::string_view parts[3] = {text, {}, {}};
  if (at != text.npos) {
    parts[0] = text.substr(0, at);
    parts[1] = separator;
    parts[2] = text.substr(at + separator.size());
  } else if (fromEnd) {
    std::swap(parts[0], parts[2]);
  }
  auto made = std::make_unique<wick_sequence>(3);
  wick_sequence &tuple = *made;
  wick_value result = a.keepSequence(WICK_TUPLE_VALUE, std::move(made));
  for (int i = 0; i < 3; ++i)
    tuple.items[i] = makeReference(WICK_STRING_VALUE, new wick_string{{1}, std::string(parts[i])});
  return result;
}

/// Pads to the width in argument 1, of which `left` says how much goes before.
template <typename Left> static wick_value pad(const Arguments &a, Left left) {
  std::string_view text = a.text(0), fill = a.has(2, WICK_STRING_VALUE) ? a.text(2) : " ";
  if (fill.size() != 1)
    failOperator("TypeError: The fill character must be exactly one character long");
  int64_t padding = std::max<int64_t>(a.integer(1) - int64_t(text.size()), 0), before = left(padding, a.integer(1));
  std::string padded(before, fill[0]);
  padded += text;
  padded.append(padding - before, fill[0]);
  return a.keepText(std::move(padded));
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_FIND>(const Arguments &a) { return makeInt(findText(a, false)); }
template <> wick_value run<WICK_FN_RFIND>(const Arguments &a) { return makeInt(findText(a, true)); }

template <> wick_value run<WICK_FN_RINDEX>(const Arguments &a) {
  int64_t found = findText(a, true);
  if (found < 0)
    failOperator("ValueError: substring not found");
  return makeInt(found);
}

template <> wick_value run<WICK_FN_STARTS_WITH>(const Arguments &a) {
  int64_t start = a.integerOr(2, 0);
  return makeBool(selectText(a.text(0), start, a.integerOr(3, -1)).starts_with(a.text(1)));
}

template <> wick_value run<WICK_FN_ENDS_WITH>(const Arguments &a) {
  int64_t start = a.integerOr(2, 0);
  return makeBool(selectText(a.text(0), start, a.integerOr(3, -1)).ends_with(a.text(1)));
}

template <> wick_value run<WICK_FN_STRIP>(const Arguments &a) { return strip(a, true, true); }
template <> wick_value run<WICK_FN_LSTRIP>(const Arguments &a) { return strip(a, true, false); }
template <> wick_value run<WICK_FN_RSTRIP>(const Arguments &a) { return strip(a, false, true); }
template <> wick_value run<WICK_FN_SPLIT>(const Arguments &a) { return split(a); }
template <> wick_value run<WICK_FN_RSPLIT>(const Arguments &a) { return splitFromEnd(a); }
template <> wick_value run<WICK_FN_PARTITION>(const Arguments &a) { return partition(a, false); }
template <> wick_value run<WICK_FN_RPARTITION>(const Arguments &a) { return partition(a, true); }

template <> wick_value run<WICK_FN_SPLIT_LINES>(const Arguments &a) {
  Pieces pieces(a);
  std::string_view text = a.text(0);
  bool keepEnds = a.flagOr(1, false);
  // \r\n are two ends, and what is kept is a piece of its own.
  size_t begin = 0;
  for (size_t at; (at = text.find_first_of(kLineEnds, begin)) != text.npos; begin = at + 1) {
    pieces.add(text.substr(begin, at - begin));
    if (keepEnds)
      pieces.add(text.substr(at, 1));
  }
  if (begin != text.size())
    pieces.add(text.substr(begin));
  return pieces.result;
}

template <> wick_value run<WICK_FN_JOIN>(const Arguments &a) {
  std::string out;
  bool isFirst = true;
  for (const wick_value &part : a.list(1)) {
    out += isFirst ? std::string_view() : a.text(0);
    out += textOf(part);
    isFirst = false;
  }
  return a.keepText(std::move(out));
}

template <> wick_value run<WICK_FN_REPLACE>(const Arguments &a) {
  std::string_view text = a.text(0), old = a.text(1), with = a.text(2);
  int64_t limit = a.integerOr(3, -1);
  std::string out;
  if (old.empty()) // before every character and at the end
    for (; !text.empty() && limit != 0; --limit, text.remove_prefix(1))
      (out += with) += text[0];
  size_t begin = 0;
  for (size_t at; !old.empty() && limit != 0 && (at = text.find(old, begin)) != text.npos; --limit) {
    (out += text.substr(begin, at - begin)) += with;
    begin = at + old.size();
  }
  if (old.empty() && limit != 0)
    out += with;
  out += text.substr(begin);
  return a.keepText(std::move(out));
}

template <> wick_value run<WICK_FN_CENTER>(const Arguments &a) {
  return pad(a, [](int64_t padding, int64_t width) { return padding / 2 + (padding & width & 1); });
}
template <> wick_value run<WICK_FN_LJUST>(const Arguments &a) {
  return pad(a, [](int64_t, int64_t) { return int64_t(0); });
}
template <> wick_value run<WICK_FN_RJUST>(const Arguments &a) {
  return pad(a, [](int64_t padding, int64_t) { return padding; });
}

template <> wick_value run<WICK_FN_ZFILL>(const Arguments &a) {
  // Before a sign too, unlike in Python.
  int64_t padding = std::max<int64_t>(a.integer(1) - int64_t(a.text(0).size()), 0);
  return a.keepText(std::string(padding, '0') += a.text(0));
}

template <> wick_value run<WICK_FN_EXPAND_TABS>(const Arguments &a) {
  int64_t width = a.integerOr(1, 8), column = 0;
  std::string out;
  for (char c : a.text(0)) {
    if (c == '\t') {
      int64_t spaces = width > 0 ? width - column % width : 0;
      out.append(spaces, ' ');
      column += spaces;
      continue;
    }
    out += c;
    ++column; // across lines, unlike in Python
  }
  return a.keepText(std::move(out));
}

} // namespace wick::runtime
