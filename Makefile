# Developers' shortcuts; each is one call of the one command.
.PHONY: check test full bench demo lock format messages
check:
	./jiandu check
test:
	./jiandu test
full:
	./jiandu test --full
bench:
	PYTHONPATH=src:. .venv/bin/python -m benchmarks --write
demo:
	./jiandu demo
format:
	.venv/bin/ruff format src tests tools benchmarks
	.venv/bin/ruff check --fix src tests tools benchmarks
lock:
	.venv/bin/uv pip compile -q requirements.in -o requirements.txt --python-version 3.11 --strip-extras --generate-hashes --custom-compile-command "make lock"
	.venv/bin/uv pip compile -q requirements-dev.in -o requirements-dev.txt --python-version 3.11 --no-strip-extras --generate-hashes --custom-compile-command "make lock"
messages:
	.venv/bin/python tools/messages.py extract
	.venv/bin/python tools/messages.py compile
