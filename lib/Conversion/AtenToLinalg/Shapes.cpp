//===- Shapes.cpp - tensors on the way through a lowering -------------------===//
#include "Shapes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

ShapedValue::ShapedValue(Value original, Value converted) : value(converted) {
  ts::TensorType type = ts::TensorType::getFromValueType(getOriginalType(original));
  dtype = type.getDtype();
  dims = SmallVector<AffineExpr>(type.getDims());
}

Type wick::getAccumulatorDtype(Type dtype) {
  return dtype.isF16() || dtype.isBF16() ? Type(Float32Type::get(dtype.getContext())) : dtype;
}

static SmallVector<int64_t> getShape(ArrayRef<AffineExpr> dims) {
  return llvm::map_to_vector(dims, [](AffineExpr dim) { return getConstant(dim).value_or(ShapedType::kDynamic); });
}

static RankedTensorType getTensorType(Type dtype, ArrayRef<AffineExpr> dims) {
  return RankedTensorType::get(getShape(dims), getStorageType(dtype));
}

/// `value` as a tensor that is static in exactly the constant dims.
static Value castTo(OpBuilder &builder, Location loc, Value value, RankedTensorType type) {
  return value.getType() == type ? value : tensor::CastOp::create(builder, loc, type, value).getResult();
}

Value wick::toResult(ShapeBuilder &shapes, const ShapedValue &value, Value original) {
  RankedTensorType type = getOriginalType(original);
  ShapedValue converted = shapes.convert(value, type.getElementType());
  return castTo(shapes.builder, shapes.loc, converted.value, getStorageTensor(type));
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

Value ShapeBuilder::index(int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); }

Value ShapeBuilder::asIndex(OpFoldResult size) { return getValueOrCreateConstantIndexOp(builder, loc, size); }

OpFoldResult ShapeBuilder::sizeOf(const ShapedValue &tensor, int64_t dim) {
  if (tensor.dims[dim])
    return materializeSize(builder, loc, tensor.dims[dim]);
  return tensor::DimOp::create(builder, loc, tensor.value, dim).getResult();
}

SmallVector<OpFoldResult> ShapeBuilder::sizesOf(const ShapedValue &tensor) {
  SmallVector<OpFoldResult> sizes;
  for (int64_t i = 0; i < tensor.rank(); ++i)
    sizes.push_back(sizeOf(tensor, i));
  return sizes;
}

SmallVector<OpFoldResult> ShapeBuilder::sizesOf(ArrayRef<AffineExpr> dims, ArrayRef<OpFoldResult> known) {
  SmallVector<OpFoldResult> sizes;
  for (auto [i, size] : llvm::enumerate(dims)) {
    assert((size || (i < known.size() && known[i])) && "a size that has no expression must be given");
    sizes.push_back(size ? materializeSize(builder, loc, size) : known[i]);
  }
  return sizes;
}

//===----------------------------------------------------------------------===//
// The same elements
//===----------------------------------------------------------------------===//

/// Groups of adjacent dims of two shapes that hold equally many elements: as many groups as can be proven.
static void findGroups(ArrayRef<AffineExpr> a, ArrayRef<AffineExpr> b, SmallVectorImpl<ReassociationIndices> &groupsA,
                       SmallVectorImpl<ReassociationIndices> &groupsB, MLIRContext *context) {
  auto equal = [&](ArrayRef<AffineExpr> x, ArrayRef<AffineExpr> y) {
    AffineExpr p = getNumElements(x, context), q = getNumElements(y, context);
    return p && q && isConstant(divideExactly(p, q), 1) && isConstant(divideExactly(q, p), 1);
  };
  auto close = [](SmallVectorImpl<ReassociationIndices> &groups, int64_t begin, int64_t end) {
    groups.emplace_back(llvm::to_vector(llvm::seq(begin, end)));
  };
  int64_t beginA = 0, beginB = 0, sizeA = a.size(), sizeB = b.size();
  while (beginA < sizeA && beginB < sizeB) {
    int64_t endA = sizeA, endB = sizeB;
    // The smallest groups with equal products, of which what follows is equal as well where it is known to be.
    bool found = false;
    for (int64_t total = 2; !found && total <= (sizeA - beginA) + (sizeB - beginB); ++total)
      for (int64_t countA = std::max<int64_t>(1, total - (sizeB - beginB));
           !found && countA <= std::min(total - 1, sizeA - beginA); ++countA) {
        int64_t countB = total - countA;
        bool lastA = beginA + countA == sizeA, lastB = beginB + countB == sizeB;
        if (lastA != lastB || !equal(a.slice(beginA, countA), b.slice(beginB, countB)))
          continue;
        endA = beginA + countA;
        endB = beginB + countB;
        found = true;
      }
    close(groupsA, beginA, endA);
    close(groupsB, beginB, endB);
    beginA = endA;
    beginB = endB;
  }
}

ShapedValue ShapeBuilder::reshape(const ShapedValue &source, ArrayRef<AffineExpr> dims, ArrayRef<OpFoldResult> sizes) {
  MLIRContext *context = builder.getContext();
  if (ArrayRef(source.dims) == dims && !llvm::is_contained(dims, AffineExpr()))
    return source;
  SmallVector<ReassociationIndices> from, to;
  findGroups(source.dims, dims, from, to, context);
  // What is left over on one side are dims of size one.
  if (from.empty() || to.empty()) {
    from.clear();
    to.clear();
  }
  // First each group becomes one dim…
  SmallVector<AffineExpr> merged;
  for (const ReassociationIndices &group : from) {
    SmallVector<AffineExpr> part = llvm::map_to_vector(group, [&](int64_t dim) { return source.dims[dim]; });
    merged.push_back(getNumElements(part, context));
  }
  Value value = source.value;
  if (merged.size() != source.dims.size()) {
    RankedTensorType type = getTensorType(source.dtype, merged);
    // A group with a dynamic dim is dynamic although its product may be a constant.
    SmallVector<int64_t> shape(type.getShape());
    for (auto [size, group] : llvm::zip(shape, from))
      if (llvm::any_of(group, [&](int64_t dim) { return !source.size(dim); }))
        size = ShapedType::kDynamic;
    type = RankedTensorType::get(shape, type.getElementType());
    value = tensor::CollapseShapeOp::create(builder, loc, type, value, from);
  }
  // …then each dim becomes a group.
  RankedTensorType result = getTensorType(source.dtype, dims);
  if (merged.size() != dims.size()) {
    SmallVector<int64_t> shape;
    for (const ReassociationIndices &group : to) {
      int64_t product = 1;
      for (int64_t dim : group)
        product = product == ShapedType::kDynamic || result.isDynamicDim(dim) ? ShapedType::kDynamic
                                                                              : product * result.getDimSize(dim);
      shape.push_back(product);
    }
    value = castTo(builder, loc, value, RankedTensorType::get(shape, result.getElementType()));
    value = tensor::ExpandShapeOp::create(builder, loc, result, value, to, sizesOf(dims, sizes));
  }
  return {castTo(builder, loc, value, result), source.dtype, dims};
}

ShapedValue ShapeBuilder::transpose(const ShapedValue &source, ArrayRef<int64_t> permutation) {
  SmallVector<AffineExpr> dims = llvm::map_to_vector(permutation, [&](int64_t dim) { return source.dims[dim]; });
  SmallVector<int64_t> moved;
  for (int64_t dim : permutation)
    if (!isConstant(source.dims[dim], 1))
      moved.push_back(dim);
  if (llvm::is_sorted(moved)) {
    SmallVector<OpFoldResult> sizes;
    if (llvm::is_contained(dims, AffineExpr()))
      sizes = llvm::map_to_vector(permutation, [&](int64_t dim) { return sizeOf(source, dim); });
    return reshape(source, dims, sizes);
  }
  SmallVector<OpFoldResult> sizes = llvm::map_to_vector(permutation, [&](int64_t dim) { return sizeOf(source, dim); });
  Value value =
      linalg::TransposeOp::create(builder, loc, source.value, empty(source.dtype, sizes), permutation).getResult()[0];
  return {value, source.dtype, dims};
}

ShapedValue ShapeBuilder::pad(const ShapedValue &source, ArrayRef<int64_t> low, ArrayRef<int64_t> high, double fill) {
  auto attributes = [&](ArrayRef<int64_t> widths) {
    return llvm::map_to_vector(widths, [&](int64_t width) { return OpFoldResult(builder.getIndexAttr(width)); });
  };
  Value element = toStorage(builder, loc, createConstant(builder, loc, source.dtype, fill), source.dtype);
  return pad(source, attributes(low), attributes(high), element);
}

ShapedValue ShapeBuilder::pad(const ShapedValue &source, ArrayRef<OpFoldResult> low, ArrayRef<OpFoldResult> high,
                              Value fill) {
  if (llvm::all_of(low, isZeroInteger) && llvm::all_of(high, isZeroInteger))
    return source;
  SmallVector<AffineExpr> dims;
  for (auto [size, before, after] : llvm::zip(source.dims, low, high)) {
    std::optional<int64_t> first = getConstantIntValue(before), last = getConstantIntValue(after);
    dims.push_back(first && last ? add(size, expr(*first + *last)) : AffineExpr());
  }
  Value value = tensor::PadOp::create(builder, loc, getTensorType(source.dtype, dims), source.value, low, high, fill);
  return {value, source.dtype, dims};
}

ShapedValue ShapeBuilder::slice(const ShapedValue &source, ArrayRef<OpFoldResult> offsets, ArrayRef<AffineExpr> dims,
                                ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> steps) {
  // A part without elements may stand behind the end, where no slice begins, and so does each part of nothing.
  if (llvm::any_of(llvm::concat<const AffineExpr>(source.dims, dims),
                   [](AffineExpr size) { return isConstant(size, 0); }))
    return {empty(source.dtype, sizesOf(dims, sizes)), source.dtype, SmallVector<AffineExpr>(dims)};
  Value value = tensor::ExtractSliceOp::create(builder, loc, getTensorType(source.dtype, dims), source.value, offsets,
                                               sizesOf(dims, sizes), steps);
  return {value, source.dtype, dims};
}

ShapedValue ShapeBuilder::convert(const ShapedValue &source, Type dtype) {
  if (source.dtype == dtype)
    return source;
  return map(dtype, source.dims, source, [&](ScalarBuilder &s, ValueRange args) {
    return convertScalar(s.builder, s.loc, args[0], source.dtype, dtype);
  });
}

ShapedValue ShapeBuilder::cast(const ShapedValue &source, ArrayRef<AffineExpr> dims) {
  return {castTo(builder, loc, source.value, getTensorType(source.dtype, dims)), source.dtype,
          SmallVector<AffineExpr>(dims)};
}

//===----------------------------------------------------------------------===//
// New elements
//===----------------------------------------------------------------------===//

Value ShapeBuilder::empty(Type dtype, ArrayRef<OpFoldResult> sizes) {
  return tensor::EmptyOp::create(builder, loc, sizes, getStorageType(dtype));
}

Value ShapeBuilder::filled(Type dtype, ArrayRef<OpFoldResult> sizes, double value) {
  Value element = toStorage(builder, loc, createConstant(builder, loc, dtype, value), dtype);
  return linalg::FillOp::create(builder, loc, element, empty(dtype, sizes)).getResult(0);
}

ShapedValue ShapeBuilder::map(Type dtype, ArrayRef<AffineExpr> dims, ArrayRef<ShapedValue> operands, MapBody body) {
  SmallVector<AffineMap> maps;
  SmallVector<OpFoldResult> sizes(dims.size());
  for (const ShapedValue &operand : operands) {
    int64_t added = int64_t(dims.size()) - operand.rank();
    SmallVector<AffineExpr> exprs;
    for (int64_t i = 0; i < operand.rank(); ++i) {
      bool repeats = isConstant(operand.dims[i], 1) && !isConstant(dims[added + i], 1);
      exprs.push_back(repeats ? expr(0) : dim(added + i));
      if (!repeats && !dims[added + i] && !sizes[added + i])
        sizes[added + i] = sizeOf(operand, i);
    }
    maps.push_back(AffineMap::get(dims.size(), 0, exprs, builder.getContext()));
  }
  return map(dtype, dims, sizes, operands, maps, body);
}

ShapedValue ShapeBuilder::map(Type dtype, ArrayRef<AffineExpr> dims, ArrayRef<OpFoldResult> sizes,
                              ArrayRef<ShapedValue> operands, ArrayRef<AffineMap> maps, MapBody body) {
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(dims.size()));
  SmallVector<Value> values = llvm::map_to_vector(operands, [](const ShapedValue &operand) { return operand.value; });
  SmallVector<utils::IteratorType> iterators(dims.size(), utils::IteratorType::parallel);
  Value init = empty(dtype, sizesOf(dims, sizes));
  auto generic =
      linalg::GenericOp::create(builder, loc, TypeRange(init.getType()), values, ValueRange(init), allMaps, iterators,
                                [&](OpBuilder &b, Location l, ValueRange args) {
                                  SmallVector<Value> elements;
                                  for (auto [arg, operand] : llvm::zip(args, operands))
                                    elements.push_back(fromStorage(b, l, arg, operand.dtype));
                                  ScalarBuilder scalars(b, l, dtype);
                                  linalg::YieldOp::create(b, l, toStorage(b, l, body(scalars, elements), dtype));
                                });
  return {generic.getResult(0), dtype, dims};
}

ShapedValue ShapeBuilder::gather(const ShapedValue &source, ArrayRef<AffineExpr> dims, ArrayRef<OpFoldResult> sizes,
                                 function_ref<SmallVector<Value>(ScalarBuilder &, SmallVector<Value>)> place) {
  return map(source.dtype, dims, sizes, {}, {}, [&](ScalarBuilder &s, ValueRange) {
    SmallVector<Value> position;
    for (size_t i = 0; i < dims.size(); ++i)
      position.push_back(linalg::IndexOp::create(s.builder, s.loc, i));
    Value element = tensor::ExtractOp::create(s.builder, s.loc, source.value, place(s, position));
    return fromStorage(s.builder, s.loc, element, source.dtype);
  });
}

ShapedValue ShapeBuilder::fold(Type dtype, const ShapedValue &source, ArrayRef<int64_t> reduced, double init,
                               FoldBody body) {
  return fold(dtype, source, builder.getMultiDimIdentityMap(source.rank()), reduced, init, body);
}

ShapedValue ShapeBuilder::fold(Type dtype, ArrayRef<ShapedValue> operands, ArrayRef<AffineMap> maps,
                               ArrayRef<int64_t> reduced, double init, FoldBody body) {
  const ShapedValue &source = operands.front();
  SmallVector<utils::IteratorType> iterators(source.rank(), utils::IteratorType::parallel);
  SmallVector<AffineExpr> exprs, dims;
  SmallVector<OpFoldResult> sizes;
  for (int64_t i = 0; i < source.rank(); ++i) {
    if (llvm::is_contained(reduced, i)) {
      iterators[i] = utils::IteratorType::reduction;
      continue;
    }
    exprs.push_back(dim(i));
    dims.push_back(source.dims[i]);
    sizes.push_back(sizeOf(source, i));
  }
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(AffineMap::get(source.rank(), 0, exprs, builder.getContext()));
  SmallVector<Value> values = llvm::map_to_vector(operands, [](const ShapedValue &operand) { return operand.value; });
  Value start = filled(dtype, sizes, init);
  auto generic = linalg::GenericOp::create(
      builder, loc, TypeRange(start.getType()), values, ValueRange(start), allMaps, iterators,
      [&](OpBuilder &b, Location l, ValueRange args) {
        ScalarBuilder scalars(b, l, dtype);
        SmallVector<Value> elements;
        for (auto [arg, operand] : llvm::zip(args, operands))
          elements.push_back(convertScalar(b, l, fromStorage(b, l, arg, operand.dtype), operand.dtype, dtype));
        Value folded = body(scalars, elements, fromStorage(b, l, args.back(), dtype));
        linalg::YieldOp::create(b, l, toStorage(b, l, folded, dtype));
      });
  return {generic.getResult(0), dtype, dims};
}

ShapedValue ShapeBuilder::sum(Type dtype, const ShapedValue &source, ArrayRef<int64_t> reduced) {
  return fold(dtype, source, reduced, 0,
              [](ScalarBuilder &s, ValueRange elements, Value folded) { return s.add(folded, elements[0]); });
}
