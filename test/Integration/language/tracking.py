"""Trackers, filters and simulations: attributes that follow from each other, records as state, sizes of run time."""

from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn


class Track:
    def __init__(self, id: int, box: Tensor):
        self.id = id
        self.box = box
        self.velocity = torch.zeros_like(box)
        self.misses = 0

    def update(self, box: Tensor):
        self.velocity = 0.5 * self.velocity + 0.5 * (box - self.box)
        self.box = box
        self.misses = 0


class Pairs(NamedTuple):
    i: Tensor
    j: Tensor
    distance: Tensor


class State(NamedTuple):
    mean: Tensor
    covariance: Tensor
    feature: Tensor
    hits: int


def overlap(a: Tensor, b: Tensor) -> float:
    sides = (torch.min(a[2:], b[2:]) - torch.max(a[:2], b[:2])).clamp(min=0)
    inter = float(sides.prod())
    return inter / (float((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod()) - inter)


def clip_to_image(boxes: Tensor, size: Tuple[int, int]) -> Tensor:
    x = boxes[..., 0::2].clamp(min=0, max=size[1])
    y = boxes[..., 1::2].clamp(min=0, max=size[0])
    return torch.stack((x, y), dim=boxes.dim()).reshape(boxes.shape)


def largest_of_each(lists: List[List[int]]) -> List[int]:
    largest = lists[0]
    for items in lists[1:]:
        for i, item in enumerate(items):
            largest[i] = max(largest[i], item)
    return largest


class Tracking(nn.Module):
    tracks: List[Track]
    states: Dict[int, State]
    pairs: Optional[Pairs]

    def __init__(self):
        super().__init__()
        self.tracks = torch.jit.annotate(List[Track], [])
        self.states = torch.jit.annotate(Dict[int, State], {})
        self.next_id = 1
        self.pairs: Optional[Pairs] = None
        self.register_buffer("at", torch.zeros(0, 3))
        self.register_buffer("transition", torch.eye(4) + 0.1 * torch.eye(4).roll(2, 1).triu())
        self.register_buffer("state", torch.zeros(4))
        self.register_buffer("covariance", 10 * torch.eye(4))
        self.field = nn.Linear(2, 2)

    def forward(self, boxes: Tensor, threshold: float) -> Tuple[Tensor, List[int]]:
        used: Dict[int, bool] = {}
        for track in self.tracks:
            best, found = threshold, -1
            for k in range(boxes.size(0)):
                value = overlap(track.box + track.velocity, boxes[k])
                if k not in used and value > best:
                    best, found = value, k
            if found >= 0:
                track.update(boxes[found])
                used[found] = True
            else:
                track.misses += 1
        alive: List[Track] = []
        for track in self.tracks:
            if track.misses < 2:
                alive.append(track)
        for k in range(boxes.size(0)):
            if k not in used:
                alive.append(Track(self.next_id, boxes[k]))
                self.next_id += 1
        self.tracks = alive
        if len(alive) == 0:
            return torch.zeros(0, 4), torch.jit.annotate(List[int], [])
        return torch.stack([track.box + track.velocity for track in alive]), [track.id for track in alive]

    def measure(self, z: Optional[Tensor]) -> Tensor:
        self.state.copy_(self.transition @ self.state)
        self.covariance.copy_(self.transition @ self.covariance @ self.transition.t() + 0.01 * torch.eye(4))
        if z is not None:
            gain = self.covariance[:, :2] / (self.covariance.diag()[:2] + 0.5)
            self.state += gain @ (z - self.state[:2])
            self.covariance[:] = self.covariance - gain @ self.covariance[:2]
        return self.state.clone()

    @torch.jit.export
    def filter(self, measured: Tensor, missing: List[int]) -> Tensor:
        path = torch.zeros(measured.size(0), 4)
        for t in range(measured.size(0)):
            z: Optional[Tensor] = measured[t]
            if t in missing:
                z = None
            path[t] = self.measure(z)
        return path

    @torch.jit.export
    def restart(self):
        self.state.zero_()
        self.covariance.zero_()
        self.covariance.fill_diagonal_(5.0)

    def neighbours(self, x: Tensor) -> Pairs:
        known = self.pairs
        if known is not None and self.at.shape == x.shape:
            if float((x - self.at).abs().max()) < 0.1:
                return Pairs(known.i, known.j, (x[known.j] - x[known.i]).norm(2, -1))
        distance = (x[None] - x[:, None]).norm(2, -1)
        i, j = torch.nonzero(distance.triu(1) * (distance < 1.5)).unbind(1)
        made = Pairs(i, j, distance[i, j])
        self.pairs = made
        self.at = x.clone()
        return made

    @torch.jit.export
    def energies(self, x: Tensor) -> Tensor:
        pairs = self.neighbours(x)
        energy = (1 / pairs.distance) ** 6
        return torch.zeros(x.size(0)).index_add_(0, pairs.i, energy).index_add_(0, pairs.j, energy)

    @torch.jit.export
    def integrate(self, y: Tensor, steps: int) -> Tensor:
        weights = torch.tensor([0.25, 0.5, 0.25])
        for _ in range(steps):
            k = torch.zeros(3, y.size(0), 2)
            for stage in range(3):
                k[stage] = self.field(y + 0.1 * torch.tensordot(weights, k, dims=([0], [0])))
            y = y + 0.1 * torch.tensordot(weights, k, dims=([0], [0]))
        return y

    @torch.jit.export
    def recalls(self, predicted: Tensor, actual: Tensor, classes: int) -> Tensor:
        counts = torch.bincount(classes * actual + predicted, minlength=classes * classes).reshape(classes, classes)
        return counts.diag() / counts.sum(1).clamp(min=1)

    def predict(self, mean: Tensor, covariance: Tensor) -> Tuple[Tensor, Tensor]:
        return self.transition.mv(mean), self.transition @ covariance @ self.transition.t() + self.covariance

    @torch.jit.export
    def observe(self, means: Tensor, features: Tensor) -> Dict[int, Tuple[Tensor, float]]:
        for i in list(self.states.keys()):
            s = self.states[i]
            mean, covariance = self.predict(s.mean, s.covariance)
            self.states[i] = State(mean, covariance, 0.5 * s.feature, s.hits + 1)
        for k in range(means.size(0)):
            self.states[len(self.states)] = State(means[k], self.covariance, features[k], 1)
        return {i: (s.mean + s.feature.sum(), float(s.covariance.trace()) * s.hits) for i, s in self.states.items()}

    @torch.jit.export
    def boxes_of_images(self, codes: Tensor, counts: List[int], sizes: List[Tuple[int, int]]) -> List[Tensor]:
        total = 0
        for count in counts:
            total += count
        if total > 0:
            codes = codes.reshape(total, -1, 4)
        clipped: List[Tensor] = []
        for boxes, size in zip(codes.split(counts, 0), sizes):
            boxes = clip_to_image(boxes, size)
            clipped.append(boxes[:, 1:].reshape(-1, 4))
        return clipped

    @torch.jit.export
    def batched(self, images: List[Tensor]) -> Tuple[Tensor, List[int]]:
        """Of the largest of their sizes, which only run time knows."""
        sizes = largest_of_each([list(image.shape) for image in images])
        batch = images[0].new_full([len(images)] + sizes, -1.0)
        for i, image in enumerate(images):
            batch[i, : image.shape[0], : image.shape[1], : image.shape[2]].copy_(image)
        return batch, sizes


torch.manual_seed(0)
BOXES = torch.tensor([[0.0, 0, 10, 10], [20, 20, 40, 40], [50, 5, 60, 30]])
POINTS = torch.rand(6, 3) * 2
LABELS = torch.tensor([0, 1, 2, 2, 1, 0, 0])
SIGNATURE = [
    "forward:boxes=Nx4xf32",
    "measure:z=2xf32",
    "filter:measured=Tx2xf32",
    "filter:missing=[int]",
    "energies:x=Nx3xf32",
    "integrate:y=Nx2xf32",
    "observe:means=Nx4xf32",
    "observe:features=Nx3x2xf32",
    "boxes_of_images:codes=Nx8xf32",
    "batched:images=[3x?x?xf32]",
    "recalls:predicted=Nxi64",
    "recalls:actual=Nxi64",
]
TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}
CASES = {
    "forward": [(BOXES, 0.3), (BOXES[1:] + 1, 0.3), (torch.zeros(0, 4), 0.3), (BOXES[:2] + 2, 0.3), (BOXES, 0.9)],
    "filter": [(torch.randn(5, 2), [1, 3]), (torch.randn(3, 2), [])],
    "restart": [()],
    "measure": [(torch.ones(2),)],
    "energies": [(POINTS,), (POINTS + 0.05,), (POINTS[:4],), (POINTS[:4] + 0.5,)],
    "integrate": [(torch.randn(3, 2), 3), (torch.randn(1, 2), 0)],
    "observe": [(torch.rand(n, 4), torch.rand(n, 3, 2)) for n in (2, 0, 1)],
    "boxes_of_images": [
        (torch.rand(5, 8) * 9, [2, 3], [(4, 5), (6, 3)]),
        (torch.zeros(0, 8), [0, 0], [(4, 5), (6, 3)]),
        (torch.rand(3, 8) * 9, [1, 1], [(4, 5), (6, 3)]),
    ],
    "batched": [([torch.rand(3, 4, 2 + i) for i in range(n)],) for n in (1, 3)]
    + [([torch.rand(3, 2, 5), torch.rand(3, 4, 3)],)],
    "recalls": [(LABELS, LABELS.flip(0), 3), (LABELS[:1], LABELS[:1], 5)],
}
