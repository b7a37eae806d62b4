"""The printed pact in steps: content (plain data) → HTML → PDF bytes, and the code that names the version (T2, T3).

Other code comes in through `psp.services.documento`.
"""

import logging

# WeasyPrint's messages quote the text being printed: citizens' words stay out of the logs.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("weasyprint.progress").setLevel(logging.ERROR)
