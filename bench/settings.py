"""The development settings with the benchmark's own pages."""

from orientamento.settings.sviluppo import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
