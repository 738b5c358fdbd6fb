"""The modules of torch.nn and the models of torchvision, scripted and traced.

`python modules.py DIRECTORY [--torchvision]` writes one archive per module and way; what PyTorch itself refuses to
script or trace is left out.
"""

import sys
import warnings
from pathlib import Path

import torch
from torch import nn

IMAGE, SEQUENCE, VECTOR, VOLUME = (2, 4, 8, 8), (2, 4, 8), (3, 8), (1, 4, 6, 6, 6)

# Constructor, shapes of the inputs; an input that is no shape is itself.
MODULES = {
    "linear": (lambda: nn.Linear(8, 4), [VECTOR]),
    "linear_nobias": (lambda: nn.Linear(8, 4, bias=False), [VECTOR]),
    "bilinear": (lambda: nn.Bilinear(8, 8, 3), [VECTOR, VECTOR]),
    "identity": (lambda: nn.Identity(), [VECTOR]),
    "conv1d": (lambda: nn.Conv1d(4, 6, 3, padding="same"), [SEQUENCE]),
    "conv2d": (lambda: nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2), [IMAGE]),
    "conv2d_reflect": (
        lambda: nn.Conv2d(4, 6, 3, padding=1, padding_mode="reflect"),
        [IMAGE],
    ),
    "conv2d_circular": (
        lambda: nn.Conv2d(4, 6, 3, padding=1, padding_mode="circular"),
        [IMAGE],
    ),
    "conv3d": (lambda: nn.Conv3d(4, 6, 3, dilation=2), [VOLUME]),
    "conv_transpose1d": (lambda: nn.ConvTranspose1d(4, 6, 3), [SEQUENCE]),
    "conv_transpose2d": (
        lambda: nn.ConvTranspose2d(4, 6, 3, 2, 1, output_padding=1),
        [IMAGE],
    ),
    "conv_transpose3d": (lambda: nn.ConvTranspose3d(4, 6, 3), [VOLUME]),
    "unfold": (lambda: nn.Unfold(3), [IMAGE]),
    "fold": (lambda: nn.Fold((4, 5), (2, 2)), [(1, 12, 12)]),
    "max_pool1d": (lambda: nn.MaxPool1d(2), [SEQUENCE]),
    "max_pool2d": (lambda: nn.MaxPool2d(3, 2, 1, ceil_mode=True), [IMAGE]),
    "max_pool2d_indices": (lambda: nn.MaxPool2d(2, return_indices=True), [IMAGE]),
    "max_pool3d": (lambda: nn.MaxPool3d(2), [VOLUME]),
    "avg_pool1d": (lambda: nn.AvgPool1d(2), [SEQUENCE]),
    "avg_pool2d": (lambda: nn.AvgPool2d(3, 2, count_include_pad=False), [IMAGE]),
    "avg_pool3d": (lambda: nn.AvgPool3d(2), [VOLUME]),
    "lp_pool1d": (lambda: nn.LPPool1d(2, 3), [SEQUENCE]),
    "lp_pool2d": (lambda: nn.LPPool2d(2, 3), [IMAGE]),
    "fractional_pool": (lambda: nn.FractionalMaxPool2d(3, output_size=(2, 3)), [IMAGE]),
    "adaptive_avg2d": (lambda: nn.AdaptiveAvgPool2d((1, None)), [IMAGE]),
    "adaptive_max2d": (lambda: nn.AdaptiveMaxPool2d(2), [IMAGE]),
    "adaptive_avg3d": (lambda: nn.AdaptiveAvgPool3d(2), [VOLUME]),
    "reflection_pad2d": (lambda: nn.ReflectionPad2d(2), [IMAGE]),
    "replication_pad2d": (lambda: nn.ReplicationPad2d((1, 2, 3, 0)), [IMAGE]),
    "zero_pad2d": (lambda: nn.ZeroPad2d(1), [IMAGE]),
    "constant_pad1d": (lambda: nn.ConstantPad1d(2, 3.5), [SEQUENCE]),
    "circular_pad2d": (lambda: nn.CircularPad2d(1), [IMAGE]),
    "batch_norm1d": (lambda: nn.BatchNorm1d(8), [VECTOR]),
    "batch_norm2d": (lambda: nn.BatchNorm2d(4), [IMAGE]),
    "batch_norm2d_plain": (
        lambda: nn.BatchNorm2d(4, affine=False, track_running_stats=False),
        [IMAGE],
    ),
    "batch_norm3d": (lambda: nn.BatchNorm3d(4, momentum=None), [VOLUME]),
    "instance_norm2d": (
        lambda: nn.InstanceNorm2d(4, affine=True, track_running_stats=True),
        [IMAGE],
    ),
    "group_norm": (lambda: nn.GroupNorm(2, 4), [IMAGE]),
    "layer_norm": (lambda: nn.LayerNorm(8), [VECTOR]),
    "layer_norm_plain": (
        lambda: nn.LayerNorm([8, 8], elementwise_affine=False),
        [IMAGE],
    ),
    "rms_norm": (lambda: nn.RMSNorm(8), [VECTOR]),
    "local_response": (lambda: nn.LocalResponseNorm(2), [IMAGE]),
    "cross_map_lrn": (lambda: nn.CrossMapLRN2d(2), [IMAGE]),
    "dropout": (lambda: nn.Dropout(0.2), [VECTOR]),
    "dropout_inplace": (lambda: nn.Dropout(0.2, inplace=True), [VECTOR]),
    "dropout2d": (lambda: nn.Dropout2d(0.2), [IMAGE]),
    "alpha_dropout": (lambda: nn.AlphaDropout(0.2), [VECTOR]),
    "feature_alpha_dropout": (lambda: nn.FeatureAlphaDropout(0.2), [IMAGE]),
    "embedding": (
        lambda: nn.Embedding(10, 4, padding_idx=1),
        [torch.tensor([[1, 2], [3, 0]])],
    ),
    "embedding_norm": (
        lambda: nn.Embedding(10, 4, max_norm=1.0),
        [torch.tensor([[1, 2], [3, 0]])],
    ),
    "embedding_bag": (
        lambda: nn.EmbeddingBag(10, 4, mode="sum"),
        [torch.tensor([1, 2, 3]), torch.tensor([0, 2])],
    ),
    "rnn": (lambda: nn.RNN(8, 5, 2, nonlinearity="relu"), [(3, 2, 8)]),
    "lstm": (
        lambda: nn.LSTM(8, 5, 2, bidirectional=True, batch_first=True),
        [(2, 3, 8)],
    ),
    "lstm_proj": (lambda: nn.LSTM(8, 5, proj_size=3), [(3, 2, 8)]),
    "gru": (lambda: nn.GRU(8, 5, dropout=0.1, num_layers=2), [(3, 2, 8)]),
    "rnn_cell": (lambda: nn.RNNCell(8, 5), [(2, 8), (2, 5)]),
    "lstm_cell": (lambda: nn.LSTMCell(8, 5), [(2, 8)]),
    "gru_cell": (lambda: nn.GRUCell(8, 5, bias=False), [(2, 8)]),
    "attention": (
        lambda: nn.MultiheadAttention(8, 2),
        [(3, 2, 8), (3, 2, 8), (3, 2, 8)],
    ),
    "attention_kv": (
        lambda: nn.MultiheadAttention(8, 2, kdim=4, vdim=6),
        [(3, 2, 8), (5, 2, 4), (5, 2, 6)],
    ),
    "encoder_layer": (
        lambda: nn.TransformerEncoderLayer(8, 2, 16, batch_first=True),
        [(2, 3, 8)],
    ),
    "encoder": (
        lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2),
        [(3, 2, 8)],
    ),
    "decoder_layer": (
        lambda: nn.TransformerDecoderLayer(8, 2, 16),
        [(3, 2, 8), (4, 2, 8)],
    ),
    "transformer": (lambda: nn.Transformer(8, 2, 1, 1, 16), [(3, 2, 8), (4, 2, 8)]),
    "cosine_similarity": (lambda: nn.CosineSimilarity(), [VECTOR, VECTOR]),
    "pairwise_distance": (lambda: nn.PairwiseDistance(), [VECTOR, VECTOR]),
    "pixel_shuffle": (lambda: nn.PixelShuffle(2), [IMAGE]),
    "pixel_unshuffle": (lambda: nn.PixelUnshuffle(2), [IMAGE]),
    "channel_shuffle": (lambda: nn.ChannelShuffle(2), [IMAGE]),
    "upsample_nearest": (lambda: nn.Upsample(scale_factor=2), [IMAGE]),
    "upsample_bilinear": (
        lambda: nn.Upsample(size=(5, 7), mode="bilinear", align_corners=True),
        [IMAGE],
    ),
    "upsample_bicubic": (
        lambda: nn.Upsample(scale_factor=1.5, mode="bicubic"),
        [IMAGE],
    ),
    "upsample_trilinear": (
        lambda: nn.Upsample(scale_factor=2, mode="trilinear"),
        [VOLUME],
    ),
    "flatten": (lambda: nn.Flatten(), [IMAGE]),
    "unflatten": (lambda: nn.Unflatten(1, (2, 4)), [VECTOR]),
    "softmax": (lambda: nn.Softmax(dim=1), [VECTOR]),
    "softmax2d": (lambda: nn.Softmax2d(), [IMAGE]),
    "log_softmax": (lambda: nn.LogSoftmax(dim=-1), [VECTOR]),
    "softmin": (lambda: nn.Softmin(dim=1), [VECTOR]),
    "adaptive_log_softmax": (
        lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3, 6]),
        [VECTOR, torch.tensor([1, 4, 8])],
    ),
    "prelu": (lambda: nn.PReLU(4), [IMAGE]),
    "rrelu": (lambda: nn.RReLU(), [VECTOR]),
    "glu": (lambda: nn.GLU(), [VECTOR]),
    "threshold": (lambda: nn.Threshold(0.1, 20.0), [VECTOR]),
    "gelu_tanh": (lambda: nn.GELU(approximate="tanh"), [VECTOR]),
    "relu_inplace": (lambda: nn.ReLU(inplace=True), [VECTOR]),
    "mse_loss": (lambda: nn.MSELoss(), [VECTOR, VECTOR]),
    "l1_loss": (lambda: nn.L1Loss(reduction="none"), [VECTOR, VECTOR]),
    "smooth_l1": (lambda: nn.SmoothL1Loss(), [VECTOR, VECTOR]),
    "huber_loss": (lambda: nn.HuberLoss(), [VECTOR, VECTOR]),
    "cross_entropy": (lambda: nn.CrossEntropyLoss(), [VECTOR, torch.tensor([1, 2, 0])]),
    "cross_entropy_weighted": (
        lambda: nn.CrossEntropyLoss(weight=torch.ones(8), label_smoothing=0.1),
        [VECTOR, torch.tensor([1, 2, 0])],
    ),
    "nll_loss": (lambda: nn.NLLLoss(), [VECTOR, torch.tensor([1, 2, 0])]),
    "bce_logits": (lambda: nn.BCEWithLogitsLoss(), [VECTOR, VECTOR]),
    "kl_div": (lambda: nn.KLDivLoss(reduction="batchmean"), [VECTOR, VECTOR]),
    "triplet": (lambda: nn.TripletMarginLoss(), [VECTOR, VECTOR, VECTOR]),
    "cosine_loss": (lambda: nn.CosineEmbeddingLoss(), [VECTOR, VECTOR, torch.ones(3)]),
    "ctc_loss": (
        lambda: nn.CTCLoss(),
        [
            (5, 2, 4),
            torch.tensor([[1, 2], [2, 3]]),
            torch.tensor([5, 5]),
            torch.tensor([2, 2]),
        ],
    ),
    "poisson_nll": (lambda: nn.PoissonNLLLoss(), [VECTOR, VECTOR]),
    "gaussian_nll": (lambda: nn.GaussianNLLLoss(), [VECTOR, VECTOR, torch.ones(3, 8)]),
    "sequential": (
        lambda: nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.LayerNorm(8)),
        [VECTOR],
    ),
}
for (
    activation
) in """ReLU ReLU6 ELU SELU CELU GELU Hardshrink Hardsigmoid Hardtanh Hardswish LeakyReLU LogSigmoid Sigmoid SiLU Mish
Softplus Softshrink Softsign Tanh Tanhshrink""".split():
    MODULES[activation.lower()] = (getattr(nn, activation), [VECTOR])


def make_inputs(shapes):
    return tuple(shape if isinstance(shape, torch.Tensor) else torch.rand(shape) for shape in shapes)


def torchvision_models():
    import torchvision

    names = """resnet18 mobilenet_v2 mobilenet_v3_small efficientnet_b0 densenet121 googlenet inception_v3 shufflenet_v2_x1_0
    squeezenet1_1 mnasnet0_5 regnet_y_400mf convnext_tiny vit_b_32 swin_t alexnet""".split()
    for name in names:
        yield name, torchvision.models.get_model(name, weights=None).eval()
    for name in "fcn_resnet50 deeplabv3_mobilenet_v3_large lraspp_mobilenet_v3_large".split():
        yield (
            name,
            torchvision.models.get_model(name, weights=None, weights_backbone=None).eval(),
        )
    for name in "fasterrcnn_mobilenet_v3_large_fpn ssdlite320_mobilenet_v3_large retinanet_resnet50_fpn".split():
        yield (
            name,
            torchvision.models.get_model(name, weights=None, weights_backbone=None).eval(),
        )


def save(path, make):
    try:
        torch.jit.save(make(), str(path))
        return 1
    except Exception as error:  # PyTorch's limits are not ours
        path.unlink(missing_ok=True)
        print(f"{path.stem}: {str(error).strip().splitlines()[-1][:150]}", file=sys.stderr)
        return 0


def main(directory, wants_torchvision):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(191009)
    warnings.simplefilter("ignore")
    count = 0
    if wants_torchvision:
        for name, model in torchvision_models():
            count += save(directory / f"{name}.script.pt", lambda: torch.jit.script(model))
    else:
        for name, (make, shapes) in MODULES.items():
            count += save(directory / f"{name}.script.pt", lambda: torch.jit.script(make()))
            trace = lambda: torch.jit.trace(make().eval(), make_inputs(shapes), check_trace=False)  # noqa: E731
            count += save(directory / f"{name}.trace.pt", trace)
    print(f"{count} archives")


if __name__ == "__main__":
    main(sys.argv[1], "--torchvision" in sys.argv)
