"""Files as a CRM writes them, and how tests change one."""

from pathlib import Path

GOLDEN = Path(__file__).with_name("golden")
NAMES = sorted(path.name for path in GOLDEN.iterdir())
PRODUCT, OTHER = "10001001", "00000007"
CARDS = ("01234567890", "12345678901")
MARCH, APRIL = "202603151830", "202604152359"


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


def file(*lines: str, end: str = "\r\n") -> bytes:
    return "".join(f"{line}{end}" for line in lines).encode("latin-1")


def changed(name: str, line: int, text: str) -> bytes:
    """A file of which one line is another."""
    lines = golden(name).decode().split("\r\n")
    lines[line - 1] = text
    return "\r\n".join(lines).encode("latin-1")


def subscription(
    number: str, *cards: str, product: str = PRODUCT, start: str = MARCH, end: str = APRIL, priority: str = "U"
) -> bytes:
    """A ps or cs file."""
    return file("U", number, product, start, end, priority, "EMM", "U", f"{len(cards):05}", *cards, "ZZZ")


def message(number: str, payload: str, *cards: str) -> bytes:
    return file("U", number, "00000002", payload, *"UUUU", "EMM", f"{len(cards):05}", *cards, "ZZZ")


def pairing(number: str, card: str, stb: str) -> bytes:
    return file("U", number, "00000001", "U", "U", "U", "EMM", "U", "00002", f"S{card}", f"V{stb}", "ZZZ")


def question(number: str, *cards: str) -> bytes:
    return file("U", number, "U", "U", "U", "U", "EMM", "U", f"{len(cards):05}", *cards, "ZZZ")
