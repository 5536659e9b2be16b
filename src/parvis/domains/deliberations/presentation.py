"""Acts, their votes, their files and their sittings in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.template.defaultfilters import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parvis.core.acts.nomenclature import matters
from parvis.domains.deliberations.models import Act, Session
from parvis.domains.deliberations.rules import ONLINE_AT_LEAST
from parvis.hub.ui.formatting import day, number

NATURES = {
    "DE": gettext_lazy("délibération"),
    "AR": gettext_lazy("acte réglementaire"),
    "AI": gettext_lazy("acte individuel"),
    "CC": gettext_lazy("contrat, convention ou avenant"),
    "BF": gettext_lazy("document budgétaire ou financier"),
    "AU": gettext_lazy("autre"),
}
"""Natures of @ctes."""


def matter_words(code: str) -> str:
    """« Finances locales / Subventions » for « 7.5 »; the code itself when it is not of the list."""
    names = [matters()[part].label for part in dict.fromkeys((code.partition(".")[0], code)) if part in matters()]
    return " / ".join(names) or code


def matter_choices() -> list[tuple[str, str]]:
    """Code and name of both levels, each first level before its own: official French, whatever the language."""
    return [(code, f"{code} {matter.label}") for code, matter in matters().items()]


def heading(act: Act) -> str:
    """What sort of act it is, and its number: « Délibération n° 2026-014 »."""
    kind = capfirst(str(act.get_kind_display()))
    return _("%(kind)s n°\u00a0%(number)s") % {"kind": kind, "number": act.number} if act.number else kind


def origin_words(act: Act) -> str:
    """Who decided, and when: « Conseil municipal, séance du 15 janvier 2026 », « 15 janvier 2026 »."""
    if act.session is not None and act.session.live:
        words = {"assembly": act.session.assembly.name, "day": day(act.session.held_on)}
        return _("%(assembly)s, séance du %(day)s") % words
    return day(act.date) if act.date else ""


def voters_of(act: Act) -> int | None:
    """How many voted: those present and the proxies, else the votes themselves; None when nobody counted."""
    for counts in ((act.present, act.proxies), (act.votes_for, act.votes_against, act.abstentions)):
        if counts[0] is not None:
            return sum(count or 0 for count in counts)
    return None


def vote_words(act: Act) -> str:
    """« Adoptée à l’unanimité des 17 votants (15 présents, 2 pouvoirs) »; empty when neither issue nor vote is known."""
    manner, crowd = _manner(act), _crowd(act)
    outcome = outcome_words(act) or (_("Vote") if manner else "")
    # « Il en est pris acte » is a sentence already.
    between = ", " if act.outcome == Act.Outcome.NOTED and manner else " "
    words = f"{outcome}{between}{manner}".strip()
    return f"{words} ({crowd})" if crowd and manner else words


def outcome_words(act: Act) -> str:
    """« Adoptée », « Il en est pris acte »; empty when it is not known."""
    if act.outcome == Act.Outcome.NOTED:
        return _("Il en est pris acte")
    return capfirst(str(act.get_outcome_display())) if act.outcome else ""


def _manner(act: Act) -> str:
    voters = voters_of(act)
    if act.is_unanimous and act.abstentions:
        words = _("à l’unanimité des suffrages exprimés, avec %(abstentions)s")
        return words % {"abstentions": _abstentions(act.abstentions)}
    if act.is_unanimous:
        if voters is None:
            return _("à l’unanimité")
        words = ngettext("à l’unanimité : %(count)s votant", "à l’unanimité des %(count)s votants", voters)
        return words % {"count": number(voters)}
    if act.votes_for is None:
        return _("à la majorité") if act.is_unanimous is False and act.outcome == Act.Outcome.ADOPTED else ""
    votes = ngettext("%(count)s voix pour", "%(count)s voix pour", act.votes_for) % {"count": number(act.votes_for)}
    against = _("%(count)s contre") % {"count": number(act.votes_against or 0)}
    rest = f"{against}{_(' et ')}{_abstentions(act.abstentions)}" if act.abstentions else against
    separator = ", " if act.abstentions else _(" et ")
    return _("par %(votes)s") % {"votes": f"{votes}{separator}{rest}"}


def _abstentions(count: int) -> str:
    return ngettext("%(count)s abstention", "%(count)s abstentions", count) % {"count": number(count)}


def _crowd(act: Act) -> str:
    """« 15 présents, 2 pouvoirs »."""
    rows = (
        (act.present, lambda count: ngettext("%(count)s présent", "%(count)s présents", count)),
        (act.proxies, lambda count: ngettext("%(count)s pouvoir", "%(count)s pouvoirs", count)),
    )
    return ", ".join(words(count) % {"count": number(count)} for count, words in rows if count)


def attendance_words(session: Session) -> str:
    """« 19 membres en exercice, 15 présents, 2 pouvoirs, 2 absents » as far as it is known."""
    rows = (
        (
            session.members,
            lambda count: ngettext("%(count)s membre en exercice", "%(count)s membres en exercice", count),
        ),
        (len(session.present_names), lambda count: ngettext("%(count)s présent", "%(count)s présents", count)),
        (len(session.proxy_names), lambda count: ngettext("%(count)s pouvoir", "%(count)s pouvoirs", count)),
        (len(session.absent_names), lambda count: ngettext("%(count)s absent", "%(count)s absents", count)),
    )
    return ", ".join(words(count) % {"count": number(count)} for count, words in rows if count)


def transmission_words(act: Act) -> list[str]:
    """What is known of its way to the préfecture."""
    rows = (
        (act.sent_on, _("envoyé le %(day)s")),
        (act.received_on, _("reçu le %(day)s")),
    )
    return [words % {"day": day(value)} for value, words in rows if value]


def online_until(published_on: date) -> str:
    """The day before which it cannot go, in words."""
    return day(published_on + ONLINE_AT_LEAST)


def pages_words(numbers: Iterable[int]) -> str:
    """« 3, 7 et 9 », « 3 à 9 »: numbers of pages, those that follow one another together."""
    spans: list[list[int]] = []
    for value in sorted(set(numbers)):
        if spans and value == spans[-1][-1] + 1:
            spans[-1].append(value)
        else:
            spans.append([value])
    words = [
        _("%(first)s à %(last)s") % {"first": span[0], "last": span[-1]} if len(span) > 2 else None for span in spans
    ]
    parts: list[str] = []
    for span, text in zip(spans, words, strict=True):
        parts += [text] if text else [str(value) for value in span]
    return enumeration(parts)


def enumeration(parts: Sequence[str]) -> str:
    """« a, b et c »."""
    return f"{', '.join(parts[:-1])}{_(' et ')}{parts[-1]}" if len(parts) > 1 else "".join(parts)
