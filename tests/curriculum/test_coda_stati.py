"""The life of one citizen's transfers, whatever people, portal and workers do in whatever order (U2, V2, V5, V6)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from curriculum.models import Curriculum, InterruttorePortale, PosizionePortale, Trasferimento
from curriculum.models.trasferimento import CHIUSI, IN_CODA, PASSAGGI
from curriculum.portale.client import portale
from curriculum.services import coda, posizione
from curriculum.services.curriculum import cancella_curriculum
from curriculum.services.trasferimento import annulla_trasferimento, chiedi_sollecito
from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.services.presa_in_carico import esprimi_consenso
from orientamento.comune.errori import RegolaViolata
from tests.cast import Cast
from tests.curriculum.trasferimenti import (
    Orologio,
    cancella_sul_portale,
    carica,
    chiedi,
    con_curriculum,
    gira,
    revoca,
)
from tests.portale_prova.server import PortaleDiProva

GUASTI = ["errore_500", "errore_500_dopo", "troppe_richieste", "taglia_prima", "taglia_dopo", "json_sbagliato"]
MINUTI = st.sampled_from([0, 10, 60 * 24 * 3])


def raggiungibili(da: str) -> set[str]:
    """Every state that `PASSAGGI` leads to, in any number of steps."""
    visti, nuovi = {da}, {da}
    while nuovi := {str(a) for stato in nuovi for a in PASSAGGI[stato]} - visti:
        visti |= nuovi
    return visti


class Vita(RuleBasedStateMachine):
    """People ask, change their minds, delete; the portal fails; a worker dies; time goes by."""

    cast: Cast
    portale: PortaleDiProva

    def __init__(self) -> None:
        super().__init__()
        self.scena = contextlib.ExitStack()
        self.scena.enter_context(transaction.atomic())
        self.scena.callback(transaction.set_rollback, True)
        self.portale.azzera()
        self.portale.guasti(ignora_chiave=True)
        self.orologio = Orologio()
        self.visti: dict[int, str] = {}
        self.pagine = 1
        self.cancellato_la = False

    @initialize(registrato=st.booleans())
    def comincia(self, registrato: bool) -> None:
        self.utente = con_curriculum(self.cast)
        if registrato:
            self.portale.registrati(self.utente.codice_fiscale)
            portale().stato_curriculum(self.utente.codice_fiscale)  # the token is there: faults hit what follows
        chiedi(self.cast, self.utente, self.orologio.ora)

    def _prova(self, verbo: Callable[[], object]) -> None:
        """A refusal by rule is an answer like another."""
        self.utente.refresh_from_db()
        with contextlib.suppress(RegolaViolata), transaction.atomic():
            verbo()

    @rule()
    def chiedi(self) -> None:
        self._prova(lambda: chiedi(self.cast, self.utente, self.orologio.ora))

    @rule()
    def carica_un_altro(self) -> None:
        self.pagine = self.pagine % 40 + 1
        self._prova(lambda: carica(self.cast, self.utente, pagine=self.pagine, ora=self.orologio.ora))

    @rule()
    def cancella(self) -> None:
        for cv in Curriculum.objects.attuali().filter(utente=self.utente):
            cancella_curriculum(curriculum=cv, attore=self.cast.operatore, adesso=self.orologio.ora)

    @precondition(lambda self: Utente.objects.get(pk=self.utente.pk).consenso_incontro)
    @rule()
    def ritira_il_consenso(self) -> None:
        revoca(self.cast, self.utente, self.orologio.ora)

    @rule()
    def ridai_il_consenso(self) -> None:
        dati = {"finalita": "incontro", "esito": "dato", "attore": self.cast.operatore}
        self._prova(lambda: esprimi_consenso(utente=self.utente, adesso=self.orologio.avanti(seconds=1), **dati))

    @rule()
    def sollecita(self) -> None:
        self._prova(lambda: chiedi_sollecito(utente=self.utente, attore=self.cast.operatore, adesso=self.orologio.ora))

    @rule()
    def annulla(self) -> None:
        for riga in Trasferimento.objects.aperti().filter(utente=self.utente):
            self._prova(
                lambda riga=riga: annulla_trasferimento(
                    trasferimento=riga, attore=self.cast.operatore, adesso=self.orologio.ora
                )
            )

    @rule()
    def conferma_la_registrazione(self) -> None:
        if self.portale.messaggi(self.utente.codice_fiscale):
            self.portale.conferma(self.utente.codice_fiscale)

    @rule()
    def cancella_sul_portale(self) -> None:
        if self.portale.conteggi()["curricula"]:
            cancella_sul_portale(self.portale, self.utente)
            self.cancellato_la = True

    @rule(guasto=st.sampled_from(GUASTI), minuti=MINUTI)
    def gira_e_il_portale_si_guasta(self, guasto: str, minuti: int) -> None:
        self.orologio.avanti(minutes=minuti)
        self.portale.guasti(**{guasto: 1.0})
        gira(self.orologio)
        self.portale.guasti(**{guasto: 0.0})

    @rule(minuti=MINUTI)
    def gira(self, minuti: int) -> None:
        self.orologio.avanti(minutes=minuti)
        gira(self.orologio)

    @rule()
    def un_lavoratore_muore_prima(self) -> None:
        """It has claimed and has not called anybody."""
        coda.prendi(adesso=self.orologio.ora, quanti=1)

    @rule()
    def un_lavoratore_muore_dopo(self) -> None:
        """It has called the portal and has written nothing."""
        for presa in coda.prendi(adesso=self.orologio.ora, quanti=1):
            coda.esegui(presa, portale(), self.orologio.ora)

    @invariant()
    def le_righe_stanno_in_regola(self) -> None:
        righe = list(Trasferimento.objects.filter(utente=getattr(self, "utente", None)))
        for operazione in {riga.operazione for riga in righe}:
            assert sum(r.operazione == operazione and r.stato in IN_CODA for r in righe) <= 1
        for riga in righe:
            assert riga.stato in raggiungibili(self.visti.get(riga.pk, "da_inviare"))
            self.visti[riga.pk] = riga.stato
            assert (riga.stato in CHIUSI) == (riga.chiuso_il is not None) == (riga.prossimo_il is None)
            assert riga.stato not in ("rifiutato", "annullato") or riga.motivo

    @invariant()
    def niente_va_due_volte(self) -> None:
        conteggi = self.portale.conteggi()
        invii = Trasferimento.objects.filter(operazione="invio")
        assert conteggi["doppi"] == 0
        assert set(conteggi["per_chiave"]) <= {str(riga.chiave) for riga in invii}

    def teardown(self) -> None:
        try:
            if hasattr(self, "utente"):
                self._alla_fine()
        finally:
            self.scena.close()

    def _alla_fine(self) -> None:
        """The portal recovers, time goes by: nothing is stuck, and what we believe is what there is."""
        for _ in range(12):
            self.orologio.avanti(hours=7)
            gira(self.orologio)
            self.le_righe_stanno_in_regola()
        self.niente_va_due_volte()
        aperte = Trasferimento.objects.aperti().filter(utente=self.utente)
        assert {riga.stato for riga in aperte} <= {"in_attesa"}
        assert not InterruttorePortale.objects.filter(aperto_il__isnull=False).exists() or not aperte.exists()
        vero = portale().stato_curriculum(self.utente.codice_fiscale)
        consenso = Utente.objects.get(pk=self.utente.pk).consenso_incontro
        if not consenso or not Curriculum.objects.attuali().filter(utente=self.utente).exists():
            assert vero is None or vero.intuition == "assente"
        creduto = PosizionePortale.objects.filter(utente=self.utente).first()
        if vero and creduto and not self.cancellato_la:
            assert creduto.portale in (posizione.PORTALE[vero.stato], "ignoto")
            assert creduto.intuition in (posizione.INTUITION[vero.intuition], "ignoto")
            assert creduto.intuition_come != "senza_risposta"


def test_whatever_happens_nothing_is_lost_doubled_or_stuck(cast: Cast, portale_collegato: PortaleDiProva) -> None:
    Vita.cast, Vita.portale = cast, portale_collegato
    run_state_machine_as_test(
        Vita,
        settings=settings(
            max_examples=30,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
