//===- PlanToLLVM.h - shared by the lowerings from plan to LLVM
//------------===//
//
// Host functions become entries `int32_t f(ctx, args, results)`, kernels and
// work functions `void f(ctx, pointers and scalars…, dims…)`: see
// docs/Architecture.md. The context is argument 0 of every function, which is
// how code that needs the runtime finds it. Everything of the runtime is
// reached through tables of include/wick/Runtime/ABI.h, whose offsets are taken
// from the header itself.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_CONVERSION_PLANTOLLVM_PLANTOLLVM_H
#define WICK_LIB_CONVERSION_PLANTOLLVM_PLANTOLLVM_H

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Transforms/DialectConversion.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Runtime/ABI.h"

namespace wick::lowering {

/// What the code of a module refers to by number; kept in the attributes
/// `plan.weights` and `plan.sources` of the module. Classes are numbered in the order of their
/// definitions, as in the manifest.
class ModuleTables {
public:
  /// Starts with what the module's attributes hold already.
  explicit ModuleTables(mlir::ModuleOp module);
  /// The number of the weight that `ref` shows: equal views of equal bytes have
  /// one.
  int64_t getWeight(plan::WeightRefOp ref);
  /// The number of a place in the user's Python and the calls that lead there, -1 when it is unknown.
  int32_t getSource(mlir::Location loc);
  /// The number of a string, or of the value of a `ts.literal`, among the module's constants.
  int64_t getLiteral(mlir::Attribute value);
  llvm::SmallVector<mlir::Attribute> getLiterals() const;
  /// The number of a class, -1 when it has none: its place among those of the module.
  int64_t getClass(mlir::FlatSymbolRefAttr symbol) const;
  void store(mlir::ModuleOp module) const;

private:
  llvm::MapVector<mlir::Attribute, int64_t> weights, sources, literals, classes;
  /// The text of lines, by file and number.
  llvm::DenseMap<std::pair<mlir::Attribute, int64_t>, mlir::StringAttr> lines;
};

/// The context of the call in which `op` runs.
mlir::Value getContext(mlir::Operation *op);

/// The address `offset` bytes into the struct at `base`.
mlir::Value getAddress(mlir::OpBuilder &b, mlir::Location loc, mlir::Value base, int64_t offset);

/// Loads the field of type `type` that is `offset` bytes into the struct at
/// `base`.
mlir::Value loadField(mlir::OpBuilder &b, mlir::Location loc, mlir::Value base, int64_t offset, mlir::Type type);
void storeField(mlir::OpBuilder &b, mlir::Location loc, mlir::Value base, int64_t offset, mlir::Value value);

/// Calls the function at `offset` of `wick_runtime_api`, with the context as
/// its first argument.
mlir::Value callRuntime(mlir::OpBuilder &b, mlir::Operation *at, int64_t offset, mlir::Type result,
                        mlir::ValueRange arguments, bool passContext = true);

/// A stack slot of `bytes` in the entry block of the function around `op`.
mlir::Value allocateSlot(mlir::ConversionPatternRewriter &rewriter, mlir::Operation *op, int64_t bytes);

/// Ends the function around `rewriter`'s insertion point with `status` when
/// `pointer` is null; goes on in a new block otherwise. Kernels just return.
void returnIfNull(mlir::ConversionPatternRewriter &rewriter, mlir::Location loc, mlir::Value pointer, int32_t status);

//===----------------------------------------------------------------------===//
// Physical arguments of kernels and work functions
//===----------------------------------------------------------------------===//

/// Pointers and scalars in order, then the dynamic part of each memref.
llvm::SmallVector<mlir::Type> getPhysicalTypes(const mlir::LLVMTypeConverter &converter, mlir::TypeRange logical);
llvm::SmallVector<mlir::Value> toPhysical(mlir::OpBuilder &b, mlir::Location loc,
                                          const mlir::LLVMTypeConverter &converter, mlir::TypeRange logical,
                                          mlir::ValueRange values);
llvm::SmallVector<mlir::Value> fromPhysical(mlir::OpBuilder &b, mlir::Location loc,
                                            const mlir::LLVMTypeConverter &converter, mlir::TypeRange logical,
                                            mlir::ValueRange physical);

/// A descriptor of identity layout over `data` with these dynamic dims.
mlir::Value makeDescriptor(mlir::OpBuilder &b, mlir::Location loc, const mlir::LLVMTypeConverter &converter,
                           mlir::MemRefType type, mlir::Value data, mlir::ValueRange dynamicDims);

//===----------------------------------------------------------------------===//
// Patterns, by file
//===----------------------------------------------------------------------===//

/// Makes `!ts.tensor` and the other types of host code convertible.
void populateHostTypeConversions(mlir::LLVMTypeConverter &converter);
/// FunctionToLLVM.cpp: functions and their returns.
void populateFunctionPatterns(const mlir::LLVMTypeConverter &converter, ModuleTables &tables,
                              mlir::RewritePatternSet &patterns);
/// HostToLLVM.cpp: tensors, weights, memory and errors of host functions.
void populateHostPatterns(const mlir::LLVMTypeConverter &converter, ModuleTables &tables,
                          mlir::RewritePatternSet &patterns);
/// KernelToLLVM.cpp: launches, parallel loops and the memory of kernels.
void populateKernelPatterns(const mlir::LLVMTypeConverter &converter, mlir::RewritePatternSet &patterns);
/// MathToRuntime.cpp: mathematical functions by the runtime's table.
void populateMathPatterns(const mlir::LLVMTypeConverter &converter, mlir::RewritePatternSet &patterns);

} // namespace wick::lowering

#endif // WICK_LIB_CONVERSION_PLANTOLLVM_PLANTOLLVM_H
