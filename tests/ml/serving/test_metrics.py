"""What Prometheus is told."""

from prometheus_client.parser import text_string_to_metric_families

from ml.serving.metrics import Metrics


def test_two_services_in_a_process_count_apart():
    one, other = Metrics(), Metrics()
    one.requests.labels("flights", 200).inc()
    assert "flights" in one.text()[0].decode()
    assert "flights" not in other.text()[0].decode()


def test_every_metric_says_what_it_is():
    families = list(text_string_to_metric_families(Metrics().text()[0].decode()))
    assert all(family.name.startswith("nightshift_") and family.documentation for family in families)
