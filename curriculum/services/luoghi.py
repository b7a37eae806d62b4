"""Where the CV of a citizen stands: here, on the portal, in Intuition, each with how we know (V3, V4, V5).

One statement reads, the rest puts it in words and touches no database. The card of the panel, the line of the
citizen's page and the page that updates itself all read from here, so that they never say different things.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

from curriculum.models import (
    APERTI,
    ComeLoSappiamo,
    LuogoCurriculum,
    Operazione,
    StatoRegistrazione,
    StatoTrasferimento,
)
from orientamento.anagrafica.models import Utente
from orientamento.comune.calendario import giorno_e_ora as _quando

GIORNI = {"valido_fino_al", "curriculum_valido_fino_al"}

# Of the operations: those that are open, and of each kind the last one that ended.
# `u.id` is the citizen: a statement of another app that reads a citizen may hold it too.
IN_JSON = """json_build_object(
  'attuale', (SELECT row_to_json(r) FROM (
      SELECT id, caricato_il, valido_fino_al, nome_originale, pagine FROM curriculum_curriculum
      WHERE utente_id = u.id AND stato = 'attuale') r),
  'in_controllo', (SELECT row_to_json(r) FROM (
      SELECT id, caricato_il, nome_originale FROM curriculum_curriculum
      WHERE utente_id = u.id AND stato = 'in_controllo') r),
  'posizione', (SELECT row_to_json(r) FROM (
      SELECT p.registrazione, p.registrazione_vista_il, p.canale, p.messaggi, p.ultimo_messaggio_il, p.curriculum_id,
             p.portale, p.portale_come, p.portale_visto_il, p.intuition, p.intuition_come, p.intuition_visto_il,
             c.caricato_il AS curriculum_caricato_il, c.valido_fino_al AS curriculum_valido_fino_al
      FROM curriculum_posizioneportale p LEFT JOIN curriculum_curriculum c ON c.id = p.curriculum_id
      WHERE p.utente_id = u.id) r),
  'operazioni', (SELECT json_agg(r) FROM (
      SELECT t.id, t.operazione, t.stato, t.curriculum_id, t.creato_il, t.tentativi, t.ultimo_tentativo_il,
             t.in_attesa_dal, t.inviato_il, t.chiuso_il, t.errore, t.motivo,
             concat_ws(' ', o.first_name, o.last_name) AS chi
      FROM curriculum_trasferimento t JOIN anagrafica_operatore o ON o.id = t.creato_da_id
      WHERE t.utente_id = u.id AND (t.chiuso_il IS NULL OR t.id IN (
          SELECT DISTINCT ON (operazione) id FROM curriculum_trasferimento
          WHERE utente_id = u.id AND chiuso_il IS NOT NULL ORDER BY operazione, id DESC))
      ORDER BY t.id DESC) r),
  'forse_partito', EXISTS (
      SELECT FROM curriculum_trasferimento WHERE utente_id = u.id AND operazione = 'invio'
      AND (stato = 'in_corso' OR inviato_il IS NOT NULL OR esito_incerto)),
  'fermo_dal', (SELECT aperto_il FROM curriculum_interruttoreportale WHERE id = 1)
)"""
LETTURA = f"SELECT ({IN_JSON})::text FROM (SELECT %s::bigint AS id) u"  # noqa: S608 - the text above


@dataclass(frozen=True)
class Luogo:
    """One of the three places. `tono` is "", fatto, attesa, attenzione or errore, as the classes of a state."""

    chiave: str
    nome: str
    stato: str
    tono: str
    icona: str
    come: str
    nota: str = ""

    @property
    def nome_breve(self) -> str:
        return self.nome.partition(" (")[0]


@dataclass(frozen=True)
class Quadro:
    """The three places, and the rows they come from as plain data."""

    luoghi: tuple[Luogo, Luogo, Luogo]
    attuale: dict[str, Any] | None
    in_controllo: dict[str, Any] | None
    posizione: dict[str, Any]
    invio: dict[str, Any] | None
    rimozione: dict[str, Any] | None
    sollecito: dict[str, Any] | None
    fermo_dal: dt.datetime | None

    @property
    def in_movimento(self) -> bool:
        """Whether something is still to come by itself: an answer of the portal, of the citizen, of the antivirus."""
        return self.in_controllo is not None or any(map(aperta, (self.invio, self.rimozione, self.sollecito)))

    @property
    def impronta(self) -> str:
        """Changes when, and only when, something that people read has changed."""
        visto = [
            *(asdict(luogo) for luogo in self.luoghi),
            *(riga and (riga["id"], riga.get("stato")) for riga in (self.attuale, self.in_controllo, *self.operazioni)),
            [self.posizione.get(campo) for campo in ("registrazione", "canale", "messaggi", "ultimo_messaggio_il")],
            self.fermo_dal,
        ]
        return hashlib.sha256(json.dumps(visto, default=str).encode()).hexdigest()[:16]

    @property
    def operazioni(self) -> tuple[dict[str, Any] | None, ...]:
        return self.invio, self.rimozione, self.sollecito

    @property
    def in_attesa_del_cittadino(self) -> bool:
        """The transfer waits for the citizen, who has a message to answer (V2)."""
        return bool(
            self.invio
            and self.invio["stato"] == StatoTrasferimento.IN_ATTESA
            and self.posizione.get("registrazione") == StatoRegistrazione.DA_CONFERMARE
        )


def luoghi_di(utente: Utente, *, giorno: dt.date) -> Quadro:
    """Where the CV of `utente` stands, read by one statement. Its validity is judged on `giorno` (V4)."""
    with connection.cursor() as cursore:
        cursore.execute(LETTURA, [utente.pk])
        return da_json(json.loads(cursore.fetchone()[0]), giorno=giorno)


def da_json(letto: dict[str, Any], *, giorno: dt.date) -> Quadro:
    """The same from what `IN_JSON` gave, its dates still as text."""
    righe = (letto["attuale"], letto["in_controllo"], letto["posizione"], *(letto["operazioni"] or ()), letto)
    for riga in righe:
        _metti_le_date(riga or {})
    return componi(letto, giorno=giorno)


def componi(letto: dict[str, Any], *, giorno: dt.date) -> Quadro:
    """The places in words: no database."""
    operazioni = letto["operazioni"] or []
    ultime = {o: next((r for r in operazioni if r["operazione"] == o), None) for o in Operazione.values}
    # A send that still waits for its answer counts more than a later one that was stopped.
    for operazione, ultima in ultime.items():
        if ultima and ultima["stato"] == StatoTrasferimento.ANNULLATO:
            ultime[operazione] = next((r for r in operazioni if r["operazione"] == operazione and aperta(r)), ultima)
    dati: dict[str, Any] = {
        "attuale": letto["attuale"],
        "in_controllo": letto["in_controllo"],
        "posizione": letto["posizione"] or {},
        "invio": ultime[Operazione.INVIO],
        "rimozione": ultime[Operazione.RIMOZIONE],
    }
    mai = not letto["forse_partito"]
    luoghi = (_qui(dati, giorno), _portale(dati, giorno, mai=mai), _intuition(dati, mai=mai))
    return Quadro(
        luoghi=luoghi,
        sollecito=ultime[Operazione.SOLLECITO],
        fermo_dal=letto["fermo_dal"],
        **dati,
    )


def aperta(riga: dict[str, Any] | None) -> bool:
    """Whether an operation has not ended."""
    return riga is not None and riga["stato"] in APERTI


def _metti_le_date(riga: dict[str, Any]) -> None:
    for campo, valore in riga.items():
        if not isinstance(valore, str):
            continue
        if campo in GIORNI:
            riga[campo] = dt.date.fromisoformat(valore)
        elif campo.endswith(("_il", "_dal")):
            riga[campo] = dt.datetime.fromisoformat(valore)


def _qui(dati: dict[str, Any], giorno: dt.date) -> Luogo:
    attuale, in_controllo = dati["attuale"], dati["in_controllo"]
    if attuale is None and in_controllo is None:
        return Luogo("qui", "Qui", "Non c'è", "", "it-minus-circle", "Nell'archivio del centro non c'è un curriculum.")
    if attuale is None:
        quando = f"Caricato il {_quando(in_controllo['caricato_il'])}: si controlla che non contenga virus."
        return Luogo("qui", "Qui", "In controllo", "attesa", "it-clock", quando)
    nota = ""
    if in_controllo:
        nota = (
            f"Quello caricato il {_quando(in_controllo['caricato_il'])} è al controllo antivirus: fino ad allora conta "
            "questo."
        )
    caricato, scade = _quando(attuale["caricato_il"]), f"{attuale['valido_fino_al']:%d/%m/%Y}"
    if attuale["valido_fino_al"] < giorno:
        return Luogo(
            "qui", "Qui", "Scaduto", "errore", "it-error", f"Caricato il {caricato}, valeva fino al {scade}.", nota
        )
    return Luogo("qui", "Qui", "C'è", "fatto", "it-check", f"Caricato il {caricato}, vale fino al {scade}.", nota)


# Place → state, tone, icon.
FUORI = {
    LuogoCurriculum.IGNOTO: ("Non si sa", "attenzione", "it-help-circle"),
    LuogoCurriculum.ASSENTE: ("Non c'è", "", "it-minus-circle"),
    LuogoCurriculum.IN_ARRIVO: ("In arrivo", "attesa", "it-clock"),
    LuogoCurriculum.PRESENTE: ("C'è", "fatto", "it-check"),
    LuogoCurriculum.IN_RIMOZIONE: ("In rimozione", "attesa", "it-clock"),
}
DI_PRIMA = ("C'è quello di prima", "attenzione", "it-warning-circle")


def _portale(dati: dict[str, Any], giorno: dt.date, *, mai: bool) -> Luogo:
    """`mai` is certain: attempts that did not even reach the portal leave no doubt behind."""
    chi = ("portale", "Portale (Toscana Lavoro)")
    posizione, invio, attuale = dati["posizione"], dati["invio"], dati["attuale"]
    dove = posizione.get("portale", LuogoCurriculum.IGNOTO)
    come = _come(posizione, "portale")
    presente = dove == LuogoCurriculum.PRESENTE
    suo = bool(invio) and dove not in (LuogoCurriculum.IGNOTO, LuogoCurriculum.ASSENTE)
    suo = suo and invio["curriculum_id"] == posizione.get("curriculum_id")
    if aperta(invio) and not suo:
        stato, tono, icona, quando = _in_cammino(invio, posizione)
        return (
            Luogo(*chi, *DI_PRIMA, come, f"Quello nuovo: {_minuscola(stato)}. {quando}")
            if presente
            else Luogo(*chi, stato, tono, icona, quando)
        )
    if invio and invio["stato"] == StatoTrasferimento.RIFIUTATO and not suo:
        rifiuto = f"Trasferimento rifiutato il {_quando(invio['chiuso_il'])}."
        return (
            Luogo(*chi, *DI_PRIMA, come, rifiuto)
            if presente
            else Luogo(*chi, "Rifiutato", "errore", "it-error", rifiuto)
        )
    if dove == LuogoCurriculum.IGNOTO and mai:
        return Luogo(*chi, "Mai trasferito", "", "it-minus-circle", "Da qui non è mai partito.")
    stato, tono, icona = _fuori(posizione, "portale")
    nota = ""
    if presente and attuale is None:
        stato, tono, icona = "C'è ancora", "attenzione", "it-warning-circle"
        nota = "Da lì può cancellarlo soltanto la persona."
    elif presente and posizione.get("curriculum_id") not in (None, attuale["id"]):
        stato, tono, icona = DI_PRIMA
        nota = f"È quello caricato il {_quando(posizione['curriculum_caricato_il'])}: il più recente non è trasferito."
    elif presente and (scade := posizione.get("curriculum_valido_fino_al")) and scade < giorno:
        stato, tono, icona = "C'è, obsoleto", "attenzione", "it-warning-circle"
        nota = f"Il portale lo segna come obsoleto dal {scade + dt.timedelta(days=1):%d/%m/%Y}."
    elif dove == LuogoCurriculum.ASSENTE and invio and invio["inviato_il"]:
        stato = "Non c'è più"
        nota = invio["motivo"] or "Era stato trasferito: può averlo cancellato la persona."
    return Luogo(*chi, stato, tono, icona, come, nota)


def _intuition(dati: dict[str, Any], *, mai: bool) -> Luogo:
    chi = ("intuition", "Intuition (ricerca delle imprese)")
    posizione, invio, rimozione, attuale = dati["posizione"], dati["invio"], dati["rimozione"], dati["attuale"]
    dove = posizione.get("intuition", LuogoCurriculum.IGNOTO)
    presente = dove == LuogoCurriculum.PRESENTE
    come = _come(posizione, "intuition")
    ultima_e_rimozione = rimozione and (invio is None or rimozione["id"] > invio["id"])
    if aperta(rimozione):
        return Luogo(*chi, "In rimozione", "attesa", "it-clock", _rimozione_in_cammino(rimozione))
    if ultima_e_rimozione and rimozione["stato"] == StatoTrasferimento.RIFIUTATO:
        return Luogo(
            *chi, "Rimozione rifiutata", "errore", "it-error", f"Rifiutata il {_quando(rimozione['chiuso_il'])}."
        )
    if aperta(invio) and dove in (LuogoCurriculum.IGNOTO, LuogoCurriculum.ASSENTE):
        return Luogo(*chi, "Non ancora", "", "it-minus-circle", "Ci arriva dal portale, dopo il trasferimento.")
    if dove == LuogoCurriculum.IGNOTO and invio and invio["stato"] == StatoTrasferimento.RIFIUTATO:
        return Luogo(*chi, "Non c'è", "", "it-minus-circle", "Ci arriva dal portale, che non lo ha accettato.")
    if dove == LuogoCurriculum.IGNOTO and mai:
        return Luogo(*chi, "Mai trasferito", "", "it-minus-circle", "Ci arriva soltanto dal portale.")
    stato, tono, icona = _fuori(posizione, "intuition")
    nota = ""
    if presente and attuale is None:
        stato, tono, icona = "C'è ancora", "errore", "it-warning-circle"
        nota = "Le imprese possono ancora trovarlo."
    elif presente and posizione.get("curriculum_id") not in (None, attuale["id"]):
        stato, tono, icona = DI_PRIMA
    elif ultima_e_rimozione and dove == LuogoCurriculum.ASSENTE:
        stato, tono, icona, nota = "Tolto", "fatto", "it-check", "Le imprese non lo trovano più."
    return Luogo(*chi, stato, tono, icona, come, nota)


def _fuori(posizione: dict[str, Any], luogo: str) -> tuple[str, str, str]:
    """State, tone and icon of an outer place as it was last heard of. What nobody answered to was sent, no more."""
    dove = LuogoCurriculum(posizione.get(luogo, LuogoCurriculum.IGNOTO))
    if dove == LuogoCurriculum.IN_ARRIVO and posizione.get(f"{luogo}_come") == ComeLoSappiamo.SENZA_RISPOSTA:
        return "Mandato", "attesa", "it-clock"
    return FUORI[dove]


def _in_cammino(invio: dict[str, Any], posizione: dict[str, Any]) -> tuple[str, str, str, str]:
    """State, tone, icon and words of a transfer that has not ended."""
    stato = invio["stato"]
    if stato == StatoTrasferimento.IN_ATTESA:
        visto = posizione.get("registrazione_vista_il")
        visto_il = f": lo diceva il portale il {_quando(visto)}." if visto else "."
        come = f"La persona non ha ancora confermato{visto_il}"
        return "In attesa di conferma del cittadino", "attenzione", "it-clock", come
    if stato == StatoTrasferimento.INVIATO:
        return (
            "Mandato",
            "attesa",
            "it-clock",
            f"Mandato il {_quando(invio['inviato_il'])}, senza risposta finora.",
        )
    if stato == StatoTrasferimento.IN_CORSO:
        return "In corso", "attesa", "it-clock", "Sta partendo adesso."
    chiesto = f"Chiesto il {_quando(invio['creato_il'])} da {invio['chi']}."
    if invio["tentativi"] and invio["ultimo_tentativo_il"]:
        provato = f"Ultimo tentativo il {_quando(invio['ultimo_tentativo_il'])}, senza riuscirci: si riprova da solo."
        return "In coda", "attesa", "it-clock", f"{chiesto} {provato}"
    return "In coda", "attesa", "it-clock", f"{chiesto} Parte da solo."


def _rimozione_in_cammino(rimozione: dict[str, Any]) -> str:
    if rimozione["stato"] == StatoTrasferimento.INVIATO:
        return f"Chiesta al portale il {_quando(rimozione['inviato_il'])}, senza conferma finora."
    return f"Chiesta il {_quando(rimozione['creato_il'])} da {rimozione['chi']}: parte da sola e non si perde."


def _come(posizione: dict[str, Any], luogo: str) -> str:
    """How we know, with its date."""
    come, visto = posizione.get(f"{luogo}_come"), posizione.get(f"{luogo}_visto_il")
    if come == ComeLoSappiamo.CONFERMATO and visto:
        return f"Confermato dal portale il {_quando(visto)}."
    if come == ComeLoSappiamo.SENZA_RISPOSTA:
        return f"Mandato il {_quando(visto)}, senza risposta finora." if visto else "Mandato, senza risposta finora."
    return "Il portale non ha ancora detto nulla."


def _minuscola(testo: str) -> str:
    return testo[:1].lower() + testo[1:]
