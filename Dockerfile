# One target an image: `docker build --target gym .`  Each holds the framework, the event contracts and its own domains.
#
# The default is pinned by tag, so that a build by hand gets security fixes of the same Python and Debian; CI passes the
# digest it has tested. Debian 12 has SQLite 3.40.1, the version the durability figures were measured with.
ARG BASE_IMAGE=python:3.13-slim-bookworm
ARG LAMBDA_BASE_IMAGE=public.ecr.aws/lambda/python:3.13


# Third-party packages, hash-checked. botocore describes hundreds of services in 28 MiB; the app talks to five of them.
# Bytecode is compiled here: roots are read-only, and compiling at each start would take 7.6 s instead of 2.2 s.
FROM ${BASE_IMAGE} AS libraries
COPY requirements-app.txt /
RUN python3 -m pip install --no-cache-dir --require-hashes --no-compile --target /libraries -r /requirements-app.txt \
    && find /libraries/botocore/data -mindepth 1 -maxdepth 1 -type d \
        ! -name sqs ! -name sns ! -name s3 ! -name sts ! -name ssm -exec rm -r {} + \
    && python3 -m compileall -q --invalidation-mode unchecked-hash /libraries

FROM ${LAMBDA_BASE_IMAGE} AS lambda-libraries
COPY requirements-app.txt /
RUN python3 -m pip install --no-cache-dir --require-hashes --no-compile --target /libraries -r /requirements-app.txt \
    && find /libraries/botocore/data -mindepth 1 -maxdepth 1 -type d \
        ! -name sqs ! -name sns ! -name s3 ! -name sts ! -name ssm -exec rm -r {} + \
    && python3 -m compileall -q --invalidation-mode unchecked-hash /libraries


# What every service has in common. The user is a number, because small bases have no tool to add a name for it.
# No HEALTHCHECK: ECS ignores it and has its own in the task definition. Time zones come from the package tzdata alone,
# which the code sees to as well (apps/common/pinned_zones.py).
FROM ${BASE_IMAGE} AS service
ENV PYTHONPATH=/app:/libraries PYTHONTZPATH="" PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
WORKDIR /app
COPY --from=libraries /libraries /libraries
COPY apps/__init__.py apps/
COPY apps/common apps/common
COPY apps/contracts apps/contracts
RUN python3 -m compileall -q --invalidation-mode unchecked-hash /app
# The root is read-only; a task mounts an empty volume here, which Fargate gives the mode that the image's directory has.
VOLUME ["/tmp"]
EXPOSE 8000


FROM service AS expenses
COPY apps/expenses apps/expenses
RUN python3 -m compileall -q --invalidation-mode unchecked-hash /app/apps/expenses
USER 1000:1000
CMD ["python", "-m", "apps.expenses"]


FROM service AS gym
COPY apps/gym apps/gym
RUN python3 -m compileall -q --invalidation-mode unchecked-hash /app/apps/gym
USER 1000:1000
CMD ["python", "-m", "apps.gym"]


FROM service AS heating
COPY apps/heating apps/heating
RUN python3 -m compileall -q --invalidation-mode unchecked-hash /app/apps/heating
USER 1000:1000
CMD ["python", "-m", "apps.heating"]


# All three domains in one process; the bridge's package makes its backups.
FROM service AS monolith
COPY apps/expenses apps/expenses
COPY apps/gym apps/gym
COPY apps/heating apps/heating
COPY apps/bridge apps/bridge
COPY apps/monolith apps/monolith
RUN python3 -m compileall -q --invalidation-mode unchecked-hash /app
USER 1000:1000
CMD ["python", "-m", "apps.monolith"]


# The data bridge's Lambda. No USER: Lambda runs every image as its own unprivileged user.
FROM ${LAMBDA_BASE_IMAGE} AS bridge
ENV PYTHONTZPATH=""
COPY --from=lambda-libraries /libraries ${LAMBDA_TASK_ROOT}
COPY apps/__init__.py ${LAMBDA_TASK_ROOT}/apps/
COPY apps/common ${LAMBDA_TASK_ROOT}/apps/common
COPY apps/contracts ${LAMBDA_TASK_ROOT}/apps/contracts
COPY apps/expenses ${LAMBDA_TASK_ROOT}/apps/expenses
COPY apps/gym ${LAMBDA_TASK_ROOT}/apps/gym
COPY apps/heating ${LAMBDA_TASK_ROOT}/apps/heating
COPY apps/sample ${LAMBDA_TASK_ROOT}/apps/sample
COPY apps/bridge ${LAMBDA_TASK_ROOT}/apps/bridge
RUN python3 -m compileall -q --invalidation-mode unchecked-hash "${LAMBDA_TASK_ROOT}/apps"
CMD ["apps.bridge.handler.handler"]
