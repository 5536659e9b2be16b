"""« Webhooks »: programs that organisations have called, made and tried by who administers them; the journal of their calls."""

from __future__ import annotations

import json
from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, StatusTagColumn, TitleColumn

from parvis.core.errors import Forbidden, NotFound, ParvisError
from parvis.core.fetching import require_public_url
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.policies import may_administer
from parvis.hub.backoffice.screens import (
    ActorMixin,
    FormScreen,
    ListScreen,
    Screen,
    ScreenSet,
    sentence,
    stored_sentence,
)
from parvis.hub.notifications.deliveries import send_again, send_test
from parvis.hub.notifications.models import Delivery, Webhook
from parvis.hub.notifications.webhook_rules import EVENT_WORDS, WISHED
from parvis.hub.notifications.webhooks import (
    change_webhook,
    create_webhook,
    delete_webhook,
    rotate_secret,
    webhook_of,
    webhooks_administered_by,
)
from parvis.hub.ui.formatting import instant, number


class WebhookForm(forms.ModelForm):
    """What is called, and for what."""

    url = forms.URLField(
        label=gettext_lazy("Adresse appelée"),
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=gettext_lazy(
            "Une adresse publique, en https de préférence ; celles d’un réseau privé sont refusées."
        ),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Appeler quand"), choices=WISHED, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Webhook
        fields = ("name", "organisation", "url", "events", "active")
        help_texts = {"name": gettext_lazy("Le logiciel prévenu : « agenda de la ville ».")}

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_where(actor, "administer")
        self.fields["organisation"].empty_label = None
        # Which organisation it belongs to is chosen once: its journal tells of things that others may not read.
        del self.fields["organisation" if self.instance.pk else "active"]

    def clean_url(self) -> str:
        """An address that will be called: those of a private network never are."""
        url: str = self.cleaned_data["url"]
        if url != self.instance.url:
            try:
                require_public_url(url)
            except ParvisError as error:
                raise ValidationError(sentence(error)) from error
        return url


class ForAdministrators(ActorMixin):
    """Closed to who administers no organisation; ``webhook`` is that of the address, NotFound for who does not administer it."""

    kwargs: dict[str, Any]
    header_icon = "link-external"

    def _answer_or_fall_back(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_administer(request.user):
            raise Forbidden(action="gérer des webhooks")
        return super()._answer_or_fall_back(request, *args, **kwargs)

    @cached_property
    def webhook(self) -> Webhook | None:
        """None for a new one."""
        key = self.kwargs.get("key")
        return webhook_of(self.actor, key) if key else None

    def trail(self) -> list[tuple[str, str]]:
        """The list, then the pages about the webhook that are above this one."""
        above = [(reverse("webhooks_admin:list"), _("Webhooks"))]
        if self.webhook is not None:
            above += [(reverse(f"webhooks_admin:{name}", args=[self.webhook.pk]), word) for name, word in self.above()]
        return above

    def above(self) -> list[tuple[str, str]]:
        """Name of the address and label of those."""
        return []


class WebhookList(ForAdministrators, ListScreen):
    """Those of the organisations that the person administers."""

    model = Webhook
    page_title = gettext_lazy("Webhooks")
    add_url_name = "webhooks_admin:add"
    add_item_label = gettext_lazy("Ajouter un webhook")
    edit_url_name = "webhooks_admin:edit"
    default_ordering = "name"

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        """Name, organisation, address, state, date."""
        return [
            "name",
            Column("organisation", label=_("Organisation"), accessor="organisation.name"),
            Column("url", label=_("Adresse appelée")),
            StatusTagColumn("state", label=_("État"), accessor=state_words, primary=lambda webhook: webhook.active),
            DateColumn("modified", label=_("Modifié"), sort_key="modified"),
        ]

    def get_base_queryset(self) -> QuerySet[Webhook]:
        """Through the person's eyes."""
        return webhooks_administered_by(self.actor)


def state_words(webhook: Webhook) -> str:
    """Whether it is called, and who decided that it is not."""
    if webhook.active:
        return _("en service")
    return _("arrêté après trop d’échecs") if webhook.disabled else _("arrêté")


@method_decorator(never_cache, name="dispatch")  # a secret is shown in one answer alone
class WebhookScreen(ForAdministrators, FormScreen):
    """Add a webhook or change one, try it, change its secret, remove it."""

    template_name = "notifications/backoffice/webhook.html"
    form_class = WebhookForm
    done = gettext_lazy("Le webhook est enregistré.")

    def get_page_title(self) -> str:
        """Its name."""
        return self.webhook.name if self.webhook else _("Nouveau webhook")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose it may be; the form changes a copy, the service the webhook."""
        return {**super().get_form_kwargs(), "actor": self.actor, "instance": copy(self.webhook)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, what the webhook is."""
        facts = {"webhook": self.webhook, "state": state_words(self.webhook) if self.webhook else ""}
        return {**super().get_context_data(**kwargs), **facts}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the button says."""
        act = request.POST.get("acte", "enregistrer")
        if self.webhook is None or act == "enregistrer":
            return super().post(request, *args, **kwargs)
        if act not in _ACTS:
            raise NotFound(name=act[:40])
        return _ACTS[act](self, self.webhook)

    def act(self, form: WebhookForm) -> HttpResponse | None:
        """Keep it; the secret of a new one is shown in the answer alone."""
        if self.webhook is not None:
            change_webhook(self.actor, self.webhook, **form.cleaned_data)
            return None
        organisation = form.cleaned_data.pop("organisation")
        self.webhook, secret = create_webhook(self.actor, organisation, **form.cleaned_data)
        return self._with_secret(secret)

    def _with_secret(self, secret: str) -> HttpResponse:
        # The form is that of the webhook as it is now, whatever was posted.
        form = WebhookForm(**{**self.get_form_kwargs(), "data": None, "files": None})
        return self.render_to_response(self.get_context_data(form=form, secret=secret))

    def _rotate(self, webhook: Webhook) -> HttpResponse:
        return self._with_secret(rotate_secret(self.actor, webhook))

    def _send_test(self, webhook: Webhook) -> HttpResponse:
        send_test(self.actor, webhook)
        messages.success(self.request, _("L’essai part ; rechargez cette page pour voir la réponse."))
        return redirect("webhooks_admin:deliveries", webhook.pk)

    def _delete(self, webhook: Webhook) -> HttpResponse:
        delete_webhook(self.actor, webhook)
        messages.success(self.request, _("Le webhook « %s » est supprimé.") % webhook.name)
        return redirect("webhooks_admin:list")


_ACTS = {
    "secret": WebhookScreen._rotate,
    "essayer": WebhookScreen._send_test,
    "supprimer": WebhookScreen._delete,
}
"""What the buttons besides « Enregistrer » do."""


class DeliveryList(ForAdministrators, ListScreen):
    """The journal of a webhook, latest first."""

    model = Delivery
    page_title = gettext_lazy("Envois")
    header_icon = "history"
    default_ordering = "-created"

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """When, what, how it ended."""
        return [
            TitleColumn(
                "created",
                label=_("Date"),
                accessor=lambda delivery: instant(delivery.created),
                get_url=lambda row: reverse("webhooks_admin:delivery", args=[row.webhook_id, row.pk]),
            ),
            Column("event", label=_("Événement"), accessor="event_words"),
            StatusTagColumn(
                "state",
                label=_("État"),
                accessor="get_state_display",
                primary=lambda delivery: delivery.state == Delivery.State.DELIVERED,
            ),
            Column("status", label=_("Réponse"), accessor=lambda delivery: delivery.status or "—"),
            Column("milliseconds", label=_("Durée"), accessor=duration),
            Column("attempts", label=_("Essais")),
        ]

    def above(self) -> list[tuple[str, str]]:
        """The webhook."""
        return [("edit", str(self.webhook))]

    def get_base_queryset(self) -> QuerySet[Delivery]:
        """Of the webhook alone."""
        return Delivery.objects.filter(webhook=self.webhook)


def duration(delivery: Delivery) -> str:
    """How long the last call took."""
    return _("%s ms") % number(delivery.milliseconds) if delivery.milliseconds is not None else "—"


class DeliveryScreen(ForAdministrators, Screen):
    """What was sent and answered; a button to send it again."""

    header_icon = "history"
    template_name = "notifications/backoffice/delivery.html"

    @cached_property
    def delivery(self) -> Delivery:
        """The one of the address."""
        delivery = Delivery.objects.filter(webhook=self.webhook, pk=self.kwargs["delivery"]).first()
        if delivery is None:
            raise NotFound(name="envoi")
        return delivery

    def get_page_title(self) -> str:
        """When it was."""
        return _("Envoi du %s") % instant(self.delivery.created)

    def above(self) -> list[tuple[str, str]]:
        """The webhook, its journal."""
        return [("edit", str(self.webhook)), ("deliveries", _("Envois"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its rows, what was sent, what went wrong."""
        delivery = self.delivery
        message, remedy = stored_sentence(delivery.error)
        rows = [
            (_("Événement"), EVENT_WORDS.get(delivery.event, delivery.event)),
            (_("État"), delivery.get_state_display()),
            (_("Réponse"), delivery.status or "—"),
            (_("Durée"), duration(delivery)),
            (_("Essais"), delivery.attempts),
            (_("Prochain essai"), instant(delivery.due) if delivery.due else "—"),
            (_("Identifiant"), delivery.message_id),
        ]
        sent = json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)
        facts = {"delivery": delivery, "rows": rows, "sent": sent, "problem": f"{message} {remedy}".strip()}
        return {**super().get_context_data(**kwargs), **facts}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it again."""
        again = send_again(self.actor, self.delivery)
        messages.success(request, _("Le message part de nouveau ; rechargez cette page pour voir la réponse."))
        return redirect("webhooks_admin:delivery", again.webhook_id, again.pk)


SCREENS = ScreenSet(
    "webhooks_admin",
    "webhooks",
    ("", WebhookList, "list"),
    ("-/nouveau/", WebhookScreen, "add"),
    ("<int:key>/", WebhookScreen, "edit"),
    ("<int:key>/envois/", DeliveryList, "deliveries"),
    ("<int:key>/envois/<int:delivery>/", DeliveryScreen, "delivery"),
    menu_order=530,
    shown=may_administer,
)
