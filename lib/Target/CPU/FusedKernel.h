//===- FusedKernel.h - a kernel around its root, tile by tile ---------------===//
//
// What strategies with a root (contraction, convolution) share: the function over
// memrefs that is being written, the tensors of the kernel as strided views of its
// arguments, the elementwise ops that follow the root, and the elementwise
// expressions that these and the root's accumulator read ("side" tensors).
//
// The strategy gives the position of a tile's element in the root's result as
// affine expressions over its own tile dims. `fuseConsumers` carries that position
// through the ops behind the root; `finish` then replays their bodies on vectors
// and stores the kernel's results. Nothing of the given kernel changes before
// `commit`.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_TARGET_CPU_FUSEDKERNEL_H
#define WICK_LIB_TARGET_CPU_FUSEDKERNEL_H

#include "VectorEmitter.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/OwningOpRef.h"

namespace wick::cpu {

class FusedKernel {
public:
  FusedKernel(mlir::func::FuncOp kernel, const TargetInfo &target);
  /// Whether the kernel holds only ops that this class knows. To be asked before anything else.
  static llvm::LogicalResult checkOps(mlir::func::FuncOp kernel, std::string &reason);

  VectorEmitter &emitter() { return *vectors; }
  mlir::func::FuncOp tensors() { return kernel; }
  /// Whether a result may share memory with an operand: then every value of a tile is read before any is stored.
  bool inPlace() const { return hasInPlace; }

  /// Size of a dim of a tensor of the kernel, as a constant or a symbol.
  mlir::AffineExpr size(mlir::Value tensor, unsigned dim);
  llvm::SmallVector<mlir::AffineExpr> sizes(mlir::Value tensor);
  /// The tensor as elements of an argument, through reshapes, slices, transposes and broadcasts.
  llvm::FailureOr<View> view(mlir::Value tensor);
  /// A row-major view of a buffer with these sizes.
  View rowMajor(mlir::Value buffer, llvm::ArrayRef<mlir::AffineExpr> sizes);
  /// A scratch buffer for `count` elements, as a flat memref at the top of the function.
  mlir::Value scratch(mlir::AffineExpr count, mlir::Type element);
  /// The tensor as a view, or else as a view of scratch memory that `emitScratch` fills.
  llvm::FailureOr<View> viewOrScratch(mlir::Value tensor, std::string &reason);
  /// Writes the loops that fill the scratch memory of `viewOrScratch`.
  void emitScratch();
  mlir::AffineExpr foldedIndex(mlir::OpFoldResult index);
  /// A scalar of the kernel in the function being written.
  mlir::Value scalar(mlir::Value value) { return cloneScalar(value); }
  /// Records that `tensor`'s elements stand in `view`.
  void bind(mlir::Value tensor, View view) { bound[tensor] = std::move(view); }

  /// Whether `read` can evaluate the tensor at any position.
  llvm::LogicalResult checkReadable(mlir::Value tensor, std::string &reason);
  /// The elements of a side tensor at a position over the tile dims.
  mlir::Value read(mlir::Value tensor, llvm::ArrayRef<mlir::AffineExpr> position, const TilePoint &at);

  /// Follows the root's result, whose element is at `position`, to the kernel's results.
  llvm::LogicalResult fuseConsumers(mlir::Value root, llvm::ArrayRef<mlir::AffineExpr> position, std::string &reason);
  /// Applies the fused ops to a vector of the root's result and returns one vector per result of the kernel.
  llvm::SmallVector<mlir::Value> evaluate(mlir::Value accumulator, const TilePoint &at);
  void storeResults(llvm::ArrayRef<mlir::Value> vectors, const TilePoint &at);
  /// Evaluates and stores a tile: all of it first where a result may overwrite an operand.
  void finish(llvm::ArrayRef<mlir::Value> accumulators, llvm::ArrayRef<TilePoint> points);

  /// Replaces the given kernel by the finished function.
  void commit();

private:
  using Position = llvm::SmallVector<mlir::AffineExpr>;
  mlir::AffineExpr indexExpr(mlir::Value index);
  mlir::Value cloneScalar(mlir::Value scalar);
  llvm::FailureOr<View> makeScratch(mlir::Value tensor, std::string &reason);
  llvm::FailureOr<View> computeView(mlir::Value tensor);
  llvm::FailureOr<View> viewOfCopy(mlir::linalg::LinalgOp op);
  llvm::LogicalResult fuseLinalg(mlir::linalg::LinalgOp op, std::string &reason);
  llvm::SmallVector<mlir::Value> evaluateBody(mlir::linalg::LinalgOp op, llvm::ArrayRef<mlir::AffineExpr> loops,
                                              const TilePoint &at,
                                              llvm::function_ref<mlir::Value(mlir::OpOperand &)> operand);

  mlir::func::FuncOp kernel;
  mlir::OwningOpRef<mlir::func::FuncOp> result;
  std::unique_ptr<VectorEmitter> vectors;
  llvm::DenseMap<mlir::Value, mlir::Value> scalars;
  llvm::DenseMap<std::pair<mlir::Value, unsigned>, mlir::Value> dimValues;
  llvm::DenseMap<mlir::Value, View> bound;
  /// The results as views of their memrefs.
  llvm::SmallVector<View> results;
  /// Tensors to write to scratch memory, with the view each had before (if any).
  llvm::SmallVector<std::pair<mlir::Value, View>> scratchTensors;
  bool hasInPlace = false;

  mlir::Value root;
  llvm::MapVector<mlir::Value, Position> fused;
  /// Fused linalg ops in order, with the position of a tile's element in their loops.
  llvm::SmallVector<std::pair<mlir::linalg::LinalgOp, Position>> fusedOps;
};

/// Whether a linalg op computes each element of its results from one element of each operand.
bool isPointwise(mlir::linalg::LinalgOp op);
/// The expressions of `map` with its dims replaced.
llvm::SmallVector<mlir::AffineExpr> applyMap(mlir::AffineMap map, llvm::ArrayRef<mlir::AffineExpr> dims);

} // namespace wick::cpu

#endif // WICK_LIB_TARGET_CPU_FUSEDKERNEL_H
