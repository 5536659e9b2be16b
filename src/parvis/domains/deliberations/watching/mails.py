"""The mail of an alert: each act with the sentence that answers, each point of an agenda; read when it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.domains.deliberations.finding.library import FilePage, pages_of_acts
from parvis.domains.deliberations.finding.query import ActQuery
from parvis.domains.deliberations.finding.results import acts_in_order, addresses_of
from parvis.domains.deliberations.kinds import ALERT
from parvis.domains.deliberations.presentation import heading, origin_words
from parvis.domains.deliberations.sittings import when_words
from parvis.domains.deliberations.watching.agenda import points_to_come
from parvis.domains.deliberations.watching.described import described
from parvis.domains.deliberations.watching.services import first_mark, query_of
from parvis.hub.addresses import canonical
from parvis.hub.fulltext.extracts import marked, matching_sentences
from parvis.hub.fulltext.rules import TITLE, Part
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.sites.lens import looking_through
from parvis.hub.ui.formatting import number

if TYPE_CHECKING:
    from parvis.domains.deliberations.models import Act
    from parvis.hub.notifications.models import Outgoing, Subscription


@dataclass(frozen=True, slots=True)
class AlertedAct:
    """An act in a mail."""

    title: tuple[Part, ...]
    facts: str
    address: str
    reason: str = ""
    sentence: tuple[Part, ...] = ()
    page: int = 0
    page_address: str = ""

    @property
    def plain_title(self) -> str:
        """Its title without marks."""
        return "".join(text for text, _is_hit in self.title)

    @property
    def plain_sentence(self) -> str:
        """The sentence without marks."""
        return "".join(text for text, _is_hit in self.sentence).strip()


@dataclass(frozen=True, slots=True)
class AlertedPoint:
    """A point of an agenda in a mail."""

    title: tuple[Part, ...]
    facts: str
    address: str

    @property
    def plain_title(self) -> str:
        """Its title without marks."""
        return "".join(text for text, _is_hit in self.title)


def acts_of_mail(query: ActQuery, keys: Sequence[int]) -> list[AlertedAct]:
    """The acts of these keys that are still online, each with the sentence that answers best."""
    pages = pages_of_acts(keys)
    return [_told_act(query, act, pages.get(act.pk, [])) for act in acts_in_order(keys)]


def _told_act(query: ActQuery, act: Act, pages: Sequence[FilePage]) -> AlertedAct:
    question = query.shown_question
    title = marked(question, act.title, TITLE)
    facts = " · ".join(filter(None, (heading(act), origin_words(act), act.organisation.name)))
    reason = query.around.reason(act) if query.around is not None else ""
    sentences = matching_sentences(question, [page.text for page in pages], 1)
    address = canonical(act.get_absolute_url())
    if not sentences:
        return AlertedAct(title, facts, address, reason)
    page = pages[sentences[0].page - 1]
    file_address = canonical(addresses_of(act, page)[0])
    return AlertedAct(title, facts, address, reason, sentences[0].parts, page.number, file_address)


def points_of_mail(query: ActQuery, rows: Sequence[Sequence[int]]) -> list[AlertedPoint]:
    """The points that are still on the agenda of a sitting to come, as session and point."""
    pairs = {tuple(row) for row in rows}
    return [
        AlertedPoint(
            marked(query.shown_question, point.item.title, TITLE),
            f"{point.session.assembly.name} · {when_words(point.session)} · {point.session.organisation.name}",
            canonical(point.session.get_absolute_url()),
        )
        for point in points_to_come({row[0] for row in rows})
        if (point.session.pk, point.item.pk) in pairs
    ]


def _wish(subscription: Subscription) -> str:
    with looking_through(None):
        words = described(query_of(subscription))
    return _(
        "un courriel par jour au plus quand un acte répond à votre recherche (%(search)s), et dès qu’un ordre du jour y répond"
    ) % {"search": words}


def _message(mail: Outgoing) -> Message | None:
    with looking_through(None):
        query = query_of(mail.asked)
        acts, points = acts_of_mail(query, mail.facts["acts"]), points_of_mail(query, mail.facts["points"])
        if not acts and not points:
            return None
        facts = {
            "search": described(query),
            "acts": acts,
            "points": points,
            "more": mail.facts["more"],
            "address": canonical(f"{query.address(reverse('act-search'), [*query.pairs(), ('tri', 'ligne')])}"),
        }
    first = acts[0] if acts else points[0]
    count = len(acts) + len(points) + mail.facts["more"]
    if count == 1:
        return Message(first.plain_title, facts)
    words = ngettext("%(title)s, et %(count)s autre", "%(title)s, et %(count)s autres", count - 1)
    return Message(words % {"title": first.plain_title, "count": number(count - 1)}, facts)


NOTICE = NoticeKind(
    slug=ALERT, message=_message, template="deliberations/mails/alert", wish=_wish, first_mark=first_mark
)
