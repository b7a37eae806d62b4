"""The files of the archive that belong to pacts: signed copies, proofs of the acts."""

from __future__ import annotations

from orientamento.comune.archivio import FILE_IN_USO
from psp.models import PattoDiServizio, ProvaAtto


def collega() -> None:
    """Tell the sweep of the archive which folders are ours."""
    FILE_IN_USO["patti"] = copie_in_uso
    FILE_IN_USO["prove"] = prove_in_uso


def copie_in_uso(nomi: list[str]) -> set[str]:
    """Which of these names are the signed copy of a pact."""
    return set(PattoDiServizio.objects.filter(scansione__in=nomi).order_by().values_list("scansione", flat=True))


def prove_in_uso(nomi: list[str]) -> set[str]:
    """Which of these names are the proof of an act."""
    return set(ProvaAtto.objects.filter(file__in=nomi).order_by().values_list("file", flat=True))
