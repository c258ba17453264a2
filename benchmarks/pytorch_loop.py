"""The training loop that PyTorch users write, as a peer: images a second on this processor.

    python benchmarks/pytorch_loop.py [--seconds 10] [--batch 32 128]

Stands alone, for an environment with PyTorch and NumPy (the app needs neither torch nor this).
Channels last, float32, data in memory, no data loader; three of our presets, Adam or SGD as there.
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


NETWORKS = {
    "128-64-with-logits": (lambda: dense(128, 64), "adam"),
    "300-100-with-sgd": (lambda: dense(300, 100), "sgd"),
    "three-convolutions": (convolutions, "adam"),
}


def speed(name: str, batch: int, seconds: float) -> float:
    """Return how many images a second a network learns from, after the first 20 batches."""
    make, kind = NETWORKS[name]
    network = make().to(memory_format=torch.channels_last)
    optimizer = (
        torch.optim.Adam(network.parameters(), 1e-3)
        if kind == "adam"
        else torch.optim.SGD(network.parameters(), 0.01)
    )
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
        loss = nn.functional.cross_entropy(network(inputs[chosen]), targets[chosen])
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
    options = parser.parse_args()
    print(f"PyTorch {torch.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name in NETWORKS:
        for batch in options.batch:
            print(f"{name:<22} batch {batch:>4} {speed(name, batch, options.seconds):>9,.0f}")


if __name__ == "__main__":
    main()
