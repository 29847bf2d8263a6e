"""Markdown, as far as the written parts need it."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; what would end a cell is escaped."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line).strip() + " |" for line in lines)


def code(words: str) -> str:
    """Words as they are typed; nothing, where there are none."""
    return f"`{words}`" if words else ""


def codes(words: Iterable[str]) -> str:
    """Several of them."""
    return ", ".join(code(word) for word in words)


def fenced(language: str, text: str) -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def page(title: str, *parts: str) -> str:
    """A page that is written whole."""
    note = "<!-- Written by `make docs` from what runs. Do not edit. -->"
    return "\n\n".join([note, f"# {title}", *parts]) + "\n"


def placed(document: str, name: str, part: str) -> str:
    """The document with the part between its markers. Raises ValueError where there are none."""
    begins, ends = f"<!-- {name}: written by `make docs` -->", f"<!-- end of {name} -->"
    head, found_begin, rest = document.partition(begins)
    _, found_end, tail = rest.partition(ends)
    if not (found_begin and found_end):
        raise ValueError(f"there are no markers for {name}: {begins} … {ends}")
    return f"{head}{begins}\n\n{part}\n\n{ends}{tail}"
