from django.apps import AppConfig


class CurriculumConfig(AppConfig):
    name = "curriculum"
    label = "curriculum"
    verbose_name = "Curriculum"

    def ready(self) -> None:
        from curriculum.services import archivio as nostro
        from curriculum.services.rimozione import alla_correzione_del_codice
        from curriculum.services.scadenze import CAUSALE, ancora_dovuto
        from curriculum.services.trasferimento import alla_revoca
        from orientamento.anagrafica.models import Finalita
        from orientamento.anagrafica.services import messaggi, presa_in_carico, utente
        from orientamento.comune.archivio import FILE_IN_USO

        presa_in_carico.alla_revoca[Finalita.INCONTRO].append(alla_revoca)
        utente.alla_correzione_del_codice.append(alla_correzione_del_codice)
        messaggi.ANCORA_DOVUTO[CAUSALE] = ancora_dovuto
        FILE_IN_USO[nostro.CARTELLA] = nostro.file_in_uso
