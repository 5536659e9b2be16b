"""Patterns of strangers: what Python's expressions accept, told by an engine that can be stopped."""

import re
import time
import warnings

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.validation.casting import _bare
from parvis.core.validation.pattern_translation import rewritten
from parvis.core.validation.patterns import Pattern, SlowPattern, anchored, is_sound, pushed_down

PATTERNS = [
    r"\w+", r"\W", r"[\w-]+", r"[^\W\d_]+", r"[^\s]", r"\d{2,}", r"\D+", r"\S*\s\S*", r"[\D5]", r"[^\D5]", r"\bé\w*\b", r"a\Bb", r"\B",
    r"(a|b)\1", r"(?P<x>a+)-(?P=x)", r"(a)?(?(1)b|c)", r"(?:ab)*?c", r"(?>a+)b", r"a++b", r"(?=a)\w", r"(?!a)\w", r"\w(?<=é)", r"\w(?<!é)",
    r"(?i:É)t", r"(?-i:a)", r"(?s:.)a", r"(?m:^b)", r"(?a:\w)é?", r"(?a:\b.)", r"a|bc|", r"a{e}", r"a{2}", r"a{,3}", r"a{x<=2}", r"[[:alpha:]]",
    r"[]a]", r"[^]a]", r"[a\-z]", r"[--/]", r"\x41", r"é", r"\u00e9", r"\N{EURO SIGN}", r"\.", r"[.]", r"\Aa\Z", r"a$", r"^a", r"",
    r"[\s\S]", r"[\w\W]*", r".", r"\n", r"\t", r" ", r"#", r"\/", r"(?:)", r"()", r"[a&&b]", r"[a||b]", r"[a~~b]", r"(?x: a b )", r"🌳+",
    r"(a*)*b", r"((a|b)*)c", r"\w+@\w+\.[a-z]{2,}",
]  # fmt: skip
TEXTS = [
    "", "a", "b", "é", "e\u0301", "É", "été", "ab", "abc", "ba", "aa", "aab", "aaa", "a-a", "5", "55", "٣", "²", "_", "-", "[", ":", "]", " ", "\x1c", "\n", "a\n", "\na",
    "a b", "x\u0301y", "ß", "🌳", "🌳🌳", "a{e}", "a{x<=2}", "ac", "c", "l]", "&", "|", "A", "€", "élan", "b\nb", "\u0301", "a@b.fr", "/", "\u200d", "\ud7ff", "#", ".",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_is_written_for_the_bounded_engine_accepts_the_same_texts(pattern: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference = re.compile(anchored(pattern))
    compiled = Pattern(pattern, "a")
    assert {text for text in TEXTS if compiled.matches(text)} == {text for text in TEXTS if reference.match(text)}


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from([*r"ab5é-_.*+?|()[]^$\{},: ", r"\w", r"\d", r"\s", r"\W", r"\b", "(?:", "(?=", "{2}", "[^"]), max_size=10),
    st.lists(st.text("abé5 -_\u0301\n", max_size=6), max_size=8),
)  # fmt: skip
def test_patterns_at_random_are_sound_and_accept_as_python_says(parts: list[str], texts: list[str]) -> None:
    pattern = "".join(parts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reference = re.compile(anchored(pattern))
        except (re.error, OverflowError):
            assert not is_sound(pattern)
            return
    assert is_sound(pattern)
    compiled = Pattern(pattern, "a")
    for text in [*texts, "", "a", "é"]:
        assert compiled.matches(text) == (reference.match(text) is not None), (pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(\w+\s?)+Z", "é" + "a" * 60),
        (r"(\w+)+!", "é" + "a" * 40),
        (r"(a+)+b", "a" * 60),
        (r"(\w|\d)+!", "é" + "1" * 60),
        (r"(?:\b\w+\b ?)+!", "é é " + "ab " * 40),
    ],
)
def test_a_pattern_without_end_is_stopped_whatever_the_text(pattern: str, text: str) -> None:
    start = time.monotonic()
    with pytest.raises(SlowPattern):
        for end in ("", "é", "ü"):
            if not Pattern(pattern, "a").matches(text + end):
                raise SlowPattern(field="a", pattern=pattern)
    assert time.monotonic() - start < 30


@pytest.mark.parametrize(
    "pattern",
    [
        "(?i:" + "[\\x00-\\U0010ffff]" * 1_000 + ")",
        "(" * 5_000 + "a" + ")" * 5_000,
        "(?:" * 200 + "a" + "{1000}){1000}" * 100,
        "a" * 1_000_000,
        "(?<=" + "a?" * 100 + ")b",
        "[" + "a-z" * 6_000 + "]",
    ],
)
def test_looking_at_a_hostile_pattern_ends(pattern: str) -> None:
    start = time.monotonic()
    is_sound(pattern)
    pushed_down(pattern)
    assert time.monotonic() - start < 60


def test_patterns_of_many_steps_are_not_left_to_an_engine_that_cannot_be_stopped() -> None:
    assert pushed_down("[0-9]{14}") is not None
    assert pushed_down("(?:a|b)*a(?:a|b){999}") is None


@given(st.text("12-+ €é.,٣", max_size=12))
def test_a_number_is_bared_as_validata_bares_it(text: str) -> None:
    assert _bare(text) == re.sub(r"((^[^-\d]*)|(\D*$))", "", text)


def test_the_expression_written_is_one_of_the_bounded_engine() -> None:
    assert regex.compile(rewritten("^[[:alpha:]]a{e}$"), regex.V0).match("lph]a{e}") is None
