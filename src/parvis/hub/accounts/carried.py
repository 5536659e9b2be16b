"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.hub.carried import OF_THE_MACHINE, Carried

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _every(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


CARRIED = (
    Carried(
        model="accounts.Organisation",
        name="organisations/organisations",
        public=_every,
        public_columns=("slug", "name", "kind", "siren", "territory", "description", "website", "email", "logo"),
    ),
    Carried(model="accounts.Person", name="personnes/comptes", is_of_people=True, without=("password", "last_login")),
    Carried(model="accounts.Membership", name="personnes/roles", is_of_people=True),
    Carried(model="accounts.Person_groups", name="personnes/groupes-des-comptes", is_of_people=True),
)

LEFT = {
    "accounts.Person_user_permissions": OF_THE_MACHINE,
}
