//===- Random.h - streams of random numbers ----------------------*- C++ -*-===//
//
// The stream that a seed gives is that of LibTorch's generator for the CPU: Matsumoto and
// Nishimura's Mersenne Twister (2002), of whose words a distribution takes one or two a number.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_RANDOM_H
#define WICK_LIB_RUNTIME_RANDOM_H

#include "wick/Runtime/wick.h"

#include <array>
#include <cstdint>
#include <mutex>

namespace wick::runtime {

/// The seed of generators that nobody has seeded.
inline constexpr uint64_t kDefaultSeed = 67280421310721;

/// Whoever draws holds `mutex` for as long as its numbers belong together.
class Generator {
public:
  /// With a seed that nobody knows.
  Generator();
  explicit Generator(uint64_t value) { seed(value); }
  Generator(const Generator &other);
  Generator &operator=(const Generator &) = delete;

  void seed(uint64_t value);
  /// With a number that nobody knows, which it gives.
  uint64_t seed();
  /// The whole state, as the fallback takes and returns it.
  void save(wick_random &state) const;
  void restore(const wick_random &state);
  uint64_t initialSeed() const { return first; }

  uint32_t bits32() {
    if (next == kWords)
      refill();
    uint32_t y = words[next++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >> 18);
  }
  uint64_t bits64() {
    uint64_t high = bits32();
    return high << 32 | bits32();
  }
  /// In [0, 1), multiples of 2^-24 and 2^-53.
  float uniform32() { return (bits32() & 0xffffff) * 0x1p-24f; }
  double uniform64() { return (bits64() & 0x1fffffffffffff) * 0x1p-53; }
  /// Of mean 0 and deviation 1; numbers come in pairs, of which the second waits here.
  double normal();

  std::mutex mutex;

private:
  static constexpr uint32_t kWords = WICK_RANDOM_WORDS, kShift = 397;

  void refill();

  std::array<uint32_t, kWords> words;
  uint32_t next;
  uint64_t first;
  double waiting = 0;
  bool hasWaiting = false;
};

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_RANDOM_H
