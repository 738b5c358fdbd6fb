//===- Importer.h - from a description to IR ---------------------*- C++ -*-===//
//
// One `Importer` builds one module. Types, classes, functions and objects are
// looked up in the description by index; a broken description sets `failed` with
// one error and the import goes on with harmless values until it can stop.
//
// Values keep the most precise type that is known (a constant None is `!ts.none`
// wherever it is used); `coerce` inserts the upcast that TorchScript leaves
// implicit where IR needs equal types: calls, branches, loops, containers, slots.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_IMPORT_IMPORTER_H
#define WICK_LIB_IMPORT_IMPORTER_H

#include "wick/Dialect/TS/IR/TSDialect.h"
#include "wick/Import/Import.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/JSON.h"

#include <map>

namespace wick::aten {
class AtenDialect;
struct SchemaEntry;
} // namespace wick::aten

namespace wick::importer {

namespace json = llvm::json;

/// Fields of a JSON object, or what stands for a field that is missing.
llvm::StringRef getString(const json::Object &object, llvm::StringRef key);
int64_t getInt(const json::Object &object, llvm::StringRef key, int64_t missing = -1);
bool getBool(const json::Object &object, llvm::StringRef key);
const json::Array &getArray(const json::Object &object, llvm::StringRef key);
/// An element of an array; an empty object when it is none or out of range.
const json::Object &getObject(const json::Array &array, int64_t index);
const json::Object &asObject(const json::Value &value);
/// A TorchScript string, or bytes as {"b64": …}.
std::string getBytes(const json::Value *value);
/// A number, or one of the strings "inf", "-inf", "nan".
double getFloat(const json::Value *value);

class Importer {
public:
  Importer(const json::Object &document, llvm::StringRef name, mlir::MLIRContext *context);
  mlir::OwningOpRef<mlir::ModuleOp> run();

private:
  struct Function {
    std::string symbol;
    mlir::FunctionType type;
    mlir::FlatSymbolRefAttr ref() const { return mlir::FlatSymbolRefAttr::get(type.getContext(), symbol); }
  };
  /// What a method's caller must know.
  struct Class {
    const json::Object *description;
    llvm::StringRef kind;
    llvm::StringMap<mlir::Type> attributes;
    llvm::StringMap<mlir::FunctionType> methods; // without self
  };
  struct Schema {
    std::string symbol;
    llvm::SmallVector<llvm::StringRef> arguments;
    const aten::SchemaEntry *entry = nullptr;
    /// For each operand of the op, the schema's argument, or -1.
    llvm::SmallVector<int> operands;
    bool used = false;
    int device = -1; // the argument that says where to make a tensor
  };

  // Importer.cpp
  void fail(const llvm::Twine &message);
  void indexClasses();
  void indexFunctions();
  void indexSchemas();
  void importWeights();
  void importClasses();
  void importClass(const Class &cls);
  void importSchemas();
  mlir::Location getLocation(const json::Object &node);
  void importSourceLines();
  mlir::FunctionType getSignature(const json::Object &function, bool dropSelf);

  // ImportTypes.cpp
  mlir::Type getType(llvm::StringRef annotation);
  mlir::Type parseType(llvm::StringRef &text, unsigned depth);
  mlir::Type parseGeneric(llvm::StringRef name, llvm::SmallVectorImpl<mlir::Type> &arguments);
  mlir::Type getNamedType(llvm::StringRef name);
  mlir::Type getNamedTupleType(llvm::StringRef name, const json::Object &cls);

  // ImportValues.cpp
  mlir::Value importValue(const json::Object &value);
  mlir::Value importTensor(int64_t index, llvm::StringRef name);
  mlir::Value importTuple(const json::Object &value);
  mlir::Value importGenerator(const json::Object &value);
  mlir::Value importList(const json::Object &value);
  mlir::Value importDict(const json::Object &value);
  mlir::Attribute importAttribute(const json::Object &value);
  /// What an argument that is left out is; of a tensor `{tensor = {…}}`, the attributes and type of a `ts.weight_ref`.
  mlir::Attribute importDefault(const json::Object &value);
  mlir::Type getValueType(const json::Object &value);
  void importImage();
  mlir::Value importSlot(const json::Object &value, const std::string &path);
  std::vector<std::string> nameObjects(const json::Array &objects, int64_t root);

  // ImportFunctions.cpp
  void importFunctions();
  void importFunction(const json::Object &function, const Function &info);
  void importNodes(const json::Object &block);
  void importBlock(const json::Object &block, mlir::Region &region, mlir::TypeRange argumentTypes,
                   llvm::function_ref<void(llvm::ArrayRef<mlir::Value>)> terminate);
  void define(const json::Value &definition, mlir::Value value);
  mlir::Value lookup(const json::Value &use);
  llvm::SmallVector<mlir::Value> lookupInputs(const json::Object &node);
  llvm::SmallVector<mlir::Type> getOutputTypes(const json::Object &node);
  mlir::Value coerce(mlir::Value value, mlir::Type type);
  llvm::SmallVector<mlir::Value> coerceAll(llvm::ArrayRef<mlir::Value> values, mlir::TypeRange types);

  // ImportNodes.cpp
  using Handler = mlir::LogicalResult (Importer::*)(const json::Object &node);
  static const llvm::StringMap<Handler> &getHandlers();
  friend llvm::SmallVector<llvm::StringRef> wick::getImportedForms();
  void importNode(const json::Object &node);
  void importOperator(const json::Object &node);
  /// Has the program raise where an operator would make a tensor on another device than the CPU.
  void checkDevice(const Schema &schema, const json::Object &node);
  mlir::Value importNumber(const Schema &schema, mlir::Value other);
  /// The memory format that a call asks for where the operator has another by default; -1 where it is not known.
  static std::optional<int64_t> getMemoryFormat(const Schema &schema, llvm::ArrayRef<mlir::Value> inputs);
  bool importAtenOp(const json::Object &node, Schema &schema);
  Schema &getSchema(const json::Object &node);
  /// An operator of Wick's own, `wick::name`.
  mlir::Value createOperator(llvm::StringRef name, mlir::Type result, mlir::ValueRange operands,
                             llvm::ArrayRef<llvm::StringRef> arguments);
  void defineOutputs(const json::Object &node, mlir::ValueRange values);
  mlir::LogicalResult importConstant(const json::Object &node);
  mlir::LogicalResult importIf(const json::Object &node);
  mlir::LogicalResult importLoop(const json::Object &node);
  mlir::LogicalResult importTupleConstruct(const json::Object &node);
  mlir::LogicalResult importTupleUnpack(const json::Object &node);
  mlir::LogicalResult importTupleIndex(const json::Object &node);
  mlir::LogicalResult importTupleSlice(const json::Object &node);
  mlir::LogicalResult importListConstruct(const json::Object &node);
  mlir::LogicalResult importListUnpack(const json::Object &node);
  mlir::LogicalResult importDictConstruct(const json::Object &node);
  mlir::LogicalResult importGetAttr(const json::Object &node);
  mlir::LogicalResult importSetAttr(const json::Object &node);
  mlir::LogicalResult importCreateObject(const json::Object &node);
  mlir::LogicalResult importCallMethod(const json::Object &node);
  mlir::LogicalResult importCallFunction(const json::Object &node);
  mlir::LogicalResult importFork(const json::Object &node);
  mlir::LogicalResult importEnter(const json::Object &node);
  mlir::LogicalResult importExit(const json::Object &node);
  mlir::LogicalResult importRaise(const json::Object &node);
  mlir::LogicalResult importPrint(const json::Object &node);
  mlir::LogicalResult importIsInstance(const json::Object &node);
  mlir::LogicalResult importUncheckedCast(const json::Object &node);
  mlir::LogicalResult importUninitialized(const json::Object &node);
  mlir::LogicalResult importProfile(const json::Object &node);

  const json::Object &document;
  mlir::MLIRContext *context;
  mlir::OpBuilder builder;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  /// Where ops are built; follows the node that is being imported.
  mlir::Location loc;
  mlir::Location fileLoc;
  /// The name of the function that is being imported, without the names around it.
  mlir::StringAttr functionName;
  /// Of each file the lines that locations name.
  std::map<std::string, std::map<int64_t, std::string>> sourceLines;
  bool failed = false;

  aten::AtenDialect *aten;
  llvm::StringSet<> symbols;
  std::vector<Class> classes;
  llvm::StringMap<size_t> classIndices;
  std::vector<Function> functions;
  std::vector<Schema> schemas;
  llvm::StringMap<Schema> syntheticSchemas;
  int64_t generators = 0; // places in the program that have one
  llvm::StringMap<mlir::Type> types;
  /// The values of the function that is being imported, by number; null for None of an operator without result.
  std::vector<mlir::Value> values;
  /// While the image is imported: objects, containers and tensors by index.
  std::vector<mlir::Value> objectValues;
  llvm::DenseMap<int64_t, mlir::Value> containerValues, tensorValues;
  bool inImage = false;
};

} // namespace wick::importer

#endif // WICK_LIB_IMPORT_IMPORTER_H
