"""The tables of the libraries that Parvis stands on: those that leave, and why the others stay."""

from __future__ import annotations

from typing import Final

from parvis.core.translation import gettext_noop
from parvis.hub.carried import MADE_AGAIN, NEVER, OF_THE_MACHINE, TOLD_ELSEWHERE, Carried

CARRIED: Final = (
    Carried(
        model="wagtailimages.Image",
        name="medias/images",
        without=("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    ),
    Carried(model="wagtaildocs.Document", name="medias/documents"),
    Carried(model="wagtailredirects.Redirect", name="sites/redirections"),
    Carried(model="wagtailcore.Site", name="sites/adresses"),
    Carried(model="wagtailcore.Comment", name="pages/commentaires", is_of_people=True),
    Carried(model="wagtailcore.CommentReply", name="pages/reponses-aux-commentaires", is_of_people=True),
    Carried(model="auth.Group", name="personnes/groupes"),
)

_MACHINERY = gettext_noop("rouage d’une bibliothèque, vide ou sans aucun sens ailleurs")
_RIGHTS = gettext_noop("droits internes de Wagtail, qui suivent les rôles et les équipes")

LEFT: Final = {
    "account.EmailAddress": TOLD_ELSEWHERE,
    "account.EmailConfirmation": NEVER,
    "mfa.Authenticator": NEVER,
    "usersessions.UserSession": NEVER,
    "sessions.Session": NEVER,
    "auth.Permission": _RIGHTS,
    "auth.Group_permissions": _RIGHTS,
    "contenttypes.ContentType": _MACHINERY,
    "django_tasks_database.DBTaskResult": OF_THE_MACHINE,
    "taggit.Tag": _MACHINERY,
    "taggit.TaggedItem": _MACHINERY,
    "wagtailadmin.Admin": _MACHINERY,
    "wagtailadmin.EditingSession": OF_THE_MACHINE,
    "wagtailadmin.FormState": OF_THE_MACHINE,
    "wagtailcore.APIToken": NEVER,
    "wagtailcore.Collection": _RIGHTS,
    "wagtailcore.CollectionViewRestriction": _RIGHTS,
    "wagtailcore.CollectionViewRestriction_groups": _RIGHTS,
    "wagtailcore.GroupApprovalTask": _MACHINERY,
    "wagtailcore.GroupApprovalTask_groups": _MACHINERY,
    "wagtailcore.GroupCollectionPermission": _RIGHTS,
    "wagtailcore.GroupPagePermission": _RIGHTS,
    "wagtailcore.GroupSitePermission": _RIGHTS,
    "wagtailcore.Locale": _MACHINERY,
    "wagtailcore.ModelLogEntry": TOLD_ELSEWHERE,
    "wagtailcore.Page": TOLD_ELSEWHERE,
    "wagtailcore.PageLogEntry": TOLD_ELSEWHERE,
    "wagtailcore.PageSubscription": OF_THE_MACHINE,
    "wagtailcore.PageViewRestriction": _RIGHTS,
    "wagtailcore.PageViewRestriction_groups": _RIGHTS,
    "wagtailcore.ReferenceIndex": MADE_AGAIN,
    "wagtailcore.Revision": TOLD_ELSEWHERE,
    "wagtailcore.Task": _MACHINERY,
    "wagtailcore.TaskState": OF_THE_MACHINE,
    "wagtailcore.UploadedFile": OF_THE_MACHINE,
    "wagtailcore.Workflow": _MACHINERY,
    "wagtailcore.WorkflowContentType": _MACHINERY,
    "wagtailcore.WorkflowPage": _MACHINERY,
    "wagtailcore.WorkflowState": OF_THE_MACHINE,
    "wagtailcore.WorkflowTask": _MACHINERY,
    "wagtailembeds.Embed": MADE_AGAIN,
    "wagtailforms.FormSubmission": _MACHINERY,
    "wagtailimages.Rendition": MADE_AGAIN,
    "wagtailsearch.IndexEntry": MADE_AGAIN,
    "wagtailsearch.SQLiteFTSIndexEntry": MADE_AGAIN,
    "wagtailusers.UserProfile": OF_THE_MACHINE,
}
