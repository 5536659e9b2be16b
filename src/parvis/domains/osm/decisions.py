"""Deciding of a finding, once: two people at once are told apart by the database."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.core.translation import Sentence
from parvis.domains.osm.messages import BY_HAND, DECISIONS
from parvis.domains.osm.models import Conflation, Finding
from parvis.domains.osm.rules import AlreadyDecided
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record


def decide(actor: Actor, finding: Finding, decision: str) -> Finding:
    """Write down what a member of the organisation decided; AlreadyDecided when somebody did before, even at this very moment."""
    conflation = finding.conflation
    require(actor, "edit", conflation.organisation_id, f"décider d’un constat de « {conflation.title} »")
    if decision not in BY_HAND:
        raise NotFound(name=decision[:20])
    with transaction.atomic():
        _take(finding, decision, conflation.organisation.name, actor.person_id)
        _journal(actor, "decide", finding, decision=decision)
    return finding


def reopen(actor: Actor, finding: Finding) -> Finding:
    """Have it decided again; nothing that was sent is undone."""
    conflation = finding.conflation
    require(actor, "edit", conflation.organisation_id, f"rouvrir un constat de « {conflation.title} »")
    with transaction.atomic():
        same = Finding.objects.filter(pk=finding.pk, decision=finding.decision).exclude(decision="")
        if same.update(decision="", decided_by=None, decider="", decided_at=None, reference=""):
            _journal(actor, "reopen", finding, decision=finding.decision)
    finding.refresh_from_db()
    return finding


def reserve(findings: Iterable[Finding], decider: str, person_id: int | None, reference: str = "") -> None:
    """Keep findings for what is being sent: AlreadyDecided for one that somebody decided, and then none is kept."""
    with transaction.atomic():
        for finding in findings:
            _take(finding, "sending", decider, person_id, reference)


def settle(findings: Iterable[Finding], decision: str, reference: str, actor: Actor) -> None:
    """What was reserved was sent."""
    with transaction.atomic():
        for finding in findings:
            Finding.objects.filter(pk=finding.pk, decision="sending").update(
                decision=decision, reference=reference, decided_at=timezone.now()
            )
            _journal(actor, "send", finding, decision=decision, reference=reference)


def release(findings: Iterable[Finding]) -> None:
    """What was reserved was not sent: it may be decided again."""
    keys = [finding.pk for finding in findings]
    Finding.objects.filter(pk__in=keys, decision="sending").update(
        decision="", decided_by=None, decider="", decided_at=None, reference=""
    )


def _take(finding: Finding, decision: str, decider: str, person_id: int | None, reference: str = "") -> None:
    moment = timezone.now()
    free = Finding.objects.filter(pk=finding.pk, decision="")
    columns = {"decision": decision, "decided_by_id": person_id, "decider": decider[:120], "decided_at": moment}
    if not free.update(**columns, reference=reference):
        finding.refresh_from_db()
        raise AlreadyDecided(who=finding.decider, decision=Sentence(_word(finding.decision)))
    finding.refresh_from_db()


def _word(decision: str) -> str:
    return str(DECISIONS.get(decision, decision))


def _journal(actor: Actor, act: str, finding: Finding, **details: str) -> None:
    slug = finding.conflation.slug
    record(actor.name, actor.person_id, f"osm-review.{act}", Conflation.noun, slug, finding=finding.label, **details)
