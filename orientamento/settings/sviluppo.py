"""Development and trial on one machine: what bin/start runs. Never for real citizens' data."""

from orientamento.settings.base import *  # noqa: F403
from orientamento.settings.base import EMAIL_URL, MITTENTE, env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="chiave-di-sola-prova-non-usare-con-dati-veri")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# The command that loads the invented people and the demo logins refuses to run without this.
DATI_DIMOSTRATIVI_AMMESSI = True

# Without a mail server messages become files of the data folder, which a page shows.
if not EMAIL_URL:
    POSTA_BACKEND = "orientamento.anagrafica.posta.cartella.Cartella"
MITTENTE = MITTENTE or "orientamento@localhost"
