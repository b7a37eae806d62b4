"""The shared cache, whose absence is only a missing memory: never an error page, never a wait at each call."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

PAUSA = 2.0
giornale = logging.getLogger(__name__)


class Interruttore:
    """After a failure the service is left alone for a while: a frozen one costs one time-out, not one each call."""

    def __init__(self, pausa: float = PAUSA) -> None:
        self.pausa = pausa
        self.chiuso_fino_a = 0.0

    @property
    def aperto(self) -> bool:
        return time.monotonic() >= self.chiuso_fino_a

    def scatta(self) -> None:
        self.chiuso_fino_a = time.monotonic() + self.pausa


interruttore = Interruttore()


class ClienteTollerante(RedisCacheClient):
    """Django's own client, except that what fails counts as not found."""

    def _tenta(self, azione: Callable[[], Any], altrimenti: Any) -> Any:
        if not interruttore.aperto:
            return altrimenti
        try:
            return azione()
        except (RedisError, OSError) as errore:
            interruttore.scatta()
            giornale.warning("La cache non risponde: %s", errore)
            return altrimenti

    def add(self, key: Any, value: Any, timeout: Any) -> Any:
        return self._tenta(lambda: RedisCacheClient.add(self, key, value, timeout), False)

    def get(self, key: Any, default: Any) -> Any:
        return self._tenta(lambda: RedisCacheClient.get(self, key, default), default)

    def set(self, key: Any, value: Any, timeout: Any) -> Any:
        return self._tenta(lambda: RedisCacheClient.set(self, key, value, timeout), None)

    def touch(self, key: Any, timeout: Any) -> Any:
        return self._tenta(lambda: RedisCacheClient.touch(self, key, timeout), False)

    def delete(self, key: Any) -> Any:
        return self._tenta(lambda: RedisCacheClient.delete(self, key), False)

    def get_many(self, keys: Any) -> Any:
        return self._tenta(lambda: RedisCacheClient.get_many(self, keys), {})

    def has_key(self, key: Any) -> Any:
        return self._tenta(lambda: RedisCacheClient.has_key(self, key), False)

    def incr(self, key: Any, delta: Any) -> Any:
        return self._tenta(lambda: RedisCacheClient.incr(self, key, delta), delta)

    def set_many(self, data: Any, timeout: Any) -> Any:
        return self._tenta(lambda: RedisCacheClient.set_many(self, data, timeout), None)

    def delete_many(self, keys: Any) -> Any:
        return self._tenta(lambda: RedisCacheClient.delete_many(self, keys), None)

    def clear(self) -> Any:
        return self._tenta(lambda: RedisCacheClient.clear(self), False)


class CacheTollerante(RedisCache):
    """The backend that the settings name."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ClienteTollerante
