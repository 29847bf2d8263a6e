# The engine. From the project's root: docker build --file docker/engine.Dockerfile --tag headend-engine .
#
# The base is pinned by version, to the Python that the tests run on. A digest would pin it to the byte; only a registry
# can tell it, and none was at hand: add @sha256:… to both lines, of the base that you have looked at.

# What is built here stands in simulators.Dockerfile word for word, so that it is built once and kept once.
FROM python:3.11.15-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY docker/build.lock docker/requirements.lock docker/
RUN python -m pip install --require-hashes --only-binary :all: --requirement docker/build.lock
# One of them, pyftpdlib, comes as source only: what makes a wheel of it is in build.lock, and nothing is fetched for that.
RUN python -m pip wheel --require-hashes --only-binary :all: --no-binary pyftpdlib --no-deps --no-build-isolation \
        --wheel-dir locked --requirement docker/requirements.lock
RUN python -m venv --without-pip /opt/headend \
    && python -m pip --python /opt/headend/bin/python install --no-index --no-deps locked/*.whl
COPY pyproject.toml README.md LICENSE ./
COPY engine engine/
COPY harness harness/
COPY simulators simulators/
RUN python -m pip wheel --no-index --no-deps --no-build-isolation --wheel-dir wheels . \
    && python -m pip --python /opt/headend/bin/python install --no-index --no-deps wheels/*.whl

FROM python:3.11.15-slim-trixie
# Nothing is installed here, and nothing is to be: what the base has for that goes too.
RUN python -m pip uninstall --yes setuptools wheel pip
COPY --from=build /opt/headend /opt/headend
ENV PATH=/opt/headend/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1
# Its own files are in the image, its configuration is mounted, its database is elsewhere: it writes to no folder.
ENV HEADEND_HOST=0.0.0.0 HEADEND_PORT=8440 HEADEND_CONFIGURATION=/etc/headend
USER 10001:10001
EXPOSE 8440
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as call; call.build_opener(call.ProxyHandler({})).open('http://127.0.0.1:' + os.environ['HEADEND_PORT'] + '/health', timeout=2)"]
ENTRYPOINT ["python", "-m", "engine"]
CMD ["serve"]
