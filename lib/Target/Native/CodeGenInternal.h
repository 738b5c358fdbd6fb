//===- CodeGenInternal.h - shared by the files of code generation
//-----------===//
#ifndef WICK_LIB_TARGET_NATIVE_CODEGENINTERNAL_H
#define WICK_LIB_TARGET_NATIVE_CODEGENINTERNAL_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/LogicalResult.h"

#include <string>
#include <vector>

namespace wick::native {

/// LLVM IR of the functions that LLVM calls unasked: moves of memory and conversions of 16-bit floats.
llvm::StringRef getBuiltins();

/// Links object files into a shared object that exports `wick_module` and has no
/// undefined symbols unless they are allowed. On failure `error` holds what the
/// linker says.
llvm::FailureOr<std::string> link(llvm::ArrayRef<std::string> objects, bool allowImports, std::string &error);

} // namespace wick::native

#endif // WICK_LIB_TARGET_NATIVE_CODEGENINTERNAL_H
