"""Where one citizen stands, in words: what the file page shows.

The page is opened all day long and shows a dozen small things, so those of this app and of the ones below are read by
one statement, which holds what the services of the CV and of the propensioni read.
"""

from __future__ import annotations

import datetime as dt
import json
from itertools import groupby
from typing import Any

from django.db import connection

from curriculum.services.lettura import IN_JSON as CURRICULUM_IN_JSON
from curriculum.services.lettura import curriculum_e_luoghi, curriculum_e_luoghi_letti
from orientamento.anagrafica.models import DID, EsitoConsenso, Finalita, Operatore, Programma, Utente
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.comune.calendario import oggi
from orientamento.registro.azioni import Azione
from propensioni.services.lettura import IN_JSON as PROPENSIONI_IN_JSON
from propensioni.services.lettura import propensioni_di
from psp.models import IN_LAVORAZIONE, IN_VIGORE, StatoPatto

RIGHE_CRONOLOGIA = 20

DATE = {"data", "dal", "al", "firmato_il", "valido_al"}
ISTANTI = {"quando", "inizio", "aperto_il", "salvato_il", "creato_il", "registrato_il", "revocato_il", "concluso_il"}

# Openings are left out of the timeline: those are in the register.
LETTURA = f"""
SELECT json_build_object(
  'curriculum', {CURRICULUM_IN_JSON},
  'propensioni', {PROPENSIONI_IN_JSON},
  'presa_in_carico', (SELECT row_to_json(r) FROM (
      SELECT p.data, concat_ws(' ', o.first_name, o.last_name) AS operatore
      FROM anagrafica_presaincarico p JOIN anagrafica_operatore o ON o.id = p.operatore_id
      WHERE p.utente_id = u.id AND p.chiusa_il IS NULL) r),
  'consensi', (SELECT json_agg(r) FROM (
      SELECT DISTINCT ON (finalita) finalita, esito, registrato_il, revocato_il FROM anagrafica_consenso
      WHERE utente_id = u.id ORDER BY finalita, registrato_il DESC, id DESC) r),
  'did', (SELECT row_to_json(r) FROM (
      SELECT d.data, d.stato, p.nome AS programma, p.giorni_per_patto
      FROM anagrafica_did d JOIN anagrafica_programma p ON p.id = d.programma_id
      WHERE d.utente_id = u.id AND d.stato IN ('valida', 'sospesa')) r),
  'colloquio', (SELECT row_to_json(r) FROM (
      SELECT c.id AS pk, c.aperto_il, c.salvato_il, concat_ws(' ', o.first_name, o.last_name) AS salvato_da
      FROM psp_colloquio c LEFT JOIN anagrafica_operatore o ON o.id = c.salvato_da_id
      WHERE c.utente_id = u.id AND c.concluso_il IS NULL) r),
  'colloqui_conclusi', (SELECT json_agg(r) FROM (
      SELECT id AS pk, concluso_il FROM psp_colloquio
      WHERE utente_id = u.id AND concluso_il IS NOT NULL ORDER BY concluso_il DESC, id DESC) r),
  'appuntamento', (SELECT row_to_json(r) FROM (
      SELECT s.id AS pk, s.titolo, s.inizio, concat_ws(' ', o.first_name, o.last_name) AS operatore
      FROM psp_iscrizione i JOIN psp_seduta s ON s.id = i.seduta_id JOIN anagrafica_operatore o ON o.id = s.operatore_id
      WHERE i.utente_id = u.id AND i.stato = 'prenotata' AND i.fine > now() ORDER BY i.inizio LIMIT 1) r),
  'patti', (SELECT json_agg(r) FROM (
      SELECT p.id AS pk, p.stato, p.colloquio_id, p.creato_il, p.firmato_il, p.valido_al,
             concat_ws(' ', o.first_name, o.last_name) AS autore
      FROM psp_pattodiservizio p JOIN anagrafica_operatore o ON o.id = p.autore_id
      WHERE p.utente_id = u.id ORDER BY p.creato_il DESC, p.id DESC) r),
  'titoli', (SELECT json_agg(r) FROM (
      SELECT descrizione, anno, conseguito FROM anagrafica_titolostudio
      WHERE utente_id = u.id ORDER BY livello DESC, anno DESC, id) r),
  'esperienze', (SELECT json_agg(r) FROM (
      SELECT mansione, datore, dal, al FROM anagrafica_esperienza
      WHERE utente_id = u.id ORDER BY al DESC NULLS FIRST, dal DESC, id) r),
  'lingue', (SELECT json_agg(r) FROM (
      SELECT lingua, madrelingua, parlato FROM anagrafica_linguaconosciuta
      WHERE utente_id = u.id ORDER BY madrelingua DESC, lingua) r),
  'competenze', (SELECT json_agg(r) FROM (
      SELECT descrizione FROM anagrafica_competenzapersonale
      WHERE utente_id = u.id ORDER BY genere, descrizione) r),
  'eventi', (SELECT json_agg(r) FROM (
      SELECT azione, attore_nome, quando FROM registro_evento
      WHERE utente_id = u.id AND azione <> 'fascicolo_aperto' ORDER BY quando DESC, id DESC LIMIT 60) r)
)::text
FROM (SELECT %s::bigint AS id) u
"""  # noqa: S608 - no value stands in the text


def situazione_di(utente: Utente, *, operatore: Operatore) -> dict[str, Any]:
    """Everything the page needs, read once. For matching: propensioni and CV only."""
    contesto: dict[str, Any] = {
        "vede_tutto": puo(operatore, Permesso.VEDERE_FASCICOLO),
        "vede_registro": puo(operatore, Permesso.VEDERE_REGISTRO),
        "puo_riassegnare": puo(operatore, Permesso.RIASSEGNARE_FASCICOLO),
    }
    if contesto["vede_tutto"]:
        return contesto | _fascicolo(utente)
    return contesto | {"propensioni": propensioni_di(utente), **curriculum_e_luoghi(utente, giorno=oggi())}


def _fascicolo(utente: Utente) -> dict[str, Any]:
    with connection.cursor() as cursore:
        cursore.execute(LETTURA, [utente.pk])
        letto = json.loads(cursore.fetchone()[0], object_hook=_con_le_date)
    elenchi = ("propensioni", "colloqui_conclusi", "titoli", "esperienze", "lingue", "competenze")
    liste = {chiave: letto[chiave] or [] for chiave in elenchi}
    return {
        "presa_in_carico": letto["presa_in_carico"],
        "consensi": [_consenso(riga) for riga in letto["consensi"] or []],
        "did": _did(letto["did"]),
        "colloquio": letto["colloquio"],
        "appuntamento": letto["appuntamento"],
        "cronologia": _cronologia(letto["eventi"] or []),
        **curriculum_e_luoghi_letti(letto["curriculum"], giorno=oggi()),
        **_patti(letto["patti"] or []),
        **liste,
    }


def _con_le_date(riga: dict[str, Any]) -> dict[str, Any]:
    for campo, valore in riga.items():
        if valore and campo in DATE:
            riga[campo] = dt.date.fromisoformat(valore)
        elif valore and campo in ISTANTI:
            riga[campo] = dt.datetime.fromisoformat(valore)
    return riga


def _did(riga: dict[str, Any] | None) -> DID | None:
    if riga is None:
        return None
    programma = Programma(nome=riga["programma"], giorni_per_patto=riga["giorni_per_patto"])
    return DID(data=riga["data"], stato=riga["stato"], programma=programma)


def _consenso(riga: dict[str, Any]) -> dict[str, Any]:
    return {**riga, "finalita": Finalita(riga["finalita"]).label, "esito": EsitoConsenso(riga["esito"]).label}


def _patti(righe: list[dict[str, Any]]) -> dict[str, Any]:
    patti = [{**riga, "get_stato_display": StatoPatto(riga["stato"]).label} for riga in righe]
    return {
        "patto_in_lavorazione": next((p for p in patti if p["stato"] in IN_LAVORAZIONE), None),
        "patto_in_vigore": next((p for p in patti if p["stato"] in IN_VIGORE), None),
        "patti_passati": [p for p in patti if p["stato"] not in (*IN_LAVORAZIONE, *IN_VIGORE)],
    }


def _cronologia(eventi: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Newest first; what one person did again in the same minute is one line."""
    gruppi = groupby(
        eventi, key=lambda e: (e["azione"], e["attore_nome"], e["quando"].replace(second=0, microsecond=0))
    )
    righe = [
        {"quando": quando, "chi": chi, "azione": Azione(azione).label, "volte": len(list(gruppo))}
        for (azione, chi, quando), gruppo in gruppi
    ]
    return righe[:RIGHE_CRONOLOGIA]
