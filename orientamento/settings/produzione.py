"""Production. Refuses to start without its secrets, and with a key that everybody knows."""

from django.core.exceptions import ImproperlyConfigured

from orientamento.settings.base import *  # noqa: F403
from orientamento.settings.base import STORAGES, env


def _obbligatoria(nome: str) -> str:
    valore = env.str(nome, default="").strip()
    if not valore:
        raise ImproperlyConfigured(f"Manca la variabile d'ambiente {nome}: vedere docs/produzione.md.")
    return valore


DEBUG = False
SECRET_KEY = _obbligatoria("SECRET_KEY")
if len(SECRET_KEY) < 50 or SECRET_KEY.startswith("chiave-di-sola-prova"):
    raise ImproperlyConfigured("SECRET_KEY deve essere segreta, casuale e lunga almeno 50 caratteri.")
ALLOWED_HOSTS = [nome.strip() for nome in _obbligatoria("ALLOWED_HOSTS").split(",") if nome.strip()]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS deve elencare i nomi del sito, separati da virgole: * non è ammesso.")
CSRF_TRUSTED_ORIGINS = [f"https://{nome}" for nome in ALLOWED_HOSTS]
for _nome in ("DATABASE_URL", "REDIS_URL", "DATI_DIR"):
    _obbligatoria(_nome)

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^salute$"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
