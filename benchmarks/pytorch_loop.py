"""The training loop that PyTorch users write, as a peer: images a second on this processor.

    python benchmarks/pytorch_loop.py [--seconds 10] [--batch 32 128] [--precision bfloat16]

Stands alone, for an environment with PyTorch and NumPy (the app needs neither torch nor this).
Channels last, data in memory, no data loader; four of our presets, Adam or SGD as there; bfloat16
by automatic mixed precision. As in `training_overhead`, images are not varied, labels not smoothed.
The app's figures are those of `training_overhead`, whose validation and curves are included.
"""

import argparse
import gzip
import os
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

FOLDER = Path(__file__).parents[1] / "assets" / "fashion_mnist"


def dense(*widths: int) -> nn.Sequential:
    """Return a perceptron on 784 pixels."""
    layers: list[nn.Module] = [nn.Flatten()]
    for first, last in zip((784, *widths), (*widths, 10), strict=False):
        layers += [nn.Linear(first, last), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def convolutions() -> nn.Sequential:
    """Return the preset Three convolutions."""
    layers: list[nn.Module] = []
    for channels in (1, 64, 64):
        layers += [nn.Conv2d(channels, 64, 3), nn.ReLU()]
    ends = [nn.MaxPool2d(2), nn.Flatten(), nn.Linear(7744, 128), nn.ReLU(), nn.Linear(128, 10)]
    return nn.Sequential(*layers, *ends)


class Residual(nn.Module):
    """The pre-activation block of the preset Best."""

    def __init__(self, channels: int, filters: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.BatchNorm2d(channels)
        self.second = nn.BatchNorm2d(filters)
        self.one = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.two = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        same = channels == filters and stride == 1
        self.shortcut = None if same else nn.Conv2d(channels, filters, 1, stride, bias=False)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return the images' features and what two convolutions add to them."""
        branch = nn.functional.relu(self.first(images))
        kept = images if self.shortcut is None else self.shortcut(branch)
        return kept + self.two(nn.functional.relu(self.second(self.one(branch))))


def best() -> nn.Sequential:
    """Return the preset Best."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, 1, 1, bias=False),
        Residual(16, 16),
        Residual(16, 64, 2),
        Residual(64, 64),
        Residual(64, 128, 2),
        Residual(128, 128),
        nn.BatchNorm2d(128),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(128, 10),
    )


OPTIMIZERS = {
    "adam": lambda parameters: torch.optim.Adam(parameters, 1e-3),
    "sgd": lambda parameters: torch.optim.SGD(parameters, 0.01),
    "nesterov": lambda parameters: torch.optim.SGD(parameters, 0.1, 0.9, nesterov=True),
}
NETWORKS = {
    "128-64-with-logits": (lambda: dense(128, 64), "adam"),
    "300-100-with-sgd": (lambda: dense(300, 100), "sgd"),
    "three-convolutions": (convolutions, "adam"),
    "best": (best, "nesterov"),
}


def speed(name: str, batch: int, seconds: float, precision: str) -> float:
    """Return how many images a second a network learns from, after the first 20 batches."""
    make, kind = NETWORKS[name]
    network = make().to(memory_format=torch.channels_last)
    optimizer = OPTIMIZERS[kind](network.parameters())
    mixed = torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16")
    raw = gzip.decompress((FOLDER / "train-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((FOLDER / "train-labels-idx1-ubyte.gz").read_bytes())
    images = np.frombuffer(raw, np.uint8, 20_000 * 784, 16).reshape(-1, 1, 28, 28)
    inputs = torch.from_numpy(images.copy()).float().div_(255)
    inputs = inputs.contiguous(memory_format=torch.channels_last)
    targets = torch.from_numpy(np.frombuffer(labels, np.uint8, 20_000, 8).copy()).long()
    order = torch.randperm(len(targets))
    seen, start = 0, 0.0
    for step in range(10**9):
        at = step * batch % (len(targets) - batch)
        chosen = order[at : at + batch]
        optimizer.zero_grad(set_to_none=True)
        with mixed:
            output = network(inputs[chosen])
        loss = nn.functional.cross_entropy(output.float(), targets[chosen])
        loss.backward()
        optimizer.step()
        if step == 20:
            seen, start = 0, time.perf_counter()
        seen += batch
        if step > 20 and time.perf_counter() - start >= seconds:
            break
    return seen / (time.perf_counter() - start)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--batch", type=int, nargs="+", default=[32, 128])
    parser.add_argument("--presets", nargs="+", choices=list(NETWORKS), default=list(NETWORKS))
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    options = parser.parse_args()
    print(f"PyTorch {torch.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name in options.presets:
        for batch in options.batch:
            found = speed(name, batch, options.seconds, options.precision)
            print(f"{name:<22} batch {batch:>4} {found:>9,.0f}", flush=True)


if __name__ == "__main__":
    main()
