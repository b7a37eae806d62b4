from django.apps import AppConfig


class CurriculumConfig(AppConfig):
    name = "curriculum"
    label = "curriculum"
    verbose_name = "Curriculum"

    def ready(self) -> None:
        from curriculum.services.scadenze import CAUSALE, ancora_dovuto
        from curriculum.services.trasferimento import alla_revoca
        from orientamento.anagrafica.models import Finalita
        from orientamento.anagrafica.services import messaggi, presa_in_carico

        presa_in_carico.alla_revoca[Finalita.INCONTRO].append(alla_revoca)
        messaggi.ANCORA_DOVUTO[CAUSALE] = ancora_dovuto
