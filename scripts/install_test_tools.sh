#!/bin/sh
# Installs Chromium, poppler and LibreOffice through Debian's package manager where that is possible and needed.
# Where it is not, says in one line which tests will not run, and leaves it at that.
missing=
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
command -v soffice >/dev/null 2>&1 || missing="$missing libreoffice-calc"
fc-list 2>/dev/null | grep -qi 'noto.*cjk' || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
	echo "installing$missing"
	if apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
		exit 0
	fi
fi
echo "not installed:$missing (no apt-get, or not root); the browser, PDF and spreadsheet tests that need them will not run"
[ -z "$CI" ]
