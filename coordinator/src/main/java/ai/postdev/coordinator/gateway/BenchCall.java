package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.BenchMeasure;
import ai.postdev.v1.BenchModelAnswer;
import ai.postdev.v1.BenchModelRequest;
import ai.postdev.v1.EmbedAnswer;
import ai.postdev.v1.EmbedRequest;
import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateFinished;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.ModelInfo;
import ai.postdev.v1.ModelsRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Measures a model on the way that everybody's requests take: through the queue to its slot. One round after the other until
 * there are enough, or the time is up.
 */
final class BenchCall {
    private static final int ROUNDS_MAX = 5;
    /** Words of a prompt that is read: some 500 tokens, with room to spare in the smallest usual context. */
    private static final int PROMPT_WORDS = 320;

    private static final int ANSWER_TOKENS = 64;
    /** An answer that ends sooner says little of how fast the next token comes. */
    private static final int ANSWER_TOKENS_MIN = 8;

    private static final int TEXTS = 32;
    private static final String EMBEDDING = "embedding";

    private final Caller caller;
    private final GenerateCall generate;
    private final EmbedCall embed;
    private final ModelCalls models;

    BenchCall(Caller caller, GenerateCall generate, EmbedCall embed, ModelCalls models) {
        this.caller = caller;
        this.generate = generate;
        this.embed = embed;
        this.models = models;
    }

    /** What was seen in the rounds of one bench; its stages run one after the other. */
    private static final class Seen {
        final long started = System.nanoTime();
        final BenchTexts texts = new BenchTexts(started);
        final Map<String, List<Double>> values = new LinkedHashMap<>();
        final BenchModelAnswer.Builder answer = BenchModelAnswer.newBuilder();
        long until;

        void add(String measure, double value) {
            if (Double.isFinite(value) && value > 0) {
                values.computeIfAbsent(measure, _ -> new ArrayList<>()).add(value);
            }
        }

        boolean enough(int rounds) {
            return rounds >= ROUNDS_MAX || rounds > 0 && System.nanoTime() >= until;
        }
    }

    /** An answer, and when its first piece came, in milliseconds from the request on; 0: none came. */
    private record Generated(GenerateFinished end, double firstMillis) {}

    CompletionStage<BenchModelAnswer> run(BenchModelRequest request) {
        double most = caller.parts().settings().benchTime().toMillis() / 1_000.0;
        double seconds = request.getSeconds() == 0 ? most : request.getSeconds();
        if (!(seconds > 0 && seconds <= most)) {
            throw new DoorFault(
                    FaultCode.INVALID_ARGUMENT,
                    "seconds is " + request.getSeconds() + ", expected over 0, up to " + most
                            + " (postdevai.gateway.bench-time)");
        }
        String name = request.getName().strip();
        Seen seen = new Seen();
        CompletionStage<Boolean> embeds = name.isEmpty()
                ? CompletableFuture.completedFuture(false)
                : models.models(ModelsRequest.newBuilder().setName(name).build())
                        .thenApply(answer -> answer.getModelsList().stream()
                                .filter(model -> model.getName().equals(name))
                                .map(ModelInfo::getKind)
                                .anyMatch(EMBEDDING::equals));
        return embeds.thenCompose(yes -> yes ? embedding(seen, name, seconds) : text(seen, name, seconds))
                .thenApply(BenchCall::answer);
    }

    // ---- models that write

    private CompletionStage<Seen> text(Seen seen, String name, double seconds) {
        return generated(name, "One,", 1).thenCompose(warm -> {
            seen.answer
                    .setName(warm.end().getModel())
                    .setEngine(warm.end().getEngine())
                    .setKind("text")
                    .setLoadMs(warm.end().getLoadMs());
            seen.until = System.nanoTime() + (long) (seconds * 1e9);
            return rounds(seen, 0, () -> textRound(seen, name));
        });
    }

    private CompletionStage<Void> textRound(Seen seen, String name) {
        return generated(name, seen.texts.words(PROMPT_WORDS), 1)
                .thenCompose(read -> {
                    int fresh = read.end().getPromptTokens() - read.end().getCachedTokens();
                    seen.add("prefill", fresh * 1_000.0 / read.end().getFirstTokenMs());
                    return generated(name, seen.texts.words(1) + " One, two, three, four, five,", ANSWER_TOKENS);
                })
                .thenAccept(said -> {
                    seen.add("first token", said.firstMillis());
                    int tokens = said.end().getAnswerTokens();
                    if (tokens >= ANSWER_TOKENS_MIN) {
                        seen.add("decode", (tokens - 1) * 1_000.0 / said.end().getDecodeMs());
                    }
                });
    }

    private CompletionStage<Generated> generated(String name, String prompt, int tokens) {
        long begun = System.nanoTime();
        AtomicLong first = new AtomicLong();
        GenerateRequest request = GenerateRequest.newBuilder()
                .setModel(name)
                .setPrompt(prompt)
                .setMaxTokens(tokens)
                .setTemperature(0)
                .setAlternatives("exact")
                .build();
        return generate.run("bench", request)
                .map(event -> {
                    if (event.hasText()) {
                        first.compareAndSet(0, System.nanoTime() - begun);
                    }
                    return event;
                })
                .filter(GenerateEvent::hasFinished)
                .map(event -> new Generated(event.getFinished(), first.get() / 1e6))
                .runWith(Sink.head(), caller.parts().system());
    }

    // ---- models that embed

    private CompletionStage<Seen> embedding(Seen seen, String name, double seconds) {
        return embedded(name, seen.texts.chunks(1)).thenCompose(warm -> {
            seen.answer.setName(name).setEngine(warm.getEngine()).setKind(EMBEDDING);
            seen.until = System.nanoTime() + (long) (seconds * 1e9);
            return rounds(seen, 0, () -> embeddingRound(seen, name));
        });
    }

    private CompletionStage<Void> embeddingRound(Seen seen, String name) {
        long one = System.nanoTime();
        return embedded(name, List.of(seen.texts.words(10)))
                .thenCompose(_ -> {
                    seen.add("question", (System.nanoTime() - one) / 1e6);
                    return embedded(name, seen.texts.chunks(TEXTS));
                })
                .thenAccept(many -> {
                    seen.add("texts", many.getEmbeddingsCount() * 1_000.0 / many.getTookMs());
                    seen.add("tokens", many.getTokens() * 1_000.0 / many.getTookMs());
                });
    }

    private CompletionStage<EmbedAnswer> embedded(String name, List<String> texts) {
        return embed.run(
                EmbedRequest.newBuilder().setModel(name).addAllInputs(texts).build(), new CompletableFuture<>());
    }

    // ---- both

    private static CompletionStage<Seen> rounds(Seen seen, int done, Supplier<CompletionStage<Void>> round) {
        return seen.enough(done)
                ? CompletableFuture.completedFuture(seen)
                : round.get().thenCompose(_ -> rounds(seen, done + 1, round));
    }

    private static BenchModelAnswer answer(Seen seen) {
        seen.values.forEach((measure, values) -> seen.answer.addMeasures(measure(measure, values)));
        return seen.answer.setTookMs(Caller.millisSince(seen.started)).build();
    }

    private static BenchMeasure measure(String name, List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        String unit = switch (name) {
            case "first token", "question" -> "ms";
            case "texts" -> "texts/s";
            default -> "tokens/s";
        };
        return BenchMeasure.newBuilder()
                .setName(name)
                .setUnit(unit)
                .setMedian(median)
                .setLeast(sorted.getFirst())
                .setMost(sorted.getLast())
                .setRuns(sorted.size())
                .setOver(over(name))
                .build();
    }

    private static String over(String name) {
        return switch (name) {
            case "prefill" -> "a prompt of " + PROMPT_WORDS + " words, never read before";
            case "decode" -> "an answer of up to " + ANSWER_TOKENS + " tokens";
            case "first token" -> "a short prompt, from the request to the first text";
            case "question" -> "a text of 10 words, from the request to its vector";
            default -> TEXTS + " texts of 8 to 160 words in one request";
        };
    }
}
