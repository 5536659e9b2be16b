"""A map: one that was saved, or one layer made of a dataset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StructBlockValidationError

from parvis.core.atlas.description import MapDescription, MapLayer
from parvis.core.errors import ParvisError
from parvis.core.odsql.criteria import separate
from parvis.hub.accounts.rules import Actor
from parvis.hub.atlas.answers import answer
from parvis.hub.atlas.frames import framed
from parvis.hub.atlas.models import Map
from parvis.hub.atlas.pictures import picture
from parvis.hub.atlas.selectors import map_at
from parvis.hub.drawings.questions import opened
from parvis.hub.pages.block_queries import filtered
from parvis.hub.pages.block_values import Answers, Cells, Plan, Reader, Shown
from parvis.hub.pages.blocks import choices
from parvis.hub.pages.blocks.data import (
    DATA_GROUP,
    POPUP,
    DataBlock,
    DatasetBlock,
    column_block,
    condition_block,
    finer,
    known_columns,
)

FEW = 400
"""Points up to which each is drawn; more are put together."""

_ROLES = ("colour", "size", "territory", "measure", "time")


class MapBlock(DataBlock):
    """A map in its frame: picture, legend, list, source; alive where scripts run."""

    kind = "map"
    has_picture = True

    dataset = DatasetBlock(required=False, help_text=_("Seul, il suffit s’il a des lieux ou des codes de communes."))
    map = choices.OfferedBlock(
        label=_("Ou une carte enregistrée"),
        choices=choices.maps,
        required=False,
        help_text=_("S’il y en a une, elle paraît telle qu’elle est : les autres champs ne servent pas."),
    )
    layer = choices.OfferedBlock(label=_("Type de couche"), choices=choices.layers, required=False)
    colour = column_block(_("Couleur selon"), help_text=_("Une colonne de catégories ou de nombres."))
    size = column_block(_("Taille selon"), "measure", help_text=_("Une colonne de nombres."))
    territory = column_block(_("Codes de territoires"), help_text=_("Pour des territoires colorés ; devinée si vide."))
    calculation = choices.OfferedBlock(label=_("Calcul"), choices=choices.calculations, required=False)
    measure = column_block(
        _("Mesure"), "measure", help_text=_("Pour des territoires colorés ; vide pour compter les lignes.")
    )
    per = choices.OfferedBlock(label=_("Rapporter à"), choices=choices.rates, required=False)
    time = column_block(_("Curseur de temps"), help_text=_("Une colonne de dates ou d’années."))
    where = condition_block()
    popup = blocks.TextBlock(
        label=_("Texte de la bulle"),
        required=False,
        max_length=1000,
        rows=3,
        help_text=_("La première ligne est un titre. Entre accolades, la valeur d’une colonne, choisie dans la liste."),
    )
    popup.field.widget.attrs[POPUP] = ""
    title = blocks.CharBlock(label=_("Titre"), required=False, max_length=300, help_text=_("Dites ce que l’on voit."))
    subtitle = blocks.CharBlock(label=_("Sous-titre"), required=False, max_length=300)

    class Meta:
        label = _("Carte")
        icon = "site"
        group = DATA_GROUP
        description = _("Une carte enregistrée, ou les lieux d’un jeu de données.")
        label_format = "{title} {dataset}"
        form_layout = blocks.BlockGroup(
            [
                *("dataset", "layer", "colour", "popup", "title", "map"),
                finer("size", "territory", "calculation", "measure", "per", "time", "where", "subtitle"),
            ]
        )

    def clean(self, value: Any) -> Any:
        """One of the two ways must be chosen."""
        if not value.get("map") and not value.get("dataset"):
            text = ValidationError(str(_("Choisissez une carte enregistrée ou un jeu de données.")))
            raise StructBlockValidationError(block_errors={"dataset": text})
        return super().clean(value)

    def plan(self, value: Any, reader: Reader) -> Plan:
        """The description under the filters; a map asks its questions by itself."""
        saved = map_at(reader.actor, value["map"]) if value.get("map") else None
        description = saved.described if saved else described(value, reader.actor)
        layers, notes = [], dict[str, None]()
        for layer in description.layers:
            shape = opened(reader.actor, layer.dataset)[2].shape
            conditions, layer_notes = filtered(shape, reader.filters)
            notes |= dict.fromkeys(layer_notes)
            layers.append(replace(layer, where=(*layer.where, *conditions)))
        whole = replace(description, layers=tuple(layers))
        return Plan((), (whole, saved if saved and not reader.filters else None), tuple(notes))

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """The frame, and what is listed under it."""
        description, saved = plan.state
        query = reader.request.GET if reader.request is not None else {}
        answered = answer(reader.actor, description, reader.language, moment=query.get("periode", ""))
        frame = framed(
            reader.actor,
            answered,
            request=reader.request,
            map=saved,
            name=f"carte-{reader.name}" if reader.name else "carte",
        )
        cells = None
        if frame.listings:
            first = frame.listings[0]
            cells = Cells(tuple(head.text for head in first.heads), [[cell.text for cell in row] for row in first.rows])
        facts = {"frame": frame, "answered": answered, "actor": reader.actor}
        return Shown(frame.title, facts, cells, tuple(frame.credits), plan.notes, frame.sentence)

    def faults(self, value: Any) -> dict[str, str]:
        """A map is answered whole before it is kept: some of its faults show only then."""
        faults = super().faults(value)
        if faults:
            return faults
        reader = self.writer()
        try:
            description, _saved = self.plan(value, reader).state
            answer(reader.actor, description, reader.language)
        except ParvisError as error:
            name, text = self.fault_of(error, value)
            return {name: text}
        return {}

    def fault_of(self, error: ParvisError, value: Any) -> tuple[str, str]:
        """About the saved map when there is one; else about the field that the error names."""
        name, text = super().fault_of(error, value)
        if name == self.first_field:
            field = str(error.details.get("name") or "").rpartition(".")[2]
            name = "map" if value.get("map") else field if field in self.child_blocks else name
        return name, text

    def picture(self, shown: Shown, form: str, **how: Any) -> bytes | None:
        """The map drawn alone, with its title and legend."""
        return picture(shown.facts["actor"], shown.facts["answered"], form, **{"titled": True, **how})

    def cited_datasets(self, value: Any) -> Iterable[str] | None:
        """Those of the saved map when there is one."""
        if not value.get("map"):
            return super().cited_datasets(value)
        return Map.objects.filter(slug=value["map"]).values_list("datasets", flat=True).first()

    def stamp(self, value: Any, reader: Reader) -> str | None:
        """A saved map changes by itself; a place or a moment that was asked is this reader's own."""
        words = {one.word for one in reader.filters.chosen}
        if reader.request is not None and set(reader.request.GET) - words:
            return None
        if not value.get("map"):
            return ""
        return repr(
            Map.objects.filter(slug=value["map"]).values_list("revision", "status", "last_published_at").first()
        )


def described(value: Any, actor: Actor) -> MapDescription:
    """One layer: the fields of the block, the kind of layer that fits the dataset when none was chosen."""
    dataset, _version, source = opened(actor, value["dataset"])
    columns = {
        role: known_columns(source.shape, dataset.title, [value[role]], role)[0] for role in _ROLES if value.get(role)
    }
    layer = MapLayer(
        dataset.dataset_id,
        kind=value.get("layer") or usual_kind(source),
        where=separate(value.get("where") or "", source.shape),
        calculation=value.get("calculation") or ("sum" if columns.get("measure") else "count"),
        per=value.get("per") or "",
        popup=value.get("popup") or "",
        **columns,
    )
    title, subtitle = value.get("title") or "", value.get("subtitle") or ""
    return MapDescription((layer,), title, subtitle).with_changes()


def usual_kind(source: Any) -> str:
    """Points, or points put together when they are many; lines, areas; territories when only their codes are known."""
    geometry = source.shape.geometry
    if geometry is None:
        return "choropleth"
    kinds = " ".join(source.manifest.geometry_types or ())
    if "Polygon" in kinds:
        return "areas"
    if "Line" in kinds:
        return "lines"
    return "points" if source.rows <= FEW else "clusters"
