//===- Diagnostics.h - how errors are printed ------------------------------===//
//
// As MLIR prints them, with the line of the user's source where there is one. Errors
// that are about a whole file, or about none, are one line without a position.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TOOLS_WICK_DIAGNOSTICS_H
#define WICK_TOOLS_WICK_DIAGNOSTICS_H

#include "wick/Dialect/TS/Transforms/Passes.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

namespace wick::driver {

class Diagnostics {
public:
  explicit Diagnostics(mlir::MLIRContext *context)
      : positioned(sources, context, llvm::errs()), plain(context, [this](mlir::Diagnostic &diagnostic) {
          isAboutInputs |= llvm::any_of(diagnostic.getMetadata(), [](mlir::DiagnosticArgument &argument) {
            return argument.getKind() == mlir::DiagnosticArgument::DiagnosticArgumentKind::String &&
                   argument.getAsString() == ts::kInputMismatch;
          });
          return print(diagnostic);
        }) {}

  /// Whether an error said that inputs do not fit the methods.
  bool areInputsWrong() const { return isAboutInputs; }

private:
  /// Fails, and so leaves the diagnostic to MLIR, when it has a position or notes.
  static llvm::LogicalResult print(mlir::Diagnostic &diagnostic) {
    auto file = diagnostic.getLocation()->findInstanceOf<mlir::FileLineColLoc>();
    bool isError = diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
    if (!isError || (file && file.getLine()) || !diagnostic.getNotes().empty())
      return llvm::failure();
    if (file)
      llvm::errs() << file.getFilename().getValue() << ": ";
    llvm::errs() << "error: " << diagnostic << "\n";
    return llvm::success();
  }

  bool isAboutInputs = false;
  llvm::SourceMgr sources;
  mlir::SourceMgrDiagnosticHandler positioned;
  mlir::ScopedDiagnosticHandler plain; // asked first
};

} // namespace wick::driver

#endif // WICK_TOOLS_WICK_DIAGNOSTICS_H
