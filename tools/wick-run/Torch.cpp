//===- Torch.cpp - files of torch.save --------------------------------------===//
#include "Torch.h"
#include "ZipWriter.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

using namespace wick::runtime;
using namespace wick::tools;

namespace {

struct StorageClass {
  std::string_view name;
  int32_t dtype;
};
constexpr StorageClass kStorages[] = {{"ByteStorage", WICK_U8},
                                      {"CharStorage", WICK_I8},
                                      {"ShortStorage", WICK_I16},
                                      {"IntStorage", WICK_I32},
                                      {"LongStorage", WICK_I64},
                                      {"HalfStorage", WICK_F16},
                                      {"FloatStorage", WICK_F32},
                                      {"DoubleStorage", WICK_F64},
                                      {"BoolStorage", WICK_BOOL},
                                      {"ComplexFloatStorage", WICK_C64},
                                      {"ComplexDoubleStorage", WICK_C128},
                                      {"BFloat16Storage", WICK_BF16}};

constexpr std::string_view kPickle = "data.pkl";

/// The directory that all records stand in, with a slash.
std::string_view topOf(const ZipDirectory &zip) {
  if (zip.entries().empty())
    return {};
  std::string_view name = zip.entries().front().name;
  return name.substr(0, name.find('/') + 1);
}

//===--- reading --------------------------------------------------------------===//

/// Follows a pickle as a machine of items on a stack. Containers refer to their items, which the memo may share, so
/// items live in one list.
class Unpickler {
public:
  Unpickler(const ZipDirectory &zip, const ReadEntry &read, const std::string &where)
      : zip(zip), read(read), where(where), top(topOf(zip)) {}

  Value run(Bytes pickle);

private:
  enum class Kind { None, Bool, Int, Float, Text, Global, Tuple, List, Dict, Storage, Tensor, Mark };
  struct Item {
    Kind kind = Kind::None;
    int64_t number = 0; // an int or bool, or the dtype of a storage
    double real = 0;
    std::string text; // or the key of a storage
    std::vector<uint32_t> children;
  };

  [[noreturn]] void refuse(std::string_view what) const { fail(WICK_ERROR_ARGUMENT, where, ": ", what); }
  [[noreturn]] void damaged() const { refuse("the pickle is damaged"); }

  Bytes take(size_t count);
  uint64_t takeNumber(size_t bytes);
  std::string takeLine();
  void push(Item item);
  void pushKind(Kind kind, int64_t number = 0) { push({kind, number, 0, {}, {}}); }
  uint32_t pop();
  std::vector<uint32_t> popToMark();
  void pushTuple(std::vector<uint32_t> children);
  void append(std::vector<uint32_t> children, Kind kind);
  void memoize(uint64_t index);
  void recall(uint64_t index);
  void reduce();
  void loadStorage();
  bool step();

  Value build(uint32_t index, unsigned depth);
  Value buildTensor(const Item &item);
  Value buildSequence(const Item &item, int32_t tag, unsigned depth);
  std::vector<int64_t> numbersOf(uint32_t index) const;

  const ZipDirectory &zip;
  const ReadEntry &read;
  const std::string &where;
  std::string_view top;
  Bytes bytes;
  size_t at = 0, built = 0;
  std::vector<Item> items;
  std::vector<uint32_t> stack;
  std::vector<uint32_t> memo;
  std::map<std::string, std::string, std::less<>> inflated; // storages
};

Bytes Unpickler::take(size_t count) {
  if (count > bytes.size() - at)
    refuse("the pickle is cut off");
  at += count;
  return bytes.subspan(at - count, count);
}

uint64_t Unpickler::takeNumber(size_t count) {
  uint64_t number = 0;
  Bytes raw = take(count);
  std::memcpy(&number, raw.data(), count);
  return number;
}

std::string Unpickler::takeLine() {
  std::string line;
  for (char c; (c = char(take(1)[0])) != '\n';)
    line += c;
  return line;
}

void Unpickler::push(Item item) {
  stack.push_back(items.size());
  items.push_back(std::move(item));
}

uint32_t Unpickler::pop() {
  if (stack.empty() || items[stack.back()].kind == Kind::Mark)
    damaged();
  uint32_t index = stack.back();
  stack.pop_back();
  return index;
}

std::vector<uint32_t> Unpickler::popToMark() {
  size_t begin = stack.size();
  while (begin > 0 && items[stack[begin - 1]].kind != Kind::Mark)
    --begin;
  if (begin == 0)
    damaged();
  std::vector<uint32_t> children(stack.begin() + begin, stack.end());
  stack.resize(begin - 1);
  return children;
}

void Unpickler::pushTuple(std::vector<uint32_t> children) { push({Kind::Tuple, 0, 0, {}, std::move(children)}); }

/// Adds to the container under what was taken off the stack.
void Unpickler::append(std::vector<uint32_t> children, Kind kind) {
  if (stack.empty() || items[stack.back()].kind != kind || (kind == Kind::Dict && children.size() % 2))
    damaged();
  auto &all = items[stack.back()].children;
  all.insert(all.end(), children.begin(), children.end());
}

void Unpickler::memoize(uint64_t index) {
  if (index > memo.size() || stack.empty() || items[stack.back()].kind == Kind::Mark)
    damaged();
  memo.resize(std::max<size_t>(memo.size(), index + 1));
  memo[index] = stack.back();
}

void Unpickler::recall(uint64_t index) {
  if (index >= memo.size())
    damaged();
  stack.push_back(memo[index]);
}

/// A call of a global: only those that put tensors and dicts together are known.
void Unpickler::reduce() {
  uint32_t arguments = pop(), function = pop();
  if (items[arguments].kind != Kind::Tuple || items[function].kind != Kind::Global)
    damaged();
  const std::string name = items[function].text;
  const std::vector<uint32_t> given = items[arguments].children;
  if (name == "collections OrderedDict" && given.empty())
    return pushKind(Kind::Dict);
  if (name == "torch Size" && given.size() == 1 && items[given[0]].kind == Kind::Tuple) {
    stack.push_back(given[0]);
    return;
  }
  if (name == "torch._utils _rebuild_parameter" && !given.empty() && items[given[0]].kind == Kind::Tensor) {
    stack.push_back(given[0]);
    return;
  }
  if (name != "torch._utils _rebuild_tensor_v2")
    refuse(concat("it holds an object of '", name, "', expected tensors, numbers, text and containers of them"));
  if (given.size() < 4 || items[given[0]].kind != Kind::Storage || items[given[1]].kind != Kind::Int)
    damaged();
  push({Kind::Tensor, 0, 0, {}, given});
}

/// ("storage", class, key, location, elements)
void Unpickler::loadStorage() {
  const std::vector<uint32_t> parts = items[pop()].children;
  if (parts.size() < 5 || items[parts[1]].kind != Kind::Global || items[parts[2]].kind != Kind::Text ||
      items[parts[4]].kind != Kind::Int)
    damaged();
  const std::string &name = items[parts[1]].text;
  for (const StorageClass &known : kStorages)
    if (name == concat("torch ", known.name))
      return push({Kind::Storage, known.dtype, 0, items[parts[2]].text, {parts[4]}});
  refuse(concat("tensors with '", name, "' are not supported"));
}

/// Executes one opcode; false at the end.
bool Unpickler::step() {
  auto popped = [&](size_t count) {
    std::vector<uint32_t> children(count);
    for (size_t i = count; i-- > 0;)
      children[i] = pop();
    return children;
  };
  uint8_t opcode = take(1)[0];
  switch (opcode) {
  case 0x80: take(1); break; // PROTO
  case '.': return false;
  case '(': pushKind(Kind::Mark); break;
  case 'N': pushKind(Kind::None); break;
  case 0x88: pushKind(Kind::Bool, 1); break;
  case 0x89: pushKind(Kind::Bool, 0); break;
  case 'K': pushKind(Kind::Int, takeNumber(1)); break;
  case 'M': pushKind(Kind::Int, takeNumber(2)); break;
  case 'J': pushKind(Kind::Int, int32_t(takeNumber(4))); break;
  case 0x8a: { // LONG1
    size_t count = take(1)[0];
    if (count > 8)
      refuse("it holds an int of more than 64 bits");
    uint64_t number = takeNumber(count);
    if (count && count < 8 && number >> (8 * count - 1))
      number |= ~uint64_t(0) << (8 * count);
    pushKind(Kind::Int, int64_t(number));
    break;
  }
  case 'G': {
    uint64_t bits = __builtin_bswap64(takeNumber(8));
    double real;
    std::memcpy(&real, &bits, 8);
    push({Kind::Float, 0, real, {}, {}});
    break;
  }
  case 'X': {
    Bytes raw = take(takeNumber(4));
    push({Kind::Text, 0, 0, std::string(raw.begin(), raw.end()), {}});
    break;
  }
  case 'c': {
    std::string module = takeLine(), name = takeLine();
    push({Kind::Global, 0, 0, module + " " + name, {}});
    break;
  }
  case ']': pushKind(Kind::List); break;
  case '}': pushKind(Kind::Dict); break;
  case ')': pushTuple({}); break;
  case 't': pushTuple(popToMark()); break;
  case 0x85: pushTuple(popped(1)); break;
  case 0x86: pushTuple(popped(2)); break;
  case 0x87: pushTuple(popped(3)); break;
  case 'a': append(popped(1), Kind::List); break;
  case 'e': append(popToMark(), Kind::List); break;
  case 's': append(popped(2), Kind::Dict); break;
  case 'u': append(popToMark(), Kind::Dict); break;
  case 'q': memoize(takeNumber(1)); break;
  case 'r': memoize(takeNumber(4)); break;
  case 'h': recall(takeNumber(1)); break;
  case 'j': recall(takeNumber(4)); break;
  case 'Q': loadStorage(); break;
  case 'R': reduce(); break;
  case 'b': // attributes of an OrderedDict
    pop();
    if (stack.empty() || items[stack.back()].kind != Kind::Dict)
      refuse("it holds an object with a state of its own");
    break;
  default: refuse(concat("the pickle has an opcode ", int(opcode), " that is not understood"));
  }
  return true;
}

std::vector<int64_t> Unpickler::numbersOf(uint32_t index) const {
  std::vector<int64_t> numbers;
  if (items[index].kind != Kind::Tuple)
    damaged();
  for (uint32_t child : items[index].children) {
    if (items[child].kind != Kind::Int || items[child].number < 0)
      refuse("a tensor has a size or stride that is no number");
    numbers.push_back(items[child].number);
  }
  return numbers;
}

Value Unpickler::buildTensor(const Item &item) {
  const Item &storage = items[item.children[0]];
  auto dtype = int32_t(storage.number);
  int64_t element = wick_dtype_size(dtype), first = items[item.children[1]].number;
  std::vector<int64_t> sizes = numbersOf(item.children[2]), strides = numbersOf(item.children[3]);
  const ZipEntry *entry = zip.find(concat(top, "data/", storage.text));
  if (!entry)
    refuse(concat("the record of storage '", storage.text, "' is missing"));
  std::string &buffer = inflated[storage.text];
  Bytes data =
      buffer.empty() ? read(*entry, buffer) : Bytes(reinterpret_cast<const uint8_t *>(buffer.data()), buffer.size());
  int64_t last = first, available = int64_t(data.size()) / element;
  bool good = sizes.size() == strides.size() && first >= 0, empty = false;
  for (size_t i = 0; good && i < sizes.size(); ++i) {
    int64_t reach;
    empty |= sizes[i] == 0;
    good = !__builtin_mul_overflow(sizes[i] ? sizes[i] - 1 : 0, strides[i], &reach) &&
           !__builtin_add_overflow(last, reach, &last);
  }
  if (!good || (!empty && last >= available))
    refuse(concat("a tensor reaches beyond the ", available, " elements of storage '", storage.text, "'"));
  // A tensor that is expanded may be any number of times as large as its file.
  constexpr uint64_t kMaxBytes = uint64_t(1) << 36;
  if (byteCount(dtype, sizes) > kMaxBytes)
    refuse("a tensor is larger than 64 GiB");
  TensorPtr tensor = newTensor(dtype, sizes);
  wick_tensor view = {const_cast<uint8_t *>(data.data()) + first * element, sizes.data(), strides.data(),
                      int32_t(sizes.size()), dtype};
  auto *to = static_cast<char *>(tensor->data);
  for (int64_t i = 0, n = wick_tensor_count(tensor.get()); i < n; ++i)
    std::memcpy(to + i * element, static_cast<const char *>(view.data) + offsetOf(view, i) * element, element);
  return Value(std::move(tensor));
}

Value Unpickler::buildSequence(const Item &item, int32_t tag, unsigned depth) {
  wick_value value{tag, 0, {}};
  wick_sequence *sequence = wick_sequence_new(item.children.size());
  if (!sequence)
    throw std::bad_alloc();
  value.u.p = sequence;
  Value result(value);
  for (size_t i = 0; i < item.children.size(); ++i)
    wick_sequence_items(sequence)[i] = build(item.children[i], depth + 1).take();
  return result;
}

Value Unpickler::build(uint32_t index, unsigned depth) {
  // Shared items are built again at each place, and a container may even hold itself.
  constexpr unsigned kMaxDepth = 200;
  constexpr size_t kMaxValues = 1 << 20;
  if (depth > kMaxDepth || ++built > kMaxValues)
    refuse("its containers nest too deeply or hold too much");
  const Item &item = items[index];
  wick_value value{};
  switch (item.kind) {
  case Kind::None: return Value();
  case Kind::Bool: return Value(wick_value{WICK_BOOL_VALUE, 0, {item.number}});
  case Kind::Int: return Value(wick_value{WICK_INT_VALUE, 0, {item.number}});
  case Kind::Float:
    value.tag = WICK_FLOAT_VALUE;
    value.u.f = item.real;
    return Value(value);
  case Kind::Text:
    value.tag = WICK_STRING_VALUE;
    value.u.p = wick_string_new(item.text.data(), item.text.size());
    if (!value.u.p)
      throw std::bad_alloc();
    return Value(value);
  case Kind::Tuple: return buildSequence(item, WICK_TUPLE_VALUE, depth);
  case Kind::List: return buildSequence(item, WICK_LIST_VALUE, depth);
  case Kind::Dict: return buildSequence(item, WICK_DICT_VALUE, depth);
  case Kind::Tensor: return buildTensor(item);
  case Kind::Global:
  case Kind::Storage:
  case Kind::Mark: break;
  }
  refuse("it holds something other than tensors, numbers, text and containers of them");
}

Value Unpickler::run(Bytes pickle) {
  bytes = pickle;
  while (step()) {
  }
  return build(pop(), 0);
}

//===--- writing --------------------------------------------------------------===//

class Pickler {
public:
  std::string write(const wick_value &value) {
    out = "\x80\x02";
    add(value);
    out += '.';
    zip.add("archive/data.pkl", out);
    zip.add("archive/byteorder", "little");
    for (size_t i = 0; i < storages.size(); ++i)
      zip.add(concat("archive/data/", i), storages[i], 64);
    zip.add("archive/version", "3\n");
    std::string file;
    if (!zip.finish(file))
      fail(WICK_ERROR_ARGUMENT, "the tensors are too large for one .pt; write .npy files");
    return file;
  }

private:
  void number(uint64_t value, int count) {
    for (int i = 0; i < count; ++i)
      out += char(value >> (8 * i));
  }
  void integer(int64_t value) {
    out += "\x8a\x08"; // LONG1
    number(value, 8);
  }
  void text(std::string_view value) {
    out += 'X';
    number(value.size(), 4);
    out += value;
  }
  void numbers(const int64_t *values, int32_t count) {
    out += '(';
    for (int32_t i = 0; i < count; ++i)
      integer(values[i]);
    out += 't';
  }

  void tensor(const wick_tensor &tensor) {
    std::string_view storage;
    for (const StorageClass &known : kStorages)
      if (known.dtype == tensor.dtype)
        storage = known.name;
    std::vector<int64_t> strides(tensor.rank);
    int64_t stride = 1;
    for (int32_t i = tensor.rank; i-- > 0; stride *= std::max<int64_t>(tensor.sizes[i], 1))
      strides[i] = stride;
    out += "ctorch._utils\n_rebuild_tensor_v2\n((";
    text("storage");
    out += concat("ctorch\n", storage, "\n");
    text(std::to_string(storages.size()));
    text("cpu");
    integer(wick_tensor_count(&tensor));
    out += "tQ";
    integer(0);
    numbers(tensor.sizes, tensor.rank);
    numbers(strides.data(), tensor.rank);
    out += "\x89"
           "ccollections\nOrderedDict\n)RtR";
    storages.push_back(elementsOf(tensor));
  }

  void add(const wick_value &value) {
    switch (value.tag) {
    case WICK_NONE: out += 'N'; return;
    case WICK_BOOL_VALUE: out += value.u.i ? '\x88' : '\x89'; return;
    case WICK_INT_VALUE: return integer(value.u.i);
    case WICK_FLOAT_VALUE: {
      uint64_t bits;
      std::memcpy(&bits, &value.u.f, 8);
      out += 'G';
      return number(__builtin_bswap64(bits), 8);
    }
    case WICK_STRING_VALUE: {
      size_t bytes;
      const char *data = wick_string_data(static_cast<wick_string *>(value.u.p), &bytes);
      return text({data, bytes});
    }
    case WICK_TENSOR_VALUE: return tensor(*static_cast<const wick_tensor *>(value.u.p));
    case WICK_LIST_VALUE:
    case WICK_TUPLE_VALUE:
    case WICK_DICT_VALUE: {
      auto *sequence = static_cast<wick_sequence *>(value.u.p);
      out += value.tag == WICK_LIST_VALUE ? "](" : value.tag == WICK_DICT_VALUE ? "}(" : "(";
      for (int64_t i = 0, n = wick_sequence_count(sequence); i < n; ++i)
        add(wick_sequence_items(sequence)[i]);
      out += value.tag == WICK_LIST_VALUE ? 'e' : value.tag == WICK_DICT_VALUE ? 'u' : 't';
      return;
    }
    }
    fail(WICK_ERROR_ARGUMENT, "the result holds a value that cannot be written to a .pt");
  }

  std::string out;
  std::vector<std::string> storages;
  ZipWriter zip;
};

} // namespace

bool wick::tools::isTorch(const ZipDirectory &zip) { return zip.find(concat(topOf(zip), kPickle)); }

Value wick::tools::readTorch(const ZipDirectory &zip, const ReadEntry &read, const std::string &where) {
  std::string_view top = topOf(zip);
  if (zip.find(concat(top, "constants.pkl")))
    fail(WICK_ERROR_ARGUMENT, where, ": this is a program, of torch.jit.save; expected values, of torch.save");
  std::string buffer;
  if (const ZipEntry *order = zip.find(concat(top, "byteorder"))) {
    Bytes text = read(*order, buffer);
    if (text.size() != 6 || std::memcmp(text.data(), "little", 6))
      fail(WICK_ERROR_ARGUMENT, where, ": tensors of another byte order are not supported");
  }
  buffer.clear();
  Bytes pickle = read(*zip.find(concat(top, kPickle)), buffer);
  return Unpickler(zip, read, where).run(pickle);
}

std::string wick::tools::formatTorch(const wick_value &value) { return Pickler().write(value); }
