"""Settings shared by every environment. Each environment module adds only what differs."""

from pathlib import Path

import environ
from celery.schedules import crontab

RADICE = Path(__file__).resolve().parent.parent.parent

env = environ.Env()

DATI_DIR = Path(env.str("DATI_DIR", default=str(RADICE / ".dati")))

# Invented people and logins with a known password: only the development settings allow them.
DATI_DIMOSTRATIVI_AMMESSI = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "bootstrap_italia_template",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "pgtrigger",
    "orientamento.comune",
    "orientamento.registro",
    "orientamento.anagrafica",
    "propensioni",
    "curriculum",
    "psp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "orientamento.comune.middleware.AccessoRichiestoMiddleware",
    "orientamento.registro.middleware.ProvenienzaMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "orientamento.urls"
WSGI_APPLICATION = "orientamento.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RADICE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "psp.contesto.menu",
                "psp.contesto.fascia_utente",
            ],
        },
    }
]

_database = env.db_url("DATABASE_URL", default="postgres://orientamento@localhost/orientamento")
DATABASES = {
    "default": {
        **_database,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **_database.get("OPTIONS", {})},
    }
}

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")

# Short time-outs: a broker that is down or frozen must not stall a web request (worker and scheduler: see celery.py).
_TEMPI_REDIS = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}

CACHES = {
    "default": {
        "BACKEND": "orientamento.cache.CacheTollerante",
        "LOCATION": REDIS_URL,
        "OPTIONS": _TEMPI_REDIS,
    }
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_TRANSPORT_OPTIONS = {**_TEMPI_REDIS, "max_retries": 0}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = "Europe/Rome"
CELERY_BEAT_SCHEDULE = {
    "battito": {"task": "orientamento.tasks.batti", "schedule": 10.0},
    "sessioni-scadute": {"task": "orientamento.tasks.elimina_sessioni_scadute", "schedule": 6 * 3600.0},
    "trasferimenti": {"task": "curriculum.tasks.giro", "schedule": 30.0, "options": {"expires": 25}},
    "riscontri": {"task": "curriculum.tasks.riscontra", "schedule": 600.0, "options": {"expires": 500}},
    "messaggi": {"task": "orientamento.anagrafica.tasks.invia_messaggi", "schedule": 60.0, "options": {"expires": 50}},
    # Not between two and three, an hour that two nights a year have twice or not at all.
    "avvisi-di-scadenza": {"task": "curriculum.tasks.prepara_avvisi", "schedule": crontab(hour=4, minute=30)},
    "lista-di-lavoro": {"task": "psp.tasks.rifai_lavoro", "schedule": crontab(hour=4, minute=40)},
    "file-orfani": {"task": "orientamento.tasks.togli_file_orfani", "schedule": crontab(hour=4, minute=50)},
}

AUTH_USER_MODEL = "anagrafica.Operatore"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "anagrafica:accesso"
LOGIN_REDIRECT_URL = "psp:home"
LOGOUT_REDIRECT_URL = "anagrafica:accesso"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours: a quarter of an hour
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "orientamento.anagrafica.views.accesso.accesso_bloccato"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "orientamento.comune.views.csrf_rifiutato"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "it"
LANGUAGES = [("it", "Italiano")]
TIME_ZONE = "Europe/Rome"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["orientamento.comune.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATI_DIR / "statici"
STATICFILES_DIRS = [RADICE / "static"]

STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATI_DIR / "documenti", "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The citizens' portal (docs/portale.md). Without an address nothing leaves and the queue waits.
PORTALE_URL = env.str("PORTALE_URL", default="").strip()
PORTALE_CLIENTE = env.str("PORTALE_CLIENTE", default="").strip()
PORTALE_SEGRETO = env.str("PORTALE_SEGRETO", default="")
# Seconds to wait for one answer; a whole operation has three times as many.
PORTALE_TEMPO = env.float("PORTALE_TEMPO", default=10.0)
# Seconds before the first new attempt after an error; every other pause of the queue follows it.
PORTALE_PAUSA = env.float("PORTALE_PAUSA", default=30.0)
# How many transfers a sweep carries out at the same time, where many are due.
PORTALE_MANI = env.int("PORTALE_MANI", default=4)

CARICAMENTO_MASSIMO = 30 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "orientamento.comune.caricamento.LimiteCaricamento",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Mail: `EMAIL_URL` names the server, `MITTENTE` whom messages come from. Without it messages wait in their queue.
EMAIL_URL = env.str("EMAIL_URL", default="")
MITTENTE = env.str("MITTENTE", default="")
POSTA_BACKEND = "orientamento.anagrafica.posta.server.ServerDiPosta" if EMAIL_URL else ""
EMAIL_TIMEOUT = 15
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))

# The antivirus, where there is one: the path of clamd's socket, or host:port. Seconds that a whole scan may take.
CLAMAV_SOCKET = env.str("CLAMAV_SOCKET", default="")
CLAMAV_TEMPO = 60.0
if CLAMAV_SOCKET:
    CELERY_BEAT_SCHEDULE["antivirus"] = {
        "task": "curriculum.tasks.giro_antivirus",
        "schedule": 60.0,
        "options": {"expires": 50},
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"riga": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "riga"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Those that tell each step of each document, and those that write addresses with a codice fiscale in them.
    "loggers": {nome: {"level": "WARNING"} for nome in ("weasyprint", "fontTools", "httpx", "httpcore")},
}
