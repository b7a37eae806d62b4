"""The printed pact in steps: content (plain data) → HTML → PDF bytes, and the code that names the version (T2, T3).

Other code comes in through `psp.services.documento`; the last step is `orientamento.comune.stampa`.
"""
