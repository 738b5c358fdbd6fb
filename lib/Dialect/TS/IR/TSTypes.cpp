//===- TSTypes.cpp - printing, parsing and relations of types ---------------===//
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

#define GET_TYPEDEF_CLASSES
#include "wick/Dialect/TS/IR/TSTypes.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "wick/Dialect/TS/IR/TSAttrs.cpp.inc"

void TSDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "wick/Dialect/TS/IR/TSTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "wick/Dialect/TS/IR/TSAttrs.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Dims
//===----------------------------------------------------------------------===//

/// Symbols are written s0, s1, …; how many a function has is not known here, so
/// the parser offers this many names.
static constexpr unsigned kMaxParsedSymbols = 256;

static SmallVector<std::pair<StringRef, AffineExpr>> getSymbolNames(MLIRContext *context) {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (unsigned i = 0; i < kMaxParsedSymbols; ++i)
      result.push_back("s" + std::to_string(i));
    return result;
  }();
  SmallVector<std::pair<StringRef, AffineExpr>> result;
  for (auto [i, name] : llvm::enumerate(names))
    result.emplace_back(name, getAffineSymbolExpr(i, context));
  return result;
}

static ParseResult parseDims(AsmParser &parser, SmallVectorImpl<AffineExpr> &dims) {
  auto names = getSymbolNames(parser.getContext());
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&]() -> ParseResult {
    AffineExpr expr;
    if (succeeded(parser.parseOptionalQuestion())) {
      dims.push_back(expr);
      return success();
    }
    if (parser.parseAffineExpr(names, expr))
      return failure();
    dims.push_back(expr);
    return success();
  });
}

static void printDims(AsmPrinter &printer, ArrayRef<AffineExpr> dims) {
  printer << '[';
  llvm::interleaveComma(dims, printer, [&](AffineExpr expr) {
    if (expr)
      printer << expr;
    else
      printer << '?';
  });
  printer << ']';
}

//===----------------------------------------------------------------------===//
// TensorType
//===----------------------------------------------------------------------===//

Type ts::TensorType::parse(AsmParser &parser) {
  if (failed(parser.parseOptionalLess()))
    return ts::TensorType::get(parser.getContext());
  SmallVector<AffineExpr> dims;
  bool hasRank = failed(parser.parseOptionalStar());
  if (hasRank && parseDims(parser, dims))
    return Type();
  Type dtype;
  SmallVector<Type> alternatives;
  auto parseAlternative = [&]() { return parser.parseType(alternatives.emplace_back()); };
  while (succeeded(parser.parseOptionalComma())) {
    OptionalParseResult hasDtype = parser.parseOptionalType(dtype);
    if (hasDtype.has_value() ? failed(*hasDtype)
                             : failed(parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseAlternative)))
      return Type();
  }
  if (parser.parseGreater())
    return Type();
  return ts::TensorType::get(parser.getContext(), hasRank, dims, dtype, alternatives);
}

void ts::TensorType::print(AsmPrinter &printer) const {
  if (!getHasRank() && !getDtype() && getAlternatives().empty())
    return;
  printer << '<';
  if (getHasRank())
    printDims(printer, getDims());
  else
    printer << '*';
  if (getDtype())
    printer << ", " << getDtype();
  if (!getAlternatives().empty()) {
    printer << ", [";
    llvm::interleaveComma(getAlternatives(), printer);
    printer << ']';
  }
  printer << '>';
}

int64_t ts::TensorType::getStaticDim(int64_t i) const {
  if (auto constant = dyn_cast_or_null<AffineConstantExpr>(getDims()[i]))
    return constant.getValue();
  return ShapedType::kDynamic;
}

RankedTensorType ts::TensorType::getValueType() const {
  if (!isTyped())
    return {};
  SmallVector<int64_t> shape;
  for (int64_t i = 0; i < getRank(); ++i)
    shape.push_back(getStaticDim(i));
  Attribute encoding;
  if (llvm::is_contained(shape, ShapedType::kDynamic))
    encoding = DimsAttr::get(getContext(), getDims());
  return RankedTensorType::get(shape, getDtype(), encoding);
}

ts::TensorType ts::TensorType::getFromValueType(RankedTensorType type) {
  MLIRContext *context = type.getContext();
  if (auto dims = dyn_cast_or_null<DimsAttr>(type.getEncoding()))
    return ts::TensorType::get(context, true, dims.getDims(), type.getElementType());
  SmallVector<AffineExpr> dims;
  for (int64_t size : type.getShape())
    dims.push_back(ShapedType::isDynamic(size) ? AffineExpr() : getAffineConstantExpr(size, context));
  return ts::TensorType::get(context, true, dims, type.getElementType());
}

//===----------------------------------------------------------------------===//
// DimsAttr
//===----------------------------------------------------------------------===//

Attribute DimsAttr::parse(AsmParser &parser, Type) {
  SmallVector<AffineExpr> dims;
  if (parser.parseLess() || parseDims(parser, dims) || parser.parseGreater())
    return {};
  return DimsAttr::get(parser.getContext(), dims);
}

void DimsAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printDims(printer, getDims());
  printer << '>';
}

//===----------------------------------------------------------------------===//
// Relations
//===----------------------------------------------------------------------===//

ArrayRef<Type> wick::ts::getTupleElementTypes(Type tuple) {
  return llvm::TypeSwitch<Type, ArrayRef<Type>>(tuple)
      .Case<ts::TupleType, NamedTupleType>([](auto type) { return type.getElementTypes(); })
      .Default(ArrayRef<Type>());
}

SmallVector<Type> wick::ts::getPartTypes(Type type) {
  return llvm::TypeSwitch<Type, SmallVector<Type>>(type)
      .Case([](ListType list) { return SmallVector<Type>{list.getElementType()}; })
      .Case([](DictType dict) { return SmallVector<Type>{dict.getKeyType(), dict.getValueType()}; })
      .Case([](OptionalType optional) { return SmallVector<Type>{optional.getElementType()}; })
      .Default([](Type other) { return llvm::to_vector(getTupleElementTypes(other)); });
}

bool wick::ts::isRecord(Type type) {
  auto dict = dyn_cast<DictType>(type);
  if (!dict || isa<ts::TensorType>(dict.getKeyType()))
    return false;
  auto optional = dyn_cast<OptionalType>(dict.getValueType());
  return isa<ts::TensorType>(optional ? optional.getElementType() : dict.getValueType());
}

Type wick::ts::getTupleType(Type tuple, ArrayRef<Type> elements) {
  if (auto named = dyn_cast<NamedTupleType>(tuple))
    return NamedTupleType::get(tuple.getContext(), named.getName(), named.getFields(), elements);
  return ts::TupleType::get(tuple.getContext(), elements);
}

Type wick::ts::eraseTensorTypes(Type type) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([](ts::TensorType tensor) {
    return std::pair(Type(ts::TensorType::get(tensor.getContext())), WalkResult::skip());
  });
  return replacer.replace(type);
}

bool wick::ts::isSubtype(Type from, Type to) {
  if (from == to || isa<AnyType>(to))
    return true;
  if (auto optional = dyn_cast<OptionalType>(to)) {
    if (isa<ts::NoneType>(from))
      return true;
    if (auto fromOptional = dyn_cast<OptionalType>(from))
      return isSubtype(fromOptional.getElementType(), optional.getElementType());
    return isSubtype(from, optional.getElementType());
  }
  if (auto unionType = dyn_cast<UnionType>(to)) {
    auto accepts = [&](Type type) {
      return llvm::any_of(unionType.getMemberTypes(), [&](Type member) { return isSubtype(type, member); });
    };
    if (auto fromUnion = dyn_cast<UnionType>(from))
      return llvm::all_of(fromUnion.getMemberTypes(), accepts);
    if (auto fromOptional = dyn_cast<OptionalType>(from))
      return accepts(fromOptional.getElementType()) && accepts(ts::NoneType::get(from.getContext()));
    return accepts(from);
  }
  if (isa<NumberType>(to))
    return isa<IntegerType, FloatType, ComplexType>(from);
  // What `isinstance(x, list)` asks for, and what asking for all dicts of a program comes to.
  if (auto opaque = dyn_cast<ts::OpaqueType>(to))
    return (opaque.getKind() == "list" && isa<ListType>(from)) || (opaque.getKind() == "dict" && isa<DictType>(from)) ||
           (opaque.getKind() == "tuple" && isa<ts::TupleType, NamedTupleType>(from));
  if (isa<ts::TensorType>(to))
    return isa<ts::TensorType>(from);
  if (isa<InterfaceType>(to))
    return isa<ObjectType, InterfaceType>(from);
  ArrayRef<Type> fromElements = getTupleElementTypes(from), toElements = getTupleElementTypes(to);
  auto name = [](Type type) { return cast<NamedTupleType>(type).getName(); };
  bool mayFit = isa<ts::TupleType>(to) ? isa<ts::TupleType, NamedTupleType>(from)
                                       : isa<NamedTupleType>(to) && isa<NamedTupleType>(from) && name(from) == name(to);
  if (mayFit && fromElements.size() == toElements.size())
    return llvm::all_of(llvm::zip(fromElements, toElements),
                        [](auto pair) { return isSubtype(std::get<0>(pair), std::get<1>(pair)); });
  return isa<ListType, DictType>(from) && eraseTensorTypes(from) == eraseTensorTypes(to);
}
