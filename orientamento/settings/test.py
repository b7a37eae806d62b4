"""The tests: the development settings with faster passwords and strict templates."""

import atexit
import shutil
import tempfile
from pathlib import Path

from orientamento.settings.sviluppo import *  # noqa: F403
from orientamento.settings.sviluppo import CELERY_BEAT_SCHEDULE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATI_DIR = Path(tempfile.mkdtemp(prefix="orientamento-test-"))
atexit.register(shutil.rmtree, DATI_DIR, ignore_errors=True)
STORAGES["default"]["OPTIONS"]["location"] = DATI_DIR / "documenti"  # type: ignore[index]
CELERY_TASK_ALWAYS_EAGER = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Each test that needs a portal starts its own.
PORTALE_URL = PORTALE_CLIENTE = PORTALE_SEGRETO = ""

# Mail goes into the folder; each test that needs a mail server or an antivirus starts its own.
POSTA_BACKEND = "orientamento.anagrafica.posta.cartella.Cartella"
CLAMAV_SOCKET = ""
CELERY_BEAT_SCHEDULE.pop("antivirus", None)
