//===- Pointwise.cpp - lowering of operators on elements
//--------------------===//
#include "Pointwise.h"

#include "Broadcast.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace wick;

Type wick::getComparedDtype(ValueRange elements) {
  aten::StaticFacts facts;
  return aten::promoteOperands(facts, elements);
}

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
  broadcastOperands(shapes, result, tensors, types);

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
