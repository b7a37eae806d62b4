"""Taking in charge and the consents given there (U2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone

from orientamento.anagrafica.models import (
    Consenso,
    EsitoConsenso,
    Finalita,
    GenereTesto,
    Operatore,
    PresaInCarico,
    Programma,
    TestoInformativo,
    Utente,
)
from orientamento.anagrafica.services.did import registra_did
from orientamento.anagrafica.services.soggiorno import registra_soggiorno
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

TESTO_DEL_CONSENSO = {
    Finalita.INCONTRO: GenereTesto.CONSENSO_INCONTRO,
    Finalita.COMUNICAZIONI: GenereTesto.CONSENSO_COMUNICAZIONI,
}

# What follows, in the same transaction, when a consent is taken back or answered no, by purpose (V2: nothing more goes
# to the portal). The apps above add their own service here when they start; this one knows none of them.
alla_revoca: dict[Finalita, list[Callable[..., object]]] = {finalita: [] for finalita in Finalita}


class DatiDID(TypedDict):
    data: dt.date
    programma: Programma


class TestoSostituito(RegolaViolata):
    """A text was replaced while the page was open: the citizen must hear the new one and answer again."""

    __test__ = False


class GiaInCarico(RegolaViolata):
    """The citizen is in charge already: a second press of the button, or a colleague who was quicker."""


def testi_in_vigore(giorno: dt.date) -> dict[str, TestoInformativo]:
    """The notice and the text of each consent to be shown on a day, or the reason why one cannot go on."""
    testi = TestoInformativo.objects.in_vigore(giorno)
    mancanti = [g.label for g in (GenereTesto.INFORMATIVA_PRIVACY, *TESTO_DEL_CONSENSO.values()) if g not in testi]
    if mancanti:
        raise RegolaViolata(
            "Manca un testo in vigore: " + "; ".join(mancanti) + ". Va inserito in Amministrazione, Testi informativi.",
            regola="U2",
        )
    return testi


def informativa_mostrata(mostrati: dict[str, int]) -> TestoInformativo | None:
    """The notice that stood in the page."""
    genere = GenereTesto.INFORMATIVA_PRIVACY
    return TestoInformativo.objects.filter(genere=genere, pk=mostrati.get(genere, 0)).first()


@transaction.atomic
def prendi_in_carico(
    *,
    utente: Utente,
    attore: Operatore,
    informativa: TestoInformativo | None,
    consensi: dict[str, str],
    adesso: dt.datetime,
    testi_mostrati: dict[str, int] | None = None,
    did: DatiDID | None = None,
    soggiorno: dict[str, Any] | None = None,
) -> PresaInCarico:
    """Take in charge, with an answer for every purpose; the DID and the document of stay with it, or nothing at all.

    `informativa` is the notice handed over and read; `testi_mostrati` says which text (kind → id) the citizen read, and
    a text replaced meanwhile is refused, because the answer was to another one. Who takes in charge follows the person,
    unless somebody does already.
    """
    utente = Utente.objects.select_related("cpi").bloccato(utente.pk)
    aperta = utente.prese_in_carico.aperte().first()
    if aperta:
        raise GiaInCarico(f"{utente} è già in carico dal {aperta.data:%d/%m/%Y}.", regola="U2")
    giorno = timezone.localdate(adesso)
    testi = testi_in_vigore(giorno)
    informativa = _controlla_informativa(informativa, testi)
    for genere, pk in (testi_mostrati or {}).items():
        if testi[genere].pk != pk:
            raise TestoSostituito(
                f"Il testo «{testi[genere].titolo}» è stato sostituito mentre la pagina era aperta: "
                "va riletto alla persona, che risponde al testo nuovo.",
                regola="U2",
            )
    presa = PresaInCarico.objects.create(
        utente=utente, cpi=utente.cpi, operatore=attore, data=giorno, informativa=informativa, informativa_letta=True
    )
    registra(
        Azione.PRESA_IN_CARICO,
        attore=attore,
        oggetto=presa,
        utente=utente,
        dettaglio={"informativa": f"versione {informativa.versione}"},
    )
    if utente.operatore_riferimento_id is None:
        utente.operatore_riferimento = attore
        utente.save(update_fields=["operatore_riferimento"])
    for finalita in Finalita:
        _scrivi_consenso(presa, finalita, consensi.get(finalita, ""), testi, attore, adesso)
    if did:
        registra_did(utente=utente, attore=attore, adesso=adesso, **did)
    if soggiorno:
        registra_soggiorno(utente=utente, dati=soggiorno, attore=attore)
    return presa


@transaction.atomic
def esprimi_consenso(
    *,
    utente: Utente,
    finalita: str,
    esito: str,
    attore: Operatore,
    adesso: dt.datetime,
    testo_mostrato: int | None = None,
) -> Consenso:
    """A new answer, to today's text, after a refusal or a revocation. The same answer sent twice is recorded once."""
    utente = Utente.objects.bloccato(utente.pk)
    presa = utente.prese_in_carico.aperte().first()
    if presa is None:
        raise RegolaViolata("Il consenso si esprime alla presa in carico: la persona non è in carico.", regola="U2")
    testi = testi_in_vigore(timezone.localdate(adesso))
    testo = testi[TESTO_DEL_CONSENSO[Finalita(finalita)]]
    if testo_mostrato is not None and testo_mostrato != testo.pk:
        raise TestoSostituito("Il testo è stato sostituito: va riletto alla persona prima di rispondere.", regola="U2")
    ultimo = utente.consensi.filter(finalita=finalita).order_by("-registrato_il", "-pk").first()
    if ultimo and ultimo.esito == esito and ultimo.revocato_il is None and ultimo.testo_id == testo.pk:
        return ultimo
    if ultimo and ultimo.in_vigore and esito == EsitoConsenso.RIFIUTATO:
        raise RegolaViolata("C'è un consenso in vigore: per toglierlo bisogna revocarlo.", regola="U2")
    return _scrivi_consenso(presa, Finalita(finalita), esito, testi, attore, adesso)


@transaction.atomic
def revoca_consenso(*, consenso: Consenso, attore: Operatore, adesso: dt.datetime) -> Consenso:
    """Take back a consent: from now on, at once. Asked twice, it is done once."""
    utente = Utente.objects.bloccato(consenso.utente_id)
    consenso = Consenso.objects.select_for_update(of=("self",), no_key=True).get(pk=consenso.pk)
    if consenso.revocato_il:
        return consenso
    if not consenso.in_vigore:
        raise RegolaViolata("Si può revocare soltanto un consenso dato.", regola="U2")
    consenso.revocato_il, consenso.revocato_da = adesso, attore
    consenso.save(update_fields=["revocato_il", "revocato_da"])
    registra(
        Azione.CONSENSO_REVOCATO,
        attore=attore,
        oggetto=consenso,
        utente=utente,
        dettaglio={"finalita": consenso.get_finalita_display()},
    )
    for conseguenza in alla_revoca[Finalita(consenso.finalita)]:
        conseguenza(utente=utente, attore=attore, adesso=adesso)
    return consenso


@transaction.atomic
def chiudi_presa_in_carico(*, presa: PresaInCarico, attore: Operatore, adesso: dt.datetime) -> PresaInCarico:
    """Close it. The consents stay as they are: they end when the citizen revokes them."""
    utente = Utente.objects.bloccato(presa.utente_id)
    presa = PresaInCarico.objects.select_for_update(of=("self",), no_key=True).get(pk=presa.pk)
    if presa.chiusa_il is None:
        presa.chiusa_il = timezone.localdate(adesso)
        presa.save(update_fields=["chiusa_il"])
        registra(Azione.PRESA_IN_CARICO_CHIUSA, attore=attore, oggetto=presa, utente=utente)
    return presa


def _controlla_informativa(
    informativa: TestoInformativo | None, testi: dict[str, TestoInformativo]
) -> TestoInformativo:
    if informativa is None:
        raise RegolaViolata(
            "L'informativa va consegnata e letta prima della presa in carico.", campo="informativa_letta", regola="U2"
        )
    if informativa.pk != testi[GenereTesto.INFORMATIVA_PRIVACY].pk:
        raise TestoSostituito(
            "L'informativa è stata sostituita da una versione più recente: va consegnata quella.",
            campo="informativa_letta",
            regola="U2",
        )
    return informativa


def _scrivi_consenso(
    presa: PresaInCarico,
    finalita: Finalita,
    esito: str,
    testi: dict[str, TestoInformativo],
    attore: Operatore,
    adesso: dt.datetime,
) -> Consenso:
    if esito not in EsitoConsenso.values:
        raise RegolaViolata(
            f"Chiedere alla persona se dà o non dà il consenso: {finalita.label.lower()}.",
            campo=f"consenso_{finalita.value}",
            regola="U2",
        )
    testo = testi[TESTO_DEL_CONSENSO[finalita]]
    consenso = Consenso.objects.create(
        presa_in_carico=presa,
        utente=presa.utente,
        finalita=finalita,
        esito=esito,
        testo=testo,
        registrato_il=adesso,
        registrato_da=attore,
    )
    registra(
        Azione.CONSENSO_DATO if esito == EsitoConsenso.DATO else Azione.CONSENSO_RIFIUTATO,
        attore=attore,
        oggetto=consenso,
        utente=presa.utente,
        dettaglio={"finalita": finalita.label, "testo": f"versione {testo.versione}"},
    )
    # A no at a new presa in carico takes back the yes of the one before.
    for conseguenza in alla_revoca[finalita] if esito == EsitoConsenso.RIFIUTATO else ():
        conseguenza(utente=presa.utente, attore=attore, adesso=adesso)
    return consenso
