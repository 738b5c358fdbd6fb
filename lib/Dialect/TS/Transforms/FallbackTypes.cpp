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
#include "wick/Import/OperatorTypes.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace json = llvm::json;

/// Describes an argument for a request; none where too little is known of it.
static std::optional<json::Value> describe(Value value, aten::Facts &facts) {
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
  if (isa<ListType>(type)) {
    std::optional<SmallVector<Value>> elements = facts.getList(value);
    if (!elements)
      return std::nullopt;
    json::Array list;
    for (Value element : *elements) {
      std::optional<json::Value> described = describe(element, facts);
      if (!described)
        return std::nullopt;
      list.push_back(std::move(*described));
    }
    return json::Value(std::move(list));
  }
  if (std::optional<StringRef> text = facts.getString(value))
    return json::Value(*text);
  if (type.isInteger(1))
    return json::Value(facts.getBool(value).value_or(false));
  // The kind of a number matters, and its value rarely.
  if (type.isInteger(64))
    return json::Value(facts.getConstantInt(value).value_or(1));
  if (type.isF64())
    return json::Value(facts.getFloat(value).value_or(1.0));
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

void TypeInference::inferFallback(FallbackOp op) {
  json::Array arguments;
  for (Value argument : op.getArguments()) {
    std::optional<json::Value> described = describe(argument, facts);
    if (!described)
      return;
    arguments.push_back(std::move(*described));
  }
  json::Object request{
      {"operation", op.getCallee()}, {"results", int64_t(op.getNumResults())}, {"arguments", std::move(arguments)}};
  std::optional<std::string> answer = inferOperatorResults(llvm::formatv("{0}", json::Value(std::move(request))).str());
  SmallVector<StringRef> words;
  if (answer)
    StringRef(*answer).split(words, ' ', -1, /*KeepEmpty=*/false);
  if (words.size() != op.getNumResults())
    return;
  for (auto [result, word] : llvm::zip(op.getResults(), words)) {
    Type type = parseType(word, op.getContext());
    if (type && type.getTypeID() == result.getType().getTypeID())
      result.setType(type);
  }
}
