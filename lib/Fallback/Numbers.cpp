//===- Numbers.cpp - random numbers of the caller for LibTorch ---------------===//
#include "Numbers.h"

using namespace wick::fallback;

static at::CPUGeneratorImpl *getEngine(const at::Generator &generator) {
  return at::check_generator<at::CPUGeneratorImpl>(generator);
}

static void copyEngine(const at::Generator &from, const at::Generator &to) {
  auto *source = getEngine(from), *target = getEngine(to);
  target->set_engine(source->engine());
  target->set_next_float_normal_sample(source->next_float_normal_sample());
  target->set_next_double_normal_sample(source->next_double_normal_sample());
}

static at::Generator getDefault() { return at::detail::getDefaultCPUGenerator(); }

LentNumbers::LentNumbers(const wick_random_stream &stream) : stream(stream) {
  stream.take(stream.owner, &state);
  generator = at::detail::createCPUGenerator();
  at::mt19937_data_pod data{};
  data.seed_ = state.seed;
  data.seeded_ = true;
  // LibTorch counts down how many words are left, and starts anew when none will be.
  data.left_ = WICK_RANDOM_WORDS + 1 - int(state.next);
  data.next_ = state.next;
  std::copy_n(state.words, WICK_RANDOM_WORDS, data.state_.begin());
  at::mt19937 engine;
  engine.set_data(data);
  getEngine(generator)->set_engine(engine);
  if (state.has_waiting)
    getEngine(generator)->set_next_double_normal_sample(state.waiting);
}

void LentNumbers::makeDefault() {
  static std::mutex mutex;
  lock = std::unique_lock(mutex);
  std::lock_guard<std::mutex> other(getDefault().mutex());
  replaced = at::detail::createCPUGenerator();
  copyEngine(getDefault(), *replaced);
  copyEngine(generator, getDefault());
}

LentNumbers::~LentNumbers() {
  if (replaced) {
    std::lock_guard<std::mutex> other(getDefault().mutex());
    copyEngine(getDefault(), generator);
    copyEngine(*replaced, getDefault());
  }
  at::mt19937_data_pod data = getEngine(generator)->engine().data();
  std::copy_n(data.state_.begin(), WICK_RANDOM_WORDS, state.words);
  state.next = WICK_RANDOM_WORDS + 1 - data.left_;
  state.seed = data.seed_;
  std::optional<double> waiting = getEngine(generator)->next_double_normal_sample();
  state.has_waiting = waiting.has_value();
  state.waiting = waiting.value_or(0);
  stream.put(stream.owner, &state);
}
