//===- Lengths.h - how many ints there are in lists -------------*- C++ -*-===//
//
// The rank of a tensor may be the length of a list that only run time knows: the sizes of a batch are the largest of
// the sizes of its images. The length of such a list is known where all that it may be, under any name, was made with
// one length and nothing changes it: lists that flow into one another, or stand in one list of lists, are one class.
// What attributes, tuples, dicts and callers hold is not followed.
//
//   %sizes = ts.sizes %image : !ts.tensor<[3, ?, ?], f32>           3
//   %all = ts.list_construct %sizes                                 lists of 3
//   %most = ts.operator "aten::__getitem__.t"(%all, %c0)            3
//   %batch = ts.operator "aten::add.t"(%count, %most)               1 + 3
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_DIALECT_TS_TRANSFORMS_LENGTHS_H
#define WICK_LIB_DIALECT_TS_TRANSFORMS_LENGTHS_H

#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace wick::ts {

/// Found in rounds, with the types that each of them infers, as `Contents`.
class Lengths {
public:
  /// Numbers the operations that give lists of ints.
  void addSites(mlir::func::FuncOp func);
  static void removeSites(mlir::func::FuncOp func);
  /// Whether there are lists of lists, whose lengths only this tells.
  bool isNeeded() const { return needed; }

  /// Finds the lengths in a function whose types have been inferred.
  void collect(mlir::func::FuncOp func);
  /// Ends a round; whether anything is new.
  bool update();
  /// The length of a list of ints, where it is always the same.
  std::optional<int64_t> get(mlir::Value list) const;

private:
  static constexpr int64_t kVarying = -1;

  int64_t numSites = 0;
  bool needed = false;
  /// Of each site the length, or kVarying.
  llvm::DenseMap<int64_t, int64_t> known, found;
  llvm::DenseSet<int64_t> settled; // which vary for good
};

} // namespace wick::ts

#endif // WICK_LIB_DIALECT_TS_TRANSFORMS_LENGTHS_H
