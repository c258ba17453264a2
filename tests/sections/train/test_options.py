from fmnist_core.guide.glossary import terms
from fmnist_core.recipes.hyperparameters import Augmentation
from fmnist_core.recipes.recipe import Recipe
from pages.sections.train.options import TERMS


def test_every_option_with_a_term_exists_and_so_does_its_term() -> None:
    assert set(TERMS.values()) <= set(terms())
    assert set(TERMS) <= set(Recipe.options()) | set(Augmentation.options())
