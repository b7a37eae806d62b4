"""What stands in the way of a transfer to the portal, each with its words and its cure (V2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Curriculum, PosizionePortale, StatoRegistrazione
from curriculum.portale.dati import numero_internazionale
from orientamento.anagrafica.models import EsitoConsenso, Finalita, Utente


@dataclass(frozen=True)
class Impedimento:
    """One reason why the CV cannot go: a stable key, the words, what mends it and where. An empty `url` has no page."""

    chiave: str
    testo: str
    cura: str = ""
    url: str = ""


def impedimenti(utente: Utente, adesso: dt.datetime) -> list[Impedimento]:
    """Everything that a transfer of `utente` would be refused for at `adesso`; empty where it may go (V2, V4)."""
    trovati = [
        _del_portale(),
        _del_curriculum(utente, timezone.localdate(adesso)),
        impedimento_del_consenso(utente),
        _dei_recapiti(utente),
    ]
    return [uno for uno in trovati if uno]


def impedimento_del_consenso(utente: Utente) -> Impedimento | None:
    """No consent to matching in force (U2): since when, who recorded it, how to mend it."""
    ultimo = (
        utente.consensi.filter(finalita=Finalita.INCONTRO)
        .select_related("registrato_da", "revocato_da")
        .order_by("-registrato_il", "-pk")
        .first()
    )
    if ultimo and ultimo.in_vigore:
        return None
    pagina = reverse("anagrafica:presa_in_carico", args=[utente.pk])
    url = f"{pagina}#risposta-incontro"
    chiedere = "Se la persona cambia idea, registrare il consenso nella presa in carico."
    if ultimo is None:
        return Impedimento(
            "consenso_mancante",
            "Manca il consenso all'incontro tra domanda e offerta: la persona non è stata presa in carico.",
            "Registrare la presa in carico con la risposta della persona.",
            f"{pagina}#id_consenso_incontro",
        )
    if ultimo.esito == EsitoConsenso.RIFIUTATO:
        quando, chi = ultimo.registrato_il, ultimo.registrato_da
        testo = f"La persona ha rifiutato il consenso all'incontro tra domanda e offerta il {_giorno(quando)}"
        return Impedimento("consenso_rifiutato", f"{testo} (registrato da {chi}).", chiedere, url)
    testo = "La persona ha ritirato il consenso all'incontro tra domanda e offerta"
    quando = ultimo.revocato_il or ultimo.registrato_il
    return Impedimento(
        "consenso_revocato", f"{testo} il {_giorno(quando)} (registrato da {ultimo.revocato_da}).", chiedere, url
    )


def _del_portale() -> Impedimento | None:
    if settings.PORTALE_URL:
        return None
    return Impedimento(
        "portale_non_collegato",
        "Questa installazione non è collegata al portale.",
        "Chiedere all'assistenza di impostare l'indirizzo del portale.",
    )


def _del_curriculum(utente: Utente, giorno: dt.date) -> Impedimento | None:
    url = reverse("curriculum:pannello", args=[utente.pk]) + "#id_cv_file"
    contano = (Curriculum.Stato.ATTUALE, Curriculum.Stato.IN_CONTROLLO)
    righe = {c.stato: c for c in Curriculum.objects.filter(utente=utente, stato__in=contano)}
    attuale = righe.get(Curriculum.Stato.ATTUALE)
    if attuale and not attuale.obsoleto_al(giorno):
        return None
    if Curriculum.Stato.IN_CONTROLLO in righe:
        return Impedimento(
            "in_controllo",
            "Il curriculum aspetta il controllo antivirus.",
            "Di solito bastano pochi minuti: poi si può trasferire.",
        )
    if attuale is None:
        return Impedimento("curriculum_mancante", "Manca il curriculum.", "Caricare il curriculum.", url)
    return Impedimento(
        "curriculum_scaduto",
        f"Il curriculum è scaduto: valeva fino al {attuale.valido_fino_al:%d/%m/%Y}.",
        "Caricare un curriculum aggiornato.",
        url,
    )


def _dei_recapiti(utente: Utente) -> Impedimento | None:
    """Who is not registered yet must be reachable: the confirmation goes by mail or SMS."""
    if utente.email or numero_internazionale(utente.cellulare):
        return None
    if PosizionePortale.objects.filter(utente=utente, registrazione=StatoRegistrazione.CONFERMATA).exists():
        return None
    return Impedimento(
        "recapiti_mancanti",
        "Mancano posta elettronica e cellulare: il portale non può mandare alla persona il messaggio di conferma.",
        "Aggiungere uno dei due nei recapiti.",
        reverse("anagrafica:identita", args=[utente.pk]) + "#id_email",
    )


def _giorno(quando: dt.datetime) -> str:
    return f"{timezone.localtime(quando):%d/%m/%Y}"
