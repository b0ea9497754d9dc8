package ai.postdev.benchmarks.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.LakeProtocol.ChunkText;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.SyntaxSettings;
import ai.postdev.dragon.lake.syntax.TreeSitterSyntax;
import ai.postdev.dragon.model.EmbedWorkers;
import ai.postdev.dragon.model.EmbedderSettings;
import ai.postdev.dragon.model.MiniLmEmbedder;
import ai.postdev.dragon.model.QueryGate;
import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Our way to ONNX Runtime, the workers of the ingest's queue, beside ONNX Runtime's own interface for Java with the same model,
 * tokenizer and number of threads: in batches of 32 in the order of arrival, each padded to its longest text; in batches of near
 * lengths, at most 2,048 tokens in one; and one text at a time. Chunks of a real tree, all ways in turns in one run, for a second
 * of the process's CPU. Also how far each way's vectors are from those made one by one. Run: {@code java … OnnxSideBySide FOLDER
 * [CHUNKS [THREADS]]}; with 128 chunks about a minute of CPU.
 */
public final class OnnxSideBySide {
    private static final int ROUNDS = 5;
    private static final int CHUNKS = 128;
    private static final int NAIVE = 32;
    private static final int BATCH_TOKENS = 2_048;
    private static final long SEED = 7;

    /** One way of embedding chunks. */
    private interface Way {
        /** The vectors, in the order of the chunks. */
        List<float[]> embed(List<ChunkText> chunks) throws Exception;
    }

    private OnnxSideBySide() {}

    /** @param arguments the folder, and if wished the number of chunks and of threads */
    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : CHUNKS;
        int threads = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        Config config = ConfigFactory.parseMap(Map.of("postdevai.models.embedder.threads", threads))
                .withFallback(ConfigFactory.load());
        EmbedderSettings settings = EmbedderSettings.from(config, Files.createTempDirectory("tokenizer"));
        List<ChunkText> chunks = chunks(Path.of(arguments[0]), config, count);
        try (MiniLmEmbedder ours = MiniLmEmbedder.load(settings);
                EmbedWorkers workers = new EmbedWorkers(settings, new QueryGate());
                Raw raw = new Raw(settings.tokensMax(), threads)) {
            Map<String, Way> ways = new LinkedHashMap<>();
            ways.put("alone, batches of " + NAIVE + " as they arrive", raw::asTheyArrive);
            ways.put("alone, batches of near lengths", raw::byLength);
            ways.put("alone, one at a time", raw::oneByOne);
            ways.put("ours", all -> {
                List<Body.PutEmbedding> done = new ArrayList<>();
                for (int from = 0; from < all.size(); from += settings.batch()) {
                    List<ChunkText> some = all.subList(from, Math.min(all.size(), from + settings.batch()));
                    done.addAll(workers.embed(ours, some)
                            .toCompletableFuture()
                            .join()
                            .bodies());
                }
                return done.stream().map(Body.PutEmbedding::vector).toList();
            });
            System.out.printf(
                    "%d chunks, %.0f tokens on average, %d threads%n", chunks.size(), raw.tokens(chunks), threads);
            print(measure(ways, chunks), raw.oneByOne(chunks));
        }
    }

    /** What a way took and made. @param rates chunks for a second of CPU, of each round */
    private record Measured(String name, double[] rates, List<float[]> vectors) {}

    private static List<Measured> measure(Map<String, Way> ways, List<ChunkText> chunks) throws Exception {
        List<Measured> measured = new ArrayList<>();
        for (Map.Entry<String, Way> way : ways.entrySet()) {
            List<float[]> vectors = way.getValue().embed(chunks.subList(0, Math.min(NAIVE, chunks.size()))); // warms up
            measured.add(new Measured(way.getKey(), new double[ROUNDS], new ArrayList<>(vectors)));
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Measured one : measured) {
                long cpu = cpu();
                List<float[]> vectors = ways.get(one.name()).embed(chunks);
                one.rates()[round] = chunks.size() * 1e9 / (cpu() - cpu);
                one.vectors().clear();
                one.vectors().addAll(vectors);
            }
        }
        return measured;
    }

    private static long cpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static void print(List<Measured> all, List<float[]> alone) {
        System.out.println("| way | chunks for a second of CPU | beside the first | beside one at a time |"
                + " farthest number, least cosine to one by one |");
        System.out.println("|---|---|---|---|---|");
        double first = median(all.getFirst().rates());
        double single = median(all.get(2).rates());
        for (Measured one : all) {
            double[] sorted = one.rates().clone();
            Arrays.sort(sorted);
            double far = 0;
            double cosine = 1;
            for (int i = 0; i < alone.size(); i++) {
                double product = 0;
                for (int j = 0; j < MiniLmEmbedder.DIMENSIONS; j++) {
                    far = Math.max(far, Math.abs(alone.get(i)[j] - one.vectors().get(i)[j]));
                    product += alone.get(i)[j] * one.vectors().get(i)[j];
                }
                cosine = Math.min(cosine, product);
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f (%.1f to %.1f) | %.2f | %.2f | %.1e, %.4f |%n",
                    one.name(),
                    median(one.rates()),
                    sorted[0],
                    sorted[sorted.length - 1],
                    median(one.rates()) / first,
                    median(one.rates()) / single,
                    far,
                    cosine);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Different chunks of a tree's files: the files in a random order of a fixed seed, their chunks in theirs. */
    private static List<ChunkText> chunks(Path folder, Config config, int wanted) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = new ArrayList<>(walk.filter(Files::isRegularFile)
                    .filter(file -> !folder.relativize(file).startsWith(".git"))
                    .sorted()
                    .toList());
        }
        Collections.shuffle(files, new Random(SEED));
        Map<ContentHash, ChunkText> chunks = new LinkedHashMap<>();
        try (TreeSitterSyntax parser = new TreeSitterSyntax(SyntaxSettings.from(config))) {
            for (Path file : files) {
                byte[] utf8 = utf8(file);
                Language language = Language.ofPath(file.toString());
                for (Syntax.Chunk chunk : parser.parse(language, utf8).chunks()) {
                    int length = chunk.endByte() - chunk.startByte();
                    ContentHash hash = ContentHash.of(utf8, chunk.startByte(), length);
                    String text = new String(utf8, chunk.startByte(), length, StandardCharsets.UTF_8);
                    chunks.putIfAbsent(hash, new ChunkText(hash, language, text));
                    if (chunks.size() == wanted) {
                        return List.copyOf(chunks.values());
                    }
                }
            }
        }
        return List.copyOf(chunks.values());
    }

    private static byte[] utf8(Path file) throws IOException {
        try {
            return Files.readString(file).getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            System.out.println(file + " is left out: it is no UTF-8 text (" + e.getMessage() + ")");
            return new byte[0];
        }
    }

    /** ONNX Runtime as its own guide shows it, with the product's model and tokenizer. */
    private static final class Raw implements AutoCloseable {
        private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        private final OrtSession session;
        private final HuggingFaceTokenizer tokenizer;

        Raw(int tokensMax, int threads) throws IOException, OrtException {
            String name = "/" + MiniLmEmbedder.MODEL;
            try (InputStream weights = MiniLmEmbedder.class.getResourceAsStream(name + ".onnx");
                    InputStream vocabulary = MiniLmEmbedder.class.getResourceAsStream(name + "-tokenizer.json");
                    OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(threads);
                session = environment.createSession(weights.readAllBytes(), options);
                tokenizer = HuggingFaceTokenizer.newInstance(
                        vocabulary,
                        Map.of("maxLength", Integer.toString(tokensMax), "truncation", "true", "padding", "false"));
            }
        }

        private List<long[]> encode(List<ChunkText> chunks) {
            return chunks.stream()
                    .map(chunk -> tokenizer.encode(chunk.text()).getIds())
                    .toList();
        }

        double tokens(List<ChunkText> chunks) {
            return encode(chunks).stream().mapToInt(ids -> ids.length).average().orElse(0);
        }

        List<float[]> asTheyArrive(List<ChunkText> chunks) throws OrtException {
            List<long[]> all = encode(chunks);
            List<float[]> vectors = new ArrayList<>();
            for (int from = 0; from < all.size(); from += NAIVE) {
                vectors.addAll(run(all.subList(from, Math.min(all.size(), from + NAIVE))));
            }
            return vectors;
        }

        List<float[]> oneByOne(List<ChunkText> chunks) throws OrtException {
            List<float[]> vectors = new ArrayList<>();
            for (ChunkText chunk : chunks) {
                vectors.addAll(run(encode(List.of(chunk))));
            }
            return vectors;
        }

        List<float[]> byLength(List<ChunkText> chunks) throws OrtException {
            List<long[]> all = encode(chunks);
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                order.add(i);
            }
            order.sort(Comparator.comparingInt(i -> all.get(i).length));
            float[][] vectors = new float[all.size()][];
            for (int from = 0; from < order.size(); ) {
                int to = from + 1;
                while (to < order.size() && (to + 1 - from) * all.get(order.get(to)).length <= BATCH_TOKENS) {
                    to++;
                }
                List<float[]> some =
                        run(order.subList(from, to).stream().map(all::get).toList());
                for (int i = from; i < to; i++) {
                    vectors[order.get(i)] = some.get(i - from);
                }
                from = to;
            }
            return Arrays.asList(vectors);
        }

        private List<float[]> run(List<long[]> texts) throws OrtException {
            int longest = texts.stream().mapToInt(ids -> ids.length).max().orElse(0);
            LongBuffer ids = LongBuffer.allocate(texts.size() * longest);
            LongBuffer mask = LongBuffer.allocate(texts.size() * longest);
            for (int i = 0; i < texts.size(); i++) {
                ids.put(i * longest, texts.get(i));
                for (int j = 0; j < texts.get(i).length; j++) {
                    mask.put(i * longest + j, 1);
                }
            }
            long[] shape = {texts.size(), longest};
            try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids, shape);
                    OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask, shape);
                    OnnxTensor types =
                            OnnxTensor.createTensor(environment, LongBuffer.allocate(texts.size() * longest), shape);
                    OrtSession.Result result = session.run(
                            Map.of("input_ids", idTensor, "attention_mask", maskTensor, "token_type_ids", types))) {
                FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
                List<float[]> vectors = new ArrayList<>();
                for (int i = 0; i < texts.size(); i++) {
                    vectors.add(mean(states.position(i * longest * MiniLmEmbedder.DIMENSIONS), texts.get(i).length));
                }
                return vectors;
            }
        }

        private static float[] mean(FloatBuffer states, int tokens) {
            float[] sum = new float[MiniLmEmbedder.DIMENSIONS];
            for (int token = 0; token < tokens; token++) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += states.get();
                }
            }
            double squares = 0;
            for (float x : sum) {
                squares += (double) x * x;
            }
            for (int i = 0; i < sum.length; i++) {
                sum[i] *= (float) (1 / Math.sqrt(squares));
            }
            return sum;
        }

        @Override
        public void close() throws OrtException {
            session.close();
            tokenizer.close();
        }
    }
}
