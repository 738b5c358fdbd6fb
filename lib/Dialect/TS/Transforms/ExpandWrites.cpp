//===- ExpandWrites.cpp - --ts-expand-writes --------------------------------===//
//
// In-place operators are told by their schemas: `aten::add_.Tensor(Tensor(a!) self, …)`
// is `aten::add.Tensor` with the same arguments and a write of its result to `self`.
// Nothing here knows single operators, save those that only copy and norms, which write
// running statistics.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "ObjectImage.h"
#include "OperatorRules.h"
#include "References.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/TS/IR/Casts.h"
#include "wick/Dialect/TS/IR/Raise.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSEXPANDWRITESPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace {
class WriteExpander {
public:
  explicit WriteExpander(ModuleOp module)
      : module(module), dialect(*module.getContext()->getLoadedDialect<aten::AtenDialect>()) {}

  void expand(OperatorOp op) {
    auto schema = module.lookupSymbol<SchemaOp>(op.getSchemaAttr());
    if (!schema || op->getNumResults() == 0 || schema.getWrites().size() != op->getNumResults() ||
        !llvm::all_of(op->getResultTypes(), llvm::IsaPred<ts::TensorType>))
      return;
    if (op->getNumResults() > 1)
      return expandOutputs(op, schema);
    Value target = op.getArguments()[schema.getWrites()[0]];
    if (!isa<ts::TensorType>(target.getType()))
      return;
    OpBuilder builder(op);
    if (changesShape(op)) {
      replaceChangedShape(op, [&] { return buildFunctional(builder, op, schema); });
      return;
    }
    bool strict = true;
    Value value = buildCopied(builder, op);
    if (value)
      strict = false;
    else
      value = buildFunctional(builder, op, schema);
    if (!value)
      return;
    auto write = WriteOp::create(builder, op.getLoc(), target, value, strict);
    if (op.getSchema().ends_with(".out") || op.getSchema().ends_with("_out"))
      write->setAttr(kOutputAttr, builder.getUnitAttr());
    write.setMayRepeat(mayRepeat(op));
    op->getResult(0).replaceAllUsesWith(target);
    op.erase();
  }

  /// An operator that writes each of its results to an argument, as `sort.values` does: the functional one, and the
  /// writes.
  void expandOutputs(OperatorOp op, SchemaOp schema) {
    SmallVector<Value> outputs;
    for (int64_t i : schema.getWrites())
      outputs.push_back(op.getArguments()[i]);
    if (!llvm::all_of(outputs, [](Value output) { return isa<ts::TensorType>(output.getType()); }))
      return;
    OpBuilder builder(op);
    SmallVector<Value> values = buildFunctionalOfOutputs(builder, op, schema);
    for (auto [output, value] : llvm::zip_equal(outputs, values)) {
      auto write = WriteOp::create(builder, op.getLoc(), output, value, /*strict=*/true);
      for (StringRef name : {kOutputAttr, kExactAttr})
        write->setAttr(name, builder.getUnitAttr());
    }
    op->replaceAllUsesWith(outputs);
    op.erase();
  }

  /// A norm that updates running statistics: the norm without them, and the writes. Where only the run decides whether
  /// it is in training there is a branch.
  void expandNorm(Operation *op) {
    OpBuilder builder(op);
    Location loc = op->getLoc();
    Value mean = stripUpcasts(op->getOperand(3)), variance = stripUpcasts(op->getOperand(4));
    if (isa<OptionalType>(mean.getType()) || isa<OptionalType>(variance.getType()))
      return expandOptional(builder, op);
    if (!isa<ts::TensorType>(mean.getType()) || !isa<ts::TensorType>(variance.getType()))
      return;
    Value training = op->getOperand(5);
    auto create = [&](ArrayRef<Value> statistics, bool inTraining) {
      SmallVector<Value> operands(op->getOperands());
      std::copy(statistics.begin(), statistics.end(), operands.begin() + 3);
      operands[5] = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(inTraining));
      OperationState state(loc, op->getName(), operands, op->getResultTypes());
      return builder.create(state)->getResult(0);
    };
    auto train = [&]() {
      Value perSample = arith::ConstantOp::create(
          builder, loc, builder.getBoolAttr(op->getName().getStringRef() == "aten.instance_norm"));
      updateStatistics(builder, loc, {op->getOperand(0), mean, variance, op->getOperand(6), perSample});
      Value none = NoneOp::create(builder, loc);
      return create({none, none}, true);
    };
    Value result;
    if (matchPattern(training, m_One())) {
      result = train();
    } else {
      auto branch = scf::IfOp::create(builder, loc, op->getResultTypes(), training, /*withElseRegion=*/true);
      builder.setInsertionPointToStart(branch.thenBlock());
      scf::YieldOp::create(builder, loc, train());
      builder.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(builder, loc, create({mean, variance}, false));
      result = branch.getResult(0);
    }
    op->getResult(0).replaceAllUsesWith(result);
    op->erase();
  }

private:
  /// A norm whose statistics may be None: one for either.
  void expandOptional(OpBuilder &builder, Operation *op) {
    Location loc = op->getLoc();
    Value none = NoneOp::create(builder, loc), training = op->getOperand(5);
    auto constant = [&](bool value) -> Value {
      return arith::ConstantOp::create(builder, loc, builder.getBoolAttr(value));
    };
    auto isNone = [&](Value statistics) -> Value {
      if (!isa<OptionalType>(statistics.getType()))
        return constant(isa<ts::NoneType>(statistics.getType()));
      return createOperator(builder, loc, "aten::__is__", {"self", "obj"}, builder.getI1Type(), {statistics, none});
    };
    auto create = [&](ArrayRef<Value> statistics, Value inTraining) {
      auto copy = builder.clone(*op);
      for (auto [i, value] : llvm::enumerate(statistics))
        copy->setOperand(3 + i, value);
      copy->setOperand(5, inTraining);
      scf::YieldOp::create(builder, loc, copy->getResults());
      return copy;
    };
    SmallVector<Value> statistics = {stripUpcasts(op->getOperand(3)), stripUpcasts(op->getOperand(4))};
    Value noMean = isNone(statistics[0]), noVariance = isNone(statistics[1]);
    Value isAny = arith::OrIOp::create(builder, loc, noMean, noVariance);
    auto branch = scf::IfOp::create(builder, loc, op->getResultTypes(), isAny, /*withElseRegion=*/true);
    builder.setInsertionPointToStart(branch.thenBlock());
    raiseIf(builder, loc, arith::XOrIOp::create(builder, loc, training, constant(true)),
            "running_mean must be defined in evaluation mode");
    raiseIf(builder, loc, arith::XOrIOp::create(builder, loc, noMean, noVariance),
            "a norm of which only one of both running statistics is None is not supported");
    create({none, none}, constant(true));
    builder.setInsertionPointToStart(branch.elseBlock());
    for (Value &value : statistics)
      if (auto optional = dyn_cast<OptionalType>(value.getType()))
        value = UncheckedCastOp::create(builder, loc, optional.getElementType(), value);
    Operation *given = create(statistics, training);
    op->replaceAllUsesWith(branch);
    op->erase();
    if (updatesStatistics(given))
      expandNorm(given);
  }

  /// Whether LibTorch lets the operator write tensors of which several elements are one element of memory. All others
  /// raise.
  static bool mayRepeat(OperatorOp op) {
    if (llvm::is_contained({"aten::fill_", "aten::zero_", "aten::masked_fill_", "aten::index_fill_"}, getBaseName(op)))
      return true;
    // To add to such an element several times is more than a write.
    return getBaseName(op) == "aten::index_put_" && op.getArguments().size() == 4 &&
           matchPattern(op.getArguments()[3], m_Zero());
  }

  /// Writes what a function of the prelude makes of the input, both statistics, the momentum and whether samples are
  /// normalised alone.
  void updateStatistics(OpBuilder &builder, Location loc, ArrayRef<Value> operands) {
    constexpr StringLiteral name = "aten::_running_statistics";
    addSchema(module, name, {"input", "mean", "variance", "momentum", "per_sample"});
    Type tensor = ts::TensorType::get(builder.getContext());
    auto updated = OperatorOp::create(builder, loc, TypeRange{tensor, tensor},
                                      FlatSymbolRefAttr::get(builder.getContext(), name), operands, 0);
    for (auto [target, value] : llvm::zip(operands.slice(1, 2), updated->getResults()))
      WriteOp::create(builder, loc, target, value, /*strict=*/false);
  }

  /// What operators that only copy write: a tensor of any shape that broadcasts.
  Value buildCopied(OpBuilder &builder, OperatorOp op) {
    StringRef name = getBaseName(op);
    if (name == "aten::zero_") {
      Value zero = arith::ConstantOp::create(builder, op.getLoc(), builder.getI64IntegerAttr(0));
      return NumberToTensorOp::create(builder, op.getLoc(), ts::TensorType::get(op.getContext()), zero);
    }
    if (name != "aten::copy_" && name != "aten::fill_")
      return {};
    Value value = op.getArguments()[1];
    if (isa<ts::TensorType>(value.getType()))
      return value;
    // A number may be none of the tensor's dtype, unless it is one of each.
    std::optional<double> known = aten::StaticFacts().getFloat(value);
    if (!known || std::abs(*known) > SCHAR_MAX)
      return buildCore(builder, op.getLoc(), *dialect.lookupSchema("aten::full_like"),
                       {{"self", op.getArguments()[0]}, {"fill_value", value}})
          ->getResult(0);
    return NumberToTensorOp::create(builder, op.getLoc(), ts::TensorType::get(op.getContext()), value);
  }

  /// The functional operator with the arguments of an in-place or `out=` operator.
  Value buildFunctional(OpBuilder &builder, OperatorOp op, SchemaOp schema) {
    StringRef name = op.getSchema(), base = getBaseName(op), overload = name.drop_front(base.size());
    SmallVector<std::string> candidates;
    if (overload == ".out")
      candidates = {base.str(), (base + ".Tensor").str()};
    else if (overload.ends_with("_out"))
      candidates = {(base + overload.drop_back(4)).str(), (base + ".dim_" + overload.drop_front().drop_back(4)).str()};
    else if (base.ends_with("_") && !base.ends_with("__"))
      // Where that name is another operator's, LibTorch calls it `normal_functional`; `bernoulli_.float` has the
      // functional form `bernoulli.p`, and `transpose_` `transpose.int`.
      candidates = {(base.drop_back() + overload).str(), (base.drop_back() + "_functional" + overload).str(),
                    (base.drop_back() + ".p").str(), (base.drop_back() + ".int").str()};
    else if (base.ends_with("__") && base.contains("::__i"))
      // `__iand__` is `__and__`.
      candidates = {
          (base.take_front(base.find("::") + 2) + "__" + base.drop_front(base.find("::") + 5) + overload).str()};
    SmallVector<std::pair<StringRef, Value>> arguments;
    Value dtype;
    for (auto [argument, operand] :
         llvm::zip(schema.getArgumentNames().getAsValueRange<StringAttr>(), op.getArguments()))
      if (argument != "out")
        arguments.emplace_back(argument, operand);
      else // What makes a tensor has no dtype beside one to fill.
        dtype = DtypeOp::create(builder, op.getLoc(), builder.getI64Type(), operand);
    if (dtype && llvm::none_of(arguments, [](auto &argument) { return argument.first == "dtype"; }))
      arguments.emplace_back("dtype", dtype);
    for (const std::string &candidate : candidates)
      if (const aten::SchemaEntry *entry = dialect.lookupSchema(candidate))
        return buildCore(builder, op.getLoc(), *entry, arguments)->getResult(0);
    return candidates.empty() ? Value() : buildRegistry(builder, op, schema, candidates.front());
  }

  /// The functional form of an operator that writes several outputs. Its overload is that of the operator without the
  /// words that stand for outputs: `max.dim` of `max.dim_max`, `sort.stable` of `sort.values_stable`.
  SmallVector<Value> buildFunctionalOfOutputs(OpBuilder &builder, OperatorOp op, SchemaOp schema) {
    StringRef base = getBaseName(op), overload = op.getSchema().drop_front(base.size());
    SmallVector<std::pair<StringRef, Value>> arguments;
    llvm::StringSet<> outputs{"out"};
    for (auto [i, name] : llvm::enumerate(schema.getArgumentNames().getAsValueRange<StringAttr>()))
      if (llvm::is_contained(schema.getWrites(), int64_t(i)))
        outputs.insert(name);
      else
        arguments.emplace_back(name, op.getArguments()[i]);
    SmallVector<StringRef> words;
    overload.drop_front().split(words, '_');
    llvm::erase_if(words, [&](StringRef word) { return outputs.contains(word); });
    std::string name = (base + (words.empty() ? "" : ".") + llvm::join(words, "_")).str();
    Operation *functional;
    if (const aten::SchemaEntry *entry = dialect.lookupSchema(name)) {
      functional = buildCore(builder, op.getLoc(), *entry, arguments, op->getNumResults());
    } else {
      auto names = llvm::to_vector(llvm::make_first_range(arguments));
      auto operands = llvm::to_vector(llvm::make_second_range(arguments));
      addSchema(module, name, names);
      auto symbol = FlatSymbolRefAttr::get(builder.getContext(), name);
      functional = OperatorOp::create(builder, op.getLoc(), op->getResultTypes(), symbol, operands, 0);
      functional->setAttr(kWritingFormAttr, op.getSchemaAttr().getAttr());
    }
    return llvm::to_vector_of<Value>(functional->getResults());
  }

  Operation *buildCore(OpBuilder &builder, Location loc, const aten::SchemaEntry &entry,
                       ArrayRef<std::pair<StringRef, Value>> arguments, unsigned results = 1) {
    OperationState state(loc, entry.op);
    for (auto [position, name] : llvm::enumerate(entry.operandNames)) {
      const auto *found = llvm::find_if(arguments, [&](auto &argument) { return argument.first == name; });
      // The first argument of an in-place form is always `self`; some operators call it otherwise.
      if (found == arguments.end() && position == 0)
        found = arguments.begin();
      state.operands.push_back(found != arguments.end() ? found->second : Value(NoneOp::create(builder, loc)));
    }
    state.types.append(results, ts::TensorType::get(builder.getContext()));
    return builder.create(state);
  }

  /// The functional operator as a registry operator, with a schema of its own.
  Value buildRegistry(OpBuilder &builder, OperatorOp op, SchemaOp schema, StringRef name) {
    SmallVector<Attribute> names;
    SmallVector<Value> operands;
    Value out;
    for (auto [argument, operand] : llvm::zip(schema.getArgumentNames().getAsRange<StringAttr>(), op.getArguments())) {
      if (argument == "out") {
        out = operand;
        continue;
      }
      names.push_back(argument);
      operands.push_back(operand);
    }
    auto isNamedDtype = [](Attribute name) { return cast<StringAttr>(name) == "dtype"; };
    // What is made of no other tensor has the dtype of the one to fill, and takes the options that all such have.
    if (out && llvm::none_of(names, isNamedDtype) &&
        !llvm::any_of(operands, [](Value operand) { return ts::holdsTensor(operand.getType()); })) {
      llvm::append_range(names, builder.getStrArrayAttr({"dtype", "layout", "device", "pin_memory"}));
      operands.push_back(DtypeOp::create(builder, op.getLoc(), builder.getI64Type(), out));
      operands.append(3, NoneOp::create(builder, op.getLoc()));
    }
    if (!module.lookupSymbol<SchemaOp>(name)) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(schema);
      auto symbol = builder.getStringAttr(name);
      SchemaOp::create(builder, schema.getLoc(), symbol, symbol, builder.getArrayAttr(names), ArrayRef<int64_t>(),
                       ArrayRef<int64_t>());
    }
    auto symbol = FlatSymbolRefAttr::get(builder.getContext(), name);
    auto functional = OperatorOp::create(builder, op.getLoc(), TypeRange(ts::TensorType::get(builder.getContext())),
                                         symbol, operands, 0);
    functional->setAttr(kWritingFormAttr, op.getSchemaAttr().getAttr());
    return functional->getResult(0);
  }

  ModuleOp module;
  aten::AtenDialect &dialect;
};

/// Makes of `self.buffer.set_(source)`, which lets a tensor that an attribute holds show the memory of another, a store
/// of the other in the attribute: where nothing else holds the tensor, nobody can tell.
class SetExpander {
public:
  explicit SetExpander(ModuleOp module) : module(module) {
    if (ImageOp op = ObjectImage::find(module))
      image.emplace(op);
    module.walk([&](SetAttrOp set) {
      if (!set->getParentOfType<ImageOp>() && !storesOwn(set))
        stored.insert(set.getNameAttr());
    });
  }

  void expand(OperatorOp op) {
    Value target = lookThroughCasts(op.getArguments()[0]), source = op.getArguments()[1];
    auto get = target.getDefiningOp<GetAttrOp>();
    Value object = get && image ? image->resolve(get.getObject()) : Value();
    auto weight = object ? image->lookupSlot(object, get.getNameAttr()).getDefiningOp<WeightRefOp>() : WeightRefOp();
    if (!weight || !weight->hasOneUse() || stored.contains(get.getNameAttr()) || !areOthersRead(op, get))
      return;
    OpBuilder builder(op);
    // LibTorch takes the elements for those of the tensor's own dtype.
    Value dtype = DtypeOp::create(builder, op.getLoc(), builder.getI64Type(), source);
    Value own = DtypeOp::create(builder, op.getLoc(), builder.getI64Type(), target);
    Value isOther = arith::CmpIOp::create(builder, op.getLoc(), arith::CmpIPredicate::ne, dtype, own);
    raiseIf(builder, op.getLoc(), isOther, "set_() to the memory of a tensor of another dtype is not supported");
    SetAttrOp::create(builder, op.getLoc(), get.getObject(), get.getNameAttr(), source);
    op->getResult(0).replaceAllUsesWith(source);
    for (Value name : {target, op.getArguments()[0]})
      name.replaceUsesWithIf(source, [&](OpOperand &use) {
        Operation *user = op->getBlock()->findAncestorOpInBlock(*use.getOwner());
        return user && op->isBeforeInBlock(user);
      });
    op.erase();
  }

private:
  /// Whether all that was read from the slot before is used before, so that what is used later is read anew; what the
  /// tensor itself is used for later stands in its block.
  bool areOthersRead(OperatorOp op, GetAttrOp own) {
    Block *block = op->getBlock();
    auto areUsesIn = [&](Value value) {
      return llvm::all_of(value.getUsers(), [&](Operation *user) { return block->findAncestorOpInBlock(*user); });
    };
    if (own->getBlock() != block || !areUsesIn(own) || !areUsesIn(op.getArguments()[0]))
      return false;
    WalkResult others = op->getParentOfType<func::FuncOp>().walk([&](GetAttrOp get) {
      if (get == own || get.getNameAttr() != own.getNameAttr())
        return WalkResult::advance();
      Operation *read = block->findAncestorOpInBlock(*get);
      bool isLater = read && op->isBeforeInBlock(read);
      bool isDone = areUsesIn(get) && llvm::all_of(get->getUsers(), [&](Operation *user) {
                      return block->findAncestorOpInBlock(*user)->isBeforeInBlock(op);
                    });
      return isLater || isDone ? WalkResult::advance() : WalkResult::interrupt();
    });
    return !others.wasInterrupted();
  }

  /// Whether a store leaves in a slot what it holds, as that of `self.buffer += 1` does.
  static bool storesOwn(SetAttrOp set) {
    Value value = lookThroughCasts(set.getValue());
    while (auto op = value.getDefiningOp<OperatorOp>()) {
      auto schema = SymbolTable::lookupNearestSymbolFrom<SchemaOp>(op, op.getSchemaAttr());
      if (!schema || op->getNumResults() != 1 || schema.getWrites() != ArrayRef<int64_t>{0})
        return false;
      value = lookThroughCasts(op.getArguments()[0]);
    }
    auto get = value.getDefiningOp<GetAttrOp>();
    return get && get.getNameAttr() == set.getNameAttr() &&
           lookThroughCasts(get.getObject()) == lookThroughCasts(set.getObject());
  }

  ModuleOp module;
  std::optional<ObjectImage> image;
  llvm::DenseSet<StringAttr> stored;
};

struct TSExpandWritesPass : wick::ts::impl::TSExpandWritesPassBase<TSExpandWritesPass> {
  using TSExpandWritesPassBase::TSExpandWritesPassBase;

  void runOnOperation() override {
    WriteExpander expander(getOperation());
    SetExpander sets(getOperation());
    // They change the branches around them.
    SmallVector<OperatorOp> changes;
    for (auto func : getOperation().getOps<func::FuncOp>())
      func.walk([&](OperatorOp op) {
        if (changesShape(op))
          changes.push_back(op);
      });
    llvm::for_each(changes, [&](OperatorOp op) { expander.expand(op); });
    for (auto func : getOperation().getOps<func::FuncOp>())
      func.walk([&](Operation *op) {
        auto registry = dyn_cast<OperatorOp>(op);
        if (registry && registry.getSchema() == "aten::set_.source_Tensor")
          sets.expand(registry);
        else if (registry)
          expander.expand(registry);
        else if (updatesStatistics(op))
          expander.expandNorm(op);
      });
  }
};
} // namespace
