"""Numbers written in French letters by the tests' own rules (those of 1990 and of before), to be read back."""

from __future__ import annotations

_SMALL = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze",
    "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
]  # fmt: skip
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}


def _under_100(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    tens, unit = divmod(number, 10)
    if tens in (7, 9):
        tens, unit = tens - 1, unit + 10
    head = "quatre-vingt" if tens == 8 else _TENS[tens]
    if unit == 0:
        return head + ("s" if tens == 8 else "")
    if unit in (1, 11) and tens != 8:
        return f"{head} et {_SMALL[unit]}"
    return f"{head}-{_SMALL[unit]}"


def in_letters(number: int) -> str:
    """``number`` (0 to 9999) in letters.

    >>> in_letters(1999)
    'mille neuf cent quatre-vingt-dix-neuf'
    """
    if number < 100:
        return _under_100(number)
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        head = "cent" if hundreds == 1 else f"{_SMALL[hundreds]} cent"
        return f"{head} {_under_100(rest)}" if rest else head + ("s" if hundreds > 1 else "")
    thousands, rest = divmod(number, 1000)
    head = "mille" if thousands == 1 else f"{_SMALL[thousands]} mille"
    return f"{head} {in_letters(rest)}" if rest else head
