# Losses as compositions of core operators; see Elementwise.py. A reduction is 0 for none, 1 for the mean, 2 for the sum.


def _reduce(loss: Tensor, reduction: int) -> Tensor:
    if reduction == 1:
        return torch.mean(loss)
    if reduction == 2:
        return torch.sum(loss)
    return loss


def mse_loss(self: Tensor, target: Tensor, reduction: int = 1) -> Tensor:
    difference = self - target
    return _reduce(difference * difference, reduction)


def l1_loss(self: Tensor, target: Tensor, reduction: int = 1) -> Tensor:
    return _reduce(torch.abs(self - target), reduction)


def smooth_l1_loss(self: Tensor, target: Tensor, reduction: int = 1, beta: float = 1.0) -> Tensor:
    if beta < 0.0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    distance = torch.abs(self - target)
    if beta == 0.0:
        return _reduce(distance, reduction)
    return _reduce(torch.where(distance < beta, 0.5 * distance * distance / beta, distance - 0.5 * beta), reduction)


def huber_loss(self: Tensor, target: Tensor, reduction: int = 1, delta: float = 1.0) -> Tensor:
    if delta <= 0.0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    distance = torch.abs(self - target)
    return _reduce(
        torch.where(distance <= delta, 0.5 * distance * distance, delta * (distance - 0.5 * delta)), reduction
    )


def kl_div(self: Tensor, target: Tensor, reduction: int = 1, log_target: bool = False) -> Tensor:
    if log_target:
        return _reduce(torch.exp(target) * (target - self), reduction)
    return _reduce(torch.xlogy(target, target) - target * self, reduction)


def binary_cross_entropy(self: Tensor, target: Tensor, weight: Optional[Tensor] = None, reduction: int = 1) -> Tensor:
    if not bool(torch.all((self >= 0) & (self <= 1))):
        raise RuntimeError("all elements of input should be between 0 and 1")
    loss = -(
        target * torch.clamp_min(torch.log(self), -100) + (1 - target) * torch.clamp_min(torch.log(1 - self), -100)
    )
    if weight is not None:
        loss = loss * weight
    return _reduce(loss, reduction)


def binary_cross_entropy_with_logits(
    self: Tensor,
    target: Tensor,
    weight: Optional[Tensor] = None,
    pos_weight: Optional[Tensor] = None,
    reduction: int = 1,
) -> Tensor:
    log_sigmoid = torch.log_sigmoid(self)
    if pos_weight is not None:
        scale = (pos_weight - 1) * target + 1
        loss = (1 - target) * self - scale * log_sigmoid
    else:
        loss = (1 - target) * self - log_sigmoid
    if weight is not None:
        loss = loss * weight
    return _reduce(loss, reduction)


def soft_margin_loss(self: Tensor, target: Tensor, reduction: int = 1) -> Tensor:
    return _reduce(torch.log1p(torch.exp(self * -target)), reduction)


def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 1
) -> Tensor:
    return _reduce(torch.clamp_min(-target * (input1 - input2) + margin, 0), reduction)


def hinge_embedding_loss(self: Tensor, target: Tensor, margin: float = 1.0, reduction: int = 1) -> Tensor:
    zeros = torch.zeros_like(self)
    away = torch.where(target != 1, torch.clamp_min(margin - self, 0), zeros)
    near = torch.where(target != -1, self, zeros)
    return _reduce(away + near, reduction)


def poisson_nll_loss(input: Tensor, target: Tensor, log_input: bool, full: bool, eps: float, reduction: int) -> Tensor:
    if log_input:
        loss = torch.exp(input) - target * input
    else:
        loss = input - target * torch.log(input + eps)
    if full:
        stirling = target * torch.log(target) - target + 0.5 * torch.log(2 * 3.141592653589793 * target)
        loss = loss + torch.where(target <= 1, torch.zeros_like(stirling), stirling)
    return _reduce(loss, reduction)


def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-06,
    swap: bool = False,
    reduction: int = 1,
) -> Tensor:
    near = torch.pairwise_distance(anchor, positive, p, eps)
    far = torch.pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = torch.minimum(far, torch.pairwise_distance(positive, negative, p, eps))
    return _reduce(torch.clamp_min(margin + near - far, 0), reduction)


# Losses over classes, which are dim 1 of a batch and dim 0 otherwise.


def _class_loss(
    scores: Tensor, target: Tensor, weight: Optional[Tensor], ignore_index: int
) -> Tuple[Tensor, Tensor, Tensor]:
    # The losses, the weight of each, and which are not ignored.
    if scores.size(0) != target.size(0):
        raise RuntimeError(
            "Expected input batch_size ({}) to match target batch_size ({}).".format(scores.size(0), target.size(0))
        )
    for i in range(1, target.dim()):
        if scores.size(i + 1) != target.size(i):
            raise RuntimeError("size mismatch (got input: {} , target: {}".format(scores.size(), target.size()))
    if weight is not None:
        if weight.numel() != scores.size(1):
            raise RuntimeError(
                "weight tensor should be defined either for all {} classes or no classes but got weight tensor of "
                "shape: {}".format(scores.size(1), weight.size())
            )
    kept = target != ignore_index
    labels = torch.where(kept, target, torch.zeros_like(target))
    wrong = (labels < 0) | (labels >= scores.size(1))
    if bool(torch.any(wrong)):
        first = int(torch.argmax(wrong.reshape([-1]).to(4)))
        raise RuntimeError("Target {} is out of bounds.".format(int(labels.reshape([-1])[first])))
    picked = torch.gather(scores, 1, labels.unsqueeze(1)).squeeze(1)
    weights = kept.to(scores.dtype)
    if weight is not None:
        weights = torch.where(kept, torch.index_select(weight, 0, labels.reshape([-1])).reshape(labels.size()), weights)
    return torch.where(kept, -picked * weights, torch.zeros_like(picked)), weights, kept


def nll_loss_nd(
    self: Tensor, target: Tensor, weight: Optional[Tensor] = None, reduction: int = 1, ignore_index: int = -100
) -> Tensor:
    scores = self.unsqueeze(0) if self.dim() == 1 else self
    labels = target.unsqueeze(0) if self.dim() == 1 else target
    loss, weights, kept = _class_loss(scores, labels, weight, ignore_index)
    if reduction == 1:
        return torch.sum(loss) / torch.sum(weights)
    if reduction == 2:
        return torch.sum(loss)
    return loss.squeeze(0) if self.dim() == 1 else loss


def nll_loss(
    self: Tensor, target: Tensor, weight: Optional[Tensor] = None, reduction: int = 1, ignore_index: int = -100
) -> Tensor:
    return torch.nll_loss_nd(self, target, weight, reduction, ignore_index)


def nll_loss2d(
    self: Tensor, target: Tensor, weight: Optional[Tensor] = None, reduction: int = 1, ignore_index: int = -100
) -> Tensor:
    return torch.nll_loss_nd(self, target, weight, reduction, ignore_index)


def cross_entropy_loss(
    self: Tensor,
    target: Tensor,
    weight: Optional[Tensor] = None,
    reduction: int = 1,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> Tensor:
    if label_smoothing < 0.0 or label_smoothing > 1.0:
        raise RuntimeError("label_smoothing must be between 0.0 and 1.0. Got: {}".format(label_smoothing))
    dim = 0 if self.dim() == 1 else 1
    if target.dim() == self.dim():
        for i in range(self.dim()):
            if self.size(i) != target.size(i):
                if i == 0:
                    raise RuntimeError(
                        "Expected input batch_size ({}) to match target batch_size ({}).".format(
                            self.size(i), target.size(i)
                        )
                    )
                raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    scores = torch.log_softmax(self, dim)
    classes = float(self.size(dim))
    weighted = scores
    if weight is not None:
        shape = [1] * self.dim()
        shape[dim] = -1
        weighted = scores * weight.reshape(shape)
    if target.dim() == self.dim():
        # Probabilities.
        shares = target
        if label_smoothing > 0.0:
            shares = target * (1 - label_smoothing) + label_smoothing / classes
        loss = -torch.sum(weighted * shares, [dim])
        if reduction == 1:
            return torch.sum(loss) / (float(self.numel()) / classes)
        return _reduce(loss, reduction)
    nll = torch.nll_loss_nd(scores, target, weight, reduction, ignore_index)
    if label_smoothing == 0.0:
        return nll
    kept = target != ignore_index
    rest = -torch.sum(weighted, [dim])
    rest = torch.where(kept, rest, torch.zeros_like(rest))
    if reduction == 1:
        count = torch.sum(kept.to(self.dtype))
        if weight is not None:
            labels = torch.where(kept, target, torch.zeros_like(target)).reshape([-1])
            count = torch.sum(torch.index_select(weight, 0, labels) * kept.reshape([-1]).to(self.dtype))
        rest = torch.sum(rest) / count
    elif reduction == 2:
        rest = torch.sum(rest)
    return nll * (1 - label_smoothing) + rest * (label_smoothing / classes)


def multi_margin_loss(
    self: Tensor,
    target: Tensor,
    p: number = 1,
    margin: number = 1,
    weight: Optional[Tensor] = None,
    reduction: int = 1,
) -> Tensor:
    scores = torch.atleast_2d(self)
    if target.numel() != scores.size(0):
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch "
            "size). Expected target size [{}], but got {}. Input has shape {}.".format(
                scores.size(0), target.size(), self.size()
            )
        )
    labels = target.reshape([-1, 1])
    if bool(torch.any((labels < 0) | (labels >= scores.size(1)))):
        raise RuntimeError("target out of range")
    distance = torch.clamp_min(scores - torch.gather(scores, 1, labels) + margin, 0)
    loss = distance * distance if float(p) == 2.0 else distance
    if weight is not None:
        loss = loss * torch.index_select(weight, 0, target.reshape([-1])).unsqueeze(1)
    is_other = torch.arange(scores.size(1)) != labels
    loss = torch.mean(torch.where(is_other, loss, torch.zeros_like(loss)), [1])
    return _reduce(loss.reshape(target.size()), reduction)


# The labels of a row are those before its first -1.
def multilabel_margin_loss(self: Tensor, target: Tensor, reduction: int = 1) -> Tensor:
    scores = torch.atleast_2d(self)
    labels = torch.atleast_2d(target)
    if self.size() != target.size():
        raise RuntimeError("inconsistent target size: {} for input of size: {}".format(target.size(), self.size()))
    if bool(torch.any((labels < -1) | (labels >= scores.size(1)))):
        raise RuntimeError("argument #2 'target' is out of range")
    is_label = torch.cumsum(labels < 0, 1) == 0
    safe = torch.where(is_label, labels, torch.zeros_like(labels))
    given = torch.gather(scores, 1, safe)
    matches = (safe.unsqueeze(2) == torch.arange(scores.size(1))) & is_label.unsqueeze(2)
    is_other = torch.logical_not(torch.any(matches, 1)).unsqueeze(1) & is_label.unsqueeze(2)
    distance = torch.clamp_min(1 - (given.unsqueeze(2) - scores.unsqueeze(1)), 0)
    loss = torch.sum(torch.where(is_other, distance, torch.zeros_like(distance)), [1, 2]) / float(scores.size(1))
    return _reduce(loss.squeeze(0) if self.dim() < 2 else loss, reduction)


def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 1
) -> Tensor:
    dims = [target.dim()]
    square1 = torch.sum(input1 * input1, dims) + 1e-12
    square2 = torch.sum(input2 * input2, dims) + 1e-12
    cosine = torch.sum(input1 * input2, dims) / torch.sqrt(square1 * square2)
    zeros = torch.zeros_like(cosine)
    near = torch.where(target == 1, 1 - cosine, zeros)
    away = torch.where(target == -1, torch.clamp_min(cosine - margin, 0), zeros)
    return _reduce(near + away, reduction)
