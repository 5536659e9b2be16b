"""Pages of a site: its folder, and a page for each theme."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from parvis.core.metadata import THEME_BY_SLUG, THEMES, theme_slug
from parvis.core.text import fold
from parvis.hub.pages.body_field import BodyField
from parvis.hub.pages.forms import PageForm
from parvis.hub.pages.rules import LONGEST_INTRODUCTION


class PagesFolder(Page):
    """The folder of a site's pages, whose own page lists them: « Consulter »."""

    page_description = _("La liste des pages du site, sous « Consulter ».")
    parent_page_types: list[str] = []  # made by ``services.folder_of`` alone
    subpage_types = ["parvis_pages.ThemePage"]
    max_count_per_parent = 1
    template = "parvis/pages/folder.html"

    class Meta:
        verbose_name = _("dossier des pages")
        verbose_name_plural = _("dossiers de pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The published pages, or those of the theme that the address asks for; every theme that has some, with how many."""
        published = ThemePage.objects.child_of(self).live().public().select_related("picture")
        pages = sorted(published, key=lambda page: fold(page.title))
        counts = Counter(page.theme for page in pages)
        slug = theme_slug(request.GET.get("theme", ""))
        theme = slug if slug in THEME_BY_SLUG else ""
        facts = {
            "pages": [page for page in pages if page.theme == theme] if theme else pages,
            "themes": [(term.slug, counts[term.slug]) for term in THEMES if counts[term.slug]],
            "theme": theme,
            "section": "pages",
        }
        return {**super().get_context(request, *args, **kwargs), **facts}


class ThemePage(Page):
    """A page that tells a theme: words, and data in blocks."""

    introduction = models.TextField(
        _("introduction"),
        max_length=LONGEST_INTRODUCTION,
        blank=True,
        help_text=_(
            "Deux ou trois phrases : ce que la page montre, et pour qui. Elles paraissent aussi dans la liste."
        ),
    )
    theme = models.CharField(
        _("thème"), max_length=40, blank=True, choices=[(term.slug, term.label) for term in THEMES]
    )
    picture = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("image"),
        help_text=_(
            "Facultative : elle paraît en tête de la page et dans la liste. Sans elle, c’est la première carte ou le premier graphique."
        ),
    )
    picture_alt = models.CharField(
        _("ce que montre l’image"),
        max_length=200,
        blank=True,
        help_text=_("Pour qui ne la voit pas : ce qu’on y voit, en une phrase."),
    )
    picture_credit = models.CharField(
        _("auteur ou crédit de l’image"),
        max_length=160,
        blank=True,
        help_text=_("Qui l’a faite, et sa licence. Il paraît sous l’image."),
    )
    body = BodyField("parvis.hub.pages.blocks.body.BodyBlock", verbose_name=_("contenu"), blank=True)

    page_description = _("Une page par thème : du texte, des chiffres, des graphiques, des cartes, sans code.")
    parent_page_types = ["parvis_pages.PagesFolder"]
    subpage_types: list[str] = []
    template = "parvis/pages/theme_page.html"
    base_form_class = PageForm

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("theme"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("picture"), FieldPanel("picture_alt"), FieldPanel("picture_credit")], heading=_("Image")
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("introduction"), index.SearchField("body")]

    class Meta:
        verbose_name = _("page thématique")
        verbose_name_plural = _("pages thématiques")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page with its blocks answered for who reads."""
        shown = import_string(
            "parvis.hub.pages.shown_page.shown"
        )  # all that draws is behind, for the processes that show pages
        return {**super().get_context(request, *args, **kwargs), **shown(self, request)}
