//===- TypeInference.h - one walk that learns the types of a program -------===//
//
// An abstract interpreter that rewrites what it has understood. It visits ops in
// program order. Facts are kept in the IR itself: a tensor's are its type, an
// integer's are the arithmetic on `ts.symbol` that defines it (`StaticFacts` reads
// both), so there is no table that a rewrite could make stale. At each op it
//   * folds, applies the patterns of `ts-simplify-program`, decomposes lists of tensors
//     and answers questions about sizes, going on with what stands there then;
//   * inlines the live branch of an `scf.if` whose condition has become constant;
//   * else infers result types, from regions where an op has them.
// A loop is visited on clones until the types of what it carries are stable, and only
// then for good: rewrites made under the types of a first iteration would be wrong.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_DIALECT_TS_TRANSFORMS_TYPEINFERENCE_H
#define WICK_LIB_DIALECT_TS_TRANSFORMS_TYPEINFERENCE_H

#include "Contents.h"

#include "wick/Dialect/Aten/IR/Facts.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Rewrite/FrozenRewritePatternSet.h"
#include "mlir/Rewrite/PatternApplicator.h"

namespace wick::ts {

/// On an attribute that may hold more than None, but in which only None is stored.
inline constexpr llvm::StringLiteral kOnlyNone = "ts.only_none";

/// On an argument: which of the tensors that its containers hold are not there, for those are empty.
inline constexpr llvm::StringLiteral kAbsentAttr = "ts.absent";

/// On a condition that asks which dim of a tensor an operator works along.
inline constexpr llvm::StringLiteral kAsksDim = "ts.asks_dim";

/// On a condition that asks whether a loop that changes ranks goes on: how many iterations there have been.
inline constexpr llvm::StringLiteral kAsksTrips = "ts.asks_trips";

struct InferenceOptions {
  /// Nothing is known of the results of an operator that does not take its operands: what is known of them so far may
  /// be wrong.
  bool lenient = false;
  /// An operation that never succeeds raises even where every call reaches it.
  bool lateErrors = false;
  /// Operators on tensors whose dtype or rank is not known become calls of LibTorch.
  bool leavesUnknown = false;
  /// No call of LibTorch is left: a loop that changes a rank raises after so many iterations.
  bool noFallback = false;
};

class TypeInference : private mlir::RewriterBase::Listener {
public:
  explicit TypeInference(mlir::MLIRContext *context, const Contents *contents = nullptr, InferenceOptions options = {});

  /// Infers all types in a block whose arguments have theirs. Fails after an error has been emitted.
  llvm::LogicalResult inferBlock(mlir::Block &block);

private:
  /// What `visit` did with an op.
  enum class Progress { Done, Rewritten, Failed };

  Progress visit(mlir::Operation *op);
  /// Tries to replace an op by what is known of it.
  Progress rewrite(mlir::Operation *op);
  Progress decompose(mlir::Operation *op);
  bool answerQuery(mlir::Operation *op);
  void keepChecks(mlir::Operation *op);
  Progress inferTensorOperator(mlir::Operation *op);
  /// Asks a rule of an op. Where its error says that the op never succeeds, as LibTorch would find out when it runs,
  /// code that raises takes its place; what only this compiler does not know is an error.
  Progress applyRule(mlir::Operation *op, llvm::function_ref<llvm::LogicalResult()> rule);
  void raiseInstead(mlir::Operation *op, llvm::StringRef error);
  void inferStructure(mlir::Operation *op);
  /// Lets a tensor that was given as `out` be the result, where that may have another shape; see ResizeOutputs.cpp.
  bool resizeOutput(WriteOp op);
  // Reads of what nothing stores; see EmptyReads.cpp.
  /// Ends the path after a read of what nobody stores.
  void raiseAtEmptyRead(mlir::Operation *op);
  /// Ends the path at an operator on a list in which nobody stores; false of other operations.
  bool raiseAtEmptyList(mlir::Operation *op);
  /// Takes lists of ints apart whose length is known; see Lengths.cpp.
  bool takeListsApart(mlir::Operation *op);
  /// Asks LibTorch; see FallbackTypes.cpp.
  void inferFallback(FallbackOp op);
  /// Leaves an operator to LibTorch when too little is known of its tensors; see UnknownTensors.cpp.
  bool leaveUnknown(mlir::Operation *op);
  Progress visitIf(mlir::scf::IfOp op);
  // Code for each of several types; see DivideTypes.cpp.
  /// Writes out both ranks that a squeeze may leave; false of other operations.
  bool divideSqueeze(mlir::Operation *squeeze);
  /// Writes out an operator with an optional operand for None and for what else it may be.
  bool divideOptional(mlir::Operation *op);
  /// Writes out an operator along a dim that only run time knows for each dim that there is; see DivideDims.cpp.
  bool divideDims(mlir::Operation *op);
  /// Writes out an operator whose `keepdim` or `unbiased` only run time knows.
  bool divideFlag(mlir::Operation *op);
  /// Writes out an operator on a number for each kind that the number may be of.
  bool divideNumber(mlir::Operation *op);
  void divideOperand(mlir::Operation *op, unsigned operand, mlir::Value condition,
                     llvm::function_ref<mlir::Value(bool)> makeOperand);
  bool moveUsersInto(mlir::scf::IfOp op, llvm::function_ref<bool(unsigned)> isDivided);
  /// Has run time choose among the types of the tensors that are read from a slot or container.
  bool divide(mlir::Operation *read);
  /// The same of what a loop carries, in its body.
  void divideArguments(mlir::Block &block);
  void divideTensor(mlir::Value tensor, const llvm::Twine &error);
  llvm::LogicalResult visitFor(mlir::scf::ForOp op);
  llvm::LogicalResult visitWhile(mlir::scf::WhileOp op);
  Progress visitLoop(LoopOp op);
  /// Takes the first iteration out of a loop, given the types of what it carries: before it, inside, and after the
  /// first iteration; see PeelLoops.cpp.
  bool peel(LoopOp op, llvm::ArrayRef<mlir::Type> before, llvm::ArrayRef<mlir::Type> types,
            llvm::ArrayRef<mlir::Type> afterFirst);
  /// Finds stable types for what a loop carries: `infer` visits the body of a clone, given the types so far, and
  /// returns those at its end.
  llvm::LogicalResult
  findStableTypes(mlir::Operation *loop, llvm::SmallVectorImpl<mlir::Type> &types,
                  llvm::function_ref<llvm::FailureOr<llvm::SmallVector<mlir::Type>>(mlir::Operation *)> infer);

  void notifyOperationErased(mlir::Operation *op) override;

  const Contents *contents;
  InferenceOptions options;
  aten::StaticFacts facts;
  mlir::PatternRewriter rewriter;
  mlir::FrozenRewritePatternSet patterns;
  mlir::PatternApplicator applicator;
  /// For each block being visited the op before the present one: where to go on after a rewrite.
  llvm::SmallVector<mlir::Operation *> cursors;
  /// How many of the loops around are visited on clones.
  unsigned numTrials = 0;
  llvm::DenseSet<mlir::Location> warned;
};

/// Gives a function the types of its arguments and of what it returns.
void updateFunctionType(mlir::func::FuncOp func);

/// The type of a value as a part of a join; null for one that no live path reads. None seen as an optional says nothing
/// of what else the optional may be.
mlir::Type getJoinedType(mlir::Value value);

/// Gives the results or arguments of a branch or loop, or what is read of a slot, the types of their joins. Where there
/// is none, no path reads them; a join of None alone is None, whatever it has been declared as.
void setJoinedTypes(mlir::ValueRange values, llvm::ArrayRef<mlir::Type> types);

/// What holds of values of both types; where they differ in dims or dtypes those are not known.
mlir::Type joinTypes(mlir::Type a, mlir::Type b);
/// The same, but tensors of which too little is known say nothing: more may come to be known of them.
mlir::Type joinKnownTypes(mlir::Type a, mlir::Type b);
/// Whether two types know rank and dtype of tensors that differ in them, or that these are some of several.
bool areDivided(mlir::Type a, mlir::Type b);
/// Whether the branches of `op` give tensors of different ranks or dtypes.
bool isDivided(mlir::scf::IfOp op, unsigned index);
/// The attribute that is read, or null where the class is not known.
AttrOp lookupAttr(GetAttrOp get);
/// The type with some tensor type for each tensor of which too little is known.
mlir::Type replaceUnknown(mlir::Type type);
/// Whether there is so much code around `op` that none is written out twice.
bool isLong(mlir::Operation *op);
/// Whether `op` stands where a tensor is of one of the types, or a dim is one of those, that it may be.
bool isDivision(mlir::Operation *op);
/// Whether nothing is known in a loop of a tensor whose rank and dtype are known before it.
bool isUnknownInLoop(mlir::Type before, mlir::Type inside);
/// Forgets how many iterations have been taken out of a loop that is understood.
void endPeeling(LoopOp op);
/// Whether an operation has to know the tensors that it takes, and does not only hand them on.
bool computesWithTensors(mlir::Operation *op);
/// The value seen with more general types of its tensors.
mlir::Value generalize(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, mlir::Type type);

} // namespace wick::ts

#endif // WICK_LIB_DIALECT_TS_TRANSFORMS_TYPEINFERENCE_H
