//===- VectorEmitter.cpp - index algebra and vector code of CPU kernels -----===//
#include "VectorEmitter.h"

#include "wick/Dialect/TS/IR/Sizes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace wick::cpu;

VectorEmitter::VectorEmitter(func::FuncOp func, const TargetInfo &target)
    : target(target), builder(func.getBody()), loc(func.getLoc()), func(func) {
  // New constants go before this one and the prologue after it.
  prologueEnd = constant(0).getDefiningOp();
}

//===----------------------------------------------------------------------===//
// Index arithmetic
//===----------------------------------------------------------------------===//

Value VectorEmitter::constant(int64_t value) {
  Value &known = constants[value];
  if (!known) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&func.front());
    known = arith::ConstantIndexOp::create(builder, loc, value);
  }
  return known;
}

static std::optional<int64_t> known(Value value) { return getConstantIntValue(value); }

Value VectorEmitter::add(Value lhs, Value rhs) {
  std::optional<int64_t> l = known(lhs), r = known(rhs);
  if (l && r)
    return constant(*l + *r);
  if (l == 0)
    return rhs;
  if (r == 0)
    return lhs;
  return arith::AddIOp::create(builder, loc, lhs, rhs);
}

Value VectorEmitter::sub(Value lhs, Value rhs) {
  std::optional<int64_t> l = known(lhs), r = known(rhs);
  if (l && r)
    return constant(*l - *r);
  if (r == 0)
    return lhs;
  return arith::SubIOp::create(builder, loc, lhs, rhs);
}

Value VectorEmitter::mul(Value lhs, Value rhs) {
  std::optional<int64_t> l = known(lhs), r = known(rhs);
  if (l && r)
    return constant(*l * *r);
  if (l == 0 || r == 0)
    return constant(0);
  if (l == 1)
    return rhs;
  if (r == 1)
    return lhs;
  return arith::MulIOp::create(builder, loc, lhs, rhs);
}

Value VectorEmitter::floorDiv(Value lhs, Value rhs) {
  std::optional<int64_t> l = known(lhs), r = known(rhs);
  if (l && r && *r > 0)
    return constant(*l / *r);
  if (r == 1)
    return lhs;
  return arith::DivUIOp::create(builder, loc, lhs, rhs);
}

Value VectorEmitter::ceilDiv(Value lhs, Value rhs) { return floorDiv(add(lhs, sub(rhs, constant(1))), rhs); }

Value VectorEmitter::mod(Value lhs, Value rhs) {
  std::optional<int64_t> l = known(lhs), r = known(rhs);
  if (l && r && *r > 0)
    return constant(*l % *r);
  if (r == 1)
    return constant(0);
  return arith::RemUIOp::create(builder, loc, lhs, rhs);
}

Value VectorEmitter::min(Value lhs, Value rhs) {
  std::optional<int64_t> l = known(lhs), r = known(rhs);
  if (l && r)
    return constant(std::min(*l, *r));
  return lhs == rhs ? lhs : arith::MinSIOp::create(builder, loc, lhs, rhs);
}

Value VectorEmitter::max(Value lhs, Value rhs) {
  std::optional<int64_t> l = known(lhs), r = known(rhs);
  if (l && r)
    return constant(std::max(*l, *r));
  return lhs == rhs ? lhs : arith::MaxSIOp::create(builder, loc, lhs, rhs);
}

//===----------------------------------------------------------------------===//
// Affine expressions
//===----------------------------------------------------------------------===//

void VectorEmitter::inPrologue(llvm::function_ref<void()> body) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointAfter(prologueEnd);
  body();
  prologueEnd = &*std::prev(builder.getInsertionPoint());
}

AffineExpr VectorEmitter::symbol(Value value) {
  if (std::optional<int64_t> c = known(value))
    return expr(*c);
  auto [it, isNew] = symbolOf.try_emplace(value, symbols.size());
  if (isNew)
    symbols.push_back(value);
  return getAffineSymbolExpr(it->second, builder.getContext());
}

AffineExpr VectorEmitter::simplify(AffineExpr e) { return ts::simplifyExpr(e); }

Value VectorEmitter::emit(AffineExpr e, ArrayRef<Value> dims) {
  if (auto c = dyn_cast<AffineConstantExpr>(e))
    return constant(c.getValue());
  if (auto d = dyn_cast<AffineDimExpr>(e))
    return dims[d.getPosition()];
  if (auto s = dyn_cast<AffineSymbolExpr>(e))
    return symbols[s.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(e);
  Value lhs = emit(binary.getLHS(), dims), rhs = emit(binary.getRHS(), dims);
  switch (binary.getKind()) {
  case AffineExprKind::Add: return add(lhs, rhs);
  case AffineExprKind::Mul: return mul(lhs, rhs);
  case AffineExprKind::FloorDiv: return floorDiv(lhs, rhs);
  case AffineExprKind::CeilDiv: return ceilDiv(lhs, rhs);
  case AffineExprKind::Mod: return mod(lhs, rhs);
  default: llvm_unreachable("not a binary affine expression");
  }
}

LaneForm VectorEmitter::laneForm(AffineExpr e, unsigned laneDim, int64_t width) {
  if (!e.isFunctionOfDim(laneDim))
    return LaneForm::Uniform;
  if (isa<AffineDimExpr>(e))
    return LaneForm::Contiguous;
  auto binary = cast<AffineBinaryOpExpr>(e);
  LaneForm lhs = laneForm(binary.getLHS(), laneDim, width), rhs = laneForm(binary.getRHS(), laneDim, width);
  if (lhs == LaneForm::Uniform && rhs == LaneForm::Uniform)
    return LaneForm::Uniform;
  if (binary.getKind() == AffineExprKind::Add)
    return lhs != LaneForm::Scattered && rhs != LaneForm::Scattered && lhs != rhs ? LaneForm::Contiguous
                                                                                  : LaneForm::Scattered;
  // Dividing a contiguous run by a multiple of its aligned length gives one quotient and a contiguous remainder.
  auto divisor = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (!divisor || lhs != LaneForm::Contiguous || divisor.getValue() % width != 0)
    return LaneForm::Scattered;
  AffineExpr base = simplify(binary.getLHS().replace(dim(laneDim), expr(0)));
  if (base != expr(0) && base.getLargestKnownDivisor() % width != 0)
    return LaneForm::Scattered;
  if (binary.getKind() == AffineExprKind::FloorDiv)
    return LaneForm::Uniform;
  return binary.getKind() == AffineExprKind::Mod ? LaneForm::Contiguous : LaneForm::Scattered;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void VectorEmitter::forLoop(Value lower, Value upper, int64_t step, llvm::function_ref<void(Value)> body) {
  forLoop(lower, upper, step, ValueRange(), [&](Value i, ValueRange) {
    body(i);
    return SmallVector<Value>();
  });
}

SmallVector<Value> VectorEmitter::forLoop(Value lower, Value upper, int64_t step, ValueRange inits, CarriedBody body) {
  std::optional<int64_t> l = known(lower), u = known(upper);
  if (l && u && *l >= *u)
    return SmallVector<Value>(inits);
  if (l && u && *u <= *l + step)
    return body(lower, inits);
  auto loop = scf::ForOp::create(builder, loc, lower, upper, constant(step), inits);
  OpBuilder::InsertionGuard guard(builder);
  if (inits.empty())
    loop.getBody()->getTerminator()->erase();
  builder.setInsertionPointToEnd(loop.getBody());
  SmallVector<Value> yielded = body(loop.getInductionVar(), loop.getRegionIterArgs());
  scf::YieldOp::create(builder, loc, yielded);
  return SmallVector<Value>(loop.getResults());
}

void VectorEmitter::workItems(Value count, llvm::function_ref<void(Value)> body) {
  if (known(count) == 1)
    return body(constant(0));
  auto loop =
      scf::ParallelOp::create(builder, loc, ValueRange{constant(0)}, ValueRange{count}, ValueRange{constant(1)});
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(loop.getBody()->getTerminator());
  body(loop.getInductionVars().front());
}

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

VectorType VectorEmitter::vectorType(Type element, int64_t width) { return VectorType::get({width}, element); }

Value VectorEmitter::zero(Type type) {
  return arith::ConstantOp::create(builder, loc, type, builder.getZeroAttr(type));
}

Value VectorEmitter::splat(Value scalar, int64_t width) {
  return vector::BroadcastOp::create(builder, loc, vectorType(scalar.getType(), width), scalar);
}

Value VectorEmitter::multiplyAdd(Value a, Value b, Value c) {
  if (StringRef(target.features).contains("+fma"))
    return vector::FMAOp::create(builder, loc, a, b, c);
  return arith::AddFOp::create(builder, loc, arith::MulFOp::create(builder, loc, a, b), c);
}

/// Pairs of rows, then pairs of pairs, are interleaved within groups of four lanes, where x86 does so in one
/// instruction; then whole groups change places.
SmallVector<Value> VectorEmitter::transpose(ArrayRef<Value> rows) {
  int64_t width = rows.size(), group = std::min<int64_t>(width, 4);
  SmallVector<Value> vectors(rows);
  auto shuffle = [&](Value lhs, Value rhs, llvm::function_ref<int64_t(int64_t)> source) {
    SmallVector<int64_t> mask;
    for (int64_t lane = 0; lane < width; ++lane)
      mask.push_back(source(lane));
    return vector::ShuffleOp::create(builder, loc, lhs, rhs, mask).getResult();
  };
  // Interleaves runs of `run` lanes of each group's lower (or upper) half.
  auto interleave = [&](Value lhs, Value rhs, int64_t run, bool upper) {
    return shuffle(lhs, rhs, [&](int64_t lane) {
      int64_t in = lane % group, piece = in / run, base = lane - in + (upper ? group / 2 : 0);
      return base + piece / 2 * run + in % run + (piece % 2 ? width : 0);
    });
  };
  for (int64_t run = 1; run < group; run *= 2) {
    SmallVector<Value> next(width);
    for (int64_t first = 0; first < width; first += group)
      for (int64_t i = 0; i < group / 2; ++i) {
        // With two stages the second one pairs what came from the lower halves, and from the upper ones.
        int64_t low = first + (run == 1 ? 2 * i : i), high = low + (run == 1 ? 1 : 2);
        int64_t to = first + 2 * i;
        next[to] = interleave(vectors[low], vectors[high], run, false);
        next[to + 1] = interleave(vectors[low], vectors[high], run, true);
      }
    vectors = next;
  }
  for (int64_t step = group; step < width; step *= 2) {
    SmallVector<Value> next(width);
    for (int64_t i = 0; i < width; ++i) {
      if (i & step)
        continue;
      Value lhs = vectors[i], rhs = vectors[i | step];
      next[i] = shuffle(lhs, rhs, [&](int64_t lane) { return lane & step ? (lane ^ step) + width : lane; });
      next[i | step] = shuffle(lhs, rhs, [&](int64_t lane) { return lane & step ? lane + width : lane ^ step; });
    }
    vectors = next;
  }
  return vectors;
}

Value VectorEmitter::loadScalar(Value buffer, Value flat) {
  return memref::LoadOp::create(builder, loc, buffer, ValueRange{flat});
}

Value VectorEmitter::loadVector(Value buffer, Value flat, int64_t width, Value mask) {
  VectorType type = vectorType(cast<MemRefType>(buffer.getType()).getElementType(), width);
  if (mask)
    return vector::MaskedLoadOp::create(builder, loc, type, buffer, ValueRange{flat}, mask, zero(type));
  return vector::LoadOp::create(builder, loc, type, buffer, ValueRange{flat});
}

Value VectorEmitter::laneMask(Value limit, Value base, int64_t width) {
  return vector::CreateMaskOp::create(builder, loc, vectorType(builder.getI1Type(), width),
                                      ValueRange{sub(limit, base)});
}

/// Flat index of one lane; a lane that does not exist gets that of the last one that does.
Value VectorEmitter::laneIndex(AffineExpr flat, const TilePoint &at, int64_t lane) {
  SmallVector<Value> dims(at.dims);
  dims[at.laneDim] = add(dims[at.laneDim], lane);
  if (at.mask)
    dims[at.laneDim] = min(dims[at.laneDim], sub(at.limit, constant(1)));
  return emit(flat, dims);
}

/// Vectors of i1 are packed bits in LLVM while memrefs of i1 hold bytes.
static bool mustScalarise(Value buffer) { return cast<MemRefType>(buffer.getType()).getElementType().isInteger(1); }

Value VectorEmitter::load(const View &view, AffineExpr flat, const TilePoint &at) {
  flat = simplify(flat);
  LaneForm form = laneForm(flat, at.laneDim, at.width);
  if (form == LaneForm::Uniform)
    return splat(loadScalar(view.buffer, emit(flat, at.dims)), at.width);
  if (form == LaneForm::Contiguous && !mustScalarise(view.buffer))
    return loadVector(view.buffer, emit(flat, at.dims), at.width, at.mask);
  SmallVector<Value> lanes;
  for (int64_t lane = 0; lane < at.width; ++lane)
    lanes.push_back(loadScalar(view.buffer, laneIndex(flat, at, lane)));
  return vector::FromElementsOp::create(builder, loc, vectorType(lanes[0].getType(), at.width), lanes);
}

void VectorEmitter::store(Value vector, const View &view, AffineExpr flat, const TilePoint &at) {
  flat = simplify(flat);
  if (laneForm(flat, at.laneDim, at.width) == LaneForm::Contiguous && !mustScalarise(view.buffer)) {
    Value index = emit(flat, at.dims);
    if (at.mask)
      vector::MaskedStoreOp::create(builder, loc, view.buffer, ValueRange{index}, at.mask, vector);
    else
      vector::StoreOp::create(builder, loc, vector, view.buffer, ValueRange{index});
    return;
  }
  for (int64_t lane = 0; lane < at.width; ++lane) {
    OpBuilder::InsertionGuard guard(builder);
    if (at.mask) {
      Value exists =
          arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, add(at.dims[at.laneDim], lane), at.limit);
      auto branch = scf::IfOp::create(builder, loc, exists, /*withElseRegion=*/false);
      builder.setInsertionPointToStart(branch.thenBlock());
    }
    Value scalar = vector::ExtractOp::create(builder, loc, vector, lane);
    memref::StoreOp::create(builder, loc, scalar, view.buffer, ValueRange{laneIndex(flat, at, lane)});
  }
}
