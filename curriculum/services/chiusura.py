"""The end of one turn of one row: what the portal answered is written, once, by whoever still holds the row (V6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce, Greatest

from curriculum.models import Operazione, StatoTrasferimento, Trasferimento
from curriculum.models.trasferimento import CHIUSI, FORSE_ARRIVATO, IN_CODA
from curriculum.services import pause
from curriculum.services.esecuzione import Risultato
from curriculum.services.posizione import scrivi_posizione, scrivi_posizioni
from orientamento.anagrafica.models import Utente
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra, registra_tutti

S = StatoTrasferimento
ARRIVATO_POI_RIMOSSO = "Il curriculum è arrivato al portale; poi ne è stata chiesta la rimozione da Intuition."


@transaction.atomic
def concludi(riga: Trasferimento, risultato: Risultato, *, preso_il: dt.datetime, adesso: dt.datetime) -> bool:
    """Write `risultato`: the row, what is known of the places, the lines of the register, all or nothing.

    `riga` carries the claim it was worked under, made at `preso_il`. False, and nothing written, where the row is no
    longer held under it: somebody else has taken it over, or it was closed meanwhile.
    """
    codice = _blocca_il_cittadino(riga.utente_id)
    altri = list(Trasferimento.objects.aperti().filter(utente=riga.utente_id).exclude(pk=riga.pk))
    guardava = riga.stato == S.INVIATO
    if guardava and any(o.presa or (o.ultimo_tentativo_il and o.ultimo_tentativo_il >= preso_il) for o in altri):
        # Something has been going on meanwhile: this answer may be older than what is known. It is asked again.
        risultato = Risultato(S.INVIATO, errore=risultato.errore, incerto=riga.esito_incerto, tentativo=False)
    dopo = [o for o in altri if o.pk > riga.pk]
    _cedi_il_posto(riga, risultato, dopo)
    if not Trasferimento.objects.filter(pk=riga.pk, presa=riga.presa).update(**_campi(riga, risultato, adesso)):
        return False
    scrivi_posizione(riga.utente_id, _cio_che_vale(riga, risultato.luoghi, codice))
    for azione, dettaglio in risultato.azioni:
        registra(azione, attore=None, oggetto=riga, utente=riga.utente, dettaglio=dettaglio)
    _conseguenze(riga, risultato, altri, adesso)
    return True


Turno = tuple[Trasferimento, Risultato]


def e_semplice(riga: Trasferimento, risultato: Risultato) -> bool:
    """A CV that left and was confirmed at once, as most are: these may be written together."""
    return riga.operazione == Operazione.INVIO and riga.stato != S.INVIATO and risultato.stato == S.CONFERMATO


@transaction.atomic
def concludi_insieme(turni: list[Turno], *, adesso: dt.datetime) -> list[Turno]:
    """Write the simple results of several rows in the statements of one; all or nothing.

    Those that are left, because their citizen has other open rows or because they are no longer held, come back to be
    concluded one by one.
    """
    cittadini = {riga.utente_id for riga, _ in turni}
    # In one order, so that two that lock the same people do not wait for each other in a ring.
    list(Utente.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=cittadini).order_by("pk").only("pk"))
    # Locked, so that a claim which has just gone stale is not taken over between this look and the writing.
    aperti = Trasferimento.objects.select_for_update(no_key=True).aperti().filter(utente__in=cittadini)
    aperti_di: dict[int, list[tuple[int, object]]] = {}
    for utente, pk, presa in aperti.values_list("utente_id", "pk", "presa"):
        aperti_di.setdefault(utente, []).append((pk, presa))
    insieme = [(riga, r) for riga, r in turni if aperti_di.get(riga.utente_id) == [(riga.pk, riga.presa)]]
    Trasferimento.objects.filter(pk__in=[riga.pk for riga, _ in insieme]).update(
        stato=S.CONFERMATO,
        presa=None,
        tentativi=F("tentativi") + 1,
        esito_incerto=False,
        errore="",
        prossimo_il=None,
        ultimo_tentativo_il=adesso,
        inviato_il=Coalesce("inviato_il", Value(adesso, DateTimeField())),
        chiuso_il=Greatest(Value(adesso, DateTimeField()), "creato_il"),
    )
    scrivi_posizioni((riga.utente_id, risultato.luoghi) for riga, risultato in insieme)
    per_azione: dict[Azione, list[tuple[Trasferimento, Utente, dict[str, Any]]]] = {}
    for riga, risultato in insieme:
        for azione, dettaglio in risultato.azioni:
            per_azione.setdefault(azione, []).append((riga, riga.utente, dettaglio))
    for azione, righe in per_azione.items():
        registra_tutti(azione, attore=None, righe=righe)
    scritti = {riga.pk for riga, _ in insieme}
    return [turno for turno in turni if turno[0].pk not in scritti]


def _blocca_il_cittadino(utente_id: int) -> str:
    """As `Utente.objects.bloccato`, without reading more of the file than the codice fiscale, which comes back."""
    utenti = Utente.objects.select_for_update(of=("self",), no_key=True)
    return utenti.only("codice_fiscale").get(pk=utente_id).codice_fiscale


def _cio_che_vale(riga: Trasferimento, luoghi: dict[str, Any], codice: str) -> dict[str, Any]:
    """What a row under a code corrected since may still say: nothing of the registration, which is another's now.

    Nor of the places, where a CV has gone under the right code meanwhile.
    """
    if riga.codice_fiscale in ("", codice):
        return luoghi
    dopo = Trasferimento.objects.filter(FORSE_ARRIVATO, utente=riga.utente_id, codice_fiscale=codice, pk__gt=riga.pk)
    if dopo.exists():
        return {}
    della_registrazione = ("registrazione", "registrazione_vista_il", "canale", "messaggi", "ultimo_messaggio_il")
    return {campo: valore for campo, valore in luoghi.items() if campo not in della_registrazione}


def _cedi_il_posto(riga: Trasferimento, risultato: Risultato, dopo: list[Trasferimento]) -> None:
    """A row that would go back to the queue gives way to a newer one that makes it useless."""
    if risultato.stato in CHIUSI:
        return
    rimozione = any(o.operazione == Operazione.RIMOZIONE for o in dopo)
    dello_stesso = [o for o in dopo if o.codice_fiscale == riga.codice_fiscale]
    uguale = any(o.operazione == riga.operazione and o.stato != S.INVIATO for o in dello_stesso)
    if riga.operazione == Operazione.INVIO and rimozione:
        arrivato = risultato.stato == S.INVIATO
        motivo = ARRIVATO_POI_RIMOSSO if arrivato else "È stata chiesta la rimozione da Intuition."
    elif uguale and risultato.stato in IN_CODA:
        motivo = "Sostituito da una richiesta più recente."
    else:
        return
    risultato.azioni.append((Azione.TRASFERIMENTO_ANNULLATO, {"operazione": riga.operazione}))
    risultato.arrivato = risultato.stato == S.INVIATO
    risultato.stato, risultato.motivo = S.ANNULLATO, motivo


def _campi(riga: Trasferimento, risultato: Risultato, adesso: dt.datetime) -> dict[str, Any]:
    """The columns of the row after this turn."""
    stato = risultato.stato
    tentativi = riga.tentativi + risultato.tentativo
    campi: dict[str, Any] = {
        "stato": stato,
        "presa": None,
        "tentativi": tentativi,
        "esito_incerto": risultato.incerto,
        "errore": risultato.errore,
        "motivo": risultato.motivo[:300],
        "prossimo_il": None,
    }
    if risultato.tentativo:
        campi["ultimo_tentativo_il"] = adesso
    arrivato = stato in (S.INVIATO, S.CONFERMATO) or risultato.arrivato
    inviato_il = riga.inviato_il or (adesso if arrivato else None)
    campi["inviato_il"] = inviato_il
    if stato == S.IN_ATTESA:
        campi["in_attesa_dal"] = riga.in_attesa_dal or adesso
    if stato in CHIUSI:
        campi["chiuso_il"] = max(adesso, riga.creato_il)
    elif risultato.rilascia:
        campi["prossimo_il"] = adesso
    elif risultato.errore and not (stato == S.INVIATO and risultato.guasto is None):
        riprova_tra = risultato.guasto.riprova_tra if risultato.guasto else None
        campi["prossimo_il"] = adesso + pause.dopo_un_errore(max(tentativi, 1), riprova_tra)
    elif stato == S.IN_ATTESA:
        campi["prossimo_il"] = adesso + pause.in_attesa(campi["in_attesa_dal"], adesso)
    else:
        campi["prossimo_il"] = adesso + pause.dopo_un_invio(inviato_il or adesso, adesso)
    return campi


def _conseguenze(riga: Trasferimento, risultato: Risultato, altri: list[Trasferimento], adesso: dt.datetime) -> None:
    """What the other open rows of the citizen learn from this one."""
    if risultato.stato == S.ANNULLATO and risultato.incerto:
        # The portal may still be at work on it: whoever follows must not overtake.
        seguono = [o.pk for o in altri if o.pk > riga.pk and o.stato in IN_CODA]
        Trasferimento.objects.filter(pk__in=seguono, stato__in=IN_CODA).update(
            prossimo_il=Greatest(F("prossimo_il"), adesso + pause.di_quiete())
        )
    confermata = risultato.luoghi.get("registrazione") == "confermata"
    if riga.operazione == Operazione.SOLLECITO and confermata:
        fermi = [o.pk for o in altri if o.stato == S.IN_ATTESA]
        Trasferimento.objects.filter(pk__in=fermi, stato=S.IN_ATTESA).update(prossimo_il=adesso)
    if riga.operazione == Operazione.INVIO and risultato.stato in (S.INVIATO, S.CONFERMATO):
        for o in altri:
            if o.operazione == Operazione.INVIO and o.stato == S.INVIATO and o.pk < riga.pk:
                _chiudi_il_precedente(o, adesso)


def _chiudi_il_precedente(riga: Trasferimento, adesso: dt.datetime) -> None:
    chiusi = Trasferimento.objects.filter(pk=riga.pk, stato=S.INVIATO).update(
        stato=S.ANNULLATO,
        motivo="Al suo posto è arrivato un curriculum più recente.",
        chiuso_il=max(adesso, riga.creato_il),
        prossimo_il=None,
        presa=None,
    )
    if chiusi:
        registra(
            Azione.TRASFERIMENTO_ANNULLATO,
            attore=None,
            oggetto=riga,
            utente=riga.utente,
            dettaglio={"operazione": riga.operazione},
        )
