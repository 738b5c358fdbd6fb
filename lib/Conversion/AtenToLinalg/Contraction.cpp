//===- Contraction.cpp - lowerings: matrix products -------------------------===//
//
// Every product is one `linalg.generic` whose maps say how its operands are read, so
// that no operand is transposed or broadcast in memory.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenContractionOps.h"

#include "Broadcast.h"
#include "Checks.h"
#include "Patterns.h"
#include "Products.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

ShapedValue Product::build(ShapeBuilder &shapes) const {
  OpBuilder &builder = shapes.builder;
  Type dtype = getAccumulatorDtype(lhs.dtype);
  unsigned loops = dims.size() + summed.size();
  SmallVector<utils::IteratorType> iterators(dims.size(), utils::IteratorType::parallel);
  iterators.append(summed.size(), utils::IteratorType::reduction);
  for (auto [i, left] : llvm::enumerate(lhsMap.getResults()))
    for (auto [j, right] : llvm::enumerate(rhsMap.getResults()))
      if (left == right && isa<AffineDimExpr>(left))
        checkSizes(shapes, lhs, i, rhs, j, /*atMost=*/false,
                   misfit.empty() ? "shapes of tensors cannot be multiplied" : misfit, numbers);
  // Sizes without an expression are measured on the operand that has the dim.
  SmallVector<OpFoldResult> measured(sizes);
  measured.resize(dims.size());
  for (auto [operand, map] : {std::pair(lhs, lhsMap), std::pair(rhs, rhsMap)})
    for (auto [i, e] : llvm::enumerate(map.getResults()))
      if (auto loop = dyn_cast<AffineDimExpr>(e); loop && loop.getPosition() < dims.size() && !dims[loop.getPosition()])
        measured[loop.getPosition()] = shapes.sizeOf(operand, i);
  Value init = shapes.filled(dtype, shapes.sizesOf(dims, measured), 0);
  SmallVector<AffineExpr> results;
  for (unsigned i = 0; i < dims.size(); ++i)
    results.push_back(shapes.dim(i));
  SmallVector<AffineMap> maps = {lhsMap, rhsMap, AffineMap::get(loops, 0, results, builder.getContext())};
  auto generic = linalg::GenericOp::create(
      builder, shapes.loc, TypeRange(init.getType()), ValueRange{lhs.value, rhs.value}, ValueRange(init), maps,
      iterators, [&](OpBuilder &b, Location l, ValueRange args) {
        ScalarBuilder s(b, l, dtype);
        Value x = convertScalar(b, l, fromStorage(b, l, args[0], lhs.dtype), lhs.dtype, dtype);
        Value y = convertScalar(b, l, fromStorage(b, l, args[1], rhs.dtype), rhs.dtype, dtype);
        Value sum = s.add(fromStorage(b, l, args[2], dtype), s.mul(x, y));
        linalg::YieldOp::create(b, l, toStorage(b, l, sum, dtype));
      });
  return {generic.getResult(0), dtype, dims};
}

/// The number of elements of the dims before `end`.
static Value countElements(ShapeBuilder &shapes, const ShapedValue &tensor, int64_t end) {
  Value count = shapes.index(1);
  for (int64_t i = 0; i < end; ++i)
    count = shapes.builder.createOrFold<arith::MulIOp>(shapes.loc, count, shapes.asIndex(shapes.sizeOf(tensor, i)));
  return count;
}

void Product::setMisfit(ShapeBuilder &shapes, bool transposeRhs) {
  auto size = [&](const ShapedValue &tensor, int64_t fromEnd) {
    return shapes.asIndex(shapes.sizeOf(tensor, tensor.rank() - fromEnd));
  };
  auto rhsSize = [&](int64_t fromEnd) { return size(rhs, transposeRhs ? 3 - fromEnd : fromEnd); };
  if (lhs.rank() == 1 && rhs.rank() == 1) {
    misfit = "inconsistent tensor size, expected tensor [{}] and src [{}] to have the same number of elements, but got "
             "{} and {} elements respectively";
    numbers = {size(lhs, 1), size(rhs, 1), size(lhs, 1), size(rhs, 1)};
  } else if (lhs.rank() == 2 && rhs.rank() == 1) {
    misfit = "size mismatch, got input ({}), mat ({}x{}), vec ({})";
    numbers = {size(lhs, 2), size(lhs, 2), size(lhs, 1), size(rhs, 1)};
  } else if (rhs.rank() == 2) {
    misfit = "mat1 and mat2 shapes cannot be multiplied ({}x{} and {}x{})";
    numbers = {countElements(shapes, lhs, lhs.rank() - 1), size(lhs, 1), rhsSize(2), rhsSize(1)};
  } else if (rhs.rank() > 2 && lhs.rank() > 2) {
    misfit = "Expected size for first two dimensions of batch2 tensor to be: [{}, {}] but got: [{}, {}].";
    numbers = {countElements(shapes, lhs, lhs.rank() - 2), size(lhs, 1), countElements(shapes, rhs, rhs.rank() - 2),
               rhsSize(2)};
  }
}

ShapedValue wick::buildMatmul(ShapeBuilder &shapes, ShapedValue lhs, ShapedValue rhs, bool transposeRhs,
                              bool broadcasts) {
  int64_t batchLhs = std::max<int64_t>(lhs.rank() - 2, 0), batchRhs = std::max<int64_t>(rhs.rank() - 2, 0);
  int64_t batch = std::max(batchLhs, batchRhs);
  bool rows = lhs.rank() > 1, columns = rhs.rank() > 1;
  if (broadcasts) {
    ShapedValue operands[] = {lhs, rhs};
    broadcastTogether(shapes, operands, batch,
                      [&](unsigned k, int64_t i) -> int64_t { return i - (batch - (k == 0 ? batchLhs : batchRhs)); });
    std::tie(lhs, rhs) = std::pair(operands[0], operands[1]);
  }
  Product product{lhs, rhs, {}, {}, {}, {}};
  product.setMisfit(shapes, transposeRhs);
  unsigned m = batch, n = batch + rows, k = batch + rows + columns;
  MLIRContext *context = shapes.builder.getContext();
  product.dims.resize(batch);
  SmallVector<AffineExpr> lhsExprs, rhsExprs;
  for (auto [operand, count, exprs] : {std::tuple(&lhs, batchLhs, &lhsExprs), std::tuple(&rhs, batchRhs, &rhsExprs)})
    for (int64_t i = 0; i < count; ++i) {
      unsigned loop = batch - count + i;
      AffineExpr size = operand->dims[i], &known = product.dims[loop];
      known = !known || isConstant(known, 1) ? size : isConstant(size, 1) ? known : getMoreKnown(known, size);
      exprs->push_back(shapes.dim(loop));
    }
  // A batch dim of size one next to a larger one is read at 0.
  for (auto [operand, exprs] : {std::pair(&lhs, &lhsExprs), std::pair(&rhs, &rhsExprs)})
    for (auto [i, e] : llvm::enumerate(*exprs))
      if (isConstant(operand->dims[i], 1) && !isConstant(product.dims[cast<AffineDimExpr>(e).getPosition()], 1))
        e = shapes.expr(0);
  if (rows) {
    lhsExprs.push_back(shapes.dim(m));
    product.dims.push_back(lhs.dims[lhs.rank() - 2]);
  }
  lhsExprs.push_back(shapes.dim(k));
  int64_t rhsRank = rhs.rank();
  if (!columns) {
    rhsExprs.push_back(shapes.dim(k));
  } else if (transposeRhs) {
    rhsExprs.append({shapes.dim(n), shapes.dim(k)});
    product.dims.push_back(rhs.dims[rhsRank - 2]);
  } else {
    rhsExprs.append({shapes.dim(k), shapes.dim(n)});
    product.dims.push_back(rhs.dims[rhsRank - 1]);
  }
  product.summed = {lhs.dims.back()};
  product.lhsMap = AffineMap::get(k + 1, 0, lhsExprs, context);
  product.rhsMap = AffineMap::get(k + 1, 0, rhsExprs, context);
  return product.build(shapes);
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

namespace {

struct LinearLowering : OpConversionPattern<LinearOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(LinearOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue input(op.getInput(), adaptor.getInput()), weight(op.getWeight(), adaptor.getWeight());
    // All leading dims are rows: the weight has none of its own.
    bool columns = weight.rank() == 2;
    unsigned rows = input.rank() - 1, k = rows + columns;
    Product product{input, weight, {}, {}, {}, {input.dims.back()}};
    SmallVector<AffineExpr> exprs;
    for (unsigned i = 0; i < rows; ++i) {
      product.dims.push_back(input.dims[i]);
      exprs.push_back(shapes.dim(i));
    }
    if (columns)
      product.dims.push_back(weight.dims[0]);
    exprs.push_back(shapes.dim(k));
    product.lhsMap = AffineMap::get(k + 1, 0, exprs, rewriter.getContext());
    exprs = {shapes.dim(k)};
    if (columns)
      exprs.insert(exprs.begin(), shapes.dim(rows));
    product.rhsMap = AffineMap::get(k + 1, 0, exprs, rewriter.getContext());
    product.setMisfit(shapes, /*transposeRhs=*/columns);
    ShapedValue result = product.build(shapes);
    if (!facts.isNone(op.getBias())) {
      ShapedValue bias(op.getBias(), adaptor.getBias());
      // LibTorch takes all leading dims as one.
      SmallVector<AffineExpr> dims = result.dims;
      SmallVector<OpFoldResult> sizes = shapes.sizesOf(result);
      if (dims.size() > 2) {
        dims = {getNumElements(ArrayRef(dims).drop_back(), rewriter.getContext()), dims.back()};
        sizes = {countElements(shapes, result, result.rank() - 1), sizes.back()};
      }
      bias = broadcastTo(shapes, bias, dims, sizes, Misfit::Expansion);
      result = shapes.map(input.dtype, result.dims, {result, bias},
                          [&](ScalarBuilder &s, ValueRange args) { return s.add(args[0], args[1]); });
    }
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

/// Products of two operands.
template <typename Op> struct ProductLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    ValueRange operands = adaptor.getOperands();
    ShapedValue lhs(op->getOperand(0), operands[0]), rhs(op->getOperand(1), operands[1]);
    constexpr bool broadcasts = std::is_same_v<Op, MatmulOp>;
    ShapedValue product = buildMatmul(shapes, lhs, rhs, /*transposeRhs=*/false, broadcasts);
    rewriter.replaceOp(op, toResult(shapes, product, op.getResult()));
    return success();
  }
};

/// beta * self + alpha * (lhs x rhs).
template <typename Op> struct AddProductLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ValueRange operands = adaptor.getOperands();
    ShapedValue self(op->getOperand(0), operands[0]), lhs(op->getOperand(1), operands[1]),
        rhs(op->getOperand(2), operands[2]);
    ShapedValue product = buildMatmul(shapes, lhs, rhs);
    std::optional<double> beta = facts.getFloat(op.getBeta()), alpha = facts.getFloat(op.getAlpha());
    Type dtype = product.dtype;
    FailureOr<Value> betaValue = convertNumber(rewriter, op.getLoc(), op.getBeta(), dtype);
    FailureOr<Value> alphaValue = convertNumber(rewriter, op.getLoc(), op.getAlpha(), dtype);
    if (failed(betaValue) || failed(alphaValue))
      return refuse(op, "beta or alpha is no number");
    auto scale = [](ScalarBuilder &s, Value x, std::optional<double> known, Value factor) {
      return known == 1.0 ? x : s.mul(x, factor);
    };
    SmallVector<ShapedValue> terms = {product};
    if (beta != 0.0)
      terms.push_back(broadcastTo(shapes, self, product.dims, shapes.sizesOf(product),
                                  std::is_same_v<Op, AddmmOp> ? Misfit::First : Misfit::Expansion));
    ShapedValue result = shapes.map(dtype, product.dims, terms, [&](ScalarBuilder &s, ValueRange args) {
      Value sum = scale(s, args[0], alpha, *alphaValue);
      if (args.size() == 1)
        return sum;
      Value own = convertScalar(s.builder, s.loc, args[1], self.dtype, dtype);
      return s.add(scale(s, own, beta, *betaValue), sum);
    });
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

struct OuterLowering : OpConversionPattern<OuterOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(OuterOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    ShapeBuilder shapes(rewriter, op.getLoc());
    Type dtype = getOriginalType(op.getResult()).getElementType();
    ShapedValue lhs(op.getSelf(), adaptor.getSelf()), rhs(op.getVec2(), adaptor.getVec2());
    SmallVector<AffineMap> maps = {AffineMap::get(2, 0, shapes.dim(0)), AffineMap::get(2, 0, shapes.dim(1))};
    ShapedValue result = shapes.map(dtype, {lhs.dims[0], rhs.dims[0]}, {shapes.sizeOf(lhs, 0), shapes.sizeOf(rhs, 0)},
                                    {lhs, rhs}, maps, [&](ScalarBuilder &s, ValueRange args) {
                                      return s.mul(convertScalar(s.builder, s.loc, args[0], lhs.dtype, dtype),
                                                   convertScalar(s.builder, s.loc, args[1], rhs.dtype, dtype));
                                    });
    rewriter.replaceOp(op, toResult(shapes, result, op.getResult()));
    return success();
  }
};

/// Products of any number of operands, two at a time from the left: a subscript that neither a later operand nor the
/// result has is summed over at once.
struct EinsumLowering : OpConversionPattern<EinsumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(EinsumOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    std::optional<StringRef> equation = facts.getString(op.getEquation());
    std::optional<SmallVector<Value>> tensors = facts.getList(op.getTensors());
    if (!equation || !tensors)
      return refuse(op, "the equation or the list of tensors is not known");
    SmallVector<ShapedValue> operands;
    for (Value tensor : *tensors)
      operands.emplace_back(tensor, rewriter.getRemappedValue(tensor));
    FailureOr<EinsumFormula> formula = EinsumFormula::parse(
        op, *equation, llvm::map_to_vector(operands, [](const ShapedValue &operand) { return operand.rank(); }));
    if (failed(formula))
      return failure();
    ShapeBuilder shapes(rewriter, op.getLoc());
    matchSubscripts(shapes, operands, *formula);
    ShapedValue product = operands[0];
    SmallVector<unsigned> loops = formula->operands[0];
    for (size_t i = 1; i < operands.size(); ++i) {
      auto isNeeded = [&](unsigned loop) {
        if (loop < formula->numResultDims)
          return true;
        for (size_t later = i + 1; later < operands.size(); ++later)
          if (llvm::is_contained(formula->operands[later], loop))
            return true;
        return false;
      };
      std::tie(product, loops) = multiply(shapes, product, loops, operands[i], formula->operands[i], isNeeded);
    }
    product = finish(shapes, product, loops, formula->numResultDims);
    rewriter.replaceOp(op, toResult(shapes, product, op.getResult()));
    return success();
  }

  /// Checks the sizes of the dims that have one subscript, and repeats those of size one.
  static void matchSubscripts(ShapeBuilder &shapes, MutableArrayRef<ShapedValue> operands,
                              const EinsumFormula &formula) {
    int64_t count = formula.numResultDims;
    for (const auto &loops : formula.operands)
      for (unsigned loop : loops)
        count = std::max<int64_t>(count, loop + 1);
    for (auto [k, loops] : llvm::enumerate(formula.operands))
      for (auto [i, loop] : llvm::enumerate(loops)) {
        size_t first = llvm::find(loops, loop) - loops.begin();
        if (first != i)
          checkSizes(
              shapes, operands[k], first, operands[k], i, /*atMost=*/false,
              "einsum(): subscript " + formula.names[loop] + " is repeated for operand " + std::to_string(k) +
                  " but the sizes don't match, {} != {}",
              {shapes.asIndex(shapes.sizeOf(operands[k], i)), shapes.asIndex(shapes.sizeOf(operands[k], first))});
      }
    auto ownDim = [&](unsigned k, int64_t i) -> int64_t {
      const auto *found = llvm::find(formula.operands[k], unsigned(i));
      return found == formula.operands[k].end() ? -1 : found - formula.operands[k].begin();
    };
    broadcastTogether(shapes, operands, count, ownDim,
                      [&](Value condition, unsigned k, int64_t i, Value common, Value size) {
                        raiseIf(shapes, condition,
                                "einsum(): subscript " + formula.names[i] + " has size {} for operand " +
                                    std::to_string(k) + " which does not broadcast with previously seen size {}",
                                {size, common});
                      });
  }

  static std::pair<ShapedValue, SmallVector<unsigned>> multiply(ShapeBuilder &shapes, const ShapedValue &lhs,
                                                                ArrayRef<unsigned> lhsLoops, const ShapedValue &rhs,
                                                                ArrayRef<unsigned> rhsLoops,
                                                                function_ref<bool(unsigned)> isNeeded) {
    SmallVector<unsigned> kept, summed;
    std::map<unsigned, AffineExpr> sizes;
    for (auto [operand, list] : {std::pair(&lhs, lhsLoops), std::pair(&rhs, rhsLoops)})
      for (auto [i, loop] : llvm::enumerate(list)) {
        auto [it, inserted] = sizes.try_emplace(loop, operand->dims[i]);
        if (inserted)
          (isNeeded(loop) ? kept : summed).push_back(loop);
        else if (isConstant(it->second, 1))
          it->second = operand->dims[i];
      }
    llvm::sort(kept);
    SmallVector<unsigned> order(kept);
    llvm::append_range(order, summed);
    Product product{lhs, rhs, {}, {}, {}, {}};
    for (auto [operand, list, map] :
         {std::tuple(&lhs, lhsLoops, &product.lhsMap), std::tuple(&rhs, rhsLoops, &product.rhsMap)}) {
      SmallVector<AffineExpr> exprs;
      for (auto [i, loop] : llvm::enumerate(list)) {
        bool repeats = isConstant(operand->dims[i], 1) && !isConstant(sizes[loop], 1);
        exprs.push_back(repeats ? shapes.expr(0) : shapes.dim(llvm::find(order, loop) - order.begin()));
      }
      *map = AffineMap::get(order.size(), 0, exprs, shapes.builder.getContext());
    }
    for (unsigned loop : kept)
      product.dims.push_back(sizes[loop]);
    for (unsigned loop : summed)
      product.summed.push_back(sizes[loop]);
    return {product.build(shapes), kept};
  }

  /// Sums what is left over of a single operand, takes diagonals and orders the dims.
  static ShapedValue finish(ShapeBuilder &shapes, ShapedValue value, SmallVector<unsigned> loops, unsigned resultDims) {
    unsigned count = resultDims;
    for (unsigned loop : loops)
      count = std::max(count, loop + 1);
    std::map<unsigned, unsigned> first;
    bool diagonal = false;
    for (auto [i, loop] : llvm::enumerate(loops))
      diagonal |= !first.try_emplace(loop, i).second;
    if (diagonal) {
      SmallVector<unsigned> unique;
      SmallVector<AffineExpr> dims;
      SmallVector<OpFoldResult> sizes;
      for (auto [loop, i] : first) {
        unique.push_back(loop);
        dims.push_back(value.dims[i]);
        sizes.push_back(shapes.sizeOf(value, i));
      }
      SmallVector<AffineExpr> exprs = llvm::map_to_vector(
          loops, [&](unsigned loop) { return shapes.dim(llvm::find(unique, loop) - unique.begin()); });
      AffineMap map = AffineMap::get(unique.size(), 0, exprs, shapes.builder.getContext());
      value =
          shapes.map(value.dtype, dims, sizes, value, map, [](ScalarBuilder &, ValueRange args) { return args[0]; });
      loops = unique;
    }
    SmallVector<int64_t> reduced;
    SmallVector<unsigned> kept;
    for (auto [i, loop] : llvm::enumerate(loops)) {
      if (loop >= resultDims)
        reduced.push_back(i);
      else
        kept.push_back(loop);
    }
    if (!reduced.empty())
      value = shapes.sum(getAccumulatorDtype(value.dtype), value, reduced);
    SmallVector<int64_t> permutation;
    for (unsigned loop = 0; loop < resultDims; ++loop)
      permutation.push_back(llvm::find(kept, loop) - kept.begin());
    return shapes.transpose(value, permutation);
  }
};

} // namespace

void wick::populateContractionPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<LinearLowering, ProductLowering<MatmulOp>, ProductLowering<MmOp>, ProductLowering<BmmOp>,
               ProductLowering<MvOp>, ProductLowering<DotOp>, AddProductLowering<AddmmOp>,
               AddProductLowering<BaddbmmOp>, OuterLowering, EinsumLowering>(converter, patterns.getContext());
}
