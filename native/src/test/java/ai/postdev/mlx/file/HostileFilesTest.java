package ai.postdev.mlx.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.postdev.mlx.Models;
import ai.postdev.mlx.family.FolderFamily;
import ai.postdev.mlx.family.GgufFamily;
import ai.postdev.mlx.token.GgufTokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Model files come from strangers: whatever is in them ends in an answer or in a {@link ModelFileException}. */
class HostileFilesTest {
    private static final int FLIPS = 4_000;

    @ParameterizedTest
    @ValueSource(strings = {"llama.gguf", "gemma3.gguf"})
    void everyCutIsNoticed(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Models.tiny(name));
        readAll(whole);
        int end = whole.length;
        // The writer pads the last tensor; without the padding nothing is lost.
        int needed = dataEnd(whole);
        for (int length = 0; length < needed; length += length < 4096 ? 1 : 37) {
            byte[] cut = Arrays.copyOf(whole, length);
            int at = length;
            assertThrows(ModelFileException.class, () -> readAll(cut), () -> "cut at " + at + " of " + end);
        }
    }

    private static int dataEnd(byte[] whole) throws IOException {
        int low = 0;
        int high = whole.length;
        while (low < high) {
            int middle = (low + high) / 2;
            try {
                readAll(Arrays.copyOf(whole, middle));
                high = middle;
            } catch (ModelFileException e) {
                low = middle + 1;
            }
        }
        assertTrue(whole.length - low < 32, "only padding may be missing: " + (whole.length - low));
        return low;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama.gguf", "phi3.gguf"})
    void flippedBytesNeverEscape(String name) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] whole = Files.readAllBytes(Models.tiny(name));
        for (int i = 0; i < FLIPS; i++) {
            byte[] flipped = whole.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                // Most of what can go wrong stands in the first part.
                flipped[random.nextInt(random.nextBoolean() ? whole.length : 4096)] = (byte) random.nextInt();
            }
            survives(() -> readAll(flipped), "seed " + seed + " round " + i);
        }
    }

    @Test
    void flippedSafetensorsNeverEscape() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] whole = Files.readAllBytes(Models.tiny("qwen2/model-00001-of-00002.safetensors"));
        SafetensorsFile.of(whole).close();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(ModelFileException.class, () -> SafetensorsFile.of(cut));
        }
        for (int i = 0; i < FLIPS; i++) {
            byte[] flipped = whole.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                flipped[random.nextInt(1200)] = (byte) random.nextInt();
            }
            survives(() -> touch(SafetensorsFile.of(flipped)), "seed " + seed + " round " + i);
        }
    }

    private static void touch(SafetensorsFile file) {
        file.tensors().values().forEach(tensor -> assertTrue(tensor.data().byteSize() >= 0));
        file.close();
    }

    /** Reads everything that a load reads before it hands bytes to the native side. */
    private static void readAll(byte[] bytes) throws IOException {
        try (GgufFile file = GgufFile.of(bytes)) {
            GgufFamily.decoder(file, 1024);
            GgufTokenizer.of(file).encode("Hello, <s> 12 \uD83D\uDE00 world", true);
        }
    }

    private interface Reading {
        void run() throws IOException;
    }

    private static void survives(Reading reading, String what) {
        try {
            reading.run();
        } catch (ModelFileException e) {
            assertTrue(e.getMessage().length() > 10, "an error that says nothing: " + e.getMessage());
        } catch (IOException | RuntimeException | Error e) {
            fail(what + " ended in " + e, e);
        }
    }

    @Test
    void whatNoFileMayClaimIsRefused() {
        assertRefused("its version is 1", header(1, 0, 0));
        assertRefused("big-endian", header(Integer.reverseBytes(3), 0, 0));
        assertRefused("entries of metadata", header(3, 0, Long.MAX_VALUE));
        assertRefused("tensors", header(3, -1, 0));
        assertRefused("bytes of key", gguf(0, 1, b -> b.putLong(Long.MAX_VALUE)));
        assertRefused("bytes of text", gguf(0, 1, b -> string(b, "k").putInt(8).putLong(1L << 40)));
        assertRefused(
                "2305843009213693952 items of a list",
                gguf(0, 1, b -> string(b, "k").putInt(9).putInt(5).putLong(1L << 61)));
        assertRefused(
                "a list lies in a list",
                gguf(0, 1, b -> string(b, "k").putInt(9).putInt(9).putLong(1)));
        assertRefused(
                "twice",
                gguf(
                        0,
                        2,
                        b -> string(string(b, "k").putInt(0).put((byte) 1), "k")
                                .putInt(0)
                                .put((byte) 1)));
        assertRefused("9 dimensions", gguf(1, 0, b -> string(b, "t").putInt(9)));
        assertRefused("a side of 0", gguf(1, 0, b -> string(b, "t").putInt(1).putLong(0)));
        assertRefused(
                "a side of 1073741824",
                gguf(
                        1,
                        0,
                        b -> string(b, "t")
                                .putInt(4)
                                .putLong(1L << 30)
                                .putLong(1L << 30)
                                .putLong(1L << 30)
                                .putLong(1L << 30)));
        assertRefused(
                "element type 99",
                gguf(1, 0, b -> string(b, "t").putInt(1).putLong(32).putInt(99).putLong(0)));
        assertRefused(
                "Q4_0 needs blocks of 32",
                gguf(1, 0, b -> string(b, "t").putInt(1).putLong(33).putInt(2).putLong(0)));
        assertRefused(
                "expected a multiple of 32",
                gguf(1, 0, b -> string(b, "t").putInt(1).putLong(1).putInt(0).putLong(7)));
        assertRefused(
                "the file is cut",
                gguf(
                        1,
                        0,
                        b -> string(b, "t").putInt(1).putLong(1 << 20).putInt(0).putLong(0)));
        assertRefused(
                "the file is cut",
                gguf(1, 0, b -> string(b, "t").putInt(1).putLong(1).putInt(0).putLong(Long.MAX_VALUE - 31)));
        assertRefused(
                "alignment is 3",
                gguf(
                        1,
                        1,
                        b -> string(string(b, "general.alignment").putInt(4).putInt(3), "t")
                                .putInt(1)
                                .putLong(1)
                                .putInt(0)
                                .putLong(0)));
    }

    @Test
    void whatNoSafetensorsFileMayClaimIsRefused() {
        assertSafetensorsRefused("claims", "", Long.MAX_VALUE);
        assertSafetensorsRefused("deeper", "{\"a\":" + "[".repeat(100_000), 0);
        assertSafetensorsRefused("lacks", "{\"a\":{}}", 0);
        assertSafetensorsRefused(
                "shape asks for", "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,4]}}", 0);
        assertSafetensorsRefused(
                "dimension of", "{\"a\":{\"dtype\":\"F32\",\"shape\":[4,-1],\"data_offsets\":[0,4]}}", 0);
        assertSafetensorsRefused(
                "dimension of",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,4]}}",
                0);
        assertSafetensorsRefused("element type", "{\"a\":{\"dtype\":\"X\",\"shape\":[],\"data_offsets\":[0,4]}}", 0);
        assertSafetensorsRefused("not what", "{\"a\":7}", 0);
        assertSafetensorsRefused(
                "dimension of", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e99],\"data_offsets\":[0,4]}}", 0);
    }

    @Test
    void aFolderThatIsNoModelIsRefused(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder) throws IOException {
        assertThrows(ModelFileException.class, () -> SafetensorsFile.open(folder));
        Files.copy(Models.tiny("qwen2/model-00001-of-00002.safetensors"), folder.resolve("model.safetensors"));
        try (SafetensorsFile file = SafetensorsFile.open(folder)) {
            assertEquals(
                    "config.json",
                    assertThrows(ModelFileException.class, () -> FolderFamily.decoder(folder, file, 64))
                            .getMessage()
                            .replaceFirst(".*/(config.json) is missing.*", "$1"));
            for (String bad : new String[] {
                "[]",
                "{",
                "{\"model_type\":[]}",
                "{\"model_type\":\"llama\"}",
                "{\"model_type\":\"llama\",\"hidden_size\":1e30}"
            }) {
                Files.writeString(folder.resolve("config.json"), bad);
                assertThrows(ModelFileException.class, () -> FolderFamily.decoder(folder, file, 64), bad);
            }
        }
    }

    private static void assertRefused(String part, byte[] bytes) {
        ModelFileException e = assertThrows(ModelFileException.class, () -> GgufFile.of(bytes));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    private static void assertSafetensorsRefused(String part, String header, long length) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length == 0 ? json.length : length).put(json);
        ModelFileException e = assertThrows(ModelFileException.class, () -> SafetensorsFile.of(bytes.array()));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    private static byte[] header(int version, long tensors, long keys) {
        return ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(version)
                .putLong(tensors)
                .putLong(keys)
                .array();
    }

    private static byte[] gguf(long tensors, long keys, Consumer<ByteBuffer> rest) {
        ByteBuffer bytes =
                ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN).put(header(3, tensors, keys));
        rest.accept(bytes);
        return bytes.array();
    }

    private static ByteBuffer string(ByteBuffer bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return bytes.putLong(utf8.length).put(utf8);
    }
}
