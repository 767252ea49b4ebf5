#!/bin/sh
# `pipx install .` as somebody does it who wants the command alone, in a temporary folder: then a version, an ingest, a question.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/pipx"
"$folder/pipx/bin/python" -m pip install --quiet --disable-pip-version-check pipx
export PIPX_HOME="$folder/home" PIPX_BIN_DIR="$folder/bin" PIPX_MAN_DIR="$folder/man"
"$folder/pipx/bin/pipx" install .
export SHAWAHID_CONFIG=/dev/null SHAWAHID_CACHE="$folder/cache" SHAWAHID_LIBRARY="$folder/library"
"$folder/bin/shawahid" --version
"$folder/bin/shawahid" ingest --sync ui/demo
"$folder/bin/shawahid" ask "How many passengers can the ferry carry?" | grep "220"
