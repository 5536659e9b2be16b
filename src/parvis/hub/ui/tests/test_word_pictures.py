"""Share pictures: words set out, a figure large over its history, nothing of it lost for who does not see it."""

from __future__ import annotations

import re

from parvis.hub.ui.word_pictures import WordPicture, words_picture


def svg_of(picture: WordPicture, footer: str = "Ville") -> str:
    return words_picture(picture, footer, "svg").decode()


def words_of(svg: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", svg))


def test_a_title_its_lines_and_its_footer_are_written():
    text = words_of(svg_of(WordPicture("Un concert", ("samedi", "à la salle des fêtes"))))
    assert all(words in text for words in ("Un concert", "samedi", "à la salle des fêtes", "Ville"))


def test_a_figure_stands_over_its_history_with_what_is_amiss():
    picture = WordPicture("Places", ("Grigny · 2023",), "34 places", (10, 20, 34), "Source en retard")
    svg = svg_of(picture)
    assert all(words in words_of(svg) for words in ("34 places", "Grigny · 2023", "Source en retard"))
    flat = svg_of(WordPicture("Places", ("Grigny · 2023",), "34 places", (10, 20), "Source en retard"))
    assert svg.count("<path") > flat.count("<path"), "two values make no line"


def test_without_a_figure_what_is_amiss_is_a_line():
    assert "Pas encore de valeur" in words_of(svg_of(WordPicture("Places", warning="Pas encore de valeur")))


def test_who_does_not_see_it_reads_the_same():
    picture = WordPicture("Places", ("Grigny",), "34 places", warning="Source en retard")
    assert picture.sentence == "Places : 34 places ; Grigny ; Source en retard"


def test_a_footer_that_is_too_long_loses_its_last_part_whole():
    parts = (
        "Ville de Saint-Germain-en-Laye",
        "source du 1er décembre 2022, il y a 3 ans",
        "Les données de Grand Paris Sud",
    )
    text = words_of(svg_of(WordPicture("Arbres"), " · ".join(parts)))
    assert " · ".join(parts[:2]) in text
    assert "Les" not in text
    assert "Syndicat mixte…" in words_of(svg_of(WordPicture("Arbres"), "Syndicat mixte " + "x" * 80))
