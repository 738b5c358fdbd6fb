//===- ImportValues.cpp - constants, tensors and the object image -----------===//
#include "Importer.h"

#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"

using namespace mlir;
using namespace wick;
using namespace wick::importer;

Type Importer::getValueType(const json::Object &value) {
  if (std::optional<StringRef> type = value.getString("type"))
    return getType(*type);
  if (value.get("int"))
    return builder.getI64Type();
  if (value.get("float"))
    return builder.getF64Type();
  if (value.get("bool"))
    return builder.getI1Type();
  if (value.get("complex"))
    return ComplexType::get(builder.getF64Type());
  if (value.get("str"))
    return ts::StringType::get(context);
  if (value.get("device"))
    return ts::DeviceType::get(context);
  if (value.get("tensor"))
    return ts::TensorType::get(context);
  if (value.get("generator"))
    return ts::GeneratorType::get(context);
  if (value.get("function"))
    return ts::FunctionType::get(context);
  if (const json::Array *elements = value.getArray("tuple")) {
    SmallVector<Type> types;
    for (const json::Value &element : *elements)
      types.push_back(getValueType(asObject(element)));
    return ts::TupleType::get(context, types);
  }
  if (const json::Object *member = value.getObject("enum"))
    return getNamedType(getString(getObject(getArray(document, "classes"), getInt(*member, "class")), "name"));
  if (std::optional<int64_t> object = value.getInteger("object")) {
    int64_t cls = getInt(getObject(getArray(document, "objects"), *object), "class");
    return getNamedType(getString(getObject(getArray(document, "classes"), cls), "name"));
  }
  if (std::optional<StringRef> kind = value.getString("opaque")) {
    if (*kind == "undefined tensor")
      return ts::TensorType::get(context);
    return getNamedType(*kind);
  }
  return ts::NoneType::get(context);
}

Attribute Importer::importAttribute(const json::Object &value) {
  auto wrap = [&](StringRef key, Attribute content) -> Attribute {
    return builder.getDictionaryAttr(builder.getNamedAttr(key, content));
  };
  auto elements = [&](const json::Array &array) {
    SmallVector<Attribute> result;
    for (const json::Value &element : array)
      result.push_back(importAttribute(asObject(element)));
    return builder.getArrayAttr(result);
  };
  if (std::optional<int64_t> number = value.getInteger("int"))
    return builder.getI64IntegerAttr(*number);
  if (const json::Value *number = value.get("float"))
    return builder.getF64FloatAttr(getFloat(number));
  if (std::optional<bool> flag = value.getBoolean("bool"))
    return builder.getBoolAttr(*flag);
  if (const json::Value *text = value.get("str"))
    return builder.getStringAttr(getBytes(text));
  if (const json::Array *list = value.getArray("list"))
    return elements(*list);
  if (const json::Array *parts = value.getArray("complex"); parts && parts->size() == 2)
    return wrap("complex", builder.getF64ArrayAttr({getFloat(&(*parts)[0]), getFloat(&(*parts)[1])}));
  if (const json::Array *tuple = value.getArray("tuple"))
    return wrap("tuple", elements(*tuple));
  if (std::optional<StringRef> device = value.getString("device"))
    return wrap("device", builder.getStringAttr(*device));
  if (const json::Object *member = value.getObject("enum")) {
    auto type = dyn_cast_or_null<ts::EnumType>(getValueType(value));
    auto name = builder.getNamedAttr("enum", builder.getStringAttr(getString(*member, "name")));
    return type ? builder.getDictionaryAttr({name, builder.getNamedAttr("class", type.getClassSymbol())})
                : builder.getDictionaryAttr(name);
  }
  if (value.get("none"))
    return builder.getUnitAttr();
  return wrap("opaque", builder.getStringAttr(value.empty() ? StringRef("value") : StringRef(value.begin()->first)));
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Value Importer::importValue(const json::Object &value) {
  if (std::optional<int64_t> number = value.getInteger("int"))
    return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(*number));
  if (const json::Value *number = value.get("float"))
    return arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(getFloat(number)));
  if (std::optional<bool> flag = value.getBoolean("bool"))
    return arith::ConstantOp::create(builder, loc, builder.getBoolAttr(*flag));
  if (const json::Value *text = value.get("str"))
    return ts::StrOp::create(builder, loc, getBytes(text));
  if (std::optional<int64_t> tensor = value.getInteger("tensor"))
    return importTensor(*tensor, "");
  if (value.get("tuple"))
    return importTuple(value);
  if (value.get("list"))
    return importList(value);
  if (value.get("dict"))
    return importDict(value);
  if (std::optional<StringRef> device = value.getString("device"))
    return ts::DeviceOp::create(builder, loc, *device);
  if (value.getObject("enum"))
    return ts::EnumOp::create(builder, loc, getValueType(value), getString(*value.getObject("enum"), "name"));
  if (const json::Array *parts = value.getArray("complex"); parts && parts->size() == 2)
    return complex::ConstantOp::create(builder, loc, ComplexType::get(builder.getF64Type()),
                                       builder.getF64ArrayAttr({getFloat(&(*parts)[0]), getFloat(&(*parts)[1])}));
  if (std::optional<int64_t> index = value.getInteger("function")) {
    if (*index >= 0 && *index < int64_t(functions.size()))
      return ts::FunctionOp::create(builder, loc, functions[*index].ref());
    fail("no function " + Twine(*index));
  }
  if (std::optional<int64_t> object = value.getInteger("object")) {
    if (inImage && *object >= 0 && *object < int64_t(objectValues.size()))
      return objectValues[*object];
    if (!inImage)
      return ts::OpaqueOp::create(builder, loc, getValueType(value), "object constant");
    fail("no object " + Twine(*object));
  }
  if (std::optional<int64_t> id = value.getInteger("ref")) {
    if (Value container = containerValues.lookup(*id))
      return container;
    // A container inside of itself, or one that another function's constant shares.
    return ts::OpaqueOp::create(builder, loc, ts::AnyType::get(context), "shared container");
  }
  if (value.get("generator"))
    return inImage ? Value(ts::OpaqueOp::create(builder, loc, getValueType(value), "generator in an attribute"))
                   : importGenerator(value);
  if (std::optional<StringRef> kind = value.getString("opaque"))
    return ts::OpaqueOp::create(builder, loc, getValueType(value), *kind);
  return ts::NoneOp::create(builder, loc);
}

/// A generator is known by its place in the program, which has one for each session.
Value Importer::importGenerator(const json::Object &value) {
  auto number = [&](int64_t constant) {
    return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(constant)).getResult();
  };
  std::optional<uint64_t> given = value.get("generator")->getAsUINT64();
  Value place = number(generators++), seed = number(int64_t(given.value_or(0)));
  return createOperator("wick::generator", getValueType(value), {place, seed}, {"place", "seed"});
}

Value Importer::importTensor(int64_t index, StringRef name) {
  if (inImage)
    if (Value known = tensorValues.lookup(index))
      return known;
  const json::Object &tensor = getObject(getArray(document, "tensors"), index);
  Type dtype = aten::getDtype(context, getInt(tensor, "dtype"));
  int64_t storage = getInt(tensor, "storage");
  Value result;
  if (storage < 0 || !dtype) {
    StringRef kind = tensor.getString("opaque").value_or("unknown dtype");
    result = ts::OpaqueOp::create(builder, loc, ts::TensorType::get(context), (kind + " tensor").str());
  } else {
    auto ints = [&](StringRef key) {
      SmallVector<int64_t> numbers;
      for (const json::Value &number : getArray(tensor, key))
        numbers.push_back(number.getAsInteger().value_or(0));
      return numbers;
    };
    if (storage >= int64_t(getArray(document, "storages").size()))
      fail("no storage " + Twine(storage));
    SmallVector<int64_t> sizes = ints("sizes"), strides = ints("strides");
    SmallVector<AffineExpr> dims;
    for (int64_t size : sizes)
      dims.push_back(builder.getAffineConstantExpr(size));
    result = ts::WeightRefOp::create(builder, loc, ts::TensorType::get(context, dims, dtype),
                                     FlatSymbolRefAttr::get(context, ("storage" + Twine(storage)).str()),
                                     builder.getI64IntegerAttr(getInt(tensor, "offset", 0)),
                                     builder.getDenseI64ArrayAttr(sizes), builder.getDenseI64ArrayAttr(strides),
                                     name.empty() ? StringAttr() : builder.getStringAttr(name),
                                     getBool(tensor, "requires_grad") ? builder.getUnitAttr() : UnitAttr());
  }
  if (inImage)
    tensorValues[index] = result;
  return result;
}

Value Importer::importTuple(const json::Object &value) {
  SmallVector<Value> elements;
  for (const json::Value &element : getArray(value, "tuple"))
    elements.push_back(importValue(asObject(element)));
  Type type;
  if (std::optional<StringRef> annotation = value.getString("type")) {
    type = getType(*annotation);
    ArrayRef<Type> expected = ts::getTupleElementTypes(type);
    if (expected.size() == elements.size())
      elements = coerceAll(elements, expected);
  } else {
    type = ts::TupleType::get(context, llvm::to_vector(ValueRange(elements).getTypes()));
  }
  return ts::TupleConstructOp::create(builder, loc, type, elements);
}

Value Importer::importList(const json::Object &value) {
  Type type = getType(getString(value, "type"));
  auto list = dyn_cast<ts::ListType>(type);
  SmallVector<Value> elements;
  for (const json::Value &element : getArray(value, "list")) {
    Value imported = importValue(asObject(element));
    elements.push_back(list ? coerce(imported, list.getElementType()) : imported);
  }
  if (!list) {
    fail("list of type '" + getString(value, "type") + "'");
    return ts::NoneOp::create(builder, loc);
  }
  Value result = ts::ListConstructOp::create(builder, loc, list, elements);
  containerValues[getInt(value, "id")] = result;
  return result;
}

Value Importer::importDict(const json::Object &value) {
  auto dict = dyn_cast<ts::DictType>(getType(getString(value, "type")));
  if (!dict) {
    fail("dict of type '" + getString(value, "type") + "'");
    return ts::NoneOp::create(builder, loc);
  }
  SmallVector<Value> keys, values;
  for (const json::Value &entry : getArray(value, "dict")) {
    const json::Array *pair = entry.getAsArray();
    if (!pair || pair->size() != 2) {
      fail("entry of a dict");
      continue;
    }
    keys.push_back(coerce(importValue(asObject((*pair)[0])), dict.getKeyType()));
    values.push_back(coerce(importValue(asObject((*pair)[1])), dict.getValueType()));
  }
  Value result = ts::DictConstructOp::create(builder, loc, dict, keys, values);
  containerValues[getInt(value, "id")] = result;
  return result;
}

//===----------------------------------------------------------------------===//
// The image
//===----------------------------------------------------------------------===//

std::vector<std::string> Importer::nameObjects(const json::Array &objects, int64_t root) {
  std::vector<std::string> names(objects.size());
  std::vector<bool> seen(objects.size());
  SmallVector<int64_t> queue{root};
  seen[root] = true;
  for (size_t next = 0; next < queue.size(); ++next) {
    int64_t current = queue[next];
    const json::Object &object = getObject(objects, current);
    const json::Object &cls = getObject(getArray(document, "classes"), getInt(object, "class"));
    for (auto [i, slot] : llvm::enumerate(getArray(object, "slots"))) {
      int64_t child = getInt(asObject(slot), "object");
      if (child < 0 || child >= int64_t(objects.size()) || seen[child])
        continue;
      seen[child] = true;
      StringRef attribute = getString(getObject(getArray(cls, "attributes"), i), "name");
      names[child] = names[current].empty() ? attribute.str() : names[current] + "." + attribute.str();
      queue.push_back(child);
    }
  }
  return names;
}

Value Importer::importSlot(const json::Object &value, const std::string &path) {
  if (std::optional<int64_t> tensor = value.getInteger("tensor"))
    return importTensor(*tensor, path);
  return importValue(value);
}

void Importer::importImage() {
  OpBuilder::InsertionGuard guard(builder);
  const json::Array &objects = getArray(document, "objects");
  int64_t root = getInt(document, "root");
  if (root < 0 || root >= int64_t(objects.size()))
    return fail("no object " + Twine(root));
  loc = fileLoc;
  inImage = true;
  containerValues.clear();
  auto image = ts::ImageOp::create(builder, loc, "root");
  builder.setInsertionPointToStart(&image.getBody().emplaceBlock());
  // Objects may refer to each other in cycles: all exist before any slot is filled.
  for (const json::Value &object : objects) {
    const json::Object &cls = getObject(getArray(document, "classes"), getInt(asObject(object), "class"));
    auto type = dyn_cast<ts::ObjectType>(getType(getString(cls, "name")));
    if (!type)
      return fail("object of class '" + getString(cls, "name") + "'");
    objectValues.push_back(ts::CreateObjectOp::create(builder, loc, type));
  }
  std::vector<std::string> names = nameObjects(objects, root);
  for (auto [i, value] : llvm::enumerate(objects)) {
    const json::Object &object = asObject(value);
    const Class &cls = classes[getInt(object, "class")];
    const json::Array &attributes = getArray(*cls.description, "attributes"), &slots = getArray(object, "slots");
    if (slots.size() > attributes.size())
      return fail("object " + Twine(i) + " has more slots than its class attributes");
    for (auto [attribute, slot] : llvm::zip(attributes, slots)) {
      StringRef name = getString(asObject(attribute), "name");
      std::string path = names[i].empty() ? name.str() : names[i] + "." + name.str();
      Value content = importSlot(asObject(slot), path);
      Type type = cls.attributes.lookup(name);
      // What is known of a tensor stays in its type.
      if (!isa<ts::TensorType>(type) || !isa<ts::TensorType>(content.getType()))
        content = coerce(content, type);
      ts::SetAttrOp::create(builder, loc, objectValues[i], builder.getStringAttr(name), content);
    }
  }
  ts::YieldOp::create(builder, loc, objectValues[root]);
  inImage = false;
}
