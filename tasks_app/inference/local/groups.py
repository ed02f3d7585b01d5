"""Named groups of words, `@group` standing for all of another group."""

from functools import cache

from tasks_app.inference.local.wordlists import load_data, split_words


@cache
def group(name: str) -> tuple[str, ...]:
    """The words of the group `name` of groups.toml."""
    return expand(load_data("groups.toml")[name])


def expand(text: str) -> tuple[str, ...]:
    """The words of a list in which `@name` stands for a group."""
    words: list[str] = []
    for word in split_words(text):
        words.extend(group(word[1:]) if word.startswith("@") else (word,))
    return tuple(dict.fromkeys(words))
