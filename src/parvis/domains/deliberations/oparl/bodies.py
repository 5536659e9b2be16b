"""Organisations that publish acts as OParl tells them: Body, with its assemblies and those elected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from parvis.domains.deliberations.models import Act, Assembly, Official, Session
from parvis.domains.deliberations.oparl.acts import ONLINE
from parvis.domains.deliberations.oparl.documents import location
from parvis.domains.deliberations.oparl.words import LISTS, Thing, address, own, present, system_address
from parvis.hub.addresses import absolute_url, without_prefix
from parvis.hub.records.rules import Status

CLASSIFICATIONS = {
    Assembly.Kind.COUNCIL: "Parlament",
    Assembly.Kind.BUREAU: "Bureau",
    Assembly.Kind.COMMISSION: "Kommission",
    Assembly.Kind.EXECUTIVE: "Exekutive",
}
"""« Parlament » is what the specification would have the council of a town be called everywhere."""


def publishing_organisations() -> Any:
    """The organisations of which an act or a sitting is online."""
    model = Act._meta.get_field("organisation").related_model
    acts = Act.objects.filter(ONLINE, organisation=OuterRef("pk"))
    sessions = Session.objects.filter(status=Status.PUBLISHED, organisation=OuterRef("pk"))
    rows = model.objects.filter(Exists(acts) | Exists(sessions))  # type: ignore[union-attr]
    return rows.select_related("territory").order_by("pk")


def things_of_organisations(keys: Iterable[int]) -> dict[int, list[Thing]]:
    """What is told of organisations, by organisation, the Body first; nothing of those that publish no act."""
    organisations = list(publishing_organisations().filter(pk__in=list(keys)))
    assemblies, officials = defaultdict(list), defaultdict(list)
    for assembly in Assembly.objects.filter(organisation__in=organisations).order_by("pk"):
        assemblies[assembly.organisation_id].append(assembly)
    for official in Official.objects.filter(organisation__in=organisations).order_by("pk"):
        officials[official.organisation_id].append(official)
    return {row.pk: _things(row, assemblies[row.pk], officials[row.pk]) for row in organisations}


def _things(organisation: Any, assemblies: list[Assembly], officials: list[Official]) -> list[Thing]:
    main = next((assembly for assembly in assemblies if assembly.kind == Assembly.Kind.COUNCIL), None)
    place = _place(organisation)
    memberships = {official.pk: _membership(official, main) for official in officials} if main else {}
    terms = _terms(organisation.pk, officials, main)
    things = [_body(organisation, main, place, terms), *terms, *([place] if place else [])]
    for assembly in assemblies:
        members = memberships.values() if assembly is main else ()
        things.append(_assembly(assembly, main, [address("Membership", thing.key) for thing in members]))
    for official in officials:
        things.append(_person(official, memberships.get(official.pk)))
    return [*things, *memberships.values()]


def _body(organisation: Any, main: Assembly | None, place: Thing | None, terms: list[Thing]) -> Thing:
    here = address("Body", organisation.pk)
    territory = organisation.territory
    facts = present(
        system=system_address(),
        name=organisation.name,
        website=organisation.website,
        contactEmail=organisation.email,
        contactName=organisation.name if organisation.email else "",
        **{name: f"{here}/{kind.lower()}" for kind, name in LISTS.items()},
        classification=str(organisation.get_kind_display()).capitalize(),
        location=place and place.part(),
        mainOrganization=main and address("Organization", main.pk),
        web=absolute_url(without_prefix(organisation.get_absolute_url())),
        **own(
            siren=organisation.siren,
            codeInsee=territory.code if territory and territory.kind == "commune" else "",
        ),
    )
    facts["legislativeTerm"] = [term.part() for term in terms]
    return Thing("Body", str(organisation.pk), facts, body=organisation.pk)


def _terms(organisation: int, officials: list[Official], main: Assembly | None) -> list[Thing]:
    """The terms of the council: from each day on which half of its seats, or more, were taken, to the last day of these mandates."""
    if main is None:
        return []
    together: dict[date, list[Official]] = defaultdict(list)
    for official in officials:
        if official.since is not None:
            together[official.since].append(official)
    terms = []
    for since, elected in sorted(together.items()):
        if len(elected) < max(2, (main.members or 0) / 2):
            continue
        untils = [official.until for official in elected]
        until = None if None in untils else max(day for day in untils if day is not None)
        facts = present(
            name=f"{main.name} : mandat commencé en {since.year}",
            startDate=since.isoformat(),
            endDate=until and until.isoformat(),
        )
        alone = {"body": address("Body", organisation)}
        terms.append(Thing("LegislativeTerm", f"{organisation}-{since.isoformat()}", facts, alone, organisation))
    return terms


def _place(organisation: Any) -> Thing | None:
    territory = organisation.territory
    if territory is None:
        return None
    postcode = territory.postcodes[0] if len(territory.postcodes) == 1 else ""
    return location(
        f"organisation-{organisation.pk}",
        ("bodies", address("Body", organisation.pk)),
        organisation.pk,
        description=territory.name,
        locality=territory.name if territory.kind == "commune" else "",
        postalCode=postcode,
    )


def _assembly(assembly: Assembly, main: Assembly | None, memberships: list[str]) -> Thing:
    here = address("Organization", assembly.pk)
    is_part = main is not None and assembly.kind in (Assembly.Kind.BUREAU, Assembly.Kind.COMMISSION)
    facts = present(
        body=address("Body", assembly.organisation_id),
        name=assembly.name,
        membership=memberships,
        meeting=f"{here}/meeting",
        consultation=f"{here}/consultation",
        subOrganizationOf=address("Organization", main.pk) if main and is_part else "",
        organizationType="Institution" if assembly.kind == Assembly.Kind.EXECUTIVE else "Gremium",
        classification=CLASSIFICATIONS[Assembly.Kind(assembly.kind)],
        memberCount=assembly.members,
        votingMemberCount=assembly.members,
        **own(nature=assembly.kind, seancesPubliques=assembly.is_open),
    )
    body = assembly.organisation_id
    return Thing("Organization", str(assembly.pk), facts, body=body, assembly=assembly.pk)


def _person(official: Official, membership: Thing | None) -> Thing:
    facts = present(
        body=address("Body", official.organisation_id),
        name=official.full_name,
        familyName=official.family_name,
        givenName=official.given_name,
        status=[official.quality] if official.quality else [],
        membership=[membership.part()] if membership else [],
        **own(groupe=official.group),
    )
    return Thing("Person", str(official.pk), facts, body=official.organisation_id)


def _membership(official: Official, assembly: Assembly) -> Thing:
    facts = present(
        organization=address("Organization", assembly.pk),
        role=official.quality,
        votingRight=True,
        startDate=official.since and official.since.isoformat(),
        endDate=official.until and official.until.isoformat(),
    )
    alone = {"person": address("Person", official.pk)}
    return Thing("Membership", f"{official.pk}-{assembly.pk}", facts, alone, official.organisation_id, assembly.pk)
