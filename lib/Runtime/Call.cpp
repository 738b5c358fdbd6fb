//===- Call.cpp - checks arguments and calls a method ------------------------===//
//
// Arguments are checked against the manifest and flattened to the leaves that
// generated code takes, which may then rely on what the signature says.
//
//===----------------------------------------------------------------------===//
#include "Call.h"
#include "Class.h"
#include "Watchdog.h"

#include <cstring>
#include <optional>
#include <unordered_set>
#include <utility>

using namespace wick::runtime;

namespace {

std::string_view kindOf(const wick_value &value) {
  switch (value.tag) {
  case WICK_NONE: return "None";
  case WICK_BOOL_VALUE: return "bool";
  case WICK_INT_VALUE: return "int";
  case WICK_FLOAT_VALUE: return "float";
  case WICK_COMPLEX_VALUE: return "complex";
  case WICK_TENSOR_VALUE: return "Tensor";
  case WICK_STRING_VALUE: return "str";
  case WICK_LIST_VALUE: return "list";
  case WICK_TUPLE_VALUE: return "tuple";
  case WICK_DICT_VALUE: return "dict";
  case WICK_OBJECT_VALUE: {
    const wick_class *cls = static_cast<const wick_sequence *>(value.u.p)->cls;
    return cls ? cls->shortName() : "object";
  }
  case WICK_DEVICE_VALUE: return "device";
  case WICK_ENUM_VALUE: return memberOf(value).cls->shortName();
  case WICK_GENERATOR_VALUE: return "Generator";
  default: return "a value of unknown kind";
  }
}

std::string describeTensor(const wick_tensor &tensor) {
  const char *dtype = dtypeName(tensor.dtype);
  std::string text = concat("Tensor<", dtype ? dtype : "?", ">[");
  for (int32_t i = 0; i < tensor.rank; ++i)
    text += concat(i ? ", " : "", tensor.sizes[i]);
  return text + "]";
}

/// Checks and flattens the arguments of one call into the frame.
class Binder {
public:
  Binder(const wick_method &method, Frame &frame) : method(method), frame(frame) {}

  void bind(const wick_value *args, int32_t count);
  /// Checks the value of an attribute, and makes of it what code expects; the method stands for all attributes.
  void checkAttribute(size_t index, wick_value &value);

private:
  [[noreturn]] __attribute__((cold, noinline)) void mismatch(const wick_type &type, const wick_value &value,
                                                             std::string_view why = {}) const;
  void bindValue(const wick_type &type, const wick_value &value);
  void bindParts(const wick_type &type, const wick_value &value);
  void bindTensor(const wick_type &type, const wick_value &value);
  void checkTensor(const wick_type &type, const wick_value &value);
  void checkHeld(const wick_type &type, wick_value &value);
  void checkObject(const wick_type &type, const wick_value &value);
  void checkObjects();
  std::string describeSlot() const;
  const wick_member &findMember(const wick_type &type, const wick_value &value) const;
  void push(const wick_value &value) { frame.leaves.push_back(value); }
  wick_tensor *makeContiguous(const wick_tensor *tensor) const;
  void checkWritten() const;
  void checkFixed(const Argument &declared) const;

  const wick_method &method;
  Frame &frame;
  size_t argument = 0;
  // Objects refer to each other as they like: those whose attributes are to be checked yet, with their class in this
  // module, and all that were met.
  std::vector<std::pair<const wick_class *, wick_sequence *>> open;
  std::unordered_set<const wick_sequence *> met;
  std::pair<const wick_class *, size_t> slot{}; // of what is checked, in an object
};

void Binder::mismatch(const wick_type &type, const wick_value &value, std::string_view why) const {
  std::string actual = value.tag == WICK_TENSOR_VALUE ? describeTensor(*static_cast<const wick_tensor *>(value.u.p))
                                                      : std::string(kindOf(value));
  fail(WICK_ERROR_ARGUMENT, method.name, method.name.empty() ? "attribute '" : "(): argument '",
       method.arguments[argument].name, "'", describeSlot(), " must be ", type.text, ", not ", actual,
       why.empty() ? "" : ": ", why);
}

std::string Binder::describeSlot() const {
  return slot.first ? concat(", attribute '", slot.first->attributes[slot.second].name, "' of an object of class ",
                             slot.first->shortName(), ",")
                    : "";
}

wick_tensor *Binder::makeContiguous(const wick_tensor *tensor) const {
  return copyTensor(*tensor, frame.owner->budget).release();
}

void Binder::checkTensor(const wick_type &type, const wick_value &value) {
  if (value.tag != WICK_TENSOR_VALUE)
    mismatch(type, value);
  auto *tensor = static_cast<wick_tensor *>(value.u.p);
  if (type.dtype >= 0 && tensor->dtype != type.dtype)
    mismatch(type, value, "the dtype differs");
  if (type.rank >= 0) {
    if (tensor->rank != type.rank)
      mismatch(type, value, concat("the rank is ", tensor->rank, ", expected ", type.rank));
    for (int32_t i = 0; i < type.rank; ++i) {
      const wick_type::Dim &dim = type.dims[i];
      int64_t size = tensor->sizes[i];
      if (dim.size >= 0 && size != dim.size)
        mismatch(type, value, concat("dim ", i, " is ", size, ", expected ", dim.size));
      if (dim.symbol < 0)
        continue;
      int64_t &bound = frame.symbols[dim.symbol];
      if (bound >= 0 && bound != size)
        mismatch(type, value, concat("dim ", i, " is ", size, ", but ", dim.name, " is ", bound));
      bound = size;
    }
  }
}

void Binder::bindTensor(const wick_type &type, const wick_value &value) {
  checkTensor(type, value);
  auto *tensor = static_cast<wick_tensor *>(value.u.p);
  if (isReadable(tensor))
    return push(value);
  frame.copies.reserve(frame.copies.size() + 1);
  wick_tensor *copy = makeContiguous(tensor);
  frame.copies.push_back({copy, tensor, method.arguments[argument].written});
  wick_value leaf = value;
  leaf.u.p = copy;
  push(leaf);
}

/// Tuples, and the lists and dicts whose length and keys the compiler knew.
void Binder::bindParts(const wick_type &type, const wick_value &value) {
  bool isList = value.tag == WICK_TUPLE_VALUE || (value.tag == WICK_LIST_VALUE && type.kind != WICK_TYPE_DICT);
  if (type.kind == WICK_TYPE_DICT ? value.tag != WICK_DICT_VALUE : !isList)
    mismatch(type, value);
  const auto &sequence = *static_cast<const wick_sequence *>(value.u.p);
  const wick_value *items = sequence.items;
  size_t count = type.partCount(), given = type.kind == WICK_TYPE_DICT ? sequence.count / 2 : sequence.count;
  if (given != count)
    mismatch(type, value, concat("it has ", given, " items, expected ", count));
  for (size_t i = 0; i < count; ++i) {
    if (type.kind != WICK_TYPE_DICT) {
      bindValue(type.part(i), items[i]);
      continue;
    }
    const wick_value *found = nullptr;
    for (size_t k = 0; k < given && !found; ++k)
      if (items[2 * k].tag == WICK_STRING_VALUE && static_cast<wick_string *>(items[2 * k].u.p)->text == type.keys[i])
        found = &items[2 * k + 1];
    if (!found)
      mismatch(type, value, concat("key '", type.keys[i], "' is missing"));
    bindValue(type.part(i), *found);
  }
}

/// Whether a value is of the kind of a member of a union.
bool hasKind(const wick_type &type, const wick_value &value) {
  switch (type.kind) {
  case WICK_TYPE_NONE: return value.tag == WICK_NONE;
  case WICK_TYPE_BOOL: return value.tag == WICK_BOOL_VALUE;
  case WICK_TYPE_INT: return value.tag == WICK_INT_VALUE;
  case WICK_TYPE_FLOAT: return value.tag == WICK_FLOAT_VALUE;
  case WICK_TYPE_COMPLEX: return value.tag == WICK_COMPLEX_VALUE;
  case WICK_TYPE_TENSOR: return value.tag == WICK_TENSOR_VALUE;
  case WICK_TYPE_STRING: return value.tag == WICK_STRING_VALUE;
  case WICK_TYPE_LIST: return value.tag == WICK_LIST_VALUE;
  case WICK_TYPE_TUPLE: return value.tag == WICK_TUPLE_VALUE;
  case WICK_TYPE_DICT: return value.tag == WICK_DICT_VALUE;
  case WICK_TYPE_DEVICE: return value.tag == WICK_DEVICE_VALUE;
  case WICK_TYPE_GENERATOR: return value.tag == WICK_GENERATOR_VALUE;
  case WICK_TYPE_ENUM: return value.tag == WICK_ENUM_VALUE && isSameClass(*type.cls, *memberOf(value).cls);
  case WICK_TYPE_OBJECT: {
    const wick_class *cls = value.tag == WICK_OBJECT_VALUE ? static_cast<wick_sequence *>(value.u.p)->cls : nullptr;
    return cls && isSameClass(*type.cls, *cls);
  }
  default: return false;
  }
}

/// A complex number for one of another kind; null for what is no number.
wick_complex *makeComplex(const wick_value &value) {
  bool isFloat = value.tag == WICK_FLOAT_VALUE;
  if (!isFloat && value.tag != WICK_INT_VALUE && value.tag != WICK_BOOL_VALUE)
    return nullptr;
  return new Complex(isFloat ? value.u.f : double(value.u.i), 0);
}

/// The member of the module's own class that a value is; it may come from another module.
const wick_member &Binder::findMember(const wick_type &type, const wick_value &value) const {
  if (!hasKind(type, value))
    mismatch(type, value);
  const wick_member &given = memberOf(value);
  return given.cls == type.cls ? given : *type.cls->find(wick_member_name(&given));
}

/// What an object holds is checked when the argument has been bound, for it may hold itself.
void Binder::checkObject(const wick_type &type, const wick_value &value) {
  if (!hasKind(type, value))
    mismatch(type, value);
  auto *object = static_cast<wick_sequence *>(value.u.p);
  if (met.insert(object).second)
    open.emplace_back(type.cls, object);
}

void Binder::checkObjects() {
  while (!open.empty()) {
    auto [cls, object] = open.back();
    open.pop_back();
    for (size_t i = 0; i < cls->attributes.size(); ++i) {
      const std::optional<wick_type> &type = cls->attributes[i].type;
      slot = {cls, i};
      if (!type)
        fail(WICK_ERROR_ARGUMENT, method.name, "(): argument '", method.arguments[argument].name, "'", describeSlot(),
             " is of a kind that callers do not give");
      checkHeld(*type, object->items[i]);
    }
  }
  slot = {};
}

/// What is given for a bool, as one: numbers are true unless they are zero, and None is not.
std::optional<wick_value> makeBool(const wick_value &value) {
  switch (value.tag) {
  case WICK_NONE: return wick_value{WICK_BOOL_VALUE, 0, {0}};
  case WICK_BOOL_VALUE:
  case WICK_INT_VALUE: return wick_value{WICK_BOOL_VALUE, 0, {value.u.i != 0}};
  case WICK_FLOAT_VALUE: return wick_value{WICK_BOOL_VALUE, 0, {value.u.f != 0}};
  default: return std::nullopt;
  }
}

/// Checks what a container holds, and makes of it what code expects: ints among floats become floats, numbers among
/// complex ones complex, and a tensor that is not aligned its copy.
void Binder::checkHeld(const wick_type &type, wick_value &value) {
  auto expect = [&](bool fits) {
    if (!fits)
      mismatch(type, value);
  };
  auto checkItems = [&](int32_t tag, auto typeOf) {
    expect(value.tag == tag);
    wick_sequence &sequence = *static_cast<wick_sequence *>(value.u.p);
    for (int64_t i = 0; i < sequence.count; ++i)
      checkHeld(typeOf(i), sequence.items[i]);
  };
  switch (type.kind) {
  case WICK_TYPE_TENSOR: {
    checkTensor(type, value);
    auto *tensor = static_cast<wick_tensor *>(value.u.p);
    if (isAligned(tensor))
      return;
    value.u.p = makeContiguous(tensor);
    return release(tensor);
  }
  case WICK_TYPE_INT:
    expect(value.tag == WICK_INT_VALUE || value.tag == WICK_BOOL_VALUE);
    value.tag = WICK_INT_VALUE;
    return;
  case WICK_TYPE_FLOAT:
    if (value.tag == WICK_FLOAT_VALUE)
      return;
    expect(value.tag == WICK_INT_VALUE || value.tag == WICK_BOOL_VALUE);
    value.u.f = double(value.u.i);
    value.tag = WICK_FLOAT_VALUE;
    return;
  case WICK_TYPE_COMPLEX: {
    if (value.tag == WICK_COMPLEX_VALUE)
      return;
    wick_complex *complex = makeComplex(value);
    expect(complex);
    value.tag = WICK_COMPLEX_VALUE;
    value.u.p = complex;
    return;
  }
  case WICK_TYPE_BOOL: {
    std::optional<wick_value> truth = makeBool(value);
    expect(truth.has_value());
    value = *truth;
    return;
  }
  case WICK_TYPE_STRING: return expect(value.tag == WICK_STRING_VALUE);
  case WICK_TYPE_DEVICE: return expect(value.tag == WICK_DEVICE_VALUE);
  case WICK_TYPE_GENERATOR: return expect(value.tag == WICK_GENERATOR_VALUE);
  case WICK_TYPE_NONE: return expect(value.tag == WICK_NONE);
  case WICK_TYPE_OPTIONAL: return value.tag == WICK_NONE ? void() : checkHeld(type.elements[0], value);
  case WICK_TYPE_UNION:
    for (const wick_type &member : type.elements)
      if (hasKind(member, value))
        return checkHeld(member, value);
    mismatch(type, value);
  case WICK_TYPE_ANY: return;
  case WICK_TYPE_OBJECT: return checkObject(type, value);
  case WICK_TYPE_ENUM: {
    wick_value own = borrow(findMember(type, value));
    wick_value_retain(&own);
    wick_value_release(&value);
    value = own;
    return;
  }
  case WICK_TYPE_LIST: return checkItems(WICK_LIST_VALUE, [&](int64_t) -> auto & { return type.elements[0]; });
  case WICK_TYPE_DICT: return checkItems(WICK_DICT_VALUE, [&](int64_t i) -> auto & { return type.elements[i % 2]; });
  case WICK_TYPE_TUPLE:
    expect(value.tag == WICK_TUPLE_VALUE &&
           static_cast<wick_sequence *>(value.u.p)->count == int64_t(type.elements.size()));
    return checkItems(WICK_TUPLE_VALUE, [&](int64_t i) -> auto & { return type.elements[i]; });
  }
}

void Binder::bindValue(const wick_type &type, const wick_value &value) {
  switch (type.kind) {
  case WICK_TYPE_TENSOR: return bindTensor(type, value);
  case WICK_TYPE_INT:
    if (value.tag != WICK_INT_VALUE && value.tag != WICK_BOOL_VALUE)
      mismatch(type, value);
    return push({WICK_INT_VALUE, 0, {value.u.i}});
  case WICK_TYPE_FLOAT: {
    if (value.tag == WICK_FLOAT_VALUE)
      return push(value);
    if (value.tag != WICK_INT_VALUE && value.tag != WICK_BOOL_VALUE)
      mismatch(type, value);
    wick_value number{WICK_FLOAT_VALUE, 0, {}};
    number.u.f = double(value.u.i);
    return push(number);
  }
  case WICK_TYPE_COMPLEX: {
    if (value.tag == WICK_COMPLEX_VALUE)
      return push(value);
    wick_value number{WICK_COMPLEX_VALUE, 0, {}};
    number.u.p = makeComplex(value);
    if (!number.u.p)
      mismatch(type, value);
    return push(frame.keep(number));
  }
  case WICK_TYPE_BOOL: {
    std::optional<wick_value> truth = makeBool(value);
    if (!truth)
      mismatch(type, value);
    return push(*truth);
  }
  case WICK_TYPE_STRING:
    if (value.tag != WICK_STRING_VALUE)
      mismatch(type, value);
    return push(value);
  case WICK_TYPE_DEVICE:
    if (value.tag != WICK_DEVICE_VALUE && value.tag != WICK_STRING_VALUE)
      mismatch(type, value);
    return push({WICK_DEVICE_VALUE, 0, value.u});
  case WICK_TYPE_GENERATOR:
    if (value.tag != WICK_GENERATOR_VALUE)
      mismatch(type, value);
    return push(value);
  case WICK_TYPE_NONE:
    if (value.tag != WICK_NONE)
      mismatch(type, value);
    return push(value);
  case WICK_TYPE_OPTIONAL:
    if (value.tag == WICK_NONE)
      return push(value);
    if (!type.elements[0].isFlattened())
      return bindValue(type.elements[0], value);
    break;
  case WICK_TYPE_ANY: return push(value);
  case WICK_TYPE_ENUM: return push(borrow(findMember(type, value)));
  case WICK_TYPE_OBJECT: checkObject(type, value); return push(value);
  case WICK_TYPE_UNION:
    for (const wick_type &member : type.elements)
      if (hasKind(member, value) && !member.isFlattened())
        return bindValue(member, value);
    break;
  case WICK_TYPE_TUPLE:
  case WICK_TYPE_LIST:
  case WICK_TYPE_DICT:
    if (type.isFlattened())
      return bindParts(type, value);
    break;
  }
  // One leaf, whatever is in it.
  wick_value leaf = value;
  checkHeld(type, leaf);
  push(leaf);
}

/// The bytes between the first and the last element; empty when there are none.
std::pair<uintptr_t, uintptr_t> rangeOf(const wick_tensor &tensor) {
  int64_t low = 0, high = 0;
  for (int32_t i = 0; i < tensor.rank; ++i) {
    if (tensor.sizes[i] == 0)
      return {0, 0};
    int64_t reach = (tensor.sizes[i] - 1) * tensor.strides[i];
    (reach < 0 ? low : high) += reach;
  }
  auto base = reinterpret_cast<uintptr_t>(tensor.data);
  int64_t element = dtypeSize(tensor.dtype);
  return {base + low * element, base + (high + 1) * element};
}

/// Code is compiled in the knowledge that what it writes to is no other argument.
void Binder::checkWritten() const {
  auto originalOf = [&](const wick_value &leaf) {
    const auto *tensor = static_cast<const wick_tensor *>(leaf.u.p);
    for (const Copy &copy : frame.copies)
      if (copy.copy == tensor)
        return static_cast<const wick_tensor *>(copy.original);
    return tensor;
  };
  struct Range {
    uintptr_t begin, end;
    const Argument *argument;
  };
  std::vector<Range> ranges;
  size_t leaf = 0;
  for (const Argument &declared : method.arguments)
    for (size_t end = leaf + declared.leaves; leaf < end; ++leaf)
      if (frame.leaves[leaf].tag == WICK_TENSOR_VALUE) {
        auto [begin, last] = rangeOf(*originalOf(frame.leaves[leaf]));
        ranges.push_back({begin, last, &declared});
      }
  for (const Range &written : ranges)
    for (const Range &other : ranges)
      if (written.argument->written && &written != &other && written.begin < other.end && other.begin < written.end)
        fail(WICK_ERROR_ARGUMENT, method.name, "(): argument '", written.argument->name,
             "', which the method writes to, shares memory with '", other.argument->name, "'; pass a copy");
}

void Binder::checkAttribute(size_t index, wick_value &value) {
  argument = index;
  frame.symbols.assign(method.symbols.size(), -1);
  checkHeld(method.arguments[index].type, value);
  checkObjects();
}

/// Compares what was bound last with the value that the code is made for.
void Binder::checkFixed(const Argument &declared) const {
  const wick_value &given = frame.leaves.back(), &fixed = declared.fixed;
  bool same = given.tag == fixed.tag && (fixed.tag == WICK_NONE || given.u.i == fixed.u.i ||
                                         (fixed.tag == WICK_FLOAT_VALUE && given.u.f == fixed.u.f));
  if (!same)
    fail(WICK_ERROR_ARGUMENT, method.name, "(): argument '", declared.name,
         "' has another value than the code is made for; signature: ", method.signature);
}

void Binder::bind(const wick_value *args, int32_t count) {
  size_t declared = method.arguments.size();
  if (count < 0 || size_t(count) > declared)
    fail(WICK_ERROR_ARGUMENT, method.name, "() takes ", declared, declared == 1 ? " argument" : " arguments", ", ",
         count, " given; signature: ", method.signature);
  frame.leaves.reserve(method.argumentLeaves);
  frame.symbols.assign(method.symbols.size(), -1);
  for (argument = 0; argument < declared; ++argument) {
    const Argument &own = method.arguments[argument];
    if (argument < size_t(count) && args[argument].tag != WICK_MISSING)
      bindValue(own.type, args[argument]);
    else if (own.hasDefault || own.isFixed)
      bindValue(own.type, own.hasDefault ? own.fallback : own.fixed);
    else
      fail(WICK_ERROR_ARGUMENT, method.name, "(): argument '", own.name, "' is missing; signature: ", method.signature);
    if (own.isFixed)
      checkFixed(own);
    checkObjects();
  }
  if (method.writes)
    checkWritten();
}

/// Rebuilds the returned value from its leaves, which it takes over.
class ResultBuilder {
public:
  explicit ResultBuilder(Frame &frame) : frame(frame) {}

  wick_value build(const wick_type &type) {
    if (!type.isFlattened())
      return takeLeaf();
    bool dict = type.kind == WICK_TYPE_DICT;
    size_t count = type.partCount();
    wick_value value{dict ? WICK_DICT_VALUE : type.kind == WICK_TYPE_LIST ? WICK_LIST_VALUE : WICK_TUPLE_VALUE, 0, {}};
    wick_sequence *sequence = wick_sequence_new(dict ? 2 * count : count);
    if (!sequence)
      throw std::bad_alloc();
    value.u.p = sequence;
    try {
      for (size_t i = 0; i < count; ++i) {
        if (dict) {
          sequence->items[2 * i].u.p = new wick_string{{1}, type.keys[i]};
          sequence->items[2 * i].tag = WICK_STRING_VALUE;
        }
        sequence->items[dict ? 2 * i + 1 : i] = build(type.part(i));
      }
    } catch (...) {
      wick_value_release(&value);
      throw;
    }
    return value;
  }

private:
  wick_value takeLeaf() {
    wick_value leaf = frame.results[next];
    frame.results[next++] = {};
    return leaf;
  }

  Frame &frame;
  size_t next = 0;
};

/// Uses a frame for the time of a call; leaves it clean.
class FrameUse {
public:
  explicit FrameUse(wick_session &session) : session(session), frame(session.acquire()) {
    previous = std::exchange(Budget::current, session.budget);
    frame->begin();
  }
  void limitTime() {
    if (session.timeLimit)
      Watchdog::instance().watch(frame, session.timeLimit);
  }
  void forgetTime() {
    if (session.timeLimit)
      Watchdog::instance().forget(frame);
  }
  /// After an error: `__exit__` of the objects of `with` statements, of the last one first, whatever becomes of it. One
  /// that does not end is stopped as a call is.
  void leaveEntered();
  ~FrameUse() {
    forgetTime();
    frame->end();
    Budget::current = previous;
    for (const wick_value &result : frame->results)
      wick_value_release(&result);
    for (const Copy &copy : frame->copies)
      release(copy.copy);
    frame->releaseEntered();
    frame->releaseCreated();
    frame->leaves.clear();
    frame->results.clear();
    frame->copies.clear();
    frame->failed.store(false, std::memory_order_relaxed);
    session.giveBack(frame);
  }
  Frame &operator*() const { return *frame; }
  Frame *operator->() const { return frame; }

private:
  wick_session &session;
  Frame *frame;
  Budget *previous;
};

void FrameUse::leaveEntered() {
  if (frame->entered.empty())
    return;
  bool hasFailed = frame->failed;
  Error error = std::move(frame->error);
  int32_t location = frame->location;
  const Classes &classes = *session.module->manifest.classes;
  while (!frame->entered.empty()) {
    wick_value object = frame->entered.back();
    frame->entered.pop_back();
    forgetTime();
    frame->failed = false;
    frame->begin();
    limitTime();
    // Code of another module may have made it, where sessions share their state.
    const wick_class *cls = classes.find(static_cast<wick_sequence *>(object.u.p)->cls->name);
    if (cls && cls->exitEntry)
      session.module->code.module()->entries[*cls->exitEntry](frame, &object, nullptr);
    wick_value_release(&object);
  }
  frame->failed = hasFailed;
  frame->error = std::move(error);
  frame->location = location;
}

[[noreturn]] void failCall(const wick_session &session, Frame &frame, const wick_method &method, int32_t status) {
  if (!frame.failed)
    fail(status > 0 && status < WICK_STATUS_COUNT ? wick_status(status) : WICK_ERROR_RUNTIME, method.name, "() failed");
  Error error = std::move(frame.error);
  session.module->locate(error, frame.location);
  throw error;
}

/// Callers see what was written to copies of their tensors, whether the call has returned or failed.
void copyBack(const Frame &frame) {
  for (auto [copy, original, written] : frame.copies)
    if (written)
      copyElements(copy, original);
}

/// Nor do they see that a result is the copy.
void returnOriginals(Frame &frame) {
  for (auto [copy, original, written] : frame.copies)
    for (wick_value &result : frame.results)
      if (result.tag == WICK_TENSOR_VALUE && result.u.p == copy) {
        retain(original);
        release(copy);
        result.u.p = original;
      }
}

} // namespace

void wick_session::makeState(wick_session *other) {
  const Manifest &manifest = module->manifest;
  if (other)
    other->shared->retain();
  shared = other ? other->shared : new State;
  if (!manifest.stateEntry)
    return;
  state.resize(manifest.statePaths.size());
  static const wick_method method = [] {
    wick_method named;
    named.name = "state";
    return named;
  }();
  FrameUse frame(*this);
  int32_t status = module->code.module()->entries[*manifest.stateEntry](&*frame, nullptr, state.data());
  if (status != WICK_OK || frame->failed.load(std::memory_order_relaxed))
    failCall(*this, *frame, method, status);
  shared->adopt(manifest, state);
}

void wick_session::copyState(const wick_session &other) { shared = other.shared->copy(other.state, state); }

static size_t findAttribute(const wick_session &session, int32_t index) {
  size_t count = session.module->manifest.visible;
  if (index < 0 || size_t(index) >= count)
    fail(WICK_ERROR_ARGUMENT, "attribute ", index, " is out of range, the module has ", count);
  return index;
}

static wick_value &slotOf(const wick_session &session, size_t index) {
  const Place &place = session.module->manifest.places[index];
  auto own = [&]() { return static_cast<wick_sequence *>(session.state[place.object].u.p); };
  if (place.owner.empty())
    return own()->items[place.slot];
  wick_value value = session.state[place.owner[0]];
  auto hasSlot = [&](size_t slot) {
    return value.tag == WICK_OBJECT_VALUE && value.u.p && slot < size_t(static_cast<wick_sequence *>(value.u.p)->count);
  };
  for (size_t i = 1; i < place.owner.size() && hasSlot(place.owner[i]); ++i)
    value = static_cast<wick_sequence *>(value.u.p)->items[place.owner[i]];
  return (hasSlot(place.slot) ? static_cast<wick_sequence *>(value.u.p) : own())->items[place.slot];
}

wick_status wick_session_get(wick_session *session, int32_t attribute, wick_value *value, wick_error **error) {
  return guarded(error, [&] {
    size_t index = findAttribute(*session, attribute);
    std::lock_guard lock(session->shared->mutex);
    *value = copyValue(slotOf(*session, index));
  });
}

wick_status wick_session_set(wick_session *session, int32_t attribute, const wick_value *value, wick_error **error) {
  return guarded(error, [&] {
    size_t index = findAttribute(*session, attribute);
    wick_value stored = copyValue(*value);
    try {
      FrameUse frame(*session);
      Binder(session->module->manifest.attributes, *frame).checkAttribute(index, stored);
    } catch (...) {
      wick_value_release(&stored);
      throw;
    }
    std::unique_lock lock(session->shared->mutex);
    std::swap(slotOf(*session, index), stored);
    lock.unlock();
    wick_value_release(&stored);
  });
}

/// Code of one module relies on types that another may not have known of: those of tensors, alone or in containers.
static void checkState(const wick_session &session, Frame &frame) {
  const Manifest &manifest = session.module->manifest;
  Binder binder(manifest.attributes, frame);
  for (size_t i = 0; i < manifest.places.size(); ++i)
    switch (manifest.attributes.arguments[i].type.kind) {
    case WICK_TYPE_INT:
    case WICK_TYPE_FLOAT:
    case WICK_TYPE_BOOL:
    case WICK_TYPE_COMPLEX:
    case WICK_TYPE_STRING: break;
    default: binder.checkAttribute(i, slotOf(session, i));
    }
}

void wick_session_lock(wick_session *session) {
  if (!session->state.empty())
    session->shared->mutex.lock();
}

void wick_session_unlock(wick_session *session) {
  if (!session->state.empty())
    session->shared->mutex.unlock();
}

namespace {
struct SessionLock {
  explicit SessionLock(wick_session *session) : session(session) { wick_session_lock(session); }
  ~SessionLock() { wick_session_unlock(session); }
  SessionLock(const SessionLock &) = delete;
  SessionLock &operator=(const SessionLock &) = delete;

  wick_session *session;
};
} // namespace

wick_status wick_call(wick_session *session, const wick_method *method, const wick_value *args, int32_t count,
                      wick_value *result, wick_error **error) {
  return guarded(error, [&] {
    SessionLock lock(session);
    FrameUse frame(*session);
    frame.limitTime();
    if (session->shared->modules > 1)
      checkState(*session, *frame);
    Binder(*method, *frame).bind(args, count);
    frame->results.resize(method->resultLeaves);
    wick_entry_fn entry = session->module->code.module()->entries[method->entry];
    int32_t status = entry(&*frame, frame->leaves.data(), frame->results.data());
    bool hasFailed = status != WICK_OK || frame->failed.load(std::memory_order_relaxed);
    if (hasFailed)
      frame.leaveEntered();
    copyBack(*frame);
    if (hasFailed)
      failCall(*session, *frame, *method, status);
    returnOriginals(*frame);
    bool returnsNothing = method->resultLeaves == 0 && !method->result.isFlattened();
    *result = returnsNothing ? wick_value{} : ResultBuilder(*frame).build(method->result);
  });
}
