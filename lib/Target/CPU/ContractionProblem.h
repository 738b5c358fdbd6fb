//===- ContractionProblem.h - what contractions and convolutions share ------===//
//
// A contraction multiplies elements of two operands and sums over the dims that
// the result lacks; a convolution is one whose input is read at sums of dims. Both
// become the same problem:
//
//   result[g..., m, n] = init[g..., m, n] + sum over k... of lhs[...] * rhs[...]
//
// with g the dims of both operands (outer loops), m all dims of the lhs alone and n
// all dims of the rhs alone, each flattened into one. n runs along vector lanes,
// so it ends in the innermost dim of the result; the operands are exchanged where
// that takes it. Everything is written as affine expressions over the tile dims
// d0.. = g..., m, n (see VectorEmitter.h).
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_TARGET_CPU_CONTRACTIONPROBLEM_H
#define WICK_LIB_TARGET_CPU_CONTRACTIONPROBLEM_H

#include "FusedKernel.h"
#include "wick/Target/CPU/Strategy.h"

namespace wick::cpu {

struct ContractionOperand {
  mlir::Value buffer;
  /// Flat index of the element at k = 0, over the tile dims. For the rhs the part that depends on n is apart.
  mlir::AffineExpr base;
  /// Steps of the flat index along each k dim.
  llvm::SmallVector<mlir::AffineExpr> kSteps;
};

struct ContractionProblem {
  mlir::linalg::LinalgOp root;
  mlir::Type element;
  /// Sizes of the outer dims, and of m and n.
  llvm::SmallVector<mlir::AffineExpr> outer;
  mlir::AffineExpr m, n;
  llvm::SmallVector<mlir::AffineExpr> k;
  ContractionOperand lhs, rhs;
  /// rhs panels: flat distance of two panels of `panelWidth` values of n, when they are contiguous in memory; the
  /// last one may be padded with zeros. Zero where the rhs must be packed: then `rhsN` is its index along n.
  mlir::AffineExpr panelStep;
  int64_t panelWidth = 0;
  bool padded = false;
  mlir::AffineExpr rhsN;
  /// Position of a tile's element in the root's result.
  llvm::SmallVector<mlir::AffineExpr> position;
  /// Null where sums start at zero.
  mlir::Value init;

  unsigned mDim() const { return outer.size(); }
  unsigned nDim() const { return outer.size() + 1; }
  /// Product of constant sizes, with `unknown` for each that is not.
  static int64_t product(llvm::ArrayRef<mlir::AffineExpr> sizes, int64_t unknown);
};

/// The only contraction or convolution of a kernel, or null.
mlir::linalg::LinalgOp findContractionRoot(mlir::func::FuncOp kernel, std::string &reason);

/// Analyses `root`; says in `reason` what is not of the form above.
llvm::FailureOr<ContractionProblem> analyzeContraction(FusedKernel &kernel, mlir::linalg::LinalgOp root,
                                                       std::string &reason);

/// Writes the loops of a problem whose consumers are fused. Cannot fail.
void emitContraction(FusedKernel &kernel, ContractionProblem &problem);

} // namespace wick::cpu

#endif // WICK_LIB_TARGET_CPU_CONTRACTIONPROBLEM_H
