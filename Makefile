# The verbs of this project; hooks and CI call the same ones. `make` alone lists them.
PYTHON ?= python3
PART ?= scheduler
BIN := .venv/bin
STACK := $(BIN)/python -m stack
UV_VERSION := 0.13.9
UV := UV_SYSTEM_CERTS=1 $(BIN)/uv

# no stray variable of the caller's may change what the tools do
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install up down status logs reset password test test-fast lint types format lock

help:  ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/.ok  ## the locked environment in .venv

# Everything that can be missing is asked for first: nothing half made stays when something is.
.venv/.ok: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON): install Python 3.11, 3.12 or 3.13, or name one: make PYTHON=/path/to/python3.12 $(or $(MAKECMDGOALS),up)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info[:2] < (3, 14) or sys.exit("Python 3.11, 3.12 or 3.13 is needed, this is %d.%d: name one, for example make PYTHON=python3.12 $(or $(MAKECMDGOALS),up)" % sys.version_info[:2])'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python lacks its venv module: install it (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@rm -f $@
	@test -x $(BIN)/python && $(BIN)/python -c 'import pip' 2>/dev/null || { echo "Making the environment in .venv"; rm -rf .venv; $(PYTHON) -m venv .venv; }
	@echo "Installing the locked packages (under a minute from a near mirror)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION) 2>/dev/null || true
	@$(UV) pip install -q --python $(BIN)/python --require-hashes --no-deps --compile-bytecode -r requirements.lock 2>.venv/install.log \
	  || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.lock 2>>.venv/install.log \
	  || { grep -qi -e "gcc" -e "compiler" -e "command 'cc'" .venv/install.log && echo "A package must be built here and no compiler was found: install one (Debian, Ubuntu: apt install build-essential)" >&2; \
	       grep -qi -e "no space left" -e "disk quota" .venv/install.log && echo "The disk is full: make room and run it again" >&2; \
	       echo "The packages could not be installed; the last words were:" >&2; tail -n 5 .venv/install.log >&2; exit 1; }
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation --editable . 2>>.venv/install.log \
	  || $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --editable . 2>>.venv/install.log \
	  || { echo "The project itself could not be installed:" >&2; tail -n 5 .venv/install.log >&2; exit 1; }
	@touch $@

up: .venv/.ok  ## start everything, load the demo data, run the first night
	@$(STACK) up

down:  ## stop everything
	@test -x $(BIN)/python || { echo "Nothing was running."; exit 0; }; $(STACK) down

status: .venv/.ok  ## each part: health, port, memory
	@$(STACK) status || true  # that it does not run is an answer, not an error

logs: .venv/.ok  ## what a part wrote: make logs PART=scheduler
	@$(STACK) logs $(PART)

reset: .venv/.ok  ## forget all state (asks first)
	@$(STACK) reset

password: .venv/.ok  ## print the password of Airflow's user admin
	@$(STACK) password

# A worker for each core, four at most: a worker that trained models holds up to a gigabyte.
test: .venv/.ok  ## everything: fast, integration, end to end
	@$(BIN)/pytest -q -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test-fast: .venv/.ok  ## what needs no server, for the loop
	@$(BIN)/pytest -q -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder -m "not integration and not e2e"

lint: .venv/.ok  ## rules and form of Python and YAML
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/yamllint --strict .

format: .venv/.ok  ## let ruff write the form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: .venv/.ok  ## mypy, strict, on ml/
	@$(BIN)/mypy

lock: .venv/.ok  ## write requirements.lock anew from pyproject.toml
	@$(UV) pip compile -q --generate-hashes --no-emit-index-url --universal --no-strip-extras --python-version 3.11 \
	  --group dev pyproject.toml -o requirements.lock
