"""Whole files of a dataset: exports, attachments, and what its file fields name."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse

from parvis.core.errors import NotFound
from parvis.core.explore import export, export_format, formats_of
from parvis.core.explore.elsewhere import FORMATS
from parvis.core.explore.file_values import is_address
from parvis.hub.datastore.elsewhere import far_rows_behind
from parvis.hub.datastore.prepared import ready
from parvis.hub.datastore.selectors import engine, export_setting
from parvis.hub.uploads.answers import file_answer
from parvis.web.api.explore.answers import unchanged_or
from parvis.web.api.explore.dataset_object import attachment_address
from parvis.web.api.explore.datasets import explore_query, query_names
from parvis.web.api.explore.endpoint import absolute, endpoint, json_response
from parvis.web.api.explore.field_files import attachment_named, text_of_file
from parvis.web.api.explore.links import links
from parvis.web.api.explore.prepared import send_prepared
from parvis.web.api.explore.problems import UnknownFile
from parvis.web.api.explore.sources import resolve_dataset


@endpoint
def format_list(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """The formats of a dataset, with their addresses."""
    target = resolve_dataset(request, dataset_id)
    base = f"/catalog/datasets/{dataset_id}/exports"
    formats = formats_of(target.source.shape)
    if target.is_federated:
        formats = [row for row in formats if row.name in FORMATS]
    pairs = [(row.name, f"{base}/{row.name}") for row in formats]
    return json_response({"links": links(request, ("self", base), *pairs)})


@endpoint
def export_file(
    request: HttpRequest, dataset_id: str, format_name: str, counted_instants: bool = False, technical: bool = False
) -> HttpResponseBase:
    """The whole answer as a file, streamed; what is wrong is told before its first byte. That of a federated dataset is at its portal.

    As in version 2.0: with ``counted_instants``, dates are numbers in JSON; ``technical`` fields may be asked by name.
    """
    target = resolve_dataset(request, dataset_id)
    question = explore_query(request, target)
    chosen = export_format(format_name)
    far = far_rows_behind(target.dataset, target.source)
    if far is not None:
        names = query_names(target, technical=False)
        answer_there = HttpResponseRedirect(far.export_address(names, question, chosen.name))
        answer_there["Cache-Control"] = "no-store"
        return answer_there
    name = f"{dataset_id}.{chosen.extension}" + (".gzip" if question.compressed else "")

    def answer() -> StreamingHttpResponse:
        seconds = settings.PARVIS["PARVIS_ENGINE_SECONDS"]
        files = absolute(request, f"/catalog/datasets/{dataset_id}/files")
        setting = replace(export_setting(target.dataset), files=files, counted_instants=counted_instants)
        # Headers alone do not need the rows, only that the question is a good one.
        effective_question = replace(question, limit=0) if request.method == "HEAD" else question
        names = query_names(target, technical=technical)
        pieces = export(
            engine(), target.source, chosen.name, effective_question, names=names, seconds=seconds, setting=setting
        )
        media = "application/gzip" if question.compressed else chosen.media_type
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(pieces, content_type=media, headers=headers)

    made = ready(target.dataset, target.version, target.source.shape, chosen.name, question)
    if made is not None and not counted_instants:
        options = {"compressed": question.compressed, "public": target.is_public}
        sent = send_prepared(request, made, chosen.media_type, name, **options)
        if sent is not None:
            return sent
    return unchanged_or(request, target.state, answer, public=target.is_public, mark=target.mark)


@endpoint
def attachment_list(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """The documents that go with a dataset."""
    dataset = resolve_dataset(request, dataset_id).dataset
    listed = [
        {
            "href": attachment_address(dataset, row, lambda path: absolute(request, path)),
            "metas": {"mime-type": row.mimetype, "title": row.title},
        }
        for row in dataset.attachments.all()
    ]
    return json_response({"links": [], "attachments": listed})


@endpoint
def attachment_file(request: HttpRequest, dataset_id: str, slug: str) -> HttpResponseBase:
    """One document, as it was given; always saved, never shown under our origin."""
    row = resolve_dataset(request, dataset_id).dataset.attachments.filter(slug=slug).first()
    if row is None:
        raise NotFound(name=slug)
    return file_answer(row.file, row.mimetype)


@endpoint
def field_file(request: HttpRequest, dataset_id: str, file_id: str) -> HttpResponseBase:
    """The file of a ``file`` field: the attachment it names, or the address it holds."""
    target = resolve_dataset(request, dataset_id)
    text = text_of_file(engine(), target.source, file_id)
    if text is None:
        raise UnknownFile(name=file_id)
    row = attachment_named(target.dataset, text)
    if row is not None:
        return file_answer(row.file, row.mimetype)
    if is_address(text):
        return HttpResponseRedirect(text)
    raise UnknownFile(name=file_id)
