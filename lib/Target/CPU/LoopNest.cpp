//===- LoopNest.cpp - loops over the dims of a tensor, merged where possible ===//
#include "LoopNest.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace wick::cpu;

std::optional<AffineExpr> wick::cpu::linearCoefficient(VectorEmitter &v, AffineExpr e, unsigned dim) {
  if (!e.isFunctionOfDim(dim))
    return v.expr(0);
  if (isa<AffineDimExpr>(e))
    return v.expr(1);
  auto binary = cast<AffineBinaryOpExpr>(e);
  AffineExpr lhs = binary.getLHS(), rhs = binary.getRHS();
  if (binary.getKind() == AffineExprKind::Add) {
    std::optional<AffineExpr> l = linearCoefficient(v, lhs, dim), r = linearCoefficient(v, rhs, dim);
    return l && r ? std::optional(v.simplify(*l + *r)) : std::nullopt;
  }
  if (binary.getKind() != AffineExprKind::Mul || rhs.isFunctionOfDim(dim))
    return std::nullopt;
  std::optional<AffineExpr> l = linearCoefficient(v, lhs, dim);
  return l ? std::optional(v.simplify(*l * rhs)) : std::nullopt;
}

LoopNest wick::cpu::mergeLoops(VectorEmitter &v, ArrayRef<AffineExpr> sizes, unsigned from,
                               ArrayRef<AffineExpr> accesses, unsigned first) {
  LoopNest nest;
  nest.position.assign(sizes.size(), v.expr(0));
  /// The original dim that stands for the last merged loop: all accesses are linear in a loop's other dims, which
  /// stay at zero while this one counts on past its size.
  std::optional<unsigned> last;
  for (unsigned dim = 0; dim < sizes.size(); ++dim) {
    if (sizes[dim] == v.expr(1))
      continue;
    bool merges = last && llvm::all_of(accesses, [&](AffineExpr e) {
                    std::optional<AffineExpr> outer = linearCoefficient(v, e, from + *last),
                                              inner = linearCoefficient(v, e, from + dim);
                    return outer && inner && *outer == v.simplify(*inner * sizes[dim]);
                  });
    if (merges) {
      nest.sizes.back() = v.simplify(nest.sizes.back() * sizes[dim]);
      nest.position[*last] = v.expr(0);
    } else {
      nest.sizes.push_back(sizes[dim]);
    }
    last = dim;
    nest.position[dim] = v.dim(first + nest.sizes.size() - 1);
  }
  return nest;
}

int64_t wick::cpu::staticProduct(ArrayRef<AffineExpr> sizes, int64_t unknown) {
  int64_t result = 1;
  for (AffineExpr size : sizes) {
    auto constant = dyn_cast<AffineConstantExpr>(size);
    result *= constant ? constant.getValue() : unknown;
  }
  return result;
}

void wick::cpu::emitNest(VectorEmitter &v, ArrayRef<AffineExpr> sizes, SmallVector<Value> indices,
                         llvm::function_ref<void(SmallVector<Value>)> body) {
  if (sizes.empty())
    return body(indices);
  v.forLoop(v.constant(0), v.emit(sizes[0], {}), 1, [&](Value index) {
    SmallVector<Value> next(indices);
    next.push_back(index);
    emitNest(v, sizes.drop_front(), next, body);
  });
}

SmallVector<Value> wick::cpu::delinearize(VectorEmitter &v, Value linear, ArrayRef<AffineExpr> sizes) {
  SmallVector<Value> indices(sizes.size());
  for (size_t dim = sizes.size(); dim-- > 0;) {
    Value size = v.emit(sizes[dim], {});
    indices[dim] = dim ? v.mod(linear, size) : linear;
    linear = v.floorDiv(linear, size);
  }
  return indices;
}

void wick::cpu::distributeRows(VectorEmitter &v, ArrayRef<AffineExpr> sizes, int64_t perItem,
                               llvm::function_ref<void(SmallVector<Value>)> body) {
  Value rows = v.constant(1);
  v.inPrologue([&] {
    for (AffineExpr size : sizes)
      rows = v.mul(rows, v.emit(size, {}));
  });
  if (perItem <= 1)
    return v.workItems(rows, [&](Value row) { body(delinearize(v, row, sizes)); });
  v.workItems(v.ceilDiv(rows, v.constant(perItem)), [&](Value item) {
    Value first = v.mul(item, perItem);
    v.forLoop(first, v.min(v.add(first, perItem), rows), 1, [&](Value row) { body(delinearize(v, row, sizes)); });
  });
}

void wick::cpu::emitLanes(VectorEmitter &v, ArrayRef<Value> dims, Value lower, Value upper, int64_t width,
                          int64_t unroll, llvm::function_ref<void(ArrayRef<TilePoint>)> body) {
  auto point = [&](Value lane) {
    TilePoint at;
    at.dims.assign(dims.begin(), dims.end());
    at.dims.push_back(lane);
    at.laneDim = dims.size();
    at.width = width;
    at.limit = upper;
    return at;
  };
  Value from = lower, count = v.sub(upper, lower);
  for (int64_t points : {unroll, int64_t(1)}) {
    Value to = v.add(lower, v.mul(v.floorDiv(count, v.constant(width * points)), width * points));
    v.forLoop(from, to, width * points, [&](Value lane) {
      SmallVector<TilePoint> all;
      for (int64_t i = 0; i < points; ++i)
        all.push_back(point(v.add(lane, i * width)));
      body(all);
    });
    from = to;
    if (unroll == 1)
      break;
  }
  if (width == 1)
    return;
  // The rest: at most one point.
  v.forLoop(from, upper, width, [&](Value lane) {
    TilePoint at = point(lane);
    at.mask = v.laneMask(upper, lane, width);
    body(at);
  });
}
