"""The CV and its journey: one module per noun."""

from curriculum.models.curriculum import Curriculum, percorso_curriculum
from curriculum.models.portale import (
    Canale,
    ComeLoSappiamo,
    InterruttorePortale,
    LuogoCurriculum,
    PosizionePortale,
    StatoRegistrazione,
)
from curriculum.models.scadenza import AvvisoScadenza
from curriculum.models.testo import TestoCurriculum
from curriculum.models.trasferimento import APERTI, PASSAGGI, Operazione, StatoTrasferimento, Trasferimento

__all__ = [
    "APERTI",
    "PASSAGGI",
    "AvvisoScadenza",
    "Canale",
    "ComeLoSappiamo",
    "Curriculum",
    "InterruttorePortale",
    "LuogoCurriculum",
    "Operazione",
    "PosizionePortale",
    "StatoRegistrazione",
    "StatoTrasferimento",
    "TestoCurriculum",
    "Trasferimento",
    "percorso_curriculum",
]
