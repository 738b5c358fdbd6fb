//===- ContractionLoops.cpp - the loops around register tiles ---------------===//
//
// m is cut into balanced tiles of at most `rows` rows and n into panels. Work items
// are groups of outer indices, of tiles or of panels, in sizes that follow from
// shape and target alone. Within an item the loops are
//
//   for block of tiles:  for panel:  for tile of the block
//
// so that a panel is read from the first cache level by all tiles of a block. Where
// all panels together fit in half of the second level, a block is what the first
// level holds of the lhs; else it is what the second one holds.
//
//===----------------------------------------------------------------------===//
#include "ContractionLoops.h"

#include "LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace wick::cpu;

/// What a size that is unknown when compiling is taken to be when work is divided.
static constexpr int64_t assumedSize = 64;

static int64_t bytes(Type element) { return element.getIntOrFloatBitWidth() / 8; }

int64_t wick::cpu::choosePanelWidth(const TargetInfo &target, Type element, int64_t m, int64_t n, int64_t k) {
  int64_t lanes = target.lanes(element.getIntOrFloatBitWidth());
  if (n <= lanes)
    return std::min<int64_t>(lanes, llvm::PowerOf2Ceil(std::max<int64_t>(n, 1)));
  // Wide panels stream weights that are used once or twice.
  SmallVector<int64_t> candidates = {2, 3};
  if (k <= 16)
    candidates = {4, 3, 2};
  if (target.vectorRegisters >= 32)
    candidates = {4, 2, 3};
  if (m <= 2)
    candidates = {4, 2};
  // Panels of one vector are bound by loads: 1.2 times the time of their arithmetic.
  auto cost = [&](int64_t vectors) {
    int64_t all = llvm::divideCeil(n, lanes), rest = all % vectors;
    return 10 * (all - rest) + (rest == 1 ? 12 * rest : 10 * rest);
  };
  int64_t best = candidates.front();
  for (int64_t candidate : candidates)
    if (cost(candidate) < cost(best))
      best = candidate;
  return best * lanes;
}

ContractionLoops::ContractionLoops(FusedKernel &kernel, ContractionProblem &problem)
    : kernel(kernel), problem(problem), v(kernel.emitter()) {
  staticM = ContractionProblem::product(problem.m, assumedSize);
  staticN = ContractionProblem::product(problem.n, assumedSize);
  staticK = ContractionProblem::product(problem.k, assumedSize);
  dynamicM = !isa<AffineConstantExpr>(problem.m);
  dynamicN = !isa<AffineConstantExpr>(problem.n);
}

void ContractionLoops::chooseShape() {
  int64_t lanes = v.target.lanes(problem.element.getIntOrFloatBitWidth());
  if (!problem.panelWidth)
    problem.panelWidth = choosePanelWidth(v.target, problem.element, staticM, dynamicN ? 4 * lanes : staticN, staticK);
  shape.width = std::min<int64_t>(lanes, problem.panelWidth & -problem.panelWidth);
  shape.vectors = problem.panelWidth / shape.width;
  shape.rows = maxTileRows(v.target, shape.vectors);
  if (!dynamicM)
    shape.rows = std::min(shape.rows, std::max<int64_t>(staticM, 1));
  countTiles();
}

void ContractionLoops::countTiles() {
  v.inPrologue([&] {
    tileCount = v.ceilDiv(v.emit(problem.m, {}), v.constant(shape.rows));
    panelCount = v.ceilDiv(v.emit(problem.n, {}), v.constant(problem.panelWidth));
  });
}

/// Whether the rhs is a matrix whose rows, along n, have their elements along k side by side.
bool ContractionLoops::isTransposed() {
  AffineExpr step =
      problem.rhsN ? linearCoefficient(v, problem.rhsN, problem.nDim()).value_or(AffineExpr()) : AffineExpr();
  return problem.k.size() == 1 && problem.rhs.kSteps[0] == v.expr(1) && step && step != v.expr(1) &&
         step != v.expr(0) && shape.width == v.target.lanes(problem.element.getIntOrFloatBitWidth());
}

/// One panel of a transposed rhs: squares of as many rows as a vector has lanes change places in registers.
void ContractionLoops::packTransposed(ArrayRef<Value> outer, Value n0, Value packed, Value target) {
  Value limit = v.emit(problem.n, {}), depth = v.emit(problem.k[0], {});
  Value last = v.sub(limit, v.constant(1)), whole = v.mul(v.floorDiv(depth, v.constant(shape.width)), shape.width);
  bool full = !dynamicN && staticN % problem.panelWidth == 0;
  AffineExpr flat = v.simplify(problem.rhs.base + problem.rhsN);
  for (int64_t j = 0; j < shape.vectors; ++j) {
    SmallVector<Value> rows;
    for (int64_t lane = 0; lane < shape.width; ++lane) {
      SmallVector<Value> dims(outer);
      Value n = v.add(n0, j * shape.width + lane);
      dims.append({v.constant(0), full ? n : v.min(n, last)});
      rows.push_back(v.emit(flat, dims));
    }
    auto store = [&](Value vector, Value k) {
      Value to = v.add(v.add(target, v.mul(k, problem.panelWidth)), j * shape.width);
      vector::StoreOp::create(v.builder, v.loc, vector, packed, ValueRange{to});
    };
    v.forLoop(v.constant(0), whole, shape.width, [&](Value k) {
      SmallVector<Value> vectors;
      for (Value row : rows)
        vectors.push_back(v.loadVector(problem.rhs.buffer, v.add(row, k), shape.width));
      for (auto [lane, vector] : llvm::enumerate(v.transpose(vectors)))
        store(vector, v.add(k, lane));
    });
    v.forLoop(whole, depth, 1, [&](Value k) {
      SmallVector<Value> lanes;
      for (Value row : rows)
        lanes.push_back(v.loadScalar(problem.rhs.buffer, v.add(row, k)));
      store(vector::FromElementsOp::create(v.builder, v.loc, v.vectorType(problem.element, shape.width), lanes), k);
    });
  }
}

void ContractionLoops::packPanel(ArrayRef<Value> outer, Value panel, Value packed, Value target) {
  Value limit = v.emit(problem.n, {}), n0 = v.mul(panel, problem.panelWidth);
  if (isTransposed())
    return packTransposed(outer, n0, packed, target);
  View from{problem.rhs.buffer, {}, v.expr(0)};
  AffineExpr flat = problem.rhs.base + problem.rhsN;
  SmallVector<AffineExpr> kSteps = packedSteps();
  for (size_t i = 0; i < problem.k.size(); ++i)
    flat = flat + v.dim(problem.nDim() + 1 + i) * problem.rhs.kSteps[i];
  TilePoint at;
  at.dims.assign(outer.begin(), outer.end());
  at.laneDim = problem.nDim();
  at.width = shape.width;
  at.limit = limit;
  at.dims.append({v.constant(0), n0});
  bool whole = !dynamicN && staticN % problem.panelWidth == 0;
  std::function<void(size_t, Value)> nest = [&](size_t level, Value to) {
    if (level < problem.k.size())
      return v.forLoop(v.constant(0), v.emit(problem.k[level], {}), 1, [&](Value index) {
        at.dims.resize(problem.nDim() + 1 + level);
        at.dims.push_back(index);
        nest(level + 1, v.add(to, v.mul(index, v.emit(kSteps[level], {}))));
      });
    for (int64_t j = 0; j < shape.vectors; ++j) {
      TilePoint vector = at;
      vector.dims[problem.nDim()] = v.add(n0, j * shape.width);
      if (!whole)
        vector.mask = v.laneMask(limit, vector.dims[problem.nDim()], shape.width);
      vector::StoreOp::create(v.builder, v.loc, v.load(from, flat, vector), packed,
                              ValueRange{v.add(to, j * shape.width)});
    }
  };
  nest(0, target);
}

SmallVector<AffineExpr> ContractionLoops::packedSteps() {
  SmallVector<AffineExpr> steps(problem.k.size());
  AffineExpr step = v.expr(problem.panelWidth);
  for (size_t i = problem.k.size(); i-- > 0; step = v.simplify(step * problem.k[i]))
    steps[i] = step;
  return steps;
}

AffineExpr ContractionLoops::panelSize() {
  AffineExpr depth = v.expr(1);
  for (AffineExpr size : problem.k)
    depth = v.simplify(depth * size);
  return v.simplify(depth * problem.panelWidth);
}

void ContractionLoops::usePacked(Value packed, AffineExpr base) {
  problem.panelStep = panelSize();
  problem.rhs = {packed, base, packedSteps()};
  problem.padded = true;
}

/// Copies the rhs into panels, as a first group of work items.
void ContractionLoops::packRhs() {
  AffineExpr panels = v.symbol(panelCount), outer = v.expr(1), linear = v.expr(0);
  for (auto [dim, size] : llvm::enumerate(problem.outer)) {
    outer = outer * size;
    linear = linear * size + v.dim(dim);
  }
  Value packed = kernel.scratch(v.simplify(outer * panels * panelSize()), problem.element);
  v.workItems(v.mul(outerCount(), panelCount), [&](Value item) {
    packPanel(outerIndices(v.floorDiv(item, panelCount)), v.mod(item, panelCount), packed,
              v.mul(item, v.emit(panelSize(), {})));
  });
  usePacked(packed, v.simplify(linear * panels * panelSize()));
}

void ContractionLoops::divideWork() {
  int64_t outer = ContractionProblem::product(problem.outer, assumedSize);
  int64_t tiles = llvm::divideCeil(staticM, shape.rows), panels = llvm::divideCeil(staticN, problem.panelWidth);
  int64_t perTile = std::max<int64_t>(1, shape.rows * problem.panelWidth * staticK);
  int64_t total = std::max<int64_t>(1, outer * tiles * panels * perTile);
  // About five microseconds of arithmetic at least, and about 64 items at most.
  int64_t perItem = std::max<int64_t>(1 << 18, total / 64);
  bool whole = total <= perItem;
  int64_t rhsBytes = staticN * staticK * bytes(problem.element),
          rowBytes = std::max<int64_t>(1, staticK * bytes(problem.element));
  bool rowsOutside = rhsBytes <= v.target.l2Bytes / 2 && tiles >= 8;
  int64_t blockBytes = rowsOutside ? v.target.l1Bytes : v.target.l2Bytes / 2;
  tilesPerBlock = std::max<int64_t>(rowsOutside ? 8 : 16, blockBytes / (rowBytes * shape.rows));

  constexpr int64_t all = std::numeric_limits<int32_t>::max();
  tilesPerItem = panelsPerItem = outerPerItem = all;
  if (whole)
    return;
  int64_t perOuter = tiles * panels * perTile;
  if (perOuter <= perItem) {
    outerPerItem = std::max<int64_t>(1, perItem / perOuter);
    return;
  }
  outerPerItem = 1;
  if (rowsOutside) {
    tilesPerItem = std::max<int64_t>(1, perItem / (panels * perTile));
    return;
  }
  panelsPerItem = std::max<int64_t>(1, perItem / (tiles * perTile));
  if (outer * panels < 16)
    tilesPerItem = std::max<int64_t>(1, llvm::divideCeil(tiles * outer * panels, 16));
}

Value ContractionLoops::outerCount() {
  Value count = v.constant(1);
  for (AffineExpr size : problem.outer)
    count = v.mul(count, v.emit(size, {}));
  return count;
}

SmallVector<Value> ContractionLoops::outerIndices(Value linear) {
  SmallVector<Value> indices(problem.outer.size());
  for (size_t dim = indices.size(); dim-- > 0;) {
    Value size = v.emit(problem.outer[dim], {});
    indices[dim] = dim ? v.mod(linear, size) : linear;
    linear = v.floorDiv(linear, size);
  }
  return indices;
}

/// Rows of the smaller tiles, and how many tiles before them have one row more.
std::pair<int64_t, int64_t> ContractionLoops::balance() {
  int64_t tiles = llvm::divideCeil(staticM, shape.rows);
  return {staticM / tiles, staticM % tiles};
}

Value ContractionLoops::firstRow(Value tile) {
  if (dynamicM)
    return v.mul(tile, shape.rows);
  auto [small, larger] = balance();
  return v.add(v.mul(tile, small), v.min(tile, v.constant(larger)));
}

void ContractionLoops::emitPanel(ArrayRef<Value> outer, Value panel, Value firstTile, Value lastTile, bool partial) {
  ContractionTile tile;
  tile.outer.assign(outer.begin(), outer.end());
  tile.width = shape.width;
  tile.vectors = shape.vectors;
  tile.firstMasked = shape.vectors;
  tile.limit = v.emit(problem.n, {});
  tile.n0 = v.mul(panel, problem.panelWidth);
  tile.finish = finish;
  if (partial && dynamicN) {
    tile.firstMasked = 0;
  } else if (partial) {
    int64_t rest = staticN % problem.panelWidth;
    tile.vectors = llvm::divideCeil(rest, shape.width);
    tile.firstMasked = rest / shape.width;
  }
  SmallVector<Value> dims(outer);
  tile.panelBase = v.add(v.emit(problem.rhs.base, dims), v.mul(panel, v.emit(problem.panelStep, {})));

  auto emitTiles = [&](Value lower, Value upper, int64_t rows, Value shift, bool clamp) {
    v.forLoop(lower, upper, 1, [&](Value index) {
      Value first = v.add(v.mul(index, rows), shift);
      ContractionTile here = tile;
      Value last = clamp ? v.sub(v.emit(problem.m, {}), v.constant(1)) : Value();
      for (int64_t i = 0; i < rows; ++i) {
        Value row = v.add(first, i);
        here.rows.push_back(clamp ? v.min(row, last) : row);
      }
      emitTile(kernel, problem, here);
    });
  };
  // With m unknown, the rows past its end repeat its last row.
  if (dynamicM)
    return emitTiles(firstTile, lastTile, shape.rows, v.constant(0), /*clamp=*/true);
  if (staticM == 0)
    return;
  auto [small, larger] = balance();
  Value border = v.constant(larger);
  if (larger)
    emitTiles(firstTile, v.min(lastTile, border), small + 1, v.constant(0), false);
  emitTiles(v.max(firstTile, border), lastTile, small, border, false);
}

void ContractionLoops::emitBlock(ArrayRef<Value> outer, Value firstTile, Value lastTile, Value firstPanel,
                                 Value lastPanel) {
  Value full = v.floorDiv(v.emit(problem.n, {}), v.constant(problem.panelWidth));
  v.forLoop(firstPanel, v.min(lastPanel, full), 1,
            [&](Value panel) { emitPanel(outer, panel, firstTile, lastTile, /*partial=*/false); });
  if (!dynamicN && staticN % problem.panelWidth == 0)
    return;
  v.forLoop(v.max(firstPanel, full), lastPanel, 1,
            [&](Value panel) { emitPanel(outer, panel, firstTile, lastTile, /*partial=*/true); });
}

void ContractionLoops::emitItem(Value item) {
  auto range = [&](Value group, int64_t size, Value count) {
    if (size == std::numeric_limits<int32_t>::max())
      return std::pair(v.constant(0), count);
    Value first = v.mul(group, size);
    return std::pair(first, v.min(v.add(first, size), count));
  };
  auto groups = [&](int64_t size, Value count) {
    return size == std::numeric_limits<int32_t>::max() ? v.constant(1) : v.ceilDiv(count, v.constant(size));
  };
  Value panelGroups = groups(panelsPerItem, panelCount), tileGroups = groups(tilesPerItem, tileCount);
  auto [firstPanel, lastPanel] = range(v.mod(item, panelGroups), panelsPerItem, panelCount);
  item = v.floorDiv(item, panelGroups);
  auto [firstTile, lastTile] = range(v.mod(item, tileGroups), tilesPerItem, tileCount);
  auto [firstOuter, lastOuter] = range(v.floorDiv(item, tileGroups), outerPerItem, outerCount());
  v.forLoop(firstOuter, lastOuter, 1,
            [&, fp = firstPanel, lp = lastPanel, ft = firstTile, lt = lastTile](Value linear) {
              SmallVector<Value> outer = outerIndices(linear);
              if (!dynamicM && tilesPerBlock >= std::min<int64_t>(tilesPerItem, llvm::divideCeil(staticM, shape.rows)))
                return emitBlock(outer, ft, lt, fp, lp);
              v.forLoop(ft, lt, tilesPerBlock,
                        [&](Value tile) { emitBlock(outer, tile, v.min(v.add(tile, tilesPerBlock), lt), fp, lp); });
            });
}

void ContractionLoops::run() {
  chooseShape();
  kernel.emitScratch();
  if (!problem.panelStep) {
    if (problem.rhsN == v.dim(problem.nDim()))
      problem.panelStep = v.expr(problem.panelWidth);
    else
      packRhs();
  }
  divideWork();
  auto groups = [&](int64_t size, Value count) {
    return size == std::numeric_limits<int32_t>::max() ? v.constant(1) : v.ceilDiv(count, v.constant(size));
  };
  Value items = v.mul(v.mul(groups(outerPerItem, outerCount()), groups(tilesPerItem, tileCount)),
                      groups(panelsPerItem, panelCount));
  v.workItems(items, [&](Value item) { emitItem(item); });
}

void wick::cpu::emitContraction(FusedKernel &kernel, ContractionProblem &problem) {
  ContractionLoops(kernel, problem).run();
}
