# make serve  build the book and serve it on this machine (PORT=8137)
# make test   every check and every test
PYTHON ?= python3
PORT ?= 8137

# Chinese output and UTF-8 files whatever the locale.
export PYTHONUTF8 = 1

.PHONY: serve test python

serve: python
	@$(PYTHON) tools/bootstrap.py book 4
	@echo '[3/4] 生成案例书 …'
	@.venv/bin/kb build
	@echo '[4/4] 启动本机网站 …'
	@.venv/bin/kb serve --port $(PORT)

test: python
	@$(PYTHON) tools/bootstrap.py book,dev 10
	@.venv/bin/python tools/test.py

# Asked here, because an older Python could not even read the tools.
python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
	  echo '需要 Python 3.10 或更新版本，而 $(PYTHON) 不可用或版本太低；可用 PYTHON=路径 指定另一个。' >&2; exit 1; }
