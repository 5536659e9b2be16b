"""What a site says of who keeps it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import register_setting
from wagtail.fields import RichTextField

from parvis.hub.addresses import without_prefix
from parvis.hub.legal.policy import LegalPolicy
from parvis.hub.sites.models import SiteSetting

FEATURES = ["bold", "italic", "link", "ol", "ul", "h2", "h3"]


@register_setting(icon="clipboard-list")
class LegalNotice(SiteSetting):
    """Mentions asked by law, and the site's own words under each legal page; what is empty is filled from what is known."""

    publisher = models.CharField(_("organisme qui publie"), max_length=160, blank=True)
    siren = models.CharField(
        "SIREN", max_length=9, blank=True, validators=[RegexValidator(r"^\d{9}$", _("Un SIREN a neuf chiffres."))]
    )
    address = models.CharField(_("adresse du siège"), max_length=250, blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    director = models.CharField(
        _("directeur ou directrice de la publication"),
        max_length=160,
        blank=True,
        help_text=_("Nom et qualité : en général le maire, ou le président de l’intercommunalité."),
    )
    editor = models.CharField(_("responsable de la rédaction"), max_length=160, blank=True, help_text=_("Facultatif."))
    host_name = models.CharField(_("hébergeur"), max_length=160, blank=True, help_text=_("Qui tient le serveur."))
    host_address = models.CharField(_("adresse de l’hébergeur"), max_length=250, blank=True)
    host_phone = models.CharField(_("téléphone de l’hébergeur"), max_length=30, blank=True)
    dpo = models.CharField(
        _("délégué à la protection des données"),
        max_length=200,
        blank=True,
        help_text=_("Comment l’écrire : une adresse électronique suffit."),
    )
    accessibility_plan = models.URLField(
        _("schéma pluriannuel d’accessibilité"),
        blank=True,
        help_text=_("Adresse de la page où il est publié, avec le plan d’action de l’année."),
    )
    audit_by = models.CharField(
        _("audit RGAA mené par"),
        max_length=160,
        blank=True,
        help_text=_("Seulement pour un audit complet. Sans lui, la déclaration dit « non conforme », et pourquoi."),
    )
    audit_date = models.DateField(_("date de l’audit"), null=True, blank=True)
    audit_rate = models.PositiveSmallIntegerField(
        _("critères respectés, en %"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    legal_words = RichTextField(_("à ajouter aux mentions légales"), blank=True, features=FEATURES)
    accessibility_words = RichTextField(_("à ajouter à la déclaration d’accessibilité"), blank=True, features=FEATURES)
    privacy_words = RichTextField(_("à ajouter à « Données personnelles »"), blank=True, features=FEATURES)
    licence_words = RichTextField(_("à ajouter à « Licences »"), blank=True, features=FEATURES)
    changed = models.DateTimeField(_("changé le"), auto_now=True)

    class Meta:
        verbose_name = _("pages légales")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} · {self.site_id}"

    @classmethod
    def get_permission_policy(cls) -> LegalPolicy:
        """Who may change it."""
        return LegalPolicy(cls)

    preview_modes = [
        ("legal", _("Mentions légales")),
        ("accessibility", _("Accessibilité")),
        ("privacy", _("Données personnelles")),
    ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page of that name, as it would be with this notice."""
        answer: HttpResponse = resolve(without_prefix(reverse(mode_name))).func(request)
        return answer

    def clean(self) -> None:
        """An audit is told whole, and is not of tomorrow."""
        filled = [bool(self.audit_by), self.audit_date is not None, self.audit_rate is not None]
        if any(filled) and not all(filled):
            raise ValidationError(
                _("Un audit se dit en entier : qui l’a mené, quand, et la part des critères respectés.")
            )
        if self.audit_date is not None and self.audit_date > timezone.localdate():
            raise ValidationError({"audit_date": _("Cette date n’est pas encore passée.")})
