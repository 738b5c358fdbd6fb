//===- ImportFunctions.cpp - functions, blocks and implicit upcasts ----------===//
#include "Importer.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::importer;

void Importer::importFunctions() {
  const json::Array &array = getArray(document, "functions");
  for (auto [i, value] : llvm::enumerate(array)) {
    if (failed)
      return;
    importFunction(asObject(value), functions[i]);
  }
}

void Importer::importFunction(const json::Object &function, const Function &info) {
  OpBuilder::InsertionGuard guard(builder);
  values.clear();
  containerValues.clear();
  const json::Object *body = function.getObject("body");
  // Without the names around it and what tells it from others of its name.
  StringRef name = getString(function, "name");
  functionName = builder.getStringAttr(name.substr(name.rfind('.') + 1));
  loc = fileLoc;
  if (body && !getArray(*body, "nodes").empty())
    loc = getLocation(getObject(getArray(*body, "nodes"), 0));
  auto func = func::FuncOp::create(builder, loc, info.symbol, info.type);
  func.setPrivate();
  for (auto [i, value] : llvm::enumerate(getArray(function, "arguments"))) {
    const json::Object &argument = asObject(value);
    func.setArgAttr(i, "ts.name", builder.getStringAttr(getString(argument, "name")));
    if (const json::Value *missing = argument.get("default"))
      func.setArgAttr(i, "ts.default", importDefault(asObject(*missing)));
  }
  if (!body)
    return;
  if (getArray(*body, "params").size() != info.type.getNumInputs())
    return fail("parameters of '" + info.symbol + "'");
  importBlock(*body, func.getBody(), info.type.getInputs(), [&](ArrayRef<Value> results) {
    // A function returns one value; LibTorch lets a function without return return none.
    SmallVector<Value> returned(results);
    if (returned.empty() && isa<ts::NoneType>(info.type.getResult(0)))
      returned.push_back(ts::NoneOp::create(builder, loc));
    if (returned.size() != 1)
      return fail("'" + info.symbol + "' returns " + Twine(returned.size()) + " values");
    func::ReturnOp::create(builder, loc, coerce(returned.front(), info.type.getResult(0)));
  });
  // References that became calls.
  func.walk([](ts::FunctionOp reference) {
    if (reference->use_empty())
      reference.erase();
  });
}

Attribute Importer::importDefault(const json::Object &value) {
  std::optional<int64_t> index = value.getInteger("tensor");
  auto tensor = index ? importTensor(*index, "").getDefiningOp<ts::WeightRefOp>() : ts::WeightRefOp();
  if (!tensor)
    return importAttribute(value);
  NamedAttrList fields(tensor->getAttrDictionary());
  fields.append("type", TypeAttr::get(tensor.getType()));
  tensor.erase();
  return builder.getDictionaryAttr(builder.getNamedAttr("tensor", fields.getDictionary(context)));
}

void Importer::importBlock(const json::Object &block, Region &region, TypeRange argumentTypes,
                           llvm::function_ref<void(ArrayRef<Value>)> terminate) {
  OpBuilder::InsertionGuard guard(builder);
  Location outer = loc;
  const json::Array &params = getArray(block, "params");
  Block &body = region.emplaceBlock();
  if (params.size() != argumentTypes.size())
    return fail("block with " + Twine(params.size()) + " parameters, expected " + Twine(argumentTypes.size()));
  builder.setInsertionPointToStart(&body);
  for (auto [param, type] : llvm::zip(params, argumentTypes))
    define(param, body.addArgument(type, loc));
  for (const json::Value &node : getArray(block, "nodes")) {
    if (failed)
      return;
    importNode(asObject(node));
  }
  loc = outer;
  SmallVector<Value> results;
  for (const json::Value &use : getArray(block, "returns"))
    results.push_back(lookup(use));
  terminate(results);
}

/// Whether a debug name is one that the user gave, not a number of LibTorch's.
static bool isUserName(StringRef name) { return !name.empty() && !llvm::isDigit(name.front()); }

void Importer::define(const json::Value &definition, Value value) {
  const json::Object &object = asObject(definition);
  int64_t id = getInt(object, "id");
  // Numbers are dense, so a huge one is a broken description.
  if (id < 0 || id > int64_t(values.size()) + 1000000)
    return fail("value number " + Twine(id));
  if (id >= int64_t(values.size()))
    values.resize(id + 1);
  values[id] = value;
  StringRef name = getString(object, "name");
  if (value && isUserName(name)) {
    // "x.1" is LibTorch's first other "x".
    auto named = NameLoc::get(builder.getStringAttr(name.take_until([](char c) { return c == '.'; })), value.getLoc());
    if (auto argument = dyn_cast<BlockArgument>(value))
      argument.setLoc(named);
    else if (value.getDefiningOp()->getNumResults() == 1 && !isa<NameLoc>(value.getLoc()))
      value.getDefiningOp()->setLoc(named);
  }
}

Value Importer::lookup(const json::Value &use) {
  int64_t id = use.getAsInteger().value_or(-1);
  if (id < 0 || id >= int64_t(values.size())) {
    fail("value number " + Twine(id) + " is not defined");
    return ts::NoneOp::create(builder, loc);
  }
  // The result of an op that returns nothing.
  if (!values[id])
    return ts::NoneOp::create(builder, loc);
  return values[id];
}

SmallVector<Value> Importer::lookupInputs(const json::Object &node) {
  SmallVector<Value> inputs;
  for (const json::Value &use : getArray(node, "inputs"))
    inputs.push_back(lookup(use));
  return inputs;
}

SmallVector<Type> Importer::getOutputTypes(const json::Object &node) {
  SmallVector<Type> types;
  for (const json::Value &output : getArray(node, "outputs"))
    types.push_back(getType(getString(asObject(output), "type")));
  return types;
}

Value Importer::coerce(Value value, Type type) {
  if (value.getType() == type)
    return value;
  if (isa<ts::TensorType>(value.getType()) && isa<ts::TensorType>(type))
    return ts::RefineOp::create(builder, loc, type, value);
  // Refined tensors have the same supertypes as all tensors.
  if (ts::isSubtype(value.getType(), type))
    return ts::UpcastOp::create(builder, loc, type, value);
  return ts::UncheckedCastOp::create(builder, loc, type, value);
}

SmallVector<Value> Importer::coerceAll(ArrayRef<Value> values, TypeRange types) {
  SmallVector<Value> result(values);
  for (auto [value, type] : llvm::zip(result, types))
    value = coerce(value, type);
  return result;
}
