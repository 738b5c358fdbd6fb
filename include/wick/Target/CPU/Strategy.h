//===- Strategy.h - how kernel functions become loops and vectors ----------===//
//
// A kernel is an isolated `func.func` over tensors (docs/Architecture.md, "Kernel
// functions"). A strategy recognises the root of a kernel and rewrites the whole
// function into one over memrefs: tiled, vectorised, with everything around the
// root fused into its tiles. Strategies are tried in the order of
// `getStrategies()`; one that does not apply leaves the kernel untouched and says
// why. The last one, `generic`, takes anything.
//
// Each strategy lives in the file of its family and is declared here only.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_TARGET_CPU_STRATEGY_H
#define WICK_TARGET_CPU_STRATEGY_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "wick/Target/CPU/TargetInfo.h"

#include <array>
#include <functional>
#include <optional>

namespace wick::cpu {

struct Strategy {
  /// Name as printed by `wick explain` and `--plan-lower-kernels=only=<name>`.
  llvm::StringRef name;

  /// Rewrites `kernel` or fails without changing it. On failure `reason` says,
  /// for a person, what does not fit.
  std::function<llvm::LogicalResult(mlir::func::FuncOp kernel, const TargetInfo &target, std::string &reason)> apply;

  /// Whether `apply` would succeed; changes nothing. Null where that is always so.
  std::function<llvm::LogicalResult(mlir::func::FuncOp kernel, const TargetInfo &target, std::string &reason)> accepts;
};

// Lib file of the same name, most specific first.
Strategy getConvolutionStrategy();   // conv_2d_nhwc, depthwise, grouped
Strategy getContractionStrategy();   // matmul, batch_matmul, matvec, generic contractions
Strategy getAttentionStrategy();     // softmax(q k^T * scale + mask) v
Strategy getNormalizationStrategy(); // layer norm, softmax: rows reduced and rewritten
Strategy getReductionStrategy();     // sums, means, max, pooling windows
Strategy getElementwiseStrategy();   // maps, broadcasts, transposes, gathers
Strategy getGenericStrategy();       // everything else, by upstream bufferization and loops

/// All strategies, most specific first.
llvm::ArrayRef<Strategy> getStrategies();

/// Whether the body of a linalg op is acc + a * b on floats, a and b being elements of its two inputs.
bool isMultiplyAdd(mlir::linalg::LinalgOp op);

/// Width of the panels into which the n dim of a contraction's right-hand side is packed.
int64_t choosePanelWidth(const TargetInfo &target, mlir::Type element, int64_t m, int64_t n, int64_t k);

/// The Winograd transform of 3x3 convolutions that computes tile x tile pixels of the result at once: Toom-Cook
/// products at the points 0, +-a (and +-b for tiles of four) and infinity. Points below and above one keep the
/// rounding errors of tiles of four at a third of those of the customary 1 and 2.
struct Winograd {
  int64_t tile;
  double a, b;

  explicit Winograd(int64_t tile) : tile(tile), a(tile == 4 ? 0.75 : 1), b(1.5) {}
  /// Rows and columns of a transformed tile.
  int64_t side() const { return tile + 2; }
  /// What a row of the transform takes of the three elements of a filter's row.
  std::array<double, 3> filterRow(int64_t row) const;
};

/// The tile with which a convolution is best computed by the Winograd transform, or none. The filter must be constant.
std::optional<int64_t> chooseWinogradTile(const TargetInfo &target, mlir::linalg::LinalgOp root);

/// Whether a kernel computes with complex numbers, which only the generic strategy takes.
bool usesComplexNumbers(mlir::func::FuncOp kernel);
/// Whether a strategy other than the generic one takes the kernel.
bool isSpecialized(mlir::func::FuncOp kernel, const TargetInfo &target);

} // namespace wick::cpu

#endif // WICK_TARGET_CPU_STRATEGY_H
