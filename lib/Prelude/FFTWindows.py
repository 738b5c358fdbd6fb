# Fourier transforms of the windows of a signal, and window functions, as compositions of core operators; see
# Elementwise.py.


def _text_of_flag(flag: Optional[bool]) -> str:
    if flag is None:
        return "None"
    return "1" if flag else "0"


def _text_of_int(number: Optional[int]) -> str:
    return "None" if number is None else str(number)


# LibTorch's name of the type of a tensor.
def _text_of_type(x: Tensor) -> str:
    name = _dtype_name(x.dtype)
    has_legacy_name = x.dtype < 8
    return "torch." + name + "Tensor" if has_legacy_name else "CPU" + name + "Type"


def _text_of_window(window: Optional[Tensor]) -> str:
    if window is None:
        return "None"
    return _text_of_type(window) + "{" + str(window.size()) + "}"


def _is_complex(window: Optional[Tensor]) -> bool:
    if window is None:
        return False
    return window.is_complex()


def _is_window(window: Optional[Tensor], length: int) -> bool:
    if window is None:
        return True
    return window.dim() == 1 and window.size(0) == length


# With zeros on both sides to a length of n.
def _centered(window: Tensor, n: int) -> Tensor:
    size = window.size(0)
    left = (n - size) // 2
    return torch.constant_pad_nd(window, [left, n - size - left], 0) if size < n else window


def _stft_text(
    self: Tensor,
    n_fft: int,
    hop_length: int,
    win_length: int,
    window: Optional[Tensor],
    normalized: bool,
    onesided: Optional[bool],
    return_complex: Optional[bool],
    align_to_window: Optional[bool],
) -> str:
    text = "stft({}{}, n_fft={}, hop_length={}, win_length={}, window={}, normalized={}, onesided={}, ".format(
        _text_of_type(self),
        self.size(),
        n_fft,
        hop_length,
        win_length,
        _text_of_window(window),
        int(normalized),
        _text_of_flag(onesided),
    )
    return text + "return_complex={}, align_to_window={}) : ".format(
        _text_of_flag(return_complex), _text_of_flag(align_to_window)
    )


def _stft(
    self: Tensor,
    n_fft: int,
    hop_length: Optional[int],
    win_length: Optional[int],
    window: Optional[Tensor],
    center: bool,
    pad_mode: str,
    normalized: bool,
    onesided: Optional[bool],
    return_complex: Optional[bool],
    align_to_window: Optional[bool],
) -> Tensor:
    if center and align_to_window is not None:
        raise RuntimeError("stft align_to_window should only be set when center = false.")
    hop = n_fft // 4 if hop_length is None else hop_length
    width = n_fft if win_length is None else win_length
    gives_complex = self.is_complex() or _is_complex(window)
    if return_complex is not None:
        gives_complex = return_complex
    elif not gives_complex:
        raise RuntimeError(
            "stft requires the return_complex parameter be given for real inputs, and will further require that "
            "return_complex=True in a future PyTorch release."
        )
    problem = ""
    if not self.is_floating_point() and not self.is_complex():
        problem = "expected a tensor of floating point or complex values"
    elif self.dim() > 2 or self.dim() < 1:
        problem = "expected a 1D or 2D tensor"
    if problem != "":
        text = _stft_text(self, n_fft, hop, width, window, normalized, onesided, return_complex, align_to_window)
        raise RuntimeError(text + problem)
    x = self.unsqueeze(0) if self.dim() == 1 else self
    if center:
        x = torch.pad(x.unsqueeze(0), [n_fft // 2, n_fft // 2], pad_mode).squeeze(0)
    length = x.size(1)
    if n_fft <= 0 or n_fft > length:
        problem = "expected 0 < n_fft < {}, but got n_fft={}".format(length, width)
    elif hop <= 0:
        problem = "expected hop_length > 0, but got hop_length={}".format(hop)
    elif width <= 0 or width > n_fft:
        problem = "expected 0 < win_length <= n_fft, but got win_length={}".format(width)
    elif window is not None and not _is_window(window, width):
        problem = "expected a 1D window tensor of size equal to win_length={}, but got window with size {}".format(
            width, window.size()
        )
    if problem != "":
        text = _stft_text(self, n_fft, hop, width, window, normalized, onesided, return_complex, align_to_window)
        raise RuntimeError(text + problem)
    if align_to_window is not None and align_to_window:
        # The first window begins, and the last ends, where the signal does.
        left = (n_fft - width) // 2
        x = torch.constant_pad_nd(x, [left, n_fft - width - left], 0)
    x = x.unfold(-1, n_fft, hop)
    if window is not None:
        x = x * _centered(window, n_fft)
    elif width < n_fft:
        x = x * _centered(torch.ones([width], dtype=self.dtype), n_fft)
    mode = 1 if normalized else 0
    is_onesided = not x.is_complex() if onesided is None else onesided
    if x.is_complex():
        if is_onesided:
            raise RuntimeError("Cannot have onesided output if window or input is complex")
        y = torch._fft_c2c(x, [2], mode, True)
    else:
        y = torch._fft_r2c(x, [2], mode, is_onesided)
    y = y.transpose(1, 2)
    if self.dim() == 1:
        y = y.squeeze(0)
    return y if gives_complex else torch.view_as_real(y)


def stft(
    self: Tensor,
    n_fft: int,
    hop_length: Optional[int] = None,
    win_length: Optional[int] = None,
    window: Optional[Tensor] = None,
    normalized: bool = False,
    onesided: Optional[bool] = None,
    return_complex: Optional[bool] = None,
    align_to_window: Optional[bool] = None,
) -> Tensor:
    return _stft(
        self,
        n_fft,
        hop_length,
        win_length,
        window,
        False,
        "constant",
        normalized,
        onesided,
        return_complex,
        align_to_window,
    )


def stft__center(
    self: Tensor,
    n_fft: int,
    hop_length: Optional[int] = None,
    win_length: Optional[int] = None,
    window: Optional[Tensor] = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: Optional[bool] = None,
    return_complex: Optional[bool] = None,
    align_to_window: Optional[bool] = None,
) -> Tensor:
    return _stft(
        self,
        n_fft,
        hop_length,
        win_length,
        window,
        center,
        pad_mode,
        normalized,
        onesided,
        return_complex,
        align_to_window,
    )


# The sum of [channels, frames, n] real numbers of which each frame begins `hop` places behind the one before.
def _overlapped(frames: Tensor, hop: int) -> Tensor:
    n = frames.size(2)
    size = n + hop * (frames.size(1) - 1)
    y = torch.col2im(frames.transpose(1, 2), [1, size], [1, n], [1, 1], [0, 0], [1, hop])
    return y.reshape([frames.size(0), size])


def _istft_text(
    self: Tensor,
    n_fft: int,
    hop_length: int,
    win_length: int,
    window: Optional[Tensor],
    center: bool,
    normalized: bool,
    onesided: Optional[bool],
    length: Optional[int],
    return_complex: bool,
) -> str:
    text = "istft({}{}, n_fft={}, hop_length={}, win_length={}, window={}, center={}, normalized={}, ".format(
        _text_of_type(self),
        self.size(),
        n_fft,
        hop_length,
        win_length,
        _text_of_window(window),
        int(center),
        int(normalized),
    )
    return text + "onesided={}, length={}, return_complex={}) ".format(
        _text_of_flag(onesided), _text_of_int(length), int(return_complex)
    )


def istft(
    self: Tensor,
    n_fft: int,
    hop_length: Optional[int] = None,
    win_length: Optional[int] = None,
    window: Optional[Tensor] = None,
    center: bool = True,
    normalized: bool = False,
    onesided: Optional[bool] = None,
    length: Optional[int] = None,
    return_complex: bool = False,
) -> Tensor:
    hop = n_fft // 4 if hop_length is None else hop_length
    width = n_fft if win_length is None else win_length
    if not self.is_complex():
        raise RuntimeError(
            "istft requires a complex-valued input tensor matching the output from stft with return_complex=True."
        )
    parts = torch.view_as_real(self)
    frames = parts.size(-2)
    rows = parts.size(-3)
    is_onesided = rows != n_fft if onesided is None else onesided
    problem = ""
    if self.numel() == 0:
        problem = ": input tensor cannot be empty."
    elif parts.dim() != 3 and parts.dim() != 4:
        problem = ": expected a tensor with 3 or 4 dimensions, but got {}".format(parts.dim())
    elif is_onesided and n_fft // 2 + 1 != rows:
        problem = (
            ": expected the frequency dimension (3rd to the last) of the input tensor to match n_fft / 2 + 1 when "
            "onesided=True, but got {}".format(rows)
        )
    elif not is_onesided and n_fft != rows:
        problem = (
            ": expected the frequency dimension (3rd to the last) of the input tensor to match n_fft when "
            "onesided=False, but got {}".format(rows)
        )
    elif hop <= 0 or hop > width:
        problem = ": expected 0 < hop_length <= win_length"
    elif width <= 0 or width > n_fft:
        problem = ": expected 0 < win_length <= n_fft"
    elif not _is_window(window, width):
        problem = ": Invalid window shape. window has to be 1D and length of `win_length`"
    if problem != "":
        raise RuntimeError(
            _istft_text(self, n_fft, hop, width, window, center, normalized, onesided, length, return_complex) + problem
        )
    weight = torch.ones([width], dtype=parts.dtype) if window is None else window
    weight = _centered(weight, n_fft)
    x = self.unsqueeze(0) if self.dim() == 2 else self
    x = x.transpose(1, 2)
    mode = 1 if normalized else 2
    size = n_fft + hop * (frames - 1)
    if return_complex:
        if is_onesided:
            raise RuntimeError("Cannot have onesided output if window or input is complex")
        z = torch._fft_c2c(x, [2], mode, False) * weight
        y = torch.complex(_overlapped(z.real, hop), _overlapped(z.imag, hop))
    else:
        if weight.is_complex():
            raise RuntimeError("Complex windows are incompatible with return_complex=False")
        if not is_onesided:
            x = torch.narrow(x, 2, 0, n_fft // 2 + 1)
        y = _overlapped(torch._fft_c2r(x, [2], mode, n_fft) * weight, hop)
    squares = torch.pow(weight, 2).expand([1, frames, n_fft])
    if weight.is_complex():
        envelope = torch.complex(_overlapped(squares.real, hop), _overlapped(squares.imag, hop))
    else:
        envelope = _overlapped(squares, hop)
    start = n_fft // 2 if center else 0
    end = size
    if length is not None:
        end = start + length
    elif center:
        end = -(n_fft // 2)
    y = torch.slice(y, 1, start, end)
    envelope = torch.slice(envelope, 1, start, end)
    if bool(envelope.abs().min() < 1e-11):
        raise RuntimeError(
            _istft_text(self, n_fft, hop, width, window, center, normalized, onesided, length, return_complex)
            + "window overlap add min: 1\n[ CPUBoolType{} ]"
        )
    y = y / envelope
    if self.dim() == 2:
        y = y.squeeze(0)
    return torch.constant_pad_nd(y, [0, end - size], 0) if end > size else y


# Window functions. The periodic ones are the others of one element more, without the last.


def _window_places(name: str, window_length: int, dtype: Optional[int]) -> Tensor:
    kind = 6 if dtype is None else dtype
    if kind < 5 or kind == 11:
        names = ["unsigned char", "signed char", "short int", "int", "long int"]
        raise RuntimeError(
            "{} expects floating point dtypes, got: TensorOptions(dtype={}, device=cpu (default), layout=Strided "
            "(default), requires_grad=false (default), pinned_memory=false (default), memory_format=(nullopt))".format(
                name, "bool" if kind == 11 else names[kind]
            )
        )
    if window_length < 0:
        raise RuntimeError("{} requires non-negative window_length, got window_length={}".format(name, window_length))
    return torch.arange(window_length, dtype=kind)


# The window of 2 pi k / n for the k-th of n elements: alpha - beta cos.
def _cosine_window(name: str, n: int, periodic: bool, alpha: float, beta: float, dtype: Optional[int]) -> Tensor:
    x = _window_places(name, n, dtype)
    if n <= 1:
        return torch.ones_like(x)
    step = 2.0 * 3.141592653589793 / float(n if periodic else n - 1)
    return torch.cos(x * step) * -beta + alpha


def _bartlett_window(n: int, periodic: bool, dtype: Optional[int]) -> Tensor:
    x = _window_places("bartlett_window", n, dtype)
    if n <= 1:
        return torch.ones_like(x)
    last = n if periodic else n - 1
    y = x * (2.0 / float(last))
    return torch.where(x <= last // 2, y, y * -1 + 2)


def _blackman_window(n: int, periodic: bool, dtype: Optional[int]) -> Tensor:
    x = _window_places("blackman_window", n, dtype)
    if n <= 1:
        return torch.ones_like(x)
    y = x * (3.141592653589793 / float(n if periodic else n - 1))
    return torch.cos(y * 4) * 0.08 - torch.cos(y * 2) * 0.5 + 0.42


def _kaiser_window(n: int, periodic: bool, beta: float, dtype: Optional[int]) -> Tensor:
    x = _window_places("kaiser_window", n, dtype)
    if n <= 1:
        return torch.ones_like(x)
    wide = x if x.dtype == 7 else x.to(6)
    half = float(n if periodic else n - 1) / 2.0
    place = (wide - half) / half
    shape = torch.i0(torch.sqrt(1 - place * place) * beta)
    return (shape / torch.i0(torch.scalar_tensor(beta, dtype=wide.dtype))).to(x.dtype)


def hann_window(
    window_length: int,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _cosine_window("hann_window", window_length, True, 0.5, 0.5, dtype)


def hann_window__periodic(
    window_length: int,
    periodic: bool,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _cosine_window("hann_window", window_length, periodic, 0.5, 0.5, dtype)


def hamming_window(
    window_length: int,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _cosine_window("hamming_window", window_length, True, 0.54, 0.46, dtype)


def hamming_window__periodic(
    window_length: int,
    periodic: bool,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _cosine_window("hamming_window", window_length, periodic, 0.54, 0.46, dtype)


def hamming_window__periodic_alpha(
    window_length: int,
    periodic: bool,
    alpha: float,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _cosine_window("hamming_window", window_length, periodic, alpha, 0.46, dtype)


def hamming_window__periodic_alpha_beta(
    window_length: int,
    periodic: bool,
    alpha: float,
    beta: float,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _cosine_window("hamming_window", window_length, periodic, alpha, beta, dtype)


def bartlett_window(
    window_length: int,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _bartlett_window(window_length, True, dtype)


def bartlett_window__periodic(
    window_length: int,
    periodic: bool,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _bartlett_window(window_length, periodic, dtype)


def blackman_window(
    window_length: int,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _blackman_window(window_length, True, dtype)


def blackman_window__periodic(
    window_length: int,
    periodic: bool,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _blackman_window(window_length, periodic, dtype)


def kaiser_window(
    window_length: int,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _kaiser_window(window_length, True, 12.0, dtype)


def kaiser_window__periodic(
    window_length: int,
    periodic: bool,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _kaiser_window(window_length, periodic, 12.0, dtype)


def kaiser_window__beta(
    window_length: int,
    periodic: bool,
    beta: float,
    dtype: Optional[int] = None,
    layout: Optional[int] = None,
    device: Optional[Device] = None,
    pin_memory: Optional[bool] = None,
) -> Tensor:
    return _kaiser_window(window_length, periodic, beta, dtype)
