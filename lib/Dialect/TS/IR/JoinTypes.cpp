//===- JoinTypes.cpp - tensors of one of several types ----------------------===//
#include "wick/Dialect/TS/IR/JoinTypes.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace wick;
using namespace wick::ts;

bool wick::ts::areDividedTensors(ts::TensorType a, ts::TensorType b) {
  return a.isNarrowed() && b.isNarrowed() &&
         !(a.isTyped() && b.isTyped() && a.getRank() == b.getRank() && a.getDtype() == b.getDtype());
}

/// Adds the types that a tensor may be of to some others: one for each rank and dtype. False where these are too many.
static bool addAlternatives(SmallVectorImpl<Type> &alternatives, ts::TensorType tensor) {
  constexpr size_t kMaxAlternatives = 4;
  ArrayRef<Type> own = tensor.getAlternatives();
  Type self = tensor;
  for (Type type : own.empty() ? ArrayRef(self) : own) {
    auto known = llvm::find_if(alternatives, [&](Type other) {
      return !areDividedTensors(cast<ts::TensorType>(other), cast<ts::TensorType>(type));
    });
    if (known != alternatives.end())
      *known = joinTensorTypes(cast<ts::TensorType>(*known), cast<ts::TensorType>(type));
    else
      alternatives.push_back(type);
  }
  return alternatives.size() <= kMaxAlternatives;
}

ts::TensorType wick::ts::joinTensorTypes(ts::TensorType a, ts::TensorType b) {
  bool hasRank = a.getHasRank() && b.getHasRank() && a.getRank() == b.getRank();
  SmallVector<AffineExpr> dims;
  if (hasRank)
    for (auto [x, y] : llvm::zip(a.getDims(), b.getDims()))
      dims.push_back(x == y ? x : AffineExpr());
  Type dtype = a.getDtype() == b.getDtype() ? a.getDtype() : Type();
  SmallVector<Type> alternatives;
  if (!(hasRank && dtype) && a.isNarrowed() && b.isNarrowed() &&
      !(addAlternatives(alternatives, a) && addAlternatives(alternatives, b)))
    alternatives.clear();
  // In one order, so that the same ones are one type.
  llvm::sort(alternatives, [](Type x, Type y) {
    auto key = [](Type type) {
      auto tensor = cast<ts::TensorType>(type);
      return std::pair(tensor.getRank(), getScalarTypeNumber(tensor.getDtype()));
    };
    return key(x) < key(y);
  });
  return ts::TensorType::get(a.getContext(), hasRank, dims, dtype, alternatives);
}
