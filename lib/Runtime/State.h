//===- State.h - what the programs of sessions may change --------*- C++ -*-===//
//
// Objects by their paths in the model, each a sequence of its slots in the order of its class. Modules that were
// compiled from one archive - for other arguments, or with other methods - see the same objects, of which each uses
// some slots: whoever brings a slot that no module before had used brings its first value.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_RUNTIME_STATE_H
#define WICK_LIB_RUNTIME_STATE_H

#include "Manifest.h"
#include "Random.h"
#include "Value.h"

#include <map>
#include <mutex>
#include <set>

namespace wick::runtime {

class State {
public:
  State() = default;
  explicit State(const Generator &generator) : generator(generator) {}
  ~State();
  State(const State &) = delete;

  void retain() { references.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }

  /// Takes in the objects that a module has made, in its order, and replaces those that are there already. Throws
  /// Error.
  void adopt(const Manifest &manifest, std::vector<wick_value> &made);
  /// A copy, and the objects in it that stand for those of a module.
  State *copy(const std::vector<wick_value> &own, std::vector<wick_value> &copies);
  /// The generator of a place in the program, made with a seed where there is none yet. Gives a reference.
  wick_value generatorOf(int64_t place, uint64_t seed);

  std::recursive_mutex mutex;  // held by each call of a module with state
  std::atomic<int> modules{0}; // that have brought objects
  Generator generator;

private:
  std::atomic<int64_t> references{1};
  std::map<std::string, wick_value> objects; // owned
  std::set<std::string> attributes;          // whose slots have values
  std::map<int64_t, wick_value> generators;  // owned
};

} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_STATE_H
