package ai.postdev.benchmarks.model;

import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.dragon.model.engine.Generation.End;
import ai.postdev.dragon.model.engine.Generation.Piece;
import ai.postdev.dragon.model.engine.GenerationRequest;
import ai.postdev.dragon.model.engine.InferenceEngine;
import ai.postdev.dragon.model.engine.LanguageModel;
import ai.postdev.dragon.model.engine.LlamaEngine;
import ai.postdev.dragon.model.engine.LoadRequest;
import ai.postdev.dragon.model.engine.MlxInference;
import ai.postdev.dragon.model.engine.Prompt;
import ai.postdev.dragon.model.engine.Sampling;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What the engines of language models gain and take, each in one run on one thread: five answers at once against one after
 * another, the time to the first token of a prompt whose beginning was read against one that is new, and how long a cancel
 * takes. Run: {@code java … EnginesSideBySide FILE.gguf [ENGINE…] [batching] [prefix] [cancel]}, everything if nothing is named;
 * about a minute with a model of 135 million parameters.
 */
public final class EnginesSideBySide {
    private static final int TOGETHER = 5;
    private static final int TOKENS = 40;
    private static final int ROUNDS = 3;
    private static final int CANCELS = 10;
    private static final int CONTEXT = 2_048;
    private static final List<String> PARTS = List.of("batching", "prefix", "cancel");

    private final LanguageModel model;
    private final String engine;

    private EnginesSideBySide(String engine, LanguageModel model) {
        this.engine = engine;
        this.model = model;
    }

    /** @param arguments the model's file, engines if not both, and parts if not all */
    public static void main(String[] arguments) throws Exception {
        List<InferenceEngine> engines = List.of(new LlamaEngine(), new MlxInference());
        List<String> wanted = new ArrayList<>(Arrays.asList(arguments).subList(1, arguments.length));
        List<String> parts = PARTS.stream().filter(wanted::contains).toList();
        wanted.removeAll(PARTS);
        for (InferenceEngine engine : engines) {
            if (wanted.isEmpty() || wanted.contains(engine.name())) {
                try (LanguageModel model = engine.load(new LoadRequest(Path.of(arguments[0]), CONTEXT, TOGETHER, 1))) {
                    new EnginesSideBySide(engine.name(), model).run(parts.isEmpty() ? PARTS : parts);
                }
            }
        }
    }

    private void run(List<String> parts) throws EngineFault {
        answer(request("Warm up.", 8));
        if (parts.contains("batching")) {
            batching();
        }
        if (parts.contains("prefix")) {
            prefix();
        }
        if (parts.contains("cancel")) {
            cancel();
        }
    }

    private static long cpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static GenerationRequest request(String prompt, int tokens) {
        return new GenerationRequest(new Prompt.Text(prompt), tokens, Sampling.GREEDY, List.of(), Optional.empty(), "");
    }

    private End answer(GenerationRequest request) throws EngineFault {
        try (Generation generation = model.open(request)) {
            while (true) {
                if (generation.next() instanceof End end) {
                    return end;
                }
            }
        }
    }

    private void batching() throws EngineFault {
        List<Double> ratios = new ArrayList<>();
        List<Double> cpuRatios = new ArrayList<>();
        double serialRate = 0;
        double sharedRate = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<GenerationRequest> requests = new ArrayList<>();
            for (int i = 0; i < TOGETHER; i++) {
                requests.add(request("Round " + round + ", story " + i + ". Once upon a time there was a", TOKENS));
            }
            long begun = System.nanoTime();
            long cpu = cpu();
            int tokens = 0;
            for (GenerationRequest request : requests) {
                tokens += answer(request).usage().answerTokens();
            }
            long serial = System.nanoTime() - begun;
            long serialCpu = cpu() - cpu;
            List<GenerationRequest> others = requests.stream()
                    .map(one -> request(((Prompt.Text) one.prompt()).text().replace("Round", "Again"), TOKENS))
                    .toList();
            begun = System.nanoTime();
            cpu = cpu();
            int shared = others.stream()
                    .map(one -> CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return answer(one).usage().answerTokens();
                                } catch (EngineFault e) {
                                    throw new IllegalStateException(e);
                                }
                            },
                            task -> Thread.ofPlatform().start(task)))
                    .toList()
                    .stream()
                    .mapToInt(CompletableFuture::join)
                    .sum();
            long together = System.nanoTime() - begun;
            cpuRatios.add(shared * (double) serialCpu / (cpu() - cpu) / tokens);
            serialRate = Math.max(serialRate, tokens * 1e9 / serial);
            sharedRate = Math.max(sharedRate, shared * 1e9 / together);
            ratios.add(shared * (double) serial / together / tokens);
        }
        ratios.sort(null);
        cpuRatios.sort(null);
        row(
                "five answers at once against one after another",
                "%.2f times (median of %d, %.2f to %.2f), for a second of CPU %.2f times (%.2f to %.2f), at best %.0f"
                        + " against %.0f tokens/s",
                ratios.get(ROUNDS / 2),
                ROUNDS,
                ratios.getFirst(),
                ratios.getLast(),
                cpuRatios.get(ROUNDS / 2),
                cpuRatios.getFirst(),
                cpuRatios.getLast(),
                sharedRate,
                serialRate);
    }

    private void prefix() throws EngineFault {
        List<Long> fresh = new ArrayList<>();
        List<Long> known = new ArrayList<>();
        int tokens = 0;
        int cached = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String beginning = "Document " + round + ": " + "the quick brown fox jumps over the lazy dog. ".repeat(60);
            End first = answer(request(beginning + "What colour is the fox?", 2));
            End second = answer(request(beginning + "Which animal is lazy?", 2));
            fresh.add(first.usage().prefillNanos());
            known.add(second.usage().prefillNanos());
            tokens = second.usage().promptTokens();
            cached = second.usage().cachedTokens();
        }
        row(
                "first token of a prompt of " + tokens + " tokens whose beginning was read",
                "%.0f ms against %.0f ms: %.1f" + " times sooner, %d tokens cached as the engine tells",
                median(known) / 1e6,
                median(fresh) / 1e6,
                (double) median(fresh) / median(known),
                cached);
    }

    private void cancel() throws EngineFault {
        List<Long> decode = new ArrayList<>();
        for (int i = 0; i < CANCELS; i++) {
            try (Generation generation = model.open(request("Cancel " + i + ": once upon a time", 400))) {
                for (int piece = 0; piece < 5; piece++) {
                    if (!(generation.next() instanceof Piece)) {
                        throw new IllegalStateException("the answer ended by itself");
                    }
                }
                decode.add(untilEnd(generation));
            }
        }
        List<Long> prefill = new ArrayList<>();
        List<Long> next = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (Generation generation = model.open(request(i + " words and more words ".repeat(300), 5))) {
                CompletableFuture<Long> pulled = new CompletableFuture<>();
                Thread.ofPlatform().start(() -> {
                    try {
                        while (!(generation.next() instanceof End)) {
                            // not cancelled yet
                        }
                        pulled.complete(System.nanoTime());
                    } catch (EngineFault e) {
                        pulled.completeExceptionally(e);
                    }
                });
                pause();
                long begun = System.nanoTime();
                generation.cancel();
                prefill.add(pulled.join() - begun);
                answer(request("After " + i, 1));
                next.add(System.nanoTime() - begun);
            }
        }
        decode.sort(null);
        prefill.sort(null);
        row(
                "a cancel while an answer is made",
                "%.1f ms (median of %d), at most %.1f ms",
                median(decode) / 1e6,
                CANCELS,
                decode.getLast() / 1e6);
        row(
                "a cancel while a prompt of some 1,500 tokens is read",
                "%.0f ms (median of 3), at most %.0f ms",
                median(prefill) / 1e6,
                prefill.getLast() / 1e6);
        next.sort(null);
        row(
                "from that cancel to the first token of another question",
                "%.0f ms (median of 3), at most %.0f ms",
                median(next) / 1e6,
                next.getLast() / 1e6);
    }

    private static long untilEnd(Generation generation) throws EngineFault {
        long begun = System.nanoTime();
        generation.cancel();
        while (!(generation.next() instanceof End)) {
            // pieces that were ready
        }
        return System.nanoTime() - begun;
    }

    /** So that the reading of the prompt has begun. */
    private static void pause() {
        try {
            Thread.sleep(150);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private void row(String what, String format, Object... values) {
        System.out.println("| " + engine + " | " + what + " | " + String.format(Locale.ROOT, format, values) + " |");
    }
}
