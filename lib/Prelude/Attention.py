# Attention layers as compositions of core operators; see Elementwise.py.


def _masked_scores(scores: Tensor, mask: Tensor, mask_type: Optional[int]) -> Tensor:
    # True is left out. The kinds are 0 of [queries, keys] for all, 1 of [batch, keys], 2 of the shape of the scores.
    left_out = mask.to(11)
    kind = 2
    if mask_type is not None:
        kind = mask_type
    if kind == 1:
        left_out = left_out.reshape([scores.size(0), 1, 1, scores.size(3)])
    return torch.masked_fill(scores, left_out, float("-inf"))


# Of the weights there is no tensor unless they are asked for.
def _native_multi_head_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim: int,
    num_head: int,
    qkv_weight: Tensor,
    qkv_bias: Tensor,
    proj_weight: Tensor,
    proj_bias: Tensor,
    mask: Optional[Tensor] = None,
    need_weights: bool = True,
    average_attn_weights: bool = True,
    mask_type: Optional[int] = None,
) -> Tuple[Tensor, Optional[Tensor]]:
    # One input for all three is one product, of which the parts are taken.
    if query is key and key is value:
        q, k, v = torch.chunk(torch.linear(query, qkv_weight, qkv_bias), 3, -1)
    else:
        q_weight, k_weight, v_weight = torch.chunk(qkv_weight, 3, 0)
        q_bias, k_bias, v_bias = torch.chunk(qkv_bias, 3, 0)
        q = torch.linear(query, q_weight, q_bias)
        k = torch.linear(key, k_weight, k_bias)
        v = torch.linear(value, v_weight, v_bias)
    size = embed_dim // num_head
    q = q.reshape([query.size(0), query.size(1), num_head, size]).transpose(1, 2)
    k = k.reshape([key.size(0), key.size(1), num_head, size]).transpose(1, 2)
    v = v.reshape([value.size(0), value.size(1), num_head, size]).transpose(1, 2)
    weights: Optional[Tensor] = None
    if mask is None and not need_weights:
        attended = torch.scaled_dot_product_attention(q, k, v)
    else:
        scores = torch.matmul(q * (float(size) ** -0.5), k.transpose(2, 3))
        if mask is not None:
            scores = _masked_scores(scores, mask, mask_type)
        probabilities = torch.softmax(scores, -1)
        attended = torch.matmul(probabilities, v)
        if need_weights:
            weights = probabilities
            if average_attn_weights:
                weights = torch.mean(probabilities, [1])
    joined = attended.transpose(1, 2).reshape([query.size(0), query.size(1), embed_dim])
    return torch.linear(joined, proj_weight, proj_bias), weights


def _feed_forward(
    x: Tensor, weight_1: Tensor, bias_1: Tensor, weight_2: Tensor, bias_2: Tensor, use_gelu: bool
) -> Tensor:
    hidden = torch.linear(x, weight_1, bias_1)
    hidden = torch.gelu(hidden) if use_gelu else torch.relu(hidden)
    return torch.linear(hidden, weight_2, bias_2)


def _transformer_encoder_layer_fwd(
    src: Tensor,
    embed_dim: int,
    num_heads: int,
    qkv_weight: Tensor,
    qkv_bias: Tensor,
    proj_weight: Tensor,
    proj_bias: Tensor,
    use_gelu: bool,
    norm_first: bool,
    eps: float,
    norm_weight_1: Tensor,
    norm_bias_1: Tensor,
    norm_weight_2: Tensor,
    norm_bias_2: Tensor,
    ffn_weight_1: Tensor,
    ffn_bias_1: Tensor,
    ffn_weight_2: Tensor,
    ffn_bias_2: Tensor,
    mask: Optional[Tensor] = None,
    mask_type: Optional[int] = None,
) -> Tensor:
    x = src
    if norm_first:
        x = torch.layer_norm(x, [embed_dim], norm_weight_1, norm_bias_1, eps)
    attended, _ = torch._native_multi_head_attention(
        x, x, x, embed_dim, num_heads, qkv_weight, qkv_bias, proj_weight, proj_bias, mask, False, True, mask_type
    )
    x = src + attended
    if norm_first:
        normed = torch.layer_norm(x, [embed_dim], norm_weight_2, norm_bias_2, eps)
        return x + _feed_forward(normed, ffn_weight_1, ffn_bias_1, ffn_weight_2, ffn_bias_2, use_gelu)
    x = torch.layer_norm(x, [embed_dim], norm_weight_1, norm_bias_1, eps)
    x = x + _feed_forward(x, ffn_weight_1, ffn_bias_1, ffn_weight_2, ffn_bias_2, use_gelu)
    return torch.layer_norm(x, [embed_dim], norm_weight_2, norm_bias_2, eps)
