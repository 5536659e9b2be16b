"""What a person has chosen to send to OpenStreetMap, and sending it: one changeset a review, never more than was looked at.

The choice is in their session. It holds each object as OpenStreetMap had it when they looked at it: when somebody changes it
meanwhile, the server refuses the version, nothing is sent, and they look again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from parvis.core.errors import ParvisError
from parvis.core.osm.edits import Edit, corrected_tags
from parvis.core.osm.model import Difference, Verdict, address_of, key_of
from parvis.domains.osm import remote
from parvis.domains.osm.account import required_account
from parvis.domains.osm.decisions import release, reserve, settle
from parvis.domains.osm.models import Conflation, Finding
from parvis.domains.osm.rules import (
    MOST_IN_REVIEW,
    AlreadyThere,
    NothingApproved,
    NothingToSend,
    OsmConflict,
    OsmUncertain,
    PartOfWay,
    ReviewFull,
)
from parvis.hub.accounts.rules import Actor, require

SESSION = "osm_review"
GENERATOR = "Parvis"
NEAREST = 10.0
"""Metres within which an object of the theme is the one that would be created."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A finding in a review: the object before and after, as tags, and whether it moves."""

    finding: Finding
    edit: Edit
    before: Mapping[str, str]
    moves: bool = False

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Each tag that is not the same after: its name, before, after."""
        names = sorted({*self.before, *self.edit.tags})
        rows = [(name, self.before.get(name, ""), self.edit.tags.get(name, "")) for name in names]
        return [row for row in rows if row[1] != row[2]]


def planned_edit(finding: Finding, tags: Sequence[str], *, moves: bool, number: int) -> Planned:
    """What would be sent for a finding, the object read now; OsmConflict when it is gone,
    AlreadyThere for a new one that somebody else has created, PartOfWay for a move that would bend a line.

    ``tags`` are the names of those that the person approved; ``moves`` says that the object goes where our row is.
    """
    side = finding.side("ours")
    if side is None or not may_be_sent(finding):
        raise NothingApproved
    longitude, latitude = side["place"]
    if finding.is_new_there:
        theme = finding.conflation.described
        if near := remote.keys_near(longitude, latitude, min(theme.moved, NEAREST), theme.fits):
            raise AlreadyThere(key=address_of(near[0]))
        new = {name: value for name, value in side["new_tags"].items() if name in tags or name in theme.tags}
        return Planned(finding, Edit(f"n-{number}", 0, new, round(longitude, 7), round(latitude, 7)), {})
    thing = remote.thing_at(finding.theirs)
    if thing is None:
        raise OsmConflict(what=finding.label or finding.theirs)
    approved = [Difference(row.tag, row.ours, row.theirs) for row in finding.differences if row.tag in tags]
    if moves and thing.place is not None and remote.is_part_of_way(thing.key):
        raise PartOfWay
    place: tuple[float | None, float | None] = (None, None)
    if thing.place is not None:
        place = (round(longitude, 7), round(latitude, 7)) if moves else thing.place
    edit = Edit(thing.key, thing.version, corrected_tags(thing.tags, approved), *place, thing.nodes)
    if edit.tags == dict(thing.tags) and place in ((None, None), thing.place):
        raise NothingApproved
    return Planned(finding, edit, thing.tags, moves and thing.place is not None)


class Review:
    """The choice of a visit, about one conflation at a time."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session
        self._facts: dict[str, Any] = request.session.get(SESSION) or {"slug": "", "edits": {}}

    @property
    def slug(self) -> str:
        """Of which conflation; empty when nothing is chosen."""
        return str(self._facts["slug"])

    def __len__(self) -> int:
        return len(self._facts["edits"])

    def holds(self, finding: Finding) -> bool:
        """Whether it was chosen."""
        return self.slug == finding.conflation.slug and str(finding.pk) in self._facts["edits"]

    def next_number(self) -> int:
        """The number of the next new object."""
        return 1 + max(
            (abs(int(row["key"][1:])) for row in self._facts["edits"].values() if row["key"][1] == "-"), default=0
        )

    def add(self, planned: Planned) -> None:
        """Choose a finding; those of another conflation are given up. ReviewFull beyond what can be looked at."""
        slug = planned.finding.conflation.slug
        if self.slug != slug:
            self._facts = {"slug": slug, "edits": {}}
        if len(self) >= MOST_IN_REVIEW:
            raise ReviewFull(most=MOST_IN_REVIEW)
        edit = planned.edit
        self._facts["edits"][str(planned.finding.pk)] = {
            "key": edit.key,
            "version": edit.version,
            "tags": dict(edit.tags),
            "before": dict(planned.before),
            "place": [edit.longitude, edit.latitude],
            "nodes": list(edit.nodes),
            "moves": planned.moves,
        }
        self._session[SESSION] = self._facts

    def remove(self, key: int) -> None:
        """Give one up."""
        self._facts["edits"].pop(str(key), None)
        self._session[SESSION] = self._facts

    def clear(self) -> None:
        """Give all up."""
        self._session.pop(SESSION, None)
        self._facts = {"slug": "", "edits": {}}

    def planned(self, conflation: Conflation) -> list[Planned]:
        """What was chosen and is still there, in order."""
        edits = self._facts["edits"] if conflation.slug == self.slug else {}
        rows = Finding.objects.filter(conflation=conflation, pk__in=[int(key) for key in edits]).order_by("pk")
        planned = []
        for finding in rows:
            finding.conflation = conflation
            facts = edits[str(finding.pk)]
            edit = Edit(facts["key"], facts["version"], facts["tags"], *facts["place"], tuple(facts["nodes"]))
            planned.append(Planned(finding, edit, facts["before"], facts["moves"]))
        return planned


def changeset_tags(comment: str, source: str, hashtag: str) -> dict[str, str]:
    """What a changeset says of itself."""
    tags = {"created_by": GENERATOR, "comment": comment, "source": source, "hashtags": hashtag, "locale": "fr"}
    host = settings.PARVIS["PARVIS_BASE_URL"]
    return {name: value.strip()[:255] for name, value in {**tags, "host": host}.items() if value.strip()}


def send_review(request: HttpRequest, actor: Actor, planned: Sequence[Planned], tags: Mapping[str, str]) -> int:
    """Send what was chosen in one changeset with the person's own account; its number.

    Findings are reserved first: of two people who send the same one, one is told so and sends nothing. All is sent or nothing is:
    OsmConflict, OsmRefused. OsmUncertain when no answer came: findings stay reserved, with the changeset to look at.
    """
    account = required_account(request, "write_api")
    if not planned:
        raise NothingToSend
    findings = [row.finding for row in planned]
    reserve(findings, f"{account.name} (OpenStreetMap)", actor.person_id)
    try:
        changeset = remote.open_changeset(account.token, tags)
    except ParvisError:
        release(findings)
        raise
    keys = [finding.pk for finding in findings]
    Finding.objects.filter(pk__in=keys, decision="sending").update(reference=f"changeset/{changeset}")
    try:
        remote.upload(account.token, changeset, [row.edit for row in planned])
    except OsmUncertain:
        raise
    except ParvisError:
        release(findings)
        _close(account.token, changeset)
        raise
    settle(findings, "edited", f"changeset/{changeset}", actor)
    _close(account.token, changeset)
    return changeset


def settle_uncertain(actor: Actor, finding: Finding) -> None:
    """Ask OpenStreetMap what became of a sending whose answer never came, and settle or free all that was in it.

    A diff is taken whole or not at all: a changeset that has changes has them all. OsmUncertain while it is open and empty.
    """
    conflation, reference = finding.conflation, finding.reference
    require(actor, "edit", conflation.organisation_id, f"vérifier un envoi de « {conflation.title} »")
    number = reference.removeprefix("changeset/")
    if finding.decision != "sending" or not number.isdecimal():
        raise NothingToSend
    count, is_open = remote.changes_in(int(number))
    if is_open and not count:
        raise OsmUncertain(changeset=number)
    rows = list(Finding.objects.filter(conflation=conflation, decision="sending", reference=reference))
    for row in rows:
        row.conflation = conflation
    if count:
        settle(rows, "edited", reference, actor)
    else:
        release(rows)


def _close(token: str, changeset: int) -> None:
    with contextlib.suppress(ParvisError):  # the server closes it by itself
        remote.close_changeset(token, changeset)


def may_be_sent(finding: Finding) -> bool:
    """Whether an edit can be made of it: a new node, or an object whose tags or place we say otherwise."""
    if finding.verdict == Verdict.MISSING_HERE or finding.theirs.startswith("r"):
        return False
    if finding.is_new_there:
        return finding.conflation.described.creates
    return bool(finding.differences) or may_move(finding)


def may_move(finding: Finding) -> bool:
    """Whether the object could go where our row is: a node alone has a place of its own."""
    return (
        finding.verdict in (Verdict.MOVED, Verdict.POSSIBLE)
        and finding.theirs.startswith("n")
        and bool(key_of(finding.theirs))
    )
