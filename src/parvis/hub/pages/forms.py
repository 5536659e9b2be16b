"""The form of a page in the back office: what an editor may change, and never over somebody else's work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Revision

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.pages.blocks.markup import html_in
from parvis.hub.pages.form_actor import acting_as
from parvis.hub.pages.messages import error_message
from parvis.hub.pages.rules import HtmlIsForAdministrators
from parvis.hub.ui.formatting import instant


class MomentInput(forms.DateTimeInput):
    """The browser's own field: Wagtail's turns what is not written its way into the present moment."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class PageForm(WagtailAdminPageForm):
    """Checks blocks as who writes; refuses to save over a revision that the person has not seen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"go_live_at", "expire_at"} & set(self.fields):
            self.fields[name].widget = MomentInput()

    def full_clean(self) -> None:
        """Checked as the person who writes."""
        with acting_as(actor_of(self.for_user)):
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        """Everything, then whether the page was changed meanwhile."""
        cleaned = super().clean()
        self._keep_html_for_administrators(cleaned.get("body"))
        if cleaned.get("picture") and not cleaned.get("picture_alt", "").strip():
            self.add_error("picture_alt", _("Dites ce que montre l’image, pour qui ne la voit pas."))
        unseen = self._unseen()
        if unseen is not None:
            self.add_error(None, ValidationError(_changed_by(unseen)))
        return cleaned

    def _unseen(self) -> Revision | None:
        """What somebody else saved since the form was opened; one's own, saved while one writes, is no surprise."""
        loaded = self.data.get("loaded_revision_id", "")
        if not loaded.isdecimal():
            return None
        others = self.instance.revisions.exclude(user=self.for_user).filter(pk__gte=loaded).order_by("-pk")
        saved_at = self.data.get("loaded_revision_created_at")
        seen = (int(loaded), saved_at)  # a revision that is saved again while its author writes keeps its number
        return next((one for one in others if (one.pk, saved_at and one.created_at.isoformat()) != seen), None)

    def _keep_html_for_administrators(self, body: Any) -> None:
        """Refuse free HTML that is not in the page already, unless the person has every right."""
        if body is None or actor_of(self.for_user).everything:
            return
        before = self.instance.get_latest_revision_as_object().body if self.instance.pk else ()
        if html_in(body) - html_in(before):
            self.add_error(None, ValidationError(error_message(HtmlIsForAdministrators())))


def _changed_by(revision: Revision) -> str:
    return _(
        "%(name)s a enregistré cette page le %(moment)s, pendant que vous la modifiiez. Rien n’est perdu : vos changements "
        "sont encore dans ce formulaire, et sa version est dans l’historique. Comparez-les, puis enregistrez de nouveau pour "
        "garder la vôtre."
    ) % {"name": revision.user or _("Quelqu’un"), "moment": instant(revision.created_at)}
