//===- State.cpp - what the programs of sessions may change -----------------===//
#include "State.h"
#include "Error.h"

#include <memory>
#include <set>
#include <utility>
#include <vector>

using namespace wick::runtime;

State::~State() {
  for (auto &[path, object] : objects)
    wick_value_release(&object);
  for (auto &[place, generator] : generators)
    wick_value_release(&generator);
}

/// Makes all that was made refer, in containers and objects of it, to objects that were there.
static void redirect(const std::vector<wick_value> &made, const std::map<void *, wick_value> &replaced) {
  std::set<wick_sequence *> met;
  std::vector<wick_sequence *> open;
  auto visit = [&](const wick_value &value) {
    bool isSequence = value.tag >= WICK_LIST_VALUE && value.tag <= WICK_OBJECT_VALUE && value.u.p;
    if (auto *sequence = static_cast<wick_sequence *>(value.u.p); isSequence && met.insert(sequence).second)
      open.push_back(sequence);
  };
  for (const wick_value &value : made)
    if (auto known = replaced.find(value.u.p); known == replaced.end())
      visit(value);
    else // which may have taken over what the other held
      visit(known->second);
  while (!open.empty()) {
    wick_sequence &sequence = *open.back();
    open.pop_back();
    for (wick_value &item : sequence) {
      auto known = item.tag == WICK_OBJECT_VALUE ? replaced.find(item.u.p) : replaced.end();
      if (known != replaced.end()) {
        wick_value_retain(&known->second);
        wick_value_release(&item);
        item = known->second;
      }
      visit(item);
    }
  }
}

static wick_sequence &objectOf(const wick_value &value) { return *static_cast<wick_sequence *>(value.u.p); }

void State::adopt(const Manifest &manifest, std::vector<wick_value> &made) {
  for (size_t i = 0; i < manifest.places.size(); ++i) {
    size_t object = manifest.places[i].object, slot = manifest.places[i].slot;
    if (made[object].tag != WICK_OBJECT_VALUE || slot >= size_t(objectOf(made[object]).count))
      fail(WICK_ERROR_ARTIFACT, "damaged artifact: attribute '", manifest.attributes.arguments[i].name,
           "' has no place");
  }
  std::lock_guard lock(mutex);
  std::map<void *, wick_value> replaced;
  for (size_t i = 0; i < made.size(); ++i) {
    auto [known, isNew] = objects.try_emplace(manifest.statePaths[i], made[i]);
    if (isNew) {
      wick_value_retain(&made[i]);
      continue;
    }
    if (objectOf(known->second).count != objectOf(made[i]).count)
      fail(WICK_ERROR_ARGUMENT, "the module is not compiled from the archive whose state it is to share");
    replaced[made[i].u.p] = known->second;
  }
  // What others do not use yet begins with what the module made.
  for (size_t i = 0; i < manifest.places.size(); ++i) {
    size_t object = manifest.places[i].object, slot = manifest.places[i].slot;
    auto known = replaced.find(made[object].u.p);
    if (attributes.insert(manifest.attributes.arguments[i].name).second && known != replaced.end())
      std::swap(objectOf(known->second).items[slot], objectOf(made[object]).items[slot]);
  }
  redirect(made, replaced);
  // So do objects themselves, where another refers to none yet.
  for (const wick_value &value : made) {
    auto known = replaced.find(value.u.p);
    wick_sequence &object = objectOf(value), &target = known == replaced.end() ? object : objectOf(known->second);
    for (int64_t slot = 0; slot < object.count; ++slot) {
      wick_value held = object.items[slot];
      if (held.tag != WICK_OBJECT_VALUE || (&target != &object && target.items[slot].tag != WICK_NONE))
        continue;
      if (auto other = replaced.find(held.u.p); other != replaced.end())
        held = other->second;
      wick_value_retain(&held);
      wick_value_release(&target.items[slot]);
      target.items[slot] = held;
    }
  }
  for (wick_value &value : made)
    if (auto known = replaced.find(value.u.p); known != replaced.end()) {
      wick_value_retain(&known->second);
      wick_value_release(&value);
      value = known->second;
    }
  ++modules;
}

State *State::copy(const std::vector<wick_value> &own, std::vector<wick_value> &copies) {
  std::lock_guard lock(mutex);
  std::unique_lock drawing(generator.mutex);
  auto result = std::make_unique<State>(generator);
  drawing.unlock();
  // All at once, for they may hold each other; the module's own come last, though they are among the others.
  std::vector<wick_value> from, to;
  for (auto &[path, object] : objects)
    from.push_back(object);
  for (auto &[place, held] : generators)
    from.push_back(held);
  from.insert(from.end(), own.begin(), own.end());
  to.resize(from.size());
  copyValues(from.data(), from.size(), to.data());
  size_t next = 0;
  for (auto &[path, object] : objects)
    result->objects.emplace(path, to[next++]);
  for (auto &[place, held] : generators)
    result->generators.emplace(place, to[next++]);
  copies.assign(to.begin() + next, to.end());
  result->attributes = attributes;
  result->modules = modules.load();
  return result.release();
}

wick_value State::generatorOf(int64_t place, uint64_t seed) {
  std::lock_guard lock(mutex);
  auto known = generators.find(place);
  if (known == generators.end()) {
    auto made = std::make_unique<wick_generator>(seed);
    wick_value value{WICK_GENERATOR_VALUE, 0, {}};
    value.u.p = made.get();
    known = generators.emplace(place, value).first;
    made.release();
  }
  wick_value_retain(&known->second);
  return known->second;
}
