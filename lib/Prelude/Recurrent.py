# Recurrent cells and layers as compositions of core operators; see Elementwise.py.


def _check_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, gates: int) -> bool:
    if input.size(-1) != w_ih.size(1):
        raise RuntimeError("input has inconsistent input_size: got {} expected {}".format(input.size(-1), w_ih.size(1)))
    if hx.size(-1) != w_hh.size(1):
        raise RuntimeError(
            "hidden0 has inconsistent hidden_size: got {}, expected {}".format(hx.size(-1), w_hh.size(1))
        )
    if input.dim() > 1 and hx.dim() > 1:
        if input.size(0) != hx.size(0):
            raise RuntimeError(
                "Input batch size {} doesn't match hidden0 batch size {}".format(input.size(0), hx.size(0))
            )
    if w_ih.size(0) != gates * hx.size(-1):
        raise RuntimeError(
            "weight_ih first dim must be {} * hidden_size = {}, but got {}".format(
                gates, gates * hx.size(-1), w_ih.size(0)
            )
        )
    return True


def lstm_cell(
    input: Tensor,
    hx: List[Tensor],
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Optional[Tensor] = None,
    b_hh: Optional[Tensor] = None,
) -> Tuple[Tensor, Tensor]:
    _check_cell(input, hx[0], w_ih, w_hh, 4)
    gates = torch.linear(input, w_ih, b_ih) + torch.linear(hx[0], w_hh, b_hh)
    i, f, g, o = torch.chunk(gates, 4, -1)
    c = torch.sigmoid(f) * hx[1] + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def gru_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Optional[Tensor] = None,
    b_hh: Optional[Tensor] = None,
) -> Tensor:
    _check_cell(input, hx, w_ih, w_hh, 3)
    ir, iz, inew = torch.chunk(torch.linear(input, w_ih, b_ih), 3, -1)
    hr, hz, hnew = torch.chunk(torch.linear(hx, w_hh, b_hh), 3, -1)
    n = torch.tanh(inew + torch.sigmoid(ir + hr) * hnew)
    z = torch.sigmoid(iz + hz)
    return (hx - n) * z + n


def rnn_tanh_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Optional[Tensor] = None,
    b_hh: Optional[Tensor] = None,
) -> Tensor:
    _check_cell(input, hx, w_ih, w_hh, 1)
    return torch.tanh(torch.linear(input, w_ih, b_ih) + torch.linear(hx, w_hh, b_hh))


def rnn_relu_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Optional[Tensor] = None,
    b_hh: Optional[Tensor] = None,
) -> Tensor:
    return torch.relu(torch.linear(input, w_ih, b_ih) + torch.linear(hx, w_hh, b_hh))


# Layers. What a layer makes of its input is one product over all steps, outside of the loop; only the product with the
# state is left in it. `params` holds the weights of a cell one after the other: of the input, of the state, both biases
# if there are any, and the projection of an LSTM that has one.


def _order(x: Tensor, batch_first: bool) -> Tensor:
    return x.transpose(0, 1) if batch_first else x


def _input(x: Tensor, batch_first: bool) -> Tensor:
    x = _order(x, batch_first)
    if x.size(0) == 0:
        raise RuntimeError("Expected sequence length to be larger than 0 in RNN")
    return x


def _biases(params: List[Tensor], first: int, has_biases: bool) -> Tuple[Optional[Tensor], Optional[Tensor]]:
    input_bias: Optional[Tensor] = None
    state_bias: Optional[Tensor] = None
    if has_biases:
        input_bias = params[first + 2]
        state_bias = params[first + 3]
    return input_bias, state_bias


def _between_layers(outputs: List[Tensor], dropout: float, train: bool, is_last: bool) -> Tensor:
    x = outputs[0] if len(outputs) == 1 else torch.cat(outputs, 2)
    if train and dropout > 0.0 and not is_last:
        x = torch.dropout(x, dropout, train)
    return x


def _project(h: Tensor, projection: Optional[Tensor]) -> Tensor:
    return h if projection is None else torch.linear(h, projection)


def _where_inside(inside: Optional[Tensor], step: int, new: Tensor, old: Tensor) -> Tensor:
    # The state of a sequence that has no such step stays.
    return new if inside is None else torch.where(inside[step].unsqueeze(1), new, old)


def _lstm_steps(
    x: Tensor,
    h: Tensor,
    c: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Optional[Tensor],
    b_hh: Optional[Tensor],
    projection: Optional[Tensor],
    backward: bool,
    inside: Optional[Tensor],
) -> Tuple[Tensor, Tensor, Tensor]:
    bias = b_ih
    if b_ih is not None and b_hh is not None:
        bias = b_ih + b_hh
    gates = torch.linear(x, w_ih, bias)
    steps = x.size(0)
    output = torch.zeros([steps, h.size(0), h.size(1)], dtype=x.dtype)
    for step in range(steps):
        at = steps - 1 - step if backward else step
        i, f, g, o = torch.chunk(gates[at] + torch.linear(h, w_hh), 4, 1)
        cell = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        c = _where_inside(inside, at, cell, c)
        h = _where_inside(inside, at, _project(torch.sigmoid(o) * torch.tanh(cell), projection), h)
        output = torch.select_scatter(output, h, 0, at)
    return output, h, c


def _lstm(
    x: Tensor,
    hx: List[Tensor],
    params: List[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    inside: Optional[Tensor],
) -> Tuple[Tensor, Tensor, Tensor]:
    directions = 2 if bidirectional else 1
    count = 4 if has_biases else 2
    each = len(params) // (num_layers * directions)
    hs: List[Tensor] = []
    cs: List[Tensor] = []
    for layer in range(num_layers):
        outputs: List[Tensor] = []
        for direction in range(directions):
            cell = layer * directions + direction
            b_ih, b_hh = _biases(params, cell * each, has_biases)
            projection: Optional[Tensor] = None
            if each > count:
                projection = params[cell * each + count]
            output, h, c = _lstm_steps(
                x,
                hx[0][cell],
                hx[1][cell],
                params[cell * each],
                params[cell * each + 1],
                b_ih,
                b_hh,
                projection,
                direction == 1,
                inside,
            )
            outputs.append(output)
            hs.append(h)
            cs.append(c)
        x = _between_layers(outputs, dropout, train, layer == num_layers - 1)
    return x, torch.stack(hs), torch.stack(cs)


def lstm__input(
    input: Tensor,
    hx: List[Tensor],
    params: List[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
) -> Tuple[Tensor, Tensor, Tensor]:
    x = _input(input, batch_first)
    y, h, c = _lstm(x, hx, params, has_biases, num_layers, dropout, train, bidirectional, None)
    return _order(y, batch_first), h, c


def lstm__data(
    data: Tensor,
    batch_sizes: Tensor,
    hx: List[Tensor],
    params: List[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
) -> Tuple[Tensor, Tensor, Tensor]:
    x, inside = _unpack(data, batch_sizes, hx[0].size(1))
    y, h, c = _lstm(x, hx, params, has_biases, num_layers, dropout, train, bidirectional, inside)
    return _pack(y, inside), h, c


def _gru_steps(
    x: Tensor,
    h: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Optional[Tensor],
    b_hh: Optional[Tensor],
    backward: bool,
    inside: Optional[Tensor],
) -> Tuple[Tensor, Tensor]:
    parts = torch.linear(x, w_ih, b_ih)
    steps = x.size(0)
    output = torch.zeros([steps, h.size(0), h.size(1)], dtype=x.dtype)
    for step in range(steps):
        at = steps - 1 - step if backward else step
        ir, iz, inew = torch.chunk(parts[at], 3, 1)
        hr, hz, hnew = torch.chunk(torch.linear(h, w_hh, b_hh), 3, 1)
        n = torch.tanh(inew + torch.sigmoid(ir + hr) * hnew)
        h = _where_inside(inside, at, (h - n) * torch.sigmoid(iz + hz) + n, h)
        output = torch.select_scatter(output, h, 0, at)
    return output, h


def _rnn_steps(
    x: Tensor,
    h: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Optional[Tensor],
    b_hh: Optional[Tensor],
    backward: bool,
    is_relu: bool,
    inside: Optional[Tensor],
) -> Tuple[Tensor, Tensor]:
    bias = b_ih
    if b_ih is not None and b_hh is not None:
        bias = b_ih + b_hh
    parts = torch.linear(x, w_ih, bias)
    steps = x.size(0)
    output = torch.zeros([steps, h.size(0), h.size(1)], dtype=x.dtype)
    for step in range(steps):
        at = steps - 1 - step if backward else step
        total = parts[at] + torch.linear(h, w_hh)
        h = _where_inside(inside, at, torch.relu(total) if is_relu else torch.tanh(total), h)
        output = torch.select_scatter(output, h, 0, at)
    return output, h


def _rnn(
    x: Tensor,
    hx: Tensor,
    params: List[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    inside: Optional[Tensor],
    kind: str,
) -> Tuple[Tensor, Tensor]:
    directions = 2 if bidirectional else 1
    each = 4 if has_biases else 2
    if hx.size(0) != num_layers * directions:
        raise RuntimeError("Expected more hidden states in stacked_rnn")
    hs: List[Tensor] = []
    for layer in range(num_layers):
        outputs: List[Tensor] = []
        for direction in range(directions):
            cell = layer * directions + direction
            b_ih, b_hh = _biases(params, cell * each, has_biases)
            w_ih = params[cell * each]
            w_hh = params[cell * each + 1]
            if kind == "gru":
                output, h = _gru_steps(x, hx[cell], w_ih, w_hh, b_ih, b_hh, direction == 1, inside)
            else:
                output, h = _rnn_steps(x, hx[cell], w_ih, w_hh, b_ih, b_hh, direction == 1, kind == "relu", inside)
            outputs.append(output)
            hs.append(h)
        x = _between_layers(outputs, dropout, train, layer == num_layers - 1)
    return x, torch.stack(hs)


def gru__input(
    input: Tensor,
    hx: Tensor,
    params: List[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
) -> Tuple[Tensor, Tensor]:
    x = _input(input, batch_first)
    y, h = _rnn(x, hx, params, has_biases, num_layers, dropout, train, bidirectional, None, "gru")
    return _order(y, batch_first), h


def gru__data(
    data: Tensor,
    batch_sizes: Tensor,
    hx: Tensor,
    params: List[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
) -> Tuple[Tensor, Tensor]:
    x, inside = _unpack(data, batch_sizes, hx.size(1))
    y, h = _rnn(x, hx, params, has_biases, num_layers, dropout, train, bidirectional, inside, "gru")
    return _pack(y, inside), h


def rnn_tanh__input(
    input: Tensor,
    hx: Tensor,
    params: List[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
) -> Tuple[Tensor, Tensor]:
    x = _input(input, batch_first)
    y, h = _rnn(x, hx, params, has_biases, num_layers, dropout, train, bidirectional, None, "tanh")
    return _order(y, batch_first), h


def rnn_tanh__data(
    data: Tensor,
    batch_sizes: Tensor,
    hx: Tensor,
    params: List[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
) -> Tuple[Tensor, Tensor]:
    x, inside = _unpack(data, batch_sizes, hx.size(1))
    y, h = _rnn(x, hx, params, has_biases, num_layers, dropout, train, bidirectional, inside, "tanh")
    return _pack(y, inside), h


def rnn_relu__input(
    input: Tensor,
    hx: Tensor,
    params: List[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
) -> Tuple[Tensor, Tensor]:
    x = _input(input, batch_first)
    y, h = _rnn(x, hx, params, has_biases, num_layers, dropout, train, bidirectional, None, "relu")
    return _order(y, batch_first), h


def rnn_relu__data(
    data: Tensor,
    batch_sizes: Tensor,
    hx: Tensor,
    params: List[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
) -> Tuple[Tensor, Tensor]:
    x, inside = _unpack(data, batch_sizes, hx.size(1))
    y, h = _rnn(x, hx, params, has_biases, num_layers, dropout, train, bidirectional, inside, "relu")
    return _pack(y, inside), h


# Packed sequences: the steps of all sequences that are so long, one step after the other, the longest sequence first.
# Layers work on all steps of all sequences.


def _unpack(data: Tensor, batch_sizes: Tensor, batch: int) -> Tuple[Tensor, Tensor]:
    # Steps of sequences, and which there are.
    place = torch.arange(batch)
    count = batch_sizes.unsqueeze(1)
    first = (torch.cumsum(batch_sizes, 0) - batch_sizes).unsqueeze(1)
    at = torch.clamp_max(first + place, data.size(0) - 1)
    return torch.index(data, [at]), place < count


def _pack(x: Tensor, inside: Tensor) -> Tensor:
    places = torch.nonzero(inside)
    return torch.index(x, [places.select(1, 0), places.select(1, 1)])


def _pack_padded_sequence(input: Tensor, lengths: Tensor, batch_first: bool) -> Tuple[Tensor, Tensor]:
    x = _input(input, batch_first)
    if x.numel() == 0:
        raise RuntimeError("Cannot pack empty tensors.")
    batch = x.size(1)
    if lengths.size(0) != batch:
        raise RuntimeError(
            "Expected `len(lengths)` to be equal to batch_size, but got {} (batch_size={})".format(
                lengths.size(0), batch
            )
        )
    if int(lengths[batch - 1]) <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
        )
    if bool(torch.any(torch.slice(lengths, 0, 1) > torch.slice(lengths, 0, 0, batch - 1))):
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
            "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you "
            "do not need ONNX exportability."
        )
    inside = torch.arange(int(lengths[0])).unsqueeze(1) < lengths
    return _pack(torch.slice(x, 0, 0, int(lengths[0])), inside), torch.sum(inside, [1])


def _pad_packed_sequence(
    data: Tensor, batch_sizes: Tensor, batch_first: bool, padding_value: number, total_length: int
) -> Tuple[Tensor, Tensor]:
    missing = max(total_length - batch_sizes.size(0), 0)
    counts = torch.cat([batch_sizes, torch.zeros([missing], dtype=4)])
    x, inside = _unpack(data, counts, int(batch_sizes[0]))
    x = torch.masked_fill(x, torch.logical_not(inside).unsqueeze(2), padding_value)
    return _order(x, batch_first), torch.sum(inside, [0])


def pad_sequence(
    sequences: List[Tensor], batch_first: bool = False, padding_value: float = 0.0, padding_side: str = "right"
) -> Tensor:
    assert padding_side == "left" or padding_side == "right", "padding_side should be either 'right' or 'left'"
    if len(sequences) == 0:
        raise RuntimeError("received an empty list of sequences")
    longest = 0
    for x in sequences:
        longest = max(longest, x.size(0))
    parts: List[Tensor] = []
    for x in sequences:
        missing = longest - x.size(0)
        border = [missing, 0] if padding_side == "left" else [0, missing]
        parts.append(torch.constant_pad_nd(x, [0] * (2 * (x.dim() - 1)) + border, padding_value))
    return torch.stack(parts, 0 if batch_first else 1)
