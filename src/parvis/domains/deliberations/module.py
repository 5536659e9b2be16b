"""Deliberations: dropped, read, published, sealed, found. Everything that the subject gives the house."""

from django.utils.translation import gettext_lazy as _

from parvis.domains.deliberations import figures
from parvis.domains.deliberations.publication import COUNTED_PUBLICATION, publications
from parvis.hub.pages.figures import Provider
from parvis.hub.registry import Module

MODULE = Module(
    slug="deliberations",
    publishes=(COUNTED_PUBLICATION,),
    publications=publications,
    figures=Provider("actes", _("Délibérations"), figures.choices, figures.resolve, figures.put_forward, figures.stamp),
)
