"""Acts and sittings in the words of schema.org."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from parvis.core.calendars.events import Event
from parvis.core.calendars.formats.jsonld_writer import event_node
from parvis.core.errors import ParvisError
from parvis.domains.deliberations import presentation
from parvis.domains.deliberations.models import Act
from parvis.domains.deliberations.reading_views import FileView
from parvis.hub.addresses import canonical


def legislation(act: Act, views: Sequence[FileView], corrected: Act | None) -> dict[str, Any]:
    """An act that is online as ``Legislation``, each of its files with its digest."""
    address = canonical(act.get_absolute_url())
    published = timezone.localtime(act.first_published_at).isoformat() if act.first_published_at else None
    node = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": address,
        "url": address,
        "name": act.title,
        "inLanguage": "fr",
        "legislationIdentifier": act.transmission or act.number or act.slug,
        "legislationType": str(act.get_kind_display()),
        "legislationDate": act.date.isoformat() if act.date else None,
        "datePublished": published,
        "legislationPassedBy": _assembly(act),
        "legislationResponsible": _author(act),
        "publisher": {"@type": "GovernmentOrganization", "name": act.organisation.name},
        "legislationJurisdiction": act.territory.name if act.territory else None,
        "about": presentation.matter_words(act.matter) if act.matter else None,
        "isAccessibleForFree": True,
        "legislationCorrects": canonical(corrected.get_absolute_url()) if corrected else None,
        "encoding": [_file(view) for view in views],
    }
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def _assembly(act: Act) -> dict[str, Any] | None:
    if act.session is None:
        return None
    organisation = {"@type": "GovernmentOrganization", "name": act.organisation.name}
    return {"@type": "Organization", "name": act.session.assembly.name, "parentOrganization": organisation}


def _author(act: Act) -> dict[str, Any] | None:
    if not act.signatory:
        return None
    person = {"@type": "Person", "name": act.signatory, "jobTitle": act.signatory_quality}
    return {name: value for name, value in person.items() if value}


def _file(view: FileView) -> dict[str, Any]:
    return {
        "@type": "LegislationObject",
        "name": view.title,
        "contentUrl": canonical(view.address),
        "encodingFormat": view.file.published_type,
        "contentSize": f"{view.file.published_bytes} B",
        "sha256": view.file.published_digest,
        "legislationLegalValue": "https://schema.org/OfficialLegalValue",
    }


def sitting(event: Event | None) -> dict[str, Any] | None:
    """A sitting as ``Event``."""
    try:
        return event_node(event, timezone.now()) if event else None
    except ParvisError:
        return None
