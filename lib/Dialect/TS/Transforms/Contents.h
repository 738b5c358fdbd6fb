//===- Contents.h - what is known of the tensors in containers --------------===//
//
// A list declared as one of tensors does not say which; what does is every tensor that is
// stored in it, under any name that the list has. Containers that may be the same are
// found by unification (Steensgaard): values that flow into one another, or that an
// operator takes or gives under one type, share the tensors that they hold. The result is
// kept for the operations that create containers, their *sites*, for arguments that code does more with than read,
// and for attributes of classes: from there types flow with the values.
//
//   %l = ts.list_construct : () -> !ts.list<!ts.tensor>           site 0
//   ts.operator "aten::append.t"(%l, %x), %x : !ts.tensor<[3], f32>
//   ts.operator "aten::append.t"(%l, %y), %y : !ts.tensor<[5], f32>
//                                                  site 0 holds !ts.tensor<[?], f32>
//
// Of the values of a dict each key that is constant has its own tensors, for programs use dicts as records. A read
// under such a key is a site, too: its type is that of what is stored under the key, or under keys that are not known.
// Of attributes the records are kept, for modules that share the state (kRecordsAttr, kGivenRecordsAttr).
//
// Values of any kind, as Any, do not say what they hold. What becomes one shares a class of the whole program.
//
// What is stored may itself have been read from a container. So types are found in
// rounds, from none to those that hold of everything that was seen (`update`). A read of a container in which nothing
// has been seen ends the path for the round: it would raise, and what stands behind it says nothing.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_DIALECT_TS_TRANSFORMS_CONTENTS_H
#define WICK_LIB_DIALECT_TS_TRANSFORMS_CONTENTS_H

#include "Lengths.h"

#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"

namespace wick::ts {

/// Of an attribute of a class: what others store in it, in the form of kRecordsAttr.
inline constexpr llvm::StringLiteral kGivenRecordsAttr = "ts.given_records";

class Contents {
public:
  /// Numbers the sites of a function, and sees how it uses them.
  void addSites(mlir::func::FuncOp func);
  static void removeSites(mlir::func::FuncOp func);
  /// Gives the arguments of a function, which have their own types, those of what they hold once code has stored in
  /// them.
  void setArgumentTypes(mlir::func::FuncOp func) const;
  /// Lets `op`, which takes the list that `read` reads as its first operand, be seen as that read, too: nothing may use
  /// what the read gives.
  static void standIn(mlir::Operation *op, mlir::Operation *read);
  /// Whether containers are used in a way that only run time can follow: lists that tensor operators alone take need no
  /// visit of their own.
  bool isNeeded() const { return needed || lengths.isNeeded(); }

  /// The type of the container that `op` creates.
  mlir::Type getType(mlir::Operation *op, mlir::Type type) const {
    return getType(op->getAttrOfType<mlir::IntegerAttr>(kSite), type);
  }
  /// The type of the tensor, or optional one, that `op` reads from a dict under a constant key, as far as it is known;
  /// null of other operations.
  mlir::Type getReadType(mlir::Operation *op) const;

  /// What a cast of a value of any kind gives, as far as the tensors in it are known; null of other casts.
  mlir::Type getOpenType(UncheckedCastOp op) const;

  /// Whether `op` takes a tensor out of a container, or a value of any kind, where none has been seen to be stored, or
  /// out of the optional element of one. Code after it is not reached and says nothing of what is stored, until a round
  /// shows otherwise.
  bool isEmptyRead(mlir::Operation *op) const;

  /// The length of a list of ints, where it is always the same.
  std::optional<Lengths::Length> getLength(mlir::Value list) const { return lengths.get(list); }

  /// Takes into account that objects which callers give hold this in an attribute.
  void addGiven(AttrOp attribute, mlir::Type type) { given[attribute] = type; }

  /// Collects what a function, whose types have been inferred, stores where. `lookup` finds the attributes of classes.
  void collect(mlir::func::FuncOp func, llvm::function_ref<AttrOp(mlir::Value, llvm::StringRef)> lookup);
  /// Says that the rounds did not come to an end: no read is known to find nothing.
  void abandon() {
    isAbandoned = true;
    lengths = Lengths();
  }
  /// Ends a round: takes over what has been collected and returns whether anything is new. `attributes` get the types
  /// of what they hold.
  bool update();

private:
  /// On an operation that creates a container, or an argument that is one: the number of the site.
  static constexpr llvm::StringLiteral kSite = "ts.site";

  mlir::Type getType(mlir::IntegerAttr site, mlir::Type type) const;
  static mlir::IntegerAttr getReadSite(mlir::Operation *op);

  /// A tensor that an operand or result is or holds: a class of what containers hold, or the type of a plain tensor.
  struct Tensor {
    int held = -1;
    mlir::Type plain;
  };
  /// A part of an operand or result, with the tensors in it.
  struct Part {
    mlir::Type type; // without what is known of tensors
    llvm::ArrayRef<Tensor> tensors;
  };
  struct Stored {
    mlir::Type type;         // of the tensors that have been seen
    bool hasUnknown = false; // there are tensors of which nothing is known
    bool mayHoldNone = false;

    bool hasTensors() const { return type || hasUnknown; }

    void add(mlir::Type tensor);
    void add(const Stored &other);
  };
  struct Class {
    Stored all, unkeyed;                            // `unkeyed`: those that are not stored under a constant key
    llvm::MapVector<mlir::Attribute, Stored> keyed; // those that are
  };
  /// A read: of the classes of the tensors that it must find. One under a constant key has one class.
  struct Read {
    int site;
    llvm::SmallVector<int, 2> held;
    mlir::Attribute key;
    bool mayFindNone = false;
  };

  llvm::ArrayRef<int> getHeld(mlir::Value value);
  llvm::SmallVector<Tensor> getTensors(mlir::Value value);
  void unify(mlir::Value a, mlir::Value b);
  void unify(llvm::ArrayRef<Tensor> a, llvm::ArrayRef<Tensor> b);
  static llvm::SmallVector<Part> getParts(const Part &whole);
  bool unifyWithin(const Part &whole, const Part &part);
  void unifyParts(const Part &a, const Part &b);
  void merge(int a, int b);
  void store(int held, mlir::Type type);
  void storeGiven(mlir::BlockArgument argument, mlir::func::FuncOp func);
  void escape(llvm::ArrayRef<Tensor> tensors);
  void storeUnknown(mlir::MLIRContext *context);
  void collectOperator(mlir::Operation *op);
  bool collectKeyed(mlir::Operation *op);
  void collectRead(mlir::Operation *op);
  void storeKeyed(int held, mlir::Attribute key, mlir::Type tensor, bool mayBeNone);
  void storeKeyed(int held, mlir::Attribute key, mlir::Value value);
  void storeGiven(mlir::Operation *attribute, mlir::Type type);
  template <typename Key>
  void collectPlace(llvm::MapVector<Key, llvm::SmallVector<int>> &places, Key key, llvm::ArrayRef<int> held);
  mlir::ArrayAttr getRecords(mlir::MLIRContext *context, llvm::ArrayRef<int> held);
  void collectRegions(mlir::Operation *op);
  int newClass();
  int getOpen();

  int numSites = 0;
  Lengths lengths;
  bool needed = false, isAbandoned = false;
  bool hasOpenAttributes = false; // there are attributes that hold values of any kind
  /// Of each site the types of the tensors in it, in the order of its type; null where nothing is known.
  llvm::DenseMap<int, llvm::SmallVector<mlir::Type>> types;
  llvm::MapVector<mlir::Operation *, llvm::SmallVector<mlir::Type>> attributeTypes;
  llvm::MapVector<mlir::Operation *, mlir::Type> given;
  llvm::DenseSet<int> filledReads; // sites of reads that may find something
  llvm::DenseSet<int> openReads;   // and of those of records that callers, too, may store in

  // Of the present round.
  llvm::SmallVector<Class> classes;
  llvm::SmallVector<int> parents;
  int open = -1; // the class of what values of any kind hold
  llvm::MapVector<int, llvm::SmallVector<int>> sites;
  llvm::SmallVector<Read> reads;
  llvm::MapVector<mlir::Operation *, llvm::SmallVector<int>> attributes;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<int>> values;

  int find(int held);
};

/// Whether some value of a type may be a tensor, or hold one, that the type does not tell of.
bool isOpen(mlir::Type type);
/// Whether no value of a type is without tensors, as an optional one or a list may be.
bool needsTensors(mlir::Type type);
/// Whether `op` sees a value of any kind as one that is or holds tensors.
bool isOpenCast(mlir::Operation *op);
/// Answers `isinstance` of values of any kind by the kind of container, where the program makes values of any kind of
/// no others.
void decideContainers(mlir::ModuleOp module);
/// Visits the values that may be the same, pair by pair, through the regions of a branch or loop; false of other
/// operations.
bool forEachFlow(mlir::Operation *op, llvm::function_ref<void(mlir::ValueRange, mlir::ValueRange)> visit);
/// The type of a value as it outlives a call: without the symbols of this one.
mlir::Type dropSymbols(mlir::Type type);

} // namespace wick::ts

#endif // WICK_LIB_DIALECT_TS_TRANSFORMS_CONTENTS_H
