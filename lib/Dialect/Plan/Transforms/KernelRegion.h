//===- KernelRegion.h - ops of a block that become one kernel ---------------===//
//
// A region is a set of ops of one block that can be replaced by one launch: no path
// leaves the set and returns to it. Constants, empty tensors, fills and the unpacking
// of weights are never members; each kernel gets copies of those it needs. Reshapes
// may be members; elsewhere they are views and stay in the host function.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_DIALECT_PLAN_TRANSFORMS_KERNELREGION_H
#define WICK_LIB_DIALECT_PLAN_TRANSFORMS_KERNELREGION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/SetVector.h"

namespace wick::plan {

/// Whether the op computes tensors that a kernel has to compute.
bool isKernelOp(mlir::Operation *op);
/// Whether the op is a reshape or cast: a view of its first operand.
bool isReshape(mlir::Operation *op);
/// Whether each kernel that reads the op's result gets a copy of the op.
bool isCopiedIntoKernels(mlir::Operation *op);

/// What is known of a tensor's size in the host function: the value that holds it, or null.
mlir::Value knownSize(mlir::Value tensor, unsigned dim);
/// The size of a tensor as a constant or a value, which is computed where `b` stands; does not read tensors that
/// `members` define. Null where that is not possible.
mlir::OpFoldResult materializeSize(mlir::OpBuilder &b, mlir::Value tensor, unsigned dim,
                                   llvm::function_ref<bool(mlir::Operation *)> member);

class KernelRegion {
public:
  explicit KernelRegion(mlir::Operation *op) { members.insert(op); }

  bool contains(mlir::Operation *op) const { return members.contains(op); }
  llvm::ArrayRef<mlir::Operation *> ops() const { return members.getArrayRef(); }
  KernelRegion with(llvm::ArrayRef<mlir::Operation *> more) const;

  /// Members in the order of the block.
  llvm::SmallVector<mlir::Operation *> sorted() const;
  /// Values defined by members and used elsewhere.
  llvm::SmallVector<mlir::Value> outputs() const;
  /// Values of the block used by members (inside of their bodies too) and not defined by any, in order of use.
  llvm::SmallVector<mlir::Value> externals() const;

  /// Whether one launch can stand for all members, and whether what lies between them can be moved out of the way.
  bool isFormable() const;
  /// The region as a kernel function without a parent; fills `inputs` with the host's values for its arguments.
  mlir::OwningOpRef<mlir::func::FuncOp> outline(llvm::SmallVectorImpl<mlir::Value> &inputs) const;
  /// Replaces the members by a launch of `kernel`.
  void replaceByLaunch(llvm::StringRef kernel, mlir::ValueRange inputs);

private:
  llvm::SmallVector<mlir::Operation *> opsToMove(bool &possible) const;
  llvm::SetVector<mlir::Operation *> members;
};

} // namespace wick::plan

#endif // WICK_LIB_DIALECT_PLAN_TRANSFORMS_KERNELREGION_H
