"""A note of OpenStreetMap: its text prepared, nobody named, none written where one is open already."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from parvis.core.errors import ParvisError, RequestError
from parvis.core.osm.model import Verdict, address_of
from parvis.core.translation import gettext_noop
from parvis.domains.osm import remote
from parvis.domains.osm.account import required_account
from parvis.domains.osm.decisions import release, reserve, settle
from parvis.domains.osm.links import place_there
from parvis.domains.osm.models import Finding
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import canonical
from parvis.hub.visitors.texts import searched

AROUND = 0.0003
"""Degrees: some thirty metres, within which a note that is open may say the same."""
LONGEST = 1_500


class NoteNamesSomebody(RequestError):
    """The text has personal data."""

    code = "osm-note-personal"
    sentence = gettext_noop(
        "Le texte semble contenir des données personnelles : une note d’OpenStreetMap est publique, et le reste."
    )
    advice = gettext_noop("Retirez nom, adresse électronique ou numéro de téléphone, puis renvoyez.")


class NoteThere(RequestError):
    """A note is open at that place."""

    code = "osm-note-there"
    status = 409
    sentence = gettext_noop("Une note est déjà ouverte à cet endroit (n° {number}) : « {text} »")
    advice = gettext_noop("Complétez-la sur OpenStreetMap si elle ne dit pas la même chose.")


def note_text(finding: Finding) -> str:
    """What the note would say: what differs, from which public file, and where to read more."""
    theme, lines = finding.conflation.described, []
    where = canonical(finding.get_absolute_url())
    if finding.verdict == Verdict.MISSING_THERE:
        lines.append(f"{theme.title} : un fichier public place un objet ici, qui n’est pas dans OpenStreetMap.")
    elif finding.verdict == Verdict.MISSING_HERE:
        lines.append(
            f"{theme.title} : {address_of(finding.theirs)} n’est pas dans le fichier public du territoire. Existe-t-il encore ?"
        )
    elif finding.verdict == Verdict.MOVED:
        lines.append(
            f"{theme.title} : {address_of(finding.theirs)} est à {finding.distance:.0f} m de sa place dans un fichier public."
        )
    else:
        lines.append(f"{theme.title} : {address_of(finding.theirs)} et un fichier public ne disent pas la même chose.")
    lines += [
        f"{row.tag} : « {row.theirs or '—'} » ici, « {row.ours} » dans le fichier." for row in finding.differences[:8]
    ]
    lines.append(f"À vérifier sur place. Détail : {where}")
    return "\n".join(lines)[:LONGEST]


def send_note(request: HttpRequest, actor: Actor, finding: Finding, text: str) -> int:
    """Write the note with the person's own account; its number. NoteThere, NoteNamesSomebody, AlreadyDecided, and what the API says."""
    account = required_account(request, "write_notes")
    clean = searched(text)
    if clean.is_held or not clean.text:
        raise NoteNamesSomebody
    place = place_there(finding)
    for note in remote.notes_near(*place, AROUND):
        raise NoteThere(number=note.number, text=note.text[:200])
    reserve([finding], f"{account.name} (OpenStreetMap)", actor.person_id)
    try:
        number = remote.write_note(account.token, *place, clean.text[:LONGEST])
    except ParvisError:
        release([finding])
        raise
    settle([finding], "noted", f"note/{number}", actor)
    return number


def reference_address(reference: str) -> str:
    """The page of a changeset or of a note."""
    return f"{settings.PARVIS['PARVIS_OSM_SITE']}/{reference}" if reference else ""
