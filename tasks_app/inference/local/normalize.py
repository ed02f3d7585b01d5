"""One form of writing, character for character, so that offsets stay true."""

from tasks_app.inference.local.wordlists import load_data


def _table() -> dict[int, str]:
    """Full-width ASCII to ASCII, capitals to small, traditional to simplified."""
    table = {code + 0xFEE0: chr(code) for code in range(0x21, 0x7F)}
    # Chinese commas and the like stay: they part clauses and are not ASCII's.
    for mark in "，！？；（）":
        del table[ord(mark)]
    lower = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    table = {code: lower.get(char, char) for code, char in table.items()}
    table |= {ord(capital): small for capital, small in lower.items()}
    table |= {0x3000: " ", 0xA0: " ", 0x2019: "'"}
    pairs = load_data("traditional.toml")
    traditional = "".join(pairs["traditional"].split())
    simplified = "".join(pairs["simplified"].split())
    return table | {
        ord(old): new for old, new in zip(traditional, simplified, strict=True)
    }


_TABLE = _table()


def normalize(text: str) -> str:
    """`text` for matching: as long as before, position for position."""
    return text.translate(_TABLE)
