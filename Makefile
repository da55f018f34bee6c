# Every target only calls run.py, so that "python run.py demo" does the same where there is no make.
PYTHON ?= python3

.PHONY: demo setup test test-deep crash bench dev format lock clean help
.DEFAULT_GOAL := help

demo setup test test-deep crash bench dev format lock clean help:
	@$(PYTHON) run.py $@ $(ARGS)
