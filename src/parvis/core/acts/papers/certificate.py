"""The certificate of a publication: which act, when it went online, and how anyone checks it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from parvis.core.acts.papers.printing import day_words, printed

_TEMPLATE: Final = Path(__file__).resolve().parent / "certificate.typ"


@dataclass(frozen=True, slots=True)
class CertifiedFile:
    """A published file: its name and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate states. Moments have their zone; ``zone`` is that of who publishes.

    ``until`` is the day up to which the act was online without a break: that of the certificate while it is. ``digest`` and
    ``sequence`` are those of its entry in the chain at ``chain_address``.
    """

    act: str
    number: str
    decided_on: date | None
    organisation: str
    author: str
    author_quality: str
    published_at: datetime
    until: date
    is_online: bool
    address: str
    files: tuple[CertifiedFile, ...]
    sequence: int
    digest: str
    chain_address: str
    certified_on: date
    zone: str = "Europe/Paris"
    corrects: str = ""
    """The address of the act that it corrects."""

    @property
    def published_on(self) -> date:
        """The day it went online, where that was."""
        return self.published_at.astimezone(ZoneInfo(self.zone)).date()


def certificate(facts: CertificateFacts, work: Path) -> bytes:
    """« Certificat de publication », a tagged PDF; PaperFailed. ``work`` is where a folder may stand meanwhile."""
    moment = facts.published_at.astimezone(ZoneInfo(facts.zone))
    days = (facts.until - facts.published_on).days + 1
    words = {
        "act": facts.act,
        "organisation": facts.organisation,
        "address": facts.address,
        "chain": facts.chain_address,
        "files": [asdict(file) for file in facts.files],
        "certified_on": day_words(facts.certified_on),
        "rows": [
            [label, value]
            for label, value in (
                ("Numéro", facts.number),
                ("Date de l’acte", day_words(facts.decided_on) if facts.decided_on else ""),
                ("Auteur", ", ".join(filter(None, (facts.author, facts.author_quality)))),
                ("Mis en ligne le", f"{day_words(moment.date())} à {moment:%H h %M} (UTC{moment:%:z})"),
                ("Durée", _duration(days, facts)),
                ("Corrige l’acte", facts.corrects),
                ("Numéro d’ordre dans la chaîne", str(facts.sequence)),
                ("Empreinte de la ligne", facts.digest),
            )
            if value
        ],
    }
    return printed(words, _TEMPLATE, work)


def _duration(days: int, facts: CertificateFacts) -> str:
    counted = f"{days} jour{'s' if days > 1 else ''}"
    if facts.is_online:
        return f"{counted} sans interruption au {day_words(facts.until)}, toujours en ligne"
    return f"{counted}, jusqu’au {day_words(facts.until)}"
