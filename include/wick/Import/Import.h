//===- Import.h - archives and descriptions of them to IR ------------------===//
//
// `importArchive` is the front door of the compiler: it checks an archive with
// wick/Archive, has it described by the reader (`wick-read`, a child process with
// limits on memory and time, see Description.h) and builds the module that the
// `import` phase promises. Nothing of the archive's bytes is copied: weights are
// `plan.weight` symbols that refer to ranges of files.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_IMPORT_IMPORT_H
#define WICK_IMPORT_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <string>

namespace wick {

struct ImportOptions {
  /// The reader's executable; empty looks for `wick-read` in $WICK_READ, beside this
  /// program and in the path.
  std::string reader;
  /// Where tensors go that are computed while the archive loads and so are not bytes of it. Written only when there
  /// are such tensors. Empty names a temporary file that lives as long as this process.
  std::string sidecar;
  /// Address space the reader may take beyond the size of the archive, in MiB; 0 is no limit.
  uint64_t readerMemoryMiB = 32768;
  /// Processor time the reader may take, in seconds; 0 is no limit.
  unsigned readerSeconds = 600;
  /// Whether the archive is checked before LibTorch sees it.
  bool check = true;
};

/// Adds the dialects that imported modules use.
void registerImportDialects(mlir::DialectRegistry &registry);

/// Imports a TorchScript archive. Emits an error and returns null on failure.
mlir::OwningOpRef<mlir::ModuleOp> importArchive(llvm::StringRef path, mlir::MLIRContext &context,
                                                const ImportOptions &options = {});

/// Imports TorchScript functions from Python source files, without an archive. Each becomes a private function of
/// its own name.
mlir::OwningOpRef<mlir::ModuleOp> importFunctions(llvm::ArrayRef<std::string> paths, mlir::MLIRContext &context,
                                                  const ImportOptions &options = {});

/// Builds the module that a description (JSON text) describes. `name` stands in errors.
mlir::OwningOpRef<mlir::ModuleOp> importDescription(llvm::StringRef json, llvm::StringRef name,
                                                    mlir::MLIRContext &context);

/// The nodes of TorchScript's graphs that become operations of their own instead of `ts.operator`, in order of name.
llvm::SmallVector<llvm::StringRef> getImportedForms();

} // namespace wick

#endif // WICK_IMPORT_IMPORT_H
