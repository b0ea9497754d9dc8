package ai.postdev.mlx;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * llama.cpp as the reference: its C interface inside the library that {@code de.kherud:llama} ships, whose Java face gives
 * no logits. One thread.
 */
public final class LlamaReference implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    /**
     * The parameters are passed by value and on the stack, where more room than the library's own structures take does no
     * harm.
     */
    private static final MemoryLayout PARAMS =
            MemoryLayout.structLayout(MemoryLayout.sequenceLayout(64, ValueLayout.JAVA_LONG));

    private static final MemoryLayout BATCH = MemoryLayout.structLayout(
            INT, MemoryLayout.paddingLayout(4), POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);

    private final Arena arena = Arena.ofShared();
    private final SymbolLookup library;
    private final MemorySegment model;
    private final MemorySegment vocabulary;
    private final int context;
    private final int size;

    /** @param context the most tokens that are fed at once */
    public LlamaReference(Path file, int context) throws IOException {
        this.context = context;
        library = SymbolLookup.libraryLookup(extracted(), arena);
        call("llama_backend_init", FunctionDescriptor.ofVoid());
        MemorySegment quiet =
                Linker.nativeLinker().upcallStub(quiet(), FunctionDescriptor.ofVoid(INT, POINTER, POINTER), arena);
        call("llama_log_set", FunctionDescriptor.ofVoid(POINTER, POINTER), quiet, MemorySegment.NULL);
        MemorySegment params = (MemorySegment) allocated("llama_model_default_params");
        model = (MemorySegment) call(
                "llama_model_load_from_file",
                FunctionDescriptor.of(POINTER, POINTER, PARAMS),
                arena.allocateFrom(file.toString()),
                params);
        if (model.equals(MemorySegment.NULL)) {
            throw new IOException("llama.cpp cannot load " + file);
        }
        vocabulary = (MemorySegment) call("llama_model_get_vocab", FunctionDescriptor.of(POINTER, POINTER), model);
        size = (int) call("llama_vocab_n_tokens", FunctionDescriptor.of(INT, POINTER), vocabulary);
    }

    /** llama.cpp's own log would drown the test's. */
    static void ignore(int level, MemorySegment text, MemorySegment data) {}

    private static MethodHandle quiet() {
        try {
            return java.lang.invoke.MethodHandles.lookup()
                    .findStatic(
                            LlamaReference.class,
                            "ignore",
                            java.lang.invoke.MethodType.methodType(
                                    void.class, int.class, MemorySegment.class, MemorySegment.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path extracted() throws IOException {
        String platform = MlxLibrary.platform().replace("linux-", "Linux/").replace("macos-", "Mac/");
        String name = System.mapLibraryName("jllama");
        Path file = Files.createTempFile("llama", name);
        try (InputStream in = LlamaReference.class.getResourceAsStream("/de/kherud/llama/" + platform + "/" + name)) {
            if (in == null) {
                abort("skipped: de.kherud:llama has no library for " + MlxLibrary.platform());
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        file.toFile().deleteOnExit();
        return file;
    }

    /** How many tokens there are. */
    public int size() {
        return size;
    }

    /** The tokens of a text. */
    public int[] tokens(String text, boolean addSpecial, boolean parseSpecial) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Arena local = Arena.ofConfined()) {
            MemorySegment utf8 = local.allocate(bytes.length + 1L);
            utf8.asByteBuffer().put(bytes);
            int room = bytes.length + 16;
            MemorySegment out = local.allocate(INT, room);
            int count = (int) call(
                    "llama_tokenize",
                    FunctionDescriptor.of(
                            INT,
                            POINTER,
                            POINTER,
                            INT,
                            POINTER,
                            INT,
                            ValueLayout.JAVA_BOOLEAN,
                            ValueLayout.JAVA_BOOLEAN),
                    vocabulary,
                    utf8,
                    bytes.length,
                    out,
                    room,
                    addSpecial,
                    parseSpecial);
            return out.asSlice(0, 4L * count).toArray(INT);
        }
    }

    /** Feeds tokens to an empty context; one row of logits for each. */
    public float[][] logits(int... tokens) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment params = (MemorySegment) allocated("llama_context_default_params");
            params.set(INT, 0, context);
            params.set(INT, 4, context);
            params.set(INT, 8, context);
            params.set(INT, 16, 1);
            params.set(INT, 20, 1);
            MemorySegment session = (MemorySegment)
                    call("llama_init_from_model", FunctionDescriptor.of(POINTER, POINTER, PARAMS), model, params);
            MemorySegment batch = local.allocate(BATCH);
            batch.set(INT, 0, tokens.length);
            batch.set(POINTER, 8, local.allocateFrom(INT, tokens));
            MemorySegment all = local.allocate(tokens.length);
            all.fill((byte) 1);
            batch.set(POINTER, 48, all);
            int failed = (int) call("llama_decode", FunctionDescriptor.of(INT, POINTER, BATCH), session, batch);
            if (failed != 0) {
                throw new IllegalStateException("llama_decode answers " + failed);
            }
            MemorySegment rows =
                    (MemorySegment) call("llama_get_logits", FunctionDescriptor.of(POINTER, POINTER), session);
            float[][] result = new float[tokens.length][];
            for (int i = 0; i < tokens.length; i++) {
                result[i] = rows.reinterpret(4L * size * tokens.length)
                        .asSlice(4L * size * i, 4L * size)
                        .toArray(ValueLayout.JAVA_FLOAT);
            }
            call("llama_free", FunctionDescriptor.ofVoid(POINTER), session);
            return result;
        }
    }

    private Object allocated(String name) {
        return call(name, FunctionDescriptor.of(PARAMS), arena);
    }

    private Object call(String name, FunctionDescriptor shape, Object... arguments) {
        try {
            MethodHandle handle =
                    Linker.nativeLinker().downcallHandle(library.find(name).orElseThrow(), shape);
            return handle.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        call("llama_free_model", FunctionDescriptor.ofVoid(POINTER), model);
        // The library stays: unloading one with its own threads is not safe.
    }
}
