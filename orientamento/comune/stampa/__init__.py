"""The one way from HTML to an archivable, accessible PDF, for every app that prints."""

import logging

# WeasyPrint's messages quote the text being printed: citizens' words stay out of the logs.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("weasyprint.progress").setLevel(logging.ERROR)
