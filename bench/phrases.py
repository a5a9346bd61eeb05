"""The texts of the benchmark's tickets: of a few hundred words, some in every other sentence and some in few."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

PHRASES = 20_000
"""How many summaries, details and messages there are to combine."""

# From the commonest to the rarest.
WORDS = (Path(__file__).parent / "data" / "words.txt").read_text().split()
LENGTHS = {"summary": (5, 9), "details": (18, 40), "body": (12, 30)}


def phrases() -> Iterator[tuple[str, int, str]]:
    """For each kind of text so many of them, numbered; the same at every call."""
    random = Random("bailiwick bench")
    weights = [1 / (rank + 3) for rank in range(len(WORDS))]
    for kind, (shortest, longest) in LENGTHS.items():
        for number in range(PHRASES):
            words = random.choices(WORDS, weights, k=random.randint(shortest, longest))
            yield kind, number, " ".join(words).capitalize() + "."
