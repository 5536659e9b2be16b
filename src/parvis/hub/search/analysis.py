"""French words as the index knows them: folded, without little words, stemmed."""

from __future__ import annotations

import tantivy

from parvis.core.text import fold

ANALYSER = "french"
_LITTLE_WORDS = (
    "a au aux avec ce ces cet cette d dans de des du elle en est et eux il ils j je l la le les leur leurs lui m ma "
    "mais me meme mes moi mon n ne nos notre nous on ou par pas pour qu que qui s sa se ses son sont sur t ta te tes "
    "toi ton tu un une vos votre vous y c"
)
STOP_WORDS = sorted(set(_LITTLE_WORDS.split()))


def french_analyser() -> tantivy.TextAnalyzer:
    """Lower case, accents folded, then stemmed: folding first gives « mobilités » and « mobilites » the same stem."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.remove_long(60)).filter(tantivy.Filter.lowercase())
    builder = builder.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.custom_stopword(STOP_WORDS))
    return builder.filter(tantivy.Filter.stemmer("french")).build()


_analyser = french_analyser()


def prepared(text: str) -> str:
    """Text ready for the analyser: ligatures opened (œ → oe), typographic apostrophes made plain."""
    return fold(text)


def stems(text: str) -> list[str]:
    """The stems of a question, in order, without repeats."""
    return list(dict.fromkeys(_analyser.analyze(prepared(text))))
