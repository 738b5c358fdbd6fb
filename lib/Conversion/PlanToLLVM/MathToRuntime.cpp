//===- MathToRuntime.cpp - mathematical functions by the runtime's table
//----===//
//
// Generated code imports nothing, so a function without an instruction and
// without an expansion of our own is called through the context, one element at
// a time.
//
//===----------------------------------------------------------------------===//
#include "PlanToLLVM.h"

#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <cstddef>

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

namespace {
/// Calls entry `index` of a table, on f32 or f64 scalars; f16 and bf16 by way
/// of f32.
template <typename Op> struct TablePattern : ConvertOpToLLVMPattern<Op> {
  TablePattern(const LLVMTypeConverter &converter, int64_t index)
      : ConvertOpToLLVMPattern<Op>(converter, /*benefit=*/5), index(index) {}

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!op->template getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Location loc = op.getLoc();
    Type type = op->getResult(0).getType();
    auto vector = dyn_cast<VectorType>(type);
    if (vector && vector.getRank() != 1)
      return rewriter.notifyMatchFailure(op, "works on a vector of more than one dim");
    Type element = getElementTypeOrSelf(type);
    bool isDouble = element.isF64();
    Type computed = isDouble ? element : Type(rewriter.getF32Type());
    Value function = loadFunction(rewriter, op, adaptor.getOperands().size(), isDouble);
    auto apply = [&](ValueRange operands) -> Value {
      SmallVector<Value> arguments = {function};
      for (Value operand : operands)
        arguments.push_back(element == computed ? operand
                                                : LLVM::FPExtOp::create(rewriter, loc, computed, operand).getResult());
      auto signature = LLVM::LLVMFunctionType::get(computed, SmallVector<Type>(operands.size(), computed));
      Value result = LLVM::CallOp::create(rewriter, loc, signature, arguments).getResult();
      return element == computed ? result : LLVM::FPTruncOp::create(rewriter, loc, element, result).getResult();
    };
    if (!vector) {
      rewriter.replaceOp(op, apply(adaptor.getOperands()));
      return success();
    }
    Value result = LLVM::PoisonOp::create(rewriter, loc, vector);
    for (int64_t lane = 0; lane < vector.getNumElements(); ++lane) {
      Value position = LLVM::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(lane));
      SmallVector<Value> lanes = llvm::map_to_vector(adaptor.getOperands(), [&](Value operand) -> Value {
        return LLVM::ExtractElementOp::create(rewriter, loc, operand, position);
      });
      result = LLVM::InsertElementOp::create(rewriter, loc, result, apply(lanes), position);
    }
    rewriter.replaceOp(op, result);
    return success();
  }

  Value loadFunction(OpBuilder &b, Operation *op, size_t arity, bool isDouble) const {
    Location loc = op->getLoc();
    Type pointer = LLVM::LLVMPointerType::get(op->getContext());
    Value api = loadField(b, loc, lowering::getContext(op), offsetof(wick_context, api), pointer);
    Value math = loadField(b, loc, api, offsetof(wick_runtime_api, math), pointer);
    int64_t table = arity == 1 ? (isDouble ? offsetof(wick_math_api, unary64) : offsetof(wick_math_api, unary32))
                               : (isDouble ? offsetof(wick_math_api, binary64) : offsetof(wick_math_api, binary32));
    return loadField(b, loc, loadField(b, loc, math, table, pointer), index * sizeof(void *), pointer);
  }

  int64_t index;
};
} // namespace

void lowering::populateMathPatterns(const LLVMTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<TablePattern<math::AcosOp>>(converter, WICK_MATH_ACOS);
  patterns.add<TablePattern<math::AcoshOp>>(converter, WICK_MATH_ACOSH);
  patterns.add<TablePattern<math::AsinOp>>(converter, WICK_MATH_ASIN);
  patterns.add<TablePattern<math::AsinhOp>>(converter, WICK_MATH_ASINH);
  patterns.add<TablePattern<math::AtanOp>>(converter, WICK_MATH_ATAN);
  patterns.add<TablePattern<math::AtanhOp>>(converter, WICK_MATH_ATANH);
  patterns.add<TablePattern<math::CbrtOp>>(converter, WICK_MATH_CBRT);
  patterns.add<TablePattern<math::CosOp>>(converter, WICK_MATH_COS);
  patterns.add<TablePattern<math::CoshOp>>(converter, WICK_MATH_COSH);
  patterns.add<TablePattern<math::ErfOp>>(converter, WICK_MATH_ERF);
  patterns.add<TablePattern<math::ErfcOp>>(converter, WICK_MATH_ERFC);
  patterns.add<TablePattern<math::ExpOp>>(converter, WICK_MATH_EXP);
  patterns.add<TablePattern<math::Exp2Op>>(converter, WICK_MATH_EXP2);
  patterns.add<TablePattern<math::ExpM1Op>>(converter, WICK_MATH_EXPM1);
  patterns.add<TablePattern<math::LogOp>>(converter, WICK_MATH_LOG);
  patterns.add<TablePattern<math::Log10Op>>(converter, WICK_MATH_LOG10);
  patterns.add<TablePattern<math::Log1pOp>>(converter, WICK_MATH_LOG1P);
  patterns.add<TablePattern<math::Log2Op>>(converter, WICK_MATH_LOG2);
  patterns.add<TablePattern<math::SinOp>>(converter, WICK_MATH_SIN);
  patterns.add<TablePattern<math::SinhOp>>(converter, WICK_MATH_SINH);
  patterns.add<TablePattern<math::TanOp>>(converter, WICK_MATH_TAN);
  patterns.add<TablePattern<math::TanhOp>>(converter, WICK_MATH_TANH);
  patterns.add<TablePattern<math::Atan2Op>>(converter, WICK_MATH_ATAN2);
  patterns.add<TablePattern<math::PowFOp>>(converter, WICK_MATH_POW);
  patterns.add<TablePattern<arith::RemFOp>>(converter, WICK_MATH_FMOD);
}
