package ai.postdev.mlx.djl;

import ai.djl.BaseModel;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import ai.postdev.mlx.LoadOptions;
import ai.postdev.mlx.MlxEncoder;
import ai.postdev.mlx.MlxException;
import ai.postdev.mlx.MlxModel;
import ai.postdev.mlx.file.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * A model of the engine MLX: a GGUF file, or a folder of safetensors files. Options of {@code load}: {@code maxContext} (a
 * number of tokens) and {@code weights} ({@code by_device}, {@code keep_quantised}, {@code float}).
 */
final class MlxDjlModel extends BaseModel {
    private final MlxDjlEngine engine;
    private AutoCloseable loaded;

    MlxDjlModel(String name, MlxDjlEngine engine, ai.djl.ndarray.NDManager arrays) {
        super(name);
        this.engine = engine;
        manager = arrays;
        manager.setName("mlxModel");
        dataType = DataType.FLOAT32;
    }

    @Override
    public void load(Path path, String prefix, Map<String, ?> options) throws IOException, MalformedModelException {
        if (loaded != null) {
            throw new IllegalStateException("this model is loaded already; make another one");
        }
        setModelDir(path);
        Path file = file(path, prefix);
        LoadOptions how = options(options == null ? Map.of() : options);
        try {
            if (encodes(file)) {
                MlxEncoder encoder = engine.mlx().loadEncoder(file, how);
                loaded = encoder;
                block = new MlxEncoderBlock(encoder);
            } else {
                MlxModel model = engine.mlx().load(file, how);
                loaded = model;
                block = new MlxDecoderBlock(engine.mlx(), model);
            }
            wasLoaded = true;
        } catch (ModelFileException | MlxException e) {
            throw new MalformedModelException(e.getMessage(), e);
        }
    }

    /** A GGUF file is named by the path, by the prefix in a folder, or by being the only one there. */
    private Path file(Path path, String prefix) throws IOException {
        if (!Files.isDirectory(path)) {
            return path;
        }
        String name = prefix == null ? modelName : prefix;
        for (String candidate : new String[] {name, name + ".gguf"}) {
            if (candidate.endsWith(".gguf") && Files.isRegularFile(path.resolve(candidate))) {
                return path.resolve(candidate);
            }
        }
        if (Files.isRegularFile(path.resolve("config.json"))) {
            return path;
        }
        try (var files = Files.list(path)) {
            var found = files.filter(file -> file.toString().endsWith(".gguf")).toList();
            if (found.size() != 1) {
                throw new IOException(path + " holds " + found.size()
                        + " GGUF files and no config.json; name the model after the one that is meant");
            }
            return found.getFirst();
        }
    }

    private static boolean encodes(Path file) throws IOException {
        return Files.isDirectory(file)
                && Files.readString(file.resolve("config.json"))
                        .replaceAll("\\s", "")
                        .matches("(?s).*\"model_type\":\"(nomic_)?bert\".*");
    }

    private static LoadOptions options(Map<String, ?> options) {
        int maxContext = options.containsKey("maxContext")
                ? Integer.parseInt(options.get("maxContext").toString())
                : Integer.MAX_VALUE;
        LoadOptions.WeightPolicy weights = options.containsKey("weights")
                ? LoadOptions.WeightPolicy.valueOf(
                        options.get("weights").toString().toUpperCase(Locale.ROOT))
                : LoadOptions.WeightPolicy.BY_DEVICE;
        return new LoadOptions(maxContext, weights, bytes -> {});
    }

    @Override
    public void close() {
        switch (loaded) {
            case MlxModel model -> model.close();
            case MlxEncoder encoder -> encoder.close();
            case null -> {}
            default -> throw new IllegalStateException("not a model: " + loaded);
        }
        super.close();
    }
}
