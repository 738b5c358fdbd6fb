//===- Attention.cpp - the attention strategy -------------------------------===//
//
// Takes a product whose results become rows of a softmax, after any elementwise ops
// (scale, bias, mask), which a second product multiplies with the values, and what
// follows that elementwise:
//
//   softmax(f(q k^T)) v
//
// One item of work is a head and a range of its rows. Keys and values are packed into
// panels; then, for a few register tiles of rows at a time, the scores are computed
// into scratch memory, where they stay in the first levels of the cache, become
// exponentials there, and are multiplied with the values. The sums of the rows divide
// the results. Scores never pass through memory.
//
//===----------------------------------------------------------------------===//
#include "ContractionLoops.h"
#include "LoopNest.h"
#include "wick/Target/CPU/Strategy.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick::cpu;

/// Register tiles of rows whose scores are kept at once.
static constexpr int64_t tilesPerBlock = 4;
/// Rows that are worth packing keys and values for, and items that there should be.
static constexpr int64_t minimumRows = 64, wantedItems = 16;

namespace {
struct AttentionKernel {
  FusedKernel kernel;
  VectorEmitter &v;
  std::string &reason;
  linalg::SoftmaxOp softmax;
  ContractionProblem scores, values;
  /// Stands for the memory of the scores until the code that allocates it is written.
  Value placeholder;

  AttentionKernel(func::FuncOp func, const TargetInfo &target, std::string &reason)
      : kernel(func, target), v(kernel.emitter()), reason(reason) {}

  LogicalResult fail(const Twine &why) {
    reason = why.str();
    return failure();
  }

  /// Tile dims of the scores beyond those of the problem: where the row starts in the scratch memory.
  unsigned startDim() { return scores.nDim() + 1; }

  /// The product that the softmax's rows come from: all between the two keeps each element at its place.
  linalg::LinalgOp findScores(Value tensor) {
    auto op = tensor.getDefiningOp<linalg::LinalgOp>();
    if (!op)
      return {};
    if (op.getNumReductionLoops())
      return isMultiplyAdd(op) ? op : linalg::LinalgOp();
    if (!isPointwise(op) || op->getNumResults() != 1)
      return {};
    linalg::LinalgOp found;
    for (OpOperand *operand : op.getDpsInputOperands()) {
      linalg::LinalgOp root = findScores(operand->get());
      if (!root)
        continue;
      if ((found && found != root) ||
          op.getMatchingIndexingMap(operand) != op.getMatchingIndexingMap(op.getDpsInitOperand(0)))
        return {};
      found = root;
    }
    return found;
  }

  /// Whether results and operands of the two products are (outer dims, rows, columns) in one order.
  LogicalResult checkOrder(linalg::LinalgOp second, OpOperand &exponentials) {
    unsigned rank = scores.position.size();
    if (scores.outer.size() + 2 != rank)
      return fail("the scores have more than two dims beside those of both operands");
    for (unsigned dim = 0; dim < rank; ++dim)
      if (scores.position[dim] != v.dim(dim) && scores.position[dim] != v.expr(0))
        return fail("the dims of the scores are in another order");
    AffineMap map = second.getMatchingIndexingMap(&exponentials);
    AffineMap other =
        second.getMatchingIndexingMap(second.getDpsInputOperand(exponentials.getOperandNumber() == 0 ? 1 : 0));
    int64_t last = -1;
    for (unsigned dim = 0; dim < rank; ++dim) {
      auto loop = dyn_cast<AffineDimExpr>(map.getResult(dim));
      if (!loop)
        return fail("the exponentials are not read one by one");
      bool reduced = second.getIteratorTypesArray()[loop.getPosition()] == utils::IteratorType::reduction;
      bool shared = other.isFunctionOfDim(loop.getPosition());
      bool fits = dim + 1 == rank ? reduced : dim + 2 == rank ? !reduced && !shared : !reduced && shared;
      if (!fits || (dim + 2 < rank && int64_t(loop.getPosition()) < last))
        return fail("the second product does not sum over the columns of the scores");
      last = loop.getPosition();
    }
    if (values.outer != scores.outer || values.m != scores.m || values.k.size() != 1 || values.k[0] != scores.n)
      return fail("the two products differ in size");
    return success();
  }

  LogicalResult analyze() {
    for (Operation &op : kernel.tensors().front())
      if (auto candidate = dyn_cast<linalg::SoftmaxOp>(op))
        softmax = candidate;
    auto type = cast<RankedTensorType>(softmax.getResult()[0].getType());
    if (!type.getElementType().isF32() || int64_t(softmax.getDimension()) + 1 != type.getRank() || kernel.inPlace())
      return fail("the softmax is not along the innermost dim of f32");
    Value exponentials = softmax.getResult()[0];
    auto second =
        exponentials.hasOneUse() ? dyn_cast<linalg::LinalgOp>(*exponentials.getUsers().begin()) : linalg::LinalgOp();
    linalg::LinalgOp first = findScores(softmax.getInput());
    if (!first || !second || !second.getNumReductionLoops() || !isMultiplyAdd(second))
      return fail("the softmax is not between two products");
    for (linalg::LinalgOp op : {first, second})
      if (llvm::any_of(op.getIndexingMapsArray(), [](AffineMap map) { return !map.isProjectedPermutation(); }))
        return fail("one of the products is a convolution");
    for (Operation &op : kernel.tensors().front())
      if (auto other = dyn_cast<linalg::LinalgOp>(op);
          other && other.getNumReductionLoops() && other != first && other != second)
        return fail("the kernel has another reduction");

    // Nothing is emitted with the placeholder, so any value does that is no memory.
    placeholder = v.constant(0);
    FailureOr<ContractionProblem> problem = analyzeContraction(kernel, first, reason);
    if (failed(problem))
      return failure();
    scores = *problem;
    View inScratch{placeholder, SmallVector<AffineExpr>(type.getRank(), v.expr(0)), v.dim(startDim())};
    inScratch.strides.back() = v.expr(1);
    kernel.bind(first->getResult(0), inScratch);
    kernel.bind(exponentials, inScratch);
    if (failed(kernel.checkReadable(softmax.getInput(), reason)))
      return failure();
    problem = analyzeContraction(kernel, second, reason);
    if (failed(problem))
      return failure();
    values = *problem;
    if (values.lhs.buffer != placeholder)
      return fail("the exponentials are the right operand of the second product");
    if (scores.init || values.init || scores.panelWidth || values.panelWidth)
      return fail("a product starts from other values than zero or has a constant operand");
    if (failed(checkOrder(second, *exponentials.getUses().begin())))
      return failure();
    return kernel.fuseConsumers(second->getResult(0), values.position, reason);
  }

  //===--------------------------------------------------------------------===//
  // Code
  //===--------------------------------------------------------------------===//

  Value alloc(AffineExpr count) {
    auto constant = dyn_cast<AffineConstantExpr>(count);
    auto type = MemRefType::get({constant ? constant.getValue() : ShapedType::kDynamic}, v.builder.getF32Type());
    SmallVector<Value> sizes;
    if (!constant)
      sizes.push_back(v.emit(count, {}));
    return memref::AllocOp::create(v.builder, v.loc, type, sizes, v.builder.getI64IntegerAttr(64));
  }

  /// A loop over the columns of a row with sums that are carried along, in several sets to hide latencies.
  SmallVector<Value> columns(ArrayRef<Value> outer, Value row, Value start, int64_t width, SmallVector<Value> sums,
                             llvm::function_ref<Value(const TilePoint &, Value)> body) {
    Value limit = v.emit(scores.n, {}), from = v.constant(0);
    auto point = [&](Value column) {
      TilePoint at;
      at.dims.assign(outer.begin(), outer.end());
      at.dims.append({row, column, start});
      at.laneDim = scores.nDim();
      at.width = width;
      at.limit = limit;
      return at;
    };
    SmallVector<int64_t> steps = {int64_t(sums.size())};
    if (sums.size() > 1)
      steps.push_back(1);
    for (int64_t points : steps) {
      Value to = v.mul(v.floorDiv(limit, v.constant(width * points)), width * points);
      sums = v.forLoop(from, to, width * points, sums, [&](Value column, ValueRange carried) {
        SmallVector<Value> next(carried);
        for (int64_t i = 0; i < points; ++i)
          next[i] = body(point(v.add(column, i * width)), next[i]);
        return next;
      });
      from = to;
    }
    if (width == 1)
      return sums;
    return v.forLoop(from, limit, width, sums, [&](Value column, ValueRange carried) {
      SmallVector<Value> next(carried);
      TilePoint at = point(column);
      at.mask = v.laneMask(limit, column, width);
      next[0] = body(at, next[0]);
      return next;
    });
  }

  Value larger(Value lhs, Value rhs) {
    Value compared = arith::CmpFOp::create(v.builder, v.loc, arith::CmpFPredicate::OGT, lhs, rhs);
    return arith::SelectOp::create(v.builder, v.loc, compared, lhs, rhs);
  }

  /// Combines all lanes of all sums, always in the same order.
  Value reduce(SmallVector<Value> sums, llvm::function_ref<Value(Value, Value)> combine) {
    for (size_t half = sums.size() / 2; half >= 1; half /= 2)
      for (size_t i = 0; i < half; ++i)
        sums[i] = combine(sums[i], sums[i + half]);
    Value vector = sums[0];
    for (int64_t width = cast<VectorType>(vector.getType()).getNumElements() / 2; width >= 1; width /= 2) {
      SmallVector<int64_t> low = llvm::to_vector(llvm::seq<int64_t>(0, width)),
                           high = llvm::to_vector(llvm::seq<int64_t>(width, 2 * width));
      Value l = vector::ShuffleOp::create(v.builder, v.loc, vector, vector, low);
      Value h = vector::ShuffleOp::create(v.builder, v.loc, vector, vector, high);
      vector = combine(l, h);
    }
    return vector::ExtractOp::create(v.builder, v.loc, vector, int64_t(0));
  }

  /// Columns of a row; many where only run time knows them.
  int64_t columnCount() const { return ContractionProblem::product(scores.n, 64); }

  /// Lanes in which the columns of a row are read and stored, all of them also at the row's end.
  int64_t columnLanes() const {
    return std::min<int64_t>(v.target.lanes(32), llvm::PowerOf2Ceil(std::max<int64_t>(columnCount(), 1)));
  }

  /// Elements from one row of scores to the next: whole panels of the first product, and whole vectors.
  AffineExpr rowStep(const ContractionLoops &first) {
    AffineExpr panels = v.symbol(first.panelCount) * scores.panelWidth;
    int64_t lanes = columnLanes();
    return v.simplify(scores.panelWidth % lanes == 0 ? panels : panels.ceilDiv(lanes) * lanes);
  }

  /// Turns a row of products into exponentials and returns one over their sum.
  Value softmaxRow(ArrayRef<Value> outer, Value row, Value start, Value memory) {
    Type element = v.builder.getF32Type();
    int64_t width = columnLanes();
    int64_t sets = columnCount() >= 4 * width ? 4 : 1;
    VectorType type = v.vectorType(element, width);
    auto constant = [&](float value) -> Value {
      return arith::ConstantOp::create(v.builder, v.loc, DenseElementsAttr::get(type, value));
    };
    Value lowest = constant(-std::numeric_limits<float>::infinity()), nothing = v.zero(type);
    auto masked = [&](const TilePoint &at, Value vector, Value other) -> Value {
      return at.mask ? arith::SelectOp::create(v.builder, v.loc, at.mask, vector, other) : vector;
    };
    auto place = [&](const TilePoint &at) { return v.add(start, at.dims[scores.nDim()]); };
    SmallVector<AffineExpr> position;
    for (unsigned dim = 0; dim <= scores.nDim(); ++dim)
      position.push_back(v.dim(dim));
    SmallVector<Value> largest =
        columns(outer, row, start, width, SmallVector<Value>(sets, lowest), [&](const TilePoint &at, Value sum) {
          Value score = masked(at, kernel.read(softmax.getInput(), position, at), lowest);
          vector::StoreOp::create(v.builder, v.loc, score, memory, ValueRange{place(at)});
          return larger(score, sum);
        });
    Value maximum = v.splat(reduce(largest, [&](Value l, Value r) { return larger(l, r); }), width);
    auto plus = [&](Value l, Value r) -> Value { return arith::AddFOp::create(v.builder, v.loc, l, r); };
    SmallVector<Value> sums =
        columns(outer, row, start, width, SmallVector<Value>(sets, nothing), [&](const TilePoint &at, Value sum) {
          Value score = v.loadVector(memory, place(at), width);
          Value shifted = arith::SubFOp::create(v.builder, v.loc, score, maximum);
          Value exponential = masked(at, math::ExpOp::create(v.builder, v.loc, shifted), nothing);
          vector::StoreOp::create(v.builder, v.loc, exponential, memory, ValueRange{place(at)});
          return plus(sum, exponential);
        });
    Value one = arith::ConstantOp::create(v.builder, v.loc, v.builder.getF32FloatAttr(1));
    return arith::DivFOp::create(v.builder, v.loc, one, reduce(sums, plus));
  }

  /// The rows of tiles [first, last) of one head.
  void emitTiles(ContractionLoops &first, ContractionLoops &second, ArrayRef<Value> outer, Value firstTile,
                 Value lastTile, Value memory, Value factors, AffineExpr rowStep) {
    Value firstRow = first.firstRow(firstTile), step = v.emit(rowStep, {});
    auto inBlock = [&](Value row) { return v.mul(v.sub(row, firstRow), step); };
    first.finish = [&](ArrayRef<Value> sums, ArrayRef<TilePoint> points) {
      for (auto [sum, at] : llvm::zip(sums, points)) {
        Value to = v.add(inBlock(at.dims[scores.mDim()]), at.dims[scores.nDim()]);
        vector::StoreOp::create(v.builder, v.loc, sum, memory, ValueRange{to});
      }
    };
    first.emitBlock(outer, firstTile, lastTile, v.constant(0), first.panelCount);
    Value lastRow = v.min(first.firstRow(lastTile), v.emit(scores.m, {}));
    v.forLoop(firstRow, lastRow, 1, [&](Value row) {
      Value factor = softmaxRow(outer, row, inBlock(row), memory);
      memref::StoreOp::create(v.builder, v.loc, factor, factors, ValueRange{v.sub(row, firstRow)});
    });
    values.lhs = {memory, (v.dim(values.mDim()) - v.symbol(firstRow)) * rowStep, {v.expr(1)}};
    second.finish = [&](ArrayRef<Value> sums, ArrayRef<TilePoint> points) {
      SmallVector<Value> results;
      for (auto [sum, at] : llvm::zip(sums, points)) {
        Value factor = v.loadScalar(factors, v.sub(at.dims[values.mDim()], firstRow));
        results.push_back(arith::MulFOp::create(v.builder, v.loc, sum, v.splat(factor, at.width)));
      }
      kernel.finish(results, points);
    };
    second.emitBlock(outer, firstTile, lastTile, v.constant(0), second.panelCount);
  }

  void emit() {
    kernel.emitScratch();
    ContractionLoops first(kernel, scores), second(kernel, values);
    second.chooseShape();
    if (first.dynamicN || first.staticN > values.panelWidth)
      scores.panelWidth = values.panelWidth;
    first.chooseShape();
    // Both walk the same tiles of rows.
    first.shape.rows = second.shape.rows = std::min(first.shape.rows, second.shape.rows);
    first.countTiles();
    second.countTiles();

    int64_t heads = ContractionProblem::product(scores.outer, wantedItems);
    int64_t tiles = llvm::divideCeil(first.staticM, first.shape.rows), perItem = tiles;
    if (heads < wantedItems)
      perItem = std::max<int64_t>(llvm::divideCeil(minimumRows, first.shape.rows),
                                  llvm::divideCeil(tiles * heads, wantedItems));
    perItem = llvm::alignTo(perItem, tilesPerBlock);
    bool whole = !first.dynamicM && perItem >= tiles;
    Value chunks = whole || (first.dynamicM && heads >= wantedItems) ? v.constant(1)
                                                                     : v.ceilDiv(first.tileCount, v.constant(perItem));
    v.workItems(v.mul(first.outerCount(), chunks), [&](Value item) {
      SmallVector<Value> outer = first.outerIndices(v.floorDiv(item, chunks));
      Value firstTile = v.mul(v.mod(item, chunks), perItem);
      Value lastTile =
          getConstantIntValue(chunks) == 1 ? first.tileCount : v.min(v.add(firstTile, perItem), first.tileCount);
      auto pack = [&](ContractionLoops &loops) {
        AffineExpr size = loops.panelSize();
        Value packed = alloc(v.simplify(v.symbol(loops.panelCount) * size));
        v.forLoop(v.constant(0), loops.panelCount, 1,
                  [&](Value panel) { loops.packPanel(outer, panel, packed, v.mul(panel, v.emit(size, {}))); });
        loops.usePacked(packed, v.expr(0));
      };
      pack(first);
      pack(second);
      AffineExpr step = rowStep(first);
      int64_t blockRows = tilesPerBlock * first.shape.rows;
      Value memory = alloc(v.simplify(step * blockRows)), factors = alloc(v.expr(blockRows));
      kernel.rebind(placeholder, memory);
      v.forLoop(firstTile, lastTile, tilesPerBlock, [&](Value tile) {
        emitTiles(first, second, outer, tile, v.min(v.add(tile, tilesPerBlock), lastTile), memory, factors, step);
      });
    });
    kernel.commit();
  }
};
} // namespace

static LogicalResult run(func::FuncOp func, const TargetInfo &target, std::string &reason, bool emit) {
  SmallVector<linalg::SoftmaxOp> softmaxes(func.front().getOps<linalg::SoftmaxOp>());
  if (softmaxes.size() != 1) {
    reason = "the kernel does not have one softmax";
    return failure();
  }
  if (failed(FusedKernel::checkOps(func, reason, softmaxes.front())))
    return failure();
  AttentionKernel kernel(func, target, reason);
  if (failed(kernel.analyze()))
    return failure();
  if (emit)
    kernel.emit();
  return success();
}

Strategy wick::cpu::getAttentionStrategy() {
  auto bound = [](bool emit) {
    return [=](func::FuncOp func, const TargetInfo &target, std::string &reason) {
      return run(func, target, reason, emit);
    };
  };
  return {"attention", bound(true), bound(false)};
}
