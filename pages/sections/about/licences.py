"""The licences of code, data and packages: documents, shown as they are in every language."""

from fmnist_core.paths import ROOT
from fmnist_core.translation import mark

# What each file of the repository is.
LICENCES = {
    mark("What is not ours: data and packages"): "THIRD_PARTY.md",
    mark("Licence of the code"): "LICENSE",
    mark("Licence of the data"): "assets/fashion_mnist/LICENSE",
}


def licence_text(path: str) -> str:
    """Return a Markdown or text file of the repository, to be shown below a heading."""
    text = (ROOT / path).read_text(encoding="utf-8")
    text = text.removeprefix("# What is not ours\n").replace("\n## ", "\n#### ")
    # Its link leads to a file beside it, which the app does not serve but shows itself.
    return text.replace("[assets/fashion_mnist/LICENSE](assets/fashion_mnist/LICENSE)", "its file")
