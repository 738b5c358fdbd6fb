"""Operators of torchvision for detection."""

BOXES = "torch.cat([x * 4, x * 4 + y * 4 + 0.5], 1)"
ROIS = "torch.cat([torch.arange(y.size(0)).unsqueeze(1) % 2, y * 4, y * 4 + z * 5], 1)"

CASES = [
    (
        "nms",
        f"torch.ops.torchvision.nms({BOXES}, z, 0.3)",
        "f32[40,2]01; f32[40,2]01; f32[40]01",
        "f32[0,2]; f32[0,2]; f32[0]",
    ),
    ("nms_none", f"torch.ops.torchvision.nms({BOXES}, z, 1.0)", "f32[9,2]01; f32[9,2]01; f32[9]01"),
    *[
        (
            f"roi_align_{ratio}_{int(aligned)}",
            f"torch.ops.torchvision.roi_align(x, {ROIS}, 0.7, 3, 2, {ratio}, {aligned})",
            "f32[2,3,6,7]; f32[5,2]01; f32[5,2]01",
        )
        for ratio in (2, -1)
        for aligned in (False, True)
    ],
]
