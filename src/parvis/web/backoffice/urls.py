"""Addresses of the back office's own screens, under ``/admin/``."""

from django.urls import include, path

from parvis.web.backoffice import (
    journal,
)
from parvis.web.backoffice.assistant import (
    columns,
    deposits,
    progress,
    reading_options,
    recipe,
    review,
    schema,
    schema_columns,
    schema_faults,
    schema_repairs,
    tus,
)
from parvis.web.backoffice.assistant import personal as assistant_personal
from parvis.web.backoffice.datasets import (
    access,
    attachments,
    bulk,
    card,
    dataset_list,
    entry,
    fields,
    history,
    life,
    personal,
    rows,
    translations,
    value_labels,
    versions,
)
from parvis.web.backoffice.datasets import schema as dataset_schema

app_name = "backoffice"

_dataset = [
    path("", card.CardScreen.as_view(), name="dataset"),
    path("champs/", fields.FieldsScreen.as_view(), name="dataset_fields"),
    path("champs/<str:column>/valeurs/", value_labels.ValueLabelsScreen.as_view(), name="dataset_values"),
    path("traductions/", translations.TranslationsScreen.as_view(), name="dataset_translations"),
    path("traductions/<slug:language>/", translations.TranslationScreen.as_view(), name="dataset_translation"),
    path(
        "traductions/<slug:language>/fichier.csv",
        translations.TranslationFile.as_view(),
        name="dataset_translation_file",
    ),
    path("acces/", access.AccessScreen.as_view(), name="dataset_access"),
    path("pieces/", attachments.AttachmentsScreen.as_view(), name="dataset_attachments"),
    path("pieces/<slug:slug>/", attachments.AttachmentFile.as_view(), name="dataset_attachment"),
    path("pieces/<slug:slug>/retirer/", attachments.RemoveAttachment.as_view(), name="dataset_attachment_remove"),
    path("schema/", dataset_schema.SchemaTab.as_view(), name="dataset_schema"),
    path("schema/<str:version>/", dataset_schema.VerdictScreen.as_view(), name="dataset_verdict"),
    path(
        "schema/<str:version>/rapport.<slug:ending>", dataset_schema.VerdictFile.as_view(), name="dataset_verdict_file"
    ),
    path("saisie/", entry.EntryScreen.as_view(), name="dataset_entry"),
    path("saisie/verifier/", entry.EntryCheck.as_view(), name="dataset_entry_check"),
    path("saisie/fichier.csv", entry.EntryFile.as_view(), name="dataset_entry_file"),
    path("lignes-poussees/", rows.RowsScreen.as_view(), name="dataset_rows"),
    path("donnees-personnelles/", personal.PersonalScreen.as_view(), name="dataset_personal"),
    path("versions/", versions.VersionsScreen.as_view(), name="dataset_versions"),
    path("versions/comparer/", versions.CompareScreen.as_view(), name="dataset_compare"),
    path("versions/<str:version>/en-ligne/", versions.MakeCurrent.as_view(), name="dataset_make_current"),
    path("versions/<str:version>/reprendre/", versions.ImportAgain.as_view(), name="dataset_import_again"),
    path("versions/<str:version>/original/", versions.OriginalFile.as_view(), name="dataset_original"),
    path("versions/<str:version>/a-part/", versions.RejectsScreen.as_view(), name="dataset_put_aside"),
    path(
        "versions/<str:version>/a-part/<slug:name>.csv",
        versions.RejectsFile.as_view(),
        name="dataset_put_aside_file",
    ),
    path("historique/", history.HistoryScreen.as_view(), name="dataset_history"),
    path("historique/<int:revision>/retablir/", history.RestoreRevision.as_view(), name="dataset_restore_revision"),
    path("etat/<slug:act>/", life.ChangeState.as_view(), name="dataset_state"),
    path("page/", life.StartPage.as_view(), name="dataset_start_page"),
    path("identifiant/", life.RenameScreen.as_view(), name="dataset_rename"),
]

_deposit = [
    path("", review.ResumeImport.as_view(), name="import"),
    path("attente/", progress.WaitingScreen.as_view(), name="import_wait"),
    path("lecture/", reading_options.ReadingScreen.as_view(), name="import_reading"),
    path("etapes/", recipe.RecipeScreen.as_view(), name="import_recipe"),
    path("etapes/recette.toml", recipe.RecipeFile.as_view(), name="import_recipe_file"),
    path("schema/", schema.SchemaScreen.as_view(), name="import_schema"),
    path("schema/colonnes/", schema_columns.SchemaColumnsScreen.as_view(), name="import_schema_columns"),
    path("schema/fautes/", schema_faults.SchemaFaultsScreen.as_view(), name="import_schema_faults"),
    path("schema/corrections/", schema_repairs.SchemaRepairsScreen.as_view(), name="import_schema_mending"),
    path("schema/rapport.<slug:ending>", schema_faults.SchemaReportFile.as_view(), name="import_schema_report"),
    path("colonnes/", columns.ColumnsScreen.as_view(), name="import_columns"),
    path("donnees-personnelles/", assistant_personal.PersonalStep.as_view(), name="import_personal"),
    path("fiche/", review.DescribeScreen.as_view(), name="import_card"),
    path("publier/", review.PublishScreen.as_view(), name="import_publish"),
    path("annuler/", progress.CancelImport.as_view(), name="import_cancel"),
]

urlpatterns = [
    path("jeux/", dataset_list.DatasetList.as_view(), name="datasets"),
    path("jeux/-/resultats/", dataset_list.DatasetList.as_view(results_only=True), name="datasets_results"),
    path("jeux/-/lot/", bulk.BulkScreen.as_view(), name="datasets_bulk"),
    path("jeux/<str:dataset_id>/", include(_dataset)),
    path("depots/", deposits.ImportsScreen.as_view(), name="imports"),
    path("depots/nouveau/", deposits.DepositScreen.as_view(), name="deposit"),
    path("depots/tus/", tus.create, name="tus"),
    path("depots/tus/<uuid:key>/", tus.upload, name="tus_upload"),
    path("depots/tus/<uuid:key>/suite/", deposits.AfterUpload.as_view(), name="tus_after"),
    path("depots/<int:key>/", include(_deposit)),
    path("taches/<int:key>/", progress.job, name="job"),
    path("journal/", journal.JournalList.as_view(), name="journal"),
    path("journal/-/resultats/", journal.JournalList.as_view(results_only=True), name="journal_results"),
]
