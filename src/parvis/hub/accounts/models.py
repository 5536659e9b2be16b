"""People, organisations, and who is what in which."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.hub.accounts.rules import Role
from parvis.hub.addresses import absolute_path


class PersonManager(BaseUserManager):
    """Makes people known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra) -> Person:
        """A person; without password nobody can sign in as them until one is set."""
        person = self.model(email=self.normalize_email(email).lower(), **extra)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **extra) -> Person:
        """A person with every right on the instance."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class Person(AbstractUser):
    """Somebody who signs in, known by an e-mail address."""

    username = None
    email = models.EmailField(_("adresse électronique"), unique=True)
    invited_by = models.ForeignKey(
        "Organisation",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("invitée par"),
        help_text=_("Seule l’organisation qui a invité la personne peut lui faire envoyer un lien."),
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = PersonManager()

    class Meta:
        verbose_name = _("personne")

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Organisation(models.Model):
    """Who publishes: a commune, an agglomeration, a delegatee, an association…"""

    class Kind(models.TextChoices):
        """What kind of body it is."""

        COMMUNE = "commune", _("commune")
        EPCI = "epci", _("intercommunalité")
        DEPARTMENT = "departement", _("département")
        REGION = "region", _("région")
        STATE = "etat", _("État et ses établissements")
        COMPANY = "entreprise", _("entreprise")
        DELEGATEE = "delegataire", _("délégataire de service public")
        ASSOCIATION = "association", _("association")
        OTHER = "autre", _("autre")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("nom"), max_length=160)
    kind = models.CharField(_("nature"), max_length=12, choices=Kind.choices, default=Kind.OTHER)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    territory = models.ForeignKey(
        "territories.Territory", null=True, blank=True, on_delete=models.SET_NULL, verbose_name=_("territoire")
    )
    description = models.TextField(_("présentation"), blank=True)
    website = models.URLField(_("site web"), blank=True)
    email = models.EmailField(_("adresse de contact"), blank=True)
    logo = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its public page."""
        return absolute_path(f"/organisations/{self.slug}/")


class Membership(models.Model):
    """A person's role in an organisation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("rôle"), max_length=14, choices=[(r.value, r.label) for r in Role])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "organisation"], name="one_role_an_organisation")]
        verbose_name = _("rôle")

    def __str__(self) -> str:
        return f"{self.person} · {self.role} · {self.organisation}"
