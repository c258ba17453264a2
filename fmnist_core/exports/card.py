"""A trained model in one page of Markdown: what it is, how good it is, and where it fails."""

from fmnist_core.data.fashion_mnist import CLASS_NAMES, load
from fmnist_core.evaluation import metrics
from fmnist_core.models.catalogue import Model
from fmnist_core.recipes.comparison import describe_layers
from fmnist_core.runs.run import Run
from fmnist_core.wording import percent

_WARNING = (
    "It knows ten kinds of clothes from studio pictures of 28×28 grey pixels, light on black. On "
    "anything else it answers all the same. Prepare pictures of your own with `preparation.py`."
)


def model_card(model: Model, int8_accuracy: float | None = None) -> str:
    """Return the card; figures are those of the test images, as the app shows them."""
    recipe = model.recipe
    lines = [
        f"# {_plain(model.title)}",
        "",
        f"An image classifier trained on Fashion-MNIST (Xiao, Rasul and Vollgraf 2017, MIT "
        f"licence): {' → '.join(describe_layers(recipe))}. {recipe.parameters:,} parameters, "
        f"{recipe.multiply_adds:,} multiply-adds an image.",
        "",
        f"Trained for up to {recipe.epochs} epochs on {recipe.train_examples:,} images, judged on "
        f"{recipe.validation_examples:,} others, with seed {recipe.seed}.",
        "",
        "## How good it is",
        "",
        *_figures(model),
    ]
    if int8_accuracy is not None:
        share = percent(int8_accuracy, 2)
        lines.append(f"- With 8 bits (`-int8.tflite`): {share} of the test images.")
    if model.card:
        lines += [f"- {one}" for one in model.card.weaknesses]
    lines += ["", "## What to know", "", _WARNING, ""]
    lines += [
        "Input: float32 (n, 28, 28, 1), 0 for the background to 1. Output: ten probabilities, in "
        f"the order {', '.join(CLASS_NAMES)}.",
        "",
        "`python self_test.py` checks that every file answers as it did in Fashion-MNIST Lab.",
        "",
    ]
    return "\n".join(lines)


def _figures(model: Model) -> list[str]:
    found = Run(model.folder).evaluation()
    labels = load("test").labels
    if found is None or len(found.test_probabilities) != len(labels):
        return ["- Its accuracy on the test images was not measured."]
    figures = metrics.evaluate(found.test_probabilities, labels)
    low, high = figures.interval
    rows = [
        f"- {percent(figures.accuracy, 2)} of {figures.examples:,} test images (95 % interval "
        f"{percent(low, 2)} to {percent(high, 2)}), loss {figures.loss:.4f}",
        "",
        "| class | recognised |",
        "|---|---|",
    ]
    shares = figures.confusion.diagonal() / figures.confusion.sum(1)
    rows += [
        f"| {name} | {percent(float(share))} |"
        for name, share in zip(CLASS_NAMES, shares, strict=True)
    ]
    return [*rows, ""]


def _plain(text: str) -> str:
    # A visitor's words in a Markdown file: no links, no pictures, no markup.
    return "".join(f"\\{one}" if one in "\\`*_[]<>#!|&" else one for one in text)
