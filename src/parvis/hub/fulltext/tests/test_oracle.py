"""What the index answers, beside a reading of every document, word after word, by rules written anew here."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.fulltext import grammar, index
from parvis.hub.fulltext.extracts import extracts, marked, matching_sentences
from parvis.hub.fulltext.rules import LongDocument
from parvis.hub.fulltext.tests.papers import Papers, paper

FAMILIES = (
    ("école", "écoles", "Écoles", "ECOLE"),
    ("subvention", "subventions", "Subvention"),
    ("toiture", "toitures"),
    ("conseil", "Conseil", "conseils"),
    ("œuvre", "oeuvre", "œuvres"),
    ("2024",),
    ("budget", "budgets"),
    ("piscine", "Piscine"),
)
"""Forms of the same words, which a question finds by any of them."""
LITTLE = ("de", "la", "les", "pour", "à", "du")
FOLDED = str.maketrans({"é": "e", "É": "e", "œ": "oe", "à": "a"})


def folded(word: str) -> str:
    return word.translate(FOLDED).lower()


FAMILY = {folded(form): rank for rank, forms in enumerate(FAMILIES) for form in forms}


def words_of(text: str) -> list[str]:
    return [folded(word) for word in re.findall(r"\w+", text)]


def made(seed: int) -> list[LongDocument]:
    """Sixty short documents of few words."""
    dice = random.Random(seed)
    forms = [form for family in FAMILIES for form in family]

    def text(most: int) -> str:
        words = [dice.choice(LITTLE if dice.random() < 0.35 else forms) for _word in range(dice.randrange(most))]
        return "".join(word + dice.choice((" ", " ", ", ", ". ", "\n", "’")) for word in words)

    return [
        paper(key, *(text(14) for _page in range(dice.randrange(4))), title=text(5), texts={"rapporteur": (text(3),)})
        for key in range(1, 61)
    ]


@dataclass(frozen=True)
class Sought:
    """A part of a question: how it is typed, and what a document must then have."""

    typed: str
    kind: str
    words: tuple[str, ...]
    distance: int = 0
    field: str = ""

    def is_in(self, document: LongDocument) -> bool:
        values = self._values(document)
        runs = [words_of(value) for value in values]
        if self.kind == "phrase":
            forms = [folded(word) for word in self.words]
            return any(run[at : at + len(forms)] == forms for run in runs for at in range(len(run)))
        families = [FAMILY[folded(word)] for word in self.words]
        full = [[FAMILY[word] for word in run if word in FAMILY] for run in runs]
        if self.kind == "words":
            return any(run[at : at + len(families)] == families for run in full for at in range(len(run)))
        places = list(self._places(full))
        left, right = ([place for place, family in places if family == other] for other in families)
        return any(abs(a - b) <= self.distance for a in left for b in right)

    @staticmethod
    def _places(runs: list[list[int]]) -> Iterator[tuple[int, int]]:
        """Where the words of texts that come one after the other are: between two texts there is one place more."""
        place = 0
        for run in runs:
            for family in run:
                yield place, family
                place += 1
            place += 1

    def _values(self, document: LongDocument) -> list[str]:
        if self.field:
            return [document.title] if self.field == "objet" else list(document.texts["rapporteur"])
        return [document.title, *document.texts["rapporteur"], "\n".join(document.pages)]


forms = st.sampled_from([form for family in FAMILIES for form in family])
fields = st.sampled_from(["", "", "", "objet", "rapporteur"])


@st.composite
def sought(draw) -> Sought:
    kind, field = draw(st.sampled_from(["words", "words", "phrase", "near", "joined"])), draw(fields)
    prefix = f"{field}:" if field else ""
    if kind == "phrase":
        words = tuple(draw(st.lists(st.one_of(forms, st.sampled_from(LITTLE)), min_size=1, max_size=3)))
        return Sought(f'{prefix}"{" ".join(words)}"', "phrase", words, field=field)
    if kind == "joined":
        words = (draw(forms), draw(forms))
        return Sought(f"{prefix}{'-'.join(words)}", "words", words, field=field)
    if kind == "near":
        left, right = draw(forms), draw(forms)
        distance = draw(st.integers(1, 6))
        if FAMILY[folded(left)] != FAMILY[folded(right)]:
            return Sought(f"{prefix}{left} PRES/{distance} {right}", "near", (left, right), distance, field)
    word = draw(forms)
    return Sought(f"{prefix}{word}", "words", (word,), field=field)


@st.composite
def questions(draw) -> tuple[str, list[list[Sought]], list[Sought]]:
    """A question as it is typed, and what it means: one of each of these, none of those."""
    required = draw(st.lists(st.lists(sought(), min_size=1, max_size=3), max_size=3))
    excluded = [part for part in draw(st.lists(sought(), max_size=2)) if part.kind != "near"]
    typed = [" OU ".join(part.typed for part in options) for options in required]
    return " ".join([*typed, *(f"-{part.typed}" for part in excluded)]), required, excluded


@pytest.fixture(scope="module")
def corpora() -> dict[int, list[LongDocument]]:
    return {seed: made(seed) for seed in (1, 2)}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_index_finds_what_a_reading_of_all_documents_finds(papers, corpora, monkeypatch, seed):
    papers.put(*corpora[seed])
    shelves = index.opened(papers.library)
    monkeypatch.setattr(index, "opened", lambda library: shelves)

    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    @given(questions())
    def ask(question):
        typed, required, excluded = question
        expected = {
            document.key
            for document in corpora[seed]
            if all(any(part.is_in(document) for part in options) for options in required)
            and not any(part.is_in(document) for part in excluded)
        }
        result = papers.search(ANONYMOUS, typed, page_size=100)
        assert (set(result.keys), result.total) == (expected, len(expected)), typed

    ask()


@settings(max_examples=150)
@given(sought(), st.integers(1, 50))
def test_what_is_highlighted_is_what_is_found(part, seed):
    if part.field:
        return
    question = grammar.read(part.typed)
    for document in made(seed)[:8]:
        only_pages = paper(1, *document.pages, title="", texts={"rapporteur": ()})
        passages = extracts(question, document.pages)
        sentences = matching_sentences(question, document.pages)
        assert bool(passages) == bool(sentences) == part.is_in(only_pages)
        for parts in (parts for row in (*passages, *sentences) for parts in [row.parts]):
            for text, is_hit in parts:
                if is_hit:
                    assert words_of(text)
        for sentence in sentences:
            page = document.pages[sentence.page - 1]
            whole = "\n".join(document.pages)[len("\n".join([*document.pages[: sentence.page - 1], ""])) :]
            assert sentence.text.split() == whole[sentence.start : sentence.end].split()
            assert 0 <= sentence.start <= len(page)


HOSTILE = st.text(alphabet=st.characters(codec="utf-8"), max_size=200) | st.text(
    alphabet='"«»-−:/()[]{}*?~^+&|!\\ \n\t\x00œé’aOUPRES/5objet:', max_size=120
)


@settings(max_examples=300)
@given(HOSTILE)
def test_whatever_is_typed_is_read_described_and_looked_for(text):
    fields = Papers().library.searched_fields
    question = grammar.read(text, fields)
    assert grammar.described(question, fields) or not question
    assert extracts(question, [text, text]) is not None
    assert all(part for part, _hit in marked(question, text, "objet"))


def test_hostile_questions_break_no_index(papers):
    papers.put(paper(1, "école"))

    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    @given(HOSTILE)
    def ask(text):
        papers.search(ANONYMOUS, text, counted=("annee",))

    ask()
    papers.search(ANONYMOUS, "é" * 100_000)
    papers.search(ANONYMOUS, " ".join(f"mot{rank} OU" for rank in range(10_000)))
    papers.search(ANONYMOUS, '"' + "a " * 50_000, filters={"annee": ("x" * 70_000,), "inconnu": ("1",)})


@given(*(st.text(max_size=30) for _field in range(6)))
def test_the_fields_of_a_form_make_a_question_that_is_read(every, exactly, some, without, left, right):
    grammar.read(
        grammar.written(every=every, exactly=exactly, some=some, without=without, near=(left, right), distance=3)
    )


def test_the_fields_of_a_form_say_what_would_be_typed():
    written = grammar.written(
        every="école travaux", exactly="avis favorable", some="nord sud", without="cantine", near=("toit", "mur")
    )
    assert written == 'école travaux "avis favorable" nord OU sud -cantine toit PRES/5 mur'


def test_words_that_come_again_and_again_are_found_a_bounded_number_of_times():
    question = grammar.read('toit PRES/50 mur "toit mur"')
    pages = ["toit mur " * 30_000]
    assert len(extracts(question, pages)) == 3
    assert len(matching_sentences(question, pages)) == 50


def test_a_phrase_is_marked_whole_and_words_cut_at_the_end_of_a_line_are_joined():
    question = grammar.read('"taxe d’aménagement" délibération')
    page = "Vu la taxe d’amé\u0002\nnagement ;\nla déli\u00adbération \uf0b7 du maire."
    (extract,) = extracts(question, [page])
    assert extract.parts == (
        ("Vu la ", False),
        ("taxe d’aménagement", True),
        (" ; la ", False),
        ("délibération", True),
        (" du maire.", False),
    )
    assert (extract.begins, extract.ends) == (True, True)


def test_sentences_end_where_french_ones_do():
    text = "Sur rapport de M. Durand, l’art. L. 2121-29 est visé. Le toit sera refait. Rien.\n\n- le mur\n- le toit"
    sentences = matching_sentences(grammar.read("toit OU visé"), ["Page blanche.", text])
    assert [(sentence.page, sentence.text.strip()) for sentence in sentences] == [
        (2, "Sur rapport de M. Durand, l’art. L. 2121-29 est visé."),
        (2, "Le toit sera refait."),
        (2, "- le toit"),
    ]
