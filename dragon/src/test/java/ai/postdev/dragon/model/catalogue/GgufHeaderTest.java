package ai.postdev.dragon.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import ai.postdev.mlx.file.GgufHeader;
import ai.postdev.mlx.file.ModelFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GgufHeaderTest {
    private static final int MUTATIONS = Integer.getInteger("postdevai.gguf.mutations", 50_000);

    private static GgufHeader read(byte[] bytes) throws IOException {
        return GgufHeader.read(new ByteArrayInputStream(bytes), bytes.length, GgufHeader.Lists.COUNTED);
    }

    private static void refused(byte[] bytes, String found) {
        ModelFileException refused = assertThrows(ModelFileException.class, () -> read(bytes));
        assertTrue(refused.getMessage().contains(found), refused::getMessage);
        assertTrue(refused.getMessage().contains("fetch it again"), refused::getMessage);
    }

    @Test
    void itSaysWhatTheFileSays() throws IOException {
        Inspection found = Inspection.of(read(TestGguf.small().bytes()));
        assertEquals(Manifest.Kind.TEXT, found.kind());
        assertEquals("mit", found.licence());
        assertEquals(new Manifest.Facts("llama", "Q4_K_M", 256 * 4 + 64, 2_048, 3, 64, 4, true), found.facts());
        assertEquals(4 * 144 + 64 * 4, found.memory().weightBytes());
        assertEquals(3 * 2 * (8 + 8) * 2, found.memory().kvBytesPerToken());
        assertEquals((32 << 20) + 512 * (24 * 64 + 4) * 4, found.memory().overheadBytes());
    }

    @Test
    void whatDiffersBetweenLayersCountsByItsGreatest() throws IOException {
        GgufHeader header = read(new TestGguf()
                .text("general.architecture", "openelm")
                .u32("openelm.block_count", 2)
                .u32("openelm.attention.head_count", 4)
                .numbers("openelm.attention.head_count_kv", List.of(1, 3))
                .u32("openelm.attention.key_length", 16)
                .u32("openelm.attention.value_length", 8)
                .tensor("a", 2, 64)
                .tensor("b", 8, 32)
                .bytes());
        Inspection found = Inspection.of(header);
        assertEquals(2 * 3 * (16 + 8) * 2, found.memory().kvBytesPerToken());
        assertEquals("Q4_0", found.facts().quantisation(), "without a file type, what most bytes are");
    }

    @Test
    void anEncoderEmbedsAndKeepsNoKeysAndValues() throws IOException {
        Inspection found = Inspection.of(read(new TestGguf()
                .text("general.architecture", "bert")
                .u32("bert.block_count", 6)
                .u32("bert.embedding_length", 384)
                .bytes()));
        assertEquals(Manifest.Kind.EMBEDDING, found.kind());
        assertEquals(0, found.memory().kvBytesPerToken());
    }

    @Test
    void aFileThatIsCutAnywhereIsRefused() {
        byte[] whole = TestGguf.small().bytes();
        for (int length = 0; length < whole.length - 32; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(ModelFileException.class, () -> read(cut), "cut to " + length);
        }
        refused(Arrays.copyOf(whole, whole.length - 200), "the file is cut: tensor 'output_norm.weight'");
    }

    @Test
    void lengthsThatLieAreRefusedBeforeAnythingIsAllocated() {
        TestGguf small = TestGguf.small();
        refused(small.bytes(1, 2, 10), "its version is 1");
        refused(small.bytes(0x03000000, 2, 10), "big-endian");
        refused(small.bytes(3, Long.MAX_VALUE, 10), "9223372036854775807 tensors, at most 262144");
        refused(small.bytes(3, -1, 10), "18446744073709551615 tensors");
        refused(small.bytes(3, 2, 1L << 40), "1099511627776 entries");
        refused("GGML and more".getBytes(java.nio.charset.StandardCharsets.US_ASCII), "letters GGUF");
        refused(new TestGguf().raw("k", 8, eight(1L << 62)).bytes(), "bytes of text");
        refused(new TestGguf().raw("k", 8, eight(4_000_000)).bytes(), "4000000 more bytes are announced");
        refused(new TestGguf().raw("k", 9, list(10, 1L << 26)).bytes(), "more bytes are announced");
        refused(new TestGguf().raw("k", 9, list(10, Long.MAX_VALUE)).bytes(), "items of a list");
        refused(new TestGguf().raw("k", 9, list(77, 1)).bytes(), "unknown type 77");
        refused(new TestGguf().raw("k", 77).bytes(), "unknown type 77");
        refused(new TestGguf().raw("k", 7, (byte) 2).bytes(), "truth value is 2");
        refused(new TestGguf().u32("k", 1).u32("k", 2).bytes(), "'k' is there twice");
        refused(new TestGguf().raw("k", 9, nested(9)).bytes(), "lists lie deeper");
    }

    @Test
    void tensorsMustLieInTheFileAndNotOverEachOther() {
        refused(new TestGguf().tensor("t", 2, 33).bytes(), "rows of 33 numbers, Q4_0 needs blocks of 32");
        refused(new TestGguf().tensorAt("t", 0, 7, 8).bytes(), "begins at 7, expected a multiple of 32");
        refused(new TestGguf().tensorAt("t", 0, -32, 8).bytes(), "begins at 18446744073709551584");
        refused(new TestGguf().u32("general.alignment", 48).tensor("t", 0, 8).bytes(), "alignment is 48");
        refused(
                new TestGguf()
                        .raw("general.alignment", 8, eight(0))
                        .tensor("t", 0, 8)
                        .bytes(),
                "alignment is ");
        TestGguf over = new TestGguf();
        for (int i = 0; i < 16; i++) {
            over.tensorAt("t" + i, 0, 0, 64);
        }
        refused(over.bytes(), "they lie over each other");
        refused(sides(0), "a side of 0");
        refused(sides(-1), "a side of 18446744073709551615");
        refused(sides(1L << 32, 1L << 32), "a side of 4294967296");
    }

    private static byte[] sides(long... sides) {
        TestGguf one = new TestGguf().tensor("t", 24, 4, 4);
        byte[] bytes = one.bytes();
        int at = 24 + 8 + 1; // magic, version, two counts, and the name
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < sides.length; i++) {
            buffer.putLong(at + 4 + 8 * i, sides[i]);
        }
        return bytes;
    }

    @Test
    void aTensorOfANewKindIsTakenAsFarAsItIsKnown() throws IOException {
        assertEquals(0, read(new TestGguf().tensor("t", 99, 64).bytes()).dataBytes());
    }

    @Test
    void whateverTheBytesAreItIsReadOrRefused() {
        byte[] whole = TestGguf.small().bytes();
        Random random = Seeded.random("gguf");
        int read = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = whole.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                // The beginning holds the lengths: half of the blows go there.
                int at = random.nextInt(random.nextBoolean() ? 64 : bytes.length);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[at] ^ 1 << random.nextInt(8));
            }
            try {
                Inspection.of(read(bytes));
                read++;
            } catch (ModelFileException e) {
                continue;
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("mutation " + i, e);
            }
        }
        assertTrue(read > MUTATIONS / 100 && read < MUTATIONS, "read " + read + " of " + MUTATIONS);
    }

    private static byte[] eight(long value) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        TestGguf.number(out, value, 8);
        return out.toByteArray();
    }

    private static byte[] list(int type, long size) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        TestGguf.number(out, type, 4);
        TestGguf.number(out, size, 8);
        return out.toByteArray();
    }

    private static byte[] nested(int depth) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < depth; i++) {
            out.writeBytes(list(9, 1));
        }
        return out.toByteArray();
    }
}
