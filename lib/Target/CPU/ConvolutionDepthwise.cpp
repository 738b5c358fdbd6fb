//===- ConvolutionDepthwise.cpp - convolutions channel by channel -----------===//
#include "ConvolutionDepthwise.h"

#include "LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include <map>

using namespace mlir;
using namespace wick::cpu;

/// What an unknown size is taken to be when work is divided.
static constexpr int64_t assumedSize = 64;

static unsigned resultDim(AffineMap map, unsigned fromEnd) {
  return cast<AffineDimExpr>(map.getResult(map.getNumResults() - 1 - fromEnd)).getPosition();
}

bool wick::cpu::isDepthwise(linalg::LinalgOp root) {
  AffineMap out = root.getMatchingIndexingMap(root.getDpsInitOperand(0));
  AffineMap input = root.getMatchingIndexingMap(root.getDpsInputOperand(0));
  AffineMap weights = root.getMatchingIndexingMap(root.getDpsInputOperand(1));
  if (!out.isProjectedPermutation() || !weights.isProjectedPermutation() || out.getNumResults() < 2)
    return false;
  unsigned channel = resultDim(out, 0);
  for (AffineExpr e : out.getResults())
    if (unsigned loop = cast<AffineDimExpr>(e).getPosition(); loop != channel && weights.isFunctionOfDim(loop))
      return false;
  return input.isFunctionOfDim(channel) && weights.isFunctionOfDim(channel);
}

/// Where the input is an image with a border of zeros, the image alone, shifted so that it is indexed like the whole.
/// Needs a two-dimensional window and a static number of pixels in a row.
static FailureOr<View> viewInsideBorder(FusedKernel &kernel, DepthwiseProblem &problem, AffineMap inputMap,
                                        AffineMap outMap, Value input) {
  VectorEmitter &v = kernel.emitter();
  auto pad = input.getDefiningOp<tensor::PadOp>();
  SmallVector<unsigned> window;
  problem.root.getReductionDims(window);
  if (!pad || !pad.getConstantPaddingValue() || !matchPattern(pad.getConstantPaddingValue(), m_AnyZeroFloat()) ||
      window.size() != 2 || problem.rows.empty() || !isa<AffineConstantExpr>(problem.pixels))
    return failure();
  unsigned pixel = resultDim(outMap, 1), row = resultDim(outMap, 2);
  FailureOr<View> image = kernel.view(pad.getSource());
  if (failed(image))
    return failure();
  unsigned found = 0;
  for (auto [dim, e] : llvm::enumerate(inputMap.getResults())) {
    std::optional<int64_t> low = getConstantIntValue(pad.getMixedLowPad()[dim]),
                           high = getConstantIntValue(pad.getMixedHighPad()[dim]);
    bool isRow = e.isFunctionOfDim(row) && e.isFunctionOfDim(window[0]);
    bool isPixel = e.isFunctionOfDim(pixel) && e.isFunctionOfDim(window[1]);
    if (!low || !high || (!isRow && !isPixel && (*low || *high)))
      return failure();
    if (!isRow && !isPixel)
      continue;
    auto step = [&](unsigned loop) -> int64_t {
      std::optional<AffineExpr> factor = linearCoefficient(v, e, loop);
      auto constant = factor ? dyn_cast<AffineConstantExpr>(*factor) : AffineConstantExpr();
      return constant ? constant.getValue() : 0;
    };
    AffineExpr extent = kernel.size(pad.getSource(), dim);
    image->offset = v.simplify(image->offset - *low * image->strides[dim]);
    ++found;
    if (isRow) {
      problem.firstRow = v.dim(problem.rows.size() - 1) * step(row) - *low;
      problem.imageRows = extent;
      problem.rowDilation = step(window[0]);
      continue;
    }
    auto constant = dyn_cast<AffineConstantExpr>(extent);
    if (!constant)
      return failure();
    problem.imagePixels = constant.getValue();
    problem.firstPixel = -*low;
    problem.pixelStride = step(pixel);
    problem.pixelDilation = step(window[1]);
  }
  if (found != 2 || problem.rowDilation < 1 || problem.pixelDilation < 1 || problem.pixelStride < 1)
    return failure();
  problem.bordered = true;
  return image;
}

FailureOr<DepthwiseProblem> wick::cpu::analyzeDepthwise(FusedKernel &kernel, linalg::LinalgOp root,
                                                        std::string &reason) {
  VectorEmitter &v = kernel.emitter();
  auto fail = [&](const Twine &why) -> FailureOr<DepthwiseProblem> {
    reason = why.str();
    return failure();
  };
  OpOperand *input = root.getDpsInputOperand(0), *weights = root.getDpsInputOperand(1);
  OpOperand *out = root.getDpsInitOperand(0);
  AffineMap inputMap = root.getMatchingIndexingMap(input), weightMap = root.getMatchingIndexingMap(weights);
  AffineMap outMap = root.getMatchingIndexingMap(out);
  DepthwiseProblem problem;
  problem.root = root;
  problem.element = getElementTypeOrSelf(out->get().getType());
  if (!problem.element.isF32() && !problem.element.isF64())
    return fail("the element type is not f32 or f64");

  unsigned channel = resultDim(outMap, 0), pixel = resultDim(outMap, 1);
  SmallVector<AffineExpr> loops(root.getNumLoops(), v.expr(0));
  SmallVector<AffineExpr> outSizes = kernel.sizes(out->get());
  for (auto [dim, e] : llvm::enumerate(outMap.getResults())) {
    unsigned loop = cast<AffineDimExpr>(e).getPosition();
    loops[loop] = v.dim(dim);
    if (loop != channel && loop != pixel)
      problem.rows.push_back(outSizes[dim]);
  }
  problem.pixels = outSizes[outSizes.size() - 2];
  problem.channels = outSizes.back();
  problem.position = applyMap(outMap, loops);

  FailureOr<View> inputView = viewInsideBorder(kernel, problem, inputMap, outMap, input->get());
  if (failed(inputView))
    inputView = kernel.viewOrScratch(input->get(), reason);
  if (failed(inputView))
    return failure();
  FailureOr<View> weightView = kernel.viewOrScratch(weights->get(), reason);
  if (failed(weightView))
    return failure();
  auto flatten = [&](const View &view, AffineMap map) {
    AffineExpr flat = view.offset;
    for (auto [e, stride] : llvm::zip(map.getResults(), view.strides))
      flat = flat + e * stride;
    return flat;
  };
  AffineExpr inputFlat = flatten(*inputView, inputMap), weightFlat = flatten(*weightView, weightMap);
  auto step = [&](AffineExpr flat, unsigned loop) {
    SmallVector<AffineExpr> at(root.getNumLoops(), v.expr(0));
    AffineExpr origin = flat.replaceDims(at);
    at[loop] = v.expr(1);
    return v.simplify(flat.replaceDims(at) - origin);
  };
  problem.input = inputView->buffer;
  problem.weights = weightView->buffer;
  problem.inputBase = v.simplify(inputFlat.replaceDims(loops));
  problem.weightBase = v.simplify(weightFlat.replaceDims(loops));
  if (step(inputFlat, channel) != v.expr(1) || step(weightFlat, channel) != v.expr(1))
    return fail("channels are not innermost");

  SmallVector<unsigned> window;
  root.getReductionDims(window);
  for (unsigned loop : window) {
    std::optional<unsigned> dim = weightMap.getResultPosition(v.dim(loop));
    if (!dim)
      return fail("a dim of the window is not one of the weights");
    problem.outerWindow.push_back(kernel.size(weights->get(), *dim));
    problem.inputSteps.push_back(step(inputFlat, loop));
    problem.weightSteps.push_back(step(weightFlat, loop));
  }
  auto constant = [](AffineExpr e, int64_t &value) {
    auto known = dyn_cast<AffineConstantExpr>(e);
    if (known)
      value = known.getValue();
    return static_cast<bool>(known);
  };
  if (window.empty() || !constant(problem.outerWindow.pop_back_val(), problem.window) ||
      !constant(problem.inputSteps.pop_back_val(), problem.inputStep) ||
      !constant(problem.weightSteps.pop_back_val(), problem.weightStep) ||
      !constant(step(inputFlat, pixel), problem.pixelStep))
    return fail("the window or the number of channels is not static");

  auto fill = out->get().getDefiningOp<linalg::FillOp>();
  if (!fill || !matchPattern(fill.getInputs()[0], m_AnyZeroFloat())) {
    problem.init = out->get();
    if (failed(kernel.checkReadable(problem.init, reason)))
      return failure();
  }
  return problem;
}

namespace {
struct DepthwiseEmitter {
  FusedKernel &kernel;
  const DepthwiseProblem &problem;
  VectorEmitter &v;
  int64_t width, pixelsPerTile = 7, vectors = 1;
  unsigned pixelDim, channelDim;
  /// Weights kept in registers, by row of the window, place in the row, and vector; empty for large windows.
  std::map<std::tuple<int64_t, int64_t, int64_t>, Value> held;
  Value mask, limit;
  /// The first pixel of a tile at the border, and whether, in the code being written, the window's rows may lie
  /// beyond it, with the first of them.
  std::optional<int64_t> staticPixel;
  bool borderRow = false;
  Value firstRow;

  DepthwiseEmitter(FusedKernel &kernel, const DepthwiseProblem &problem)
      : kernel(kernel), problem(problem), v(kernel.emitter()), pixelDim(problem.rows.size()),
        channelDim(problem.rows.size() + 1) {
    int64_t channels = ContractionProblem::product(problem.channels, assumedSize);
    width = std::min<int64_t>(v.target.lanes(problem.element.getIntOrFloatBitWidth()),
                              llvm::PowerOf2Ceil(std::max<int64_t>(channels, 1)));
    limit = v.emit(problem.channels, {});
    chooseTile(channels);
  }

  int64_t windowRows() { return ContractionProblem::product(problem.outerWindow, 8); }
  bool staticWindow() {
    return problem.outerWindow.empty() ||
           (problem.outerWindow.size() == 1 && isa<AffineConstantExpr>(problem.outerWindow[0]));
  }

  void chooseTile(int64_t channels) {
    int64_t pixels = ContractionProblem::product(problem.pixels, assumedSize);
    bool strided = problem.pixelStep > problem.inputStep;
    bool small = windowRows() * problem.window <= 9;
    // Five pixels leave registers for nine weights; strided windows share little, so two vectors of channels do better.
    if (v.target.vectorRegisters <= 16 && small && pixels >= 28) {
      pixelsPerTile = strided ? 2 : 5;
      vectors = strided && channels % (2 * width) == 0 ? 2 : 1;
    }
  }

  TilePoint point(ArrayRef<Value> rows, Value pixel, Value channel, int64_t vector) {
    TilePoint at;
    at.dims.assign(rows.begin(), rows.end());
    at.dims.push_back(pixel);
    at.dims.push_back(v.add(channel, vector * width));
    at.laneDim = channelDim;
    at.width = width;
    at.mask = mask;
    at.limit = limit;
    return at;
  }

  Value weight(Value base, int64_t row, int64_t place, int64_t vector) {
    auto it = held.find({row, place, vector});
    return it != held.end()
               ? it->second
               : v.loadVector(problem.weights, v.add(base, place * problem.weightStep + vector * width), width, mask);
  }

  /// One row of the window: each input vector is loaded once and used by all pixels that see it.
  void windowRow(Value input, Value weights, int64_t row, int64_t pixels, MutableArrayRef<Value> sums) {
    // Only tiles at the border of the image have windows that reach beyond it; their place is static.
    std::optional<int64_t> base = problem.bordered ? staticPixel : std::nullopt;
    auto exists = [&](int64_t i, int64_t place) {
      int64_t column =
          problem.firstPixel + (base.value_or(0) + i) * problem.pixelStride + place * problem.pixelDilation;
      return !base || (column >= 0 && column < problem.imagePixels);
    };
    for (int64_t q = 0; q < vectors; ++q) {
      SmallVector<Value> w;
      for (int64_t place = 0; place < problem.window; ++place)
        w.push_back(weight(weights, row, place, q));
      std::map<int64_t, SmallVector<std::pair<int64_t, int64_t>>> uses;
      for (int64_t i = 0; i < pixels; ++i)
        for (int64_t place = 0; place < problem.window; ++place)
          if (exists(i, place))
            uses[i * problem.pixelStep + place * problem.inputStep].push_back({i, place});
      for (auto &[offset, users] : uses) {
        Value x = v.loadVector(problem.input, v.add(input, offset + q * width), width, mask);
        for (auto [i, place] : users)
          sums[i * vectors + q] = v.multiplyAdd(x, w[place], sums[i * vectors + q]);
      }
    }
  }

  SmallVector<Value> windowRows(size_t level, Value input, Value weights, int64_t pixels, ValueRange sums) {
    SmallVector<Value> carried(sums);
    if (level == problem.outerWindow.size()) {
      windowRow(input, weights, -1, pixels, carried);
      return carried;
    }
    Value inputStep = v.emit(problem.inputSteps[level], {}), weightStep = v.emit(problem.weightSteps[level], {});
    if (borderRow) {
      // The rows of the window that are in the image.
      Value before = v.max(v.sub(v.constant(0), firstRow), v.constant(0));
      Value until = v.max(v.sub(v.emit(problem.imageRows, {}), firstRow), v.constant(0));
      Value dilation = v.constant(problem.rowDilation);
      Value first = v.ceilDiv(before, dilation);
      Value last = v.min(v.ceilDiv(until, dilation), v.emit(problem.outerWindow[level], {}));
      return v.forLoop(first, last, 1, carried, [&](Value row, ValueRange inner) {
        SmallVector<Value> next(inner);
        windowRow(v.add(input, v.mul(row, inputStep)), v.add(weights, v.mul(row, weightStep)), -1, pixels, next);
        return next;
      });
    }
    // Windows of up to five rows are unrolled.
    if (staticWindow() && windowRows() <= 5) {
      for (int64_t row = 0; row < windowRows(); ++row)
        windowRow(v.add(input, v.mul(inputStep, row)), v.add(weights, v.mul(weightStep, row)), row, pixels, carried);
      return carried;
    }
    return v.forLoop(v.constant(0), v.emit(problem.outerWindow[level], {}), 1, carried,
                     [&](Value row, ValueRange inner) {
                       return windowRows(level + 1, v.add(input, v.mul(row, inputStep)),
                                         v.add(weights, v.mul(row, weightStep)), pixels, inner);
                     });
  }

  void tile(ArrayRef<Value> rows, Value pixel, Value channel, int64_t pixels) {
    SmallVector<Value> sums;
    SmallVector<TilePoint> points;
    for (int64_t i = 0; i < pixels; ++i)
      for (int64_t q = 0; q < vectors; ++q) {
        points.push_back(point(rows, v.add(pixel, i), channel, q));
        sums.push_back(problem.init ? kernel.read(problem.init, problem.position, points.back())
                                    : v.zero(v.vectorType(problem.element, width)));
      }
    ArrayRef<Value> origin = points.front().dims;
    sums = windowRows(0, v.emit(problem.inputBase, origin), v.emit(problem.weightBase, origin), pixels, sums);
    kernel.finish(sums, points);
  }

  /// Tiles of a row whose windows reach beyond the image at its ends: those are written for their place, the ones
  /// between them as loops.
  void borderedTiles(ArrayRef<Value> rows, Value channel, int64_t pixels, int64_t small, int64_t border) {
    auto atBorder = [&](int64_t first, int64_t size) {
      int64_t from = problem.firstPixel + first * problem.pixelStride;
      int64_t to =
          problem.firstPixel + (first + size - 1) * problem.pixelStride + (problem.window - 1) * problem.pixelDilation;
      return from < 0 || to >= problem.imagePixels;
    };
    for (int64_t first = 0; first < pixels;) {
      int64_t size = first < border ? small + 1 : small;
      if (atBorder(first, size)) {
        staticPixel = first;
        tile(rows, v.constant(first), channel, size);
        staticPixel = std::nullopt;
        first += size;
        continue;
      }
      int64_t last = first;
      while (last < pixels && (last < border ? small + 1 : small) == size && !atBorder(last, size))
        last += size;
      v.forLoop(v.constant(first), v.constant(last), size, [&](Value pixel) { tile(rows, pixel, channel, size); });
      first = last;
    }
  }

  void channelBlock(ArrayRef<Value> rows, Value channel) {
    held.clear();
    if (!borderRow && staticWindow() && windowRows() * problem.window * vectors <= 9) {
      SmallVector<Value> origin(rows);
      origin.append({v.constant(0), channel});
      Value base = v.emit(problem.weightBase, origin);
      for (int64_t row = 0; row < windowRows(); ++row)
        for (int64_t place = 0; place < problem.window; ++place)
          for (int64_t q = 0; q < vectors; ++q) {
            Value at = problem.outerWindow.empty() ? base : v.add(base, v.mul(v.emit(problem.weightSteps[0], {}), row));
            held[{problem.outerWindow.empty() ? -1 : row, place, q}] =
                v.loadVector(problem.weights, v.add(at, place * problem.weightStep + q * width), width, mask);
          }
    }
    Value count = v.emit(problem.pixels, {});
    auto known = dyn_cast<AffineConstantExpr>(problem.pixels);
    if (!known) {
      Value whole = v.mul(v.floorDiv(count, v.constant(pixelsPerTile)), pixelsPerTile);
      v.forLoop(v.constant(0), whole, pixelsPerTile, [&](Value pixel) { tile(rows, pixel, channel, pixelsPerTile); });
      return v.forLoop(whole, count, 1, [&](Value pixel) { tile(rows, pixel, channel, 1); });
    }
    if (known.getValue() == 0)
      return;
    int64_t tiles = llvm::divideCeil(known.getValue(), pixelsPerTile);
    int64_t small = known.getValue() / tiles, border = known.getValue() % tiles * (small + 1);
    if (problem.bordered)
      return borderedTiles(rows, channel, known.getValue(), small, border);
    v.forLoop(v.constant(0), v.constant(border), small + 1,
              [&](Value pixel) { tile(rows, pixel, channel, small + 1); });
    v.forLoop(v.constant(border), count, small, [&](Value pixel) { tile(rows, pixel, channel, small); });
  }

  void allChannels(ArrayRef<Value> rows) {
    Value whole = v.mul(v.floorDiv(limit, v.constant(width * vectors)), width * vectors);
    v.forLoop(v.constant(0), whole, width * vectors, [&](Value channel) { channelBlock(rows, channel); });
    int64_t wide = vectors;
    vectors = 1;
    v.forLoop(whole, limit, width, [&](Value channel) {
      mask = v.laneMask(limit, channel, width);
      channelBlock(rows, channel);
    });
    mask = Value();
    vectors = wide;
  }

  /// A row of the result; one near the upper or lower border has code of its own, which looks at each window row.
  void emitRow(ArrayRef<Value> rows) {
    if (!problem.bordered)
      return allChannels(rows);
    firstRow = v.emit(v.simplify(problem.firstRow), rows);
    Value height = v.mul(v.sub(v.emit(problem.outerWindow[0], {}), v.constant(1)), problem.rowDilation);
    auto compare = [&](arith::CmpIPredicate predicate, Value lhs, Value rhs) -> Value {
      return arith::CmpIOp::create(v.builder, v.loc, predicate, lhs, rhs);
    };
    Value below = compare(arith::CmpIPredicate::sge, firstRow, v.constant(0));
    Value above = compare(arith::CmpIPredicate::slt, v.add(firstRow, height), v.emit(problem.imageRows, {}));
    Value inside = arith::AndIOp::create(v.builder, v.loc, below, above);
    auto branch = scf::IfOp::create(v.builder, v.loc, inside, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(v.builder);
    v.builder.setInsertionPointToStart(branch.thenBlock());
    allChannels(rows);
    v.builder.setInsertionPointToStart(branch.elseBlock());
    borderRow = true;
    allChannels(rows);
    borderRow = false;
  }

  void run() {
    kernel.emitScratch();
    Value rowCount = v.constant(1);
    int64_t perRow =
        ContractionProblem::product({problem.pixels, problem.channels}, assumedSize) * windowRows() * problem.window;
    for (AffineExpr size : problem.rows)
      rowCount = v.mul(rowCount, v.emit(size, {}));
    int64_t perItem = llvm::divideCeil(1 << 17, std::max<int64_t>(perRow, 1));
    v.workItems(v.ceilDiv(rowCount, v.constant(perItem)), [&](Value item) {
      Value first = v.mul(item, perItem);
      v.forLoop(first, v.min(v.add(first, perItem), rowCount), 1, [&](Value linear) {
        SmallVector<Value> rows(problem.rows.size());
        for (size_t dim = rows.size(); dim-- > 0;) {
          Value size = v.emit(problem.rows[dim], {});
          rows[dim] = dim ? v.mod(linear, size) : linear;
          linear = v.floorDiv(linear, size);
        }
        emitRow(rows);
      });
    });
  }
};
} // namespace

void wick::cpu::emitDepthwise(FusedKernel &kernel, const DepthwiseProblem &problem) {
  DepthwiseEmitter(kernel, problem).run();
}
