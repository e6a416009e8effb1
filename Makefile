# Two commands do all set-up: make demo, make test. uv is used where it is on PATH.
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= python3
DEV := ruff mypy import-linter PyYAML pytest pytest-randomly pytest-timeout pytest-xdist pytest-benchmark hypothesis jsonschema
export PYTHONWARNINGS := default

.PHONY: demo test test-slow test-agents check fix bench bench-peers fuzz docs clean

demo: $(VENV)/.installed
	@$(BIN)/weighlock demo

# The rules of the house are a part of check. Three at once, for two processors: some tests wait.
test: $(VENV)/.dev
	$(BIN)/pytest -n 3 -q --ignore tests/test_house.py

test-slow: $(VENV)/.dev
	$(BIN)/pytest -n 2 -q -m 'slow and not agents' --timeout=300

test-agents: $(VENV)/.dev
	$(BIN)/python tests/agents/install.py
	$(BIN)/pytest -q -m agents tests/agents --timeout=300

check: $(VENV)/.dev
	$(BIN)/ruff format --check src tests bench docs fuzz
	$(BIN)/ruff check src tests bench docs fuzz
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -q tests/test_house.py

fix: $(VENV)/.dev
	$(BIN)/ruff check --fix src tests bench docs fuzz
	$(BIN)/ruff format src tests bench docs fuzz

bench: $(VENV)/.dev
	$(BIN)/python -m bench

# Two other gateways beside ours: large (1 GB), in a folder of their own, no part of bench or of CI. What cannot be
# installed is named as not measured; make clean takes them away.
bench-peers: $(VENV)/.dev
	-$(PYTHON) -m venv $(VENV)-gateways && $(VENV)-gateways/bin/python -m pip install -q -r bench/gateway/peers.txt
	-npm install --prefix $(VENV)-gateways --no-save --no-audit --no-fund --no-package-lock --silent @portkey-ai/gateway@1.15.2
	$(BIN)/python -m bench.gateway.peers

# atheris is no part of the development set: it is large and built for few platforms.
fuzz: FUZZED = -max_total_time=$(or $(SECONDS),60) -max_len=4096 -timeout=10
fuzz: $(VENV)/.dev
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(PYTHON) -m pip --python $(BIN)/python install -q atheris
	@mkdir -p .fuzz/plan .fuzz/reports
	$(BIN)/python fuzz/read_plan.py $(FUZZED) -dict=fuzz/plan.dict -artifact_prefix=.fuzz/plan- .fuzz/plan
	$(BIN)/python fuzz/read_reports.py $(FUZZED) -artifact_prefix=.fuzz/reports- .fuzz/reports

# RUNS=5 shows whether the answers stay; CASES=D04 or CASES=H takes some of them, PAGE=docs/truth.md
# publishes the tables. Two cases are judged at once; JOBS=1 shows what a gate takes that has the
# machine to itself. The peers are other people's judges; what is not installed is not measured.
truth: $(VENV)/.dev $(VENV)-peers/.installed
	$(BIN)/python -m bench.truth $(addprefix --runs ,$(RUNS)) $(addprefix --jobs ,$(JOBS)) $(addprefix --case ,$(CASES)) $(addprefix --page ,$(PAGE))

$(VENV)-peers/.installed: bench/truth/peers.txt
	-$(PYTHON) -m venv $(VENV)-peers && $(VENV)-peers/bin/python -m pip install -q --no-deps -r $< && touch $@

docs: $(VENV)/.installed
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) $(VENV)-peers $(VENV)-gateways .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.installed: pyproject.toml constraints.txt
	@if command -v uv >/dev/null 2>&1; then \
	  test -d $(VENV) || uv venv -q --python '>=3.11' $(VENV); \
	  uv pip install -q --python $(BIN)/python -c constraints.txt -e .; \
	else \
	  test -d $(VENV) || $(PYTHON) -m venv $(VENV); \
	  $(BIN)/python -m pip install -q -c constraints.txt -e .; \
	fi
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install -q --python $(BIN)/python -c constraints.txt $(DEV); \
	else \
	  $(BIN)/python -m pip install -q -c constraints.txt $(DEV); \
	fi
	@touch $@
