"""`python -m bench [--json] [--utenti N]`: measures everything and exits with 1 when a goal is missed."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys

import django

COLONNE = "{:<58} {:>11} {:>11} {:>7} {:>9}  {}"


def principale() -> int:
    forma = argparse.ArgumentParser(prog="bin/bench", description="Misura i tempi come rapporti nella stessa corsa.")
    forma.add_argument("--json", action="store_true", help="una riga per misura, per le macchine")
    forma.add_argument("--utenti", type=int, default=250_000, help="quante persone nel database")
    scelte = forma.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    logging.disable(logging.WARNING)

    from bench.righe import misura_tutto

    righe = misura_tutto(scelte.utenti)
    if scelte.json:
        print(
            json.dumps(
                [
                    {
                        "name": r.name,
                        "ours": r.ours,
                        "limit": r.limit,
                        "ratio": round(r.ratio, 3),
                        "goal": r.goal,
                        "met": r.met,
                    }
                    for r in righe
                ],
                indent=2,
            )
        )
    else:
        print(COLONNE.format("misura", "nostra ms", "limite ms", "volte", "meta", ""))
        for r in righe:
            meta = "" if r.goal is None else f"≤ {r.goal:g}"
            verdetto = {None: "", True: "raggiunta", False: "MANCATA"}[r.met]
            tempi = (f"{r.ours * 1000:.3f}", f"{r.limit * 1000:.3f}", f"{r.ratio:.2f}")
            print(COLONNE.format(r.name, *tempi, meta, verdetto))
    return 0 if all(r.met is not False for r in righe) else 1


if __name__ == "__main__":
    sys.exit(principale())
