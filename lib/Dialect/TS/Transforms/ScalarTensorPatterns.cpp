//===- ScalarTensorPatterns.cpp - numbers that tracing wrapped in tensors ---===//
//
// A trace records arithmetic on sizes as arithmetic on tensors without dims:
// `int(torch.mul(NumToTensor(x.size(0)), CONSTANTS.c0))`. Where such a chain ends in a
// number it is computed with numbers, in the dtype that the tensors have.
//
//===----------------------------------------------------------------------===//
#include "OperatorRules.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace {
/// The operator behind an op of either kind, with operands by their schema names.
struct NamedOperator {
  explicit NamedOperator(Operation *op) {
    if (auto registry = dyn_cast_or_null<OperatorOp>(op)) {
      auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, registry.getSchemaAttr());
      if (!schema)
        return;
      name = getBaseName(registry).drop_front(getBaseName(registry).find("::") + 2);
      for (auto [argument, operand] :
           llvm::zip(schema.getArgumentNames().getAsValueRange<StringAttr>(), registry.getArguments()))
        operands[argument] = operand;
      return;
    }
    if (!op || op->getName().getDialectNamespace() != "aten")
      return;
    name = op->getName().stripDialect();
    auto *dialect = cast<aten::AtenDialect>(op->getDialect());
    for (auto &entry : dialect->getSchemaTable())
      if (entry.second.op == op->getName()) {
        for (auto [argument, operand] : llvm::zip(entry.second.operandNames, op->getOperands()))
          operands[argument] = operand;
        break;
      }
  }

  StringRef name;
  llvm::StringMap<Value> operands;
};

/// Computes the element of a tensor without dims as a number of the tensor's dtype:
/// i64, f32, f64 or i1. The order of creation is that of the operands.
class ScalarComputer {
public:
  ScalarComputer(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  /// Whether the value is a chain of known operators. Builds nothing.
  bool isComputable(Value tensor, unsigned depth = 0);
  Value compute(Value tensor);
  Value convert(Value number, Type type);

private:
  Value computeBinary(NamedOperator &op);

  OpBuilder &builder;
  Location loc;
};
} // namespace

/// Whether nothing writes a tensor, under any of its names.
static bool isNeverWritten(Value tensor, unsigned depth = 0) {
  auto areResults = [&](Operation *op) {
    return depth < 8 && llvm::all_of(
                            op->getResults(),
                            [&](Value result) {
                              return !isa<ts::TensorType>(result.getType()) || isNeverWritten(result, depth + 1);
                            });
  };
  return llvm::all_of(tensor.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (isa<ItemOp, RankOp, SizeOp, SizesOp, NumelOp, DtypeOp, func::ReturnOp>(user))
      return true;
    if (user->getName().getDialectNamespace() == "aten") {
      // `to` and `contiguous` may return the tensor itself.
      bool mayAlias = isa<aten::ViewInterface>(user) ||
                      llvm::is_contained({"to", "alias", "contiguous"}, user->getName().stripDialect());
      return !mayAlias || areResults(user);
    }
    if (auto op = dyn_cast<OperatorOp>(user)) {
      auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, op.getSchemaAttr());
      int64_t index = use.getOperandNumber();
      return schema && !llvm::is_contained(schema.getWrites(), index) &&
             (!llvm::is_contained(schema.getAliases(), index) || areResults(op));
    }
    return isa<RefineOp>(user) && areResults(user);
  });
}

static bool isNumber(Value value) { return isPlainNumber(value.getType()); }

/// The element of a weight without dims that nothing in the function writes.
static std::optional<TypedAttr> readScalarWeight(WeightRefOp ref) {
  Type dtype = cast<ts::TensorType>(ref.getType()).getDtype();
  auto func = ref->getParentOfType<func::FuncOp>();
  if (!func || !dtype || !(dtype.isInteger(64) || dtype.isF32() || dtype.isF64()))
    return std::nullopt;
  bool isWritten = false;
  func.walk([&](WeightRefOp other) {
    isWritten |= other.getWeightAttr() == ref.getWeightAttr() && !isNeverWritten(other.getResult());
  });
  return isWritten ? std::nullopt : ref.readElement();
}

static bool isBinary(StringRef name) {
  return llvm::is_contained({"add", "sub", "rsub", "mul", "floor_divide", "div", "true_divide", "remainder"}, name);
}
static bool isPassThrough(StringRef name) {
  return llvm::is_contained({"detach", "clone", "alias", "contiguous", "lift_fresh", "lift_fresh_copy", "cpu"}, name);
}

bool ScalarComputer::isComputable(Value tensor, unsigned depth) {
  if (isNumber(tensor))
    return true;
  Operation *op = tensor.getDefiningOp();
  if (!op || depth > 32)
    return false;
  if (auto number = dyn_cast<NumberToTensorOp>(op))
    return isNumber(number.getNumber()) && isNeverWritten(number.getResult());
  if (auto refine = dyn_cast<RefineOp>(op))
    return isComputable(refine.getValue(), depth + 1);
  if (auto ref = dyn_cast<WeightRefOp>(op))
    return readScalarWeight(ref).has_value();
  if (!isNeverWritten(tensor))
    return false;
  NamedOperator named(op);
  auto operand = [&](StringRef name) { return named.operands.lookup(name); };
  if (isPassThrough(named.name))
    return operand("self") && isComputable(operand("self"), depth + 1);
  if (named.name == "to") {
    IntegerAttr dtype;
    return operand("self") && operand("dtype") && matchPattern(operand("dtype"), m_Constant(&dtype)) &&
           llvm::is_contained({4, 6, 7}, dtype.getInt()) && isComputable(operand("self"), depth + 1);
  }
  if (named.name == "floor" || named.name == "ceil" || named.name == "neg")
    return operand("self") && isComputable(operand("self"), depth + 1);
  if (!isBinary(named.name) || !operand("self") || !operand("other"))
    return false;
  if (Value alpha = operand("alpha")) {
    IntegerAttr one;
    if (!isa<ts::NoneType>(alpha.getType()) && !(matchPattern(alpha, m_Constant(&one)) && one.getInt() == 1))
      return false;
  }
  if (Value mode = operand("rounding_mode"))
    if (!isa<ts::NoneType>(mode.getType()) && !mode.getDefiningOp<StrOp>())
      return false;
  return isComputable(operand("self"), depth + 1) && isComputable(operand("other"), depth + 1);
}

Value ScalarComputer::convert(Value number, Type type) {
  Type from = number.getType();
  if (from == type)
    return number;
  if (isa<FloatType>(from) && isa<FloatType>(type))
    return from.getIntOrFloatBitWidth() < type.getIntOrFloatBitWidth()
               ? Value(arith::ExtFOp::create(builder, loc, type, number))
               : Value(arith::TruncFOp::create(builder, loc, type, number));
  if (isa<FloatType>(type))
    return from.isInteger(1) ? Value(arith::UIToFPOp::create(builder, loc, type, number))
                             : Value(arith::SIToFPOp::create(builder, loc, type, number));
  if (type.isInteger(64))
    return isa<FloatType>(from) ? Value(arith::FPToSIOp::create(builder, loc, type, number))
                                : Value(arith::ExtUIOp::create(builder, loc, type, number));
  if (isa<FloatType>(from)) {
    Value zero = arith::ConstantOp::create(builder, loc, builder.getFloatAttr(from, 0));
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, number, zero);
  }
  Value zero = arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(from, 0));
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, number, zero);
}

/// The dtype of the result: numbers count only by their category.
static Type promote(Value a, bool aIsTensor, Value b, bool bIsTensor, Builder &builder) {
  auto rank = [&](Type type) { return type.isInteger(1) ? 0 : type.isInteger(64) ? 1 : 2; };
  Type x = a.getType(), y = b.getType();
  if (rank(x) != rank(y)) {
    Type higher = rank(x) > rank(y) ? x : y;
    bool higherIsTensor = rank(x) > rank(y) ? aIsTensor : bIsTensor;
    return isa<FloatType>(higher) && !higherIsTensor ? Type(builder.getF32Type()) : higher;
  }
  if (aIsTensor != bIsTensor)
    return aIsTensor ? x : y;
  return x.isF64() || y.isF64() ? Type(builder.getF64Type()) : x;
}

Value ScalarComputer::computeBinary(NamedOperator &op) {
  Value self = op.operands.lookup("self"), other = op.operands.lookup("other");
  bool selfIsTensor = !isNumber(self), otherIsTensor = !isNumber(other);
  Value a = compute(self), b = compute(other);
  if (op.name == "rsub")
    std::swap(a, b), std::swap(selfIsTensor, otherIsTensor);
  Type type = promote(a, selfIsTensor, b, otherIsTensor, builder);
  StringRef mode;
  if (Value given = op.operands.lookup("rounding_mode"))
    if (auto string = given.getDefiningOp<StrOp>())
      mode = string.getValue();
  bool isDivision = op.name == "div" || op.name == "true_divide";
  if (type.isInteger(1))
    type = builder.getI64Type();
  if (isDivision && mode.empty() && !isa<FloatType>(type))
    type = builder.getF32Type();
  a = convert(a, type), b = convert(b, type);
  bool isFloat = isa<FloatType>(type);
  auto create = [&](auto intOp, auto floatOp) {
    return isFloat ? Value(decltype(floatOp)::create(builder, loc, a, b))
                   : Value(decltype(intOp)::create(builder, loc, a, b));
  };
  if (op.name == "add")
    return create(arith::AddIOp(), arith::AddFOp());
  if (op.name == "sub" || op.name == "rsub")
    return create(arith::SubIOp(), arith::SubFOp());
  if (op.name == "mul")
    return create(arith::MulIOp(), arith::MulFOp());
  if (op.name == "floor_divide" || mode == "floor") {
    Value quotient = create(arith::FloorDivSIOp(), arith::DivFOp());
    return isFloat ? Value(math::FloorOp::create(builder, loc, quotient)) : quotient;
  }
  if (isDivision) {
    Value quotient = create(arith::DivSIOp(), arith::DivFOp());
    return isFloat && mode == "trunc" ? Value(math::TruncOp::create(builder, loc, quotient)) : quotient;
  }
  // remainder: a - floor(a / b) * b
  Value quotient = create(arith::FloorDivSIOp(), arith::DivFOp());
  if (isFloat)
    quotient = math::FloorOp::create(builder, loc, quotient);
  Value dividend = a;
  a = quotient;
  Value product = create(arith::MulIOp(), arith::MulFOp());
  a = dividend, b = product;
  return create(arith::SubIOp(), arith::SubFOp());
}

Value ScalarComputer::compute(Value tensor) {
  if (isNumber(tensor))
    return tensor;
  Operation *op = tensor.getDefiningOp();
  if (auto number = dyn_cast<NumberToTensorOp>(op))
    return number.getNumber();
  if (auto refine = dyn_cast<RefineOp>(op))
    return compute(refine.getValue());
  if (auto ref = dyn_cast<WeightRefOp>(op))
    return arith::ConstantOp::create(builder, loc, *readScalarWeight(ref));
  NamedOperator named(op);
  if (isPassThrough(named.name))
    return compute(named.operands.lookup("self"));
  if (isBinary(named.name))
    return computeBinary(named);
  Value self = compute(named.operands.lookup("self"));
  if (named.name == "to") {
    IntegerAttr dtype;
    matchPattern(named.operands.lookup("dtype"), m_Constant(&dtype));
    return convert(self, dtype.getInt() == 4   ? Type(builder.getI64Type())
                         : dtype.getInt() == 6 ? Type(builder.getF32Type())
                                               : Type(builder.getF64Type()));
  }
  bool isFloat = isa<FloatType>(self.getType());
  if (named.name == "neg") {
    if (isFloat)
      return arith::NegFOp::create(builder, loc, self);
    Value zero = arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(self.getType(), 0));
    return arith::SubIOp::create(builder, loc, zero, self);
  }
  if (!isFloat)
    return self;
  return named.name == "floor" ? Value(math::FloorOp::create(builder, loc, self))
                               : Value(math::CeilOp::create(builder, loc, self));
}

namespace {
struct ComputeItem : public OpRewritePattern<ItemOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ItemOp op, PatternRewriter &rewriter) const override {
    ScalarComputer computer(rewriter, op.getLoc());
    if (!computer.isComputable(op.getTensor()))
      return rewriter.notifyMatchFailure(op, "is not a chain of operators on numbers");
    Value number = computer.compute(op.getTensor());
    Type type = op.getType();
    if (isa<ComplexType>(type))
      return rewriter.notifyMatchFailure(op, "is complex");
    if (isa<NumberType>(type)) {
      if (number.getType().isF32())
        number = arith::ExtFOp::create(rewriter, op.getLoc(), rewriter.getF64Type(), number);
      rewriter.replaceOpWithNewOp<UpcastOp>(op, type, number);
      return success();
    }
    rewriter.replaceOp(op, computer.convert(number, type));
    return success();
  }
};
} // namespace

void wick::ts::populateScalarTensorPatterns(RewritePatternSet &patterns) {
  patterns.add<ComputeItem>(patterns.getContext());
}
