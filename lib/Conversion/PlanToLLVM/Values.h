//===- Values.h - TorchScript values in generated code -----------*- C++ -*-===//
//
// What has one kind is what that kind needs: a number itself, everything else a pointer
// to a counted object of the runtime. Where the kind differs from value to value - optional,
// union, any, number - it is a struct of tag and payload. In memory every value is a
// `wick_value` of 16 bytes, whose tag is stored as 64 bits, the reserved half zero. A
// complex number, which does not fit, is a struct of two doubles in registers and a
// counted object in memory.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_CONVERSION_PLANTOLLVM_VALUES_H
#define WICK_LIB_CONVERSION_PLANTOLLVM_VALUES_H

#include "PlanToLLVM.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include <cstddef>

namespace wick::lowering {

/// Whether values of a type, once converted, are structs of tag and payload.
inline bool isTagged(mlir::Type converted) {
  auto pair = llvm::dyn_cast<mlir::LLVM::LLVMStructType>(converted);
  return pair && pair.getBody().front().isInteger(64);
}
/// Whether they are complex numbers.
inline bool isComplex(mlir::Type converted) {
  return llvm::isa<mlir::LLVM::LLVMStructType>(converted) && !isTagged(converted);
}

/// Writes a value of a `ts` type as the wick_value at `base + offset`; a complex number as the object that
/// `boxComplex` made of it.
void storeValue(mlir::OpBuilder &b, mlir::Location loc, mlir::Type type, mlir::Value value, mlir::Value base,
                int64_t offset = 0);
/// Reads it; `converted` is the type that `type` has in LLVM.
mlir::Value loadValue(mlir::OpBuilder &b, mlir::Location loc, mlir::Type converted, mlir::Value base,
                      int64_t offset = 0);

mlir::Value makeI64(mlir::OpBuilder &b, mlir::Location loc, int64_t value);

/// What one kind is made of, as the payload of a wick_value, and back.
mlir::Value toPayload(mlir::OpBuilder &b, mlir::Location loc, mlir::Value value);
mlir::Value fromPayload(mlir::OpBuilder &b, mlir::Location loc, mlir::Value payload, mlir::Type converted);

/// Makes an object of a complex number; other values stay what they are.
mlir::Value boxComplex(mlir::ConversionPatternRewriter &rewriter, mlir::Operation *op, ModuleTables &tables,
                       mlir::Value value);

/// An operand of a call: its type before conversion and its value after.
struct RuntimeOperand {
  mlir::Type type;
  mlir::Value value;
};

/// Calls a function of the runtime; the address of the result and, in `status`, whether it failed.
mlir::Value callFunction(mlir::ConversionPatternRewriter &rewriter, mlir::Operation *op, ModuleTables &tables,
                         wick_function function, llvm::ArrayRef<RuntimeOperand> operands, mlir::Value &status);
/// The same; ends the call of the entry when it failed.
mlir::Value invoke(mlir::ConversionPatternRewriter &rewriter, mlir::Operation *op, ModuleTables &tables,
                   wick_function function, llvm::ArrayRef<RuntimeOperand> operands);

/// A pattern that needs the tables of the module and a function that is converted already.
template <typename Op> struct TablePattern : mlir::ConvertOpToLLVMPattern<Op> {
  TablePattern(const mlir::LLVMTypeConverter &converter, ModuleTables &tables)
      : mlir::ConvertOpToLLVMPattern<Op>(converter), tables(tables) {}

  ModuleTables &tables;
};

/// Goes on where `condition` holds; else runs `otherwise`, which gives the status to return.
void returnUnless(mlir::ConversionPatternRewriter &rewriter, mlir::Location loc, mlir::Value condition,
                  llvm::function_ref<mlir::Value()> otherwise);

/// ListsToLLVM.cpp: access to lists without a call.
void populateListPatterns(const mlir::LLVMTypeConverter &converter, ModuleTables &tables,
                          mlir::RewritePatternSet &patterns);
/// ObjectsToLLVM.cpp: objects and their slots.
void populateObjectPatterns(const mlir::LLVMTypeConverter &converter, ModuleTables &tables,
                            mlir::RewritePatternSet &patterns);
/// ViewsToLLVM.cpp: the elements of tensors that may be views.
void populateViewPatterns(const mlir::LLVMTypeConverter &converter, ModuleTables &tables,
                          mlir::RewritePatternSet &patterns);
/// ValuesToLLVM.cpp: everything else.
void populateValuePatterns(const mlir::LLVMTypeConverter &converter, ModuleTables &tables,
                           mlir::RewritePatternSet &patterns);

} // namespace wick::lowering

#endif // WICK_LIB_CONVERSION_PLANTOLLVM_VALUES_H
