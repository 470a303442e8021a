# Short names for python3 dev.py, which also works where there is no make. Arguments: make test ARGS="-k desk"

.PHONY: try test check lock

try test check lock:
	python3 dev.py $@ $(ARGS)
