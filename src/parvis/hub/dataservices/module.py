"""What this room gives the house: the services of the catalogue, and those of the portal itself."""

from parvis.hub.dataservices.carried import CARRIED
from parvis.hub.dataservices.collection import SECTION, ServiceCollection
from parvis.hub.dataservices.demo import load_demo
from parvis.hub.dataservices.elsewhere import packages, service_goes_elsewhere
from parvis.hub.dataservices.kinds import DAILY, KINDS
from parvis.hub.dataservices.models import DataService
from parvis.hub.dataservices.searching import PORTAL_SERVICES
from parvis.hub.harvesting.told_services import ServiceKeeper
from parvis.hub.records.signals import record_changed
from parvis.hub.registry import Listener, Module

MODULE = Module(
    slug="dataservices",
    carried=CARRIED,
    jobs=KINDS,
    daily=DAILY,
    collections=(ServiceCollection(),),
    search=(PORTAL_SERVICES,),
    dataset_sections=(SECTION,),
    republished=packages,
    told_services=ServiceKeeper(
        taking="parvis.hub.dataservices.harvested.take",
        unchanging="parvis.hub.dataservices.harvested.all_unchanged",
        closing="parvis.hub.dataservices.harvested.close",
    ),
    listeners=(Listener(record_changed, service_goes_elsewhere, DataService),),
    viewsets=("parvis.hub.dataservices.backoffice.DataServiceViewSet",),
    demo=load_demo,
)
