//===- FallbackTypes.cpp - types of what LibTorch returns ---------------------===//
//
// Nothing here knows single operators: LibTorch itself is asked, in the reader's
// process. The runtime checks what it says when the operator has run, so an answer that
// does not hold for other inputs ends in an error, never in a wrong result.
//
//===----------------------------------------------------------------------===//
#include "InputSpec.h"
#include "ObjectImage.h"
#include "TypeInference.h"

#include "wick/Artifact/Writer.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"
#include "wick/Import/OperatorTypes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace json = llvm::json;

namespace {
/// Asks for the types of results, with one or another value for numbers that only run time knows, or with ints that
/// are one after the other, for they may be two dims.
class Request {
public:
  enum Guess { One, Another, Several };

  Request(FallbackOp op, aten::Facts &facts, Guess guess) : op(op), facts(facts), guess(guess) {}

  /// The results' types, each null where nothing is known; nothing at all where LibTorch refuses.
  SmallVector<Type> ask();
  /// Whether the answer may be another for other numbers.
  bool isGuess() const { return guesses; }
  bool guessesSeveral() const { return guessed > 1; }

private:
  std::optional<json::Value> describe(Value value);
  std::optional<json::Value> describeObject(Value object);

  FallbackOp op;
  aten::Facts &facts;
  Guess guess;
  bool guesses = false;
  int64_t guessed = 0; // ints
};
} // namespace

/// Describes an object of the state that is implemented in C++, by where the archive has it; none for others.
std::optional<json::Value> Request::describeObject(Value object) {
  auto argument = dyn_cast<BlockArgument>(object);
  auto entry = argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()) : func::FuncOp();
  auto number = entry ? entry.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), kStateAttr) : IntegerAttr();
  auto module = op->getParentOfType<ModuleOp>();
  auto state = number ? module.lookupSymbol<func::FuncOp>(kStateFunction) : func::FuncOp();
  if (!state)
    return std::nullopt;
  Value made = state.getBody().front().getTerminator()->getOperand(number.getInt());
  for (Operation *user : made.getUsers()) {
    auto set = dyn_cast<SetAttrOp>(user);
    auto bytes = set && set.getObject() == made && set.getName() == "capsule"
                     ? set.getValue().getDefiningOp<WeightRefOp>()
                     : WeightRefOp();
    auto weight = bytes ? module.lookupSymbol<plan::WeightOp>(bytes.getWeightAttr()) : plan::WeightOp();
    if (!weight)
      continue;
    json::Object range{
        {"file", weight.getFile()}, {"offset", int64_t(weight.getOffset())}, {"bytes", int64_t(weight.getBytes())}};
    return json::Object{{"pickled", std::move(range)}};
  }
  return std::nullopt;
}

/// Describes an argument; none where too little is known of it.
std::optional<json::Value> Request::describe(Value value) {
  value = lookThroughCasts(value);
  Type type = value.getType();
  if (isa<ts::NoneType>(type))
    return json::Value(nullptr);
  if (auto tensor = dyn_cast<ts::TensorType>(type)) {
    StringRef dtype = tensor.isTyped() ? artifact::getDtypeName(tensor.getDtype()) : StringRef();
    if (dtype.empty())
      return std::nullopt;
    json::Array sizes;
    for (int64_t i = 0; i < tensor.getRank(); ++i)
      sizes.push_back(std::max<int64_t>(tensor.getStaticDim(i), -1));
    return json::Object{{"dtype", dtype}, {"sizes", std::move(sizes)}};
  }
  if (isa<ObjectType>(type))
    return describeObject(value);
  if (isa<ListType>(type)) {
    std::optional<SmallVector<Value>> elements = facts.getList(value);
    if (!elements)
      return std::nullopt;
    json::Array list;
    for (Value element : *elements) {
      std::optional<json::Value> described = describe(element);
      if (!described)
        return std::nullopt;
      list.push_back(std::move(*described));
    }
    return json::Value(std::move(list));
  }
  if (std::optional<StringRef> text = facts.getString(value))
    return json::Value(*text);
  auto orGuess = [&](auto known, auto one, auto another) -> json::Value {
    guesses |= !known;
    return known.value_or(guess == One ? one : another);
  };
  if (type.isInteger(1))
    return orGuess(facts.getBool(value), false, true);
  if (type.isInteger(64)) {
    std::optional<int64_t> known = facts.getConstantInt(value);
    int64_t number = known ? 0 : guessed++;
    return orGuess(known, int64_t(1), guess == Several ? number : 0);
  }
  if (type.isF64())
    return orGuess(facts.getFloat(value), 1.0, 0.0);
  return std::nullopt;
}

/// The type that a word of an answer stands for; null where it says nothing.
static Type parseType(StringRef word, MLIRContext *context) {
  bool isList = word.consume_back("+");
  auto [name, rest] = word.split('[');
  Type dtype = parseDtype(name, context);
  if (!dtype || !rest.consume_back("]"))
    return {};
  SmallVector<AffineExpr> dims;
  SmallVector<StringRef> words;
  rest.split(words, ',', -1, /*KeepEmpty=*/false);
  for (StringRef dim : words) {
    int64_t size;
    dims.push_back(dim.getAsInteger(10, size) ? AffineExpr() : getAffineConstantExpr(size, context));
  }
  Type tensor = ts::TensorType::get(context, dims, dtype);
  return isList ? ListType::get(context, tensor) : tensor;
}

SmallVector<Type> Request::ask() {
  json::Array arguments;
  for (Value argument : op.getArguments()) {
    std::optional<json::Value> described = describe(argument);
    if (!described)
      return {};
    arguments.push_back(std::move(*described));
  }
  json::Object request{
      {"operation", op.getCallee()}, {"results", int64_t(op.getNumResults())}, {"arguments", std::move(arguments)}};
  std::optional<std::string> answer = inferOperatorResults(llvm::formatv("{0}", json::Value(std::move(request))).str());
  SmallVector<StringRef> words;
  if (answer)
    StringRef(*answer).split(words, ' ', -1, /*KeepEmpty=*/false);
  if (words.size() != op.getNumResults())
    return {};
  return llvm::map_to_vector(words, [&](StringRef word) { return parseType(word, op.getContext()); });
}

void TypeInference::inferFallback(FallbackOp op) {
  Request request(op, facts, Request::One);
  SmallVector<Type> types = request.ask();
  if (types.empty())
    return;
  // A number may be a dim or a dtype: what the types have in common with those for another one is left.
  auto join = [&](Request::Guess guess) {
    for (auto [type, other] : llvm::zip(types, Request(op, facts, guess).ask()))
      type = type && other ? joinTypes(type, other) : Type();
  };
  if (request.isGuess())
    join(Request::Another);
  if (request.guessesSeveral())
    join(Request::Several);
  for (auto [result, type] : llvm::zip(op.getResults(), types))
    if (type && type.getTypeID() == result.getType().getTypeID())
      result.setType(type);
}
