//===- References.h - what references show while functionalisation walks ---===//
//
// Functionalisation walks a function in program order and keeps, for every piece of
// memory (a *base*: an argument, a fresh result, a join of several), the SSA value that
// it holds at this point. A reference is a base seen through a chain of view operators;
// its value is that chain applied to the base's present value, and a write to it is the
// chain's scatters, innermost first, back to the base. So nothing is ever stale: a view
// that is read after a write to its base is derived again.
//
// Where it is not known whether two bases are the same memory (the result of a branch
// may be either of two tensors) they are *rivals*. When one is written while the other is
// still looked at, both are *demoted*: the function is translated again with these tensors
// as references, which the runtime tells apart. What cannot be one - the result of an
// operator that may be a view or a copy - is refused.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_DIALECT_TS_TRANSFORMS_REFERENCES_H
#define WICK_LIB_DIALECT_TS_TRANSFORMS_REFERENCES_H

#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace wick::ts {

/// Whether a type is or holds one of tensors.
inline bool holdsTensor(mlir::Type type) {
  return type.walk([](TensorType) { return mlir::WalkResult::interrupt(); }).wasInterrupted();
}

/// A reference of the function being rewritten.
struct Reference {
  /// The reference that owns the memory; itself when it is a base.
  mlir::Value base;
  /// The reference that `view` looks at; null for a base.
  mlir::Value source;
  /// The view operator of the original function, null when the reference is `source`.
  mlir::Operation *view = nullptr;
};

/// A value and the version of its base that it was derived from.
struct Snapshot {
  mlir::Value value;
  int64_t version = 0;
};

/// What holds at a point of the program. Copied at branches.
struct MemoryState {
  /// The present value of each base, in the order the bases appeared; null where memory has to be read for it.
  llvm::MapVector<mlir::Value, Snapshot> bases;
  /// Values of references as of some version.
  llvm::DenseMap<mlir::Value, Snapshot> views;
  /// Containers of references that have been made where one was stored.
  llvm::DenseMap<mlir::Value, mlir::Value> stored;
  /// The version of a base that its memory holds, of those which a reference in the new function refers to.
  llvm::DenseMap<mlir::Value, int64_t> held;
};

/// Whether an operation only puts values into a container, or sees one as of another type.
inline bool isContainerOrCast(mlir::Operation *op) {
  return llvm::isa_and_nonnull<TupleConstructOp, ListConstructOp, DictConstructOp, UpcastOp, UncheckedCastOp>(op);
}

/// References and their relations; only grows.
class ReferenceTable {
public:
  void addBase(mlir::Value reference) { references[reference] = {reference, {}, nullptr}; }
  void addView(mlir::Value reference, mlir::Value source, mlir::Operation *view) {
    references[reference] = {references.lookup(source).base, source, view};
  }
  bool contains(mlir::Value reference) const { return references.contains(reference); }
  const Reference &lookup(mlir::Value reference) const { return references.find(reference)->second; }
  mlir::Value getBase(mlir::Value reference) const { return lookup(reference).base; }
  /// The reference that a value is through casts; what they started from when there is none.
  mlir::Value findReference(mlir::Value value) const;
  /// The reference before identities: what `x.to(x.dtype)` and casts return is `x`.
  mlir::Value getIdentity(mlir::Value reference) const;

  void addRivals(mlir::Value a, mlir::Value b);
  llvm::ArrayRef<mlir::Value> getRivals(mlir::Value base) const;
  unsigned getNumRivals() const { return numRivals; }
  /// Whether some reference to `base` is used by what runs after `op`.
  bool isUsedAfter(mlir::Value base, mlir::Operation *op) const;

  /// Whether the elements of a reference are surely in order in memory, so that a
  /// reshape is a view.
  bool isOrdered(mlir::Value reference) const;
  void setOrdered(mlir::Value base) { ordered.insert(base); }

private:
  llvm::MapVector<mlir::Value, Reference> references;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<mlir::Value>> rivals;
  llvm::DenseSet<mlir::Value> ordered;
  unsigned numRivals = 0;
};

} // namespace wick::ts

#endif // WICK_LIB_DIALECT_TS_TRANSFORMS_REFERENCES_H
