package ai.postdev.benchmarks.model;

import ai.postdev.dragon.model.engine.Generation.End;
import ai.postdev.dragon.model.engine.GenerationRequest;
import ai.postdev.dragon.model.engine.LlamaEngine;
import ai.postdev.dragon.model.engine.LoadRequest;
import ai.postdev.dragon.model.engine.Prompt;
import ai.postdev.dragon.model.engine.Sampling;
import ai.postdev.dragon.model.worker.WorkerCommand;
import ai.postdev.dragon.model.worker.WorkerProcess;
import ai.postdev.dragon.model.worker.WorkerProcess.Event;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Our way to llama.cpp, a worker process behind pipes, beside the binding alone in this process and, if the Python that the
 * system property {@code peer.python} names has it, {@code llama-cpp-python}: prompts read and tokens drawn, one after the
 * other on one thread, in turns. A peer that is not there is said to be missing. Run: {@code java … LlamaSideBySide FILE.gguf};
 * less than two minutes with a model of 135 million parameters.
 */
public final class LlamaSideBySide {
    private static final int ROUNDS = 5;
    private static final int CONTEXT = 2_048;
    private static final int DRAWN = 48;
    private static final String WORDS = "the quick brown fox jumps over the lazy dog. ".repeat(20);
    private static final long PATIENCE_SECONDS = 60;

    private static final String PYTHON = """
            import json, sys, time
            try:
                import llama_cpp
            except ImportError as e:
                print(json.dumps({"missing": str(e)}), flush=True); sys.exit()
            model = llama_cpp.Llama(sys.argv[1], n_ctx=int(sys.argv[2]), n_threads=1, n_threads_batch=1, verbose=False)
            print(json.dumps({}), flush=True)
            for line in sys.stdin:
                asked = json.loads(line)
                cpu = time.process_time()
                model.create_completion(asked["prompt"], max_tokens=asked["tokens"], temperature=0.0)
                print(json.dumps({"cpu": time.process_time() - cpu}), flush=True)
            """;

    /** One way of having prompts answered. */
    private interface Way extends AutoCloseable {
        String name();

        /** Has an answer of so many tokens made, greedily. */
        void answer(String prompt, int tokens) throws Exception;

        /** Nanoseconds of processors that it took since it began; of this process, or of the one that it has for it. */
        long cpu() throws Exception;

        @Override
        void close() throws IOException;
    }

    private LlamaSideBySide() {}

    /** @param arguments the model's file */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        // Its library is unpacked to a folder of ours, and found there by the binding.
        new LlamaEngine().load(new LoadRequest(file, 64, 1, 1)).close();
        List<Way> ways = new ArrayList<>(List.of(new Bare(file), new Worker(file)));
        Python.start(file).ifPresent(ways::add);
        int promptTokens;
        try (LlamaModel counter = Bare.model(file)) {
            promptTokens = counter.encode("0 " + WORDS).length;
        }
        double[][] read = new double[ways.size()][ROUNDS];
        double[][] drawn = new double[ways.size()][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < ways.size(); i++) {
                Way way = ways.get(i);
                String ask = round + " " + i;
                if (round == 0) {
                    way.answer("Warm up.", 4);
                }
                long cpu = way.cpu();
                way.answer(ask + " " + WORDS, 1);
                read[i][round] = promptTokens * 1e9 / (way.cpu() - cpu);
                cpu = way.cpu();
                way.answer(ask + " once upon a time there was a", DRAWN);
                drawn[i][round] = DRAWN * 1e9 / (way.cpu() - cpu);
            }
        }
        System.out.println(
                "| way | prompt tokens for a second of CPU | beside the binding alone | drawn | beside it |");
        System.out.println("|---|---|---|---|---|");
        for (int i = 0; i < ways.size(); i++) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.2f | %s | %.2f |%n",
                    ways.get(i).name(),
                    spread(read[i]),
                    median(read[i]) / median(read[0]),
                    spread(drawn[i]),
                    median(drawn[i]) / median(drawn[0]));
        }
        for (Way way : ways) {
            way.close();
        }
        System.exit(0);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String spread(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, "%.0f (%.0f to %.0f)", median(values), sorted[0], sorted[sorted.length - 1]);
    }

    /** The binding as its own guide shows it. */
    private record Bare(LlamaModel model) implements Way {
        Bare(Path file) {
            this(model(file));
        }

        static LlamaModel model(Path file) {
            return new LlamaModel(new ModelParameters()
                    .setModel(file.toString())
                    .setCtxSize(CONTEXT)
                    .setThreads(1)
                    .setThreadsBatch(1)
                    .disableLog());
        }

        @Override
        public String name() {
            return "binding alone";
        }

        @Override
        public void answer(String prompt, int tokens) {
            int pieces = 0;
            for (LlamaOutput output : model.generate(new InferenceParameters(prompt)
                    .setNPredict(tokens)
                    .setCachePrompt(true)
                    .setTemperature(0))) {
                pieces += output.text.isEmpty() ? 0 : 1;
            }
            require(pieces, tokens);
        }

        @Override
        public long cpu() {
            return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                    .getProcessCpuTime();
        }

        @Override
        public void close() {
            model.close();
        }
    }

    /** What a node does: another process, messages over pipes. */
    private static final class Worker implements Way {
        private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(1_024);
        private final WorkerProcess process;
        private long number;

        Worker(Path file) throws Exception {
            process =
                    WorkerProcess.start(WorkerCommand.thisBuild(), Files.createTempFile("worker", ".log"), events::add);
            process.load(LlamaEngine.NAME, new LoadRequest(file, CONTEXT, 1, 1));
            if (!(event() instanceof Event.Loaded)) {
                throw new IllegalStateException("the worker did not load " + file);
            }
        }

        private Event event() throws InterruptedException {
            Event event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (event == null || event instanceof Event.Died || event instanceof Event.Failed) {
                throw new IllegalStateException("the worker said " + event);
            }
            return event;
        }

        @Override
        public String name() {
            return "ours, a worker process";
        }

        @Override
        public void answer(String prompt, int tokens) throws InterruptedException {
            process.generate(
                    ++number,
                    new GenerationRequest(
                            new Prompt.Text(prompt), tokens, Sampling.GREEDY, List.of(), Optional.empty(), ""));
            for (Event event = event(); ; event = event()) {
                if (event instanceof Event.Ended(long _, End end)) {
                    require(end.usage().answerTokens(), tokens);
                    return;
                }
            }
        }

        @Override
        public long cpu() {
            return ProcessHandle.of(process.pid())
                    .flatMap(handle -> handle.info().totalCpuDuration())
                    .map(Duration::toNanos)
                    .orElseThrow();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    private record Python(Process process, BufferedWriter to, BufferedReader from, long[] taken) implements Way {
        static Optional<Way> start(Path file) throws IOException {
            String python = System.getProperty("peer.python", "python3");
            Process process = new ProcessBuilder(python, "-c", PYTHON, file.toString(), "" + CONTEXT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Python peer = new Python(process, process.outputWriter(), process.inputReader(), new long[1]);
            JsonObject hello = peer.line();
            if (hello.has("missing")) {
                System.out.println("PEER MISSING: llama-cpp-python is left out: "
                        + hello.get("missing").getAsString() + " in " + python + "; -Dpeer.python=... names another");
                return Optional.empty();
            }
            return Optional.of(peer);
        }

        private JsonObject line() throws IOException {
            String line = from.readLine();
            if (line == null) {
                throw new IOException("the Python peer ended");
            }
            return JsonParser.parseString(line).getAsJsonObject();
        }

        @Override
        public String name() {
            return "llama-cpp-python";
        }

        @Override
        public void answer(String prompt, int tokens) throws IOException {
            JsonObject asked = new JsonObject();
            asked.addProperty("prompt", prompt);
            asked.addProperty("tokens", tokens);
            to.write(asked + "\n");
            to.flush();
            taken[0] += (long) (line().get("cpu").getAsDouble() * 1e9);
        }

        @Override
        public long cpu() {
            return taken[0];
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    private static void require(int found, int expected) {
        if (found < expected - 1) {
            throw new IllegalStateException("an answer has " + found + " pieces, expected " + expected);
        }
    }
}
