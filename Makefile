# Two commands: `make run` and `make test`. What they need goes to .venv; what they keep, to var.
#
#   make run [PORT=8000] [REPO=/path/to/a/repository]
#   make test [ARGS='tests/releases -k approve']
#   make faults [FAULTS=all]

.PHONY: run test faults lint mutants screenshots

python := .venv/bin/python
# Dozens of processes start; without compiled files each compiles the project anew.
export PYTHONDONTWRITEBYTECODE :=
ARGS ?=
# Twice as many as cores, since tests wait for processes that they start; a file's tests stay
# together, since they share what is slow to start.
workers := -n $$((2 * $$(getconf _NPROCESSORS_ONLN))) --dist loadfile --no-loadscope-reorder

# What a production deployment sets, for the checks that look at it.
production := VAR_DIR=build/production HTTPS=true ALLOWED_HOSTS=release.example.com \
	SECRET_KEY=only-for-the-checks-that-look-at-a-production-deployment-0123456789 \
	AUDIT_KEY=only-for-the-checks \
	DATABASE_URL=postgresql://nobody@localhost:1/none REDIS_URL=redis://localhost:1

run:
	@.ci/venv requirements.txt
	@AGENTMESH_END_WITH_PARENT=1 exec $(python) manage.py up

test:
	@.ci/venv requirements-dev.txt
	@$(python) -m pytest $(workers) $(ARGS)

# Kills, freezes and misbehaving providers: minutes; FAULTS=all tries every moment there is.
faults:
	@.ci/venv requirements-dev.txt
	@$(python) -m pytest tests/faults -m faults $(workers) $(ARGS)

lint:
	@.ci/venv requirements-dev.txt
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	@$(production) .venv/bin/mypy .
	.venv/bin/lint-imports --no-logo
	git ls-files -z '*.html' | xargs -0 .venv/bin/djade --target-version 5.2 --check
	@# makemigrations would like to ask a database too, and says that there is none
	@$(production) $(python) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(production) $(python) manage.py check --deploy --fail-level WARNING

mutants:
	@.ci/venv requirements-dev.txt
	@$(python) -m tests.mutants $(ARGS)

screenshots:
	@.ci/venv requirements-dev.txt
	@$(python) -m tests.browser.screenshots $(ARGS)
