//===- CreateState.cpp - --ts-create-state -----------------------------------===//
//
// After freezing, what entries still refer to of the image are objects whose slots
// change. A function that makes them anew replaces the references: every session runs it
// once, and entries take its objects as arguments after their own. Slots that no entry reads or writes are left out,
// unless callers see the object, its tensors are or show those of others, or only containers hold it: modules that
// share the state take over what has a path slot by slot, and containers with all that they hold.
//
//===----------------------------------------------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "ObjectImage.h"
#include "wick/Dialect/TS/IR/Classes.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSCREATESTATEPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace {
/// Copies values of the image, with the slots that are live, into a function.
class StateBuilder {
public:
  StateBuilder(ModuleOp module, ImageOp op, const ObjectImage &image) : root(op), image(image) {
    for (auto func : module.getOps<func::FuncOp>())
      if (func.isPublic())
        func.walk([&](Operation *op) {
          if (auto get = dyn_cast<GetAttrOp>(op))
            addLive(get.getObject().getType(), get.getNameAttr());
          else if (auto set = dyn_cast<SetAttrOp>(op))
            addLive(set.getObject().getType(), set.getNameAttr());
        });
    findVisible(module);
    for (auto weight : op.getBody().getOps<WeightRefOp>())
      tensors[weight.getWeightAttr()].push_back(weight);
    addSharing(op);
    // Operators of LibTorch look into objects that are implemented in C++.
    for (auto cls : module.getOps<ClassOp>())
      if (cls.getKind() == "opaque")
        addAllLive(cls);
    for (auto object : op.getBody().getOps<CreateObjectOp>())
      if (!image.hasPath(object))
        addAllLive(SymbolTable::lookupNearestSymbolFrom<ClassOp>(op, object.getType().getClassSymbol()));
    for (auto cls : module.getOps<ClassOp>())
      for (auto attr : cls.getBody().getOps<AttrOp>())
        if (isLive(cls.getSymNameAttr(), attr.getNameAttr()))
          slots[cls.getSymNameAttr()].push_back(attr.getNameAttr());
  }

  /// The copy of a value; null after an error.
  Value copy(OpBuilder &b, Value value) {
    if (Value known = mapping.lookupOrNull(value))
      return known;
    Operation *op = value.getDefiningOp();
    if (auto weight = dyn_cast<WeightRefOp>(op))
      return copyTensor(b, weight);
    auto object = dyn_cast<CreateObjectOp>(op);
    if (!object && !copyAll(b, op->getOperands()))
      return {};
    b.clone(*op, mapping);
    if (!object)
      return mapping.lookup(value);
    objects.push_back(value);
    for (StringAttr name : slots.lookup(object.getType().getClassSymbol().getAttr())) {
      Value held = image.lookupSlot(value, name);
      if (!held)
        continue;
      Value stored = copy(b, held);
      if (!stored)
        return {};
      SetAttrOp::create(b, op->getLoc(), mapping.lookup(value), name, stored);
    }
    return mapping.lookup(value);
  }

  /// Objects of the image that were not copied, and hold tensors that are, or show, memory of tensors that were.
  SmallVector<Value> findSharers() {
    SmallVector<WeightRefOp> copied;
    for (Value object : objects)
      for (StringAttr name : getSlots(object))
        if (Value held = image.lookupSlot(object, name))
          addWeights(held, copied);
    SmallVector<Value> sharers;
    for (auto set : root.getBody().getOps<SetAttrOp>()) {
      Value object = set.getObject();
      auto cls = cast<ObjectType>(object.getType()).getClassSymbol().getAttr();
      if (mapping.contains(object) || !image.hasPath(object) || !isLive(cls, set.getNameAttr()))
        continue;
      SmallVector<WeightRefOp> weights;
      addWeights(set.getValue(), weights);
      if (shareMemory(weights, copied))
        sharers.push_back(object);
    }
    return sharers;
  }

  /// The objects of the image that were copied.
  ArrayRef<Value> getObjects() const { return objects; }
  Value lookup(Value object) const { return mapping.lookup(object); }
  ArrayRef<StringAttr> getSlots(Value object) const {
    auto found = slots.find(cast<ObjectType>(object.getType()).getClassSymbol().getAttr());
    return found == slots.end() ? ArrayRef<StringAttr>() : ArrayRef(found->second);
  }

private:
  bool copyAll(OpBuilder &b, ValueRange values) {
    return llvm::all_of(values, [&](Value value) { return copy(b, value) != nullptr; });
  }

  /// Callers see all of an object that they give or get.
  void findVisible(ModuleOp module) {
    SmallVector<Type> types;
    for (auto func : module.getOps<func::FuncOp>())
      if (func.isPublic()) {
        llvm::append_range(types, func.getArgumentTypes());
        llvm::append_range(types, func.getResultTypes());
        // An object of an interface may be any that there is.
        bool hasInterfaces = llvm::any_of(func.getResultTypes(), [](Type type) {
          return type.walk([](InterfaceType) { return WalkResult::interrupt(); }).wasInterrupted();
        });
        module.walk([&](CreateObjectOp object) {
          auto cls = module.lookupSymbol<ClassOp>(object.getType().getClassSymbol());
          if (hasInterfaces && cls && cls.getKind() == "class")
            types.push_back(object.getType());
        });
        func.walk([&](UpcastOp upcast) {
          if (isa<AnyType>(upcast.getType()))
            types.push_back(upcast.getValue().getType());
        });
      }
    for (ClassOp cls : getHeldClasses(module, types))
      addAllLive(cls);
  }

  /// Adds the tensors that a value of the image is or holds, but for those of objects.
  static void addWeights(Value value, SmallVectorImpl<WeightRefOp> &weights) {
    Operation *op = value.getDefiningOp();
    if (auto weight = dyn_cast<WeightRefOp>(op))
      weights.push_back(weight);
    else if (!isa<CreateObjectOp>(op))
      for (Value operand : op->getOperands())
        addWeights(operand, weights);
  }

  /// Slots that show memory of a slot that is live, or the same tensor, are live, too: code that is compiled later, for
  /// other methods, takes over what is there.
  void addSharing(ImageOp op) {
    for (bool grows = true; grows;) {
      grows = false;
      SmallVector<WeightRefOp> held;
      auto visit = [&](function_ref<void(SetAttrOp, ArrayRef<WeightRefOp>)> body) {
        for (auto set : op.getBody().getOps<SetAttrOp>()) {
          SmallVector<WeightRefOp> weights;
          addWeights(set.getValue(), weights);
          body(set, weights);
        }
      };
      auto isLiveSlot = [&](SetAttrOp set) {
        return isLive(cast<ObjectType>(set.getObject().getType()).getClassSymbol().getAttr(), set.getNameAttr());
      };
      visit([&](SetAttrOp set, ArrayRef<WeightRefOp> weights) {
        if (isLiveSlot(set))
          llvm::append_range(held, weights);
      });
      visit([&](SetAttrOp set, ArrayRef<WeightRefOp> weights) {
        if (isLiveSlot(set) || !shareMemory(weights, held))
          return;
        addLive(set.getObject().getType(), set.getNameAttr());
        grows = true;
      });
    }
  }

  static bool shareMemory(ArrayRef<WeightRefOp> some, ArrayRef<WeightRefOp> others) {
    return llvm::any_of(some, [&](WeightRefOp weight) {
      return llvm::any_of(others, [&](WeightRefOp other) {
        return other.getWeightAttr() == weight.getWeightAttr() && getExtent(weight).overlaps(getExtent(other));
      });
    });
  }

  void addAllLive(ClassOp cls) {
    for (auto attr : cls.getBody().getOps<AttrOp>())
      live.insert({cls.getSymNameAttr(), attr.getNameAttr()});
  }

  void addLive(Type type, StringAttr name) {
    if (auto object = dyn_cast<ObjectType>(type))
      live.insert({object.getClassSymbol().getAttr(), name});
    else
      anyClass.insert(name);
  }
  bool isLive(StringAttr cls, StringAttr name) const { return live.contains({cls, name}) || anyClass.contains(name); }

  /// A range of the elements of a storage.
  struct Extent {
    int64_t begin, end;
    bool overlaps(const Extent &other) const { return begin < other.end && other.begin < end; }
  };

  /// The elements of its storage that a tensor spans.
  static Extent getExtent(WeightRefOp weight) {
    int64_t first = weight.getOffset(), last = first;
    for (auto [size, stride] : llvm::zip(weight.getSizes(), weight.getStrides())) {
      if (size == 0)
        return {first, first};
      last += (size - 1) * stride;
    }
    return {first, last + 1};
  }

  static bool areSame(WeightRefOp a, WeightRefOp b) {
    return a.getType() == b.getType() && a.getOffset() == b.getOffset() && a.getStrides() == b.getStrides();
  }

  /// Each tensor of the state gets memory of its own; what the archive stores several times stays one tensor, and what
  /// it stores as several views of one memory are views of one.
  Value copyTensor(OpBuilder &b, WeightRefOp weight) {
    ArrayRef<WeightRefOp> stored = tensors[weight.getWeightAttr()];
    for (WeightRefOp other : stored)
      if (Value known = mapping.lookupOrNull(other.getResult()); known && areSame(weight, other)) {
        mapping.map(weight.getResult(), known);
        return known;
      }
    // What overlaps it, and what overlaps that.
    Extent all = getExtent(weight);
    WeightRefOp odd;
    bool isShared = false;
    for (bool grows = true; grows;) {
      grows = false;
      for (WeightRefOp other : stored) {
        Extent extent = getExtent(other);
        if (!all.overlaps(extent) || areSame(weight, other))
          continue;
        isShared = true;
        if (cast<ts::TensorType>(other.getType()).getDtype() != cast<ts::TensorType>(weight.getType()).getDtype())
          odd = other;
        grows |= extent.begin < all.begin || extent.end > all.end;
        all = {std::min(all.begin, extent.begin), std::max(all.end, extent.end)};
      }
    }
    if (!isShared) {
      b.clone(*weight, mapping);
      return mapping.lookup(weight.getResult());
    }
    if (!odd && !mayRepeat(weight)) {
      Value view = createView(b, weight, all);
      mapping.map(weight.getResult(), view);
      return view;
    }
    InFlightDiagnostic error = weight.emitError("tensors that view the same memory differently and change while the "
                                                "program runs are not supported where they differ in dtype or show an "
                                                "element several times; clone one of them before saving the module");
    for (WeightRefOp ref : {odd, weight})
      if (ref && ref.getNameAttr())
        error.attachNote(ref.getLoc()) << "'" << *ref.getName() << "' is one of them";
    return {};
  }

  /// Whether several elements of a tensor may be one.
  static bool mayRepeat(WeightRefOp weight) {
    SmallVector<std::pair<int64_t, int64_t>> steps; // and how far they go
    for (auto [size, stride] : llvm::zip(weight.getSizes(), weight.getStrides()))
      if (size > 1)
        steps.emplace_back(stride, (size - 1) * stride);
    llvm::sort(steps);
    int64_t reach = 0;
    return llvm::any_of(steps, [&](auto step) {
      bool isNew = step.first > reach;
      reach += step.second;
      return !isNew;
    });
  }

  /// A view of the memory of what lies in `all`, which is made when it is first needed.
  Value createView(OpBuilder &b, WeightRefOp weight, const Extent &all) {
    Location loc = weight.getLoc();
    int64_t count = all.end - all.begin;
    Value &whole = memory[{weight.getWeightAttr(), all.begin}];
    if (!whole) {
      auto type = ts::TensorType::get(b.getContext(), getAffineConstantExpr(count, b.getContext()),
                                      cast<ts::TensorType>(weight.getType()).getDtype());
      whole = WeightRefOp::create(b, loc, type, weight.getWeightAttr(), b.getI64IntegerAttr(all.begin),
                                  b.getDenseI64ArrayAttr(count), b.getDenseI64ArrayAttr(1), StringAttr());
    }
    SmallVector<Value> operands{whole};
    auto add = [&](int64_t number) {
      operands.push_back(arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(number)));
    };
    add(weight.getOffset() - all.begin);
    llvm::for_each(weight.getSizes(), add);
    llvm::for_each(weight.getStrides(), add);
    return createOperator(b, loc, "wick::as_strided", {"self"}, weight.getType(), operands);
  }

  ImageOp root;
  const ObjectImage &image;
  IRMapping mapping;
  SmallVector<Value> objects;
  llvm::DenseSet<std::pair<StringAttr, StringAttr>> live;
  llvm::DenseSet<StringAttr> anyClass;
  llvm::DenseMap<StringAttr, SmallVector<StringAttr>> slots;
  /// The tensors of the image by their storage, and memory that several of them show, by its first element.
  llvm::DenseMap<Attribute, SmallVector<WeightRefOp>> tensors;
  llvm::DenseMap<std::pair<Attribute, int64_t>, Value> memory;
};

/// The argument of the entry around `ref` that stands for an object of the state.
Value getStateArgument(ImageRefOp ref, IntegerAttr number) {
  auto func = ref->getParentOfType<func::FuncOp>();
  for (BlockArgument argument : func.getArguments())
    if (func.getArgAttr(argument.getArgNumber(), kStateAttr) == number)
      return argument;
  auto attributes =
      DictionaryAttr::get(ref.getContext(), NamedAttribute(StringAttr::get(ref.getContext(), kStateAttr), number));
  (void)func.insertArgument(func.getNumArguments(), ref.getType(), attributes, ref.getLoc());
  return func.getArguments().back();
}

struct TSCreateStatePass : wick::ts::impl::TSCreateStatePassBase<TSCreateStatePass> {
  using TSCreateStatePassBase::TSCreateStatePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    ImageOp op = ObjectImage::find(module);
    if (!op)
      return;
    ObjectImage image(op);
    SmallVector<ImageRefOp> references;
    for (auto func : module.getOps<func::FuncOp>())
      if (func.isPublic())
        func.walk([&](ImageRefOp ref) {
          if (!ref->use_empty())
            references.push_back(ref);
        });
    if (references.empty())
      return;
    OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
    auto func = func::FuncOp::create(b, op.getLoc(), kStateFunction, b.getFunctionType({}, {}));
    func->setAttr(kStateAttr, b.getUnitAttr());
    b.setInsertionPointToStart(func.addEntryBlock());
    StateBuilder state(module, op, image);
    llvm::SetVector<Value> objects;
    llvm::DenseMap<Value, Value> originals;
    for (ImageRefOp ref : references) {
      Value original = image.resolve(ref), object = state.copy(b, original);
      if (!object)
        return signalPassFailure();
      objects.insert(object);
      originals[object] = original;
      int64_t number = llvm::find(objects, object) - objects.begin();
      ref.replaceAllUsesWith(getStateArgument(ref, b.getI64IntegerAttr(number)));
      ref.erase();
    }
    for (SmallVector<Value> sharers = state.findSharers(); !sharers.empty(); sharers = state.findSharers())
      for (Value sharer : sharers)
        if (!state.copy(b, sharer))
          return signalPassFailure();
    // Objects that only others refer to are results too, for callers reach all attributes; those in containers go with
    // these.
    for (Value object : state.getObjects()) {
      if (!image.hasPath(object))
        continue;
      objects.insert(state.lookup(object));
      originals[state.lookup(object)] = object;
    }
    SmallVector<Attribute> paths, slots;
    for (Value object : objects) {
      paths.push_back(b.getStringAttr(image.getPath(originals.lookup(object))));
      slots.push_back(b.getArrayAttr(
          llvm::map_to_vector(state.getSlots(object), [](StringAttr name) -> Attribute { return name; })));
    }
    func->setAttr(kStatePathsAttr, b.getArrayAttr(paths));
    func->setAttr(kStateSlotsAttr, b.getArrayAttr(slots));
    func::ReturnOp::create(b, op.getLoc(), objects.getArrayRef());
    func.setFunctionType(b.getFunctionType({}, TypeRange(ValueRange(objects.getArrayRef()))));
    // Everything is inlined; what is left of the classes are the slots.
    module.walk([](MethodOp method) { method.erase(); });
  }
};
} // namespace
