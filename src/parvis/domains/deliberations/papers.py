"""The certificate of the publication of an act, the register of a year: PDF made when somebody asks, kept for a day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import ClassVar, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.core.acts.papers import (
    CertificateFacts,
    CertifiedFile,
    RegisterAct,
    RegisterFacts,
    RegisterSession,
    certificate,
    register,
)
from parvis.core.errors import NotFound, OperationError
from parvis.core.seals import Standing
from parvis.core.translation import gettext_noop
from parvis.domains.deliberations import public
from parvis.domains.deliberations.collection import ACTS
from parvis.domains.deliberations.models import Act
from parvis.domains.deliberations.presentation import vote_words
from parvis.domains.deliberations.seals import seal_of
from parvis.hub.accounts.selectors import actor_of, organisation
from parvis.hub.addresses import canonical
from parvis.hub.collections.views import seen_at
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.quotas.metering import permit
from parvis.hub.ui.derived import derived

LAST_YEAR = 10_000
"""Dates have no such year."""
KEPT_SECONDS = 24 * 3600
MOST_ACTS = 5_000
"""Of a register: what is set within a minute."""
REGISTERS: Final = {
    Act.Kind.DELIBERATION: "Registre des délibérations",
    Act.Kind.DECISION: "Registre des décisions",
    Act.Kind.ORDER: "Registre des arrêtés",
}
"""Papers are in French, as what they tell of."""


class PapersBusy(OperationError):
    """As many papers as the server makes at once are being made."""

    code: ClassVar[str] = "act-paper-busy"
    sentence: ClassVar[str] = gettext_noop("D’autres documents sont en train d’être mis en page.")
    advice: ClassVar[str] = gettext_noop("Réessayez dans un instant.")


class RegisterTooLong(OperationError):
    """A register that would not be set in time, and is not cut."""

    code: ClassVar[str] = "act-register-long"
    sentence: ClassVar[str] = gettext_noop("Ce registre a plus de {most} actes : il ne peut pas être mis en page ici.")
    advice: ClassVar[str] = gettext_noop("Prenez la liste des actes par l’API.")


@require_safe
def certificate_of(request: HttpRequest, slug: str) -> HttpResponse:
    """« Certificat de publication » of an act that is online and sealed; NotFound, PapersBusy, PaperFailed."""
    act = seen_at(ACTS, actor_of(request.user), slug)
    standing = seal_of(act) if act.live else None
    if standing is None:
        raise NotFound(name=f"{slug}/certificat.pdf")
    address, today = canonical(act.get_absolute_url()), timezone.localdate()
    facts = CertificateFacts(
        act=act.title,
        number=act.number,
        decided_on=act.date,
        organisation=act.organisation.name,
        author=act.signatory,
        author_quality=act.signatory_quality,
        published_at=act.first_published_at,
        until=today,
        is_online=True,
        address=address,
        files=tuple(CertifiedFile(view.download_name, view.file.published_digest) for view in act.views),
        sequence=standing.entry.sequence,
        digest=_digest_of(standing),
        chain_address=canonical(reverse("seal-chain")),
        certified_on=today,
        zone=settings.TIME_ZONE,
        corrects=canonical(act.corrected.get_absolute_url()) if act.corrected else "",
    )
    return _sent(request, f"certificat-{act.slug}", repr(facts), lambda folder: certificate(facts, folder))


def _digest_of(standing: Standing) -> str:
    """The digest of its line: that of its canonical text."""
    return hashlib.sha256(standing.entry.canonical).hexdigest()


@require_safe
def register_of(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The register of an organisation in a year; ``document`` is the kind of its acts. NotFound when it has none."""
    owner = organisation(slug)
    kind = request.GET.get("document", Act.Kind.DELIBERATION)
    acts = public.acts_of_register(owner.pk, kind, year) if kind in REGISTERS and 0 < year < LAST_YEAR else []
    if not acts:
        raise NotFound(name=f"{slug}/{year}.pdf")
    if len(acts) > MOST_ACTS:
        raise RegisterTooLong(most=MOST_ACTS)
    facts = RegisterFacts(
        organisation=owner.name,
        year=year,
        sessions=tuple(_sittings(acts)),
        made_on=timezone.localdate(),
        title=REGISTERS[Act.Kind(kind)],
        chain_address=canonical(reverse("seal-chain")),
    )
    return _sent(request, f"registre-{slug}-{year}", repr(facts), lambda folder: register(facts, folder))


def _sittings(acts: Iterable[Act]) -> Iterable[RegisterSession]:
    """Acts by sitting, in order; those of none by the day of their signature."""
    corrections = public.corrections_of(acts := list(acts))
    for _key, group in groupby(acts, key=lambda act: (act.session_id, act.date)):
        rows = list(group)
        session, day = rows[0].session, rows[0].date
        assert day is not None
        seen = session if session is not None and session.live else None
        yield RegisterSession(
            name=seen.assembly.name if seen else "Actes signés",
            day=day,
            acts=tuple(_line(act, [row.number for row in corrections[act.pk]]) for act in rows),
            president=seen.president if seen else "",
            secretary=seen.secretary if seen else "",
        )


def _line(act: Act, corrected_by: list[str]) -> RegisterAct:
    """Of an act that was withdrawn, that there was one."""
    if not act.live:
        return RegisterAct("", "", "", "", "acte retiré")
    note = f"corrigé par {', '.join(corrected_by)}" if corrected_by else ""
    return RegisterAct(act.number, act.title, vote_words(act), canonical(act.get_absolute_url()), note)


def _sent(request: HttpRequest, name: str, facts: str, make: Callable[[Path], bytes]) -> HttpResponse:
    """The paper that those facts make, or made."""
    key = f"act-paper-{hashlib.sha256(facts.encode()).hexdigest()}"
    made = derived.get(key)
    if made is None:
        with permit(request, actor_of(request.user), "pdf", PapersBusy()):
            made = make(process_folder())
        derived.set(key, made, KEPT_SECONDS)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
