//===- ExpandMath.cpp - arithmetic that functions are made of ---------------===//
#include "ExpandMath.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <cmath>

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

static Value createSplat(OpBuilder &b, Location loc, Type type, TypedAttr element) {
  if (auto vector = dyn_cast<VectorType>(type))
    return arith::ConstantOp::create(b, loc, SplatElementsAttr::get(vector, element));
  return arith::ConstantOp::create(b, loc, element);
}

Type FloatCode::withElement(Type element) const {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? Type(vector.clone(element)) : element;
}

Type FloatCode::bitsType() const { return withElement(builder.getIntegerType(isDouble() ? 64 : 32)); }

Value FloatCode::bits(uint64_t value) const {
  Type element = getElementTypeOrSelf(bitsType());
  auto attr = IntegerAttr::get(element, APInt(64, value).trunc(element.getIntOrFloatBitWidth()));
  return createSplat(builder, loc, bitsType(), attr);
}

Real lowering::constant(Real x, double value) {
  OpBuilder &b = x.code->builder;
  auto attr = b.getFloatAttr(getElementTypeOrSelf(x.code->type), value);
  return {x.code, createSplat(b, x.code->loc, x.code->type, attr)};
}

Real lowering::constant(Real x, double f32, double f64) { return constant(x, x.code->isDouble() ? f64 : f32); }

static Test compare(arith::CmpFPredicate predicate, Real x, Real y) {
  return {x.code, arith::CmpFOp::create(x.code->builder, x.code->loc, predicate, x.value, y.value)};
}

Test lowering::operator<(Real x, Real y) { return compare(arith::CmpFPredicate::OLT, x, y); }
Test lowering::operator>(Real x, Real y) { return compare(arith::CmpFPredicate::OGT, x, y); }
Test lowering::operator==(Real x, Real y) { return compare(arith::CmpFPredicate::OEQ, x, y); }

Test lowering::operator&(Test x, Test y) {
  return {x.code, arith::AndIOp::create(x.code->builder, x.code->loc, x.value, y.value)};
}

Test lowering::operator!(Test x) {
  Value yes = createSplat(x.code->builder, x.code->loc, x.value.getType(), x.code->builder.getBoolAttr(true));
  return {x.code, arith::XOrIOp::create(x.code->builder, x.code->loc, x.value, yes)};
}

Real lowering::select(Test test, Real yes, Real no) {
  return {yes.code, arith::SelectOp::create(yes.code->builder, yes.code->loc, test.value, yes.value, no.value)};
}

Real lowering::polynomial(Real x, ArrayRef<double> f32, ArrayRef<double> f64) {
  ArrayRef<double> coefficients = x.code->isDouble() ? f64 : f32;
  Real sum = constant(x, coefficients.back());
  for (double coefficient : llvm::reverse(coefficients.drop_back()))
    sum = fma(sum, x, constant(x, coefficient));
  return sum;
}

Value lowering::toBits(Real x) {
  return arith::BitcastOp::create(x.code->builder, x.code->loc, x.code->bitsType(), x.value);
}

Real lowering::fromBits(const FloatCode &code, Value bits) {
  return {&code, arith::BitcastOp::create(code.builder, code.loc, code.type, bits)};
}

Real lowering::shifter(Real x) { return constant(x, 0x1.8p23, 0x1.8p52); }

Real lowering::orLibrary(Operation *op, Test fits, llvm::function_ref<Real()> fast) {
  OpBuilder &b = fits.code->builder;
  Location loc = fits.code->loc;
  Value all = fits.value;
  if (isa<VectorType>(all.getType()))
    all = vector::ReductionOp::create(b, loc, vector::CombiningKind::AND, all);
  auto branch = scf::IfOp::create(b, loc, fits.code->type, all, /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(b, loc, fast().value);
    b.setInsertionPointToStart(branch.elseBlock());
    Operation *called = b.clone(*op);
    called->setAttr(kLibraryAttr, b.getUnitAttr());
    scf::YieldOp::create(b, loc, called->getResults());
  }
  return {fits.code, branch.getResult(0)};
}

LogicalResult lowering::expand(Operation *op, PatternRewriter &rewriter, Precision precision, Function function) {
  if (op->hasAttr(kLibraryAttr))
    return rewriter.notifyMatchFailure(op, "is for numbers that the expansion is not for");
  Type type = op->getResult(0).getType(), element = getElementTypeOrSelf(type);
  if (auto vector = dyn_cast<VectorType>(type); vector && (vector.getRank() != 1 || vector.isScalable()))
    return rewriter.notifyMatchFailure(op, "is not on a vector of one dim");
  if (precision == (element.isF64() ? Precision::Single : Precision::Double))
    return rewriter.notifyMatchFailure(op, "is of another precision");
  FloatCode code{rewriter, op->getLoc(), type};
  if (element.isF64() || element.isF32()) {
    SmallVector<Real> operands;
    for (Value operand : op->getOperands())
      operands.push_back({&code, operand});
    rewriter.replaceOp(op, function(op, operands).value);
    return success();
  }
  if (!isa<Float16Type, BFloat16Type>(element))
    return rewriter.notifyMatchFailure(op, "is not of floats");
  IRMapping wide;
  Type wideType = code.withElement(rewriter.getF32Type());
  for (Value operand : op->getOperands())
    wide.map(operand, arith::ExtFOp::create(rewriter, op->getLoc(), wideType, operand).getResult());
  Operation *computed = rewriter.clone(*op, wide);
  rewriter.modifyOpInPlace(computed, [&] { computed->getResult(0).setType(wideType); });
  rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, type, computed->getResult(0));
  return success();
}

/// The quotient is an integer that is exact, or one too large where the division rounded up to it.
static Real remainderOf(Operation *op, ArrayRef<Real> operands) {
  Real x = abs(operands[0]), y = abs(operands[1]);
  Test fits = (x < y * constant(y, 0x1p23, 0x1p52)) & (y < INFINITY);
  return orLibrary(op, fits, [&] {
    Real rest = fma(-trunc(x / y), y, x);
    return copySign(select(rest < 0, rest + y, rest), operands[0]);
  });
}

void lowering::populateRemainderPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandPattern<arith::RemFOp>>(patterns.getContext(), remainderOf);
}
