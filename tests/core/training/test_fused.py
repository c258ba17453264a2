"""Single operations in place of many: the same numbers, but for the last digits."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from fmnist_core.training.fused import FusedAdam, FusedAdamW, FusedBatchNormalization


@pytest.mark.parametrize(
    ("shape", "precision"),
    [
        ((5, 4, 3, 2), "float32"),
        ((1, 1, 1, 2), "float32"),  # of one value, which has no variance
        ((6, 3), "float32"),  # after a dense layer
        ((5, 4, 3, 2), "mixed_bfloat16"),
    ],
)
def test_normalisation_is_keras_own_in_what_it_gives_and_learns(
    shape: tuple[int, ...], precision: str
) -> None:
    rng = np.random.default_rng(0)
    inputs = tf.constant(rng.normal(3, 2, shape).astype(np.float32))
    wanted = tf.constant(rng.normal(size=shape).astype(np.float32))
    found = []
    for kind in (keras.layers.BatchNormalization, FusedBatchNormalization):
        layer = kind(momentum=0.9, dtype=precision)
        layer.build(shape)
        layer.set_weights([np.linspace(low, low + 1, shape[-1]) for low in (1, -1, 0, 2)])
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = tf.cast(layer(inputs, training=True), tf.float32)
            loss = tf.reduce_sum(outputs * wanted)
        gradients = tape.gradient(loss, [inputs, *layer.trainable_variables])
        after = layer(inputs, training=False)
        found.append([outputs, *gradients, *layer.get_weights(), after])
    close = 1e-5 if precision == "float32" else 0.05
    for one, other in zip(*found, strict=True):
        assert np.allclose(np.asarray(one, float), np.asarray(other, float), atol=close, rtol=close)


def test_statistics_stay_as_they_are_when_it_does_not_train() -> None:
    layer = FusedBatchNormalization()
    layer(np.ones((2, 3, 3, 1), np.float32), training=False)
    assert [list(one) for one in layer.get_weights()] == [[1], [0], [0], [1]]


@pytest.mark.parametrize(
    ("keras_own", "fused"),
    [(keras.optimizers.Adam, FusedAdam), (keras.optimizers.AdamW, FusedAdamW)],
)
def test_steps_are_those_of_keras_own_optimizer(keras_own: type, fused: type) -> None:
    rng = np.random.default_rng(0)
    start = rng.normal(size=(3, 2)).astype(np.float32)
    gradients = rng.normal(size=(4, 3, 2)).astype(np.float32)

    def trained(kind: type) -> list[np.ndarray]:
        weights = keras.Variable(start)
        optimizer = kind(learning_rate=0.1, weight_decay=0.01, use_ema=True, ema_momentum=0.9)
        optimizer.build([weights])
        step = tf.function(lambda gradient: optimizer.apply([gradient], [weights]))
        for gradient in gradients:
            step(tf.constant(gradient))
        return [weights.numpy(), *(one.numpy() for one in optimizer.variables)]

    expected, found = trained(keras_own), trained(fused)
    assert not np.allclose(expected[0], start, atol=0.1)
    for one, other in zip(expected, found, strict=True):
        # One minus 0.999, in float32 as there, is off by 0.00001 of itself.
        assert np.allclose(one, other, atol=1e-5, rtol=2e-5)
