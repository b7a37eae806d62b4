#!/bin/sh
# Finds a Python that is recent enough and hands over to the launcher. The folder of the project comes first,
# then the command (start, test, bench, verifica) and its arguments.
radice=$1
shift
for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 python3; do
    if command -v "$python" >/dev/null 2>&1 && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" "$radice/orientamento/avvio/__main__.py" "$@"
    fi
done
echo "Serve Python 3.11 o più recente, e su questo computer non si trova." >&2
echo "Su Debian 12 o Ubuntu 24.04: apt-get install python3 python3-venv" >&2
exit 1
