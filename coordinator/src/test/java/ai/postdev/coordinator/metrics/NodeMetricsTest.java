package ai.postdev.coordinator.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.ModelFigures;
import ai.postdev.v1.ModelHistogram;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.StatusAnswer;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {
    /** Figures of an answer that are no metric, and why. */
    private static final Map<String, String> LEFT_OUT = Map.ofEntries(
            Map.entry("node.pid", "no figure"),
            Map.entry("node.rss_bytes", "memory_resident_bytes has it"),
            Map.entry("node.heap_used_bytes", "memory_process_bytes has it"),
            Map.entry("memory_drift", "the same as the one of lake"),
            Map.entry("projects.sequence", "no figure"),
            Map.entry("projects.symbols", "left to status"),
            Map.entry("projects.parsed", "left to status"),
            Map.entry("projects.commits", "left to status"),
            Map.entry("models.dimensions", "no figure"),
            Map.entry("serving.models.pid", "no figure"),
            Map.entry("serving.models.bytes", "the sum of its kinds"),
            Map.entry("serving.models.context", "a setting"),
            Map.entry("serving.models.answered", "model_requests_total has all since the node began"),
            Map.entry("serving.models.ttl_ms", "a setting"),
            Map.entry("serving.models.retry_seconds", "left to models ps"),
            Map.entry("serving.memory.budget_bytes", "memory_budget_bytes"),
            Map.entry("serving.memory.base_bytes", "memory_besides_bytes"),
            Map.entry("serving.memory.store_bytes", "memory_held_bytes"),
            Map.entry("serving.figures.first_token_ms", "a histogram, see its own test"),
            Map.entry("serving.figures.inter_token_ms", "a histogram"),
            Map.entry("serving.figures.queue_wait_ms", "a histogram"),
            Map.entry("serving.figures.prefill_per_second", "a histogram"),
            Map.entry("serving.figures.decode_per_second", "a histogram"),
            Map.entry("model_bytes", "models_room_bytes"),
            Map.entry("model_promised_bytes", "models_room_bytes"),
            Map.entry("java_bytes", "heap_committed and non_heap"),
            Map.entry("shares.percent", "a setting"),
            Map.entry("drift.state_ms", "left to lake"));

    private long next = 1_000_003;
    private int texts;

    /** Every figure another number, every text another text, two of each list. */
    private void fill(Message.Builder message, String path, Map<String, Double> figures) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            String name = (path.isEmpty() ? "" : path + ".") + field.getName();
            for (int i = 0; i < (field.isRepeated() ? 2 : 1); i++) {
                Object value = switch (field.getJavaType()) {
                    case MESSAGE -> {
                        Message.Builder child = message.newBuilderForField(field);
                        fill(child, name, figures);
                        yield child.build();
                    }
                    case STRING -> "text " + ++texts + " \"quoted\" \\ back\nline é";
                    case BOOLEAN -> true;
                    case INT -> number(name + "#" + i, figures).intValue();
                    case LONG -> number(name + "#" + i, figures).longValue();
                    case DOUBLE, FLOAT -> number(name + "#" + i, figures) + 0.25;
                    case ENUM, BYTE_STRING -> throw new AssertionError(name + " is of a type that no test fills");
                };
                if (field.isRepeated()) {
                    message.addRepeatedField(field, value);
                } else {
                    message.setField(field, value);
                }
            }
        }
    }

    private Double number(String name, Map<String, Double> figures) {
        next += 7_919;
        figures.put(name + "@" + next, (double) next);
        return (double) next;
    }

    @Test
    void everyFigureOfStatusAndLakeIsAMetricOrLeftOutForAReason() {
        Map<String, Double> figures = new LinkedHashMap<>();
        StatusAnswer.Builder status = StatusAnswer.newBuilder();
        fill(status, "", figures);
        LakeAnswer.Builder lake = LakeAnswer.newBuilder();
        fill(lake, "", figures);
        String text = NodeMetrics.of(status.build(), lake.build(), new CallFigures());
        Set<Double> shown = new TreeSet<>(StrictExposition.samples(text).values());
        List<String> missing = figures.entrySet().stream()
                .filter(figure -> !shown.contains(figure.getValue())
                        && !shown.contains(figure.getValue() + 0.25)
                        && !shown.contains(figure.getValue() / 1_000))
                .map(Map.Entry::getKey)
                .filter(name -> LEFT_OUT.keySet().stream().noneMatch(name::startsWith))
                .collect(Collectors.toCollection(ArrayList::new));
        assertEquals(List.of(), missing, "figures without a metric");
    }

    @Test
    void everyMetricOfTheCatalogueIsExposedOnceInItsOrderWithItsTypeAndHelp() {
        StatusAnswer.Builder status = StatusAnswer.newBuilder();
        LakeAnswer.Builder lake = LakeAnswer.newBuilder();
        fill(status, "", new LinkedHashMap<>());
        fill(lake, "", new LinkedHashMap<>());
        for (String text : List.of(
                NodeMetrics.of(status.build(), lake.build(), new CallFigures()),
                NodeMetrics.of(
                        StatusAnswer.getDefaultInstance(), LakeAnswer.getDefaultInstance(), new CallFigures()))) {
            Map<String, StrictExposition.Family> families = StrictExposition.parse(text);
            assertEquals(Arrays.stream(Metric.values()).map(Metric::id).collect(Collectors.toSet()), families.keySet());
            for (Metric metric : Metric.values()) {
                assertEquals(metric.type().id(), families.get(metric.id()).type(), metric.id());
                assertEquals(metric.help(), families.get(metric.id()).help());
            }
        }
    }

    @Test
    void labelsWithQuotesBackslashesAndLineFeedsComeBackAsTheyWere() {
        String nasty = "a\"b\\c\nd\\n{e=\"f\"} 7";
        String text = new Exposition()
                .begin(Metric.QUEUE_MAX)
                .sample(3, nasty)
                .sample(4, "")
                .text();
        Map<String, Double> samples = StrictExposition.samples(text);
        assertEquals(3, samples.get("postdevai_queue_max{queue=" + nasty + "}"));
        assertEquals(4, samples.get("postdevai_queue_max{queue=}"));
        assertEquals(
                "postdevai_queue_max{queue=\"a\\\"b\\\\c\\nd\\\\n{e=\\\"f\\\"} 7\"} 3",
                text.lines().skip(2).findFirst().orElseThrow());
        assertThrows(
                IllegalArgumentException.class,
                () -> new Exposition().begin(Metric.QUEUE_MAX).sample(1));
    }

    @Test
    void numbersAreExactToTheByteAndInfinityIsWrittenAsTheFormatSays() {
        Exposition out = new Exposition();
        out.single(Metric.MEMORY_DRIFT, -(1L << 60) - 1);
        out.single(Metric.MEMORY_DRIFT_RATIO, 0.1);
        out.begin(Metric.MODEL_RATE).sample(Double.POSITIVE_INFINITY, "a").sample(1e300, "b");
        assertTrue(out.text().contains("postdevai_memory_drift_bytes -1152921504606846977\n"));
        assertTrue(out.text().contains("postdevai_memory_drift_ratio 0.1\n"));
        Map<String, Double> samples = StrictExposition.samples(out.text());
        assertEquals(Double.POSITIVE_INFINITY, samples.get("postdevai_model_chunks_per_second{model=a}"));
        assertEquals(1e300, samples.get("postdevai_model_chunks_per_second{model=b}"));
    }

    @Test
    void callsAreCountedByOutcomeAndTheirTimesFallIntoBucketsWithUpperBounds() {
        CallFigures calls = new CallFigures();
        calls.ended(Call.SEARCH, FaultCode.OK, 1_000_000); // just at a bound
        calls.ended(Call.SEARCH, FaultCode.OK, 1_000_001);
        calls.ended(Call.SEARCH, FaultCode.RESOURCE_EXHAUSTED, 60_000_000_000L);
        Map<String, Double> samples = StrictExposition.samples(
                NodeMetrics.of(StatusAnswer.getDefaultInstance(), LakeAnswer.getDefaultInstance(), calls));
        String bucket = "postdevai_call_duration_seconds_bucket{call=Search, le=";
        assertEquals(0, samples.get(bucket + "0.0005}"));
        assertEquals(1, samples.get(bucket + "0.001}"));
        assertEquals(2, samples.get(bucket + "0.0025}"));
        assertEquals(2, samples.get(bucket + "30}"));
        assertEquals(3, samples.get(bucket + "+Inf}"));
        assertEquals(60.002000001, samples.get("postdevai_call_duration_seconds_sum{call=Search}"), 1e-9);
        assertEquals(2, samples.get("postdevai_calls_total{call=Search, outcome=ok}"));
        assertEquals(1, samples.get("postdevai_calls_total{call=Search, outcome=resource_exhausted}"));
        assertEquals(0, samples.get("postdevai_calls_total{call=Recall, outcome=ok}"), "known before it happens");
    }

    @Test
    void histogramsOfModelsAreInSecondsAndCumulative() {
        ModelHistogram waits = ModelHistogram.newBuilder()
                .addBounds(250)
                .addBounds(1_000)
                .addCounts(2)
                .addCounts(1)
                .addCounts(4)
                .setSum(20_000)
                .build();
        StatusAnswer status = StatusAnswer.newBuilder()
                .setServing(ServingAnswer.newBuilder()
                        .addFigures(ModelFigures.newBuilder()
                                .setName("m")
                                .setFirstTokenMs(waits)
                                .setDecodePerSecond(waits)))
                .build();
        Map<String, Double> samples =
                StrictExposition.samples(NodeMetrics.of(status, LakeAnswer.getDefaultInstance(), new CallFigures()));
        String seconds = "postdevai_model_first_token_seconds_";
        assertEquals(2, samples.get(seconds + "bucket{le=0.25, model=m}"));
        assertEquals(3, samples.get(seconds + "bucket{le=1, model=m}"));
        assertEquals(7, samples.get(seconds + "bucket{le=+Inf, model=m}"));
        assertEquals(20, samples.get(seconds + "sum{model=m}"));
        assertEquals(3, samples.get("postdevai_model_decode_tokens_per_second_bucket{le=1000, model=m}"));
        assertEquals(20_000, samples.get("postdevai_model_decode_tokens_per_second_sum{model=m}"));
    }
}
