"""Uploads: what is far too large is thrown away as it arrives, instead of filling the disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class LimiteCaricamento(FileUploadHandler):
    """First of the upload handlers: drops any file over `CARICAMENTO_MASSIMO` and goes on reading the other fields.

    The service that takes a file has its own, lower limit and its own words; this one protects the machine.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.letti = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.letti += len(raw_data)
        if self.letti > settings.CARICAMENTO_MASSIMO:
            self.request.caricamento_oltre_limite = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        del file_size


def oltre_limite(request: HttpRequest) -> bool:
    """Whether a file of this request was thrown away because of its size. Ask after reading `request.FILES`."""
    return getattr(request, "caricamento_oltre_limite", False)
