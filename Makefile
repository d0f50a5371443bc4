# Short names for run.py, which works without make.
UV := $(shell command -v uv || echo .venv/bin/uv)
COMPILE := $(UV) pip compile --quiet --no-config --universal --generate-hashes \
	--python-version 3.11 --no-header --no-annotate --no-emit-index-url

.PHONY: run test check ci demo messages lock clean

run:            ## the whole site at http://127.0.0.1:8000
	python3 run.py
test:           ## all tests; ARGS="-k escrow" for some
	python3 run.py test $(ARGS)
check:          ## formatting, lint, layers, missing migrations
	python3 run.py check
ci:             ## exactly what the continuous integration runs
	.ci/run
demo: run       ## the same: without TA_ENV the site is the demo
messages:       ## collect the texts to translate
	python3 run.py manage makemessages --all
lock:           ## after a change of requirements*.txt; ARGS=--upgrade for newer versions
	$(COMPILE) $(ARGS) requirements.txt -o requirements.lock
	$(COMPILE) $(ARGS) requirements-embedded.txt -c requirements.lock -o requirements-embedded.lock
	$(COMPILE) $(ARGS) requirements-dev.txt -c requirements.lock -o requirements-dev.lock
	$(COMPILE) $(ARGS) requirements-uv.txt -o requirements-uv.lock
clean:          ## forget the installation and ALL data of the demo
	rm -rf .venv .run
