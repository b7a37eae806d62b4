"""The kinds of things that fall due, one table: where each is read and what its line says (U3, M1, M3, T4).

The page is opened all day long by people with hundreds of cases, so all kinds are read by one statement. Each `sql`
answers `pk`, `utente_id`, `scade` and, where the line needs it, `oggetto` (the key of its page) and `parole`; it reads
`seguiti` (the people it is about) and takes `oggi` and `operatore`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from curriculum.services.elenchi import RIFIUTI_DI_LAVORO
from curriculum.services.scadenze import VOCI_DI_LAVORO
from psp.models import Frequenza, StatoMisura

PREAVVISO_DEL_PATTO = 30
PREAVVISO_DEL_PROMEMORIA = 7
GIORNI_SENZA_NOTIZIE = 60

Riga = dict[str, Any]


@dataclass(frozen=True)
class Genere:
    """`da_allora`: its day says since when, and does not make the line late."""

    chiave: str
    nome: str
    sql: str
    testo: Callable[[Riga], str]
    url: Callable[[Riga], str]
    da_allora: bool = False


# One's own, also about nobody; about people who are no longer seen they are left out.
_PROMEMORIA = f"""
    SELECT p.id AS pk, p.utente_id, p.giorno AS scade, NULL::bigint AS oggetto, p.testo AS parole
    FROM psp_promemoria p
    WHERE p.operatore_id = %(operatore)s AND p.fatto_il IS NULL
      AND p.giorno <= %(oggi)s::date + {PREAVVISO_DEL_PROMEMORIA}
      AND (p.utente_id IS NULL OR p.utente_id = ANY(%(visti)s))
"""
# In charge with a DID in force and no pact in force: the clock of U3.
_DA_SCRIVERE = """
    SELECT d.id, d.utente_id, d.data + p.giorni_per_patto, NULL::bigint, to_char(d.data, 'DD/MM/YYYY') || ', ' || p.nome
    FROM anagrafica_did d JOIN anagrafica_programma p ON p.id = d.programma_id
    WHERE d.stato IN ('valida', 'sospesa') AND d.utente_id = ANY(ARRAY(SELECT id FROM seguiti))
      AND NOT EXISTS (SELECT FROM psp_pattodiservizio v
                      WHERE v.utente_id = d.utente_id AND v.stato IN ('firmato', 'sospeso'))
"""
# Sent back by the reviewer and not yet sent again.
_RIMANDATI = """
    SELECT p.id, p.utente_id, (max(r.fatta_il) AT TIME ZONE 'Europe/Rome')::date, p.id, ''
    FROM psp_pattodiservizio p JOIN psp_revisione r ON r.patto_id = p.id AND r.esito = 'rimandato'
    WHERE p.stato = 'bozza' AND p.utente_id = ANY(ARRAY(SELECT id FROM seguiti)) GROUP BY p.id
"""
# Approved: the citizen is waited for.
_DA_FIRMARE = """
    SELECT p.id, p.utente_id, (p.proposto_il AT TIME ZONE 'Europe/Rome')::date, p.id, ''
    FROM psp_pattodiservizio p
    WHERE p.stato = 'proposto' AND p.utente_id = ANY(ARRAY(SELECT id FROM seguiti))
"""
# Here and below, OFFSET 0 keeps what is read for each row out of the function's arguments, which may then be inlined.
_ATTI = """
    SELECT * FROM (
        SELECT a.id, p.utente_id,
               psp_scadenza_atto(a.frequenza, a.entro_il, COALESCE(p.valido_dal, p.firmato_il), mostrato.il),
               a.id, a.descrizione
        FROM psp_pattodiservizio p JOIN psp_attoricerca a ON a.patto_id = p.id
        CROSS JOIN LATERAL (SELECT max(v.fatto_il) AS il FROM psp_provaatto v
                            WHERE v.atto_id = a.id AND v.esito <> 'non_accolta' OFFSET 0) mostrato
        WHERE p.stato IN ('firmato', 'sospeso') AND p.utente_id = ANY(ARRAY(SELECT id FROM seguiti))
    ) atti (pk, utente_id, scade) WHERE scade < %(oggi)s
"""
_PROVE = """
    SELECT v.id, p.utente_id, v.fatto_il, v.atto_id, v.descrizione
    FROM psp_provaatto v JOIN psp_attoricerca a ON a.id = v.atto_id JOIN psp_pattodiservizio p ON p.id = a.patto_id
    WHERE v.esito = '' AND p.utente_id = ANY(ARRAY(SELECT id FROM seguiti))
"""
# Not started on the planned day, or not closed on the planned last day.
_MISURE = """
    SELECT * FROM (
        SELECT m.id, p.utente_id, CASE m.stato WHEN 'concordata' THEN m.inizio_previsto ELSE m.fine_prevista END,
               m.id, m.stato || ' ' || s.nome
        FROM psp_pattodiservizio p JOIN psp_misura m ON m.patto_id = p.id JOIN psp_servizio s ON s.id = m.servizio_id
        WHERE p.stato IN ('firmato', 'sospeso') AND p.utente_id = ANY(ARRAY(SELECT id FROM seguiti))
          AND m.stato IN ('concordata', 'avviata')
    ) misure (pk, utente_id, scade) WHERE scade < %(oggi)s
"""
# The agreed frequency of contacts has passed since the person was last met (art. 20).
_CONTATTI = """
    SELECT * FROM (
        SELECT p.id, p.utente_id, psp_prossima_volta(p.frequenza_contatti, visto.il), NULL::bigint,
               p.frequenza_contatti || ' ' || to_char(visto.il, 'DD/MM/YYYY')
        FROM psp_pattodiservizio p CROSS JOIN LATERAL (SELECT GREATEST(
            p.firmato_il,
            (SELECT (max(i.inizio) AT TIME ZONE 'Europe/Rome')::date FROM psp_iscrizione i
             WHERE i.utente_id = p.utente_id AND i.stato = 'presente'),
            (SELECT max(s.data) FROM psp_appuntamento s JOIN psp_colloquio c ON c.id = s.colloquio_id
             WHERE c.utente_id = p.utente_id)) AS il OFFSET 0) visto
        WHERE p.stato = 'firmato' AND p.utente_id = ANY(ARRAY(SELECT id FROM seguiti))
    ) contatti (pk, utente_id, scade) WHERE scade < %(oggi)s
"""
_CURRICULA = f"SELECT pk, utente_id, scade, NULL::bigint, '' FROM ({VOCI_DI_LAVORO}) curricula"
_RIFIUTI = f"SELECT pk, utente_id, scade, NULL::bigint, parole FROM ({RIFIUTI_DI_LAVORO}) rifiuti"
_PATTI_IN_SCADENZA = f"""
    SELECT id, utente_id, valido_al, id, '' FROM psp_pattodiservizio
    WHERE stato IN ('firmato', 'sospeso') AND utente_id = ANY(ARRAY(SELECT id FROM seguiti))
      AND valido_al <= %(oggi)s::date + {PREAVVISO_DEL_PATTO}
"""
# Nobody has done anything for the person for long; to look at a file is not to do something.
_FERMI = f"""
    SELECT u.id, u.id, (COALESCE(e.quando, u.creato_il) AT TIME ZONE 'Europe/Rome')::date, NULL::bigint, ''
    FROM anagrafica_utente u LEFT JOIN LATERAL (
        SELECT quando FROM registro_evento WHERE utente_id = u.id AND azione <> 'fascicolo_aperto'
        ORDER BY quando DESC LIMIT 1) e ON true
    WHERE u.id = ANY(ARRAY(SELECT id FROM seguiti))
      AND (COALESCE(e.quando, u.creato_il) AT TIME ZONE 'Europe/Rome')::date
          <= %(oggi)s::date - {GIORNI_SENZA_NOTIZIE}
"""


def _misura(riga: Riga) -> str:
    stato, _, nome = riga["parole"].partition(" ")
    return f"{'Avviare' if stato == StatoMisura.CONCORDATA else 'Concludere'} la misura: {nome}"


def _contatto(riga: Riga) -> str:
    frequenza, _, giorno = riga["parole"].partition(" ")
    return f"Sentire la persona, {Frequenza(frequenza).label.lower()}: l'ultima volta il {giorno}"


def _della_persona(riga: Riga) -> str:
    return reverse("psp:utente", args=[riga["utente_id"]]) if riga["utente_id"] else ""


def _del_patto(riga: Riga) -> str:
    return reverse("psp:patto", args=[riga["oggetto"]])


def _dell_atto(riga: Riga) -> str:
    return f"{reverse('psp:attivita', args=[riga['utente_id']])}#atto-{riga['oggetto']}"


GENERI: dict[str, Genere] = {
    genere.chiave: genere
    for genere in (
        Genere("promemoria", "Promemoria", _PROMEMORIA, lambda r: str(r["parole"]), _della_persona),
        Genere(
            "patto",
            "Patti da scrivere",
            _DA_SCRIVERE,
            lambda r: f"Scrivere il patto: DID del {r['parole']}",
            _della_persona,
        ),
        Genere(
            "rimandato",
            "Patti rimandati",
            _RIMANDATI,
            lambda _: "Correggere il patto rimandato dal revisore",
            _del_patto,
            da_allora=True,
        ),
        Genere(
            "firma",
            "Patti da firmare",
            _DA_FIRMARE,
            lambda _: "Stampare il patto approvato, farlo firmare, archiviare la copia",
            _del_patto,
            da_allora=True,
        ),
        Genere("atto", "Atti in ritardo", _ATTI, lambda r: f"Chiedere conto dell'atto: {r['parole']}", _dell_atto),
        Genere(
            "prova",
            "Prove da verificare",
            _PROVE,
            lambda r: f"Verificare la prova: {r['parole']}",
            _dell_atto,
            da_allora=True,
        ),
        Genere("misura", "Misure in ritardo", _MISURE, _misura, lambda r: reverse("psp:misura", args=[r["oggetto"]])),
        Genere(
            "contatto",
            "Contatti dovuti",
            _CONTATTI,
            _contatto,
            lambda r: f"{reverse('psp:nuova_seduta')}?utente={r['utente_id']}",
        ),
        Genere(
            "curriculum",
            "Curriculum in scadenza",
            _CURRICULA,
            lambda _: "Rivedere il curriculum",
            lambda r: reverse("curriculum:pannello", args=[r["utente_id"]]),
        ),
        Genere(
            "rifiuto",
            "Rifiuti del portale",
            _RIFIUTI,
            lambda r: f"Il portale ha rifiutato: {r['parole']}",
            lambda r: reverse("curriculum:pannello", args=[r["utente_id"]]),
            da_allora=True,
        ),
        Genere(
            "scadenza", "Patti in scadenza", _PATTI_IN_SCADENZA, lambda _: "Rinnovare o chiudere il patto", _del_patto
        ),
        Genere(
            "fermo",
            "Fermi da tempo",
            _FERMI,
            lambda _: "Nessuna attività da allora: riprendere il caso",
            _della_persona,
            da_allora=True,
        ),
    )
}


def tutte() -> str:
    """The statements of all kinds as one, each row with its `genere`."""
    return " UNION ALL ".join(
        f"SELECT '{g.chiave}' AS genere, v.* FROM ({g.sql}) v (pk, utente_id, scade, oggetto, parole)"
        for g in GENERI.values()
    )
