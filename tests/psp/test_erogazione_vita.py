"""A measure's whole life at random, through its verbs: whatever is asked in whatever order, the rules hold (M3, C2)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.models import Evento
from psp.models import PASSAGGI_MISURA, Iscrizione, Misura, StatoMisura
from psp.services import dettagli, erogazione
from psp.services.incontri_misura import registra_incontro
from psp.services.ore import contatore
from tests.cast import Cast, crea_cast
from tests.psp.scene_misure import patto_firmato

GIORNI = st.sampled_from([-31, -30, -8, -3, -2, -1, 0, 0, 0, 1])
MINUTI = st.sampled_from([0, 1, 59, 60, 61, 240, 479, 480, 720, 721])
CHIAVI = ("bilancio-competenze", "consulenza-orientativa", "eures")


class VitaDellaMisura(RuleBasedStateMachine):
    """The model is what the verbs said: the state, the minutes, whether it may close. The rows must agree with it."""

    cast: Cast
    chiave: str

    def __init__(self) -> None:
        super().__init__()
        self.punto = transaction.atomic()
        self.punto.__enter__()
        self.misura = patto_firmato(self.cast, self.chiave).misure.select_related("servizio").get()
        self.stato = "concordata"
        self.minuti: list[int] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.punto.__exit__(None, None, None)

    def riga(self) -> Misura:
        return Misura.objects.select_related("servizio", "patto").get(pk=self.misura.pk)

    def giorno(self, spostamento: int) -> dt.date:
        return oggi() + dt.timedelta(days=spostamento)

    def fuori(self) -> bool:
        """Whether the hours leave the limits, told apart from the code under test."""
        totale = sum(self.minuti)
        if self.chiave == "bilancio-competenze":
            return not 480 <= totale <= 720
        if self.chiave == "consulenza-orientativa":
            return not self.minuti or min(self.minuti) < 60
        return False

    @rule(spostamento=GIORNI)
    def avvia(self, spostamento: int) -> None:
        chi = {"attore": self.cast.operatore, "adesso": adesso()}
        giusto = self.stato == "concordata" and -30 <= spostamento <= 0
        try:
            erogazione.avvia_misura(misura=self.misura, iniziata_il=self.giorno(spostamento), **chi)
        except RegolaViolata:
            assert not giusto
        else:
            assert giusto
            self.stato = "avviata"

    @rule(spostamento=GIORNI, ora=st.sampled_from([0, 6, 8, 20]), minuti=MINUTI)
    def incontro(self, spostamento: int, ora: int, minuti: int) -> None:
        inizio = timezone.make_aware(dt.datetime.combine(self.giorno(spostamento), dt.time(ora)))
        chi = {"operatore": self.cast.operatore, "attore": self.cast.operatore, "adesso": adesso()}
        try:
            registra_incontro(misura=self.misura, inizio=inizio, minuti=minuti, **chi)
        except RegolaViolata:
            return
        assert self.stato == "avviata"
        assert 1 <= minuti <= 720
        assert spostamento <= 0
        self.minuti.append(minuti)

    @rule(testo=st.sampled_from([["Gestire il magazzino"], ["Austria", "Malta"], []]))
    def scrivi(self, testo: list[str]) -> None:
        campo = {"bilancio-competenze": "competenze_tecnica"}.get(self.chiave, "paesi")
        chi = {"attore": self.cast.operatore, "adesso": adesso()}
        try:
            dettagli.salva_dettagli(misura=self.misura, dati={campo: testo}, versione=self.riga().versione, **chi)
        except RegolaViolata:
            assert self.stato not in ("concordata", "avviata") or self.chiave == "consulenza-orientativa"
        else:
            assert self.stato in ("concordata", "avviata")

    @rule(
        spostamento=GIORNI,
        motivo=st.sampled_from(["", "Ha trovato lavoro."]),
        esiti=st.sampled_from([["ricerca"], ["ricerca", "obiettivo"], []]),
    )
    def concludi(self, spostamento: int, motivo: str, esiti: list[str]) -> None:
        prima = self.riga()
        dati = {"finita_il": self.giorno(spostamento), "esiti": esiti, "motivo_scostamento": motivo}
        chi = {"attore": self.cast.operatore, "adesso": adesso()}
        try:
            riga = erogazione.concludi_misura(misura=self.misura, dati=dati, versione=prima.versione, **chi)
        except RegolaViolata:
            assert self.riga().versione == prima.versione
            return
        assert self.stato == "avviata"
        assert esiti
        assert motivo or not self.fuori()
        assert bool(riga.motivo_scostamento) == self.fuori()
        self.stato = "conclusa"

    @rule(spostamento=GIORNI, motivo=st.sampled_from(["", "Trasloco"]))
    def interrompi(self, spostamento: int, motivo: str) -> None:
        chi = {"attore": self.cast.operatore, "adesso": adesso()}
        try:
            erogazione.interrompi_misura(misura=self.misura, finita_il=self.giorno(spostamento), motivo=motivo, **chi)
        except RegolaViolata:
            return
        assert self.stato == "avviata"
        assert motivo
        self.stato = "interrotta"

    @invariant()
    def la_riga_dice_lo_stesso(self) -> None:
        riga = self.riga()
        assert riga.stato == self.stato
        assert contatore(riga).minuti == sum(self.minuti)
        assert (riga.iniziata_il is None) == (riga.stato == "concordata")
        assert (riga.finita_il is None) == (riga.stato in ("concordata", "avviata"))
        if riga.iniziata_il:
            patto = riga.patto
            fine = riga.finita_il or oggi()
            assert patto.valido_dal <= riga.iniziata_il <= fine <= min(oggi(), patto.valido_al)

    @invariant()
    def i_passaggi_sono_quelli_della_tabella(self) -> None:
        verbi = {"misura_avviata": "avviata", "misura_conclusa": "conclusa", "misura_interrotta": "interrotta"}
        azioni = Evento.objects.filter(azione__in=verbi, oggetto_id=self.misura.pk).order_by("pk")
        stato = StatoMisura.CONCORDATA.value
        for azione in azioni.values_list("azione", flat=True):
            assert verbi[azione] in PASSAGGI_MISURA[stato]
            stato = verbi[azione]
        assert stato == self.stato

    @invariant()
    def nessuno_in_due_posti(self) -> None:
        """No two presences over each other, nor before the start, nor after the end."""
        righe = list(Iscrizione.objects.filter(misura=self.misura).order_by("inizio"))
        assert all(a.fine <= b.inizio for a, b in pairwise(righe))
        riga = self.riga()
        for presenza in righe:
            giorno = timezone.localdate(presenza.inizio)
            assert riga.iniziata_il is not None
            assert riga.iniziata_il <= giorno <= (riga.finita_il or oggi())


@pytest.mark.django_db
@pytest.mark.parametrize("servizio", CHIAVI)
def test_a_measure_s_life_m3_c2(servizio: str) -> None:
    class Vita(VitaDellaMisura):
        cast = crea_cast()
        chiave = servizio

    assert connection.in_atomic_block  # every life is undone after it
    impostazioni = settings(
        max_examples=15, stateful_step_count=20, suppress_health_check=list(HealthCheck), deadline=None
    )
    run_state_machine_as_test(Vita, settings=impostazioni)
