"""The makers of drawings: what the form makes is shown, then saved, published, withdrawn or deleted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from parvis.core.errors import NotFound, RequestError
from parvis.hub.backoffice.makers import RecordMaker
from parvis.hub.backoffice.screens import sentence
from parvis.hub.drawings import services as drawings
from parvis.hub.drawings.models import Description, Drawing
from parvis.hub.drawings.questions import readable_dataset
from parvis.hub.records import services


class DrawingMaker(RecordMaker):
    """Compose a new drawing or change one: any button shows it, « Enregistrer » keeps it."""

    kind: ClassVar[type[Drawing]]
    acts = {"publier": services.publish, "retirer": services.withdraw}
    waiting: ClassVar[Any]
    """What is in the place of the drawing until a dataset is chosen."""
    frame_template: ClassVar[str]

    def described(self, query: QueryDict) -> Description | None:
        """What the form asks for; RequestError when it makes no sense."""
        raise NotImplementedError

    def fields(self, query: QueryDict) -> dict[str, Any]:
        """The form as it is filled, with ``description`` and ``frame`` once it makes something; the errors of ``described``."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form as it is filled, what it makes, and why it does not."""
        query = self.request.POST or self.request.GET
        refused = kwargs.pop("refused", None)
        try:
            fields = self.fields(query)
        except RequestError as error:
            refused, fields = error, {}
        return {
            "noun": self.kind.noun,
            "heading": self.get_page_title(),
            "waiting": self.waiting,
            "frame_template": self.frame_template,
            "revision": query.get("revision") or (self.record.revision if self.record else 0),
            "refused": sentence(refused) if refused else "",
            "owner": query.get("organisation") or self._owner_of(fields.get("description")),
            **fields,
            **super().get_context_data(**kwargs),
        }

    def _owner_of(self, description: Description | None) -> str:
        """The organisation of the data, which most often owns what is made of them."""
        if self.record is not None or description is None:
            return ""
        return readable_dataset(self.actor, description.main_dataset).organisation.slug

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Act on the drawing or read the form; what is refused leaves the form as it was filled."""
        try:
            return super().post(request, *args, **kwargs)
        except RequestError as error:
            return self.render_to_response(self.get_context_data(refused=error), status=422)

    def read(self, act: str) -> HttpResponse:
        """Show what the form makes, or keep it."""
        if act != "enregistrer":
            return self.render_to_response(self.get_context_data())
        description = self.described(self.request.POST)
        if description is None:
            raise NotFound(name=_("jeu de données"))
        if self.record is None:
            owner = self.owner()
            drawing = self.create_once(lambda: drawings.create(self.actor, self.kind, owner, description))
        else:
            drawing = drawings.update(self.actor, self.record, description, revision=self.opened_revision())
        return self.finished(act, drawing)
