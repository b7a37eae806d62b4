"""The bells of the CV: each calls one service. What is to be done stands in the rows, and the sweeps find it too."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from orientamento.comune.calendario import adesso


@shared_task(expires=3600)
def lavora(trasferimento_id: int) -> None:
    """One row of the queue to the portal that has just been made; where it is not due the sweep finds it."""
    from curriculum.services import coda

    coda.lavora(trasferimento_id)


@shared_task
def giro() -> None:
    """The sweep of the queue to the portal: whatever is due, and claims whose holder died (V6)."""
    from curriculum.services import coda

    coda.giro(mani=settings.PORTALE_MANI)


@shared_task
def riscontra() -> None:
    """A look at what stood on the portal a week ago and more (V5)."""
    from curriculum.services.riscontro import riscontra as guarda

    guarda()


@shared_task
def controlla_antivirus(curriculum_id: int) -> None:
    """One CV that has just been saved; where the antivirus is silent the sweep comes back to it."""
    from curriculum.controllo.antivirus import AntivirusAssente
    from curriculum.services.antivirus import controlla

    try:
        controlla(curriculum_id, adesso=adesso())
    except AntivirusAssente:
        return


@shared_task
def giro_antivirus() -> None:
    from curriculum.services.antivirus import controlla_in_attesa

    controlla_in_attesa(adesso=adesso())


@shared_task
def prepara_avvisi() -> None:
    """The notices of the six months (V4), each night."""
    from curriculum.services.scadenze import prepara_avvisi as prepara

    prepara(adesso=adesso())
