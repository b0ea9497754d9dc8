package ai.postdev.coordinator.metrics;

import ai.postdev.v1.ModelFigures;
import ai.postdev.v1.ModelHistogram;
import ai.postdev.v1.ModelOutcome;
import ai.postdev.v1.ModelRoomStatus;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.WaitingClass;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The figures of language models as metrics. Pure. */
final class ServingMetrics {
    private static final double MILLIS = 1_000;

    private final Exposition out;

    ServingMetrics(Exposition out) {
        this.out = out;
    }

    /** All but the state, which embedders have as well. */
    void write(ServingAnswer serving) {
        answers(serving.getFiguresList());
        memory(serving.getModelsList());
        out.begin(Metric.MODELS_WAITING);
        for (WaitingClass one : serving.getWaitingList()) {
            out.sample(one.getWaiting(), one.getWorkClass());
        }
        out.single(Metric.MODELS_RUNNING, serving.getRunning());
        ModelRoomStatus room = serving.getMemory();
        out.begin(Metric.MODELS_ROOM)
                .sample(room.getHeldBytes(), "held")
                .sample(room.getReservedBytes(), "reserved")
                .sample(room.getPromisedBytes(), "promised")
                .sample(room.getPossibleBytes(), "possible")
                .sample(room.getShortBytes(), "short");
    }

    private void answers(List<ModelFigures> models) {
        out.begin(Metric.MODEL_REQUESTS);
        for (ModelFigures model : models) {
            for (ModelOutcome outcome : model.getOutcomesList()) {
                out.sample(outcome.getCount(), model.getName(), outcome.getOutcome());
            }
        }
        histograms(Metric.MODEL_FIRST_TOKEN, models, ModelFigures::getFirstTokenMs, MILLIS);
        histograms(Metric.MODEL_INTER_TOKEN, models, ModelFigures::getInterTokenMs, MILLIS);
        histograms(Metric.MODEL_QUEUE_WAIT, models, ModelFigures::getQueueWaitMs, MILLIS);
        histograms(Metric.MODEL_PREFILL, models, ModelFigures::getPrefillPerSecond, 1);
        histograms(Metric.MODEL_DECODE, models, ModelFigures::getDecodePerSecond, 1);
        out.begin(Metric.MODEL_TOKENS);
        for (ModelFigures model : models) {
            out.sample(model.getPromptTokens(), model.getName(), "prompt")
                    .sample(model.getCachedTokens(), model.getName(), "cached")
                    .sample(model.getAnswerTokens(), model.getName(), "answer");
        }
        each(Metric.MODEL_FALLBACKS, models, ModelFigures::getFallbacks, ModelFigures::getName);
        each(Metric.MODEL_LOADS, models, ModelFigures::getLoads, ModelFigures::getName);
        parts(Metric.MODEL_LOAD_TIME, models, model -> model.getLoadMs() / MILLIS, ModelFigures::getName);
        each(Metric.MODEL_EVICTIONS, models, ModelFigures::getEvictions, ModelFigures::getName);
        each(Metric.MODEL_TRIMS, models, ModelFigures::getTrims, ModelFigures::getName);
        each(Metric.MODEL_TRIMMED, models, ModelFigures::getTrimmedBytes, ModelFigures::getName);
        each(Metric.MODEL_DEATHS, models, ModelFigures::getDeaths, ModelFigures::getName);
    }

    private void memory(List<ServedModel> models) {
        out.begin(Metric.MODEL_BYTES);
        for (ServedModel model : models) {
            out.sample(model.getWeightBytes(), model.getName(), "weights")
                    .sample(model.getKvBytes(), model.getName(), "kv")
                    .sample(model.getCacheBytes(), model.getName(), "cache")
                    .sample(model.getScratchBytes(), model.getName(), "scratch");
        }
        each(Metric.MODEL_RESIDENT, models, ServedModel::getResidentBytes, ServedModel::getName);
        each(Metric.MODEL_RESERVED, models, ServedModel::getReservedBytes, ServedModel::getName);
        out.begin(Metric.MODEL_SEQUENCES);
        for (ServedModel model : models) {
            out.sample(model.getSequences(), model.getName(), "all")
                    .sample(model.getRunning(), model.getName(), "busy");
        }
        each(Metric.MODEL_PINNED, models, model -> model.getPinned() ? 1 : 0, ServedModel::getName);
        parts(Metric.MODEL_IDLE, models, model -> model.getIdleMs() / MILLIS, ServedModel::getName);
        parts(Metric.MODEL_REUSE, models, ServedModel::getReuse, ServedModel::getName);
    }

    private <T> void each(Metric metric, List<T> rows, ToLongFunction<T> value, Function<T, String> name) {
        out.begin(metric);
        rows.forEach(row -> out.sample(value.applyAsLong(row), name.apply(row)));
    }

    private <T> void parts(Metric metric, List<T> rows, ToDoubleFunction<T> value, Function<T, String> name) {
        out.begin(metric);
        rows.forEach(row -> out.sample(value.applyAsDouble(row), name.apply(row)));
    }

    /** @param unit so many of the figure's units are one of the metric's */
    private void histograms(
            Metric metric, List<ModelFigures> models, Function<ModelFigures, ModelHistogram> figure, double unit) {
        out.begin(metric);
        for (ModelFigures model : models) {
            ModelHistogram histogram = figure.apply(model);
            List<Long> counts = new ArrayList<>(histogram.getCountsList());
            while (counts.size() <= histogram.getBoundsCount()) {
                counts.add(0L); // of a model that nobody asked yet
            }
            out.histogram(
                    new Histogram.Figures(
                            histogram.getBoundsList().stream()
                                    .map(bound -> bound / unit)
                                    .toList(),
                            counts,
                            histogram.getSum() / unit),
                    model.getName());
        }
    }
}
