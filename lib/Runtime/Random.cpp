//===- Random.cpp - streams of random numbers -------------------------------===//
#include "Random.h"
#include "Value.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

using namespace wick::runtime;

Generator::Generator() { seed(); }

Generator::Generator(const Generator &other)
    : words(other.words), next(other.next), first(other.first), waiting(other.waiting), hasWaiting(other.hasWaiting) {}

void Generator::seed(uint64_t value) {
  first = value;
  words[0] = uint32_t(value);
  for (uint32_t i = 1; i < kWords; ++i)
    words[i] = 1812433253u * (words[i - 1] ^ (words[i - 1] >> 30)) + i;
  next = kWords;
  hasWaiting = false;
}

uint64_t Generator::seed() {
  std::random_device device;
  // As many bits as LibTorch takes, which a float holds too.
  uint64_t value = (uint64_t(device()) << 32 | device()) & 0x1fffffffffffff;
  seed(value);
  return value;
}

void Generator::save(wick_random &state) const {
  std::copy(words.begin(), words.end(), state.words);
  state.next = next;
  state.seed = first;
  state.waiting = waiting;
  state.has_waiting = hasWaiting;
}

void Generator::restore(const wick_random &state) {
  std::copy_n(state.words, kWords, words.begin());
  next = std::min(state.next, kWords);
  first = state.seed;
  waiting = state.waiting;
  hasWaiting = state.has_waiting != 0;
}

void Generator::refill() {
  for (uint32_t i = 0; i < kWords; ++i) {
    uint32_t y = (words[i] & 0x80000000) | (words[(i + 1) % kWords] & 0x7fffffff);
    words[i] = words[(i + kShift) % kWords] ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfu : 0);
  }
  next = 0;
}

double Generator::normal() {
  if (hasWaiting) {
    hasWaiting = false;
    return waiting;
  }
  double angle = 2 * std::numbers::pi * uniform64(), radius = std::sqrt(-2 * std::log1p(-uniform64()));
  waiting = radius * std::sin(angle);
  hasWaiting = true;
  return radius * std::cos(angle);
}

//===--- the C interface ------------------------------------------------------===//

wick_generator *wick_generator_new(uint64_t seed) { return new (std::nothrow) wick_generator(seed); }

void wick_generator_save(wick_generator *generator, wick_random *state) {
  std::lock_guard lock(generator->stream.mutex);
  generator->stream.save(*state);
}

void wick_generator_restore(wick_generator *generator, const wick_random *state) {
  std::lock_guard lock(generator->stream.mutex);
  generator->stream.restore(*state);
}
