//===- Eigenvalues.cpp - eigenvalues and eigenvectors of matrices --------------===//
//
// The routine (`plan.routine`) of Hermitian matrices, which Eigen computes.
//
//===----------------------------------------------------------------------===//
#include "../ThreadPool.h"
#include "Functions.h"

#include <Eigen/Eigenvalues>

#include <atomic>
#include <limits>
#include <new>
#include <type_traits>

using namespace wick::runtime;

namespace {

/// A batch of matrices, and where their eigenvalues go: alone, or behind the eigenvectors, which are the columns.
class HermitianMatrices {
public:
  explicit HermitianMatrices(const Arguments &a)
      : matrices(tensorOf(a, 0)), result(tensorOf(a, 2)), readsLower(a.integer(1) != 0) {
    int32_t rank = matrices.rank;
    if (rank < 2 || matrices.sizes[rank - 1] != matrices.sizes[rank - 2])
      fail(WICK_ERROR_UNSUPPORTED, "eigenvalues of what is no square matrix");
    order = matrices.sizes[rank - 1];
    wantsVectors = result.rank == rank;
    width = wantsVectors ? order + 1 : 1;
    for (int32_t i = 0; i < rank - 2; ++i)
      count *= matrices.sizes[i];
    if (result.rank < rank - 1 || asTensor(&result)->count() != count * order * width)
      fail(WICK_ERROR_UNSUPPORTED, "eigenvalues do not fit into their tensor");
  }

  void solve(int threads) {
    auto run = [](void *env, int64_t begin, int64_t end) {
      static_cast<HermitianMatrices *>(env)->solveRange(begin, end);
    };
    if (order > 0)
      ThreadPool::instance().run(run, this, count, threads);
    if (isExhausted)
      throw std::bad_alloc();
    if (failed < count)
      failOperator("linalg.eigh: ", matrices.rank > 2 ? concat("(Batch element ", failed.load(), "): ") : "",
                   "The algorithm failed to converge because the input matrix is ill-conditioned or has too many "
                   "repeated eigenvalues (error code: ",
                   order - 1, ").");
  }

private:
  void solveRange(int64_t begin, int64_t end) noexcept {
    try {
      for (int64_t i = begin; i < end; ++i)
        switch (matrices.dtype) {
        case WICK_F32: solveOne<float, double>(i); break;
        case WICK_F64: solveOne<double, double>(i); break;
        case WICK_C64: solveOne<std::complex<float>, std::complex<double>>(i); break;
        case WICK_C128: solveOne<std::complex<double>, std::complex<double>>(i); break;
        }
    } catch (const std::bad_alloc &) {
      isExhausted = true;
    }
  }

  template <typename T> using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  template <typename Wide> using Solver = Eigen::SelfAdjointEigenSolver<Matrix<Wide>>;

  /// In double precision, of which there is one copy in the runtime.
  template <typename T, typename Wide> void solveOne(int64_t i) {
    using Real = typename Eigen::NumTraits<T>::Real;
    const T *elements = static_cast<const T *>(matrices.data) + i * order * order;
    Matrix<Wide> lower(order, order);
    for (int64_t row = 0; row < order; ++row)
      for (int64_t column = 0; column <= row; ++column)
        lower(row, column) = readsLower ? Wide(elements[row * order + column])
                                        : Eigen::numext::conj(Wide(elements[column * order + row]));
    Solver<Wide> solver(lower, wantsVectors ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
    // Of two rows the solution is a formula, in which NaN stays what it is.
    if (solver.info() != Eigen::Success && order > 2)
      for (int64_t first = failed; i < first && !failed.compare_exchange_weak(first, i);)
        ;
    if (!wantsVectors) {
      Real *values = static_cast<Real *>(result.data) + i * order;
      for (int64_t k = 0; k < order; ++k)
        values[k] = Real(solver.eigenvalues()[k]);
      return;
    }
    T *both = static_cast<T *>(result.data) + i * order * width;
    for (int64_t row = 0; row < order; ++row) {
      for (int64_t column = 0; column < order; ++column)
        both[row * width + column] = T(solver.eigenvectors()(row, column));
      both[row * width + order] = T(Real(solver.eigenvalues()[row]));
    }
  }

  const wick_tensor &matrices, &result;
  const bool readsLower;
  bool wantsVectors = false;
  int64_t order = 0, width = 1, count = 1;
  std::atomic<bool> isExhausted{false};
  std::atomic<int64_t> failed{std::numeric_limits<int64_t>::max()}; // the first matrix that has no solution
};

} // namespace

template <> wick_value wick::runtime::run<WICK_FN_TENSOR_EIGH>(const Arguments &a) {
  HermitianMatrices(a).solve(a.threads());
  return makeNone();
}
