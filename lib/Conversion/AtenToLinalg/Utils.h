//===- Utils.h - what the lowerings of tensor operators share
//--------------===//
//
// Inside a conversion pattern the op has its original types: builtin tensors
// whose element type is the dtype (`i1` is bool, `ui8` is unsigned) and whose
// encoding
// `#ts.dims` says how sizes relate to symbols. Values that the adaptor gives
// have the converted types. An element has three forms:
//
//   dtype    i1  ui8  i8…i64  f16 bf16  f32 f64  complex   what the program says
//   storage  i8  i8   i8…i64  f16 bf16  f32 f64  complex   in the tensors of linalg
//   compute  i1  i8   i8…i64  f32 f32   f32 f64  complex   in the bodies of ops
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_CONVERSION_ATENTOLINALG_UTILS_H
#define WICK_LIB_CONVERSION_ATENTOLINALG_UTILS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Builders.h"

namespace wick {

/// Fails to lower an operator. The pass reports the reason if no other pattern takes it.
llvm::LogicalResult refuse(mlir::Operation *op, const llvm::Twine &reason);

//===----------------------------------------------------------------------===//
// Types and sizes
//===----------------------------------------------------------------------===//

mlir::Type getStorageType(mlir::Type dtype);
mlir::Type getComputeType(mlir::Type dtype);
/// The tensor type after conversion.
mlir::RankedTensorType getStorageTensor(mlir::RankedTensorType original);
/// The original type of a tensor operand or result.
mlir::RankedTensorType getOriginalType(mlir::Value value);

/// A size as an index: an attribute when constant, else arithmetic on
/// `ts.symbol`.
mlir::OpFoldResult materializeSize(mlir::OpBuilder &builder, mlir::Location loc, mlir::AffineExpr size);
mlir::Value materializeSizeValue(mlir::OpBuilder &builder, mlir::Location loc, mlir::AffineExpr size);
/// The expressions of the dims of a type; null where nothing is known.
llvm::SmallVector<mlir::AffineExpr> getDimExprs(mlir::RankedTensorType original);
/// The sizes of a tensor: from its type where that knows them, else measured on
/// `value`, which has that shape.
llvm::SmallVector<mlir::OpFoldResult> getMixedSizes(mlir::OpBuilder &builder, mlir::Location loc,
                                                    mlir::RankedTensorType original, mlir::Value value = {});
/// `tensor.empty` of the converted type.
mlir::Value createEmpty(mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType original,
                        mlir::Value sameShape = {});
/// Storage type of `type`, with every element `value`, of the storage element
/// type.
mlir::Value createFill(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, mlir::RankedTensorType original,
                       mlir::Value sameShape = {});

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

/// The value of a constant in compute form.
mlir::Value createConstant(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type dtype, double value);
/// The contrary of an i1.
mlir::Value createNot(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value flag);
mlir::Value createIntConstant(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type dtype, int64_t value);
/// Between the storage and the compute form of one dtype.
mlir::Value fromStorage(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, mlir::Type dtype);
mlir::Value toStorage(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, mlir::Type dtype);
/// From the compute form of one dtype to that of another, as `Tensor.to`
/// converts: floats are cut towards zero, integers wrap, everything but zero is
/// true, and of a complex number the real part is left.
mlir::Value convertScalar(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, mlir::Type from,
                          mlir::Type to);
/// A number operand (int, float, bool or complex, seen through upcasts) in the compute
/// form of `dtype`.
llvm::FailureOr<mlir::Value> convertNumber(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value number,
                                           mlir::Type dtype);

/// Arithmetic on the compute form of one dtype.
class ScalarBuilder {
public:
  ScalarBuilder(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type dtype)
      : builder(builder), loc(loc), dtype(dtype) {}

  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::Type dtype;

  bool isFloat() const { return llvm::isa<mlir::FloatType>(dtype); }
  bool isComplex() const { return llvm::isa<mlir::ComplexType>(dtype); }
  bool isBool() const { return dtype.isInteger(1); }
  bool isUnsigned() const { return dtype.isUnsignedInteger() || isBool(); }

  /// The parts of a complex number, and a number of parts.
  mlir::Value real(mlir::Value a);
  mlir::Value imag(mlir::Value a);
  mlir::Value complex(mlir::Value real, mlir::Value imag);
  /// The conjugate; a real number itself.
  mlir::Value conj(mlir::Value a);
  mlir::Value constant(double value) { return createConstant(builder, loc, dtype, value); }
  /// Sum and product of bools are "or" and "and".
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  /// Integers: towards zero.
  mlir::Value div(mlir::Value a, mlir::Value b);
  mlir::Value floorDiv(mlir::Value a, mlir::Value b);
  mlir::Value neg(mlir::Value a);
  mlir::Value abs(mlir::Value a);
  // Complex numbers have no order.
  /// NaN if either is NaN.
  mlir::Value max(mlir::Value a, mlir::Value b);
  mlir::Value min(mlir::Value a, mlir::Value b);
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b);
  // Comparisons give i1; with NaN all but `ne` are false.
  mlir::Value eq(mlir::Value a, mlir::Value b);
  mlir::Value ne(mlir::Value a, mlir::Value b);
  mlir::Value lt(mlir::Value a, mlir::Value b);
  mlir::Value le(mlir::Value a, mlir::Value b);
  mlir::Value gt(mlir::Value a, mlir::Value b) { return lt(b, a); }
  mlir::Value ge(mlir::Value a, mlir::Value b) { return le(b, a); }
  mlir::Value isNan(mlir::Value a);
  /// An op of the math or arith dialect with the type of its operands.
  template <typename Op, typename... Values> mlir::Value apply(Values... values) {
    return Op::create(builder, loc, values...);
  }

private:
  mlir::Value compare(mlir::arith::CmpFPredicate onFloats, mlir::arith::CmpIPredicate onSigned,
                      mlir::arith::CmpIPredicate onUnsigned, mlir::Value a, mlir::Value b);
};

//===----------------------------------------------------------------------===//
// Structured ops
//===----------------------------------------------------------------------===//

/// Computes a body for every element of a result over operands that broadcast
/// to it. `operands` are converted tensors, `originals` their types before
/// conversion. The body takes and returns elements in storage form. No
/// `tensor.broadcast` is made: a dim of size 1 is read at 0.
using ElementBody = llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;
mlir::Value createElementwise(mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType result,
                              mlir::ValueRange operands, llvm::ArrayRef<mlir::RankedTensorType> originals,
                              ElementBody body);
/// How an operand that broadcasts is read at the position (d0, d1, …) of a tensor.
mlir::AffineMap getBroadcastMap(mlir::RankedTensorType operand, mlir::RankedTensorType result);
/// The same tensor in another dtype, converted element by element.
mlir::Value convertElements(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                            mlir::RankedTensorType original, mlir::RankedTensorType result);

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_UTILS_H
