"""What was lost, and what happened, in the words of the page's language: rows of sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from parvis.core.errors import stored_error
from parvis.core.quality.criteria import Criterion, Loss
from parvis.core.quality.portraits import Bar
from parvis.core.translation import SOURCE
from parvis.hub.quality.models import Notice
from parvis.hub.quality.rules import SAID_BY_NAME, Event
from parvis.hub.ui.formatting import day, number


@dataclass(frozen=True, slots=True)
class LossWords:
    """The sentences of a kind of loss: what was found, what to do; and the screen of the back office where it is done."""

    found: Any
    advice: Any
    screen: str


LOSS_WORDS: Mapping[str, LossWords] = {
    "empty-cells": LossWords(
        gettext_lazy("« %(subject)s » : cases vides, %(count)s sur %(of)s."),
        gettext_lazy("Remplissez la colonne à la prochaine livraison, ou retirez-la si elle ne sert pas."),
        "import",
    ),
    "wrong-values": LossWords(
        gettext_lazy("« %(subject)s » : valeurs fausses, %(count)s sur %(of)s."),
        gettext_lazy("Corrigez-les dans le fichier d’origine ; la partie « Validité » en montre quelques-unes."),
        "import",
    ),
    "lines-refused": LossWords(
        gettext_lazy("Lignes du fichier qui n’ont pas pu devenir des lignes du tableau : %(count)s sur %(of)s."),
        gettext_lazy("Téléchargez-les avec leur raison, corrigez, puis importez de nouveau."),
        "versions",
    ),
    "cells-emptied": LossWords(
        gettext_lazy("Valeurs effacées à l’import, parce qu’elles n’avaient pas le type de la colonne : %(count)s."),
        gettext_lazy("Téléchargez les valeurs d’origine, corrigez, puis importez de nouveau."),
        "versions",
    ),
    "schema-faults": LossWords(
        gettext_lazy("Schéma « %(subject)s » mal suivi : lignes en erreur, %(count)s sur %(of)s."),
        gettext_lazy("Ouvrez le rapport de validation : chaque erreur y dit comment la corriger."),
        "schema",
    ),
    "duplicate-rows": LossWords(
        gettext_lazy("Lignes qui en répètent une autre : %(count)s sur %(of)s."),
        gettext_lazy("Retirez les doublons du fichier d’origine."),
        "import",
    ),
    "repeated-identifiers": LossWords(
        gettext_lazy("« %(subject)s » : identifiants déjà portés par une autre ligne, %(count)s sur %(of)s."),
        gettext_lazy("Donnez à chaque ligne un identifiant à elle."),
        "import",
    ),
    "late": LossWords(
        gettext_lazy("Retard, en jours : %(count)s au-delà du délai promis de %(of)s."),
        gettext_lazy("Déposez la version attendue, ou annoncez une fréquence que vous pouvez tenir."),
        "import",
    ),
    "source-silent": LossWords(
        gettext_lazy("La source des données ne répond pas."),
        gettext_lazy("Vérifiez l’adresse de la source, sur la fiche ou dans le dépôt."),
        "card",
    ),
    "unsaid": LossWords(
        gettext_lazy("Non renseigné dans la fiche : %(subject)s."),
        gettext_lazy("Complétez la fiche."),
        "card",
    ),
    "outside": LossWords(
        gettext_lazy("Lieux hors du territoire attendu : %(count)s sur %(of)s."),
        gettext_lazy(
            "Cherchez les coordonnées échangées, nulles ou dans un autre système ; ou corrigez le territoire."
        ),
        "card",
    ),
    "column-gone": LossWords(
        gettext_lazy("La colonne « %(subject)s » a disparu."),
        gettext_lazy("Remettez-la, ou prévenez ceux qui s’en servent."),
        "import",
    ),
    "column-retyped": LossWords(
        gettext_lazy("La colonne « %(subject)s » n’a plus le même type."),
        gettext_lazy("Rétablissez son type d’avant, ou prévenez ceux qui s’en servent."),
        "import",
    ),
    "rows-gone": LossWords(
        gettext_lazy("Lignes disparues depuis la version précédente : %(count)s sur %(of)s."),
        gettext_lazy("Vérifiez que le fichier déposé est complet."),
        "import",
    ),
}
"""For each code of ``core.quality.criteria.Loss``."""


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do: what was found, what to do, where, and the points of the score that it would bring back."""

    found: str
    advice: str
    screen: str
    points: float
    criterion: str


def criterion_name(criterion: Criterion) -> str:
    """Its name in the page's language."""
    return _(criterion.label)


def criterion_question(criterion: Criterion) -> str:
    """What it asks, in the page's language."""
    return _(criterion.question)


def criterion_formula(criterion: Criterion) -> str:
    """How its share is reckoned, in the page's language."""
    return _(criterion.formula)


def to_do(criterion: Criterion, loss: Loss, points: float, labels: Mapping[str, str]) -> ToDo:
    """A loss as a thing to do; ``labels`` are those of the columns by technical name."""
    words = LOSS_WORDS[loss.code]
    subject, advice = labels.get(loss.subject, loss.subject), words.advice
    if loss.code == "unsaid":
        field = SAID_BY_NAME.get(loss.subject)
        subject, advice = (str(field.label).lower(), field.advice) if field else (subject, advice)
    problem = str(words.found) % {"subject": subject, "count": number(loss.count), "of": number(loss.of)}
    return ToDo(problem, str(advice), words.screen, points, criterion_name(criterion))


def event_name(event: str) -> str:
    """What happened, in two words."""
    names = {
        Event.LATE: _("En retard"),
        Event.STALE: _("Périmé"),
        Event.BROKEN: _("En panne"),
        Event.SCHEMA: _("Schéma plus récent"),
    }
    return names[Event(event)]


def notice_sentence(notice: Notice) -> str:
    """What happened, in one sentence."""
    details = notice.details
    if notice.event in (Event.LATE, Event.STALE):
        sentence = (
            _("Les données datent du %(since)s ; la suite était attendue le %(due)s au plus tard.")
            if notice.event == Event.LATE
            else _(
                "Les données datent du %(since)s ; la suite, attendue le %(due)s au plus tard, l’est depuis bien plus que le délai promis."
            )
        )
        return sentence % {"since": day(details.get("since")), "due": day(details.get("due"))}
    if notice.event == Event.SCHEMA:
        sentence = _(
            "La version %(newer)s du schéma %(schema)s est parue ; ce jeu suit la version %(version)s. Sa page « Schéma » dit ce "
            "que la nouvelle changerait."
        )
        return sentence % {name: details.get(name, "") for name in ("newer", "schema", "version")}
    reason, _hint = stored_error(details.get("error"), get_language() or SOURCE)
    if "import" in details:
        return (_("Le dernier import n’a pas abouti.") + " " + reason).strip()
    if "link" in details:
        facts = {"place": place_words(details["place"]), "url": details["link"], "since": day(details.get("since"))}
        if details["link"].startswith("attachment:"):
            return _("Le fichier d’un document joint manque depuis le %(since)s.") % facts
        return (_("Un lien (%(place)s) ne répond plus depuis le %(since)s : %(url)s.") % facts + " " + reason).strip()
    sentence = _("La source ne répond plus depuis le %(since)s.") % {"since": day(details.get("since"))}
    return f"{sentence} {reason}".strip()


def place_words(place: str) -> str:
    """Where a link is."""
    names = {"source": _("source"), "card": _("fiche"), "document": _("document joint")}
    return names.get(place) or _("colonne « %s »") % place.partition(":")[2]


def days_words(count: int) -> str:
    """``3 jours``."""
    return ngettext("%(count)s jour", "%(count)s jours", count) % {"count": number(count)}


def bar_words(bar: Bar, unit: str, *, years: bool = False) -> str:
    """What a bar counts: ``de 0 à 50``, ``2024``, ``mars 2024``; ``years``: the numbers are years, written in one piece."""
    if unit:
        return _moment_words(str(bar.low), str(bar.high), unit)
    written = (lambda value: f"{value:.0f}") if years else number
    low, high = (written(value) if isinstance(value, int | float) else None for value in (bar.low, bar.high))
    if low is None:
        return _("moins de %(high)s") % {"high": high}
    if high is None:
        return _("%(low)s et plus") % {"low": low}
    return low if bar.low == bar.high else _("de %(low)s à moins de %(high)s") % {"low": low, "high": high}


def _moment_words(low: str, high: str, unit: str) -> str:
    moment = date.fromisoformat(low)
    if unit == "day":
        return day(moment)
    if unit == "month":
        return date_format(moment, "F\u00a0Y")
    if unit == "year":
        return str(moment.year)
    return _("de %(low)s à %(high)s") % {"low": moment.year, "high": date.fromisoformat(high).year - 1}
