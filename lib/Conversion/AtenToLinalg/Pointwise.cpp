//===- Pointwise.cpp - lowering of operators on elements
//--------------------===//
#include "Pointwise.h"

#include "Checks.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace wick;

Type wick::getComparedDtype(ValueRange elements) {
  aten::StaticFacts facts;
  return aten::promoteOperands(facts, elements);
}

namespace {
/// Operands whose sizes only the run tells, and may be one where those of others are not.
class RuntimeBroadcast {
public:
  RuntimeBroadcast(ShapeBuilder &shapes, RankedTensorType result, SmallVectorImpl<Value> &tensors,
                   ArrayRef<RankedTensorType> types)
      : shapes(shapes), result(result), tensors(tensors), types(types) {}

  /// Checks the sizes and repeats operands in memory where they are one, so that all have those of the result.
  void run() {
    SmallVector<AffineExpr> dims = getDimExprs(result);
    repeats.resize(tensors.size());
    targets.resize(dims.size());
    for (auto [i, size] : llvm::enumerate(dims))
      if (!size)
        matchDim(i);
    for (unsigned k = 0; k < tensors.size(); ++k)
      if (repeats[k])
        tensors[k] = repeatTensor(k);
  }

private:
  int64_t dimOf(unsigned k, int64_t i) const { return i - (result.getRank() - types[k].getRank()); }

  Value sizeOf(unsigned k, int64_t i) {
    ShapedValue shaped(tensors[k], types[k].getElementType(), getDimExprs(types[k]));
    return shapes.asIndex(shapes.sizeOf(shaped, dimOf(k, i)));
  }

  void matchDim(int64_t i) {
    SmallVector<std::pair<unsigned, Value>> sizes;
    for (unsigned k = 0; k < tensors.size(); ++k)
      if (dimOf(k, i) >= 0 && types[k].getDimSize(dimOf(k, i)) != 1)
        sizes.emplace_back(k, sizeOf(k, i));
    if (sizes.size() < 2)
      return;
    OpBuilder &b = shapes.builder;
    auto compare = [&](arith::CmpIPredicate predicate, Value x, Value y) {
      return b.createOrFold<arith::CmpIOp>(shapes.loc, predicate, x, y);
    };
    Value one = shapes.index(1), target = sizes.front().second;
    for (auto [k, size] : llvm::drop_begin(sizes))
      target =
          b.createOrFold<arith::SelectOp>(shapes.loc, compare(arith::CmpIPredicate::eq, target, one), size, target);
    targets[i] = target;
    for (auto [k, size] : sizes) {
      Value differs = compare(arith::CmpIPredicate::ne, size, target);
      if (matchPattern(differs, m_Zero()))
        continue;
      // The first is the target or one.
      if (k != sizes.front().first)
        raiseIf(shapes, arith::AndIOp::create(b, shapes.loc, differs, compare(arith::CmpIPredicate::ne, size, one)),
                llvm::formatv("The size of tensor a must match the size of tensor b at non-singleton dimension {0}", i)
                    .str());
      repeats[k] = repeats[k] ? arith::OrIOp::create(b, shapes.loc, repeats[k], differs).getResult() : differs;
    }
  }

  Value repeatTensor(unsigned k) {
    Value tensor = tensors[k];
    auto type = cast<RankedTensorType>(tensor.getType());
    auto repeat = [&](OpBuilder &builder, Location loc) {
      SmallVector<OpFoldResult> sizes;
      for (int64_t dim = 0; dim < type.getRank(); ++dim) {
        Value target = targets[dim + result.getRank() - type.getRank()];
        sizes.push_back(target && type.isDynamicDim(dim) ? OpFoldResult(target)
                                                         : tensor::getMixedSize(builder, loc, tensor, dim));
      }
      Value init = tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
      SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
      auto generic = linalg::GenericOp::create(
          builder, loc, TypeRange(init.getType()), ValueRange(), ValueRange(init),
          builder.getMultiDimIdentityMap(type.getRank()), iterators, [&](OpBuilder &b, Location l, ValueRange) {
            SmallVector<Value> place;
            for (int64_t dim = 0; dim < type.getRank(); ++dim) {
              Value at = linalg::IndexOp::create(b, l, dim), size = tensor::DimOp::create(b, l, tensor, dim);
              Value last = arith::SubIOp::create(b, l, size, arith::ConstantIndexOp::create(b, l, 1));
              place.push_back(arith::MinUIOp::create(b, l, at, last));
            }
            linalg::YieldOp::create(b, l, tensor::ExtractOp::create(b, l, tensor, place).getResult());
          });
      Value repeated = generic.getResult(0);
      if (repeated.getType() != type)
        repeated = tensor::CastOp::create(builder, loc, type, repeated);
      scf::YieldOp::create(builder, loc, repeated);
    };
    return scf::IfOp::create(shapes.builder, shapes.loc, repeats[k], repeat,
                             [&](OpBuilder &builder, Location loc) { scf::YieldOp::create(builder, loc, tensor); })
        .getResult(0);
  }

  ShapeBuilder &shapes;
  RankedTensorType result;
  SmallVectorImpl<Value> &tensors;
  ArrayRef<RankedTensorType> types;
  SmallVector<Value> repeats, targets; // whether an operand is repeated, and what the sizes of the result are
};
} // namespace

LogicalResult wick::lowerPointwise(Operation *op, ValueRange elements, ValueRange converted, Type dtype,
                                   ConversionPatternRewriter &rewriter, PointwiseBody body, Numbers numbers) {
  Location loc = op->getLoc();
  aten::StaticFacts facts;
  auto result = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!result || !dtype)
    return refuse(op, "the result or the dtype to compute in is not known");
  if (isa<ComplexType>(dtype) && numbers == Numbers::Real)
    return refuse(op, "it is not computed for complex numbers");

  // Tensors become inputs of the map; numbers are converted once, before it.
  SmallVector<Value> tensors, constants;
  SmallVector<RankedTensorType> types;
  for (auto [original, value] : llvm::zip(elements, converted)) {
    constants.push_back(Value());
    if (facts.isNone(original))
      continue;
    if (auto type = dyn_cast<RankedTensorType>(original.getType())) {
      tensors.push_back(value);
      types.push_back(type);
      continue;
    }
    FailureOr<Value> number = convertNumber(rewriter, loc, original, dtype);
    if (failed(number))
      return refuse(op, "the kind of a number is not known");
    constants.back() = *number;
  }

  ShapeBuilder shapes(rewriter, loc);
  RuntimeBroadcast(shapes, result, tensors, types).run();

  Value value =
      createElementwise(rewriter, loc, result, tensors, types, [&](OpBuilder &b, Location l, ValueRange args) {
        ScalarBuilder scalars(b, l, dtype);
        SmallVector<Value> operands;
        for (auto [original, constant] : llvm::zip(elements, constants)) {
          auto type = dyn_cast<RankedTensorType>(original.getType());
          if (!type) {
            operands.push_back(constant);
            continue;
          }
          Type from = type.getElementType();
          operands.push_back(convertScalar(b, l, fromStorage(b, l, args.front(), from), from, dtype));
          args = args.drop_front();
        }
        return toStorage(b, l, body(scalars, operands), result.getElementType());
      });
  rewriter.replaceOp(op, value);
  return success();
}
