"""French spaces are set in what is read, and in nothing else."""

from __future__ import annotations

import time

import pytest

from parvis.core.typography import french, french_html

CASES = {
    "Source : l’Insee": "Source\u00a0: l’Insee",
    "Oui ; non ! Quoi ?": "Oui\u202f; non\u202f! Quoi\u202f?",
    "« Stationnements »": "«\u00a0Stationnements\u00a0»",
    "12 % de 3 € et 40 000 000 €": "12\u00a0% de 3\u00a0€ et 40\u202f000\u202f000\u00a0€",
    "1 000 habitants / km²": "1\u202f000 habitants\u00a0/ km²",
    "en 2018 300 personnes": "en 2018 300 personnes",
    "01 60 91 60 91": "01 60 91 60 91",
    "un champ :nom et a/b": "un champ :nom et a/b",
    "déjà\u00a0: bien\u202f!": "déjà\u00a0: bien\u202f!",
}


@pytest.mark.parametrize("text", CASES)
def test_a_text_has_the_spaces_of_french(text):
    assert french(text) == CASES[text]
    assert french(CASES[text]) == CASES[text]
    assert french_html(f"<p>{text}</p>") == f"<p>{CASES[text]}</p>"


@pytest.mark.parametrize(
    "page",
    [
        '<a title="Voir : tout" href="?q=a ; b">x</a>',
        "<pre>a : b ; c</pre>",
        "<code>where x > 3 ; « y »</code>",
        "<textarea name=t>Bonjour : « vous » !</textarea>",
        "<script>let a = b ? c : d</script>",
        "<style>a { color : red }</style>",
        "<td>12 345 678</td>",
        "<!-- a : b -->",
    ],
)
def test_what_is_no_sentence_stays_as_it_is(page):
    assert french_html(page) == page


def test_words_after_a_tag_are_words_too():
    assert french_html("<b>Source</b> : <i>Insee</i> ;") == "<b>Source</b>\u00a0: <i>Insee</i>\u202f;"


def test_a_long_page_costs_little():
    page = '<li class="x"><a href="/jeux/?q=a+:+b">Arbres</a> : 1 000 lignes ; « oui » !</li>\n' * 1_300
    start = time.process_time()
    french_html(page)
    assert len(page) > 100_000
    assert (time.process_time() - start) < 0.05
