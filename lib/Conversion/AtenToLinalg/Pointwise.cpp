//===- Pointwise.cpp - lowering of operators on elements
//--------------------===//
#include "Pointwise.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace wick;

Type wick::getComparedDtype(ValueRange elements) {
  aten::StaticFacts facts;
  return aten::promoteOperands(facts, elements);
}

LogicalResult wick::lowerPointwise(Operation *op, ValueRange elements, ValueRange converted, Type dtype,
                                   ConversionPatternRewriter &rewriter, PointwiseBody body) {
  Location loc = op->getLoc();
  aten::StaticFacts facts;
  auto result = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!result || !dtype || isa<ComplexType>(dtype))
    return refuse(op, "the result or the dtype to compute in is not known, or complex");

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

  // A size that no expression describes must belong to one operand only.
  for (auto [i, size] : llvm::enumerate(getDimExprs(result))) {
    llvm::SmallPtrSet<Value, 2> holders;
    for (auto [tensor, type] : llvm::zip(tensors, types)) {
      int64_t dim = int64_t(i) - (result.getRank() - type.getRank());
      if (dim >= 0 && type.getDimSize(dim) != 1)
        holders.insert(tensor);
    }
    if (!size && holders.size() > 1)
      return op->emitOpError() << "cannot broadcast over dim " << i
                               << ": the sizes of its operands are not known to be equal";
  }

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
