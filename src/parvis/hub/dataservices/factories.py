"""Made-up services, for tests."""

from __future__ import annotations

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.dataservices.models import DataService
from parvis.hub.records.services import create, publish


def make_service(organisation, title: str = "API des piscines", *, is_online: bool = True, **columns) -> DataService:
    """A service, online unless told otherwise."""
    columns = {"endpoints": ["https://api.evry.example/v1"], **columns}
    service = create(OPERATOR, DataService(organisation=organisation, title=title, **columns))
    return publish(OPERATOR, service) if is_online else service
