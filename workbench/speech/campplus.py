# ruff: noqa: E402  (torchaudio must be made importable before pyannote is imported)
"""CAM++ speaker embedding as a model of pyannote.audio, and the conversion of its published weights.

Wang, Zheng, Chen, Cheng & Chen (2023), CAM++: A fast and efficient network for speaker verification
using context-aware masking, Interspeech. Weights: 3D-Speaker (Apache-2.0). The names of the layers
are those of the published weights. A converted checkpoint names this module and `CAMPlusPlus`, which
is how `pyannote.audio.Pipeline.from_pretrained(folder)` finds it.

Imports torch: only child processes import this module. `python -m workbench.speech.campplus IN OUT`
converts.
"""

from __future__ import annotations

import os
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"

from workbench.speech.torchaudio_repair import ensure_torchaudio

ensure_torchaudio()

import torch
import torch.nn.functional as F
import torchaudio.compliance.kaldi as kaldi
from pyannote.audio.core.model import Model
from pyannote.audio.core.task import Problem, Resolution, Specifications
from torch import nn

SAMPLE_RATE = 16_000
MEL_BINS = 80
EMBEDDING_SIZE = 192
# Fewer frames (10 ms each) than this are repeated until there are enough for the statistics.
MIN_FRAMES = 30
# (layers, kernel, dilation) of the three densely connected blocks; each layer adds 32 channels.
_BLOCKS = ((12, 3, 1), (24, 3, 2), (16, 3, 2))
_GROWTH = 32
_CONTEXT_FRAMES = 100


class CAMPlusPlus(Model):  # type: ignore[misc]
    """Embeds the voice heard in a waveform, or in the frames of it that `weights` choose."""

    def __init__(
        self,
        sample_rate: int = SAMPLE_RATE,
        num_channels: int = 1,
        embedding_size: int = EMBEDDING_SIZE,
        task: Any = None,
    ) -> None:
        super().__init__(sample_rate=sample_rate, num_channels=num_channels, task=task)
        self.save_hyperparameters("sample_rate", "num_channels", "embedding_size")
        self.net = Network(embedding_size)

    @property
    def dimension(self) -> int:
        return int(self.hparams.embedding_size)

    def forward(self, waveforms: Any, weights: Any = None) -> Any:
        """Embeddings (batch, dimension) of waveforms (batch, 1, samples).

        `weights` (batch, frames) chooses frames, at any frame rate. Where it chooses none the
        embedding is NaN, which clustering leaves out.
        """
        embeddings = torch.full((waveforms.shape[0], self.dimension), float("nan"), device=waveforms.device)
        last_waveform = last_features = None
        for row, waveform in enumerate(waveforms):
            if weights is not None and weights[row].sum() <= 0:
                continue
            # The speakers of one chunk come one after the other with the same sound.
            if last_waveform is None or not torch.equal(waveform, last_waveform):
                last_waveform = waveform
                last_features = kaldi.fbank(
                    waveform, num_mel_bins=MEL_BINS, sample_frequency=float(SAMPLE_RATE), dither=0.0
                )
            features: Any = last_features
            if weights is not None:
                features = _chosen(features, weights[row])
            if features.shape[0] == 0:
                continue
            if features.shape[0] < MIN_FRAMES:
                features = features.repeat(-(-MIN_FRAMES // features.shape[0]), 1)
            embeddings[row] = self.net((features - features.mean(0, keepdim=True))[None])[0]
        return embeddings


def _chosen(features: Any, weights: Any) -> Any:
    mask = F.interpolate(weights[None, None].float(), size=features.shape[0], mode="nearest")[0, 0] > 0.5
    return features[mask]


class Network(nn.Module):  # type: ignore[misc]
    """Features (batch, frames, 80) to embeddings (batch, size)."""

    def __init__(self, embedding_size: int) -> None:
        super().__init__()
        self.head = _Front()
        channels = 128
        self.xvector = nn.Sequential(OrderedDict(tdnn=_TimeDelay(self.head.out_channels, channels, 5, 2)))
        for number, (layers, kernel, dilation) in enumerate(_BLOCKS, 1):
            self.xvector.add_module(f"block{number}", _DenseBlock(layers, channels, kernel, dilation))
            channels += layers * _GROWTH
            self.xvector.add_module(f"transit{number}", _Transit(channels, channels // 2))
            channels //= 2
        self.xvector.add_module("out_nonlinear", _normalized(channels))
        self.xvector.add_module("stats", _Statistics())
        self.xvector.add_module("dense", _Output(channels * 2, embedding_size))

    def forward(self, features: Any) -> Any:
        return self.xvector(self.head(features.transpose(1, 2)))


class _Front(nn.Module):  # type: ignore[misc]
    """Two-dimensional convolutions over time and frequency."""

    def __init__(self, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(_Residual(channels, channels, 2), _Residual(channels, channels))
        self.layer2 = nn.Sequential(_Residual(channels, channels, 2), _Residual(channels, channels))
        self.conv2 = nn.Conv2d(channels, channels, 3, stride=(2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.out_channels = channels * (MEL_BINS // 8)

    def forward(self, x: Any) -> Any:
        x = F.relu(self.bn1(self.conv1(x.unsqueeze(1))))
        x = self.layer2(self.layer1(x))
        return F.relu(self.bn2(self.conv2(x))).flatten(1, 2)


class _Residual(nn.Module):  # type: ignore[misc]
    def __init__(self, inward: int, outward: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inward, outward, 3, stride=(stride, 1), padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outward)
        self.conv2 = nn.Conv2d(outward, outward, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outward)
        self.shortcut = nn.Sequential()
        if stride != 1 or inward != outward:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inward, outward, 1, stride=(stride, 1), bias=False), nn.BatchNorm2d(outward)
            )

    def forward(self, x: Any) -> Any:
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + self.shortcut(x))


def _normalized(channels: int, affine: bool = True, relu: bool = True) -> Any:
    layers: dict[str, Any] = {"batchnorm": nn.BatchNorm1d(channels, affine=affine)}
    if relu:
        layers["relu"] = nn.ReLU(inplace=True)
    return nn.Sequential(OrderedDict(layers))


class _TimeDelay(nn.Module):  # type: ignore[misc]
    def __init__(self, inward: int, outward: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(inward, outward, kernel, stride=stride, padding=(kernel - 1) // 2, bias=False)
        self.nonlinear = _normalized(outward)

    def forward(self, x: Any) -> Any:
        return self.nonlinear(self.linear(x))


class _ContextMask(nn.Module):  # type: ignore[misc]
    """Context-aware masking: the mean over all frames and over segments of 100 weighs each channel."""

    def __init__(self, inward: int, outward: int, kernel: int, dilation: int) -> None:
        super().__init__()
        padding = (kernel - 1) // 2 * dilation
        self.linear_local = nn.Conv1d(inward, outward, kernel, padding=padding, dilation=dilation, bias=False)
        self.linear1 = nn.Conv1d(inward, inward // 2, 1)
        self.linear2 = nn.Conv1d(inward // 2, outward, 1)

    def forward(self, x: Any) -> Any:
        segments = F.avg_pool1d(x, _CONTEXT_FRAMES, _CONTEXT_FRAMES, ceil_mode=True)
        context = segments.repeat_interleave(_CONTEXT_FRAMES, dim=-1)[..., : x.shape[-1]]
        mask = torch.sigmoid(self.linear2(F.relu(self.linear1(x.mean(-1, keepdim=True) + context))))
        return self.linear_local(x) * mask


class _DenseLayer(nn.Module):  # type: ignore[misc]
    def __init__(self, inward: int, outward: int, bottleneck: int, kernel: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = _normalized(inward)
        self.linear1 = nn.Conv1d(inward, bottleneck, 1, bias=False)
        self.nonlinear2 = _normalized(bottleneck)
        self.cam_layer = _ContextMask(bottleneck, outward, kernel, dilation)

    def forward(self, x: Any) -> Any:
        return self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))


class _DenseBlock(nn.ModuleList):  # type: ignore[misc]
    def __init__(self, layers: int, inward: int, kernel: int, dilation: int) -> None:
        super().__init__()
        for layer in range(layers):
            self.add_module(
                f"tdnnd{layer + 1}", _DenseLayer(inward + layer * _GROWTH, _GROWTH, 4 * _GROWTH, kernel, dilation)
            )

    def forward(self, x: Any) -> Any:
        for layer in self:
            x = torch.cat([x, layer(x)], 1)
        return x


class _Transit(nn.Module):  # type: ignore[misc]
    def __init__(self, inward: int, outward: int) -> None:
        super().__init__()
        self.nonlinear = _normalized(inward)
        self.linear = nn.Conv1d(inward, outward, 1, bias=False)

    def forward(self, x: Any) -> Any:
        return self.linear(self.nonlinear(x))


class _Statistics(nn.Module):  # type: ignore[misc]
    def forward(self, x: Any) -> Any:
        return torch.cat([x.mean(-1), x.std(-1, unbiased=True)], -1)


class _Output(nn.Module):  # type: ignore[misc]
    def __init__(self, inward: int, outward: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(inward, outward, 1, bias=False)
        self.nonlinear = _normalized(outward, affine=False, relu=False)

    def forward(self, x: Any) -> Any:
        return self.nonlinear(self.linear(x.unsqueeze(-1)).squeeze(-1))


def export(weights: Path, checkpoint: Path) -> None:
    """Write the published `weights` as a checkpoint that pyannote.audio loads.

    Raises RuntimeError when the weights do not fit the network.
    """
    import pytorch_lightning

    model = CAMPlusPlus()
    model.net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True), strict=True)
    torch.save(
        {
            "state_dict": dict(model.state_dict()),
            "hyper_parameters": dict(model.hparams),
            "hparams_name": "kwargs",
            "pytorch-lightning_version": pytorch_lightning.__version__,
            "pyannote.audio": {
                "versions": {"torch": torch.__version__, "pyannote.audio": "4.0.0"},
                "architecture": {"module": "workbench.speech.campplus", "class": "CAMPlusPlus"},
                # pyannote refuses a model without specifications.
                "specifications": Specifications(
                    problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=5.0
                ),
            },
        },
        checkpoint,
    )


if __name__ == "__main__":
    from workbench.speech import campplus

    campplus.export(Path(sys.argv[1]), Path(sys.argv[2]))
