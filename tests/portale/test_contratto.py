"""The contract itself: a sound OpenAPI document, with no key written twice; nothing else knows it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from openapi_spec_validator import validate

from orientamento.avvio.luoghi import RADICE
from tests.portale import contratto

PORTALE = RADICE / "curriculum" / "portale"


class _SenzaDoppi(yaml.SafeLoader):
    def construct_mapping(self, nodo: Any, deep: bool = False) -> dict[Any, Any]:
        chiavi = [self.construct_object(chiave) for chiave, _ in nodo.value]
        assert len(chiavi) == len(set(chiavi)), f"{nodo.start_mark}: {chiavi}"
        return super().construct_mapping(nodo, deep=deep)


def test_it_is_a_sound_document() -> None:
    letto = yaml.load((PORTALE / "contratto.yaml").read_text("utf-8"), Loader=_SenzaDoppi)
    validate(letto)
    assert letto == contratto.CONTRATTO


def test_no_address_says_whom_it_is_about() -> None:
    """V2, A2: addresses end in the logs of every machine on the way; the citizen is named in a header."""
    for percorso, voce in contratto.CONTRATTO["paths"].items():
        assert "{" not in percorso
        operazioni = [voce[metodo] for metodo in contratto.METODI if metodo in voce]
        for parametro in [uno for chi in (voce, *operazioni) for uno in chi.get("parameters", [])]:
            assert contratto.risolto(parametro)["in"] == "header", percorso


def test_only_the_client_speaks_http() -> None:
    """Another portal means another client, and nothing else."""
    ammessi = {PORTALE / "client.py", PORTALE / "gettone.py", PORTALE / "rete.py"}
    altrove = (RADICE / "orientamento" / "avvio", PORTALE / "prova")  # what starts things, and the other side
    librerie = r"httpx|httpcore|requests|authlib|http\.client|urllib\.request"
    importa = re.compile(rf"^\s*(?:import|from) (?:{librerie})\b", re.M)
    colpevoli = [
        modulo
        for cartella in ("orientamento", "propensioni", "curriculum", "psp")
        for modulo in (RADICE / cartella).rglob("*.py")
        if modulo not in ammessi and not any(modulo.is_relative_to(a) for a in altrove)
        if importa.search(modulo.read_text("utf-8"))
    ]
    assert colpevoli == []


def test_the_client_knows_no_models() -> None:
    for modulo in PORTALE.glob("*.py"):
        testo = modulo.read_text("utf-8")
        importati = re.findall(r"^(?:from|import) (\S+)", testo, re.M)
        nostri = [n for n in importati if n.split(".")[0] in ("orientamento", "propensioni", "curriculum", "psp")]
        assert all(n.startswith("curriculum.portale") for n in nostri), Path(modulo).name
