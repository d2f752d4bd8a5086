"""Settings, read from the environment, then `.env`, then what `manage.py up` wrote under `var/`.

A secret is named by its variable or, with the suffix `_FILE`, by the path of a file that holds it.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()
env.read_env(BASE_DIR / ".env")
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
env.read_env(VAR_DIR / "embedded.env")

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
# Seals the audit log; it is kept outside the database on purpose (DESIGN: append-only audit).
AUDIT_KEY = env("AUDIT_KEY")
AUDIT_ANCHOR_FILE = Path(env("AUDIT_ANCHOR_FILE", default=str(VAR_DIR / "audit.anchor")))

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where the sandbox answers; only a demo world has one.
SANDBOX_URL = env("SANDBOX_URL", default="")
# Where the vendors answer: other addresses are for GitHub Enterprise Server (its API is at
# https://HOST/api/v3) or a proxy in between.
GITHUB_API_URL = env("GITHUB_API_URL", default="https://api.github.com")
GITHUB_SERVER_URL = env("GITHUB_SERVER_URL", default="https://github.com")
VERCEL_API_URL = env("VERCEL_API_URL", default="https://api.vercel.com")
SUPABASE_API_URL = env("SUPABASE_API_URL", default="https://api.supabase.com")
# Private addresses or networks (10.1.2.3, 10.0.0.0/8) that addresses which people type may lead to.
ALLOWED_PRIVATE_ADDRESSES = env.list("ALLOWED_PRIVATE_ADDRESSES", default=[])
# Whether browsers reach us over TLS; false only for the loopback demo.
HTTPS = env.bool("HTTPS", default=False)
# How long a worker that died or froze holds up the operation that it was at.
OPERATION_LEASE_S = env.float("OPERATION_LEASE_S", default=30.0)
# What links that leave the house (one-time links, notifications) start with.
BASE_URL = env("BASE_URL", default="http://localhost:8000")

INSTALLED_APPS = [
    "agentmesh_release.core",
    "flags",
    "releases",
    "incidents",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "agentmesh_release.core.edge.ticket_middleware.live_ticket",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "agentmesh_release.core.views.errors.dress_bare_answers",
    "agentmesh_release.core.memo.MemoMiddleware",
    "agentmesh_release.core.middleware.RefusalMiddleware",
    "agentmesh_release.core.null_characters.refuse_null_characters",
]

ROOT_URLCONF = "agentmesh_release.urls"
WSGI_APPLICATION = "agentmesh_release.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "agentmesh_release.core.context.frame",
            ],
            "builtins": [
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "agentmesh_release.core.templatetags.parts",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **env.db("DATABASE_URL"),
        "ENGINE": "agentmesh_release.core.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
# LISTEN needs a session of its own; behind a pooler this is the way past it.
DATABASE_DIRECT_URL = env("DATABASE_DIRECT_URL", default=env("DATABASE_URL"))
# The role that owns the schema, where that is another one; see `core.owning`.
DATABASE_OWNER_URL = env("DATABASE_OWNER_URL", default="")
BROKER_URL = env("REDIS_URL", default="") or env("BROKER_URL", default="memory://")

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["agentmesh_release.core.backends.PeopleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "overview"

# How large a body may be is decided at the edge, by path, before anything reads it (asgi.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = None

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "agentmesh_release.core.statics.BoundStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
CSRF_FAILURE_VIEW = "agentmesh_release.core.views.errors.stale_form"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
X_FRAME_OPTIONS = "DENY"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One line to stderr; whoever runs the process adds the time and the name.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "agentmesh_release": {"level": "INFO"},
        # Only errors of ours: a page that does not exist is the reader's news, not the log's.
        "django.request": {"level": "ERROR"},
    },
}
