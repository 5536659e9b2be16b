"""The facts of an act and of its sitting, as fields of a form or of a row hold them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFacts:
    """All that may be checked together; None or empty where it is not known.

    ``proxy_pairs`` are (who gave it, who holds it); ``population`` is that of the commune; ``reconvened`` says that a first
    sitting lacked its quorum.
    """

    organisation: str = ""
    siret: str = ""
    number: str = ""
    day: date | None = None
    title: str = ""
    kind: str = ""
    body: str = ""
    nature: str = ""
    matter_code: str = ""
    matter_name: str = ""
    budget_year: str = ""
    budget_name: str = ""
    prefecture: str = ""
    convened_on: date | None = None
    sent_on: date | None = None
    received_on: date | None = None
    posted_on: date | None = None
    members: int | None = None
    present: int | None = None
    proxies: int | None = None
    absent: int | None = None
    voters: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    abstentions: int | None = None
    unanimous: bool | None = None
    outcome: str = ""
    proxy_pairs: tuple[tuple[str, str], ...] = ()
    amounts: tuple[float, ...] = ()
    population: int | None = None
    reconvened: bool = False
    url: str = ""
