# Everything that a person types here. `make demo` and `make test` do all the set-up that they need.
# `make demo PYTHON=python3.11` picks the Python; `VENV=.venv313` another folder for it;
# `EXTRAS=dev,viz` brings Solara too, for watching a model in a browser (docs/examples/watch.py).

VENV ?= .venv
PYTHON ?=
EXTRAS ?= dev
BIN = $(VENV)/bin
READY = $(VENV)/.installed
JOBS ?= 2
DEMO = results/demo

RUNS = import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

.PHONY: help demo test quick bench lint docs clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    two policies compared with Jincheng as of 2020; a report under $(DEMO)"
	@echo "make test    all tests        make quick   the tests to run while you work"
	@echo "make lint    style and types  make bench   how fast it is here"
	@echo "make docs    the reference pages, written from the code"

demo: $(READY)
	@echo "Comparing the baseline with two policies: 12 runs of each over three years, a minute or two on two cores."
	@"$(BIN)/shiyu" compare jincheng-2020 mediators-doubled money-on-subsidy \
		--reps 12 --set scale=0.01 --set time.years=3 --out "$(DEMO)"
	@echo ""
	@echo "Open $(DEMO)/report.html in a browser. Then try, for example:"
	@echo "  $(BIN)/shiyu scenarios list"
	@echo "  $(BIN)/shiyu run jincheng-2020 --seed 7 --set policies.mediation.staff_per_10k=60"
	@echo "  $(BIN)/shiyu --help"

test: $(READY)
	"$(BIN)/python" -m pytest -n $(JOBS) --dist loadfile

quick: $(READY)
	"$(BIN)/python" -m pytest -n $(JOBS) --dist loadfile -m "not slow"

bench: $(READY)
	"$(BIN)/python" experiments/bench/speed.py

lint: $(READY)
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"
	"$(BIN)/lint-imports"

docs: $(READY)
	"$(BIN)/python" docs/build.py
	"$(BIN)/python" docs/mechanism_pages.py

clean:
	find sim -name '*.nb[ci]' -delete
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV): $(READY) ;

$(READY): pyproject.toml constraints.txt
	@set -e; chosen="$(PYTHON)"; found=""; \
	if [ -n "$$chosen" ]; then set -- "$$chosen"; \
	else set -- python3.13 python3.12 python3.11 python3 python; fi; \
	for candidate; do \
		if "$$candidate" -c '$(RUNS)' >/dev/null 2>&1; then found="$$candidate"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "No Python 3.11 to 3.13 with venv was found$${chosen:+ as $$chosen}." >&2; \
		echo "Install one (Debian: apt install python3 python3-venv), or name it:" >&2; \
		echo "  make $(VENV) PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	echo "[1/3] A virtual environment in $(VENV), with $$("$$found" --version)"; \
	"$$found" -m venv --clear "$(VENV)"; \
	echo "[2/3] The pinned libraries: half a minute to a few minutes, by your connection"; \
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check \
		-c constraints.txt -e ".[$(EXTRAS)]"; \
	echo "[3/3] Compiling the inner loops, once: up to a minute"; \
	"$(BIN)/python" -m sim.engine.first_run; \
	touch "$(READY)"; \
	echo "Set up: $(BIN)/shiyu"
