"""The CV written from the file (U4, V1): what there is to print, what is chosen of it, content → HTML.

`fonti` reads the file once; `modulo` is the form that chooses and writes; `contenuto` is what the template prints.
Special data, documents of stay, free notes are not among the sources: they cannot end up on paper.
"""
