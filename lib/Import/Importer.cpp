//===- Importer.cpp - the parts of a module: weights, classes, schemas -------===//
#include "Importer.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Import/Description.h"
#include "wick/Import/Import.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Base64.h"

using namespace mlir;
using namespace wick;
using namespace wick::importer;

//===----------------------------------------------------------------------===//
// Fields of the description
//===----------------------------------------------------------------------===//

StringRef importer::getString(const json::Object &object, StringRef key) {
  return object.getString(key).value_or(StringRef());
}

int64_t importer::getInt(const json::Object &object, StringRef key, int64_t missing) {
  return object.getInteger(key).value_or(missing);
}

bool importer::getBool(const json::Object &object, StringRef key) { return object.getBoolean(key).value_or(false); }

const json::Array &importer::getArray(const json::Object &object, StringRef key) {
  static const json::Array empty;
  const json::Array *array = object.getArray(key);
  return array ? *array : empty;
}

const json::Object &importer::asObject(const json::Value &value) {
  static const json::Object empty;
  const json::Object *object = value.getAsObject();
  return object ? *object : empty;
}

const json::Object &importer::getObject(const json::Array &array, int64_t index) {
  static const json::Value none = json::Object();
  return asObject(index >= 0 && index < int64_t(array.size()) ? array[index] : none);
}

std::string importer::getBytes(const json::Value *value) {
  if (!value)
    return {};
  if (std::optional<StringRef> text = value->getAsString())
    return text->str();
  std::vector<char> bytes;
  if (llvm::Error error = llvm::decodeBase64(getString(asObject(*value), "b64"), bytes))
    llvm::consumeError(std::move(error));
  return std::string(bytes.begin(), bytes.end());
}

double importer::getFloat(const json::Value *value) {
  if (!value)
    return 0;
  if (std::optional<double> number = value->getAsNumber())
    return *number;
  StringRef text = value->getAsString().value_or("nan");
  return text == "inf"    ? std::numeric_limits<double>::infinity()
         : text == "-inf" ? -std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::quiet_NaN();
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

Importer::Importer(const json::Object &document, StringRef name, MLIRContext *context)
    : document(document), context(context), builder(context), module(ModuleOp::create(UnknownLoc::get(context))),
      loc(FileLineColLoc::get(context, name, 0, 0)), fileLoc(loc),
      aten(context->getOrLoadDialect<aten::AtenDialect>()) {
  module->getOperation()->setLoc(fileLoc);
}

void Importer::fail(const Twine &message) {
  if (!failed)
    emitError(fileLoc) << "broken description: " << message;
  failed = true;
}

OwningOpRef<ModuleOp> Importer::run() {
  if (getInt(document, "version") != description::kVersion) {
    fail("version " + Twine(getInt(document, "version")) + ", expected " + Twine(description::kVersion));
    return {};
  }
  indexClasses();
  indexFunctions();
  indexSchemas();
  builder.setInsertionPointToEnd(module->getBody());
  importWeights();
  importClasses();
  importFunctions();
  if (document.getInteger("root"))
    importImage();
  importSchemas();
  importSourceLines();
  if (failed || mlir::failed(verify(*module)))
    return {};
  return std::move(module);
}

void Importer::indexClasses() {
  const json::Array &array = getArray(document, "classes");
  classes.resize(array.size());
  for (auto [i, value] : llvm::enumerate(array)) {
    const json::Object &cls = asObject(value);
    classes[i].description = &cls;
    classes[i].kind = getString(cls, "kind");
    if (!classIndices.try_emplace(getString(cls, "name"), i).second)
      fail("two classes are named '" + getString(cls, "name") + "'");
    symbols.insert(getString(cls, "name"));
  }
  for (Class &cls : classes)
    for (const json::Value &attribute : getArray(*cls.description, "attributes"))
      cls.attributes[getString(asObject(attribute), "name")] = getType(getString(asObject(attribute), "type"));
}

FunctionType Importer::getSignature(const json::Object &function, bool dropSelf) {
  SmallVector<Type> arguments;
  for (const json::Value &argument : getArray(function, "arguments"))
    arguments.push_back(getType(getString(asObject(argument), "type")));
  if (dropSelf && !arguments.empty())
    arguments.erase(arguments.begin());
  return builder.getFunctionType(arguments, getType(getString(function, "result")));
}

void Importer::indexFunctions() {
  for (const json::Value &value : getArray(document, "functions")) {
    const json::Object &function = asObject(value);
    // Names are unique in a compilation unit but for hooks, which may share theirs.
    std::string symbol = getString(function, "name").str();
    for (unsigned suffix = 0; !symbols.insert(symbol).second; ++suffix)
      symbol = (getString(function, "name") + "$" + Twine(suffix)).str();
    functions.push_back({symbol, getSignature(function, false)});
  }
  for (Class &cls : classes)
    for (const json::Value &value : getArray(*cls.description, "methods")) {
      const json::Object &method = asObject(value);
      int64_t index = getInt(method, "function");
      bool isSignature = !method.get("function");
      if (!isSignature && (index < 0 || index >= int64_t(functions.size())))
        return fail("no function " + Twine(index));
      const json::Object &function = isSignature ? method : getObject(getArray(document, "functions"), index);
      cls.methods[getString(method, "name")] = getSignature(function, true);
    }
}

//===----------------------------------------------------------------------===//
// Weights and classes
//===----------------------------------------------------------------------===//

void Importer::importWeights() {
  for (auto [i, value] : llvm::enumerate(getArray(document, "storages"))) {
    const json::Object &storage = asObject(value);
    plan::WeightOp::create(builder, fileLoc, ("storage" + Twine(i)).str(), getString(storage, "file"),
                           getInt(storage, "offset"), getInt(storage, "bytes"));
  }
}

void Importer::importClasses() {
  for (const Class &cls : classes)
    if (cls.kind != "namedtuple") // their types say it all
      importClass(cls);
}

void Importer::importClass(const Class &cls) {
  OpBuilder::InsertionGuard guard(builder);
  const json::Object &description = *cls.description;
  auto op = ts::ClassOp::create(builder, fileLoc, getString(description, "name"), cls.kind);
  builder.setInsertionPointToStart(&op.getBody().emplaceBlock());
  auto unit = [&](bool present) { return present ? builder.getUnitAttr() : UnitAttr(); };
  for (const json::Value &value : getArray(description, "attributes")) {
    const json::Object &attribute = asObject(value);
    ts::AttrOp::create(builder, fileLoc, builder.getStringAttr(getString(attribute, "name")),
                       TypeAttr::get(getType(getString(attribute, "type"))), unit(getBool(attribute, "parameter")),
                       unit(getBool(attribute, "buffer")), Attribute());
  }
  for (const json::Value &value : getArray(description, "constants")) {
    const json::Object &constant = asObject(value);
    const json::Value *content = constant.get("value");
    if (!content)
      continue;
    ts::AttrOp::create(builder, fileLoc, builder.getStringAttr(getString(constant, "name")),
                       TypeAttr::get(getValueType(asObject(*content))), UnitAttr(), UnitAttr(),
                       importAttribute(asObject(*content)));
  }
  for (const json::Value &value : getArray(description, "methods")) {
    const json::Object &method = asObject(value);
    FlatSymbolRefAttr function;
    TypeAttr signature;
    int64_t index = getInt(method, "function");
    if (index >= 0 && index < int64_t(functions.size()))
      function = functions[index].ref();
    else
      signature = TypeAttr::get(cls.methods.lookup(getString(method, "name")));
    StringRef declaration = getString(method, "declaration");
    ts::MethodOp::create(builder, fileLoc, builder.getStringAttr(getString(method, "name")), function, signature,
                         StringAttr(), declaration.empty() ? StringAttr() : builder.getStringAttr(declaration));
  }
  for (StringRef role : {"pre_hook", "hook"})
    for (const json::Value &value : getArray(description, (role + "s").str())) {
      int64_t index = value.getAsInteger().value_or(-1);
      if (index < 0 || index >= int64_t(functions.size()))
        return fail("no function " + Twine(index));
      ts::MethodOp::create(builder, fileLoc,
                           builder.getStringAttr(StringRef(functions[index].symbol).rsplit('.').second),
                           functions[index].ref(), TypeAttr(), builder.getStringAttr(role), StringAttr());
    }
}

//===----------------------------------------------------------------------===//
// Schemas
//===----------------------------------------------------------------------===//

/// Arguments that operators mutate although their schemas do not say so.
static ArrayRef<StringRef> getUndeclaredWrites(StringRef name) {
  static const StringRef statistics[] = {"running_mean", "running_var"};
  bool writes = llvm::is_contained({"aten::batch_norm", "aten::instance_norm", "aten::native_batch_norm",
                                    "aten::cudnn_batch_norm", "aten::miopen_batch_norm"},
                                   name);
  return writes ? ArrayRef<StringRef>(statistics) : ArrayRef<StringRef>();
}

/// Operators that may return their first argument although their schemas do not say so.
static bool hasUndeclaredAlias(StringRef name) {
  return llvm::is_contained({"aten::dropout", "aten::feature_dropout", "aten::alpha_dropout",
                             "aten::feature_alpha_dropout", "aten::atleast_1d", "aten::atleast_2d", "aten::atleast_3d",
                             "aten::conj_physical", "aten::sum_to_size", "aten::unsafe_split",
                             "aten::unsafe_split_with_sizes", "aten::unsafe_chunk"},
                            name);
}

void Importer::indexSchemas() {
  for (const json::Value &value : getArray(document, "schemas")) {
    const json::Object &schema = asObject(value);
    Schema &info = schemas.emplace_back();
    StringRef overload = getString(schema, "overload");
    info.symbol = (getString(schema, "name") + (overload.empty() ? "" : ".") + overload).str();
    for (const json::Value &argument : getArray(schema, "arguments"))
      info.arguments.push_back(getString(asObject(argument), "name"));
    auto device = llvm::find(info.arguments, "device");
    if (device != info.arguments.end())
      info.device = device - info.arguments.begin();
    info.entry = aten->lookupSchema(info.symbol);
    if (!info.entry)
      continue;
    for (StringRef operand : info.entry->operandNames) {
      auto it = llvm::find(info.arguments, operand);
      // The tensor that an operator is of comes first, whatever it is called.
      int64_t missing = operand == "self" ? 0 : -1;
      info.operands.push_back(it == info.arguments.end() ? missing : it - info.arguments.begin());
    }
  }
}

void Importer::importSchemas() {
  auto create = [&](const Schema &info, StringRef text, ArrayRef<int64_t> writes, ArrayRef<int64_t> aliases) {
    ts::SchemaOp::create(builder, fileLoc, info.symbol, text, builder.getStrArrayAttr(info.arguments), writes, aliases);
  };
  for (auto [info, value] : llvm::zip(schemas, getArray(document, "schemas"))) {
    if (!info.used)
      continue;
    const json::Object &schema = asObject(value);
    // The alias sets of the results; "*" may be anything.
    llvm::StringSet<> resultSets;
    auto addSets = [&](const json::Object &alias, auto &&add) {
      for (StringRef which : {"before", "after"})
        for (const json::Value &set : getArray(alias, which))
          add(set.getAsString().value_or("*"));
    };
    for (const json::Value &result : getArray(schema, "returns"))
      if (const json::Object *alias = asObject(result).getObject("alias"))
        addSets(*alias, [&](StringRef set) { resultSets.insert(set); });
    SmallVector<int64_t> writes, aliases;
    ArrayRef<StringRef> undeclared = getUndeclaredWrites(getString(schema, "name"));
    for (auto [i, argument] : llvm::enumerate(getArray(schema, "arguments"))) {
      const json::Object *alias = asObject(argument).getObject("alias");
      if ((alias && getBool(*alias, "write")) || llvm::is_contained(undeclared, info.arguments[i]))
        writes.push_back(i);
      bool shares = i == 0 && hasUndeclaredAlias(getString(schema, "name"));
      if (alias)
        addSets(*alias,
                [&](StringRef set) { shares |= resultSets.contains(set) || set == "*" || resultSets.contains("*"); });
      if (shares)
        aliases.push_back(i);
    }
    create(info, getString(schema, "text"), writes, aliases);
  }
  for (auto &entry : syntheticSchemas)
    create(entry.second, entry.first(), {}, {});
}

//===----------------------------------------------------------------------===//
// Locations
//===----------------------------------------------------------------------===//

Location Importer::getLocation(const json::Object &node) {
  std::optional<Location> result;
  for (const json::Value &value : getArray(node, "loc")) {
    const json::Object &frame = asObject(value);
    StringRef file = getString(frame, "file"), function = getString(frame, "function"), text = getString(frame, "text");
    int64_t line = getInt(frame, "line", 0);
    if (!text.empty())
      sourceLines[file.str()][line] = text.str();
    Location at = FileLineColLoc::get(context, file, line, getInt(frame, "column", 0) + 1);
    StringAttr name = function.empty() ? functionName : builder.getStringAttr(function);
    if (name)
      at = FusedLoc::get(context, at, name);
    result = result ? Location(CallSiteLoc::get(*result, at)) : at;
  }
  return result.value_or(fileLoc);
}

void Importer::importSourceLines() {
  for (auto &[file, lines] : sourceLines) {
    SmallVector<int64_t> numbers;
    SmallVector<StringRef> text;
    for (auto &[number, line] : lines) {
      numbers.push_back(number);
      text.push_back(line);
    }
    ts::SourceLinesOp::create(builder, fileLoc, file, numbers, builder.getStrArrayAttr(text));
  }
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

void wick::registerImportDialects(DialectRegistry &registry) {
  registry.insert<aten::AtenDialect, plan::PlanDialect, ts::TSDialect, arith::ArithDialect, complex::ComplexDialect,
                  func::FuncDialect, scf::SCFDialect>();
}

OwningOpRef<ModuleOp> wick::importDescription(StringRef text, StringRef name, MLIRContext &context) {
  context.loadDialect<aten::AtenDialect, plan::PlanDialect, ts::TSDialect, arith::ArithDialect, complex::ComplexDialect,
                      func::FuncDialect, scf::SCFDialect>();
  Location loc = FileLineColLoc::get(&context, name, 0, 0);
  llvm::Expected<json::Value> document = json::parse(text);
  if (!document) {
    emitError(loc) << "description is not JSON: " << llvm::toString(document.takeError());
    return {};
  }
  const json::Object *object = document->getAsObject();
  if (!object) {
    emitError(loc) << "broken description: not an object";
    return {};
  }
  return Importer(*object, name, &context).run();
}
