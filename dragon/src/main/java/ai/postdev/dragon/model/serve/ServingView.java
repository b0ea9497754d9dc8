package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.memory.ModelRoom;
import ai.postdev.dragon.model.ledger.ModelLedger;
import ai.postdev.dragon.model.metrics.Histogram;
import ai.postdev.dragon.model.metrics.ModelMetrics;
import ai.postdev.dragon.model.queue.QueueFigures;
import ai.postdev.dragon.model.slot.SlotState;
import ai.postdev.v1.ModelFigures;
import ai.postdev.v1.ModelHistogram;
import ai.postdev.v1.ModelOutcome;
import ai.postdev.v1.ModelRoomStatus;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.WaitingClass;
import java.util.Arrays;
import java.util.List;

/** How models stand, as callers see it. */
final class ServingView {
    private ServingView() {}

    /** All of it. */
    static ServingAnswer answer(Slots slots, QueueFigures queue, ModelLedger ledger, Tallies tallies, int running) {
        ServingAnswer.Builder answer = ServingAnswer.newBuilder().setRunning(running);
        slots.all().stream()
                .filter(slot -> !(slot.machine.state() instanceof SlotState.Empty))
                .forEach(slot -> answer.addModels(slots.served(slot)));
        answer.setMemory(memory(ledger).toBuilder()
                .setReservedBytes(answer.getModelsList().stream()
                        .mapToLong(ServedModel::getReservedBytes)
                        .sum()));
        queue.waiting()
                .forEach((workClass, waiting) -> answer.addWaiting(
                        WaitingClass.newBuilder().setWorkClass(workClass.id()).setWaiting(waiting)));
        tallies.all().forEach((model, metrics) -> answer.addFigures(figures(model, metrics.figures())));
        return answer.build();
    }

    /** How memory stands for models. */
    static ModelRoomStatus memory(ModelLedger ledger) {
        ModelRoom.Figures memory = ledger.memory();
        return ModelRoomStatus.newBuilder()
                .setBudgetBytes(memory.budget())
                .setBaseBytes(memory.base())
                .setStoreBytes(memory.stores())
                .setHeldBytes(memory.models())
                .setPromisedBytes(memory.promised())
                .setPossibleBytes(ledger.possible())
                .setShortBytes(ledger.shortOf())
                .build();
    }

    /** One slot. @param held what the ledger has */
    static ServedModel served(Held slot, List<ai.postdev.dragon.model.ledger.Held> held, long now) {
        ServedModel.Builder model = ServedModel.newBuilder()
                .setName(slot.model)
                .setEngine(slot.engine())
                .setState(slot.machine.state().id())
                .setPid(slot.pid)
                .setResidentBytes(slot.resident)
                .setContext(slot.context)
                .setSequences(slot.sequences)
                .setRunning(slot.machine.active())
                .setAnswered(slot.answered)
                .setBreaker(slot.machine.breaker().id());
        switch (slot.machine.state()) {
            case SlotState.Failed failed ->
                model.setReason(failed.reason())
                        .setPid(0)
                        .setResidentBytes(0)
                        .setSequences(0)
                        .setRetrySeconds(
                                failed.retryAt() == Long.MAX_VALUE
                                        ? -1
                                        : Math.max(0, failed.retryAt() - now) / 1_000.0);
            case SlotState.Draining draining -> model.setReason(draining.reason());
            case SlotState.Empty _, SlotState.Loading _, SlotState.Ready _ -> model.setReason(slot.leaving);
        }
        held.stream()
                .filter(tenant -> tenant.slot().equals(slot.model))
                .findFirst()
                .ifPresent(tenant -> model.setWeightBytes(tenant.footprint().weights())
                        .setKvBytes(tenant.footprint().kv())
                        .setCacheBytes(tenant.footprint().promptCache())
                        .setScratchBytes(tenant.footprint().scratch())
                        .setBytes(tenant.footprint().total())
                        .setReservedBytes(reserved(slot, tenant.footprint().total()))
                        .setIdleMs(tenant.idleMillis())
                        .setTtlMs(tenant.ttlMillis())
                        .setPinned(tenant.pinned())
                        .setReuse(tenant.reuse()));
        return model.build();
    }

    /**
     * Until it has answered once, a model holds what it is thought to take at most: what of this is not in RAM so far is kept,
     * and taken by nobody. Then it holds what its process was seen to take.
     */
    private static long reserved(Held slot, long bytes) {
        return slot.answered > 0 ? 0 : Math.max(0, bytes - slot.resident);
    }

    private static ModelFigures figures(String model, ModelMetrics.Figures figures) {
        ModelFigures.Builder answer = ModelFigures.newBuilder()
                .setName(model)
                .setFirstTokenMs(histogram(figures.firstToken()))
                .setInterTokenMs(histogram(figures.interToken()))
                .setQueueWaitMs(histogram(figures.queueWait()))
                .setPrefillPerSecond(histogram(figures.prefill()))
                .setDecodePerSecond(histogram(figures.decode()))
                .setPromptTokens(figures.promptTokens())
                .setCachedTokens(figures.cachedTokens())
                .setAnswerTokens(figures.answerTokens())
                .setFallbacks(figures.fallbacks())
                .setLoads(figures.loads())
                .setLoadMs(figures.loadMillis())
                .setEvictions(figures.evictions())
                .setDeaths(figures.deaths())
                .setTrims(figures.trims())
                .setTrimmedBytes(figures.trimmedBytes());
        for (ModelMetrics.Outcome outcome : ModelMetrics.Outcome.values()) {
            answer.addOutcomes(ModelOutcome.newBuilder()
                    .setOutcome(outcome.id())
                    .setCount(figures.outcomes().getOrDefault(outcome, 0L)));
        }
        return answer.build();
    }

    private static ModelHistogram histogram(Histogram.Figures figures) {
        ModelHistogram.Builder answer = ModelHistogram.newBuilder().setSum(figures.sum());
        Arrays.stream(figures.bounds()).forEach(answer::addBounds);
        Arrays.stream(figures.counts()).forEach(answer::addCounts);
        return answer.build();
    }
}
