"""The files of the archive that belong to CVs."""

from __future__ import annotations

from pathlib import Path

from django.core.files.storage import default_storage

from curriculum.models import Curriculum

CARTELLA = "curriculum"


def archivio_presente() -> bool:
    """Whether the folder of the CVs is there: where the archive is not mounted every file looks lost, and none is.

    It is made with the first CV and never taken away. A storage that has no folders says itself when it is away.
    """
    try:
        return Path(default_storage.path(CARTELLA)).is_dir()
    except NotImplementedError:
        return True


def file_in_uso(nomi: list[str]) -> set[str]:
    """Which of these names are the file of a CV, whatever its state."""
    return set(Curriculum.objects.filter(file__in=nomi).order_by().values_list("file", flat=True))
