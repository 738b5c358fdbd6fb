//===- Shapes.h - tensors on the way through a lowering ---------------------===//
//
// Reshapes, transposes, pads, maps and folds of the tensors of linalg, for lowerings
// that take several steps. A `ShapedValue` keeps what the type of its value does not
// say: the dtype, and the sizes as expressions over symbols.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_CONVERSION_ATENTOLINALG_SHAPES_H
#define WICK_LIB_CONVERSION_ATENTOLINALG_SHAPES_H

#include "Utils.h"

#include "wick/Dialect/Aten/IR/ShapeRules.h"

namespace wick {

struct ShapedValue {
  /// A tensor of the storage type of `dtype`, static in the dims that are constants.
  mlir::Value value;
  mlir::Type dtype;
  /// Null where a size is not known.
  llvm::SmallVector<mlir::AffineExpr> dims;

  ShapedValue() = default;
  ShapedValue(mlir::Value value, mlir::Type dtype, llvm::ArrayRef<mlir::AffineExpr> dims)
      : value(value), dtype(dtype), dims(dims) {}
  /// What `original` was converted to.
  ShapedValue(mlir::Value original, mlir::Value converted);

  explicit operator bool() const { return bool(value); }
  int64_t rank() const { return dims.size(); }
  std::optional<int64_t> size(int64_t dim) const { return aten::getConstant(dims[dim]); }
};

/// Builds steps of a lowering at one place.
class ShapeBuilder {
public:
  ShapeBuilder(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}

  mlir::OpBuilder &builder;
  mlir::Location loc;

  mlir::AffineExpr expr(int64_t value) { return mlir::getAffineConstantExpr(value, builder.getContext()); }
  mlir::AffineExpr dim(unsigned i) { return mlir::getAffineDimExpr(i, builder.getContext()); }
  mlir::Value index(int64_t value);
  mlir::Value asIndex(mlir::OpFoldResult size);

  //===--- Sizes ---===//

  /// The size of a dim, by its expression or else measured.
  mlir::OpFoldResult sizeOf(const ShapedValue &tensor, int64_t dim);
  llvm::SmallVector<mlir::OpFoldResult> sizesOf(const ShapedValue &tensor);
  /// Sizes by expression, and by `known` where that is null.
  llvm::SmallVector<mlir::OpFoldResult> sizesOf(llvm::ArrayRef<mlir::AffineExpr> dims,
                                                llvm::ArrayRef<mlir::OpFoldResult> known);

  //===--- The same elements ---===//

  /// In order in another shape.
  ShapedValue reshape(const ShapedValue &source, llvm::ArrayRef<mlir::AffineExpr> dims,
                      llvm::ArrayRef<mlir::OpFoldResult> sizes = {});
  /// Dim i of the result is dim `permutation[i]` of the source. To move dims of size one is to reshape.
  ShapedValue transpose(const ShapedValue &source, llvm::ArrayRef<int64_t> permutation);
  /// With borders of constant width, of a value of the dtype.
  ShapedValue pad(const ShapedValue &source, llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high, double fill);
  /// With borders of an element in storage form. A size has an expression where its widths are constants.
  ShapedValue pad(const ShapedValue &source, llvm::ArrayRef<mlir::OpFoldResult> low,
                  llvm::ArrayRef<mlir::OpFoldResult> high, mlir::Value fill);
  /// The part from `offsets` on, with the given steps.
  ShapedValue slice(const ShapedValue &source, llvm::ArrayRef<mlir::OpFoldResult> offsets,
                    llvm::ArrayRef<mlir::AffineExpr> dims, llvm::ArrayRef<mlir::OpFoldResult> sizes,
                    llvm::ArrayRef<mlir::OpFoldResult> steps);
  ShapedValue convert(const ShapedValue &source, mlir::Type dtype);
  /// The tensor with sizes that are known to be equal to its own.
  ShapedValue cast(const ShapedValue &source, llvm::ArrayRef<mlir::AffineExpr> dims);

  //===--- New elements ---===//

  mlir::Value empty(mlir::Type dtype, llvm::ArrayRef<mlir::OpFoldResult> sizes);
  mlir::Value filled(mlir::Type dtype, llvm::ArrayRef<mlir::OpFoldResult> sizes, double value);

  /// A map over operands that broadcast to `dims`. The body takes and gives compute forms.
  using MapBody = llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::ValueRange)>;
  ShapedValue map(mlir::Type dtype, llvm::ArrayRef<mlir::AffineExpr> dims, llvm::ArrayRef<ShapedValue> operands,
                  MapBody body);
  /// A map whose operands are read through indexing maps over the dims of the result.
  ShapedValue map(mlir::Type dtype, llvm::ArrayRef<mlir::AffineExpr> dims, llvm::ArrayRef<mlir::OpFoldResult> sizes,
                  llvm::ArrayRef<ShapedValue> operands, llvm::ArrayRef<mlir::AffineMap> maps, MapBody body);
  /// A result whose elements are those of the source at positions that a function computes from those in the result.
  ShapedValue
  gather(const ShapedValue &source, llvm::ArrayRef<mlir::AffineExpr> dims, llvm::ArrayRef<mlir::OpFoldResult> sizes,
         llvm::function_ref<llvm::SmallVector<mlir::Value>(ScalarBuilder &, llvm::SmallVector<mlir::Value>)> place);
  /// A fold over `reduced` dims, which the result lacks. Works in, and gives, the compute form of `dtype`; elements are
  /// converted to it first.
  using FoldBody = llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::ValueRange elements, mlir::Value folded)>;
  ShapedValue fold(mlir::Type dtype, const ShapedValue &source, llvm::ArrayRef<int64_t> reduced, double init,
                   FoldBody body);
  /// A fold over the first operand that reads the others through maps over its dims.
  ShapedValue fold(mlir::Type dtype, llvm::ArrayRef<ShapedValue> operands, llvm::ArrayRef<mlir::AffineMap> maps,
                   llvm::ArrayRef<int64_t> reduced, double init, FoldBody body);
  ShapedValue sum(mlir::Type dtype, const ShapedValue &source, llvm::ArrayRef<int64_t> reduced);
};

/// The dtype in which sums over elements of a dtype are formed: f32 for small floats.
mlir::Type getAccumulatorDtype(mlir::Type dtype);
/// The value of a lowering's result, in exactly the type to which `original` converts.
mlir::Value toResult(ShapeBuilder &shapes, const ShapedValue &value, mlir::Value original);

} // namespace wick

#endif // WICK_LIB_CONVERSION_ATENTOLINALG_SHAPES_H
