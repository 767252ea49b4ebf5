"""Does a sentence stand in the words it cites? Without a language model, in Arabic, in English and across.

Each check looks for one way in which a sentence can be wrong: a number, a date, a name or a direction that its evidence
does not have, names or numbers that changed places, a denial that became an assertion, a saying put into another mouth,
or a meaning that is simply far away. The first that finds something decides.
"""

from .ground import SUPPORTED, Embed, Finding, Ground, Text
from .names import check_exclusive, check_kin, check_names, check_places
from .sayings import check_attribution, check_flattened
from .sense import check_meaning, check_negation, copied
from .values import check_dates, check_moments, check_numbers


def verify(sentence: str, ground: Ground, embed: Embed) -> Finding:
    """Whether a sentence stands in its ground."""
    said = Text(sentence)
    if copied(said, ground):  # word for word; it may still have left out a denial, or whose words they are
        return check_negation(said, ground, embed) or check_flattened(said, ground, embed) or SUPPORTED
    for check in (check_numbers, check_dates, check_moments, check_names, check_kin, check_exclusive):
        if found := check(said, ground):
            return found
    for compare in (check_places, check_attribution, check_negation, check_meaning, check_flattened):
        if found := compare(said, ground, embed):
            return found
    return SUPPORTED
