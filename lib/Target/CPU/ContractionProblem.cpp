//===- ContractionProblem.cpp - analysis of contractions and convolutions ---===//
#include "ContractionProblem.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace wick::cpu;

int64_t ContractionProblem::product(ArrayRef<AffineExpr> sizes, int64_t unknown) {
  int64_t result = 1;
  for (AffineExpr size : sizes) {
    auto constant = dyn_cast<AffineConstantExpr>(size);
    result *= constant ? constant.getValue() : unknown;
  }
  return result;
}

bool wick::cpu::isMultiplyAdd(linalg::LinalgOp op) {
  Block *block = op.getBlock();
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 || block->getNumArguments() != 3)
    return false;
  auto add = block->getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  if (!add)
    return false;
  for (auto [acc, product] : {std::pair(add.getLhs(), add.getRhs()), std::pair(add.getRhs(), add.getLhs())}) {
    auto mul = product.getDefiningOp<arith::MulFOp>();
    if (acc == block->getArgument(2) && mul &&
        ((mul.getLhs() == block->getArgument(0) && mul.getRhs() == block->getArgument(1)) ||
         (mul.getLhs() == block->getArgument(1) && mul.getRhs() == block->getArgument(0))))
      return true;
  }
  return false;
}

linalg::LinalgOp wick::cpu::findContractionRoot(func::FuncOp kernel, std::string &reason) {
  linalg::LinalgOp root;
  for (Operation &op : kernel.front()) {
    auto candidate = dyn_cast<linalg::LinalgOp>(op);
    if (!candidate || candidate.getNumReductionLoops() == 0)
      continue;
    if (root) {
      reason = "the kernel has more than one reduction";
      return {};
    }
    root = candidate;
  }
  if (!root)
    reason = "the kernel has no reduction";
  else if (!isMultiplyAdd(root)) {
    reason = "the body of the reduction is not acc + a * b on floats";
    return {};
  }
  return root;
}

static bool isLinear(AffineExpr e) {
  if (isa<AffineDimExpr, AffineConstantExpr>(e))
    return true;
  auto binary = dyn_cast<AffineBinaryOpExpr>(e);
  return binary && (binary.getKind() == AffineExprKind::Add || binary.getKind() == AffineExprKind::Mul) &&
         isLinear(binary.getLHS()) && isLinear(binary.getRHS());
}

namespace {
/// The analysis of one root. Expressions named "flat" are over the root's loops.
struct Analysis {
  FusedKernel &kernel;
  VectorEmitter &v;
  linalg::LinalgOp root;
  std::string &reason;
  ContractionProblem problem;
  SmallVector<AffineExpr> loopSizes;
  SmallVector<unsigned> outer, m, n, k;

  Analysis(FusedKernel &kernel, linalg::LinalgOp root, std::string &reason)
      : kernel(kernel), v(kernel.emitter()), root(root), reason(reason) {}

  LogicalResult fail(const Twine &why) {
    reason = why.str();
    return failure();
  }

  LogicalResult findLoopSizes() {
    loopSizes.assign(root.getNumLoops(), AffineExpr());
    // The result's dims first, then the operands': what they share gets one name.
    SmallVector<OpOperand *> order = {root.getDpsInitOperand(0), root.getDpsInputOperand(0),
                                      root.getDpsInputOperand(1)};
    for (OpOperand *operand : order)
      for (auto [dim, e] : llvm::enumerate(root.getMatchingIndexingMap(operand).getResults()))
        if (auto loop = dyn_cast<AffineDimExpr>(e)) {
          AffineExpr &known = loopSizes[loop.getPosition()];
          AffineExpr size = kernel.size(operand->get(), dim);
          if (!known || (!isa<AffineConstantExpr>(known) && isa<AffineConstantExpr>(size)))
            known = size;
        }
    if (llvm::is_contained(loopSizes, AffineExpr()))
      return fail("the size of a loop of the reduction does not show in an operand");
    return success();
  }

  LogicalResult classify(AffineMap lhs, AffineMap rhs) {
    SmallVector<utils::IteratorType> iterators = root.getIteratorTypesArray();
    for (unsigned loop = 0; loop < iterators.size(); ++loop) {
      bool inLhs = lhs.isFunctionOfDim(loop), inRhs = rhs.isFunctionOfDim(loop);
      if (iterators[loop] == utils::IteratorType::reduction)
        k.push_back(loop);
      else if (inLhs && inRhs)
        outer.push_back(loop);
      else if (inLhs)
        m.push_back(loop);
      else if (inRhs)
        n.push_back(loop);
      else
        return fail("a dim of the result is in neither operand");
    }
    return success();
  }

  /// Flat index of an operand over the root's loops.
  AffineExpr flatIndex(const View &view, AffineMap map) {
    AffineExpr flat = view.offset;
    for (auto [e, stride] : llvm::zip(map.getResults(), view.strides))
      flat = flat + e * stride;
    return flat;
  }

  /// Step of a flat index along one loop, all others standing still.
  AffineExpr step(AffineExpr flat, unsigned loop) {
    SmallVector<AffineExpr> at(root.getNumLoops(), v.expr(0));
    AffineExpr origin = flat.replaceDims(at);
    at[loop] = v.expr(1);
    return v.simplify(flat.replaceDims(at) - origin);
  }

  /// Expressions of the root's loops over the tile dims, those of k being zero.
  SmallVector<AffineExpr> loopsOfTile() {
    SmallVector<AffineExpr> loops(root.getNumLoops(), v.expr(0));
    for (auto [dim, loop] : llvm::enumerate(outer))
      loops[loop] = loopSizes[loop] == v.expr(1) ? v.expr(0) : v.dim(dim);
    auto unflatten = [&](ArrayRef<unsigned> group, AffineExpr rest) {
      for (size_t i = group.size(); i-- > 1; rest = v.simplify(rest.floorDiv(loopSizes[group[i]])))
        loops[group[i]] = v.simplify(rest % loopSizes[group[i]]);
      if (!group.empty())
        loops[group.front()] = rest;
    };
    unflatten(m, v.dim(outer.size()));
    unflatten(n, v.dim(outer.size() + 1));
    return loops;
  }

  AffineExpr product(ArrayRef<unsigned> loops) {
    AffineExpr result = v.expr(1);
    for (unsigned loop : loops)
      result = v.simplify(result * loopSizes[loop]);
    return result;
  }

  /// A weight that stands packed in an argument: panels of its n dim, innermost. Fills panelWidth and the view of the
  /// unpacked tensor in which the n dim counts panels.
  FailureOr<View> packedView(Value tensor, AffineMap map) {
    auto unpack = tensor.getDefiningOp<linalg::UnPackOp>();
    if (!unpack || unpack.getInnerDimsPos().size() != 1 || n.size() != 1)
      return failure();
    unsigned dim = unpack.getInnerDimsPos()[0];
    std::optional<int64_t> width = getConstantIntValue(unpack.getMixedTiles()[0]);
    FailureOr<View> source = kernel.view(unpack.getSource());
    if (failed(source) || !width || map.getResult(dim) != v.dim(n[0]) || source->strides.back() != v.expr(1))
      return failure();
    View view{source->buffer, SmallVector<AffineExpr>(map.getNumResults()), source->offset};
    ArrayRef<int64_t> order = unpack.getOuterDimsPerm();
    for (unsigned position = 0; position < map.getNumResults(); ++position)
      view.strides[order.empty() ? position : order[position]] = source->strides[position];
    problem.panelWidth = *width;
    problem.panelStep = view.strides[dim];
    problem.padded = true;
    return view;
  }

  LogicalResult run();
  LogicalResult resolveOperands(OpOperand *lhs, OpOperand *rhs);
  void mergeReductions();
};
} // namespace

LogicalResult Analysis::resolveOperands(OpOperand *lhs, OpOperand *rhs) {
  AffineMap lhsMap = root.getMatchingIndexingMap(lhs), rhsMap = root.getMatchingIndexingMap(rhs);
  FailureOr<View> lhsView = kernel.viewOrScratch(lhs->get(), reason);
  if (failed(lhsView))
    return failure();
  SmallVector<AffineExpr> loops = loopsOfTile();
  AffineExpr flat = flatIndex(*lhsView, lhsMap);
  problem.lhs = {lhsView->buffer, v.simplify(flat.replaceDims(loops)), {}};
  for (unsigned loop : k)
    problem.lhs.kSteps.push_back(step(flat, loop));

  FailureOr<View> rhsView = packedView(rhs->get(), rhsMap);
  bool packed = succeeded(rhsView);
  if (!packed)
    rhsView = kernel.viewOrScratch(rhs->get(), reason);
  if (failed(rhsView))
    return failure();
  flat = flatIndex(*rhsView, rhsMap);
  SmallVector<AffineExpr> withoutN(loops);
  for (unsigned loop : n)
    withoutN[loop] = v.expr(0);
  problem.rhs = {rhsView->buffer, v.simplify(flat.replaceDims(withoutN)), {}};
  for (unsigned loop : k)
    problem.rhs.kSteps.push_back(step(flat, loop));
  if (packed)
    return success();
  problem.rhsN = v.simplify(flat.replaceDims(loops) - flat.replaceDims(withoutN));
  return success();
}

/// Makes one dim of adjacent reduction dims that both operands walk in one step, and drops dims of size one. The lhs is
/// walked in the order in which it stands in memory: an image that is channels-first row by row.
void Analysis::mergeReductions() {
  ContractionProblem merged;
  SmallVector<size_t> order = llvm::to_vector(llvm::seq<size_t>(0, k.size()));
  auto stride = [&](size_t i) {
    auto constant = dyn_cast<AffineConstantExpr>(problem.lhs.kSteps[i]);
    return constant ? constant.getValue() : std::numeric_limits<int64_t>::max();
  };
  llvm::stable_sort(order, [&](size_t a, size_t b) { return stride(a) > stride(b); });
  auto permute = [&](auto &list) {
    auto before = list;
    for (auto [to, from] : llvm::enumerate(order))
      list[to] = before[from];
  };
  permute(k);
  permute(problem.lhs.kSteps);
  permute(problem.rhs.kSteps);
  for (size_t i = 0; i < k.size(); ++i) {
    AffineExpr size = loopSizes[k[i]], lhs = problem.lhs.kSteps[i], rhs = problem.rhs.kSteps[i];
    if (size == v.expr(1))
      continue;
    if (!merged.k.empty() && merged.lhs.kSteps.back() == v.simplify(lhs * size) &&
        merged.rhs.kSteps.back() == v.simplify(rhs * size)) {
      merged.k.back() = v.simplify(merged.k.back() * size);
      merged.lhs.kSteps.back() = lhs;
      merged.rhs.kSteps.back() = rhs;
      continue;
    }
    merged.k.push_back(size);
    merged.lhs.kSteps.push_back(lhs);
    merged.rhs.kSteps.push_back(rhs);
  }
  problem.k = merged.k;
  problem.lhs.kSteps = merged.lhs.kSteps;
  problem.rhs.kSteps = merged.rhs.kSteps;
}

LogicalResult Analysis::run() {
  OpOperand *lhs = root.getDpsInputOperand(0), *rhs = root.getDpsInputOperand(1), *out = root.getDpsInitOperand(0);
  problem.root = root;
  problem.element = getElementTypeOrSelf(out->get().getType());
  if (!problem.element.isF32() && !problem.element.isF64())
    return fail("the element type is not f32 or f64");
  for (OpOperand *operand : {lhs, rhs})
    if (getElementTypeOrSelf(operand->get().getType()) != problem.element)
      return fail("operands and result differ in element type");
  AffineMap outMap = root.getMatchingIndexingMap(out);
  for (AffineMap map : root.getIndexingMapsArray())
    for (AffineExpr e : map.getResults())
      if (!isLinear(e))
        return fail("an indexing map is not linear");
  if (!outMap.isProjectedPermutation())
    return fail("the map of the result is not a projected permutation");
  if (failed(findLoopSizes()))
    return failure();

  // Lanes run along the result's innermost dim, which the right operand has to have.
  if (outMap.getNumResults()) {
    unsigned innermost = cast<AffineDimExpr>(outMap.getResults().back()).getPosition();
    if (!root.getMatchingIndexingMap(rhs).isFunctionOfDim(innermost) &&
        root.getMatchingIndexingMap(rhs).isProjectedPermutation(/*allowZeroInResults=*/true) &&
        root.getMatchingIndexingMap(lhs).isProjectedPermutation(/*allowZeroInResults=*/true))
      std::swap(lhs, rhs);
  }
  AffineMap rhsMap = root.getMatchingIndexingMap(rhs);
  if (failed(classify(root.getMatchingIndexingMap(lhs), rhsMap)))
    return failure();
  if (!rhsMap.isProjectedPermutation(/*allowZeroInResults=*/true))
    return fail("the right operand is read at sums of dims");
  // n must follow the order of the result so that its last dim is the innermost one.
  auto resultOrder = [&](SmallVector<unsigned> &group) {
    llvm::sort(group, [&](unsigned a, unsigned b) {
      return outMap.getResultPosition(v.dim(a)) < outMap.getResultPosition(v.dim(b));
    });
  };
  resultOrder(m);
  resultOrder(n);
  for (unsigned loop : outer)
    problem.outer.push_back(loopSizes[loop]);
  problem.m = product(m);
  problem.n = product(n);
  if (failed(resolveOperands(lhs, rhs)))
    return failure();
  mergeReductions();
  problem.position = applyMap(outMap, loopsOfTile());

  auto fill = out->get().getDefiningOp<linalg::FillOp>();
  if (!fill || !matchPattern(fill.getInputs()[0], m_AnyZeroFloat())) {
    problem.init = out->get();
    DenseElementsAttr zeros;
    if (matchPattern(problem.init, m_Constant(&zeros)) && zeros.isSplat() && zeros.getSplatValue<APFloat>().isZero())
      problem.init = Value();
    else if (failed(kernel.checkReadable(problem.init, reason)))
      return failure();
  }
  return success();
}

FailureOr<ContractionProblem> wick::cpu::analyzeContraction(FusedKernel &kernel, linalg::LinalgOp root,
                                                            std::string &reason) {
  Analysis analysis(kernel, root, reason);
  if (failed(analysis.run()))
    return failure();
  return analysis.problem;
}
