"""When something is done again: cron's five fields, written as people say them in French, told back in the reader's language.

cronsim reads the fields and finds the moments as Debian's cron does: what falls in the hour that spring skips is done right after it,
what falls in the hour that autumn repeats is done once, and « toutes les 15 minutes » goes on through both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from cronsim import CronSim, CronSimError

from parvis.core.errors import RequestError
from parvis.core.text import fold
from parvis.core.translation import Sentence, Value, chained, gettext_noop

BY_HAND = ""
"""The schedule of what is only done when somebody asks."""

_DAYS = ("dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
"""As cron numbers them."""
_DAY_LABELS = (
    gettext_noop("le dimanche"),
    gettext_noop("le lundi"),
    gettext_noop("le mardi"),
    gettext_noop("le mercredi"),
    gettext_noop("le jeudi"),
    gettext_noop("le vendredi"),
    gettext_noop("le samedi"),
)
_DAY = "|".join(_DAYS)
_TIME = re.compile(
    r"\b(?:a |vers |et )?(?:(?P<hour>\d{1,2}) ?(?:h(?:eures?)?|:)(?: ?(?P<minute>\d{1,2}))?(?: ?min(?:utes?)?)?|(?P<noon>midi)|(?P<midnight>minuit))\b"
)
_EVERY_MINUTES = re.compile(r"(?:chaque|toutes les) (?:(\d+) )?(?:minutes?|mn|min)")
_EVERY_HOURS = re.compile(r"(?:chaque|toutes les) (?:(\d+) )?(?:heures?|h)")
_EACH = re.compile(r"(?:chaque|toutes? les|tous les|la|le|les) (nuit|jour|matin|soir|midi)s?")
_RANGE = re.compile(rf"du ({_DAY}) au ({_DAY})")
_LISTED = re.compile(rf"(?:(?:le|les|chaque|tous les) )?(?:{_DAY})s?(?:(?: et| ,|,)? (?:(?:le|les) )?(?:{_DAY})s?)*")
_MONTHLY = re.compile(r"(?:le )?(\d{1,2})(?:er)?(?: et (?:le )?(\d{1,2})(?:er)?)? (?:du|de chaque|chaque) mois")
_FIXED = {
    "chaque semaine": ("*", "1"),
    "toutes les semaines": ("*", "1"),
    "en semaine": ("*", "1-5"),
    "les jours ouvres": ("*", "1-5"),
    "chaque jour ouvre": ("*", "1-5"),
    "le week-end": ("*", "0,6"),
    "chaque week-end": ("*", "0,6"),
    "chaque mois": ("1", "*"),
    "tous les mois": ("1", "*"),
}
"""Days of the month and of the week, by phrase."""
_NEVER = {"", "jamais", "a la main", "a la demande", "sur demande"}
_USUAL_HOUR = {"nuit": 3, "jour": 6, "matin": 7, "midi": 12, "soir": 19}


class BadSchedule(RequestError):
    """Words that say no moments."""

    code: ClassVar[str] = "schedule"
    sentence: ClassVar[str] = gettext_noop("« {text} » ne dit pas quand : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Écrivez par exemple « chaque nuit à 3 h », « toutes les 15 minutes », « le lundi à 6 h 30 », « le 1er du mois », "
        "ou cinq champs de cron."
    )


def cron_of(text: str) -> str:
    """The five fields that a phrase or a cron expression says; empty for what is done by hand. BadSchedule.

    >>> cron_of("le lundi à 6 h 30")
    '30 6 * * 1'
    """
    words = " ".join(fold(text).replace("’", "'").split()).strip(" .")
    if words in _NEVER:
        return BY_HAND
    if re.fullmatch(r"[\d*]\S* \S+ \S+ \S+ \S+", words):
        return _checked(words, text)
    every = _interval(words, text)
    if every:
        return every
    times = [_clock(match, text) for match in _TIME.finditer(words)]
    rest = " ".join(_TIME.sub(" ", words).split()).strip(" ,")
    days, weekdays, usual = _when(rest, text)
    minutes = {minute for _hour, minute in times} or {0}
    if len(minutes) > 1:
        raise BadSchedule(text=text[:100], reason=Sentence("plusieurs heures doivent avoir les mêmes minutes"))
    hours = sorted({hour for hour, _minute in times} or {usual})
    return _checked(f"{minutes.pop()} {','.join(map(str, hours))} {days} * {weekdays}", text)


def next_after(cron: str, moment: datetime) -> datetime | None:
    """The first moment of a schedule after ``moment``, in the time zone that it has; None for what is done by hand."""
    return next(CronSim(cron, moment), None) if cron else None


def phrase(cron: str) -> Sentence:
    """A schedule as people say it; fields that no phrase says are quoted."""
    if not cron:
        return Sentence("à la demande")
    minute, hour, days, month, weekdays = cron.split()
    quoted = Sentence("selon « {cron} »", {"cron": cron})
    if (days, month, weekdays) == ("*", "*", "*") and (interval := _interval_phrase(minute, hour)):
        return interval
    if month != "*" or not minute.isdigit() or not re.fullmatch(r"\d+(,\d+)*", hour):
        return quoted
    clock = _clocks([int(part) for part in hour.split(",")], int(minute))
    values: dict[str, Value] = {"time": clock}
    match days, weekdays:
        case "*", "*":
            return Sentence("chaque jour à {time}", values)
        case "*", "1-5":
            return Sentence("du lundi au vendredi à {time}", values)
        case "*", _ if re.fullmatch(r"[0-6](,[0-6])*", weekdays):
            named = [Sentence(_DAY_LABELS[int(part)]) for part in weekdays.split(",")]
            return Sentence("{days} à {time}", {"days": _joined(named), **values})
        case _, "*" if days.isdigit():
            return Sentence("le {day} du mois à {time}", {"day": "1er" if days == "1" else days, **values})
        case _:
            return quoted


def _joined(parts: Sequence[str | Sentence]) -> str | Sentence:
    return chained("{before} et {after}", parts)


def _clocks(hours: Sequence[int], minute: int) -> str | Sentence:
    return _joined([f"{hour} h {minute:02}" if minute else f"{hour} h" for hour in hours])


def _interval_phrase(minute: str, hour: str) -> Sentence | None:
    if (minute, hour) in {("*", "*"), ("*/1", "*")}:
        return Sentence("chaque minute")
    if hour == "*" and minute.startswith("*/"):
        return Sentence("toutes les {minutes} minutes", {"minutes": minute[2:]})
    if hour == "*" and minute.isdigit():
        return Sentence("chaque heure")
    if hour.startswith("*/") and minute.isdigit():
        return Sentence("toutes les {hours} heures", {"hours": hour[2:]})
    return None


def _interval(words: str, text: str) -> str:
    """The fields of « toutes les 15 minutes »; empty when it is not of that kind."""
    if match := _EVERY_MINUTES.fullmatch(words):
        step = _divisor(match[1], 60, text)
        return "* * * * *" if step == 1 else f"*/{step} * * * *" if step < 60 else "0 * * * *"
    if match := _EVERY_HOURS.fullmatch(words):
        step = _divisor(match[1], 24, text)
        return "0 * * * *" if step == 1 else f"0 */{step} * * *" if step < 24 else "0 0 * * *"
    return ""


def _divisor(number: str | None, whole: int, text: str) -> int:
    step = int(number or 1)
    if not 0 < step <= whole or whole % step:
        reason = Sentence("{number} ne partage pas {whole} en parts égales", {"number": number, "whole": whole})
        raise BadSchedule(text=text[:100], reason=reason)
    return step


def _clock(match: re.Match[str], text: str) -> tuple[int, int]:
    hour = 12 if match["noon"] else 0 if match["midnight"] else int(match["hour"])
    minute = int(match["minute"] or 0)
    if hour > 23 or minute > 59:
        raise BadSchedule(text=text[:100], reason=Sentence("cette heure n’existe pas"))
    return hour, minute


def _when(words: str, text: str) -> tuple[str, str, int]:
    """Days of the month, of the week, and the usual hour."""
    if words in _FIXED:
        return (*_FIXED[words], 6)
    if match := _EACH.fullmatch(words):
        return "*", "*", _USUAL_HOUR[match[1]]
    if not words and text.strip():
        return "*", "*", 6
    if match := _RANGE.fullmatch(words):
        first, last = _DAYS.index(match[1]), _DAYS.index(match[2])
        days = [(first + step) % 7 for step in range((last - first) % 7 + 1)]
        return "*", "1-5" if days == [1, 2, 3, 4, 5] else ",".join(map(str, sorted(days))), 6
    if match := _MONTHLY.fullmatch(words):
        return ",".join(day for day in match.groups() if day), "*", 6
    if _LISTED.fullmatch(words):
        days = sorted({_DAYS.index(day) for day in re.findall(_DAY, words)})
        return "*", ",".join(map(str, days)), 6
    raise BadSchedule(text=text[:100], reason=Sentence("ces mots ne sont pas compris"))


def _checked(cron: str, text: str) -> str:
    try:
        next(CronSim(cron, datetime(2026, 1, 1)))  # noqa: DTZ001 only whether it ever comes
    except (CronSimError, StopIteration) as error:
        raise BadSchedule(text=text[:100], reason=Sentence("ce moment n’arrive jamais")) from error
    return cron.upper() if re.search("[a-z]", cron) else cron
