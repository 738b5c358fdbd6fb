//===- Fallback.cpp - operators that LibTorch runs ---------------------------===//
#include "../Fallback.h"
#include "Functions.h"

#include <algorithm>

using namespace wick::runtime;

/// The number of results that the text of an operation describes: the words after its arrow.
static int64_t countResults(std::string_view text) {
  size_t arrow = text.find("->");
  return arrow == text.npos ? 0 : std::count(text.begin() + arrow, text.end(), ' ');
}

/// The random numbers of the session, for operators that draw.
static wick_random_stream getStream(Generator &generator) {
  auto take = [](void *owner, wick_random *state) {
    auto &own = *static_cast<Generator *>(owner);
    own.mutex.lock();
    own.save(*state);
  };
  auto put = [](void *owner, const wick_random *state) {
    auto &own = *static_cast<Generator *>(owner);
    own.restore(*state);
    own.mutex.unlock();
  };
  return {&generator, take, put};
}

template <> wick_value wick::runtime::run<WICK_FN_CALL_FALLBACK>(const Arguments &arguments) {
  std::string_view text = arguments.text(0);
  std::vector<std::string> operators{std::string(text.substr(0, text.find_first_of("|(")))};
  static std::atomic<wick_fallback_call_fn> known{nullptr};
  wick_fallback_call_fn call = known.load(std::memory_order_acquire);
  if (!call)
    known.store(call = loadFallback(operators), std::memory_order_release);

  auto results = std::make_unique<wick_sequence>(countResults(text));
  wick_string *message = nullptr;
  auto isGenerator = [](const wick_value &value) { return value.tag == WICK_GENERATOR_VALUE; };
  const wick_value *end = arguments.begin() + arguments.size();
  const wick_value *given = std::find_if(arguments.begin(), end, isGenerator);
  wick_random_stream numbers =
      getStream(given == end ? arguments.generator() : arguments.generator(given - arguments.begin()));
  wick_status status = call(text.data(), text.size(), arguments.begin() + 1, arguments.size() - 1, &numbers,
                            results->items, results->count, &message);
  if (status != WICK_OK) {
    std::fill(results->begin(), results->end(), makeNone());
    std::string reason = message ? message->text : "out of memory";
    if (message)
      delete message;
    fail(status, reason);
  }
  if (results->count == 0)
    return makeNone();
  if (results->count > 1)
    return arguments.keepSequence(WICK_TUPLE_VALUE, std::move(results));
  wick_value only = results->items[0];
  results->items[0] = makeNone();
  return arguments.keep(only);
}
