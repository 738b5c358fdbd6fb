//===- AtenContractionOps.cpp - type rules and folds: matrix products ------===//
#include "wick/Dialect/Aten/IR/AtenContractionOps.h"
#include "wick/Dialect/Aten/IR/Dtypes.h"
#include "wick/Dialect/Aten/IR/ShapeRules.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <map>

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#define GET_OP_CLASSES
#include "wick/Dialect/Aten/IR/AtenContractionOps.cpp.inc"

void AtenDialect::registerContractionOps() {
  addFamily<
#define GET_OP_LIST
#include "wick/Dialect/Aten/IR/AtenContractionOps.cpp.inc"
      >();
}

/// An error unless the tensor is a matrix, or with rank 3 a batch of them, where its rank is known.
static LogicalResult checkRank(Operation *op, ts::TensorType type, StringRef name, int64_t rank) {
  if (type.getHasRank() && type.getRank() != rank)
    return op->emitOpError() << name << " must be " << (rank == 2 ? "a matrix" : "a 3D tensor");
  return success();
}

/// An error if the inner sizes of a product of matrices differ, of which the left is of all rows in front.
static LogicalResult checkInner(Operation *op, ArrayRef<AffineExpr> lhs, AffineExpr inner, AffineExpr columns) {
  if (areDistinct(lhs.back(), inner))
    return op->emitOpError() << "mat1 and mat2 shapes cannot be multiplied ("
                             << printSize(getNumElements(lhs.drop_back(), op->getContext())) << "x"
                             << printSize(lhs.back()) << " and " << printSize(inner) << "x" << printSize(columns)
                             << ")";
  return success();
}

/// An error if a tensor does not expand to a shape.
static LogicalResult checkExpansion(Operation *op, ArrayRef<AffineExpr> dims, ArrayRef<AffineExpr> target) {
  for (size_t i = 1; i <= std::min(dims.size(), target.size()); ++i) {
    AffineExpr own = dims[dims.size() - i], needed = target[target.size() - i];
    if (areDistinct(own, needed) && !isConstant(own, 1))
      return op->emitOpError() << "The expanded size of the tensor (" << printSize(needed)
                               << ") must match the existing size (" << printSize(own)
                               << ") at non-singleton dimension " << target.size() - i
                               << ".  Target sizes: " << printSizes(target) << ".  Tensor sizes: " << printSizes(dims);
  }
  return success();
}

/// The same for batches of matrices, whose batches have to agree as well.
static LogicalResult checkBatches(Operation *op, AffineExpr batch, AffineExpr inner, ArrayRef<AffineExpr> rhs) {
  AffineExpr own[] = {batch, inner};
  if (areDistinct(batch, rhs[0]) || areDistinct(inner, rhs[1]))
    return op->emitOpError() << "Expected size for first two dimensions of batch2 tensor to be: " << printSizes(own)
                             << " but got: " << printSizes(rhs.take_front(2)) << ".";
  return success();
}

/// An error if the inner sizes of `matmul` differ, as the product says that it turns to.
static LogicalResult checkMatmul(Operation *op, ArrayRef<AffineExpr> a, ArrayRef<AffineExpr> b) {
  if (b.size() == 1 && areDistinct(a.back(), b[0])) {
    if (a.size() == 1)
      return op->emitOpError() << "inconsistent tensor size, expected tensor " << printSizes(a) << " and src "
                               << printSizes(b) << " to have the same number of elements, but got " << printSize(a[0])
                               << " and " << printSize(b[0]) << " elements respectively";
    std::string rows = printSize(getNumElements(a.drop_back(), op->getContext()));
    return op->emitOpError() << "size mismatch, got input (" << rows << "), mat (" << rows << "x" << printSize(a.back())
                             << "), vec (" << printSize(b[0]) << ")";
  }
  if (b.size() == 2)
    return checkInner(op, a, b[0], b[1]);
  if (b.size() > 2 && areDistinct(a.back(), b[b.size() - 2])) {
    AffineExpr batch = getNumElements(b.drop_back(2), op->getContext());
    AffineExpr rhs[] = {batch, b[b.size() - 2]};
    return checkBatches(op, batch, a.back(), rhs);
  }
  return success();
}

static ts::TensorType makeType(Type dtype, ArrayRef<AffineExpr> dims, MLIRContext *context) {
  return ts::TensorType::get(context, dims, dtype);
}

/// The shape of `matmul`, or none where a rank is not known.
static LogicalResult inferMatmul(Operation *op, ts::TensorType lhs, ts::TensorType rhs, SmallVectorImpl<Type> &types) {
  FailureOr<Type> dtype = unifyDtypes(op, {lhs, rhs});
  if (failed(dtype))
    return failure();
  if (!lhs.getHasRank() || !rhs.getHasRank()) {
    types.push_back(ts::TensorType::get(op->getContext(), false, ArrayRef<AffineExpr>(), *dtype));
    return success();
  }
  ArrayRef<AffineExpr> a = lhs.getDims(), b = rhs.getDims();
  if (a.empty() || b.empty())
    return op->emitOpError() << "both arguments to matmul need to be at least 1D, but they are " << a.size() << "D and "
                             << b.size() << "D";
  if (failed(checkMatmul(op, a, b)))
    return failure();
  FailureOr<SmallVector<AffineExpr>> dims = broadcastDims(op, a.size() > 2 ? a.drop_back(2) : a.take_front(0),
                                                          b.size() > 2 ? b.drop_back(2) : b.take_front(0));
  if (failed(dims))
    return failure();
  if (a.size() > 1)
    dims->push_back(a[a.size() - 2]);
  if (b.size() > 1)
    dims->push_back(b.back());
  types.push_back(makeType(*dtype, *dims, op->getContext()));
  return success();
}

LogicalResult LinearOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType input = facts.getTensor(getInput()), weight = facts.getTensor(getWeight());
  SmallVector<ts::TensorType> operands = {input, weight};
  if (!facts.isNone(getBias()))
    operands.push_back(facts.getTensor(getBias()));
  FailureOr<Type> dtype = unifyDtypes(*this, operands);
  if (failed(dtype))
    return failure();
  if (!input.getHasRank() || !weight.getHasRank()) {
    types.push_back(ts::TensorType::get(getContext(), false, ArrayRef<AffineExpr>(), *dtype));
    return success();
  }
  if (input.getRank() == 0 || weight.getRank() == 0 || weight.getRank() > 2)
    return emitOpError() << "expects an input of rank at least 1 and a weight of rank 1 or 2, but the shapes are "
                         << printSizes(input.getDims()) << " and " << printSizes(weight.getDims());
  AffineExpr columns = weight.getRank() == 2 ? weight.getDims().front() : getAffineConstantExpr(1, getContext());
  if (failed(checkInner(*this, input.getDims(), weight.getDims().back(), columns)))
    return failure();
  SmallVector<AffineExpr> dims(input.getDims().drop_back());
  if (weight.getRank() == 2)
    dims.push_back(weight.getDims().front());
  if (operands.size() == 3 && operands[2].getHasRank()) {
    AffineExpr rows = getNumElements(ArrayRef(dims).drop_back(dims.empty() ? 0 : 1), getContext());
    SmallVector<AffineExpr> target(dims);
    if (dims.size() > 2)
      target = {rows, dims.back()};
    if (failed(checkExpansion(*this, operands[2].getDims(), target)))
      return failure();
  }
  types.push_back(makeType(*dtype, dims, getContext()));
  return success();
}

LogicalResult MatmulOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferMatmul(*this, facts.getTensor(getSelf()), facts.getTensor(getOther()), types);
}

/// Products of matrices, `batch` dims in front of which agree.
static LogicalResult inferProduct(Operation *op, ts::TensorType lhs, ts::TensorType rhs, int64_t rank,
                                  SmallVectorImpl<Type> &types) {
  if (failed(checkRank(op, lhs, rank == 2 ? "self" : "batch1", rank)) ||
      failed(checkRank(op, rhs, rank == 2 ? "mat2" : "batch2", rank)))
    return failure();
  SmallVector<AffineExpr> unknown(rank);
  if (!lhs.getHasRank())
    lhs = withDims(lhs, unknown);
  if (!rhs.getHasRank())
    rhs = withDims(rhs, unknown);
  FailureOr<Type> dtype = unifyDtypes(op, {lhs, rhs});
  if (failed(dtype))
    return failure();
  if (failed(rank == 2 ? checkInner(op, lhs.getDims(), rhs.getDims()[0], rhs.getDims()[1])
                       : checkBatches(op, lhs.getDims()[0], lhs.getDims()[2], rhs.getDims())))
    return failure();
  SmallVector<AffineExpr> dims;
  if (rank == 3)
    dims.push_back(getMoreKnown(lhs.getDims()[0], rhs.getDims()[0]));
  dims.append({lhs.getDims()[rank - 2], rhs.getDims()[rank - 1]});
  types.push_back(makeType(*dtype, dims, op->getContext()));
  return success();
}

LogicalResult MmOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferProduct(*this, facts.getTensor(getSelf()), facts.getTensor(getMat2()), 2, types);
}

LogicalResult BmmOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferProduct(*this, facts.getTensor(getSelf()), facts.getTensor(getMat2()), 3, types);
}

/// A product plus `self`, which broadcasts to it; `addmm` compares the two as operands.
static LogicalResult inferAddProduct(Operation *op, ts::TensorType self, ts::TensorType lhs, ts::TensorType rhs,
                                     int64_t rank, SmallVectorImpl<Type> &types) {
  if (failed(unifyDtypes(op, {self, lhs, rhs})) || failed(inferProduct(op, lhs, rhs, rank, types)))
    return failure();
  auto product = cast<ts::TensorType>(types.back());
  if (!self.getHasRank())
    return success();
  if (rank == 3)
    return checkExpansion(op, self.getDims(), product.getDims());
  FailureOr<SmallVector<AffineExpr>> dims = broadcastDims(op, self.getDims(), product.getDims());
  if (failed(dims))
    return failure();
  if (dims->size() != product.getDims().size() || llvm::any_of(llvm::zip(*dims, product.getDims()), [](auto pair) {
        return areDistinct(std::get<0>(pair), std::get<1>(pair));
      }))
    return op->emitOpError() << "self of shape " << printSizes(self.getDims())
                             << " does not broadcast to the product's " << printSizes(product.getDims());
  return success();
}

LogicalResult AddmmOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferAddProduct(*this, facts.getTensor(getSelf()), facts.getTensor(getMat1()), facts.getTensor(getMat2()), 2,
                         types);
}

LogicalResult BaddbmmOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  return inferAddProduct(*this, facts.getTensor(getSelf()), facts.getTensor(getBatch1()), facts.getTensor(getBatch2()),
                         3, types);
}

LogicalResult MvOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType self = facts.getTensor(getSelf()), vec = facts.getTensor(getVec());
  if (failed(checkRank(*this, self, "self", 2)) || failed(checkRank(*this, vec, "vec", 1)))
    return failure();
  return inferMatmul(*this, self, vec, types);
}

LogicalResult DotOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType self = facts.getTensor(getSelf()), tensor = facts.getTensor(getTensor());
  if (failed(checkRank(*this, self, "self", 1)) || failed(checkRank(*this, tensor, "tensor", 1)))
    return failure();
  return inferMatmul(*this, self, tensor, types);
}

LogicalResult OuterOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  ts::TensorType self = facts.getTensor(getSelf()), vec2 = facts.getTensor(getVec2());
  if (failed(checkRank(*this, self, "self", 1)) || failed(checkRank(*this, vec2, "vec2", 1)))
    return failure();
  SmallVector<AffineExpr> dims = {self.getHasRank() ? self.getDims()[0] : AffineExpr(),
                                  vec2.getHasRank() ? vec2.getDims()[0] : AffineExpr()};
  Type dtype = self.getDtype() && vec2.getDtype() ? promoteDtypes(self.getDtype(), vec2.getDtype()) : Type();
  types.push_back(makeType(dtype, dims, getContext()));
  return success();
}

//===----------------------------------------------------------------------===//
// Einsum
//===----------------------------------------------------------------------===//

FailureOr<EinsumFormula> EinsumFormula::parse(Operation *op, StringRef text, ArrayRef<int64_t> ranks) {
  std::string compact = text.str();
  llvm::erase(compact, ' ');
  auto [inputs, output] = StringRef(compact).split("->");
  SmallVector<StringRef> terms;
  inputs.split(terms, ',');
  if (terms.size() != ranks.size())
    return op->emitOpError() << "the equation '" << text << "' has " << terms.size() << " operands, but "
                             << ranks.size() << " tensors were given";
  // Dims of an ellipsis are numbered from the end: the last is kEllipsis - 1.
  constexpr int kEllipsis = 1 << 20;
  auto read = [&](StringRef term, int64_t rank, SmallVectorImpl<int> &letters, int64_t operand) -> LogicalResult {
    size_t at = term.find("...");
    int64_t named = at == StringRef::npos ? term.size() : term.size() - 3;
    int64_t hidden = rank - named;
    if (hidden < 0 || (at == StringRef::npos && hidden != 0))
      return op->emitOpError() << "einsum(): the number of subscripts in the equation (" << named
                               << (at == StringRef::npos ? ") does not match" : ") is more than")
                               << " the number of dimensions (" << rank << ") for operand " << operand
                               << (at == StringRef::npos ? " and no ellipsis was given" : "");
    for (size_t i = 0; i < term.size(); ++i) {
      if (i == at) {
        for (int64_t k = hidden; k > 0; --k)
          letters.push_back(kEllipsis - int(k));
        i += 2;
      } else if (llvm::isAlpha(term[i])) {
        letters.push_back(term[i]);
      } else {
        return op->emitOpError() << "'" << term.substr(i, 1) << "' is not a subscript of the equation '" << text << "'";
      }
    }
    return success();
  };
  EinsumFormula formula;
  SmallVector<SmallVector<int>> letters(terms.size());
  std::map<int, int> counts;
  int64_t hidden = 0;
  for (auto [operand, part] : llvm::enumerate(llvm::zip(terms, ranks, letters))) {
    auto [term, rank, list] = part;
    if (failed(read(term, rank, list, operand)))
      return failure();
    for (int letter : list)
      ++counts[letter];
    hidden = std::max<int64_t>(hidden, llvm::count_if(list, [](int letter) { return letter > 255; }));
  }
  SmallVector<int> result;
  if (StringRef(compact).contains("->")) {
    int64_t rank = output.contains("...") ? output.size() - 3 + hidden : output.size();
    if (failed(read(output, rank, result, 0)))
      return failure();
  } else {
    for (int64_t k = hidden; k > 0; --k)
      result.push_back(kEllipsis - int(k));
    for (auto [letter, count] : counts)
      if (letter < 256 && count == 1)
        result.push_back(letter);
  }
  std::map<int, unsigned> loops;
  for (int letter : result) {
    if (!counts.count(letter))
      return op->emitOpError() << "the equation '" << text << "' has a subscript in its result that is in no operand";
    if (!loops.try_emplace(letter, loops.size()).second)
      return op->emitOpError() << "the equation '" << text << "' has a subscript twice in its result";
  }
  formula.numResultDims = result.size();
  for (const SmallVector<int> &list : letters)
    for (int letter : list)
      loops.try_emplace(letter, loops.size());
  formula.numLoops = loops.size();
  formula.names.resize(loops.size());
  for (auto [letter, loop] : loops)
    formula.names[loop] = letter < kEllipsis - 256 ? std::string(1, char(letter)) : "...";
  for (const SmallVector<int> &list : letters)
    formula.operands.push_back(
        llvm::map_to_vector(list, [&](int letter) -> unsigned { return loops.find(letter)->second; }));
  return formula;
}

LogicalResult EinsumOp::inferResultTypes(Facts &facts, SmallVectorImpl<Type> &types) {
  std::optional<StringRef> equation = facts.getString(getEquation());
  std::optional<SmallVector<Value>> tensors = facts.getList(getTensors());
  if (!equation || !tensors) {
    types.push_back(ts::TensorType::get(getContext()));
    return success();
  }
  SmallVector<ts::TensorType> operands =
      llvm::map_to_vector(*tensors, [&](Value tensor) { return facts.getTensor(tensor); });
  FailureOr<Type> dtype = unifyDtypes(*this, operands);
  if (failed(dtype))
    return failure();
  if (llvm::any_of(operands, [](ts::TensorType type) { return !type.getHasRank(); })) {
    types.push_back(ts::TensorType::get(getContext(), false, ArrayRef<AffineExpr>(), *dtype));
    return success();
  }
  SmallVector<int64_t> ranks = llvm::map_to_vector(operands, [](ts::TensorType type) { return type.getRank(); });
  FailureOr<EinsumFormula> formula = EinsumFormula::parse(*this, *equation, ranks);
  if (failed(formula))
    return failure();
  SmallVector<AffineExpr> sizes(formula->numLoops);
  for (auto [operand, loops] : llvm::enumerate(formula->operands)) {
    ArrayRef<AffineExpr> dims = operands[operand].getDims();
    for (auto [i, loop] : llvm::enumerate(loops)) {
      AffineExpr &size = sizes[loop], dim = dims[i];
      size_t first = llvm::find(loops, loop) - loops.begin();
      if (first != i && areDistinct(dims[first], dim))
        return emitOpError() << "einsum(): subscript " << formula->names[loop] << " is repeated for operand " << operand
                             << " but the sizes don't match, " << printSize(dim) << " != " << printSize(dims[first]);
      if (areDistinct(size, dim) && !isConstant(size, 1) && !isConstant(dim, 1))
        return emitOpError() << "einsum(): subscript " << formula->names[loop] << " has size " << printSize(dim)
                             << " for operand " << operand << " which does not broadcast with previously seen size "
                             << printSize(size);
      bool isSeen = llvm::any_of(ArrayRef(formula->operands).take_front(operand),
                                 [loop = loop](const auto &before) { return llvm::is_contained(before, loop); });
      // Of two sizes that may be one only run time knows which is the larger.
      if (!isSeen || isConstant(size, 1))
        size = first == i ? dim : getMoreKnown(size, dim);
      else if (!isConstant(dim, 1) && size != dim && !getConstant(size))
        size = getConstant(dim) ? dim : AffineExpr();
    }
  }
  sizes.resize(formula->numResultDims);
  types.push_back(makeType(*dtype, sizes, getContext()));
  return success();
}
