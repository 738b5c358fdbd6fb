//===- TransformFilters.h - filters of convolutions by their transform ------===//
#ifndef WICK_LIB_DIALECT_PLAN_TRANSFORMS_TRANSFORMFILTERS_H
#define WICK_LIB_DIALECT_PLAN_TRANSFORMS_TRANSFORMFILTERS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "wick/Target/CPU/Strategy.h"

namespace wick::plan {

/// Lets a convolution read its constant filter by the filter's Winograd transform, in panels of `width` output
/// channels.
void transformFilter(mlir::linalg::LinalgOp convolution, const cpu::Winograd &transform, int64_t width);

} // namespace wick::plan

#endif // WICK_LIB_DIALECT_PLAN_TRANSFORMS_TRANSFORMFILTERS_H
