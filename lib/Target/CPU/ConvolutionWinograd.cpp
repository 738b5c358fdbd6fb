//===- ConvolutionWinograd.cpp - 3x3 convolutions with fewer products -------===//
#include "ConvolutionWinograd.h"

#include "ContractionTile.h"
#include "LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"

using namespace mlir;
using namespace wick::cpu;

//===----------------------------------------------------------------------===//
// The transform
//===----------------------------------------------------------------------===//

std::array<double, 3> Winograd::filterRow(int64_t row) const {
  if (row == side() - 1)
    return {0, 0, 1};
  SmallVector<double> points = {0, a, -a};
  if (tile == 4)
    points.append({b, -b});
  double scale = 1;
  for (double other : points)
    if (other != points[row])
      scale *= points[row] - other;
  return {1 / scale, points[row] / scale, points[row] * points[row] / scale};
}

std::optional<int64_t> wick::cpu::chooseWinogradTile(const TargetInfo &target, linalg::LinalgOp root) {
  auto conv = dyn_cast<linalg::Conv2DNhwcHwcfOp>(root.getOperation());
  if (!conv)
    return std::nullopt;
  auto filter = cast<RankedTensorType>(conv.getInputs()[1].getType());
  auto result = cast<RankedTensorType>(conv->getResultTypes()[0]);
  auto ones = [](DenseIntElementsAttr values) { return llvm::all_of(values, [](APInt v) { return v.isOne(); }); };
  if (!filter.hasStaticShape() || filter.getDimSize(0) != 3 || filter.getDimSize(1) != 3 ||
      !filter.getElementType().isF32() || !ones(conv.getStrides()) || !ones(conv.getDilations()))
    return std::nullopt;
  // With few channels the transforms cost what the products save.
  int64_t lanes = target.lanes(32), channels = filter.getDimSize(2), filters = filter.getDimSize(3);
  if (channels % lanes || filters % lanes || std::min(channels, filters) < 32)
    return std::nullopt;
  // Small images have few tiles for their transformed filters, which for tiles of four are four times the filter.
  int64_t smallest = std::numeric_limits<int64_t>::max();
  for (int64_t dim : {1, 2})
    if (!result.isDynamicDim(dim))
      smallest = std::min(smallest, result.getDimSize(dim));
  if (smallest < 6)
    return std::nullopt;
  // Networks have more channels the smaller their images are.
  if (smallest == std::numeric_limits<int64_t>::max())
    return channels * filters > 128 * 128 ? 2 : 4;
  return smallest < 20 ? 2 : 4;
}

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

bool wick::cpu::isWinograd(linalg::LinalgOp root) {
  return isa<linalg::Conv2DNhwcHwcfOp>(root.getOperation()) &&
         root->getOperand(1).getDefiningOp<plan::RestoreFilterOp>();
}

FailureOr<WinogradProblem> wick::cpu::analyzeWinograd(FusedKernel &kernel, linalg::LinalgOp root, std::string &reason) {
  VectorEmitter &v = kernel.emitter();
  auto restore = root->getOperand(1).getDefiningOp<plan::RestoreFilterOp>();
  auto transform = cast<RankedTensorType>(restore.getTransform().getType());
  WinogradProblem problem;
  problem.transform = Winograd(restore.getTile());
  problem.channels = transform.getDimSize(3);
  problem.filters = cast<RankedTensorType>(restore.getFilter().getType()).getDimSize(3);
  problem.panelWidth = transform.getDimSize(4);
  // The filter may have been transformed for another target's vectors.
  problem.lanes = v.target.lanes(32);
  while (problem.channels % problem.lanes || problem.filters % problem.lanes || problem.panelWidth % problem.lanes)
    problem.lanes /= 2;
  FailureOr<View> filter = kernel.view(restore.getTransform());
  if (failed(filter))
    return failure();
  problem.filter = filter->buffer;

  Value image = root->getOperand(0);
  problem.firstRow = problem.firstPixel = v.expr(0);
  if (auto pad = image.getDefiningOp<tensor::PadOp>()) {
    Value padding = pad.getConstantPaddingValue();
    auto inner = [](OpFoldResult size) { return getConstantIntValue(size) == 0; };
    SmallVector<OpFoldResult> low = pad.getMixedLowPad(), high = pad.getMixedHighPad();
    if (padding && matchPattern(padding, m_AnyZeroFloat()) && inner(low[0]) && inner(high[0]) && inner(low[3]) &&
        inner(high[3])) {
      problem.firstRow = kernel.foldedIndex(low[1]);
      problem.firstPixel = kernel.foldedIndex(low[2]);
      image = pad.getSource();
    }
  }
  FailureOr<View> input = kernel.viewOrScratch(image, reason);
  if (failed(input))
    return failure();
  if (input->strides[3] != v.expr(1)) {
    reason = "channels are not innermost";
    return failure();
  }
  problem.input = *input;
  problem.inputRows = kernel.size(image, 1);
  problem.inputPixels = kernel.size(image, 2);
  SmallVector<AffineExpr> sizes = kernel.sizes(root.getDpsInitOperand(0)->get());
  problem.images = sizes[0];
  problem.rows = sizes[1];
  problem.pixels = sizes[2];
  for (unsigned dim = 0; dim < 4; ++dim)
    problem.position.push_back(v.dim(dim));
  auto fill = root.getDpsInitOperand(0)->get().getDefiningOp<linalg::FillOp>();
  if (!fill || !matchPattern(fill.getInputs()[0], m_AnyZeroFloat())) {
    problem.init = root.getDpsInitOperand(0)->get();
    if (failed(kernel.checkReadable(problem.init, reason)))
      return failure();
  }
  return problem;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

namespace {
/// A tile: its image, and its first row and pixel in the result.
struct Place {
  Value image, row, pixel;
};

struct WinogradEmitter {
  FusedKernel &kernel;
  const WinogradProblem &problem;
  VectorEmitter &v;
  Winograd transform;
  Type element;
  int64_t lanes, tile, side, places;
  AffineExpr tileRows, tilePixels, tileCount;
  /// Tiles of a block, and those of one register tile of the products.
  int64_t blockTiles = 0, tileShapeRows;
  bool oneBlock = false;
  /// Transformed input and results of the products: (place, tile of the block, channel).
  Value transformed, products;
  AffineExpr transformedStep, productsStep;

  WinogradEmitter(FusedKernel &kernel, const WinogradProblem &problem)
      : kernel(kernel), problem(problem), v(kernel.emitter()), transform(problem.transform),
        element(v.builder.getF32Type()), lanes(problem.lanes), tile(transform.tile), side(transform.side()),
        places(side * side) {
    auto tiles = [&](AffineExpr size) { return v.simplify((size + (tile - 1)).floorDiv(tile)); };
    tileRows = tiles(problem.rows);
    tilePixels = tiles(problem.pixels);
    tileCount = v.simplify(problem.images * tileRows * tilePixels);
    tileShapeRows = maxTileRows(v.target, problem.panelWidth / lanes);
    chooseBlock();
  }

  /// One block where that moves less between cache levels: every further one reads the filter again, while more
  /// tiles than the second level holds are written and read from the one behind it.
  void chooseBlock() {
    int64_t tileBytes = places * (problem.channels + problem.filters) * 4;
    int64_t fitting = std::max<int64_t>(1, v.target.l2Bytes * 3 / 4 / tileBytes);
    fitting = std::max<int64_t>(1, fitting / tileShapeRows) * tileShapeRows;
    auto count = dyn_cast<AffineConstantExpr>(tileCount);
    blockTiles = std::max<int64_t>(fitting, 2 * tileShapeRows);
    if (!count)
      return;
    int64_t filterBytes = places * problem.channels * problem.filters * 4;
    int64_t blocks = llvm::divideCeil(count.getValue(), fitting);
    if (blocks > 1 && blocks * filterBytes < filterBytes + 2 * count.getValue() * tileBytes) {
      blockTiles = fitting;
      return;
    }
    oneBlock = true;
    blockTiles = std::max<int64_t>(count.getValue(), 1);
  }

  /// Distances of places are no multiple of a page, so that they do not meet in few sets of the cache.
  int64_t placeStep(int64_t channels) { return blockTiles * channels + 16; }

  Value allocate(int64_t count) {
    if (oneBlock)
      return kernel.scratch(v.expr(count), element);
    return memref::AllocOp::create(v.builder, v.loc, MemRefType::get({count}, element),
                                   v.builder.getI64IntegerAttr(64));
  }

  Value combine(Value x, double factor, Value sum) {
    Value f = arith::ConstantOp::create(v.builder, v.loc,
                                        DenseElementsAttr::get(cast<VectorType>(x.getType()), float(factor)));
    return sum ? v.multiplyAdd(x, f, sum) : Value(arith::MulFOp::create(v.builder, v.loc, x, f));
  }
  Value plus(Value x, Value y) { return arith::AddFOp::create(v.builder, v.loc, x, y); }
  Value minus(Value x, Value y) { return arith::SubFOp::create(v.builder, v.loc, x, y); }

  /// One row or column of a tile of the input: the values of the polynomials that vanish at all points but one.
  SmallVector<Value> transformInput(ArrayRef<Value> x) {
    if (tile == 2)
      return {minus(x[2], x[0]), plus(x[1], x[2]), minus(x[2], x[1]), minus(x[3], x[1])};
    double a2 = transform.a * transform.a, b2 = transform.b * transform.b;
    auto ends = [&](Value low, Value middle, Value high) {
      return combine(low, a2 * b2, combine(middle, -(a2 + b2), high));
    };
    auto pair = [&](double p, double q2) {
      Value even = combine(x[2], -q2, x[4]), odd = combine(combine(x[1], -q2, x[3]), p, Value());
      return std::pair(plus(even, odd), minus(even, odd));
    };
    auto [aPlus, aMinus] = pair(transform.a, b2);
    auto [bPlus, bMinus] = pair(transform.b, a2);
    return {ends(x[0], x[2], x[4]), aPlus, aMinus, bPlus, bMinus, ends(x[1], x[3], x[5])};
  }

  /// One row or column of the products: evaluates what they are the coefficients of.
  SmallVector<Value> transformOutput(ArrayRef<Value> x) {
    double a = transform.a, b = transform.b;
    Value sumA = plus(x[1], x[2]), differenceA = minus(x[1], x[2]);
    if (tile == 2)
      return {plus(x[0], sumA), plus(differenceA, x[3])};
    Value sumB = plus(x[3], x[4]), differenceB = minus(x[3], x[4]);
    auto weighted = [&](Value x, double f, Value y, double g) { return combine(x, f, combine(y, g, Value())); };
    return {plus(plus(x[0], sumA), sumB), weighted(differenceA, a, differenceB, b), weighted(sumA, a * a, sumB, b * b),
            combine(differenceA, a * a * a, combine(differenceB, b * b * b, x[5]))};
  }

  /// Both dims of a tile, given and returned row by row.
  SmallVector<Value> both(ArrayRef<Value> values, bool input) {
    auto one = [&](ArrayRef<Value> x) { return input ? transformInput(x) : transformOutput(x); };
    int64_t size = input ? side : tile;
    SmallVector<SmallVector<Value>> columns;
    for (int64_t column = 0; column < side; ++column) {
      SmallVector<Value> x;
      for (int64_t row = 0; row < side; ++row)
        x.push_back(values[row * side + column]);
      columns.push_back(one(x));
    }
    SmallVector<Value> result;
    for (int64_t row = 0; row < size; ++row)
      llvm::append_range(result, one(llvm::map_to_vector(columns, [&](auto &column) { return column[row]; })));
    return result;
  }

  Place place(Value index) {
    SmallVector<Value> at = delinearize(v, index, {problem.images, tileRows, tilePixels});
    return {at[0], v.mul(at[1], tile), v.mul(at[2], tile)};
  }

  Value compare(arith::CmpIPredicate predicate, Value lhs, Value rhs) {
    return arith::CmpIOp::create(v.builder, v.loc, predicate, lhs, rhs);
  }
  void branch(Value condition, llvm::function_ref<void()> then, llvm::function_ref<void()> otherwise) {
    auto op = scf::IfOp::create(v.builder, v.loc, condition, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(v.builder);
    v.builder.setInsertionPointToStart(op.thenBlock());
    then();
    v.builder.setInsertionPointToStart(op.elseBlock());
    otherwise();
  }
  Value conjoin(Value lhs, Value rhs) { return arith::AndIOp::create(v.builder, v.loc, lhs, rhs); }

  /// Transforms the input of one tile, which becomes tile `local` of the block.
  void emitInput(Value index, Value local, Value patch) {
    Place at = place(index);
    const View &input = problem.input;
    // In the image, whose upper left border may make these negative.
    Value row = v.sub(at.row, v.emit(problem.firstRow, {})), pixel = v.sub(at.pixel, v.emit(problem.firstPixel, {}));
    Value rowStep = v.emit(input.strides[1], {}), pixelStep = v.emit(input.strides[2], {});
    Value base = v.add(v.emit(input.offset, {}), v.mul(at.image, v.emit(input.strides[0], {})));
    auto address = [&](Value r, Value p, Value channel) {
      return v.add(v.add(base, v.add(v.mul(r, rowStep), v.mul(p, pixelStep))), channel);
    };
    auto store = [&](ArrayRef<Value> values, Value channel) {
      Value target = v.add(v.mul(local, problem.channels), channel);
      SmallVector<Value> all = both(values, /*input=*/true);
      for (auto [number, value] : llvm::enumerate(all))
        vector::StoreOp::create(v.builder, v.loc, value, transformed,
                                ValueRange{v.add(target, number * placeStep(problem.channels))});
    };
    auto inside = [&] {
      v.forLoop(v.constant(0), v.constant(problem.channels), lanes, [&](Value channel) {
        SmallVector<Value> values;
        Value first = address(row, pixel, channel);
        for (int64_t r = 0; r < side; ++r)
          for (int64_t p = 0; p < side; ++p)
            values.push_back(
                v.loadVector(problem.input.buffer, v.add(first, v.add(v.mul(rowStep, r), v.mul(pixelStep, p))), lanes));
        store(values, channel);
      });
    };
    // At the border of the image, what exists of the tile is copied into zeros first.
    auto border = [&] {
      Value zero = v.constant(0), size = v.constant(side);
      auto range = [&](Value first, AffineExpr extent) {
        return std::pair(v.max(v.sub(zero, first), zero), v.min(v.sub(v.emit(extent, {}), first), size));
      };
      auto [fromRow, toRow] = range(row, problem.inputRows);
      auto [fromPixel, toPixel] = range(pixel, problem.inputPixels);
      v.forLoop(
          zero, v.constant(problem.channels), lanes,
          [&, fr = fromRow, tr = toRow, fp = fromPixel, tp = toPixel](Value channel) {
            Value nothing = v.zero(v.vectorType(element, lanes));
            for (int64_t i = 0; i < places; ++i)
              vector::StoreOp::create(v.builder, v.loc, nothing, patch, ValueRange{v.constant(i * lanes)});
            v.forLoop(fr, tr, 1, [&](Value r) {
              v.forLoop(fp, tp, 1, [&](Value p) {
                Value x = v.loadVector(problem.input.buffer, address(v.add(row, r), v.add(pixel, p), channel), lanes);
                vector::StoreOp::create(v.builder, v.loc, x, patch, ValueRange{v.mul(v.add(v.mul(r, side), p), lanes)});
              });
            });
            SmallVector<Value> values;
            for (int64_t i = 0; i < places; ++i)
              values.push_back(v.loadVector(patch, v.constant(i * lanes), lanes));
            store(values, channel);
          });
    };
    auto within = [&](Value first, AffineExpr extent) {
      return conjoin(compare(arith::CmpIPredicate::sge, first, v.constant(0)),
                     compare(arith::CmpIPredicate::sle, v.add(first, side), v.emit(extent, {})));
    };
    branch(conjoin(within(row, problem.inputRows), within(pixel, problem.inputPixels)), inside, border);
  }

  /// The products of places [first, last) of the block's tiles, of which the first `count` exist.
  void emitProducts(Value first, Value last, Value count) {
    ContractionProblem gemm;
    gemm.element = element;
    gemm.outer = {v.expr(places)};
    gemm.m = v.expr(blockTiles);
    gemm.n = v.expr(problem.filters);
    gemm.k = {v.expr(problem.channels)};
    gemm.lhs = {transformed, v.dim(0) * placeStep(problem.channels) + v.dim(1) * problem.channels, {v.expr(1)}};
    int64_t panelStep = problem.channels * problem.panelWidth;
    int64_t panels = llvm::divideCeil(problem.filters, problem.panelWidth);
    gemm.rhs = {problem.filter, v.dim(0) * (panels * panelStep), {v.expr(problem.panelWidth)}};
    gemm.padded = true;
    bool whole = isa<AffineConstantExpr>(tileCount) && oneBlock;
    int64_t rows = std::min(tileShapeRows, blockTiles);
    if (whole)
      rows = llvm::divideCeil(blockTiles, llvm::divideCeil(blockTiles, tileShapeRows));
    Value tiles = v.ceilDiv(count, v.constant(rows)), lastTile = v.sub(count, v.constant(1));
    auto panel = [&](Value at, Value number, int64_t width) {
      ContractionTile here;
      here.outer = {at};
      here.width = lanes;
      here.vectors = here.firstMasked = width / lanes;
      here.limit = v.constant(problem.filters);
      here.n0 = v.mul(number, problem.panelWidth);
      here.panelBase = v.add(v.emit(gemm.rhs.base, {at}), v.mul(number, panelStep));
      here.finish = [&](ArrayRef<Value> sums, ArrayRef<TilePoint> points) {
        for (auto [sum, point] : llvm::zip(sums, points)) {
          Value to = v.add(v.mul(point.dims[0], placeStep(problem.filters)),
                           v.add(v.mul(point.dims[1], problem.filters), point.dims[2]));
          vector::StoreOp::create(v.builder, v.loc, sum, products, ValueRange{to});
        }
      };
      v.forLoop(v.constant(0), tiles, 1, [&](Value number) {
        ContractionTile rowsHere = here;
        // Tiles past the last one repeat it.
        for (int64_t i = 0; i < rows; ++i) {
          Value row = v.add(v.mul(number, rows), i);
          rowsHere.rows.push_back(whole && blockTiles % rows == 0 ? row : v.min(row, lastTile));
        }
        emitTile(kernel, gemm, rowsHere);
      });
    };
    v.forLoop(first, last, 1, [&](Value at) {
      int64_t full = problem.filters / problem.panelWidth, rest = problem.filters % problem.panelWidth;
      v.forLoop(v.constant(0), v.constant(full), 1, [&](Value number) { panel(at, number, problem.panelWidth); });
      if (rest)
        panel(at, v.constant(full), rest);
    });
  }

  /// Transforms the products of tile `local` of the block and finishes its pixels.
  void emitOutput(Value index, Value local, Value patch) {
    Place at = place(index);
    Value rows = v.emit(problem.rows, {}), pixels = v.emit(problem.pixels, {});
    auto finish = [&](ArrayRef<std::pair<Value, Value>> where, ArrayRef<Value> values, Value channel) {
      SmallVector<TilePoint> points;
      SmallVector<Value> sums;
      for (auto [position, value] : llvm::zip(where, values)) {
        TilePoint point;
        point.dims = {at.image, position.first, position.second, channel};
        point.laneDim = 3;
        point.width = lanes;
        points.push_back(point);
        sums.push_back(problem.init ? plus(value, kernel.read(problem.init, problem.position, point)) : value);
      }
      kernel.finish(sums, points);
    };
    auto evaluate = [&](Value channel) {
      SmallVector<Value> values;
      Value source = v.add(v.mul(local, problem.filters), channel);
      for (int64_t i = 0; i < places; ++i)
        values.push_back(v.loadVector(products, v.add(source, i * placeStep(problem.filters)), lanes));
      return both(values, /*input=*/false);
    };
    auto inside = [&] {
      v.forLoop(v.constant(0), v.constant(problem.filters), lanes, [&](Value channel) {
        SmallVector<std::pair<Value, Value>> where;
        for (int64_t r = 0; r < tile; ++r)
          for (int64_t p = 0; p < tile; ++p)
            where.push_back({v.add(at.row, r), v.add(at.pixel, p)});
        finish(where, evaluate(channel), channel);
      });
    };
    // Of a tile that reaches beyond the result, the pixels that exist.
    auto border = [&] {
      Value toRow = v.min(v.sub(rows, at.row), v.constant(tile)),
            toPixel = v.min(v.sub(pixels, at.pixel), v.constant(tile));
      v.forLoop(v.constant(0), v.constant(problem.filters), lanes, [&](Value channel) {
        SmallVector<Value> values = evaluate(channel);
        for (auto [number, value] : llvm::enumerate(values))
          vector::StoreOp::create(v.builder, v.loc, value, patch, ValueRange{v.constant(number * lanes)});
        v.forLoop(v.constant(0), toRow, 1, [&](Value r) {
          v.forLoop(v.constant(0), toPixel, 1, [&](Value p) {
            Value value = v.loadVector(patch, v.mul(v.add(v.mul(r, tile), p), lanes), lanes);
            finish({{v.add(at.row, r), v.add(at.pixel, p)}}, value, channel);
          });
        });
      });
    };
    auto divides = [&](AffineExpr size) {
      auto constant = dyn_cast<AffineConstantExpr>(size);
      return constant && constant.getValue() % tile == 0;
    };
    if (divides(problem.rows) && divides(problem.pixels))
      return inside();
    branch(conjoin(compare(arith::CmpIPredicate::sle, v.add(at.row, tile), rows),
                   compare(arith::CmpIPredicate::sle, v.add(at.pixel, tile), pixels)),
           inside, border);
  }

  /// Memory for one tile at a border, private to a work item.
  Value makePatch() {
    return memref::AllocOp::create(v.builder, v.loc, MemRefType::get({places * lanes}, element),
                                   v.builder.getI64IntegerAttr(64));
  }

  void run() {
    kernel.emitScratch();
    Value count = v.emit(tileCount, {});
    auto makeBuffers = [&] {
      transformed = allocate(places * placeStep(problem.channels));
      products = allocate(places * placeStep(problem.filters));
    };
    if (!oneBlock)
      return v.workItems(v.ceilDiv(count, v.constant(blockTiles)), [&](Value item) {
        makeBuffers();
        Value patch = makePatch(), first = v.mul(item, blockTiles);
        Value here = v.min(v.constant(blockTiles), v.sub(count, first));
        v.forLoop(v.constant(0), here, 1, [&](Value local) { emitInput(v.add(first, local), local, patch); });
        emitProducts(v.constant(0), v.constant(places), here);
        v.forLoop(v.constant(0), here, 1, [&](Value local) { emitOutput(v.add(first, local), local, patch); });
      });
    makeBuffers();
    v.workItems(count, [&](Value index) { emitInput(index, index, makePatch()); });
    v.workItems(v.constant(places), [&](Value at) { emitProducts(at, v.add(at, 1), count); });
    v.workItems(count, [&](Value index) { emitOutput(index, index, makePatch()); });
  }
};
} // namespace

void wick::cpu::emitWinograd(FusedKernel &kernel, const WinogradProblem &problem) {
  WinogradEmitter(kernel, problem).run();
}
