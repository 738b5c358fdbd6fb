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
  /// `except` is an op that the caller takes care of.
  static llvm::LogicalResult checkOps(mlir::func::FuncOp kernel, std::string &reason,
                                      mlir::Operation *except = nullptr);

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
  /// Writes the loops that compute a tensor, which may be a pad, into `target`.
  void emitInto(mlir::Value tensor, const View &target);
  mlir::AffineExpr foldedIndex(mlir::OpFoldResult index);
  /// A scalar of the kernel in the function being written.
  mlir::Value scalar(mlir::Value value) { return cloneScalar(value); }
  /// Records that `tensor`'s elements stand in `view`.
  void bind(mlir::Value tensor, View view) {
    bound[tensor] = std::move(view);
    cache.clear();
  }
  /// Moves all views of one buffer to another.
  void rebind(mlir::Value from, mlir::Value to) {
    for (auto &[tensor, view] : bound)
      if (view.buffer == from)
        view.buffer = to;
    cache.clear();
  }
  void unbind(mlir::Value tensor) {
    bound.erase(tensor);
    cache.clear();
  }

  /// Whether `read` can evaluate the tensor at any position.
  llvm::LogicalResult checkReadable(mlir::Value tensor, std::string &reason);
  /// The elements of a side tensor at a position over the tile dims.
  mlir::Value read(mlir::Value tensor, llvm::ArrayRef<mlir::AffineExpr> position, const TilePoint &at);
  /// The flat indices at which memory is read to evaluate the tensor at a position, and the indices that bodies use.
  llvm::LogicalResult collectAccesses(mlir::Value tensor, llvm::ArrayRef<mlir::AffineExpr> position,
                                      llvm::SmallVectorImpl<mlir::AffineExpr> &accesses, std::string &reason);
  /// The same for the inputs of an op at an index of its loops.
  llvm::LogicalResult collectBodyAccesses(mlir::linalg::LinalgOp op, llvm::ArrayRef<mlir::AffineExpr> loops,
                                          llvm::SmallVectorImpl<mlir::AffineExpr> &accesses, std::string &reason);
  /// Whether vectors can replay the op's body.
  llvm::LogicalResult checkBody(mlir::linalg::LinalgOp op, std::string &reason);
  /// Replays the op's body on vectors at an index of its loops and returns what it yields.
  llvm::SmallVector<mlir::Value> evaluateBody(mlir::linalg::LinalgOp op, llvm::ArrayRef<mlir::AffineExpr> loops,
                                              const TilePoint &at,
                                              llvm::function_ref<mlir::Value(mlir::OpOperand &)> operand);
  /// Declares a reduction whose result is one scalar per row, at `home` over the tile dims; and gives it its value.
  void declareRow(mlir::Value tensor, llvm::ArrayRef<mlir::AffineExpr> home) { rowHomes[tensor] = Position(home); }
  void setRow(mlir::Value tensor, mlir::Value scalar) {
    rowScalars[tensor] = scalar;
    cache.clear();
  }

  /// Follows the root's results, whose element is at `position`, to the kernel's results.
  llvm::LogicalResult fuseConsumers(mlir::ValueRange roots, llvm::ArrayRef<mlir::AffineExpr> position,
                                    std::string &reason);
  /// The flat indices at which fused ops and results access memory.
  llvm::LogicalResult collectConsumerAccesses(llvm::SmallVectorImpl<mlir::AffineExpr> &accesses, std::string &reason);
  /// Replaces the tile dims in the positions of all that is fused.
  void moveConsumers(llvm::ArrayRef<mlir::AffineExpr> dims);
  /// Applies the fused ops to a vector of each of the root's results and returns one vector per result of the kernel.
  llvm::SmallVector<mlir::Value> evaluate(mlir::ValueRange accumulators, const TilePoint &at);
  /// Makes views of the results' memory; `fuseConsumers` does so itself.
  void bindResults();
  const View &resultView(unsigned index) { return results[index]; }
  void storeResults(llvm::ArrayRef<mlir::Value> vectors, const TilePoint &at);
  /// Evaluates and stores a tile: all of it first where a result may overwrite an operand.
  void finish(llvm::ArrayRef<mlir::Value> accumulators, llvm::ArrayRef<TilePoint> points);

  /// Replaces the given kernel by the finished function.
  void commit();

private:
  using Position = llvm::SmallVector<mlir::AffineExpr>;
  Position sourcePosition(mlir::Operation *op, llvm::ArrayRef<mlir::AffineExpr> position);
  mlir::Value *cached(mlir::Value tensor, llvm::ArrayRef<mlir::AffineExpr> position, const TilePoint &at);
  mlir::Value compute(mlir::Value tensor, llvm::ArrayRef<mlir::AffineExpr> position, const TilePoint &at);
  mlir::AffineExpr indexExpr(mlir::Value index);
  mlir::Value cloneScalar(mlir::Value scalar);
  llvm::FailureOr<View> makeScratch(mlir::Value tensor, std::string &reason);
  llvm::FailureOr<View> computeView(mlir::Value tensor);
  llvm::FailureOr<View> viewOfCopy(mlir::linalg::LinalgOp op);
  llvm::LogicalResult fuseLinalg(mlir::linalg::LinalgOp op, std::string &reason);

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
  llvm::DenseMap<mlir::Value, Position> rowHomes;
  llvm::DenseMap<mlir::Value, mlir::Value> rowScalars;
  /// What has been read at one point, for code in one block.
  llvm::DenseMap<mlir::Value, llvm::SmallVector<std::pair<Position, mlir::Value>>> cache;
  TilePoint cachePoint;
  mlir::Block *cacheBlock = nullptr;

  llvm::SmallVector<mlir::Value> roots;
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
