"""Writing assemblies and those elected: right, act, journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.domains.deliberations.models import Assembly, Official
from parvis.domains.deliberations.rules import council_name
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation


class AssemblyTwice(RequestError):
    """An organisation has one assembly of a name."""

    code = "assembly-twice"
    sentence = gettext_noop("« {name} » existe déjà pour cette organisation.")
    advice = gettext_noop("Modifiez celle qui existe, ou donnez un autre nom à celle-ci.")


def save_assembly(actor: Actor, assembly: Assembly | None, facts: Mapping[str, Any]) -> Assembly:
    """Keep an assembly, new when there is none; AssemblyTwice."""
    row = assembly or Assembly(organisation=facts["organisation"])
    require(actor, "publish", row.organisation_id, f"tenir les assemblées de « {row.organisation} »")
    twin = Assembly.objects.filter(organisation=row.organisation_id, name=facts["name"]).exclude(pk=row.pk)
    if twin.exists():
        raise AssemblyTwice(name=facts["name"])
    return _save(actor, row, facts, "assembly")


def council_of(actor: Actor, organisation: Organisation) -> Assembly:
    """The council of an organisation, made when it has none: who writes its acts may begin by one."""
    require(actor, "edit", organisation.pk, f"tenir les assemblées de « {organisation} »")
    council = Assembly.objects.filter(organisation=organisation.pk, kind=Assembly.Kind.COUNCIL).first()
    if council is not None:
        return council
    facts = {"kind": Assembly.Kind.COUNCIL, "name": council_name(organisation.kind)}
    return _save(actor, Assembly(organisation=organisation), facts, "assembly")


def save_official(actor: Actor, official: Official | None, facts: Mapping[str, Any]) -> Official:
    """Keep somebody elected, new when there is none."""
    row = official or Official(organisation=facts["organisation"])
    require(actor, "publish", row.organisation_id, f"tenir la liste des élus de « {row.organisation} »")
    return _save(actor, row, facts, "official")


def _save[Row: (Assembly, Official)](actor: Actor, row: Row, facts: Mapping[str, Any], noun: str) -> Row:
    act = "update" if row.pk else "create"
    for name, value in facts.items():
        if name != "organisation":
            setattr(row, name, value)
    with transaction.atomic():
        row.save()
        record(actor.name, actor.person_id, f"{noun}.{act}", noun, str(row.pk), title=str(row))
    return row
