//===- Class.cpp - classes and enumerations of a program --------------------===//
#include "Class.h"
#include "Value.h"

#include <algorithm>

using namespace wick::runtime;

wick_class::~wick_class() {
  for (const wick_member &member : members) {
    wick_value_release(&member.name);
    wick_value_release(&member.value);
  }
}

const wick_member *wick_class::find(std::string_view member) const {
  for (const wick_member &candidate : members)
    if (static_cast<const wick_string *>(candidate.name.u.p)->text == member)
      return &candidate;
  return nullptr;
}

bool wick::runtime::isSameClass(const wick_class &a, const wick_class &b) {
  if (&a == &b)
    return true;
  auto haveSameName = [](const wick_class::Attribute &x, const wick_class::Attribute &y) { return x.name == y.name; };
  auto isSameMember = [](const wick_member &x, const wick_member &y) {
    bool isText = x.value.tag == WICK_STRING_VALUE;
    return static_cast<wick_string *>(x.name.u.p)->text == static_cast<wick_string *>(y.name.u.p)->text &&
           x.value.tag == y.value.tag &&
           (isText ? static_cast<wick_string *>(x.value.u.p)->text == static_cast<wick_string *>(y.value.u.p)->text
                   : x.value.u.i == y.value.u.i);
  };
  return a.name == b.name && a.isEnum == b.isEnum && std::ranges::equal(a.attributes, b.attributes, haveSameName) &&
         std::ranges::equal(a.members, b.members, isSameMember);
}

void wick::runtime::retain(const wick_class *cls) { cls->owner.references.fetch_add(1, std::memory_order_relaxed); }

void wick::runtime::release(const wick_class *cls) { ReleaseClasses()(&cls->owner); }

void ReleaseClasses::operator()(Classes *classes) const {
  if (classes->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
    delete classes;
}

//===--- the C interface ------------------------------------------------------===//

const char *wick_class_name(const wick_class *cls) { return cls->name.c_str(); }
int wick_class_is_enum(const wick_class *cls) { return cls->isEnum; }
int32_t wick_class_attribute_count(const wick_class *cls) { return cls->attributes.size(); }

const char *wick_class_attribute_name(const wick_class *cls, int32_t index) {
  return index < 0 || size_t(index) >= cls->attributes.size() ? nullptr : cls->attributes[index].name.c_str();
}

const wick_type *wick_class_attribute_type(const wick_class *cls, int32_t index) {
  return index < 0 || size_t(index) >= cls->attributes.size() || !cls->attributes[index].type
             ? nullptr
             : &*cls->attributes[index].type;
}

int32_t wick_class_member_count(const wick_class *cls) { return cls->members.size(); }

const wick_member *wick_class_member(const wick_class *cls, int32_t index) {
  return index < 0 || size_t(index) >= cls->members.size() ? nullptr : &cls->members[index];
}

const wick_member *wick_class_find_member(const wick_class *cls, const char *name) { return cls->find(name); }
const wick_class *wick_member_class(const wick_member *member) { return member->cls; }

const char *wick_member_name(const wick_member *member) {
  return static_cast<const wick_string *>(member->name.u.p)->text.c_str();
}

const wick_value *wick_member_value(const wick_member *member) { return &member->value; }

wick_sequence *wick_object_new(const wick_class *cls) {
  try {
    return cls->isEnum ? nullptr : new wick_sequence(*cls);
  } catch (const std::exception &) {
    return nullptr;
  }
}

const wick_class *wick_object_class(const wick_sequence *object) { return object->cls; }
