"""The check of a PDF, for every app that takes one in: the CV, and the signed copy of the pact."""

from curriculum.controllo.motivi import in_mega, troppo_grande
from curriculum.controllo.processo import controlla_pdf
from curriculum.controllo.verdetto import MEGA, Limiti, Verdetto

__all__ = ["MEGA", "Limiti", "Verdetto", "controlla_pdf", "in_mega", "troppo_grande"]
