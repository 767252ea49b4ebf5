"""Benchmarks. They print ratios against a reference in the same run, because machines differ and are shared."""
