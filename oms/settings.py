"""Settings of the OMS. Every value that differs between machines is an environment variable."""

import logging
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.utils.translation import gettext_lazy as _

from oms import theme
from oms.lib import csp, log
from oms.subscribers import EDI_SUBSCRIBERS, SUBSCRIBERS

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "only-for-development") if DEBUG else env.str("SECRET_KEY")
# The address customers and partners reach us at: links in e-mails start with it.
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", urlsplit(SITE_URL).hostname])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

# Whoever is reached over https is reached over nothing else. Plain http is for one's own machine.
HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the machine next door
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 3600 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
CONTENT_SECURITY_POLICY = {"DIRECTIVES": csp.STRICT}

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # its default one would replace our admin site
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "oms.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework_api_key",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "django_structlog",
    "oms",
    "oms.outbox",
    "oms.partners",
    "oms.papers",
    "inventory",
    "orders",
    "fulfilment",
    "returns",
]
MIDDLEWARE = [
    "oms.lib.log.RequestId",
    "oms.lib.clean_request.CleanRequest",
    "django.middleware.security.SecurityMiddleware",
    "oms.lib.csp.ContentPolicy",
    "oms.lib.api.deprecation.SayDeprecated",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fulfilment.pages.badges.FloorOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oms.lib.dead_ends.DeadEnds",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "oms.lib.clock.ViewerZone",
    "oms.lib.log.RequestLog",
    "oms.partners.usage.CountCalls",
    "axes.middleware.AxesMiddleware",
]

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
# Too many failures lock a user's device for a while, never an address: see oms/lib/device.py.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "oms.lib.device.counted_as"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "oms/locked.html"
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # wants the address among the parameters

LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"

ROOT_URLCONF = "oms.urls"
WSGI_APPLICATION = "oms.wsgi.application"
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
            ]
        },
    }
]

DATABASE_URL = env.str("DATABASE_URL", "") or f"sqlite:///{BASE_DIR / 'oms.sqlite3'}"
DATABASE_POOLED = env.bool("DATABASE_POOLED", False)
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "cached_statements": 1000,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    # A file, because the in-memory default of tests cannot be shared by processes that write.
    DATABASES["default"]["TEST"] = {"NAME": BASE_DIR / "test.sqlite3"}
else:
    # Parameters travel beside the statement instead of being quoted into it: less work for both sides.
    DATABASES["default"]["OPTIONS"] = {
        "server_side_binding": True,
        # Only what is prepared by name (oms/lib/cursors.py): one plan for all values makes searches slow.
        "prepare_threshold": None if DATABASE_POOLED else 1_000_000_000,
    }
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_POOLED
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without a broker the worker runs due deliveries from the database itself.
REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT = "oms.outbox.broker:Transport" if REDIS_URL else None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A consumer may stand in any module: the worker imports what the wiring names.
CONSUMERS = [name for wiring in (SUBSCRIBERS, EDI_SUBSCRIBERS) for names in wiring.values() for name in names]
CELERY_IMPORTS = sorted({name.rpartition(".")[0] for name in CONSUMERS})
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = True
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB: WeasyPrint's memory grows
CELERY_WORKER_HIJACK_ROOT_LOGGER = CELERY_WORKER_REDIRECT_STDOUTS = False  # LOGGING is for it, too
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # A commit that rings the bell must not wait for a broker that is away.
    "socket_connect_timeout": 1,
    "max_retries": 0,
}
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "oms.formats"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "oms" / "locale"]

LOGGING = log.config(debug=DEBUG)
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # an address is personal data
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # RequestId has looked at it
DJANGO_STRUCTLOG_CELERY_ENABLED = bool(REDIS_URL)

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "media"))

UNFOLD = theme.UNFOLD

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "orders@localhost")

# The partner API: nothing is open unless a view says which scope opens it.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["oms.partners.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["oms.partners.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["oms.partners.throttling.KeyThrottle"],
    "DEFAULT_PARSER_CLASSES": ["oms.lib.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "oms.lib.api.pagination.Cursor",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "oms.lib.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": env.int("NUM_PROXIES", 0),
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Order management: partner API",
    "DESCRIPTION": "README.md has a runnable example of each endpoint.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "oms.lib.api.openapi.complete"],
    "ENUM_NAME_OVERRIDES": {
        "ShippingMethod": "orders.models.Order.Method",
        "FulfilmentMethod": "fulfilment.models.FulfilmentOrder.Method",
        "ReturnReason": "returns.models.ReturnLine.Reason",
        "OrderStatus": "orders.models.Order.Status",
        "FulfilmentStatus": "fulfilment.models.FulfilmentOrder.Status",
        "PurchaseStatus": "inventory.models.PurchaseOrder.Status",
        "ReturnStatus": "returns.models.Return.Status",
        "ChangeStatus": "orders.models.OrderChange.Status",
    },
}
API_RATE = env.int("API_RATE", 3000)  # calls a minute of one key
GS1_PREFIX = env.str("GS1_PREFIX", "")  # the GS1 company prefix: our own labels carry an SSCC then
# Folders of trading partners' files stand below it; how long a file must have lain still to be taken up, in seconds.
EDI_ROOT = env.path("EDI_ROOT", default=str(BASE_DIR / "edi"))
EDI_QUIET_S = env.int("EDI_QUIET_S", 10)
RAW_KEPT_DAYS = env.int("RAW_KEPT_DAYS", 400)  # what channels and partners sent, word for word
WEBHOOK_ALLOW = env.list("WEBHOOK_ALLOW", default=[])  # host:port that webhooks may go to though not public
# Where Amazon gives tokens; its endpoint of a region stands at the connection.
AMAZON_LOGIN_URL = env.str("AMAZON_LOGIN_URL", "https://api.amazon.com/auth/o2/token")
# Who may send us webhooks, and the secret that signs them: {"carrier": "whsec_...", "easypost": "..."}
INBOUND_SECRETS = env.json("INBOUND_SECRETS", default={})

# Operations of the API that will end: oms/lib/api/deprecation.py
API_DEPRECATED = env.json("API_DEPRECATED", default={})
# Keys of carriers that are asked over the network: {"CODE OF THE CARRIER": "key"}, or {"key": ..., "accounts": [...]}
CARRIER_KEYS = env.json("CARRIER_KEYS", default={})
TRACKING_SILENT_HOURS = env.int("TRACKING_SILENT_HOURS", 12)  # after so long without news carriers are asked

# Plug-ins, in the shape of Django's own STORAGES: alias -> class and its options.
GATEWAYS = {
    "manual": {"BACKEND": "orders.gateways.manual.Manual"},
    "test": {"BACKEND": "orders.gateways.test.Test"},
    # The sales channel has the money, and what it says of it is taken as done.
    "platform": {"BACKEND": "orders.gateways.manual.Manual"},
}
CARRIERS = {
    "manual": {"BACKEND": "fulfilment.carriers.manual.Manual"},
    "rate_table": {"BACKEND": "fulfilment.carriers.rate_table.RateTable"},
    "easypost": {
        "BACKEND": "fulfilment.carriers.easypost_api.EasyPost",
        "OPTIONS": {"url": env.str("EASYPOST_URL", "https://api.easypost.com"), "timeout_s": 20},
    },
    # A server of the merchant's own, whose carriers answer while it waits.
    "karrio": {
        "BACKEND": "fulfilment.carriers.karrio_api.Karrio",
        "OPTIONS": {"url": env.str("KARRIO_URL", ""), "timeout_s": 30},
    },
}
