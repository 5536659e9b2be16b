"""What this room gives the house: the screens of saved charts."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.charts.backoffice import ChartViewSet
from parvis.hub.registry import Link, Module

MODULE = Module(
    slug="charts", viewsets=(ChartViewSet,), from_dataset=(Link(_("Faire un graphique"), "charts_admin:new", "jeu"),)
)
