//===- ImportNodes.cpp - nodes of method graphs to ops ----------------------===//
//
// A node is a special form (`prim::If`, `prim::GetAttr`, …: the table in
// `getHandlers`), an operator that the aten dialect has an op for, or else a
// `ts.operator`.
//
//===----------------------------------------------------------------------===//
#include "Importer.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Import/Import.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::importer;

const llvm::StringMap<Importer::Handler> &Importer::getHandlers() {
  static const llvm::StringMap<Handler> handlers = {
      {"prim::Constant", &Importer::importConstant},
      {"prim::If", &Importer::importIf},
      {"prim::Loop", &Importer::importLoop},
      {"prim::TupleConstruct", &Importer::importTupleConstruct},
      {"prim::TupleUnpack", &Importer::importTupleUnpack},
      {"prim::TupleIndex", &Importer::importTupleIndex},
      {"prim::TupleSlice", &Importer::importTupleSlice},
      {"prim::ListConstruct", &Importer::importListConstruct},
      {"prim::ListUnpack", &Importer::importListUnpack},
      {"prim::DictConstruct", &Importer::importDictConstruct},
      {"prim::GetAttr", &Importer::importGetAttr},
      {"prim::SetAttr", &Importer::importSetAttr},
      {"prim::CreateObject", &Importer::importCreateObject},
      {"prim::CallMethod", &Importer::importCallMethod},
      {"prim::CallFunction", &Importer::importCallFunction},
      {"prim::fork", &Importer::importFork},
      {"prim::awaitable", &Importer::importFork},
      {"prim::Enter", &Importer::importEnter},
      {"prim::Exit", &Importer::importExit},
      {"prim::RaiseException", &Importer::importRaise},
      {"prim::Print", &Importer::importPrint},
      {"prim::isinstance", &Importer::importIsInstance},
      {"prim::unchecked_cast", &Importer::importUncheckedCast},
      {"prim::unchecked_unwrap_optional", &Importer::importUncheckedCast},
      {"prim::Uninitialized", &Importer::importUninitialized},
      {"prim::profile", &Importer::importProfile},
      {"prim::profile_ivalue", &Importer::importProfile},
  };
  return handlers;
}

SmallVector<StringRef> wick::getImportedForms() {
  auto forms = llvm::to_vector(Importer::getHandlers().keys());
  llvm::sort(forms);
  return forms;
}

void Importer::importNode(const json::Object &node) {
  loc = getLocation(node);
  auto it = getHandlers().find(getString(node, "op"));
  // A special form that is not as it should be keeps its meaning as an operator of its name.
  if (it == getHandlers().end() || mlir::failed((this->*it->second)(node)))
    importOperator(node);
}

void Importer::defineOutputs(const json::Object &node, ValueRange results) {
  const json::Array &outputs = getArray(node, "outputs");
  if (outputs.size() != results.size())
    return fail("'" + getString(node, "op") + "' with " + Twine(outputs.size()) + " outputs");
  for (auto [output, value] : llvm::zip(outputs, results))
    define(output, value);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

Importer::Schema &Importer::getSchema(const json::Object &node) {
  int64_t index = getInt(node, "schema");
  if (index >= 0 && index < int64_t(schemas.size()))
    return schemas[index];
  Schema &schema = syntheticSchemas[getString(node, "op")];
  if (schema.symbol.empty()) {
    schema.symbol = getString(node, "op").str();
    // The registry may have schemas of the same name that this form did not match.
    for (Schema &other : schemas)
      if (other.symbol == schema.symbol)
        schema.symbol += "$";
  }
  return schema;
}

void Importer::checkDevice(const Schema &schema, const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  bool makesTensor = llvm::any_of(getOutputTypes(node), llvm::IsaPred<ts::TensorType>);
  if (!document.getInteger("root") || schema.device < 0 || size_t(schema.device) >= inputs.size() || !makesTensor)
    return;
  Value device = inputs[schema.device];
  device = ts::stripUpcasts(device);
  auto known = device.getDefiningOp<ts::DeviceOp>();
  if (isa<ts::NoneType>(device.getType()) || (known && known.getValue().split(':').first == "cpu"))
    return;
  if (!isa<ts::OptionalType>(device.getType()))
    device = ts::UpcastOp::create(builder, loc, ts::OptionalType::get(context, device.getType()), device);
  createOperator("wick::check_device", ts::NoneType::get(context), device, {"device"});
}

Value Importer::createOperator(StringRef name, Type result, ValueRange operands, ArrayRef<StringRef> arguments) {
  Schema &schema = syntheticSchemas[name];
  schema.symbol = name.str();
  schema.arguments.assign(arguments.begin(), arguments.end());
  return ts::OperatorOp::create(builder, loc, TypeRange(result), FlatSymbolRefAttr::get(context, name), operands,
                                /*blocks=*/0u)
      ->getResult(0);
}

/// Where the second operand of arithmetic is a constant without dims, as tracing makes one of a number, LibTorch
/// computes with its element as a number, which counts less in the dtype of the result.
Value Importer::importNumber(const Schema &schema, Value other) {
  auto constant = other.getDefiningOp<ts::WeightRefOp>();
  if (!constant || !llvm::is_contained({"aten::add.Tensor", "aten::sub.Tensor", "aten::mul.Tensor", "aten::div.Tensor"},
                                       StringRef(schema.symbol)))
    return other;
  std::optional<TypedAttr> element = constant.readElement();
  if (!element)
    return other;
  if (auto number = dyn_cast<FloatAttr>(*element))
    return arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(number.getValueAsDouble()));
  const APInt &number = cast<IntegerAttr>(*element).getValue();
  bool isUnsigned = (*element).getType().isUnsignedInteger();
  int64_t value = isUnsigned ? int64_t(number.getZExtValue()) : number.getSExtValue();
  return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(value));
}

std::optional<int64_t> Importer::getMemoryFormat(const Schema &schema, ArrayRef<Value> inputs) {
  const auto *found = llvm::find(schema.arguments, "memory_format");
  if (found == schema.arguments.end())
    return std::nullopt;
  Value given = ts::stripUpcasts(inputs[found - schema.arguments.begin()]);
  if (isa<ts::NoneType>(given.getType()))
    return std::nullopt;
  APInt format;
  if (!matchPattern(given, m_ConstantInt(&format)))
    return -1;
  // The format of new tensors, and the one that keeps that of another.
  bool isNew = llvm::is_contained({"aten::contiguous", "aten::empty"}, aten::getBaseName(schema.symbol));
  return format == (isNew ? 0 : 1) ? std::nullopt : std::optional(format.getSExtValue());
}

bool Importer::importAtenOp(const json::Object &node, Schema &schema) {
  if (!schema.entry || node.get("blocks"))
    return false;
  SmallVector<Value> inputs = lookupInputs(node);
  if (inputs.size() != schema.arguments.size())
    return false;
  OperationState state(loc, schema.entry->op);
  for (int index : schema.operands)
    state.operands.push_back(index >= 0 ? inputs[index] : Value(ts::NoneOp::create(builder, loc)));
  if (state.operands.size() > 1)
    state.operands[1] = importNumber(schema, state.operands[1]);
  state.addTypes(getOutputTypes(node));
  if (aten::getBaseName(schema.symbol) != aten::getBaseName(schema.entry->first))
    state.addAttribute(aten::kSchemaAttr, builder.getStringAttr(schema.symbol));
  if (std::optional<int64_t> format = getMemoryFormat(schema, inputs))
    state.addAttribute(aten::kMemoryFormatAttr, builder.getI64IntegerAttr(*format));
  Operation *op = builder.create(state);
  // Archives may hold what the op was not made for, such as an optional list that only a check at run time unwraps.
  ScopedDiagnosticHandler silence(context, [](Diagnostic &) { return success(); });
  if (mlir::failed(op->getName().verifyInvariants(op))) {
    op->erase();
    return false;
  }
  defineOutputs(node, op->getResults());
  return true;
}

void Importer::importOperator(const json::Object &node) {
  Schema &schema = getSchema(node);
  checkDevice(schema, node);
  if (importAtenOp(node, schema))
    return;
  schema.used = true;
  SmallVector<Value> inputs = lookupInputs(node);
  const json::Array &blocks = getArray(node, "blocks");
  auto op = ts::OperatorOp::create(builder, loc, getOutputTypes(node), FlatSymbolRefAttr::get(context, schema.symbol),
                                   inputs, blocks.size());
  if (const json::Object *attributes = node.getObject("attributes"); attributes && !attributes->empty()) {
    NamedAttrList list;
    for (auto &[name, value] : *attributes)
      list.append(StringRef(name), importAttribute(asObject(value)));
    op->setAttr("ts.attributes", list.getDictionary(context));
  }
  for (auto [region, value] : llvm::zip(op.getBlocks(), blocks)) {
    SmallVector<Type> types;
    for (const json::Value &param : getArray(asObject(value), "params"))
      types.push_back(getType(getString(asObject(param), "type")));
    importBlock(asObject(value), region, types,
                [&](ArrayRef<Value> results) { ts::YieldOp::create(builder, loc, results); });
  }
  defineOutputs(node, op.getResults());
}

//===----------------------------------------------------------------------===//
// Constants and casts
//===----------------------------------------------------------------------===//

LogicalResult Importer::importConstant(const json::Object &node) {
  const json::Object *attributes = node.getObject("attributes");
  const json::Value *value = attributes ? attributes->get("value") : nullptr;
  if (!value)
    return failure();
  defineOutputs(node, importValue(asObject(*value)));
  return success();
}

LogicalResult Importer::importUncheckedCast(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  SmallVector<Type> types = getOutputTypes(node);
  if (inputs.size() != 1 || types.size() != 1)
    return failure();
  defineOutputs(node, Value(ts::UncheckedCastOp::create(builder, loc, types[0], inputs[0])));
  return success();
}

LogicalResult Importer::importUninitialized(const json::Object &node) {
  SmallVector<Type> types = getOutputTypes(node);
  if (types.size() != 1)
    return failure();
  defineOutputs(node, Value(ts::UninitializedOp::create(builder, loc, types[0])));
  return success();
}

LogicalResult Importer::importIsInstance(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  const json::Object *attributes = node.getObject("attributes");
  const json::Object *types = attributes ? attributes->getObject("types") : nullptr;
  if (inputs.size() != 1 || !types)
    return failure();
  SmallVector<Type> candidates;
  for (const json::Value &type : getArray(*types, "types"))
    candidates.push_back(getType(type.getAsString().value_or("?")));
  defineOutputs(node, Value(ts::IsInstanceOp::create(builder, loc, builder.getI1Type(), inputs[0],
                                                     builder.getTypeArrayAttr(candidates))));
  return success();
}

/// What an executor observed of a value; the value itself is the same.
LogicalResult Importer::importProfile(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  if (inputs.size() == 1 && getArray(node, "outputs").size() == 1)
    defineOutputs(node, inputs[0]);
  else if (!getArray(node, "outputs").empty())
    return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

LogicalResult Importer::importIf(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  const json::Array &blocks = getArray(node, "blocks");
  if (inputs.size() != 1 || blocks.size() != 2)
    return failure();
  SmallVector<Type> types = getOutputTypes(node);
  OperationState state(loc, scf::IfOp::getOperationName());
  state.addOperands(coerce(inputs[0], builder.getI1Type()));
  state.addTypes(types);
  state.addRegion();
  state.addRegion();
  Operation *op = builder.create(state);
  for (auto [region, block] : llvm::zip(op->getRegions(), blocks))
    importBlock(asObject(block), region, {},
                [&](ArrayRef<Value> results) { scf::YieldOp::create(builder, loc, coerceAll(results, types)); });
  // An scf.if without results has no empty else.
  if (types.empty() && !op->getRegion(1).empty() && llvm::hasSingleElement(op->getRegion(1).front()))
    op->getRegion(1).getBlocks().clear();
  defineOutputs(node, op->getResults());
  return success();
}

LogicalResult Importer::importLoop(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  const json::Array &blocks = getArray(node, "blocks");
  SmallVector<Type> types = getOutputTypes(node);
  if (inputs.size() != types.size() + 2 || blocks.size() != 1)
    return failure();
  auto inits = coerceAll(ArrayRef<Value>(inputs).drop_front(2), types);
  auto op = ts::LoopOp::create(builder, loc, types, coerce(inputs[0], builder.getI64Type()),
                               coerce(inputs[1], builder.getI1Type()), inits);
  SmallVector<Type> arguments{builder.getI64Type()}, yielded{builder.getI1Type()};
  llvm::append_range(arguments, types);
  llvm::append_range(yielded, types);
  importBlock(asObject(blocks[0]), op.getBody(), arguments,
              [&](ArrayRef<Value> results) { ts::YieldOp::create(builder, loc, coerceAll(results, yielded)); });
  defineOutputs(node, op.getResults());
  return success();
}

LogicalResult Importer::importFork(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  const json::Array &blocks = getArray(node, "blocks");
  SmallVector<Type> types = getOutputTypes(node);
  if (blocks.size() != 1 || types.size() != 1)
    return failure();
  Type element;
  if (auto future = dyn_cast<ts::FutureType>(types[0]))
    element = future.getElementType();
  else if (auto await = dyn_cast<ts::AwaitType>(types[0]))
    element = await.getElementType();
  else
    return failure();
  SmallVector<Type> arguments;
  for (const json::Value &param : getArray(asObject(blocks[0]), "params"))
    arguments.push_back(getType(getString(asObject(param), "type")));
  if (arguments.size() != inputs.size())
    return failure();
  Operation *op = isa<ts::FutureType>(types[0])
                      ? ts::ForkOp::create(builder, loc, types[0], coerceAll(inputs, arguments)).getOperation()
                      : ts::AwaitableOp::create(builder, loc, types[0], coerceAll(inputs, arguments)).getOperation();
  importBlock(asObject(blocks[0]), op->getRegion(0), arguments, [&](ArrayRef<Value> results) {
    Value result = results.size() == 1 ? results[0] : Value(ts::NoneOp::create(builder, loc));
    ts::YieldOp::create(builder, loc, coerce(result, element));
  });
  defineOutputs(node, op->getResults());
  return success();
}

LogicalResult Importer::importRaise(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  if (inputs.empty() || inputs.size() > 2 || !isa<ts::StringType>(inputs[0].getType()))
    return failure();
  if (inputs.size() == 1)
    inputs.push_back(ts::NoneOp::create(builder, loc));
  ts::RaiseOp::create(builder, loc, inputs[0], inputs[1]);
  for (const json::Value &output : getArray(node, "outputs"))
    define(output, Value());
  return success();
}

LogicalResult Importer::importPrint(const json::Object &node) {
  ts::PrintOp::create(builder, loc, lookupInputs(node));
  for (const json::Value &output : getArray(node, "outputs"))
    define(output, Value());
  return success();
}

//===----------------------------------------------------------------------===//
// Containers
//===----------------------------------------------------------------------===//

LogicalResult Importer::importTupleConstruct(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  SmallVector<Type> types = getOutputTypes(node);
  if (types.size() != 1 || ts::getTupleElementTypes(types[0]).size() != inputs.size())
    return failure();
  auto elements = coerceAll(inputs, ts::getTupleElementTypes(types[0]));
  defineOutputs(node, Value(ts::TupleConstructOp::create(builder, loc, types[0], elements)));
  return success();
}

LogicalResult Importer::importTupleUnpack(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  if (inputs.size() != 1 || ts::getTupleElementTypes(inputs[0].getType()).size() != getArray(node, "outputs").size())
    return failure();
  auto op = ts::TupleUnpackOp::create(builder, loc, ts::getTupleElementTypes(inputs[0].getType()), inputs[0]);
  defineOutputs(node, coerceAll(llvm::to_vector_of<Value>(op.getResults()), getOutputTypes(node)));
  return success();
}

LogicalResult Importer::importTupleIndex(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  if (inputs.size() != 2)
    return failure();
  IntegerAttr attr;
  auto constant = inputs[1].getDefiningOp<arith::ConstantOp>();
  ArrayRef<Type> elements = ts::getTupleElementTypes(inputs[0].getType());
  if (!constant || !(attr = dyn_cast<IntegerAttr>(constant.getValue())))
    return failure();
  int64_t index = attr.getInt() < 0 ? attr.getInt() + int64_t(elements.size()) : attr.getInt();
  if (index < 0 || index >= int64_t(elements.size()))
    return failure();
  Value element = ts::TupleIndexOp::create(builder, loc, elements[index], inputs[0], index);
  defineOutputs(node, coerceAll(element, getOutputTypes(node)));
  return success();
}

LogicalResult Importer::importTupleSlice(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  SmallVector<Type> types = getOutputTypes(node);
  const json::Object *attributes = node.getObject("attributes");
  if (inputs.size() != 1 || types.size() != 1 || !attributes)
    return failure();
  ArrayRef<Type> elements = ts::getTupleElementTypes(inputs[0].getType());
  auto bound = [&](StringRef key) {
    const json::Object *value = attributes->getObject(key);
    return value ? getInt(*value, "int") : -1;
  };
  int64_t begin = bound("beg"), end = bound("end");
  if (begin < 0 || end < begin || end > int64_t(elements.size()) ||
      ts::getTupleElementTypes(types[0]).size() != size_t(end - begin))
    return failure();
  SmallVector<Value> taken;
  for (int64_t i = begin; i < end; ++i)
    taken.push_back(ts::TupleIndexOp::create(builder, loc, elements[i], inputs[0], i));
  taken = coerceAll(taken, ts::getTupleElementTypes(types[0]));
  defineOutputs(node, Value(ts::TupleConstructOp::create(builder, loc, types[0], taken)));
  return success();
}

LogicalResult Importer::importListConstruct(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  SmallVector<Type> types = getOutputTypes(node);
  auto list = types.size() == 1 ? dyn_cast<ts::ListType>(types[0]) : ts::ListType();
  if (!list)
    return failure();
  for (Value &input : inputs)
    input = coerce(input, list.getElementType());
  defineOutputs(node, Value(ts::ListConstructOp::create(builder, loc, list, inputs)));
  return success();
}

LogicalResult Importer::importListUnpack(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  if (inputs.size() != 1 || !isa<ts::ListType>(inputs[0].getType()))
    return failure();
  defineOutputs(node, ts::ListUnpackOp::create(builder, loc, getOutputTypes(node), inputs[0]).getResults());
  return success();
}

LogicalResult Importer::importDictConstruct(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node), keys, values;
  SmallVector<Type> types = getOutputTypes(node);
  auto dict = types.size() == 1 ? dyn_cast<ts::DictType>(types[0]) : ts::DictType();
  if (!dict || inputs.size() % 2)
    return failure();
  for (size_t i = 0; i < inputs.size(); i += 2) {
    keys.push_back(coerce(inputs[i], dict.getKeyType()));
    values.push_back(coerce(inputs[i + 1], dict.getValueType()));
  }
  defineOutputs(node, Value(ts::DictConstructOp::create(builder, loc, dict, keys, values)));
  return success();
}

//===----------------------------------------------------------------------===//
// Objects and calls
//===----------------------------------------------------------------------===//

/// The name of the class or interface of an object, or empty.
static StringRef getClassName(Value object) {
  if (auto type = dyn_cast<ts::ObjectType>(object.getType()))
    return type.getClassSymbol().getValue();
  if (auto type = dyn_cast<ts::InterfaceType>(object.getType()))
    return type.getClassSymbol().getValue();
  return {};
}

/// The attribute "name" of a node.
static StringRef getName(const json::Object &node) {
  const json::Object *attributes = node.getObject("attributes");
  const json::Object *name = attributes ? attributes->getObject("name") : nullptr;
  return name ? importer::getString(*name, "str") : StringRef();
}

LogicalResult Importer::importGetAttr(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  SmallVector<Type> types = getOutputTypes(node);
  if (inputs.size() != 1 || types.size() != 1 || getClassName(inputs[0]).empty())
    return failure();
  defineOutputs(node, Value(ts::GetAttrOp::create(builder, loc, types[0], inputs[0], getName(node))));
  return success();
}

LogicalResult Importer::importSetAttr(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  if (inputs.size() != 2 || getClassName(inputs[0]).empty())
    return failure();
  auto it = classIndices.find(getClassName(inputs[0]));
  if (it != classIndices.end())
    if (Type type = classes[it->second].attributes.lookup(getName(node)))
      inputs[1] = coerce(inputs[1], type);
  ts::SetAttrOp::create(builder, loc, inputs[0], getName(node), inputs[1]);
  return success();
}

LogicalResult Importer::importCreateObject(const json::Object &node) {
  SmallVector<Type> types = getOutputTypes(node);
  if (types.size() != 1 || !isa<ts::ObjectType>(types[0]))
    return failure();
  defineOutputs(node, Value(ts::CreateObjectOp::create(builder, loc, types[0])));
  return success();
}

LogicalResult Importer::importCallMethod(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  if (inputs.empty() || getClassName(inputs[0]).empty())
    return failure();
  SmallVector<Value> arguments(ArrayRef<Value>(inputs).drop_front());
  SmallVector<Type> types = getOutputTypes(node);
  auto it = classIndices.find(getClassName(inputs[0]));
  if (it != classIndices.end()) {
    // The callee's own types, so that the call can be replaced by its body.
    FunctionType callee = classes[it->second].methods.lookup(getName(node));
    if (callee && callee.getNumInputs() == arguments.size() && callee.getNumResults() == types.size()) {
      arguments = coerceAll(arguments, callee.getInputs());
      auto op = ts::CallMethodOp::create(builder, loc, callee.getResults(), inputs[0], getName(node), arguments);
      defineOutputs(node, coerceAll(llvm::to_vector_of<Value>(op.getResults()), types));
      return success();
    }
  }
  auto op = ts::CallMethodOp::create(builder, loc, types, inputs[0], getName(node), arguments);
  defineOutputs(node, op.getResults());
  return success();
}

LogicalResult Importer::importCallFunction(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  auto reference = inputs.empty() ? ts::FunctionOp() : inputs[0].getDefiningOp<ts::FunctionOp>();
  if (!reference)
    return failure();
  auto callee = llvm::find_if(functions, [&](const Function &f) { return f.symbol == reference.getFunction(); });
  if (callee == functions.end() || callee->type.getNumInputs() + 1 != inputs.size())
    return failure();
  auto arguments = coerceAll(ArrayRef<Value>(inputs).drop_front(), callee->type.getInputs());
  auto op = func::CallOp::create(builder, loc, callee->symbol, callee->type.getResults(), arguments);
  defineOutputs(node, coerceAll(llvm::to_vector_of<Value>(op.getResults()), getOutputTypes(node)));
  return success();
}

LogicalResult Importer::importEnter(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  SmallVector<Type> types = getOutputTypes(node);
  if (inputs.size() != 1 || types.size() != 1 || getClassName(inputs[0]).empty())
    return failure();
  defineOutputs(node, Value(ts::EnterOp::create(builder, loc, types[0], inputs[0])));
  return success();
}

LogicalResult Importer::importExit(const json::Object &node) {
  SmallVector<Value> inputs = lookupInputs(node);
  if (inputs.size() != 1 || getClassName(inputs[0]).empty())
    return failure();
  ts::ExitOp::create(builder, loc, inputs[0]);
  for (const json::Value &output : getArray(node, "outputs"))
    define(output, Value());
  return success();
}
