# Inverses, solutions and determinants as compositions of factorisations and substitutions; see Elementwise.py. The
# core operators are linalg_lu_factor_ex, linalg_cholesky_ex, _linalg_eigh, linalg_solve_triangular and linalg_lu_solve.


def _dtype_name(dtype: int) -> str:
    names = ["Byte", "Char", "Short", "Int", "Long", "Half", "Float", "Double", "ComplexHalf", "ComplexFloat"]
    names += ["ComplexDouble", "Bool", "QInt8", "QUInt8", "QInt32", "BFloat16"]
    return names[dtype]


def _is_integral(x: Tensor) -> bool:
    return not x.is_floating_point() and not x.is_complex()


def _check_square(name: str, A: Tensor) -> int:
    if A.dim() < 2:
        raise RuntimeError("{}: The input tensor A must have at least 2 dimensions.".format(name))
    if A.size(-1) != A.size(-2):
        raise RuntimeError(
            "{}: A must be batches of square matrices, but they are {} by {} matrices".format(
                name, A.size(-2), A.size(-1)
            )
        )
    return A.size(-1)


def _check_float_matrix(name: str, A: Tensor, takes_half: bool) -> bool:
    if _is_integral(A):
        raise RuntimeError(
            "{}: Expected a floating point or complex tensor as input. Got {}".format(name, _dtype_name(A.dtype))
        )
    if not takes_half and (A.dtype == 5 or A.dtype == 15):
        raise RuntimeError("{}: Low precision dtypes not supported. Got {}".format(name, _dtype_name(A.dtype)))
    return True


def _check_kernel(name: str, A: Tensor) -> bool:
    if _is_integral(A):
        raise RuntimeError("\"{}\" not implemented for '{}'".format(name, _dtype_name(A.dtype)))
    return True


# Raises for the first matrix whose factorisation failed; its number stands for each "{}" of the text.
def _check_info(info: Tensor, name: str, text: str) -> bool:
    if bool(torch.any(info)):
        flat = info.reshape([-1])
        at = int(torch.argmax((flat != 0).to(4)))
        batch = "(Batch element {}): ".format(at) if info.dim() > 0 else ""
        raise RuntimeError("{}: {}{}".format(name, batch, text.replace("{}", str(int(flat[at])))))
    return True


def _check_nonsingular(info: Tensor, name: str) -> bool:
    return _check_info(
        info,
        name,
        "The diagonal element {} is zero, the inversion could not be completed because the input matrix is singular.",
    )


def _check_solvable(info: Tensor, name: str) -> bool:
    return _check_info(info, name, "The solver failed because the input matrix is singular.")


def _check_positive(info: Tensor, name: str) -> bool:
    return _check_info(
        info,
        name,
        "The factorization could not be completed because the input is not positive-definite (the leading minor of "
        "order {} is not positive-definite).",
    )


# Factors by exchanges of rows.


def _lu_with_info(self: Tensor, pivot: bool = True, check_errors: bool = True) -> Tuple[Tensor, Tensor, Tensor]:
    return torch.linalg_lu_factor_ex(self, pivot=pivot)


def linalg_lu_factor(A: Tensor, pivot: bool = True) -> Tuple[Tensor, Tensor]:
    LU, pivots, info = torch.linalg_lu_factor_ex(A, pivot=pivot)
    _check_info(
        info,
        "torch.linalg.lu_factor",
        "U[{},{}] is zero and using it on lu_solve would result in a division by zero. If you still want to perform "
        "the factorization, consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)",
    )
    return LU, pivots


# The exchanges, undone one after the other on the rows of the identity.
def _permutation(LU: Tensor, pivots: Tensor) -> Tensor:
    m = LU.size(-2)
    batch = LU.size()[:-2]
    identity = torch.eye(m, dtype=LU.dtype)
    rest = torch.arange(pivots.size(-1) + 1, m + 1, dtype=3)
    rest = rest.expand(batch + [m - pivots.size(-1)])
    exchanges = torch.cat([pivots, rest], -1)
    return torch.linalg_lu_solve(identity.expand(batch + [m, m]), exchanges, identity).transpose(-2, -1).clone()


def _lower_factor(LU: Tensor) -> Tensor:
    m = LU.size(-2)
    k = min(m, LU.size(-1))
    return torch.tril(torch.slice(LU, -1, 0, k), -1) + torch.eye(m, k, dtype=LU.dtype)


def _upper_factor(LU: Tensor) -> Tensor:
    return torch.triu(torch.slice(LU, -2, 0, min(LU.size(-2), LU.size(-1))))


def linalg_lu(A: Tensor, pivot: bool = True) -> Tuple[Tensor, Tensor, Tensor]:
    if A.dim() < 2:
        raise RuntimeError(
            "linalg.lu: Expected tensor with 2 or more dimensions. Got size: {} instead".format(A.size())
        )
    LU, pivots, info = torch.linalg_lu_factor_ex(A, pivot=pivot)
    return _permutation(LU, pivots), _lower_factor(LU), _upper_factor(LU)


def lu_unpack(
    LU_data: Tensor, LU_pivots: Tensor, unpack_data: bool = True, unpack_pivots: bool = True
) -> Tuple[Tensor, Tensor, Tensor]:
    if LU_data.dim() < 2:
        raise RuntimeError(
            "torch.lu_unpack: Expected tensor with 2 or more dimensions. Got size: {} instead".format(LU_data.size())
        )
    if unpack_pivots and LU_pivots.dtype != 3:
        raise RuntimeError(
            "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype.\nNote: this "
            "function is intended to be used with the output produced by torch.linalg.lu_factor"
        )
    P = torch.zeros([0], dtype=LU_data.dtype)
    L = torch.zeros([0], dtype=LU_data.dtype)
    U = torch.zeros([0], dtype=LU_data.dtype)
    if unpack_pivots:
        if bool(torch.any((LU_pivots < 1) | (LU_pivots > LU_data.size(-2)))):
            raise RuntimeError(
                "pivots passed to lu_unpack must be between 1 and LU.size(-2) inclusive.Did you properly pass the "
                "result of lu_factor?"
            )
        P = _permutation(LU_data, LU_pivots)
    if unpack_data:
        L = _lower_factor(LU_data)
        U = _upper_factor(LU_data)
    return P, L, U


# Inverses and solutions.


def linalg_inv_ex(A: Tensor, check_errors: bool = False) -> Tuple[Tensor, Tensor]:
    n = _check_square("linalg.inv", A)
    _check_float_matrix("linalg.inv", A, False)
    LU, pivots, info = torch.linalg_lu_factor_ex(A)
    if check_errors:
        _check_nonsingular(info, "linalg.inv_ex")
    return torch.linalg_lu_solve(LU, pivots, torch.eye(n, dtype=A.dtype)), info


def linalg_inv(A: Tensor) -> Tensor:
    inverse, info = torch.linalg_inv_ex(A)
    _check_nonsingular(info, "linalg.inv")
    return inverse


def inverse(self: Tensor) -> Tensor:
    return torch.linalg_inv(self)


def _solve(A: Tensor, B: Tensor, left: bool) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    n = _check_square("linalg.solve", A)
    if B.dim() < 2:
        raise RuntimeError("linalg.solve: The input tensor B must have at least 2 dimensions.")
    if n != B.size(-2 if left else -1):
        raise RuntimeError(
            "linalg.solve: Incompatible shapes of A and B for the equation {} = B ({}x{} and {}x{})".format(
                "AX" if left else "XA", n, n, B.size(-2), B.size(-1)
            )
        )
    LU, pivots, info = torch.linalg_lu_factor_ex(A)
    return torch.linalg_lu_solve(LU, pivots, B, left=left), LU, pivots, info


# As in NumPy, B holds vectors where it has no dim more than there are batches, rows and no columns.
def _linalg_solve_ex(
    A: Tensor, B: Tensor, left: bool = True, check_errors: bool = False
) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    _check_float_matrix("linalg.solve", A, True)
    if A.dtype != B.dtype:
        raise RuntimeError(
            "linalg.solve: Expected A and B to have the same dtype, but found A of type {} and B of type {} "
            "instead".format(_dtype_name(A.dtype), _dtype_name(B.dtype))
        )
    if B.dim() == 1 or (A.dim() - 1 == B.dim() and B.size() == A.size()[:-1]):
        columns = B.unsqueeze(-1) if B.dim() == 1 else B.reshape(A.size()[:-1] + [1])
        X, LU, pivots, info = _solve(A, columns, left)
        if not left:
            raise RuntimeError(
                "linalg.solve: Vector broadcasting of the left hand side is not supported for left=False. In this "
                "case linalg.solve is equivalent to B / A.squeeze(-1)"
            )
        if check_errors:
            _check_solvable(info, "torch.linalg.solve_ex")
        return X.squeeze(-1), LU, pivots, info
    X, LU, pivots, info = _solve(A, B, left)
    if check_errors:
        _check_solvable(info, "torch.linalg.solve_ex")
    return X, LU, pivots, info


def linalg_solve_ex(A: Tensor, B: Tensor, left: bool = True, check_errors: bool = False) -> Tuple[Tensor, Tensor]:
    X, LU, pivots, info = torch._linalg_solve_ex(A, B, left=left, check_errors=check_errors)
    return X, info


def linalg_solve(A: Tensor, B: Tensor, left: bool = True) -> Tensor:
    X, LU, pivots, info = torch._linalg_solve_ex(A, B, left=left)
    _check_solvable(info, "torch.linalg.solve")
    return X


def lu_solve(self: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    return torch.linalg_lu_solve(LU_data, LU_pivots, self)


# Of the solvers that came before torch.linalg: b is the first argument.
def _check_solver_inputs(name: str, b: Tensor, A: Tensor) -> bool:
    if b.dtype != A.dtype:
        raise RuntimeError(
            "Expected b and A to have the same dtype, but found b of type {} and A of type {} instead.".format(
                _dtype_name(b.dtype), _dtype_name(A.dtype)
            )
        )
    if A.size(-1) != A.size(-2):
        raise RuntimeError(
            "A must be batches of square matrices, but they are {} by {} matrices".format(A.size(-2), A.size(-1))
        )
    if A.size(-1) != b.size(-2):
        raise RuntimeError(
            "Incompatible matrix sizes for {}: each A matrix is {} by {} but each b matrix is {} by {}".format(
                name, A.size(-1), A.size(-1), b.size(-2), b.size(-1)
            )
        )
    return True


def triangular_solve(
    self: Tensor, A: Tensor, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> Tuple[Tensor, Tensor]:
    if self.dim() < 2:
        raise RuntimeError(
            "torch.triangular_solve: Expected b to have at least 2 dimensions, but it has {} dimensions instead".format(
                self.dim()
            )
        )
    if A.dim() < 2:
        raise RuntimeError(
            "torch.triangular_solve: Expected A to have at least 2 dimensions, but it has {} dimensions instead".format(
                A.dim()
            )
        )
    _check_solver_inputs("triangular_solve", self, A)
    _check_kernel("triangular_solve_cpu", self)
    is_upper = upper
    matrix = A
    if transpose:
        is_upper = not upper
        matrix = A.transpose(-2, -1)
    X = torch.linalg_solve_triangular(matrix, self, upper=is_upper, unitriangular=unitriangular)
    return X, A.expand(X.size()[:-2] + A.size()[-2:]).clone()


# Roots of positive-definite matrices.


def _check_eigh(A: Tensor, UPLO: str) -> bool:
    _check_square("linalg.eigh", A)
    if UPLO.upper() != "L" and UPLO.upper() != "U":
        raise RuntimeError("Expected UPLO argument to be 'L' or 'U', but got {}".format(UPLO))
    if _is_integral(A) or A.dtype == 5 or A.dtype == 15:
        raise RuntimeError("\"linalg_eigh_cpu\" not implemented for '{}'".format(_dtype_name(A.dtype)))
    return True


def linalg_eigh(self: Tensor, UPLO: str = "L") -> Tuple[Tensor, Tensor]:
    _check_eigh(self, UPLO)
    return torch._linalg_eigh(self, UPLO, True)


def linalg_eigvalsh(self: Tensor, UPLO: str = "L") -> Tensor:
    _check_eigh(self, UPLO)
    return torch._linalg_eigh(self, UPLO, False)[0]


def linalg_cholesky(self: Tensor, upper: bool = False) -> Tensor:
    L, info = torch.linalg_cholesky_ex(self, upper=upper)
    _check_positive(info, "linalg.cholesky")
    return L


def cholesky(self: Tensor, upper: bool = False) -> Tensor:
    _check_square("cholesky", self)
    _check_kernel("cholesky_cpu", self)
    L, info = torch.linalg_cholesky_ex(self, upper=upper)
    _check_positive(info, "cholesky")
    return L


def cholesky_solve(self: Tensor, input2: Tensor, upper: bool = False) -> Tensor:
    if self.dim() < 2:
        raise RuntimeError("b should have at least 2 dimensions, but has {} dimensions instead".format(self.dim()))
    if input2.dim() < 2:
        raise RuntimeError("u should have at least 2 dimensions, but has {} dimensions instead".format(input2.dim()))
    _check_solver_inputs("cholesky_solve", self, input2)
    _check_kernel("cholesky_solve_cpu", self)
    other = torch.adjoint(input2)
    if upper:
        half = torch.linalg_solve_triangular(other, self, upper=False)
        return torch.linalg_solve_triangular(input2, half, upper=True)
    half = torch.linalg_solve_triangular(input2, self, upper=False)
    return torch.linalg_solve_triangular(other, half, upper=True)


def cholesky_inverse(self: Tensor, upper: bool = False) -> Tensor:
    n = _check_square("cholesky_inverse", self)
    _check_kernel("cholesky_inverse_out_cpu", self)
    return torch.cholesky_solve(torch.eye(n, dtype=self.dtype), self, upper)


# Determinants. LibTorch factors the transposes of real matrices, which decides how results are rounded.


def _lu_of_determinant(A: Tensor) -> Tuple[Tensor, Tensor]:
    LU, pivots, info = torch.linalg_lu_factor_ex(A if A.is_complex() else A.transpose(-2, -1))
    return LU, pivots


# Each exchange changes the sign.
def _permutation_sign(pivots: Tensor) -> Tensor:
    exchanges = torch.sum(pivots != torch.arange(1, pivots.size(-1) + 1, dtype=3), [-1])
    return 1 - 2 * (exchanges % 2)


def _linalg_det(A: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    _check_square("linalg.det", A)
    _check_float_matrix("linalg.det", A, True)
    LU, pivots = _lu_of_determinant(A)
    return torch.prod(torch.diagonal(LU, 0, -2, -1), -1) * _permutation_sign(pivots), LU, pivots


def linalg_det(A: Tensor) -> Tensor:
    return torch._linalg_det(A)[0]


def det(self: Tensor) -> Tensor:
    return torch._linalg_det(self)[0]


def _sign_and_logarithm(name: str, A: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    _check_square(name, A)
    _check_float_matrix(name, A, False)
    LU, pivots = _lu_of_determinant(A)
    diagonal = torch.diagonal(LU, 0, -2, -1)
    sign = torch.prod(torch.sgn(diagonal), -1) * _permutation_sign(pivots)
    return sign, torch.sum(torch.log(torch.abs(diagonal)), [-1]), LU, pivots


def _linalg_slogdet(A: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    return _sign_and_logarithm("linalg.slogdet", A)


def linalg_slogdet(A: Tensor) -> Tuple[Tensor, Tensor]:
    sign, logabsdet, LU, pivots = _sign_and_logarithm("linalg.slogdet", A)
    return sign, logabsdet


def slogdet(self: Tensor) -> Tuple[Tensor, Tensor]:
    return torch.linalg_slogdet(self)


def logdet(self: Tensor) -> Tensor:
    sign, logabsdet, LU, pivots = _sign_and_logarithm("logdet", self)
    if self.is_complex():
        return torch.log(sign) + logabsdet
    return torch.where(sign == -1, float("nan"), logabsdet)
