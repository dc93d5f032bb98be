"""The only settings file. Each value that an operator may change has a JIANDU_ name (docs/operate.md)."""

import secrets
from pathlib import Path

from jiandu.project import env
from jiandu.project.databases import database, owner

PACKAGE = Path(__file__).resolve().parent.parent
DATA = env.folder()
PROFILE = env.text("PROFILE", "demo")  # demo | office; the production gate is checked at start-up
DEMO = PROFILE == "demo"
DEBUG = False
ALLOWED_HOSTS = env.words("HOSTS", "127.0.0.1,localhost,[::1],testserver" if DEMO else "")


def _secret_key() -> str:
    """The given key, else one kept in the data folder (made on first use, readable by the owner only)."""
    given = env.text("SECRET_KEY")
    if given:
        return given
    file = DATA / "keys" / "session.key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return file.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
DATABASES = {"default": database(DATA, env.text("DATABASE"))}
DATABASE_OWNER = owner(env.text("DATABASE_OWNER"))  # who migrates on PostgreSQL; a server is not told
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "jiandu.base.accounts",
    "jiandu.base.audit",
    "jiandu.base.lexicon",
    "jiandu.base.files",
    "jiandu.base.published",
    "jiandu.base.jobs",
    "jiandu.base.intake",
    "jiandu.base.ui",
    "jiandu.net.subjects",
    "jiandu.net.overseers",
    "jiandu.net.access",
    "jiandu.net.vaults",
    "jiandu.sources.signals",
    "jiandu.sources.activities",
    "jiandu.sources.talks",
    "jiandu.sources.topics",
    "jiandu.sources.ledgers",
    "jiandu.sources.contactpoints",
    "jiandu.sources.petitions",
    "jiandu.sources.crosscheck",
    "jiandu.loop.findings",
    "jiandu.loop.instruments",
    "jiandu.loop.outcomes",
    "jiandu.loop.grassroots",
    "jiandu.loop.workbooks",
    "jiandu.results.portraits",
    "jiandu.results.analysis",
    "jiandu.results.reports",
    "jiandu.results.filling",
    "jiandu.results.alarms",
    "jiandu.results.bulletins",
    "jiandu.results.publications",
    "jiandu.surfaces.door",
    "jiandu.surfaces.desk",
    "jiandu.surfaces.portal",
]

MIDDLEWARE = [
    "jiandu.surfaces.door.middleware.HeadersMiddleware",  # first: static files, redirects and errors carry them too
    "jiandu.surfaces.portal.quiet.QuietMiddleware",  # before anything that reads who asks
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jiandu.surfaces.door.middleware.ActorMiddleware",
]

ROOT_URLCONF = "jiandu.project.urls"
WSGI_APPLICATION = "jiandu.project.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["jiandu.base.accounts.backends.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "jiandu.surfaces.door.context.chrome",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "jiandu.base.ui.templatetags.ui",
                "django.templatetags.i18n",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
COTTON_ISOLATE_BY_DEFAULT = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = PACKAGE / "base" / "ui" / "static"  # served in place: nothing to collect
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(DATA / "files")}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # never spooled to disk in clear
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 2**20

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Sessions: server-side; idle and absolute limits are checked by the actor middleware on every request.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_MINUTES = env.number("IDLE_MINUTES", 15)
SESSION_ABSOLUTE_HOURS = env.number("SESSION_HOURS", 8)
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "jiandu.surfaces.door.answers.untrusted"
HTTPS = env.flag("HTTPS", default=not DEMO)
ADDRESS = env.text(
    "ADDRESS", "" if DEMO else f"http{'s' * HTTPS}://{ALLOWED_HOSTS[0]}" if ALLOWED_HOSTS else ""
).rstrip("/")
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = (
    "same-origin"  # under no-referrer Chromium posts our own forms with Origin: null, and the CSRF check refuses them
)
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Sign-in
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "jiandu.base.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # no addresses: accounts are opened by an administrator
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = (
    False  # our own waiting throttle: never a permanent lock, no address table (security of the intake desk)
)
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_ADAPTER = "jiandu.base.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "监督网"
MFA_REQUIRED = env.flag("MFA_REQUIRED", default=not DEMO)

CROSSCHECK = env.text("CROSSCHECK") or str(DATA / "crosscheck")  # data sets of cross-checks, a folder each
CROSSCHECK_ENGINE = env.text("CROSSCHECK_ENGINE", "duckdb")  # or spark://HOST:PORT
CROSSCHECK_MEMORY = env.text("CROSSCHECK_MEMORY", "2500MB")
CROSSCHECK_DAYS = env.number("CROSSCHECK_DAYS", 180)  # a data set that nobody has run for so long ends; 0: none does
PETITIONS_INBOX = env.text("PETITIONS_INBOX")  # a folder whose lists of petitions are taken in by themselves
PETITIONS_TAKEN = env.text("PETITIONS_TAKEN")  # what becomes of them: nothing; remove; or the folder they move to
KEYRING = env.text("KEYRING")  # of encrypted columns; empty: keys/fields.keys in the data folder
SEALING_SUITE = env.number("SEALING_SUITE", 1)  # of new keys: 1 international, 2 国密 (the extra gm)
UNLOCK_MEBIBYTES = 256  # that one guess at an unlock passphrase takes
AUDIT_ANCHOR = env.text("AUDIT_ANCHOR")  # a second anchor file, on another disk or host
SURFACES = env.text("SURFACES", "both")
WRITES = ("intake",) if SURFACES == "public" else None  # to whose tables a server writes on PostgreSQL; None: to all
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hushed": {"()": "jiandu.surfaces.portal.hush.Hushed"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hushed"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
MIGRATION_MODULES: dict[str, str] = {}
SILENCED_SYSTEM_CHECKS: list[str] = []
