"""Prints the tables of times: `python -m tests.times`."""

from . import LANGUAGES, SORTS, expressions, left_alone, measure, told


def main() -> None:
    for title, kept in zip(("the rules were made with", "kept apart"), expressions(), strict=True):
        table = measure(kept)
        print(f"\n{len(kept)} times {title}\n\n| read rightly | {' | '.join(LANGUAGES)} |\n|---|---:|---:|")
        for sort in SORTS:
            cells = [table.get((language, sort), (0, 0)) for language in LANGUAGES]
            print(f"| {sort} | " + " | ".join(f"{right} of {total}" for right, total in cells) + " |")
        print("\nthat come to a value {} of {}, left alone {} of {}".format(*told(table), *left_alone(table)))


if __name__ == "__main__":
    main()
