//===- Layouts.h - where LibTorch has the elements of tensors ---------------===//
//
// Tensors of Wick are values, whose memory is nobody's business; but programs ask for
// the strides that a tensor has in LibTorch. A layout says them as code over the sizes
// of tensors. It is found by going from a tensor to what made it (`ts::findLayout`);
// views say how theirs follows from that of their source (`ViewInterface`).
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_ATEN_IR_LAYOUTS_H
#define WICK_DIALECT_ATEN_IR_LAYOUTS_H

#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/IR/Builders.h"

#include <optional>

namespace wick::aten {

/// How far the strides of a tensor are those of row-major order, in which LibTorch takes empty dims for dims of size
/// one: each stride is the product of the sizes behind it.
enum class Order {
  /// They may be any.
  Any,
  /// Each is above those of the dims behind it, dims of size one aside.
  Descending,
  /// They are, save those of dims of size one, and all of an empty tensor.
  Contiguous,
  /// They are, save those of an empty tensor.
  UnlessEmpty,
  RowMajor,
};

/// Builds integers and conditions, folding what is constant.
class NumberBuilder {
public:
  NumberBuilder(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}

  mlir::Value constant(int64_t value);
  mlir::Value boolean(bool value);
  /// The size of a dim of a tensor whose rank is known.
  mlir::Value size(mlir::Value tensor, int64_t dim);
  llvm::SmallVector<mlir::Value> sizes(mlir::Value tensor);

  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value multiply(mlir::Value a, mlir::Value b);
  mlir::Value max(mlir::Value a, mlir::Value b);
  mlir::Value min(mlir::Value a, mlir::Value b);
  mlir::Value equal(mlir::Value a, mlir::Value b);
  mlir::Value less(mlir::Value a, mlir::Value b);
  mlir::Value both(mlir::Value a, mlir::Value b);
  mlir::Value either(mlir::Value a, mlir::Value b);
  mlir::Value negate(mlir::Value condition);
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b);

  /// The strides of row-major order.
  llvm::SmallVector<mlir::Value> rowMajor(llvm::ArrayRef<mlir::Value> sizes);
  /// Whether a tensor has elements, and whether each size is above one.
  mlir::Value hasElements(llvm::ArrayRef<mlir::Value> sizes);
  mlir::Value areLarge(llvm::ArrayRef<mlir::Value> sizes);
  /// Whether the strides, from the dim that is named last on, are those of tensors without gaps: what LibTorch tells
  /// memory formats by. Strides of dims of size one do not matter.
  mlir::Value areDense(llvm::ArrayRef<mlir::Value> sizes, llvm::ArrayRef<mlir::Value> strides,
                       llvm::ArrayRef<int64_t> order);

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

std::optional<int64_t> getConstantNumber(mlir::Value value);
std::optional<llvm::SmallVector<int64_t>> getConstantNumbers(llvm::ArrayRef<mlir::Value> values);

/// Where the elements of a tensor lie. All values are of type i64.
struct Layout {
  /// That of a new tensor, in row-major order.
  static Layout getRowMajor(NumberBuilder &numbers, mlir::Value tensor);

  llvm::SmallVector<mlir::Value> sizes, strides;
  /// A condition without which the strides are not known; null where there is none.
  mlir::Value known;
  Order order = Order::Any;
  /// Whether the strides are those of a new tensor whose dims have been put in another order.
  bool isPermuted = false;
  /// The first element in memory; null where it is not known.
  mlir::Value offset;
  /// A tensor of the same dtype that lies in row-major order from the start of the memory; null where there is none.
  mlir::Value memory;

  /// Finds out from constants what follows from them.
  void settle();
};

} // namespace wick::aten

#endif // WICK_DIALECT_ATEN_IR_LAYOUTS_H
