//===- ContractionTile.cpp - one register tile of a contraction -------------===//
#include "ContractionTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace wick::cpu;

int64_t wick::cpu::maxTileRows(const TargetInfo &target, int64_t vectors) {
  int64_t registers = target.vectorRegisters, rows = 1;
  auto needed = [&](int64_t rows) { return rows * vectors + std::min(rows, vectors) + 1; };
  while (rows < 14 && needed(rows + 1) <= registers)
    ++rows;
  return rows;
}

namespace {
struct TileEmitter {
  FusedKernel &kernel;
  const ContractionProblem &problem;
  const ContractionTile &tile;
  VectorEmitter &v;
  int64_t rows, vectors, split;
  SmallVector<Value> masks;

  TileEmitter(FusedKernel &kernel, const ContractionProblem &problem, const ContractionTile &tile)
      : kernel(kernel), problem(problem), tile(tile), v(kernel.emitter()), rows(tile.rows.size()),
        vectors(tile.vectors) {
    // Eight multiply-adds in flight hide their latency; short reductions cannot be split.
    split = 1;
    auto depth = problem.k.empty() ? AffineConstantExpr() : dyn_cast<AffineConstantExpr>(problem.k.back());
    while (depth && split < 4 && rows * vectors * split < 8 && depth.getValue() >= 16 * split)
      split *= 2;
  }

  TilePoint point(int64_t row, int64_t vector) {
    TilePoint at;
    at.dims = tile.outer;
    at.dims.push_back(tile.rows[row]);
    at.dims.push_back(v.add(tile.n0, vector * tile.width));
    at.laneDim = problem.nDim();
    at.width = tile.width;
    if (vector >= tile.firstMasked) {
      at.mask = masks[vector];
      at.limit = tile.limit;
    }
    return at;
  }

  /// One step of the reduction into one set of accumulators.
  void step(ArrayRef<Value> lhs, Value rhs, MutableArrayRef<Value> sums) {
    auto loadRhs = [&](int64_t j) {
      return v.loadVector(problem.rhs.buffer, v.add(rhs, j * tile.width), tile.width,
                          problem.padded ? Value() : masks[j]);
    };
    auto loadLhs = [&](int64_t i) { return v.splat(v.loadScalar(problem.lhs.buffer, lhs[i]), tile.width); };
    // The smaller side stays in registers for the whole step.
    if (vectors <= rows) {
      SmallVector<Value> b;
      for (int64_t j = 0; j < vectors; ++j)
        b.push_back(loadRhs(j));
      for (int64_t i = 0; i < rows; ++i) {
        Value a = loadLhs(i);
        for (int64_t j = 0; j < vectors; ++j)
          sums[i * vectors + j] = v.multiplyAdd(a, b[j], sums[i * vectors + j]);
      }
      return;
    }
    SmallVector<Value> a;
    for (int64_t i = 0; i < rows; ++i)
      a.push_back(loadLhs(i));
    for (int64_t j = 0; j < vectors; ++j) {
      Value b = loadRhs(j);
      for (int64_t i = 0; i < rows; ++i)
        sums[i * vectors + j] = v.multiplyAdd(a[i], b, sums[i * vectors + j]);
    }
  }

  SmallVector<Value> reduce(size_t level, ArrayRef<Value> lhs, Value rhs, ValueRange sums) {
    SmallVector<Value> carried(sums);
    if (level == problem.k.size()) {
      step(lhs, rhs, MutableArrayRef(carried).take_front(rows * vectors));
      return carried;
    }
    Value lhsStep = v.emit(problem.lhs.kSteps[level], {}), rhsStep = v.emit(problem.rhs.kSteps[level], {});
    Value count = v.emit(problem.k[level], {});
    auto at = [&](Value base, Value index, Value step) { return v.add(base, v.mul(index, step)); };
    auto advance = [&](Value index, auto &&body) {
      SmallVector<Value> moved;
      for (Value row : lhs)
        moved.push_back(at(row, index, lhsStep));
      return body(moved, at(rhs, index, rhsStep));
    };
    if (level + 1 < problem.k.size() || split == 1)
      return v.forLoop(v.constant(0), count, 1, carried, [&](Value index, ValueRange inner) {
        return advance(index, [&](ArrayRef<Value> l, Value r) { return reduce(level + 1, l, r, inner); });
      });
    Value whole = v.mul(v.floorDiv(count, v.constant(split)), split);
    carried = v.forLoop(v.constant(0), whole, split, carried, [&](Value index, ValueRange inner) {
      SmallVector<Value> next(inner);
      for (int64_t s = 0; s < split; ++s)
        advance(v.add(index, s), [&](ArrayRef<Value> l, Value r) {
          step(l, r, MutableArrayRef(next).slice(s * rows * vectors, rows * vectors));
          return 0;
        });
      return next;
    });
    return v.forLoop(whole, count, 1, carried, [&](Value index, ValueRange inner) {
      SmallVector<Value> next(inner);
      advance(index, [&](ArrayRef<Value> l, Value r) {
        step(l, r, MutableArrayRef(next).take_front(rows * vectors));
        return 0;
      });
      return next;
    });
  }

  void run() {
    for (int64_t j = 0; j < vectors; ++j)
      masks.push_back(j < tile.firstMasked ? Value()
                                           : v.laneMask(tile.limit, v.add(tile.n0, j * tile.width), tile.width));
    VectorType type = v.vectorType(problem.element, tile.width);
    SmallVector<Value> sums;
    SmallVector<TilePoint> points;
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < vectors; ++j) {
        points.push_back(point(i, j));
        sums.push_back(problem.init && !tile.finish ? kernel.read(problem.init, problem.position, points.back())
                                                    : v.zero(type));
      }
    sums.resize(rows * vectors * split);
    for (size_t i = rows * vectors; i < sums.size(); ++i)
      sums[i] = v.zero(type);

    SmallVector<Value> lhs;
    for (int64_t i = 0; i < rows; ++i)
      lhs.push_back(v.emit(problem.lhs.base, points[i * vectors].dims));
    sums = reduce(0, lhs, tile.panelBase, sums);
    for (int64_t set = split; set > 1; set /= 2)
      for (int64_t i = 0, half = set / 2 * rows * vectors; i < half; ++i)
        sums[i] = arith::AddFOp::create(v.builder, v.loc, sums[i], sums[i + half]);
    sums.resize(rows * vectors);
    tile.finish ? tile.finish(sums, points) : kernel.finish(sums, points);
  }
};
} // namespace

void wick::cpu::emitTile(FusedKernel &kernel, const ContractionProblem &problem, const ContractionTile &tile) {
  TileEmitter(kernel, problem, tile).run();
}
