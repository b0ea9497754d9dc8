package ai.postdev.mlx;

import ai.postdev.mlx.file.ModelFileException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * MLX in this process. All engines of a process share one native thread, on which all native work happens in the order it
 * came; every method here may be called from any thread and waits for its work. A GPU fault inside MLX ends the process,
 * so a process that must live puts its engine into another one.
 *
 * <pre>{@code
 * try (MlxEngine engine = MlxEngine.open(MlxSettings.standard());
 *         MlxModel model = engine.load(path, LoadOptions.standard());
 *         MlxSession session = model.session(2048)) {
 *     int[] prompt = model.tokenizer().encode("The capital of France is", true);
 *     StepResult next = engine.step(Step.draw(session, Sampling.GREEDY, prompt));
 * }
 * }</pre>
 */
public final class MlxEngine implements AutoCloseable {
    private final MlxRuntime runtime;
    private final MlxSettings settings;
    /** Weak, so that what was forgotten is collected and its handle freed. */
    private final Set<AutoCloseable> open = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final AtomicBoolean closed = new AtomicBoolean();

    private MlxEngine(MlxRuntime runtime, MlxSettings settings) {
        this.runtime = runtime;
        this.settings = settings;
    }

    /**
     * Opens MLX, or shares it when this process has it open on the same device with as many threads.
     *
     * @throws MlxUnavailableException when there is no MLX for this platform or in this build
     * @throws MlxException when it is open on another device or with other threads, or the device is not there
     */
    public static MlxEngine open(MlxSettings settings) {
        return new MlxEngine(MlxRuntime.acquire(settings), settings);
    }

    /**
     * Loads a decoder. Reading happens on the caller's thread, so steps of other models go on meanwhile; interrupting it
     * gives up.
     *
     * @param path a GGUF file, or a folder with {@code config.json} and safetensors files
     * @throws ModelFileException when the file is damaged, hostile or of a kind that is not read here
     * @throws IOException when it cannot be read
     * @throws MlxCancelledException when the thread was interrupted
     * @throws MlxException when its tensors do not fit its configuration
     */
    public MlxModel load(Path path, LoadOptions options) throws IOException {
        try {
            MlxModel model = ModelLoader.decoder(this, path, options);
            open.add(model);
            return model;
        } catch (ClosedByInterruptException e) {
            throw new MlxCancelledException("the thread was interrupted while " + path + " was opened");
        }
    }

    /**
     * Loads an encoder that turns texts into vectors.
     *
     * @param folder a folder with {@code config.json} and safetensors files of a BERT-like model
     * @throws ModelFileException when the file is damaged, hostile or of a kind that is not read here
     * @throws IOException when it cannot be read
     * @throws MlxCancelledException when the thread was interrupted
     * @throws MlxException when its tensors do not fit its configuration
     */
    public MlxEncoder loadEncoder(Path folder, LoadOptions options) throws IOException {
        try {
            MlxEncoder encoder = ModelLoader.encoder(this, folder, options);
            open.add(encoder);
            return encoder;
        } catch (ClosedByInterruptException e) {
            throw new MlxCancelledException("the thread was interrupted while " + folder + " was opened");
        }
    }

    /**
     * One step of many sessions of one model at once: cheaper than one after another, with the same answers. Long prompts
     * are fed in chunks between which others get their turn. When it fails, no session may have moved or all of them; a
     * session that lost its cache says so at its next step.
     *
     * @throws MlxCancelledException when one of the sessions was cancelled; feeding may have stopped between chunks
     * @throws MlxException when a session is full or closed, a token unknown, no token allowed, or an answer is NaN
     */
    public List<StepResult> step(List<Step> steps) {
        return StepRunner.run(thread(), settings.prefillChunk(), steps);
    }

    /** {@link #step(List)} of one session. */
    public StepResult step(Step step) {
        return step(List.of(step)).getFirst();
    }

    /** What MLX holds in this process. */
    public MlxMemory memory() {
        long[] facts = thread().call(Native::memory);
        return new MlxMemory(facts[0], facts[1], facts[2]);
    }

    /** Gives back freed memory that was kept for reuse, and starts the peak anew. */
    public void trimMemory() {
        thread().run(() -> Native.trimMemory(runtime.settings().cacheBytes()));
    }

    /** Whether it computes on a GPU. */
    public boolean gpu() {
        return runtime.gpu();
    }

    /** Facts about the device, lines of {@code key=value} as MLX knows them; may be empty on a CPU. */
    public String device() {
        return runtime.device();
    }

    /** Billions of operations in a second that the self-check measured, 0 when it is off. */
    public double gflops() {
        return runtime.gflops();
    }

    /** How many models, sessions and arrays exist on the native side of this process. */
    public static int liveHandles() {
        MlxLibrary.load();
        return Native.liveHandles();
    }

    /** How many models, sessions and arrays were collected as garbage of this process without having been closed. */
    public static int leaks() {
        return Handle.leaks();
    }

    NativeThread thread() {
        if (closed.get()) {
            throw new MlxException("this engine is closed");
        }
        return runtime.thread();
    }

    MlxRuntime runtime() {
        return runtime;
    }

    void added(AutoCloseable part) {
        open.add(part);
    }

    void forget(AutoCloseable part) {
        open.remove(part);
    }

    /** Closes its arrays and its models with their sessions, and MLX itself when nobody else of this process has it open. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            List<AutoCloseable> parts;
            synchronized (open) {
                parts = new ArrayList<>(open);
            }
            for (AutoCloseable part : parts) {
                switch (part) {
                    case MlxArray array -> array.close();
                    case MlxModel model -> model.close();
                    case MlxEncoder encoder -> encoder.close();
                    default -> throw new IllegalStateException("not a part of an engine: " + part);
                }
            }
            MlxRuntime.release(runtime);
        }
    }
}
