"""What each site says, its own words first, then what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Site

from parvis.hub.accounts.models import Organisation
from parvis.hub.caches import fresh
from parvis.hub.legal.models import LegalNotice
from parvis.hub.legal.rules import MENTIONS, Audit, Mention, State, state_of
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.places import place_of


@dataclass(frozen=True, slots=True)
class LegalText:
    """A mention and what the site says; empty when nobody knows."""

    mention: Mention
    value: str
    is_own: bool
    """Written for this site, not taken from what is known of its organisation."""

    @property
    def is_missing(self) -> bool:
        """Whether the law asks for it and nobody wrote it."""
        return self.mention.required and not self.value


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything the legal pages of a site tell."""

    notice: LegalNotice
    said: dict[str, LegalText]
    audit: Audit | None
    state: State

    @property
    def missing(self) -> list[LegalText]:
        """The mentions that the law asks for and that nobody wrote."""
        return [one for one in self.said.values() if one.is_missing]


def statement_of(site: Site | None, notice: LegalNotice | None = None) -> Statement:
    """What a site says, with that notice or the one it has; of no site, what a portal without anything would."""
    notice = notice or (LegalNotice.objects.filter(site=site).first() if site else None)
    notice = notice or LegalNotice(site=site)
    face = SiteFace.objects.filter(site=site).select_related("organisation").first() if site else None
    defaults = _defaults(face)
    mentions = {
        mention.field: LegalText(
            mention,
            getattr(notice, mention.field) or defaults.get(mention.field, ""),
            bool(getattr(notice, mention.field)),
        )
        for mention in MENTIONS
    }
    audit = _audit(notice)
    return Statement(notice, mentions, audit, state_of(audit, timezone.localdate()))


def statement_for(request: HttpRequest) -> Statement:
    """What the site that answers says; in a preview, what it would."""
    shown = getattr(request, LegalNotice.get_cache_attr_name(), None)
    if shown is not None:
        return statement_of(shown.site, shown)
    key = place_of(request).site
    return statement_of(Site.objects.filter(pk=key).first() if key else None)


def organisation_of(face: SiteFace | None) -> Organisation | None:
    """The organisation that keeps the site; where none was said, that of its territory, the public body before any other."""
    if face is None or face.organisation is not None or face.territory_id is None:
        return face and face.organisation
    organisations = Organisation.objects.filter(territory=face.territory_id).order_by("pk")
    return organisations.filter(kind__in=BODIES).first() or organisations.first()


BODIES = (Organisation.Kind.COMMUNE, Organisation.Kind.EPCI, Organisation.Kind.DEPARTMENT, Organisation.Kind.REGION)


def state_for(request: HttpRequest) -> State:
    """What the site's statement calls it, which every page says."""
    return _state(place_of(request).site or 0)


@fresh()
def _state(site: int) -> State:
    notice = LegalNotice.objects.filter(site=site).first()
    return state_of(_audit(notice) if notice else None, timezone.localdate())


def forget_statements(**_said: Any) -> None:
    """Forget what sites are called: one changed here."""
    _state.cache_clear()


def _audit(notice: LegalNotice) -> Audit | None:
    if not notice.audit_by or notice.audit_date is None or notice.audit_rate is None:
        return None
    return Audit(notice.audit_by, notice.audit_date, notice.audit_rate)


def _defaults(face: SiteFace | None) -> dict[str, str]:
    """What can be filled without anybody writing it: the organisation's name, number and address for letters."""
    organisation = organisation_of(face)
    if face is None:
        return {}
    email = face.contact_email or (organisation.email if organisation else "")
    if organisation is None:
        return {"email": email}
    return {"publisher": organisation.name, "siren": organisation.siren, "email": email}
