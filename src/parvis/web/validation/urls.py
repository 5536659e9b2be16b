"""Addresses of validation."""

from django.urls import path

from parvis.hub.ui.errors import page
from parvis.web.validation import check, schemas

urlpatterns = [
    path("valider/", page(check.check_page), name="check"),
    path("valider/<str:token>/", page(check.report_page), name="check-report"),
    path("valider/<str:token>/supprimer/", page(check.report_removed), name="check-removed"),
    path("valider/<str:token>/schema/", page(check.other_schema), name="check-schema"),
    path("valider/<str:token>/corriger/", page(check.corrected_file), name="check-corrected"),
    path("valider/<str:token>/rapport.<slug:ending>", page(check.report_file), name="check-file"),
    path("schemas/", page(schemas.schema_list), name="schemas"),
    path("schemas/<str:owner>/<str:name>/", page(schemas.schema_page), name="schema"),
    path("schemas/<str:owner>/<str:name>/modele.xlsx", page(schemas.schema_template), name="schema-template"),
]
