//===- Broadcast.cpp - operands whose sizes run time compares ---------------===//
#include "Broadcast.h"

#include "Checks.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick;

namespace {
Value compare(ShapeBuilder &shapes, arith::CmpIPredicate predicate, Value a, Value b) {
  return shapes.builder.createOrFold<arith::CmpIOp>(shapes.loc, predicate, a, b);
}

Value both(ShapeBuilder &shapes, Value a, Value b) {
  return shapes.builder.createOrFold<arith::AndIOp>(shapes.loc, a, b);
}

std::string getPairForm(int64_t dim) {
  return "The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension " +
         std::to_string(dim);
}

/// A tensor whose dims of size one are repeated to the targets, where there are some, if `repeats` holds.
Value repeatIf(ShapeBuilder &shapes, Value repeats, Value tensor, ArrayRef<OpFoldResult> targets) {
  if (matchPattern(repeats, m_Zero()))
    return tensor;
  auto type = cast<RankedTensorType>(tensor.getType());
  auto repeat = [&](OpBuilder &builder, Location loc) {
    SmallVector<OpFoldResult> sizes;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      sizes.push_back(targets[dim] && type.isDynamicDim(dim) ? targets[dim]
                                                             : tensor::getMixedSize(builder, loc, tensor, dim));
    Value init = tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
    SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
    auto generic = linalg::GenericOp::create(
        builder, loc, TypeRange(init.getType()), ValueRange(), ValueRange(init),
        builder.getMultiDimIdentityMap(type.getRank()), iterators, [&](OpBuilder &b, Location l, ValueRange) {
          SmallVector<Value> place;
          for (int64_t dim = 0; dim < type.getRank(); ++dim) {
            Value at = linalg::IndexOp::create(b, l, dim), size = tensor::DimOp::create(b, l, tensor, dim);
            Value last = arith::SubIOp::create(b, l, size, arith::ConstantIndexOp::create(b, l, 1));
            place.push_back(arith::MinUIOp::create(b, l, at, last));
          }
          linalg::YieldOp::create(b, l, tensor::ExtractOp::create(b, l, tensor, place).getResult());
        });
    Value repeated = generic.getResult(0);
    if (repeated.getType() != type)
      repeated = tensor::CastOp::create(builder, loc, type, repeated);
    scf::YieldOp::create(builder, loc, repeated);
  };
  return scf::IfOp::create(shapes.builder, shapes.loc, repeats, repeat,
                           [&](OpBuilder &builder, Location loc) { scf::YieldOp::create(builder, loc, tensor); })
      .getResult(0);
}
} // namespace

void wick::broadcastTogether(ShapeBuilder &shapes, MutableArrayRef<ShapedValue> tensors, int64_t rank, OwnDim ownDim,
                             RaiseMisfit raiseMisfit) {
  SmallVector<Value> common(rank);
  SmallVector<SmallVector<Value>> sizes(tensors.size());
  OpBuilder &b = shapes.builder;
  Value one = shapes.index(1);
  // Where all have one expression nothing is to be compared.
  auto isProven = [&](int64_t i) {
    AffineExpr common;
    for (auto [k, tensor] : llvm::enumerate(tensors)) {
      int64_t own = ownDim(k, i);
      if (own < 0 || tensor.size(own) == 1)
        continue;
      AffineExpr size = tensor.dims[own];
      if (!size || (common && common != size))
        return false;
      common = size;
    }
    return true;
  };
  SmallVector<bool> proven = llvm::map_to_vector(llvm::seq<int64_t>(0, rank), isProven);
  // One operand after another, and dims from the last one, is the order in which LibTorch finds what does not fit.
  for (auto [k, tensor] : llvm::enumerate(tensors)) {
    sizes[k].resize(rank);
    for (int64_t i = rank; i-- > 0;) {
      int64_t own = ownDim(k, i);
      if (own < 0 || tensor.size(own) == 1 || proven[i])
        continue;
      Value size = sizes[k][i] = shapes.asIndex(shapes.sizeOf(tensor, own));
      if (!common[i]) {
        common[i] = size;
        continue;
      }
      Value differs = compare(shapes, arith::CmpIPredicate::ne, common[i], size);
      if (!matchPattern(differs, m_Zero())) {
        Value several = both(shapes, compare(shapes, arith::CmpIPredicate::ne, common[i], one),
                             compare(shapes, arith::CmpIPredicate::ne, size, one));
        raiseMisfit(both(shapes, differs, several), k, i, common[i], size);
      }
      common[i] = b.createOrFold<arith::SelectOp>(shapes.loc, compare(shapes, arith::CmpIPredicate::eq, common[i], one),
                                                  size, common[i]);
    }
  }
  for (auto [k, tensor] : llvm::enumerate(tensors)) {
    Value repeats;
    SmallVector<OpFoldResult> targets(tensor.rank());
    SmallVector<AffineExpr> dims = tensor.dims;
    for (int64_t i = rank; i-- > 0;) {
      if (!sizes[k][i])
        continue;
      int64_t own = ownDim(k, i);
      targets[own] = common[i];
      Value differs = compare(shapes, arith::CmpIPredicate::ne, sizes[k][i], common[i]);
      if (matchPattern(differs, m_Zero()))
        continue;
      if (!aten::getConstant(dims[own]))
        dims[own] = AffineExpr();
      repeats = repeats ? b.createOrFold<arith::OrIOp>(shapes.loc, repeats, differs) : differs;
    }
    if (repeats)
      tensor = {repeatIf(shapes, repeats, tensor.value, targets), tensor.dtype, dims};
  }
}

void wick::broadcastTogether(ShapeBuilder &shapes, MutableArrayRef<ShapedValue> tensors, int64_t rank, OwnDim ownDim) {
  broadcastTogether(shapes, tensors, rank, ownDim, [&](Value condition, unsigned, int64_t i, Value common, Value size) {
    raiseIf(shapes, condition, getPairForm(i), {common, size});
  });
}

void wick::broadcastOperands(ShapeBuilder &shapes, RankedTensorType result, SmallVectorImpl<Value> &tensors,
                             ArrayRef<RankedTensorType> types) {
  SmallVector<ShapedValue> shaped;
  for (auto [tensor, type] : llvm::zip(tensors, types))
    shaped.emplace_back(tensor, type.getElementType(), getDimExprs(type));
  broadcastTogether(shapes, shaped, result.getRank(),
                    [&](unsigned k, int64_t i) { return i - (result.getRank() - shaped[k].rank()); });
  for (auto [tensor, value] : llvm::zip(tensors, shaped))
    tensor = value.value;
}

static Value getSize(ShapeBuilder &shapes, ArrayRef<AffineExpr> dims, ArrayRef<OpFoldResult> sizes, int64_t i) {
  return shapes.asIndex(dims[i] ? materializeSize(shapes.builder, shapes.loc, dims[i]) : sizes[i]);
}

ShapedValue wick::broadcastTo(ShapeBuilder &shapes, const ShapedValue &tensor, ArrayRef<AffineExpr> dims,
                              ArrayRef<OpFoldResult> sizes, Misfit misfit) {
  return broadcastTo(shapes, tensor, dims, sizes, [&](Value condition, int64_t i, Value needed, Value size) {
    if (misfit == Misfit::First)
      return raiseIf(shapes, condition, getPairForm(i), {size, needed});
    if (misfit == Misfit::Second)
      return raiseIf(shapes, condition, getPairForm(i), {needed, size});
    SmallVector<Value> numbers{needed, size};
    for (int64_t dim = 0; dim < int64_t(dims.size()); ++dim)
      numbers.push_back(getSize(shapes, dims, sizes, dim));
    llvm::append_range(numbers, getNumbers(shapes, tensor));
    raiseIf(shapes, condition,
            "The expanded size of the tensor ({}) must match the existing size ({}) at non-singleton dimension " +
                std::to_string(i) + ".  Target sizes: " + ts::getListForm(dims.size()) +
                ".  Tensor sizes: " + ts::getListForm(tensor.rank()),
            numbers);
  });
}

ShapedValue wick::broadcastTo(ShapeBuilder &shapes, const ShapedValue &tensor, ArrayRef<AffineExpr> dims,
                              ArrayRef<OpFoldResult> sizes, RaiseUnfit raiseUnfit) {
  int64_t added = int64_t(dims.size()) - tensor.rank();
  ShapedValue result = tensor;
  SmallVector<OpFoldResult> targets(tensor.rank());
  Value repeats;
  for (int64_t i = tensor.rank(); i-- > 0;) {
    AffineExpr own = tensor.dims[i], needed = dims[added + i];
    if (aten::isConstant(own, 1) || (own && own == needed))
      continue;
    Value size = shapes.asIndex(shapes.sizeOf(tensor, i)), expected = getSize(shapes, dims, sizes, added + i);
    Value differs = compare(shapes, arith::CmpIPredicate::ne, size, expected);
    if (matchPattern(differs, m_Zero()))
      continue;
    raiseUnfit(both(shapes, differs, compare(shapes, arith::CmpIPredicate::ne, size, shapes.index(1))), added + i,
               expected, size);
    targets[i] = expected;
    repeats = repeats ? shapes.builder.createOrFold<arith::OrIOp>(shapes.loc, repeats, differs) : differs;
    result.dims[i] = needed;
  }
  if (!repeats)
    return result;
  // Sizes that types tell to differ never get past the raise.
  for (auto [own, needed] : llvm::zip(tensor.dims, ArrayRef(dims).drop_front(added)))
    if (aten::getConstant(own) && aten::areDistinct(own, needed) && !aten::isConstant(own, 1)) {
      SmallVector<OpFoldResult> all = shapes.sizesOf(dims, sizes);
      result.value = shapes.empty(tensor.dtype, ArrayRef(all).drop_front(added));
      result.dims = llvm::to_vector(ArrayRef(dims).drop_front(added));
      return result;
    }
  SmallVector<AffineExpr> known = result.dims;
  result.value = repeatIf(shapes, repeats, tensor.value, targets);
  result.dims = tensor.dims;
  return shapes.cast(result, known);
}
