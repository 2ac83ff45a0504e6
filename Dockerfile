# docs/container.md says how to run it. Both stages have the same Python: the environment is made for it.
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE requirements-build.txt requirements-runtime.txt ./
COPY release/install.sh release/
COPY server/sprinklr_mcp server/sprinklr_mcp
COPY tools/sprinklr_tools tools/sprinklr_tools
COPY simulator/sprinklr_simulator simulator/sprinklr_simulator
RUN sh release/install.sh /opt/sprinklr-mcp

FROM python:3.13-slim
COPY --from=build /opt/sprinklr-mcp /opt/sprinklr-mcp
# Login, approvals and audit; whoever runs it keeps them in a volume.
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin sprinklr \
    && install --directory --owner sprinklr --mode 0700 /data
ENV PATH=/opt/sprinklr-mcp/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SPRINKLR_MCP_HOME=/data
USER 10001
WORKDIR /data
VOLUME /data
ENTRYPOINT ["sprinklr-mcp"]
CMD ["serve"]
