FROM python:3.11-slim-bookworm

# What the contract PDFs need: trade_assurance/preflight.py checks the same list.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --create-home trade
WORKDIR /srv/trade-assurance

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
ENV PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/data/media \
    TA_SEAL_DIR=/srv/data/seal
# The demo environment has the production storage of static files and needs no secret.
RUN TA_ENV=demo python manage.py collectstatic --no-input --verbosity 0 \
    && mkdir -p /srv/data/media /srv/data/seal && chown -R trade /srv/data

USER trade
EXPOSE 8000
CMD ["python", "-m", "launcher.procfile", "web"]
