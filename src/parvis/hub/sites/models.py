"""What those who administer a site set: its face (words, colours, logo) and its menus."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import PreviewableMixin

from parvis.hub.sites.administration import SiteAdministration
from parvis.hub.sites.blocks import MENU_BLOCKS
from parvis.hub.sites.origins import place_at
from parvis.hub.sites.reserved_prefixes import reserved_words
from parvis.hub.sites.rules import DEFAULT_COLOURS, contrast_faults

_colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Une couleur s’écrit #0b5a60."))


class SiteSetting(PreviewableMixin, BaseSiteSetting):
    """What a site shows, changed by those who administer it, seen before it is saved.

    ``revision`` grows with each save from the back office, so that nobody saves over what they have not seen.
    """

    revision = models.PositiveIntegerField(default=0, editable=False)
    is_being_saved = False
    """Set on the instance of a form that was sent to be saved, rather than to be shown first."""

    class Meta:
        abstract = True

    @classmethod
    def get_permission_policy(cls) -> SiteAdministration:
        """Who may change it."""
        return SiteAdministration(cls)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The home of the site, as it would be with this instance."""
        answer: HttpResponse = resolve("/").func(request)
        return answer

    def make_preview_request(
        self, original_request: Any = None, preview_mode: Any = None, extra_request_attrs: Any = None
    ) -> Any:
        """The preview is at the site itself, whichever host name the back office has."""
        at_site = {"_parvis_place": place_at(self.site), "_wagtail_site": self.site}
        return super().make_preview_request(original_request, preview_mode, {**at_site, **(extra_request_attrs or {})})


@register_setting(icon="palette")
class SiteFace(SiteSetting):
    """Name, territory, logo and the four colours that a site may change."""

    name = models.CharField(_("nom du portail"), max_length=80, default="Parvis")
    tagline = models.CharField(_("phrase d’accueil"), max_length=200, blank=True)
    territory = models.ForeignKey("territories.Territory", null=True, blank=True, on_delete=models.SET_NULL)
    logo = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    accent = models.CharField(
        _("couleur d’accent"), max_length=7, default=DEFAULT_COLOURS["accent"], validators=[_colour]
    )
    accent_strong = models.CharField(
        _("couleur foncée"), max_length=7, default=DEFAULT_COLOURS["accent_strong"], validators=[_colour]
    )
    stone = models.CharField(_("fond"), max_length=7, default=DEFAULT_COLOURS["stone"], validators=[_colour])
    ink = models.CharField(_("texte"), max_length=7, default=DEFAULT_COLOURS["ink"], validators=[_colour])
    parent = models.ForeignKey(
        "wagtailcore.Site",
        verbose_name=_("site d’ensemble"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Celui de l’intercommunalité : ses jeux sont montrés ici pour ce qui concerne la commune."),
    )
    prefix = models.SlugField(
        _("préfixe d’adresse"),
        max_length=40,
        blank=True,
        help_text=_(
            "Facultatif. Avec « lieusaint », le site répond aussi à l’adresse du site d’ensemble suivie de /lieusaint/ : "
            "aucun nom de domaine n’est à créer."
        ),
    )
    contact_email = models.EmailField(_("adresse de contact"), blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation responsable du site"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Ses administrateurs changent l’identité visuelle, l’accueil et les menus du site."),
    )

    class Meta:
        verbose_name = _("identité visuelle")
        constraints = [
            models.UniqueConstraint("prefix", condition=~models.Q(prefix=""), name="parvis_sites_one_site_per_prefix")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the place that the site leaves: its addresses were written down elsewhere."""
        left = SiteFace.objects.filter(pk=self.pk).values_list("parent", "prefix").first()
        super().save(*args, **kwargs)
        if left is not None and all(left) and left != (self.parent_id, self.prefix):
            FormerPrefix.objects.update_or_create(parent_id=left[0], prefix=left[1], defaults={"site_id": self.site_id})
        if self.prefix:
            FormerPrefix.objects.filter(parent=self.parent_id, prefix=self.prefix).delete()

    def clean(self) -> None:
        """Refuse pairs of colours that cannot be read, naming the nearest that can."""
        faults = contrast_faults(self.accent, self.accent_strong, self.stone, self.ink)
        if faults:
            raise ValidationError(faults)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Refuse a place that is not one, unless the place is not what is being changed.

        Here rather than in ``clean``, which cannot know that a form has no field to show the fault at.
        """
        super().clean_fields(exclude=exclude)
        faults = {"parent": self._parent_fault, "prefix": self._prefix_fault}
        fault_by_field = {name: fault() for name, fault in faults.items() if name not in (exclude or ())}
        if any(fault_by_field.values()):
            raise ValidationError({name: fault for name, fault in fault_by_field.items() if fault})

    def _parent_fault(self) -> str:
        if self.parent_id is not None and self.parent_id in self.dependants():
            return _("Un site ne peut dépendre ni de lui-même, ni d’un site qui dépend de lui.")
        return ""

    def dependants(self) -> set[int]:
        """Keys of the sites that cannot be its parent: itself, and those below it at any depth."""
        below, keys = {self.site_id}, {self.site_id}
        while below:
            below = set(SiteFace.objects.filter(parent__in=below).values_list("site", flat=True)) - keys
            keys |= below
        return keys

    def _prefix_fault(self) -> str:
        if not self.prefix:
            return ""
        if self.parent_id is None:
            return _("Un préfixe se place sous un site d’ensemble : choisissez-le d’abord.")
        if self.prefix != self.prefix.lower():
            return _("Un préfixe s’écrit en minuscules : %(word)s.") % {"word": self.prefix.lower()}
        if self.prefix in reserved_words():
            return _(
                "« /%(word)s/ » est déjà une adresse du portail : choisissez un autre mot, le nom de la commune par exemple."
            ) % {"word": self.prefix}
        holder = SiteFace.objects.filter(prefix=self.prefix).exclude(pk=self.pk).first()
        if holder is not None:
            return _("« /%(word)s/ » est déjà l’adresse de « %(name)s ».") % {"word": self.prefix, "name": holder.name}
        return ""


class FormerPrefix(models.Model):
    """A prefix that a site had under another: it leads to where the site is now, until a site takes the word."""

    parent = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+")
    prefix = models.SlugField(max_length=40)
    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("parent", "prefix", name="parvis_sites_one_former_site_per_prefix")]


MOST_IN_HEADER, MOST_IN_FOOTER = 8, 20


@register_setting(icon="list-ul")
class SiteMenus(SiteSetting):
    """The links of the header and of the footer; where there are none, those of what the portal has."""

    header = StreamField(
        MENU_BLOCKS,
        verbose_name=_("menu du haut"),
        blank=True,
        max_num=MOST_IN_HEADER,
        help_text=_(
            "Vide : Explorer, Consulter, Indicateurs, Cartes, Territoires, Organisations. Huit entrées au plus."
        ),
    )
    footer = StreamField(
        MENU_BLOCKS,
        verbose_name=_("liens du pied de page"),
        blank=True,
        max_num=MOST_IN_FOOTER,
        help_text=_("Vide : tout ce que le portail offre. Les pages que demande la loi y restent toujours."),
    )

    class Meta:
        verbose_name = _("menus du site")

    def clean(self) -> None:
        """Refuse pages of other sites."""
        root = self.site.root_page
        faults = {}
        for name in ("header", "footer"):
            strangers = [
                child.value["page"].title
                for child in getattr(self, name)
                if child.block_type == "page" and child.value["page"] and not child.value["page"].is_descendant_of(root)
            ]
            if strangers:
                faults[name] = _("« %s » n’est pas une page de ce site.") % " », « ".join(strangers)
        if faults:
            raise ValidationError(faults)
