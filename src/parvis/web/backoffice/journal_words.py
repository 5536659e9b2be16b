"""Entries of the journal as sentences: on what, and what was noted with the act, a row for each thing that acts note."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parvis.core.metadata import FREQUENCY_BY_SLUG, LICENCE_BY_SLUG
from parvis.hub.accounts.rules import Role
from parvis.hub.accounts.selectors import organisations
from parvis.hub.catalogue.selectors import titles_of
from parvis.hub.datastore.selectors import import_names
from parvis.hub.sites.selectors import site_names_by_host
from parvis.hub.territories.selectors import referred_to
from parvis.hub.ui.formatting import day, number, size
from parvis.hub.validation.rules import ENFORCEMENTS
from parvis.web.backoffice.messages import ACCESS, action_label

if TYPE_CHECKING:
    from parvis.hub.audit.models import Entry

LONGEST_LIST = 6
"""Things of a list that a line of the journal names; the others are counted."""
PAGES = {"dataset": "backoffice:dataset", "organisation": "organisations_admin:edit", "import": "backoffice:import"}
"""The page of a thing, by its kind."""
NAMED_BY_THEIR_ACT = {"instance", "pack", "territories", "job", "seal"}
"""Kinds whose name is a number or a word of the program, which the act says well enough."""

ATTRIBUTES = {
    "title": gettext_lazy("titre"),
    "name": gettext_lazy("nom"),
    "description": gettext_lazy("description"),
    "summary": gettext_lazy("résumé"),
    "keywords": gettext_lazy("mots-clés"),
    "themes": gettext_lazy("thèmes"),
    "hvd": gettext_lazy("forte valeur"),
    "hvd_refused": gettext_lazy("forte valeur"),
    "inspire": gettext_lazy("description INSPIRE"),
    "closure": gettext_lazy("motif de l’accès réservé"),
    "closure_note": gettext_lazy("précisions sur l’accès réservé"),
    "licence": gettext_lazy("licence"),
    "frequency": gettext_lazy("fréquence de mise à jour"),
    "organisation": gettext_lazy("organisation"),
    "territories": gettext_lazy("territoire"),
    "territory": gettext_lazy("territoire"),
    "temporal_start": gettext_lazy("début de la période"),
    "temporal_end": gettext_lazy("fin de la période"),
    "language": gettext_lazy("langue"),
    "contact_name": gettext_lazy("contact"),
    "contact_email": gettext_lazy("adresse de contact"),
    "attributions": gettext_lazy("mentions"),
    "references": gettext_lazy("liens utiles"),
    "featured": gettext_lazy("place en page d’accueil"),
    "fields": gettext_lazy("descriptions des colonnes"),
    "overrides": gettext_lazy("types et libellés des colonnes"),
    "reading": gettext_lazy("options de lecture du fichier"),
    "policy": gettext_lazy("traitement des valeurs inattendues"),
    "steps": gettext_lazy("corrections du fichier"),
    "custom": gettext_lazy("autres informations"),
    "as_told": gettext_lazy("informations du portail d’origine"),
    "kind": gettext_lazy("nature"),
    "siren": gettext_lazy("SIREN"),
    "logo": gettext_lazy("logo"),
    "website": gettext_lazy("site web"),
    "tagline": gettext_lazy("phrase d’accueil"),
    "accent": gettext_lazy("couleurs"),
    "accent_strong": gettext_lazy("couleurs"),
    "stone": gettext_lazy("couleurs"),
    "ink": gettext_lazy("couleurs"),
    "parent": gettext_lazy("site d’ensemble"),
    "prefix": gettext_lazy("adresse du site"),
    "layout": gettext_lazy("disposition"),
    "forward": gettext_lazy("contenus mis en avant"),
    "welcome": gettext_lazy("texte d’accueil"),
    "picture": gettext_lazy("photo"),
    "picture_alt": gettext_lazy("description de la photo"),
}
"""Attributes that acts note as changed; one without words is not told."""


def _listed(names: Iterable[str]) -> str:
    shown = list(dict.fromkeys(names))
    rest = len(shown) - LONGEST_LIST
    if rest > 0:
        more = ngettext("et %(count)d autre", "et %(count)d autres", rest) % {"count": rest}
        return f"{', '.join(shown[:LONGEST_LIST])} {more}"
    return ", ".join(shown)


def _attributes(value: Any) -> str:
    names = value if isinstance(value, list) else [value]
    return _listed(str(ATTRIBUTES[name]) for name in names if name in ATTRIBUTES)


def _version(value: Any) -> str:
    digits = str(value)[:8]
    return _("version du %s") % day(f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}") if digits.isdecimal() else ""


def _rows(value: Any) -> str:
    return ngettext("%s ligne", "%s lignes", int(value)) % number(int(value))


def _territories(value: Any) -> str:
    return ngettext("%s territoire", "%s territoires", int(value)) % number(int(value))


def _versions(value: Any) -> str:
    count = len(value)
    if isinstance(value, Mapping):
        return _("d’après %s") % _listed(titles_of(value).get(name, name) for name in value)
    return ngettext("%d version", "%d versions", count) % count


def _site(value: Any) -> str:
    return _("site « %s »") % site_names_by_host().get(str(value), str(value))


def _organisation(value: Any) -> str:
    row = organisations().filter(slug=value).first()
    return row.name if row else str(value)


def _territory(value: Any) -> str:
    row = referred_to(f"commune:{value}") if ":" not in str(value) else referred_to(str(value))
    return row.name if row else str(value)


def _role(value: Any) -> str:
    return _(Role(value).label) if value in set(Role) else ""


def _choice(words: Mapping[str, Any]) -> Callable[[Any], str]:
    return lambda value: str(words.get(str(value), ""))


def _quoted(value: Any) -> str:
    return _("« %s »") % value


DETAILS: dict[str, Callable[[Any], str]] = {
    "changed": _attributes,
    "labelled": lambda value: _("libellés des valeurs de %s") % _listed(_quoted(name) for name in value),
    "choices": _attributes,
    "version": lambda value: _version(value) or str(value),
    "versions": _versions,
    "rows": _rows,
    "written": _territories,
    "bytes": size,
    "site": _site,
    "organisation": _organisation,
    "territory": _territory,
    "dataset": lambda value: _quoted(titles_of([str(value)]).get(str(value), value)),
    "former": lambda value: _("auparavant %s") % value,
    "access": _choice(ACCESS),
    "role": _role,
    "duty": _choice({"write": gettext_lazy("rédaction"), "publish": gettext_lazy("publication")}),
    "superuser": lambda value: _("avec tous les droits") if value else "",
    "enforcement": _choice(dict(ENFORCEMENTS)),
    "schema": str,
    "source": _quoted,
    "url": str,
    "label": _quoted,
    "reason": _quoted,
    "address": lambda value: _("depuis l’adresse %s") % value,
    "day": day,
    "imported": lambda value: ngettext("%d jeu chargé", "%d jeux chargés", value) % value if value else "",
    "refused": lambda value: ngettext("%d refusé", "%d refusés", value) % value if value else "",
    "charts": lambda value: ngettext("%d graphique", "%d graphiques", value) % value if value else "",
    "maps": lambda value: ngettext("%d carte", "%d cartes", value) % value if value else "",
    "pages": lambda value: ngettext("%d page", "%d pages", value) % value if value else "",
    "licence": lambda value: LICENCE_BY_SLUG[value].name if value in LICENCE_BY_SLUG else "",
    "frequency": lambda value: _(FREQUENCY_BY_SLUG[value].label) if value in FREQUENCY_BY_SLUG else "",
}
"""What is told of what an act noted; what has no row here is for programs, and kept for who exports the journal."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """An entry in words: who, did what, to what (and its page), with what."""

    entry: Entry
    act: str
    thing: str
    url: str
    details: str


def sentences(rows: Iterable[Entry]) -> list[Sentence]:
    """Each entry in words; titles of datasets are read at once."""
    entries = list(rows)
    titles = titles_of(entry.target for entry in entries if entry.target_kind == "dataset")
    files = import_names(entry.target for entry in entries if entry.target_kind == "import")
    return [_sentence(entry, titles, files) for entry in entries]


def sentence_of(entry: Entry) -> Sentence:
    """One entry in words."""
    return sentences([entry])[0]


def _sentence(entry: Entry, titles: Mapping[str, str], files: Mapping[str, str]) -> Sentence:
    thing = _thing(entry, titles, files)
    exists = entry.target_kind != "dataset" or entry.target in titles
    url = reverse(PAGES[entry.target_kind], args=[entry.target]) if entry.target_kind in PAGES and exists else ""
    return Sentence(entry, action_label(entry.action), thing, url, details(entry, thing))


def _thing(entry: Entry, titles: Mapping[str, str], files: Mapping[str, str]) -> str:
    """The name that people know a thing by; empty when the act says it all."""
    match entry.target_kind:
        case "dataset":
            return titles.get(entry.target, entry.target)
        case "organisation":
            return _organisation(entry.target)
        case "site":
            return site_names_by_host().get(entry.target, entry.target)
        case "import":
            return str(entry.details.get("source") or files.get(entry.target) or _("n° %s") % entry.target)
    if entry.target == entry.actor:
        return ""
    name = str(entry.details.get("title") or entry.details.get("name") or "")
    if name or entry.target_kind in NAMED_BY_THEIR_ACT or entry.target.isdecimal():
        return name
    return "" if entry.target_kind == "deposit" else entry.target


def details(entry: Entry, thing: str = "") -> str:
    """What was noted with the act, in words and in one order (databases keep that of writing, or none); nothing of what only programs
    read."""
    noted = ((phrase, entry.details.get(name)) for name, phrase in DETAILS.items())
    words = (phrase(value) for phrase, value in noted if value not in (None, ""))
    return " · ".join(part for part in words if part and part not in (thing, _quoted(thing)))
