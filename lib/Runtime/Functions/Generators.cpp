//===- Generators.cpp - generators of random numbers -------------------------===//
//
// LibTorch makes a generator that a program creates a constant of the function, so that calls go on where the one
// before ended: there is one for each place in the program in every session. What `Generator(seed=n)` makes of a seed
// that only run time knows is new each time.
//
//===----------------------------------------------------------------------===//
#include "Functions.h"

using namespace wick::runtime;

namespace wick::runtime {

template <> wick_value run<WICK_FN_GENERATOR_NEW>(const Arguments &a) {
  run<WICK_FN_CHECK_DEVICE>(a);
  auto generator = std::make_unique<wick_generator>(uint64_t(a.integerOr(1, kDefaultSeed)));
  generator->charge.grow(sizeof(wick_generator));
  return a.keep(makeReference(WICK_GENERATOR_VALUE, generator.release()));
}

template <> wick_value run<WICK_FN_GENERATOR_OF_PLACE>(const Arguments &a) {
  return a.generatorOf(a.integer(0), uint64_t(a.integer(1)));
}

template <> wick_value run<WICK_FN_MANUAL_SEED>(const Arguments &a) {
  bool isGiven = a.size() > 1;
  Generator &generator = isGiven ? a.ownGenerator(0) : a.generator();
  std::lock_guard lock(generator.mutex);
  generator.seed(uint64_t(a.integer(isGiven)));
  return isGiven ? a[0] : makeNone();
}

template <> wick_value run<WICK_FN_SEED>(const Arguments &a) {
  Generator &generator = a.ownGenerator(0);
  std::lock_guard lock(generator.mutex);
  return makeInt(int64_t(generator.seed()));
}

template <> wick_value run<WICK_FN_INITIAL_SEED>(const Arguments &a) {
  Generator &generator = a.ownGenerator(0);
  std::lock_guard lock(generator.mutex);
  return makeInt(int64_t(generator.initialSeed()));
}

} // namespace wick::runtime
