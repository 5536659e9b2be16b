"""A recipe is read, its faults told with their line, and written again as the same steps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.recipes import BadRecipe, Recipe, read_recipe, step_sentences, write_recipe
from parvis.core.transforms import Step

TEXT = """title = "Subventions"

# les montants viennent avec leur devise
[[step]]
do = "type"
columns = ["montant"]
type = "double"

[[step]]
do = "compute"
to = "part"
sql = '''
montant::DOUBLE /
[[step]]
100'''

# du plus récent
[[step]]
do = "mend.trim"
column = "nom"
"""


def test_a_recipe_is_read_with_the_comments_above_its_steps():
    recipe = read_recipe(TEXT)
    assert recipe.title == "Subventions"
    assert [step.name for step in recipe.steps] == ["prepare.type", "prepare.compute", "mend.trim"]
    assert recipe.steps[0].parameters["comment"] == "les montants viennent avec leur devise"
    assert "comment" not in recipe.steps[1].parameters


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[[step]]\ndo = "typ"', 1, "« type » ?"),
        (
            '\n# x\n[[step]]\ndo = "drop"\ncolumns = ["a"]\n\n[[step]]\ndo = "drop"\ncolumn = ["a"]',
            7,
            "étape 2, « drop » : « column »",
        ),
        ('[[step]]\ndo = "type"\ncolumns = [', 3, "ce n’est pas du TOML"),
        ("[[step]]\nfaire = 1", 1, "ne dit pas ce qu’elle fait"),
        ("etapes = []", 1, "« etapes »"),
        ('title = """\n[[step]]\n"""\n\n[[step]]\ndo = "nope"', 5, "« nope »"),
        ("\n".join('[[step]]\ndo = "slice"' for _ in range(201)), 1, "plus de 200 étapes"),
    ],
)
def test_a_fault_is_told_with_its_line(text, line, words):
    with pytest.raises(BadRecipe) as refused:
        read_recipe(text)
    assert f"ligne {line} :" in str(refused.value)
    assert words in str(refused.value)


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(texts, min_size=1, max_size=3),
    texts,
    texts,
    st.floats(0, 1),
    st.text(st.sampled_from("abc é#'\"\\"), max_size=12),
)
def test_what_is_written_is_read_again_as_the_same_steps(columns, value, other, share, comment):
    steps = (
        Step(
            "prepare.drop",
            {"columns": columns} | ({"comment": comment.strip()} if comment.strip("# ") == comment and comment else {}),
        ),
        Step(
            "prepare.filter",
            {
                "where": [{"column": value, "is": "in", "value": columns}, {"column": other, "is": ">", "value": 3}],
                "keep": False,
            },
        ),
        Step("prepare.rename", {"names": {value: other}}),
        Step("prepare.compute", {"to": other, "sql": f"{value}\n{other}"}),
        Step("prepare.territory", {"column": value, "from": "name", "take": {other: "code"}, "least": share}),
    )
    recipe = Recipe(steps, title=value)
    assert read_recipe(write_recipe(recipe)) == recipe


def test_steps_are_told_in_words_but_for_the_values_of_a_column_that_is_treated():
    steps = [
        Step("prepare.filter", {"where": [{"column": "statut", "is": "is", "value": "voté"}]}),
        Step("prepare.filter", {"where": [{"column": "nom", "is": "is-not", "value": "Durand"}]}),
        Step("privacy.mask", {"column": "nom"}),
    ]
    plain = [sentence.replace("\u00a0", " ") for sentence in step_sentences(steps)]
    assert plain[0] == "Lignes choisies : « statut » est « voté »"
    assert plain[1] == "Filtrer les lignes"
    assert "Durand" not in " ".join(plain)
