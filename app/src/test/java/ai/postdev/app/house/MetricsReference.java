package ai.postdev.app.house;

import ai.postdev.coordinator.metrics.Metric;
import java.util.Locale;

/** Writes docs/reference/metrics.md from the catalogue that the metrics themselves are made from. */
final class MetricsReference {
    private MetricsReference() {}

    static String render() {
        StringBuilder page = new StringBuilder("""
            # Metrics

            <!-- Written by ReferenceTest from the class Metric; edit that. -->

            `/metrics` of the management port, in the text format of Prometheus (0.0.4). The port is on loopback and asks for a
            password; address and file are in `run/node.properties` of the home:

                curl -u "$(cat HOME/keys/management)" http://127.0.0.1:PORT/metrics

            For Prometheus, set a fixed port (`postdevai.management.port`) and:

                scrape_configs:
                  - job_name: postdevai
                    static_configs: [{targets: ["127.0.0.1:PORT"]}]
                    basic_auth: {username: postdevai, password: PASSWORD}

            The figures are those of `postdevai status` and `postdevai lake`, made when they are asked for. Nothing is collected in
            between but counts and times of calls. A status counts the embedded chunks of every file, so on large projects a
            scrape takes some milliseconds; once in 15 seconds is often enough. What only grows begins anew with the node, that of a
            watcher with the watcher, and both times Prometheus's `rate` knows what to do.

            A board for Grafana is in [grafana-board.json](grafana-board.json): import it and choose the Prometheus.

            Alerts that are worth having:

            | what is wrong | expression |
            |---|---|
            | something leaks | `postdevai_memory_drift_state{state="alarm"} == 1` |
            | memory is short: texts are read from disk, embeddings are less exact | `rate(postdevai_memory_refused_total[5m]) > 0` |
            | bulk data is not on the RAM disk | `postdevai_ram_disk_trouble == 1` |
            | the disk refuses writes | `increase(postdevai_journal_failed_writes_total[5m]) > 0` |
            | work is refused | `sum(rate(postdevai_calls_total{outcome="resource_exhausted"}[5m])) > 0` |
            | a project is not well | `postdevai_project_trouble == 1` |
            | searches are slow | `histogram_quantile(0.95, rate(postdevai_call_duration_seconds_bucket{call="Search"}[5m])) > 0.05` |
            | a model's worker dies again and again | `increase(postdevai_model_deaths_total[10m]) > 3` |
            | people wait for a model | `histogram_quantile(0.95, sum by (le, model) (rate(postdevai_model_queue_wait_seconds_bucket[5m]))) > 5` |

            | metric | type | labels | meaning |
            |---|---|---|---|
            """);
        for (Metric metric : Metric.values()) {
            page.append("| `")
                    .append(metric.id())
                    .append("` | ")
                    .append(metric.type().name().toLowerCase(Locale.ROOT))
                    .append(" | ")
                    .append(String.join(", ", metric.labels()))
                    .append(" | ")
                    .append(metric.help())
                    .append(" |\n");
        }
        return page.toString();
    }
}
