//===- Facts.h - what type inference knows of values -----------------------===//
//
// Type inference is one walk over the program (`ts-infer-types`). It tells each
// operator what is known of its operands through this interface, so that the rules
// (`TypeInferenceInterface`) do not depend on how it is known. Integers, and so
// sizes, are affine expressions over the function's symbols `s0`, `s1`, …: a constant
// expression is a known number, equal expressions are equal numbers.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_FACTS_H
#define WICK_DIALECT_ATEN_IR_FACTS_H

#include "wick/Dialect/TS/IR/TSDialect.h"

#include <optional>

namespace wick::aten {

class Facts {
public:
  virtual ~Facts() = default;

  /// What is known of a tensor operand; `!ts.tensor` when nothing is. Builtin
  /// tensors give their exact facts.
  virtual ts::TensorType getTensor(mlir::Value value) = 0;
  /// The value of an `int`, or null when unknown.
  virtual mlir::AffineExpr getInt(mlir::Value value) = 0;
  /// A number or bool known at compile time.
  virtual std::optional<double> getFloat(mlir::Value value) = 0;
  virtual std::optional<bool> getBool(mlir::Value value) = 0;
  virtual std::optional<llvm::StringRef> getString(mlir::Value value) = 0;
  /// The elements of a list of known length that nothing mutates.
  virtual std::optional<llvm::SmallVector<mlir::Value>> getList(mlir::Value value) = 0;
  /// A new symbol for a size that is known only at run time.
  virtual mlir::AffineExpr getFreshSymbol() = 0;

  // Conveniences over the above.

  /// The constant value of an `int`.
  std::optional<int64_t> getConstantInt(mlir::Value value);
  /// The elements of a list of ints (or of a lone int, as a list of one); null
  /// expressions for unknown elements.
  std::optional<llvm::SmallVector<mlir::AffineExpr>> getIntList(mlir::Value value);
  std::optional<llvm::SmallVector<int64_t>> getConstantIntList(mlir::Value value);
  bool isNone(mlir::Value value);
};

/// Facts read off the IR alone: constants, immutable lists, refined types. Used
/// after inference, when types and constants hold all that was learnt.
class StaticFacts : public Facts {
public:
  ts::TensorType getTensor(mlir::Value value) override;
  mlir::AffineExpr getInt(mlir::Value value) override;
  std::optional<double> getFloat(mlir::Value value) override;
  std::optional<bool> getBool(mlir::Value value) override;
  std::optional<llvm::StringRef> getString(mlir::Value value) override;
  std::optional<llvm::SmallVector<mlir::Value>> getList(mlir::Value value) override;
  /// Never called after inference.
  mlir::AffineExpr getFreshSymbol() override;
};

} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_IR_FACTS_H
