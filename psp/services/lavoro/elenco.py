"""The worklist: everything that is due in one list, the nearest first, with how much there is of each kind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from orientamento.anagrafica.models import Operatore, Ruolo
from orientamento.anagrafica.models.utente import ambito
from psp.services.lavoro.generi import GENERI, della_persona

PASSO = 20
RIGHE_MASSIME = 300
SENZA_LIMITE = 36_500
PREAVVISO_DEL_PROMEMORIA = 7
LOTTO = 1000

# The lines in sight of `VoceDiLavoro`, and one's own: reminders, also about nobody, and meetings that are over with the
# attendance unmarked, unless the work of somebody else is asked for. Those about people no longer seen are left out
# (A1). For a statement that reads more than the list: it takes what `parametri` answers.
VOCI = f"""
    SELECT genere, riga, utente_id, scade, oggetto, parole FROM psp_vocedilavoro
    WHERE {{di_chi}} AND dal <= %(oggi)s AND (al IS NULL OR al >= %(oggi)s) AND scade <= %(entro)s
    UNION ALL
    SELECT 'promemoria', p.id, p.utente_id, p.giorno, NULL, p.testo
    FROM psp_promemoria p LEFT JOIN anagrafica_utente u ON u.id = p.utente_id
    WHERE %(proprie)s AND p.operatore_id = %(operatore)s AND p.fatto_il IS NULL
      AND (p.utente_id IS NULL OR u.cpi_id = %(cpi)s)
      AND p.giorno <= %(oggi)s::date + {PREAVVISO_DEL_PROMEMORIA} AND p.giorno <= %(entro)s
    UNION ALL
    SELECT 'presenze', s.id, u.id, g.giorno, s.id, s.titolo
    FROM psp_seduta s CROSS JOIN LATERAL (SELECT (s.fine AT TIME ZONE 'Europe/Rome')::date) g (giorno)
    LEFT JOIN psp_iscrizione i ON i.seduta_id = s.id AND i.posto IS NOT NULL AND NOT s.di_gruppo
    LEFT JOIN anagrafica_utente u ON u.id = i.utente_id AND u.cpi_id = %(cpi)s
    WHERE %(proprie)s AND s.operatore_id = %(operatore)s AND s.cpi_id = %(cpi)s
      AND s.stato = 'fissata' AND s.fine <= %(adesso)s AND g.giorno <= %(entro)s
      AND EXISTS (SELECT FROM psp_iscrizione a WHERE a.seduta_id = s.id AND a.posto IS NOT NULL)
"""  # noqa: S608 - one number of ours
SCELTE = """
    SELECT * FROM voci WHERE %(generi)s::text[] IS NULL OR genere = ANY(%(generi)s::text[])
    ORDER BY scade, utente_id, genere, riga LIMIT %(mostra)s
"""
VOCI_IN_JSON = """
    (SELECT json_agg(r ORDER BY r.scade, r.utente_id, r.genere, r.riga) FROM (
        SELECT s.*, u.cognome || ' ' || u.nome AS persona, concat_ws(' ', o.first_name, o.last_name) AS riferimento
        FROM scelte s LEFT JOIN anagrafica_utente u ON u.id = s.utente_id
        LEFT JOIN anagrafica_operatore o ON o.id = u.operatore_riferimento_id) r)
"""
QUANTE_IN_JSON = "(SELECT json_object_agg(genere, n) FROM (SELECT genere, count(*) AS n FROM voci GROUP BY genere) q)"


@dataclass(frozen=True)
class Filtro:
    """What to show: the kinds (none: all), due within so many days (None: any), a supervisor's operator, how many."""

    generi: tuple[str, ...] = ()
    entro: int | None = None
    di: int | None = None
    mostra: int = PASSO

    def sceglie(self, genere: str) -> bool:
        return not self.generi or genere in self.generi


@dataclass(frozen=True)
class Voce:
    """One line: who, what, by when, where it is done.

    `giorni` are those left, negative when it is late; `quando` says them in words, `livello` how urgent they are: "",
    "attenzione", "errore".
    """

    genere: str
    pk: int
    utente_id: int | None
    persona: str
    url_persona: str
    riferimento: str
    testo: str
    url: str
    scade: dt.date
    giorni: int
    quando: str
    livello: str
    da_allora: bool


@dataclass(frozen=True)
class Lavoro:
    """`voci`: the lines to show. `quante`: how many there are of each kind. `altre`: how many are not shown."""

    voci: list[Voce] = field(default_factory=list)
    quante: dict[str, int] = field(default_factory=dict)
    altre: int = 0

    @property
    def totale(self) -> int:
        return sum(self.quante.values())


def di_chi(operatore: Operatore, di: int | None) -> str:
    """Whose lines (A1): one's own; for a supervisor the office's, those of operator `di` or, for 0, nobody's."""
    if operatore.ruolo != Ruolo.RESPONSABILE:
        return "cpi_id = %(cpi)s AND operatore_id = %(operatore)s"
    if di is None:
        return "cpi_id = %(cpi)s"
    return "cpi_id = %(cpi)s AND operatore_id " + ("= %(di)s" if di else "IS NULL")


def parametri(operatore: Operatore, filtro: Filtro, adesso: dt.datetime) -> dict[str, Any]:
    oggi = timezone.localdate(adesso)
    return {
        "adesso": adesso,
        "operatore": operatore.pk,
        "cpi": (ambito(operatore) or {}).get("cpi_id"),
        "di": filtro.di,
        "proprie": filtro.di in (None, operatore.pk),
        "oggi": oggi,
        "entro": oggi + dt.timedelta(days=SENZA_LIMITE if filtro.entro is None else filtro.entro),
        "generi": list(filtro.generi) or None,
        "mostra": filtro.mostra,
    }


def componi_lavoro(letto: dict[str, Any], filtro: Filtro, oggi: dt.date) -> Lavoro:
    """The list from what a statement has read as `VOCI_IN_JSON` and `QUANTE_IN_JSON`."""
    quante = letto["quante"] or {}
    voci = [_voce(riga, oggi) for riga in letto["voci"] or []]
    scelte = sum(n for chiave, n in quante.items() if filtro.sceglie(chiave))
    return Lavoro(voci, {chiave: quante[chiave] for chiave in GENERI if chiave in quante}, scelte - len(voci))


def tempo_che_resta(giorni: int) -> tuple[str, str]:
    """The days that are left in words, and how urgent they are."""
    if giorni < 0:
        return "Da ieri" if giorni == -1 else f"Da {-giorni} giorni", "errore"
    if giorni == 0:
        return "Oggi", "errore"
    return "Domani" if giorni == 1 else f"Tra {giorni} giorni", "attenzione" if giorni <= 7 else ""


def rifai_lavoro() -> int:
    """Make all lines again by the rule, a thousand people at a time. Returns how many were not right: none, always."""
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT utente_id FROM anagrafica_presaincarico WHERE chiusa_il IS NULL"
            " UNION SELECT utente_id FROM psp_vocedilavoro ORDER BY 1"
        )
        persone = [pk for (pk,) in cursore.fetchall()]
        cambiate = 0
        for primo in range(0, len(persone), LOTTO):
            cursore.execute("SELECT psp_lavoro_rifai(%s)", [persone[primo : primo + LOTTO]])
            cambiate += cursore.fetchone()[0]
    return cambiate


def _voce(riga: dict[str, Any], oggi: dt.date) -> Voce:
    genere = GENERI[riga["genere"]]
    scade = dt.date.fromisoformat(riga["scade"])
    giorni = (scade - oggi).days
    quando, livello = tempo_che_resta(giorni)
    return Voce(
        genere=genere.chiave,
        pk=riga["riga"],
        utente_id=riga["utente_id"],
        persona=riga["persona"] or "",
        url_persona=della_persona(riga),
        riferimento=riga["riferimento"],
        testo=genere.testo(riga),
        url=genere.url(riga),
        scade=scade,
        giorni=giorni,
        quando=quando,
        livello=livello,
        da_allora=genere.da_allora,
    )
