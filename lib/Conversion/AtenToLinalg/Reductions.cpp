//===- Reductions.cpp - reductions over dims of tensors ---------------------===//
#include "Reductions.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

using namespace mlir;
using namespace wick;

RankedTensorType wick::getReducedType(RankedTensorType original, ArrayRef<int64_t> dims, Type dtype) {
  SmallVector<AffineExpr> kept;
  for (auto [i, size] : llvm::enumerate(getDimExprs(original)))
    if (!llvm::is_contained(dims, int64_t(i)))
      kept.push_back(size);
  return ts::TensorType::get(original.getContext(), kept, dtype).getValueType();
}

Value wick::createReduction(OpBuilder &builder, Location loc, ValueRange operands, ArrayRef<RankedTensorType> originals,
                            ArrayRef<int64_t> dims, Value init, ReductionBody body) {
  RankedTensorType domain = originals.front();
  int64_t rank = domain.getRank();
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  SmallVector<AffineExpr> kept;
  SmallVector<OpFoldResult> sizes, domainSizes = getMixedSizes(builder, loc, domain, operands.front());
  for (int64_t i = 0; i < rank; ++i) {
    if (llvm::is_contained(dims, i)) {
      iterators[i] = utils::IteratorType::reduction;
      continue;
    }
    kept.push_back(builder.getAffineDimExpr(i));
    sizes.push_back(domainSizes[i]);
  }
  SmallVector<AffineMap> maps =
      llvm::map_to_vector(originals, [&](RankedTensorType type) { return getBroadcastMap(type, domain); });
  maps.push_back(AffineMap::get(rank, 0, kept, builder.getContext()));
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, init.getType());
  Value start = linalg::FillOp::create(builder, loc, init, empty).getResult(0);
  auto generic =
      linalg::GenericOp::create(builder, loc, TypeRange(start.getType()), operands, ValueRange(start), maps, iterators,
                                [&](OpBuilder &b, Location bodyLoc, ValueRange args) {
                                  linalg::YieldOp::create(b, bodyLoc, body(b, bodyLoc, args.drop_back(), args.back()));
                                });
  return generic.getResult(0);
}

Value wick::createSum(OpBuilder &builder, Location loc, Value operand, RankedTensorType original,
                      ArrayRef<int64_t> dims) {
  Type dtype = original.getElementType();
  Value zero = createConstant(builder, loc, dtype, 0);
  return createReduction(builder, loc, operand, original, dims, zero,
                         [&](OpBuilder &b, Location l, ValueRange elements, Value accumulator) {
                           ScalarBuilder s(b, l, dtype);
                           return s.add(accumulator, fromStorage(b, l, elements[0], dtype));
                         });
}

Value wick::restoreDims(OpBuilder &builder, Location loc, Value reduced, RankedTensorType original,
                        ArrayRef<int64_t> dims, bool keepdim) {
  auto type = cast<RankedTensorType>(reduced.getType());
  if (!keepdim || dims.empty())
    return reduced;
  int64_t rank = original.getRank();
  SmallVector<int64_t> shape;
  SmallVector<OpFoldResult> sizes,
      known = getMixedSizes(builder, loc, getReducedType(original, dims, type.getElementType()), reduced);
  // Each dim that is left takes the reduced ones after it, the first one also those before it.
  SmallVector<ReassociationIndices> groups;
  size_t next = 0;
  ReassociationIndices leading;
  for (int64_t i = 0; i < rank; ++i) {
    bool isReduced = llvm::is_contained(dims, i);
    shape.push_back(isReduced ? 1 : type.getDimSize(next));
    sizes.push_back(isReduced ? OpFoldResult(builder.getIndexAttr(1)) : known[next]);
    if (!isReduced) {
      ++next;
      groups.push_back(std::move(leading));
      groups.back().push_back(i);
      leading.clear();
    } else if (groups.empty()) {
      leading.push_back(i);
    } else {
      groups.back().push_back(i);
    }
  }
  return tensor::ExpandShapeOp::create(builder, loc, RankedTensorType::get(shape, type.getElementType()), reduced,
                                       groups, sizes);
}

Value wick::createCount(OpBuilder &builder, Location loc, Value operand, RankedTensorType original,
                        ArrayRef<int64_t> dims) {
  SmallVector<OpFoldResult> sizes = getMixedSizes(builder, loc, original, operand);
  Value count;
  int64_t constant = 1;
  for (int64_t dim : dims) {
    if (std::optional<int64_t> size = getConstantIntValue(sizes[dim])) {
      constant *= *size;
      continue;
    }
    Value size = cast<Value>(sizes[dim]);
    count = count ? arith::MulIOp::create(builder, loc, count, size) : size;
  }
  Value factor = arith::ConstantIndexOp::create(builder, loc, constant);
  if (!count)
    count = factor;
  else if (constant != 1)
    count = arith::MulIOp::create(builder, loc, count, factor);
  if (count == factor)
    return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(constant));
  return arith::IndexCastOp::create(builder, loc, builder.getI64Type(), count);
}
