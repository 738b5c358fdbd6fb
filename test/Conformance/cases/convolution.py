"""Convolutions and pools: strides, pads, dilations, groups, odd sizes."""

F = "torch.nn.functional"
X = "f32[2,3,9,11]; f32[4,3,3,3]; f32[4]"
FILTER = "f = torch.sin(torch.arange(9216, dtype=torch.float32) * 0.37).view(32, 32, 3, 3) * 0.1"

FIXED = "yzw"  # weights

CASES = [
    ("conv2d", f"{F}.conv2d(x, y, z)", X, "f32[1,1,3,3]; f32[1,1,3,3]; f32[1]", "f64[1,2,5,5]; f64[3,2,2,2]; f64[3]"),
    ("conv2d_nobias", f"{F}.conv2d(x, y)", "f32[2,3,9,11]; f32[4,3,3,3]", "f32[1,16,14,14]; f32[32,16,1,1]"),
    ("conv2d_padded", f"{F}.conv2d(x, y, z, padding=1)", X, "f32[1,64,14,14]; f32[64,64,3,3]; f32[64]"),
    # A filter that is constant takes another way than one that is an argument.
    (
        "conv2d_constant",
        f"{FILTER}\n{F}.conv2d(x, f, padding=1)",
        "f32[2,32,23,25]",
        "f32[1,32,7,7]",
        "f32[1,32,56,56]",
    ),
    (
        "conv2d_constant_fused",
        f"{FILTER}\ntorch.relu({F}.conv2d(x, f, padding=[0, 2]) + y)",
        "f32[1,32,21,30]; f32[32,1,1]",
    ),
    ("conv2d_strided", f"{F}.conv2d(x, y, z, stride=2, padding=1)", X, "f32[1,3,32,32]; f32[16,3,7,7]; f32[16]"),
    ("conv2d_uneven", f"{F}.conv2d(x, y, z, stride=[2, 1], padding=[0, 2])", X),
    ("conv2d_dilated", f"{F}.conv2d(x, y, z, dilation=2, padding=2)", X),
    ("conv2d_grouped", f"{F}.conv2d(x, y, z, groups=2)", "f32[2,4,7,7]; f32[6,2,3,3]; f32[6]"),
    (
        "conv2d_depthwise",
        f"{F}.conv2d(x, y, z, padding=1, groups=y.size(0))",
        "f32[1,24,14,14]; f32[24,1,3,3]; f32[24]",
        "f32[2,5,7,9]; f32[5,1,3,3]; f32[5]",
    ),
    (
        "conv2d_depthwise_5x5",
        f"{F}.conv2d(x, y, z, stride=2, padding=2, groups=16)",
        "f32[1,16,15,15]; f32[16,1,5,5]; f32[16]",
    ),
    ("conv2d_multiplier", f"{F}.conv2d(x, y, z, groups=3)", "f32[1,3,7,7]; f32[6,1,3,3]; f32[6]"),
    ("conv2d_same", f"{F}.conv2d(x, y, padding='same')", "f32[1,2,6,6]; f32[3,2,3,3]"),
    ("conv1d", f"{F}.conv1d(x, y, z, stride=2, padding=1)", "f32[2,3,17]; f32[4,3,3]; f32[4]"),
    ("conv3d", f"{F}.conv3d(x, y)", "f32[1,2,4,5,6]; f32[3,2,2,2,2]"),
    # Windows, channels and padding that only run time knows.
    ("conv1d_window", f"{F}.conv1d(x, torch.ones([1, 1, y]) / y)", "f32[2,1,17]; int=5"),
    ("conv1d_window_padded", f"{F}.conv1d(x, torch.ones([3, 2, y]), w, 2, z)", "f32[2,2,17]; int=4; int=2; f32[3]"),
    ("conv1d_window_same", f"{F}.conv1d(x, torch.ones([1, 1, y]), padding='same', dilation=2)", "f32[1,9]; int=4"),
    ("conv1d_window_half", f"{F}.conv1d(x, torch.full([1, 1, y], 0.25, dtype=torch.half))", "f16[1,1,9]; int=3"),
    (
        "conv2d_window",
        f"{F}.conv2d(x, y[:, :, :z, :w], stride=[2, 1], padding=[z // 2, 1], dilation=[1, 2])",
        "f32[2,3,9,11]; f32[4,3,3,3]; int=3; int=2",
    ),
    (
        "conv2d_window_grouped",
        f"{F}.conv2d(x, y[:, :, :z, :w], groups=2, padding='valid')",
        "f32[2,4,7,8]; f32[6,2,3,3]; int=2; int=3",
    ),
    (
        "conv2d_window_depthwise",
        f"{F}.conv2d(x, y[:, :, :z, :z] * 0.5, w, padding='same', groups=3)",
        "f32[1,3,7,7]; f32[3,1,5,5]; int=3; f32[3]",
    ),
    ("conv2d_channels", f"{F}.conv2d(x[:, :z], y[:w, :z])", "f32[2,4,7,8]; f32[6,4,3,3]; int=3; int=4"),
    ("conv2d_groups_of_channels", f"{F}.conv2d(x, y[:z], groups=2)", "f32[2,4,7,8]; f32[6,2,3,3]; int=4"),
    (
        "conv2d_groups_of_sizes",
        f"{F}.conv2d(x, y[:, :, :z].expand([x.size(1), 1, z, 2]), padding=1, groups=x.size(1))",
        "f32[2,3,7,8]; f32[1,1,3,2]; int=3",
    ),
    (
        "conv2d_groups_of_batch",
        f"{F}.conv2d(x.view([1, -1, 5, 6]), x[:, :2].reshape([-1, 2, 5, 6])[:, :, :y], groups=x.size(0))",
        "f32[3,2,5,6]; int=3",
    ),
    ("conv1d_groups", f"{F}.conv1d(x, y, z, groups=w)", "f32[2,4,9]; f32[6,2,3]; f32[6]; int=2"),
    ("conv3d_window", f"{F}.conv3d(x, torch.ones([2, 2, y, 2, y]), padding=z)", "f32[1,2,4,5,6]; int=2; int=1"),
    ("conv2d_widths", f"{F}.conv2d(x, y, padding=[z, w])", "f32[2,3,5,6]; f32[4,3,3,3]; int=1; int=0"),
    ("conv_relu", f"torch.relu({F}.conv2d(x, y, z, padding=1)) + 1", X),
    ("conv_add", f"{F}.conv2d(x, y, z, padding=1) + x[:, :1]", X),
    ("conv_transpose2d", f"{F}.conv_transpose2d(x, y, z, stride=2)", "f32[1,3,5,5]; f32[3,4,2,2]; f32[4]"),
    ("max_pool2d", f"{F}.max_pool2d(x, 2)", "f32[2,3,8,9]", "f64[1,1,4,4]"),
    ("max_pool2d_padded", f"{F}.max_pool2d(x, 3, stride=2, padding=1)", "f32[1,4,14,15]"),
    *[
        (
            f"{name}_ceil_measured",
            f"{F}.{name}(x, 2, ceil_mode=y > 1)",
            *(f"f32[2,{shape}]; int={y}" for y in (1, 2)),
        )
        for name, shape in (
            ("max_pool1d", "3,7"),
            ("max_pool2d", "3,7,9"),
            ("max_pool3d", "3,3,4,5"),
            ("avg_pool2d", "3,7,9"),
            ("max_pool2d_with_indices", "3,7,9"),
        )
    ],
    ("max_pool2d_ceil", f"{F}.max_pool2d(x, 2, ceil_mode=True)", "f32[1,4,7,9]"),
    ("max_pool1d", f"{F}.max_pool1d(x, 3, stride=1)", "f32[2,3,8]"),
    ("max_pool2d_indices", f"{F}.max_pool2d_with_indices(x, 2)", "f32[2,3,8,9]", "f64[1,1,4,4]", "f32[3,8,9]"),
    (
        "max_pool2d_indices_padded",
        f"{F}.max_pool2d_with_indices(x, [3, 2], stride=[2, 1], padding=1)",
        "f32[1,4,14,15]",
        "f16[1,2,7,7]",
    ),
    (
        "max_pool2d_indices_dilated",
        f"{F}.max_pool2d_with_indices(x, 3, stride=2, padding=1, dilation=2, ceil_mode=True)",
        "f32[1,2,11,12]",
    ),
    ("max_pool2d_bytes", f"{F}.max_pool2d(x, 3, stride=2, padding=1)", "ui8[1,4,9,9]"),
    ("max_pool3d_bytes", f"{F}.max_pool3d_with_indices(x, 2, padding=1)", "ui8[1,2,4,5,6]"),
    ("max_pool2d_indices_ties", f"{F}.max_pool2d_with_indices(torch.floor(x), 3, padding=1)", "f32[1,4,9,9]"),
    (
        "max_pool2d_indices_nan",
        f"{F}.max_pool2d_with_indices(torch.where(x > 0.5, torch.full_like(x, float('nan')), x), 3, 1)",
        "f32[1,2,7,8]",
    ),
    (
        "max_pool2d_indices_inf",
        f"{F}.max_pool2d_with_indices(torch.full_like(x, -float('inf')), 3, 1, 1)",
        "f32[1,2,4,5]",
    ),
    ("max_pool1d_indices", f"{F}.max_pool1d_with_indices(x, 3, stride=2, padding=1)", "f32[2,3,8]", "f32[3,9]"),
    ("max_pool3d_indices", f"{F}.max_pool3d_with_indices(x, 2, padding=1)", "f32[1,2,4,5,6]"),
    ("adaptive_max_pool2d", f"{F}.adaptive_max_pool2d_with_indices(x, [2, 3])", "f32[2,3,8,9]", "f64[3,5,7]"),
    ("adaptive_max_pool1d", f"{F}.adaptive_max_pool1d_with_indices(x, 3)", "f32[2,3,8]"),
    ("adaptive_max_pool3d", f"{F}.adaptive_max_pool3d(x, [2, 1, 3])", "f32[1,2,4,5,6]"),
    ("avg_pool2d", f"{F}.avg_pool2d(x, 2)", "f32[2,3,8,9]"),
    ("avg_pool2d_padded", f"{F}.avg_pool2d(x, 3, stride=2, padding=1)", "f32[1,4,7,7]"),
    ("avg_pool2d_excluded", f"{F}.avg_pool2d(x, 3, 2, 1, count_include_pad=False)", "f32[1,4,7,7]"),
    # Windows that only run time knows.
    ("max_pool2d_window", f"{F}.max_pool2d(x, y, z, 1)", "f32[2,3,8,9]; int=3; int=2", "f32[3,8,9]; int=2; int=2"),
    (
        "max_pool2d_window_dilated",
        f"{F}.max_pool2d(x, [y, 2], [1, z], [y // 2, 0], z, ceil_mode=True)",
        "f64[1,2,9,11]; int=3; int=2",
        "ui8[1,2,9,11]; int=2; int=3",
    ),
    ("max_pool1d_window", f"{F}.max_pool1d(x, y)", "f32[2,3,8]; int=3", "f32[3,9]; int=9"),
    ("max_pool2d_window_indices", f"{F}.max_pool2d_with_indices(x, y, 2, y // 2)", "f32[2,3,8,9]; int=3"),
    ("max_pool3d_window_bytes", f"{F}.max_pool3d_with_indices(x, y, padding=1)", "ui8[1,2,4,5,6]; int=2"),
    ("avg_pool1d_window", f"{F}.avg_pool1d(x, y, 1, y // 2)", "f32[2,3,9]; int=5", "f16[3,9]; int=4"),
    ("avg_pool2d_window", f"{F}.avg_pool2d(x, y, 2, 1)", "f32[2,3,8,9]; int=3", "f64[3,8,9]; int=4"),
    (
        "avg_pool2d_window_excluded",
        f"{F}.avg_pool2d(x, [y, z], [z, y], z // 2, True, False)",
        "f32[1,4,7,9]; int=2; int=3",
    ),
    ("avg_pool2d_window_divided", f"{F}.avg_pool2d(x, y, divisor_override=3)", "f32[1,4,7,9]; int=2"),
    ("avg_pool3d_window", f"{F}.avg_pool3d(x, y, ceil_mode=True)", "f32[1,2,5,6,7]; int=2"),
    ("adaptive_avg_1", f"{F}.adaptive_avg_pool2d(x, 1)", "f32[2,3,7,7]"),
    ("adaptive_avg", f"{F}.adaptive_avg_pool2d(x, [3, 5])", "f32[1,2,7,11]", "f32[1,2,9,10]"),
    ("upsample_nearest", f"{F}.interpolate(x, scale_factor=2.0, mode='nearest')", "f32[1,2,3,4]"),
    ("upsample_size", f"{F}.interpolate(x, size=[7, 5], mode='nearest')", "f32[1,2,3,4]"),
    (
        "upsample_bilinear",
        f"{F}.interpolate(x, scale_factor=2.0, mode='bilinear', align_corners=False)",
        "f32[1,2,3,4]",
    ),
]
