"""All settings, read from the environment with their types checked; docs/configuration.md."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from trade_assurance import work
from trade_assurance.approvals import APPROVALS  # noqa: F401 (settings)
from trade_assurance.clocks import DEADLINES, DELIVERY_DAYS  # noqa: F401 (settings)
from trade_assurance.credentials import credentials
from trade_assurance.rest import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401 (settings)

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

TA_ENV = env.str("TA_ENV", "production", validate=lambda v: v in {"production", "demo", "test"})
PRODUCTION = TA_ENV == "production"
DEMO = TA_ENV == "demo"
TESTING = TA_ENV == "test"
DEBUG = env.bool("DEBUG", False)
UNSAFE_KEY = "only-for-demo-and-tests-never-in-production"
SECRET_KEY = env.str("SECRET_KEY", "" if PRODUCTION else UNSAFE_KEY)
BASE_URL = env.str("TA_BASE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["*"] if not PRODUCTION else [])

# --- the clock (requirement 24)
TEST_CLOCK_FILE = env.str("TA_TEST_CLOCK_FILE", "")
DEMO_CLOCK_FILE = env.str("TA_DEMO_CLOCK_FILE", "")

# --- applications
INSTALLED_APPS = [
    "trade_assurance.admin_site.TradeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "lucide",
    "rest_framework",
    "drf_spectacular",
    "core",
    "workflow",
    "ledger",
    "accounts",
    "attachments",
    "catalog",
    "orders",
    "contracts",
    "trade_center",
    "payments",
    "inspections",
    "disputes",
    "dashboard",
    "notifications",
    "api",
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "trade_assurance.urls"
WSGI_APPLICATION = "trade_assurance.wsgi.application"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.TimeZoneMiddleware",
    "workflow.middleware.RefusalMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "trade_assurance.context.shell",
            ],
            "builtins": [
                "core.templatetags.trade",
                "django.templatetags.i18n",
                "lucide.templatetags.lucide",
            ],
        },
    }
]

# --- database
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/trade_assurance")
}
DATABASES["default"]["CONN_MAX_AGE"] = 0 if TESTING else 300
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# --- Redis: broker and cache; PostgreSQL stays the only truth
REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Celery: it wakes the sweeps, nothing more
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 5}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "clocks"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = work.schedule(env, demo=DEMO)

# --- the outbox: kind of message -> the function that does it; lane -> Celery queue
OUTBOX_WAKE = "workflow.tasks.wake"
OUTBOX_LANES, OUTBOX = work.LANES, work.OUTBOX

# --- who takes an inspection report that a dispute waits for
ON_INSPECTION_REPORT = "disputes.hearing.take_report"

# --- who says what waits for a person, on the home page and in the letter of the day
WORK_OF = "dashboard.queues.work_of"

# --- people
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
# Whose address a request came from: the last so many entries of X-Forwarded-For are ours.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if PRODUCTION else "optional"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "accounts.forms.SignUpForm"}
ACCOUNT_SESSION_REMEMBER = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False

# --- languages, time, money
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("hi", "हिन्दी")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Singapore"

# --- static files, media, mail
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "collected")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_AUTOREFRESH = TESTING
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
EMAIL = env.dj_email_url("EMAIL_URL", "smtp://127.0.0.1:1025" if PRODUCTION else "console:")
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_TIMEOUT = 20
EMAIL_HOST = EMAIL.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL.get("EMAIL_PORT")
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_FILE_PATH = EMAIL.get("EMAIL_FILE_PATH", "")
DEFAULT_FROM_EMAIL = env.str("TA_MAIL_FROM", "Trade Assurance <no-reply@ta.example>")

# --- the rules of the house that are not clocks (money.md)
LATE_DEFAULT = env.str("LATE_DEFAULT", "refund", validate=lambda v: v in {"refund", "wait"})
REQUIRE_COVERAGE = env.str("REQUIRE_COVERAGE", "ask", validate=lambda v: v in {"ask", "strict"})
ESCROW_FEE_PERCENT = env.decimal("TA_ESCROW_FEE_PERCENT", "2")
SECOND_READER_FROM_MINOR = env.int("TA_SECOND_READER_FROM_MINOR", 1_000_000)
SEAL_DIR = env.path("TA_SEAL_DIR", BASE_DIR / ".run" / "seal")
TSA_URL = env.str("TA_TSA_URL", "")
TSA_ROOTS = env.str("TA_TSA_ROOTS", "")
PAYMENT_PROVIDERS = credentials(env, live=PRODUCTION)
EGRESS_ALLOW_LOOPBACK = env.bool("TA_EGRESS_ALLOW_LOOPBACK", False)
PAYMENT_PROVIDER = env.str("TA_PAYMENT_PROVIDER", "")
BANK_CHANNEL = env.str("TA_BANK_CHANNEL", "manual", validate=lambda v: v in {"manual", "http_sim"})
PAYOUT_PROVIDER = env.str("TA_PAYOUT_PROVIDER", "")

# --- uploads
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 25 * 1024 * 1024

# --- web security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [BASE_URL])

API_PER_MINUTE = env.int("TA_API_PER_MINUTE", 3_000)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"weasyprint": {"level": "ERROR"}, "fontTools": {"level": "ERROR"}},
}
SITE_NAME = _("Trade Assurance")

if PRODUCTION:
    weak_key = len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY == UNSAFE_KEY
    unsafe = [
        text
        for bad, text in [
            (DEBUG, "DEBUG is on"),
            (weak_key, "SECRET_KEY is missing or weak"),
            (EGRESS_ALLOW_LOOPBACK, "outbound calls to this machine are allowed"),
            (TEST_CLOCK_FILE or DEMO_CLOCK_FILE, "a movable clock is set"),
            (PAYMENT_PROVIDER == "http_sim", "the payment simulator is set as provider"),
            (PAYOUT_PROVIDER == "http_sim", "the payment simulator is set to pay out"),
            (BANK_CHANNEL == "http_sim", "the payment simulator is set as bank"),
            (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS, "ALLOWED_HOSTS does not name the hosts"),
        ]
        if bad
    ]
    if unsafe:
        raise ImproperlyConfigured("Production does not start: " + "; ".join(unsafe) + ".")
