//===- TransformFilters.cpp - filters of convolutions by their transform ----===//
//
// The transform of a filter takes sums of its rows and then of their columns, with
// factors that depend on the place in the result. The sums are elementwise ops on
// slices, which the compiler computes with the other constants.
//
//===----------------------------------------------------------------------===//
#include "TransformFilters.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"

using namespace mlir;
using namespace wick;
using namespace wick::plan;

/// Replaces the three elements along `dim` by their sums with the factors of the transform.
static Value transformDim(OpBuilder &b, Location loc, Value filter, int64_t dim, const cpu::Winograd &transform) {
  auto type = cast<RankedTensorType>(filter.getType());
  int64_t rank = type.getRank();
  SmallVector<OpFoldResult> offsets(rank, b.getIndexAttr(0)), sizes, strides(rank, b.getIndexAttr(1));
  for (int64_t size : type.getShape())
    sizes.push_back(b.getIndexAttr(size));
  SmallVector<int64_t> shape(type.getShape()), sliceShape;
  for (int64_t other = 0; other < rank; ++other)
    if (other != dim)
      sliceShape.push_back(shape[other]);
  sizes[dim] = b.getIndexAttr(1);
  shape[dim] = transform.side();
  SmallVector<Value> slices;
  AffineMap identity = b.getMultiDimIdentityMap(rank);
  SmallVector<AffineMap> maps(3, identity.dropResult(dim));
  maps.push_back(identity);
  auto sliceType = RankedTensorType::get(sliceShape, type.getElementType());
  for (int64_t row = 0; row < 3; ++row) {
    offsets[dim] = b.getIndexAttr(row);
    slices.push_back(tensor::ExtractSliceOp::create(b, loc, sliceType, filter, offsets, sizes, strides));
  }
  Value empty = tensor::EmptyOp::create(b, loc, shape, type.getElementType());
  SmallVector<utils::IteratorType> loops(rank, utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             b, loc, empty.getType(), slices, empty, maps, loops,
             [&](OpBuilder &b, Location loc, ValueRange arguments) {
               Value index = linalg::IndexOp::create(b, loc, dim), sum;
               for (int64_t element = 0; element < 3; ++element) {
                 auto constant = [&](int64_t row) -> Value {
                   return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(transform.filterRow(row)[element]));
                 };
                 Value factor = constant(0);
                 for (int64_t row = 1; row < transform.side(); ++row) {
                   Value at = arith::ConstantIndexOp::create(b, loc, row);
                   Value here = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, index, at);
                   factor = arith::SelectOp::create(b, loc, here, constant(row), factor);
                 }
                 Value product = arith::MulFOp::create(b, loc, arguments[element], factor);
                 sum = sum ? Value(arith::AddFOp::create(b, loc, sum, product)) : product;
               }
               linalg::YieldOp::create(b, loc, sum);
             })
      .getResult(0);
}

void plan::transformFilter(linalg::LinalgOp convolution, const cpu::Winograd &transform, int64_t width) {
  OpBuilder b(convolution);
  Location loc = convolution.getLoc();
  OpOperand &filter = convolution->getOpOperand(1);
  auto type = cast<RankedTensorType>(filter.get().getType());
  Value transformed = transformDim(b, loc, filter.get(), 0, transform);
  transformed = transformDim(b, loc, transformed, 1, transform);
  int64_t side = transform.side(), channels = type.getDimSize(2), filters = type.getDimSize(3);
  Value empty = tensor::EmptyOp::create(
      b, loc, ArrayRef<int64_t>{side, side, int64_t(llvm::divideCeil(filters, width)), channels, width},
      type.getElementType());
  std::optional<Value> padding;
  if (filters % width)
    padding = arith::ConstantOp::create(b, loc, b.getZeroAttr(type.getElementType()));
  Value packed = linalg::PackOp::create(b, loc, transformed, empty, /*innerDimsPos=*/ArrayRef<int64_t>{3},
                                        ArrayRef<OpFoldResult>{b.getIndexAttr(width)}, padding,
                                        /*outerDimsPerm=*/ArrayRef<int64_t>{0, 1, 3, 2})
                     ->getResult(0);
  filter.set(RestoreFilterOp::create(b, loc, type, packed, transform.tile));
}
