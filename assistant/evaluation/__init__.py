"""Questions, claims and sentences with known answers, put to the whole engine, and what came of them."""
