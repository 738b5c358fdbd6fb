"""Losses, with each reduction."""

PAIR = "f32[4,5]; f32[4,5]"
F = "torch.nn.functional."

CASES = [
    *[
        (f"{name}_{reduction}", f"{F}{name}(x, y, reduction='{reduction}')", PAIR)
        for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "soft_margin_loss", "hinge_embedding_loss")
        for reduction in ("none", "mean", "sum")
    ],
    ("kl_div", f"{F}kl_div(x, y, reduction='batchmean')", "f32[4,5]; f32[4,5]+"),
    ("bce", f"{F}binary_cross_entropy(x, y)", "f32[4,5]01; f32[4,5]01"),
    ("bce_logits", f"{F}binary_cross_entropy_with_logits(x, y, z)", "f32[4,5]; f32[4,5]01; f32[5]+"),
    ("poisson", f"{F}poisson_nll_loss(x, y, full=True)", "f32[4,5]; f32[4,5]+"),
    ("triplet", f"{F}triplet_margin_loss(x, y, z, swap=True)", "f32[4,5]; f32[4,5]; f32[4,5]"),
    *[
        (
            f"nll_{reduction}",
            f"{F}nll_loss(x, y, reduction='{reduction}')",
            "f32[4,5]; i64[4]<5",
            "f32[5]; i64[]<5",
            "f32[2,5,3]; i64[2,3]<5",
        )
        for reduction in ("none", "mean", "sum")
    ],
    ("nll_weight", f"{F}nll_loss(x, y, z, ignore_index=2)", "f32[9,5]; i64[9]<5; f32[5]+"),
    ("nll_images", f"{F}nll_loss(x, y, reduction='mean')", "f32[2,3,4,5]; i64[2,4,5]<3"),
    *[
        (
            f"cross_entropy_{reduction}",
            f"{F}cross_entropy(x, y, reduction='{reduction}', ignore_index=1)",
            "f32[6,5]; i64[6]<5",
            "f32[5]; i64[]<5",
            "f32[2,5,3]; i64[2,3]<5",
        )
        for reduction in ("none", "mean", "sum")
    ],
    *[
        (
            f"cross_entropy_smooth_{reduction}",
            f"{F}cross_entropy(x, y, z, reduction='{reduction}', label_smoothing=0.1)",
            "f32[6,5]; i64[6]<5; f32[5]+",
            "f32[2,5,3]; i64[2,3]<5; f32[5]+",
        )
        for reduction in ("none", "mean", "sum")
    ],
    (
        "cross_entropy_shares",
        f"{F}cross_entropy(x, y, label_smoothing=0.2)",
        "f32[6,5]; f32[6,5]01",
        "f32[2,5,3]; f32[2,5,3]01",
    ),
    ("cross_entropy_shares_weight", f"{F}cross_entropy(x, y, z, reduction='none')", "f32[6,5]; f32[6,5]01; f32[5]+"),
    ("multi_margin", f"{F}multi_margin_loss(x, y)", "f32[6,5]; i64[6]<5", "f32[5]; i64[]<5"),
    (
        "multi_margin_2",
        f"{F}multi_margin_loss(x, y, p=2, margin=0.5, weight=z, reduction='none')",
        "f32[6,5]; i64[6]<5; f32[5]+",
    ),
    ("multilabel_margin", f"{F}multilabel_margin_loss(x, y - 1)", "f32[3,5]; i64[3,5]<6", "f32[5]; i64[5]<6"),
    ("cosine_embedding", f"{F}cosine_embedding_loss(x, y, torch.sign(z), margin=0.1)", "f32[4,5]; f32[4,5]; f32[4]"),
    ("cosine_embedding_one", f"{F}cosine_embedding_loss(x, y, z)", "f32[5]; f32[5]; i64[]"),
]
