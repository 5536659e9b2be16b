"""The mail of the day: what stands, dataset by dataset, and how to be told less."""

from __future__ import annotations

from collections.abc import Sequence
from email.policy import EmailPolicy, Policy, default
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from parvis.hub.accounts.models import Person
from parvis.hub.quality.models import Notice
from parvis.hub.quality.words import event_name, notice_sentence
from parvis.hub.sites.models import SiteFace

CHOICES = "/admin/avis/"
KEPT_WHOLE = frozenset({"list-unsubscribe"})


class _Whole(EmailPolicy):
    """Leaves the addresses of some headers in one piece: longer than a line, the library writes them as encoded words, which no
    mail program takes for an address."""

    def fold(self, name: str, value: Any) -> str:
        """A header as text."""
        return f"{name}: {value}{self.linesep}" if name.lower() in KEPT_WHOLE else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header as it leaves."""
        return self.fold(name, value).encode() if name.lower() in KEPT_WHOLE else super().fold_binary(name, value)


class Letter(EmailMultiAlternatives):
    """A mail whose programs find where to stop it."""

    def message(self, *, policy: Policy = default) -> Any:
        """What leaves."""
        return super().message(policy=_Whole() + policy)


def send_digest(person: Person, notices: Sequence[Notice]) -> None:
    """Send one mail about these notices, in French; whatever the mail server raises."""
    base = settings.PARVIS["PARVIS_BASE_URL"]
    with translation.override(settings.LANGUAGE_CODE):
        datasets: dict[str, dict[str, object]] = {}
        for notice in notices:
            dataset = notice.dataset
            row = datasets.setdefault(
                dataset.dataset_id,
                {"title": dataset.title, "address": f"{base}{dataset.get_absolute_url()}quality/", "told": []},
            )
            row["told"].append((event_name(notice.event), notice_sentence(notice)))  # type: ignore[attr-defined]
        portal = site_name()
        facts = {"datasets": datasets.values(), "portal": portal, "choices": f"{base}{CHOICES}"}
        count = len(datasets)
        subject = ngettext(
            "%(portal)s : un jeu de données demande votre attention",
            "%(portal)s : %(count)s jeux de données demandent votre attention",
            count,
        ) % {"portal": portal, "count": count}
        text = render_to_string("quality/mails/digest.txt", facts)
    headers = {"List-Unsubscribe": f"<{base}{CHOICES}>", "Auto-Submitted": "auto-generated"}
    Letter(" ".join(subject.split()), text, to=[person.email], headers=headers).send()


def site_name(site: Any = None) -> str:
    """The name of a site, of the main one without."""
    faces = SiteFace.objects.filter(site=site) if site else SiteFace.objects.filter(site__is_default_site=True)
    face = faces.first()
    return (face.name if face else "") or "Parvis"
