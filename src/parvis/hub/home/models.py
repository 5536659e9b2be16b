"""What those who administer a site choose for its home."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import register_setting

from parvis.hub.home.layouts import LAYOUTS
from parvis.hub.sites.models import SiteSetting
from parvis.hub.ui.late_blocks import LateBlocksField

LONGEST_WELCOME = 600
MOST_FORWARD = 20


@register_setting(icon="home")
class SiteHome(SiteSetting):
    """Layout, words, picture, and what is put forward: pages, indicators, datasets; good defaults where nothing is chosen."""

    layout = models.CharField(
        _("mise en page"), max_length=20, default="place", choices=[(row.name, row.label) for row in LAYOUTS]
    )
    title = models.CharField(
        _("titre"), max_length=100, blank=True, help_text=_("Facultatif : le nom du portail, si rien n’est écrit.")
    )
    welcome = models.TextField(
        _("mots d’accueil"),
        max_length=LONGEST_WELCOME,
        blank=True,
        help_text=_("Une à trois phrases. La phrase d’accueil de l’identité visuelle, si rien n’est écrit."),
    )
    picture = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("photo"),
        help_text=_(
            "Pour « L’accueil », « Le tableau », et « La une » quand sa page n’a pas d’image. En largeur, 1 600 pixels ou plus."
        ),
    )
    picture_alt = models.CharField(
        _("ce que montre la photo"),
        max_length=200,
        blank=True,
        help_text=_("Pour qui ne la voit pas : ce qu’on y voit, en une phrase."),
    )
    picture_credit = models.CharField(
        _("auteur ou crédit de la photo"),
        max_length=160,
        blank=True,
        help_text=_("Qui l’a prise, et sa licence. Il paraît sous la photo."),
    )
    forward = LateBlocksField(
        "parvis.hub.home.blocks.FORWARD_BLOCKS",
        verbose_name=_("mis en avant"),
        blank=True,
        max_num=MOST_FORWARD,
        help_text=_(
            "Dans l’ordre. Sans page choisie, les dernières publiées ; sans indicateur, ceux qui concernent le territoire ; "
            "sans jeu de données, ceux qui sont à la une du portail."
        ),
    )

    class Meta:
        verbose_name = _("accueil du site")

    def clean(self) -> None:
        """Refuse pages of other sites, and a picture without words for those who do not see it."""
        root = self.site.root_page
        strangers = [page.title for page in self.chosen("page") if page is not None and not page.is_descendant_of(root)]
        if strangers:
            raise ValidationError({"forward": _("« %s » n’est pas une page de ce site.") % " », « ".join(strangers)})
        if self.picture_id and not self.picture_alt.strip():
            raise ValidationError({"picture_alt": _("Dites ce que montre la photo, pour qui ne la voit pas.")})

    def chosen(self, kind: str) -> list:
        """What was chosen of one kind (``page``, ``figure``, ``dataset``), in order."""
        return [child.value for child in self.forward if child.block_type == kind]
