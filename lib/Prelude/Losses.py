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
    distance = torch.abs(self - target)
    if beta == 0.0:
        return _reduce(distance, reduction)
    return _reduce(torch.where(distance < beta, 0.5 * distance * distance / beta, distance - 0.5 * beta), reduction)


def huber_loss(self: Tensor, target: Tensor, reduction: int = 1, delta: float = 1.0) -> Tensor:
    distance = torch.abs(self - target)
    return _reduce(
        torch.where(distance <= delta, 0.5 * distance * distance, delta * (distance - 0.5 * delta)), reduction
    )


def kl_div(self: Tensor, target: Tensor, reduction: int = 1, log_target: bool = False) -> Tensor:
    if log_target:
        return _reduce(torch.exp(target) * (target - self), reduction)
    return _reduce(torch.xlogy(target, target) - target * self, reduction)


def binary_cross_entropy(self: Tensor, target: Tensor, weight: Optional[Tensor] = None, reduction: int = 1) -> Tensor:
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
    return _reduce(torch.log1p(torch.exp(-target * self)), reduction)


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
