//===- ExpandMath.h - functions as arithmetic on whole vectors --------------===//
//
// What has no instruction is computed by a polynomial, on f32 and f64, scalars and vectors alike: a call of libm for
// each element takes ten times as long. A function is written once for both precisions, as a C++ function from `Real`
// to `Real`; where numbers differ between them it gives both. Errors are of one or two units in the last place, and
// results for infinities, NaN, denormal numbers and where a function is not defined are those of IEEE 754.
//
// Nothing relies on products being fused: constants that multiples are subtracted of come in parts that are short
// enough for exact products. Selections compare such that a NaN is kept. The polynomials come from
// tools/scripts/polynomials.py.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_CONVERSION_PLANTOLLVM_EXPANDMATH_H
#define WICK_LIB_CONVERSION_PLANTOLLVM_EXPANDMATH_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"

namespace wick::lowering {

/// Marks an operation that stays for the runtime's table.
inline constexpr llvm::StringLiteral kLibraryAttr = "plan.library";

/// Where arithmetic is written, and on which type.
struct FloatCode {
  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::Type type;

  bool isDouble() const { return mlir::getElementTypeOrSelf(type).isF64(); }
  /// Bits after the point.
  int64_t fractionBits() const { return isDouble() ? 52 : 23; }
  int64_t exponentBias() const { return isDouble() ? 1023 : 127; }
  /// `element`, or vectors of it.
  mlir::Type withElement(mlir::Type element) const;
  /// The type of the bits.
  mlir::Type bitsType() const;
  mlir::Value bits(uint64_t value) const;
};

/// A float being computed, or a vector of them.
struct Real {
  const FloatCode *code;
  mlir::Value value;
};

/// A condition on floats.
struct Test {
  const FloatCode *code;
  mlir::Value value;
};

template <typename Op, typename... Operands> Real apply(Real x, Operands... operands) {
  return {x.code, Op::create(x.code->builder, x.code->loc, x.value, operands.value...).getResult()};
}

/// A constant like `x`; the second form has one for each precision.
Real constant(Real x, double value);
Real constant(Real x, double f32, double f64);

inline Real operator+(Real x, Real y) { return apply<mlir::arith::AddFOp>(x, y); }
inline Real operator-(Real x, Real y) { return apply<mlir::arith::SubFOp>(x, y); }
inline Real operator*(Real x, Real y) { return apply<mlir::arith::MulFOp>(x, y); }
inline Real operator/(Real x, Real y) { return apply<mlir::arith::DivFOp>(x, y); }
inline Real operator-(Real x) { return apply<mlir::arith::NegFOp>(x); }
inline Real operator+(Real x, double y) { return x + constant(x, y); }
inline Real operator-(Real x, double y) { return x - constant(x, y); }
inline Real operator-(double x, Real y) { return constant(y, x) - y; }
inline Real operator*(Real x, double y) { return x * constant(x, y); }
inline Real operator/(double x, Real y) { return constant(y, x) / y; }
/// x * y + z, rounded once where the target can.
inline Real fma(Real x, Real y, Real z) { return apply<mlir::math::FmaOp>(x, y, z); }
inline Real abs(Real x) { return apply<mlir::math::AbsFOp>(x); }
inline Real trunc(Real x) { return apply<mlir::math::TruncOp>(x); }
inline Real sqrt(Real x) { return apply<mlir::math::SqrtOp>(x); }
inline Real copySign(Real x, Real sign) { return apply<mlir::math::CopySignOp>(x, sign); }

/// False where one is NaN.
Test operator<(Real x, Real y);
Test operator>(Real x, Real y);
Test operator==(Real x, Real y);
inline Test operator<(Real x, double y) { return x < constant(x, y); }
inline Test operator>(Real x, double y) { return x > constant(x, y); }
inline Test operator==(Real x, double y) { return x == constant(x, y); }
Test operator&(Test x, Test y);
Test operator!(Test x);
Real select(Test test, Real yes, Real no);
inline Real select(Test test, double yes, Real no) { return select(test, constant(no, yes), no); }
inline Real select(Test test, Real yes, double no) { return select(test, yes, constant(yes, no)); }

/// A polynomial in `x`, the lowest coefficient first.
Real polynomial(Real x, llvm::ArrayRef<double> f32, llvm::ArrayRef<double> f64);

/// Operations on the bits of floats.
mlir::Value toBits(Real x);
Real fromBits(const FloatCode &code, mlir::Value bits);

/// The number of which a sum with a small number has that rounded to an integer in its lowest bits.
Real shifter(Real x);

/// `fast` where `fits` holds for all elements, and `op`'s function of the runtime for all of them where it does not.
Real orLibrary(mlir::Operation *op, Test fits, llvm::function_ref<Real()> fast);

/// What other functions are made of: e^(x + low) / 2^halvings for a small `low`, e^x - 1, 2^x and logarithms.
Real exponential(Real x, std::optional<Real> low = {}, int64_t halvings = 0);
Real exponentialLessOne(Real x);
Real binaryExponential(Real x);
Real binaryLogarithm(Real x);
Real logarithmOfOnePlus(Real x);

/// A function of the operands of `op`.
using Function = llvm::function_ref<Real(mlir::Operation *op, llvm::ArrayRef<Real> x)>;

/// Which floats a function is written for: `Single` includes those of 16 bits, which are computed in f32.
enum class Precision { Single, Double, Both };

/// Writes `function` in place of `op`.
llvm::LogicalResult expand(mlir::Operation *op, mlir::PatternRewriter &rewriter, Precision precision,
                           Function function);

template <typename Op> struct ExpandPattern : mlir::OpRewritePattern<Op> {
  using Written = Real (*)(mlir::Operation *op, llvm::ArrayRef<Real> x);
  ExpandPattern(mlir::MLIRContext *context, Written function, Precision only = Precision::Both)
      : mlir::OpRewritePattern<Op>(context, /*benefit=*/2), function(function), precision(only) {}

  llvm::LogicalResult matchAndRewrite(Op op, mlir::PatternRewriter &rewriter) const override {
    return expand(op, rewriter, precision, function);
  }

  Written function;
  Precision precision;
};

void populateExponentialPatterns(mlir::RewritePatternSet &patterns);
void populateLogarithmPatterns(mlir::RewritePatternSet &patterns);
void populateTrigonometricPatterns(mlir::RewritePatternSet &patterns);
void populateErrorFunctionPatterns(mlir::RewritePatternSet &patterns);
/// Needs products and sums that are rounded once.
void populateRemainderPatterns(mlir::RewritePatternSet &patterns);

} // namespace wick::lowering

#endif // WICK_LIB_CONVERSION_PLANTOLLVM_EXPANDMATH_H
