"""Lines of pages become paragraphs and articles; no letter is lost, and what recognition doubts is marked where it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.acts.model import DoubtfulWord, Method, Page
from parvis.domains.deliberations.paragraphs import (
    PAGES_TOGETHER,
    Run,
    blocks_of,
    doubts_of,
    pages_from,
    screens_of,
)

ACT = """EXTRAIT DU REGISTRE
L’an deux mille vingt-six, le quinze janvier, le conseil municipal, légalement convoqué, s’est
réuni à la mairie sous la présidence de la maire.
Vu le code général des collectivités territoriales, et notamment son article
L. 2121-29,
Considérant que la toiture de l’école fuit,
ARTICLE 1er : d’approuver les travaux, dont le détail est donné à
l’article 3 du marché.
Article 2 – de solliciter l’État.
Article unique
Madame la maire est chargée de l’exécution, transmise au sous-
préfet d’Évry."""


def texts(text: str) -> list[str]:
    return [block.text for block in blocks_of(Page(1, text))]


def test_lines_of_a_sentence_are_one_paragraph_and_articles_are_headings():
    blocks = blocks_of(Page(1, ACT))
    assert [block.text for block in blocks if block.is_heading] == ["ARTICLE 1er", "Article 2", "Article unique"]
    assert [block.text for block in blocks if not block.is_heading] == [
        "EXTRAIT DU REGISTRE",
        "L’an deux mille vingt-six, le quinze janvier, le conseil municipal, légalement convoqué, s’est réuni à la mairie sous la "
        "présidence de la maire.",
        "Vu le code général des collectivités territoriales, et notamment son article L. 2121-29,",
        "Considérant que la toiture de l’école fuit,",
        "d’approuver les travaux, dont le détail est donné à l’article 3 du marché.",
        "de solliciter l’État.",
        "Madame la maire est chargée de l’exécution, transmise au sous-préfet d’Évry.",
    ]


@pytest.mark.parametrize("text", ["Article L2121-15 du code", "articles 1 et 2", "Article 2121 du code", "L’article 5"])
def test_what_only_names_an_article_is_no_heading(text):
    assert not any(block.is_heading for block in blocks_of(Page(1, text)))


def test_a_list_keeps_its_lines():
    assert texts("Subventions :\n- DETR : 30 000 €\n- DSIL : 20 000 €") == [
        "Subventions :",
        "- DETR : 30 000 €",
        "- DSIL : 20 000 €",
    ]


def test_doubtful_words_are_marked_where_they_are_and_listed_once_the_least_sure_first():
    text = "Le con5eil\ndécide que le con5eil paie 12 €."
    places = [(3, 10, 40), (25, 32, 54), (38, 40, 61)]
    page = Page(1, text, Method.RECOGNISED, 80.0, tuple(DoubtfulWord(*place) for place in places))
    assert [block.text for block in blocks_of(page)] == ["Le con5eil décide que le con5eil paie 12 €."]
    marked = [part for block in blocks_of(page) for part in block.runs if part.confidence is not None]
    assert marked == [Run("con5eil", 40), Run("con5eil", 54), Run("12", 61)]
    assert doubts_of(page) == [Run("con5eil", 40), Run("12", 61)]


@given(
    st.text(alphabet=st.sampled_from("aB éÀ1.-:;,\n\f\u2028Article 1Vu’€"), max_size=300),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 100)), max_size=8),
)
def test_no_letter_is_lost_or_added_whatever_the_page_and_its_doubts(text, places):
    page = Page(1, text, Method.RECOGNISED, 50.0, tuple(DoubtfulWord(*place) for place in places))
    shown = "".join(block.text for block in blocks_of(page))
    letters = re.sub(r"\s", "", text)
    # What is between « Article 1 » and its sentence is punctuation that the heading has no need of.
    assert re.sub(r"[\s.:–—-]", "", shown) == re.sub(r"[.:–—-]", "", letters)


def test_long_files_are_shown_by_screens_and_no_page_is_left_out():
    pages = [Page(number, "x" * 2_000) for number in range(1, 301)]
    screens = screens_of(pages)
    assert [page.number for screen in screens for page in screen] == list(range(1, 301))
    assert max(map(len, screens)) == PAGES_TOGETHER
    heavy = [Page(number, "x" * 50_000) for number in range(1, 4)]
    assert [len(screen) for screen in screens_of(heavy)] == [1, 1, 1]
    assert [page.number for page in pages_from(pages, 298)] == [298, 299, 300]
