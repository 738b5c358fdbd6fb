//===- Describe.h - an archive as LibTorch loads it, as a description ------===//
//
// Walks everything reachable from a loaded module (its object graph, classes,
// functions and the schemas of the operators they use) and writes it down as the
// document of wick/Import/Description.h. Every type, function and object is
// described once and referred to by its index; what is found on the way waits in
// queues until `finish`.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TOOLS_WICK_READ_DESCRIBE_H
#define WICK_TOOLS_WICK_READ_DESCRIBE_H

#include "Torch.h"

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace wick::reader {

using Json = nlohmann::ordered_json;

/// A range of bytes of a file.
struct ByteRange {
  std::string file;
  uint64_t offset = 0, bytes = 0;
};

/// Finds the bytes of a storage in a file, or writes them to one.
class StorageFinder {
public:
  virtual ~StorageFinder() = default;
  virtual ByteRange find(const c10::StorageImpl &storage) = 0;
};

class Describer {
public:
  explicit Describer(StorageFinder &storages) : storageFinder(storages) {}

  /// Describes a loaded module and all it reaches.
  Json describeModule(const torch::jit::Module &module, const std::string &archive);
  /// Describes functions that belong to no module.
  Json describeFunctions(const std::vector<torch::jit::Function *> &functions, const std::string &name);

private:
  // Describe.cpp
  Json finish(Json root, const std::string &archive);
  size_t functionIndex(torch::jit::Function *function);
  Json describeFunction(torch::jit::Function &function);
  Json describeSignature(const c10::FunctionSchema &schema);
  using Names = std::unordered_map<const torch::jit::Value *, size_t>;
  Json describeBlock(const torch::jit::Block &block, Names &names);
  Json describeNode(torch::jit::Node &node, Names &names);
  Json describeNodeAttributes(torch::jit::Node &node, Names &names);
  Json describeDefinition(const torch::jit::Value &value, Names &names);
  Json describeLocation(const torch::jit::Node &node);
  size_t schemaIndex(const c10::FunctionSchema &schema);

  // DescribeTypes.cpp
  /// The annotation of a type; classes in it are queued.
  std::string typeName(const c10::TypePtr &type);
  void findClasses(const c10::TypePtr &type);
  size_t classIndex(const c10::NamedTypePtr &type);
  Json describeClass(const c10::NamedType &type);
  void describeClassBody(const c10::ClassType &type, Json &result);

  // DescribeValues.cpp
  Json describeValue(const c10::IValue &value);
  Json describeContainer(const void *identity, const char *kind, const c10::TypePtr &type, Json elements);
  Json describeTensorValue(const at::Tensor &tensor);
  size_t objectIndex(const c10::intrusive_ptr<c10::ivalue::Object> &object);
  Json describeObject(const c10::ivalue::Object &object);
  /// Pickles an object of a class implemented in C++; false when it cannot be saved.
  bool pickle(const c10::intrusive_ptr<c10::ivalue::Object> &object);
  size_t tensorIndex(const at::Tensor &tensor);

  StorageFinder &storageFinder;
  Json storages = Json::array(), tensors = Json::array();
  std::unordered_map<const void *, size_t> storageIndices, tensorIndices, objectIndices, containerIds, functionIndices;
  size_t containerCount = 0;
  std::map<std::string, size_t> classIndices, schemaIndices;
  std::vector<c10::NamedTypePtr> classTypes;
  c10::TypePtr rootClass;
  std::vector<torch::jit::Function *> functionPointers;
  std::vector<c10::intrusive_ptr<c10::ivalue::Object>> objectPointers;
  /// The bytes of objects of classes implemented in C++, undefined for those that cannot be saved.
  std::unordered_map<const void *, at::Tensor> pickled;
  /// Keeps what is known by address alive, so that no address is used twice.
  std::vector<c10::IValue> kept;
  Json schemas = Json::array();
};

/// Whether a class is implemented in C++ (`torch::class_`).
bool isCustomClass(const c10::ClassType &type);

/// A TorchScript string: itself when it is valid UTF-8, else {"b64": …}.
Json describeBytes(const std::string &bytes);
/// A float that JSON can hold: a number, or "inf", "-inf", "nan".
Json describeFloat(double value);

} // namespace wick::reader

#endif // WICK_TOOLS_WICK_READ_DESCRIBE_H
