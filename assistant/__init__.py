"""From a question to an `Answer` whose every sentence carries citations that can be checked. Begin with types.py."""
