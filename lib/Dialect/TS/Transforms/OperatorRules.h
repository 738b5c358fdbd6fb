//===- OperatorRules.h - rewrites of registry operators, by name -----------===//
//
// A `ts.operator` is known by a string. Rules are looked up by the operator's name
// without its overload: the operand types tell overloads apart better than the names
// do, and several names share one rule.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_DIALECT_TS_TRANSFORMS_OPERATORRULES_H
#define WICK_LIB_DIALECT_TS_TRANSFORMS_OPERATORRULES_H

#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/StringMap.h"

#include <functional>

namespace wick::ts {

/// The name of an operator without its overload: "aten::add" of "aten::add.int".
llvm::StringRef getBaseName(OperatorOp op);
/// The key of a dict as an attribute, to compare; null when it is not constant.
mlir::Attribute getConstantKey(mlir::Value key);

/// On a write of an `out` argument, which gets the shape of what is computed; and on what computes it, once that stands
/// for the argument.
inline constexpr llvm::StringLiteral kOutputAttr = "ts.output";
/// On such a write: the argument must have the dtype of what is computed.
inline constexpr llvm::StringLiteral kExactAttr = "ts.exact";
/// On the functional form of an operator that writes its first argument or `out`: the name of that operator.
inline constexpr llvm::StringLiteral kWritingFormAttr = "ts.writing_form";

/// On an operator that stays though nothing uses its result, for what it raises.
inline constexpr llvm::StringLiteral kRaisesAttr = "ts.raises";

/// An operator that a rule looks at: its operands stand before casts that change
/// only their static types.
struct OperatorMatch {
  OperatorMatch(OperatorOp op, mlir::PatternRewriter &rewriter);

  mlir::Location getLoc() const { return const_cast<OperatorOp &>(op).getLoc(); }
  mlir::Type getType() const { return const_cast<OperatorOp &>(op)->getResult(0).getType(); }
  bool hasTypes(llvm::function_ref<bool(mlir::Type)> predicate) const {
    return llvm::all_of(mlir::ValueRange(operands).getTypes(), predicate);
  }

  mlir::Value i64(int64_t value) const;
  mlir::Value f64(double value) const;
  mlir::Value i1(bool value) const;
  /// Converts a number as `int()`, `float()` and `bool()` do.
  mlir::Value convert(mlir::Value number, mlir::Type type) const;
  /// Raises an error when `condition` holds.
  void raiseIf(mlir::Value condition, llvm::StringRef cls, llvm::StringRef message) const;

  OperatorOp op;
  mlir::PatternRewriter &rewriter;
  llvm::SmallVector<mlir::Value> operands;
};

/// Computes what stands for the result, or null where the rule does not apply. The
/// caller converts it to the result's type.
using OperatorRule = std::function<mlir::Value(OperatorMatch &)>;
using OperatorRules = llvm::StringMap<OperatorRule>;

// One function for each family of operators.
void addArithmeticRules(OperatorRules &rules);
void addComparisonRules(OperatorRules &rules);
void addComplexRules(OperatorRules &rules);
void addContainerRules(OperatorRules &rules);
void addDictRules(OperatorRules &rules);
void addLayoutRules(OperatorRules &rules);
void addQueryRules(OperatorRules &rules);
void addStringRules(OperatorRules &rules);

/// The bounds of `l[start:end:step]`, where they are constant.
struct ListSlice {
  std::optional<int64_t> start, end; // none where they are left out
  int64_t step;

  static std::optional<ListSlice> match(OperatorOp op);
  /// The elements of a list of `size` that it takes, in order.
  llvm::SmallVector<int64_t> getPositions(int64_t size) const;
};

/// Whether an operator asks where the elements of a tensor lie in memory, which is answered, see Layouts.cpp, or
/// refused for the reason that follows.
bool asksForMemory(llvm::StringRef baseName);
/// Whether an operator shows elements that LibTorch does not see, which is given the elements of the tensor in order.
bool reachesOtherMemory(OperatorOp op);
/// Why both are refused.
inline constexpr llvm::StringLiteral kUnknownStrides =
    "the strides of this tensor are not known here; ask for those of clone(memory_format=torch.contiguous_format)";

/// Whether an operator gives a tensor another shape, as `unsqueeze_` does.
bool changesShape(OperatorOp op);
/// Lets what follows such an operator use the view that `buildView` builds; false where others may see that the tensor
/// has changed. See InPlaceViews.cpp.
bool replaceChangedShape(OperatorOp op, llvm::function_ref<mlir::Value()> buildView);

/// Whether an operator has a rule, which may apply once more is known of types.
bool hasOperatorRule(llvm::StringRef baseName);

/// Whether an operator has no meaning in a compiled program, once nothing uses what it gives.
bool hasNoMeaning(OperatorOp op);

/// Whether an operator writes nothing and is there for its result; what gives None checks something.
bool onlyComputes(OperatorOp op);

/// Adds a rule to a name that may have others: the first that applies wins.
void addRule(OperatorRules &rules, llvm::StringRef name, OperatorRule rule);

//===----------------------------------------------------------------------===//
// Containers that the function builds
//===----------------------------------------------------------------------===//

enum class ContainerUse { Read, Write, Escape };
/// What an operation does with a list or dict.
ContainerUse classifyContainerUse(mlir::OpOperand &use);
/// Whether `user` comes strictly after `point` whenever both belong to the same
/// execution of `block`.
bool isAfter(mlir::Operation *user, mlir::Operation *point, mlir::Block *block);
/// The first write to a container, when all its writes stand in its own block and it does
/// not escape before.
llvm::FailureOr<OperatorOp> findFirstWrite(mlir::Operation *container, mlir::PatternRewriter &rewriter);
/// Replaces a container by `changed` after a write, and erases the write.
void replaceAfterWrite(mlir::Operation *container, OperatorOp write, mlir::Value changed,
                       mlir::PatternRewriter &rewriter);

/// The elements of a list as `reader` sees them: built once, not written before, and
/// not escaped to where something else might write it.
std::optional<llvm::SmallVector<mlir::Value>> getListElements(mlir::Value list, mlir::Operation *reader);

/// Equality of two numbers of which one is complex; null for other values.
mlir::Value buildComplexEqual(OperatorMatch &match, mlir::Value a, mlir::Value b);

/// Whether a type is that of an int, float or bool.
inline bool isPlainNumber(mlir::Type type) { return type.isInteger(64) || type.isF64() || type.isInteger(1); }

// Patterns that are not rules, by what they rewrite.
void populateControlPatterns(mlir::RewritePatternSet &patterns);
void populateContainerPatterns(mlir::RewritePatternSet &patterns);
void populateDictPatterns(mlir::RewritePatternSet &patterns);
void populateObjectPatterns(mlir::RewritePatternSet &patterns);
void populateQueryPatterns(mlir::RewritePatternSet &patterns);
void populateScalarTensorPatterns(mlir::RewritePatternSet &patterns);

/// A type as LibTorch's errors write it, as "Tuple[int, List[float]]".
std::string getAnnotation(mlir::Type type);

} // namespace wick::ts

#endif // WICK_LIB_DIALECT_TS_TRANSFORMS_OPERATORRULES_H
