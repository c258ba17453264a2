"""The fixed passages of the stand-alone script; `script.py` fills in what the recipe decides.

All text here is pasted into that script, where `{…}` is filled in: it is code for its reader.
"""

HEAD = '''\
"""{name}: {parameters} parameters, trained on Fashion-MNIST.

    {summary}

Install what it needs and run it:

    pip install {packages}
    python {file}

With KERAS_BACKEND=jax or torch in the environment it runs on JAX or PyTorch instead of TensorFlow.
Without internet, give the folder of the four IDX files: --data FOLDER. Written by Fashion-MNIST
Lab; the same seed gives the same first weights and the same order of images as there.
"""

import argparse
import gzip
import itertools
import math
{collections}from pathlib import Path
{typing}
{cv2}import keras
import numpy as np
from keras import layers

{constants}
'''

LOAD_DATA = '''\
def load_data(folder):
    """Return training and test images with their labels: uint8, (n, 28, 28) and (n,)."""
    if folder is None:
        return keras.datasets.fashion_mnist.load_data()

    def read(name, header):
        return np.frombuffer(gzip.decompress((folder / name).read_bytes()), np.uint8, -1, header)

    train = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
    test = read("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
    return (
        (train, read("train-labels-idx1-ubyte.gz", 8)),
        (test, read("t10k-labels-idx1-ubyte.gz", 8)),
    )


def to_input(images):
    """Return what the network sees: float32 from 0 to 1, with a channel axis at the end."""
    return images[..., None].astype("float32") / 255
'''

RESIDUAL_BLOCK = '''\
def residual_block(x, filters, strides=1, activation="relu", dropout=0.0):
    """Return x plus what two convolutions make of it (He et al. 2016, arXiv:1603.05027)."""

    def convolution(size, strides=1):
        return layers.Conv2D(
            filters,
            size,
            strides=strides,
            padding="same",
            use_bias=False,
            kernel_initializer="{initializer}",
        )

    branch = layers.BatchNormalization(momentum=0.9)(x)
    branch = layers.Activation(activation)(branch)
    if strides != 1 or x.shape[-1] != filters:
        x = convolution(1, strides)(branch)  # brings the shortcut to the new shape
    branch = convolution(3, strides)(branch)
    branch = layers.BatchNormalization(momentum=0.9)(branch)
    branch = layers.Activation(activation)(branch)
    if dropout:
        branch = layers.Dropout(dropout)(branch)
    branch = convolution(3)(branch)
    return layers.Add()([x, branch])


'''

BUILD_MODEL = '''\
def build_model():
    """Return the network with fresh weights, always the same ones for the same seed."""
'''

BATCHES = '''\
def batches(images, labels):
    """Yield batch after batch for ever, each epoch in an order that follows from the seed."""
    for epoch in itertools.count():
        order = np.random.default_rng((SEED, epoch)).permutation(len(images))
        for start in range(0, len(order), BATCH_SIZE):
            chosen = order[start : start + BATCH_SIZE]
            yield to_input(images[chosen]), {labels}
'''
VARIED_BATCHES = '''\
def batches(images, labels):
    """Yield batch after batch for ever; order and variation follow from the seed alone."""
    for epoch in itertools.count():
        order = np.random.default_rng((SEED, epoch)).permutation(len(images))
        for batch, start in enumerate(range(0, len(order), BATCH_SIZE)):
            chosen = order[start : start + BATCH_SIZE]
            rng = np.random.default_rng((SEED, epoch, batch))
            varied = augment(images[chosen], labels[chosen], AUGMENTATION, rng)
            yield to_input(varied), {labels}
'''
ONE_HOT = "keras.utils.to_categorical(labels[chosen], 10)"

TRAIN = '''\
def train(model, images, labels, epochs):
    """Train the network and return Keras's history, one number an epoch."""
    steps = math.ceil(TRAIN_EXAMPLES / BATCH_SIZE)
{before}    model.compile(
{optimizer}
        loss={loss},
        metrics=["accuracy"],
        jit_compile=False,  # XLA slows convolutions down on a processor
    )
    callbacks = [{callbacks}]
{validation}{one_hot}{fit}
{restore}    return history
'''
COSINE = """\
    # From the first rate to zero along half a cosine, over all EPOCHS even if fewer are run.
    rate = keras.optimizers.schedules.CosineDecay({rate}, EPOCHS * steps)
"""
ONE_CYCLE = """\
    # Up for 30 % of the run, then down to zero, over all EPOCHS even if fewer are run.
    climb = max(1, round(0.3 * EPOCHS * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        {rate} / 25, max(1, EPOCHS * steps - climb), warmup_target={rate}, warmup_steps=climb
    )
"""
CHECKPOINT = """
        # Keep the weights of the epoch with the highest validation accuracy.
        keras.callbacks.ModelCheckpoint(
            "best.weights.h5", "val_accuracy", save_best_only=True, save_weights_only=True
        ),
"""
PLATEAU = """
        keras.callbacks.ReduceLROnPlateau({monitor}, factor=0.2, patience=2),
"""
EARLY_STOPPING = """
        keras.callbacks.EarlyStopping("val_loss", patience={patience}),
"""
SWAP = """
        # Validate (and keep) the running average of the weights rather than the last ones.
        keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
"""
VALIDATION = """\
    held_out = to_input(images[-VALIDATION_EXAMPLES:]), labels[-VALIDATION_EXAMPLES:]
"""
ONE_HOT_VALIDATION = """\
    held_out = held_out[0], keras.utils.to_categorical(held_out[1], 10)
"""
RESTORE = """\
    model.load_weights("best.weights.h5")
"""

MAIN = '''\
def main():
    """Train, then judge the network once on the test images, which it has never seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of the four IDX files (.gz)")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()

    (images, labels), (test_images, test_labels) = load_data(options.data)
    model = build_model()
    model.summary()
    history = train(model, images, labels, options.epochs)
    print("Parameters:", model.count_params())
    print("Training loss by epoch:", history.history["loss"])

    outputs = model.predict(to_input(test_images), batch_size=256, verbose=0)
    print("Test accuracy:", np.mean(outputs.argmax(axis=1) == test_labels))


if __name__ == "__main__":
    main()
'''
