"""Settings of gunicorn for the portal to try against: one process, several threads; the address is given to it."""

from pathlib import Path

worker_class = "gthread"
workers = 1
threads = 16
timeout = 60
graceful_timeout = 3
keepalive = 30
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes an unlinked file there
