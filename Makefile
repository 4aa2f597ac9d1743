# make run: a working console on this machine. make test: everything CI checks. README.md says the rest.
SHELL := /bin/bash
# Debian's own Python is compiled with optimisations, which one of pyenv's need not be: a fifth quicker.
PYTHON ?= $(shell /usr/bin/python3.11 -c "import ensurepip" 2>/dev/null && echo /usr/bin/python3.11 || echo python3)
BIN := .venv/bin
LOCK := --quiet --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What WeasyPrint, and what the whole test run, need from Debian (or Ubuntu).
RUN_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core fonts-liberation
TEST_PACKAGES := $(RUN_PACKAGES) postgresql redis-server chromium-headless-shell

define need
	@missing=""; \
	for package in $(1); do dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ] && ! command -v apt-get >/dev/null; then \
		echo "Not a Debian system: see that the equivalents of$$missing are installed."; \
	elif [ -n "$$missing" ] && [ "$$(id -u)" != 0 ]; then \
		echo "Please install what is missing, then try again: sudo apt-get install$$missing"; exit 1; \
	elif [ -n "$$missing" ]; then \
		echo "Installing$$missing ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends $$missing </dev/null >/dev/null; \
	fi
endef

# pip compiles on one core only, which takes as long as all else it does.
define install
	@echo "Installing Python packages into .venv (a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --no-compile --require-hashes -r $(1)
	@$(BIN)/python -m compileall -q -j 0 .venv/lib >/dev/null || true
endef

.PHONY: run test soak check format messages clean lock system-run system-test

run: system-run .venv/runtime .run/secret_key
	@export SECRET_KEY="$${SECRET_KEY:-$$(cat .run/secret_key)}"; \
	$(BIN)/python manage.py migrate --verbosity 0 && \
	$(BIN)/python manage.py sync_roles >/dev/null && \
	$(BIN)/python manage.py collectstatic --no-input --verbosity 0 && \
	$(BIN)/python manage.py demo && \
	exec $(BIN)/python manage.py serve

test: system-test .venv/dev
	@$(BIN)/python -m tests.run $(ARGS)

soak: system-test .venv/dev
	@OMS_SOAK=1 $(BIN)/python -m tests.run $(ARGS)

check: .venv/dev
	@$(BIN)/python -m tests.run --static

format: .venv/dev
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .
	@$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

# After a text for customers changed: the German catalogue (needs gettext), and its compiled form.
messages: .venv/dev
	@$(BIN)/python manage.py makemessages -l de --no-location --no-obsolete \
		--ignore=.venv --ignore=tests --ignore=staticfiles --ignore=admin --ignore=console && \
	$(BIN)/pybabel compile -D django -d oms/locale -l de

clean:
	rm -rf .venv .run staticfiles htmlcov .coverage .*_cache .hypothesis test.sqlite3*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock:
	uv pip compile --upgrade $(LOCK) requirements.in -o requirements.txt
	uv pip compile --upgrade $(LOCK) requirements-dev.in -o requirements-dev.txt

system-run:
	$(call need,$(RUN_PACKAGES))

system-test:
	$(call need,$(TEST_PACKAGES))

.venv/runtime: requirements.txt
	$(call install,$<)
	@touch $@

.venv/dev: requirements-dev.txt
	$(call install,$<)
	@touch .venv/runtime $@

.run/secret_key:
	@mkdir -p .run
	@umask 077; $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(60))" >$@
