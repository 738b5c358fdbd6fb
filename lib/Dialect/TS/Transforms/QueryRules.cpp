//===- QueryRules.cpp - what programs ask of tensors and of the interpreter -===//
#include "OperatorRules.h"

#include "ObjectImage.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Aten/IR/AtenReductionOps.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

static bool takesTensor(OperatorMatch &m) {
  return !m.operands.empty() && isa<ts::TensorType>(m.operands[0].getType());
}

template <typename Query> static Value applyQuery(OperatorMatch &m) {
  if (m.operands.size() != 1 || !takesTensor(m))
    return {};
  return Query::create(m.rewriter, m.getLoc(), m.rewriter.getI64Type(), m.operands[0]);
}

static Value applySize(OperatorMatch &m) {
  if (!takesTensor(m))
    return {};
  if (m.operands.size() == 1)
    return SizesOp::create(m.rewriter, m.getLoc(), m.getType(), m.operands[0]);
  if (!m.operands[1].getType().isInteger(64))
    return {};
  return SizeOp::create(m.rewriter, m.getLoc(), m.rewriter.getI64Type(), m.operands[0], m.operands[1]);
}

/// Whether gradients of a tensor are required: of a parameter, or of an argument of which that is said, which is known
/// when types are inferred. What a call computes has none.
static Value applyRequiresGrad(OperatorMatch &m) {
  if (!takesTensor(m))
    return {};
  Value tensor = lookThroughCasts(m.operands[0]);
  if (auto weight = tensor.getDefiningOp<WeightRefOp>())
    return m.i1(weight.getRequiresGrad());
  auto argument = dyn_cast<BlockArgument>(tensor);
  auto func = argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()) : func::FuncOp();
  if (!func)
    return m.i1(false);
  auto flag = func.getArgAttrOfType<BoolAttr>(argument.getArgNumber(), kRequiresGradAttr);
  return flag ? m.i1(flag.getValue()) : Value();
}

/// The dtype number of a result that is known for every tensor a compiled program holds.
template <int64_t value> static Value applyInt(OperatorMatch &m) { return m.i64(value); }
template <bool value> static Value applyBool(OperatorMatch &m) { return m.i1(value); }

static Value applyDevice(OperatorMatch &m) {
  return takesTensor(m) ? Value(DeviceOp::create(m.rewriter, m.getLoc(), m.rewriter.getStringAttr("cpu"))) : Value();
}

/// Element types of tensors at the ends of number chains of traced programs.
static Value applyNumberToTensor(OperatorMatch &m) {
  if (m.operands.size() != 1 || !(isPlainNumber(m.operands[0].getType()) || isa<NumberType>(m.operands[0].getType())))
    return {};
  return NumberToTensorOp::create(m.rewriter, m.getLoc(), m.getType(), m.operands[0]);
}

/// Operators that return their argument, because nothing they change exists here.
static Value applyIdentity(OperatorMatch &m) { return takesTensor(m) ? m.operands[0] : Value(); }

/// The kind of a device, without its index.
static Value applyDeviceType(OperatorMatch &m) {
  auto device = m.operands.size() == 1 ? m.operands[0].getDefiningOp<DeviceOp>() : DeviceOp();
  if (!device)
    return {};
  StringRef kind = device.getValue().split(':').first;
  return StrOp::create(m.rewriter, m.getLoc(), m.rewriter.getStringAttr(kind));
}

/// The number of a device among those of its kind, None where it has none.
static Value applyDeviceIndex(OperatorMatch &m) {
  auto device = m.operands.size() == 1 ? m.operands[0].getDefiningOp<DeviceOp>() : DeviceOp();
  if (!device)
    return {};
  int64_t index;
  bool hasIndex = !device.getValue().split(':').second.getAsInteger(10, index);
  return hasIndex ? m.i64(index) : NoneOp::create(m.rewriter, m.getLoc()).getResult();
}

/// A device by name; others are made when the program runs, which may raise.
static Value applyDeviceByName(OperatorMatch &m) {
  auto text = m.operands.size() == 1 ? m.operands[0].getDefiningOp<StrOp>() : StrOp();
  if (!text || !llvm::is_contained({"cpu", "cuda", "cuda:0"}, text.getValue()))
    return {};
  return DeviceOp::create(m.rewriter, m.getLoc(), text.getValueAttr());
}

//===----------------------------------------------------------------------===//
// Dtypes, of which only run time may know the number
//===----------------------------------------------------------------------===//

/// One more than the highest number that a dtype has.
static constexpr int64_t kNumDtypes = 45;
/// The numbers of the dtypes that are promoted among each other.
static constexpr int64_t kPromoted[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15};

/// The entry of a number in a table of the program's.
static Value lookUp(OperatorMatch &m, Value number, int64_t size, llvm::function_ref<int64_t(int64_t)> entry) {
  IntegerAttr constant;
  if (matchPattern(number, m_Constant(&constant)) && constant.getInt() >= 0 && constant.getInt() < size)
    return m.i64(entry(constant.getInt()));
  auto entries = llvm::map_to_vector(llvm::seq(size), [&](int64_t i) { return m.i64(entry(i)); });
  Type i64 = m.rewriter.getI64Type();
  Value table = ListConstructOp::create(m.rewriter, m.getLoc(), ListType::get(i64.getContext(), i64), entries);
  return createOperator(m.rewriter, m.getLoc(), "aten::__getitem__.t", {"list", "idx"}, i64, {table, number});
}

/// What `entry` says of the dtype with a number, and 0 of no dtype.
static Value lookUpDtype(OperatorMatch &m, Value number, llvm::function_ref<int64_t(Type)> entry) {
  return lookUp(m, number, kNumDtypes, [&](int64_t i) {
    Type dtype = aten::getDtype(m.rewriter.getContext(), i);
    return dtype ? entry(dtype) : 0;
  });
}

/// The dtype that the operator which makes a tensor is told to give; null where there is none.
static Value getGivenDtype(Value tensor) {
  Operation *made = tensor.getDefiningOp();
  auto *dialect = made ? dyn_cast_if_present<aten::AtenDialect>(made->getDialect()) : nullptr;
  // A norm of complex numbers is real.
  if (!dialect || made->getNumResults() != 1 || isa<aten::NormOp, aten::VectorNormOp>(made))
    return {};
  for (auto [name, operand] : llvm::zip(dialect->getOperandNames(made), made->getOperands()))
    if (name == "dtype" && lookThroughCasts(operand).getType().isInteger(64))
      return lookThroughCasts(operand);
  return {};
}

/// What `entry` says of the dtype of a tensor, once its number is known or computed.
static Value lookUpDtypeOfTensor(OperatorMatch &m, llvm::function_ref<int64_t(Type)> entry) {
  if (!takesTensor(m))
    return {};
  if (Type dtype = cast<ts::TensorType>(m.operands[0].getType()).getDtype())
    return m.i64(entry(dtype));
  Value number = getGivenDtype(m.operands[0]);
  return number ? lookUpDtype(m, number, entry) : Value();
}

/// A test of the dtype.
template <bool (*test)(Type)> static Value applyDtypeTest(OperatorMatch &m) { return lookUpDtypeOfTensor(m, test); }

static bool isFloatDtype(Type type) { return isa<FloatType>(type); }
static bool isComplexDtype(Type type) { return isa<ComplexType>(type); }
static bool isSignedDtype(Type type) { return !type.isInteger(1) && !type.isUnsignedInteger(); }

static int64_t getElementSize(Type dtype) {
  auto complex = dyn_cast<ComplexType>(dtype);
  unsigned bits = complex ? 2 * complex.getElementType().getIntOrFloatBitWidth() : dtype.getIntOrFloatBitWidth();
  return llvm::divideCeil(bits, 8);
}

/// Bytes of an element.
static Value applyElementSize(OperatorMatch &m) { return lookUpDtypeOfTensor(m, getElementSize); }

/// Bytes of all elements.
static Value applyNumBytes(OperatorMatch &m) {
  Value bytes = applyElementSize(m), count = applyQuery<NumelOp>(m);
  return bytes && count ? Value(arith::MulIOp::create(m.rewriter, m.getLoc(), bytes, count)) : Value();
}

static bool areDtypes(OperatorMatch &m) {
  return m.operands.size() == 2 && m.hasTypes([](Type type) { return type.isInteger(64); });
}

static Value applyCanCast(OperatorMatch &m) {
  if (!areDtypes(m))
    return {};
  Value from = lookUpDtype(m, m.operands[0], aten::getCategory), to = lookUpDtype(m, m.operands[1], aten::getCategory);
  return arith::CmpIOp::create(m.rewriter, m.getLoc(), arith::CmpIPredicate::sle, from, to);
}

static Value applyPromoteTypes(OperatorMatch &m) {
  if (!areDtypes(m))
    return {};
  if (m.operands[0] == m.operands[1])
    return m.operands[0];
  auto &b = m.rewriter;
  constexpr int64_t count = std::size(kPromoted);
  auto getPlace = [&](Value number) {
    return lookUp(m, number, kNumDtypes, [](int64_t i) {
      const int64_t *place = llvm::find(kPromoted, i);
      return place == std::end(kPromoted) ? -1 : place - kPromoted;
    });
  };
  Value row = getPlace(m.operands[0]), column = getPlace(m.operands[1]);
  Value either = b.createOrFold<arith::OrIOp>(m.getLoc(), row, column);
  m.raiseIf(b.createOrFold<arith::CmpIOp>(m.getLoc(), arith::CmpIPredicate::slt, either, m.i64(0)), "RuntimeError",
            "promotion of wide unsigned, quantized and float8 types is not supported");
  Value place = b.createOrFold<arith::MulIOp>(m.getLoc(), row, m.i64(count));
  place = b.createOrFold<arith::AddIOp>(m.getLoc(), place, column);
  return lookUp(m, place, count * count, [&](int64_t i) {
    auto dtype = [&](int64_t place) { return aten::getDtype(b.getContext(), kPromoted[place]); };
    return *getScalarTypeNumber(aten::promoteDtypes(dtype(i / count), dtype(i % count)));
  });
}

namespace {
/// The dtype that an operator is told to give.
struct ForwardDtype : public OpRewritePattern<DtypeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(DtypeOp op, PatternRewriter &rewriter) const override {
    Value dtype = getGivenDtype(op.getTensor());
    if (!dtype)
      return rewriter.notifyMatchFailure(op, "no dtype is given");
    rewriter.replaceOp(op, dtype);
    return success();
  }
};
} // namespace

void wick::ts::populateQueryPatterns(RewritePatternSet &patterns) { patterns.add<ForwardDtype>(patterns.getContext()); }

//===----------------------------------------------------------------------===//
// Other values
//===----------------------------------------------------------------------===//

/// A value that is not None, which is known of it or raises.
static Value applyUnwrap(OperatorMatch &m) {
  if (m.operands.size() != 1 || isa<AnyType, UnionType>(m.operands[0].getType()))
    return {};
  if (auto optional = dyn_cast<OptionalType>(m.operands[0].getType())) {
    Value none = NoneOp::create(m.rewriter, m.getLoc());
    Value isNone = createOperator(m.rewriter, m.getLoc(), "aten::__is__", {"self", "obj"}, m.rewriter.getI1Type(),
                                  {m.operands[0], none});
    m.raiseIf(isNone, "RuntimeError", "Unwrapping null optional");
    return UncheckedCastOp::create(m.rewriter, m.getLoc(), optional.getElementType(), m.operands[0]);
  }
  if (!isa<ts::NoneType>(m.operands[0].getType()))
    return m.operands[0];
  m.raiseIf(m.i1(true), "RuntimeError", "Unwrapping null optional");
  return UninitializedOp::create(m.rewriter, m.getLoc(), m.getType());
}

/// Name and value of a member of an enumeration.
template <bool isName> static Value applyEnum(OperatorMatch &m) {
  auto member = m.operands.size() == 1 ? m.operands[0].getDefiningOp<EnumOp>() : EnumOp();
  if (!member)
    return {};
  if (isName)
    return StrOp::create(m.rewriter, m.getLoc(), member.getNameAttr());
  auto symbol = cast<EnumType>(member.getType()).getClassSymbol();
  auto cls = SymbolTable::lookupNearestSymbolFrom<ClassOp>(m.op, symbol);
  AttrOp attr = cls ? cls.lookupAttr(member.getName()) : AttrOp();
  Attribute value = attr ? attr.getValueAttr() : Attribute();
  if (auto text = dyn_cast_or_null<StringAttr>(value))
    return StrOp::create(m.rewriter, m.getLoc(), text);
  auto number = dyn_cast_or_null<TypedAttr>(value);
  return number && isPlainNumber(number.getType()) ? Value(arith::ConstantOp::create(m.rewriter, m.getLoc(), number))
                                                   : Value();
}

/// Nothing is to be checked of the device on which all tensors are; others raise when the program gets there.
static Value applyCheckDevice(OperatorMatch &m) {
  auto device = m.operands.size() == 1 ? m.operands[0].getDefiningOp<DeviceOp>() : DeviceOp();
  bool isHere = device ? device.getValue().split(':').first == "cpu"
                       : m.operands.size() == 1 && isa<ts::NoneType>(m.operands[0].getType());
  return isHere ? Value(NoneOp::create(m.rewriter, m.getLoc())) : Value();
}

/// What a finished computation gave.
static Value applyWait(OperatorMatch &m) {
  bool isDone = m.operands.size() == 1 && !isa<FutureType, AwaitType>(m.operands[0].getType());
  return isDone ? m.operands[0] : Value();
}

void wick::ts::addQueryRules(OperatorRules &rules) {
  rules["aten::dim"] = applyQuery<RankOp>;
  rules["aten::numel"] = applyQuery<NumelOp>;
  rules["prim::dtype"] = applyQuery<DtypeOp>;
  rules["aten::size"] = applySize;
  rules["prim::requires_grad"] = applyRequiresGrad;
  rules["prim::device"] = applyDevice;
  rules["aten::device"] = applyDeviceByName;
  rules["wick::check_device"] = applyCheckDevice;
  rules["prim::type"] = applyDeviceType;
  rules["prim::index"] = applyDeviceIndex;
  rules["aten::wait"] = rules["prim::awaitable_wait"] = applyWait;
  rules["aten::element_size"] = rules["prim::itemsize"] = applyElementSize;
  rules["prim::nbytes"] = applyNumBytes;
  rules["aten::can_cast"] = applyCanCast;
  rules["aten::promote_types"] = applyPromoteTypes;
  rules["aten::_unwrap_optional"] = applyUnwrap;
  rules["prim::EnumName"] = applyEnum<true>;
  rules["prim::EnumValue"] = applyEnum<false>;
  rules["prim::layout"] = applyInt<0>;
  rules["prim::NumToTensor"] = applyNumberToTensor;
  rules["aten::is_floating_point"] = applyDtypeTest<isFloatDtype>;
  rules["aten::is_complex"] = applyDtypeTest<isComplexDtype>;
  rules["aten::is_signed"] = applyDtypeTest<isSignedDtype>;
  for (StringRef name : {"prim::is_cuda",
                         "prim::is_xpu",
                         "prim::is_xla",
                         "prim::is_mtia",
                         "prim::is_mps",
                         "prim::is_ipu",
                         "prim::is_maia",
                         "prim::is_meta",
                         "prim::is_vulkan",
                         "prim::is_mkldnn",
                         "prim::is_quantized",
                         "prim::is_sparse",
                         "prim::is_sparse_csr",
                         "prim::is_nested",
                         "aten::is_autocast_enabled",
                         "aten::is_autocast_cpu_enabled",
                         "aten::is_grad_enabled",
                         "aten::is_inference",
                         "aten::is_neg",
                         "aten::retains_grad",
                         "aten::is_conj",
                         "aten::_is_zerotensor",
                         "aten::_get_tracing_state",
                         "aten::has_torch_function"})
    rules[name] = applyBool<false>;
  rules["prim::is_cpu"] = rules["aten::is_scripting"] = rules["aten::is_leaf"] = applyBool<true>;
  for (StringRef name : {"aten::requires_grad_", "aten::detach_", "prim::profile", "aten::cpu", "aten::resolve_conj",
                         "aten::resolve_neg", "prim::data"})
    rules[name] = applyIdentity;
}
