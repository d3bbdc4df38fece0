"""What Prometheus is told."""

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_ROWS = (1, 2, 5, 10, 25, 100, 1000, 10_000)
_PROBABILITY = tuple(n / 10 for n in range(1, 10))


class Metrics:
    """Counters, gauges and histograms of one service, in a registry of its own."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry = CollectorRegistry()
        self.requests = Counter(
            "nightshift_requests", "Requests by pipeline and status.", ("pipeline", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "nightshift_request_seconds", "From the head of a request to its answer.", ("pipeline",),
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.rows = Histogram(
            "nightshift_request_rows", "Rows of an answered request.", ("pipeline",),
            buckets=_ROWS, registry=self.registry,
        )  # fmt: skip
        self.predictions = Counter(
            "nightshift_predictions", "Predictions by version.", ("pipeline", "version"), registry=self.registry
        )
        self.answers = Histogram(
            "nightshift_answer", "What was predicted, of the first row of a request.", ("pipeline",),
            buckets=_PROBABILITY, registry=self.registry,
        )  # fmt: skip
        self.version = Gauge("nightshift_version", "The version that answers.", ("pipeline",), registry=self.registry)
        self.swaps = Gauge(
            "nightshift_swaps", "Versions that began to answer since the start.", ("pipeline",), registry=self.registry
        )
        self.refused = Gauge(
            "nightshift_refused_versions", "Versions that an alias points to and that do not serve.", ("pipeline",),
            registry=self.registry,
        )  # fmt: skip
        self.away = Gauge("nightshift_mlflow_away", "MLflow does not answer.", ("pipeline",), registry=self.registry)
        self.under_way = Gauge("nightshift_requests_under_way", "Requests under way.", registry=self.registry)
        self.spool = Gauge("nightshift_spool_bytes", "Predictions not in the ledger yet.", registry=self.registry)
        self.heard = Gauge(
            "nightshift_callers_age_seconds", "Since the ledger last said who may ask.", registry=self.registry
        )

    def text(self) -> tuple[bytes, str]:
        """All of it as Prometheus reads it, and the type of that."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return generate_latest(self.registry), CONTENT_TYPE_LATEST
