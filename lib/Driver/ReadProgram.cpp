//===- ReadProgram.cpp - archives and MLIR files -------------------------------===//
#include "wick/Driver/Compile.h"
#include "wick/Import/Import.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace wick;

OwningOpRef<ModuleOp> wick::readProgram(StringRef path, MLIRContext &context, Phase &phase) {
  auto file = llvm::MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file) {
    emitError(UnknownLoc::get(&context)) << "cannot read '" << path << "': " << file.getError().message();
    return nullptr;
  }
  // An archive is a zip; MLIR bytecode and text are not.
  if ((*file)->getBuffer().starts_with("PK")) {
    phase = Phase::Import;
    return importArchive(path, context);
  }
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy((*file)->getBuffer(), path), llvm::SMLoc());
  return parseSourceFile<ModuleOp>(sources, &context);
}
