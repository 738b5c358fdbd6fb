//===- SimplifyProgram.cpp - --ts-simplify-program --------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "ObjectImage.h"
#include "OperatorRules.h"
#include "wick/Dialect/TS/Transforms/Operators.h"
#include "wick/Dialect/TS/Transforms/Patterns.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSSIMPLIFYPROGRAMPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

StringRef wick::ts::getBaseName(OperatorOp op) {
  StringRef name = op.getSchema();
  return name.take_front(name.find('.'));
}

//===----------------------------------------------------------------------===//
// OperatorMatch
//===----------------------------------------------------------------------===//

OperatorMatch::OperatorMatch(OperatorOp op, PatternRewriter &rewriter) : op(op), rewriter(rewriter) {
  for (Value argument : op.getArguments()) {
    Value original = lookThroughCasts(argument);
    // A cast that tells the kind of a value, or the type of a tensor, says more than the value before it.
    auto tensor = dyn_cast<ts::TensorType>(original.getType());
    bool isTagged = tensor ? !tensor.isTyped() && isa<ts::TensorType>(argument.getType())
                           : isa<OptionalType, UnionType, AnyType, NumberType>(original.getType());
    operands.push_back(isTagged && !isa<ts::NoneType>(argument.getType()) ? argument : original);
  }
}

Value OperatorMatch::i64(int64_t value) const {
  return arith::ConstantOp::create(rewriter, getLoc(), rewriter.getI64IntegerAttr(value));
}
Value OperatorMatch::f64(double value) const {
  return arith::ConstantOp::create(rewriter, getLoc(), rewriter.getF64FloatAttr(value));
}
Value OperatorMatch::i1(bool value) const {
  return arith::ConstantOp::create(rewriter, getLoc(), rewriter.getBoolAttr(value));
}

Value OperatorMatch::convert(Value number, Type type) const {
  Type from = number.getType();
  Location loc = getLoc();
  if (from == type)
    return number;
  if (type.isF64())
    return from.isInteger(1) ? Value(arith::UIToFPOp::create(rewriter, loc, type, number))
                             : Value(arith::SIToFPOp::create(rewriter, loc, type, number));
  if (type.isInteger(64))
    return from.isF64() ? Value(arith::FPToSIOp::create(rewriter, loc, type, number))
                        : Value(arith::ExtUIOp::create(rewriter, loc, type, number));
  // To bool; NaN is true.
  if (from.isF64())
    return arith::CmpFOp::create(rewriter, loc, arith::CmpFPredicate::UNE, number, f64(0));
  return arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::ne, number, i64(0));
}

void OperatorMatch::raiseIf(Value condition, StringRef cls, StringRef message) const {
  ts::raiseIf(rewriter, getLoc(), condition, message, cls);
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

static const OperatorRules &getRules() {
  static const OperatorRules table = [] {
    OperatorRules rules;
    addArithmeticRules(rules);
    addComparisonRules(rules);
    addComplexRules(rules);
    addQueryRules(rules);
    addStringRules(rules);
    addContainerRules(rules);
    addDictRules(rules);
    addLayoutRules(rules);
    return rules;
  }();
  return table;
}

bool wick::ts::hasOperatorRule(StringRef baseName) { return getRules().contains(baseName); }

/// Operators without a result that have no meaning in a compiled program; all of the profiler's besides.
static constexpr StringLiteral kDropped[] = {"aten::warn", "aten::set_grad_enabled", "aten::_assert_tensor_metadata",
                                             "prim::AddStatValue"};

bool wick::ts::hasNoMeaning(OperatorOp op) {
  StringRef name = getBaseName(op);
  return llvm::is_contained(kDropped, name) || name.starts_with("profiler::");
}

bool wick::ts::onlyComputes(OperatorOp op) {
  auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, op.getSchemaAttr());
  return schema && schema.getWrites().empty() && op.getBlocks().empty() && op->getNumResults() != 0 &&
         !isa<ts::NoneType>(op->getResult(0).getType());
}

void wick::ts::visitOperators(llvm::function_ref<void(StringRef, OperatorHome)> visit) {
  for (StringRef name : getRules().keys())
    visit(name, OperatorHome::Rule);
  for (StringRef name : kDropped)
    visit(name, OperatorHome::Dropped);
#define WICK_FUNCTION(name, schema)                                                                                    \
  if (StringRef(schema).contains("::"))                                                                                \
    visit(schema, OperatorHome::Runtime);
#include "wick/Runtime/Functions.def"
}

namespace {
struct ApplyOperatorRules : public OpRewritePattern<OperatorOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(OperatorOp op, PatternRewriter &rewriter) const override {
    if (op->getNumResults() != 1)
      return rewriter.notifyMatchFailure(op, "does not have one result");
    auto rule = getRules().find(getBaseName(op));
    if (rule == getRules().end())
      return rewriter.notifyMatchFailure(op, "no rule has this name");
    OperatorMatch match(op, rewriter);
    Operation *before = op->getPrevNode();
    Value value = rule->second(match);
    if (!value) {
      // What a rule has built before it saw that it does not apply; to leave it would look like progress.
      while (op->getPrevNode() != before)
        rewriter.eraseOp(op->getPrevNode());
      return rewriter.notifyMatchFailure(op, "the operands are not known well enough");
    }
    Type type = op->getResult(0).getType();
    if (isPlainNumber(type) && isPlainNumber(value.getType()))
      value = match.convert(value, type);
    rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), value, type));
    return success();
  }
};

struct DropOperator : public OpRewritePattern<OperatorOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(OperatorOp op, PatternRewriter &rewriter) const override {
    if (!op->use_empty() || !hasNoMeaning(op))
      return rewriter.notifyMatchFailure(op, "has a meaning");
    rewriter.eraseOp(op);
    return success();
  }
};

/// A slice of everything is another name of the tensor.
struct ElideWholeSlice : public RewritePattern {
  ElideWholeSlice(MLIRContext *context, StringRef name) : RewritePattern(name, 1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    auto isConstant = [](Value value, int64_t expected) {
      IntegerAttr constant;
      return matchPattern(value, m_Constant(&constant)) && constant.getInt() == expected;
    };
    auto isNone = [](Value value) { return isa<ts::NoneType>(lookThroughCasts(value).getType()); };
    if (op->getNumOperands() != 5 || op->getOperand(0).getType() != op->getResult(0).getType() ||
        !(isNone(op->getOperand(2)) || isConstant(op->getOperand(2), 0)) ||
        !(isNone(op->getOperand(3)) || isConstant(op->getOperand(3), INT64_MAX)) || !isConstant(op->getOperand(4), 1))
      return rewriter.notifyMatchFailure(op, "may leave something out");
    rewriter.replaceOp(op, op->getOperand(0));
    return success();
  }
};

/// Writing a tensor to itself changes nothing.
struct EraseSelfWrite : public OpRewritePattern<WriteOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(WriteOp op, PatternRewriter &rewriter) const override {
    if (op.getReference() != op.getValue())
      return rewriter.notifyMatchFailure(op, "writes another value");
    rewriter.eraseOp(op);
    return success();
  }
};

/// An operator whose result nothing uses.
struct EraseUnusedOperator : public OpRewritePattern<OperatorOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(OperatorOp op, PatternRewriter &rewriter) const override {
    if (!op->use_empty())
      return rewriter.notifyMatchFailure(op, "is used");
    if (!onlyComputes(op) || op->hasAttr(kRaisesAttr))
      return rewriter.notifyMatchFailure(op, "may have an effect");
    rewriter.eraseOp(op);
    return success();
  }
};

/// Freshly made and never looked at.
template <typename Op> struct EraseUnused : public OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    if (!op->use_empty())
      return rewriter.notifyMatchFailure(op, "is used");
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void wick::ts::populateSimplifyPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ApplyOperatorRules, DropOperator, EraseUnusedOperator, EraseUnused<GetAttrOp>, EraseSelfWrite>(context);
  patterns.add<ElideWholeSlice>(context, "aten.slice");
  populateContainerPatterns(patterns);
  populateDictPatterns(patterns);
  populateObjectPatterns(patterns);
  populateQueryPatterns(patterns);
  populateControlPatterns(patterns);
  populateScalarTensorPatterns(patterns);
  SizesOp::getCanonicalizationPatterns(patterns, context);
  context->getLoadedDialect<arith::ArithDialect>()->getCanonicalizationPatterns(patterns);
  for (RegisteredOperationName op : context->getRegisteredOperations())
    if (op.getDialectNamespace() == "arith")
      op.getCanonicalizationPatterns(patterns, context);
}

namespace {
struct TSSimplifyProgramPass : wick::ts::impl::TSSimplifyProgramPassBase<TSSimplifyProgramPass> {
  using TSSimplifyProgramPassBase::TSSimplifyProgramPassBase;

  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    populateSimplifyPatterns(set);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    // Every rewrite makes the program simpler, so the driver ends by itself.
    GreedyRewriteConfig config;
    config.setMaxIterations(GreedyRewriteConfig::kNoLimit);
    config.setUseTopDownTraversal(true);
    config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (func.isPublic() && failed(applyPatternsGreedily(func, patterns, config)))
        return signalPassFailure();
  }

  FrozenRewritePatternSet patterns;
};
} // namespace
