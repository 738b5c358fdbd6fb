//===- ShapeRules.cpp - what the type rules of operators share --------------===//
#include "wick/Dialect/Aten/IR/ShapeRules.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/TS/IR/Sizes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace mlir;
using namespace wick;
using namespace wick::aten;

FailureOr<int64_t> wick::aten::wrapDim(Operation *op, int64_t dim, int64_t rank) {
  int64_t range = std::max<int64_t>(rank, 1);
  if (dim < -range || dim >= range)
    return op->emitOpError() << "Dimension out of range (expected to be in range of [" << -range << ", " << range - 1
                             << "], but got " << dim << ")";
  return dim < 0 ? dim + range : dim;
}

FailureOr<SmallVector<int64_t>> wick::aten::wrapDims(Operation *op, ArrayRef<int64_t> dims, int64_t rank) {
  SmallVector<int64_t> result;
  for (int64_t dim : dims) {
    FailureOr<int64_t> wrapped = wrapDim(op, dim, rank);
    if (failed(wrapped))
      return failure();
    if (llvm::is_contained(result, *wrapped))
      return op->emitOpError() << "dim " << *wrapped << " appears multiple times in the list of dims";
    result.push_back(*wrapped);
  }
  return result;
}

ts::TensorType wick::aten::withDims(ts::TensorType type, ArrayRef<AffineExpr> dims) {
  return ts::TensorType::get(type.getContext(), dims, type.getDtype());
}

ts::TensorType wick::aten::withoutRank(ts::TensorType type) {
  return ts::TensorType::get(type.getContext(), false, ArrayRef<AffineExpr>(), type.getDtype());
}

ts::TensorType wick::aten::withDtype(ts::TensorType type, Type dtype) {
  return ts::TensorType::get(type.getContext(), type.getHasRank(), type.getDims(), dtype);
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

std::optional<int64_t> wick::aten::getConstant(AffineExpr size) {
  if (auto constant = dyn_cast_or_null<AffineConstantExpr>(size))
    return constant.getValue();
  return std::nullopt;
}

bool wick::aten::isConstant(AffineExpr size, int64_t value) { return getConstant(size) == value; }

std::optional<int64_t> wick::aten::getLowerBound(AffineExpr size) {
  if (!size)
    return std::nullopt;
  if (auto constant = dyn_cast<AffineConstantExpr>(size))
    return constant.getValue();
  if (isa<AffineSymbolExpr>(size))
    return 0;
  auto binary = dyn_cast<AffineBinaryOpExpr>(size);
  if (!binary)
    return std::nullopt;
  std::optional<int64_t> lhs = getLowerBound(binary.getLHS()), rhs = getLowerBound(binary.getRHS());
  if (!lhs || !rhs)
    return std::nullopt;
  switch (size.getKind()) {
  case AffineExprKind::Add: return *lhs + *rhs;
  case AffineExprKind::Mul:
    if (*lhs >= 0 && *rhs >= 0)
      return *lhs * *rhs;
    return std::nullopt;
  case AffineExprKind::FloorDiv:
  case AffineExprKind::CeilDiv:
    if (isa<AffineConstantExpr>(binary.getRHS()) && *rhs > 0 && *lhs >= 0)
      return size.getKind() == AffineExprKind::FloorDiv ? *lhs / *rhs : llvm::divideCeil(*lhs, *rhs);
    return std::nullopt;
  default: return 0;
  }
}

bool wick::aten::areDistinct(AffineExpr a, AffineExpr b) { return getConstant(a) && getConstant(b) && a != b; }

AffineExpr wick::aten::getMoreKnown(AffineExpr a, AffineExpr b) {
  if (!a || isa_and_nonnull<AffineConstantExpr>(b))
    return b;
  return a;
}

AffineExpr wick::aten::simplifySize(AffineExpr size) { return size ? ts::simplifyExpr(size) : size; }

AffineExpr wick::aten::add(AffineExpr a, AffineExpr b) { return a && b ? simplifySize(a + b) : AffineExpr(); }
AffineExpr wick::aten::subtract(AffineExpr a, AffineExpr b) { return a && b ? simplifySize(a - b) : AffineExpr(); }

AffineExpr wick::aten::getNumElements(ArrayRef<AffineExpr> dims, MLIRContext *context) {
  AffineExpr result = getAffineConstantExpr(1, context);
  for (AffineExpr dim : dims) {
    if (!dim)
      return {};
    result = result * dim;
  }
  return result;
}

namespace {
/// A product: a constant and factors that are none.
struct Product {
  int64_t constant = 1;
  SmallVector<AffineExpr> factors;

  explicit Product(AffineExpr expr) { collect(expr); }

  void collect(AffineExpr expr) {
    if (auto value = dyn_cast<AffineConstantExpr>(expr)) {
      constant *= value.getValue();
    } else if (expr.getKind() == AffineExprKind::Mul) {
      auto binary = cast<AffineBinaryOpExpr>(expr);
      collect(binary.getLHS());
      collect(binary.getRHS());
    } else {
      factors.push_back(expr);
    }
  }

  AffineExpr get(MLIRContext *context) const {
    AffineExpr result = getAffineConstantExpr(1, context);
    for (AffineExpr factor : factors)
      result = result * factor;
    return result * constant;
  }
};
} // namespace

AffineExpr wick::aten::divideExactly(AffineExpr a, AffineExpr b) {
  if (!a || !b || isConstant(b, 0))
    return {};
  Product numerator(a), denominator(b);
  llvm::erase_if(denominator.factors, [&](AffineExpr factor) {
    auto it = llvm::find(numerator.factors, factor);
    if (it == numerator.factors.end())
      return false;
    numerator.factors.erase(it);
    return true;
  });
  int64_t common = std::gcd(numerator.constant, denominator.constant);
  numerator.constant /= common;
  denominator.constant /= common;
  AffineExpr result = numerator.get(a.getContext());
  if (denominator.constant == 1 && denominator.factors.empty())
    return result;
  return simplifySize(result.floorDiv(denominator.get(a.getContext())));
}

std::string wick::aten::printSize(AffineExpr size) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (size)
    stream << size;
  else
    stream << '?';
  return text;
}

FailureOr<SmallVector<AffineExpr>> wick::aten::inferViewDims(Operation *op, ArrayRef<AffineExpr> dims,
                                                             ArrayRef<AffineExpr> sizes) {
  MLIRContext *context = op->getContext();
  SmallVector<AffineExpr> result(sizes);
  // The size to infer: the one that is -1, or else the only one that is unknown.
  int64_t inferred = -1, unknown = 0, lastUnknown = -1;
  for (auto [i, size] : llvm::enumerate(sizes)) {
    if (!size) {
      ++unknown;
      lastUnknown = i;
    } else if (isConstant(size, -1)) {
      if (inferred != -1)
        return op->emitOpError() << "only one dimension can be inferred";
      inferred = i;
    } else if (getConstant(size) && *getConstant(size) < 0) {
      return op->emitOpError() << "invalid shape dimension " << *getConstant(size) << " at index " << i << " of shape "
                               << printSizes(sizes);
    }
  }
  if (inferred == -1 && unknown == 1)
    inferred = lastUnknown;
  AffineExpr total = getNumElements(dims, context);
  if (inferred != -1) {
    result[inferred] = getAffineConstantExpr(1, context);
    AffineExpr rest = getNumElements(result, context);
    result[inferred] = divideExactly(total, rest);
    if (isConstant(rest, 0) && isConstant(sizes[inferred], -1))
      return op->emitOpError() << "cannot reshape tensor of 0 elements into shape " << printSizes(sizes)
                               << " because the unspecified dimension size -1 can be any value and is ambiguous";
  }
  AffineExpr actual = getNumElements(result, context);
  if (total && actual && areDistinct(total, actual))
    return op->emitOpError() << "shape '" << printSizes(sizes) << "' is invalid for input of size " << printSize(total);
  return result;
}

FailureOr<SmallVector<AffineExpr>> wick::aten::broadcastDims(Operation *op, ArrayRef<AffineExpr> a,
                                                             ArrayRef<AffineExpr> b) {
  bool isSwapped = a.size() < b.size();
  if (isSwapped)
    std::swap(a, b);
  SmallVector<AffineExpr> result(a);
  size_t added = a.size() - b.size();
  for (size_t i = b.size(); i-- > 0;) {
    AffineExpr &dim = result[added + i], other = b[i];
    if (isConstant(other, 1) || (dim && dim == other))
      continue;
    if (isConstant(dim, 1)) {
      dim = other;
      continue;
    }
    // Of an unknown size more may be known in a later round.
    if (!dim || !other) {
      dim = AffineExpr();
      continue;
    }
    if (areDistinct(dim, other))
      return op->emitOpError() << "The size of tensor a (" << printSize(isSwapped ? other : dim)
                               << ") must match the size of tensor b (" << printSize(isSwapped ? dim : other)
                               << ") at non-singleton dimension " << added + i;
    // Run time compares them: what is no number is that number, or one.
    dim = getConstant(dim) ? dim : getConstant(other) ? other : AffineExpr();
  }
  return result;
}

FailureOr<std::optional<SmallVector<int64_t>>> wick::aten::getSpatialList(Operation *op, Facts &facts, Value list,
                                                                          StringRef name, int64_t count) {
  std::optional<SmallVector<int64_t>> values = facts.getConstantIntList(list);
  if (!values)
    return values;
  if (values->size() == 1)
    values->resize(count, values->front());
  if (int64_t(values->size()) != count)
    return op->emitOpError() << name << " has " << values->size() << " entries, expected " << count;
  return values;
}

FailureOr<Type> wick::aten::unifyDtypes(Operation *op, ArrayRef<ts::TensorType> operands) {
  Type dtype;
  for (ts::TensorType type : operands) {
    if (dtype && type.getDtype() && dtype != type.getDtype())
      return op->emitOpError() << "expects tensors of one dtype, but found " << dtype << " and " << type.getDtype();
    if (!dtype)
      dtype = type.getDtype();
  }
  return dtype;
}

Type wick::aten::getDtypeOr(Facts &facts, Value scalarType, Type otherwise) {
  if (facts.isNone(scalarType))
    return otherwise;
  std::optional<int64_t> number = facts.getConstantInt(scalarType);
  return number ? getDtype(scalarType.getContext(), *number) : Type();
}

/// A bound of a slice within [0, size]: exact, or null.
static AffineExpr clampBound(AffineExpr size, AffineExpr bound) {
  if (!bound || !size)
    return {};
  std::optional<int64_t> constant = getConstant(bound), length = getConstant(size);
  if (!constant) {
    // A computed bound, say the length of a sequence, that is not larger than the size; the lowering checks it.
    return getLowerBound(bound) && *getLowerBound(bound) >= 0 ? bound : AffineExpr();
  }
  if (length) {
    int64_t value = *constant < 0 ? std::max<int64_t>(*constant + *length, 0) : *constant;
    return getAffineConstantExpr(std::min(value, *length), size.getContext());
  }
  std::optional<int64_t> least = getLowerBound(size);
  if (*constant >= std::numeric_limits<int64_t>::max() / 2)
    return size;
  if (!least)
    return *constant == 0 ? bound : AffineExpr();
  if (*constant < 0)
    return -*constant <= *least ? add(size, bound) : AffineExpr();
  return *constant <= *least ? bound : AffineExpr();
}

AffineExpr wick::aten::inferSliceSize(AffineExpr size, AffineExpr start, AffineExpr end, int64_t step) {
  AffineExpr first = clampBound(size, start), last = clampBound(size, end);
  AffineExpr length = subtract(last, first);
  if (!length)
    return {};
  if (std::optional<int64_t> constant = getConstant(length))
    length = getAffineConstantExpr(std::max<int64_t>(*constant, 0), length.getContext());
  return simplifySize(length.ceilDiv(step));
}

std::string wick::aten::printSizes(ArrayRef<AffineExpr> dims) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << '[';
  llvm::interleaveComma(dims, stream, [&](AffineExpr dim) {
    if (dim)
      stream << dim;
    else
      stream << '?';
  });
  stream << ']';
  return text;
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

Value wick::aten::buildInt(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(value));
}

Value wick::aten::buildIntList(OpBuilder &builder, Location loc, ArrayRef<int64_t> values) {
  SmallVector<Value> elements;
  for (int64_t value : values)
    elements.push_back(buildInt(builder, loc, value));
  return ts::ListConstructOp::create(builder, loc, ts::ListType::get(builder.getContext(), builder.getI64Type()),
                                     elements);
}
