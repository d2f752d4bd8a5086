# The image of web, worker and beat (compose.yaml). No embedded parts run in it.
FROM python:3.13-slim-bookworm AS packages
COPY requirements.txt /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt

FROM python:3.13-slim-bookworm
# git reads the histories of imported repositories.
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home agentmesh
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 \
    DJANGO_SETTINGS_MODULE=agentmesh_release.settings \
    AUDIT_ANCHOR_FILE=/data/audit.anchor
# Static files are part of the image; what changes lies in /data.
RUN SECRET_KEY=build AUDIT_KEY=build DATABASE_URL=postgresql://build/build \
    python manage.py collectstatic --no-input --verbosity 0 \
    && install -d -o agentmesh var/beat
USER agentmesh
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "agentmesh_release.core.edge", "--host", "0.0.0.0", "--port", "8000"]
