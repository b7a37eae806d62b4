"""Settings of gunicorn for bin/start; what depends on the machine is on its command line."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

worker_class = "gthread"
preload_app = True
timeout = 60
graceful_timeout = 8
keepalive = 30
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes an unlinked file there


def _scalda() -> None:
    """The first PDF of a process is slow: make one that nobody asked for, while nobody waits."""
    try:
        from psp.services.documento import scalda

        scalda()
    except Exception:
        logging.getLogger(__name__).exception("Non riesco a preparare la composizione dei PDF")


def post_worker_init(_worker: Any) -> None:
    threading.Thread(target=_scalda, name="riscaldamento", daemon=True).start()
