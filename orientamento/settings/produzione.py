"""Production. Refuses to start without its secrets, and with a key that everybody knows."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from orientamento.settings.base import *  # noqa: F403
from orientamento.settings.base import EMAIL_URL, PORTALE_SEGRETO, PORTALE_TEMPO, PORTALE_URL, STORAGES, env


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

# The portal may be missing; where it is there it is the real one, over HTTPS, never the one to try against.
if PORTALE_URL:
    _portale = urlsplit(PORTALE_URL)
    if _portale.scheme != "https" or not _portale.hostname or _portale.query or _portale.fragment or _portale.username:
        raise ImproperlyConfigured(
            "PORTALE_URL deve essere un indirizzo https:// senza nome utente né parametri: vedere docs/portale.md."
        )
    for _nome in ("PORTALE_CLIENTE", "PORTALE_SEGRETO"):
        _obbligatoria(_nome)
    if PORTALE_SEGRETO == "solo-per-prova":
        raise ImproperlyConfigured("PORTALE_SEGRETO è quello del portale di prova, che in produzione non è ammesso.")
# One row asks at most four times, three of these times each: within CELERY_TASK_SOFT_TIME_LIMIT.
if not 1 <= PORTALE_TEMPO <= 20:
    raise ImproperlyConfigured("PORTALE_TEMPO va da 1 a 20 secondi.")

# Mail may be missing; where it is there, it is a server, and messages say who they come from.
if EMAIL_URL:
    _obbligatoria("MITTENTE")
    if not EMAIL_URL.startswith(("smtp://", "smtp+", "smtps://")):
        raise ImproperlyConfigured("EMAIL_URL deve cominciare con smtp:// o smtp+tls://: vedere docs/produzione.md.")

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^salute$"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
