"""Languages by their ISO codes, named as the file's list names them (U4)."""

from __future__ import annotations

import re

# name: two letters, then the three-letter codes
_NOMI = """
Albanese sq sqi alb; Arabo ar ara; Bengali bn ben; Bulgaro bg bul; Ceco cs ces cze; Cinese zh zho chi; Croato
hr hrv; Danese da dan; Ebraico he heb; Estone et est; Filippino tl tgl fil; Finlandese fi fin; Francese fr fra
fre; Georgiano ka kat geo; Giapponese ja jpn; Greco el ell gre; Hindi hi hin; Inglese en eng; Italiano it ita;
Lettone lv lav; Lituano lt lit; Macedone mk mkd mac; Moldavo mo mol; Norvegese no nor nob nno; Olandese nl nld
dut; Persiano fa fas per; Polacco pl pol; Portoghese pt por; Punjabi pa pan; Rumeno ro ron rum; Russo ru rus;
Serbo sr srp; Singalese si sin; Slovacco sk slk slo; Sloveno sl slv; Somalo so som; Spagnolo es spa; Svedese
sv swe; Tedesco de deu ger; Tigrino ti tir; Turco tr tur; Ucraino uk ukr; Ungherese hu hun; Urdu ur urd;
Vietnamita vi vie; Wolof wo wol; Amarico am amh; Armeno hy hye arm; Azero az aze; Basco eu eus baq; Bielorusso
be bel; Birmano my mya bur; Bosniaco bs bos; Catalano ca cat; Coreano ko kor; Curdo ku kur; Esperanto eo epo;
Galiziano gl glg; Gallese cy cym wel; Igbo ig ibo; Indonesiano id ind; Irlandese ga gle; Islandese is isl ice;
Latino la lat; Lussemburghese lb ltz; Malese ms msa may; Maltese mt mlt; Nepalese ne nep; Pashto ps pus;
Swahili sw swa; Tamil ta tam; Telugu te tel; Thailandese th tha; Yoruba yo yor; Hausa ha hau; Fula ff ful;
Lingala ln lin; Tibetano bo bod tib; Uzbeco uz uzb; Kazaco kk kaz kaz
"""
NOMI = {
    codice: nome for nome, *codici in (voce.split() for voce in re.split(r";\s*", _NOMI.strip())) for codice in codici
}


def nome_della_lingua(codice: str, etichetta: str = "") -> str:
    """The Italian name of an ISO 639 code; else the label, else the code as it stands."""
    conosciuto = NOMI.get(codice.strip().lower().partition("-")[0].partition("_")[0])
    scritto = " ".join((etichetta or codice).split())
    return conosciuto or scritto[:1].upper() + scritto[1:]
