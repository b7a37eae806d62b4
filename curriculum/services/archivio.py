"""The files of the archive that belong to CVs."""

from __future__ import annotations

from curriculum.models import Curriculum

CARTELLA = "curriculum"


def file_in_uso(nomi: list[str]) -> set[str]:
    """Which of these names are the file of a CV, whatever its state."""
    return set(Curriculum.objects.filter(file__in=nomi).order_by().values_list("file", flat=True))
