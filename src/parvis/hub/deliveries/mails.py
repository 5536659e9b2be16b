"""Mails to both sides: what lacks, what is odd, what was decided, and the address to send by."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.hub.addresses import canonical
from parvis.hub.deliveries.kinds import DECISION, DUE, LINK, MOVED, SENDER_SIDE, SOON, VERDICT
from parvis.hub.deliveries.messages import facts_sentence, recurrence_words, sentences_of, state_name
from parvis.hub.deliveries.models import Delivery, DeliveryLink, Expectation
from parvis.hub.deliveries.rules import ANSWERED, Standing, State
from parvis.hub.deliveries.selectors import link_address, open_link, standing, until_of
from parvis.hub.notifications.models import Outgoing
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.ui.formatting import day

_TEMPLATE = "deliveries/mails/notice"


def _due(mail: Outgoing) -> Message | None:
    """What lacks, unless it came meanwhile, or somebody moved its day."""
    expectation = _expectation(mail.facts["expectation"])
    due = date.fromisoformat(mail.facts["due"])
    if expectation is None or standing(expectation, due) in ANSWERED:
        return None
    until = until_of(expectation, due)
    if until.isoformat() != mail.facts.get("until", mail.facts["due"]):
        return None
    facts = {"title": expectation.dataset.title, "day": day(until), "sender": expectation.sender}
    is_missing = mail.facts["standing"] == Standing.MISSING
    if mail.facts["side"] == SENDER_SIDE:
        words = (
            _("Nous attendions « %(title)s » le %(day)s au plus tard, et ne l’avons pas reçu.")
            if is_missing
            else _("« %(title)s » était attendu le %(day)s au plus tard. Pouvez-vous l’envoyer ?")
        )
    else:
        words = (
            _("%(sender)s n’a pas livré « %(title)s », attendu le %(day)s au plus tard.")
            if is_missing
            else _(
                "%(sender)s n’a pas encore livré « %(title)s », attendu le %(day)s au plus tard. L’expéditeur est prévenu."
            )
        )
    subject = _("Livraison manquante : %s") if is_missing else _("Livraison en retard : %s")
    return _message(mail, expectation, subject % expectation.dataset.title, [words % facts])


def _soon(mail: Outgoing) -> Message | None:
    """What is due soon, unless it came meanwhile, or its day was moved."""
    expectation = _expectation(mail.facts["expectation"])
    due = date.fromisoformat(mail.facts["due"])
    if expectation is None or standing(expectation, due) in ANSWERED:
        return None
    facts = {"title": expectation.dataset.title, "day": day(until_of(expectation, due))}
    words = _("« %(title)s » est attendu le %(day)s au plus tard. S’il est prêt, vous pouvez déjà l’envoyer.")
    return _message(mail, expectation, _("Bientôt attendu : %s") % expectation.dataset.title, [words % facts])


def _moved(mail: Outgoing) -> Message | None:
    """Another day for a period, and why; None when it was moved again since."""
    expectation = _expectation(mail.facts["expectation"])
    due, until = (date.fromisoformat(mail.facts[name]) for name in ("due", "until"))
    row = expectation.postponements.filter(due=due, until=until).first() if expectation is not None else None
    if expectation is None or row is None:
        return None
    facts = {"title": expectation.dataset.title, "due": day(due), "until": day(until), "sender": expectation.sender}
    words = (
        _("« %(title)s », attendu le %(due)s, l’est maintenant le %(until)s au plus tard, pour cette raison :")
        if mail.facts["side"] == SENDER_SIDE
        else _(
            "« %(title)s », que %(sender)s devait livrer le %(due)s, est attendu le %(until)s au plus tard, pour cette raison :"
        )
    )
    return _message(mail, expectation, _("Échéance déplacée : %s") % facts["title"], [words % facts, row.reason])


def _verdict(mail: Outgoing) -> Message | None:
    """What is wrong with a file, unless it was decided or replaced meanwhile."""
    delivery = _delivery(mail.facts["delivery"])
    if delivery is None or delivery.state not in (State.WAITING, State.UNREADABLE):
        return None
    expectation, is_waiting = delivery.expectation, delivery.state == State.WAITING
    facts = {"title": expectation.dataset.title, "file": delivery.file, "sender": expectation.sender}
    if mail.facts["side"] == SENDER_SIDE:
        words = (
            _("Nous avons reçu « %(file)s » pour « %(title)s ». Avant sa publication, une personne va le regarder :")
            if is_waiting
            else _("« %(file)s », envoyé pour « %(title)s », n’a pas pu être lu :")
        )
    else:
        words = (
            _("« %(file)s », livré par %(sender)s pour « %(title)s », attend votre décision :")
            if is_waiting
            else _(
                "« %(file)s », livré par %(sender)s pour « %(title)s », n’a pas pu être lu. L’expéditeur est prévenu :"
            )
        )
    subject = _("Livraison à regarder : %s") if is_waiting else _("Livraison illisible : %s")
    lines = [line for line in (facts_sentence(delivery.facts),) if line]
    return _message(
        mail, expectation, subject % expectation.dataset.title, [words % facts], sentences_of(delivery), lines, delivery
    )


def _decision(mail: Outgoing) -> Message | None:
    """What was decided of a file that waited."""
    delivery = _delivery(mail.facts["delivery"])
    if delivery is None or delivery.state not in (State.DELIVERED, State.REFUSED):
        return None
    facts = {"title": delivery.expectation.dataset.title, "file": delivery.file}
    if delivery.state == State.DELIVERED:
        words = [_("« %(file)s », envoyé pour « %(title)s », est accepté. Merci.") % facts]
    else:
        words = [
            _("« %(file)s », envoyé pour « %(title)s », est refusé, pour cette raison :") % facts,
            delivery.words,
            _("Corrigez le fichier, puis envoyez-le de nouveau."),
        ]
    subject = _("Livraison %(state)s : %(title)s") % {"state": state_name(delivery.state), "title": facts["title"]}
    return _message(mail, delivery.expectation, subject, words)


def _link(mail: Outgoing) -> Message | None:
    """The address by which files are sent, while it is open."""
    rows = DeliveryLink.objects.select_related("expectation__dataset__organisation")
    link = rows.filter(pk=mail.facts["link"]).first()
    if link is None or not link.is_open:
        return None
    expectation = link.expectation
    facts = {"title": expectation.dataset.title, "organisation": expectation.dataset.organisation.name}
    words = [
        _("%(organisation)s attend de vous « %(title)s ». Voici l’adresse où l’envoyer, sans compte.") % facts,
        f"{recurrence_words(expectation)}.",
        _("Cette adresse est secrète : qui la connaît peut envoyer un fichier à votre place."),
    ]
    return _message(mail, expectation, _("Où envoyer « %s »") % expectation.dataset.title, words, link=link)


def _message(
    mail: Outgoing,
    expectation: Expectation,
    subject: str,
    words: list[str],
    points: list[str] | None = None,
    after: list[str] | None = None,
    delivery: Delivery | None = None,
    link: DeliveryLink | None = None,
) -> Message:
    is_sender = mail.facts["side"] == SENDER_SIDE
    if is_sender:
        link = link or open_link(expectation)
        address, button = (link_address(link) if link else ""), _("Envoyer un fichier")
    elif delivery is not None:
        address, button = canonical(reverse("deliveries_admin:delivery", args=[delivery.pk])), _("Voir la livraison")
    else:
        address = canonical(reverse("deliveries_admin:expectation", args=[expectation.pk]))
        button = _("Voir cette livraison attendue")
    facts: dict[str, Any] = {"words": words, "points": points or [], "after": after or []}
    facts |= {"address": address, "button": button, "is_sender": is_sender}
    facts["organisation"] = expectation.dataset.organisation.name
    return Message(subject, facts, reply_to=_answering(expectation) if is_sender else "")


def _answering(expectation: Expectation) -> str:
    return next(iter(expectation.answer_emails), "") or expectation.dataset.contact_email


def _expectation(key: Any) -> Expectation | None:
    rows = Expectation.objects.select_related("dataset__organisation")
    return rows.filter(pk=key, active=True).first()


def _delivery(key: Any) -> Delivery | None:
    return Delivery.objects.select_related("expectation__dataset__organisation").filter(pk=key).first()


NOTICES = tuple(
    NoticeKind(slug=slug, message=message, template=_TEMPLATE)
    for slug, message in (
        (SOON, _soon),
        (DUE, _due),
        (MOVED, _moved),
        (VERDICT, _verdict),
        (DECISION, _decision),
        (LINK, _link),
    )
)
