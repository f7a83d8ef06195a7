# One image for web, worker, beat and the migration. Runs as a user without rights.
FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/privacy-desk --create-home privacydesk
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    PRIVACY_DESK_DATA_DIR=/var/lib/privacy-desk \
    LISTEN_ADDRESS=0.0.0.0
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
USER privacydesk
VOLUME /var/lib/privacy-desk
EXPOSE 8000
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi:application"]
