FROM python:3.13-slim AS build
RUN python -m venv /opt/fake-studio
WORKDIR /src
COPY pyproject.toml setup.cfg setup.py README.md LICENSE ./
# First a package without modules and docs: what it depends on stays in the cache when only our code changes.
COPY fake_studio/__init__.py fake_studio/
RUN /opt/fake-studio/bin/pip install --no-cache-dir --no-compile .
COPY fake_studio fake_studio
COPY docs docs
RUN /opt/fake-studio/bin/pip install --no-cache-dir --no-compile --no-deps --force-reinstall .

FROM build AS build-chef
RUN /opt/fake-studio/bin/pip install --no-cache-dir --no-compile '.[chefs]'

FROM python:3.13-slim AS base
RUN useradd --uid 10001 --create-home studio \
 && install --directory --owner=studio /data
ENV PATH=/opt/fake-studio/bin:$PATH PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data

# With ricecooker: for chefs, and for fake-studio cook.
FROM base AS chef
COPY --from=build-chef /opt/fake-studio /opt/fake-studio
ENTRYPOINT []
CMD ["python", "--version"]

# The Studio alone, which is what a build without --target makes.
FROM base AS studio
COPY --from=build /opt/fake-studio /opt/fake-studio
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/_fake/health', timeout=2)"]
ENTRYPOINT ["fake-studio"]
CMD ["serve", "--host", "0.0.0.0"]
