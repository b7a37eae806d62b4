"""Who may import whom: the contracts of pyproject.toml, walked over the real imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

RADICE = Path(__file__).resolve().parent.parent


def test_every_import_goes_down_and_through_services() -> None:
    esito = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=RADICE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert esito.returncode == 0, esito.stdout + esito.stderr
