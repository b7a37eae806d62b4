"""The citizens' portal: the contract, and the only code that speaks to it over HTTP."""
