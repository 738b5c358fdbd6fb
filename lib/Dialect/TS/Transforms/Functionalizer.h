//===- Functionalizer.h - rewrites one function from references to values --===//
#ifndef WICK_LIB_DIALECT_TS_TRANSFORMS_FUNCTIONALIZER_H
#define WICK_LIB_DIALECT_TS_TRANSFORMS_FUNCTIONALIZER_H

#include "ObjectImage.h"
#include "References.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace wick::ts {

/// Whether the new function has values of a tensor. Others, whose dtype or rank only run time knows, stay
/// references there, which nothing but the runtime and LibTorch work on.
inline bool isReferenceType(mlir::Type type) {
  auto tensor = llvm::dyn_cast<TensorType>(type);
  return tensor && tensor.isTyped();
}

/// Whether something that lives on may come to be this tensor or a view of it.
bool mayBeHeld(mlir::Value tensor);

/// What a result or argument of a branch or loop may be; nothing of other values.
llvm::SmallVector<mlir::Value> getSources(mlir::Value value);

/// What attempts to translate the functions of a module have found out for the next ones.
struct Findings {
  /// Tensors that are references in the new functions too.
  llvm::DenseSet<mlir::Value> demoted;
  /// Those among them that branches and loops choose, and that are stored where other methods write: they are the
  /// memory of what they choose.
  llvm::DenseSet<mlir::Value> chosen;
  /// Whether containers or slots hold views, so that tensors of other shapes may be the same memory.
  bool hasHeldViews = false;
  /// Whether such views may show an element of memory several times.
  bool hasHeldOverlaps = false;
  /// Slots whose tensors some method of the program writes.
  SlotsWrittenInPlace writtenSlots;

  size_t count() const { return demoted.size() + hasHeldViews; }
};

class Functionalizer {
public:
  Functionalizer(mlir::func::FuncOp func, Findings &findings)
      : func(func), builder(func.getContext()), findings(findings), demoted(findings.demoted) {}

  /// Builds the function on values before the original, or fails: with an error emitted, or with more tensors
  /// demoted, with which it is to be tried again.
  llvm::FailureOr<mlir::func::FuncOp> run();

private:
  llvm::LogicalResult translateBlock(mlir::Block &block);
  llvm::LogicalResult translate(mlir::Operation *op);
  llvm::LogicalResult translateOperator(mlir::Operation *op);
  llvm::LogicalResult translateWeight(WeightRefOp op);
  llvm::LogicalResult translateWrite(WriteOp op);
  llvm::LogicalResult translateRaise(RaiseOp op);
  llvm::LogicalResult translateIf(mlir::scf::IfOp op);
  llvm::LogicalResult translateFor(mlir::scf::ForOp op);
  llvm::LogicalResult translateWhile(mlir::scf::WhileOp op);

  /// Memory that the caller owns, and the reference to it in the new function.
  llvm::LogicalResult addExternal(mlir::Value before, mlir::Value after, mlir::Location loc);
  void addBase(mlir::Value reference, mlir::Value value);
  /// Gives a base another value. The memory of an argument is written later.
  void setValue(mlir::Value base, mlir::Value value, mlir::Location loc);
  /// Writes what arguments hold now to the memory of the caller, before the call ends or the runtime may fail.
  void writeExternals(mlir::Location loc);
  void writeReference(mlir::Value base, mlir::Value value, mlir::Location loc, bool mayRepeat = false);
  /// An operand of the new function: values of tensors and lists of them.
  llvm::FailureOr<mlir::Value> translateOperand(mlir::Value operand, mlir::Operation *user);
  /// Lets a view that is made again raise where it was made first, before what has been written since.
  void checkWhereMade(mlir::Value view);
  /// The present value of a reference.
  llvm::FailureOr<mlir::Value> read(mlir::Value reference, mlir::Operation *user);
  mlir::Operation *cloneView(mlir::Operation *view, mlir::Value source);
  mlir::Value cast(mlir::Location loc, mlir::Value value, mlir::Type type);
  llvm::LogicalResult checkWritable(mlir::Value base, WriteOp op);
  /// Makes a base a reference of the next attempt; false when it is one already, or cannot be.
  bool demote(mlir::Value base);
  /// Raises unless a value has the sizes of the tensor that it is written to, where types do not prove that; copies
  /// may repeat it.
  void checkWritten(WriteOp op, mlir::Value value, mlir::Value target, bool isOut);
  llvm::FailureOr<mlir::Value> convertWritten(WriteOp op, mlir::Value value, mlir::Value target);
  /// The value of the base of what is written, of which views show some elements several times. Raises where several
  /// elements of the written tensor are one, unless the operator takes that.
  llvm::FailureOr<mlir::Value> writeRepeated(WriteOp op, mlir::Value update, mlir::Value target);

  // Tensors that containers and objects hold; see FunctionalizeShared.cpp.
  /// A reference that was read out of a slot or container, or leaves a branch or loop as one.
  llvm::LogicalResult addShared(mlir::Value before, mlir::Value after, mlir::Location loc);
  /// Whether what may be the same memory as a base is looked at after `user`, or from outside.
  bool mayHaveHeldRival(mlir::Value base, mlir::Operation *user);
  /// Whether a reference refers to memory in order, for it was made or checked to be; what is held may be a view.
  bool isInOrder(mlir::Value reference) const;
  /// Reads of and writes to the memory of a base.
  mlir::Value readReference(mlir::Value base, mlir::Type type, mlir::Location loc);
  /// A reference to what a view of a base that is shared shows, or null where it cannot be had.
  llvm::FailureOr<mlir::Value> referToView(mlir::Value reference, mlir::Operation *user);
  /// A reference to what `copy`, an operator on values that LibTorch makes a view or a copy as strides allow, gives of
  /// `source`.
  llvm::FailureOr<mlir::Value> referToCopy(mlir::Operation *copy, mlir::Value source, mlir::Operation *user);
  /// Whether a held tensor of the type of `held` may be the same memory as `tensor`.
  bool mayBeSame(mlir::Value held, mlir::Value tensor) const;
  /// Whether something may write `identity`, a view of `base` or it, once it is held.
  bool mayChange(mlir::Value base, mlir::Value identity) const;
  /// Whether an operation stores its operands in a slot whose tensors are written, perhaps in a container.
  bool storesInWritten(mlir::Operation *user) const;
  /// Whether other methods may write `identity`, a view of `base` or it, where `user` stores it, or where it is from.
  bool mayBeWrittenByOthers(mlir::Value base, mlir::Value identity, mlir::Operation *user) const;
  /// A value as it is stored in a slot or container: tensors as references, those that others may write, or that are
  /// `chosen`, to their memory.
  llvm::FailureOr<mlir::Value> store(mlir::Value value, mlir::Operation *user, bool isChosen = false);
  /// An operation on slots and containers at run time.
  llvm::LogicalResult translateShared(mlir::Operation *op);
  /// Drops what a translation of a loop, which is to be made anew, has shared inside.
  void forgetShared(mlir::Operation *loop);
  /// Gives a new tensor a reference, if it is demoted.
  void share(mlir::Value before, mlir::Location loc);
  /// From here on there are references to the memory of a base.
  void addToShared(mlir::Value base);
  /// Makes the present value of a shared base what its reference holds.
  void writeShared(mlir::Value base, mlir::Location loc, bool mayRepeat);
  /// After a write to `written`, what other shared references hold is read where it is used, and what it holds itself
  /// where its elements may be one.
  void forgetValues(mlir::Value written);

  /// An operation at run time that keeps nothing of what it is lent.
  llvm::LogicalResult translateLook(mlir::Operation *op);

  // Results; see FunctionalizeReturn.cpp.
  llvm::LogicalResult translateReturn(mlir::func::ReturnOp op);
  /// A result of the function: references again.
  llvm::FailureOr<mlir::Value> materialize(mlir::Value value, mlir::Operation *user);
  /// A view of what callers see as an argument, state or another result; null for other results.
  llvm::FailureOr<mlir::Value> referToReturned(mlir::Value identity, mlir::Operation *user);
  /// Notes which tensors the function returns.
  void findReturned(mlir::Value value);

  // Operators that LibTorch runs; see FunctionalizeFallback.cpp.
  llvm::LogicalResult translateFallback(FallbackOp op);
  /// A value as the call takes it: tensors as references, of which the call keeps none.
  llvm::FailureOr<mlir::Value> lend(mlir::Value value, mlir::Operation *user);
  /// An operation on what it is lent.
  llvm::FailureOr<mlir::Operation *> cloneLending(mlir::Operation *op);
  llvm::LogicalResult shareAliased(FallbackOp op);
  /// Whether what is written is what LibTorch made of an argument for outputs, which it gives the shape of the result.
  static bool isOutput(WriteOp op);
  static llvm::LogicalResult refuseResize(WriteOp op);
  /// A write to a tensor, or from one, whose dtype or rank only run time knows.
  llvm::LogicalResult translateUnknownWrite(WriteOp op);
  /// The value that a tensor has after a write of one whose dtype or rank only run time knows.
  llvm::FailureOr<mlir::Value> convertUnknown(WriteOp op);
  /// Raises when elements of one tensor may not be stored in another.
  void checkCast(mlir::Location loc, mlir::Value from, mlir::Value to);
  FallbackOp callLibTorch(mlir::Location loc, llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> names,
                          mlir::ValueRange arguments, mlir::TypeRange results);

  // Regions; see FunctionalizeRegions.cpp.
  /// Bases of `before` whose value in `after` is another.
  llvm::SmallVector<mlir::Value> findWritten(const MemoryState &before, const MemoryState &after);
  /// The values of what is written in a branch or loop, as it hands them on; what is shared is read where it is used.
  llvm::SmallVector<mlir::Value> getCarried(const llvm::SetVector<mlir::Value> &written, const MemoryState &now);
  void setCarried(const llvm::SetVector<mlir::Value> &written, mlir::ValueRange values, mlir::Location loc);
  void joinResult(mlir::Value reference, mlir::Value value, llvm::ArrayRef<mlir::Value> incoming, mlir::Operation *op);
  /// What holds after a loop: results of the original and of the new one.
  llvm::LogicalResult leaveLoop(mlir::Operation *op, mlir::ValueRange results, llvm::ArrayRef<unsigned> carried,
                                mlir::ValueRange yields, const llvm::SetVector<mlir::Value> &written,
                                const MemoryState &before);
  /// Of what goes around a loop with what it may be, finds more that may be shared.
  bool addMaybeShared(llvm::ArrayRef<std::pair<mlir::Value, llvm::SmallVector<mlir::Value>>> joined);
  llvm::FailureOr<llvm::SmallVector<mlir::Value>>
  translateYielded(mlir::ValueRange values, mlir::ArrayRef<mlir::Value> results, mlir::Operation *user);

  mlir::func::FuncOp func, result;
  mlir::OpBuilder builder;
  mlir::IRMapping mapping;
  ReferenceTable table;
  MemoryState state;
  int64_t versions = 0;
  llvm::SetVector<mlir::Value> externals, shared;
  /// Bases that may be memory which a shared base refers to as well.
  llvm::SetVector<mlir::Value> maybeShared;
  Findings &findings;
  llvm::DenseSet<mlir::Value> &demoted;
  /// The tensors that writes of the function reach through views of them. Those that come out of containers and slots
  /// may be others, too.
  llvm::DenseSet<mlir::Value> written;
  llvm::SetVector<mlir::Value> writtenHeld;
  llvm::DenseSet<mlir::Value> weights;
  llvm::DenseMap<mlir::Value, mlir::Value> returned;
  /// What the function returns of each base: it, and views of it.
  llvm::MapVector<mlir::Value, llvm::SmallSetVector<mlir::Value, 2>> returnedParts;
  /// Views as they were made first.
  llvm::DenseMap<mlir::Value, mlir::Operation *> made;
  /// References to views that have been made.
  llvm::DenseMap<mlir::Value, mlir::Value> viewed;
};

} // namespace wick::ts

#endif // WICK_LIB_DIALECT_TS_TRANSFORMS_FUNCTIONALIZER_H
