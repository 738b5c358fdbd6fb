"""Lists of objects that a class orders: a beam search, and sorting in both directions."""

from typing import Dict, List, Tuple

import torch


class Beam:
    def __init__(self, score: float, words: List[int]):
        self.score = score
        self.words = words

    def __lt__(self, other: "Beam") -> bool:
        return self.score < other.score

    def extended(self, score: float, word: int) -> "Beam":
        return Beam(self.score + score, self.words + [word])


class Beams(torch.nn.Module):
    @torch.jit.export
    def search(self, scores, width: int) -> Tuple[List[int], float]:
        beams = [Beam(0.0, [])]
        for step in range(scores.size(0)):
            candidates: List[Beam] = []
            for beam in beams:
                for word in range(scores.size(1)):
                    candidates.append(beam.extended(float(scores[step, word]), word))
            candidates.sort(reverse=True)
            beams = candidates[:width]
        return beams[0].words, beams[0].score

    @torch.jit.export
    def order(self, scores: List[float], reverse: bool) -> Tuple[List[int], List[int], List[int]]:
        beams: List[Beam] = []
        for i, score in enumerate(scores):
            beams.append(Beam(score, [i]))
        ascending = sorted(beams)
        before = [beam.words[0] for beam in beams]
        beams.sort(reverse)
        return before, [beam.words[0] for beam in ascending], [beam.words[0] for beam in beams]


SCORES = torch.randn(5, 7, generator=torch.Generator().manual_seed(3))
JUST_IN_TIME = True
CASES: Dict[str, List[Tuple[object, ...]]] = {
    "search": [(SCORES, 4), (SCORES, 1), (SCORES[:1], 9)],
    # Few enough for LibTorch to keep the order of equal ones.
    "order": [
        ([3.0, 1.0, 2.0], False),
        ([2.0, 1.0, 2.0, 0.5, 1.0, 2.0], True),
        ([2.0, 1.0, 2.0, 0.5, 1.0, 2.0], False),
        ([], False),
        ([1.0], True),
        ([float("nan"), 1.0], False),
    ],
}
