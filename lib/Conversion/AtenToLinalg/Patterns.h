//===- Patterns.h - lowerings of tensor operators, one function a family
//---===//
#ifndef WICK_LIB_CONVERSION_ATENTOLINALG_PATTERNS_H
#define WICK_LIB_CONVERSION_ATENTOLINALG_PATTERNS_H

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/DialectConversion.h"

namespace wick {

/// Types after the conversion: builtin tensors without `#ts.dims` whose element
/// type is the storage type of their dtype.
class AtenToLinalgTypeConverter : public mlir::TypeConverter {
public:
  AtenToLinalgTypeConverter();
};

void populateElementwisePatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateMathPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateActivationPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateReductionPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateCreationPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateViewPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateIndexingPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateRearrangementPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateContractionPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateConvolutionPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populatePoolingPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateUpsamplePatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateNormalizationPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateAttentionPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateRandomPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateSortingPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateLinearAlgebraPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateFFTPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);
/// An operator that no lowering takes.
struct RefusedOperator {
  mlir::Location loc;
  mlir::OperationName name;
};
/// What happens to operators that no other pattern takes: LibTorch runs them with `hasFallback`, and others are listed.
void populateFallbackPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns, bool hasFallback,
                              llvm::SmallVectorImpl<RefusedOperator> &refused);
/// Conversions between tensors and numbers.
void populateNumberPatterns(const mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns);

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_PATTERNS_H
