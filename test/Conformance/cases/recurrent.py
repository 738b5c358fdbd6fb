"""Recurrent layers and packed sequences."""

# Weights.
FIXED = "yz"

PACK = "a, b = torch._pack_padded_sequence(x, torch.tensor([5, 3, 2]), False)\n"
STATE = "s = torch.ones([{0}, x.size(1), 6])\n"

CASES = [
    ("pack", f"{PACK}a, b", "f32[5,3,4]"),
    ("pack_batch_first", "torch._pack_padded_sequence(x, torch.tensor([3, 1]), True)", "f32[2,4,5]"),
    ("pad_packed", f"{PACK}torch._pad_packed_sequence(a, b, True, 2.0, 7)", "f32[5,3,4]"),
    (
        "lstm",
        STATE.format(1) + "torch.lstm(x, [s, s], [y, z], False, 1, 0.0, False, False, False)",
        "f32[5,3,4]; f32[24,4]; f32[24,6]",
    ),
    (
        "gru",
        STATE.format(2) + "torch.gru(x, s, [y, z, y, z], False, 1, 0.0, False, True, False)",
        "f32[5,3,4]; f32[18,4]; f32[18,6]",
    ),
    (
        "lstm_packed",
        PACK + STATE.format(2) + "torch.lstm(a, b, [s, s], [y, z, y, z], False, 1, 0.0, False, True)",
        "f32[5,3,4]; f32[24,4]; f32[24,6]",
    ),
    (
        "gru_packed",
        PACK + STATE.format(2) + "torch.gru(a, b, s, [y, z, y, z], False, 1, 0.0, False, True)",
        "f32[5,3,4]; f32[18,4]; f32[18,6]",
    ),
    (
        "rnn_packed",
        PACK + STATE.format(1) + "torch.rnn_tanh(a, b, s, [y, z], False, 1, 0.0, False, False)",
        "f32[5,3,4]; f32[6,4]; f32[6,6]",
    ),
]
