"""Made-up assemblies, sittings and acts that are online, for tests."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.core.acts.model import Page
from parvis.domains.deliberations.models import Act, ActFile, Assembly, FileText, Session
from parvis.domains.deliberations.rules import Identity, address_of
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.records.services import create, publish

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation

_numbers = itertools.count(1_001)
"""Of acts made up, far from the numbers that tests give themselves."""
PAGES = (
    "EXTRAIT DU REGISTRE DES DÉLIBÉRATIONS\nSéance du 15 janvier 2026\nObjet : réfection de la toiture de l’école",
    "Après en avoir délibéré, à l’unanimité, le conseil approuve les travaux pour 12 500 €.",
)


def make_assembly(organisation: Organisation, name: str = "Conseil municipal", **extra: Any) -> Assembly:
    """An assembly of nineteen members."""
    return Assembly.objects.create(organisation=organisation, name=name, **{"members": 19, **extra})


def make_session(
    assembly: Assembly, held_on: date = date(2026, 1, 15), *, online: bool = True, **extra: Any
) -> Session:
    """A sitting that was held."""
    session = Session(
        organisation=assembly.organisation,
        assembly=assembly,
        title=f"{assembly.name} du {held_on:%d/%m/%Y}",
        held_on=held_on,
        state=Session.State.HELD,
        **extra,
    )
    create(OPERATOR, session)
    return publish(OPERATOR, session) if online else session


def make_act(
    organisation: Organisation,
    title: str = "Réfection de la toiture de l’école",
    pages: Sequence[str] = PAGES,
    *,
    online: bool = True,
    **extra: Any,
) -> Act:
    """An act that was read, confirmed and put online, with a file of its own."""
    rank = next(_numbers)
    facts: dict[str, Any] = {
        "date": date(2026, 1, 15),
        "number": f"2026-{rank:03d}",
        "nature": "DE",
        "matter": "1.1",
        "signatory": "Camille Durand",
        "signatory_quality": "Maire",
        "outcome": Act.Outcome.ADOPTED,
        **extra,
    }
    authority = organisation.siren or organisation.slug
    act = Act(organisation=organisation, title=title, confirmed_at=timezone.now(), **facts)
    act.slug = address_of(Identity(authority, act.date, act.number, act.nature))
    create(OPERATOR, act)
    add_file(act, pages)
    return publish(OPERATOR, act) if online else act


def add_file(act: Act, pages: Sequence[str] = PAGES, role: str = ActFile.Role.MAIN, **extra: Any) -> ActFile:
    """A PDF, or what passes for one, with the text that was read of it."""
    body = b"%PDF-1.7\n% " + str(next(_numbers)).encode()
    digest = hashlib.sha256(body).hexdigest()
    file = ActFile(
        act=act,
        role=role,
        name="acte.pdf",
        suffix="pdf",
        media_type="application/pdf",
        bytes=len(body),
        original_digest=digest,
        reading=ActFile.Reading.READ,
        page_count=len(pages),
        published_digest=digest,
        published_bytes=len(body),
        published_type="application/pdf",
        **extra,
    )
    file.original.save("acte.pdf", ContentFile(body), save=False)
    file.published.save("acte.pdf", ContentFile(body), save=False)
    file.save()
    rows = [Page(number, text).to_json() for number, text in enumerate(pages, start=1)]
    FileText.objects.create(file=file, pages=rows, published_pages=rows)
    return file
