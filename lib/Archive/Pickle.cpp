//===- Pickle.cpp - checks the pickles of an archive --------------------------===//
#include "Pickle.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace wick::archive;

/// Opcodes of protocol 2 that LibTorch writes or accepts.
enum Opcode : uint8_t {
  kMark = '(',
  kStop = '.',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersId = 'Q',
  kReduce = 'R',
  kBinUnicode = 'X',
  kEmptyList = ']',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kDict = 'd',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kList = 'l',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kSetItems = 'u',
  kEmptyDict = '}',
  kEmptyTuple = ')',
  kBinFloat = 'G',
  kProto = 0x80,
  kNewObj = 0x81,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
};

bool PickleChecker::take(uint64_t n, StringRef &out) {
  if (n > bytes.size() - at)
    return false;
  out = bytes.substr(at, n);
  at += n;
  return true;
}

bool PickleChecker::takeLine(StringRef &out) {
  constexpr size_t kMaxName = 65536;
  size_t end = bytes.substr(at, kMaxName).find('\n');
  if (end == StringRef::npos)
    return false;
  out = bytes.substr(at, end);
  at += end + 1;
  return true;
}

template <typename T> bool PickleChecker::takeNumber(T &out) {
  StringRef raw;
  if (!take(sizeof(T), raw))
    return false;
  out = support::endian::read<T, llvm::endianness::little>(raw.data());
  return true;
}

Error PickleChecker::push(Item item) {
  stack.push_back(items.size());
  items.push_back(std::move(item));
  return Error::success();
}

Error PickleChecker::pop(uint32_t &item) {
  if (stack.empty() || items[stack.back()].kind == Kind::Mark)
    return fail("an opcode finds nothing on the stack");
  item = stack.back();
  stack.pop_back();
  return Error::success();
}

/// Takes what was pushed after the last mark, and the mark.
Error PickleChecker::popMark(std::vector<uint32_t> &out) {
  size_t begin = stack.size();
  while (begin > 0 && items[stack[begin - 1]].kind != Kind::Mark)
    --begin;
  if (begin == 0)
    return fail("an opcode finds no mark on the stack");
  out.assign(stack.begin() + begin, stack.end());
  stack.resize(begin - 1);
  return Error::success();
}

/// Adds `n` values to the container under them.
Error PickleChecker::popInto(unsigned n) {
  std::vector<uint32_t> values(n);
  for (uint32_t &value : llvm::reverse(values))
    if (Error error = pop(value))
      return error;
  if (stack.empty() || items[stack.back()].kind == Kind::Mark)
    return fail("an opcode finds nothing on the stack");
  llvm::append_range(items[stack.back()].children, values);
  return Error::success();
}

Error PickleChecker::pushTuple(unsigned n) {
  Item tuple{Kind::Tuple, 0, {}, std::vector<uint32_t>(n)};
  for (uint32_t &child : llvm::reverse(tuple.children))
    if (Error error = pop(child))
      return error;
  return push(std::move(tuple));
}

Error PickleChecker::memoize(uint64_t index) {
  // LibTorch numbers what it remembers; a number out of the blue would make it allocate as much.
  if (index > memo.size())
    return fail("memo entry " + Twine(index) + " after " + Twine(memo.size()) + " entries");
  if (stack.empty() || items[stack.back()].kind == Kind::Mark)
    return fail("an opcode finds nothing on the stack");
  if (index == memo.size())
    memo.push_back(stack.back());
  else
    memo[index] = stack.back();
  return Error::success();
}

Error PickleChecker::recall(uint64_t index) {
  if (index >= memo.size())
    return fail("memo entry " + Twine(index) + " of " + Twine(memo.size()));
  stack.push_back(memo[index]);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// Bytes of an element of a storage class; 0 where it is unknown or not whole bytes.
static uint64_t getElementSize(StringRef storage) {
  return StringSwitch<uint64_t>(storage)
      .Cases({"DoubleStorage", "LongStorage", "ComplexFloatStorage", "UInt64Storage"}, 8)
      .Cases({"FloatStorage", "IntStorage", "QInt32Storage", "UInt32Storage", "ComplexHalfStorage"}, 4)
      .Cases({"HalfStorage", "ShortStorage", "BFloat16Storage", "UInt16Storage"}, 2)
      .Cases({"CharStorage", "ByteStorage", "BoolStorage", "QInt8Storage", "QUInt8Storage"}, 1)
      .Case("ComplexDoubleStorage", 16)
      .StartsWith("Float8_", 1)
      .Default(0);
}

/// ("storage", class, key, location, elements)
Error PickleChecker::readStorage() {
  uint32_t id;
  if (Error error = pop(id))
    return error;
  ArrayRef<uint32_t> parts = items[id].children;
  auto is = [&](unsigned i, Kind kind) { return items[parts[i]].kind == kind; };
  if (items[id].kind != Kind::Tuple || parts.size() < 5 || !is(0, Kind::String) || items[parts[0]].text != "storage" ||
      !is(1, Kind::Global) || !is(2, Kind::String) || !is(3, Kind::String) || !is(4, Kind::Int))
    return fail("a persistent id is not that of a storage");
  StringRef type = items[parts[1]].text.rsplit(' ').second, key = items[parts[2]].text;
  int64_t count = items[parts[4]].number;
  if (count < 0)
    return fail("storage '" + key + "' has " + Twine(count) + " elements");
  bool isMeta = items[parts[3]].text.starts_with("meta");
  if (count > 0 && !isMeta) {
    std::optional<uint64_t> size = findStorage(key);
    if (!size)
      return fail("storage '" + key + "' has no record");
    uint64_t element = getElementSize(type);
    if (element && uint64_t(count) > *size / element)
      return fail("storage '" + key + "' claims " + Twine(count) + " elements of " + Twine(element) +
                  " bytes, its record has " + Twine(*size) + " bytes");
    if (storages.try_emplace({type, key}, count).second)
      summary.tensorBytes += *size;
  }
  return push({Kind::Storage, count, type, {}});
}

Error PickleChecker::getInts(uint32_t item, SmallVectorImpl<int64_t> &out) {
  if (items[item].kind != Kind::Tuple)
    return fail("sizes or strides of a tensor are not a tuple");
  for (uint32_t child : items[item].children) {
    if (items[child].kind != Kind::Int)
      return fail("a size or stride of a tensor is not a number");
    out.push_back(items[child].number);
  }
  return Error::success();
}

/// (storage, offset, sizes, strides, …)
Error PickleChecker::checkTensor(ArrayRef<uint32_t> arguments) {
  ++summary.tensors;
  if (arguments.size() < 4 || items[arguments[0]].kind != Kind::Storage || items[arguments[1]].kind != Kind::Int)
    return fail("a tensor has no storage or offset");
  int64_t count = items[arguments[0]].number, offset = items[arguments[1]].number;
  SmallVector<int64_t> sizes, strides;
  if (Error error = getInts(arguments[2], sizes))
    return error;
  if (Error error = getInts(arguments[3], strides))
    return error;
  constexpr size_t kMaxRank = 64;
  if (sizes.size() != strides.size() || sizes.size() > kMaxRank)
    return fail("a tensor has " + Twine(sizes.size()) + " sizes and " + Twine(strides.size()) + " strides");
  if (offset < 0)
    return fail("a tensor begins at element " + Twine(offset) + " of its storage");
  int64_t last = offset;
  bool overflow = false, empty = false;
  int64_t elements = 1;
  for (auto [size, stride] : llvm::zip(sizes, strides)) {
    if (size < 0 || stride < 0)
      return fail("a tensor has a negative size or stride");
    int64_t extent;
    empty |= size == 0;
    overflow |= MulOverflow(size ? size - 1 : 0, stride, extent) || AddOverflow(last, extent, last);
    overflow |= !empty && MulOverflow(elements, size, elements);
  }
  if (!empty && (overflow || last >= count))
    return fail("a tensor reaches beyond the " + Twine(count) + " elements of its storage");
  return Error::success();
}

Error PickleChecker::callFunction() {
  uint32_t arguments, function;
  if (Error error = pop(arguments))
    return error;
  if (Error error = pop(function))
    return error;
  if (items[function].kind != Kind::Global)
    return fail("a call is not one of a known function");
  // A member of an enumeration is a call with its bare value.
  if (items[arguments].kind != Kind::Tuple)
    return push({Kind::Object, 0, {}, {arguments}});
  StringRef callee = items[function].text;
  if (callee == "torch._utils _rebuild_tensor_v2" || callee == "torch._utils _rebuild_qtensor")
    if (Error error = checkTensor(items[arguments].children))
      return error;
  return push({Kind::Object, 0, {}, items[arguments].children});
}

//===----------------------------------------------------------------------===//
// The machine
//===----------------------------------------------------------------------===//

Error PickleChecker::step(bool &done) {
  opcodeAt = at;
  StringRef text;
  if (!take(1, text))
    return fail("the pickle ends without an end");
  uint8_t opcode = text[0];
  auto cutOff = [&] { return fail("the pickle is cut off"); };
  std::vector<uint32_t> popped;
  switch (opcode) {
  case kProto: {
    uint8_t version;
    if (!takeNumber(version))
      return cutOff();
    return version == 2 ? Error::success() : fail("pickle protocol " + Twine(unsigned(version)) + ", expected 2");
  }
  case kStop: done = true; return Error::success();
  case kMark: return push({Kind::Mark, 0, {}, {}});
  case kNone:
  case kNewTrue:
  case kNewFalse: return push({});
  case kEmptyTuple: return pushTuple(0);
  case kTuple1: return pushTuple(1);
  case kTuple2: return pushTuple(2);
  case kTuple3: return pushTuple(3);
  case kTuple:
    if (Error error = popMark(popped))
      return error;
    return push({Kind::Tuple, 0, {}, std::move(popped)});
  case kEmptyList:
  case kEmptyDict: return push({Kind::Container, 0, {}, {}});
  case kList:
  case kDict:
    if (Error error = popMark(popped))
      return error;
    return push({Kind::Container, 0, {}, std::move(popped)});
  case kAppend: return popInto(1);
  case kSetItem: return popInto(2);
  case kAppends:
  case kSetItems:
    if (Error error = popMark(popped))
      return error;
    llvm::append_range(stack, popped);
    return popInto(popped.size());
  case kBuild: return popInto(1);
  case kNewObj: {
    uint32_t arguments, cls;
    if (Error error = pop(arguments))
      return error;
    if (Error error = pop(cls))
      return error;
    if (items[cls].kind != Kind::Global)
      return fail("an object of no class");
    return push({Kind::Object, 0, {}, {arguments}});
  }
  case kGlobal: {
    StringRef module, symbol;
    if (!takeLine(module) || !takeLine(symbol))
      return cutOff();
    globals.push_back((module + " " + symbol).str());
    return push({Kind::Global, 0, globals.back(), {}});
  }
  case kReduce: return callFunction();
  case kBinPersId: return readStorage();
  case kBinUnicode: {
    uint32_t size;
    if (!takeNumber(size) || !take(size, text))
      return cutOff();
    return push({Kind::String, 0, text, {}});
  }
  case kBinInt: {
    int32_t number;
    return takeNumber(number) ? push({Kind::Int, number, {}, {}}) : cutOff();
  }
  case kBinInt1: {
    uint8_t number;
    return takeNumber(number) ? push({Kind::Int, number, {}, {}}) : cutOff();
  }
  case kBinInt2: {
    uint16_t number;
    return takeNumber(number) ? push({Kind::Int, number, {}, {}}) : cutOff();
  }
  case kLong1: {
    uint8_t size;
    int64_t number;
    if (!takeNumber(size))
      return cutOff();
    if (size != 8)
      return fail("a long of " + Twine(unsigned(size)) + " bytes, expected 8");
    return takeNumber(number) ? push({Kind::Int, number, {}, {}}) : cutOff();
  }
  case kBinFloat: return take(8, text) ? push({}) : cutOff();
  case kBinPut: {
    uint8_t index;
    return takeNumber(index) ? memoize(index) : cutOff();
  }
  case kLongBinPut: {
    uint32_t index;
    return takeNumber(index) ? memoize(index) : cutOff();
  }
  case kBinGet: {
    uint8_t index;
    return takeNumber(index) ? recall(index) : cutOff();
  }
  case kLongBinGet: {
    uint32_t index;
    return takeNumber(index) ? recall(index) : cutOff();
  }
  default: return fail("opcode 0x" + utohexstr(opcode) + " is not allowed");
  }
}

/// Bounds the depth and the size of the value that the pickle stands for.
Error PickleChecker::checkNesting(uint32_t root) {
  enum : uint8_t { New, Open, Done };
  std::vector<uint8_t> state(items.size(), New);
  std::vector<uint32_t> depth(items.size(), 0);
  std::vector<uint64_t> expanded(items.size(), 1);
  SmallVector<std::pair<uint32_t, size_t>> path{{root, 0}};
  state[root] = Open;
  while (!path.empty()) {
    auto &[item, next] = path.back();
    ArrayRef<uint32_t> children = items[item].children;
    if (next < children.size()) {
      uint32_t child = children[next++];
      if (state[child] == New) {
        state[child] = Open;
        path.push_back({child, 0});
      } else if (state[child] == Open && items[child].kind != Kind::Object) {
        // Through an object a cycle is legal: children refer to their parents.
        bool throughObject = llvm::any_of(llvm::reverse(path), [&, found = false](auto &entry) mutable {
          bool inside = !found;
          found |= entry.first == child;
          return inside && items[entry.first].kind == Kind::Object;
        });
        if (!throughObject)
          return fail("a container contains itself");
      }
      continue;
    }
    for (uint32_t child : children) {
      depth[item] = std::max(depth[item], depth[child] + 1);
      if (items[item].kind == Kind::Tuple)
        expanded[item] = std::min(limits.expandedValues + 1, expanded[item] + expanded[child]);
    }
    if (depth[item] > limits.depth)
      return fail("values nest deeper than " + Twine(limits.depth));
    if (expanded[item] > limits.expandedValues)
      return fail("tuples stand for more than " + Twine(limits.expandedValues) + " values");
    state[item] = Done;
    path.pop_back();
  }
  return Error::success();
}

Error PickleChecker::run() {
  if (bytes.size() > UINT32_MAX)
    return makeError(name, "a pickle of " + Twine(bytes.size()) + " bytes is too large");
  bool done = false;
  while (!done)
    if (Error error = step(done))
      return error;
  uint32_t root;
  if (Error error = pop(root))
    return error;
  return checkNesting(root);
}
