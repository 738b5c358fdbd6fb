"""Grids and upsampling."""

F = "torch.nn.functional."

CASES = [
    *[
        (
            f"grid_{mode}_{padding}_{int(align)}",
            f"{F}grid_sample(x, y, mode='{mode}', padding_mode='{padding}', align_corners={align})",
            "f32[2,3,4,5]; f32[2,3,4,2]",
        )
        for mode in ("bilinear", "nearest", "bicubic")
        for padding in ("zeros", "border", "reflection")
        for align in (False, True)
    ],
    *[
        (
            f"grid_volume_{mode}",
            f"{F}grid_sample(x, y, mode='{mode}', align_corners=False)",
            "f32[1,2,3,4,5]; f32[1,2,2,3,3]",
        )
        for mode in ("bilinear", "nearest")
    ],
    ("affine_grid", f"{F}affine_grid(x, [2, 3, 4, 5], align_corners=False)", "f32[2,2,3]"),
    ("affine_grid_corners", f"{F}affine_grid(x, [2, 3, 4, 5], align_corners=True)", "f32[2,2,3]"),
    ("affine_grid_volume", f"{F}affine_grid(x, [2, 3, 1, 4, 5], align_corners=False)", "f32[2,3,4]"),
    *[
        (
            f"linear_{int(align)}",
            f"{F}interpolate(x, 7, mode='linear', align_corners={align})",
            "f32[2,3,4]",
            "f32[1,1,9]",
        )
        for align in (False, True)
    ],
    ("linear_scale", f"{F}interpolate(x, scale_factor=1.7, mode='linear')", "f32[2,3,5]"),
    *[
        (
            f"trilinear_{int(align)}",
            f"{F}interpolate(x, (3, 5, 7), mode='trilinear', align_corners={align})",
            "f32[1,2,4,3,2]",
        )
        for align in (False, True)
    ],
    *[
        (
            f"bicubic_{int(align)}",
            f"{F}interpolate(x, (5, 7), mode='bicubic', align_corners={align})",
            "f32[1,2,4,3]",
            "f32[1,1,9,9]",
        )
        for align in (False, True)
    ],
    ("bicubic_scale", f"{F}interpolate(x, scale_factor=2.0, mode='bicubic')", "f32[1,2,4,3]"),
    *[
        (
            f"{mode}_bytes_{int(align)}",
            f"{F}interpolate(x, (5, 7), mode='{mode}', align_corners={align})",
            "u8[1,2,4,3]",
            "u8[2,3,9,16]",
            "u8[1,6,5,7]",
            "u8[1,3,1,2]",
        )
        for align in (False, True)
        for mode in ("bilinear", "bicubic")
    ],
    (
        "bilinear_bytes_scale",
        f"{F}interpolate(x, scale_factor=2.0, mode='bilinear'), {F}interpolate(x, scale_factor=(0.7, 1.3), mode='bilinear')",
        "u8[1,3,9,7]",
    ),
    ("bilinear_bytes_measured", f"{F}interpolate(x, [y, z], mode='bilinear')", "u8[1,3,9,7]; int=4; int=7"),
    ("bytes_size", "torch._C._nn.upsample_bilinear2d(x, [5, 7], False)", "u8[1,2,4,3]"),
    *[
        (
            f"copied_{name}",
            f"y = {F}interpolate(x, [x.size(2), x.size(3)], {options})\ny.add_(1)\nx, y",
            "u8[1,3,5,7]",
            "f32[1,3,5,7]",
        )
        for name, options in (("bilinear", "mode='bilinear'"), ("smooth", "mode='bicubic', antialias=True"))
    ],
    *[
        (
            f"{mode}_smooth_{int(align)}",
            f"{F}interpolate(x, (5, 7), mode='{mode}', align_corners={align}, antialias=True)",
            "f32[1,2,14,9]",
            "f64[2,1,3,30]",
            "f32[1,3,5,7]",
            "f32[1,1,1,1]",
            "u8[1,3,14,9]",
            "u8[1,6,3,30]",
            "u8[2,2,5,17]",
        )
        for mode in ("bilinear", "bicubic")
        for align in (False, True)
    ],
    *[
        (
            f"{mode}_smooth_scale",
            f"{F}interpolate(x, scale_factor=0.37, mode='{mode}', antialias=True)",
            "f32[1,2,14,9]",
        )
        for mode in ("bilinear", "bicubic")
    ],
    (
        "smooth_scales",
        f"{F}interpolate(x, scale_factor=(1.05, 0.4), mode='bilinear', antialias=True)",
        "u8[1,3,9,9]",
        "f32[1,3,9,9]",
    ),
    ("smooth_edges", f"{F}interpolate(x, (4, 5), mode='bilinear', antialias=True)", "f32[1,1,9,11]!"),
    ("smooth_measured", f"{F}interpolate(x, (y, z), mode='bicubic', antialias=True)", "f32[1,2,9,7]; int=4; int=7"),
    ("smooth_size", "torch._C._nn._upsample_bilinear2d_aa(x, [5, 7], False)", "f32[1,2,4,9]"),
    ("smooth_size_cubic", "torch._C._nn._upsample_bicubic2d_aa(x, [5, 7], False)", "f32[1,2,4,9]"),
    ("nearest_exact_1", f"{F}interpolate(x, 7, mode='nearest-exact')", "f32[1,2,4]"),
    (
        "bilinear_aligned_measured",
        f"{F}interpolate(x, (5, 7), mode='bilinear', align_corners=y > 1)",
        "f32[1,2,4,3]; int=1",
        "f32[1,2,4,3]; int=2",
        "f32[1,2,9,1]; int=2",
    ),
    (
        "resized_in_mode",
        f"mode = 'bilinear' if y > 1 else 'nearest-exact'\n{F}interpolate(x, [z, 5], mode=mode)",
        "f32[1,2,4,3]; int=1; int=6",
        "f32[1,2,4,3]; int=2; int=2",
    ),
    ("bilinear_size", "torch._C._nn.upsample_bilinear2d(x, [5, 7], False)", "f32[1,2,4,3]"),
    ("nearest_size", "torch._C._nn.upsample_nearest2d(x, [5, 7])", "f32[1,2,4,3]"),
    ("nearest_size_1", "torch._C._nn.upsample_nearest1d(x, [9])", "f32[2,3,4]"),
    ("nearest_size_3", "torch._C._nn.upsample_nearest3d(x, [3, 5, 7])", "f32[1,2,4,3,2]"),
    ("nearest_exact_size", "torch._C._nn._upsample_nearest_exact2d(x, [5, 7])", "f32[1,2,4,3]"),
    (
        "max_unpool",
        "y = torch.arange(x.numel()).reshape(x.size()) * 2\ntorch._C._nn.max_unpool2d(x, y, [5, 6])",
        "f32[1,1,3,4]",
    ),
    ("nearest_exact_2", f"{F}interpolate(x, (3, 8), mode='nearest-exact')", "f32[1,2,4,5]"),
]
