"""The words of the inventory, and its rows as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from parvis.hub.inventory.rules import Item, Standing
from parvis.packs.inventory.rows import UsualDataset


def standing_name(standing: Standing) -> str:
    """Where one stands, in two words."""
    names = {
        Standing.PUBLISHED: _("publié"),
        Standing.LIKELY: _("à confirmer"),
        Standing.PLANNED: _("prévu"),
        Standing.MISSING: _("à publier"),
        Standing.NOT_OURS: _("ne concerne pas"),
    }
    return names[standing]


def duty_name(duty: str) -> str:
    """Whether a text obliges, in two words."""
    return {"oui": _("obligatoire"), "selon": _("selon le cas"), "non": _("volontaire")}[duty]


def holder_names(holders: Sequence[str]) -> str:
    """Who usually holds it."""
    names = {
        "commune": _("commune"),
        "epci": _("intercommunalité"),
        "departement": _("département"),
        "region": _("région"),
    }
    return ", ".join(names[holder] for holder in holders)


def difficulty_name(difficulty: int) -> str:
    """How much work it is."""
    return (_("facile"), _("un peu de travail"), _("un projet"))[difficulty - 1]


def schema_address(usual: UsualDataset) -> str:
    """The page of its schema in the national catalogue, empty without."""
    return f"https://schema.data.gouv.fr/{usual.schema}/" if usual.schema else ""


def as_csv(items: Sequence[Item], base: str) -> Iterator[bytes]:
    """The target list as CSV with semicolons, in UTF-8 with the mark that spreadsheets look for."""
    head = (
        _("Jeu de données"), _("Compétence"), _("État"), _("Socle"), _("Obligation"), _("Vous oblige"), _("Texte"), _("Texte vérifié"),
        _("Schéma"), _("Difficulté"), _("Jeux trouvés"), _("Remarque"),
    )  # fmt: skip
    yield ("\ufeff" + _line(head)).encode()
    for item in items:
        usual = item.usual
        addresses = " ".join(f"{base}/explore/dataset/{held.dataset_id}/" for held, _how in item.found)
        cells = (
            usual.name, usual.competence, standing_name(item.standing), _("oui") if usual.in_socle else _("non"),
            duty_name(usual.duty), _("oui") if item.must else _("non"), usual.text,
            _("oui") if usual.is_verified else _("non, à vérifier"), usual.schema,
            difficulty_name(usual.difficulty), addresses, " ".join(part for part in (usual.note, item.note) if part),
        )  # fmt: skip
        yield _line([harmless(cell) for cell in cells]).encode()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _line(values: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerow(values)
    return buffer.getvalue()
