//===- DivideTypes.cpp - code for each of the types that a tensor may have ---===//
//
// Native code is for one rank and dtype. Where a branch decides them, or a tensor that is read from a slot or container
// is of one of several types, what uses the tensor stands in branches, one for each type.
//
//===----------------------------------------------------------------------===//
#include "ObjectImage.h"
#include "TypeInference.h"

#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Aten/IR/AtenIndexingOps.h"
#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/JoinTypes.h"
#include "wick/Dialect/TS/IR/Raise.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

/// Code that would become longer than this is not divided.
static constexpr int64_t kMaxOperations = 20000;

bool wick::ts::areDivided(Type a, Type b) {
  auto tensor = dyn_cast<ts::TensorType>(a), other = dyn_cast<ts::TensorType>(b);
  if (tensor && other)
    return areDividedTensors(tensor, other);
  SmallVector<Type> parts = getPartTypes(a), others = getPartTypes(b);
  return parts.size() == others.size() && llvm::any_of(llvm::zip(parts, others), [](auto pair) {
           return areDivided(std::get<0>(pair), std::get<1>(pair));
         });
}

/// The type of a value with what is known of the elements of a list that has just been made.
static Type getMadeType(Value value) {
  auto list = value.getDefiningOp<ListConstructOp>();
  if (!list || list.getElements().empty())
    return getJoinedType(value);
  Type element;
  for (Value part : list.getElements())
    element = joinTypes(element, getMadeType(part));
  return element ? Type(ListType::get(value.getContext(), element)) : value.getType();
}

/// A value before a branch or loop made it one of which less is known.
static Value skipRefine(Value value) {
  auto refine = value.getDefiningOp<RefineOp>();
  bool isLess = refine && !cast<ts::TensorType>(refine.getType()).isNarrowed();
  return isLess ? refine.getValue() : value;
}

/// Whether a value is of more types than can be told, for a loop gives it another rank in each iteration, or branches.
static bool isOfManyTypes(Value value) {
  auto result = dyn_cast<OpResult>(value);
  auto loop = value.getDefiningOp<LoopOp>();
  if (loop)
    return isUnknownInLoop(skipRefine(loop.getInits()[result.getResultNumber()]).getType(), value.getType());
  auto branch = value.getDefiningOp<scf::IfOp>();
  auto tensor = dyn_cast<ts::TensorType>(value.getType());
  return branch && tensor && !tensor.isNarrowed() && isDivided(branch, result.getResultNumber());
}

bool wick::ts::isDivided(scf::IfOp op, unsigned index) {
  SmallVector<Value, 2> values;
  for (Region &region : op->getRegions()) {
    if (region.empty() || endsInRaise(region.front()))
      return false;
    values.push_back(skipRefine(region.front().getTerminator()->getOperand(index)));
  }
  if (llvm::any_of(values, isOfManyTypes))
    return true;
  // Native code is for a known number of iterations, and LibTorch goes on.
  Operation *condition = op.getCondition().getDefiningOp();
  if (condition && condition->hasAttr(kAsksTrips) &&
      (isUnknownInLoop(values[0].getType(), values[1].getType()) ||
       isUnknownInLoop(values[1].getType(), values[0].getType())))
    return true;
  Type a = getMadeType(values[0]), b = getMadeType(values[1]);
  return a && b && areDivided(a, b);
}

/// Code after a branch may be for one of two ranks or dtypes. What uses such results is moved into both branches, where
/// it is for one of them, up to where what it gives is the same again. False where there is nothing to move.
bool TypeInference::moveUsersInto(scf::IfOp op, llvm::function_ref<bool(unsigned)> isDivided) {
  Block *block = op->getBlock();
  Operation *last = nullptr;
  std::function<void(Value)> addUsers = [&](Value value) {
    for (Operation *user : value.getUsers()) {
      Operation *place = block->findAncestorOpInBlock(*user);
      if (!place->hasTrait<OpTrait::IsTerminator>() && (!last || last->isBeforeInBlock(place)))
        last = place;
      // A list that is only read is there for its readers.
      if ((isa<ListConstructOp>(user) && facts.getList(user->getResult(0))) || isa<UpcastOp>(user))
        addUsers(user->getResult(0));
    }
  };
  for (unsigned i = 0; i < op.getNumResults(); ++i)
    if (isDivided(i))
      addUsers(op.getResult(i));
  if (!last)
    return false;
  // What is used after the branch. A list that no branch yields any more may be known.
  SmallVector<Value> live;
  auto addLive = [&](ValueRange values) {
    llvm::copy_if(values, std::back_inserter(live), [&](Value value) {
      return llvm::any_of(value.getUsers(),
                          [&](Operation *user) { return last->isBeforeInBlock(block->findAncestorOpInBlock(*user)); });
    });
  };
  addLive(op.getResults());
  SmallVector<Operation *> moved;
  int64_t size = 0;
  for (Operation *next = op->getNextNode();; next = next->getNextNode()) {
    next->walk([&](Operation *) { ++size; });
    moved.push_back(next);
    addLive(next->getResults());
    if (next == last)
      break;
  }
  if (size > kMaxOperations)
    return false;
  rewriter.setInsertionPoint(op);
  auto divided = scf::IfOp::create(rewriter, op.getLoc(), ValueRange(live).getTypes(), op.getCondition(),
                                   /*addThenBlock=*/false, /*addElseBlock=*/false);
  for (auto [region, old] : llvm::zip(divided->getRegions(), op->getRegions())) {
    Operation *yield = old.front().getTerminator();
    region.takeBody(old);
    rewriter.setInsertionPoint(yield);
    IRMapping mapping;
    mapping.map(op.getResults(), yield->getOperands());
    for (Operation *next : moved)
      rewriter.clone(*next, mapping);
    SmallVector<Value> yielded = llvm::map_to_vector(live, [&](Value value) { return mapping.lookup(value); });
    rewriter.replaceOpWithNewOp<scf::YieldOp>(yield, yielded);
  }
  rewriter.replaceAllUsesWith(live, divided.getResults());
  for (Operation *next : llvm::reverse(moved))
    rewriter.eraseOp(next);
  rewriter.eraseOp(op);
  return true;
}

/// Where only run time knows whether a size is one, so it does the rank of what is left: a branch for either.
bool TypeInference::divideSqueeze(Operation *squeeze) {
  auto op = dyn_cast<aten::SqueezeOp>(squeeze);
  if (!op)
    return false;
  constexpr size_t kMaxOpen = 2; // each makes two of all that follows
  ts::TensorType type = facts.getTensor(op.getSelf());
  std::optional<SmallVector<int64_t>> given;
  if (!type.isTyped() || (!facts.isNone(op.getDim()) && !(given = facts.getConstantIntList(op.getDim()))))
    return false;
  int64_t rank = type.getRank();
  SmallVector<int64_t> dims = given ? *given : llvm::to_vector(llvm::seq<int64_t>(0, rank));
  SmallVector<int64_t> open;
  for (int64_t &dim : dims) {
    dim += dim < 0 ? rank : 0;
    if (dim < 0 || dim >= rank)
      return false;
    AffineExpr size = type.getDims()[dim];
    std::optional<int64_t> least = aten::getLowerBound(size);
    if (!aten::getConstant(size) && (!least || *least < 2))
      open.push_back(dim);
  }
  if (open.empty() || open.size() > kMaxOpen)
    return false;
  Location loc = op.getLoc();
  int64_t first = open.front();
  llvm::erase(dims, first);
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(value));
  };
  Type unknown = ts::TensorType::get(op.getContext());
  Value self = op.getSelf();
  auto yieldRest = [&](Value tensor) {
    if (!dims.empty())
      tensor = aten::SqueezeOp::create(rewriter, loc, unknown, tensor, aten::buildIntList(rewriter, loc, dims));
    scf::YieldOp::create(rewriter, loc, castTo(rewriter, loc, tensor, unknown));
  };
  rewriter.setInsertionPoint(op);
  Value size = SizeOp::create(rewriter, loc, rewriter.getI64Type(), self, constant(first));
  Value isOne = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::eq, size, constant(1));
  auto branch = scf::IfOp::create(rewriter, loc, unknown, isOne, /*addThenBlock=*/true, /*addElseBlock=*/true);
  rewriter.setInsertionPointToStart(branch.elseBlock());
  yieldRest(self);
  rewriter.setInsertionPointToStart(branch.thenBlock());
  for (int64_t &dim : dims)
    dim -= dim > first;
  yieldRest(aten::SelectOp::create(rewriter, loc, unknown, self, constant(first), constant(0)));
  rewriter.replaceOp(op, branch.getResults());
  return true;
}

/// Native code is for an operand that is there, or for one that is not: a branch for either where only run time knows.
///
///   %y = aten.linear %x, %w, %b     %p = ts.operator @"aten::__is__"(%b, %none)
///                                   %y = scf.if %p { yield aten.linear %x, %w, %none }
///                                        else { yield aten.linear %x, %w, (ts.unchecked_cast %b) }
bool TypeInference::divideOptional(Operation *op) {
  if (!isa<aten::TypeInferenceInterface>(op) || op->getNumRegions() != 0)
    return false;
  auto isOpen = [](Value operand) { return isa<OptionalType>(stripUpcasts(operand).getType()); };
  auto found = llvm::find_if(op->getOperands(), isOpen);
  if (found == op->operand_end() || isLong(op))
    return false;
  Location loc = op->getLoc();
  Value optional = stripUpcasts(*found);
  Value none = ts::NoneOp::create(rewriter, loc);
  Value isNone = createOperator(rewriter, loc, "aten::__is__", {"self", "obj"}, rewriter.getI1Type(), {optional, none});
  Type held = cast<OptionalType>(optional.getType()).getElementType();
  divideOperand(op, found - op->operand_begin(), isNone, [&](bool holds) -> Value {
    return holds ? none : UncheckedCastOp::create(rewriter, loc, held, optional);
  });
  return true;
}

/// A flag that decides a rank, or what is computed, and that only run time knows: a branch for either.
bool TypeInference::divideFlag(Operation *op) {
  auto *dialect = dyn_cast<aten::AtenDialect>(op->getDialect());
  if (!dialect || !isa<aten::TypeInferenceInterface>(op) || op->getNumRegions() != 0)
    return false;
  for (auto [i, name] : llvm::enumerate(dialect->getOperandNames(op))) {
    Value flag = stripUpcasts(op->getOperand(i));
    if ((name != "keepdim" && name != "unbiased") || !flag.getType().isInteger(1) || matchPattern(flag, m_Constant()))
      continue;
    if (isLong(op))
      return false;
    divideOperand(op, i, flag, [&](bool holds) -> Value {
      return arith::ConstantOp::create(rewriter, op->getLoc(), rewriter.getBoolAttr(holds));
    });
    return true;
  }
  return false;
}

/// The kinds of number that a value may be of which only run time knows the kind; none of other values. Of what may be
/// any number, complex ones have no order and are left out.
static SmallVector<Type> getNumberKinds(Type type) {
  MLIRContext *context = type.getContext();
  if (isa<NumberType>(type))
    return {Float64Type::get(context), IntegerType::get(context, 64), IntegerType::get(context, 1)};
  auto choices = dyn_cast<UnionType>(type);
  auto isNumber = [](Type member) { return isPlainNumber(member) || isa<ComplexType>(member); };
  if (!choices || !llvm::all_of(choices.getMemberTypes(), isNumber))
    return {};
  return llvm::to_vector(choices.getMemberTypes());
}

/// Operators are for ints or for floats: a branch for each kind that a number may be of.
bool TypeInference::divideNumber(Operation *op) {
  auto operation = dyn_cast<OperatorOp>(op);
  bool isOperator =
      operation && operation.getBlocks().empty() && hasOperatorRule(getBaseName(operation)) && !isRuntimeOperation(op);
  if (!isOperator && !(isa<aten::TypeInferenceInterface>(op) && op->getNumRegions() == 0))
    return false;
  for (OpOperand &use : op->getOpOperands()) {
    Value number = stripUpcasts(use.get());
    SmallVector<Type> kinds = getNumberKinds(number.getType());
    if (kinds.empty() || isLong(op))
      continue;
    Location loc = op->getLoc();
    auto is = [&](unsigned i) -> Value {
      return IsInstanceOp::create(rewriter, loc, rewriter.getI1Type(), number, rewriter.getTypeArrayAttr(kinds[i]));
    };
    auto build = [&](unsigned i) {
      Value known = UncheckedCastOp::create(rewriter, loc, kinds[i], number);
      Operation *copy = rewriter.clone(*op);
      rewriter.modifyOpInPlace(copy, [&] { copy->setOperand(use.getOperandNumber(), known); });
      return llvm::to_vector_of<Value>(copy->getResults());
    };
    auto raiseOther = [&] { raise(rewriter, loc, "the model was not compiled for numbers of this kind"); };
    rewriter.replaceOp(op, chooseOrRaise(rewriter, loc, op->getResultTypes(), kinds.size(), is, build, raiseOther));
    return true;
  }
  return false;
}

/// Replaces `op` by a branch in which it has other operands.
void TypeInference::divideOperand(Operation *op, unsigned operand, Value condition,
                                  llvm::function_ref<Value(bool)> makeOperand) {
  auto branch = scf::IfOp::create(rewriter, op->getLoc(), op->getResultTypes(), condition, /*addThenBlock=*/true,
                                  /*addElseBlock=*/true);
  OpBuilder::InsertionGuard guard(rewriter);
  for (bool holds : {true, false}) {
    rewriter.setInsertionPointToStart(holds ? branch.thenBlock() : branch.elseBlock());
    Value known = makeOperand(holds);
    Operation *copy = rewriter.clone(*op);
    rewriter.modifyOpInPlace(copy, [&] { copy->setOperand(operand, known); });
    scf::YieldOp::create(rewriter, op->getLoc(), copy->getResults());
  }
  rewriter.replaceOp(op, branch.getResults());
}

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

bool wick::ts::computesWithTensors(Operation *op) {
  return isa<aten::AtenDialect>(op->getDialect()) ||
         isa<WriteOp, ItemOp, SizeOp, SizesOp, RankOp, NumelOp, DtypeOp>(op) ||
         (isa<OperatorOp>(op) && !isRuntimeOperation(op));
}

bool wick::ts::isDivision(Operation *op) {
  for (auto branch = op->getParentOfType<scf::IfOp>(); branch; branch = branch->getParentOfType<scf::IfOp>())
    if (Operation *condition = branch.getCondition().getDefiningOp())
      if (isa<HasTypeOp>(condition) || condition->hasAttr(kAsksDim) || condition->hasAttr(kAsksTrips))
        return true;
  return false;
}

/// Whether anything has to know what tensor this is, and neither hands it on nor asks.
static bool isComputedWith(Value tensor) {
  auto isTyped = [](Value value) {
    auto type = dyn_cast<ts::TensorType>(value.getType());
    return type && type.isTyped();
  };
  return llvm::any_of(tensor.getUsers(), [&](Operation *user) {
    return computesWithTensors(user) || isa<LoopOp, scf::ForOp, scf::WhileOp>(user) ||
           (isa<ListConstructOp, TupleConstructOp, UpcastOp, RefineOp>(user) && !isTyped(user->getResult(0)) &&
            isComputedWith(user->getResult(0)));
  });
}

bool wick::ts::isLong(Operation *op) {
  int64_t size = 0;
  op->getParentOfType<func::FuncOp>().walk([&](Operation *) { ++size; });
  return size > kMaxOperations;
}

/// Those of some values that are of one of several types, which something has to know. One that can be of a single type
/// is that, or the call fails, whatever comes of it.
static SmallVector<Value> findDivided(ValueRange values, Operation *op) {
  auto isAsked = [](Operation *user) { return isa<HasTypeOp, RefineOp>(user); };
  return llvm::filter_to_vector(values, [&](Value value) {
    auto tensor = dyn_cast<ts::TensorType>(value.getType());
    size_t count = tensor ? tensor.getAlternatives().size() : 0;
    return count == 1 ? !llvm::all_of(value.getUsers(), isAsked) : count > 1 && isComputedWith(value) && !isLong(op);
  });
}

/// What uses the result is for one of the types afterwards, see `moveUsersInto`:
///
///   %t = ts.get_attr %o["state"]                       %t = ts.get_attr %o["state"]
///   %y = aten.relu %t                                  %p = ts.has_type %t, !ts.tensor<[0], f32>
///                                                      %s = scf.if %p {
///                                                        yield ts.refine %t to !ts.tensor<[0], f32>
///                                                      } else { ... the next type, or a raise }
///                                                      %y = aten.relu %s
bool TypeInference::divide(Operation *op) {
  if (!isa<GetAttrOp, OperatorOp, TupleUnpackOp, TupleIndexOp, ListUnpackOp, UncheckedCastOp, scf::ForOp, scf::WhileOp,
           LoopOp, aten::CatOp, aten::StackOp>(op))
    return false;
  SmallVector<Value> divided = findDivided(op->getResults(), op);
  std::string place = "a container";
  if (auto get = dyn_cast<GetAttrOp>(op))
    place = ("attribute '" + get.getName() + "'").str();
  rewriter.setInsertionPointAfter(op);
  for (Value tensor : divided)
    divideTensor(tensor, place + " holds a tensor for which the model was not compiled");
  return !divided.empty();
}

void TypeInference::divideArguments(Block &block) {
  rewriter.setInsertionPointToStart(&block);
  for (Value tensor : findDivided(block.getArguments(), block.getParentOp()))
    divideTensor(tensor, "a loop carries a tensor for which the model was not compiled");
}

void TypeInference::divideTensor(Value tensor, const Twine &error) {
  Location loc = tensor.getLoc();
  ArrayRef<Type> types = cast<ts::TensorType>(tensor.getType()).getAlternatives();
  llvm::SmallPtrSet<Operation *, 8> asked;
  auto fits = [&](unsigned i) -> Value {
    auto test = HasTypeOp::create(rewriter, loc, rewriter.getI1Type(), tensor, TypeAttr::get(types[i]));
    asked.insert(test);
    return test;
  };
  auto refine = [&](unsigned i) {
    auto refined = RefineOp::create(rewriter, loc, types[i], tensor);
    asked.insert(refined);
    return SmallVector<Value>{refined};
  };
  SmallVector<Value> chosen = chooseOrRaise(rewriter, loc, ts::TensorType::get(rewriter.getContext()), types.size(),
                                            fits, refine, [&] { raise(rewriter, loc, error.str()); });
  tensor.replaceUsesWithIf(chosen.front(), [&](OpOperand &use) { return !asked.contains(use.getOwner()); });
}
