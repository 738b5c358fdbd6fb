//===- DtypeChecks.cpp - dtypes that operators refuse -----------------------===//
#include "wick/Dialect/Aten/IR/DtypeChecks.h"
#include "wick/Dialect/Aten/IR/AtenActivationOps.h"
#include "wick/Dialect/Aten/IR/AtenAttentionOps.h"
#include "wick/Dialect/Aten/IR/AtenContractionOps.h"
#include "wick/Dialect/Aten/IR/AtenConvolutionOps.h"
#include "wick/Dialect/Aten/IR/AtenElementwiseOps.h"
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/AtenNormalizationOps.h"
#include "wick/Dialect/Aten/IR/AtenReductionOps.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/TypeRules.h"
#include "wick/Dialect/TS/IR/Casts.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

//===----------------------------------------------------------------------===//
// Kinds of dtypes that have no kernel
//===----------------------------------------------------------------------===//

namespace {
enum Kind : unsigned {
  Bools = 1,
  OtherInts = 2,
  Floats = 4,
  Complex = 8,
  Bytes = 16,
  Ints = OtherInts | Bytes,
  NonFloats = Bools | Ints | Complex
};

/// What an operator refuses: the dtype of its first operand, or to which its first two promote.
struct Limit {
  StringLiteral op;
  unsigned operands;
  unsigned refused;
  /// The name of LibTorch's kernel, or a text in which {0} is the dtype.
  StringLiteral text;
};
} // namespace

static constexpr StringLiteral kNoBoolSum = "Subtraction, the `-` operator, with two bool tensors is not supported. "
                                            "Use the `^` or `logical_xor()` operator instead.";
static constexpr StringLiteral kNoBoolTerm =
    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the "
    "`~` or `logical_not()` operator instead.";
static constexpr StringLiteral kNeedsFloat =
    "linalg.vector_norm: Expected a floating point or complex tensor as input. Got {0}";

static constexpr Limit kLimits[] = {
    {"aten.relu", 1, Bools, "Boolean inputs not supported for relu"},
    {"aten.relu", 1, Complex, "clamp is not supported for complex types"},
    {"aten.relu6", 1, Bools, "Bool inputs not supported for hardtanh"},
    {"aten.hardtanh", 1, Bools, "Bool inputs not supported for hardtanh"},
    {"aten.gelu", 1, NonFloats, "GeluKernelImpl"},
    {"aten.silu", 1, Bools | Ints, "silu_cpu"},
    {"aten.mish", 1, NonFloats, "mish_cpu"},
    {"aten.hardswish", 1, NonFloats, "hardswish_cpu"},
    {"aten.hardsigmoid", 1, NonFloats, "hardsigmoid_cpu"},
    {"aten.leaky_relu", 1, NonFloats, "leaky_relu_cpu"},
    {"aten.elu", 1, NonFloats, "elu_cpu"},
    {"aten.celu", 1, NonFloats, "elu_cpu"},
    {"aten.selu", 1, NonFloats, "elu_cpu"},
    {"aten.softplus", 1, NonFloats, "softplus_cpu"},
    {"aten.hardshrink", 1, NonFloats, "hardshrink_cpu"},
    {"aten.softshrink", 1, NonFloats, "softshrink_check"},
    {"aten.threshold", 1, Bools | Complex, "threshold_cpu"},
    {"aten.log_sigmoid", 1, NonFloats, "log_sigmoid_cpu"},
    {"aten.neg", 1, Bools,
     "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` "
     "or `logical_not()` operator instead."},
    {"aten.abs", 1, Bools, "abs_cpu"},
    {"aten.floor", 1, Bools, "floor_vml_cpu"},
    {"aten.floor", 1, Complex, "floor is not supported for complex inputs"},
    {"aten.ceil", 1, Bools, "ceil_vml_cpu"},
    {"aten.ceil", 1, Complex, "ceil is not supported for complex inputs"},
    {"aten.round", 1, Bools | Complex, "round_vml_cpu"},
    {"aten.trunc", 1, Bools, "trunc_vml_cpu"},
    {"aten.trunc", 1, Complex, "trunc is not supported for complex inputs"},
    {"aten.frac", 1, NonFloats, "frac_cpu"},
    {"aten.erf", 1, Complex, "erf_vml_cpu"},
    {"aten.erfc", 1, Complex, "erfc_vml_cpu"},
    {"aten.signbit", 1, Complex, "signbit is not implemented for complex tensors."},
    {"aten.clamp", 1, Complex, "clamp is not supported for complex types"},
    {"aten.bitwise_not", 1, Floats | Complex, "bitwise_not_cpu"},
    {"aten.bitwise_and", 2, Floats | Complex, "bitwise_and_cpu"},
    {"aten.bitwise_or", 2, Floats | Complex, "bitwise_or_cpu"},
    {"aten.bitwise_xor", 2, Floats | Complex, "bitwise_xor_cpu"},
    {"aten.bitwise_left_shift", 2, Bools | Floats | Complex, "lshift_cpu"},
    {"aten.bitwise_right_shift", 2, Bools | Floats | Complex, "rshift_cpu"},
    {"aten.sub", 2, Bools, kNoBoolSum},
    {"aten.rsub", 2, Bools, kNoBoolSum},
    {"aten.floor_divide", 2, Bools | Complex, "div_floor_cpu"},
    {"aten.remainder", 2, Bools | Complex, "remainder_cpu"},
    {"aten.fmod", 2, Bools | Complex, "fmod_cpu"},
    {"aten.maximum", 2, Complex, "maximum not implemented for complex tensors."},
    {"aten.minimum", 2, Complex, "minimum not implemented for complex tensors."},
    {"aten.fmax", 2, Complex, "fmax not implemented for complex tensors."},
    {"aten.fmin", 2, Complex, "fmin not implemented for complex tensors."},
    {"aten.atan2", 2, Complex, "atan2_cpu"},
    {"aten.hypot", 2, NonFloats, "hypot_cpu"},
    {"aten.copysign", 2, Complex, "copysign_cpu"},
    {"aten.logaddexp", 2, Bools | Ints, "logaddexp_cpu"},
    {"aten.xlogy", 2, Complex, "xlogy_cpu"},
    {"aten.pow", 2, Bools, "pow"},
    {"aten.lt", 2, Complex, "lt_cpu"},
    {"aten.le", 2, Complex, "le_cpu"},
    {"aten.gt", 2, Complex, "gt_cpu"},
    {"aten.ge", 2, Complex, "ge_cpu"},
    {"aten.argmax", 1, Bools, "argmax(): does not support bool input"},
    {"aten.argmin", 1, Bools, "argmin(): does not support bool input"},
    {"aten.argmax", 1, Complex, "argmax(): does not support complex input"},
    {"aten.argmin", 1, Complex, "argmin(): does not support complex input"},
    {"aten.var", 1, Bools | Ints, "std and var only support floating point and complex dtypes"},
    {"aten.std", 1, Bools | Ints, "std and var only support floating point and complex dtypes"},
    {"aten.max_dim", 1, Complex, "max(): does not support complex input"},
    {"aten.min_dim", 1, Complex, "min(): does not support complex input"},
    {"aten.logcumsumexp", 1, Bools | Ints, "logcumsumexp_out_cpu"},
    {"aten.cummax", 1, Complex, "cummax_cpu"},
    {"aten.cummin", 1, Complex, "cummin_cpu"},
    {"aten.sort", 1, Complex, " Sort does not support complex dtypes on CPU"},
    {"aten.topk", 1, Complex, " topk does not support complex dtypes on CPU"},
    {"aten.topk", 1, Bools, "topk does not support bool dtypes on CPU"},
    {"aten.median_dim", 1, Bools | Complex, "median_out"},
    {"aten.layer_norm", 1, NonFloats, "LayerNormKernelImpl"},
    {"aten.native_layer_norm", 1, NonFloats, "LayerNormKernelImpl"},
    {"aten.group_norm", 1, NonFloats, "GroupNormKernelImpl"},
    {"aten.batch_norm", 1, NonFloats, "batch_norm"},
    {"aten.instance_norm", 1, NonFloats, "batch_norm"},
    {"aten.max_pool", 1, Bools | Complex, "max_pool2d"},
    {"aten.max_pool_with_indices", 1, Bools | Complex, "max_pool2d"},
    {"aten.view_as_complex", 1, NonFloats,
     "view_as_complex is only supported for half, float and double tensors, but got a tensor of scalar type: {0}"},
    {"aten.addcmul", 2, Bools, "addcmul_cpu_out"},
    {"aten.upsample_bilinear", 1, Bools | OtherInts, "upsample_bilinear2d_channels_last"},
    {"aten.bernoulli_tensor", 1, Bools | Ints, "bernoulli_tensor_cpu_p_"},
    {"aten.multinomial", 1, NonFloats, "multinomial only supports floating-point dtypes for input, got: {0}"},
    {"aten.mm", 1, Bools, "addmm_impl_cpu_"},
    {"aten.linear", 1, Bools, "addmm_impl_cpu_"},
    {"aten.bmm", 1, Bools, "bmm"},
    {"aten.mv", 1, Bools, "addmv_impl_cpu"},
    {"aten.dot", 1, Bools, "dot"},
    {"aten.lu_factor", 1, Bools | Ints, "lu_cpu"},
    {"aten.cholesky", 1, Bools | Ints,
     "linalg.cholesky: Expected a floating point or complex tensor as input. Got {0}"},
    {"aten.solve_triangular", 1, Bools | Ints, "triangular_solve_cpu"},
    {"aten.lu_solve", 1, Bools | Ints,
     "torch.linalg.lu_solve: Expected a floating point or complex tensor as input. Got {0}"},
};

static Kind getKind(Type dtype) {
  if (isa<ComplexType>(dtype))
    return Complex;
  if (isa<FloatType>(dtype))
    return Floats;
  return dtype.isInteger(1) ? Bools : dtype.isUnsignedInteger(8) ? Bytes : OtherInts;
}

namespace {
/// The checks of one operator.
class DtypeChecker {
public:
  DtypeChecker(Operation *op, Facts &facts) : op(op), facts(facts) {}

  LogicalResult check();

private:
  /// Null where the operand is no tensor, or its dtype is not known.
  Type dtypeOf(Value value) {
    value = ts::stripUpcasts(value);
    return isa<ts::TensorType, RankedTensorType>(value.getType()) ? facts.getTensor(value).getDtype() : Type();
  }
  template <typename... Args> LogicalResult refuse(const char *format, Args &&...args) {
    return op->emitOpError() << llvm::formatv(/*Validate=*/false, format, std::forward<Args>(args)...).str();
  }
  static bool differ(Type a, Type b) { return a && b && a != b; }
  /// In `format` {0} and {1} are the dtypes as C++ names them, {2} and {3} as PyTorch does.
  LogicalResult expectSame(Type a, Type b, const char *format) {
    return differ(a, b) ? refuse(format, getCppName(a), getCppName(b), getScalarTypeName(a), getScalarTypeName(b))
                        : success();
  }
  LogicalResult expectSame(Value a, Value b, const char *format) { return expectSame(dtypeOf(a), dtypeOf(b), format); }
  LogicalResult expectIndex(Value index, const char *format, bool bools = false);
  LogicalResult expectBool(Value mask, const char *format);
  LogicalResult expectFloat(Value value, Value dtype, const char *format);
  LogicalResult checkLimits();
  LogicalResult checkTerms(Value alpha);
  LogicalResult checkMatmul(MatmulOp op);
  LogicalResult checkNorm(Value input, ValueRange parameters);
  LogicalResult checkSoftmax(Value self, Value dim, Value dtype, StringRef name);
  LogicalResult checkConvolution(Value input, Value weight, Value bias);

  Operation *op;
  Facts &facts;
};
} // namespace

static constexpr char kSameMatrices[] = "expected m1 and m2 to have the same dtype, but got: {0} != {1}";
static constexpr char kSameVectors[] = "dot : expected both vectors to have same dtype, but found {2} and {3}";
static constexpr char kSameBatches[] = "expected scalar type {2} but found {3}";
static constexpr char kSameMatrixVector[] = "addmv input tensors must have the same dtype, but got {3}, {2}, and {3}";

LogicalResult DtypeChecker::expectIndex(Value index, const char *format, bool bools) {
  Type dtype = dtypeOf(index);
  bool isIndex = !dtype || dtype.isInteger(64) || dtype.isInteger(32);
  if (isIndex || (bools && (dtype.isInteger(1) || dtype.isUnsignedInteger(8))))
    return success();
  return refuse(format, getScalarTypeName(dtype));
}

LogicalResult DtypeChecker::expectBool(Value mask, const char *format) {
  Type dtype = dtypeOf(mask);
  return !dtype || dtype.isInteger(1) ? success() : refuse(format, getCppName(dtype), getScalarTypeName(dtype));
}

LogicalResult DtypeChecker::expectFloat(Value value, Value dtype, const char *format) {
  Type own = dtypeOf(value);
  if (!own || !isa<IntegerType>(own) || !facts.isNone(dtype))
    return success();
  return refuse(format, getScalarTypeName(own));
}

LogicalResult DtypeChecker::checkLimits() {
  StringRef name = op->getName().getStringRef();
  for (const Limit &limit : kLimits) {
    if (limit.op != name)
      continue;
    Type dtype = limit.operands == 1 ? dtypeOf(op->getOperand(0))
                                     : promoteOperands(facts, op->getOperands().take_front(limit.operands));
    if (!dtype || !(getKind(dtype) & limit.refused))
      continue;
    std::string shown = getScalarTypeName(dtype);
    if (limit.text.contains(' '))
      return refuse(limit.text.data(), shown);
    return refuse("\"{0}\" not implemented for '{1}'", limit.text, shown);
  }
  return success();
}

/// Of `add`, `sub` and `rsub`.
LogicalResult DtypeChecker::checkTerms(Value alpha) {
  ValueRange terms = op->getOperands().take_front(2);
  auto isBool = [&](Value term) {
    Type dtype = dtypeOf(term);
    return (dtype ? dtype : getNumberType(term)) == IntegerType::get(op->getContext(), 1);
  };
  if (!isa<AddOp>(op) && (isBool(terms[0]) || isBool(terms[1])))
    return refuse(kNoBoolTerm.data());
  Type dtype = promoteOperands(facts, terms), factor = getNumberType(alpha);
  if (dtype && isa<IntegerType>(dtype) && factor && isa<FloatType>(factor))
    return refuse("For integral input tensors, argument alpha must not be a floating point number.");
  return success();
}

LogicalResult DtypeChecker::checkMatmul(MatmulOp matmul) {
  ts::TensorType lhs = facts.getTensor(matmul.getSelf()), rhs = facts.getTensor(matmul.getOther());
  if (!lhs.getHasRank() || !rhs.getHasRank())
    return success();
  Type a = lhs.getDtype(), b = rhs.getDtype();
  if (rhs.getRank() == 1)
    return expectSame(a, b, lhs.getRank() == 1 ? kSameVectors : kSameMatrixVector);
  if (lhs.getRank() > 2 && rhs.getRank() > 2)
    return expectSame(a, b, kSameBatches);
  return rhs.getRank() > 2 ? expectSame(b, a, kSameMatrices) : expectSame(a, b, kSameMatrices);
}

LogicalResult DtypeChecker::checkNorm(Value input, ValueRange parameters) {
  Type dtype = dtypeOf(input);
  for (Value parameter : parameters)
    if (Type own = dtypeOf(parameter); dtype && dtype.isF32() && differ(dtype, own))
      return refuse("mixed dtype (CPU): expect parameter to have scalar type of Float");
  return success();
}

LogicalResult DtypeChecker::checkSoftmax(Value self, Value dim, Value dtype, StringRef name) {
  ts::TensorType type = facts.getTensor(self);
  std::optional<int64_t> position = facts.getConstantInt(dim);
  if (!type.isTyped() || !(getKind(type.getDtype()) & NonFloats) || !facts.isNone(dtype) || !position)
    return success();
  bool isLast = *position == -1 || *position + 1 == type.getRank();
  return refuse("\"{0}{1}_kernel_impl\" not implemented for '{2}'", name, isLast ? "_lastdim" : "",
                getScalarTypeName(type.getDtype()));
}

LogicalResult DtypeChecker::checkConvolution(Value input, Value weight, Value bias) {
  if (failed(expectSame(input, weight, kSameBatches)))
    return failure();
  return expectSame(input, bias, "Input type ({0}) and bias type ({1}) should be the same");
}

LogicalResult DtypeChecker::check() {
  LogicalResult special =
      llvm::TypeSwitch<Operation *, LogicalResult>(op)
          .Case<MatmulOp>([&](auto op) { return checkMatmul(op); })
          .Case<MmOp>([&](auto op) { return expectSame(op.getSelf(), op.getMat2(), kSameMatrices); })
          .Case<BmmOp>([&](auto op) { return expectSame(op.getSelf(), op.getMat2(), kSameBatches); })
          .Case<MvOp>([&](auto op) { return expectSame(op.getSelf(), op.getVec(), kSameMatrixVector); })
          .Case<DotOp>([&](auto op) { return expectSame(op.getSelf(), op.getTensor(), kSameVectors); })
          .Case<AddmmOp>([&](auto op) { return expectSame(op.getMat1(), op.getMat2(), kSameMatrices); })
          .Case<BaddbmmOp>([&](auto op) -> LogicalResult {
            if (failed(expectSame(op.getBatch1(), op.getBatch2(), kSameBatches)))
              return failure();
            Type self = dtypeOf(op.getSelf()), first = dtypeOf(op.getBatch1()), second = dtypeOf(op.getBatch2());
            if (!differ(self, first) || !second)
              return success();
            return refuse("Input dtypes must be the same, got: input {0}, batch1: {1}, batch2: {2}", getCppName(self),
                          getCppName(first), getCppName(second));
          })
          .Case<LinearOp>([&](auto op) {
            return success(succeeded(expectSame(op.getInput(), op.getWeight(), kSameMatrices)) &&
                           succeeded(expectSame(op.getBias(), op.getWeight(),
                                                "self and mat2 must have the same dtype, but got {2} and {3}")));
          })
          .Case<EinsumOp>([&](auto op) {
            std::optional<SmallVector<Value>> tensors = facts.getList(op.getTensors());
            return tensors && tensors->size() == 2 ? expectSame((*tensors)[0], (*tensors)[1], kSameBatches) : success();
          })
          .Case<ConvOp, ConvolutionOp, ConvTransposeOp>(
              [&](auto op) { return checkConvolution(op.getInput(), op.getWeight(), op.getBias()); })
          .Case<ScaledDotProductAttentionOp>([&](auto op) -> LogicalResult {
            Type q = dtypeOf(op.getQuery()), k = dtypeOf(op.getKey()), v = dtypeOf(op.getValue());
            if (!q || !k || !v || (q == k && k == v))
              return success();
            return refuse("Expected query, key, and value to have the same dtype, but got query.dtype: {0} key.dtype: "
                          "{1} and value.dtype: {2} instead.",
                          getCppName(q), getCppName(k), getCppName(v));
          })
          .Case<ScatterOp, ScatterAddOp, ScatterReduceOp>([&](auto op) -> LogicalResult {
            if (failed(expectIndex(op.getIndex(), "scatter(): Expected dtype int32/int64 for index")))
              return failure();
            return expectSame(op.getSelf(), op.getSrc(), "scatter(): Expected self.dtype to be equal to src.dtype");
          })
          .Case<IndexPutOp>([&](auto op) {
            return expectSame(op.getSelf(), op.getValues(),
                              "Index put requires the source and destination dtypes match, got {2} for the "
                              "destination and {3} for the source.");
          })
          .Case<GatherOp>(
              [&](auto op) { return expectIndex(op.getIndex(), "gather(): Expected dtype int32/int64 for index"); })
          .Case<IndexSelectOp>([&](auto op) {
            return expectIndex(op.getIndex(), "index_select(): Expected dtype int32 or int64 for index");
          })
          .Case<EmbeddingOp>([&](auto op) {
            return expectIndex(op.getIndices(),
                               "Expected tensor for argument #1 'indices' to have one of the following scalar types: "
                               "Long, Int; but got torch.{0}Tensor instead (while checking arguments for embedding)");
          })
          .Case<IndexOp>([&](auto op) -> LogicalResult {
            for (Value index : facts.getList(op.getIndices()).value_or(SmallVector<Value>()))
              if (failed(expectIndex(index, "tensors used as indices must be long, int, byte or bool tensors", true)))
                return failure();
            return success();
          })
          .Case<WhereOp>([&](auto op) -> LogicalResult {
            Type dtype = dtypeOf(op.getCondition());
            if (dtype && dtype.isUnsignedInteger(8))
              return success();
            return expectBool(op.getCondition(),
                              "where expected condition to be a boolean tensor, but got a tensor with dtype {1}");
          })
          .Case<MaskedFillOp>([&](auto op) {
            return expectBool(op.getMask(), "masked_fill_ only supports boolean masks, but got mask with dtype {0}");
          })
          .Case<LerpOp>([&](auto op) -> LogicalResult {
            Type self = dtypeOf(op.getSelf());
            if (failed(expectSame(op.getSelf(), op.getEnd(), "expected dtype {0} for `end` but got dtype {1}")))
              return failure();
            if (!self || !isa<IntegerType>(self))
              return success();
            return refuse("\"lerp_kernel_{0}\" not implemented for '{1}'",
                          dtypeOf(op.getWeight()) ? "tensor" : "scalar", getScalarTypeName(self));
          })
          .Case<AmaxOp, AminOp>([&](auto op) -> LogicalResult {
            Type self = dtypeOf(op.getSelf());
            if (!self || !isa<ComplexType>(self))
              return success();
            return refuse("\"{0}_{1}\" not implemented for '{2}'", isa<AmaxOp>(op) ? "max" : "min",
                          facts.isNone(op.getDim()) ? "all" : "values_cpu", getScalarTypeName(self));
          })
          .Case<AddCDivOp>([&](auto op) -> LogicalResult {
            Type first = dtypeOf(op.getTensor1()), second = dtypeOf(op.getTensor2());
            if (!first || !second || !isa<IntegerType>(first) || !isa<IntegerType>(second))
              return success();
            return refuse("Integer division with addcdiv is no longer supported, and in a future  release addcdiv will "
                          "perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be "
                          "implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer "
                          "inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv "
                          "behavior is just the latter implementation: (input + value * tensor1 / tensor2), for all "
                          "dtypes.");
          })
          .Case<AddOp, SubOp, RsubOp>(
              [&](auto op) { return failed(checkLimits()) ? failure() : checkTerms(op.getAlpha()); })
          .Case<MeanOp>([&](auto op) {
            return expectFloat(op.getSelf(), op.getDtype(),
                               "mean(): could not infer output dtype. Input dtype must be either a floating point or "
                               "complex dtype. Got: {0}");
          })
          .Case<NormOp, VectorNormOp>(
              [&](auto op) { return expectFloat(op.getSelf(), op.getDtype(), kNeedsFloat.data()); })
          .Case<SoftmaxOp>([&](auto op) { return checkSoftmax(op.getSelf(), op.getDim(), op.getDtype(), "softmax"); })
          .Case<LogSoftmaxOp>(
              [&](auto op) { return checkSoftmax(op.getSelf(), op.getDim(), op.getDtype(), "log_softmax"); })
          .Case<BatchNormOp, LayerNormOp, GroupNormOp>(
              [&](auto op) { return checkNorm(op.getInput(), {op.getWeight(), op.getBias()}); })
          .Case<ComplexOp>([&](auto op) -> LogicalResult {
            Type real = dtypeOf(op.getReal()), imag = dtypeOf(op.getImag());
            if (!real || !imag)
              return success();
            if (!isa<FloatType>(real) || !isa<FloatType>(imag))
              return refuse("Expected both inputs to be Half, Float or Double tensors but got {0} and {1}",
                            getScalarTypeName(real), getScalarTypeName(imag));
            return expectSame(real, imag,
                              "Expected object of scalar type {2} but got scalar type {3} for second argument");
          })
          .Case<ClampOp>([&](auto op) -> LogicalResult {
            if (facts.isNone(op.getMin()) && facts.isNone(op.getMax()))
              return refuse("torch.clamp: At least one of 'min' or 'max' must not be None");
            return success();
          })
          .Case<PowOp>([&](auto op) -> LogicalResult {
            Type dtype = promoteOperands(facts, op->getOperands().take_front(2));
            std::optional<double> exponent =
                getNumberType(op.getExponent()) ? facts.getFloat(op.getExponent()) : std::nullopt;
            if (dtype && isa<IntegerType>(dtype) && exponent && *exponent < 0)
              return refuse("Integers to negative integer powers are not allowed.");
            return success();
          })
          .Default(success());
  return failed(special) ? failure() : checkLimits();
}

LogicalResult wick::aten::checkDtypes(Operation *op, Facts &facts) { return DtypeChecker(op, facts).check(); }
