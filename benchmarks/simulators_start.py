"""How soon a simulator process answers, and how much memory it takes then.

Beside it, in the same run: a bare interpreter, and one that imports Flask. Run again with
`.venv/bin/python benchmarks/simulators_start.py`.
"""

import http.client
import re
import socket
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter

ROUNDS = 9


def imported(what: str) -> float:
    """Seconds that an interpreter takes to import something and end."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", f"import {what}"], check=True)
    return perf_counter() - start


def started() -> tuple[float, float, int]:
    """Seconds to the platform's first answer, seconds to the line that says ready, and resident memory in MB."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    start = perf_counter()
    command = [sys.executable, "-m", "simulators", "tucano", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        answered = _first_answer(port) - start
        assert process.stdout is not None
        process.stdout.readline()
        ready = perf_counter() - start
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        process.terminate()
    resident = re.search(r"VmRSS:\s+(\d+) kB", status)
    return answered, ready, int(resident[1]) // 1024 if resident else 0


def _first_answer(port: int) -> float:
    """When the port first answers; asking again at once is what is measured, so nothing sleeps."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            connection.request("GET", "/tucano?xsd")
            connection.getresponse().read()
        except ConnectionRefusedError:
            continue
        else:
            return perf_counter()
        finally:
            connection.close()


def main() -> None:
    """Measure everything once, and print it."""
    runs = [(imported("sys"), imported("flask"), *started()) for _ in range(ROUNDS)]
    names = ("bare interpreter, s", "importing Flask, s", "first answer, s", "ready line, s", "resident, MB")
    print(f"{'median of ' + str(ROUNDS):24}{'':>8}")
    for name, values in zip(names, zip(*runs, strict=True), strict=True):
        print(f"{name:24}{statistics.median(values):8.2f}")


if __name__ == "__main__":
    main()
