//===- UnknownTensors.cpp - operators on tensors that only run time knows ----===//
//
// Native code is made for a dtype and a rank. Where these are not known until the program runs,
// LibTorch runs the operator, and what follows from its result too, up to where numbers leave tensors.
//
//===----------------------------------------------------------------------===//
#include "ObjectImage.h"
#include "TypeInference.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

static bool isUnknown(Type type) {
  auto tensor = dyn_cast<ts::TensorType>(type);
  return tensor && !tensor.isTyped();
}

/// Whether no native code can be made for an operator: of tensors that it takes or gives too little is known.
static bool hasUnknown(Operation *op, aten::Facts &facts) {
  if (llvm::any_of(op->getOperandTypes(), isUnknown) || llvm::any_of(op->getResultTypes(), isUnknown))
    return true;
  // Which dim is asked for has to be known as well.
  if (auto size = dyn_cast<SizeOp>(op))
    return !facts.getConstantInt(size.getDim());
  // Lists of tensors whose length is known are their elements by now.
  if (isa<aten::TypeInferenceInterface>(op) && llvm::any_of(op->getResultTypes(), llvm::IsaPred<ListType>))
    return true;
  return llvm::any_of(op->getOperands(), [&](Value operand) {
    std::optional<SmallVector<Value>> elements = facts.getList(operand);
    return elements && llvm::any_of(*elements, [](Value element) { return isUnknown(element.getType()); });
  });
}

/// The operator that reads a number from a tensor.
static StringRef getReader(ItemOp item) {
  Type type = item.getType();
  bool isImplicit = item.getImplicit();
  if (type.isInteger(1))
    return "aten::Bool.Tensor";
  if (type.isInteger(64))
    return isImplicit ? "aten::IntImplicit" : "aten::Int.Tensor";
  if (type.isF64())
    return isImplicit ? "aten::FloatImplicit" : "aten::Float.Tensor";
  if (isa<NumberType>(type))
    return isImplicit ? "aten::ScalarImplicit" : "aten::item";
  return "aten::Complex.Tensor";
}

/// What LibTorch calls an operation on a tensor that has an op of its own here, with the names of its operands.
static std::pair<StringRef, ArrayRef<StringRef>> getQuery(Operation *op) {
  using Query = std::pair<StringRef, ArrayRef<StringRef>>;
  static constexpr StringRef self[] = {"self"}, selfAndDim[] = {"self", "dim"}, number[] = {"a"};
  return llvm::TypeSwitch<Operation *, Query>(op)
      .Case([](ItemOp item) { return Query(getReader(item), self); })
      .Case([](RankOp) { return Query("aten::dim", self); })
      .Case([](SizeOp) { return Query("aten::size.int", selfAndDim); })
      .Case([](SizesOp) { return Query("aten::size", self); })
      .Case([](NumelOp) { return Query("aten::numel", self); })
      .Case([](DtypeOp) { return Query("prim::dtype", number); })
      .Case([](NumberToTensorOp) { return Query("prim::NumToTensor.Scalar", number); })
      .Default([](Operation *) { return Query(); });
}

bool TypeInference::leaveUnknown(Operation *op) {
  auto dialect = dyn_cast_or_null<aten::AtenDialect>(op->getDialect());
  auto [query, queryNames] = getQuery(op);
  if ((!dialect && query.empty()) || !hasUnknown(op, facts) || !llvm::all_of(op->getResultTypes(), hasRuntimeValues))
    return false;
  SmallVector<StringRef> operators, names(queryNames);
  SmallVector<int64_t> aliases;
  if (dialect) {
    operators = dialect->getOperators(op);
    if (operators.empty())
      return false;
    llvm::append_range(names, dialect->lookupSchema(operators.front())->operandNames);
    if (isa<aten::ViewInterface>(op) || llvm::any_of(op->getResultTypes(), llvm::IsaPred<ListType>) ||
        mayGiveBackOperand(op))
      aliases.push_back(0);
  } else {
    operators.push_back(query);
  }
  rewriter.setInsertionPoint(op);
  SmallVector<Value> arguments;
  for (Value operand : op->getOperands()) {
    arguments.push_back(FallbackOp::getArgument(rewriter, operand));
    if (!arguments.back())
      return false;
  }
  // Of a view that has a known type there would be a value, and a write to it would not reach what it shows.
  SmallVector<Type> types(op->getResultTypes());
  if (!aliases.empty() && isUnknown(op->getOperand(0).getType()))
    llvm::transform(types, types.begin(), eraseTensorTypes);
  rewriter.replaceOpWithNewOp<FallbackOp>(op, types, rewriter.getStrArrayAttr(operators),
                                          rewriter.getStrArrayAttr(names), aliases, arguments);
  return true;
}
