//===- CodeGen.h - from LLVM dialect to a freestanding shared object
//-------===//
//
// The module at the end of the native phase is cut into parts, one for the host
// and several of kernels with about equal work; the parts are optimised and
// compiled in parallel, each in an LLVM context of its own, and linked by lld
// within the process. The result imports nothing: `memcpy`, `memmove` and
// `memset`, which LLVM calls at will, are among the parts. Instrumented code is the
// one exception (see Sanitizer); it is for finding bugs of ours.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TARGET_NATIVE_CODEGEN_H
#define WICK_TARGET_NATIVE_CODEGEN_H

#include "mlir/IR/BuiltinOps.h"
#include "wick/Target/CPU/TargetInfo.h"

#include <optional>
#include <string>

namespace mlir {
class DialectRegistry;
}

namespace wick::native {

/// What generated code is instrumented for. Such code imports the sanitizer's functions, which a runtime that is built
/// with the same sanitizer finds in its process, and it requires that runtime's feature of the name below.
enum class Sanitizer { None, Address, Thread };

/// "address", "thread", or "" for none.
std::optional<Sanitizer> symbolizeSanitizer(llvm::StringRef name);
/// "address-sanitizer", "thread-sanitizer", or "" for none: among the features that code requires.
llvm::StringRef getRequiredFeature(Sanitizer sanitizer);

struct CodeGenOptions {
  /// Directory that receives the LLVM IR, the assembly and the objects of every
  /// part; none when empty.
  std::string dumpDirectory;
  /// 0 to 3, as LLVM's.
  unsigned optimizationLevel = 3;
  Sanitizer sanitizer = Sanitizer::None;
};

/// Registers the translations to LLVM IR that `compile` needs.
void registerTranslations(mlir::DialectRegistry &registry);

/// Compiles `module`, which is in LLVM dialect, into the bytes of an ELF shared
/// object. Errors are emitted at the module.
llvm::FailureOr<std::string> compile(mlir::ModuleOp module, const cpu::TargetInfo &target,
                                     const CodeGenOptions &options);

} // namespace wick::native

#endif // WICK_TARGET_NATIVE_CODEGEN_H
