//===- ObjectImage.h - what the slots of the archive's objects hold --------===//
//
// An index over a `ts.image`. Objects are named by the first path of attributes that
// leads to them from the root, so that references to one object are one string
// whichever way the program took.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_DIALECT_TS_TRANSFORMS_OBJECTIMAGE_H
#define WICK_LIB_DIALECT_TS_TRANSFORMS_OBJECTIMAGE_H

#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SetVector.h"

namespace wick::ts {

class ObjectImage {
public:
  explicit ObjectImage(ImageOp image);

  /// The image of a module, or null.
  static ImageOp find(mlir::ModuleOp module);

  mlir::Value getRoot() const { return root; }
  /// What a slot of an object of the image holds, or null.
  mlir::Value lookupSlot(mlir::Value object, mlir::StringAttr name) const;
  /// The path of attributes that leads to a value with identity; "" is the root's.
  /// What only containers hold has none.
  bool hasPath(mlir::Value value) const { return paths.contains(value); }
  llvm::StringRef getPath(mlir::Value value) const { return paths.find(value)->second; }
  /// The image's value for a reference in a function, through casts; null when it
  /// does not come from the image.
  mlir::Value resolve(mlir::Value reference) const;
  /// Makes a value of the image available in a function: references to objects, and
  /// copies of everything that has no identity or whose identity nothing observes.
  /// Null when no path leads to an object that is needed.
  mlir::Value materialize(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value) const;
  /// A reference by path to a value with identity, or null.
  mlir::Value reference(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value) const;

private:
  void assignPaths(mlir::Value value, std::string path);

  ImageOp image;
  mlir::Value root;
  llvm::DenseMap<std::pair<mlir::Value, mlir::StringAttr>, mlir::Value> slots;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<mlir::StringAttr>> slotNames;
  llvm::DenseMap<mlir::Value, std::string> paths;
  llvm::StringMap<mlir::Value> valuesByPath;
};

/// Slots whose tensors have elements that are written, of any class where that is not known.
class SlotsWrittenInPlace {
public:
  /// The name of the class, empty where it is not known, and that of the attribute.
  using Slot = std::pair<mlir::StringAttr, mlir::StringAttr>;
  static Slot getSlot(mlir::Value object, mlir::StringAttr name);

  SlotsWrittenInPlace() = default;
  /// Those of functions that were dropped, as `WrittenSlots` has left them.
  explicit SlotsWrittenInPlace(mlir::ModuleOp module);
  /// Adds the slot that a tensor was read from, perhaps out of a container that it holds.
  void addSource(mlir::Value tensor);
  void add(const Slot &slot) { slots.insert(slot); }
  /// Adds the slots whose tensors may be the same memory as those of others here; see SlotAliases.cpp.
  void addAliases(mlir::ModuleOp module);
  /// Leaves them in the module.
  void store(mlir::ModuleOp module) const;
  /// Whether a tensor was read from such a slot.
  bool containsSource(mlir::Value tensor) const;
  bool contains(mlir::Value object, mlir::StringAttr name) const;
  llvm::ArrayRef<Slot> getSlots() const { return slots.getArrayRef(); }

private:
  llvm::SetVector<Slot> slots;
};

/// Attributes that some function writes, by the class that the written object has
/// statically.
class WrittenSlots {
public:
  /// Collects the writes of all functions of the module, and adds what was stored before. With `inPlace` also those to
  /// the elements of tensors that functions read from slots; whether norms are in training is not known then.
  explicit WrittenSlots(mlir::ModuleOp module, bool inPlace = false);
  /// Adds what the entries of a module write, in which calls are inlined and branches decided.
  void addInlined(mlir::ModuleOp module) { collect(module, /*inPlace=*/true, /*byNorms=*/true); }
  void add(mlir::StringAttr cls, mlir::StringAttr name) { slots.insert({cls, name}); }
  /// Leaves what was found in the module, for when functions are dropped that others will be compiled from.
  void store(mlir::ModuleOp module) const;

  bool contains(mlir::Type objectType, mlir::StringAttr name) const;
  /// Whether functions do more with the container that a slot holds than read it, by names of their own.
  bool sharesContainer(mlir::Type objectType, mlir::StringAttr name) const;
  /// Whether a container of this type, or one that it holds, may be changed that no function makes itself.
  bool containsContainer(mlir::Type type) const {
    return type
        .walk([&](mlir::Type part) {
          return containers.contains(part) ? mlir::WalkResult::interrupt() : mlir::WalkResult::advance();
        })
        .wasInterrupted();
  }

private:
  void collect(mlir::ModuleOp module, bool inPlace, bool byNorms);
  void addSlot(mlir::StringAttr cls, mlir::StringAttr name);

  llvm::DenseSet<std::pair<mlir::StringAttr, mlir::StringAttr>> slots;
  llvm::DenseSet<mlir::StringAttr> anyClass;
  llvm::DenseSet<mlir::Type> containers;
  llvm::DenseSet<std::pair<mlir::StringAttr, mlir::StringAttr>> shared;
  SlotsWrittenInPlace writtenInPlace;
};

/// Whether a tensor operator may return its first operand itself, as `to` does when there is nothing to change.
bool mayGiveBackOperand(mlir::Operation *op);
/// Whether code may write to the elements of a tensor, through views and other names of it.
bool mayBeWritten(mlir::Value tensor, bool byNorms = true);
/// Whether code does more with a container, or one that it holds, than read it: it may be changed under any name.
bool isShared(mlir::Value container);
/// Whether a normalisation updates its running statistics, which its schema does not say.
bool updatesStatistics(mlir::Operation *op);

/// `value` as a value of `type`: itself, or through `ts.refine` or `ts.upcast`.
mlir::Value castTo(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, mlir::Type type);
/// The value before casts that change only its static type.
mlir::Value lookThroughCasts(mlir::Value value);

} // namespace wick::ts

#endif // WICK_LIB_DIALECT_TS_TRANSFORMS_OBJECTIMAGE_H
