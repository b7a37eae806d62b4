from django.apps import AppConfig


class PspConfig(AppConfig):
    name = "psp"
    label = "psp"
    verbose_name = "Patto di servizio"

    def ready(self) -> None:
        from orientamento.anagrafica.services import did
        from psp.services import archivio
        from psp.services.agenda import avvisi, passaggio
        from psp.services.patto import chiudi_per_did

        archivio.collega()
        avvisi.collega()
        passaggio.collega()
        did.alla_fine.append(chiudi_per_did)
