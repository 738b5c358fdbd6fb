"""Detectors of torchvision: lists of images, dicts as records, objects, asserts, and sizes that data decides."""

from typing import Dict, List, Optional, Tuple

import pytest
import torch

detection = pytest.importorskip("torchvision.models.detection")
ops = pytest.importorskip("torchvision.ops")


class Backbone(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Conv2d(3, 16, 3, stride=4, padding=1)
        self.second = torch.nn.Conv2d(16, 16, 3, stride=2, padding=1)
        self.out_channels = 16

    def forward(self, x: torch.Tensor) -> Dict[str, torch.Tensor]:
        x = torch.relu(self.first(x))
        return {"0": x, "1": torch.relu(self.second(x))}


class Detection(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        anchors = detection.anchor_utils.AnchorGenerator(((8,), (16,)), ((0.5, 1.0, 2.0),) * 2)
        pool = ops.MultiScaleRoIAlign(["0", "1"], output_size=3, sampling_ratio=2)
        self.model = detection.FasterRCNN(
            Backbone(),
            num_classes=4,
            min_size=64,
            max_size=96,
            rpn_anchor_generator=anchors,
            box_roi_pool=pool,
            box_score_thresh=0.05,
            rpn_post_nms_top_n_test=50,
        )
        for parameter in self.model.parameters():
            if parameter.dim() > 1:
                torch.nn.init.normal_(parameter, std=0.15)
        self.eval()

    def forward(
        self, images: List[torch.Tensor], targets: Optional[List[Dict[str, torch.Tensor]]] = None
    ) -> Tuple[Dict[str, torch.Tensor], List[Dict[str, torch.Tensor]]]:
        return self.model(images, targets)


def image():
    return torch.rand(3, 50, 60)


torch.manual_seed(0)
JUST_IN_TIME = True
# Boxes are exponentials of what the layers give.
TOLERANCE = {"rtol": 1e-4, "atol": 1e-3}
CASES = {"forward": [([image()],), ([image()],)]}
