//===- Pointwise.h - lowering of operators on elements
//---------------------===//
#ifndef WICK_LIB_CONVERSION_ATENTOLINALG_POINTWISE_H
#define WICK_LIB_CONVERSION_ATENTOLINALG_POINTWISE_H

#include "Utils.h"
#include "wick/Dialect/Aten/IR/TypeRules.h"

#include "mlir/Transforms/DialectConversion.h"

namespace wick {

/// Computes an element of the result, in compute form, from elements of the
/// operands in the compute form of the builder's dtype. An operand that is None
/// is null.
using PointwiseBody = llvm::function_ref<mlir::Value(ScalarBuilder &, llvm::ArrayRef<mlir::Value>)>;

/// The kinds of numbers that a body computes with.
enum class Numbers { Real, AlsoComplex };

/// Replaces `op` by one map over elements. `elements` are the operands, tensors
/// or numbers, before and `converted` after conversion; all are converted to
/// `dtype`, in which the body computes.
llvm::LogicalResult lowerPointwise(mlir::Operation *op, mlir::ValueRange elements, mlir::ValueRange converted,
                                   mlir::Type dtype, mlir::ConversionPatternRewriter &rewriter, PointwiseBody body,
                                   Numbers numbers = Numbers::Real);

/// The dtype in which a test or comparison of operands is computed.
mlir::Type getComparedDtype(mlir::ValueRange elements);

/// An operator all of whose operands are elements, computed in the dtype of its
/// result or, for a test (`isTest`), in that of its operands.
template <typename Op> struct PointwiseLowering : public mlir::OpConversionPattern<Op> {
  using Body = mlir::Value (*)(ScalarBuilder &, llvm::ArrayRef<mlir::Value>);

  PointwiseLowering(const mlir::TypeConverter &converter, mlir::MLIRContext *context, Body body, bool isTest,
                    Numbers numbers)
      : mlir::OpConversionPattern<Op>(converter, context), body(body), isTest(isTest), numbers(numbers) {}

  llvm::LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                      mlir::ConversionPatternRewriter &rewriter) const override {
    mlir::Type dtype =
        isTest ? getComparedDtype(op->getOperands()) : getOriginalType(op->getResult(0)).getElementType();
    return lowerPointwise(op, op->getOperands(), adaptor.getOperands(), dtype, rewriter, body, numbers);
  }

private:
  Body body;
  bool isTest;
  Numbers numbers;
};

/// Registers one operator: `add<aten::AbsOp>(body)`.
class PointwisePatterns {
public:
  PointwisePatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns)
      : converter(converter), patterns(patterns) {}

  template <typename Op> void add(typename PointwiseLowering<Op>::Body body, Numbers numbers = Numbers::Real) {
    patterns.add<PointwiseLowering<Op>>(converter, patterns.getContext(), body,
                                        /*isTest=*/false, numbers);
  }
  template <typename Op> void addTest(typename PointwiseLowering<Op>::Body body, Numbers numbers = Numbers::Real) {
    patterns.add<PointwiseLowering<Op>>(converter, patterns.getContext(), body,
                                        /*isTest=*/true, numbers);
  }

private:
  const mlir::TypeConverter &converter;
  mlir::RewritePatternSet &patterns;
};

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_POINTWISE_H
