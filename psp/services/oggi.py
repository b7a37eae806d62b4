"""The work of the day: what falls due, today's meetings, interviews to resume, pacts to review.

The home page is opened all day long, so all that it shows is read by one statement (decisions 010 and 018).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from orientamento.anagrafica.models import Operatore
from psp.models import PattoDiServizio, Seduta
from psp.services.agenda.chi import PASSATA
from psp.services.agenda.giorni import inizio_del_giorno, ora_di
from psp.services.lavoro.elenco import (
    QUANTE_IN_JSON,
    SCELTE,
    VOCI,
    VOCI_IN_JSON,
    Filtro,
    Lavoro,
    componi_lavoro,
    di_chi,
    parametri,
)

DA_RIPRENDERE = 8

LETTURA = f"""
WITH voci AS MATERIALIZED ({VOCI}), scelte AS ({SCELTE})
SELECT json_build_object(
  'voci', {VOCI_IN_JSON},
  'quante', {QUANTE_IN_JSON},
  'appuntamenti', (SELECT json_agg(r ORDER BY r.inizio, r.pk) FROM (
      SELECT s.id AS pk, s.inizio, s.titolo, s.di_gruppo, s.modo, s.posti, l.nome AS luogo,
             CASE WHEN NOT s.di_gruppo THEN (
                 SELECT CASE WHEN u.cpi_id = s.cpi_id THEN u.cognome || ' ' || u.nome ELSE %(passata)s END
                 FROM psp_iscrizione i JOIN anagrafica_utente u ON u.id = i.utente_id
                 WHERE i.seduta_id = s.id AND i.stato <> 'annullata' LIMIT 1) END AS persona,
             (SELECT count(*) FROM psp_iscrizione i WHERE i.seduta_id = s.id AND i.posto IS NOT NULL) AS iscritti
      FROM psp_seduta s LEFT JOIN psp_luogo l ON l.id = s.luogo_id
      WHERE s.operatore_id = %(operatore)s AND s.cpi_id = %(cpi)s AND s.stato <> 'annullata'
        AND s.inizio >= %(inizio)s AND s.inizio < %(fine)s) r),  -- none goes beyond midnight
  'riprendere', (SELECT json_agg(r ORDER BY r.salvato_il DESC) FROM (
      SELECT c.id AS pk, c.utente_id, u.cognome || ' ' || u.nome AS persona, c.salvato_il,
             EXISTS (SELECT FROM psp_pattodiservizio p
                     WHERE p.colloquio_id = c.id AND p.stato NOT IN ('bozza', 'annullato')) AS firmato
      FROM psp_colloquio c JOIN anagrafica_utente u ON u.id = c.utente_id
      WHERE c.salvato_da_id = %(operatore)s AND c.concluso_il IS NULL AND u.cpi_id = %(cpi)s
        AND NOT EXISTS (SELECT FROM psp_pattodiservizio p
                        WHERE p.colloquio_id = c.id AND p.stato IN ('in_revisione', 'proposto'))
      ORDER BY c.salvato_il DESC LIMIT {DA_RIPRENDERE}) r),
  'filtri', (SELECT json_agg(r ORDER BY r.nome) FROM (
      SELECT id AS pk, nome, parametri FROM psp_filtrosalvato WHERE operatore_id = %(operatore)s) r)
)::text
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True)
class Giornata:
    """What the home page shows. `filtri` are one's own, each with `pk`, `nome`, `parametri`."""

    lavoro: Lavoro
    appuntamenti: list[dict[str, Any]]
    riprendere: list[dict[str, Any]]
    filtri: list[dict[str, Any]]


def giornata_di(operatore: Operatore, filtro: Filtro, adesso: dt.datetime) -> Giornata:
    """The day of `operatore`, in one statement however many the cases and the kinds are (A1).

    The interviews to resume are those that they saved last, the newest first, without those whose pact is with the
    supervisor or waits for its signature; where it is signed (`firmato`) the interview is to be concluded.
    """
    oggi = timezone.localdate(adesso)
    voci = {
        **parametri(operatore, filtro, adesso),
        "inizio": inizio_del_giorno(oggi),
        "fine": inizio_del_giorno(oggi + dt.timedelta(days=1)),
        "passata": PASSATA,
    }
    with connection.cursor() as cursore:
        cursore.execute(LETTURA.format(di_chi=di_chi(operatore, filtro.di)), voci)
        letto = json.loads(cursore.fetchone()[0])
    return Giornata(
        componi_lavoro(letto, filtro, oggi),
        [_appuntamento(riga) for riga in letto["appuntamenti"] or []],
        [{**riga, "salvato_il": dt.datetime.fromisoformat(riga["salvato_il"])} for riga in letto["riprendere"] or []],
        letto["filtri"] or [],
    )


def _appuntamento(riga: dict[str, Any]) -> dict[str, Any]:
    return {
        **riga,
        "ora_inizio": ora_di(dt.datetime.fromisoformat(riga["inizio"])),
        "modo": Seduta.Modo(riga["modo"]).label,
        "a_distanza": riga["modo"] != Seduta.Modo.PRESENZA,
        "url": reverse("psp:seduta", args=[riga["pk"]]),
    }


def riassunto_revisioni(operatore: Operatore, adesso: dt.datetime) -> dict[str, Any]:
    """How many pacts wait for a review in the office, and for how long the oldest has been waiting (T4)."""
    coda = PattoDiServizio.objects.visibili_a(operatore).da_revisionare().values_list("inviato_il", flat=True)
    attese = [inviato_il for inviato_il in coda if inviato_il]
    return {"quanti": len(attese), "giorni": (adesso - attese[0]).days if attese else 0}
