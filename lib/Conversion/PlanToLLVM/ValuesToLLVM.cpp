//===- ValuesToLLVM.cpp - values, casts and calls of the runtime -------------===//
#include "Values.h"

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

//===----------------------------------------------------------------------===//
// In memory
//===----------------------------------------------------------------------===//

static constexpr int64_t kPayload = offsetof(wick_value, u);

Value lowering::makeI64(OpBuilder &b, Location loc, int64_t value) {
  return LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
}

Value lowering::toPayload(OpBuilder &b, Location loc, Value value) {
  Type type = value.getType(), i64 = b.getI64Type();
  if (type.isInteger(1))
    return LLVM::ZExtOp::create(b, loc, i64, value);
  if (type.isF64())
    return LLVM::BitcastOp::create(b, loc, i64, value);
  if (isa<LLVM::LLVMPointerType>(type))
    return LLVM::PtrToIntOp::create(b, loc, i64, value);
  return value;
}

static Value extract(OpBuilder &b, Location loc, Value pair, int64_t position) {
  return LLVM::ExtractValueOp::create(b, loc, pair, position);
}

static Value insert(OpBuilder &b, Location loc, Value pair, Value part, int64_t position) {
  return LLVM::InsertValueOp::create(b, loc, pair, part, position);
}

/// The number that an object at `address` holds.
static Value loadComplex(OpBuilder &b, Location loc, Value address, Type converted) {
  Value number = LLVM::UndefOp::create(b, loc, converted);
  Value real = loadField(b, loc, address, offsetof(wick_complex, real), b.getF64Type());
  Value imag = loadField(b, loc, address, offsetof(wick_complex, imag), b.getF64Type());
  return insert(b, loc, insert(b, loc, number, real, 0), imag, 1);
}

Value lowering::fromPayload(OpBuilder &b, Location loc, Value payload, Type converted) {
  if (converted.isInteger(1))
    return LLVM::TruncOp::create(b, loc, converted, payload);
  if (converted.isF64())
    return LLVM::BitcastOp::create(b, loc, converted, payload);
  if (isa<LLVM::LLVMPointerType>(converted))
    return LLVM::IntToPtrOp::create(b, loc, converted, payload);
  if (isComplex(converted)) {
    Type pointer = LLVM::LLVMPointerType::get(b.getContext());
    return loadComplex(b, loc, LLVM::IntToPtrOp::create(b, loc, pointer, payload), converted);
  }
  return payload;
}

void lowering::storeValue(OpBuilder &b, Location loc, Type type, Value value, Value base, int64_t offset) {
  if (isTagged(value.getType())) {
    storeField(b, loc, base, offset, extract(b, loc, value, 0));
    storeField(b, loc, base, offset + kPayload, extract(b, loc, value, 1));
    return;
  }
  Value tag = makeI64(b, loc, *ts::getRuntimeTag(type));
  // What LibTorch made may be no tensor at all, which is None where it is asked for.
  if (auto tensor = dyn_cast<ts::TensorType>(type); tensor && !tensor.isTyped()) {
    Value null = LLVM::ZeroOp::create(b, loc, value.getType());
    Value isThere = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, value, null);
    tag = LLVM::SelectOp::create(b, loc, isThere, tag, makeI64(b, loc, WICK_NONE));
  }
  storeField(b, loc, base, offset, tag);
  storeField(b, loc, base, offset + kPayload, value.getType().isInteger(1) ? toPayload(b, loc, value) : value);
}

Value lowering::loadValue(OpBuilder &b, Location loc, Type converted, Value base, int64_t offset) {
  Type i64 = b.getI64Type();
  if (converted.isInteger(1))
    return fromPayload(b, loc, loadField(b, loc, base, offset + kPayload, i64), converted);
  if (isComplex(converted)) {
    Type pointer = LLVM::LLVMPointerType::get(b.getContext());
    return loadComplex(b, loc, loadField(b, loc, base, offset + kPayload, pointer), converted);
  }
  if (!isTagged(converted))
    return loadField(b, loc, base, offset + kPayload, converted);
  Value pair = LLVM::UndefOp::create(b, loc, converted);
  pair = insert(b, loc, pair, loadField(b, loc, base, offset, i64), 0);
  return insert(b, loc, pair, loadField(b, loc, base, offset + kPayload, i64), 1);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

void lowering::returnUnless(ConversionPatternRewriter &rewriter, Location loc, Value condition,
                            llvm::function_ref<Value()> otherwise) {
  Block *block = rewriter.getInsertionBlock();
  Block *rest = rewriter.splitBlock(block, rewriter.getInsertionPoint());
  auto func = cast<LLVM::LLVMFuncOp>(block->getParentOp());
  Block *failed = rewriter.createBlock(&func.getBody(), func.getBody().end());
  LLVM::ReturnOp::create(rewriter, loc, otherwise());
  rewriter.setInsertionPointToEnd(block);
  LLVM::CondBrOp::create(rewriter, loc, condition, rest, failed);
  rewriter.setInsertionPointToStart(rest);
}

Value lowering::boxComplex(ConversionPatternRewriter &rewriter, Operation *op, ModuleTables &tables, Value value) {
  if (!isComplex(value.getType()))
    return value;
  Location loc = op->getLoc();
  Type f64 = rewriter.getF64Type();
  Value boxed = invoke(rewriter, op, tables, WICK_FN_COMPLEX,
                       {{f64, extract(rewriter, loc, value, 0)}, {f64, extract(rewriter, loc, value, 1)}});
  return loadValue(rewriter, loc, LLVM::LLVMPointerType::get(rewriter.getContext()), boxed);
}

Value lowering::callFunction(ConversionPatternRewriter &rewriter, Operation *op, ModuleTables &tables,
                             wick_function function, ArrayRef<RuntimeOperand> operands, Value &status) {
  Location loc = op->getLoc();
  Value arguments = allocateSlot(rewriter, op, operands.size() * sizeof(wick_value));
  Value result = allocateSlot(rewriter, op, sizeof(wick_value));
  for (auto [index, operand] : llvm::enumerate(operands))
    storeValue(rewriter, loc, operand.type, boxComplex(rewriter, op, tables, operand.value), arguments,
               index * sizeof(wick_value));
  Type i32 = rewriter.getI32Type();
  auto number = [&](int32_t value) {
    return LLVM::ConstantOp::create(rewriter, loc, i32, rewriter.getI32IntegerAttr(value)).getResult();
  };
  status = callRuntime(
      rewriter, op, offsetof(wick_runtime_api, invoke), i32,
      {number(function), arguments, makeI64(rewriter, loc, operands.size()), result, number(tables.getSource(loc))});
  return result;
}

Value lowering::invoke(ConversionPatternRewriter &rewriter, Operation *op, ModuleTables &tables, wick_function function,
                       ArrayRef<RuntimeOperand> operands) {
  Location loc = op->getLoc();
  Value status;
  Value result = callFunction(rewriter, op, tables, function, operands, status);
  Value ok = LLVM::ConstantOp::create(rewriter, loc, rewriter.getI32IntegerAttr(WICK_OK));
  Value succeeded = LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::eq, status, ok);
  returnUnless(rewriter, loc, succeeded, [&] { return status; });
  return result;
}

/// The object that the runtime made of a constant.
static Value loadLiteral(OpBuilder &b, Operation *op, ModuleTables &tables, Attribute value) {
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  Location loc = op->getLoc();
  Value literals = loadField(b, loc, lowering::getContext(op), offsetof(wick_context, literals), pointer);
  return loadValue(b, loc, pointer, literals, tables.getLiteral(value) * sizeof(wick_value));
}

namespace {
/// Any operation that the runtime carries out.
template <typename Op> struct InvokePattern : TablePattern<Op> {
  using TablePattern<Op>::TablePattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!ts::isRuntimeOperation(op) || !op->template getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not left to the runtime, or not in a converted function yet");
    SmallVector<RuntimeOperand> operands;
    for (auto [type, value] : llvm::zip_equal(op->getOperandTypes(), adaptor.getOperands()))
      operands.push_back({type, value});
    // A dict takes keys and values in turn.
    if (isa<ts::DictConstructOp>(op.getOperation())) {
      SmallVector<RuntimeOperand> entries;
      for (size_t i = 0, n = operands.size() / 2; i < n; ++i)
        entries.append({operands[i], operands[n + i]});
      operands = entries;
    }
    if (auto fallback = dyn_cast<ts::FallbackOp>(op.getOperation())) {
      Value text = loadLiteral(rewriter, op, this->tables, rewriter.getStringAttr(fallback.getText()));
      operands.insert(operands.begin(), {ts::StringType::get(this->getContext()), text});
    }
    Value result = invoke(rewriter, op, this->tables, *ts::getRuntimeFunction(op), operands);
    if (op->getNumResults() == 0) {
      rewriter.eraseOp(op);
      return success();
    }
    // Several results are the elements of one tuple.
    int64_t stride = op->getNumResults() > 1 ? sizeof(wick_value) : 0;
    if (stride) {
      Type pointer = LLVM::LLVMPointerType::get(this->getContext());
      Value tuple = loadValue(rewriter, op.getLoc(), pointer, result);
      result = loadField(rewriter, op.getLoc(), tuple, offsetof(wick_items, items), pointer);
    }
    SmallVector<Value> values;
    for (auto [index, type] : llvm::enumerate(op->getResultTypes()))
      values.push_back(
          loadValue(rewriter, op.getLoc(), this->getTypeConverter()->convertType(type), result, index * stride));
    rewriter.replaceOp(op, values);
    return success();
  }
};

/// A string constant is one of the module's literals, which the runtime made objects of.
struct StrPattern : TablePattern<ts::StrOp> {
  using TablePattern::TablePattern;

  LogicalResult matchAndRewrite(ts::StrOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Type pointer = LLVM::LLVMPointerType::get(getContext());
    // An error with a constant message takes its texts where they stand.
    if (llvm::all_of(op->getUsers(), [](Operation *user) {
          auto raise = dyn_cast<ts::RaiseOp>(user);
          return raise && raise.getMessage().getDefiningOp<ts::StrOp>() &&
                 (isa<ts::NoneType>(raise.getCls().getType()) || raise.getCls().getDefiningOp<ts::StrOp>());
        })) {
      rewriter.replaceOpWithNewOp<LLVM::ZeroOp>(op, pointer);
      return success();
    }
    rewriter.replaceOp(op, loadLiteral(rewriter, op, tables, op.getValueAttr()));
    return success();
  }
};

/// A device is the string that it prints as, with a tag of its own; a container is made like a string.
template <typename Op> struct LiteralPattern : TablePattern<Op> {
  using TablePattern<Op>::TablePattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor, ConversionPatternRewriter &rewriter) const override {
    if (!op->template getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    rewriter.replaceOp(op, loadLiteral(rewriter, op, this->tables, op.getValueAttr()));
    return success();
  }
};

/// The same value with another static type: with its tag where the new type wants it.
template <typename Op> struct CastPattern : TablePattern<Op> {
  using TablePattern<Op>::TablePattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value value = adaptor.getValue();
    Type type = this->getTypeConverter()->convertType(op.getType()), from = op.getValue().getType();
    if (!type)
      return rewriter.notifyMatchFailure(op, "the type has no values at run time");
    if (isComplex(value.getType()) && !op->template getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    if (isTagged(type) && !isTagged(value.getType())) {
      Value payload = toPayload(rewriter, loc, boxComplex(rewriter, op, this->tables, value));
      Value pair = LLVM::UndefOp::create(rewriter, loc, type);
      pair = insert(rewriter, loc, pair, makeI64(rewriter, loc, *ts::getRuntimeTag(from)), 0);
      value = insert(rewriter, loc, pair, payload, 1);
    } else if (!isTagged(type) && isTagged(value.getType())) {
      value = fromPayload(rewriter, loc, extract(rewriter, loc, value, 1), type);
    }
    if (value.getType() != type)
      return rewriter.notifyMatchFailure(op, "changes the kind of the value");
    rewriter.replaceOp(op, value);
    return success();
  }
};

/// Tests of the tag, and of the class where the tag does not tell which.
struct IsInstancePattern : TablePattern<ts::IsInstanceOp> {
  using TablePattern::TablePattern;

  /// The types of which each value of `type` has one; fails where that is not known.
  static LogicalResult collectKinds(Type type, llvm::SetVector<Type> &kinds) {
    MLIRContext *context = type.getContext();
    if (auto optional = dyn_cast<ts::OptionalType>(type)) {
      kinds.insert(ts::NoneType::get(context));
      return collectKinds(optional.getElementType(), kinds);
    }
    if (auto members = dyn_cast<ts::UnionType>(type)) {
      for (Type member : members.getMemberTypes())
        if (failed(collectKinds(member, kinds)))
          return failure();
      return success();
    }
    auto f64 = Float64Type::get(context);
    if (isa<ts::NumberType>(type)) {
      kinds.insert_range(ArrayRef<Type>{IntegerType::get(context, 64), f64, ComplexType::get(f64)});
      return success();
    }
    return success(getTag(type) && kinds.insert(type));
  }

  /// The tag of a type, or of a kind of container.
  static std::optional<wick_tag> getTag(Type type) {
    auto kind = dyn_cast<ts::OpaqueType>(type);
    return !kind ? ts::getRuntimeTag(type)
                 : llvm::StringSwitch<std::optional<wick_tag>>(kind.getKind())
                       .Case("list", WICK_LIST_VALUE)
                       .Case("dict", WICK_DICT_VALUE)
                       .Case("tuple", WICK_TUPLE_VALUE)
                       .Default(std::nullopt);
  }

  static FlatSymbolRefAttr getClass(Type type) {
    if (auto object = dyn_cast<ts::ObjectType>(type))
      return object.getClassSymbol();
    auto member = dyn_cast<ts::EnumType>(type);
    return member ? member.getClassSymbol() : FlatSymbolRefAttr();
  }

  LogicalResult matchAndRewrite(ts::IsInstanceOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    llvm::SetVector<Type> all, wanted;
    Type from = op.getValue().getType();
    auto optional = dyn_cast<ts::OptionalType>(from);
    bool isAny = isa<ts::AnyType>(optional ? optional.getElementType() : from);
    if (!isTagged(adaptor.getValue().getType()) || (!isAny && failed(collectKinds(from, all))))
      return rewriter.notifyMatchFailure(op, "the tag does not tell the types apart");
    for (Type type : op.getTypes().getAsValueRange<TypeAttr>())
      if (failed(collectKinds(type, wanted)) ||
          (isAny && isa<ts::ListType, ts::DictType, ts::TupleType, ts::NamedTupleType>(type)))
        return rewriter.notifyMatchFailure(op, "the tag does not tell the types apart");
    if (!op->getParentOfType<LLVM::LLVMFuncOp>())
      return rewriter.notifyMatchFailure(op, "is not in a converted function yet");
    Value tag = extract(rewriter, loc, adaptor.getValue(), 0);
    Value result = LLVM::ConstantOp::create(rewriter, loc, rewriter.getBoolAttr(false));
    llvm::SmallDenseSet<int64_t> known;
    for (Type candidate : wanted) {
      wick_tag own = *getTag(candidate);
      FlatSymbolRefAttr cls = getClass(candidate);
      bool isAlone = !isAny && llvm::none_of(all, [&](Type other) {
        return ts::getRuntimeTag(other) == own && !wanted.contains(other);
      });
      Value same;
      if (isAlone || !cls) {
        if (!known.insert(own).second)
          continue;
        same = LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::eq, tag, makeI64(rewriter, loc, own));
      } else {
        Type i1 = rewriter.getI1Type();
        Value found = invoke(rewriter, op, tables, WICK_FN_IS_CLASS,
                             {{op.getValue().getType(), adaptor.getValue()},
                              {rewriter.getI64Type(), makeI64(rewriter, loc, tables.getClass(cls))}});
        same = loadValue(rewriter, loc, i1, found);
      }
      result = LLVM::OrOp::create(rewriter, loc, result, same);
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// `x is None` and its negation.
struct IsNonePattern : ConvertOpToLLVMPattern<ts::OperatorOp> {
  IsNonePattern(const LLVMTypeConverter &converter) : ConvertOpToLLVMPattern(converter, /*benefit=*/2) {}

  LogicalResult matchAndRewrite(ts::OperatorOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    std::optional<wick_function> function = ts::getRuntimeFunction(op);
    bool isTest = function == WICK_FN_IS || function == WICK_FN_IS_NOT;
    if (!isTest || !isa<ts::NoneType>(op->getOperand(1).getType()) || !isTagged(adaptor.getOperands()[0].getType()))
      return rewriter.notifyMatchFailure(op, "is not a test for None");
    Value tag = extract(rewriter, op.getLoc(), adaptor.getOperands()[0], 0);
    auto predicate = function == WICK_FN_IS ? LLVM::ICmpPredicate::eq : LLVM::ICmpPredicate::ne;
    rewriter.replaceOpWithNewOp<LLVM::ICmpOp>(op, predicate, tag, makeI64(rewriter, op.getLoc(), WICK_NONE));
    return success();
  }
};

/// A tuple at run time is a sequence that nothing changes.
template <typename Op> struct TupleReadPattern : ConvertOpToLLVMPattern<Op> {
  using ConvertOpToLLVMPattern<Op>::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value items = loadField(rewriter, loc, adaptor.getTuple(), offsetof(wick_items, items),
                            LLVM::LLVMPointerType::get(this->getContext()));
    int64_t first = 0;
    if constexpr (std::is_same_v<Op, ts::TupleIndexOp>)
      first = op.getIndex();
    SmallVector<Value> values;
    for (auto [index, type] : llvm::enumerate(op->getResultTypes()))
      values.push_back(loadValue(rewriter, loc, this->getTypeConverter()->convertType(type), items,
                                 (first + index) * sizeof(wick_value)));
    rewriter.replaceOp(op, values);
    return success();
  }
};
} // namespace

void lowering::populateValuePatterns(const LLVMTypeConverter &converter, ModuleTables &tables,
                                     RewritePatternSet &patterns) {
  patterns.add<InvokePattern<ts::OperatorOp>, InvokePattern<ts::ListConstructOp>, InvokePattern<ts::TupleConstructOp>,
               InvokePattern<ts::DictConstructOp>, InvokePattern<ts::PrintOp>, InvokePattern<ts::PushEnteredOp>,
               InvokePattern<ts::PopEnteredOp>, InvokePattern<ts::FallbackOp>, StrPattern, LiteralPattern<ts::DeviceOp>,
               LiteralPattern<ts::LiteralOp>, CastPattern<ts::UpcastOp>, CastPattern<ts::UncheckedCastOp>,
               IsInstancePattern>(converter, tables);
  patterns.add<IsNonePattern, TupleReadPattern<ts::TupleIndexOp>, TupleReadPattern<ts::TupleUnpackOp>>(converter);
}
