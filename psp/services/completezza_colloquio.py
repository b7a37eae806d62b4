"""What each phase of the interview still lacks: one table, which the page lists and the verbs refuse on (C3-C5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from orientamento.comune.mancanze import Mancanza
from propensioni.services import lettura as propensioni
from psp.models import Area, Colloquio, EsitoPromozione, Fase, StatoPatto

AREE_ELENCATE = 3
"""More missing judgements than this are said in one line, linked to the first."""

DA_COMPLETARE = "fase_1_da_completare"
PATTO_DEFINITO = (StatoPatto.PROPOSTO, StatoPatto.FIRMATO, StatoPatto.SOSPESO, StatoPatto.CHIUSO)


@dataclass
class Situazione:
    """What the rules look at. What costs a query is read once, and only when a rule asks for it."""

    colloquio: Colloquio

    @cached_property
    def aree_da_giudicare(self) -> list[Area]:
        giudicate = {riga.area for riga in self.colloquio.aree.all() if riga.giudizio is not None}
        return [area for area in Area if area.value not in giudicate]

    @cached_property
    def propensioni(self) -> int:
        return propensioni.quante(self.colloquio.utente)

    @cached_property
    def patto_definito(self) -> bool:
        return self.colloquio.patti.filter(stato__in=PATTO_DEFINITO).exists()


@dataclass(frozen=True)
class Regola:
    """One thing due by a phase: when it is missing, how it is said, where it is mended."""

    fase: Fase
    chiave: str
    testo: str
    ancora: str
    manca: Callable[[Situazione], bool]


def _declinato_senza_motivo(esito: str, motivo: str) -> bool:
    return esito == EsitoPromozione.DECLINATO and not motivo.strip()


REGOLE: tuple[Regola, ...] = (
    Regola(
        Fase.INFORMATIVA,
        "informato_svolgimento",
        "Informare sullo svolgimento",
        "id_informato_svolgimento",
        lambda s: not s.colloquio.informato_svolgimento,
    ),
    Regola(
        Fase.INFORMATIVA,
        "informato_diritti_doveri",
        "Informare su diritti e doveri",
        "id_informato_diritti_doveri",
        lambda s: not s.colloquio.informato_diritti_doveri,
    ),
    Regola(
        Fase.INFORMATIVA,
        "aspettative",
        "Valutare le aspettative",
        "id_aspettative_1",
        lambda s: s.colloquio.aspettative is None,
    ),
    Regola(
        Fase.INFORMATIVA,
        "motivazione",
        "Valutare la motivazione",
        "id_motivazione_1",
        lambda s: s.colloquio.motivazione is None,
    ),
    Regola(
        Fase.ANALISI,
        "propensioni",
        "Inserire una propensione",
        "propensioni",
        lambda s: s.propensioni == 0,
    ),
    Regola(
        Fase.ANALISI,
        "curriculum",
        "Registrare l'esito per il curriculum",
        "id_curriculum_fatto",
        lambda s: not s.colloquio.curriculum,
    ),
    Regola(
        Fase.ANALISI,
        "curriculum_motivo",
        "Scrivere perché il curriculum è stato declinato",
        "id_curriculum_motivo",
        lambda s: _declinato_senza_motivo(s.colloquio.curriculum, s.colloquio.curriculum_motivo),
    ),
    Regola(
        Fase.ANALISI,
        "portale",
        "Registrare l'esito per il portale",
        "id_portale_fatto",
        lambda s: not s.colloquio.portale,
    ),
    Regola(
        Fase.ANALISI,
        "portale_motivo",
        "Scrivere perché il portale è stato declinato",
        "id_portale_motivo",
        lambda s: _declinato_senza_motivo(s.colloquio.portale, s.colloquio.portale_motivo),
    ),
    Regola(
        Fase.DEFINIZIONE,
        "patto",
        "Portare il patto alla proposta per la firma",
        "contenuto-fase",
        lambda s: not s.patto_definito,
    ),
)


def indirizzo_fase(colloquio: Colloquio, fase: int, ancora: str = "") -> str:
    """The address of a phase, with the cursor where `ancora` says."""
    indirizzo = reverse("psp:fase", kwargs={"colloquio_id": colloquio.pk, "fase": int(fase)})
    return f"{indirizzo}#{ancora}" if ancora else indirizzo


def mancanze_fase(colloquio: Colloquio, fase: int, *, situazione: Situazione | None = None) -> list[Mancanza]:
    """What `fase` still lacks, in the order of the page. Empty: the phase is complete.

    Phase 1 is complete only once the operator has said so, because that moment is recorded (C3).
    """
    situazione = situazione or Situazione(colloquio)
    mancanze = _aree_mancanti(situazione) if fase == Fase.ANALISI else []
    mancanze += [
        Mancanza(regola.chiave, regola.testo, indirizzo_fase(colloquio, regola.fase, regola.ancora))
        for regola in REGOLE
        if regola.fase == fase and regola.manca(situazione)
    ]
    if fase == Fase.INFORMATIVA and not mancanze and colloquio.informato_il is None:
        mancanze.append(
            Mancanza(
                DA_COMPLETARE,
                "Completare la fase 1",
                indirizzo_fase(colloquio, Fase.INFORMATIVA, "id_completa"),
            )
        )
    return mancanze


def mancanze_per_completare(colloquio: Colloquio, fase: int) -> list[Mancanza]:
    """What stands in the way of declaring `fase` complete; the declaration itself does not."""
    return [m for m in mancanze_fase(colloquio, fase) if m.chiave != DA_COMPLETARE]


def mancanze_colloquio(colloquio: Colloquio, fasi: Iterable[int] = Fase.values) -> list[Mancanza]:
    """The same over several phases, reading each thing once."""
    situazione = Situazione(colloquio)
    return [m for fase in fasi for m in mancanze_fase(colloquio, fase, situazione=situazione)]


def fase_aperta(colloquio: Colloquio, fase: int) -> bool:
    """Whether a phase may be worked on: phase 1 gates the others (C1)."""
    return fase == Fase.INFORMATIVA or not mancanze_fase(colloquio, Fase.INFORMATIVA)


def prima_fase_incompleta(colloquio: Colloquio) -> Fase:
    """Where to resume the interview."""
    situazione = Situazione(colloquio)
    for fase in (Fase.INFORMATIVA, Fase.ANALISI):
        if mancanze_fase(colloquio, fase, situazione=situazione):
            return fase
    return Fase.DEFINIZIONE


def _aree_mancanti(situazione: Situazione) -> list[Mancanza]:
    """One line for each of the first few areas without a judgement; a single line when they are many (C4)."""
    aree = situazione.aree_da_giudicare
    if len(aree) > AREE_ELENCATE:
        testo = f"Giudicare {len(aree)} aree su {len(Area)}"
        return [Mancanza("aree", testo, _indirizzo_area(situazione.colloquio, aree[0]))]
    return [
        Mancanza(
            f"area_{area.value}",
            f"Giudicare l'area «{area.label}»",
            _indirizzo_area(situazione.colloquio, area),
        )
        for area in aree
    ]


def _indirizzo_area(colloquio: Colloquio, area: Area) -> str:
    return indirizzo_fase(colloquio, Fase.ANALISI, f"id_area_{area.value}_giudizio_1")
