"""Django's settings, derived from the declared settings of ``parvis.hub.conf``."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.http.request import split_domain_port
from django.utils.csp import CSP

from parvis.config.languages import language_choices
from parvis.config.unused_api import leave_wagtail_api_out
from parvis.core.documents import KINDS
from parvis.core.pictures import MOST_BYTES
from parvis.hub import conf, file_modes, signing_key

# Web processes, the worker and commands all come through here.
leave_wagtail_api_out()
file_modes.write_for_owner_only()
PARVIS_HOME = conf.home()
PARVIS = conf.read_settings(PARVIS_HOME)

SECRET_KEY = signing_key.secret_key(PARVIS_HOME, PARVIS["PARVIS_SECRET_KEY"])
# Only what is encrypted in the database is still read with them: sessions and links of a former key are worth nothing.
PARVIS_FORMER_KEYS = signing_key.former_keys(
    PARVIS_HOME, PARVIS["PARVIS_SECRET_KEY"], PARVIS["PARVIS_SECRET_KEY_FALLBACKS"]
)
DEBUG = PARVIS["PARVIS_DEBUG"]
# Django compares names alone; ports are for ``parvis.web.addresses``.
ALLOWED_HOSTS = [split_domain_port(host)[0] or host for host in PARVIS["PARVIS_ALLOWED_HOSTS"]]
CSRF_TRUSTED_ORIGINS = [PARVIS["PARVIS_BASE_URL"]]

INSTALLED_APPS = [
    "parvis.hub.ui",
    "parvis.hub.audit",
    "parvis.hub.jobs",
    "parvis.hub.territories",
    "parvis.hub.accounts",
    "parvis.hub.apikeys",
    "parvis.hub.quotas",
    "parvis.hub.records",
    "parvis.hub.backoffice",
    "parvis.hub.uploads",
    "parvis.hub.seals",
    "parvis.hub.geocoding",
    "parvis.hub.catalogue",
    "parvis.hub.datastore",
    "parvis.hub.notifications",
    "parvis.hub.validation",
    "parvis.hub.privacy",
    "parvis.hub.visitors",
    "parvis.hub.search",
    "parvis.hub.fulltext",
    "parvis.hub.sites",
    "parvis.hub.legal",
    "parvis.hub.teams",
    "parvis.hub.people",
    "parvis.hub.packs",
    "parvis.hub.maps",
    "parvis.hub.drawings",
    "parvis.hub.charts",
    "parvis.hub.atlas",
    "parvis.hub.thumbnails",
    "parvis.hub.quality",
    "parvis.hub.inventory",
    "parvis.hub.deliveries",
    "parvis.hub.pages",
    "parvis.hub.collections",
    "parvis.hub.home",
    "parvis.hub.publications",
    "parvis.hub.rowlog",
    "parvis.hub.republication",
    "parvis.hub.preparation",
    "parvis.hub.harvesting",
    "parvis.hub.usage",
    "parvis.hub.dataservices",
    "parvis.hub.pushed",
    "parvis.hub.moving",
    "parvis.hub.writing",
    "parvis.hub.departure",
    "parvis.domains.agenda",
    "parvis.domains.contributions",
    "parvis.domains.indicators",
    "parvis.domains.discussions",
    "parvis.domains.reuses",
    "parvis.domains.requests",
    "parvis.domains.surveys",
    "parvis.domains.osm",
    "parvis.domains.deliberations",
    "parvis.web.portal",
    "parvis.web.sql",
    "parvis.web.validation",
    "parvis.web.api.console",
    "parvis.web.api.explore",
    "parvis.web.backoffice",
    "parvis.web.geocatalogue",
    "parvis.web.ogc",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    *(["django.contrib.postgres"] if PARVIS["PARVIS_DATABASE_URL"] else []),
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "parvis.web.addresses.without_nul",
    "parvis.web.addresses.at_an_allowed_port",
    "parvis.hub.apikeys.requests.without_key_in_address",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "parvis.hub.sites.middleware.in_the_language",
    "parvis.hub.sites.middleware.at_the_site",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "parvis.web.typography.in_french_spaces",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "parvis.web.sessions.while_in_use",
    "parvis.web.sign_in.behind_sign_in",
    "parvis.web.sign_in.behind_second_factor",
    "parvis.hub.sites.middleware.through_the_site",
    "parvis.hub.usage.middleware.counted",
    "parvis.web.metering.Metered",
]

ROOT_URLCONF = "parvis.config.urls"
WSGI_APPLICATION = "parvis.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "parvis.hub.ui.template_loader.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parvis.hub.sites.context.site_face",
            ],
            "builtins": [
                "parvis.hub.ui.templatetags.parvis_ui",
                "parvis.hub.ui.templatetags.parvis_assets",
                "django.templatetags.i18n",
            ],
        },
    }
]


def _database(address: str) -> dict:
    """The Django connection that a database address names."""
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": PARVIS_HOME / "parvis.sqlite3",
            # Opening it and setting it up took a third of the time of a short answer.
            "CONN_MAX_AGE": 60,
            "TEST": {"NAME": PARVIS_HOME / "tests.sqlite3"},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres"):
        raise conf.BadSetting(name="PARVIS_DATABASE_URL", value=parts.scheme, reason="postgresql:// attendu")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


DATABASES = {"default": _database(PARVIS["PARVIS_DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_DERIVED = {
    "BACKEND": "parvis.hub.ui.derived.AgedFileCache",
    "LOCATION": str(PARVIS_HOME / "cache"),
    "OPTIONS": {"MAX_ENTRIES": 4_000},
}
CACHES = {
    # What allauth counts (failures of sign-in, codes already used) is here: nothing that strangers can fill may be.
    "default": {
        "BACKEND": "parvis.hub.quotas.throttles.ThrottleCache",
        "LOCATION": "quotas_throttle",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "derived": _DERIVED,
    "renditions": {**_DERIVED, "KEY_PREFIX": "renditions"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "heavy"]}}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "parvis.hub.backoffice.policies.RecordBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "parvis.hub.accounts.adapter.AccountAdapter"
# Of mails with a link: five an hour for one account, no matter who asks, thirty for one caller.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "login": "30/m/ip",
    "reset_password": "30/h/ip,5/h/key",
}
ACCOUNT_FORMS = {"reset_password": "parvis.hub.accounts.forms.ResetPasswordForm"}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# An open session is not enough to change the address, the password or the second factor of an account.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# An address replaces another once a mail sent there was answered: nobody waits under somebody else's address for a role.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "parvis.hub.accounts.second_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Accounts are opened by administrators and their first link is mailed: allauth, which had not sent it, holds them for unverified.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers give passkeys to HTTPS alone, and to this machine, where a trial has no HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PARVIS["PARVIS_SECURE"]
MFA_TOTP_ISSUER = "Parvis"

LANGUAGE_CODE = "fr"
LANGUAGES = language_choices()
FORMAT_MODULE_PATH = ["parvis.hub.ui.formats"]
TIME_ZONE = "Europe/Paris"
# The zones of French territories, for who works there; Wagtail would offer the 600 of the system, among which « localtime », a name
# that browsers refuse and that stops the script of the page.
WAGTAIL_USER_TIME_ZONES = [
    TIME_ZONE,
    "America/Cayenne",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Miquelon",
    "Indian/Mayotte",
    "Indian/Reunion",
    "Pacific/Gambier",
    "Pacific/Marquesas",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Wallis",
]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # templates put numbers in attributes too; what is read has `|number`
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = PARVIS_HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is absent
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "parvis.hub.media.StoredMedia"},
    # Our own files have their digest in their name (Vite) and Wagtail adds its version to its own: no manifest is needed.
    "staticfiles": {"BACKEND": "parvis.config.cli.assets.Assets"},
}
# Until ``parvis serve`` has collected them, static files are served from where they stand.
WHITENOISE_USE_FINDERS = not any(STATIC_ROOT.iterdir())
WHITENOISE_MAX_AGE = 3600
# Names given by Vite or by the static storage change with the contents.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/parvis/dist/assets/[^/]+-[\w-]{8}\.\w+$|\.[0-9a-f]{12}\.\w+$"
FILE_UPLOAD_TEMP_DIR = None
# Django would open what it stores to everybody. Parvis serves pictures, documents and static files itself.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# A collection form has 300 questions at most, of which 299 may be asked fifty times.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# A sending of acts has two hundred files at most, which its form says; those of a body that has many more are not even counted.
DATA_UPLOAD_MAX_NUMBER_FILES = 300

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "worker-src": [CSP.SELF, "blob:"],
    "connect-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
    "base-uri": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
CSRF_FAILURE_VIEW = "parvis.web.portal.errors.forged"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 3600 * PARVIS["PARVIS_SESSION_HOURS"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PARVIS["PARVIS_SECURE"]
if PARVIS["PARVIS_SECURE"]:
    # Browsers take such a cookie from this host alone, over HTTPS: another name below the same domain cannot set it.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_HSTS_SECONDS = 31_536_000 if PARVIS["PARVIS_SECURE"] else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PARVIS["PARVIS_HSTS_SUBDOMAINS"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PARVIS["PARVIS_SECURE"] else None

WAGTAIL_SITE_NAME = "Parvis"
WAGTAILADMIN_BASE_URL = PARVIS["PARVIS_BASE_URL"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = (
    False  # « ou-trouver-les-services » is read aloud, printed and typed; older addresses keep their accents
)
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILIMAGES_IMAGE_FORM_BASE = "parvis.hub.uploads.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif", "avif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = MOST_BYTES
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"avif": "webp", "gif": "png"}  # children write JPEG, PNG and WebP alone
WAGTAILDOCS_DOCUMENT_FORM_BASE = "parvis.hub.uploads.forms.DocumentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50_000_000
WAGTAILDOCS_CONTENT_TYPES = {suffix: kind.media_type for suffix, kind in KINDS.items()}
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf"]
# No text here offers embeds, but their dialog has an address: without providers it has the server ask nobody.
WAGTAILEMBEDS_FINDERS = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

DEFAULT_FROM_EMAIL = PARVIS["PARVIS_MAIL_FROM"]


def _mailers(address: str) -> dict:
    """The mail connection that a ``smtp://`` address names; the console when there is none."""
    if not address:
        return {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
    parts = urlsplit(address)
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": parts.hostname,
                "port": parts.port or 587,
                "username": unquote(parts.username or ""),
                "password": unquote(parts.password or ""),
                "use_tls": (parts.port or 587) == 587,
            },
        }
    }


MAILERS = _mailers(PARVIS["PARVIS_MAIL_URL"])

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        # With the offset: lines of several machines are put in order, and an hour of October is not told twice.
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s", "datefmt": "%Y-%m-%dT%H:%M:%S%z"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # The states of jobs are in the database; their failures are told by ``parvis.jobs``.
    "loggers": {"parvis": {"level": "INFO"}, "django.tasks": {"level": "WARNING"}},
}
