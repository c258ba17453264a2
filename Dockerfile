# One image for the app, the scheduler and the workers; compose.yaml and deploy/ say which is which.
# 2.6 GB unpacked: packages 2.37 (0.26 of it compiled by pip), Python 0.13, this repository 0.07.
# Podman keeps the health check with --format docker only.
# It writes only to /runs and /tmp, so the rest may be read-only: docker run --read-only --tmpfs /tmp
FROM python:3.12-slim AS packages
COPY requirements.txt /
# Headers to compile against TensorFlow are an eighth of the whole; nothing here compiles.
RUN python -m venv /packages \
    && /packages/bin/pip install --no-cache-dir -r requirements.txt s3fs==2026.9.0 \
    && rm -r /packages/lib/python3.12/site-packages/tensorflow/include

FROM python:3.12-slim
RUN useradd --no-create-home --uid 1000 lab && mkdir /runs && chown 1000 /runs
COPY --from=packages /packages /packages
COPY . /app
USER 1000
WORKDIR /app
ENV PATH=/packages/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp FMNIST_RUNS=/runs FMNIST_MIRROR=/runs/mirror
VOLUME /runs
EXPOSE 8501
# What a new container takes: 3 s, on a busy host some more.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "streamlit", "run", "streamlit_app.py", "--server.address=0.0.0.0", "--server.headless=true"]
