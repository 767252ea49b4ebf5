# Everything runs in .venv, which `install` makes from pyproject.toml with the pins in constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
DEMO_LIBRARY ?= .demo/library
PORT ?= 7860

.PHONY: install browser proxy demo test faults nightly test-llm bench pipx screenshots clean

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

# Three questions in the terminal, then the page. SERVE=0 stops before serving.
demo: install
	$(BIN)/shawahid --library $(DEMO_LIBRARY) ingest --sync ui/demo
	$(BIN)/shawahid --library $(DEMO_LIBRARY) ask "كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟"
	$(BIN)/shawahid --library $(DEMO_LIBRARY) ask "How much does a box of sardines cost?"
	$(BIN)/shawahid --library $(DEMO_LIBRARY) ask "من فاز بكأس العالم عام 2022؟"
	@if [ "$(SERVE)" != "0" ]; then exec $(BIN)/shawahid --library $(DEMO_LIBRARY) ui --no-browser --port $(PORT); fi

# The tests of the page need Chromium, those of the proxy nginx; what is missing is installed where Debian's packages can be had.
browser:
	@sh tests/get-debian.sh chromium chromium chromium-browser google-chrome

proxy:
	@sh tests/get-debian.sh nginx nginx
	@sh tests/get-debian.sh openssl openssl

# Two files at a time, in the order that tests/conftest.py gives them.
test: install browser proxy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

# Every command that writes is killed, or meets a full disk or a write that fails, for MINUTES; SEED=N repeats a run.
MINUTES ?= 3
faults: install
	$(BIN)/python -m tests.faults --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

# What the tests do briefly, at length: twenty ingests killed, fifty requests to each address of the HTTP interface, and
# thousands of made-up texts for whatever reads text.
nightly: install
	$(BIN)/python -m tests.crash 20
	SCHEMATHESIS_EXAMPLES=50 $(BIN)/python -m pytest tests/ui/test_api.py -k test_the_description_is_true
	FUZZ_EXAMPLES=5000 $(BIN)/python -m pytest tests/test_fuzz.py

# `pipx install .` and what it installed, tried in a temporary folder; two minutes.
pipx:
	@PYTHON=$(PYTHON) sh tests/pipx-install.sh

# Pictures of the page in every state, language, width and light, in .screenshots.
screenshots: install browser
	$(BIN)/python -m tests.screenshots

# With a real model: OPENAI_BASE_URL=http://… SHAWAHID_MODEL=NAME make test-llm. Where the first is not set, nothing runs.
test-llm: install
	$(BIN)/python -m pytest -m llm -s

bench: install
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf .venv .demo .bench .screenshots build *.egg-info
