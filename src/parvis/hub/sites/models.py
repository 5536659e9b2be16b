"""The face of a site: words and colours."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from parvis.hub.sites.rules import DEFAULT_COLOURS, contrast_faults
from parvis.hub.sites.words import reserved_words

_colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Une couleur s’écrit #0b5a60."))


@register_setting(icon="palette")
class SiteFace(BaseSiteSetting):
    """Name, territory, logo and the four colours that a site may change."""

    name = models.CharField(_("nom du portail"), max_length=80, default="Parvis")
    tagline = models.CharField(_("phrase d’accueil"), max_length=200, blank=True)
    territory = models.ForeignKey("territories.Territory", null=True, blank=True, on_delete=models.SET_NULL)
    logo = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    accent = models.CharField(
        _("couleur d’accent"), max_length=7, default=DEFAULT_COLOURS["accent"], validators=[_colour]
    )
    accent_strong = models.CharField(
        _("accent soutenu"), max_length=7, default=DEFAULT_COLOURS["accent_strong"], validators=[_colour]
    )
    stone = models.CharField(_("pierre (fonds)"), max_length=7, default=DEFAULT_COLOURS["stone"], validators=[_colour])
    ink = models.CharField(_("encre (texte)"), max_length=7, default=DEFAULT_COLOURS["ink"], validators=[_colour])
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

    class Meta:
        verbose_name = _("visage du site")
        constraints = [
            models.UniqueConstraint("prefix", condition=~models.Q(prefix=""), name="parvis_sites_one_site_per_prefix")
        ]

    def clean(self) -> None:
        """Refuse pairs of colours that cannot be read, naming the nearest that can, and prefixes that lead elsewhere."""
        faults = contrast_faults(self.accent, self.accent_strong, self.stone, self.ink)
        fault = self._prefix_fault()
        if fault:
            faults["prefix"] = fault
        if faults:
            raise ValidationError(faults)

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
        return ""
