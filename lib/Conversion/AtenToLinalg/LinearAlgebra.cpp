//===- LinearAlgebra.cpp - lowerings: factors of matrices, and solutions ------===//
//
// Loops over scalars that update a copy in place. The innermost ones run along rows, where
// elements are adjacent, so that LLVM makes vectors of them. There are no branches: what is
// not to happen is an empty loop or an exchange of a row with itself. Eigenvalues are a
// routine of the runtime.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/Aten/IR/AtenLinearAlgebraOps.h"

#include "Broadcast.h"
#include "Checks.h"
#include "Patterns.h"
#include "wick/Dialect/Aten/IR/Facts.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

namespace {

//===----------------------------------------------------------------------===//
// Loops over scalars
//===----------------------------------------------------------------------===//

/// Writes loops that carry tensors and numbers: `state` holds them as they are where code is written.
struct LoopWriter {
  OpBuilder &b;
  Location loc;
  ScalarBuilder s;
  SmallVector<Value> state;
  /// The position in the batches.
  SmallVector<Value> batch;

  LoopWriter(ShapeBuilder &shapes, Type dtype, ArrayRef<Value> state)
      : b(shapes.builder), loc(shapes.loc), s(shapes.builder, shapes.loc, dtype), state(state) {}

  Value index(int64_t value) { return arith::ConstantIndexOp::create(b, loc, value); }
  Value next(Value i) { return arith::AddIOp::create(b, loc, i, index(1)); }
  Value select(Value condition, Value yes, Value no) {
    return b.createOrFold<arith::SelectOp>(loc, condition, yes, no);
  }

  void loop(Value lower, Value upper, function_ref<void(Value)> body) {
    auto op = scf::ForOp::create(b, loc, lower, upper, index(1), state);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(op.getBody());
      state.assign(op.getRegionIterArgs().begin(), op.getRegionIterArgs().end());
      body(op.getInductionVar());
      scf::YieldOp::create(b, loc, state);
    }
    state.assign(op.getResults().begin(), op.getResults().end());
  }
  void loop(Value upper, function_ref<void(Value)> body) { loop(index(0), upper, body); }
  /// A loop for each of the dims that are batches.
  void forEachMatrix(ArrayRef<Value> sizes, function_ref<void()> body) {
    if (sizes.empty())
      return body();
    loop(sizes.front(), [&](Value i) {
      batch.push_back(i);
      forEachMatrix(sizes.drop_front(), body);
      batch.pop_back();
    });
  }

  SmallVector<Value> at(ArrayRef<Value> place) {
    SmallVector<Value> all(batch);
    llvm::append_range(all, place);
    return all;
  }
  Value read(Value tensor, ArrayRef<Value> place) { return tensor::ExtractOp::create(b, loc, tensor, at(place)); }
  Value get(unsigned i, ArrayRef<Value> place) { return read(state[i], place); }
  void set(unsigned i, Value element, ArrayRef<Value> place) {
    state[i] = tensor::InsertOp::create(b, loc, element, state[i], at(place));
  }

  /// a - x * y, rounded once where the target can.
  Value subtractProduct(Value a, Value x, Value y) {
    if (s.isComplex())
      return s.sub(a, s.mul(x, y));
    Value product = arith::MulFOp::create(b, loc, x, y, arith::FastMathFlags::contract);
    return arith::SubFOp::create(b, loc, a, product, arith::FastMathFlags::contract);
  }
  /// Of complex numbers the sum of the magnitudes of their parts, by which LAPACK chooses pivots.
  Value getMagnitude(Value a) {
    if (!s.isComplex())
      return s.abs(a);
    Value real = math::AbsFOp::create(b, loc, s.real(a)), imag = math::AbsFOp::create(b, loc, s.imag(a));
    return arith::AddFOp::create(b, loc, real, imag);
  }
  void exchangeRows(unsigned matrix, Value row, Value other, Value columns) {
    loop(columns, [&](Value j) {
      Value first = get(matrix, {row, j}), second = get(matrix, {other, j});
      set(matrix, second, {row, j});
      set(matrix, first, {other, j});
    });
  }
};

/// Whether elements of a dtype are computed with: others LibTorch refuses, or has kernels of its own for.
bool isComputed(Type dtype) { return isa<ComplexType>(dtype) || dtype.isF32() || dtype.isF64(); }

SmallVector<Value> getBatchSizes(ShapeBuilder &shapes, const ShapedValue &matrices) {
  SmallVector<Value> sizes;
  for (int64_t i = 0; i + 2 < matrices.rank(); ++i)
    sizes.push_back(shapes.asIndex(shapes.sizeOf(matrices, i)));
  return sizes;
}

Value getRows(ShapeBuilder &shapes, const ShapedValue &a) { return shapes.asIndex(shapes.sizeOf(a, a.rank() - 2)); }
Value getColumns(ShapeBuilder &shapes, const ShapedValue &a) { return shapes.asIndex(shapes.sizeOf(a, a.rank() - 1)); }

/// A copy that loops may write.
Value copy(ShapeBuilder &shapes, const ShapedValue &source) {
  Value target = shapes.empty(source.dtype, shapes.sizesOf(source));
  return linalg::CopyOp::create(shapes.builder, shapes.loc, source.value, target).getResult(0);
}

ShapedValue transpose(ShapeBuilder &shapes, const ShapedValue &matrices) {
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, matrices.rank()));
  std::swap(permutation[matrices.rank() - 2], permutation[matrices.rank() - 1]);
  return shapes.transpose(matrices, permutation);
}

//===----------------------------------------------------------------------===//
// Factors
//===----------------------------------------------------------------------===//

struct LUFactorLowering : OpConversionPattern<LUFactorOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(LUFactorOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue a(op.getA(), adaptor.getA());
    if (!isComputed(a.dtype))
      return refuse(op, "the matrices are not of floats or complex numbers of 32 bits or more");
    if (facts.getBool(op.getPivot()) != true || facts.getBool(op.getCheckErrors()) != false)
      return refuse(op, "rows are not exchanged, or errors are to be raised");
    Type i32 = rewriter.getI32Type();
    Value m = getRows(shapes, a), n = getColumns(shapes, a);
    Value count = rewriter.createOrFold<arith::MinSIOp>(op.getLoc(), m, n);
    SmallVector<OpFoldResult> batchSizes = shapes.sizesOf(a);
    batchSizes.pop_back_n(2);
    SmallVector<OpFoldResult> pivotSizes = batchSizes;
    pivotSizes.push_back(getAsOpFoldResult(count));
    SmallVector<AffineExpr> batchDims(ArrayRef(a.dims).drop_back(2));
    SmallVector<AffineExpr> pivotDims(getDimExprs(getOriginalType(op.getPivots())));
    LoopWriter w(shapes, a.dtype, {copy(shapes, a), shapes.empty(i32, pivotSizes), shapes.empty(i32, batchSizes)});
    w.forEachMatrix(getBatchSizes(shapes, a), [&] { factor(w, m, n, count); });
    rewriter.replaceOp(op, {toResult(shapes, {w.state[0], a.dtype, a.dims}, op.getLU()),
                            toResult(shapes, {w.state[1], i32, pivotDims}, op.getPivots()),
                            toResult(shapes, {w.state[2], i32, batchDims}, op.getInfo())});
    return success();
  }

  /// A column after the other: its largest element on the diagonal, and what is to the right and below less the product
  /// of the column and the row.
  static void factor(LoopWriter &w, Value m, Value n, Value count) {
    enum { LU, Pivots, Info, Largest, Row };
    Type i32 = w.b.getI32Type();
    auto toPlace = [&](Value i) -> Value { return arith::IndexCastOp::create(w.b, w.loc, i32, w.next(i)); };
    ScalarBuilder ints(w.b, w.loc, i32);
    w.set(Info, ints.constant(0), {});
    w.loop(count, [&](Value k) {
      w.state.append({w.getMagnitude(w.get(LU, {k, k})), k});
      w.loop(w.next(k), m, [&](Value i) {
        Value magnitude = w.getMagnitude(w.get(LU, {i, k}));
        Value isLarger = arith::CmpFOp::create(w.b, w.loc, arith::CmpFPredicate::OGT, magnitude, w.state[Largest]);
        w.state[Largest] = w.select(isLarger, magnitude, w.state[Largest]);
        w.state[Row] = w.select(isLarger, i, w.state[Row]);
      });
      Value row = w.state[Row];
      w.state.pop_back_n(2);
      w.set(Pivots, toPlace(row), {k});
      w.exchangeRows(LU, k, row, n);
      Value pivot = w.get(LU, {k, k}), isZero = w.s.eq(pivot, w.s.constant(0));
      Value info = w.get(Info, {});
      Value isFirst = arith::AndIOp::create(w.b, w.loc, isZero, ints.eq(info, ints.constant(0)));
      w.set(Info, w.select(isFirst, toPlace(k), info), {});
      // Where the pivot is zero so is all that it would divide.
      Value divisor = w.select(isZero, w.s.constant(1), pivot);
      w.loop(w.next(k), m, [&](Value i) {
        Value factor = w.s.div(w.get(LU, {i, k}), divisor);
        w.set(LU, factor, {i, k});
        w.loop(w.next(k), n,
               [&](Value j) { w.set(LU, w.subtractProduct(w.get(LU, {i, j}), factor, w.get(LU, {k, j})), {i, j}); });
      });
    });
  }
};

struct CholeskyLowering : OpConversionPattern<CholeskyOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(CholeskyOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue a(op.getSelf(), adaptor.getSelf());
    if (!isComputed(a.dtype))
      return refuse(op, "the matrices are not of floats or complex numbers of 32 bits or more");
    std::optional<bool> upper = facts.getBool(op.getUpper());
    if (!upper || facts.getBool(op.getCheckErrors()) != false)
      return refuse(op, "the triangle is not known, or errors are to be raised");
    Value rows = getRows(shapes, a);
    checkSizes(shapes, a, a.rank() - 2, a, a.rank() - 1, /*atMost=*/false,
               "linalg.cholesky: A must be batches of square matrices, but they are {} by {} matrices",
               {rows, getColumns(shapes, a)});
    SmallVector<OpFoldResult> batchSizes = shapes.sizesOf(a);
    batchSizes.pop_back_n(2);
    SmallVector<AffineExpr> batchDims(ArrayRef(a.dims).drop_back(2));
    Type i32 = rewriter.getI32Type();
    // The upper root is the one whose rows are updated.
    ShapedValue start = adjointIf(shapes, a, !*upper, /*masked=*/true);
    LoopWriter w(shapes, a.dtype, {start.value, shapes.empty(i32, batchSizes)});
    w.forEachMatrix(getBatchSizes(shapes, a), [&] { factor(w, rows); });
    ShapedValue root = adjointIf(shapes, {w.state[0], a.dtype, start.dims}, !*upper, /*masked=*/false);
    rewriter.replaceOp(
        op, {toResult(shapes, root, op.getL()), toResult(shapes, {w.state[1], i32, batchDims}, op.getInfo())});
    return success();
  }

  /// New matrices: conjugate transposes if that is asked for, and without what is below the diagonal.
  static ShapedValue adjointIf(ShapeBuilder &shapes, const ShapedValue &a, bool isAdjoint, bool masked) {
    if (!isAdjoint && !masked)
      return a;
    int64_t row = a.rank() - 2, column = a.rank() - 1;
    SmallVector<AffineExpr> dims = a.dims, places;
    SmallVector<OpFoldResult> sizes = shapes.sizesOf(a);
    for (int64_t i = 0; i < a.rank(); ++i)
      places.push_back(shapes.dim(i));
    if (isAdjoint) {
      std::swap(dims[row], dims[column]);
      std::swap(sizes[row], sizes[column]);
      std::swap(places[row], places[column]);
    }
    AffineMap map = AffineMap::get(a.rank(), 0, places, shapes.builder.getContext());
    return shapes.map(a.dtype, dims, sizes, a, map, [&](ScalarBuilder &s, ValueRange args) {
      Value element = isAdjoint ? s.conj(args[0]) : args[0];
      if (!masked)
        return element;
      Value i = linalg::IndexOp::create(s.builder, s.loc, row), j = linalg::IndexOp::create(s.builder, s.loc, column);
      Value isBelow = arith::CmpIOp::create(s.builder, s.loc, arith::CmpIPredicate::ugt, i, j);
      return s.select(isBelow, s.constant(0), element);
    });
  }

  static void factor(LoopWriter &w, Value n) {
    enum { Root, Info };
    ScalarBuilder ints(w.b, w.loc, w.b.getI32Type());
    w.set(Info, ints.constant(0), {});
    w.loop(n, [&](Value k) {
      Value diagonal = w.get(Root, {k, k}), square = w.s.isComplex() ? w.s.real(diagonal) : diagonal;
      Value zero = arith::ConstantOp::create(w.b, w.loc, w.b.getFloatAttr(square.getType(), 0));
      Value info = w.get(Info, {}), runs = ints.eq(info, ints.constant(0));
      Value isPositive = arith::CmpFOp::create(w.b, w.loc, arith::CmpFPredicate::OGT, square, zero);
      Value place = arith::IndexCastOp::create(w.b, w.loc, w.b.getI32Type(), w.next(k));
      Value failed = arith::AndIOp::create(w.b, w.loc, runs, createNot(w.b, w.loc, isPositive));
      w.set(Info, w.select(failed, place, info), {});
      runs = arith::AndIOp::create(w.b, w.loc, runs, isPositive);
      // The factorisation ends at the first minor that is not positive.
      Value end = w.select(runs, n, w.index(0));
      Value length = math::SqrtOp::create(w.b, w.loc, square);
      Value divisor = w.s.isComplex() ? w.s.complex(length, zero) : length;
      w.set(Root, w.select(runs, divisor, diagonal), {k, k});
      w.loop(w.next(k), end, [&](Value j) { w.set(Root, w.s.div(w.get(Root, {k, j}), divisor), {k, j}); });
      w.loop(w.next(k), end, [&](Value i) {
        Value factor = w.s.conj(w.get(Root, {k, i}));
        w.loop(i, end, [&](Value j) {
          w.set(Root, w.subtractProduct(w.get(Root, {i, j}), factor, w.get(Root, {k, j})), {i, j});
        });
      });
    });
  }
};

//===----------------------------------------------------------------------===//
// Solutions
//===----------------------------------------------------------------------===//

/// The triangle of a matrix of which an equation is solved, or of its transpose.
struct Triangle {
  Value matrix;
  /// Whether the unknowns are found from the first one on; an i1.
  Value forwards;
  bool transposed = false, conjugated = false;
  /// Whether the diagonal is said to be one; an i1, or null where it is not.
  Value hasUnits;
};

/// Solves for the columns of matrix `x` of the state, in place.
void substitute(LoopWriter &w, const Triangle &triangle, unsigned x, Value n, Value columns) {
  auto element = [&](Value row, Value column) {
    Value value = triangle.transposed ? w.read(triangle.matrix, {column, row}) : w.read(triangle.matrix, {row, column});
    return triangle.conjugated ? w.s.conj(value) : value;
  };
  Value last = arith::SubIOp::create(w.b, w.loc, n, w.index(1));
  auto inOrder = [&](Value i) { return w.select(triangle.forwards, i, arith::SubIOp::create(w.b, w.loc, last, i)); };
  w.loop(n, [&](Value step) {
    Value row = inOrder(step);
    w.loop(step, [&](Value known) {
      Value k = inOrder(known), factor = element(row, k);
      w.loop(columns,
             [&](Value j) { w.set(x, w.subtractProduct(w.get(x, {row, j}), factor, w.get(x, {k, j})), {row, j}); });
    });
    if (triangle.hasUnits && isConstantIntValue(triangle.hasUnits, 1))
      return;
    Value divisor = element(row, row);
    if (triangle.hasUnits)
      divisor = w.select(triangle.hasUnits, w.s.constant(1), divisor);
    w.loop(columns, [&](Value j) { w.set(x, w.s.div(w.get(x, {row, j}), divisor), {row, j}); });
  });
}

/// Raises LibTorch's errors unless A is square and B has the size that the equation asks for.
void checkEquation(ShapeBuilder &shapes, const ShapedValue &a, const ShapedValue &b, bool left, StringRef squareName,
                   StringRef name) {
  Value rows = getRows(shapes, a), columns = getColumns(shapes, a);
  checkSizes(shapes, a, a.rank() - 2, a, a.rank() - 1, /*atMost=*/false,
             (squareName + ": A must be batches of square matrices, but they are {} by {} matrices").str(),
             {rows, columns});
  checkSizes(
      shapes, a, a.rank() - 1, b, b.rank() - (left ? 2 : 1), /*atMost=*/false,
      (name + ": Incompatible shapes of A and B for the equation " + (left ? "AX" : "XA") + " = B ({}x{} and {}x{})")
          .str(),
      {rows, columns, getRows(shapes, b), getColumns(shapes, b)});
}

/// A tensor with as many dims in front as `rank` says, and repeated where it has one matrix and `other` several.
/// `inner` dims are no batches.
ShapedValue expandBatches(ShapeBuilder &shapes, const ShapedValue &tensor, int64_t inner, const ShapedValue &other,
                          int64_t rank) {
  int64_t own = tensor.rank() - inner, others = other.rank() - 2;
  SmallVector<AffineExpr> dims, places;
  SmallVector<OpFoldResult> sizes;
  bool repeats = own != rank;
  for (int64_t i = 0; i < rank; ++i) {
    int64_t mine = i - (rank - own), its = i - (rank - others);
    bool isOne = mine < 0 || isConstant(tensor.dims[mine], 1);
    bool takesOther = isOne && its >= 0 && !isConstant(other.dims[its], 1);
    repeats |= takesOther;
    if (takesOther) {
      dims.push_back(other.dims[its]);
      sizes.push_back(shapes.sizeOf(other, its));
    } else {
      dims.push_back(mine < 0 ? shapes.expr(1) : tensor.dims[mine]);
      sizes.push_back(mine < 0 ? OpFoldResult(shapes.builder.getIndexAttr(1)) : shapes.sizeOf(tensor, mine));
    }
    if (mine >= 0)
      places.push_back(isOne ? shapes.expr(0) : shapes.dim(i));
  }
  if (!repeats)
    return tensor;
  for (int64_t i = 0; i < inner; ++i) {
    dims.push_back(tensor.dims[own + i]);
    sizes.push_back(shapes.sizeOf(tensor, own + i));
    places.push_back(shapes.dim(rank + i));
  }
  AffineMap map = AffineMap::get(dims.size(), 0, places, shapes.builder.getContext());
  return shapes.map(tensor.dtype, dims, sizes, tensor, map, [](ScalarBuilder &, ValueRange args) { return args[0]; });
}

/// Gives A, B and the pivots of A the batches to which A and B broadcast.
void broadcastBatches(ShapeBuilder &shapes, ShapedValue &a, ShapedValue &b, ShapedValue *pivots = nullptr) {
  int64_t rank = std::max(a.rank(), b.rank()) - 2;
  SmallVector<ShapedValue> all = {b, a};
  if (pivots)
    all.push_back(*pivots);
  auto ownDim = [&](unsigned k, int64_t i) { return i - (rank - (all[k].rank() - (k == 2 ? 1 : 2))); };
  broadcastTogether(shapes, all, rank, ownDim);
  if (pivots)
    *pivots = expandBatches(shapes, all[2], 1, all[0], rank);
  a = expandBatches(shapes, all[1], 2, all[0], rank);
  b = expandBatches(shapes, all[0], 2, all[1], rank);
}

/// A routine of the runtime, which gives the eigenvalues behind the eigenvectors.
struct EighLowering : OpConversionPattern<EighOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(EighOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    Location loc = op.getLoc();
    ShapeBuilder shapes(rewriter, loc);
    ShapedValue a(op.getA(), adaptor.getA());
    if (!isComputed(a.dtype))
      return refuse(op, "the matrices are not of floats or complex numbers of 32 bits or more");
    auto uplo = op.getUPLO().getDefiningOp<ts::StrOp>();
    std::optional<bool> wantsVectors = facts.getBool(op.getComputeV());
    if (!uplo || !wantsVectors)
      return refuse(op, "the triangle that is read is not known, or whether there are to be eigenvectors");
    Value order = getRows(shapes, a);
    checkSizes(shapes, a, a.rank() - 2, a, a.rank() - 1, /*atMost=*/false,
               "linalg.eigh: A must be batches of square matrices, but they are {} by {} matrices",
               {order, getColumns(shapes, a)});
    auto complex = dyn_cast<ComplexType>(a.dtype);
    Type real = complex ? complex.getElementType() : a.dtype;
    SmallVector<OpFoldResult> sizes = shapes.sizesOf(a);
    OpFoldResult one = rewriter.getIndexAttr(1), zero = rewriter.getIndexAttr(0);
    SmallVector<AffineExpr> valueDims(ArrayRef(a.dims).drop_back());
    ShapedValue noVectors{shapes.empty(a.dtype, {zero}), a.dtype, {rewriter.getAffineConstantExpr(0)}};
    if (llvm::any_of(sizes, [](OpFoldResult size) { return getConstantIntValue(size) == 0; })) {
      sizes.pop_back();
      ShapedValue noValues{shapes.empty(real, sizes), real, valueDims};
      rewriter.replaceOp(op, {toResult(shapes, noValues, op.getEigenvalues()),
                              toResult(shapes, *wantsVectors ? a : noVectors, op.getEigenvectors())});
      return success();
    }
    if (*wantsVectors)
      sizes.back() =
          affine::makeComposedFoldedAffineApply(rewriter, loc, rewriter.getAffineDimExpr(0) + 1, sizes.back());
    else
      sizes.pop_back();
    Value target = shapes.empty(*wantsVectors ? a.dtype : real, sizes);
    Value lower = arith::ConstantIntOp::create(rewriter, loc, uplo.getValue().upper() == "L", /*width=*/1);
    Value all = plan::RoutineOp::create(rewriter, loc, target.getType(), rewriter.getStringAttr("eigh"),
                                        ValueRange{a.value, lower}, target, /*draws=*/nullptr)
                    .getResult(0);
    if (!*wantsVectors) {
      rewriter.replaceOp(op, {toResult(shapes, {all, real, valueDims}, op.getEigenvalues()),
                              toResult(shapes, noVectors, op.getEigenvectors())});
      return success();
    }
    SmallVector<OpFoldResult> offsets(a.rank(), zero), strides(a.rank(), one), whole = shapes.sizesOf(a);
    Value vectors = tensor::ExtractSliceOp::create(rewriter, loc, all, offsets, whole, strides);
    // Eigenvalues are the last column.
    offsets.back() = whole.back();
    SmallVector<OpFoldResult> column(whole);
    column.back() = one;
    auto shape = RankedTensorType::get(cast<RankedTensorType>(a.value.getType()).getShape().drop_back(), a.dtype);
    Value values = tensor::ExtractSliceOp::create(rewriter, loc, shape, all, offsets, column, strides);
    ShapedValue shaped{values, a.dtype, valueDims};
    if (complex)
      shaped = shapes.map(real, valueDims, {shaped}, [](ScalarBuilder &s, ValueRange elements) {
        return complex::ReOp::create(s.builder, s.loc, elements[0]);
      });
    rewriter.replaceOp(op, {toResult(shapes, shaped, op.getEigenvalues()),
                            toResult(shapes, {vectors, a.dtype, a.dims}, op.getEigenvectors())});
    return success();
  }
};

struct SolveTriangularLowering : OpConversionPattern<SolveTriangularOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(SolveTriangularOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue a(op.getSelf(), adaptor.getSelf()), b(op.getB(), adaptor.getB());
    if (!isComputed(a.dtype) || a.dtype != b.dtype)
      return refuse(op, "the matrices are not of floats or complex numbers of 32 bits or more");
    std::optional<bool> left = facts.getBool(op.getLeft());
    if (!left)
      return refuse(op, "the side of the matrix is not known");
    checkEquation(shapes, a, b, *left, "linalg.solve_triangular", "linalg.solve_triangular");
    broadcastBatches(shapes, a, b);
    // XA = B is the equation of the transposes.
    if (!*left)
      b = transpose(shapes, b);
    Value n = getRows(shapes, a), columns = getColumns(shapes, b);
    Value forwards = *left ? createNot(rewriter, op.getLoc(), adaptor.getUpper()) : adaptor.getUpper();
    Triangle triangle{a.value, forwards, /*transposed=*/!*left, /*conjugated=*/false, adaptor.getUnitriangular()};
    LoopWriter w(shapes, a.dtype, copy(shapes, b));
    w.forEachMatrix(getBatchSizes(shapes, b), [&] { substitute(w, triangle, 0, n, columns); });
    ShapedValue x(w.state[0], b.dtype, b.dims);
    rewriter.replaceOp(op, toResult(shapes, *left ? x : transpose(shapes, x), op.getResult()));
    return success();
  }
};

struct LUSolveLowering : OpConversionPattern<LUSolveOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(LUSolveOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    StaticFacts facts;
    ShapeBuilder shapes(rewriter, op.getLoc());
    ShapedValue a(op.getLU(), adaptor.getLU()), b(op.getB(), adaptor.getB());
    ShapedValue pivots(op.getPivots(), adaptor.getPivots());
    if (!isComputed(a.dtype))
      return refuse(op, "the matrices are not of floats or complex numbers of 32 bits or more");
    std::optional<bool> left = facts.getBool(op.getLeft()), adjoint = facts.getBool(op.getAdjoint());
    if (!left || !adjoint)
      return refuse(op, "the equation is not known");
    checkEquation(shapes, a, b, *left, "torch.linalg.lu_solve", "linalg.lu_solve");
    checkPivots(shapes, a, pivots);
    broadcastBatches(shapes, a, b, &pivots);
    // XA = B is the equation of the transposes: that of A or, where the adjoint of A is meant, of its conjugate.
    if (!*left)
      b = transpose(shapes, b);
    bool transposed = *adjoint == *left;
    Value n = getRows(shapes, a), columns = getColumns(shapes, b);
    LoopWriter w(shapes, a.dtype, copy(shapes, b));
    w.forEachMatrix(getBatchSizes(shapes, b), [&] {
      Value yes = arith::ConstantIntOp::create(rewriter, op.getLoc(), 1, /*width=*/1);
      Value no = arith::ConstantIntOp::create(rewriter, op.getLoc(), 0, /*width=*/1);
      Triangle lower{a.value, transposed ? no : yes, transposed, *adjoint, yes};
      Triangle upper{a.value, transposed ? yes : no, transposed, *adjoint, {}};
      if (!transposed) {
        exchange(w, pivots.value, n, columns, /*backwards=*/false);
        substitute(w, lower, 0, n, columns);
        substitute(w, upper, 0, n, columns);
      } else {
        substitute(w, upper, 0, n, columns);
        substitute(w, lower, 0, n, columns);
        exchange(w, pivots.value, n, columns, /*backwards=*/true);
      }
    });
    ShapedValue x(w.state[0], b.dtype, b.dims);
    rewriter.replaceOp(op, toResult(shapes, *left ? x : transpose(shapes, x), op.getResult()));
    return success();
  }

  static void checkPivots(ShapeBuilder &shapes, const ShapedValue &a, const ShapedValue &pivots) {
    checkSizes(shapes, a, a.rank() - 1, pivots, pivots.rank() - 1, /*atMost=*/false,
               "linalg.lu_solve: Number of pivots per batch should be same as the dimension of the matrix");
    for (int64_t i = 0; i + 2 < a.rank(); ++i)
      checkSizes(shapes, a, i, pivots, i, /*atMost=*/false,
                 "linalg.lu_solve: Expected LU.shape[:-1] and pivots.shape to be the same, but got pivots with shape " +
                     ts::getListForm(pivots.rank()) + " instead",
                 getNumbers(shapes, pivots));
  }

  /// Exchanges rows as the factorisation did, or back again.
  static void exchange(LoopWriter &w, Value pivots, Value n, Value columns, bool backwards) {
    Value last = arith::SubIOp::create(w.b, w.loc, n, w.index(1));
    w.loop(n, [&](Value step) {
      Value k = backwards ? Value(arith::SubIOp::create(w.b, w.loc, last, step)) : step;
      Value place = arith::IndexCastOp::create(w.b, w.loc, w.b.getIndexType(), w.read(pivots, {k}));
      // A number that no factorisation gives must not reach other memory.
      Value row = arith::MaxSIOp::create(w.b, w.loc, arith::SubIOp::create(w.b, w.loc, place, w.index(1)), w.index(0));
      w.exchangeRows(0, k, arith::MinSIOp::create(w.b, w.loc, row, last), columns);
    });
  }
};

} // namespace

void wick::populateLinearAlgebraPatterns(const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<LUFactorLowering, CholeskyLowering, EighLowering, SolveTriangularLowering, LUSolveLowering>(
      converter, patterns.getContext());
}
