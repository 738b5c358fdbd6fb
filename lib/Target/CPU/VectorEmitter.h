//===- VectorEmitter.h - index algebra and vector code of CPU kernels -------===//
//
// A thin layer over OpBuilder for strategies that write loops and vectors
// directly. Index arithmetic folds as it is built and constants stand once at the
// top of the function, so that what is emitted needs no cleaning up. Addresses
// are affine expressions over the dims of a tile and over symbols (sizes that are
// known only when the kernel runs), so that delinearising a flattened dim and
// linearising it again cancels before any code exists.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_TARGET_CPU_VECTOREMITTER_H
#define WICK_LIB_TARGET_CPU_VECTOREMITTER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Builders.h"
#include "wick/Target/CPU/TargetInfo.h"

namespace wick::cpu {

/// Where a vector of a tile stands: one value per tile dim, that of `laneDim`
/// being the index of lane 0, a multiple of `width`. Lanes at or past `limit` do
/// not exist when `mask` is set.
struct TilePoint {
  llvm::SmallVector<mlir::Value> dims;
  unsigned laneDim = 0;
  int64_t width = 1;
  mlir::Value mask;
  mlir::Value limit;
};

/// A tensor as strided elements of a flat buffer: element i stands at
/// offset + sum(i[d] * strides[d]).
struct View {
  mlir::Value buffer;
  llvm::SmallVector<mlir::AffineExpr> strides;
  mlir::AffineExpr offset;
};

/// How an index varies over the lanes of a vector.
enum class LaneForm { Uniform, Contiguous, Scattered };

class VectorEmitter {
public:
  VectorEmitter(mlir::func::FuncOp func, const TargetInfo &target);

  const TargetInfo &target;
  mlir::OpBuilder builder;
  mlir::Location loc;

  // Index arithmetic. Operands are non-negative.
  mlir::Value constant(int64_t value);
  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value add(mlir::Value lhs, int64_t rhs) { return add(lhs, constant(rhs)); }
  mlir::Value sub(mlir::Value lhs, mlir::Value rhs);
  mlir::Value mul(mlir::Value lhs, mlir::Value rhs);
  mlir::Value mul(mlir::Value lhs, int64_t rhs) { return mul(lhs, constant(rhs)); }
  mlir::Value floorDiv(mlir::Value lhs, mlir::Value rhs);
  mlir::Value ceilDiv(mlir::Value lhs, mlir::Value rhs);
  mlir::Value mod(mlir::Value lhs, mlir::Value rhs);
  mlir::Value min(mlir::Value lhs, mlir::Value rhs);
  mlir::Value max(mlir::Value lhs, mlir::Value rhs);

  // Affine expressions.
  mlir::AffineExpr expr(int64_t value) { return mlir::getAffineConstantExpr(value, builder.getContext()); }
  mlir::AffineExpr dim(unsigned position) { return mlir::getAffineDimExpr(position, builder.getContext()); }
  /// The expression for an index value of the function's prologue.
  mlir::AffineExpr symbol(mlir::Value value);
  mlir::AffineExpr simplify(mlir::AffineExpr e);
  mlir::Value emit(mlir::AffineExpr e, llvm::ArrayRef<mlir::Value> dims);
  /// How `e` varies over `width` lanes along `laneDim`.
  LaneForm laneForm(mlir::AffineExpr e, unsigned laneDim, int64_t width);

  /// Runs `body` with the builder in the part of the function that precedes all loops.
  void inPrologue(llvm::function_ref<void()> body);

  // Loops. A loop of one iteration is its body; of none, nothing.
  void forLoop(mlir::Value lower, mlir::Value upper, int64_t step, llvm::function_ref<void(mlir::Value)> body);
  using CarriedBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)>;
  llvm::SmallVector<mlir::Value> forLoop(mlir::Value lower, mlir::Value upper, int64_t step, mlir::ValueRange inits,
                                         CarriedBody body);
  /// Work items 0..count-1: a top-level scf.parallel, or nothing but the body where count is one.
  void workItems(mlir::Value count, llvm::function_ref<void(mlir::Value)> body);

  // Vectors.
  mlir::VectorType vectorType(mlir::Type element, int64_t width);
  mlir::Value zero(mlir::Type type);
  mlir::Value splat(mlir::Value scalar, int64_t width);
  /// The columns of a square of vectors, as many as a vector has lanes (a power of two).
  llvm::SmallVector<mlir::Value> transpose(llvm::ArrayRef<mlir::Value> rows);
  mlir::Value multiplyAdd(mlir::Value a, mlir::Value b, mlir::Value c);
  /// Reads `view` at the element whose flat index is `flat` (over the point's dims).
  mlir::Value load(const View &view, mlir::AffineExpr flat, const TilePoint &at);
  void store(mlir::Value vector, const View &view, mlir::AffineExpr flat, const TilePoint &at);
  mlir::Value loadScalar(mlir::Value buffer, mlir::Value flat);
  mlir::Value loadVector(mlir::Value buffer, mlir::Value flat, int64_t width, mlir::Value mask = {});
  /// The mask of `width` lanes of which the first limit - base exist.
  mlir::Value laneMask(mlir::Value limit, mlir::Value base, int64_t width);

private:
  mlir::Value laneIndex(mlir::AffineExpr flat, const TilePoint &at, int64_t lane);
  mlir::func::FuncOp func;
  mlir::Operation *prologueEnd = nullptr;
  llvm::DenseMap<int64_t, mlir::Value> constants;
  llvm::DenseMap<mlir::Value, unsigned> symbolOf;
  llvm::SmallVector<mlir::Value> symbols;
};

} // namespace wick::cpu

#endif // WICK_LIB_TARGET_CPU_VECTOREMITTER_H
