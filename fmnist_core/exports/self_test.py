"""Does everything in this folder answer as it did in the app? Run me: python self_test.py

Stands alone: it needs NumPy and the runtime of each file (Keras, LiteRT, ONNX Runtime; for
preparation.py Pillow and OpenCV); files whose runtime is not installed are passed over. Give
the names of files to test only these.
"""

import os
import sys
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

HERE = Path(__file__).parent
# Networks of 8 bits round: nearly all answers are the same, or all probabilities nearly. All others
# agree to the last digits of float32.
CLOSE, CLOSE_INT8, SAME_INT8 = 1e-5, 0.01, 0.95


def answers(path: Path, images: np.ndarray) -> np.ndarray:
    """Return the probabilities of float32 images (n, 28, 28, 1) in 0 to 1 by the network."""
    if path.suffix == ".keras":
        import keras

        found = keras.ops.convert_to_numpy(keras.models.load_model(path)(images, training=False))
        if found.min() < 0 or not np.allclose(found.sum(1), 1, atol=1e-3):  # logits
            found = np.exp(found - found.max(1, keepdims=True))
            found /= found.sum(1, keepdims=True)
        return found
    if path.suffix == ".onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        return session.run(None, {session.get_inputs()[0].name: images})[0]
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(str(path)).get_signature_runner()
    return run(image=images)["probabilities"]


def tested(path: Path) -> bool:
    """Print how far a network's answers are from the expected ones; return whether near enough."""
    with np.load(HERE / "golden.npz", allow_pickle=False) as golden:
        images, expected = golden["images"], golden["probabilities"]
    found = answers(path, images[..., None].astype(np.float32) / 255)
    apart = float(np.abs(found - expected).max())
    same = float((found.argmax(1) == expected.argmax(1)).mean())
    int8 = path.stem.endswith("int8")
    good = apart <= CLOSE or (int8 and (same >= SAME_INT8 or apart <= CLOSE_INT8))
    words = "agrees" if good else "DOES NOT AGREE"
    print(f"{path.name}: {words}, at most {apart:.1e} apart, {same:.0%} the same answer")
    return good


def prepared() -> bool:
    """Print whether preparation.py makes of the pictures what the app makes; return it."""
    sys.path.insert(0, str(HERE))
    from preparation import image_of

    with np.load(HERE / "golden.npz", allow_pickle=False) as golden:
        names = [name for name in golden.files if name.startswith("pictures/")]
        same = [np.array_equal(image_of(str(HERE / name)), golden[name]) for name in names]
    words = "agrees" if all(same) else "DOES NOT AGREE"
    print(f"preparation.py: {words}, {sum(same)} of {len(same)} pictures are prepared the same")
    return all(same)


def testable(folder: Path = HERE) -> list[str]:
    """Return the names of the files in a folder that can be tested."""
    endings = (".keras", ".tflite", ".onnx")
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix in endings or path.name == "preparation.py"
    )


def main(names: list[str]) -> int:
    """Test the named files, or all; return 0 if all that could be tested agree."""
    paths = [HERE / name for name in names or testable()]
    good = True
    for path in paths:
        try:
            good &= prepared() if path.suffix == ".py" else tested(path)
        except ModuleNotFoundError as error:
            print(f"{path.name}: not tested, {error.name} is not installed")
            good &= not names
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
