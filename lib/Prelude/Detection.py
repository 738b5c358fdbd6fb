# Operators of torchvision for detection as compositions of core operators; see Elementwise.py.


def _columns(boxes: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    return boxes.select(1, 0), boxes.select(1, 1), boxes.select(1, 2), boxes.select(1, 3)


# Boxes in the order of their scores, without those that overlap too much with a better one.
def torchvision__nms(dets: Tensor, scores: Tensor, iou_threshold: float) -> Tensor:
    order = torch.sort(scores, 0, True)[1]
    x1, y1, x2, y2 = _columns(torch.index_select(dets, 0, order))
    areas = (x2 - x1) * (y2 - y1)
    position = torch.arange(order.size(0))
    kept = torch.ones([order.size(0)], dtype=11)
    for i in range(order.size(0)):
        if bool(kept[i]):
            width = torch.clamp_min(torch.minimum(x2, x2[i]) - torch.maximum(x1, x1[i]), 0)
            height = torch.clamp_min(torch.minimum(y2, y2[i]) - torch.maximum(y1, y1[i]), 0)
            common = width * height
            overlaps = common / (areas + areas[i] - common) > iou_threshold
            kept = kept & torch.logical_not(overlaps & (position > i))
    return torch.masked_select(order, kept)


def _corners(x: Tensor, size: int) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    # The elements around a coordinate and the share of each; nothing beyond one element outside.
    inside = (x >= -1.0) & (x <= float(size))
    at = torch.clamp(x, 0.0, float(size - 1))
    low = torch.floor(at)
    high = torch.clamp_max(low + 1, float(size - 1))
    share = at - low
    none = torch.zeros_like(share)
    return low.to(4), high.to(4), torch.where(inside, 1 - share, none), torch.where(inside, share, none)


def torchvision__roi_align(
    input: Tensor,
    rois: Tensor,
    spatial_scale: float,
    pooled_height: int,
    pooled_width: int,
    sampling_ratio: int,
    aligned: bool,
) -> Tensor:
    height = input.size(2)
    width = input.size(3)
    count = rois.size(0)
    pixels = torch.permute(input, [0, 2, 3, 1]).reshape([-1, input.size(1)])
    image = rois.select(1, 0).to(4).reshape([-1, 1, 1]) * height
    offset = 0.5 if aligned else 0.0
    left, top, right, bottom = _columns(rois[:, 1:] * spatial_scale - offset)
    box_width = right - left
    box_height = bottom - top
    if not aligned:
        box_width = torch.clamp_min(box_width, 1.0)
        box_height = torch.clamp_min(box_height, 1.0)
    # How many samples there are in a bin, which may differ from box to box.
    rows = torch.full_like(box_height, sampling_ratio)
    columns = torch.full_like(box_width, sampling_ratio)
    most_rows = sampling_ratio
    most_columns = sampling_ratio
    if sampling_ratio <= 0:
        rows = torch.ceil(box_height / pooled_height)
        columns = torch.ceil(box_width / pooled_width)
        most_rows = 0 if count == 0 else int(torch.max(rows))
        most_columns = 0 if count == 0 else int(torch.max(columns))
    bins_y = torch.arange(pooled_height).to(rois.dtype)
    bins_x = torch.arange(pooled_width).to(rois.dtype)
    step_y = (box_height / pooled_height).unsqueeze(1)
    step_x = (box_width / pooled_width).unsqueeze(1)
    total = torch.zeros([count * pooled_height * pooled_width, input.size(1)], dtype=input.dtype)
    for i in range(most_rows):
        y = top.unsqueeze(1) + step_y * bins_y + (i + 0.5) * step_y / rows.unsqueeze(1)
        y0, y1, before_y, after_y = _corners(y, height)
        used_y = (rows > i).unsqueeze(1)
        for j in range(most_columns):
            x = left.unsqueeze(1) + step_x * bins_x + (j + 0.5) * step_x / columns.unsqueeze(1)
            x0, x1, before_x, after_x = _corners(x, width)
            used_x = (columns > j).unsqueeze(1)
            for row, share_y in [(y0, before_y), (y1, after_y)]:
                for column, share_x in [(x0, before_x), (x1, after_x)]:
                    at = (image + row.unsqueeze(2)) * width + column.unsqueeze(1)
                    part = (share_y * used_y).unsqueeze(2) * (share_x * used_x).unsqueeze(1)
                    total = total + torch.index_select(pixels, 0, at.reshape([-1])) * part.reshape([-1, 1])
    samples = torch.clamp_min(rows * columns, 1.0).reshape([-1, 1, 1, 1])
    result = total.reshape([count, pooled_height, pooled_width, input.size(1)]) / samples
    return torch.permute(result, [0, 3, 1, 2])
