"""Settings of the portal to try against. Its data lie in PORTALE_PROVA_DIR; nothing of it is meant for real people."""

import os
import secrets
from pathlib import Path

CARTELLA = Path(__file__).resolve().parent
CONTRATTO = CARTELLA.parent / "contratto.yaml"

PORTALE_PROVA_DIR = Path(os.environ.get("PORTALE_PROVA_DIR") or Path.cwd() / ".dati" / "portale")
CLIENTE = os.environ.get("PORTALE_PROVA_CLIENTE", "orientamento")
SEGRETO = os.environ.get("PORTALE_PROVA_SEGRETO", "solo-per-prova")
DURATA_GETTONE = int(os.environ.get("PORTALE_PROVA_DURATA_GETTONE", "600"))
FILE_MASSIMO = 10 * 1024 * 1024
# The file, its data and what the multipart form adds.
CORPO_MASSIMO = FILE_MASSIMO + 256 * 1024

DEBUG = False
SECRET_KEY = os.environ.get("PORTALE_PROVA_CHIAVE") or secrets.token_urlsafe(48)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "curriculum.portale.prova.urls"
WSGI_APPLICATION = "curriculum.portale.prova.wsgi.application"
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, dict[str, str]] = {}
MIDDLEWARE = [
    "curriculum.portale.prova.passaggi.Intestazioni",
    "curriculum.portale.prova.passaggi.Disturbo",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CARTELLA / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
# Cookies know no ports: a name of its own keeps the two applications on one machine apart.
CSRF_COOKIE_NAME = "portale_prova_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
APPEND_SLASH = False

LANGUAGE_CODE = "it"
TIME_ZONE = "Europe/Rome"
USE_I18N = True
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"riga": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "riga"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # A refusal is an answer like another here.
    "loggers": {"django.request": {"level": "CRITICAL"}},
}
