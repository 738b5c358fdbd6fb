//===- Generic.cpp - the generic strategy -----------------------------------===//
//
// Takes whatever no other strategy takes: upstream's bufferization of the isolated
// function with identity layouts, then scalar loops. The kernel's results become
// arguments first, so that bufferization computes into them; what remains of
// temporaries is allocated at the top of the function. Of each nest of parallel
// loops, the outermost one of more than one iteration distributes the work.
//
//===----------------------------------------------------------------------===//
#include "wick/Target/CPU/Strategy.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace wick::cpu;

/// Iterations below which a loop nest is not worth distributing.
static constexpr int64_t minimumIterations = 1 << 14;

/// Constants would become globals of the module, which kernels of other threads are changing too.
static LogicalResult replaceConstant(RewriterBase &rewriter, arith::ConstantOp op) {
  auto elements = dyn_cast<DenseElementsAttr>(op.getValue());
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type)
    return success();
  if (!elements)
    return failure();
  rewriter.setInsertionPoint(op);
  auto scalar = [&](Attribute value) -> Value {
    return arith::ConstantOp::create(rewriter, op.getLoc(), cast<TypedAttr>(value));
  };
  if (!elements.isSplat()) {
    SmallVector<Value> values = llvm::map_to_vector(elements.getValues<Attribute>(), scalar);
    rewriter.replaceOpWithNewOp<tensor::FromElementsOp>(op, type, values);
    return success();
  }
  Value empty = tensor::EmptyOp::create(rewriter, op.getLoc(), type.getShape(), type.getElementType());
  Value value = scalar(elements.getSplatValue<Attribute>());
  rewriter.replaceOp(op, linalg::FillOp::create(rewriter, op.getLoc(), value, empty).getResults());
  return success();
}

/// Upstream takes any constant that a pad is filled with for one of arith; a complex one is put together of such.
static void splitComplexFill(tensor::PadOp pad, IRRewriter &rewriter) {
  Value fill = pad.getConstantPaddingValue();
  auto constant = fill ? fill.getDefiningOp<complex::ConstantOp>() : complex::ConstantOp();
  if (!constant)
    return;
  SmallVector<Value> parts;
  for (Attribute part : constant.getValue())
    parts.push_back(arith::ConstantOp::create(rewriter, pad.getLoc(), cast<TypedAttr>(part)));
  Value number = complex::CreateOp::create(rewriter, pad.getLoc(), constant.getType(), parts[0], parts[1]);
  pad.getRegion().front().getTerminator()->setOperand(0, number);
}

/// Rewrites ops that do not bufferize into ones that do.
static LogicalResult decompose(func::FuncOp func) {
  IRRewriter rewriter(func.getContext());
  SmallVector<Operation *> ops;
  func.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops) {
    rewriter.setInsertionPoint(op);
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      if (failed(replaceConstant(rewriter, constant)))
        return failure();
    } else if (auto pack = dyn_cast<linalg::PackOp>(op)) {
      if (failed(linalg::lowerPack(rewriter, pack)))
        return failure();
    } else if (auto unpack = dyn_cast<linalg::UnPackOp>(op)) {
      if (failed(linalg::lowerUnPack(rewriter, unpack)))
        return failure();
    } else if (auto aggregate = dyn_cast<linalg::SoftmaxOp>(op)) {
      FailureOr<SmallVector<Value>> parts = aggregate.decomposeOperation(rewriter);
      if (failed(parts))
        return failure();
      rewriter.replaceOp(op, *parts);
    } else if (auto concat = dyn_cast<tensor::ConcatOp>(op)) {
      FailureOr<SmallVector<Value>> parts = concat.decomposeOperation(rewriter);
      if (failed(parts))
        return failure();
      rewriter.replaceOp(op, *parts);
    }
  }
  // Lowering a pack makes a pad.
  SmallVector<tensor::PadOp> pads;
  func.walk([&](tensor::PadOp pad) { pads.push_back(pad); });
  for (tensor::PadOp pad : pads) {
    rewriter.setInsertionPoint(pad);
    splitComplexFill(pad, rewriter);
    if (failed(linalg::rewriteInDestinationPassingStyle(rewriter, pad)))
      return failure();
  }
  SmallVector<tensor::GenerateOp> generators;
  func.walk([&](tensor::GenerateOp op) { generators.push_back(op); });
  for (tensor::GenerateOp op : generators) {
    rewriter.setInsertionPoint(op);
    if (failed(linalg::rewriteInDestinationPassingStyle(rewriter, op)))
      return failure();
  }
  return success();
}

/// Turns tensor arguments into memrefs and results into further arguments that are written.
static void passDestinations(func::FuncOp func) {
  OpBuilder b(func.getContext());
  Block &entry = func.front();
  b.setInsertionPointToStart(&entry);
  Location loc = func.getLoc();
  auto memrefType = [](Type type) -> Type {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor ? Type(MemRefType::get(tensor.getShape(), tensor.getElementType())) : type;
  };
  SmallVector<Type> types;
  for (BlockArgument argument : entry.getArguments()) {
    Type tensor = argument.getType(), memref = memrefType(tensor);
    types.push_back(memref);
    if (tensor == memref)
      continue;
    argument.setType(memref);
    auto read = bufferization::ToTensorOp::create(b, loc, tensor, argument, /*restrict=*/true, /*writable=*/false);
    argument.replaceAllUsesExcept(read, read);
  }
  Operation *terminator = entry.getTerminator();
  b.setInsertionPoint(terminator);
  for (Value result : terminator->getOperands()) {
    types.push_back(memrefType(result.getType()));
    Value destination = entry.addArgument(types.back(), loc);
    bufferization::MaterializeInDestinationOp::create(b, loc, Type(), result, destination, /*restrict=*/true,
                                                      /*writable=*/true);
  }
  terminator->setOperands({});
  SmallVector<DictionaryAttr> attributes;
  for (unsigned index = 0; index < types.size(); ++index)
    attributes.push_back(index < func.getFunctionType().getNumInputs() ? func.getArgAttrDict(index)
                                                                       : DictionaryAttr::get(func.getContext()));
  func.removeResAttrsAttr();
  func.setFunctionType(FunctionType::get(func.getContext(), types, {}));
  func.setAllArgAttrs(attributes);
}

/// Static trip count of a loop nest, counting unknown ones as many.
static int64_t iterations(scf::ParallelOp loop) {
  int64_t count = 1;
  for (auto [lower, upper] : llvm::zip(loop.getLowerBound(), loop.getUpperBound())) {
    std::optional<int64_t> l = getConstantIntValue(lower), u = getConstantIntValue(upper);
    count *= l && u ? *u - *l : 256;
  }
  loop.getBody()->walk([&](scf::ForOp inner) {
    std::optional<int64_t> l = getConstantIntValue(inner.getLowerBound()),
                           u = getConstantIntValue(inner.getUpperBound());
    count *= l && u ? *u - *l : 256;
  });
  return count;
}

/// Leaves one-dimensional parallel loops at the top level and sequential loops everywhere else.
static LogicalResult distribute(func::FuncOp func) {
  IRRewriter rewriter(func.getContext());
  SmallVector<scf::ParallelOp> loops;
  func.walk([&](scf::ParallelOp loop) { loops.push_back(loop); });
  for (scf::ParallelOp loop : loops) {
    rewriter.setInsertionPoint(loop);
    std::optional<unsigned> outermost;
    if (loop->getParentOp() == func && iterations(loop) >= minimumIterations)
      for (unsigned dim = 0; dim < loop.getNumLoops() && !outermost; ++dim)
        if (getConstantIntValue(loop.getUpperBound()[dim]) != 1)
          outermost = dim;
    if (!outermost) {
      if (failed(scf::parallelForToNestedFors(rewriter, loop)))
        return failure();
      continue;
    }
    auto items = scf::ParallelOp::create(rewriter, loop.getLoc(), loop.getLowerBound()[*outermost],
                                         loop.getUpperBound()[*outermost], loop.getStep()[*outermost]);
    rewriter.setInsertionPointToStart(items.getBody());
    SmallVector<Value> indices(loop.getNumLoops());
    indices[*outermost] = items.getInductionVars().front();
    for (unsigned dim = 0; dim < loop.getNumLoops(); ++dim) {
      if (dim == *outermost)
        continue;
      auto inner = scf::ForOp::create(rewriter, loop.getLoc(), loop.getLowerBound()[dim], loop.getUpperBound()[dim],
                                      loop.getStep()[dim]);
      indices[dim] = inner.getInductionVar();
      rewriter.setInsertionPointToStart(inner.getBody());
    }
    rewriter.eraseOp(loop.getBody()->getTerminator());
    rewriter.inlineBlockBefore(loop.getBody(), rewriter.getInsertionBlock(), rewriter.getInsertionPoint(), indices);
    rewriter.eraseOp(loop);
  }
  return success();
}

static LogicalResult lowerToLoops(func::FuncOp func) {
  IRRewriter rewriter(func.getContext());
  SmallVector<memref::CopyOp> copies;
  func.walk([&](memref::CopyOp copy) { copies.push_back(copy); });
  for (memref::CopyOp copy : copies) {
    rewriter.setInsertionPoint(copy);
    if (copy.getSource() != copy.getTarget())
      linalg::makeMemRefCopyOp(rewriter, copy.getLoc(), copy.getSource(), copy.getTarget());
    rewriter.eraseOp(copy);
  }
  SmallVector<linalg::LinalgOp> ops;
  func.walk([&](linalg::LinalgOp op) { ops.push_back(op); });
  for (linalg::LinalgOp op : ops) {
    rewriter.setInsertionPoint(op);
    if (failed(linalg::linalgOpToParallelLoops(rewriter, op)))
      return failure();
    rewriter.eraseOp(op);
  }
  return distribute(func);
}

static LogicalResult applyGeneric(func::FuncOp kernel, const TargetInfo &, std::string &reason) {
  auto fail = [&](StringRef why) {
    reason = why.str();
    return failure();
  };
  OwningOpRef<func::FuncOp> copy(kernel.clone());
  func::FuncOp func = *copy;
  if (failed(decompose(func)))
    return fail("an op of the kernel has no decomposition");
  passDestinations(func);
  IRRewriter rewriter(func.getContext());
  if (failed(bufferization::eliminateEmptyTensors(rewriter, func)))
    return fail("destinations cannot be passed");
  bufferization::OneShotBufferizationOptions options;
  options.allowReturnAllocsFromLoops = true;
  options.bufferAlignment = 64;
  bufferization::BufferizationState state;
  if (failed(bufferization::runOneShotBufferize(func, options, state)))
    return fail("bufferization failed");
  if (failed(lowerToLoops(func)))
    return fail("an op of the kernel does not become loops");
  RewritePatternSet patterns(func.getContext());
  for (Dialect *dialect : func.getContext()->getLoadedDialects())
    dialect->getCanonicalizationPatterns(patterns);
  memref::SubViewOp::getCanonicalizationPatterns(patterns, func.getContext());
  memref::CastOp::getCanonicalizationPatterns(patterns, func.getContext());
  memref::DimOp::getCanonicalizationPatterns(patterns, func.getContext());
  (void)applyPatternsGreedily(func.getBody(), std::move(patterns));

  kernel.getBody().dropAllReferences();
  kernel.getBody().getBlocks().clear();
  kernel.getBody().takeBody(func.getBody());
  kernel.setFunctionType(func.getFunctionType());
  kernel.removeResAttrsAttr();
  kernel->setAttrs(func->getAttrs());
  return success();
}

Strategy wick::cpu::getGenericStrategy() { return {"generic", applyGeneric}; }
