//===- Writer.h - writes a model.wick artifact -----------------------------===//
//
// Collects the parts of an artifact, by reference as far as possible, and writes them
// in one pass: see Format.h for the layout. The file appears under its name only when
// it is complete.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_ARTIFACT_WRITER_H
#define WICK_ARTIFACT_WRITER_H

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <deque>
#include <string>
#include <vector>

namespace wick::artifact {

class Writer {
public:
  explicit Writer(std::string name) : name(std::move(name)) {}

  /// Code of one instruction set; the most demanding first.
  void addCode(std::string isa, llvm::ArrayRef<std::string> features, std::string bytes);
  /// The next weight: its bytes, little-endian and C-contiguous, must outlive the writer.
  void addWeight(llvm::StringRef name, mlir::RankedTensorType type, llvm::StringRef bytes);
  /// Keeps bytes alive for the life of the writer.
  llvm::StringRef keep(std::string bytes);
  /// A method in the form of `plan.signature`; entries are numbered in this order.
  void addMethod(mlir::DictionaryAttr signature);
  /// The next class, in the form of its `plan.signature`.
  void addClass(mlir::DictionaryAttr description);
  /// The entry that makes the objects of a session, numbered among the methods; its `plan.signature`.
  void addState(mlir::DictionaryAttr signature);
  /// The entry that is `__exit__` of a class that was added, numbered among the methods.
  void addExit(llvm::StringRef cls);
  /// The operators that LibTorch runs.
  void setFallback(std::vector<std::string> operators) { fallback = std::move(operators); }
  /// What `plan.sources` holds: locations as [file, line, column, text].
  void setSources(mlir::ArrayAttr sources);

  /// The whole artifact in memory.
  std::string writeToMemory();
  /// Writes to a temporary file beside `path` and renames it.
  llvm::Error writeToFile(llvm::StringRef path);

private:
  struct Entry {
    std::string name;
    llvm::StringRef bytes;
    uint32_t crc;
  };

  llvm::Error write(llvm::raw_ostream &os);

  std::string name;
  std::deque<std::string> kept;
  std::vector<Entry> entries;
  llvm::json::Array code, weights, methods, classes;
  std::optional<llvm::json::Object> state;
  std::vector<std::string> fallback;
  int64_t entryCount = 0;
  std::string sources = "[]";
};

/// The name of an element type in a manifest ("f32", "bool"); empty when there is none.
llvm::StringRef getDtypeName(mlir::Type type);

} // namespace wick::artifact

#endif // WICK_ARTIFACT_WRITER_H
