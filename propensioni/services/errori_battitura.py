"""How many typing errors stand between two words: a letter more, less, wrong, or two swapped."""

from __future__ import annotations


def tolleranza(parola: str) -> int:
    """How many errors a word may hide: none up to three letters, one up to six, then two."""
    if len(parola) <= 3:
        return 0
    return 1 if len(parola) <= 6 else 2


def distanza(scritta: str, giusta: str, massimo: int) -> tuple[int, int]:
    """Errors between `scritta` and the whole of `giusta`, and between `scritta` and its best beginning.

    Gives up, with more than `massimo` for both, as soon as no way can stay within it.
    """
    prima: list[int] = []
    riga = list(range(len(giusta) + 1))
    for i, lettera in enumerate(scritta, start=1):
        prima_ancora, prima, riga = prima, riga, [i]
        for j, altra in enumerate(giusta, start=1):
            costo = min(prima[j] + 1, riga[j - 1] + 1, prima[j - 1] + (lettera != altra))
            if i > 1 and j > 1 and lettera == giusta[j - 2] and scritta[i - 2] == altra:
                costo = min(costo, prima_ancora[j - 2] + 1)
            riga.append(costo)
        if min(riga) > massimo and min(prima) > massimo:
            return massimo + 1, massimo + 1
    return riga[-1], min(riga)


def distanza_parola(scritta: str, giusta: str, memoria: dict[tuple[str, str], float | None]) -> float | None:
    """Errors that lead from `scritta` to `giusta`, or to its beginning (half an error more); None where too many."""
    chiave = (scritta, giusta)
    if chiave not in memoria:
        permessi = tolleranza(scritta)
        if scritta == giusta:
            memoria[chiave] = 0
        elif giusta.startswith(scritta):
            memoria[chiave] = 0.5
        elif permessi == 0 or len(giusta) < len(scritta) - permessi:
            memoria[chiave] = None
        else:
            intera, inizio = distanza(scritta, giusta, permessi)
            if intera <= permessi:
                memoria[chiave] = intera
            else:
                memoria[chiave] = inizio + 0.5 if inizio <= permessi and len(scritta) >= 5 else None
    return memoria[chiave]


# A short word that matches nothing may be a small word typed badly ("alra pescheria"): it costs this and is left out.
SCARTO = 1.5
LETTERE_SCARTABILI = 5


def distanza_nome(scritte: list[str], giuste: list[str], memoria: dict[tuple[str, str], float | None]) -> float | None:
    """Errors in all: each word typed finds its nearest, in any order; or the names agree when written as one."""
    esiti = [_distanza_parole(scritte, giuste, memoria)]
    if len(scritte) > 1 or len(giuste) > 1:
        esiti.append(distanza_parola("".join(scritte), "".join(giuste), memoria))
    return min((esito for esito in esiti if esito is not None), default=None)


def _distanza_parole(
    scritte: list[str], giuste: list[str], memoria: dict[tuple[str, str], float | None]
) -> float | None:
    totale, trovate = 0.0, 0
    for scritta in scritte:
        vicine = [d for giusta in giuste if (d := distanza_parola(scritta, giusta, memoria)) is not None]
        if vicine:
            totale += min(vicine)
            trovate += len(scritta)
        elif len(scritta) <= LETTERE_SCARTABILI:
            totale += SCARTO
        else:
            return None
    return totale if trovate > LETTERE_SCARTABILI or (len(scritte) == 1 and trovate) else None
