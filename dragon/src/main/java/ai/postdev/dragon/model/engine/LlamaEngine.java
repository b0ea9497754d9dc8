package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.engine.EngineFault.Kind;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/**
 * llama.cpp through {@code de.kherud:llama}: models of GGUF files on the CPU, several generations in one batch, prefixes
 * of earlier prompts reused.
 */
public final class LlamaEngine implements InferenceEngine {
    /** Its name. */
    public static final String NAME = "llama.cpp";

    private static final byte[] MAGIC = {'G', 'G', 'U', 'F'};

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.GENERATE);
    }

    @Override
    public LanguageModel load(LoadRequest request) throws EngineFault {
        requireGguf(request.file());
        try {
            LlamaLibrary.prepare();
        } catch (IOException e) {
            throw new EngineFault(Kind.FAILED, "the library of llama.cpp cannot be unpacked: " + e.getMessage(), e);
        }
        try {
            // Its context is that of all sequences together.
            LlamaModel model = new LlamaModel(new ModelParameters()
                    .setModel(request.file().toString())
                    .setCtxSize(Math.multiplyExact(request.context(), request.sequences()))
                    .setParallel(request.sequences())
                    .setThreads(request.threads())
                    .setThreadsBatch(request.threads())
                    .enableContBatching()
                    .disableContextShift()
                    .enableJinja()
                    .disableLog());
            return new LlamaLanguageModel(model, request);
        } catch (RuntimeException | UnsatisfiedLinkError e) {
            throw new EngineFault(
                    Kind.BAD_MODEL,
                    "llama.cpp cannot load " + request.file() + ": " + e.getMessage()
                            + "; postdevai models verify tells whether the file is whole",
                    e);
        }
    }

    private static void requireGguf(Path file) throws EngineFault {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] found = stream.readNBytes(MAGIC.length);
            if (!Arrays.equals(found, MAGIC)) {
                throw new EngineFault(
                        Kind.BAD_MODEL,
                        file + " is no GGUF file: it begins with " + Arrays.toString(found)
                                + ", expected the letters GGUF");
            }
        } catch (IOException e) {
            throw new EngineFault(Kind.BAD_MODEL, file + " cannot be read: " + e, e);
        }
    }
}
