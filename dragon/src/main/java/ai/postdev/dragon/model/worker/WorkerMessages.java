package ai.postdev.dragon.model.worker;

import ai.postdev.dragon.model.constrain.SchemaSettings;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.dragon.model.engine.GenerationRequest;
import ai.postdev.dragon.model.engine.LoadRequest;
import ai.postdev.dragon.model.engine.Message;
import ai.postdev.dragon.model.engine.PartSettings;
import ai.postdev.dragon.model.engine.Prompt;
import ai.postdev.dragon.model.engine.Sampling;
import ai.postdev.dragon.model.engine.StepSettings;
import ai.postdev.dragon.model.prefix.PrefixSettings;
import ai.postdev.worker.v1.Ended;
import ai.postdev.worker.v1.Fault;
import ai.postdev.worker.v1.Generate;
import ai.postdev.worker.v1.Load;
import ai.postdev.worker.v1.Tuning;
import ai.postdev.worker.v1.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Requests and outcomes of engines as messages, and back. */
final class WorkerMessages {
    private static final List<Message.Role> ROLES = List.of(Message.Role.values());
    private static final List<Generation.Finish> FINISHES = List.of(Generation.Finish.values());
    private static final List<EngineFault.Kind> KINDS = List.of(EngineFault.Kind.values());

    private WorkerMessages() {}

    static Load load(String engine, LoadRequest request) {
        StepSettings tuning = request.tuning();
        PrefixSettings prefix = tuning.prefix();
        SchemaSettings schema = tuning.schema();
        return Load.newBuilder()
                .setEngine(engine)
                .setFile(request.file().toString())
                .setContext(request.context())
                .setSequences(request.sequences())
                .setThreads(request.threads())
                .setTuning(Tuning.newBuilder()
                        .setPrefillAlone(tuning.prefillAlone())
                        .setPrefillShared(tuning.prefillShared())
                        .setAheadMax(tuning.aheadMax())
                        .setPrefixBytesMax(tuning.prefixBytesMax())
                        .setPrefixTokensMin(prefix.tokensMin())
                        .setPrefixBlockTokens(prefix.blockTokens())
                        .setPrefixEntriesMax(prefix.entriesMax())
                        .setPrefixHalfLifeMillis(prefix.halfLife().toMillis())
                        .setSchemaPartsMax(schema.partsMax())
                        .setSchemaDepthMax(schema.depthMax())
                        .setSchemaRepeatMax(schema.repeatMax())
                        .setSchemaMasksMax(schema.masksMax())
                        .setPartNanos(tuning.parts().time().toNanos())
                        .setPartTokensMin(tuning.parts().tokensMin())
                        .setPartTokensMax(tuning.parts().tokensMax()))
                .build();
    }

    /** @throws IllegalArgumentException if it holds what no load can */
    static LoadRequest load(Load message) {
        Tuning tuning = message.getTuning();
        return new LoadRequest(
                Path.of(message.getFile()),
                message.getContext(),
                message.getSequences(),
                message.getThreads(),
                new StepSettings(
                        tuning.getPrefillAlone(),
                        tuning.getPrefillShared(),
                        tuning.getAheadMax(),
                        tuning.getPrefixBytesMax(),
                        new PartSettings(
                                Duration.ofNanos(tuning.getPartNanos()),
                                tuning.getPartTokensMin(),
                                tuning.getPartTokensMax()),
                        new PrefixSettings(
                                tuning.getPrefixTokensMin(),
                                tuning.getPrefixBlockTokens(),
                                tuning.getPrefixEntriesMax(),
                                Duration.ofMillis(tuning.getPrefixHalfLifeMillis())),
                        new SchemaSettings(
                                tuning.getSchemaPartsMax(),
                                tuning.getSchemaDepthMax(),
                                tuning.getSchemaRepeatMax(),
                                tuning.getSchemaMasksMax())));
    }

    static Generate generate(long id, GenerationRequest request) {
        Sampling sampling = request.sampling();
        Generate.Builder message = Generate.newBuilder()
                .setId(id)
                .setMaxTokens(request.maxTokens())
                .setTemperature(sampling.temperature())
                .setTopK(sampling.topK())
                .setTopP(sampling.topP())
                .setMinP(sampling.minP())
                .setRepeatPenalty(sampling.repeatPenalty())
                .addAllStops(request.stops())
                .setJsonSchema(request.jsonSchema().orElse(""))
                .setBegun(request.begun());
        sampling.seed().ifPresent(message::setSeed);
        switch (request.prompt()) {
            case Prompt.Text(String text) -> message.setText(text);
            case Prompt.Chat(List<Message> messages) ->
                messages.forEach(turn -> message.addTurns(
                        Turn.newBuilder().setRole(turn.role().ordinal()).setText(turn.text())));
        }
        return message.build();
    }

    /** @throws IOException if it holds what no request can */
    static GenerationRequest request(Generate message) throws IOException {
        try {
            Prompt prompt = message.getTurnsCount() == 0
                    ? new Prompt.Text(message.getText())
                    : new Prompt.Chat(message.getTurnsList().stream()
                            .map(turn -> new Message(ROLES.get(turn.getRole()), turn.getText()))
                            .toList());
            return new GenerationRequest(
                    prompt,
                    message.getMaxTokens(),
                    new Sampling(
                            message.getTemperature(),
                            message.getTopK(),
                            message.getTopP(),
                            message.getMinP(),
                            message.getRepeatPenalty(),
                            message.hasSeed() ? OptionalInt.of(message.getSeed()) : OptionalInt.empty()),
                    message.getStopsList(),
                    message.getJsonSchema().isEmpty() ? Optional.empty() : Optional.of(message.getJsonSchema()),
                    message.getBegun());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("a request is damaged: " + e.getMessage(), e);
        }
    }

    static Ended ended(long id, Generation.End end) {
        Generation.Usage usage = end.usage();
        return Ended.newBuilder()
                .setId(id)
                .setFinish(end.finish().ordinal())
                .setPromptTokens(usage.promptTokens())
                .setAnswerTokens(usage.answerTokens())
                .setPrefillNanos(usage.prefillNanos())
                .setDecodeNanos(usage.decodeNanos())
                .setCachedTokens(usage.cachedTokens())
                .build();
    }

    static Generation.End end(Ended message) {
        return new Generation.End(
                FINISHES.get(message.getFinish()),
                new Generation.Usage(
                        message.getPromptTokens(),
                        message.getAnswerTokens(),
                        message.getPrefillNanos(),
                        message.getDecodeNanos(),
                        message.getCachedTokens()));
    }

    static Fault fault(long id, EngineFault fault) {
        return Fault.newBuilder()
                .setId(id)
                .setKind(fault.kind().ordinal())
                .setMessage(fault.getMessage())
                .build();
    }

    static EngineFault fault(Fault message) {
        return new EngineFault(KINDS.get(message.getKind()), message.getMessage());
    }
}
