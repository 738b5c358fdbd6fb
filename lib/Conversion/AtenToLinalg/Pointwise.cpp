//===- Pointwise.cpp - lowering of operators on elements
//--------------------===//
#include "Pointwise.h"

#include "Checks.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace wick;

Type wick::getComparedDtype(ValueRange elements) {
  aten::StaticFacts facts;
  return aten::promoteOperands(facts, elements);
}

/// Of sizes that no expression describes the operands must have the same: code for a size of one, which broadcasts,
/// would read the others wrongly.
static void checkUnknownSizes(Operation *op, RankedTensorType result, ArrayRef<Value> tensors,
                              ArrayRef<RankedTensorType> types, ConversionPatternRewriter &rewriter) {
  ShapeBuilder shapes(rewriter, op->getLoc());
  for (auto [i, size] : llvm::enumerate(getDimExprs(result))) {
    if (size)
      continue;
    std::optional<ShapedValue> first;
    int64_t firstDim = 0;
    for (auto [tensor, type] : llvm::zip(tensors, types)) {
      int64_t dim = int64_t(i) - (result.getRank() - type.getRank());
      if (dim < 0 || type.getDimSize(dim) == 1)
        continue;
      ShapedValue shaped(tensor, type.getElementType(), getDimExprs(type));
      if (!first) {
        first = shaped;
        firstDim = dim;
      } else if (first->value != tensor) {
        std::string message =
            llvm::formatv("the sizes of dim {0} differ, and none that only the run tells broadcasts", i);
        checkSizes(shapes, *first, firstDim, shaped, dim, /*atMost=*/false, message);
      }
    }
  }
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

  checkUnknownSizes(op, result, tensors, types, rewriter);

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
