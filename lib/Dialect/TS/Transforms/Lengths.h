//===- Lengths.h - how many ints there are in lists -------------*- C++ -*-===//
//
// The rank of a tensor may be the length of a list that only run time knows: the sizes of a batch are the largest of
// the sizes of its images. The length of such a list is known where all that it may be, under any name, was made with
// one length and nothing changes it: lists that flow into one another, or that one list, dict, tuple or attribute
// holds, are one class. What callers give is not followed. What attributes hold others may write, too: code that
// relies on its length checks it.
//
//   %sizes = ts.sizes %image : !ts.tensor<[3, ?, ?], f32>           3
//   %all = ts.list_construct %sizes                                 lists of 3
//   %most = ts.operator "aten::__getitem__.t"(%all, %c0)            3
//   %batch = ts.operator "aten::add.t"(%count, %most)               1 + 3
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_DIALECT_TS_TRANSFORMS_LENGTHS_H
#define WICK_LIB_DIALECT_TS_TRANSFORMS_LENGTHS_H

#include "OperatorRules.h"

#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"

namespace wick::ts {

/// The classes of the lists of ints that may be the same, of one round.
class LengthClasses {
public:
  /// How long the lists of a class are, if always the same, and whether others may write what holds them; those that
  /// are stored may be empty until the program stores others.
  struct Length {
    int64_t value;
    bool isStored;
    bool operator==(const Length &other) const = default;
  };

  void collect(mlir::func::FuncOp func, llvm::function_ref<AttrOp(mlir::Value, llvm::StringRef)> lookup);
  /// Finds the lengths of lists that are made of others.
  void settleDerived();
  int getClass(mlir::Value value);
  std::optional<Length> get(int number);

private:
  struct Class {
    std::optional<int64_t> length; // of what has been seen and is not empty
    bool mayBeEmpty = false, varies = false, isStored = false;
  };
  /// A new list of the elements of others, or of a slice of them.
  struct Derived {
    int result;
    llvm::SmallVector<int, 2> parts;
    std::optional<ListSlice> slice;
  };

  int newClass();
  int find(int number);
  void merge(int a, int b);
  void unify(mlir::Value a, mlir::Value b);
  void add(int number, int64_t length);
  void vary(mlir::Value value);
  void store(AttrOp attribute, mlir::Value value);
  void collect(mlir::Operation *op);
  void collectOperator(OperatorOp op);
  void collectRegions(mlir::Operation *op);

  llvm::SmallVector<Class> classes;
  llvm::SmallVector<int> parents;
  llvm::DenseMap<mlir::Value, int> values; // of the present function
  llvm::DenseMap<mlir::Operation *, int> attributes;
  std::vector<Derived> derived;
};

/// Found in rounds, with the types that each of them infers, as `Contents`.
class Lengths {
public:
  using Length = LengthClasses::Length;

  /// Numbers the results that are lists of ints.
  void addSites(mlir::func::FuncOp func);
  static void removeSites(mlir::func::FuncOp func);
  /// Whether lists of ints are held, or written, by what only this follows.
  bool isNeeded() const { return needed; }

  /// Collects the lists of a function whose types have been inferred. `lookup` finds the attributes of classes.
  void collect(mlir::func::FuncOp func, llvm::function_ref<AttrOp(mlir::Value, llvm::StringRef)> lookup);
  /// Ends a round; whether anything is new.
  bool update();
  /// The length of a list of ints, where it is always the same.
  std::optional<Length> get(mlir::Value list) const;

private:
  int64_t numSites = 0;
  bool needed = false;
  /// Of each site the length; none where it varies.
  llvm::DenseMap<int64_t, std::optional<Length>> known;
  llvm::DenseSet<int64_t> settled; // which vary for good

  // Of the present round.
  LengthClasses classes;
  llvm::MapVector<int64_t, llvm::SmallVector<int>> found; // the classes of a site
};

} // namespace wick::ts

#endif // WICK_LIB_DIALECT_TS_TRANSFORMS_LENGTHS_H
