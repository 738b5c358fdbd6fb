//===- Classes.cpp - objects and members of enumerations ---------------------===//
#include "../Class.h"
#include "Functions.h"

using namespace wick::runtime;

const wick_class &Arguments::cls(int64_t i) const {
  const auto &list = frame.owner->module->manifest.classes->list;
  int64_t number = integer(i);
  if (number < 0 || size_t(number) >= list.size())
    fail(WICK_ERROR_UNSUPPORTED, "class ", number, " is not in the manifest");
  return list[number];
}

namespace wick::runtime {

template <> wick_value run<WICK_FN_OBJECT_NEW>(const Arguments &a) {
  return a.keepSequence(WICK_OBJECT_VALUE, std::make_unique<wick_sequence>(a.cls(0)));
}

template <> wick_value run<WICK_FN_SET_ATTR>(const Arguments &a) {
  wick_sequence &object = a.sequence(0, WICK_OBJECT_VALUE);
  int64_t index = a.integer(1);
  if (index < 0 || index >= object.count)
    fail(WICK_ERROR_UNSUPPORTED, "an object has no slot ", index);
  wick_value &slot = object.items[index], before = slot;
  slot = retained(a[2]);
  a.keep(before);
  return makeNone();
}

/// Its class owns it, and lives as long as the module does.
template <> wick_value run<WICK_FN_ENUM_MEMBER>(const Arguments &a) {
  const wick_class &cls = a.cls(0);
  int64_t number = a.integer(1);
  if (number < 0 || size_t(number) >= cls.members.size())
    fail(WICK_ERROR_UNSUPPORTED, "class '", cls.name, "' has no member ", number);
  return borrow(cls.members[number]);
}

template <> wick_value run<WICK_FN_ENUM_NAME>(const Arguments &a) { return a.member(0).name; }
template <> wick_value run<WICK_FN_ENUM_VALUE>(const Arguments &a) { return a.member(0).value; }

template <> wick_value run<WICK_FN_IS_CLASS>(const Arguments &a) {
  const wick_class *actual = a.has(0, WICK_OBJECT_VALUE) ? sequenceOf(a[0]).cls
                             : a.has(0, WICK_ENUM_VALUE) ? memberOf(a[0]).cls
                                                         : nullptr;
  return makeBool(actual && isSameClass(*actual, a.cls(1)));
}

template <> wick_value run<WICK_FN_PUSH_ENTERED>(const Arguments &a) {
  a.sequence(0, WICK_OBJECT_VALUE);
  a.entered().push_back(a[0]);
  wick_value_retain(&a[0]);
  return makeNone();
}

template <> wick_value run<WICK_FN_POP_ENTERED>(const Arguments &a) {
  if (a.entered().empty())
    fail(WICK_ERROR_UNSUPPORTED, "code leaves a with statement that it has not entered");
  wick_value object = a.entered().back();
  a.entered().pop_back();
  wick_value_release(&object);
  return makeNone();
}

} // namespace wick::runtime
