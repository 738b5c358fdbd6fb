//===- Layouts.cpp - where LibTorch has the elements of tensors -------------===//
#include "wick/Dialect/Aten/IR/Layouts.h"

#include "wick/Dialect/Aten/IR/ShapeRules.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

std::optional<int64_t> wick::aten::getConstantNumber(Value value) {
  APInt constant;
  return value && matchPattern(value, m_ConstantInt(&constant)) ? std::optional(constant.getSExtValue()) : std::nullopt;
}

std::optional<SmallVector<int64_t>> wick::aten::getConstantNumbers(ArrayRef<Value> values) {
  SmallVector<int64_t> constants;
  for (Value value : values) {
    std::optional<int64_t> constant = getConstantNumber(value);
    if (!constant)
      return std::nullopt;
    constants.push_back(*constant);
  }
  return constants;
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

Value NumberBuilder::constant(int64_t value) { return buildInt(builder, loc, value); }

Value NumberBuilder::boolean(bool value) { return arith::ConstantOp::create(builder, loc, builder.getBoolAttr(value)); }

Value NumberBuilder::size(Value tensor, int64_t dim) {
  AffineExpr known = cast<ts::TensorType>(tensor.getType()).getDims()[dim];
  if (std::optional<int64_t> size = getConstant(known))
    return constant(*size);
  return ts::SizeOp::create(builder, loc, builder.getI64Type(), tensor, constant(dim));
}

SmallVector<Value> NumberBuilder::sizes(Value tensor) {
  return llvm::map_to_vector(llvm::seq<int64_t>(0, cast<ts::TensorType>(tensor.getType()).getRank()),
                             [&](int64_t dim) { return size(tensor, dim); });
}

Value NumberBuilder::add(Value a, Value b) { return builder.createOrFold<arith::AddIOp>(loc, a, b); }
Value NumberBuilder::multiply(Value a, Value b) { return builder.createOrFold<arith::MulIOp>(loc, a, b); }
Value NumberBuilder::max(Value a, Value b) { return builder.createOrFold<arith::MaxSIOp>(loc, a, b); }
Value NumberBuilder::min(Value a, Value b) { return builder.createOrFold<arith::MinSIOp>(loc, a, b); }
Value NumberBuilder::equal(Value a, Value b) {
  return builder.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, a, b);
}
Value NumberBuilder::less(Value a, Value b) {
  return builder.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, a, b);
}
Value NumberBuilder::both(Value a, Value b) { return builder.createOrFold<arith::AndIOp>(loc, a, b); }
Value NumberBuilder::either(Value a, Value b) { return builder.createOrFold<arith::OrIOp>(loc, a, b); }
Value NumberBuilder::negate(Value condition) {
  return builder.createOrFold<arith::XOrIOp>(loc, condition, boolean(true));
}
Value NumberBuilder::select(Value condition, Value a, Value b) {
  return a == b ? a : builder.createOrFold<arith::SelectOp>(loc, condition, a, b);
}

SmallVector<Value> NumberBuilder::rowMajor(ArrayRef<Value> sizes) {
  SmallVector<Value> strides(sizes.size());
  Value stride = constant(1), one = stride;
  for (int64_t dim = sizes.size() - 1; dim >= 0; --dim) {
    strides[dim] = stride;
    if (dim > 0)
      stride = multiply(stride, max(sizes[dim], one));
  }
  return strides;
}

Value NumberBuilder::hasElements(ArrayRef<Value> sizes) {
  Value zero = constant(0), all = boolean(true);
  for (Value size : sizes)
    all = both(all, less(zero, size));
  return all;
}

Value NumberBuilder::areLarge(ArrayRef<Value> sizes) {
  Value one = constant(1), all = boolean(true);
  for (Value size : sizes)
    all = both(all, less(one, size));
  return all;
}

Value NumberBuilder::areDense(ArrayRef<Value> sizes, ArrayRef<Value> strides, ArrayRef<int64_t> order) {
  Value expected = constant(1), one = expected, all = boolean(true);
  for (int64_t dim : order) {
    Value isOne = equal(sizes[dim], one);
    all = both(all, either(isOne, equal(strides[dim], expected)));
    expected = multiply(expected, sizes[dim]);
  }
  return all;
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

Layout Layout::getRowMajor(NumberBuilder &numbers, Value tensor) {
  Layout layout;
  layout.sizes = numbers.sizes(tensor);
  layout.strides = numbers.rowMajor(layout.sizes);
  layout.order = Order::RowMajor;
  layout.isPermuted = true;
  layout.offset = numbers.constant(0);
  layout.memory = tensor;
  return layout;
}

/// What LibTorch calls non-overlapping and dense.
static bool isDense(ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides) {
  SmallVector<int64_t> dims = llvm::to_vector(llvm::seq<int64_t>(0, sizes.size()));
  llvm::sort(dims, [&](int64_t a, int64_t b) {
    return std::tuple(sizes[a] < 2, strides[a], a) < std::tuple(sizes[b] < 2, strides[b], b);
  });
  int64_t expected = 1;
  for (int64_t dim : dims) {
    if (sizes[dim] < 2)
      return true;
    if (strides[dim] != expected)
      return false;
    expected *= sizes[dim];
  }
  return true;
}

void Layout::settle() {
  auto knownSizes = getConstantNumbers(sizes), knownStrides = getConstantNumbers(strides);
  if (!knownSizes || !knownStrides || known)
    return;
  isPermuted = isDense(*knownSizes, *knownStrides);
  int64_t expected = 1;
  bool isRowMajor = true;
  for (int64_t dim = sizes.size() - 1; dim >= 0; --dim) {
    isRowMajor &= (*knownStrides)[dim] == expected;
    expected *= std::max<int64_t>((*knownSizes)[dim], 1);
  }
  order = isRowMajor ? Order::RowMajor : std::min(order, Order::Descending);
}
