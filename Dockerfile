# One image for the app, the scheduler and the workers; compose.yaml and deploy/ say which is which.
FROM python:3.12-slim AS packages
COPY requirements.txt /
RUN python -m venv /packages && /packages/bin/pip install --no-cache-dir -r requirements.txt s3fs==2026.9.0

FROM python:3.12-slim
COPY --from=packages /packages /packages
COPY . /app
RUN useradd --create-home --uid 1000 lab && mkdir /runs && chown lab /runs
USER lab
WORKDIR /app
ENV PATH=/packages/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 FMNIST_RUNS=/runs FMNIST_MIRROR=/tmp/mirror
EXPOSE 8501
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health')"
CMD ["python", "-m", "streamlit", "run", "streamlit_app.py", "--server.address=0.0.0.0", "--server.headless=true"]
