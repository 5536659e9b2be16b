"""French spaces are set in what is read, and in nothing else."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.typography import NARROW, NO_BREAK, french, french_html

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


class Parts(HTMLParser):
    """What a page is made of, as a reader of HTML that is not ours takes it apart."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.apart: list[str] = []
        self.texts: list[str] = []
        self._inside: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, _attributes):
        self.apart.append(self.get_starttag_text() or "")
        self._inside += [tag] if tag in ASIDE else []

    def handle_endtag(self, tag):
        self.apart.append(f"</{tag}>")
        self._inside = self._inside[:-1] if self._inside[-1:] == [tag] else self._inside

    def handle_comment(self, data):
        self.apart.append(data)

    def handle_data(self, data):
        (self.apart if self._inside else self.texts).append(data)


ASIDE = ("script", "style", "pre", "code", "textarea", "kbd")
_words = st.text(" :;!?%€/«»a1000.,-\u00a0\n", max_size=16)
_values = st.builds(str.__add__, _words, st.sampled_from(["", " > b ; c", " < b : c", "<pre>", "</script>"]))
_attributes = st.builds('{}="{}"'.format, st.sampled_from(["title", "href", "data-x"]), _values) | st.builds(
    "title='{}'".format, _values
)
_starts = st.builds("<{} {}>".format, st.sampled_from(["p", "a", "td", "i"]), _attributes)
_elements = st.builds("<{0}>{1}</{0}>".format, st.sampled_from(ASIDE), _words)
_pages = st.lists(_words | _starts | _elements | st.just("</p>") | st.builds("<!-- {} -->".format, _values))


@given(_pages.map("".join))
@settings(max_examples=300, deadline=None)
def test_nothing_but_spaces_of_texts_ever_changes(page):
    spaced = french_html(page)
    before, after = Parts(page), Parts(spaced)
    assert after.apart == before.apart
    changed = {(old, new) for old, new in zip(page, spaced, strict=True) if old != new}
    assert changed <= {(" ", NO_BREAK), (" ", NARROW)}


def test_five_thousand_spaces_cost_some_milliseconds():
    page = '<li class="x"><a href="/jeux/?q=a+:+b">Arbres</a> : 1 000 lignes ; « oui » !</li>\n' * 1_200
    times = []
    for _turn in range(5):
        start = time.process_time()
        spaced = french_html(page)
        times.append(time.process_time() - start)
    assert sum(old != new for old, new in zip(page, spaced, strict=True)) > 5_000
    assert min(times) < 0.02
