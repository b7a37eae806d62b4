"""What gunicorn serves: the pages and the contract, with the few static files before them."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "curriculum.portale.prova.impostazioni"

from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

from curriculum.portale.prova import impostazioni
from curriculum.portale.prova.deposito import deposito

application = WhiteNoise(get_wsgi_application(), root=str(impostazioni.CARTELLA / "statici"), prefix="statici/")
deposito()
