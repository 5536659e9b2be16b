"""Codes that a spreadsheet took for numbers: zeros lost in front, blanks and « .0 » added, digits rounded away for ever."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from parvis.core.official_codes import is_siren, is_siret
from parvis.core.readings.model import Candidate, Certainty, Settings
from parvis.core.text import SPACES

_SEPARATORS = re.compile(rf"[\s.\-_/{SPACES}']")
_FLOAT = re.compile(r"(?P<digits>[0-9]{3,14})[.,]0+")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,](?P<digits>[0-9]+))?[eE]\+?(?P<power>[0-9]{1,2})")
_ROUNDED = 3
"""Zeros at the end of a number that a spreadsheet kept with fewer digits than it has."""
_DOUBTFUL = 2
"""Zeros at the end that may be of the code or of the rounding."""


_CHECKS: dict[str, Callable[[str], bool]] = {"siret": is_siret, "siren": is_siren}


def read_code(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """The text as a code of one of the ``widths`` (digits); ``check`` names a check digit (``siret``, ``siren``).

    A number of fourteen digits in scientific notation, or rounded, has lost its last digits: LOST, and no value is made up.
    """
    bare = text.strip().strip(SPACES)
    widths: Sequence[int] = settings.get("widths") or ()
    right = _CHECKS.get(str(settings.get("check") or ""))
    if not bare or len(bare) > 40:
        return ()
    if lost := _lost(bare, widths, right):
        return (lost,)
    if match := _FLOAT.fullmatch(bare):
        return _sized(match["digits"], "number", text, settings)
    if (joined := _SEPARATORS.sub("", bare)) != bare and re.fullmatch(r"[0-9AB]+", joined):
        return tuple(c for c in _sized(joined, "blanks", text, settings) if len(joined) in widths)
    if re.fullmatch(r"[0-9]+|[1-9][abAB]?", bare) or bare != text:
        return _sized(bare, "leading-zero", text, settings)
    return ()


def _lost(bare: str, widths: Sequence[int], right: Callable[[str], bool] | None) -> Candidate | None:
    """The mark of a number whose last digits a spreadsheet dropped."""
    if match := _SCIENTIFIC.fullmatch(bare):
        significant, power = 1 + len(match["digits"] or ""), int(match["power"])
        if power + 1 in (*widths, *(width - 1 for width in widths)) and significant <= power:
            return Candidate("rounded", "", Certainty.LOST)
    match = _FLOAT.fullmatch(bare)
    digits = match["digits"] if match else bare
    if not digits.isdecimal() or len(digits) not in widths or len(digits) < 9 or not digits.endswith("0" * _ROUNDED):
        return None
    # One rounded number in ten has a right check digit by chance: it proves nothing of what went through a spreadsheet.
    return Candidate("rounded", "", Certainty.LOST) if right and (match or not right(digits)) else None


def _sized(digits: str, variant: str, text: str, settings: Settings) -> tuple[Candidate, ...]:
    """``digits`` brought to the nearest width by zeros in front; sure when the check digit says so, or when one zero is enough
    and the meaning of the column is known (no ``unsure``).
    """
    right = _CHECKS.get(str(settings.get("check") or ""))
    wider = [width for width in sorted(settings.get("widths") or ()) if width >= len(digits)]
    if not wider:
        return ()
    after = digits.upper().zfill(wider[0])
    missing = wider[0] - len(digits)
    if after == text or (right is not None and not right(after)) or missing > 4 or (missing and variant == "blanks"):
        return ()
    certain = right is not None or (missing <= 1 and not settings.get("unsure"))
    if variant == "number" and after.endswith("0" * _DOUBTFUL):
        certain = False
    return (Candidate("leading-zero" if missing else variant, after, Certainty.SURE if certain else Certainty.LIKELY),)


_PHONE_BARE = re.compile(r"(?:\+?33|0033)?0?(?P<digits>[1-9][0-9]{8})(?:\.0+)?")


def read_phone(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """A French telephone number as ten digits (``international``: +33 and nine digits)."""
    if len(text) > 40:
        return ()
    bare = re.sub(r"\(0\)", "", text)
    match = _PHONE_BARE.fullmatch(re.sub(rf"[\s\-_/.(){SPACES}]", "", re.sub(r"\.0+$", "", bare.strip())))
    if not match:
        return ()
    after = f"+33{match['digits']}" if settings.get("international") else f"0{match['digits']}"
    lost = re.fullmatch(r"\s*[1-9][0-9]{8}(?:\.0+)?\s*", text)
    return (Candidate("leading-zero" if lost else "blanks", after),) if after != text else ()
