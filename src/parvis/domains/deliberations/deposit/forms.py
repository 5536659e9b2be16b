"""The forms of the deposit: the files, then what is confirmed of each act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from parvis.core.acts.model import Proposal
from parvis.core.acts.nomenclature import matters, natures
from parvis.core.acts.reading import ACT_KINDS
from parvis.core.translation import SOURCE, Sentence
from parvis.domains.deliberations.deposit.filling import FIELD_OF, SURE, title_of_name
from parvis.domains.deliberations.deposit.hiding import words_hidden_in
from parvis.domains.deliberations.deposit.sending import TABLE_SUFFIXES
from parvis.domains.deliberations.models import Act, ActFile, Assembly, Session
from parvis.domains.deliberations.rules import STATED, council_name
from parvis.domains.deliberations.selectors import assemblies_of, sessions_managed_by
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

MOST_FILES = 200
"""Files of one sending."""
NEW_SESSION = "new:"
"""What a choice of sitting begins with when the sitting remains to be made; the key of its assembly follows."""
NEW_COUNCIL = "council"
"""Stands for the key of the council of an organisation that has no assembly yet."""
MOST_QUOTED = 90
"""Letters of a passage that are shown beside a field."""
MOST_SITTINGS = 300
"""Of an organisation that are listed, the latest first."""
LEVEL = 2
"""Of the matières that the SCDL takes."""
DOUBTFUL = 0.8
"""Confidence under which a proposal is shown as one to check."""
LAWFUL = ("number", "date", "signatory", "signatory_quality")
"""Without these no deliberation, decision or order goes online (CGCT R2131-1)."""


class ManyFilesInput(forms.ClearableFileInput):
    """Django's own input, for several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, in the order in which they were chosen."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each of them as a file."""
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MOST_FILES:
            raise ValidationError(_("%(most)d fichiers au plus à la fois.") % {"most": MOST_FILES})
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class SessionField(forms.ModelChoiceField):
    """A sitting, with its organisation: two of them may sit on the same day."""

    def label_from_instance(self, obj: Any) -> str:
        """« Conseil municipal du 5 novembre 2026 (Grigny) »."""
        return f"{obj.title} ({obj.organisation})"


class DepositForm(forms.Form):
    """Files of acts, for an organisation and perhaps a sitting."""

    organisation = forms.ModelChoiceField(label=gettext_lazy("Organisation"), queryset=None, empty_label=None)
    session = SessionField(
        label=gettext_lazy("Séance"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("d’après la date lue dans chaque acte"),
    )
    files = ManyFilesField(
        label=gettext_lazy("Fichiers"),
        allow_empty_file=True,  # one of a hundred is told, and stops nothing
        widget=ManyFilesInput(attrs={"accept": ",".join(f".{suffix}" for suffix in [*ACT_KINDS, *TABLE_SUFFIXES])}),
        help_text=gettext_lazy(
            "Un fichier par acte : PDF (texte ou scan), DOCX, ODT, DOC, image. Choisissez-les tous ensemble, ou glissez-les ici. Un "
            "tableau au schéma SCDL « délibérations » (CSV, XLSX, ODS) posé avec eux les décrit."
        ),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations = organisations_where(actor, "edit")
        self.fields["organisation"].queryset = organisations
        if organisations.count() == 1:
            self.fields["organisation"].initial = organisations.get()
        self.fields["session"].queryset = sessions_managed_by(actor).select_related("organisation")

    def clean(self) -> dict[str, Any]:
        """A sitting of that organisation."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        session, organisation = facts.get("session"), facts.get("organisation")
        if session and organisation and session.organisation_id != organisation.pk:
            self.add_error("session", _("Cette séance est d’une autre organisation."))
        return facts


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read for a field: the words, their page, how sure it is (of 100)."""

    words: str
    page: int | None
    percent: int

    @classmethod
    def of(cls, proposal: Proposal, value: Any) -> Reading:
        """A proposal as the screen shows it, beside a ``value`` that is not said twice."""
        passage = proposal.passage
        words = " ".join(passage.text.split()) if passage else str(proposal.value)
        shown = "" if words == str(value).strip() else shorten(words, MOST_QUOTED, placeholder="…")
        return cls(shown, passage.page if passage else None, round(100 * proposal.confidence))


@dataclass(frozen=True, slots=True)
class ReadField:
    """A field of the form, with what was read for it, the surest first, and whether somebody should look at it twice."""

    field: BoundField
    readings: tuple[Reading, ...]
    is_doubtful: bool


class ConfirmForm(forms.ModelForm):
    """What an act says, filled with what was read of it."""

    session = forms.ChoiceField(label=gettext_lazy("Séance"), required=False)
    corrects = forms.CharField(
        label=gettext_lazy("Corrige l’acte"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Pour un rectificatif : l’adresse de la page de l’acte en ligne, ou son numéro."),
    )
    places = forms.CharField(
        label=gettext_lazy("Lieux"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Un par ligne : adresse, ou nom d’un équipement."),
    )
    hidden = forms.MultipleChoiceField(
        label=gettext_lazy("Mots à occulter"), required=False, widget=forms.CheckboxSelectMultiple
    )
    more_hidden = forms.CharField(
        label=gettext_lazy("Autres mots à occulter"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Un par ligne ; ils sont cachés partout où ils se lisent dans l’acte et ses annexes."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    despite = forms.BooleanField(label=gettext_lazy("Je confirme malgré tout : l’acte le dit ainsi"), required=False)

    class Meta:
        model = Act
        fields: ClassVar = [
            "number",
            "title",
            "date",
            "kind",
            "nature",
            "matter",
            "rapporteur",
            "signatory",
            "signatory_quality",
            "outcome",
            "is_unanimous",
            "members",
            "present",
            "proxies",
            "votes_for",
            "votes_against",
            "abstentions",
            "transmission",
            "sent_on",
            "received_on",
            "posted_on",
        ]
        widgets: ClassVar = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("date", "sent_on", "received_on", "posted_on")
        }

    GROUPS: ClassVar = [
        (gettext_lazy("L’acte"), ("number", "title", "date", "session", "kind", "nature", "matter", "corrects")),
        (gettext_lazy("Qui"), ("rapporteur", "signatory", "signatory_quality")),
        (
            gettext_lazy("Le vote"),
            (
                "outcome",
                "is_unanimous",
                "members",
                "present",
                "proxies",
                "votes_for",
                "votes_against",
                "abstentions",
            ),
        ),
        (gettext_lazy("Le contrôle de légalité"), ("transmission", "sent_on", "received_on", "posted_on")),
        (gettext_lazy("Où"), ("places",)),
    ]

    def __init__(
        self,
        act: Act,
        proposals: Sequence[Proposal],
        persons: Sequence[Named],
        *args: Any,
        act_files: Sequence[ActFile] = (),
        **kwargs: Any,
    ) -> None:
        initial = {"places": "\n".join(act.places), "revision": act.revision, "session": _session_of(act)}
        initial["corrects"] = act.corrects.slug if act.corrects else ""
        super().__init__(*args, instance=act, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.proposals, self.persons = proposals, persons
        self.annexes = {f"annex_{file.pk}": file for file in act_files if file.role == ActFile.Role.ANNEX}
        for name, file in self.annexes.items():
            # What it was called on somebody's disk is proposed, and read by nobody before it is confirmed.
            words = file.title or ("" if act.confirmed_at and "words" in file.spans else title_of_name(file.name))
            self.fields[name] = forms.CharField(
                label=_("Annexe %(rank)d : %(file)s") % {"rank": file.position, "file": file.name},
                initial=words[:200],
                max_length=200,
                required=False,
            )
        self.fields["title"].label = _("Objet")
        self.fields["session"].choices = _session_choices(act)
        self.fields["matter"].widget = forms.Select(choices=[("", "—"), *_matter_choices()])
        self.fields["nature"].widget = forms.Select(choices=[("", "—"), *natures().items()])
        self.fields["hidden"].choices = [(person.words, person.label) for person in persons]
        hidden, listed = _hidden_at_first(act, persons), {person.words for person in persons}
        self.fields["hidden"].initial = [words for words in hidden if words in listed]
        self.fields["more_hidden"].initial = "\n".join(words for words in hidden if words not in listed)
        self._point_out()

    def _post_clean(self) -> None:
        """The instance is left as it is: the services write it, at the revision that was opened."""

    def _point_out(self) -> None:
        """The cursor is where somebody has to look first; Enter confirms from there, Ctrl + Enter from a list."""
        names = [name for _title, names in self.GROUPS for name in names]
        first = next((name for name in names if self.read_field(name).is_doubtful), names[0])
        self.fields[first].widget.attrs["autofocus"] = True

    def clean_places(self) -> list[str]:
        """One a line."""
        return [line.strip()[:200] for line in self.cleaned_data["places"].splitlines() if line.strip()][:50]

    def clean_corrects(self) -> Act | None:
        """An act of the same organisation that was online, by its address or its number."""
        words = self.cleaned_data["corrects"].strip()
        if not words:
            return None
        rows = Act.objects.filter(organisation=self.instance.organisation_id, first_published_at__isnull=False)
        rows = rows.exclude(pk=self.instance.pk)
        slug = words.rstrip("/").rpartition("/")[2]
        matching = list(rows.filter(slug=slug)[:1]) or list(rows.filter(number=words)[:2])
        if len(matching) != 1:
            raise ValidationError(
                _("Aucun acte en ligne de l’organisation n’a cette adresse, ou plusieurs ont ce numéro.")
            )
        return matching[0]

    def read_field(self, name: str) -> ReadField:
        """A field with what was read for it."""
        field = FIELD_OF.get(name, name)
        proposals = tuple(
            sorted((row for row in self.proposals if row.field == field), key=lambda row: -row.confidence)
        )
        best = proposals[0].confidence if proposals else None
        is_empty = self[name].value() in (None, "", [])
        is_lacking = is_empty and name in LAWFUL and self.instance.kind in STATED
        is_from_the_file_name = name == "title" and best is None
        is_doubtful = (
            bool(self[name].errors)
            or is_lacking
            or is_from_the_file_name
            or (best is not None and best < DOUBTFUL and (not is_empty or best >= SURE))
        )
        return ReadField(self[name], tuple(Reading.of(row, self[name].value()) for row in proposals[:3]), is_doubtful)

    @property
    def groups(self) -> list[tuple[Any, list[ReadField]]]:
        """The fields as the screen sets them out."""
        annexes = [(_("Titres des annexes, tels que publiés"), tuple(self.annexes))] if self.annexes else []
        return [(title, [self.read_field(name) for name in names]) for title, names in [*self.GROUPS, *annexes]]

    @property
    def changes(self) -> dict[str, Any]:
        """What is kept of the act; its sitting is told apart."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "places", "corrects")}

    @property
    def titles(self) -> dict[int, str]:
        """Those under which readers see annexes, by file."""
        return {file.pk: self.cleaned_data[name] for name, file in self.annexes.items()}

    @property
    def words_to_hide(self) -> list[str]:
        """Those that are ticked, then those that were typed."""
        typed = [line.strip() for line in self.cleaned_data["more_hidden"].splitlines()]
        return list(dict.fromkeys(word for word in (*self.cleaned_data["hidden"], *typed) if word))


def _matter_choices() -> list[tuple[str, str]]:
    """The matières of level 2, each after its own level 1."""
    return [(matter.code, f"{matter.code} {matter.scdl}") for matter in matters().values() if matter.level == LEVEL]


def _session_choices(act: Act) -> list[tuple[str, Any]]:
    sessions = list(
        Session.objects.filter(organisation=act.organisation_id).order_by("-held_on", "-pk")[:MOST_SITTINGS]
    )
    near = (
        Session.objects.filter(organisation=act.organisation_id, held_on=act.date)
        if act.date
        else Session.objects.none()
    )
    # Its own and those of its day are offered however old it is.
    sessions += [row for row in (act.session, *near) if row is not None and row not in sessions]
    day = date_format(act.date, "j F Y") if act.date else _("la date de l’acte")
    made = [
        (f"{NEW_SESSION}{assembly.pk}", _("créer : %(assembly)s, %(day)s") % {"assembly": assembly.name, "day": day})
        for assembly in assemblies_of(act.organisation_id)
        if assembly.kind != Assembly.Kind.EXECUTIVE
    ]
    if not made:
        name = council_name(act.organisation.kind)
        made = [(f"{NEW_SESSION}{NEW_COUNCIL}", _("créer : %(assembly)s, %(day)s") % {"assembly": name, "day": day})]
    return [("", _("aucune")), *made, *((str(session.pk), session.title) for session in sessions)]


def _session_of(act: Act) -> str:
    """The sitting of the act, else that of its day; one to be made when its assembly can be no other."""
    if act.session_id or act.date is None:
        return str(act.session_id or "")
    same_day = Session.objects.filter(organisation=act.organisation_id, held_on=act.date).first()
    if same_day is not None:
        return str(same_day.pk)
    if act.kind not in (Act.Kind.DELIBERATION, Act.Kind.MINUTES, Act.Kind.LIST, Act.Kind.AGENDA):
        return ""
    assemblies = [row for row in assemblies_of(act.organisation_id) if row.kind != Assembly.Kind.EXECUTIVE]
    councils = [row for row in assemblies if row.kind == Assembly.Kind.COUNCIL]
    if not assemblies:
        return f"{NEW_SESSION}{NEW_COUNCIL}"
    return f"{NEW_SESSION}{councils[0].pk}" if len(councils) == 1 else ""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named in an act, or what leads to them: the words, how often, why they were found, whether hiding them is proposed."""

    words: str
    times: int
    reason: Sentence
    is_proposed: bool

    @property
    def label(self) -> str:
        """As the form lists it."""
        times = ngettext("%(count)d fois", "%(count)d fois", self.times) % {"count": self.times}
        return f"{self.words} — {times}. {self.reason.text(get_language() or SOURCE)}"


def named_in(mentions: Sequence[Mapping[str, Any]]) -> list[Named]:
    """The different words of some mentions, as ``Suggestions`` keeps them, in the order of the text."""
    by_words: dict[str, list[Mapping[str, Any]]] = {}
    for mention in mentions:
        by_words.setdefault(" ".join(mention["passage"]["text"].split()), []).append(mention)
    return [
        Named(words, len(rows), Sentence.from_json(rows[0]["reason"]), any(row["proposed"] for row in rows))
        for words, rows in by_words.items()
    ]


def _hidden_at_first(act: Act, persons: Sequence[Named]) -> list[str]:
    """What was decided before, else what is proposed."""
    if act.confirmed_at is not None:
        return words_hidden_in(act)
    return [person.words for person in persons if person.is_proposed]
