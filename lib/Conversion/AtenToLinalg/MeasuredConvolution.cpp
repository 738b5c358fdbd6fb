//===- MeasuredConvolution.cpp - convolutions of sizes of run time ----------===//
#include "Convolutions.h"

#include "Checks.h"
#include "Products.h"

#include "wick/Dialect/Aten/IR/Facts.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

std::string wick::getSpaceForm(int64_t space) { return llvm::join(SmallVector<StringRef>(space, "{}"), " x "); }

std::string wick::getKernelForm(int64_t space) {
  std::string list = getSpaceForm(space);
  return "Calculated padded input size per channel: (" + list + "). Kernel size: (" + list +
         "). Kernel size can't be greater than actual input size";
}

void wick::checkChannels(ShapeBuilder &shapes, const ShapedValue &input, const ShapedValue &weight,
                         const ShapedValue &bias, Value channels, Value results, Value groups) {
  Value own = shapes.asIndex(shapes.sizeOf(input, input.rank() - weight.rank() + 1));
  SmallVector<Value> sizes = getNumbers(shapes, weight), numbers;
  if (groups)
    numbers.push_back(groups);
  llvm::append_range(numbers, sizes);
  llvm::append_range(numbers, getNumbers(shapes, input));
  numbers.append({channels, own});
  checkSizes(shapes, own, channels, /*atMost=*/false,
             std::string(groups ? "Given groups={}" : "Given transposed=1") + ", weight of size " +
                 ts::getListForm(weight.rank()) + ", expected input" + ts::getListForm(input.rank()) +
                 " to have {} channels, but got {} channels instead",
             numbers);
  if (!bias)
    return;
  sizes.append({results, shapes.asIndex(shapes.sizeOf(bias, 0))});
  checkSizes(shapes, sizes.end()[-1], sizes.end()[-2], /*atMost=*/false,
             std::string(groups ? "Given weight" : "Given transposed=1, weight") + " of size " +
                 ts::getListForm(weight.rank()) +
                 ", expected bias to be 1-dimensional with {} elements, but got bias of size [{}] instead",
             sizes);
}

MeasuredConvolution::MeasuredConvolution(ShapeBuilder &shapes, ShapedValue input, ShapedValue weight, ShapedValue bias,
                                         Value groups, ArrayRef<int64_t> stride, ArrayRef<int64_t> dilation)
    : shapes(shapes), numbers(shapes.builder, shapes.loc, shapes.builder.getI64Type()), input(input), weight(weight),
      bias(bias), groups(StaticFacts().getInt(groups)),
      groupCount(numbers.apply<arith::IndexCastOp>(shapes.builder.getIndexType(), groups)), stride(stride),
      dilation(dilation), space(weight.rank() - 2), windows(getNumbers(shapes, weight)) {}

void MeasuredConvolution::checkWeight() {
  raiseIf(shapes, numbers.lt(groupCount, shapes.index(1)), "non-positive groups is not supported");
  std::string given = "Given groups={}, expected weight to be ", place = " {} at dimension 0, but got weight of size ",
              list = ts::getListForm(weight.rank());
  SmallVector<Value> sizes = {groupCount, groupCount};
  llvm::append_range(sizes, windows);
  raiseIf(shapes, numbers.lt(windows[0], groupCount), given + "at least" + place + list + " instead", sizes);
  Value rest = numbers.apply<arith::RemUIOp>(windows[0], groupCount);
  raiseIf(shapes, numbers.ne(rest, shapes.index(0)), given + "divisible by" + place + "[" + list + "] instead", sizes);
  checkChannels(shapes, input, weight, bias, numbers.mul(windows[1], groupCount), windows[0], groupCount);
}

void MeasuredConvolution::measure(ArrayRef<Value> padding) {
  checkWeight();
  Value zero = shapes.index(0), one = shapes.index(1), isEmpty, hasNoPlace;
  auto orAlso = [&](Value &found, Value also) { found = found ? numbers.apply<arith::OrIOp>(found, also) : also; };
  SmallVector<Value> kernel = llvm::to_vector(ArrayRef(windows).drop_front(2)), padded, extents;
  for (auto [i, window] : llvm::enumerate(kernel)) {
    Value size = shapes.asIndex(shapes.sizeOf(input, input.rank() - space + i));
    Value reach = numbers.mul(numbers.sub(window, one), shapes.index(dilation[i]));
    Value before, after;
    if (padding.empty()) {
      before = numbers.apply<arith::DivUIOp>(reach, shapes.index(2));
      after = numbers.sub(reach, before);
    } else {
      before = after =
          arith::IndexCastOp::create(shapes.builder, shapes.loc, shapes.builder.getIndexType(), padding[i]);
      raiseIf(shapes, numbers.lt(before, zero), "negative padding is not supported");
    }
    extents.push_back(numbers.add(reach, one));
    padded.push_back(numbers.add(numbers.add(size, before), after));
    orAlso(isEmpty, numbers.lt(window, one));
    orAlso(hasNoPlace, numbers.lt(padded.back(), extents.back()));
    Value steps = numbers.apply<arith::DivUIOp>(numbers.sub(padded.back(), extents.back()), shapes.index(stride[i]));
    low.push_back(before);
    high.push_back(after);
    places.push_back(numbers.add(steps, one));
  }
  // LibTorch shows a single dim as the second of two.
  StringRef names[] = {" kernel_depth: {}", " kernel_height: {}", " kernel_width: {}"};
  std::string sizes = space == 1 ? " kernel_height: 1" : "";
  for (int64_t i = 3 - space; i < 3; ++i)
    sizes += names[i];
  raiseIf(shapes, isEmpty, "kernel size should be greater than zero, but got" + sizes, kernel);
  llvm::append_range(padded, extents);
  raiseIf(shapes, hasNoPlace, getKernelForm(space), padded);
}

/// The products summed up, in the accumulator's dtype: a generic over batch, (groups,) channels and space of the
/// result, then channels and windows of the weight.
ShapedValue MeasuredConvolution::sum(ArrayRef<AffineExpr> dims, ArrayRef<OpFoldResult> sizes) {
  OpBuilder &builder = shapes.builder;
  bool grouped = !isConstant(groups, 1);
  ShapedValue image = input, window = weight;
  // As many channels as are checked to be there.
  if (std::optional<int64_t> count = getConstant(groups); count && image.size(1) && !window.size(1)) {
    SmallVector<AffineExpr> known = window.dims;
    known[1] = shapes.expr(*image.size(1) / *count);
    window = shapes.cast(window, known);
  } else if (!image.size(1) && window.dims[1] && groups) {
    SmallVector<AffineExpr> known = image.dims;
    known[1] = simplifySize(window.dims[1] * groups);
    image = shapes.cast(image, known);
  }
  SmallVector<AffineExpr> resultDims(dims);
  SmallVector<OpFoldResult> resultSizes(sizes);
  if (grouped) {
    auto split = [&](ShapedValue &tensor, int64_t at, Value part) {
      SmallVector<AffineExpr> dims = tensor.dims;
      SmallVector<OpFoldResult> sizes = shapes.sizesOf(tensor);
      dims[at] = divideExactly(dims[at], groups);
      sizes[at] = part;
      dims.insert(dims.begin() + at, groups);
      sizes.insert(sizes.begin() + at, groupCount);
      tensor = shapes.reshape(tensor, dims, sizes);
    };
    Value part = numbers.apply<arith::DivUIOp>(windows[0], groupCount);
    split(image, 1, windows[1]);
    split(window, 0, part);
    resultDims[1] = window.dims[1];
    resultSizes[1] = part;
    resultDims.insert(resultDims.begin() + 1, groups);
    resultSizes.insert(resultSizes.begin() + 1, groupCount);
  }
  SmallVector<OpFoldResult> lows(2 + grouped, builder.getIndexAttr(0)), highs = lows;
  llvm::append_range(lows, low);
  llvm::append_range(highs, high);
  Value zero = toStorage(builder, shapes.loc, createConstant(builder, shapes.loc, image.dtype, 0), image.dtype);
  image = shapes.pad(image, lows, highs, zero);

  Product product{image, window, {}, {}, resultDims, {window.dims[1 + grouped]}, resultSizes};
  unsigned output = 1 + grouped, place = output + 1, channel = place + space, offset = channel + 1;
  SmallVector<AffineExpr> imageExprs = {shapes.dim(0)}, windowExprs;
  if (grouped) {
    imageExprs.push_back(shapes.dim(1));
    windowExprs.push_back(shapes.dim(1));
  }
  imageExprs.push_back(shapes.dim(channel));
  windowExprs.append({shapes.dim(output), shapes.dim(channel)});
  for (int64_t i = 0; i < space; ++i) {
    imageExprs.push_back(shapes.dim(place + i) * stride[i] + shapes.dim(offset + i) * dilation[i]);
    windowExprs.push_back(shapes.dim(offset + i));
    product.summed.push_back(weight.dims[2 + i]);
  }
  product.lhsMap = AffineMap::get(offset + space, 0, imageExprs, builder.getContext());
  product.rhsMap = AffineMap::get(offset + space, 0, windowExprs, builder.getContext());
  ShapedValue result = product.build(shapes);
  return grouped ? shapes.reshape(result, dims, sizes) : result;
}

ShapedValue MeasuredConvolution::build(ArrayRef<AffineExpr> dims) {
  bool batched = input.rank() == weight.rank();
  SmallVector<AffineExpr> resultDims(dims);
  SmallVector<OpFoldResult> sizes;
  if (batched) {
    sizes.push_back(shapes.sizeOf(input, 0));
  } else {
    SmallVector<AffineExpr> inputDims = input.dims;
    SmallVector<OpFoldResult> inputSizes = shapes.sizesOf(input);
    sizes.push_back(shapes.builder.getIndexAttr(1));
    resultDims.insert(resultDims.begin(), shapes.expr(1));
    inputDims.insert(inputDims.begin(), shapes.expr(1));
    inputSizes.insert(inputSizes.begin(), sizes[0]);
    input = shapes.reshape(input, inputDims, inputSizes);
  }
  sizes.push_back(windows[0]);
  llvm::append_range(sizes, places);
  Type dtype = input.dtype;
  ShapedValue result = sum(resultDims, sizes);
  if (bias) {
    AffineMap maps[] = {shapes.builder.getMultiDimIdentityMap(result.rank()),
                        AffineMap::get(result.rank(), 0, shapes.dim(1))};
    result = shapes.map(dtype, resultDims, sizes, {result, bias}, maps,
                        [](ScalarBuilder &s, ValueRange args) { return s.add(args[0], args[1]); });
  }
  result = shapes.convert(result, dtype);
  return batched ? result : shapes.reshape(result, dims, ArrayRef(sizes).drop_front());
}
