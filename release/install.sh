#!/bin/sh
# Installs this project into a new environment, from its sources: sh release/install.sh FOLDER (a whole path)
# Every package comes with the version and one of the hashes of the requirements files; what builds the project
# does not stay. The Dockerfile runs this, and so does a test, in a folder with the same files.
set -eu
cd "$(dirname "$0")/.."
target=$1
builder=$(mktemp -d)
trap 'rm -rf "$builder"' EXIT

# Errors only: what pip says of its own version and of a machine's settings is not about this project.
pip() {
    python=$1
    shift
    "$python" -m pip --disable-pip-version-check --no-input --quiet --quiet "$@"
}

"${PYTHON:-python3}" -m venv "$builder"
pip "$builder/bin/python" install --require-hashes --requirement requirements-build.txt
"$builder/bin/python" -m hatchling build --target wheel --directory "$builder/dist"

"${PYTHON:-python3}" -m venv "$target"
pip "$target/bin/python" install --require-hashes --requirement requirements-runtime.txt
pip "$target/bin/python" install --no-index --no-deps "$builder"/dist/*.whl
pip "$target/bin/python" uninstall --yes setuptools pip
