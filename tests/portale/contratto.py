"""The contract as a judge: whether a request keeps to it, and answers made from its schemas."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import uuid
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import yaml
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

import curriculum.portale
from tests.portale.finto import Chiamata

CONTRATTO = yaml.safe_load((Path(curriculum.portale.__file__).parent / "contratto.yaml").read_text("utf-8"))
_NOME = "urn:contratto"
_DOCUMENTI = Registry().with_resource(_NOME, Resource(contents=CONTRATTO, specification=DRAFT202012))
_FORMATI = FormatChecker(formats=("email", "date"))
METODI = ("get", "put", "post", "delete")


@_FORMATI.checks("uuid")
def _uuid(valore: object) -> bool:
    return not isinstance(valore, str) or _legge(valore)


@_FORMATI.checks("date-time", raises=ValueError)
def _momento(valore: object) -> bool:
    if isinstance(valore, str):
        if not re.match(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d", valore, re.ASCII):
            return False
        return dt.datetime.fromisoformat(valore.upper()).tzinfo is not None
    return True


def _legge(valore: str) -> bool:
    try:
        return str(uuid.UUID(valore)) == valore.lower()
    except ValueError:
        return False


@cache
def validatore(*punti: str) -> Draft202012Validator:
    """For the schema that stands at that place of the contract."""
    dove = "/".join(quote(p.replace("~", "~0").replace("/", "~1"), safe="") for p in punti)
    return Draft202012Validator({"$ref": f"{_NOME}#/{dove}"}, registry=_DOCUMENTI, format_checker=_FORMATI)


def schema(nome: str) -> Draft202012Validator:
    return validatore("components", "schemas", nome)


def risolto(nodo: dict[str, Any]) -> dict[str, Any]:
    """The node, or the one of the components that it refers to."""
    while "$ref" in nodo:
        trovato: Any = CONTRATTO
        for pezzo in nodo["$ref"].removeprefix("#/").split("/"):
            trovato = trovato[pezzo]
        nodo = trovato
    return nodo


def controlla(chiamata: Chiamata, *, gettone: str, cliente: str, segreto: str) -> tuple[str, Any]:
    """The operation that the request is, and its body as data. Fails where the request breaks the contract."""
    voce = CONTRATTO["paths"].get(chiamata.percorso, {})
    operazione = voce.get(chiamata.metodo.lower())
    assert operazione, f"{chiamata.metodo} {chiamata.percorso}: the contract knows no such operation"
    for parametro in map(risolto, [*voce.get("parameters", []), *operazione.get("parameters", [])]):
        assert parametro["in"] == "header"
        valore = chiamata.intestazioni.get(parametro["name"].lower())
        assert valore is not None, parametro["name"]
        Draft202012Validator(risolto(parametro["schema"]), format_checker=_FORMATI).validate(valore)
    autorizzazione = chiamata.intestazioni["authorization"]
    if operazione.get("security") == [{"applicazione": []}]:
        assert autorizzazione == "Basic " + base64.b64encode(f"{cliente}:{segreto}".encode()).decode()
    else:
        assert autorizzazione == f"Bearer {gettone}"
    return operazione["operationId"], _corpo(chiamata, operazione)


def _corpo(chiamata: Chiamata, operazione: dict[str, Any]) -> Any:
    if "requestBody" not in operazione:
        assert chiamata.corpo == b""
        return None
    tipo, _, resto = chiamata.intestazioni["content-type"].partition(";")
    assert tipo in operazione["requestBody"]["content"]
    luogo = ("paths", chiamata.percorso, chiamata.metodo.lower(), "requestBody", "content", tipo, "schema")
    if tipo == "multipart/form-data":
        return _parti(chiamata, resto, operazione["requestBody"]["content"][tipo])
    if tipo == "application/json":
        dati = json.loads(chiamata.corpo.decode("utf-8"))
    else:
        dati = {nome: valori[0] for nome, valori in parse_qs(chiamata.corpo.decode("ascii")).items()}
    validatore(*luogo).validate(dati)
    return dati


def _parti(chiamata: Chiamata, resto: str, contenuto: dict[str, Any]) -> dict[str, Any]:
    trovato = re.fullmatch(r'\s*boundary="?([^";]{1,70})"?', resto)
    assert trovato
    lettore = MultipartDecoder(trovato[1].encode())
    lettore.receive_data(chiamata.corpo)
    lettore.receive_data(None)
    parti: dict[str, bytes] = {}
    nome = ""
    while not isinstance(evento := lettore.next_event(), Epilogue):
        if isinstance(evento, Field | File):
            nome = evento.name
            assert nome not in parti
            parti[nome] = b""
            assert evento.headers["Content-Type"] == contenuto["encoding"][nome]["contentType"]
            assert isinstance(evento, File) == (nome == "file")
        elif isinstance(evento, Data):
            parti[nome] += evento.data
    assert set(parti) == set(contenuto["schema"]["required"])
    dati = json.loads(parti["dati"].decode("utf-8"))
    schema("DatiCurriculum").validate(dati)
    return {"dati": dati, "file": parti["file"]}


def esempi(nodo: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema allows, the extra properties that answers may have included."""
    nodo = risolto(nodo)
    if "enum" in nodo:
        return st.sampled_from(nodo["enum"])
    if "const" in nodo:
        return st.just(nodo["const"])
    tipo = nodo["type"]
    if tipo == "object":
        proprieta = {nome: esempi(voce) for nome, voce in nodo["properties"].items()}
        obbligate = {nome: proprieta.pop(nome) for nome in nodo["required"]}
        in_piu = st.dictionaries(st.text(min_size=12, max_size=20), st.none() | st.text(max_size=5), max_size=2)
        noto = st.fixed_dictionaries(obbligate, optional=proprieta)
        return st.tuples(in_piu, noto).map(lambda coppia: {**coppia[0], **coppia[1]})
    if tipo == "integer":
        interi = st.integers(nodo.get("minimum", -(10**6)), nodo.get("maximum", 10**12))
        return interi | interi.filter(lambda n: abs(n) < 2**50).map(float)
    if tipo == "boolean":
        return st.booleans()
    if nodo.get("format") == "date-time":
        fusi = st.timezones() | st.just(dt.UTC)
        return st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30), timezones=fusi).flatmap(_scritture)
    if nodo.get("format") == "uuid":
        return st.uuids().map(str) | st.uuids().map(lambda u: str(u).upper())
    if "pattern" in nodo:
        return st.from_regex(nodo["pattern"].removesuffix("$"), fullmatch=True)
    return st.text(min_size=nodo.get("minLength", 0), max_size=30)


def _scritture(momento: dt.datetime) -> st.SearchStrategy[str]:
    """The ways in which RFC 3339 lets one write it. Zones of centuries ago had seconds, which it cannot write."""
    if momento.utcoffset().total_seconds() % 60:  # type: ignore[union-attr]
        momento = momento.replace(tzinfo=dt.UTC)
    scritto = momento.isoformat()
    forme = [scritto, scritto.lower()]
    if scritto.endswith("+00:00"):
        forme += [scritto[:-6] + "Z", scritto[:-6].lower() + "z"]
    return st.sampled_from(forme)
