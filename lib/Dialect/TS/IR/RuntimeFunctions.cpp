//===- RuntimeFunctions.cpp - what is left to the runtime --------------------===//
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

std::optional<wick_function> wick::ts::getRuntimeFunction(Operation *op) {
  static const llvm::StringMap<wick_function> functions = {
#define WICK_FUNCTION(name, schema) {schema, WICK_FN_##name},
#include "wick/Runtime/Functions.def"
  };
  auto registry = dyn_cast<OperatorOp>(op);
  StringRef name = registry ? registry.getSchema() : op->getName().getStringRef();
  auto found = functions.find(name.take_front(registry ? name.find('.') : StringRef::npos));
  return found == functions.end() ? std::nullopt : std::optional(found->second);
}

void wick::ts::addSchema(ModuleOp module, StringRef name, ArrayRef<StringRef> arguments, ArrayRef<int64_t> writes) {
  if (module.lookupSymbol<SchemaOp>(name))
    return;
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  SchemaOp::create(builder, module.getLoc(), builder.getStringAttr(name), builder.getStringAttr(name),
                   builder.getStrArrayAttr(arguments), writes, writes);
}

Value wick::ts::createOperator(OpBuilder &builder, Location loc, StringRef name, ArrayRef<StringRef> arguments,
                               Type result, ValueRange operands, ArrayRef<int64_t> writes) {
  addSchema(builder.getBlock()->getParentOp()->getParentOfType<ModuleOp>(), name, arguments, writes);
  return OperatorOp::create(builder, loc, result, FlatSymbolRefAttr::get(builder.getContext(), name), operands, 0)
      ->getResult(0);
}

std::optional<wick_tag> wick::ts::getRuntimeTag(Type type) {
  return llvm::TypeSwitch<Type, std::optional<wick_tag>>(type)
      .Case([](ts::NoneType) { return WICK_NONE; })
      .Case([](ts::TensorType) { return WICK_TENSOR_VALUE; })
      .Case([](StringType) { return WICK_STRING_VALUE; })
      .Case([](ListType) { return WICK_LIST_VALUE; })
      .Case<ts::TupleType, NamedTupleType>([](Type) { return WICK_TUPLE_VALUE; })
      .Case([](DictType) { return WICK_DICT_VALUE; })
      .Case<ObjectType, InterfaceType>([](Type) { return WICK_OBJECT_VALUE; })
      .Case([](DeviceType) { return WICK_DEVICE_VALUE; })
      .Case([](EnumType) { return WICK_ENUM_VALUE; })
      .Case([](GeneratorType) { return WICK_GENERATOR_VALUE; })
      .Case([](IntegerType integer) -> std::optional<wick_tag> {
        return integer.isInteger(1)    ? std::optional(WICK_BOOL_VALUE)
               : integer.isInteger(64) ? std::optional(WICK_INT_VALUE)
                                       : std::nullopt;
      })
      .Case([](Float64Type) { return WICK_FLOAT_VALUE; })
      .Case([](ComplexType complex) {
        return complex.getElementType().isF64() ? std::optional(WICK_COMPLEX_VALUE) : std::nullopt;
      })
      .Default([](Type) { return std::nullopt; });
}

/// Whether values of a type carry their kind themselves.
static bool isTagged(Type type) { return isa<OptionalType, UnionType, AnyType, NumberType>(type); }

bool wick::ts::hasRuntimeValues(Type type) {
  auto all = [](ArrayRef<Type> types) { return llvm::all_of(types, hasRuntimeValues); };
  return llvm::TypeSwitch<Type, bool>(type)
      .Case([](ListType list) { return hasRuntimeValues(list.getElementType()); })
      .Case([&](DictType dict) { return all({dict.getKeyType(), dict.getValueType()}); })
      .Case<ts::TupleType, NamedTupleType>([&](Type tuple) { return all(getTupleElementTypes(tuple)); })
      .Case([](OptionalType optional) { return hasRuntimeValues(optional.getElementType()); })
      .Case([&](UnionType members) { return all(members.getMemberTypes()); })
      .Default([](Type other) { return isTagged(other) || getRuntimeTag(other).has_value(); });
}

/// Whether a function looks at an element or item of a type, or does not care what it is.
static bool canLookAt(wick_function function, Type type) {
  bool hasTensors = false, hasObjects = false, hasAny = false;
  type.walk([&](Type inner) {
    hasTensors |= isa<ts::TensorType>(inner);
    hasObjects |= isa<ObjectType, InterfaceType, GeneratorType>(inner);
    hasAny |= isa<AnyType>(inner);
  });
  switch (function) {
  // Which sees at run time what has no order.
  case WICK_FN_SORT:
  case WICK_FN_SORTED: return !hasObjects;
  case WICK_FN_CONTAINS:
  case WICK_FN_REMOVE:
  case WICK_FN_INDEX:
  case WICK_FN_COUNT:
  case WICK_FN_EQ:
  case WICK_FN_NE:
  case WICK_FN_STR:
  case WICK_FN_FORMAT:
  case WICK_FN_PERCENT_FORMAT:
  case WICK_FN_PRINT: return !hasObjects && !hasAny;
  case WICK_FN_MIN:
  case WICK_FN_MAX: return !hasObjects && !hasAny && !hasTensors;
  default: return true;
  }
}

bool wick::ts::isRuntimeView(Operation *op) {
  auto view = dyn_cast<OperatorOp>(op);
  return view && view.getSchema().starts_with("wick::") && isa<ts::TensorType>(view.getOperand(0).getType());
}

bool wick::ts::isRuntimeOperation(Operation *op) {
  // Where a slot stands only the class tells.
  if (isa<GetAttrOp, SetAttrOp>(op) && !isa<ObjectType>(op->getOperand(0).getType()))
    return false;
  if (auto get = dyn_cast<GetAttrOp>(op))
    return hasRuntimeValues(get.getType());
  if (isa<FallbackOp>(op))
    return llvm::all_of(op->getOperandTypes(), hasRuntimeValues) &&
           llvm::all_of(op->getResultTypes(), hasRuntimeValues);
  std::optional<wick_function> function = getRuntimeFunction(op);
  auto registry = dyn_cast<OperatorOp>(op);
  if (!function || (op->getNumResults() > 1 && !registry) || (registry && !registry.getBlocks().empty()))
    return false;
  if (!llvm::all_of(op->getOperandTypes(), hasRuntimeValues) || !llvm::all_of(op->getResultTypes(), hasRuntimeValues))
    return false;
  // A key is found by its value, and a tensor by its identity.
  auto dict = op->getNumOperands() ? dyn_cast<DictType>(op->getOperand(0).getType()) : DictType();
  if (*function == WICK_FN_CONTAINS && dict)
    return true;
  if (!llvm::all_of(op->getOperandTypes(), [&](Type type) { return canLookAt(*function, type); }))
    return false;
  if (!registry)
    return true;
  // What the compiler itself writes is for nobody else.
  if (registry.getSchema().starts_with("wick::"))
    return true;
  // Operators on numbers and tensors have names in common with those on containers.
  auto isPlain = [](Type type) { return isa<IntegerType, FloatType, ComplexType, NumberType, ts::TensorType>(type); };
  switch (*function) {
  case WICK_FN_ADD:
  case WICK_FN_MUL:
  case WICK_FN_LT:
  case WICK_FN_LE:
  case WICK_FN_GT:
  case WICK_FN_GE: return !llvm::all_of(op->getOperandTypes(), isPlain);
  case WICK_FN_COMPLEX:
  case WICK_FN_ABS:
  case WICK_FN_ANGLE:
  case WICK_FN_POLAR:
  case WICK_FN_POW:
  case WICK_FN_EXP:
  case WICK_FN_LOG:
  case WICK_FN_LOG10:
  case WICK_FN_SQRT:
  case WICK_FN_SIN:
  case WICK_FN_COS:
  case WICK_FN_TAN:
  case WICK_FN_ASIN:
  case WICK_FN_ACOS:
  case WICK_FN_ATAN:
  case WICK_FN_SINH:
  case WICK_FN_COSH:
  case WICK_FN_TANH:
  case WICK_FN_ASINH:
  case WICK_FN_ACOSH:
  case WICK_FN_ATANH:
    return llvm::all_of(op->getOperandTypes(), [&](Type type) { return isPlain(type) && !isa<ts::TensorType>(type); });
  case WICK_FN_GAMMA:
  case WICK_FN_LGAMMA:
  case WICK_FN_MATH_REMAINDER:
  case WICK_FN_LDEXP:
  case WICK_FN_FREXP:
  case WICK_FN_MODF: return !llvm::any_of(op->getOperandTypes(), llvm::IsaPred<ts::TensorType>);
  case WICK_FN_STR:
  case WICK_FN_HASH:
  case WICK_FN_TO_LIST:
  case WICK_FN_TIME_POINT:
  case WICK_FN_ID:
  case WICK_FN_MANUAL_SEED:
  case WICK_FN_GENERATOR_NEW: return true;
  case WICK_FN_INT:
  case WICK_FN_FLOAT:
  case WICK_FN_BOOL:
  case WICK_FN_CHR:
  case WICK_FN_HEX:
  case WICK_FN_OCT:
  case WICK_FN_BIN:
  case WICK_FN_RANGE_LIST:
  case WICK_FN_RANGE_LENGTH:
  case WICK_FN_EQ:
  case WICK_FN_NE:
  case WICK_FN_IS:
  case WICK_FN_IS_NOT: return !llvm::any_of(op->getOperandTypes(), llvm::IsaPred<ts::TensorType>);
  default: return op->getNumOperands() && !isPlain(op->getOperand(0).getType());
  }
}
