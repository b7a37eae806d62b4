"""Entry of the launcher, run as a file by whatever Python the machine has."""

import sys
import types
from pathlib import Path

if __name__ == "__main__":
    # The package `orientamento` itself imports Celery, which may not be installed yet: an empty stand-in leads to
    # this folder without running it.
    cartella = Path(__file__).resolve().parent.parent
    pacchetto = types.ModuleType("orientamento")
    pacchetto.__path__ = [str(cartella)]
    sys.modules["orientamento"] = pacchetto
    del sys.path[0]

    from orientamento.avvio.comandi import principale

    sys.exit(principale(sys.argv[1:]))
