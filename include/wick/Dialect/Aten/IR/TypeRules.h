//===- TypeRules.h - dtype promotion and broadcasting
//----------------------===//
//
// PyTorch's rules for the dtype and shape of an element-wise result. Operands
// stand at three levels: tensors with dims, tensors without dims, and numbers.
// An operand decides the dtype only if its category (bool < int < float <
// complex) is above that of every operand at a higher level. Inference and
// lowering both use these functions, so that code computes in the dtype that
// types promise.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_TYPERULES_H
#define WICK_DIALECT_ATEN_IR_TYPERULES_H

#include "wick/Dialect/Aten/IR/Facts.h"

#include "mlir/IR/ValueRange.h"

namespace wick::aten {

/// How the dtype of a result follows from the promoted dtype of the operands.
enum class DtypeRule {
  Promoted,    ///< It is that dtype.
  NumbersOnly, ///< The same, but bool is an error.
  AtLeastInt,  ///< bool becomes int64.
  Float,       ///< bool and integers become the default dtype.
  FloatOnly,   ///< The same dtype, but bool and integers are errors.
  IntOnly,     ///< The same dtype, but floats are errors.
  Magnitude,   ///< The same dtype, of a complex one that of its parts.
  Complex,     ///< The complex dtype whose parts have that dtype; bool, integers and complex ones are errors.
  Bool,        ///< bool.
  OfFirst,     ///< The dtype of the first operand, without promotion.
  NotFirst,    ///< Promoted over all operands but the first.
};

/// The dtype of tensors made of numbers where nothing says otherwise.
mlir::Type getDefaultDtype(mlir::MLIRContext *context);
/// The dtype of a number operand (i64, f64, i1) seen through upcasts; null when
/// the program decides at run time.
mlir::Type getNumberType(mlir::Value number);
/// The dtype that `torch.tensor` gives a number: the default dtype for floats and the parts of complex numbers.
mlir::Type getNumberDtype(mlir::Value number);
/// The dtype to which operands (tensors, numbers, None) promote; null when that
/// is not known.
mlir::Type promoteOperands(Facts &facts, mlir::ValueRange operands);
/// Applies a rule to operands. Fails, with an error at `op`, when they are of a
/// dtype that the operator does not take.
llvm::FailureOr<mlir::Type> inferDtype(mlir::Operation *op, Facts &facts, mlir::ValueRange operands, DtypeRule rule);
/// Type inference of an element-wise operator.
llvm::LogicalResult inferPointwise(mlir::Operation *op, Facts &facts, mlir::ValueRange elements, DtypeRule rule,
                                   llvm::SmallVectorImpl<mlir::Type> &types);

} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_IR_TYPERULES_H
