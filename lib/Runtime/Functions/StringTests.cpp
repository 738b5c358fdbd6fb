//===- StringTests.cpp - case and character classes of strings ----------------===//
//
// Strings are bytes; letters, digits and spaces are those of ASCII.
//
//===----------------------------------------------------------------------===//
#include "Functions.h"

#include <algorithm>

using namespace wick::runtime;

static bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
static bool isLower(char c) { return c >= 'a' && c <= 'z'; }
static bool isAlpha(char c) { return isUpper(c) || isLower(c); }
static bool isDigit(char c) { return c >= '0' && c <= '9'; }
static bool isAlnum(char c) { return isAlpha(c) || isDigit(c); }
static bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static bool isPrint(char c) { return c >= ' ' && c <= '~'; }
static char toUpper(char c) { return isLower(c) ? c - 'a' + 'A' : c; }
static char toLower(char c) { return isUpper(c) ? c - 'A' + 'a' : c; }

/// A copy with every letter mapped; `map` also learns whether a letter comes before.
template <typename Map> static wick_value mapLetters(const Arguments &a, Map map) {
  std::string text(a.text(0));
  bool inWord = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char before = text[i];
    text[i] = map(before, i, inWord);
    inWord = isAlpha(before);
  }
  return a.keepText(std::move(text));
}

/// Whether there are characters and all are of a class.
static wick_value areAll(const Arguments &a, bool (*test)(char)) {
  std::string_view text = a.text(0);
  return makeBool(!text.empty() && std::all_of(text.begin(), text.end(), test));
}

/// Whether there are letters and none is of the other case.
static wick_value hasCase(const Arguments &a, bool (*isWanted)(char), bool (*isOther)(char)) {
  std::string_view text = a.text(0);
  return makeBool(std::any_of(text.begin(), text.end(), isWanted) && std::none_of(text.begin(), text.end(), isOther));
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_UPPER>(const Arguments &a) {
  return mapLetters(a, [](char c, size_t, bool) { return toUpper(c); });
}
template <> wick_value run<WICK_FN_LOWER>(const Arguments &a) {
  return mapLetters(a, [](char c, size_t, bool) { return toLower(c); });
}
template <> wick_value run<WICK_FN_SWAP_CASE>(const Arguments &a) {
  return mapLetters(a, [](char c, size_t, bool) { return isUpper(c) ? toLower(c) : toUpper(c); });
}
template <> wick_value run<WICK_FN_CAPITALIZE>(const Arguments &a) {
  return mapLetters(a, [](char c, size_t i, bool) { return i ? toLower(c) : toUpper(c); });
}
template <> wick_value run<WICK_FN_TITLE>(const Arguments &a) {
  return mapLetters(a, [](char c, size_t, bool inWord) { return inWord ? toLower(c) : toUpper(c); });
}

template <> wick_value run<WICK_FN_IS_UPPER>(const Arguments &a) { return hasCase(a, isUpper, isLower); }
template <> wick_value run<WICK_FN_IS_LOWER>(const Arguments &a) { return hasCase(a, isLower, isUpper); }
template <> wick_value run<WICK_FN_IS_DIGIT>(const Arguments &a) { return areAll(a, isDigit); }
template <> wick_value run<WICK_FN_IS_NUMERIC>(const Arguments &a) { return areAll(a, isDigit); }
template <> wick_value run<WICK_FN_IS_DECIMAL>(const Arguments &a) { return areAll(a, isDigit); }
template <> wick_value run<WICK_FN_IS_ALPHA>(const Arguments &a) { return areAll(a, isAlpha); }
template <> wick_value run<WICK_FN_IS_ALNUM>(const Arguments &a) { return areAll(a, isAlnum); }
template <> wick_value run<WICK_FN_IS_SPACE>(const Arguments &a) { return areAll(a, isSpace); }

template <> wick_value run<WICK_FN_IS_PRINTABLE>(const Arguments &a) {
  return makeBool(std::all_of(a.text(0).begin(), a.text(0).end(), isPrint));
}

template <> wick_value run<WICK_FN_IS_TITLE>(const Arguments &a) {
  bool inWord = false, hasLetters = false;
  for (char c : a.text(0)) {
    if (inWord ? isUpper(c) : isLower(c))
      return makeBool(false);
    inWord = isAlpha(c);
    hasLetters |= inWord;
  }
  return makeBool(hasLetters);
}

template <> wick_value run<WICK_FN_IS_IDENTIFIER>(const Arguments &a) {
  std::string_view text = a.text(0);
  // An underscore is none, unlike in Python.
  return makeBool(!text.empty() && !isDigit(text[0]) && std::all_of(text.begin(), text.end(), isAlnum));
}

} // namespace wick::runtime
