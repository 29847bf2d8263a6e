"""What the simulated Conax takes for files of 20,000 cards, beside the bare splitting of the same bytes into lines.

Read: bytes into an instruction, every check made. Taken: read, checked against the catalogue, applied, and what changed
told, in an empty memory and in one where every card has the product. Copied: a memory of 1,000,000 authorisations, as a
snapshot does it, beside a bare copy of such dictionaries. The best of several rounds, in one process. Run again with
`.venv/bin/python benchmarks/conax_parse.py`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from simulators.conax import wire
from simulators.conax.app import conax

CARDS, MANY, PRODUCTS, ROUNDS = 20_000, 200_000, 5, 9
NAME, PRODUCT, NOW = "ps000042.emm", "10001001", datetime(2026, 3, 15, 18, 30, tzinfo=UTC)


def file(end: str, cards: int = CARDS, product: str = PRODUCT) -> bytes:
    """A file that authorises so many cards until an end."""
    numbers = (f"{number:011}" for number in range(1, cards + 1))
    lines = ("U", "000042", product, "202603151830", end, "U", "EMM", "U", f"{cards:05}", *numbers, "ZZZ", "")
    return "\r\n".join(lines).encode()


def best_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The shortest of several rounds, in milliseconds."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times) * 1_000


def main() -> None:
    """Measure, and print the table."""
    products = [f"1000100{number}" for number in range(1, PRODUCTS + 1)]
    platform, body = conax(products=products), file("202604152359")
    state = platform.fresh(platform.catalogue)

    def take(content: bytes) -> None:
        deed = platform.drop.read(f"/autreq/req/{NAME}", content).perform(state, NOW)
        assert deed.code is None, deed

    def renew() -> None:
        take(file_may)
        take(body)

    file_may = file("202605152359")
    split_ms = best_ms(body.splitlines)
    read_ms = best_ms(lambda: wire.read(NAME, body))
    first_ms = best_ms(lambda: take(body), 1)
    again_ms = best_ms(renew) / 2
    for product in products:
        take(file("202604152359", MANY, product))
    bare = {product: {f"{number:011}": NOW for number in range(MANY)} for product in products}
    bare_ms, copy_ms = best_ms(lambda: {each: dict(held) for each, held in bare.items()}), best_ms(state.copy)

    print(f"{CARDS:,} cards, {len(body):,} bytes")
    for what, took_ms, beside_ms in (
        ("split into lines", split_ms, split_ms),
        ("read and checked", read_ms, split_ms),
        ("taken, the first time", first_ms, split_ms),
        ("taken, renewed", again_ms, split_ms),
        ("bare copy of 1,000,000", bare_ms, bare_ms),
        ("memory of 1,000,000 copied", copy_ms, bare_ms),
    ):
        print(f"{what:28} {took_ms:8.1f} ms   x {took_ms / beside_ms:5.1f}")


if __name__ == "__main__":
    main()
